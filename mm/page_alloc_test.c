// SPDX-License-Identifier: GPL-2.0-only
/* Tests of the page allocator, on the live one: whatever is taken goes back. */
#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>
#include <mm/page_alloc.h>

UNIT_TEST(buddy_orders_are_aligned)
{
	unsigned int order;

	for (order = 0; order < 6; order++) {
		struct page *page = alloc_pages(GFP_KERNEL, order);

		EXPECT(page);
		if (!page)
			return;
		EXPECT_EQ(page_to_pfn(page) & ((1UL << order) - 1), 0);
		EXPECT_EQ(page_count(page), 1);
		EXPECT_EQ(page->flags, 0);
		free_pages(page, order);
	}
	EXPECT(!alloc_pages(GFP_KERNEL | __GFP_NOWARN, MAX_ORDER));
}

UNIT_TEST(buddy_blocks_do_not_overlap)
{
	struct page *a = alloc_pages(GFP_KERNEL, 2), *b = alloc_pages(GFP_KERNEL, 2);

	EXPECT(a && b);
	if (a && b) {
		memset(page_address(a), 0x11, PAGE_SIZE << 2);
		memset(page_address(b), 0x22, PAGE_SIZE << 2);
		EXPECT_EQ(((u8 *)page_address(a))[(PAGE_SIZE << 2) - 1], 0x11);
		EXPECT_EQ(((u8 *)page_address(b))[0], 0x22);
	}
	if (a)
		free_pages(a, 2);
	if (b)
		free_pages(b, 2);
}

UNIT_TEST(buddy_free_gives_back)
{
	unsigned long before, after;
	struct page *pages[40];
	unsigned int i;

	/* Other CPUs may allocate meanwhile: only a difference of what was taken here would
	 * show. */
	drain_local_pages();
	before = nr_free_pages();
	for (i = 0; i < ARRAY_SIZE(pages); i++) {
		pages[i] = alloc_page(GFP_KERNEL);
		EXPECT(pages[i]);
	}
	for (i = 0; i < ARRAY_SIZE(pages); i++)
		if (pages[i])
			free_page(pages[i]);
	drain_local_pages();
	after = nr_free_pages();
	EXPECT(after + ARRAY_SIZE(pages) / 2 > before);
}

UNIT_TEST(page_zeroed_on_request)
{
	struct page *page = alloc_page(GFP_KERNEL);
	const u8 *p;
	size_t i;

	EXPECT(page);
	if (!page)
		return;
	memset(page_address(page), 0xff, PAGE_SIZE);
	free_page(page);
	page = alloc_page(GFP_KERNEL | __GFP_ZERO);
	EXPECT(page);
	if (!page)
		return;
	p = page_address(page);
	for (i = 0; i < PAGE_SIZE && !p[i]; i++)
		;
	EXPECT_EQ(i, PAGE_SIZE);
	free_page(page);
}

UNIT_TEST(page_references)
{
	struct page *page = alloc_page(GFP_KERNEL);

	EXPECT(page);
	if (!page)
		return;
	get_page(page);
	put_page(page);
	EXPECT_EQ(page_count(page), 1);
	EXPECT(get_page_unless_zero(page));
	put_page(page);
	EXPECT(virt_to_page(page_address(page)) == page);
	EXPECT(phys_to_page(page_to_phys(page)) == page);
	put_page(page);
}

UNIT_TEST(split_page_gives_single_pages)
{
	struct page *page = alloc_pages(GFP_KERNEL, 2);
	unsigned int i;

	EXPECT(page);
	if (!page)
		return;
	split_page(page, 2);
	for (i = 0; i < 4; i++) {
		EXPECT_EQ(page_count(page + i), 1);
		put_page(page + i);
	}
}
