/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to kernel/sched: run queues and scheduling classes.
 *
 * Each CPU has one struct rq.  rq->lock is taken with irqs off; its holder does not sleep.  Two of
 * them are taken in order of CPU numbers, or the second one by trylock.  A waker holds
 * task->pi_lock around it.
 *
 * A task is in one of these conditions, seen by on_rq and on_cpu:
 *	on_rq = TASK_ON_RQ_QUEUED	runnable; task->cpu says where; rq->lock of that CPU protects it
 *	on_rq = TASK_ON_RQ_MIGRATING	on its way between two queues; wait for it to end
 *	on_rq = 0			asleep, new or dead; a waker owns it through pi_lock
 *	on_cpu = 1			its registers and stack are in use by a CPU
 */
#pragma once

#include <kernel/lib/bug.h>
#include <kernel/percpu.h>
#include <kernel/sched/cputime.h>
#include <kernel/sched/sched.h>
#include <kernel/time/timekeeping.h>

#define TASK_ON_RQ_QUEUED	1
#define TASK_ON_RQ_MIGRATING	2

/* Flags of wake-ups and enqueues. */
#define WF_SYNC		0x01	/* the waker is about to sleep */
#define WF_FORK		0x02	/* first wake-up */
#define WF_EXEC		0x04
#define ENQUEUE_WAKEUP	0x08
#define ENQUEUE_INITIAL	0x10
#define ENQUEUE_HEAD	0x20	/* real time: in front of its equals */
#define DEQUEUE_SLEEP	0x40

#define BASE_SLICE_NS	3000000ULL	/* what a fair task asks for at once */
/* What a SCHED_RR task gets before its equals: sched_rr_timeslice_ms in ticks, rounded up. */
unsigned int rr_timeslice_ticks(void);
#define NICE_0_LOAD	1024U
#define IDLE_POLICY_LOAD 3U

/* See fair.c for what these mean. */
struct cfs_rq {
	struct rb_root_cached	tree;		/* [q] runnable, not running: by deadline */
	struct sched_entity	*curr;		/* [q] */
	u64			base;		/* [q] reference of sum */
	s64			sum;		/* [q] of weight * (vruntime - base), curr included */
	u64			load;		/* [q] of weights, curr included */
	unsigned int		nr;		/* [q] */
};

struct rt_rq {
	unsigned long		bitmap[BITS_TO_LONGS(MAX_RT_PRIO)]; /* [q] non-empty queues */
	struct list_head	queue[MAX_RT_PRIO];	/* [q] running task included */
	unsigned int		nr;			/* [q] */
};

struct rq {
	spinlock_t		lock;
	unsigned int		cpu;		/* [I] */
	unsigned int		nr_running;	/* [q] read without the lock by balancers */
	struct task_struct	*curr;		/* [q] */
	struct task_struct	*idle;		/* [I] */
	u64			clock;		/* [q] sched_clock() of the last update */
	struct cfs_rq		cfs;
	struct rt_rq		rt;
	u64			nr_switches;	/* [q] */
	int			nr_uninterruptible; /* [q] may be negative; only the sum means something */
	atomic_t		nr_iowait;	/* [a] */
	struct mm_struct	*prev_mm;	/* [this CPU] borrowed mm to drop after the switch */
	u64			next_balance;	/* [this CPU] ns */
	u64			idle_since;	/* [this CPU] ns, 0: not idle */
	struct cpu_stat		stat;		/* [this CPU] */
};

DECLARE_PER_CPU(struct rq, runqueues);
#define cpu_rq(cpu)	per_cpu_ptr(&runqueues, cpu)
#define this_rq()	this_cpu_ptr(&runqueues)
#define task_rq(t)	cpu_rq(READ_ONCE((t)->cpu))

/* All called with rq->lock held.  update() charges what ran since the last time. */
struct sched_class {
	int	rank;			/* higher ones preempt lower ones */
	void	(*enqueue)(struct rq *rq, struct task_struct *t, int flags);
	void	(*dequeue)(struct rq *rq, struct task_struct *t, int flags);
	void	(*update)(struct rq *rq);
	/* The best task, which may be the running one; does not change anything. NULL: none. */
	struct task_struct *(*pick)(struct rq *rq);
	void	(*put_prev)(struct rq *rq, struct task_struct *t);	/* stops running; maybe still queued */
	void	(*set_next)(struct rq *rq, struct task_struct *t);	/* starts running */
	/* @t of this class was enqueued while a task of the same class runs: should it preempt? */
	bool	(*preempts)(struct rq *rq, struct task_struct *t, int flags);
	void	(*tick)(struct rq *rq, struct task_struct *curr);
	void	(*yield)(struct rq *rq);
};
extern const struct sched_class fair_sched_class, group_sched_class, rt_sched_class, idle_sched_class;

/* ---- locks ------------------------------------------------------------------------------- */

