// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pages on their way out of an address space.
 *
 * Between the removal of a page-table entry and the TLB flush, another CPU may still use the page.
 * So pgtable.c puts removed pages into a tlb_batch; flush first, free afterwards.  The batch is on
 * the caller's stack: no locks but what the caller holds.  Page-table pages are allocated here too.
 */
#include <mm/internal.h>
#include <mm/mm.h>

void tlb_batch_init(struct tlb_batch *b, struct mm_struct *mm, bool fullmm)
{
	int i;

	b->mm = mm;
	b->lo = ~0UL;
	b->hi = 0;
	b->fullmm = fullmm;
	b->nr = 0;
	b->nr_tables = 0;
	for (i = 0; i < NR_MM_COUNTERS; i++)
		b->rss[i] = 0;
}

static void flush_tlb(struct tlb_batch *b)
{
	if (b->lo >= b->hi)
		return;
	if (b->fullmm)
		tlb_flush_mm(b->mm);
	else if (b->hi - b->lo == PAGE_SIZE)
		tlb_flush_page(b->mm, b->lo);
	else
		tlb_flush_range(b->mm, b->lo, b->hi);
	b->lo = ~0UL;
	b->hi = 0;
}

static void drop_pages(struct tlb_batch *b)
{
	unsigned int i;

	release_pages(b->pages, b->nr);
	b->nr = 0;
	for (i = 0; i < b->nr_tables; i++)
		pgtable_put_table(b->tables[i]);
	b->nr_tables = 0;
	for (i = 0; i < NR_MM_COUNTERS; i++) {
		if (b->rss[i])
			add_mm_counter(b->mm, i, -b->rss[i]);
		b->rss[i] = 0;
	}
}

void tlb_batch_table(struct tlb_batch *b, unsigned long va, void *table)
{
	tlb_batch_range(b, va, va + PGTABLE_SHARE_SPAN);
	b->tables[b->nr_tables++] = table;
	if (unlikely(b->nr_tables == TLB_BATCH_TABLES))
		tlb_batch_finish(b);
}

void tlb_batch_finish(struct tlb_batch *b)
{
	flush_tlb(b);
	drop_pages(b);
}

/* ---- the number of page-table entries that map a page ----------------------------------- */

void page_add_mapping(struct page *page)
{
	if (PageAnon(page))
		atomic_inc(&page->mapcount);
	else
		page_add_file_mapping(page);
}

/* ---- page-table pages ------------------------------------------------------------------- */

struct page *pgtable_page_alloc(gfp_t gfp)
{
	struct page *page = alloc_page(gfp | __GFP_ZERO);

	if (!page)
		return NULL;
	SetPageTable(page);
	atomic_set(&page->table_users, 1);
	page->table_entries = 0;
	page->table_groups = 0;
	mod_page_stat(NR_PAGETABLE_PAGES, 1);
	return page;
}

void pgtable_page_free(struct page *page)
{
	ClearPageTable(page);
	mod_page_stat(NR_PAGETABLE_PAGES, -1);
	free_page(page);
}
