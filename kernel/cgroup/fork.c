// SPDX-License-Identifier: GPL-2.0-only
/*
 * What becomes of a group when its tasks fork, exit and are reaped.
 *
 * The hooks are called for tasks of groups only: those of the root are not counted.
 *
 * Locking: tasklist_lock (write), which fork and exit hold where they commit; cgroup_mutex for CLONE_INTO_CGROUP.
 */
#include <kernel/cgroup/internal.h>

#include <fs/file.h>
#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/signal.h>

int cgroup_fork(struct task_struct *child, struct cgroup *cgrp)
{
	int err;

	if (!cgrp->parent)
		return 0;
	err = cgroup_pids_try(cgrp);
	if (err)
		return err;
	child->cgroup = cgroup_get(cgrp);
	cgroup_cpu_join(child);
	cgroup_charge_stack(child);
	cgroup_count(cgrp, 1, 0);
	if (cgrp->freezers)
		child->jobctl |= JOBCTL_TRAP_FREEZE;	/* schedule_tail() looks */
	return 0;
}

void cgroup_exit(struct task_struct *t)
{
	cgroup_cpu_leave(t, t->cgroup);
	cgroup_count(t->cgroup, -1, t->jobctl & JOBCTL_FROZEN ? -1 : 0);
}

void cgroup_release(struct task_struct *t)
{
	cgroup_pids_add(t->cgroup, -1);
}

void cgroup_free_task(struct task_struct *t)
{
	cgroup_uncharge_stack(t);
	cgroup_put(t->charge_group);
	cgroup_put(t->cgroup);
}

/* ---- CLONE_INTO_CGROUP ----------------------------------------------------------------------- */

/* [m] held. */
static int may_clone_into(struct cgroup *dst, bool thread)
{
	struct cgroup *src;
	int err;

	if (dst->dead)
		return -ENOENT;
	err = cgroup_may_write(dst);
	if (err)
		return err;
	src = cgroup_get_of_task(current);
	err = cgroup_attach_permission(src, dst, thread, current_cgroup_ns());
	cgroup_put(src);
	return err;
}

struct cgroup *cgroup_begin_clone(int fd, bool thread)
{
	struct file *f = fget_raw(fd);
	struct cgroup *dst;
	int err;

	if (!f)
		return ERR_PTR(-EBADF);
	dst = cgroup_of_dir(f);
	if (!IS_ERR(dst)) {
		mutex_lock(&cgroup_mutex);
		err = may_clone_into(dst, thread);
		if (err) {
			mutex_unlock(&cgroup_mutex);
			dst = ERR_PTR(err);
		}
	}
	fput(f);			/* the mutex keeps what lives */
	return dst;
}

void cgroup_end_clone(void)
{
	mutex_unlock(&cgroup_mutex);
}
