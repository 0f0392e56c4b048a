/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Task groups: what the cpu controller of control groups schedules, weighs and limits.  kernel/sched/group.c
 *
 * Locks:	[q] the run-queue lock of that CPU	[b] group->lock, inside any of those
 *		[c] the caller's: cgroup_mutex
 */
#pragma once

#include <kernel/sched/internal.h>
#include <kernel/time/hrtimer.h>

/* A group on one CPU. */
struct group_rq {
	struct cfs_rq		cfs;		/* [q] its members: tasks, and groups below */
	struct sched_entity	se;		/* [q] itself, as a member of its parent's */
	unsigned int		nr_tasks;	/* [q] queued in it and below, but for throttled groups below */
	bool			throttled;	/* [q] not in its parent's queue: it has used up its time */
	s64			left;		/* [q] ns that it may run yet, out of the group's */
	u64			throttled_since; /* [q] rq clock */
};

struct task_group {
	struct task_group	*parent;	/* [I] NULL: the root, which is the queue of each CPU itself */
	unsigned int		depth;		/* [I] 1 below the root */
	unsigned int		weight;		/* [c] of all CPUs together: read without */
	spinlock_t		lock;
	struct hrtimer		timer;		/* runs while there is a quota */
	u64			quota, period, burst;	/* [b] ns; QUOTA_NONE */
	u64			runtime;	/* [b] what is left of this period */
	u64			runtime_at_start; /* [b] of what was there when it began */
	unsigned int		first_cpu;	/* who gets time first; any value does */
	u64			nr_periods, nr_throttled, nr_bursts, burst_ns;	/* [b] */
	u64			throttled_ns;	/* [b] of all CPUs */
	struct group_rq		cpu[NR_CPUS];
};
#define QUOTA_NONE	(~0ULL)

struct task_group *sched_group_create(struct task_group *parent);	/* NULL: no memory */
void sched_group_free(struct task_group *g);		/* no task is in it any more, no quota set. Any context */
void sched_group_set_quota(struct task_group *g, u64 quota, u64 period, u64 burst);	/* [c]; may sleep */
/* Any state of @t, which may run; NULL: the root. */
void sched_set_group(struct task_struct *t, struct task_group *g);
