// SPDX-License-Identifier: GPL-2.0-only
/*
 * Cgroup namespaces: the group that a process was in when it made one is the root that it and its children see, in
 * /proc/<pid>/cgroup, mountinfo, and new mounts.  cgroup_namespaces(7)
 *
 * Locking: all immutable.
 */
#include <kernel/cgroup/internal.h>

#include <kernel/nsproxy.h>
#include <kernel/user_namespace.h>
#include <mm/slab.h>

static struct cgroup_namespace *to_cgroup_ns(struct ns_common *ns)
{
	return container_of(ns, struct cgroup_namespace, ns);
}

static struct ns_common *clone_cgroup_ns(struct ns_common *old, struct user_namespace *user_ns, struct fs_struct *fs)
{
	struct cgroup_namespace *ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	int err;

	if (!ns)
		return ERR_PTR(-ENOMEM);
	err = ns_init(&ns->ns, &cgroupns_operations, user_ns);
	if (err) {
		kfree(ns);
		return ERR_PTR(err);
	}
	ns->root = cgroup_get_of_task(current);
	return &ns->ns;
}

static void free_cgroup_ns(struct ns_common *common)
{
	struct cgroup_namespace *ns = to_cgroup_ns(common);

	cgroup_put(ns->root);
	ns_exit(&ns->ns);
	kfree(ns);
}

const struct ns_operations cgroupns_operations = {
	.name = "cgroup",
	.type = CLONE_NEWCGROUP,
	.slot = NS_CGROUP,
	.ucount = UCOUNT_CGROUP,
	.clone = clone_cgroup_ns,
	.free = free_cgroup_ns,
};

struct cgroup_namespace init_cgroup_ns = {
	.ns = {
		.ops = &cgroupns_operations,
		.user_ns = &init_user_ns,
		.inum = NS_INUM_CGROUP,
		.count = REFCOUNT_INIT(2),
	},
	.root = &cgroup_root,
};

struct cgroup_namespace *current_cgroup_ns(void)
{
	return to_cgroup_ns(current->nsproxy->ns[NS_CGROUP]);
}
