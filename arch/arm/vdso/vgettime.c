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

VDSO_CLOCK_GETTIME(__vdso_clock_gettime, struct __kernel_old_timespec, __NR_clock_gettime)
VDSO_CLOCK_GETTIME(__vdso_clock_gettime64, struct __kernel_timespec, __NR_clock_gettime64)

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
