/* SPDX-License-Identifier: GPL-2.0-only */
/* Private to kernel/time: the state of the clock, shared by timekeeping.c, ntp.c and
 * vdso_data.c. */
#pragma once

#include <kernel/locking/spinlock.h>
#include <kernel/time/clocksource.h>
#include <kernel/time/timekeeping.h>

/* Written with tk_lock held between write_seqcount_begin/end; read by retry. */
struct timekeeper {
	seqcount_t		seq;
	const struct clocksource *cs;	/* what cycle_last was read from */
	u64			cycle_last;	/* counter at the last update */
	u32			mult;		/* cs->mult with the frequency correction */
	u32			shift;
	u64			mono_ns;	/* CLOCK_MONOTONIC at cycle_last */
	u64			frac;		/* ns << shift, below 1 ns */
	u64			raw_ns, raw_frac; /* the same without frequency correction */
	s64			wall_offset;	/* CLOCK_REALTIME - CLOCK_MONOTONIC */
	s32			tai_offset;	/* seconds */
};
extern struct timekeeper tk;
extern spinlock_t tk_lock;

/* tk_lock held, inside the write section. */
void timekeeping_forward(void);
void timekeeping_set_frequency(s64 scaled_ppm);	/* ppm << 16 */
void vdso_data_update(void);
/* ns by which CLOCK_REALTIME is to move for the @elapsed ns since the last call (adjtime).
 * tk_lock held. */
s64 ntp_slew(u64 elapsed);

/* timer_nanosleep of the CPU clocks, cpu_timer.c. */
long cpu_clock_nanosleep(clockid_t clock, bool absolute, u64 ns, u64 *left);
