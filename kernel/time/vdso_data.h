/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page that the kernel writes and the vDSO's code reads (it is mapped read-only into user
 * space).
 *
 * Read: take seq (retry while odd), fields, counter; retry if seq changed.  The layout is the same
 * for 64-bit and 32-bit code.
 *	ns = (counter - cycle_last) * mult + base.ns >> shift, on top of base.sec
 * A clock's base is split in seconds and the rest by the kernel, once a tick, so that no reader divides.
 * A time namespace has a page of its own, of which seq is odd for ever and base[] is what to add to the clock's
 * time (no shift); the clock's page is below it.
 * With a mult of 0 the vDSO makes the system call instead: user mode cannot read the counter.
 */
#pragma once

#include <linux/types.h>

#define VDSO_CLOCKS		12	/* up to CLOCK_TAI */

/* A clock at cycle_last; a coarse one stands still in between. */
struct vdso_base {
	__u64	sec;
	__u64	ns;			/* below a second; << shift, unless it is a coarse clock's */
};

struct vdso_data {
	__u32	seq;
	__u32	shift;			/* 1 to 31 */
	__u64	cycle_last;
	__u32	mult;
	__u32	raw_mult;		/* CLOCK_MONOTONIC_RAW's: without frequency correction */
	struct vdso_base base[VDSO_CLOCKS];	/* by clockid_t */
	__s32	tz_minuteswest;
	__s32	tz_dsttime;
	__u32	hrtimer_res;		/* ns */
	__u32	timens;			/* this is a namespace's */
};

/* One page, aligned: kernel/time/vdso_data.c. */
union vdso_page {
	struct vdso_data	data;
	__u8			page[4096];
};
extern union vdso_page vdso_data_page;
