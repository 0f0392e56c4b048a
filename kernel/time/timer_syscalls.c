// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls on clocks and sleeping, with 64-bit time; time32.c has the variants of old 32-bit
 * programs.
 *
 * The functions below that take kernel time structures are shared with it (clock_calls.h).
 */
#include <kernel/time/clock_calls.h>

#include <generated/syscalls.h>
#include <linux/timex.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <kernel/time/cpu_timer.h>
#include <kernel/time/internal.h>
#include <kernel/time/tick.h>
#include <kernel/time/time_syscalls.h>
#include <kernel/time/vdso_data.h>
#include <kernel/time_namespace.h>
#include <asm/uaccess.h>

/* ---- clocks -------------------------------------------------------------------------------- */

int clock_get(clockid_t clock, struct timespec64 *ts)
{
	struct task_struct *task;
	struct cpu_clock cc;
	u64 ns;
	int err;

	if (!ktime_get_clock(clock, &ns)) {
		ns += timens_offset(clock);
	} else {
		err = cpu_clock_find(clock, &cc, &task);
		if (err)
			return err;
		ns = cpu_clock_sample(&cc, task);
		put_task_struct(task);
	}
	*ts = ns_to_timespec64(ns);
	return 0;
}

int clock_check_set(clockid_t clock)
{
	return clock == CLOCK_REALTIME || clock < 0 ? 0 : -EINVAL;
}

int clock_check_timers(clockid_t clock)
{
	switch (clock) {
	case CLOCK_REALTIME:
	case CLOCK_MONOTONIC:
	case CLOCK_BOOTTIME:
	case CLOCK_TAI:
	case CLOCK_REALTIME_ALARM:
	case CLOCK_BOOTTIME_ALARM:
	case CLOCK_PROCESS_CPUTIME_ID:
	case CLOCK_THREAD_CPUTIME_ID:
		return 0;
	case CLOCK_MONOTONIC_RAW:
	case CLOCK_MONOTONIC_COARSE:
	case CLOCK_REALTIME_COARSE:
		return -EOPNOTSUPP;
	}
	if (clock >= 0)
		return -EINVAL;
	return cpu_clock_is_fd(clock) ? -EOPNOTSUPP : 0;
}

int clock_check_adjust(clockid_t clock)
{
	struct timespec64 now;

	if (clock == CLOCK_REALTIME)
		return 0;
	if (clock < 0)
		return cpu_clock_is_fd(clock) ? -EINVAL : -EOPNOTSUPP;
	return clock_get(clock, &now) ? -EINVAL : -EOPNOTSUPP;
}

int clock_set(clockid_t clock, const struct timespec64 *ts)
{
	struct timespec64 now;

	if (clock != CLOCK_REALTIME)
		return clock_get(clock, &now) ? -EINVAL : -EPERM;
	if (!timespec64_valid(ts))
		return -EINVAL;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	return do_settimeofday64(ts);
}

int clock_res(clockid_t clock, struct timespec64 *ts)
{
	struct timespec64 now;
	int err = clock_get(clock, &now);

	if (err)
		return err;
	*ts = (struct timespec64) { .tv_nsec = 1 };
	if (clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE ||
	    (clock < 0 && (clock & 3) != CPUCLOCK_SCHED))
		ts->tv_nsec = TICK_NSEC;
	return 0;
}

long sys_clock_gettime(clockid_t clock, struct __kernel_timespec __user *uts)
{
	struct timespec64 ts;
	int err = clock_get(clock, &ts);

	return err ? err : put_timespec64(&ts, uts);
}

long sys_clock_settime(clockid_t clock, const struct __kernel_timespec __user *uts)
{
	struct timespec64 ts;
	int err = clock_check_set(clock) ?: get_timespec64(&ts, uts);

	return err ? err : clock_set(clock, &ts);
}

long sys_clock_getres(clockid_t clock, struct __kernel_timespec __user *uts)
{
	struct timespec64 ts;
	int err = clock_res(clock, &ts);

	return err || !uts ? err : put_timespec64(&ts, uts);
}

/* ---- sleeping ------------------------------------------------------------------------------ */

