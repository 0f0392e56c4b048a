/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page that the kernel writes and the vDSO's code reads (it is mapped read-only into user
 * space).
 *
 * Read: take seq (retry while odd), fields, counter; retry if seq changed.  The layout is the same
 * for 64-bit and 32-bit code.
 *	delta_ns  = ((counter - cycle_last) & mask) * mult + frac >> shift
 *	monotonic = mono_ns + delta_ns;  realtime = monotonic + wall_offset
 * With clock_mode VDSO_CLOCKMODE_NONE the vDSO makes the system call instead.
 */
#pragma once

#include <linux/types.h>

struct vdso_data {
	__u32	seq;
	__u32	clock_mode;		/* VDSO_CLOCKMODE_* of <kernel/time/clocksource.h> */
	__u64	cycle_last;
	__u64	mask;
	__u32	mult;
	__u32	shift;
	__u64	mono_ns;		/* CLOCK_MONOTONIC at cycle_last */
	__u64	frac;			/* ns << shift below one ns */
	__s64	wall_offset;		/* CLOCK_REALTIME - CLOCK_MONOTONIC */
	__s64	boot_offset;		/* CLOCK_BOOTTIME - CLOCK_MONOTONIC */
	__s64	tai_offset;		/* CLOCK_TAI - CLOCK_REALTIME, seconds */
	__u64	coarse_mono_ns;		/* at the last tick */
	__u64	raw_ns;			/* CLOCK_MONOTONIC_RAW at cycle_last */
	__u32	raw_mult;
	__u32	hrtimer_res;		/* ns */
	__s32	tz_minuteswest;
	__s32	tz_dsttime;
};

/* One page, aligned: kernel/time/vdso_data.c. */
union vdso_page {
	struct vdso_data	data;
	__u8			page[4096];
};
extern union vdso_page vdso_data_page;
