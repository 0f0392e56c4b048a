// SPDX-License-Identifier: GPL-2.0-only
/*
 * The cpu controller: cpu.weight and cpu.max set up a task group of kernel/sched/group.c; cpu.stat adds up what ran.
 *
 * Time is not counted while tasks run: each keeps what it had run when it came into its group, and what it ran since is
 * added to the group, and those above, when it leaves.  The file adds those who are there.
 *
 * Locking: cgroup_mutex for the settings; tasklist_lock for the times.
 */
#include <kernel/cgroup/internal.h>

#include <fs/seq_file.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/sched/group.h>
#include <kernel/signal.h>

#define DEFAULT_WEIGHT	100
#define MAX_WEIGHT	10000
#define MIN_PERIOD_US	1000
#define MAX_PERIOD_US	1000000

/* ---- who is in which task group -------------------------------------------------------------- */

/* The nearest group that has the controller; NULL: the root. */
static struct task_group *sched_group_of(struct cgroup *c)
{
	while (c && !READ_ONCE(c->cpu.on))
		c = c->parent;
	return c ? c->cpu.group : NULL;
}

int cgroup_cpu_create(struct cgroup *c)
{
	c->cpu.weight = DEFAULT_WEIGHT;
	c->cpu.group = sched_group_create(c->parent->cpu.group);
	return c->cpu.group ? 0 : -ENOMEM;
}

void cgroup_cpu_free(struct cgroup *c)
{
	sched_group_free(c->cpu.group);
}

static void set_weight(struct cgroup *c)
{
	/* An idle group weighs what an idle task does. */
	c->cpu.group->weight = c->cpu.idle ? IDLE_POLICY_LOAD
					   : max(DIV_ROUND_CLOSEST(c->cpu.weight * NICE_0_LOAD, DEFAULT_WEIGHT), 2U);
}

void cgroup_cpu_enable(struct cgroup *c, bool on)
{
	struct task_struct *p, *t;

	c->cpu.weight = DEFAULT_WEIGHT;
	c->cpu.idle = false;
	set_weight(c);
	cgroup_cpu_stop(c);
	write_lock_irq(&tasklist_lock);
	c->cpu.on = on;
	for_each_process_thread(p, t)
		if (cgroup_is_descendant(task_cgroup(t), c))
			sched_set_group(t, sched_group_of(t->cgroup));
	write_unlock_irq(&tasklist_lock);
}

void cgroup_cpu_stop(struct cgroup *c)
{
	sched_group_set_quota(c->cpu.group, QUOTA_NONE, 100 * NSEC_PER_MSEC, 0);
}

/* ---- time ------------------------------------------------------------------------------------ */

void cgroup_cpu_join(struct task_struct *t)
{
	task_cputime(t, &t->cgroup_utime, &t->cgroup_stime);
	if (t->sched_group != sched_group_of(t->cgroup))
		sched_set_group(t, sched_group_of(t->cgroup));
}

static void add_since_join(struct task_struct *t, u64 *utime, u64 *stime)
{
	u64 u, s;

	task_cputime(t, &u, &s);
	*utime += u - min(u, t->cgroup_utime);
	*stime += s - min(s, t->cgroup_stime);
}

void cgroup_cpu_leave(struct task_struct *t, struct cgroup *c)
{
	u64 utime = 0, stime = 0;

	add_since_join(t, &utime, &stime);
	for (; c->parent; c = c->parent) {
		c->cpu.utime += utime;
		c->cpu.stime += stime;
	}
}

static void group_times(struct cgroup *c, u64 *utime, u64 *stime)
{
	struct task_struct *p, *t;
	unsigned long flags;

	read_lock_irqsave(&tasklist_lock, flags);
	*utime = c->cpu.utime;
	*stime = c->cpu.stime;
	for_each_process_thread(p, t)
		if (t->cgroup && !t->exit_state && cgroup_is_descendant(t->cgroup, c))
			add_since_join(t, utime, stime);
	read_unlock_irqrestore(&tasklist_lock, flags);
}

/* The root's: of the CPUs. */
static void root_times(u64 *utime, u64 *stime)
{
	struct cpu_stat stat;
	unsigned int cpu;

	*utime = *stime = 0;
	for_each_online_cpu(cpu) {
		get_cpu_stat(cpu, &stat);
		*utime += stat.user + stat.nice;
		*stime += stat.system;
	}
}

static void show_quota_stat(struct seq_file *m, struct task_group *g)
{
	spin_lock_irq(&g->lock);
	seq_printf(m, "nr_periods %llu\nnr_throttled %llu\nthrottled_usec %llu\nnr_bursts %llu\nburst_usec %llu\n",
		   g->nr_periods, g->nr_throttled, div_u64(g->throttled_ns, NSEC_PER_USEC), g->nr_bursts,
		   div_u64(g->burst_ns, NSEC_PER_USEC));
	spin_unlock_irq(&g->lock);
}

int cgroup_show_cpu_stat(struct seq_file *m, struct cgroup *c)
{
	u64 utime, stime;

	if (c->parent)
		group_times(c, &utime, &stime);
	else
		root_times(&utime, &stime);
	seq_printf(m, "usage_usec %llu\nuser_usec %llu\nsystem_usec %llu\n", div_u64(utime + stime, NSEC_PER_USEC),
		   div_u64(utime, NSEC_PER_USEC), div_u64(stime, NSEC_PER_USEC));
	if (READ_ONCE(c->cpu.on))
		show_quota_stat(m, c->cpu.group);
	return 0;
}

/* ---- cpu.weight ------------------------------------------------------------------------------ */

