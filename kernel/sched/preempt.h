/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Preemption and interrupt nesting: current->preempt_count.
 *
 * The count is the number of nested reasons why current may not be switched out: explicit disables
 * and held spin locks in the low half, interrupt handlers in HARDIRQ_MASK.  Only the task itself
 * (and interrupts that nest perfectly on top of it) changes it, so it needs no atomics.
 *
 * Spin locks need this before struct task_struct is complete; struct task_head therefore repeats
 * how a task_struct begins (kernel/sched/core.c asserts that the offsets agree).
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <asm/current.h>

#define TIF_NEED_RESCHED	0	/* thread_flags: call schedule() soon */

#define PREEMPT_MASK		0x0000ffff
#define HARDIRQ_OFFSET		0x00010000
#define HARDIRQ_MASK		0x00ff0000

struct task_head {
	unsigned long	thread_flags;	/* [a] TIF_* */
	unsigned long	stack_canary;	/* [I] */
	int		preempt_count;	/* [o] */
	unsigned int	cpu;		/* [q] */
};

#define current_head()	((struct task_head *)current)

void preempt_schedule(void);		/* preempt_count is 0 and need_resched() */

static inline int preempt_count(void)
{
	return READ_ONCE(current_head()->preempt_count);
}

static inline bool need_resched(void)
{
	return unlikely(READ_ONCE(current_head()->thread_flags) & (1UL << TIF_NEED_RESCHED));
}

static inline void preempt_disable(void)
{
	current_head()->preempt_count++;
	barrier();
}

static inline void preempt_enable_no_resched(void)
{
	barrier();
	current_head()->preempt_count--;
}

static inline void preempt_enable(void)
{
	struct task_head *head = current_head();

	barrier();
	if (unlikely(--head->preempt_count == 0 &&
		     (READ_ONCE(head->thread_flags) & (1UL << TIF_NEED_RESCHED))))
		preempt_schedule();
}

static inline bool in_interrupt(void)
{
	return preempt_count() & HARDIRQ_MASK;
}

static inline bool in_atomic(void)
{
	return preempt_count() != 0;
}
