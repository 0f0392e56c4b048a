// SPDX-License-Identifier: GPL-2.0-only
/*
 * The real-time class: SCHED_FIFO and SCHED_RR, and tasks that a PI futex lends a real-time
 * priority.
 *
 * One queue for each priority; the first task of the highest non-empty one runs and stays in its
 * queue meanwhile. An RR task goes to the end of its queue when its slice is used up.  All under
 * rq->lock.
 */
#include <kernel/sched/internal.h>

#include <kernel/lib/bitmap.h>
#include <kernel/sched/policy.h>

int sched_rr_timeslice_ms = RR_TIMESLICE_MS;

unsigned int rr_timeslice_ticks(void)
{
	unsigned int ms = READ_ONCE(sched_rr_timeslice_ms);

	return ms / MSEC_PER_SEC * CONFIG_HZ + DIV_ROUND_UP(ms % MSEC_PER_SEC * CONFIG_HZ, MSEC_PER_SEC);
}

static void enqueue_rt(struct rq *rq, struct task_struct *t, int flags)
{
	struct rt_rq *rt = &rq->rt;

	if (flags & ENQUEUE_HEAD)
		list_add(&t->rt.run_list, &rt->queue[t->prio]);
	else
		list_add_tail(&t->rt.run_list, &rt->queue[t->prio]);
	__set_bit(t->prio, rt->bitmap);
	if (flags & ENQUEUE_WAKEUP)
		t->rt.awake = 0;
	if (!t->rt.time_slice)
		t->rt.time_slice = rr_timeslice_ticks();
	rt->nr++;
}

static void update_rt(struct rq *rq)
{
	struct task_struct *t = rq->curr;
	s64 ran = rq->clock - t->se.exec_start;

	if (t->sched_class != &rt_sched_class || ran <= 0)
		return;
	t->se.exec_start = rq->clock;
	t->se.sum_exec_runtime += ran;
}

static void dequeue_rt(struct rq *rq, struct task_struct *t, int flags)
{
	struct rt_rq *rt = &rq->rt;

	update_rt(rq);
	list_del_init(&t->rt.run_list);
	if (list_empty(&rt->queue[t->prio]))
		__clear_bit(t->prio, rt->bitmap);
	rt->nr--;
}

static struct task_struct *pick_rt(struct rq *rq)
{
	unsigned int prio;

	if (!rq->rt.nr)
		return NULL;
	prio = find_first_bit(rq->rt.bitmap, MAX_RT_PRIO);
	return list_first_entry(&rq->rt.queue[prio], struct task_struct, rt.run_list);
}

static void put_prev_rt(struct rq *rq, struct task_struct *t)
{
	update_rt(rq);
}

static void set_next_rt(struct rq *rq, struct task_struct *t)
{
	t->se.exec_start = rq->clock;
	t->se.prev_sum_exec_runtime = t->se.sum_exec_runtime;
}

static bool preempts_rt(struct rq *rq, struct task_struct *t, int flags)
{
	return t->prio < rq->curr->prio;
}

static void tick_rt(struct rq *rq, struct task_struct *curr)
{
	update_rt(rq);
	curr->rt.awake++;
	if (curr->policy != SCHED_RR || (curr->rt.time_slice && --curr->rt.time_slice))
		return;
	curr->rt.time_slice = rr_timeslice_ticks();
	if (!list_is_singular(&rq->rt.queue[curr->prio])) {
		list_move_tail(&curr->rt.run_list, &rq->rt.queue[curr->prio]);
		resched_curr(rq);
	}
}

static void yield_rt(struct rq *rq)
{
	list_move_tail(&rq->curr->rt.run_list, &rq->rt.queue[rq->curr->prio]);
}

const struct sched_class rt_sched_class = {
	.rank = 2,
	.enqueue = enqueue_rt,
	.dequeue = dequeue_rt,
	.update = update_rt,
	.pick = pick_rt,
	.put_prev = put_prev_rt,
	.set_next = set_next_rt,
	.preempts = preempts_rt,
	.tick = tick_rt,
	.yield = yield_rt,
};

void rt_init_rq(struct rt_rq *rt)
{
	unsigned int i;

	for (i = 0; i < MAX_RT_PRIO; i++)
		INIT_LIST_HEAD(&rt->queue[i]);
}
