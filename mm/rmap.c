// SPDX-License-Identifier: GPL-2.0-only
/*
 * From pages of a file to the page-table entries that map them.
 *
 * A mapping lists the VMAs that show it; where a page lies in each follows from the VMA's vm_pgoff.
 * Private copies (PG_anon) are found only through their own VMA.  Private memory has no such way
 * back: nothing moves or swaps it.
 *
 * Locking: i_mmap_lock for read around the list; each mm's page_table_lock inside.  A VMA leaves
 * the list before its page tables go, so what is found here is alive.
 */
#include <fs/vfs.h>
#include <mm/filemap.h>
#include <mm/internal.h>

/* What of @vma shows [first, last] of the file? false: nothing. */
static bool vma_range(const struct vm_area_struct *vma, pgoff_t first, pgoff_t last,
		      unsigned long *lo, unsigned long *hi)
{
	pgoff_t vma_last = vma->vm_pgoff + vma_pages(vma) - 1;

	if (vma->vm_pgoff > last || vma_last < first)
		return false;
	*lo = vma->vm_start;
	*hi = vma->vm_end;
	if (first > vma->vm_pgoff)
		*lo += (first - vma->vm_pgoff) << PAGE_SHIFT;
	if (last < vma_last)
		*hi -= (vma_last - last) << PAGE_SHIFT;
	return true;
}

/* Unmap the file's own pages, but leave private copies. page_table_lock held. -ENOMEM: a shared table
 * could not be copied; *@lo is where to go on. */
static int unmap_file_pages(struct mm_struct *mm, unsigned long *lo, unsigned long hi,
			    struct tlb_batch *batch)
{
	struct pte_info info;
	int err;

	for (;; *lo += PAGE_SIZE) {
		*lo = pgtable_next_mapped(&mm->pgt, *lo, hi);
		if (*lo >= hi)
			return 0;
		if (!pgtable_query(&mm->pgt, *lo, &info) ||
		    (!info.special && PageAnon(phys_to_page(info.pa))))
			continue;
		err = pgtable_unmap(&mm->pgt, *lo, *lo + PAGE_SIZE, batch);
		if (err)
			return err;
	}
}

/* @may_fail: reclaim does not insist, and must not wait for memory. */
static void unmap_in_vma(struct vm_area_struct *vma, unsigned long lo, unsigned long hi,
			 bool even_cows, bool may_fail)
{
	struct mm_struct *mm = vma->vm_mm;
	struct tlb_batch batch;
	int err;

	tlb_batch_init(&batch, mm, false);
	/* vma->has_anon may be about to change: only the entries tell. */
	if (!may_fail && (even_cows || (vma->vm_flags & VM_SHARED))) {
		unmap_range(mm, lo, hi, &batch);
	} else {
		do {
			spin_lock(&mm->page_table_lock);
			err = unmap_file_pages(mm, &lo, hi, &batch);
			spin_unlock(&mm->page_table_lock);
		} while (err && !may_fail && wait_for_table_memory());
	}
	tlb_batch_finish(&batch);
}

static void unmap_pages(struct address_space *m, pgoff_t first, pgoff_t last, bool even_cows)
{
	struct vm_area_struct *vma;
	unsigned long lo, hi;

	if (list_empty(&m->i_mmap))
		return;
	down_read(&m->i_mmap_lock);
	list_for_each_entry(vma, &m->i_mmap, i_mmap_list)
		if (vma_range(vma, first, last, &lo, &hi))
			unmap_in_vma(vma, lo, hi, even_cows, false);
	up_read(&m->i_mmap_lock);
}

void unmap_mapping_range(struct address_space *m, loff_t start, loff_t len, bool even_cows)
{
	pgoff_t first = (pgoff_t)(start >> PAGE_SHIFT);
	pgoff_t last = len ? (pgoff_t)((start + len + PAGE_SIZE - 1) >> PAGE_SHIFT) - 1 : ~0UL;

	unmap_pages(m, first, last, even_cows);
}

void unmap_mapping_page(struct page *page)
{
	DEBUG_ASSERT(PageLocked(page));
	if (page->mapping)
		unmap_pages(page->mapping, page->index, page->index, false);
}

/* page_table_lock held: take the write permission of the page at @addr away. true: it had it. */
static bool protect_one(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	struct mm_struct *mm = vma->vm_mm;
	struct tlb_batch batch;
	struct pte_info info;
	bool was;

	if (!pgtable_query(&mm->pgt, addr, &info) || info.pa != page_to_phys(page))
		return false;
	tlb_batch_init(&batch, mm, false);
	/* From now on the page's flag tells: the entry need not remember. */
	was = pgtable_clean(&mm->pgt, addr, &batch);
	tlb_batch_finish(&batch);
	return was;
}

bool write_protect_page(struct page *page)
{
	struct address_space *m = page->mapping;
	struct vm_area_struct *vma;
	unsigned long lo, hi;
	bool was = false;

	DEBUG_ASSERT(PageLocked(page));
	if (!m || !page_mapped(page))
		return false;
	down_read(&m->i_mmap_lock);
	list_for_each_entry(vma, &m->i_mmap, i_mmap_list) {
		if (!(vma->vm_flags & VM_SHARED) || !vma_range(vma, page->index, page->index, &lo,
							       &hi))
			continue;
		spin_lock(&vma->vm_mm->page_table_lock);
		was |= protect_one(vma, lo, page);
		spin_unlock(&vma->vm_mm->page_table_lock);
	}
	up_read(&m->i_mmap_lock);
	return was;
}

/* ---- for reclaim, which may not wait for a lock that an allocation was made under ------- */

bool page_was_young(struct page *page)
{
	struct address_space *m = page->mapping;
	struct vm_area_struct *vma;
	unsigned long lo, hi;
	bool young = false;

	if (!down_read_trylock(&m->i_mmap_lock))
		return true;
	list_for_each_entry(vma, &m->i_mmap, i_mmap_list) {
		struct mm_struct *mm = vma->vm_mm;
		struct pte_info info;

		if (!vma_range(vma, page->index, page->index, &lo, &hi))
			continue;
		if (vma->vm_flags & VM_LOCKED) {
			young = true;
			continue;
		}
		spin_lock(&mm->page_table_lock);
		if (pgtable_query(&mm->pgt, lo, &info) && info.pa == page_to_phys(page))
			young |= pgtable_clear_young(&mm->pgt, lo);
		spin_unlock(&mm->page_table_lock);
	}
	up_read(&m->i_mmap_lock);
	return young;
}

void try_to_unmap_page(struct page *page)
{
	struct address_space *m = page->mapping;
	struct vm_area_struct *vma;
	unsigned long lo, hi;

	if (!down_read_trylock(&m->i_mmap_lock))
		return;
	list_for_each_entry(vma, &m->i_mmap, i_mmap_list)
		if (vma_range(vma, page->index, page->index, &lo, &hi))
			unmap_in_vma(vma, lo, hi, false, true);
	up_read(&m->i_mmap_lock);
}
