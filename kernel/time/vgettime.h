/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the vDSOs of all ports have in common: reading the clocks from the data page, in user mode.
 *
 * Only a vDSO's vgettime.c includes this.  It is user code: it may touch nothing but its data page, which
 * the kernel may rewrite at any moment (vdso_data.h has the protocol).  A function that gives false does
 * not know the answer, and its caller makes the system call.
 */
#pragma once

#include <kernel/time/clocksource.h>
#include <kernel/time/vdso_data.h>
#include <linux/time.h>
#include <asm/vgettime.h>

#define VDSO_READ(x)		(*(const volatile __typeof__(x) *)&(x))

extern const struct vdso_data _vdso_data __attribute__((visibility("hidden")));	/* vdso.lds */

static inline u32 vdso_read_begin(const struct vdso_data *d)
{
	u32 seq;

	while ((seq = VDSO_READ(d->seq)) & 1)
		vdso_relax();
	vdso_rmb();
	return seq;
}

static inline bool vdso_read_retry(const struct vdso_data *d, u32 seq)
{
	vdso_rmb();
	return VDSO_READ(d->seq) != seq;
}

static inline bool vdso_clock_is_known(clockid_t clock)
{
	const unsigned int known = 1U << CLOCK_REALTIME | 1U << CLOCK_MONOTONIC |
		1U << CLOCK_MONOTONIC_RAW | 1U << CLOCK_REALTIME_COARSE |
		1U << CLOCK_MONOTONIC_COARSE | 1U << CLOCK_BOOTTIME | 1U << CLOCK_TAI;

	return (unsigned int)clock < 32 && (known >> clock & 1);
}

/* What @clock is ahead of the monotonic one, ns; a torn value is thrown away by the caller. */
static inline u64 vdso_clock_offset(const struct vdso_data *d, clockid_t clock)
{
	if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)
		return VDSO_READ(d->wall_offset);
	if (clock == CLOCK_BOOTTIME)
		return VDSO_READ(d->boot_offset);
	if (clock == CLOCK_TAI)
		return VDSO_READ(d->wall_offset) + VDSO_READ(d->tai_offset) * 1000000000LL;
	return 0;
}

/* ns of @clock, which is a known one. */
static inline bool vdso_read_clock(clockid_t clock, u64 *ns)
{
	const struct vdso_data *d = &_vdso_data;
	u64 delta, t;
	u32 seq;

	/* One register for the page, rather than an address of each field from the literal pool (16 on arm). */
	asm("" : "+r" (d));
	do {
		seq = vdso_read_begin(d);
		if (clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE) {
			t = VDSO_READ(d->coarse_mono_ns);
		} else {
			if (VDSO_READ(d->clock_mode) != VDSO_CLOCKMODE_ARCHTIMER)
				return false;
			delta = (vdso_read_counter() - VDSO_READ(d->cycle_last)) & VDSO_READ(d->mask);
			if (clock == CLOCK_MONOTONIC_RAW)
				t = VDSO_READ(d->raw_ns) +
				    (delta * VDSO_READ(d->raw_mult) >> VDSO_READ(d->shift));
			else
				t = VDSO_READ(d->mono_ns) +
				    ((delta * VDSO_READ(d->mult) + VDSO_READ(d->frac)) >> VDSO_READ(d->shift));
		}
		t += vdso_clock_offset(d, clock);
	} while (vdso_read_retry(d, seq));
	*ns = t;
	return true;
}

static inline bool vdso_gettime(clockid_t clock, u64 *sec, u32 *nsec)
{
	u64 ns;

	if (!vdso_clock_is_known(clock) || !vdso_read_clock(clock, &ns))
		return false;
	*sec = vdso_split_ns(ns, nsec);
	return true;
}

static inline bool vdso_gettimeofday(struct __kernel_old_timeval *tv, struct timezone *tz)
{
	u64 ns;
	u32 nsec;

	if (tv) {
		if (!vdso_read_clock(CLOCK_REALTIME, &ns))
			return false;
		tv->tv_sec = vdso_split_ns(ns, &nsec);
		tv->tv_usec = nsec / 1000;
	}
	if (tz) {
		tz->tz_minuteswest = VDSO_READ(_vdso_data.tz_minuteswest);
		tz->tz_dsttime = VDSO_READ(_vdso_data.tz_dsttime);
	}
	return true;
}

/* ns. The tick's length, which the coarse clocks have, is the kernel's to know. */
static inline bool vdso_getres(clockid_t clock, u32 *ns)
{
	if (!vdso_clock_is_known(clock) || clock == CLOCK_REALTIME_COARSE || clock == CLOCK_MONOTONIC_COARSE)
		return false;
	*ns = VDSO_READ(_vdso_data.hrtimer_res);
	return true;
}
