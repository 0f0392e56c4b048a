// SPDX-License-Identifier: GPL-2.0-only
/*
 * Who is in a group: listing its tasks, moving them in, killing them.
 *
 * Locking: cgroup_mutex, so that the destination stays what it is; tasklist_lock for the walk and the move.
 */
#include <kernel/cgroup/internal.h>

#include <fs/seq_file.h>
#include <fs/vfs.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/pid.h>
#include <kernel/signal_internal.h>

/* ---- listing --------------------------------------------------------------------------------- */

/* A process is where its leader is, even if that has exited; in a threaded subtree, at the top. */
int cgroup_show_procs(struct seq_file *m, struct cgroup *c)
{
	struct task_struct *p;

	if (cgroup_is_threaded(c))
		return -EOPNOTSUPP;
	read_lock(&tasklist_lock);
	for_each_process(p)
		if (task_cgroup(p)->dom == c && (!p->exit_state || atomic_read(&p->signal->live)))
			seq_printf(m, "%d\n", pid_vnr(p->thread_pid));
	read_unlock(&tasklist_lock);
	return 0;
}

int cgroup_show_threads(struct seq_file *m, struct cgroup *c)
{
	struct task_struct *p, *t;

	read_lock(&tasklist_lock);
	for_each_process_thread(p, t)
		if (task_cgroup(t) == c && !t->exit_state)
			seq_printf(m, "%d\n", pid_vnr(t->thread_pid));
	read_unlock(&tasklist_lock);
	return 0;
}

/* ---- moving ---------------------------------------------------------------------------------- */

void cgroup_count(struct cgroup *c, int n, int frozen)
{
	struct cgroup *up;

	c->nr_tasks += n;
	for (up = c; up->parent; up = up->parent) {
		bool was_populated = up->nr_subtree;

		up->nr_subtree += n;
		up->nr_frozen += frozen;
		if (was_populated != !!up->nr_subtree)
			cgroup_notify(up, CGROUP_EVENT_CORE);
	}
	cgroup_update_frozen(c);
}

/* tasklist_lock held for write. */
static void move_task(struct task_struct *t, struct cgroup *dst)
{
	struct cgroup *src = task_cgroup(t);
	bool was_frozen = t->jobctl & JOBCTL_FROZEN, frozen;

	if (src == dst || t->exit_state || (t->flags & PF_EXITING))
		return;
	cgroup_cpu_leave(t, src);
	t->cgroup = dst->parent ? cgroup_get(dst) : NULL;
	cgroup_cpu_join(t);
	frozen = cgroup_freezer_moved(t);
	cgroup_pids_add(src, -1);
	cgroup_pids_add(dst, 1);
	cgroup_count(dst, 1, frozen);
	cgroup_count(src, -1, -(int)was_frozen);
	if (src->parent)
		cgroup_put(src);
}

static struct cgroup *common_ancestor(struct cgroup *a, struct cgroup *b)
{
	while (!cgroup_is_descendant(b, a))
		a = a->parent;
	return a;
}

int cgroup_attach_permission(struct cgroup *src, struct cgroup *dst, bool thread, const struct cgroup_namespace *ns)
{
	int err = cgroup_may_write(common_ancestor(src, dst));

	if (err)
		return err;
	if (cgroup_nsdelegate && (!cgroup_is_descendant(src, ns->root) || !cgroup_is_descendant(dst, ns->root)))
		return -ENOENT;
	err = cgroup_vet_destination(dst);
	if (!err && thread && src->dom != dst->dom)
		err = -EOPNOTSUPP;
	return err;
}

/* By the credentials of whoever opened the file: it may be passed to somebody more powerful. */
static int check_permission(struct cgroup_open *open, struct task_struct *t, bool thread)
{
	const struct cred *saved;
	struct cgroup *src = cgroup_get_of_task(t);
	int err;

	saved = override_creds(open->filp->f_cred);
	err = cgroup_attach_permission(src, open->cgrp, thread, open->ns);
	revert_creds(saved);
	cgroup_put(src);
	return err;
}

static struct task_struct *task_of_text(const char *text)
{
	struct task_struct *t;
	int pid;

	if (kstrtoint(text, 0, &pid) || pid < 0)
		return ERR_PTR(-EINVAL);
	t = pid ? find_get_task_by_vpid(pid) : get_task_struct(current);
	if (!t)
		return ERR_PTR(-ESRCH);
	if (t->flags & PF_KTHREAD) {
		put_task_struct(t);
		return ERR_PTR(-EINVAL);
	}
	return t;
}

static int attach(struct cgroup_open *open, char *text, bool thread)
{
	struct task_struct *t = task_of_text(text), *other;
	int err;

	if (IS_ERR(t))
		return PTR_ERR(t);
	err = check_permission(open, t, thread);
	if (!err) {
		write_lock_irq(&tasklist_lock);
		if (thread)
			move_task(t, open->cgrp);
		else if (t->sighand)	/* else it has been reaped */
			for_each_thread(t, other)
				move_task(other, open->cgrp);
		write_unlock_irq(&tasklist_lock);
	}
	put_task_struct(t);
	return err;
}

int cgroup_write_procs(struct cgroup_open *open, char *text)
{
	return attach(open, text, false);
}

int cgroup_write_threads(struct cgroup_open *open, char *text)
{
	return attach(open, text, true);
}

/* ---- killing --------------------------------------------------------------------------------- */

/* Who forks meanwhile waits for the lock, and finds that it is to die. */
static void kill_all(struct cgroup *c)
{
	struct task_struct *p;
	unsigned long flags;

	read_lock_irqsave(&tasklist_lock, flags);
	for_each_process(p)
		if (cgroup_is_descendant(task_cgroup(p), c) && !(p->flags & PF_KTHREAD))
			send_sig_tasklist_locked(SIGKILL, SEND_SIG_NOINFO, p, PIDTYPE_TGID);
	read_unlock_irqrestore(&tasklist_lock, flags);
}

int cgroup_write_kill(struct cgroup_open *open, char *text)
{
	int value, err = kstrtoint(text, 0, &value);

	if (err)
		return err;
	if (value != 1)
		return -ERANGE;
	if (cgroup_is_threaded(open->cgrp))
		return -EOPNOTSUPP;
	kill_all(open->cgrp);
	return 0;
}
