// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files that every group has, cgroup.*; and the start of it all.
 *
 * Locking: cgroup_mutex around each write, see fs.c.
 */
#include <kernel/cgroup/internal.h>

#include <fs/seq_file.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>

bool cgroup_nsdelegate, cgroup_recursiveprot;

int cgroup_parse_max(const char *text, s64 max, s64 *value)
{
	int err;

	if (!strcmp(text, "max")) {
		*value = max;
		return 0;
	}
	err = kstrtos64(text, 0, value);
	return !err && *value < 0 ? -ERANGE : err;
}

void cgroup_show_max(struct seq_file *m, s64 value, s64 max)
{
	if (value == max)
		seq_puts(m, "max\n");
	else
		seq_printf(m, "%lld\n", value);
}

static int show_type(struct seq_file *m, struct cgroup *c)
{
	mutex_lock(&cgroup_mutex);
	seq_printf(m, "%s\n", cgroup_type(c));
	mutex_unlock(&cgroup_mutex);
	return 0;
}

static int show_controllers(struct seq_file *m, struct cgroup *c)
{
	cgroup_show_controllers(m, cgroup_controllers(c));
	return 0;
}

static int show_subtree_control(struct seq_file *m, struct cgroup *c)
{
	cgroup_show_controllers(m, READ_ONCE(c->subtree_control));
	return 0;
}

static int show_events(struct seq_file *m, struct cgroup *c)
{
	seq_printf(m, "populated %d\nfrozen %d\n", READ_ONCE(c->nr_subtree) != 0, READ_ONCE(c->frozen));
	return 0;
}

static int show_max_descendants(struct seq_file *m, struct cgroup *c)
{
	cgroup_show_max(m, READ_ONCE(c->max_descendants), INT_MAX);
	return 0;
}

static int show_max_depth(struct seq_file *m, struct cgroup *c)
{
	cgroup_show_max(m, READ_ONCE(c->max_depth), INT_MAX);
	return 0;
}

static int write_int_max(char *text, int *limit)
{
	s64 value;
	int err = cgroup_parse_max(text, INT_MAX, &value);

	if (!err && value > INT_MAX)
		err = -ERANGE;
	if (!err)
		WRITE_ONCE(*limit, value);
	return err;
}

static int write_max_descendants(struct cgroup_open *open, char *text)
{
	return write_int_max(text, &open->cgrp->max_descendants);
}

static int write_max_depth(struct cgroup_open *open, char *text)
{
	return write_int_max(text, &open->cgrp->max_depth);
}

static int show_stat(struct seq_file *m, struct cgroup *c)
{
	seq_printf(m, "nr_descendants %d\nnr_dying_descendants %d\n", READ_ONCE(c->nr_descendants),
		   atomic_read(&c->nr_dying));
	return 0;
}

#define NOT_ON_ROOT	CGROUP_FILE_NOT_ON_ROOT
#define DELEGATED	CGROUP_FILE_DELEGATED
#define NO_EVENT	CGROUP_NO_EVENT
const struct cgroup_file cgroup_core_files[] = {
	[CGROUP_PROCS] =
	{ "cgroup.procs", 0644, DELEGATED, NO_EVENT, cgroup_show_procs, cgroup_write_procs },
	{ "cgroup.type", 0644, NOT_ON_ROOT, NO_EVENT, show_type, cgroup_write_type },
	{ "cgroup.threads", 0644, DELEGATED, NO_EVENT, cgroup_show_threads, cgroup_write_threads },
	{ "cgroup.controllers", 0444, 0, NO_EVENT, show_controllers, NULL },
	{ "cgroup.subtree_control", 0644, DELEGATED, NO_EVENT, show_subtree_control, cgroup_write_subtree_control },
	{ "cgroup.events", 0444, NOT_ON_ROOT, CGROUP_EVENT_CORE, show_events, NULL },
	{ "cgroup.max.descendants", 0644, 0, NO_EVENT, show_max_descendants, write_max_descendants },
	{ "cgroup.max.depth", 0644, 0, NO_EVENT, show_max_depth, write_max_depth },
	{ "cgroup.stat", 0444, 0, NO_EVENT, show_stat, NULL },
	{ "cpu.stat", 0444, 0, NO_EVENT, cgroup_show_cpu_stat, NULL },
	{ "cgroup.freeze", 0644, NOT_ON_ROOT, NO_EVENT, cgroup_show_freeze, cgroup_write_freeze },
	{ "cgroup.kill", 0200, NOT_ON_ROOT, NO_EVENT, NULL, cgroup_write_kill },
};
const unsigned int nr_cgroup_core_files = ARRAY_SIZE(cgroup_core_files);

void __init cgroup_init(void)
{
	cgroup_fs_init();
	cgroup_proc_init();
}
