// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks in groups: a class beside the fair one, with the same rank and the same rules.
 *
 * On each CPU a group is one entity in the queue of its parent (the CPU's own queue, for those below the root), with
 * a queue of its own inside. fair.c picks an entity and, while that is a group, one inside of it; the functions here
 * keep the entities of a task's groups in step with it. Tasks of the root see none of this.
 *
 * A group's weight is divided among the CPUs as its members are, looked at in the tick and when it is queued.
 *
 * A quota limits what a group may run in each period, on all CPUs together.  CPUs take their time from it in slices;
 * one that gets none takes the group's entity out (it is throttled) until the timer has begun a new period.  Tasks in a
 * throttled group are queued there, but not in rq->nr_running, which counts who can be picked.
 *
 * Locking: rq->lock for what is of one CPU; group->lock inside it for the time left.
 */
#include <kernel/sched/group.h>

#include <kernel/lib/math64.h>
#include <mm/slab.h>

#define SLICE_NS	5000000		/* what a CPU takes out of the quota at once */
#define MIN_WEIGHT	2U

static struct group_rq *group_on(struct task_group *g, const struct rq *rq)
{
	return &g->cpu[rq->cpu];
}

/* The queue that the entity of a member of @g is in; NULL: the CPU's. */
static struct cfs_rq *queue_of(struct task_group *g, struct rq *rq)
{
	return g ? &group_on(g, rq)->cfs : &rq->cfs;
}

/* ---- weight ---------------------------------------------------------------------------------- */

/* @g's part for this CPU, by the weights of who is queued. */
static u32 share_of(struct task_group *g, const struct rq *rq)
{
	u64 mine = group_on(g, rq)->cfs.load, total = 0, weight = READ_ONCE(g->weight);
	unsigned int cpu;

	for_each_online_cpu(cpu)
		total += READ_ONCE(g->cpu[cpu].cfs.load);
	if (!total || mine >= total)
		return max_t(u32, weight, MIN_WEIGHT);
	return max_t(u32, div64_u64(weight * mine, total), MIN_WEIGHT);
}

/* Small changes are not worth a new place in the queue. */
static void update_share(struct rq *rq, struct task_group *g)
{
	struct sched_entity *se = &group_on(g, rq)->se;
	u32 share = share_of(g, rq), change = share > se->weight ? share - se->weight : se->weight - share;

	if (change <= se->weight / 8)
		return;
	if (!se->on_rq) {
		fair_set_weight(se, share);
		return;
	}
	fair_dequeue_entity(rq, queue_of(g->parent, rq), se);
	fair_set_weight(se, share);
	fair_enqueue_entity(rq, queue_of(g->parent, rq), se, 0);
}

/* ---- a group's entity in and out of its parent's queue ---------------------------------------- */

/* @n tasks have come into @g, which is not throttled; those above may be. */
static void queue_group(struct rq *rq, struct task_group *g, unsigned int n)
{
	for (;; g = g->parent) {
		struct sched_entity *se = &group_on(g, rq)->se;

		if (!se->on_rq) {
			update_share(rq, g);
			fair_enqueue_entity(rq, queue_of(g->parent, rq), se, 0);
		}
		if (!g->parent)
			break;
		group_on(g->parent, rq)->nr_tasks += n;
		if (group_on(g->parent, rq)->throttled)
			return;
	}
	rq->nr_running += n;
}

/* @n tasks have left @g; or they are still there, and it has been throttled. */
static void unqueue_group(struct rq *rq, struct task_group *g, unsigned int n)
{
	for (;; g = g->parent) {
		struct group_rq *gq = group_on(g, rq);

		if (gq->se.on_rq && (gq->throttled || !gq->cfs.nr))
			fair_dequeue_entity(rq, queue_of(g->parent, rq), &gq->se);
		if (!g->parent)
			break;
		group_on(g->parent, rq)->nr_tasks -= n;
		if (group_on(g->parent, rq)->throttled)
			return;
	}
	rq->nr_running -= n;
}

/* ---- quota ----------------------------------------------------------------------------------- */

static void throttle(struct rq *rq, struct task_group *g)
{
	struct group_rq *gq = group_on(g, rq);

	gq->throttled = true;
	gq->throttled_since = rq->clock;
	unqueue_group(rq, g, gq->nr_tasks);
	resched_curr(rq);
}

static void unthrottle(struct rq *rq, struct task_group *g)
{
	struct group_rq *gq = group_on(g, rq);

	gq->throttled = false;
	spin_lock(&g->lock);
	g->throttled_ns += rq->clock - gq->throttled_since;
	spin_unlock(&g->lock);
	if (!gq->nr_tasks)
		return;
	queue_group(rq, g, gq->nr_tasks);
	resched_curr(rq);
}

/* What brings @gq->left, which is not above 0, to @wanted; or what there is. */
static void take_slice(struct task_group *g, struct group_rq *gq, s64 wanted)
{
	u64 n = wanted - gq->left;

	spin_lock(&g->lock);
	if (g->quota != QUOTA_NONE) {
		n = min(n, g->runtime);
		g->runtime -= n;
	}
	gq->left += n;
	spin_unlock(&g->lock);
}

static void charge_quota(struct rq *rq, struct task_group *g, u64 ns)
{
	struct group_rq *gq = group_on(g, rq);

	if (READ_ONCE(g->quota) == QUOTA_NONE)
		return;
	gq->left -= ns;
	if (gq->left > 0 || gq->throttled)
		return;
	take_slice(g, gq, SLICE_NS);
	if (gq->left <= 0)
		throttle(rq, g);
}

/* The next of @periods begins. */
static void refill(struct task_group *g, u64 periods, bool throttled)
{
	spin_lock(&g->lock);
	if (throttled || g->runtime != g->runtime_at_start) {	/* else nobody ran */
		g->nr_periods += periods;
		g->nr_throttled += throttled;
	}
	g->runtime += g->quota;
	if (g->runtime < g->runtime_at_start) {	/* more than one quota was used */
		g->burst_ns += g->runtime_at_start - g->runtime;
		g->nr_bursts++;
	}
	g->runtime = min(g->runtime, g->quota + g->burst);
	g->runtime_at_start = g->runtime;
	spin_unlock(&g->lock);
}

static bool is_throttled(const struct task_group *g)
{
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (READ_ONCE(g->cpu[cpu].throttled))
			return true;
	return false;
}

/* false: there is no time for this CPU. */
static bool unthrottle_cpu(struct task_group *g, unsigned int cpu)
{
	struct rq *rq = cpu_rq(cpu);
	struct group_rq *gq = &g->cpu[cpu];
	bool throttled;

	if (!READ_ONCE(gq->throttled))
		return true;
	rq_lock(rq);
	if (gq->throttled) {
		take_slice(g, gq, 1);
		update_rq_clock(rq);
		if (gq->left > 0)
			unthrottle(rq, g);
	}
	throttled = gq->throttled;
	rq_unlock(rq);
	return !throttled;
}

/*
 * Irqs off: whom there is time for again, may go on. Each CPU gets just enough to begin, and the first that gets
 * nothing is the first next time: who is throttled may hold a mutex, and must not wait for ever behind those who use
 * up every quota.
 */
static void unthrottle_all(struct task_group *g)
{
	unsigned int n, cpu, first = READ_ONCE(g->first_cpu), next = NR_CPUS;

	for (n = 0; n < NR_CPUS; n++) {
		cpu = (first + n) % NR_CPUS;
		if (!unthrottle_cpu(g, cpu) && next == NR_CPUS)
			next = cpu;
	}
	WRITE_ONCE(g->first_cpu, next);
}

static enum hrtimer_restart period_timer(struct hrtimer *timer)
{
	struct task_group *g = container_of(timer, struct task_group, timer);
	u64 periods = hrtimer_forward_now(timer, g->period);

	refill(g, periods, is_throttled(g));
	unthrottle_all(g);
	return HRTIMER_RESTART;
}

void sched_group_set_quota(struct task_group *g, u64 quota, u64 period, u64 burst)
{
	unsigned long flags;

	hrtimer_cancel(&g->timer);
	spin_lock_irqsave(&g->lock, flags);
	WRITE_ONCE(g->quota, quota);
	g->period = period;
	g->burst = burst;
	g->runtime = g->runtime_at_start = quota == QUOTA_NONE ? 0 : quota;
	spin_unlock_irqrestore(&g->lock, flags);
	if (quota != QUOTA_NONE)
		hrtimer_start(&g->timer, period, HRTIMER_MODE_REL);
	flags = irq_save();
	unthrottle_all(g);
	irq_restore(flags);
}

/* ---- the class ------------------------------------------------------------------------------- */

/* What current has run since the last time, at every level. */
static void update_group(struct rq *rq)
{
	struct task_struct *t = rq->curr;
	struct task_group *g;
	u64 ran;

	for (g = t->sched_group; g; g = g->parent)
		fair_update_entity(rq, queue_of(g, rq));
	fair_update_entity(rq, &rq->cfs);
	ran = t->se.sum_exec_runtime - t->se.charged;
	t->se.charged = t->se.sum_exec_runtime;
	for (g = t->sched_group; g; g = g->parent)
		charge_quota(rq, g, ran);
}

/* Who calls these counts the task in rq->nr_running: so does queue_group(), unless it is throttled. */
static void enqueue_group(struct rq *rq, struct task_struct *t, int flags)
{
	struct group_rq *gq = group_on(t->sched_group, rq);

	fair_enqueue_entity(rq, &gq->cfs, &t->se, flags);
	gq->nr_tasks++;
	rq->nr_running--;
	if (!gq->throttled)
		queue_group(rq, t->sched_group, 1);
	if (unlikely(task_running(rq, t)))
		resched_curr(rq);	/* it has come here as it runs: perhaps it must not */
}

static void dequeue_group(struct rq *rq, struct task_struct *t, int flags)
{
	struct group_rq *gq = group_on(t->sched_group, rq);

	if (task_running(rq, t))
		update_group(rq);
	fair_dequeue_entity(rq, &gq->cfs, &t->se);
	gq->nr_tasks--;
	rq->nr_running++;
	if (!gq->throttled)
		unqueue_group(rq, t->sched_group, 1);
}

static struct task_struct *pick_group(struct rq *rq)
{
	return fair_sched_class.pick(rq);
}

static void put_prev_group(struct rq *rq, struct task_struct *t)
{
	struct sched_entity *se = &t->se;
	struct task_group *g;

	for (g = t->sched_group; g; g = g->parent) {
		fair_put_entity(queue_of(g, rq), se);
		se = &group_on(g, rq)->se;
	}
	fair_put_entity(&rq->cfs, se);
}

static void set_next_group(struct rq *rq, struct task_struct *t)
{
	struct sched_entity *se = &t->se;
	struct task_group *g;

	se->charged = se->sum_exec_runtime;
	for (g = t->sched_group; g; g = g->parent) {
		fair_set_entity(rq, queue_of(g, rq), se);
		se = &group_on(g, rq)->se;
	}
	fair_set_entity(rq, &rq->cfs, se);
}

/* One level up; false: @g is throttled, and so is who is in it. */
static bool step_up(struct rq *rq, struct task_group **g, struct sched_entity **se)
{
	struct group_rq *gq = group_on(*g, rq);

	*se = &gq->se;
	*g = (*g)->parent;
	return !gq->throttled;
}

static unsigned int depth_of(const struct task_group *g)
{
	return g ? g->depth : 0;
}

/* Where the groups of both are members of one queue, they compete. */
bool group_preempts(struct rq *rq, struct task_struct *t, int flags)
{
	struct sched_entity *se = &t->se, *curr = &rq->curr->se;
	struct task_group *g = t->sched_group, *cg = rq->curr->sched_group;
	bool queued = true;

	if (t->policy == SCHED_IDLE || t->policy == SCHED_BATCH || (flags & (WF_SYNC | WF_FORK)))
		return false;
	while (g != cg && queued) {
		if (depth_of(g) >= depth_of(cg))
			queued = step_up(rq, &g, &se);
		else
			step_up(rq, &cg, &curr);
	}
	if (!queued || !curr->on_rq || !se->on_rq)
		return false;
	return fair_entity_preempts(rq, queue_of(g, rq), se);
}

static void tick_group(struct rq *rq, struct task_struct *curr)
{
	struct task_group *g;

	update_group(rq);
	for (g = curr->sched_group; g; g = g->parent)
		update_share(rq, g);
}

static void yield_group(struct rq *rq)
{
	update_group(rq);
	fair_yield_entity(queue_of(rq->curr->sched_group, rq));
}

const struct sched_class group_sched_class = {
	.rank = 1,
	.enqueue = enqueue_group,
	.dequeue = dequeue_group,
	.update = update_group,
	.pick = pick_group,
	.put_prev = put_prev_group,
	.set_next = set_next_group,
	.preempts = group_preempts,
	.tick = tick_group,
	.yield = yield_group,
};

/* ---- making ---------------------------------------------------------------------------------- */

struct task_group *sched_group_create(struct task_group *parent)
{
	struct task_group *g = kzalloc(sizeof(*g), GFP_KERNEL);
	unsigned int cpu;

	if (!g)
		return NULL;
	g->parent = parent;
	g->depth = depth_of(parent) + 1;
	g->weight = NICE_0_LOAD;
	spin_lock_init_rank(&g->lock, LOCK_RANK_CPU_QUOTA);
	hrtimer_init(&g->timer, CLOCK_MONOTONIC, period_timer);
	g->quota = QUOTA_NONE;
	g->period = 100 * NSEC_PER_MSEC;
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		fair_init_rq(&g->cpu[cpu].cfs);
		g->cpu[cpu].se = (struct sched_entity) { .slice = BASE_SLICE_NS, .queue = &g->cpu[cpu].cfs };
		fair_set_weight(&g->cpu[cpu].se, NICE_0_LOAD);
	}
	return g;
}

void sched_group_free(struct task_group *g)
{
	kfree(g);
}
