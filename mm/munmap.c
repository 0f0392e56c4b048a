// SPDX-License-Identifier: GPL-2.0-only
/*
 * munmap and the end of an address space.
 *
 * A range is taken out in this order: VMAs are cut at its ends and leave the tree, the pages are
 * unmapped (the TLB is flushed before they are freed), page tables that serve nobody are freed,
 * files forget the VMAs, and the VMAs are freed.
 *
 * Locking: mmap_lock for write; page_table_lock for pieces of at most UNMAP_CHUNK.
 */
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <mm/internal.h>
#include <mm/mm.h>

#define UNMAP_CHUNK	(16UL << 20)

bool wait_for_table_memory(void)
{
	if (!try_to_free_pages(32))
		out_of_memory(GFP_KERNEL, 0);
	cond_resched();
	return true;
}

int unshare_range(struct mm_struct *mm, unsigned long lo, unsigned long hi)
{
	int err = 0;

	while (lo < hi && !err) {
		spin_lock(&mm->page_table_lock);
		err = pgtable_unshare(&mm->pgt, lo);
		spin_unlock(&mm->page_table_lock);
		if (err && try_to_free_pages(32))
			err = 0;
		else
			lo = (lo | (PGTABLE_SHARE_SPAN - 1)) + 1;
		cond_resched();
	}
	return err;
}

void unmap_range(struct mm_struct *mm, unsigned long lo, unsigned long hi, struct tlb_batch *batch)
{
	while (lo < hi) {
		unsigned long end;
		int err;

		spin_lock(&mm->page_table_lock);
		if (!batch->fullmm)
			lo = pgtable_next_mapped(&mm->pgt, lo, hi);
		end = hi - lo > UNMAP_CHUNK ? lo + UNMAP_CHUNK : hi;
		err = lo < end ? pgtable_unmap(&mm->pgt, lo, end, batch) : 0;
		spin_unlock(&mm->page_table_lock);
		if (err) {
			wait_for_table_memory();
			continue;
		}
		lo = end;
		if (lo < hi)
			cond_resched();
	}
}

/* Take the VMAs of [lo, hi) out of the tree, onto @out. Cuts at the ends first. */
static int detach_range(struct mm_struct *mm, unsigned long lo, unsigned long hi,
			struct list_head *out)
{
	struct vm_area_struct *vma = vma_find(mm, lo), *next;
	int err;

	if (vma->vm_start < lo) {
		if (hi < vma->vm_end && mm->map_count + 1 >= sysctl_max_map_count)
			return -ENOMEM;	/* it would need two cuts */
		err = vma_split(mm, vma, lo);
		if (err)
			return err;
		vma = vma_next(vma);
	}
	next = vma_find_intersection(mm, hi - 1, hi);
	if (next && next->vm_end > hi) {
		err = vma_split(mm, next, hi);
		if (err)
			return err;
	}
	for (; vma && vma->vm_start < hi; vma = next) {
		next = vma_next(vma);
		vma_detach(mm, vma);
		list_add_tail(&vma->vm_list, out);
	}
	return 0;
}

/* Page tables between the neighbours of a freed range that nobody needs. */
static void free_tables(struct mm_struct *mm, unsigned long lo, unsigned long hi)
{
	struct vm_area_struct *next = vma_find(mm, hi);
	struct vm_area_struct *prev = next ? vma_prev(next) : vma_last(mm);

	spin_lock(&mm->page_table_lock);
	pgtable_free_range(&mm->pgt, lo, hi, prev ? prev->vm_end : 0,
			   next ? next->vm_start : TASK_SIZE);
	spin_unlock(&mm->page_table_lock);
}

static void account_unmapped(struct mm_struct *mm, struct vm_area_struct *vma)
{
	unsigned long npages = vma_pages(vma);

	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm -= npages;
	if (vma->vm_flags & VM_ACCOUNT)
		vm_unacct_memory(npages);
	vm_stat_account(mm, vma->vm_flags, -(long)npages);
}

int do_munmap(struct mm_struct *mm, unsigned long addr, unsigned long len)
{
	struct vm_area_struct *vma, *next;
	struct tlb_batch batch;
	unsigned long end;
	LIST_HEAD(gone);
	int err;

	if ((addr & ~PAGE_MASK) || addr > mm->task_size || len > mm->task_size - addr)
		return -EINVAL;
	end = addr + ALIGN(len, PAGE_SIZE);
	if (end == addr)
		return -EINVAL;
	if (!vma_find_intersection(mm, addr, end))
		return 0;
	err = detach_range(mm, addr, end, &gone);
	if (err)
		return err;
	update_hiwater(mm);
	tlb_batch_init(&batch, mm, false);
	list_for_each_entry(vma, &gone, vm_list)
		unmap_range(mm, vma->vm_start, vma->vm_end, &batch);
	tlb_batch_finish(&batch);
	list_for_each_entry(vma, &gone, vm_list)
		vma_unlink_mapping(vma);
	free_tables(mm, addr, end);
	list_for_each_entry_safe(vma, next, &gone, vm_list) {
		account_unmapped(mm, vma);
		vma_free(vma);
	}
	return 0;
}

int vm_munmap(unsigned long addr, unsigned long len)
{
	struct mm_struct *mm = current->mm;
	int err;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = do_munmap(mm, addr, len);
	mmap_write_unlock(mm);
	return err;
}

long sys_munmap(unsigned long addr, size_t len)
{
	return vm_munmap(addr, len);
}

#define VMA_GROUP_GAP	(8UL << 20)

struct vm_area_struct *vma_group(struct vm_area_struct *vma, unsigned long *lo, unsigned long *hi)
{
	*lo = vma->vm_start;
	do {
		*hi = vma->vm_end;
		vma = vma_next(vma);
	} while (vma && vma->vm_start - *hi < VMA_GROUP_GAP);
	return vma;
}

/*
 * All page tables, group by group: the space between them has none.  A table that two groups share
 * goes with the last of them, so nothing below a group keeps its tables.
 */
static void free_all_tables(struct mm_struct *mm)
{
	struct vm_area_struct *vma = vma_first(mm), *next;
	unsigned long lo, hi;

	spin_lock(&mm->page_table_lock);
	for (; vma; vma = next) {
		next = vma_group(vma, &lo, &hi);
		pgtable_free_range(&mm->pgt, lo, hi, 0, next ? next->vm_start : TASK_SIZE);
	}
	spin_unlock(&mm->page_table_lock);
}

void exit_mmap(struct mm_struct *mm)
{
	struct vm_area_struct *vma, *next;
	unsigned long lo, hi;
	struct tlb_batch batch;

	if (list_empty(&mm->mmap))
		return;
	mmap_write_lock(mm);
	update_hiwater(mm);
	tlb_batch_init(&batch, mm, true);
	for (vma = vma_first(mm); vma; ) {
		vma = vma_group(vma, &lo, &hi);
		unmap_range(mm, lo, hi, &batch);
	}
	tlb_batch_finish(&batch);
	for_each_vma(mm, vma)
		vma_unlink_mapping(vma);
	free_all_tables(mm);
	/* The tree goes as a whole: nobody looks at it any more. */
	mm->mm_rb = RB_ROOT;
	mm->mmap_cache = NULL;
	mm->map_count = 0;
	list_for_each_entry_safe(vma, next, &mm->mmap, vm_list) {
		if (vma->vm_flags & VM_ACCOUNT)
			vm_unacct_memory(vma_pages(vma));
		vma_free(vma);
	}
	INIT_LIST_HEAD(&mm->mmap);
	mmap_write_unlock(mm);
}
