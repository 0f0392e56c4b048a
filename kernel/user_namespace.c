// SPDX-License-Identifier: GPL-2.0-only
/*
 * User namespaces.  Interface: <kernel/user_namespace.h>.
 *
 * Locking: none; a namespace is immutable.
 */
#include <kernel/user_namespace.h>

#include <kernel/cred.h>

struct user_namespace init_user_ns = {
	.ns = {
		.ops = &userns_operations,
		.inum = NS_INUM_USER,
		.count = REFCOUNT_INIT(1),
	},
};

struct ns_common *ns_get_owner(struct ns_common *ns)
{
	struct user_namespace *owner = ns->user_ns, *p;

	for (p = owner; p; p = p->ns.user_ns)
		if (p == current_user_ns())
			return get_ns(&owner->ns);
	return ERR_PTR(-EPERM);
}

static struct ns_common *userns_get(struct task_struct *t)
{
	const struct cred *c = get_task_cred(t);
	struct ns_common *ns = get_ns(&c->user_ns->ns);

	put_cred(c);
	return ns;
}

static int userns_install(struct nsset *set, struct ns_common *ns)
{
	return -EINVAL;		/* there is one: the one we are in */
}

const struct ns_operations userns_operations = {
	.name = "user",
	.type = CLONE_NEWUSER,
	.slot = -1,
	.get = userns_get,
	.install = userns_install,
	.get_parent = ns_get_owner,
};
