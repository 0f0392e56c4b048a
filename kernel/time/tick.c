// SPDX-License-Identifier: GPL-2.0-only
/* The scheduler tick; see tick.h. All state is one CPU's and touched with irqs off. */
#include <kernel/time/tick.h>

#include <kernel/arch.h>
#include <kernel/lib/math64.h>
#include <kernel/panic.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <kernel/time/clockevent.h>
#include <kernel/time/posix_timer.h>
#include <kernel/time/timekeeping.h>

static DEFINE_PER_CPU(u64, next_tick) = U64_MAX;

u64 tick_next(void)
{
	return this_cpu_read(next_tick);
}

bool tick_is_running(void)
{
	return tick_next() != U64_MAX;
}

/* rq->lock held: nothing here takes a lock that nests outside of it. */
void tick_start(void)
{
	u64 next;

	if (tick_is_running())
		return;
	next = ktime_get_ns() + TICK_NSEC;
	this_cpu_write(next_tick, next);
	timekeeping_tick();
	clockevents_program_earlier(next);
}

void tick_stop(void)
{
	this_cpu_write(next_tick, U64_MAX);
	hrtimer_reprogram();
}

void tick_handle(u64 now)
{
	struct pt_regs *regs = get_irq_regs();
	u64 next = tick_next() + TICK_NSEC;

	this_cpu_write(next_tick, next > now ? next : now + TICK_NSEC);
	timekeeping_tick();
	sched_tick(regs && user_mode(regs));
	run_posix_cpu_timers(current);
	printk_wake_readers();
}
