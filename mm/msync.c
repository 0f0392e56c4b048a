// SPDX-License-Identifier: GPL-2.0-only
/* msync: write what was changed through a shared mapping. Locking: mmap_lock for read, not during
 * I/O. */
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <mm/internal.h>
#include <mm/mm.h>

static bool must_write(const struct vm_area_struct *vma, int flags)
{
	return (flags & MS_SYNC) && vma->vm_file && (vma->vm_flags & VM_SHARED) &&
	       vma->vm_file->f_op->fsync;
}

/* Write [lo, hi) of @vma's file. Drops mmap_lock meanwhile. */
static int sync_part(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long lo,
		     unsigned long hi)
{
	loff_t from = ((loff_t)vma->vm_pgoff << PAGE_SHIFT) + (lo - vma->vm_start);
	struct file *file = get_file(vma->vm_file);
	int err;

	mmap_read_unlock(mm);
	err = file->f_op->fsync(file, from, from + (hi - lo) - 1, 1);
	fput(file);
	mmap_read_lock(mm);
	return err;
}

long sys_msync(unsigned long start, size_t len, int flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long end = start + ALIGN(len, PAGE_SIZE);
	struct vm_area_struct *vma;
	int err = 0, holes = 0;

	if ((flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC)) || (start & ~PAGE_MASK) ||
	    ((flags & MS_ASYNC) && (flags & MS_SYNC)))
		return -EINVAL;
	if (end < start)		/* a length that wraps to nothing is one */
		return -ENOMEM;
	mmap_read_lock(mm);
	while (!err && start < end) {
		unsigned long stop;

		vma = vma_find(mm, start);
		if (!vma || vma->vm_start >= end) {
			err = -ENOMEM;
			break;
		}
		if (vma->vm_start > start) {
			holes = -ENOMEM;
			start = vma->vm_start;
		}
		stop = min(vma->vm_end, end);
		if ((flags & MS_INVALIDATE) && (vma->vm_flags & VM_LOCKED))
			err = -EBUSY;
		else if (must_write(vma, flags))
			err = sync_part(mm, vma, start, stop);
		start = stop;
	}
	mmap_read_unlock(mm);
	return err ? err : holes;
}
