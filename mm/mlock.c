// SPDX-License-Identifier: GPL-2.0-only
/*
 * mlock: memory that stays.  Without swap private memory always stays; what locking adds is that
 * the pages are there from the start (or from the first touch: MLOCK_ONFAULT) and that reclaim
 * leaves the pages of files alone that a locked VMA maps.
 *
 * Locking: mmap_lock for write; pages are faulted in after it is dropped.
 */
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/signal.h>
#include <mm/internal.h>
#include <mm/mm.h>

#define LOCK_FLAGS	(VM_LOCKED | VM_LOCKONFAULT)

/* [lo, hi) inside @vma gets the lock flags @flags. */
static int mlock_fixup(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long lo,
		       unsigned long hi, unsigned long flags)
{
	unsigned long old = vma->vm_flags, new = (old & ~LOCK_FLAGS) | flags;
	long npages = (hi - lo) >> PAGE_SHIFT;

	if (new == old || (old & (VM_IO | VM_PFNMAP | VM_DONTEXPAND)))
		return 0;
	vma = vma_modify(mm, vma, lo, hi, new);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	mm->locked_vm += (new & VM_LOCKED ? npages : 0) - (old & VM_LOCKED ? npages : 0);
	return 0;
}

static int lock_range(struct mm_struct *mm, unsigned long start, unsigned long end,
		      unsigned long flags)
{
	struct vm_area_struct *vma;
	int err;

	while (start < end) {
		unsigned long stop;

		vma = vma_lookup(mm, start);
		if (!vma)
			return -ENOMEM;
		stop = min(vma->vm_end, end);
		err = mlock_fixup(mm, vma, start, stop, flags);
		if (err)
			return err;
		start = stop;
	}
	return 0;
}

/* Pages of [start, end) that are locked already do not count twice. */
static unsigned long locked_pages_in(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	struct vm_area_struct *vma = vma_find_intersection(mm, start, end);
	unsigned long sum = 0;

	for (; vma && vma->vm_start < end; vma = vma_next(vma))
		if (vma->vm_flags & VM_LOCKED)
			sum += (min(vma->vm_end, end) - max(vma->vm_start, start)) >> PAGE_SHIFT;
	return sum;
}

static bool within_limit(struct mm_struct *mm, unsigned long start, unsigned long end)
{
	unsigned long limit = rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT;
	unsigned long want = mm->locked_vm + ((end - start) >> PAGE_SHIFT);

	if (want <= limit || want - locked_pages_in(mm, start, end) <= limit)
		return true;
	return capable(CAP_IPC_LOCK);
}

/* POSIX's words for what went wrong with a page. */
static int population_error(int err)
{
	return err == -EFAULT ? -ENOMEM : err == -ENOMEM ? -EAGAIN : err;
}

static long do_mlock(unsigned long start, size_t len, unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long end;
	int err = -ENOMEM;

	if (!can_do_mlock())
		return -EPERM;
	len = ALIGN(len + (start & ~PAGE_MASK), PAGE_SIZE);
	start &= PAGE_MASK;
	end = start + len;
	if (end == start)
		return 0;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	if (within_limit(mm, start, end))
		err = end < start ? -EINVAL : lock_range(mm, start, end, flags);
	mmap_write_unlock(mm);
	if (err || (flags & VM_LOCKONFAULT))
		return err;
	return population_error(mm_populate(start, len));
}

long sys_mlock(unsigned long start, size_t len)
{
	return do_mlock(start, len, VM_LOCKED);
}

long sys_mlock2(unsigned long start, size_t len, int flags)
{
	if (flags & ~MLOCK_ONFAULT)
		return -EINVAL;
	return do_mlock(start, len, flags & MLOCK_ONFAULT ? VM_LOCKED | VM_LOCKONFAULT : VM_LOCKED);
}

long sys_munlock(unsigned long start, size_t len)
{
	struct mm_struct *mm = current->mm;
	int err;

	len = ALIGN(len + (start & ~PAGE_MASK), PAGE_SIZE);
	start &= PAGE_MASK;
	if (start + len < start)
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = lock_range(mm, start, start + len, 0);
	mmap_write_unlock(mm);
	return err;
}

/* All that is mapped now, and def_flags for what comes. mmap_lock held for write. */
static void lock_all(struct mm_struct *mm, int flags)
{
	unsigned long lock = VM_LOCKED | (flags & MCL_ONFAULT ? VM_LOCKONFAULT : 0);
	struct vm_area_struct *vma, *next;

	mm->def_flags &= ~LOCK_FLAGS;
	if (flags & MCL_FUTURE) {
		mm->def_flags |= lock;
		if (!(flags & MCL_CURRENT))
			return;
	}
	if (!(flags & MCL_CURRENT))
		lock = 0;
	for (vma = vma_first(mm); vma; vma = next) {
		unsigned long end = vma->vm_end;

		mlock_fixup(mm, vma, vma->vm_start, end, lock);
		next = vma_find(mm, end);	/* it may have been merged */
	}
}

long sys_mlockall(int flags)
{
	struct mm_struct *mm = current->mm;
	int err = -ENOMEM;

	if (!flags || (flags & ~(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT)) || flags == MCL_ONFAULT)
		return -EINVAL;
	if (!can_do_mlock())
		return -EPERM;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	if (!(flags & MCL_CURRENT) || mm->total_vm <= rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT ||
	    capable(CAP_IPC_LOCK)) {
		lock_all(mm, flags);
		err = 0;
	}
	mmap_write_unlock(mm);
	if (!err && (flags & MCL_CURRENT) && !(flags & MCL_ONFAULT))
		mm_populate(0, TASK_SIZE);
	return err;
}

long sys_munlockall(void)
{
	struct mm_struct *mm = current->mm;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	lock_all(mm, 0);
	mmap_write_unlock(mm);
	return 0;
}
