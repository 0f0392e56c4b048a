// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking pages out of the page cache: truncation, hole punching, invalidation.
 *
 * Truncation sets the new size first, then unmaps, then locks and removes each page; a page that
 * was mapped again in between (a fault that had looked at the old size) is unmapped once more under
 * its lock.
 *
 * Locking: i_rwsem for write (the inode's size); page lock inside.
 */
#include <fs/vfs.h>
#include <mm/filemap.h>
#include <mm/internal.h>

#define BATCH 16

static void truncate_page(struct address_space *m, struct page *page)
{
	lock_page(page);
	if (page->mapping == m) {
		wait_on_page_writeback(page);
		if (page_mapped(page))
			unmap_mapping_page(page);
		delete_from_page_cache(page);
	}
	unlock_page(page);
}

/* Zero what lies in [from, to) of the page that holds the byte range; a hole stays one. */
static void truncate_partial(struct address_space *m, pgoff_t index, unsigned int from,
			     unsigned int to)
{
	struct page *page = find_lock_page(m, index);

	if (!page)
		return;
	wait_on_page_writeback(page);
	if (PageUptodate(page))
		zero_page_range(page, from, to);
	unlock_page(page);
	put_page(page);
}

static void truncate_whole_pages(struct address_space *m, pgoff_t first, pgoff_t last)
{
	struct page *pages[BATCH];
	unsigned int n, i;

	while ((n = find_get_pages(m, first, last, XA_PRESENT, pages, BATCH))) {
		for (i = 0; i < n; i++) {
			truncate_page(m, pages[i]);
			put_page(pages[i]);
		}
		cond_resched();
	}
}

/* @end is the last byte, or -1 for everything. */
void truncate_inode_pages_range(struct address_space *m, loff_t start, loff_t end)
{
	unsigned int head = start & ~PAGE_MASK, tail = (end + 1) & ~PAGE_MASK;
	pgoff_t first = (pgoff_t)((start + PAGE_SIZE - 1) >> PAGE_SHIFT);
	bool to_end = end < 0 || end == LLONG_MAX;
	pgoff_t past = to_end ? 0 : (pgoff_t)((end + 1) >> PAGE_SHIFT);

	if (!m->nrpages)
		return;
	if (to_end) {
		if (head)
			truncate_partial(m, first - 1, head, PAGE_SIZE);
		truncate_whole_pages(m, first, ~0UL);
		return;
	}
	if (first > past) {		/* inside one page */
		truncate_partial(m, past, head, tail);
		return;
	}
	if (head)
		truncate_partial(m, first - 1, head, PAGE_SIZE);
	if (tail)
		truncate_partial(m, past, 0, tail);
	if (past > first)
		truncate_whole_pages(m, first, past - 1);
}

void truncate_inode_pages(struct address_space *m, loff_t start)
{
	truncate_inode_pages_range(m, start, -1);
}

void truncate_pagecache(struct inode *inode, loff_t newsize)
{
	struct address_space *m = inode->i_mapping;
	loff_t hole = ALIGN(newsize, (loff_t)PAGE_SIZE);

	unmap_mapping_range(m, hole, 0, true);
	truncate_inode_pages(m, newsize);
	/* Private copies of what is gone may have been made meanwhile. */
	unmap_mapping_range(m, hole, 0, true);
}

/* The page with the old end gets new bytes behind it: its next write must be seen. */
static void page_extended(struct inode *inode, loff_t oldsize)
{
	struct page *page;

	if (!(oldsize & ~PAGE_MASK))
		return;
	page = find_lock_page(inode->i_mapping, oldsize >> PAGE_SHIFT);
	if (!page)
		return;
	if (PageUptodate(page))		/* a mapping may have written behind the end */
		zero_page_range(page, oldsize & ~PAGE_MASK, PAGE_SIZE);
	unlock_page(page);
	put_page(page);
}

void truncate_setsize(struct inode *inode, loff_t newsize)
{
	loff_t oldsize = i_size_read(inode);

	if (newsize > oldsize)
		page_extended(inode, oldsize);
	i_size_write(inode, newsize);
	if (newsize < oldsize)
		truncate_pagecache(inode, newsize);
}

/* Drop @page if it is clean, unmapped and nobody else has it. The caller holds a reference. */
bool invalidate_page(struct address_space *m, struct page *page)
{
	unsigned long flags;
	bool gone = false;

	if (PageDirty(page) || PageWriteback(page) || page_mapped(page) || !trylock_page(page))
		return false;
	spin_lock_irqsave(&m->lock, flags);
	/* The cache's reference and the caller's: a look-up would need m->lock to get another. */
	if (page->mapping == m && page_count(page) == 2 && !PageDirty(page) &&
	    !PageWriteback(page)) {
		__delete_from_page_cache(m, page);
		gone = true;
	}
	spin_unlock_irqrestore(&m->lock, flags);
	if (gone)
		forget_cached_page(m, page);
	unlock_page(page);
	return gone;
}

unsigned long invalidate_mapping_pages(struct address_space *m, pgoff_t start, pgoff_t end)
{
	struct page *pages[BATCH];
	unsigned long count = 0;
	unsigned int n, i;

	if (m->unevictable)
		return 0;
	while (start <= end && (n = find_get_pages(m, start, end, XA_PRESENT, pages, BATCH))) {
		start = pages[n - 1]->index + 1;
		for (i = 0; i < n; i++) {
			count += invalidate_page(m, pages[i]);
			put_page(pages[i]);
		}
		if (!start)
			break;
		cond_resched();
	}
	return count;
}

void address_space_destroy(struct address_space *m)
{
	WARN_ON(m->nrpages || !list_empty(&m->i_mmap));
	forget_dirty_mapping(m);
	xa_destroy(&m->i_pages);
}
