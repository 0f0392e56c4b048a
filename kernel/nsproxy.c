// SPDX-License-Identifier: GPL-2.0-only
/*
 * The namespaces a task is in: the table of their kinds, and the nsproxy, which is shared until somebody
 * unshares.  Interface: <kernel/nsproxy.h>, <kernel/ns_common.h>; the calls are in kernel/unshare.c, setns.c.
 *
 * Locking: an nsproxy is immutable once a task's; task->nsproxy is replaced under task_lock by its own task.
 */
#include <kernel/nsproxy.h>

#include <kernel/cgroup/cgroup.h>
#include <kernel/cred.h>
#include <kernel/ipc/ipc.h>
#include <kernel/lib/idr.h>
#include <kernel/pid.h>
#include <kernel/time_namespace.h>
#include <kernel/user_namespace.h>
#include <kernel/utsname.h>
#include <mm/slab.h>
#include <net/net_namespace.h>

static DEFINE_SPINLOCK(inum_lock);
static DEFINE_IDA(inums);			/* inum_lock */

/*
 * THE list of kinds, in the order in which they are made and joined.  A new kind: its operations here, its
 * slot in enum ns_slot, its first namespace in init_nsproxy.
 */
const struct ns_operations *const ns_table[] = {
	&userns_operations,
	&mntns_operations,
	&utsns_operations,
	&ipcns_operations,
	&pidns_operations,
	&pidns_for_children_operations,
	&cgroupns_operations,
	&netns_operations,
	&timens_operations,
	&timens_for_children_operations,
};
const unsigned int ns_table_size = ARRAY_SIZE(ns_table);

struct nsproxy init_nsproxy = {
	.count = REFCOUNT_INIT(1),
	.ns = {
		/* NS_MNT: mnt_init() */
		[NS_UTS] = &init_uts_ns.ns,
		[NS_IPC] = &init_ipc_ns.ns,
		[NS_PID_FOR_CHILDREN] = &init_pid_ns.ns,
		[NS_CGROUP] = &init_cgroup_ns.ns,
		[NS_NET] = &init_net.ns,
		[NS_TIME] = &init_time_ns.ns,
		[NS_TIME_FOR_CHILDREN] = &init_time_ns.ns,
	},
};

/* ---- one namespace --------------------------------------------------------------------------- */

int ns_init(struct ns_common *ns, const struct ns_operations *ops, struct user_namespace *user_ns)
{
	unsigned long flags;
	int nr;

	ns->ucounts = inc_ucount(user_ns, current_euid(), ops->ucount);
	if (!ns->ucounts)
		return -ENOSPC;
	spin_lock_irqsave(&inum_lock, flags);
	nr = ida_alloc_range(&inums, 0, UINT_MAX - NS_INUM_FIRST, GFP_ATOMIC);
	spin_unlock_irqrestore(&inum_lock, flags);
	if (nr < 0) {
		dec_ucount(ns->ucounts, ops->ucount);
		return nr;
	}
	ns->ops = ops;
	ns->user_ns = get_user_ns(user_ns);
	ns->inum = NS_INUM_FIRST + nr;
	refcount_set(&ns->count, 1);
	return 0;
}

void ns_release(struct ns_common *ns)
{
	unsigned long flags;

	spin_lock_irqsave(&inum_lock, flags);
	ida_free(&inums, ns->inum - NS_INUM_FIRST);
	spin_unlock_irqrestore(&inum_lock, flags);
	dec_ucount(ns->ucounts, ns->ops->ucount);
}

void ns_exit(struct ns_common *ns)
{
	ns_release(ns);
	put_user_ns(ns->user_ns);
}

struct ns_common *ns_of_task(const struct ns_operations *ops, struct task_struct *t)
{
	struct ns_common *ns = NULL;

	if (ops->get)
		return ops->get(t);
	task_lock(t);
	if (t->nsproxy)
		ns = get_ns(t->nsproxy->ns[ops->slot]);
	task_unlock(t);
	return ns;
}

