/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of mm/ share among themselves. */
#pragma once

#include <mm/mm.h>

/* page_alloc.c */
unsigned int buddy_free_blocks(unsigned int order);	/* for unit tests and reports */

/* ---- vma.c; mmap_lock held for write ---- */
void vma_init(void);
/* mm.c */
void update_hiwater(struct mm_struct *mm);	/* before rss or total_vm shrinks */
/* A copy with its own file reference, in no tree; vm_ops->open is the caller's. NULL: no memory. */
struct vm_area_struct *vma_dup(const struct vm_area_struct *old, struct mm_struct *mm);
struct vm_area_struct *vma_last(struct mm_struct *mm);
struct vm_area_struct *vma_find_prev(struct mm_struct *mm, unsigned long addr);
void vma_detach(struct mm_struct *mm, struct vm_area_struct *vma);	/* out of the tree only */
void vma_unlink_mapping(struct vm_area_struct *vma);			/* out of the file's list only */
/* New bounds; vm_pgoff follows vm_start. The caller knows that they are free. */
void vma_resize(struct vm_area_struct *vma, unsigned long start, unsigned long end);
/* Cut @vma so that it is exactly [lo, hi). ERR_PTR(-ENOMEM). */
struct vm_area_struct *vma_isolate(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long lo,
				   unsigned long hi);
/* What a VMA would be like. */
struct vma_shape {
	unsigned long			start, end, flags;
	pgoff_t				pgoff;
	struct file			*file;
	const struct vm_operations	*ops;
	void				*private_data;
};
/* If a neighbour of the free range s can simply be made larger, do so. The larger VMA, or NULL. */
struct vm_area_struct *vma_extend(struct mm_struct *mm, const struct vma_shape *s);

/* ---- unmapping: mmap.c ---- */
/* Unmap the pages of [lo, hi), in pieces that keep page_table_lock short. */
void unmap_range(struct mm_struct *mm, unsigned long lo, unsigned long hi, struct tlb_batch *batch);
static inline bool is_cow_mapping(unsigned long vm_flags)
{
	return (vm_flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE;
}
/* Are pages mapped read-only first, because the file system wants to know of the first write? */
static inline bool vma_wants_write_notify(const struct vm_area_struct *vma)
{
	return vma->vm_ops && vma->vm_ops->page_mkwrite;
}
/* Must VMAs with these flags be counted against the commit limit? */
static inline bool accountable(unsigned long vm_flags)
{
	return (vm_flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) == VM_WRITE;
}
int mlock_fixup(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long lo, unsigned long hi,
		unsigned long new_flags);
