// SPDX-License-Identifier: GPL-2.0-only
/*
 * The signal system calls.  Each reads and checks its arguments and calls signal.c.
 *
 * User structures are those of the caller's word size (compat_signal.c has the other one); sets are 8 bytes, on
 * 32-bit two words low first.
 */
#include <generated/syscalls.h>

#include <kernel/compat_signal.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/signal_internal.h>
#include <kernel/time/timekeeping.h>
#include <mm/slab.h>

#define SA_USER_RESTORER 0x04000000UL
#define SA_KNOWN_FLAGS (SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_NODEFER | \
			SA_RESETHAND | SA_EXPOSE_TAGBITS | SA_USER_RESTORER)

static int get_sigaction(struct ksigaction *k, const void __user *act)
{
	if (is_compat_task())
		return compat_get_sigaction(k, act);
	return copy_from_user(k, act, sizeof(*k)) ? -EFAULT : 0;
}

static int put_sigaction(void __user *oact, const struct ksigaction *k)
{
	if (is_compat_task())
		return compat_put_sigaction(oact, k);
	return copy_to_user(oact, k, sizeof(*k)) ? -EFAULT : 0;
}

long sys_rt_sigaction(int sig, const void __user *act, void __user *oact, size_t sigsetsize)
{
	struct ksigaction new, old;
	int err;

	if (sigsetsize != sizeof(ksigset_t))
		return -EINVAL;
	if (act) {
		if (get_sigaction(&new, act))
			return -EFAULT;
		new.flags &= SA_KNOWN_FLAGS;
	}
	err = do_sigaction(sig, act ? &new : NULL, oact ? &old : NULL);
	if (!err && oact)
		err = put_sigaction(oact, &old);
	return err;
}

/* User masks may be only word aligned on 32-bit: copied, never dereferenced. */
static int get_mask(ksigset_t *mask, const void __user *umask, size_t size)
{
	if (size != sizeof(*mask))
		return -EINVAL;
	return copy_from_user(mask, umask, sizeof(*mask)) ? -EFAULT : 0;
}

long sys_rt_sigprocmask(int how, const ksigset_t __user *set, ksigset_t __user *oset, size_t sigsetsize)
{
	ksigset_t new, old = current->blocked;
	int err = 0;

	if (sigsetsize != sizeof(ksigset_t))
		return -EINVAL;
	if (set) {
		err = get_mask(&new, set, sigsetsize);
		if (!err)
			err = sigprocmask(how, new, NULL);
	}
	if (!err && oset && copy_to_user(oset, &old, sizeof(old)))
		err = -EFAULT;
	return err;
}

static ksigset_t pending_set(void)
{
	ksigset_t set;

	spin_lock_irq(&current->sighand->siglock);
	set = (current->pending.signal | current->signal->shared_pending.signal) & current->blocked;
	spin_unlock_irq(&current->sighand->siglock);
	return set;
}

long sys_rt_sigpending(ksigset_t __user *uset, size_t sigsetsize)
{
	ksigset_t set = pending_set();

	if (sigsetsize > sizeof(set))
		return -EINVAL;
	return copy_to_user(uset, &set, sigsetsize) ? -EFAULT : 0;
}

long do_sigsuspend(ksigset_t set)
{
	current->saved_sigmask = current->blocked;
	set_current_blocked(set);
	while (!signal_pending(current)) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!signal_pending(current))
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	set_task_flag(current, TIF_RESTORE_SIGMASK);
	return -ERESTARTNOHAND;
}

long sys_rt_sigsuspend(const ksigset_t __user *uset, size_t sigsetsize)
{
	ksigset_t set;
	int err = get_mask(&set, uset, sigsetsize);

	return err ? err : do_sigsuspend(set);
}

long sys_pause(void)
{
	while (!signal_pending(current)) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!signal_pending(current))
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return -ERESTARTNOHAND;
}

/* ---- sigtimedwait ---------------------------------------------------------------------------- */

