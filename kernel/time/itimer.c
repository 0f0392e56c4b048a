// SPDX-License-Identifier: GPL-2.0-only
/*
 * setitimer(2), getitimer(2).
 *
 * ITIMER_REAL is signal->real_timer; its interval re-arms from the callback.  ITIMER_PROF and
 * ITIMER_VIRTUAL hold the CPU time of the group at which they expire and are looked at by the tick
 * (cpu_timer.c). Locks: siglock for all values.
 */
#include <kernel/time/hrtimer.h>

#include <generated/syscalls.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <kernel/time/time_syscalls.h>
#include <kernel/time/timekeeping.h>
#include <asm/uaccess.h>

struct itimer_ns {
	u64	value;		/* ns to go; 0: off */
	u64	interval;
};

static enum hrtimer_restart it_real_fn(struct hrtimer *timer)
{
	struct signal_struct *sig = container_of(timer, struct signal_struct, real_timer);

	kill_pid(sig->pids[PIDTYPE_TGID], SIGALRM, 1);
	if (!READ_ONCE(sig->it_real_incr))
		return HRTIMER_NORESTART;
	hrtimer_forward_now(timer, sig->it_real_incr);
	return HRTIMER_RESTART;
}

static void read_real(struct signal_struct *sig, struct itimer_ns *it)
{
	it->interval = sig->it_real_incr;
	it->value = 0;
	if (hrtimer_active(&sig->real_timer))
		it->value = max_t(u64, hrtimer_get_remaining(&sig->real_timer), 1000);
}

/* The callback takes siglock to send its signal, so it is waited for without. */
static void set_real(const struct itimer_ns *new, struct itimer_ns *old)
{
	struct task_struct *t = current;
	struct signal_struct *sig = t->signal;

	for (;;) {
		spin_lock_irq(&t->sighand->siglock);
		if (!sig->real_timer.function)
			hrtimer_init(&sig->real_timer, CLOCK_MONOTONIC, it_real_fn);
		if (old)
			read_real(sig, old);
		if (hrtimer_try_to_cancel(&sig->real_timer) >= 0)
			break;
		spin_unlock_irq(&t->sighand->siglock);
		cpu_relax();
	}
	sig->it_real_incr = new->value ? new->interval : 0;
	if (new->value)
		hrtimer_start(&sig->real_timer, new->value, HRTIMER_MODE_REL);
	spin_unlock_irq(&t->sighand->siglock);
}

/* it[0] counts user and system time, it[1] user time. */
static u64 group_clock(int which)
{
	u64 utime, stime;

	thread_group_cputime(current, &utime, &stime);
	return which == ITIMER_PROF ? utime + stime : utime;
}

static void read_cpu(int which, u64 now, struct itimer_ns *it)
{
	const struct cpu_itimer *ct = &current->signal->it[which == ITIMER_PROF ? 0 : 1];

	it->interval = ct->incr;
	it->value = 0;
	if (ct->expires)
		it->value = ct->expires > now ? ct->expires - now : 1000;
}

static void set_cpu(int which, const struct itimer_ns *new, struct itimer_ns *old)
{
	struct cpu_itimer *ct = &current->signal->it[which == ITIMER_PROF ? 0 : 1];
	u64 now;

	spin_lock_irq(&current->sighand->siglock);
	now = group_clock(which);
	if (old)
		read_cpu(which, now, old);
	ct->expires = new->value ? now + new->value : 0;
	ct->incr = new->interval;
	spin_unlock_irq(&current->sighand->siglock);
}

static int do_getitimer(int which, struct itimer_ns *it)
{
	if (which < ITIMER_REAL || which > ITIMER_PROF)
		return -EINVAL;
	spin_lock_irq(&current->sighand->siglock);
	if (which == ITIMER_REAL)
		read_real(current->signal, it);
	else
		read_cpu(which, group_clock(which), it);
	spin_unlock_irq(&current->sighand->siglock);
	return 0;
}

