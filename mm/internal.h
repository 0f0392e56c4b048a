/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of mm/ share among themselves. */
#pragma once

#include <mm/mm.h>

/* ---- vma.c; mmap_lock held for write ---- */
void vma_init(void);
/* fault.c */
/* Fault-around: the most that a file's map_pages() is asked for.  A page mapped for nothing costs 155 instructions,
 * its unmapping included, a fault 600 and the trap: of 8 and 16, 8 made both a shell's loop and a dynamic program
 * cheapest (16: 6 % and 2 % more). */
#define FAULT_AROUND_PAGES 8UL
void fault_init(void);
/* mm.c */
void update_hiwater(struct mm_struct *mm);	/* before rss or total_vm shrinks */
/* A copy with its own file reference, in no tree; vm_ops->open is the caller's. NULL: no memory. */
struct vm_area_struct *vma_dup(const struct vm_area_struct *old, struct mm_struct *mm);
/* fork: behind all others of an mm that nobody sees yet, and when all are there, the tree. */
int vma_append(struct mm_struct *mm, struct vm_area_struct *vma);	/* -ENOMEM */
void vma_build_tree(struct mm_struct *mm);
void vma_release(struct vm_area_struct *vma);	/* a copy that its owner was never told of */
struct vm_area_struct *vma_last(struct mm_struct *mm);
struct vm_area_struct *vma_find_prev(struct mm_struct *mm, unsigned long addr);
void vma_detach(struct mm_struct *mm, struct vm_area_struct *vma);	/* out of the tree only */
/* out of the file's list only */
void vma_unlink_mapping(struct vm_area_struct *vma);
/* New bounds; vm_pgoff follows vm_start. The caller knows that they are free. */
void vma_resize(struct vm_area_struct *vma, unsigned long start, unsigned long end);
/* Cut @vma so that it is exactly [lo, hi). ERR_PTR(-ENOMEM). */
struct vm_area_struct *vma_isolate(struct mm_struct *mm, struct vm_area_struct *vma,
				   unsigned long lo, unsigned long hi);
/* What a VMA would be like. */
struct vma_shape {
	unsigned long			start, end, flags;
	pgoff_t				pgoff;
	u32				policy;
	struct file			*file;
	const struct vm_operations	*ops;
	void				*private_data;
};
/* If a neighbour of the free range s can simply be made larger, do so. The larger VMA, or NULL. */
struct vm_area_struct *vma_extend(struct mm_struct *mm, const struct vma_shape *s);

/* @page is about to be mapped in @vma: code in it must be visible to instruction fetches. */
static inline void sync_exec_page(const struct vm_area_struct *vma, struct page *page)
{
	if (likely(!(vma->vm_flags & VM_EXEC) || PageExecSynced(page)))
		return;
	cache_sync_code(page_address(page), PAGE_SIZE);
	SetPageExecSynced(page);
}

/* ---- unmapping: munmap.c ---- */
/* Unmap the pages of [lo, hi), in pieces that keep page_table_lock short. */
void unmap_range(struct mm_struct *mm, unsigned long lo, unsigned long hi, struct tlb_batch *batch);
/* The leaf tables of [lo, hi) become this mm's own. With mmap_lock held for write they stay so. For
 * callers that must know before they change anything. -ENOMEM. */
int unshare_range(struct mm_struct *mm, unsigned long lo, unsigned long hi);
/* A shared table could not be copied, but must be: until somebody gave memory back. Always true. */
bool wait_for_table_memory(void);
/* VMAs that lie close together, so that their page tables are best walked in one go: [*lo, *hi) from
 * @vma on. Returns the first VMA behind, or NULL. */
struct vm_area_struct *vma_group(struct vm_area_struct *vma, unsigned long *lo, unsigned long *hi);
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
/* user_pages.c: make [start, end) of current resident. -ENOMEM: not mapped; -EFAULT; -EINTR... */
int populate_range(unsigned long start, unsigned long end, bool write);

/* ---- page cache ---- */
#define AOP_TRUNCATED_PAGE	1	/* the page left the cache meanwhile: look again */
struct address_space;
struct file;
void page_lock_init(void);
/* Up to @max pages of [first, last] with @mark (XA_PRESENT: all), each with a reference. */
unsigned int find_get_pages(struct address_space *m, pgoff_t first, pgoff_t last, unsigned int mark,
			    struct page **pages, unsigned int max);
void __delete_from_page_cache(struct address_space *m, struct page *page);	/* m->lock held */
/* then, without it */
void forget_cached_page(struct address_space *m, struct page *page);
int read_page_and_wait(struct address_space *m, struct page *page, struct file *file);
void page_cache_readahead(struct address_space *m, struct file *file, pgoff_t first, pgoff_t last);
void readahead_on_miss(struct address_space *m, struct file *file, pgoff_t index);
bool invalidate_page(struct address_space *m, struct page *page);	/* truncate.c */
/* madvise.c; advice that faults pages in: only for current's own. */
int do_madvise(struct mm_struct *mm, unsigned long start, size_t len, int advice);
/* reclaim.c, rmap.c */
unsigned long nr_lru_pages(void);
bool kswapd_running(void);
/* page locked; looks and clears, without waiting for locks */
bool page_was_young(struct page *page);
void try_to_unmap_page(struct page *page);	/* page locked; may fail */
/* oom.c: a thread of @p's group that still has the address space, task-locked; or NULL, as for
 * kernel threads, which may have borrowed one. tasklist_lock held. */
struct task_struct *lock_task_with_mm(struct task_struct *p);
/* writeback.c */
void wake_flusher(void);			/* memory is short: do not wait for the delay */
void forget_dirty_mapping(struct address_space *m);
bool clear_page_dirty(struct page *page);		/* page locked; it was dirty */
/* rmap.c: no mapping may write it; one could */
bool write_protect_page(struct page *page);
void zero_page_range(struct page *page, unsigned int from, unsigned int to);

/* mmap.c: one of them is in the table of each ABI. */
long sys_mmap(unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags,
	      unsigned long fd, unsigned long off);
long sys_mmap_pgoff(unsigned long addr, unsigned long len, unsigned long prot, unsigned long flags,
		    unsigned long fd, unsigned long pgoff);
