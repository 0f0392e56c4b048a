/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a path walk without locks and references may look at stays in memory until the walk is over.
 *
 * A walk is bracketed by walk_begin() and walk_end(): each CPU has a count that is odd in between, with
 * preemption off.  What walkers may see (dentries, long names, inodes, mounts) is freed with
 * free_after_walks(), in batches: when one is full, its freer looks at every CPU's count and waits for the
 * odd ones to change.  Walkers take no lock that a freer may hold, and never sleep, so the wait is short.
 */
#pragma once

#include <kernel/percpu.h>
#include <kernel/sched/preempt.h>
#include <asm/barrier.h>

DECLARE_PER_CPU(u32, walk_count);	/* this CPU; read by the others */

static inline void walk_begin(void)
{
	u32 *count;

	preempt_disable();
	count = this_cpu_ptr(&walk_count);
	WRITE_ONCE(*count, *count + 1);
	smp_mb();	/* whoever unhashes later sees the count; earlier, we see it unhashed */
}

static inline void walk_end(void)
{
	u32 *count = this_cpu_ptr(&walk_count);

	smp_store_release(count, *count + 1);
	preempt_enable();
}

/* Call @fn(@obj), which may not sleep, when no walker can see @obj any more. Any task context. */
void free_after_walks(void *obj, void (*fn)(void *));
void free_after_walks_flush(void);	/* what this CPU has batched, now: for leak checks */
