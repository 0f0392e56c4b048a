// SPDX-License-Identifier: GPL-2.0-only
/*
 * ioprio_set(2), ioprio_get(2).  Interface: <kernel/ioprio.h>.
 *
 * A task has an io_context once a priority was set for it; before, or with the class "none", its niceness stands for
 * one.  The blocks of our disks are written by others than who made them dirty, so that a priority is told, and has
 * no other effect.
 *
 * Locking: task_lock for task->io_context; a context's priority is atomic.
 */
#include <kernel/ioprio.h>

#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/pid.h>
#include <mm/slab.h>

struct io_context {
	refcount_t	count;		/* [a] tasks */
	int		ioprio;		/* [a] */
};

static struct io_context *alloc_io_context(int ioprio, gfp_t gfp)
{
	struct io_context *io = kmalloc(sizeof(*io), gfp);

	if (io) {
		refcount_set(&io->count, 1);
		io->ioprio = ioprio;
	}
	return io;
}

static void put_io_context(struct io_context *io)
{
	if (io && refcount_dec_and_test(&io->count))
		kfree(io);
}

int copy_io_slow(unsigned long clone_flags, struct task_struct *child)
{
	struct io_context *io = current->io_context;
	int ioprio = READ_ONCE(io->ioprio);

	if (clone_flags & CLONE_IO) {
		refcount_inc(&io->count);
		child->io_context = io;
	} else if (IOPRIO_PRIO_CLASS(ioprio) != IOPRIO_CLASS_NONE) {
		child->io_context = alloc_io_context(ioprio, GFP_KERNEL);
		if (!child->io_context)
			return -ENOMEM;
	}
	return 0;
}

void exit_io_slow(struct task_struct *t)
{
	struct io_context *io;

	task_lock(t);
	io = t->io_context;
	t->io_context = NULL;
	task_unlock(t);
	put_io_context(io);
}

/* ---- of one task ------------------------------------------------------------------------------- */

static bool is_own(struct task_struct *t)
{
	const struct cred *cred = get_task_cred(t);
	bool own = cred->uid == current_euid() || cred->uid == current_uid();

	put_cred(cred);
	return own || capable(CAP_SYS_NICE);
}

static int set_one(struct task_struct *t, int ioprio)
{
	struct io_context *new = NULL;

	if (!is_own(t))
		return -EPERM;
	if (!READ_ONCE(t->io_context)) {
		new = alloc_io_context(ioprio, GFP_ATOMIC);
		if (!new)
			return -ENOMEM;
	}
	task_lock(t);
	if (t->io_context) {
		WRITE_ONCE(t->io_context->ioprio, ioprio);
	} else if (new && !(t->flags & PF_EXITING)) {	/* no more for who lets go of it */
		t->io_context = new;
		new = NULL;
	}
	task_unlock(t);
	put_io_context(new);
	return 0;
}

/* What was set. */
static int raw_ioprio(struct task_struct *t)
{
	int ioprio;

	task_lock(t);
	ioprio = t->io_context ? READ_ONCE(t->io_context->ioprio) : 0;
	task_unlock(t);
	return ioprio;
}

/* What that means. */
static int effective_ioprio(struct task_struct *t)
{
	unsigned int policy = READ_ONCE(t->policy);
	int ioprio = raw_ioprio(t), class = IOPRIO_CLASS_BE;

	if (IOPRIO_PRIO_CLASS(ioprio) != IOPRIO_CLASS_NONE)
		return ioprio;
	if (policy == SCHED_IDLE)
		class = IOPRIO_CLASS_IDLE;
	else if (policy == SCHED_FIFO || policy == SCHED_RR)
		class = IOPRIO_CLASS_RT;
	return IOPRIO_PRIO_VALUE(class, (task_nice(t) + 20) / 5);
}

/* ---- of those that the caller means ------------------------------------------------------------ */

struct ioprio_walk {
	bool	set;
	int	ioprio;		/* to set */
	int	result;		/* -ESRCH: none so far; the best, or the first error */
};

/* True: go on. */
static bool visit(struct task_struct *t, struct ioprio_walk *w)
{
	int ioprio;

	if (w->set) {
		w->result = set_one(t, w->ioprio);
		return !w->result;
	}
	ioprio = effective_ioprio(t);
	w->result = w->result == -ESRCH ? ioprio : min(w->result, ioprio);
	return true;
}

static int visit_process(int who, struct ioprio_walk *w)
{
	struct task_struct *t = who ? find_get_task_by_vpid(who) : get_task_struct(current);
	int ret;

	if (!t)
		return -ESRCH;
	ret = w->set ? set_one(t, w->ioprio) : raw_ioprio(t);
	put_task_struct(t);
	return ret;
}

static void walk_pgrp(struct pid *pgrp, struct ioprio_walk *w)
{
	struct task_struct *leader, *t;

	do_each_pid_task(pgrp, PIDTYPE_PGID, leader) {
		for_each_thread(leader, t)
			if (!visit(t, w))
				return;
	}
}

static int visit_pgrp(int who, struct ioprio_walk *w)
{
	struct pid *pgrp = who ? find_get_pid(who) : get_pid(task_pgrp(current));

	if (!pgrp)
		return -ESRCH;
	read_lock(&tasklist_lock);
	walk_pgrp(pgrp, w);
	read_unlock(&tasklist_lock);
	put_pid(pgrp);
	return w->result;
}

static int visit_user(int who, struct ioprio_walk *w)
{
	uid_t uid = uid_from_user(who);
	struct task_struct *p, *t;

	if (uid == ID_INVALID)
		return -ESRCH;
	read_lock(&tasklist_lock);
	for_each_process_thread(p, t)
		if (t->real_cred->uid == uid && task_pid_vnr(t) && !visit(t, w))
			goto out;
out:
	read_unlock(&tasklist_lock);
	return w->result;
}

static int walk(int which, int who, struct ioprio_walk *w)
{
	w->result = -ESRCH;
	switch (which) {
	case IOPRIO_WHO_PROCESS:
		return visit_process(who, w);
	case IOPRIO_WHO_PGRP:
		return visit_pgrp(who, w);
	case IOPRIO_WHO_USER:
		return visit_user(who, w);
	default:
		return -EINVAL;
	}
}

int ioprio_check(int ioprio)
{
	unsigned int data = IOPRIO_PRIO_DATA(ioprio);

	switch (IOPRIO_PRIO_CLASS(ioprio)) {
	case IOPRIO_CLASS_RT:
		if (!capable(CAP_SYS_ADMIN) && !capable(CAP_SYS_NICE))
			return -EPERM;
		return data < IOPRIO_NR_LEVELS ? 0 : -EINVAL;
	case IOPRIO_CLASS_BE:
		return data < IOPRIO_NR_LEVELS ? 0 : -EINVAL;
	case IOPRIO_CLASS_IDLE:
		return 0;
	case IOPRIO_CLASS_NONE:
		return data ? -EINVAL : 0;
	default:
		return -EINVAL;
	}
}

long sys_ioprio_set(int which, int who, int ioprio)
{
	struct ioprio_walk w = { .set = true, .ioprio = ioprio };
	int err = ioprio_check(ioprio);

	return err ?: walk(which, who, &w);
}

long sys_ioprio_get(int which, int who)
{
	struct ioprio_walk w = { .set = false };

	return walk(which, who, &w);
}
