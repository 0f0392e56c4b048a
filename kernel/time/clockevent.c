// SPDX-License-Identifier: GPL-2.0-only
/*
 * Programming this CPU's event device.
 *
 * All state belongs to one CPU and is touched with irqs off.  No program reaches further than
 * CLOCKEVENT_MAX_NS ahead: the event that comes then keeps the clock's last update young enough.
 */
#include <kernel/time/clockevent.h>

#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/time/hrtimer.h>
#include <kernel/time/internal.h>

#define CLOCKEVENT_MAX_NS	(300ULL * NSEC_PER_SEC)

static DEFINE_PER_CPU(struct clock_event_device *, cpu_event_device);
static DEFINE_PER_CPU(u64, programmed);		/* expiry of the running program; 0: none */

static void event_handler(struct clock_event_device *dev)
{
	this_cpu_write(programmed, 0);
	hrtimer_interrupt();
}

void clockevents_register_device(struct clock_event_device *dev)
{
	unsigned long flags = irq_save();
	struct clock_event_device *old = this_cpu_read(cpu_event_device);

	dev->event_handler = event_handler;
	if (!old || dev->rating > old->rating) {
		if (old && old->shutdown)
			old->shutdown(old);
		this_cpu_write(cpu_event_device, dev);
		this_cpu_write(programmed, 0);
		hrtimer_reprogram();
	}
	irq_restore(flags);
}

void clockevents_program(u64 expires)
{
	struct clock_event_device *dev = this_cpu_read(cpu_event_device);
	u64 now, delta;

	if (unlikely(!dev) || expires == this_cpu_read(programmed))
		return;
	now = ktime_get_ns();
	delta = expires > now ? expires - now : 0;
	delta = min(delta, min(CLOCKEVENT_MAX_NS, dev->max_delta_ns));
	this_cpu_write(programmed, expires);
	dev->set_next_ns(dev, max(delta, dev->min_delta_ns));
}

void clockevents_program_earlier(u64 expires)
{
	u64 current_program = this_cpu_read(programmed);

	if (!current_program || expires < current_program)
		clockevents_program(expires);
}

void clockevents_shutdown_cpu(void)
{
	struct clock_event_device *dev = this_cpu_read(cpu_event_device);

	if (dev && dev->shutdown)
		dev->shutdown(dev);
	this_cpu_write(cpu_event_device, NULL);
}
