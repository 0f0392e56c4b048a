// SPDX-License-Identifier: GPL-2.0-only
/*
 * The fair class: earliest eligible virtual deadline first (Stoica and Abdel-Wahab, 1995).
 *
 * A task's vruntime is the time it ran, divided by its weight (nice 0: unchanged).  The average
 * vruntime V of the queue, weighted, is what each would have under ideal sharing; lag = V -
 * vruntime is what a task is owed.  A task that is not ahead (lag >= 0) is eligible; it asks for a
 * slice, and its virtual deadline is the vruntime it will have after that.  The eligible task with
 * the earliest deadline runs.  A sleeper keeps its lag, so sleeping neither earns nor loses
 * anything.
 *
 * V is not stored but follows from cfs->sum = S w * (vruntime - base) and cfs->load = S w: V = base
 * + sum / load, and "eligible" needs no division.  base follows along so that the products stay
 * small.
 *
 * Queued tasks are in a tree by deadline whose nodes know the smallest vruntime below them, which
 * leads the search to the first eligible one in O(log n).  The running task is not in the tree. All
 * under rq->lock.
 *
 * What is queued are entities: tasks, and groups of tasks (group.c), which have a queue of their own inside.
 */
#include <kernel/sched/internal.h>

#include <kernel/lib/math64.h>

/* round(1024 * 1.25^-nice): a step of nice is 10 % of the CPU between two equals. */
static const u32 nice_weight[40] = {
	88818, 71054, 56843, 45475, 36380, 29104, 23283, 18626, 14901, 11921,
	 9537,  7629,  6104,  4883,  3906,  3125,  2500,  2000,  1600,  1280,
	 1024,   819,   655,   524,   419,   336,   268,   215,   172,   137,
	  110,    88,    70,    56,    45,    36,    29,    23,    18,    15,
};

#define BASE_DRIFT_MAX	(1LL << 30)	/* ns that base may lag behind: bounds sum */

static inline struct task_struct *task_of(struct sched_entity *se)
{
	return container_of(se, struct task_struct, se);
}

static inline struct sched_entity *node_se(struct rb_node *node)
{
	return rb_entry(node, struct sched_entity, run_node);
}

static inline bool before(u64 a, u64 b)
{
	return (s64)(a - b) < 0;
}

/* ---- the tree ------------------------------------------------------------------------------ */

static inline bool min_vruntime_update(struct sched_entity *se, bool exit)
{
	struct rb_node *left = se->run_node.rb_left, *right = se->run_node.rb_right;
	u64 min = se->vruntime;

	if (left && before(node_se(left)->min_vruntime, min))
		min = node_se(left)->min_vruntime;
	if (right && before(node_se(right)->min_vruntime, min))
		min = node_se(right)->min_vruntime;
	if (exit && se->min_vruntime == min)
		return true;
	se->min_vruntime = min;
	return false;
}
RB_DECLARE_CALLBACKS(static, min_vruntime_cb, struct sched_entity, run_node, min_vruntime,
		     min_vruntime_update)

static void tree_insert(struct cfs_rq *cfs, struct sched_entity *se)
{
	struct rb_node **link = &cfs->tree.rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	se->min_vruntime = se->vruntime;
	if (!*link) {
		rb_insert_first_cached(&se->run_node, &cfs->tree);
		return;
	}
	while (*link) {
		struct sched_entity *other = node_se(*link);

		parent = *link;
		if (before(se->vruntime, other->min_vruntime))
			other->min_vruntime = se->vruntime;
		if (before(se->deadline, other->deadline)) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&se->run_node, parent, link);
	rb_insert_augmented_cached(&se->run_node, &cfs->tree, leftmost, &min_vruntime_cb);
}

static void tree_erase(struct cfs_rq *cfs, struct sched_entity *se)
{
	/* One waiter is the rule in a switch: 60 instructions less for putting it in and out. */
	if (rb_is_only_node(&se->run_node, &cfs->tree))
		cfs->tree = RB_ROOT_CACHED;
	else
		rb_erase_augmented_cached(&se->run_node, &cfs->tree, &min_vruntime_cb);
}

/* ---- virtual time --------------------------------------------------------------------------- */

/* ns of real time as virtual time of @se. */
static inline u64 calc_delta(u64 ns, const struct sched_entity *se)
{
	if (likely(se->weight == NICE_0_LOAD))
		return ns;
	return mul_u64_u32_shr(ns * NICE_0_LOAD, se->inv_weight, 32);
}

static inline s64 key(const struct cfs_rq *cfs, u64 vruntime)
{
	return (s64)(vruntime - cfs->base);
}

static inline bool eligible(const struct cfs_rq *cfs, u64 vruntime)
{
	return key(cfs, vruntime) * (s64)cfs->load <= cfs->sum;
}

/*
 * Each sleep and each wake-up divides by the load, and on arm that is a loop of 240 instructions.
 * One, two or four tasks of nice 0 are the rule; their load is a power of two.
 */
static inline s64 div_floor(s64 sum, u64 load)
{
	u32 low = load;

	if (likely(!(low & (low - 1)) && low == load))
		return sum >> (31 - __builtin_clz(low));
	if (sum < 0)
		sum -= load - 1;
	return div64_s64(sum, load);
}

