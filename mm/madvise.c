// SPDX-License-Identifier: GPL-2.0-only
/*
 * madvise: what a program says about how it will use its memory.
 *
 * Locking: mmap_lock, for read where only pages are touched, for write where VMAs change.
 * MADV_REMOVE lets go of it while the file system punches the hole.
 */
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/lib/err.h>
#include <mm/filemap.h>
#include <mm/internal.h>
#include <mm/mm.h>

/* ---- pages ------------------------------------------------------------------------------ */

static int advise_dontneed(struct vm_area_struct *vma, unsigned long lo, unsigned long hi,
			   int advice)
{
	struct tlb_batch batch;

	if (vma->vm_flags & VM_PFNMAP)
		return -EINVAL;
	if ((vma->vm_flags & VM_LOCKED) && advice != MADV_DONTNEED_LOCKED)
		return -EINVAL;
	/* Lazily freed pages may be freed at once. */
	if (advice == MADV_FREE && !vma_is_anonymous(vma))
		return -EINVAL;
	update_hiwater(vma->vm_mm);
	tlb_batch_init(&batch, vma->vm_mm, false);
	unmap_range(vma->vm_mm, lo, hi, &batch);
	tlb_batch_finish(&batch);
	return 0;
}

static pgoff_t pgoff_of(const struct vm_area_struct *vma, unsigned long addr)
{
	return vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT);
}

static int advise_willneed(struct vm_area_struct *vma, unsigned long lo, unsigned long hi)
{
	if (vma->vm_file)
		page_cache_readahead(vma->vm_file->f_mapping, vma->vm_file, pgoff_of(vma, lo),
				     pgoff_of(vma, hi) - 1);
	return 0;
}

/* Drops mmap_lock for a while. */
static int advise_remove(struct vm_area_struct *vma, unsigned long lo, unsigned long hi)
{
	struct mm_struct *mm = vma->vm_mm;
	struct file *file = vma->vm_file;
	loff_t off = (loff_t)pgoff_of(vma, lo) << PAGE_SHIFT;
	long err = -EOPNOTSUPP;

	if (vma->vm_flags & VM_LOCKED)
		return -EINVAL;
	if (!file || !file->f_mapping)
		return -EINVAL;
	if ((vma->vm_flags & (VM_SHARED | VM_WRITE)) != (VM_SHARED | VM_WRITE))
		return -EACCES;
	get_file(file);
	mmap_read_unlock(mm);
	if (file->f_op->fallocate)
		err = file->f_op->fallocate(file, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, off,
					    hi - lo);
	fput(file);
	mmap_read_lock(mm);
	return err;
}

static int advise_cold(struct vm_area_struct *vma)
{
	return vma->vm_flags & (VM_LOCKED | VM_PFNMAP) ? -EINVAL : 0;
}

/* ---- VMAs ------------------------------------------------------------------------------- */

/* The flags of @vma after @advice; -EINVAL if it is not for such a VMA. */
static int advised_flags(const struct vm_area_struct *vma, int advice, unsigned long *flags)
{
	switch (advice) {
	case MADV_NORMAL:
		*flags &= ~(VM_RAND_READ | VM_SEQ_READ);
		return 0;
	case MADV_SEQUENTIAL:
		*flags = (*flags & ~VM_RAND_READ) | VM_SEQ_READ;
		return 0;
	case MADV_RANDOM:
		*flags = (*flags & ~VM_SEQ_READ) | VM_RAND_READ;
		return 0;
	case MADV_DONTFORK:
		*flags |= VM_DONTCOPY;
		return 0;
	case MADV_DOFORK:
		*flags &= ~VM_DONTCOPY;
		return *flags & VM_IO ? -EINVAL : 0;
	case MADV_WIPEONFORK:
		*flags |= VM_WIPEONFORK;
		return vma->vm_file || (*flags & VM_SHARED) ? -EINVAL : 0;
	case MADV_MERGEABLE:
		if (!(*flags & (VM_SHARED | VM_MAYSHARE | VM_PFNMAP | VM_IO | VM_DONTEXPAND)))
			*flags |= VM_MERGEABLE;
		return 0;
	case MADV_UNMERGEABLE:
		*flags &= ~VM_MERGEABLE;
		return 0;
	case MADV_HUGEPAGE:
		*flags = (*flags & ~VM_NOHUGEPAGE) | VM_HUGEPAGE;
		return 0;
	case MADV_NOHUGEPAGE:
		*flags = (*flags & ~VM_HUGEPAGE) | VM_NOHUGEPAGE;
		return 0;
	case MADV_KEEPONFORK:
		*flags &= ~VM_WIPEONFORK;
		return 0;
	case MADV_DONTDUMP:
		*flags |= VM_DONTDUMP;
		return 0;
	default:	/* MADV_DODUMP */
		*flags &= ~VM_DONTDUMP;
		return *flags & (VM_IO | VM_PFNMAP | VM_DONTEXPAND) ? -EINVAL : 0;
	}
}

