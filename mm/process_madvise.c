// SPDX-License-Identifier: GPL-2.0-only
/*
 * What one process does to the memory of another that a pidfd names: process_madvise gives advice that costs at
 * most time, process_mrelease takes the private pages of a dying one away before it gets to that itself.
 *
 * Locking: do_madvise() takes the other mm's mmap_lock.  mm->reaped is set with it held for write, so no fault is
 * under way that could still bring a fresh page in the place of a lost one.
 */
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <mm/internal.h>
#include <mm/slab.h>

#define FAST_IOV 8

/* ---- advice ------------------------------------------------------------------------------- */

static bool advice_is_harmless(int advice)
{
	return advice == MADV_COLD || advice == MADV_PAGEOUT || advice == MADV_WILLNEED || advice == MADV_COLLAPSE;
}

/* Bytes that were advised before the first error, or that. */
static long advise_all(struct mm_struct *mm, const struct iov_iter *iter, int advice)
{
	size_t done = 0;
	unsigned long i;
	int err = 0;

	for (i = 0; i < iter->nr_segs && !err; i++) {
		err = do_madvise(mm, (unsigned long)iter->iov[i].iov_base, iter->iov[i].iov_len, advice);
		if (!err)
			done += iter->iov[i].iov_len;
	}
	return done ?: err;
}

static long advise_task(struct task_struct *t, const struct iov_iter *iter, int advice)
{
	struct mm_struct *mm;
	long ret = -EPERM;

	if (!advice_is_harmless(advice))
		return -EINVAL;
	mm = mm_access(t, PTRACE_MODE_READ_FSCREDS);
	if (IS_ERR_OR_NULL(mm))
		return mm ? PTR_ERR(mm) : -ESRCH;
	if (capable(CAP_SYS_NICE))
		ret = advise_all(mm, iter, advice);
	mmput(mm);
	return ret;
}

long sys_process_madvise(int pidfd, const struct iovec __user *uvec, size_t nr, int advice, unsigned int flags)
{
	struct iovec fast[FAST_IOV], *vec = fast;
	struct iov_iter iter;
	struct task_struct *t;
	long ret;

	if (flags)
		return -EINVAL;
	ret = import_iovec(false, uvec, nr, FAST_IOV, &vec, &iter);
	if (ret < 0)
		return ret;
	t = pidfd_get_task(pidfd);
	ret = PTR_ERR(t);
	if (!IS_ERR(t)) {
		ret = advise_task(t, &iter, advice);
		put_task_struct(t);
	}
	kfree(vec);
	return ret;
}

/* ---- release ------------------------------------------------------------------------------ */

/* A core dump still needs the memory. @p->alloc_lock of any of its threads held. */
static bool group_is_dying(struct task_struct *p)
{
	if (READ_ONCE(p->signal->core_state))
		return false;
	return (READ_ONCE(p->signal->flags) & SIGNAL_GROUP_EXIT) ||
	       (p->signal->nr_threads == 1 && (READ_ONCE(p->flags) & PF_EXITING));
}

/* Is everybody who has @mm dying? tasklist_lock held. */
static bool users_are_dying(struct mm_struct *mm)
{
	struct task_struct *p, *t;
	bool dying = true;

	for_each_process(p) {
		t = lock_task_with_mm(p);
		if (!t)
			continue;
		dying = t->mm != mm || group_is_dying(t);
		task_unlock(t);
		if (!dying)
			break;
	}
	return dying;
}

/* The address space of a process that is dying, with a user reference; NULL: it is on its way already. */
static struct mm_struct *dying_mm(struct task_struct *p)
{
	struct mm_struct *mm = ERR_PTR(-ESRCH);
	struct task_struct *t;

	read_lock(&tasklist_lock);
	t = lock_task_with_mm(p);
	if (t) {
		mm = mmget_not_zero(t->mm) ? t->mm : NULL;
		task_unlock(t);
	}
	if (!IS_ERR_OR_NULL(mm) && !users_are_dying(mm)) {
		read_unlock(&tasklist_lock);
		mmput(mm);
		return ERR_PTR(-EINVAL);
	}
	read_unlock(&tasklist_lock);
	return mm;
}

/* Device memory stays, and what others may see. mmap_lock held for read. */
static void reap(struct mm_struct *mm)
{
	struct vm_area_struct *vma;
	struct tlb_batch batch;

	update_hiwater(mm);
	tlb_batch_init(&batch, mm, false);
	for_each_vma(mm, vma)
		if (!(vma->vm_flags & (VM_PFNMAP | VM_SHARED)))
			unmap_range(mm, vma->vm_start, vma->vm_end, &batch);
	tlb_batch_finish(&batch);
}

static int reap_mm(struct mm_struct *mm)
{
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	mm->reaped = true;
	downgrade_write(&mm->mmap_lock);
	reap(mm);
	mmap_read_unlock(mm);
	return 0;
}

long sys_process_mrelease(int pidfd, unsigned int flags)
{
	struct task_struct *p;
	struct mm_struct *mm;
	int err;

	if (flags)
		return -EINVAL;
	p = pidfd_get_task(pidfd);
	if (IS_ERR(p))
		return PTR_ERR(p);
	mm = dying_mm(p);
	put_task_struct(p);
	if (IS_ERR_OR_NULL(mm))
		return mm ? PTR_ERR(mm) : 0;
	err = reap_mm(mm);
	mmput(mm);
	return err;
}
