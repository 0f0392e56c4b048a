// SPDX-License-Identifier: GPL-2.0-only
/* Conversions between ns and the time structures of the user ABI, and their copies to and from
 * user space. */
#include <kernel/lib/err.h>
#include <kernel/compat.h>
#include <kernel/lib/math64.h>
#include <kernel/time/timekeeping.h>
#include <asm/uaccess.h>

static_assert(sizeof(struct old_timespec32) == 8);
static_assert(sizeof(struct __kernel_timespec) == 16);

struct timespec64 ns_to_timespec64(s64 ns)
{
	struct timespec64 ts;
	u32 rem;

	if (ns >= 0) {
		ts.tv_sec = div_u64_rem(ns, NSEC_PER_SEC, &rem);
		ts.tv_nsec = rem;
	} else {
		ts.tv_sec = -(s64)div_u64_rem(-(u64)ns - 1, NSEC_PER_SEC, &rem) - 1;
		ts.tv_nsec = NSEC_PER_SEC - 1 - rem;
	}
	return ts;
}

s64 timespec64_to_ns(const struct timespec64 *ts)
{
	if (ts->tv_sec >= KTIME_SEC_MAX)
		return KTIME_MAX;
	if (ts->tv_sec <= -KTIME_SEC_MAX)
		return -KTIME_MAX;
	return ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
}

u64 nsec_to_clock_t(u64 ns)
{
	return div_u64(ns, NSEC_PER_USER_TICK);
}

int get_timespec64(struct timespec64 *ts, const struct __kernel_timespec __user *uts)
{
	struct __kernel_timespec kts;

	if (copy_from_user(&kts, uts, sizeof(kts)))
		return -EFAULT;
	ts->tv_sec = kts.tv_sec;
	/* A 64-bit field on both ABIs; a 32-bit program writes the low half and leaves padding. */
	ts->tv_nsec = is_compat_task() ? (u32)kts.tv_nsec : (long)kts.tv_nsec;
	return 0;
}

int put_timespec64(const struct timespec64 *ts, struct __kernel_timespec __user *uts)
{
	struct __kernel_timespec kts = { .tv_sec = ts->tv_sec, .tv_nsec = ts->tv_nsec };

	return copy_to_user(uts, &kts, sizeof(kts)) ? -EFAULT : 0;
}

int get_itimerspec64(struct itimerspec64 *it, const struct __kernel_itimerspec __user *uit)
{
	int err = get_timespec64(&it->it_interval, &uit->it_interval);

	return err ? err : get_timespec64(&it->it_value, &uit->it_value);
}

int put_itimerspec64(const struct itimerspec64 *it, struct __kernel_itimerspec __user *uit)
{
	int err = put_timespec64(&it->it_interval, &uit->it_interval);

	return err ? err : put_timespec64(&it->it_value, &uit->it_value);
}

int get_old_timespec32(struct timespec64 *ts, const void __user *uts)
{
	struct old_timespec32 old;

	if (copy_from_user(&old, uts, sizeof(old)))
		return -EFAULT;
	ts->tv_sec = old.tv_sec;
	ts->tv_nsec = old.tv_nsec;
	return 0;
}

int put_old_timespec32(const struct timespec64 *ts, void __user *uts)
{
	struct old_timespec32 old = { .tv_sec = ts->tv_sec, .tv_nsec = ts->tv_nsec };

	return copy_to_user(uts, &old, sizeof(old)) ? -EFAULT : 0;
}

int get_old_itimerspec32(struct itimerspec64 *it, const struct old_itimerspec32 __user *uit)
{
	int err = get_old_timespec32(&it->it_interval, &uit->it_interval);

	return err ? err : get_old_timespec32(&it->it_value, &uit->it_value);
}

int put_old_itimerspec32(const struct itimerspec64 *it, struct old_itimerspec32 __user *uit)
{
	int err = put_old_timespec32(&it->it_interval, &uit->it_interval);

	return err ? err : put_old_timespec32(&it->it_value, &uit->it_value);
}