static int advise_flags(struct vm_area_struct *vma, unsigned long lo, unsigned long hi, int advice)
{
	unsigned long flags = vma->vm_flags;
	int err = advised_flags(vma, advice, &flags);

	if (err || flags == vma->vm_flags)
		return err;
	vma = vma_modify(vma->vm_mm, vma, lo, hi, flags);
	return PTR_ERR_OR_ZERO(vma) == -ENOMEM ? -EAGAIN : PTR_ERR_OR_ZERO(vma);
}

static bool changes_vmas(int advice)
{
	switch (advice) {
	case MADV_WILLNEED:
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
	case MADV_REMOVE:
	case MADV_COLD:
	case MADV_PAGEOUT:
	case MADV_COLLAPSE:
		return false;
	default:
		return true;
	}
}

static bool advice_known(int advice)
{
	switch (advice) {
	case MADV_NORMAL ... MADV_DONTNEED:
	case MADV_FREE ... MADV_DOFORK:
	case MADV_MERGEABLE ... MADV_NOHUGEPAGE:	/* hints: nothing is merged or huge */
	case MADV_COLLAPSE:
	case MADV_DONTDUMP ... MADV_KEEPONFORK:
	case MADV_COLD:
	case MADV_PAGEOUT:
	case MADV_POPULATE_READ:
	case MADV_POPULATE_WRITE:
	case MADV_DONTNEED_LOCKED:
		return true;
	default:	/* pages cannot be poisoned */
		return false;
	}
}

static int advise_vma(struct vm_area_struct *vma, unsigned long lo, unsigned long hi, int advice)
{
	switch (advice) {
	case MADV_WILLNEED:
		return advise_willneed(vma, lo, hi);
	case MADV_DONTNEED:
	case MADV_DONTNEED_LOCKED:
	case MADV_FREE:
		return advise_dontneed(vma, lo, hi, advice);
	case MADV_REMOVE:
		return advise_remove(vma, lo, hi);
	case MADV_COLD:
	case MADV_PAGEOUT:
		return advise_cold(vma);
	case MADV_COLLAPSE:
		return -EINVAL;
	default:
		return advise_flags(vma, lo, hi, advice);
	}
}

/* Holes are stepped over, and reported in the end. */
static int advise_range(struct mm_struct *mm, unsigned long start, unsigned long end, int advice)
{
	struct vm_area_struct *vma;
	int err, holes = 0;

	while (start < end) {
		unsigned long stop;

		vma = vma_find(mm, start);
		if (!vma || vma->vm_start >= end)
			return -ENOMEM;
		if (vma->vm_start > start) {
			holes = -ENOMEM;
			start = vma->vm_start;
		}
		stop = min(vma->vm_end, end);
		err = advise_vma(vma, start, stop, advice);
		if (err)
			return err;
		start = stop;
	}
	return holes;
}

static int check_range(unsigned long start, size_t len, unsigned long *end)
{
	if (start & ~PAGE_MASK)
		return -EINVAL;
	*end = start + ALIGN(len, PAGE_SIZE);
	if ((len && !ALIGN(len, PAGE_SIZE)) || *end < start)
		return -EINVAL;
	return 0;
}

int do_madvise(struct mm_struct *mm, unsigned long start, size_t len, int advice)
{
	unsigned long end;
	int err;

	if (!advice_known(advice))
		return -EINVAL;
	err = check_range(start, len, &end);
	if (err || end == start)
		return err;
	if (advice == MADV_POPULATE_READ || advice == MADV_POPULATE_WRITE)
		return populate_range(start, end, advice == MADV_POPULATE_WRITE);
	if (changes_vmas(advice)) {
		if (mmap_write_lock_killable(mm))
			return -EINTR;
		err = advise_range(mm, start, end, advice);
		mmap_write_unlock(mm);
	} else {
		mmap_read_lock(mm);
		err = advise_range(mm, start, end, advice);
		mmap_read_unlock(mm);
	}
	return err;
}

long sys_madvise(unsigned long start, size_t len, int advice)
{
	return do_madvise(current->mm, start, len, advice);
}
