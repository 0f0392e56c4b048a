// SPDX-License-Identifier: GPL-2.0-only
/* The page of clock data that user space reads through the vDSO; see vdso_data.h. */
#include <kernel/time/vdso_data.h>

#include <kernel/lib/compiler.h>
#include <kernel/time/hrtimer.h>
#include <kernel/time/internal.h>
#include <asm/barrier.h>
#include <asm/memory.h>

static_assert(sizeof(union vdso_page) == PAGE_SIZE);
static_assert(offsetof(struct vdso_data, cycle_last) == 8);
static_assert(offsetof(struct vdso_data, mono_ns) == 32);
static_assert(offsetof(struct vdso_data, wall_offset) == 48);
static_assert(offsetof(struct vdso_data, tz_minuteswest) == 96);

union vdso_page vdso_data_page __aligned(PAGE_SIZE) __section(".data..page_aligned");

/* tk_lock held: the only writer. */
void vdso_data_update(void)
{
	struct vdso_data *d = &vdso_data_page.data;

	WRITE_ONCE(d->seq, d->seq + 1);
	smp_wmb();
	d->clock_mode = tk.cs->vdso_clock_mode;
	d->cycle_last = tk.cycle_last;
	d->mask = tk.cs->mask;
	d->mult = tk.mult;
	d->shift = tk.shift;
	d->mono_ns = tk.mono_ns;
	d->frac = tk.frac;
	d->wall_offset = tk.wall_offset;
	d->boot_offset = 0;
	d->tai_offset = tk.tai_offset;
	d->coarse_mono_ns = tk.mono_ns;
	d->raw_ns = tk.raw_ns;
	d->raw_mult = tk.cs->mult;
	d->hrtimer_res = 1;
	smp_wmb();
	WRITE_ONCE(d->seq, d->seq + 1);
}
