// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which CPU a task runs on: placement at wake-up, fork and exec, and pulling from busier queues.
 *
 * At most eight CPUs that share everything: a scan of all of them is cheap, and the number of
 * runnable tasks is the load.  Placement reads other queues without their locks: a wrong guess
 * costs a little time and is put right by the next pull.  Pulling takes one lock at a time (the
 * source's by trylock), so nobody waits.
 */
#include <kernel/sched/internal.h>

#define BALANCE_INTERVAL_NS	(64 * NSEC_PER_MSEC)
#define MAX_GROUP_DEPTH	8		/* groups further down keep their tasks where they are */

static unsigned int cpu_load(unsigned int cpu)
{
	return READ_ONCE(cpu_rq(cpu)->nr_running);
}

static bool may_run_on(const struct task_struct *t, unsigned int cpu)
{
	return cpumask_test_cpu(cpu, &t->cpus_mask) && cpu_online(cpu);
}

/* The least loaded CPU that @t may use, @cpu if it is as good as another. */
static unsigned int least_loaded(const struct task_struct *t, unsigned int cpu)
{
	unsigned int best = NR_CPUS, best_load = UINT_MAX, i;

	if (may_run_on(t, cpu)) {
		best = cpu;
		best_load = cpu_load(cpu);
	}
	for_each_cpu(i, &t->cpus_mask) {
		if (!best_load)
			break;
		if (cpu_online(i) && cpu_load(i) < best_load) {
			best = i;
			best_load = cpu_load(i);
		}
	}
	return best < NR_CPUS ? best : cpumask_first(cpu_online_mask);
}

/* For a real-time task: one whose running task is less important, @cpu if possible. */
static unsigned int select_rt(const struct task_struct *t, unsigned int cpu)
{
	unsigned int i;

	if (may_run_on(t, cpu) && t->prio < READ_ONCE(cpu_curr(cpu)->prio))
		return cpu;
	for_each_cpu(i, &t->cpus_mask) {
		if (cpu_online(i) && t->prio < READ_ONCE(cpu_curr(i)->prio))
			return i;
	}
	return may_run_on(t, cpu) ? cpu : least_loaded(t, cpu);
}

/* Called with pi_lock held and @t asleep or new; @cpu: where it ran last. */
unsigned int select_task_rq(struct task_struct *t, unsigned int cpu, int flags)
{
	unsigned int this_cpu = smp_processor_id();

	if (only_cpu())
		return this_cpu;
	if (unlikely(rt_prio(t->prio)))
		return select_rt(t, cpu);
	if (flags & (WF_FORK | WF_EXEC))
		return least_loaded(t, this_cpu);
	if (may_run_on(t, cpu) && rq_is_idle(cpu_rq(cpu)) && !(flags & WF_SYNC))
		return cpu;
	/* The waker is alone here and about to sleep: its CPU and caches are as good as idle
	 * ones. */
	if ((flags & WF_SYNC) && cpu_load(this_cpu) <= 1 && may_run_on(t, this_cpu))
		return this_cpu;
	return least_loaded(t, cpu);
}

/* ---- pulling --------------------------------------------------------------------------------- */

static struct rq *busiest_rq(unsigned int this_cpu, unsigned int min_load)
{
	struct rq *busiest = NULL;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		if (cpu == this_cpu || cpu_load(cpu) < min_load)
			continue;
		busiest = cpu_rq(cpu);
		min_load = cpu_load(cpu) + 1;
	}
	return busiest;
}

/* Of the fair class, in the queue @cfs or in those of groups in it, down to some depth. */
static struct task_struct *find_movable_fair(struct cfs_rq *cfs, unsigned int cpu, int depth)
{
	struct rb_node *node;

	for (node = rb_first_cached(&cfs->tree); node; node = rb_next(node)) {
		struct sched_entity *se = rb_entry(node, struct sched_entity, run_node);
		struct task_struct *t = container_of(se, struct task_struct, se);

		if (unlikely(se->queue)) {
			t = depth ? find_movable_fair(se->queue, cpu, depth - 1) : NULL;
			if (t)
				return t;
		} else if (!t->on_cpu && cpumask_test_cpu(cpu, &t->cpus_mask)) {
			return t;
		}
	}
	return NULL;
}

/* A task of @rq that is not running and may run on @cpu; rq->lock held. */
static struct task_struct *find_movable(struct rq *rq, unsigned int cpu)
{
	struct task_struct *t;
	unsigned int prio;

	for_each_set_bit(prio, rq->rt.bitmap, MAX_RT_PRIO) {
		list_for_each_entry(t, &rq->rt.queue[prio], rt.run_list)
			if (!t->on_cpu && cpumask_test_cpu(cpu, &t->cpus_mask))
				return t;
	}
	return find_movable_fair(&rq->cfs, cpu, MAX_GROUP_DEPTH);
}

/* Move one task from @src to this CPU; no lock held, irqs off. */
static bool pull_one(struct rq *src, unsigned int this_cpu)
{
	struct task_struct *t;

	if (!rq_trylock(src))
		return false;
	t = find_movable(src, this_cpu);
	if (t) {
		update_rq_clock(src);
		detach_task(src, t);
	}
	rq_unlock(src);
	if (t)
		attach_task(cpu_rq(this_cpu), t);
	return t != NULL;
}

bool newidle_balance(struct rq *rq)
{
	struct rq *busiest;

	if (only_cpu())
		return false;
	busiest = busiest_rq(rq->cpu, 2);
	if (!busiest)
		return false;
	rq_unlock(rq);
	pull_one(busiest, rq->cpu);
	rq_lock(rq);
	update_rq_clock(rq);
	return rq->nr_running;
}

/* An idle CPU takes no tick and so would not notice work that piles up elsewhere: wake it. */
static void kick_idle_cpu(struct rq *rq)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		if (rq_is_idle(cpu_rq(cpu))) {
			resched_curr_cpu(cpu);
			return;
		}
	}
}

/* From the tick, irqs off, no lock held. */
void trigger_balance(struct rq *rq)
{
	struct rq *busiest;

	if (only_cpu() || rq->clock < rq->next_balance)
		return;
	rq->next_balance = rq->clock + BALANCE_INTERVAL_NS;
	if (rq->nr_running >= 2)
		kick_idle_cpu(rq);
	busiest = busiest_rq(rq->cpu, rq->nr_running + 2);
	if (busiest)
		pull_one(busiest, rq->cpu);
}
