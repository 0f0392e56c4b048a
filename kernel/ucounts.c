// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counts of namespaces by user and user namespace.  Interface: <kernel/ucounts.h>.
 *
 * Locking: ucounts_lock (irqs off) for the table and for references; the counts are atomic.  A struct ucounts does
 * not hold its user namespace: whatever is counted does.
 */
#include <kernel/ucounts.h>

#include <fs/procfs/proc_fs.h>
#include <kernel/cred.h>
#include <kernel/lib/hash.h>
#include <kernel/sched/sched.h>
#include <kernel/user_namespace.h>
#include <mm/slab.h>

#define UCOUNTS_BITS 6

struct ucounts {
	struct hlist_node	node;		/* ucounts_lock */
	struct user_namespace	*ns;		/* [I] */
	uid_t			uid;		/* [I] */
	unsigned int		users;		/* ucounts_lock */
	atomic_t		n[UCOUNT_KINDS]; /* [a] */
};

static DEFINE_SPINLOCK(ucounts_lock);
static struct hlist_head ucounts_hash[1 << UCOUNTS_BITS];	/* ucounts_lock */

static struct hlist_head *bucket(const struct user_namespace *ns, uid_t uid)
{
	return &ucounts_hash[hash_long((unsigned long)ns / sizeof(long) + uid, UCOUNTS_BITS)];
}

/* ucounts_lock held. */
static struct ucounts *find_locked(struct user_namespace *ns, uid_t uid)
{
	struct ucounts *uc;

	hlist_for_each_entry(uc, bucket(ns, uid), node) {
		if (uc->ns == ns && uc->uid == uid) {
			uc->users++;
			return uc;
		}
	}
	return NULL;
}

static struct ucounts *get_ucounts(struct user_namespace *ns, uid_t uid)
{
	struct ucounts *new = kzalloc(sizeof(*new), GFP_KERNEL), *uc;
	unsigned long flags;

	if (!new)
		return NULL;
	new->ns = ns;
	new->uid = uid;
	new->users = 1;
	spin_lock_irqsave(&ucounts_lock, flags);
	uc = find_locked(ns, uid);
	if (!uc)
		hlist_add_head(&new->node, bucket(ns, uid));
	spin_unlock_irqrestore(&ucounts_lock, flags);
	if (!uc)
		return new;
	kfree(new);
	return uc;
}

static void put_ucounts(struct ucounts *uc)
{
	unsigned long flags;
	bool last;

	spin_lock_irqsave(&ucounts_lock, flags);
	last = !--uc->users;
	if (last)
		hlist_del(&uc->node);
	spin_unlock_irqrestore(&ucounts_lock, flags);
	if (last)
		kfree(uc);
}

static bool inc_below(atomic_t *n, int max)
{
	int old = atomic_read(n);

	do
		if (old >= max)
			return false;
	while (!atomic_try_cmpxchg(n, &old, old + 1));
	return true;
}

struct ucounts *inc_ucount(struct user_namespace *ns, uid_t kuid, enum ucount_kind kind)
{
	struct ucounts *uc = get_ucounts(ns, kuid), *p, *undo;

	if (!uc)
		return NULL;
	for (p = uc; p; p = p->ns->ns.ucounts)
		if (!inc_below(&p->n[kind], READ_ONCE(p->ns->ucount_max[kind])))
			goto full;
	return uc;
full:
	for (undo = uc; undo != p; undo = undo->ns->ns.ucounts)
		atomic_dec(&undo->n[kind]);
	put_ucounts(uc);
	return NULL;
}

void dec_ucount(struct ucounts *uc, enum ucount_kind kind)
{
	struct ucounts *p;

	for (p = uc; p; p = p->ns->ns.ucounts)
		atomic_dec(&p->n[kind]);
	put_ucounts(uc);
}

/* ---- /proc/sys/user: the limits of the reader's namespace ------------------------------------- */

static int max_handler(const struct ctl_table *t, int write, char *buf, size_t *len, loff_t *pos)
{
	struct ctl_table own = *t;

	own.data = &current_user_ns()->ucount_max[(unsigned long)t->data];
	return sysctl_int(&own, write, buf, len, pos);
}

/* Who has CAP_SYS_RESOURCE there is the owner, nobody else may write. */
static umode_t max_mode(const struct ctl_table *t)
{
	return ns_capable(current_user_ns(), CAP_SYS_RESOURCE) ? t->mode >> 6 : t->mode & 7;
}

#define MAX_NAMESPACES(kind, index) {						\
	.procname = "max_" kind "_namespaces", .data = (void *)index, .maxlen = sizeof(int),	\
	.mode = 0644, .handler = max_handler, .permission = max_mode, .min = 0, .max = INT_MAX,	\
}
static const struct ctl_table user_table[] = {
	MAX_NAMESPACES("user", UCOUNT_USER),
	MAX_NAMESPACES("pid", UCOUNT_PID),
	MAX_NAMESPACES("uts", UCOUNT_UTS),
	MAX_NAMESPACES("ipc", UCOUNT_IPC),
	MAX_NAMESPACES("net", UCOUNT_NET),
	MAX_NAMESPACES("mnt", UCOUNT_MNT),
	MAX_NAMESPACES("cgroup", UCOUNT_CGROUP),
	MAX_NAMESPACES("time", UCOUNT_TIME),
};

void __init ucounts_init(void)
{
	int i;

	for (i = 0; i < UCOUNT_KINDS; i++)
		init_user_ns.ucount_max[i] = max_threads / 2;
	sysctl_register("user", user_table, ARRAY_SIZE(user_table));
}