/* Wait for one of @which until @expires (absolute monotonic ns; NULL: for ever). The signal, or -errno. */
static long do_sigtimedwait(ksigset_t which, siginfo_t *info, const u64 *expires)
{
	struct task_struct *t = current;
	ksigset_t mask = ~(which & ~KERNEL_ONLY_SIGNALS);
	enum pid_type type;
	int sig, woken = 0;

	spin_lock_irq(&t->sighand->siglock);
	sig = dequeue_signal(t, mask, info, &type);
	if (!sig && (!expires || *expires > ktime_get_ns())) {
		/* Unblocked while we sleep, but real_blocked keeps a fatal one from killing us first. */
		t->real_blocked = t->blocked;
		t->blocked &= mask;
		recalc_sigpending();
		set_current_state(TASK_INTERRUPTIBLE);
		spin_unlock_irq(&t->sighand->siglock);
		woken = schedule_hrtimeout(expires, CLOCK_MONOTONIC);
		spin_lock_irq(&t->sighand->siglock);
		t->blocked = t->real_blocked;
		t->real_blocked = 0;
		sig = dequeue_signal(t, mask, info, &type);
		recalc_sigpending();
	}
	spin_unlock_irq(&t->sighand->siglock);
	if (sig)
		return sig;
	return woken ? -EINTR : -EAGAIN;
}

static long sigtimedwait_finish(ksigset_t set, siginfo_t __user *uinfo, const struct timespec64 *ts)
{
	siginfo_t info;
	u64 expires;
	long ret;

	if (ts) {
		if (!timespec64_valid(ts))
			return -EINVAL;
		expires = ktime_get_ns() + timespec64_to_ns(ts);	/* saturated at half of the range */
	}
	ret = do_sigtimedwait(set, &info, ts ? &expires : NULL);
	if (ret > 0 && uinfo && copy_siginfo_to_user(uinfo, &info))
		return -EFAULT;
	return ret;
}

long sys_rt_sigtimedwait(const ksigset_t __user *uset, siginfo_t __user *uinfo,
			 const struct __kernel_timespec __user *uts, size_t sigsetsize)
{
	struct timespec64 ts;
	ksigset_t set;
	int err = get_mask(&set, uset, sigsetsize);

	if (err)
		return err;
	if (uts && get_timespec64(&ts, uts))
		return -EFAULT;
	return sigtimedwait_finish(set, uinfo, uts ? &ts : NULL);
}

long sys_rt_sigtimedwait_time32(const ksigset_t __user *uset, siginfo_t __user *uinfo, const void __user *uts,
				size_t sigsetsize)
{
	struct timespec64 ts;
	ksigset_t set;
	int err = get_mask(&set, uset, sigsetsize);

	if (err)
		return err;
	if (uts && get_old_timespec32(&ts, uts))
		return -EFAULT;
	return sigtimedwait_finish(set, uinfo, uts ? &ts : NULL);
}

/* ---- kill and its relatives ------------------------------------------------------------------ */

static void fill_user_info(siginfo_t *info, int sig, int code)
{
	clear_siginfo(info);
	info->si_signo = sig;
	info->si_code = code;
	info->si_pid = task_tgid_vnr(current);
	info->si_uid = current_uid();
}