static u64 avg_vruntime(const struct cfs_rq *cfs)
{
	s64 sum = cfs->sum;

	if (!cfs->nr)
		return cfs->base;
	if (cfs->nr == 1 && cfs->curr && cfs->curr->on_rq)
		return cfs->curr->vruntime;
	/* Round down: then the average itself is eligible. */
	return cfs->base + div_floor(sum, cfs->load);
}

static inline void advance_base(struct cfs_rq *cfs, u64 vruntime)
{
	s64 drift = key(cfs, vruntime);

	if (likely(drift < BASE_DRIFT_MAX))
		return;
	cfs->base += drift;
	cfs->sum -= drift * (s64)cfs->load;
}

static inline void update_entity(struct rq *rq, struct cfs_rq *cfs)
{
	struct sched_entity *se = cfs->curr;
	s64 ran;
	u64 delta;

	if (!se)
		return;
	ran = rq->clock - se->exec_start;
	if (ran <= 0)
		return;
	se->exec_start = rq->clock;
	se->sum_exec_runtime += ran;
	if (unlikely(!se->on_rq))
		return;
	delta = calc_delta(ran, se);
	se->vruntime += delta;
	cfs->sum += delta * se->weight;
	advance_base(cfs, se->vruntime);
	if (!before(se->vruntime, se->deadline)) {
		se->deadline = se->vruntime + calc_delta(se->slice, se);
		if (cfs->nr > 1)
			resched_curr(rq);
	}
}

/* Where a task enters the queue: with the lag that it left with. */
static void place(struct cfs_rq *cfs, struct sched_entity *se, int flags)
{
	u64 vslice = calc_delta(se->slice, se);
	s64 lag = se->vlag;

	/* Its own weight will move the average; make up for that. */
	if (lag && cfs->load)
		lag = div_floor(lag * (s64)(cfs->load + se->weight), cfs->load);
	se->vruntime = avg_vruntime(cfs) - lag;
	if (flags & ENQUEUE_INITIAL)
		vslice /= 2;
	se->deadline = se->vruntime + vslice;
}

static void keep_lag(const struct cfs_rq *cfs, struct sched_entity *se)
{
	s64 limit = calc_delta(max(2 * se->slice, NSEC_PER_SEC / CONFIG_HZ), se);

	se->vlag = 0;
	if (cfs->nr > 1)
		se->vlag = clamp((s64)(avg_vruntime(cfs) - se->vruntime), -limit, limit);
}

/* ---- entities ------------------------------------------------------------------------------- */

static inline void enqueue_entity(struct rq *rq, struct cfs_rq *cfs, struct sched_entity *se, int flags)
{
	update_entity(rq, cfs);
	place(cfs, se, flags);
	cfs->sum += key(cfs, se->vruntime) * (s64)se->weight;
	cfs->load += se->weight;
	cfs->nr++;
	se->on_rq = true;
	if (se != cfs->curr)
		tree_insert(cfs, se);
}

static inline void dequeue_entity(struct rq *rq, struct cfs_rq *cfs, struct sched_entity *se)
{
	update_entity(rq, cfs);
	keep_lag(cfs, se);
	if (se != cfs->curr)
		tree_erase(cfs, se);
	cfs->sum -= key(cfs, se->vruntime) * (s64)se->weight;
	cfs->load -= se->weight;
	se->on_rq = false;
	if (!--cfs->nr) {
		cfs->base = se->vruntime;
		cfs->sum = 0;
	}
}

static inline struct sched_entity *pick_entity(struct cfs_rq *cfs)
{
	struct sched_entity *curr = cfs->curr, *best = NULL;
	struct rb_node *node = rb_first_cached(&cfs->tree);

	if (curr && !curr->on_rq)
		curr = NULL;
	if (!node)
		return curr;
	if (!curr && cfs->nr == 1)	/* one slept, another one waits */
		return node_se(node);
	if (curr && !eligible(cfs, curr->vruntime))
		curr = NULL;
	if (eligible(cfs, node_se(node)->vruntime)) {
		best = node_se(node);
		node = NULL;
	} else {
		node = cfs->tree.rb_root.rb_node;
	}
	while (node) {
		struct rb_node *left = node->rb_left;

		if (left && eligible(cfs, node_se(left)->min_vruntime)) {
			node = left;
		} else if (eligible(cfs, node_se(node)->vruntime)) {
			best = node_se(node);
			break;
		} else {
			node = node->rb_right;
		}
	}
	if (curr && (!best || before(curr->deadline, best->deadline)))
		best = curr;
	if (unlikely(!best))	/* rounding */
		best = node_se(rb_first_cached(&cfs->tree));
	return best;
}

/* What it ran is charged already: by update(), or by dequeue(). */
static inline void put_entity(struct cfs_rq *cfs, struct sched_entity *se)
{
	if (se->on_rq)
		tree_insert(cfs, se);
	cfs->curr = NULL;
}

