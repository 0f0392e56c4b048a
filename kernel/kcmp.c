// SPDX-License-Identifier: GPL-2.0-only
/*
 * kcmp(2): do two processes share an object?  The answer orders them too: 0 equal, 1 less, 2 greater.
 *
 * Pointers are compared after a secret permutation, so that no address leaks.
 */
#include <generated/syscalls.h>

#include <fs/eventpoll.h>
#include <fs/file.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/pid.h>
#include <kernel/random.h>
#include <kernel/sched/sched.h>
#include <asm/uaccess.h>

static unsigned long scramble(const void *p)
{
	static unsigned long secret;

	if (!READ_ONCE(secret)) {
		unsigned long none = 0;

		__atomic_compare_exchange_n(&secret, &none, get_random_long() | 1, false, __ATOMIC_RELAXED,
					    __ATOMIC_RELAXED);
	}
	return ((unsigned long)p ^ secret) * (secret | 1);	/* odd: a bijection */
}

static long compare(const void *a, const void *b)
{
	unsigned long x = scramble(a), y = scramble(b);

	return x == y ? 0 : x < y ? 1 : 2;
}

static long compare_files(struct task_struct *t1, struct task_struct *t2, unsigned long fd1, unsigned long fd2)
{
	struct file *f1 = fget_task(t1, fd1), *f2 = fget_task(t2, fd2);
	long ret = f1 && f2 ? compare(f1, f2) : -EBADF;

	if (f1)
		fput(f1);
	if (f2)
		fput(f2);
	return ret;
}

/* The file behind @fd1, and what an epoll instance of the other watches. */
static long compare_watched(struct task_struct *t1, struct task_struct *t2, unsigned long fd1,
			    const struct kcmp_epoll_slot __user *uslot)
{
	struct file *f1, *epoll, *watched = NULL;
	struct kcmp_epoll_slot slot;
	long ret = -EBADF;

	if (copy_from_user(&slot, uslot, sizeof(slot)))
		return -EFAULT;
	f1 = fget_task(t1, fd1);
	if (!f1)
		return ret;
	epoll = fget_task(t2, slot.efd);
	if (epoll) {
		watched = eventpoll_target(epoll, slot.tfd, slot.toff);
		ret = IS_ERR(watched) ? PTR_ERR(watched) : compare(f1, watched);
		fput(epoll);
	}
	fput(f1);
	return ret;
}

static long compare_tasks(struct task_struct *t1, struct task_struct *t2, int type, unsigned long idx1,
			  unsigned long idx2)
{
	if (!ptrace_may_access(t1, PTRACE_MODE_READ | PTRACE_MODE_REALCREDS) ||
	    !ptrace_may_access(t2, PTRACE_MODE_READ | PTRACE_MODE_REALCREDS))
		return -EPERM;
	switch (type) {
	case KCMP_FILE:
		return compare_files(t1, t2, idx1, idx2);
	case KCMP_VM:
		return compare(t1->mm, t2->mm);
	case KCMP_FILES:
		return compare(t1->files, t2->files);
	case KCMP_FS:
		return compare(t1->fs, t2->fs);
	case KCMP_SIGHAND:
		return compare(t1->sighand, t2->sighand);
	case KCMP_IO:
		return compare(t1->io_context, t2->io_context);
	case KCMP_EPOLL_TFD:
		return compare_watched(t1, t2, idx1, (void __user *)idx2);
	case KCMP_SYSVSEM:
		return compare(t1->sysvsem, t2->sysvsem);
	}
	return -EINVAL;
}

long sys_kcmp(pid_t pid1, pid_t pid2, int type, unsigned long idx1, unsigned long idx2)
{
	struct task_struct *t1 = find_get_task_by_vpid(pid1), *t2 = find_get_task_by_vpid(pid2);
	long ret = t1 && t2 ? compare_tasks(t1, t2, type, idx1, idx2) : -ESRCH;

	if (t1)
		put_task_struct(t1);
	if (t2)
		put_task_struct(t2);
	return ret;
}
