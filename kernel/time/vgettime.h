/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the vDSOs of all ports have in common: reading the clocks from the data page, in user mode.
 *
 * Only a vDSO's vgettime.c includes this.  It is user code: it may touch nothing but its data page, which
 * the kernel may rewrite at any moment (vdso_data.h has the protocol; the loads of seq are compiler barriers,
 * too, so that what is read in between needs none of its own).  A function that gives false does
 * not know the answer, and its caller makes the system call.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/time/vdso_data.h>
#include <linux/time.h>
#include <asm/vgettime.h>

extern const struct vdso_data _vdso_data __attribute__((visibility("hidden")));	/* vdso.lds */

/* The generic timer's counter has 56 bits at least; two readings are never that far apart. */
#define VDSO_COUNTER_MASK	((1ULL << 56) - 1)

#define VDSO_CLOCK_BIT(clock)	(1U << (clock))
#define VDSO_FINE_CLOCKS	(VDSO_CLOCK_BIT(CLOCK_REALTIME) | VDSO_CLOCK_BIT(CLOCK_MONOTONIC) | \
				 VDSO_CLOCK_BIT(CLOCK_BOOTTIME) | VDSO_CLOCK_BIT(CLOCK_TAI))
#define VDSO_COARSE_CLOCKS	(VDSO_CLOCK_BIT(CLOCK_REALTIME_COARSE) | VDSO_CLOCK_BIT(CLOCK_MONOTONIC_COARSE))

/* False: @d is a namespace's. */
static inline bool vdso_read_begin(const struct vdso_data *d, u32 *seq)
{
	while (unlikely((*seq = vdso_load_acquire(&d->seq)) & 1)) {
		if (d->timens)
			return false;
		vdso_relax();
	}
	return true;
}

/* @clock, one that goes on with the counter, by @mult. */
static inline bool vdso_read_fine(const struct vdso_data *d, clockid_t clock, const u32 *mult, u64 *sec, u64 *nsec)
{
	const struct vdso_base *base = &d->base[clock];
	unsigned long factor;
	u64 ns, s;
	u32 seq;

	do {
		if (unlikely(!vdso_read_begin(d, &seq)))
			return false;
		factor = *mult;
		if (unlikely(!factor))
			return false;
		ns = ((vdso_read_counter() - d->cycle_last) & VDSO_COUNTER_MASK) * factor;
		ns = vdso_shift_right(ns + base->ns, d->shift);
		s = base->sec;
	} while (vdso_load_after(&d->seq, ns) != seq);
	/* Not more often than the tick is seconds late; the compiler is not to make a division of it. */
	for (; unlikely(ns >= 1000000000U); ns -= 1000000000U) {
		asm("" : "+r" (ns));
		s++;
	}
	*sec = s;
	*nsec = ns;
	return true;
}

static inline bool vdso_read_coarse(const struct vdso_data *d, clockid_t clock, u64 *sec, u64 *nsec)
{
	u32 seq;

	do {
		if (unlikely(!vdso_read_begin(d, &seq)))
			return false;
		*sec = d->base[clock].sec;
		*nsec = d->base[clock].ns;
	} while (vdso_load_after(&d->seq, 0) != seq);
	return true;
}

/* One register for the page, rather than an address of each field from the literal pool (16 on arm). */
static inline const struct vdso_data *vdso_page(void)
{
	const struct vdso_data *d = &_vdso_data;

	asm("" : "+r" (d));
	return d;
}

/* The clock's own page, whatever is in the one above it. */
static inline const struct vdso_data *vdso_clock_page(const struct vdso_data *d)
{
	return (const struct vdso_data *)((const char *)d - sizeof(union vdso_page));
}

static inline bool vdso_gettime_from(const struct vdso_data *d, clockid_t clock, u64 *sec, u64 *nsec)
{
	u32 bit;

	if ((unsigned int)clock >= VDSO_CLOCKS)
		return false;
	bit = VDSO_CLOCK_BIT(clock);
	if (likely(bit & VDSO_FINE_CLOCKS))
		return vdso_read_fine(d, clock, &d->mult, sec, nsec);
	if (clock == CLOCK_MONOTONIC_RAW)
		return vdso_read_fine(d, clock, &d->raw_mult, sec, nsec);
	if (!(bit & VDSO_COARSE_CLOCKS))
		return false;
	return vdso_read_coarse(d, clock, sec, nsec);
}

static inline bool vdso_gettime(clockid_t clock, u64 *sec, u64 *nsec)
{
	return vdso_gettime_from(vdso_page(), clock, sec, nsec);
}

/*
 * When vdso_gettime() does not know: the time in a time namespace.  For a function of its own, which the fast one
 * ends in calling, so that all others pay nothing for it.
 */
static inline bool vdso_gettime_in_namespace(clockid_t clock, u64 *sec, u64 *nsec)
{
	const struct vdso_data *ns = vdso_page();

	if (!ns->timens || !vdso_gettime_from(vdso_clock_page(ns), clock, sec, nsec))
		return false;
	*sec += ns->base[clock].sec;
	*nsec += ns->base[clock].ns;
	if (*nsec >= 1000000000U) {
		*nsec -= 1000000000U;
		++*sec;
	}
	return true;
}

/*
 * clock_gettime under the name @function, for its kind of struct timespec; @nr: the call for what is not known here.
 */
#define VDSO_CLOCK_GETTIME(function, timespec, nr)						\
static noinline int function##_slow(clockid_t clock, timespec *ts)				\
{												\
	u64 sec, nsec;										\
												\
	if (!vdso_gettime_in_namespace(clock, &sec, &nsec))					\
		return vdso_syscall2(nr, clock, (long)ts);					\
	ts->tv_sec = sec;									\
	ts->tv_nsec = nsec;									\
	return 0;										\
}												\
												\
int function(clockid_t clock, timespec *ts)							\
{												\
	u64 sec, nsec;										\
												\
	if (!vdso_gettime(clock, &sec, &nsec))							\
		return function##_slow(clock, ts);						\
	ts->tv_sec = sec;									\
	ts->tv_nsec = nsec;									\
	return 0;										\
}

static inline bool vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz)
{
	const struct vdso_data *d = vdso_clock_page(vdso_page());	/* the same in all namespaces */
	u64 sec, nsec;

	if (tv) {
		if (!vdso_read_fine(d, CLOCK_REALTIME, &d->mult, &sec, &nsec))
			return false;
		tv->tv_sec = sec;
		tv->tv_usec = (u32)nsec / 1000;
	}
	if (tz) {
		tz->tz_minuteswest = d->tz_minuteswest;
		tz->tz_dsttime = d->tz_dsttime;
	}
	return true;
}

/* ns. The tick's length, which the coarse clocks have, is the kernel's to know. */
static inline bool vdso_getres(clockid_t clock, u32 *ns)
{
	const u32 fine = VDSO_FINE_CLOCKS | VDSO_CLOCK_BIT(CLOCK_MONOTONIC_RAW);

	if ((unsigned int)clock >= VDSO_CLOCKS || !(VDSO_CLOCK_BIT(clock) & fine))
		return false;
	*ns = vdso_clock_page(vdso_page())->hrtimer_res;
	return true;
}