static int put_remainder(int type, void __user *rmtp, u64 ns)
{
	struct timespec64 left = ns_to_timespec64(ns);

	if (type == SLEEP_TIME32)
		return put_old_timespec32(&left, rmtp);
	return put_timespec64(&left, rmtp);
}

/* Sleep until @expires on @clock; what is left in *left if a signal came. */
static int sleep_until(clockid_t clock, u64 expires, u64 *left)
{
	u64 now;

	*left = 0;
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!schedule_hrtimeout(&expires, clock))
			return 0;
		if (signal_pending(current))
			break;
	}
	if (ktime_get_clock(clock, &now) || now >= expires)
		return 0;
	*left = expires - now;
	return -EINTR;
}

/* A relative sleep that a signal interrupted: tell the rest, go on in restart_syscall(2). */
static long interrupted(clockid_t clock, u64 expires, u64 left, int type, void __user *rmtp);

static long nanosleep_restart(struct restart_block *rb)
{
	u64 left;

	if (!sleep_until(rb->nanosleep.clock, rb->nanosleep.expires, &left))
		return 0;
	return interrupted(rb->nanosleep.clock, rb->nanosleep.expires, left, rb->nanosleep.type,
			   rb->nanosleep.rmtp);
}

static long interrupted(clockid_t clock, u64 expires, u64 left, int type, void __user *rmtp)
{
	struct restart_block *rb = &current->restart_block;

	if (rmtp && put_remainder(type, rmtp, left))
		return -EFAULT;
	rb->fn = nanosleep_restart;
	rb->nanosleep.clock = clock;
	rb->nanosleep.expires = expires;
	rb->nanosleep.type = type;
	rb->nanosleep.rmtp = rmtp;
	return -ERESTART_RESTARTBLOCK;
}

static long sleep_on_cpu_clock(clockid_t clock, int flags, u64 ns, int type, void __user *rmtp)
{
	u64 left;
	long err = cpu_clock_nanosleep(clock, flags & TIMER_ABSTIME, ns, &left);

	if (err != -EINTR)
		return err;
	if (flags & TIMER_ABSTIME)
		return -ERESTARTNOHAND;
	return rmtp && put_remainder(type, rmtp, left) ? -EFAULT : -EINTR;
}

long clock_sleep(clockid_t clock, int flags, const struct timespec64 *req, int type,
		 void __user *rmtp)
{
	u64 ns, now, left;

	if (!timespec64_valid(req))
		return -EINVAL;
	ns = timespec64_to_ns(req);
	if (clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID)
		return sleep_on_cpu_clock(clock, flags, ns, type, rmtp);
	if (clock == CLOCK_REALTIME_ALARM || clock == CLOCK_BOOTTIME_ALARM) {
		if (flags & ~TIMER_ABSTIME)
			return -EINVAL;
		if (!capable(CAP_WAKE_ALARM))
			return -EPERM;
		clock = clock == CLOCK_REALTIME_ALARM ? CLOCK_REALTIME : CLOCK_BOOTTIME;
	}
	if (flags & TIMER_ABSTIME)
		return sleep_until(clock, timens_to_host(clock, ns), &left) ? -ERESTARTNOHAND : 0;
	/* A relative sleep does not care when CLOCK_REALTIME is set. */
	now = ktime_get_ns();
	ns = min_t(u64, now + ns, KTIME_MAX);
	if (!sleep_until(CLOCK_MONOTONIC, ns, &left))
		return 0;
	return interrupted(CLOCK_MONOTONIC, ns, left, type, rmtp);
}

long sys_clock_nanosleep(clockid_t clock, int flags, const struct __kernel_timespec __user *ureq,
			 struct __kernel_timespec __user *urem)
{
	struct timespec64 req;
	int err = clock_check_sleep(clock) ?: get_timespec64(&req, ureq);

	return err ? err : clock_sleep(clock, flags, &req, SLEEP_TIME64, urem);
}

long sys_nanosleep(const struct __kernel_timespec __user *ureq, struct __kernel_timespec __user *urem)
{
	return sys_clock_nanosleep(CLOCK_MONOTONIC, 0, ureq, urem);
}

/* ---- time of day --------------------------------------------------------------------------- */

