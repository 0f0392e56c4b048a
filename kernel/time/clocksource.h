/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A clocksource is a free-running counter that time is read from.
 *
 * ns = (cycles & mask) * mult >> shift.  The one with the highest rating is used.
 */
#pragma once

#include <kernel/lib/types.h>

/* How the vDSO may read it: values of vdso_data.clock_mode. */
#define VDSO_CLOCKMODE_NONE	0
#define VDSO_CLOCKMODE_ARCHTIMER 1	/* CNTVCT is readable by user code */

struct clocksource {
	const char	*name;			/* [I] */
	u64		(*read)(struct clocksource *cs); /* [I] any context, any CPU: one counter for all */
	u64		mask;			/* [I] CLOCKSOURCE_MASK(bits) */
	u32		mult, shift;		/* [I] filled by clocksource_register_hz() */
	u32		freq;			/* [I] Hz */
	int		rating;			/* [I] 0..499 */
	unsigned int	vdso_clock_mode;	/* [I] VDSO_CLOCKMODE_* */
};

#define CLOCKSOURCE_MASK(bits)	(~0ULL >> (64 - (bits)))

/* Sets mult and shift for @hz and registers. Boot, any time after timekeeping_init. */
void clocksource_register_hz(struct clocksource *cs, u32 hz);
void clocksource_register(struct clocksource *cs);	/* mult and shift are set */
/* mult and shift such that @from Hz counts become @to Hz ones, good for @maxsec seconds of
 * counts. */
void clocks_calc_mult_shift(u32 *mult, u32 *shift, u32 from, u32 to, u32 maxsec);
const char *clocksource_name(void);		/* the one in use */