/* irqs off; no preempt_count: the count would have to change hands in the switch. */
static inline void rq_lock(struct rq *rq)
{
	lock_debug_before(lock_debug_of(&rq->lock), true, false, false);
	raw_spin_lock(&rq->lock);
	lock_debug_acquired(lock_debug_of(&rq->lock), false);
}
static inline void rq_unlock(struct rq *rq)
{
	lock_debug_release(lock_debug_of(&rq->lock), false);
	raw_spin_unlock(&rq->lock);
}
static inline bool rq_trylock(struct rq *rq)
{
	if (!raw_spin_trylock(&rq->lock))
		return false;
	lock_debug_acquired(lock_debug_of(&rq->lock), false);
	return true;
}
/* t->pi_lock held: the queue @t is on, locked, and @t stays there. */
struct rq *__task_rq_lock(struct task_struct *t);
struct rq *task_rq_lock(struct task_struct *t, unsigned long *flags);	/* takes pi_lock too */
void task_rq_unlock(struct rq *rq, struct task_struct *t, unsigned long flags);

static inline void update_rq_clock(struct rq *rq)
{
	rq->clock = sched_clock();
}
static inline bool task_running(const struct rq *rq, const struct task_struct *t)
{
	return rq->curr == t;
}
static inline bool task_queued(const struct task_struct *t)
{
	return READ_ONCE(t->on_rq) == TASK_ON_RQ_QUEUED;
}
/* No other CPU is online: cheaper than counting them. */
static inline bool only_cpu(void)
{
	unsigned long online = READ_ONCE(cpu_online_mask->bits[0]);

	return !(online & (online - 1));
}
static inline bool rq_is_idle(const struct rq *rq)
{
	return READ_ONCE(rq->curr) == rq->idle && !READ_ONCE(rq->nr_running);
}

/* ---- between the files --------------------------------------------------------------------- */

int try_to_wake_up(struct task_struct *t, unsigned int state_mask, int flags);
void activate_task(struct rq *rq, struct task_struct *t, int flags);
void deactivate_task(struct rq *rq, struct task_struct *t, int flags);
void check_preempt(struct rq *rq, struct task_struct *t, int flags);
void resched_curr(struct rq *rq);	/* rq->lock held */
void schedule_idle(void);		/* the idle task, preempt_count 1 */
void sched_start(void);
void set_task_cpu(struct task_struct *t, unsigned int cpu);
/* Take a queued task off @rq, on the way to elsewhere; then put it on @dst. One lock at a time. */
void detach_task(struct rq *rq, struct task_struct *t);
void attach_task(struct rq *dst, struct task_struct *t);

/* fair.c */
void fair_init_rq(struct cfs_rq *cfs);
void fair_fork(struct task_struct *t);
void fair_reweight(struct task_struct *t);	/* weight from policy and static_prio; t is dequeued */
/* One entity in the queue @cfs of @rq; for group.c. */
void fair_update_entity(struct rq *rq, struct cfs_rq *cfs);	/* charge what runs */
void fair_enqueue_entity(struct rq *rq, struct cfs_rq *cfs, struct sched_entity *se, int flags);
void fair_dequeue_entity(struct rq *rq, struct cfs_rq *cfs, struct sched_entity *se);
struct sched_entity *fair_pick_entity(struct cfs_rq *cfs);
void fair_put_entity(struct cfs_rq *cfs, struct sched_entity *se);
void fair_set_entity(struct rq *rq, struct cfs_rq *cfs, struct sched_entity *se);
bool fair_entity_preempts(struct rq *rq, struct cfs_rq *cfs, const struct sched_entity *se);
void fair_yield_entity(struct cfs_rq *cfs);
void fair_set_weight(struct sched_entity *se, u32 weight);	/* in no queue */
u32 fair_nice_weight(int nice);

/* group.c: @t or the running task is in a group */
bool group_preempts(struct rq *rq, struct task_struct *t, int flags);
void rt_init_rq(struct rt_rq *rt);

/* balance.c */
unsigned int select_task_rq(struct task_struct *t, unsigned int cpu, int flags);
bool newidle_balance(struct rq *rq);	/* this CPU has nothing to do: drops rq->lock; true: now it has */
void trigger_balance(struct rq *rq);	/* tick, no lock */

/* loadavg.c, cputime.c */
void calc_load_tick(u64 now);
void account_tick(struct rq *rq, struct task_struct *t, bool user);
void account_idle_begin(struct rq *rq);
void account_idle_end(struct rq *rq);

/* policy.c */
int effective_prio(const struct task_struct *t);
void set_load_class(struct task_struct *t);	/* class and weight from prio and policy; t is dequeued */

static inline bool rt_prio(int prio)
{
	return prio < MAX_RT_PRIO;
}
static inline bool task_has_rt_policy(const struct task_struct *t)
{
	return t->policy == SCHED_FIFO || t->policy == SCHED_RR;
}