static struct timezone system_timezone;		/* [a] what settimeofday(2) put there */

int put_timezone(struct timezone __user *utz)
{
	return utz && copy_to_user(utz, &system_timezone, sizeof(*utz)) ? -EFAULT : 0;
}

int set_time_of_day(const struct timespec64 *ts, const struct timezone __user *utz)
{
	struct timezone tz;

	if (utz && copy_from_user(&tz, utz, sizeof(tz)))
		return -EFAULT;
	if (ts && !timespec64_valid(ts))
		return -EINVAL;
	if (!capable(CAP_SYS_TIME))
		return -EPERM;
	if (utz) {
		if (tz.tz_minuteswest > 15 * 60 || tz.tz_minuteswest < -15 * 60)
			return -EINVAL;
		system_timezone = tz;
		vdso_data_page.data.tz_minuteswest = tz.tz_minuteswest;
		vdso_data_page.data.tz_dsttime = tz.tz_dsttime;
	}
	return ts ? do_settimeofday64(ts) : 0;
}

long sys_gettimeofday(struct timeval __user *utv, struct timezone __user *utz)
{
	if (utv) {
		struct timespec64 ts;
		struct timeval tv;

		ktime_get_real_ts64(&ts);
		tv.tv_sec = ts.tv_sec;
		tv.tv_usec = ts.tv_nsec / NSEC_PER_USEC;
		if (copy_to_user(utv, &tv, sizeof(tv)))
			return -EFAULT;
	}
	return put_timezone(utz);
}

long sys_settimeofday(struct timeval __user *utv, struct timezone __user *utz)
{
	struct timespec64 ts;
	struct timeval tv;

	if (utv) {
		if (copy_from_user(&tv, utv, sizeof(tv)))
			return -EFAULT;
		if (tv.tv_usec < 0 || tv.tv_usec > USEC_PER_SEC)
			return -EINVAL;
		ts.tv_sec = tv.tv_sec;
		ts.tv_nsec = tv.tv_usec * NSEC_PER_USEC;
	}
	return set_time_of_day(utv ? &ts : NULL, utz);
}

/* ---- the rest ------------------------------------------------------------------------------ */

long sys_clock_adjtime(clockid_t clock, void __user *utx)
{
	struct __kernel_timex tx;
	int state;

	if (copy_from_user(&tx, utx, sizeof(tx)))
		return -EFAULT;
	state = clock_check_adjust(clock) ?: do_adjtimex(&tx);
	if (state >= 0 && copy_to_user(utx, &tx, sizeof(tx)))
		return -EFAULT;
	return state;
}

long sys_adjtimex(void __user *utx)
{
	return sys_clock_adjtime(CLOCK_REALTIME, utx);
}

static void fill_tms(struct tms *tms)
{
	struct signal_struct *sig = current->signal;
	u64 utime, stime, cutime, cstime;

	spin_lock_irq(&current->sighand->siglock);
	thread_group_cputime(current, &utime, &stime);
	cutime = sig->cutime;
	cstime = sig->cstime;
	spin_unlock_irq(&current->sighand->siglock);
	tms->tms_utime = nsec_to_clock_t(utime);
	tms->tms_stime = nsec_to_clock_t(stime);
	tms->tms_cutime = nsec_to_clock_t(cutime);
	tms->tms_cstime = nsec_to_clock_t(cstime);
}

long sys_times(struct tms __user *utms)
{
	struct tms tms;

	if (utms) {
		fill_tms(&tms);
		if (copy_to_user(utms, &tms, sizeof(tms)))
			return -EFAULT;
	}
	return (long)nsec_to_clock_t(ktime_get_ns());
}

long sys_times32(s32 __user *utms)
{
	struct tms tms;

	if (utms) {
		s32 tms32[4];

		fill_tms(&tms);
		tms32[0] = tms.tms_utime;
		tms32[1] = tms.tms_stime;
		tms32[2] = tms.tms_cutime;
		tms32[3] = tms.tms_cstime;
		if (copy_to_user(utms, tms32, sizeof(tms32)))
			return -EFAULT;
	}
	return (s32)nsec_to_clock_t(ktime_get_ns());
}
