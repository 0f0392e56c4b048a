// SPDX-License-Identifier: GPL-2.0-only
/* The page of clock data that user space reads through the vDSO; see vdso_data.h. */
#include <kernel/time/vdso_data.h>

#include <kernel/lib/compiler.h>
#include <kernel/lib/math64.h>
#include <kernel/time/hrtimer.h>
#include <kernel/time/internal.h>
#include <asm/barrier.h>
#include <asm/memory.h>

static_assert(sizeof(union vdso_page) == PAGE_SIZE);
static_assert(offsetof(struct vdso_data, cycle_last) == 8);
static_assert(offsetof(struct vdso_data, base) == 24);
static_assert(offsetof(struct vdso_data, tz_minuteswest) == 216);

union vdso_page vdso_data_page __aligned(PAGE_SIZE) __section(".data..page_aligned");

static struct vdso_base split_ns(u64 ns)
{
	struct vdso_base base;
	u32 rest;

	base.sec = div_u64_rem(ns, NSEC_PER_SEC, &rest);
	base.ns = rest;
	return base;
}

/* @base, of a clock whose time goes on: @frac is what it is ahead of its ns, << shift. */
static struct vdso_base running(struct vdso_base base, u64 frac)
{
	base.ns = (base.ns << tk.shift) + frac;
	return base;
}

static void update_bases(struct vdso_base *base)
{
	struct vdso_base mono = split_ns(tk.mono_ns), real = split_ns(tk.mono_ns + tk.wall_offset);

	base[CLOCK_MONOTONIC_COARSE] = mono;
	base[CLOCK_REALTIME_COARSE] = real;
	base[CLOCK_MONOTONIC] = base[CLOCK_BOOTTIME] = running(mono, tk.frac);
	base[CLOCK_REALTIME] = base[CLOCK_TAI] = running(real, tk.frac);
	base[CLOCK_TAI].sec += tk.tai_offset;
	base[CLOCK_MONOTONIC_RAW] = running(split_ns(tk.raw_ns), tk.raw_frac);
}

/* tk_lock held: the only writer. */
void vdso_data_update(void)
{
	struct vdso_data *d = &vdso_data_page.data;
	bool readable = tk.cs->vdso_clock_mode == VDSO_CLOCKMODE_ARCHTIMER;

	WRITE_ONCE(d->seq, d->seq + 1);
	smp_wmb();
	d->cycle_last = tk.cycle_last;
	d->shift = tk.shift;
	d->mult = readable ? tk.mult : 0;
	d->raw_mult = readable ? tk.cs->mult : 0;
	d->hrtimer_res = 1;
	update_bases(d->base);
	smp_wmb();
	WRITE_ONCE(d->seq, d->seq + 1);
}
