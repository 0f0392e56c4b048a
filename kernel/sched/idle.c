// SPDX-License-Identifier: GPL-2.0-only
/*
 * The idle task of each CPU, and its scheduling class.
 *
 * With nothing to run the CPU waits for an interrupt with the tick stopped.  Preemption stays off
 * in this task: it looks at need_resched itself, with irqs off before it waits, so no wake-up is
 * missed.
 */
#include <kernel/sched/internal.h>

#include <kernel/printk.h>
#include <kernel/time/tick.h>

/* irqs off around the wait: an interrupt ends it and is then taken. */
static void idle_wait(void)
{
	printk_wake_readers();
	irq_disable();
	tick_stop();
	while (!need_resched()) {
		cpu_idle();
		irq_enable();	/* the interrupt's handler runs here */
		irq_disable();
	}
	irq_enable();
}

void schedule_idle_loop(void)
{
	sched_start();
	current->flags |= PF_IDLE;
	for (;;) {
		if (!need_resched())
			idle_wait();
		schedule_idle();
	}
}

static void enqueue_idle(struct rq *rq, struct task_struct *t, int flags)
{
	panic("the idle task was woken");
}

static void dequeue_idle(struct rq *rq, struct task_struct *t, int flags)
{
	panic("the idle task wants to sleep");
}

static void update_idle(struct rq *rq)
{
}

static struct task_struct *pick_idle(struct rq *rq)
{
	return rq->idle;
}

static void put_prev_idle(struct rq *rq, struct task_struct *t)
{
	account_idle_end(rq);
	tick_start();
}

static void set_next_idle(struct rq *rq, struct task_struct *t)
{
	account_idle_begin(rq);
}

static bool preempts_idle(struct rq *rq, struct task_struct *t, int flags)
{
	return false;
}

static void tick_idle(struct rq *rq, struct task_struct *curr)
{
}

const struct sched_class idle_sched_class = {
	.rank = 0,
	.enqueue = enqueue_idle,
	.dequeue = dequeue_idle,
	.update = update_idle,
	.pick = pick_idle,
	.put_prev = put_prev_idle,
	.set_next = set_next_idle,
	.preempts = preempts_idle,
	.tick = tick_idle,
	.yield = update_idle,
};