static inline void set_entity(struct rq *rq, struct cfs_rq *cfs, struct sched_entity *se)
{
	if (se->on_rq)
		tree_erase(cfs, se);
	se->exec_start = rq->clock;
	se->prev_sum_exec_runtime = se->sum_exec_runtime;
	cfs->curr = se;
}

static inline bool entity_preempts(struct rq *rq, struct cfs_rq *cfs, const struct sched_entity *se)
{
	update_entity(rq, cfs);
	return before(se->deadline, cfs->curr->deadline) && eligible(cfs, se->vruntime);
}

/* ---- the class --------------------------------------------------------------------------- */

static void update_fair(struct rq *rq)
{
	update_entity(rq, &rq->cfs);
}

static void enqueue_fair(struct rq *rq, struct task_struct *t, int flags)
{
	enqueue_entity(rq, &rq->cfs, &t->se, flags);
}

static void dequeue_fair(struct rq *rq, struct task_struct *t, int flags)
{
	dequeue_entity(rq, &rq->cfs, &t->se);
}

static struct task_struct *pick_fair(struct rq *rq)
{
	struct sched_entity *se = pick_entity(&rq->cfs);

	if (unlikely(!se))
		return NULL;
	while (unlikely(se->queue))
		se = fair_pick_entity(se->queue);
	return task_of(se);
}

static void put_prev_fair(struct rq *rq, struct task_struct *t)
{
	put_entity(&rq->cfs, &t->se);
}

static void set_next_fair(struct rq *rq, struct task_struct *t)
{
	set_entity(rq, &rq->cfs, &t->se);
}

static bool preempts_fair(struct rq *rq, struct task_struct *t, int flags)
{
	struct sched_entity *curr = rq->cfs.curr;

	if (!curr || t->policy == SCHED_IDLE || (flags & WF_SYNC))
		return false;
	if (task_of(curr)->policy == SCHED_IDLE)
		return true;
	if (t->policy == SCHED_BATCH)
		return false;
	return entity_preempts(rq, &rq->cfs, &t->se);
}

static void tick_fair(struct rq *rq, struct task_struct *curr)
{
	update_entity(rq, &rq->cfs);
}

/* Give up the rest of the slice: the next deadline counts from the end of this one. */
static void yield_fair(struct rq *rq)
{
	if (rq->cfs.nr == 1)
		return;
	update_entity(rq, &rq->cfs);
	fair_yield_entity(&rq->cfs);
}

const struct sched_class fair_sched_class = {
	.rank = 1,
	.enqueue = enqueue_fair,
	.dequeue = dequeue_fair,
	.update = update_fair,
	.pick = pick_fair,
	.put_prev = put_prev_fair,
	.set_next = set_next_fair,
	.preempts = preempts_fair,
	.tick = tick_fair,
	.yield = yield_fair,
};

/* ---- for group.c --------------------------------------------------------------------------- */

void fair_update_entity(struct rq *rq, struct cfs_rq *cfs)
{
	update_entity(rq, cfs);
}

void fair_enqueue_entity(struct rq *rq, struct cfs_rq *cfs, struct sched_entity *se, int flags)
{
	enqueue_entity(rq, cfs, se, flags);
}

void fair_dequeue_entity(struct rq *rq, struct cfs_rq *cfs, struct sched_entity *se)
{
	dequeue_entity(rq, cfs, se);
}

struct sched_entity *fair_pick_entity(struct cfs_rq *cfs)
{
	return pick_entity(cfs);
}

void fair_put_entity(struct cfs_rq *cfs, struct sched_entity *se)
{
	put_entity(cfs, se);
}

void fair_set_entity(struct rq *rq, struct cfs_rq *cfs, struct sched_entity *se)
{
	set_entity(rq, cfs, se);
}

bool fair_entity_preempts(struct rq *rq, struct cfs_rq *cfs, const struct sched_entity *se)
{
	return entity_preempts(rq, cfs, se);
}

void fair_yield_entity(struct cfs_rq *cfs)
{
	struct sched_entity *se = cfs->curr;

	if (cfs->nr > 1)
		se->deadline += calc_delta(se->slice, se);
}

/* ---- set-up ------------------------------------------------------------------------------ */

void fair_init_rq(struct cfs_rq *cfs)
{
	*cfs = (struct cfs_rq) { .tree = RB_ROOT_CACHED };
}

u32 fair_nice_weight(int nice)
{
	return nice_weight[nice + 20];
}

/* What is owed (weight * lag) stays the same. @se is in no queue. */
void fair_set_weight(struct sched_entity *se, u32 weight)
{
	if (se->weight && se->vlag)
		se->vlag = div_s64(se->vlag * (s64)se->weight, weight);
	se->weight = weight;
	se->inv_weight = div_u64(1ULL << 32, weight);
}

/* Weight from nice and policy. */
void fair_reweight(struct task_struct *t)
{
	fair_set_weight(&t->se, t->policy == SCHED_IDLE ? IDLE_POLICY_LOAD
							 : nice_weight[t->static_prio - MAX_RT_PRIO]);
}

void fair_fork(struct task_struct *t)
{
	t->se = (struct sched_entity) { .slice = BASE_SLICE_NS };
	fair_reweight(t);
}
