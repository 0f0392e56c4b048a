/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Control groups, version 2: what the rest of the kernel needs of them.
 *
 * task->cgroup is the group of a task, NULL for the root: a task there costs its fork, exit and switches
 * one test each.  It changes under tasklist_lock (write), and keeps a reference until the task_struct goes.
 */
#pragma once

#include <kernel/ns_common.h>

struct cgroup;
struct kernel_clone_args;
struct seq_file;
struct task_struct;

void cgroup_init(void);			/* boot, when file systems can be registered */

/* fork.c. tasklist_lock held for write, siglock of current held: @child joins @cgrp; 0 or -EAGAIN. */
int cgroup_fork(struct task_struct *child, struct cgroup *cgrp);
/*
 * CLONE_INTO_CGROUP: the group that descriptor @fd stands for, if current may put a child there.  Groups stand
 * still until cgroup_end_clone(). ERR_PTR(-errno): there is nothing to end.
 */
struct cgroup *cgroup_begin_clone(int fd, bool thread);
void cgroup_end_clone(void);
/* Only for tasks with a cgroup; tasklist_lock held for write. */
void cgroup_exit(struct task_struct *t);	/* it becomes a zombie: the group may be empty now */
void cgroup_release(struct task_struct *t);	/* it is reaped: its number is free */
/* The last reference to one goes that has a cgroup, or had one. */
void cgroup_free_task(struct task_struct *t);

/*
 * freezer.c. A task of a group is about to sleep where it can do no harm: stopped, traced, or in vfork().
 * Such a one counts as frozen; leaving, it may find that it must stay so (unless @always), in get_signal().
 */
void cgroup_enter_frozen(void);
void cgroup_leave_frozen(bool always);
/* From get_signal(): JOBCTL_TRAP_FREEZE or JOBCTL_FROZEN is set. siglock held, dropped. */
void cgroup_freezer_trap(void);

/* namespace.c */
struct cgroup_namespace {
	struct ns_common	ns;
	struct cgroup		*root;		/* [I] reference: "/" for those who are in it */
};
extern struct cgroup_namespace init_cgroup_ns;
extern const struct ns_operations cgroupns_operations;

/* show.c: /proc/<pid>/cgroup */
int proc_pid_cgroup(struct seq_file *m, struct task_struct *t);
