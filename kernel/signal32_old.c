// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signal calls that only the 32-bit ABI has, from before real-time signals: one word of mask.
 */
#include <generated/syscalls.h>

#include <kernel/signal_internal.h>

struct old_sigaction32 {
	u32	handler, mask, flags, restorer;
};

long sys_sigaction(int sig, const void __user *act, void __user *oact)
{
	struct ksigaction new, old;
	struct old_sigaction32 u;
	int err;

	if (act) {
		if (copy_from_user(&u, act, sizeof(u)))
			return -EFAULT;
		new = (struct ksigaction){
			.handler = u.handler, .flags = u.flags, .restorer = u.restorer, .mask = u.mask,
		};
	}
	err = do_sigaction(sig, act ? &new : NULL, oact ? &old : NULL);
	if (!err && oact) {
		u = (struct old_sigaction32){
			.handler = old.handler, .mask = (u32)old.mask, .flags = old.flags, .restorer = old.restorer,
		};
		if (copy_to_user(oact, &u, sizeof(u)))
			err = -EFAULT;
	}
	return err;
}

long sys_sigprocmask(int how, const unsigned long __user *uset, unsigned long __user *uoset)
{
	u32 old = (u32)current->blocked, set;
	ksigset_t new;
	int err = 0;

	if (uset) {
		if (get_user(set, (const u32 __user *)uset))
			return -EFAULT;
		new = set;
		if (how == SIG_SETMASK)		/* the upper signals stay as they are */
			new |= current->blocked & ~0xffffffffULL;
		err = sigprocmask(how, new, NULL);
	}
	if (!err && uoset)
		err = put_user(old, (u32 __user *)uoset);
	return err;
}

long sys_sigpending(unsigned long __user *uset)
{
	return sys_rt_sigpending((ksigset_t __user *)uset, sizeof(u32));
}

long sys_sigsuspend(int unused1, int unused2, unsigned long mask)
{
	return do_sigsuspend((u32)mask);
}
