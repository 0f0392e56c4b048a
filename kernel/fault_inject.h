/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fault injection: allocations and copies from and to user space that fail on demand, so that tests can walk
 * every way out of an error. Debug builds; elsewhere the questions below are constants.
 *
 * A task's fail_nth (/proc/<pid>/fail-nth) makes the nth question from now on be answered with yes, once. Its
 * make_it_fail (/proc/<pid>/make-it-fail, inherited by children) subjects it to chance, which the command line
 * sets: failslab=, fail_page_alloc= and fail_usercopy=INTERVAL,PROBABILITY,SPACE,TIMES, in Linux's order:
 * every INTERVALth question fails with PROBABILITY per cent, TIMES in all (-1: without end); SPACE is not used.
 *
 * Asked in the context of a task; an interrupt's allocations do not fail. No locks.
 */
#pragma once

#include <kernel/lib/types.h>

struct task_struct;

enum fail_point { FAIL_SLAB, FAIL_PAGE_ALLOC, FAIL_USERCOPY, NR_FAIL_POINTS };

#ifdef CONFIG_FAULT_INJECTION
bool should_fail(enum fail_point point);
void fault_inject_init(void);		/* the command line's part */
void fault_inject_fork(struct task_struct *child);
#else
static inline bool should_fail(enum fail_point point)
{
	return false;
}
static inline void fault_inject_init(void)
{
}
static inline void fault_inject_fork(struct task_struct *child)
{
}
#endif
