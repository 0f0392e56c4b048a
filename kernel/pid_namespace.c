// SPDX-License-Identifier: GPL-2.0-only
/*
 * pid namespaces: making, joining, and their end, which comes with the end of their init.  pid_namespaces(7)
 *
 * Interface: <kernel/pid.h>.  Locking: ns->lock for pid_allocated; tasklist_lock for the reaper.  A namespace is held
 * by each struct pid in it, by its children, and by those who could fork into it.
 */
#include <kernel/pid.h>

#include <kernel/cred.h>
#include <kernel/lib/bug.h>
#include <kernel/nsproxy.h>
#include <kernel/signal.h>
#include <kernel/signal_internal.h>
#include <kernel/wait.h>
#include <mm/slab.h>

struct pid_namespace *pid_ns_for_children(void)
{
	return to_pid_ns(current->nsproxy->ns[NS_PID_FOR_CHILDREN]);
}

static bool is_descendant(const struct pid_namespace *ns, const struct pid_namespace *ancestor)
{
	while (ns && ns != ancestor)
		ns = ns->parent;
	return ns;
}

bool pid_is_visible(const struct pid *pid)
{
	return is_descendant(ns_of_pid(pid), task_active_pid_ns(current));
}

/* ---- making ---------------------------------------------------------------------------------- */

static struct ns_common *pidns_clone(struct ns_common *old, struct user_namespace *user_ns, struct fs_struct *fs)
{
	struct pid_namespace *parent = to_pid_ns(old), *ns;
	int err;

	/* Its children would go there: one step at a time. */
	if (parent != task_active_pid_ns(current) || !is_ancestor_user_ns(parent->ns.user_ns, user_ns))
		return ERR_PTR(-EINVAL);
	if (parent->level >= MAX_PID_NS_LEVEL)
		return ERR_PTR(-ENOSPC);
	ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	if (!ns)
		return ERR_PTR(-ENOMEM);
	err = ns_init(&ns->ns, &pidns_operations, user_ns);
	if (err) {
		kfree(ns);
		return ERR_PTR(err);
	}
	spin_lock_init_rank(&ns->lock, LOCK_RANK_PID);
	idr_init(&ns->idr);
	ns->pid_allocated = PIDNS_ADDING;
	ns->level = parent->level + 1;
	ns->parent = get_pid_ns(parent);
	return &ns->ns;
}

/* Parents that only their child had go with it, without recursion. */
static void pidns_free(struct ns_common *common)
{
	for (;;) {
		struct pid_namespace *ns = to_pid_ns(common), *parent = ns->parent;

		idr_destroy(&ns->idr);
		ns_exit(&ns->ns);
		kfree(ns);
		if (parent == &init_pid_ns || !refcount_dec_and_test(&parent->ns.count))
			return;
		common = &parent->ns;
	}
}

/* ---- the end --------------------------------------------------------------------------------- */

static void kill_members(struct pid_namespace *ns)
{
	struct task_struct *t;
	struct pid *pid;
	int nr;

	for (nr = 2; (pid = find_ge_pid_ns(nr, ns)); nr++) {
		nr = pid_nr_ns(pid, ns);
		t = get_pid_task(pid, PIDTYPE_PID);
		put_pid(pid);
		if (!t)
			continue;
		if (t->signal != current->signal)
			do_send_sig_info(SIGKILL, SEND_SIG_PRIV, t, PIDTYPE_TGID);
		put_task_struct(t);
	}
}

/*
 * Its init is exiting: nobody comes in any more, all that are there are killed and waited for, whoever's children
 * they are.  Then only the pids of the last thread of init are left, and of its leader.
 */
void zap_pid_ns_processes(struct pid_namespace *ns)
{
	unsigned int own = thread_group_leader(current) ? 1 : 2;
	unsigned long flags;

	ASSERT(ns != &init_pid_ns);
	spin_lock_irqsave(&ns->lock, flags);
	ns->pid_allocated &= ~PIDNS_ADDING;
	spin_unlock_irqrestore(&ns->lock, flags);
	spin_lock_irq(&current->sighand->siglock);
	current->sighand->action[SIGCHLD - 1].handler = (unsigned long)SIG_IGN;	/* they reap themselves */
	current->sighand->touched |= sigmask(SIGCHLD);
	spin_unlock_irq(&current->sighand->siglock);
	kill_members(ns);
	reap_all_children();
	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (READ_ONCE(ns->pid_allocated) == own)
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	if (acct_files)
		acct_exit_ns(ns);
	if (ns->reboot)
		current->signal->group_exit_code = ns->reboot;
}

/* reboot(2) in a pid namespace ends it; its parent sees by the signal which way. */
int reboot_pid_ns(struct pid_namespace *ns, unsigned int cmd)
{
	int sig;

	switch (cmd) {
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_RESTART2:
		sig = SIGHUP;
		break;
	case LINUX_REBOOT_CMD_POWER_OFF:
	case LINUX_REBOOT_CMD_HALT:
		sig = SIGINT;
		break;
	default:
		return -EINVAL;
	}
	read_lock(&tasklist_lock);
	ns->reboot = sig;
	send_sig_tasklist_locked(SIGKILL, SEND_SIG_PRIV, ns->child_reaper, PIDTYPE_TGID);
	read_unlock(&tasklist_lock);
	do_exit(0);
}

/* ---- looking and joining --------------------------------------------------------------------- */

static struct ns_common *pidns_get(struct task_struct *t)
{
	struct pid *pid = get_task_pid(t, PIDTYPE_PID);
	struct ns_common *ns = pid ? get_ns(&ns_of_pid(pid)->ns) : NULL;

	put_pid(pid);
	return ns;
}

/* One that has no init yet is not there for others. */
static struct ns_common *pidns_for_children_get(struct task_struct *t)
{
	struct ns_common *ns = NULL;
	bool live;

	task_lock(t);
	if (t->nsproxy)
		ns = get_ns(t->nsproxy->ns[NS_PID_FOR_CHILDREN]);
	task_unlock(t);
	if (!ns)
		return NULL;
	read_lock(&tasklist_lock);
	live = to_pid_ns(ns)->child_reaper;
	read_unlock(&tasklist_lock);
	if (live)
		return ns;
	put_ns(ns);
	return NULL;
}

/* The children will be there; one cannot go up, or who is left behind would see pids it has none for. */
static int pidns_install(struct nsset *set, struct ns_common *ns)
{
	struct ns_common **slot = &set->nsproxy->ns[NS_PID_FOR_CHILDREN];

	if (!ns_may_install(set, ns))
		return -EPERM;
	if (!is_descendant(to_pid_ns(ns), task_active_pid_ns(current)))
		return -EINVAL;
	put_ns(*slot);
	*slot = get_ns(ns);
	return 0;
}

static struct ns_common *pidns_get_parent(struct ns_common *ns)
{
	struct pid_namespace *parent = to_pid_ns(ns)->parent;

	return is_descendant(parent, task_active_pid_ns(current)) ? get_ns(&parent->ns) : ERR_PTR(-EPERM);
}

const struct ns_operations pidns_operations = {
	.name = "pid",
	.type = CLONE_NEWPID,
	.slot = -1,
	.ucount = UCOUNT_PID,
	.get = pidns_get,
	.free = pidns_free,
	.install = pidns_install,
	.get_parent = pidns_get_parent,
};

const struct ns_operations pidns_for_children_operations = {
	.name = "pid_for_children",
	.shown = "pid",
	.type = CLONE_NEWPID,
	.slot = NS_PID_FOR_CHILDREN,
	.get = pidns_for_children_get,
	.clone = pidns_clone,
};
