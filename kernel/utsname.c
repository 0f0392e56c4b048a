// SPDX-License-Identifier: GPL-2.0-only
/*
 * The uts namespace: a set of the names that uname(2) tells.  Interface: <kernel/utsname.h>; the calls that
 * read and set the names are in kernel/sys.c and procfs.
 *
 * Locking: uts_sem for the names of all of them.
 */
#include <kernel/utsname.h>

#include <kernel/user_namespace.h>
#include <mm/slab.h>

DECLARE_RWSEM(uts_sem);

struct uts_namespace init_uts_ns = {
	.ns = {
		.ops = &utsns_operations,
		.user_ns = &init_user_ns,
		.inum = NS_INUM_UTS,
		.count = REFCOUNT_INIT(1),
	},
	.name = {
		.sysname = "Linux",
		.nodename = "(none)",
		.release = THIMBLE_RELEASE,
		.version = THIMBLE_VERSION,
		.domainname = "(none)",
	},
};

static struct ns_common *utsns_clone(struct ns_common *old, struct user_namespace *user_ns, struct fs_struct *fs)
{
	struct uts_namespace *ns = kmalloc(sizeof(*ns), GFP_KERNEL);
	int err;

	if (!ns)
		return ERR_PTR(-ENOMEM);
	err = ns_init(&ns->ns, &utsns_operations, user_ns);
	if (err) {
		kfree(ns);
		return ERR_PTR(err);
	}
	down_read(&uts_sem);
	ns->name = to_uts_ns(old)->name;
	up_read(&uts_sem);
	return &ns->ns;
}

static void utsns_free(struct ns_common *ns)
{
	ns_exit(ns);
	kfree(to_uts_ns(ns));
}

const struct ns_operations utsns_operations = {
	.name = "uts",
	.type = CLONE_NEWUTS,
	.slot = NS_UTS,
	.ucount = UCOUNT_UTS,
	.clone = utsns_clone,
	.free = utsns_free,
};
