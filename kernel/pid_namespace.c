// SPDX-License-Identifier: GPL-2.0-only
/*
 * pid namespaces.  Interface: <kernel/pid.h>.  There is one: it is never put for the last time, and its init's
 * death is a panic.
 */
#include <kernel/pid.h>

#include <kernel/lib/bug.h>
#include <kernel/nsproxy.h>

struct pid_namespace *pid_ns_for_children(void)
{
	return to_pid_ns(current->nsproxy->ns[NS_PID_FOR_CHILDREN]);
}

void zap_pid_ns_processes(struct pid_namespace *ns)
{
	ASSERT(ns != &init_pid_ns);
}

static struct ns_common *pidns_get(struct task_struct *t)
{
	struct pid *pid = get_task_pid(t, PIDTYPE_PID);
	struct ns_common *ns = pid ? get_ns(&ns_of_pid(pid)->ns) : NULL;

	put_pid(pid);
	return ns;
}

static bool is_descendant(const struct pid_namespace *ns, const struct pid_namespace *ancestor)
{
	while (ns && ns != ancestor)
		ns = ns->parent;
	return ns;
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
	.get = pidns_get,
	.install = pidns_install,
	.get_parent = pidns_get_parent,
};

const struct ns_operations pidns_for_children_operations = {
	.name = "pid_for_children",
	.shown = "pid",
	.type = CLONE_NEWPID,
	.slot = NS_PID_FOR_CHILDREN,
};
