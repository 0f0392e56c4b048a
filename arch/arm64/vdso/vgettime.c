// SPDX-License-Identifier: GPL-2.0-only
/*
 * clock_gettime, gettimeofday and clock_getres in user mode.  This is user code: it is compiled into the
 * vDSO, may touch nothing but its data page, and makes the system call for what it does not know.
 */
#include <kernel/time/clocksource.h>
#include <kernel/time/vdso_data.h>
#include <linux/time.h>
#include <asm/unistd.h>

#define NSEC_PER_SEC	1000000000ULL
#define READ(x)		(*(const volatile __typeof__(x) *)&(x))

extern const struct vdso_data _vdso_data __attribute__((visibility("hidden")));

int __kernel_clock_gettime(clockid_t clock, struct __kernel_timespec *ts);
int __kernel_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz);
int __kernel_clock_getres(clockid_t clock, struct __kernel_timespec *res);

static inline long syscall2(long number, long a, long b)
{
	register long x0 asm("x0") = a;
	register long x1 asm("x1") = b;
	register long x8 asm("x8") = number;

	asm volatile("svc #0" : "+r" (x0) : "r" (x1), "r" (x8) : "memory");
	return x0;
}

/*
 * The counter, read after what precedes it in program order.  The load that depends on its value makes
 * a later barrier for loads wait for the counter, too.
 */
static inline u64 read_counter(void)
{
	u64 count, tmp;

	asm volatile("isb\n\tmrs %0, cntvct_el0\n\t"
		     "eor %1, %0, %0\n\tadd %1, sp, %1\n\tldr xzr, [%1]"
		     : "=r" (count), "=&r" (tmp) : : "memory");
	return count;
}

static inline u32 read_begin(const struct vdso_data *d)
{
	u32 seq;

	while ((seq = READ(d->seq)) & 1)
		asm volatile("yield");
	asm volatile("dmb ishld" : : : "memory");
	return seq;
}

static inline bool read_retry(const struct vdso_data *d, u32 seq)
{
	asm volatile("dmb ishld" : : : "memory");
	return READ(d->seq) != seq;
}

/* ns of @clock; false: ask the kernel. */
static inline bool read_clock(clockid_t clock, u64 *ns)
{
	const struct vdso_data *d = &_vdso_data;
	u64 delta, t;
	u32 seq;

	do {
		seq = read_begin(d);
		if (clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE) {
			t = READ(d->coarse_mono_ns);
		} else {
			if (READ(d->clock_mode) != VDSO_CLOCKMODE_ARCHTIMER)
				return false;
			delta = (read_counter() - READ(d->cycle_last)) & READ(d->mask);
			if (clock == CLOCK_MONOTONIC_RAW)
				t = READ(d->raw_ns) + (delta * READ(d->raw_mult) >> READ(d->shift));
			else
				t = READ(d->mono_ns) +
				    ((delta * READ(d->mult) + READ(d->frac)) >> READ(d->shift));
		}
		if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
			t += READ(d->wall_offset);
		else if (clock == CLOCK_BOOTTIME)
			t += READ(d->boot_offset);
		else if (clock == CLOCK_TAI)
			t += READ(d->wall_offset) + READ(d->tai_offset) * (s64)NSEC_PER_SEC;
	} while (read_retry(d, seq));
	*ns = t;
	return true;
}

static inline bool clock_is_known(clockid_t clock)
{
	const unsigned int known = 1U << CLOCK_REALTIME | 1U << CLOCK_MONOTONIC |
		1U << CLOCK_MONOTONIC_RAW | 1U << CLOCK_REALTIME_COARSE |
		1U << CLOCK_MONOTONIC_COARSE | 1U << CLOCK_BOOTTIME | 1U << CLOCK_TAI;

	return (unsigned int)clock < 32 && (known >> clock & 1);
}

int __kernel_clock_gettime(clockid_t clock, struct __kernel_timespec *ts)
{
	u64 ns;

	if (!clock_is_known(clock) || !read_clock(clock, &ns))
		return syscall2(__NR_clock_gettime, clock, (long)ts);
	ts->tv_sec = ns / NSEC_PER_SEC;
	ts->tv_nsec = ns % NSEC_PER_SEC;
	return 0;
}

int __kernel_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz)
{
	u64 ns;

	if (tv) {
		if (!read_clock(CLOCK_REALTIME, &ns))
			return syscall2(__NR_gettimeofday, (long)tv, (long)tz);
		tv->tv_sec = ns / NSEC_PER_SEC;
		tv->tv_usec = ns % NSEC_PER_SEC / 1000;
	}
	if (tz) {
		tz->tz_minuteswest = READ(_vdso_data.tz_minuteswest);
		tz->tz_dsttime = READ(_vdso_data.tz_dsttime);
	}
	return 0;
}

int __kernel_clock_getres(clockid_t clock, struct __kernel_timespec *res)
{
	if (!clock_is_known(clock) || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE)
		return syscall2(__NR_clock_getres, clock, (long)res);
	if (res) {
		res->tv_sec = 0;
		res->tv_nsec = READ(_vdso_data.hrtimer_res);
	}
	return 0;
}
