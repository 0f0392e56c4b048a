// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies and priorities of tasks: from user's numbers to class, weight and effective priority.
 *
 * A task is taken off its queue and put back around every change, under its pi_lock and queue lock.
 */
#include <kernel/sched/internal.h>

#include <kernel/sched/group.h>
#include <kernel/sched/policy.h>

static int own_prio(const struct task_struct *t)
{
	if (task_has_rt_policy(t))
		return MAX_RT_PRIO - 1 - (int)t->rt_priority;
	return t->static_prio;
}

int effective_prio(const struct task_struct *t)
{
	return min(t->normal_prio, t->pi_prio);
}

void set_load_class(struct task_struct *t)
{
	t->normal_prio = own_prio(t);
	t->prio = effective_prio(t);
	t->sched_class = rt_prio(t->prio) ? &rt_sched_class : t->sched_group ? &group_sched_class : &fair_sched_class;
	fair_reweight(t);
}

struct change {
	struct rq *rq;
	unsigned long flags;
	bool queued, running;
};

static struct change begin_change(struct task_struct *t)
{
	struct change c;

	c.rq = task_rq_lock(t, &c.flags);
	update_rq_clock(c.rq);
	c.queued = task_queued(t);
	c.running = task_running(c.rq, t);
	if (c.queued)
		t->sched_class->dequeue(c.rq, t, 0);
	if (c.running)
		t->sched_class->put_prev(c.rq, t);
	return c;
}

/* @old: the effective priority before. */
static void end_change(struct task_struct *t, struct change *c, int old)
{
	if (c->queued)
		t->sched_class->enqueue(c->rq, t, t->prio < old ? 0 : ENQUEUE_HEAD);
	if (c->running) {
		t->sched_class->set_next(c->rq, t);
		if (t->prio > old)
			resched_curr(c->rq);
	} else if (c->queued) {
		check_preempt(c->rq, t, 0);
	}
	task_rq_unlock(c->rq, t, c->flags);
}

void set_user_nice(struct task_struct *t, int nice)
{
	struct change c = begin_change(t);
	int old = t->prio;

	t->static_prio = DEFAULT_PRIO + nice;
	set_load_class(t);
	end_change(t, &c, old);
}

void sched_set_pi_prio(struct task_struct *t, int prio)
{
	struct change c = begin_change(t);
	int old = t->prio;

	t->pi_prio = prio;
	set_load_class(t);
	end_change(t, &c, old);
}

void sched_set_policy(struct task_struct *t, const struct sched_policy_params *p)
{
	struct change c = begin_change(t);
	int old = t->prio;

	t->policy = p->policy;
	t->rt_priority = p->rt_priority;
	t->sched_reset_on_fork = p->reset_on_fork;
	if (!task_has_rt_policy(t) && t->policy != SCHED_IDLE)	/* that one keeps what it had */
		t->static_prio = DEFAULT_PRIO + p->nice;
	t->rt.time_slice = 0;
	set_load_class(t);
	end_change(t, &c, old);
}

void sched_set_group(struct task_struct *t, struct task_group *g)
{
	struct change c = begin_change(t);
	int old = t->prio;

	t->sched_group = g;
	set_load_class(t);
	end_change(t, &c, old);
}

int sched_set_fifo(struct task_struct *t, unsigned int rt_priority)
{
	struct sched_policy_params p = { .policy = SCHED_FIFO, .rt_priority = rt_priority };

	if (rt_priority < 1 || rt_priority >= MAX_RT_PRIO)
		return -EINVAL;
	sched_set_policy(t, &p);
	return 0;
}

int task_prio(const struct task_struct *t)
{
	return t->prio - MAX_RT_PRIO;
}