static int do_setitimer(int which, const struct itimer_ns *new, struct itimer_ns *old)
{
	if (which < ITIMER_REAL || which > ITIMER_PROF)
		return -EINVAL;
	if (which == ITIMER_REAL)
		set_real(new, old);
	else
		set_cpu(which, new, old);
	return 0;
}

/* ---- system calls -------------------------------------------------------------------------- */

static int tv_to_ns(s64 sec, s64 usec, u64 *ns)
{
	if (sec < 0 || usec < 0 || usec >= USEC_PER_SEC)
		return -EINVAL;
	*ns = sec >= KTIME_SEC_MAX ? (u64)KTIME_MAX : (u64)sec * NSEC_PER_SEC + usec * NSEC_PER_USEC;
	return 0;
}

static int from_user(struct itimer_ns *it, const struct itimerval __user *uval)
{
	struct itimerval val;
	int err;

	if (copy_from_user(&val, uval, sizeof(val)))
		return -EFAULT;
	err = tv_to_ns(val.it_value.tv_sec, val.it_value.tv_usec, &it->value);
	return err ? err : tv_to_ns(val.it_interval.tv_sec, val.it_interval.tv_usec, &it->interval);
}

static int from_user32(struct itimer_ns *it, const struct old_itimerval32 __user *uval)
{
	struct old_itimerval32 val;
	int err;

	if (copy_from_user(&val, uval, sizeof(val)))
		return -EFAULT;
	err = tv_to_ns(val.it_value.tv_sec, val.it_value.tv_usec, &it->value);
	return err ? err : tv_to_ns(val.it_interval.tv_sec, val.it_interval.tv_usec, &it->interval);
}

static u64 split_usec(u64 ns, u32 *usec)
{
	u32 rem;
	u64 sec = div_u64_rem(ns, NSEC_PER_SEC, &rem);

	*usec = rem / NSEC_PER_USEC;
	return sec;
}

static int to_user(struct itimerval __user *uval, const struct itimer_ns *it)
{
	struct itimerval val = { 0 };
	u32 usec;

	val.it_value.tv_sec = split_usec(it->value, &usec);
	val.it_value.tv_usec = usec;
	val.it_interval.tv_sec = split_usec(it->interval, &usec);
	val.it_interval.tv_usec = usec;
	return copy_to_user(uval, &val, sizeof(val)) ? -EFAULT : 0;
}

static int to_user32(struct old_itimerval32 __user *uval, const struct itimer_ns *it)
{
	struct old_itimerval32 val;
	u32 usec;

	val.it_value.tv_sec = split_usec(it->value, &usec);
	val.it_value.tv_usec = usec;
	val.it_interval.tv_sec = split_usec(it->interval, &usec);
	val.it_interval.tv_usec = usec;
	return copy_to_user(uval, &val, sizeof(val)) ? -EFAULT : 0;
}

long sys_getitimer(int which, struct itimerval __user *val)
{
	struct itimer_ns it;
	int err = do_getitimer(which, &it);

	return err ? err : to_user(val, &it);
}

/* No new value means a zero one, as Linux has always let it pass. */
long sys_setitimer(int which, struct itimerval __user *val, struct itimerval __user *oldval)
{
	struct itimer_ns new = { 0 }, old;
	int err = val ? from_user(&new, val) : 0;

	if (!err)
		err = do_setitimer(which, &new, oldval ? &old : NULL);
	if (!err && oldval)
		err = to_user(oldval, &old);
	return err;
}

long sys_getitimer_time32(int which, void __user *val)
{
	struct itimer_ns it;
	int err = do_getitimer(which, &it);

	return err ? err : to_user32(val, &it);
}

long sys_setitimer_time32(int which, void __user *val, void __user *oldval)
{
	struct itimer_ns new = { 0 }, old;
	int err = val ? from_user32(&new, val) : 0;

	if (!err)
		err = do_setitimer(which, &new, oldval ? &old : NULL);
	if (!err && oldval)
		err = to_user32(oldval, &old);
	return err;
}