bool ns_may_install(const struct nsset *set, const struct ns_common *ns)
{
	struct user_namespace *own = set->cred ? set->cred->user_ns : current_user_ns();

	return ns_capable(ns->user_ns, CAP_SYS_ADMIN) && ns_capable(own, CAP_SYS_ADMIN);
}

int ns_install(struct nsset *set, struct ns_common *ns)
{
	struct ns_common **slot = &set->nsproxy->ns[ns->ops->slot];

	if (!ns_may_install(set, ns))
		return -EPERM;
	put_ns(*slot);
	*slot = get_ns(ns);
	return 0;
}

/* ---- the set --------------------------------------------------------------------------------- */

void put_nsproxy(struct nsproxy *p)
{
	int i;

	if (!refcount_dec_and_test(&p->count))
		return;
	for (i = 0; i < NS_SLOTS; i++)
		if (p->ns[i])
			put_ns(p->ns[i]);
	kfree(p);
}

static bool can_be_made(unsigned long type)
{
	unsigned int i;

	for (i = 0; i < ns_table_size; i++)
		if (ns_table[i]->type == type && ns_table[i]->clone)
			return true;
	return false;
}

/* A kind that is not built is refused as by a Linux configured without it. User namespaces are made before. */
static bool all_can_be_made(unsigned long flags)
{
	unsigned long types;

	for (types = flags & CLONE_NEW_ALL & ~CLONE_NEWUSER; types; types &= types - 1)
		if (!can_be_made(types & -types))
			return false;
	return true;
}

struct nsproxy *create_nsproxy(unsigned long flags, struct user_namespace *user_ns, struct fs_struct *fs)
{
	struct nsproxy *old = current->nsproxy, *new;
	unsigned int i;

	if (!all_can_be_made(flags))
		return ERR_PTR(-EINVAL);
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (!new)
		return ERR_PTR(-ENOMEM);
	refcount_set(&new->count, 1);
	for (i = 0; i < ns_table_size; i++) {
		const struct ns_operations *ops = ns_table[i];
		struct ns_common *ns;

		if (ops->slot < 0)
			continue;
		if (ops->clone && (flags & ops->type))
			ns = ops->clone(old->ns[ops->slot], user_ns, fs);
		else
			ns = get_ns(old->ns[ops->slot]);
		if (IS_ERR(ns)) {
			put_nsproxy(new);
			return ERR_CAST(ns);
		}
		new->ns[ops->slot] = ns;
	}
	return new;
}

/* unshare(CLONE_NEWTIME) is for the children, of which this is one. */
static void move_to_time_ns(struct nsproxy *p, struct task_struct *child)
{
	if (p->ns[NS_TIME] == p->ns[NS_TIME_FOR_CHILDREN])
		return;
	put_ns(p->ns[NS_TIME]);
	p->ns[NS_TIME] = get_ns(p->ns[NS_TIME_FOR_CHILDREN]);
	timens_enter(child);
}

int copy_namespaces(unsigned long flags, struct task_struct *child)
{
	struct nsproxy *p = current->nsproxy;

	if (likely(!(flags & (CLONE_NEW_ALL & ~CLONE_NEWUSER)))) {
		if (likely(p->ns[NS_TIME] == p->ns[NS_TIME_FOR_CHILDREN])) {
			refcount_inc(&p->count);
			child->nsproxy = p;
			return 0;
		}
	} else if (!ns_capable(child->cred->user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	/* What one namespace's semaphores get back cannot wait for the exit of somebody in another one. */
	if ((flags & CLONE_NEWIPC) && (flags & CLONE_SYSVSEM))
		return -EINVAL;
	p = create_nsproxy(flags, child->cred->user_ns, child->fs);
	if (IS_ERR(p))
		return PTR_ERR(p);
	child->nsproxy = p;
	move_to_time_ns(p, child);
	return 0;
}

void switch_nsproxy(struct task_struct *t, struct nsproxy *new)
{
	struct nsproxy *old;

	task_lock(t);
	old = t->nsproxy;
	t->nsproxy = new;
	task_unlock(t);
	if (old)
		put_nsproxy(old);
}

void exit_task_namespaces(struct task_struct *t)
{
	switch_nsproxy(t, NULL);
}
