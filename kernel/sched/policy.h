/* SPDX-License-Identifier: GPL-2.0-only */
/* Changing a task's scheduling policy from inside the kernel: no permission checks. */
#pragma once

#include <kernel/lib/types.h>

struct task_struct;

struct sched_policy_params {
	unsigned int	policy;		/* SCHED_NORMAL, _BATCH, _IDLE, _FIFO, _RR */
	int		nice;		/* of the fair ones */
	unsigned int	rt_priority;	/* 1..99 of FIFO and RR, else 0 */
	bool		reset_on_fork;
};

void sched_set_policy(struct task_struct *t, const struct sched_policy_params *p);
int sched_set_fifo(struct task_struct *t, unsigned int rt_priority);

/* How long a SCHED_RR task runs before its equals do. */
#define RR_TIMESLICE_MS	100
extern int sched_rr_timeslice_ms;	/* [a] positive; /proc/sys/kernel */
