// SPDX-License-Identifier: GPL-2.0-only
/*
 * User namespaces: making, joining, letting go.  Interface: <kernel/user_namespace.h>; ids are in user_map.c.
 *
 * Locking: userns_lock for what a namespace's files in /proc set once; the rest is immutable.
 */
#include <kernel/user_namespace.h>

#include <fs/fs_struct.h>
#include <fs/mount.h>
#include <kernel/cred.h>
#include <kernel/signal.h>
#include <mm/slab.h>

DEFINE_MUTEX(userns_lock);

static struct id_extent all_ids = { .first = 0, .lower = 0, .count = UINT_MAX };
#define ALL_IDS	{ .nr = 1, .extents = &all_ids, .by_lower = &all_ids }

struct user_namespace init_user_ns = {
	.ns = {
		.ops = &userns_operations,
		.inum = NS_INUM_USER,
		.count = REFCOUNT_INIT(1),
	},
	.uid_map = ALL_IDS,
	.gid_map = ALL_IDS,
	.projid_map = ALL_IDS,
	.setgroups_allowed = true,
	.ucount_max = { [0 ... UCOUNT_KINDS - 1] = INT_MAX },	/* until ucounts_init() */
};

/* ---- making ---------------------------------------------------------------------------------- */

/* The capabilities of before mean nothing in @ns, where it has all. Consumes a reference to @ns. */
static void set_cred_user_ns(struct cred *cred, struct user_namespace *ns)
{
	put_user_ns(cred->user_ns);
	cred->user_ns = ns;
	cred->securebits = SECUREBITS_DEFAULT;
	cred->cap_inheritable = CAP_EMPTY_SET;
	cred->cap_permitted = CAP_FULL_SET;
	cred->cap_effective = CAP_FULL_SET;
	cred->cap_ambient = CAP_EMPTY_SET;
	cred->cap_bset = CAP_FULL_SET;
}

/* A chroot(2) would end with the right to call it again. */
static bool current_is_chrooted(void)
{
	struct path root, top = current_ns_root();
	bool yes;

	get_fs_root(current->fs, &root);
	yes = root.mnt != top.mnt || root.dentry != top.dentry;
	path_put(&root);
	path_put(&top);
	return yes;
}

int create_user_ns(struct cred *new)
{
	struct user_namespace *ns, *parent = new->user_ns;
	int i, err;

	if (parent->level >= USERNS_MAX_LEVEL)
		return -ENOSPC;
	ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	if (!ns)
		return -ENOMEM;
	err = ns_init(&ns->ns, &userns_operations, parent);
	if (err)
		goto free_ns;
	err = -EPERM;
	/* Its maker must have a name in the parent, or could not be told there from others. */
	if (current_is_chrooted() || !kuid_has_mapping(parent, new->euid) || !kgid_has_mapping(parent, new->egid))
		goto exit_ns;
	ns->level = parent->level + 1;
	ns->owner = new->euid;
	ns->group = new->egid;
	ns->parent_could_setfcap = cap_raised(new->cap_effective, CAP_SETFCAP);
	for (i = 0; i < UCOUNT_KINDS; i++)
		ns->ucount_max[i] = INT_MAX;
	mutex_lock(&userns_lock);
	ns->setgroups_allowed = parent->setgroups_allowed;
	mutex_unlock(&userns_lock);
	set_cred_user_ns(new, ns);
	return 0;
exit_ns:
	ns_exit(&ns->ns);
free_ns:
	kfree(ns);
	return err;
}

/* Parents that only their child had go with it, without recursion. */
static void userns_free(struct ns_common *common)
{
	for (;;) {
		struct user_namespace *ns = to_user_ns(common), *parent = ns->ns.user_ns;

		id_map_free(&ns->uid_map);
		id_map_free(&ns->gid_map);
		id_map_free(&ns->projid_map);
		ns_release(&ns->ns);
		kfree(ns);
		if (parent == &init_user_ns || !refcount_dec_and_test(&parent->ns.count))
			return;
		common = &parent->ns;
	}
}

/* ---- looking and joining --------------------------------------------------------------------- */

struct ns_common *ns_get_owner(struct ns_common *ns)
{
	struct user_namespace *owner = ns->user_ns;

	return owner && is_ancestor_user_ns(current_user_ns(), owner) ? get_ns(&owner->ns) : ERR_PTR(-EPERM);
}

static struct ns_common *userns_get(struct task_struct *t)
{
	const struct cred *c = get_task_cred(t);
	struct ns_common *ns = get_ns(&c->user_ns->ns);

	put_cred(c);
	return ns;
}

static int userns_install(struct nsset *set, struct ns_common *common)
{
	struct user_namespace *ns = to_user_ns(common);

	/* In one's own one would get back what one has dropped. */
	if (ns == current_user_ns())
		return -EINVAL;
	if (current->signal->nr_threads > 1 || current->fs->users != 1)
		return -EINVAL;
	if (!ns_capable(ns, CAP_SYS_ADMIN))
		return -EPERM;
	set_cred_user_ns(set->cred, get_user_ns(ns));
	return 0;
}

const struct ns_operations userns_operations = {
	.name = "user",
	.type = CLONE_NEWUSER,
	.slot = -1,
	.ucount = UCOUNT_USER,
	.get = userns_get,
	.free = userns_free,
	.install = userns_install,
	.get_parent = ns_get_owner,
};