static int show_weight(struct seq_file *m, struct cgroup *c)
{
	seq_printf(m, "%u\n", READ_ONCE(c->cpu.idle) ? 0 : READ_ONCE(c->cpu.weight));
	return 0;
}

static int write_weight(struct cgroup_open *open, char *text)
{
	u64 weight;
	int err = kstrtou64(text, 0, &weight);

	if (err)
		return err;
	if (weight < 1 || weight > MAX_WEIGHT)
		return -ERANGE;
	if (open->cgrp->cpu.idle)
		return -EINVAL;
	open->cgrp->cpu.weight = weight;
	set_weight(open->cgrp);
	return 0;
}

/* As a nice value: the one whose weight is nearest. */
static int show_weight_nice(struct seq_file *m, struct cgroup *c)
{
	u32 load = READ_ONCE(c->cpu.weight) * NICE_0_LOAD / DEFAULT_WEIGHT, best = ~0U;
	int nice, nearest = 0;

	for (nice = -20; nice < 20; nice++) {
		u32 w = fair_nice_weight(nice), distance = w > load ? w - load : load - w;

		if (distance >= best)
			break;
		best = distance;
		nearest = nice;
	}
	seq_printf(m, "%d\n", nearest);
	return 0;
}

static int write_weight_nice(struct cgroup_open *open, char *text)
{
	s64 nice;
	int err = kstrtos64(text, 0, &nice);

	if (err)
		return err;
	if (nice < -20 || nice > 19)
		return -ERANGE;
	if (open->cgrp->cpu.idle)
		return -EINVAL;
	open->cgrp->cpu.weight = max(DIV_ROUND_CLOSEST(fair_nice_weight(nice) * DEFAULT_WEIGHT, NICE_0_LOAD), 1U);
	set_weight(open->cgrp);
	return 0;
}

static int show_idle(struct seq_file *m, struct cgroup *c)
{
	seq_printf(m, "%d\n", READ_ONCE(c->cpu.idle));
	return 0;
}

static int write_idle(struct cgroup_open *open, char *text)
{
	s64 idle;
	int err = kstrtos64(text, 0, &idle);

	if (err)
		return err;
	if (idle < 0 || idle > 1)
		return -EINVAL;
	open->cgrp->cpu.idle = idle;
	set_weight(open->cgrp);
	return 0;
}

/* ---- cpu.max --------------------------------------------------------------------------------- */

static int show_max(struct seq_file *m, struct cgroup *c)
{
	struct task_group *g = c->cpu.group;

	if (g->quota == QUOTA_NONE)
		seq_puts(m, "max");
	else
		seq_printf(m, "%llu", div_u64(g->quota, NSEC_PER_USEC));
	seq_printf(m, " %llu\n", div_u64(g->period, NSEC_PER_USEC));
	return 0;
}

/* "QUOTA [PERIOD]" in microseconds; the period stays if it is not given. */
static int write_max(struct cgroup_open *open, char *text)
{
	struct task_group *g = open->cgrp->cpu.group;
	u64 quota = QUOTA_NONE, period = div_u64(g->period, NSEC_PER_USEC);
	char *word = strsep(&text, " ");

	if (!*word)
		return -EINVAL;
	if (strcmp(word, "max") && kstrtou64(word, 10, &quota))
		return -EINVAL;
	if (text && *strim(text) && kstrtou64(strim(text), 10, &period))
		return -EINVAL;
	if (period < MIN_PERIOD_US || period > MAX_PERIOD_US)
		return -EINVAL;
	if (quota != QUOTA_NONE && (quota < MIN_PERIOD_US || quota > U64_MAX / NSEC_PER_SEC))
		return -EINVAL;
	if (quota == QUOTA_NONE ? g->burst != 0 : g->burst > quota * NSEC_PER_USEC)
		return -EINVAL;
	sched_group_set_quota(g, quota == QUOTA_NONE ? quota : quota * NSEC_PER_USEC, period * NSEC_PER_USEC, g->burst);
	return 0;
}

static int show_burst(struct seq_file *m, struct cgroup *c)
{
	seq_printf(m, "%llu\n", div_u64(READ_ONCE(c->cpu.group->burst), NSEC_PER_USEC));
	return 0;
}

static int write_burst(struct cgroup_open *open, char *text)
{
	struct task_group *g = open->cgrp->cpu.group;
	u64 burst;
	int err = kstrtou64(text, 0, &burst);

	if (err)
		return err;
	if (burst > U64_MAX / NSEC_PER_SEC)
		return -EINVAL;
	burst *= NSEC_PER_USEC;
	if (burst && (g->quota == QUOTA_NONE || burst > g->quota))
		return -EINVAL;
	sched_group_set_quota(g, g->quota, g->period, burst);
	return 0;
}

#define NOT_ON_ROOT	CGROUP_FILE_NOT_ON_ROOT
#define NO_EVENT	CGROUP_NO_EVENT
const struct cgroup_file cgroup_cpu_files[] = {
	{ "cpu.weight", 0644, NOT_ON_ROOT, NO_EVENT, show_weight, write_weight },
	{ "cpu.weight.nice", 0644, NOT_ON_ROOT, NO_EVENT, show_weight_nice, write_weight_nice },
	{ "cpu.idle", 0644, NOT_ON_ROOT, NO_EVENT, show_idle, write_idle },
	{ "cpu.max", 0644, NOT_ON_ROOT, NO_EVENT, show_max, write_max },
	{ "cpu.max.burst", 0644, NOT_ON_ROOT, NO_EVENT, show_burst, write_burst },
};
const unsigned int nr_cgroup_cpu_files = ARRAY_SIZE(cgroup_cpu_files);
