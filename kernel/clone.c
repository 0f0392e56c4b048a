// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system calls that make processes: fork, vfork, clone, clone3, set_tid_address.
 *
 * They only read and check their arguments; kernel_clone() does the work. clone's argument order is
 * that of arm and arm64 ("backwards": tls before child_tid).
 */
#include <generated/syscalls.h>

#include <kernel/cred.h>
#include <kernel/fork.h>
#include <kernel/pid.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <kernel/usercopy.h>
#include <asm/uaccess.h>

long sys_fork(void)
{
	struct kernel_clone_args args = { .exit_signal = SIGCHLD };

	return kernel_clone(&args);
}

long sys_vfork(void)
{
	struct kernel_clone_args args = { .flags = CLONE_VFORK | CLONE_VM, .exit_signal = SIGCHLD };

	return kernel_clone(&args);
}

long sys_clone(unsigned long flags, unsigned long newsp, int __user *parent_tid, unsigned long tls,
	       int __user *child_tid)
{
	struct kernel_clone_args args = {
		.flags = (u32)flags & ~CSIGNAL, .exit_signal = flags & CSIGNAL, .stack = newsp, .tls = tls,
		.pidfd = parent_tid, .parent_tid = parent_tid, .child_tid = child_tid,
	};

	/* Both would be written through the same pointer. */
	if ((flags & (CLONE_PIDFD | CLONE_PARENT_SETTID)) == (CLONE_PIDFD | CLONE_PARENT_SETTID))
		return -EINVAL;
	return kernel_clone(&args);
}

/* ---- clone3 ---------------------------------------------------------------------------------- */

int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize)
{
	size_t size = min(ksize, usize);
	size_t i;

	memset(dst + size, 0, ksize - size);
	for (i = ksize; i < usize; i++) {
		u8 byte;

		if (get_user(byte, (const u8 __user *)src + i))
			return -EFAULT;
		if (byte)
			return -E2BIG;
	}
	return copy_from_user(dst, src, size) ? -EFAULT : 0;
}

static int clone3_set_tid(struct kernel_clone_args *args, const struct clone_args *user, pid_t *set_tid)
{
	if (user->set_tid_size > MAX_PID_NS_LEVEL)
		return -EINVAL;
	if (!user->set_tid != !user->set_tid_size)
		return -EINVAL;
	if (!user->set_tid)
		return 0;
	if (copy_from_user(set_tid, (pid_t __user *)(unsigned long)user->set_tid,
			   user->set_tid_size * sizeof(pid_t)))
		return -EFAULT;
	args->set_tid = set_tid;
	args->set_tid_size = user->set_tid_size;
	return 0;
}

static bool clone3_valid(const struct clone_args *user)
{
	if (user->flags & ~(u64)(CLONE_LEGACY_FLAGS | CLONE_CLEAR_SIGHAND | CLONE_INTO_CGROUP))
		return false;
	if (user->flags & (CLONE_DETACHED | (CSIGNAL & ~CLONE_NEWTIME)))
		return false;
	if ((user->flags & (CLONE_THREAD | CLONE_PARENT)) && user->exit_signal)
		return false;
	if (user->exit_signal > _NSIG)
		return false;
	if (!user->stack != !user->stack_size)
		return false;			/* half given */
	return !user->stack || access_ok((void __user *)(unsigned long)user->stack, user->stack_size);
}

long sys_clone3(struct clone_args __user *uargs, size_t size)
{
	pid_t set_tid[MAX_PID_NS_LEVEL];
	struct kernel_clone_args args;
	struct clone_args user;
	int err;

	if (size > PAGE_SIZE)
		return -E2BIG;
	if (size < CLONE_ARGS_SIZE_VER0)
		return -EINVAL;
	err = copy_struct_from_user(&user, sizeof(user), uargs, size);
	if (err)
		return err;
	if ((user.flags & CLONE_INTO_CGROUP) && (user.cgroup > INT_MAX || size < CLONE_ARGS_SIZE_VER2))
		return -EINVAL;
	if (!clone3_valid(&user))
		return -EINVAL;
	args = (struct kernel_clone_args){
		.flags = user.flags, .exit_signal = user.exit_signal,
		.pidfd = (int __user *)(unsigned long)user.pidfd,
		.child_tid = (int __user *)(unsigned long)user.child_tid,
		.parent_tid = (int __user *)(unsigned long)user.parent_tid,
		.stack = user.stack, .stack_size = user.stack_size, .tls = user.tls, .cgroup = user.cgroup,
	};
	err = clone3_set_tid(&args, &user, set_tid);
	return err ? err : kernel_clone(&args);
}

long sys_set_tid_address(int __user *tidptr)
{
	current->clear_child_tid = tidptr;
	return task_pid_vnr(current);
}
