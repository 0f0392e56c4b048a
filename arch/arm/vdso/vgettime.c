// SPDX-License-Identifier: GPL-2.0-only
/*
 * clock_gettime, gettimeofday and clock_getres in user mode, under the names that libc looks up: those
 * without a number have 32-bit seconds.  This is user code: <kernel/time/vgettime.h> says what it may do.
 */
#include <kernel/time/vgettime.h>
#include <asm/unistd.h>

int __vdso_clock_gettime(clockid_t clock, struct __kernel_old_timespec *ts);
int __vdso_clock_gettime64(clockid_t clock, struct __kernel_timespec *ts);
int __vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz);
int __vdso_clock_getres(clockid_t clock, struct __kernel_old_timespec *res);

static noinline int clock_gettime_slow(clockid_t clock, struct __kernel_old_timespec *ts)
{
	u64 sec, nsec;

	if (!vdso_gettime_in_namespace(clock, &sec, &nsec))
		return vdso_syscall2(__NR_clock_gettime, clock, (long)ts);
	ts->tv_sec = sec;
	ts->tv_nsec = nsec;
	return 0;
}

int __vdso_clock_gettime(clockid_t clock, struct __kernel_old_timespec *ts)
{
	u64 sec, nsec;

	if (!vdso_gettime(clock, &sec, &nsec))
		return clock_gettime_slow(clock, ts);
	ts->tv_sec = sec;
	ts->tv_nsec = nsec;
	return 0;
}

static noinline int clock_gettime64_slow(clockid_t clock, struct __kernel_timespec *ts)
{
	u64 sec, nsec;

	if (!vdso_gettime_in_namespace(clock, &sec, &nsec))
		return vdso_syscall2(__NR_clock_gettime64, clock, (long)ts);
	ts->tv_sec = sec;
	ts->tv_nsec = nsec;
	return 0;
}

int __vdso_clock_gettime64(clockid_t clock, struct __kernel_timespec *ts)
{
	u64 sec, nsec;

	if (!vdso_gettime(clock, &sec, &nsec))
		return clock_gettime64_slow(clock, ts);
	ts->tv_sec = sec;
	ts->tv_nsec = nsec;
	return 0;
}

int __vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz)
{
	if (!vdso_gettimeofday(tv, tz))
		return vdso_syscall2(__NR_gettimeofday, (long)tv, (long)tz);
	return 0;
}

int __vdso_clock_getres(clockid_t clock, struct __kernel_old_timespec *res)
{
	u32 ns;

	if (!vdso_getres(clock, &ns))
		return vdso_syscall2(__NR_clock_getres, clock, (long)res);
	if (res) {
		res->tv_sec = 0;
		res->tv_nsec = ns;
	}
	return 0;
}