/* kill(-1): everybody but ourselves and init. */
static int kill_everybody(int sig, siginfo_t *info)
{
	struct task_struct *p, **list;
	int n = 0, i, err, ret = 0, max = max_threads;

	list = kvmalloc(max * sizeof(*list), GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	read_lock(&tasklist_lock);
	for_each_process(p) {
		if (n < max && task_pid_nr_type_ns_locked(p, PIDTYPE_PID) > 1 && p->signal != current->signal)
			list[n++] = get_task_struct(p);
	}
	read_unlock(&tasklist_lock);
	for (i = 0; i < n; i++) {
		err = group_send_sig_info(sig, info, list[i], PIDTYPE_MAX);
		if (err != -EPERM)		/* as Linux: that some were out of reach is no error */
			ret = err;
		put_task_struct(list[i]);
	}
	kvfree(list);
	return n ? ret : -ESRCH;
}

static int kill_pgrp_by_info(int sig, struct pid *pgrp)
{
	int err = kill_pgrp(pgrp, sig, 0);

	put_pid(pgrp);
	return err;
}

long sys_kill(pid_t nr, int sig)
{
	struct pid *pid;
	siginfo_t info;
	int err;

	fill_user_info(&info, sig, SI_USER);
	if (nr > 0) {
		/* To itself: nothing to look up (a tenth of the cost of a signal that is handled). */
		if (nr == info.si_pid && thread_group_leader(current) && sig && valid_signal(sig))
			return do_send_sig_info(sig, &info, current, PIDTYPE_TGID);
		pid = find_get_pid(nr);
		err = pid ? kill_pid_info(sig, &info, pid) : -ESRCH;
		put_pid(pid);
		return err;
	}
	if (nr == INT_MIN)
		return -ESRCH;
	if (!valid_signal(sig))
		return -EINVAL;
	if (nr == -1)
		return kill_everybody(sig, &info);
	return kill_pgrp_by_info(sig, nr ? find_get_pid(-nr) : get_task_pid(current, PIDTYPE_PGID));
}

/* To one thread; @tgid > 0 must be its group. */
static int send_to_thread(pid_t tgid, pid_t nr, int sig, siginfo_t *info)
{
	struct task_struct *t = nr == task_pid_vnr(current) ? current : NULL;	/* raise(3) */
	int err = -ESRCH;

	t = t ? get_task_struct(t) : find_get_task_by_vpid(nr);
	if (!t)
		return err;
	if (tgid <= 0 || task_tgid_vnr(t) == tgid) {
		err = check_kill_permission(sig, info, t);
		if (!err && sig) {
			err = do_send_sig_info(sig, info, t, PIDTYPE_PID);
			if (err == -ESRCH)
				err = 0;	/* it was there when we looked */
		}
	}
	put_task_struct(t);
	return err;
}

long sys_tkill(pid_t pid, int sig)
{
	siginfo_t info;

	if (pid <= 0)
		return -EINVAL;
	fill_user_info(&info, sig, SI_TKILL);
	return send_to_thread(0, pid, sig, &info);
}

long sys_tgkill(pid_t tgid, pid_t pid, int sig)
{
	siginfo_t info;

	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	fill_user_info(&info, sig, SI_TKILL);
	return send_to_thread(tgid, pid, sig, &info);
}

/* Nobody may pretend to be the kernel, kill(2) or tgkill(2), except to itself. */
static bool may_forge(const siginfo_t *info, pid_t pid)
{
	return !((info->si_code >= 0 || info->si_code == SI_TKILL) && task_pid_vnr(current) != pid);
}

long sys_rt_sigqueueinfo(pid_t nr, int sig, siginfo_t __user *uinfo)
{
	struct pid *pid;
	siginfo_t info;
	int err = copy_siginfo_from_user(&info, uinfo, sig);

	if (err)
		return err;
	info.si_signo = sig;
	if (!may_forge(&info, nr))
		return -EPERM;
	siginfo_ids_from_user(&info);
	pid = find_get_pid(nr);
	err = pid ? kill_pid_info(sig, &info, pid) : -ESRCH;
	put_pid(pid);
	return err;
}

long sys_rt_tgsigqueueinfo(pid_t tgid, pid_t pid, int sig, siginfo_t __user *uinfo)
{
	siginfo_t info;
	int err = copy_siginfo_from_user(&info, uinfo, sig);

	if (err)
		return err;
	info.si_signo = sig;
	if (pid <= 0 || tgid <= 0)
		return -EINVAL;
	if (!may_forge(&info, pid))
		return -EPERM;
	siginfo_ids_from_user(&info);
	return send_to_thread(tgid, pid, sig, &info);
}

long sys_pidfd_send_signal(int pidfd, int sig, siginfo_t __user *uinfo, unsigned int flags)
{
	struct pid *pid;
	siginfo_t info;
	long err = -EINVAL;

	if (flags)
		return -EINVAL;
	pid = pidfd_get_signalled(pidfd);
	if (IS_ERR(pid))
		return PTR_ERR(pid);
	if (!pid_is_visible(pid)) {
		err = -EINVAL;		/* nobody could have opened it here */
	} else if (!uinfo) {
		fill_user_info(&info, sig, SI_USER);
		err = 0;
	} else {
		err = copy_siginfo_from_user(&info, uinfo, 0);
		if (!err)
			err = info.si_signo != sig ? -EINVAL : may_forge(&info, pid_vnr(pid)) ? 0 : -EPERM;
		if (!err)
			siginfo_ids_from_user(&info);
	}
	if (!err)
		err = kill_pid_info(sig, &info, pid);
	put_pid(pid);
	return err;
}

/* ---- sigaltstack ----------------------------------------------------------------------------- */

static int set_altstack(const stack_t *ss, unsigned long sp, size_t min)
{
	int mode = ss->ss_flags & ~SS_FLAG_BITS;

	if (on_sig_stack(sp))
		return -EPERM;
	if (mode != SS_DISABLE && mode != SS_ONSTACK && mode != 0)
		return -EINVAL;
	if (mode != SS_DISABLE && ss->ss_size < min)
		return -ENOMEM;
	current->sas_ss_sp = mode == SS_DISABLE ? 0 : (unsigned long)ss->ss_sp;
	current->sas_ss_size = mode == SS_DISABLE ? 0 : ss->ss_size;
	current->sas_ss_flags = ss->ss_flags;
	return 0;
}

static void get_altstack(stack_t *ss, unsigned long sp)
{
	memset(ss, 0, sizeof(*ss));
	ss->ss_sp = (void *)current->sas_ss_sp;
	ss->ss_size = current->sas_ss_size;
	ss->ss_flags = (current->sas_ss_size ? (on_sig_stack(sp) ? SS_ONSTACK : 0) : SS_DISABLE) |
		       (current->sas_ss_flags & SS_FLAG_BITS);
}

static int get_stack(stack_t *ss, const void __user *uss)
{
	if (is_compat_task())
		return compat_get_stack(ss, uss);
	return copy_from_user(ss, uss, sizeof(*ss)) ? -EFAULT : 0;
}

static int put_stack(void __user *uss, const stack_t *ss)
{
	if (is_compat_task())
		return compat_put_stack(uss, ss);
	return copy_to_user(uss, ss, sizeof(*ss)) ? -EFAULT : 0;
}

static size_t min_altstack(void)
{
	return is_compat_task() ? COMPAT_MINSIGSTKSZ : MINSIGSTKSZ;
}

long sys_sigaltstack(const stack_t __user *uss, stack_t __user *uold)
{
	unsigned long sp = user_stack_pointer(task_pt_regs(current));
	stack_t new, old;
	int err = 0;

	if (uss && get_stack(&new, uss))
		return -EFAULT;
	get_altstack(&old, sp);
	if (uss)
		err = set_altstack(&new, sp, min_altstack());
	if (!err && uold)
		err = put_stack(uold, &old);
	return err;
}

/* Field by field: what pads stack_t stays the user's. */
int save_altstack(void __user *to)
{
	stack_t __user *uss = to;

	if (is_compat_task()) {
		stack_t ss = {
			.ss_sp = (void *)current->sas_ss_sp, .ss_flags = current->sas_ss_flags,
			.ss_size = current->sas_ss_size,
		};

		return compat_put_stack(to, &ss);
	}
	if (put_user((void *)current->sas_ss_sp, &uss->ss_sp) ||
	    put_user(current->sas_ss_flags, &uss->ss_flags) ||
	    put_user(current->sas_ss_size, &uss->ss_size))
		return -EFAULT;
	return 0;
}

/* sigreturn: what it asks for may be nonsense, only a fault counts. */
int restore_altstack(const void __user *uss)
{
	const stack_t __user *native = uss;
	stack_t new;

	if (!is_compat_task()) {
		if (get_user(new.ss_flags, &native->ss_flags))
			return -EFAULT;
		if (new.ss_flags == SS_DISABLE && current->sas_ss_flags == SS_DISABLE)
			return 0;	/* there was none and there is none */
	}
	if (get_stack(&new, uss))
		return -EFAULT;
	(void)set_altstack(&new, user_stack_pointer(task_pt_regs(current)), min_altstack());
	return 0;
}
