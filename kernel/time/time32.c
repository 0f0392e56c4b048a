// SPDX-License-Identifier: GPL-2.0-only
/*
 * The clock calls of 32-bit programs with 32-bit time: the same functions, other structures.
 *
 * setitimer and timer_settime have theirs beside the 64-bit ones.
 */
#include <linux/timex.h>
#include <kernel/lib/err.h>
#include <kernel/time/clock_calls.h>
#include <kernel/time/time_syscalls.h>
#include <asm/uaccess.h>

/* struct timex of the 32-bit ABI. */
struct old_timex32 {
	u32			modes;
	s32			offset, freq, maxerror, esterror;
	s32			status, constant, precision, tolerance;
	struct old_timeval32	time;
	s32			tick, ppsfreq, jitter, shift, stabil;
	s32			jitcnt, calcnt, errcnt, stbcnt, tai;
	s32			reserved[11];
};
static_assert(sizeof(struct old_timex32) == 128);

long sys_clock_gettime_time32(clockid_t clock, void __user *uts)
{
	struct timespec64 ts;
	int err = clock_get(clock, &ts);

	return err ? err : put_old_timespec32(&ts, uts);
}

long sys_clock_settime_time32(clockid_t clock, const void __user *uts)
{
	struct timespec64 ts;
	int err = clock_check_set(clock) ?: get_old_timespec32(&ts, uts);

	return err ? err : clock_set(clock, &ts);
}

long sys_clock_getres_time32(clockid_t clock, void __user *uts)
{
	struct timespec64 ts;
	int err = clock_res(clock, &ts);

	return err || !uts ? err : put_old_timespec32(&ts, uts);
}

long sys_clock_nanosleep_time32(clockid_t clock, int flags, const void __user *ureq,
				void __user *urem)
{
	struct timespec64 req;
	int err = clock_check_sleep(clock) ?: get_old_timespec32(&req, ureq);

	return err ? err : clock_sleep(clock, flags, &req, SLEEP_TIME32, urem);
}

long sys_nanosleep_time32(const void __user *ureq, void __user *urem)
{
	return sys_clock_nanosleep_time32(CLOCK_MONOTONIC, 0, ureq, urem);
}

long sys_gettimeofday_time32(void __user *utv, struct timezone __user *utz)
{
	if (utv) {
		struct old_timeval32 tv;
		struct timespec64 ts;

		ktime_get_real_ts64(&ts);
		tv.tv_sec = ts.tv_sec;
		tv.tv_usec = ts.tv_nsec / NSEC_PER_USEC;
		if (copy_to_user(utv, &tv, sizeof(tv)))
			return -EFAULT;
	}
	return put_timezone(utz);
}

long sys_settimeofday_time32(void __user *utv, struct timezone __user *utz)
{
	struct old_timeval32 tv;
	struct timespec64 ts;

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

static void timex_from_32(struct __kernel_timex *tx, const struct old_timex32 *t)
{
	*tx = (struct __kernel_timex) {
		.modes = t->modes, .offset = t->offset, .freq = t->freq,
		.maxerror = t->maxerror, .esterror = t->esterror, .status = t->status,
		.constant = t->constant, .tick = t->tick, .tai = t->tai,
		.time = { .tv_sec = t->time.tv_sec, .tv_usec = t->time.tv_usec },
	};
}

static void timex_to_32(struct old_timex32 *t, const struct __kernel_timex *tx)
{
	*t = (struct old_timex32) {
		.modes = tx->modes, .offset = tx->offset, .freq = tx->freq,
		.maxerror = tx->maxerror, .esterror = tx->esterror, .status = tx->status,
		.constant = tx->constant, .precision = tx->precision, .tolerance = tx->tolerance,
		.time = { .tv_sec = tx->time.tv_sec, .tv_usec = tx->time.tv_usec },
		.tick = tx->tick, .tai = tx->tai,
	};
}

long sys_clock_adjtime_time32(clockid_t clock, void __user *utx)
{
	struct __kernel_timex tx;
	struct old_timex32 t;
	int state;

	if (copy_from_user(&t, utx, sizeof(t)))
		return -EFAULT;
	timex_from_32(&tx, &t);
	state = clock_check_adjust(clock) ?: do_adjtimex(&tx);
	timex_to_32(&t, &tx);
	if (state >= 0 && copy_to_user(utx, &t, sizeof(t)))
		return -EFAULT;
	return state;
}

long sys_adjtimex_time32(void __user *utx)
{
	return sys_clock_adjtime_time32(CLOCK_REALTIME, utx);
}
