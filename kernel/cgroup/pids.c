// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pids controller: how many tasks, zombies included, a group and all below it may have.
 *
 * They are counted whether the controller is on or not, so that turning it on needs no count. Only fork is
 * refused: who is moved into a full group may come in.
 *
 * Locking: tasklist_lock (write) for the counts, which fork and exit hold anyway; cgroup_mutex for the limits,
 * which fork reads without it.
 */
#include <kernel/cgroup/internal.h>

#include <fs/seq_file.h>
#include <kernel/pid.h>

void cgroup_pids_add(struct cgroup *c, int n)
{
	for (; c->parent; c = c->parent) {
		c->pids += n;
		c->pids_peak = max(c->pids_peak, c->pids);
	}
}

int cgroup_pids_try(struct cgroup *c)
{
	struct cgroup *up;

	for (up = c; up->parent; up = up->parent) {
		if (up->pids < READ_ONCE(up->pids_max))
			continue;
		while (!cgroup_has(c, CGROUP_PIDS))
			c = c->parent;	/* the next one that has the file */
		c->pids_refused++;
		cgroup_notify(c, CGROUP_EVENT_PIDS);
		return -EAGAIN;
	}
	cgroup_pids_add(c, 1);
	return 0;
}

void cgroup_pids_reset(struct cgroup *c)
{
	c->pids_max = LONG_MAX;
	write_lock_irq(&tasklist_lock);
	c->pids_refused = 0;
	c->pids_peak = c->pids;
	write_unlock_irq(&tasklist_lock);
}

static int show_current(struct seq_file *m, struct cgroup *c)
{
	seq_printf(m, "%ld\n", READ_ONCE(c->pids));
	return 0;
}

static int show_peak(struct seq_file *m, struct cgroup *c)
{
	seq_printf(m, "%ld\n", READ_ONCE(c->pids_peak));
	return 0;
}

static int show_events(struct seq_file *m, struct cgroup *c)
{
	seq_printf(m, "max %llu\n", READ_ONCE(c->pids_refused));
	return 0;
}

static int show_max(struct seq_file *m, struct cgroup *c)
{
	cgroup_show_max(m, READ_ONCE(c->pids_max), LONG_MAX);
	return 0;
}

static int write_max(struct cgroup_open *open, char *text)
{
	s64 limit;
	int err = cgroup_parse_max(text, S64_MAX, &limit);

	if (err == -ERANGE || (!err && limit < S64_MAX && limit > PID_MAX_LIMIT))
		err = -EINVAL;
	if (!err)
		WRITE_ONCE(open->cgrp->pids_max, min_t(s64, limit, LONG_MAX));
	return err;
}

const struct cgroup_file cgroup_pids_files[] = {
	{ "pids.max", 0644, CGROUP_FILE_NOT_ON_ROOT, CGROUP_NO_EVENT, show_max, write_max },
	{ "pids.current", 0444, CGROUP_FILE_NOT_ON_ROOT, CGROUP_NO_EVENT, show_current, NULL },
	{ "pids.peak", 0444, CGROUP_FILE_NOT_ON_ROOT, CGROUP_NO_EVENT, show_peak, NULL },
	{ "pids.events", 0444, CGROUP_FILE_NOT_ON_ROOT, CGROUP_EVENT_PIDS, show_events, NULL },
};
const unsigned int nr_cgroup_pids_files = ARRAY_SIZE(cgroup_pids_files);
