// SPDX-License-Identifier: GPL-2.0-only
/*
 * Credentials: copying, committing, the user table, supplementary groups, capability checks.
 *
 * Interface: <kernel/cred.h>.  The set*id family of system calls is in kernel/cred_syscalls.c.
 *
 * Locking: a committed struct cred is immutable and refcounted.  uidhash_lock protects the table of users.
 */
#include <kernel/cred.h>

#include <fs/coredump.h>
#include <fs/vfs.h>
#include <kernel/keys/keys.h>
#include <kernel/lib/hash.h>
#include <kernel/signal.h>
#include <kernel/yama.h>
#include <kernel/user_namespace.h>
#include <mm/mm.h>
#include <mm/slab.h>

#define UIDHASH_BITS 7

static struct hlist_head uidhash[1 << UIDHASH_BITS];	/* uidhash_lock */
static DEFINE_SPINLOCK(uidhash_lock);
static struct kmem_cache *cred_cache, *user_cache;

struct user_struct root_user = {
	.count = REFCOUNT_INIT(2),
	.processes = ATOMIC_INIT(1),
};

static struct group_info init_groups = { .usage = REFCOUNT_INIT(2) };

struct cred init_cred = {
	.usage = REFCOUNT_INIT(4),
	.cap_permitted = { (1ULL << (CAP_LAST_CAP + 1)) - 1 },
	.cap_effective = { (1ULL << (CAP_LAST_CAP + 1)) - 1 },
	.cap_bset = { (1ULL << (CAP_LAST_CAP + 1)) - 1 },
	.user = &root_user,
	.user_ns = &init_user_ns,
	.group_info = &init_groups,
};

void cred_init(void)
{
	cred_cache = kmem_cache_create("cred", sizeof(struct cred), 0, SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	user_cache = kmem_cache_create("user", sizeof(struct user_struct), 0, SLAB_PANIC, NULL);
	hlist_add_head(&root_user.node, &uidhash[hash_32(0, UIDHASH_BITS)]);
}

/* ---- users -------------------------------------------------------------------------------- */

static struct user_struct *find_user_locked(uid_t uid)
{
	struct user_struct *u;

	hlist_for_each_entry(u, &uidhash[hash_32(uid, UIDHASH_BITS)], node)
		if (u->uid == uid)
			return get_uid(u);
	return NULL;
}

struct user_struct *alloc_uid(uid_t uid)
{
	struct user_struct *u, *new;
	unsigned long flags;

	spin_lock_irqsave(&uidhash_lock, flags);
	u = find_user_locked(uid);
	spin_unlock_irqrestore(&uidhash_lock, flags);
	if (u)
		return u;

	new = kmem_cache_zalloc(user_cache, GFP_KERNEL);
	if (!new)
		return NULL;
	new->uid = uid;
	refcount_set(&new->count, 1);
	spin_lock_irqsave(&uidhash_lock, flags);
	u = find_user_locked(uid);
	if (!u)
		hlist_add_head(&new->node, &uidhash[hash_32(uid, UIDHASH_BITS)]);
	spin_unlock_irqrestore(&uidhash_lock, flags);
	if (!u)
		return new;
	kmem_cache_free(user_cache, new);	/* somebody was faster */
	return u;
}

void free_uid(struct user_struct *u)
{
	unsigned long flags;

	if (likely(refcount_dec_not_one(&u->count)))
		return;
	spin_lock_irqsave(&uidhash_lock, flags);	/* nobody may find it between the drop and the unlink */
	if (!refcount_dec_and_test(&u->count)) {
		spin_unlock_irqrestore(&uidhash_lock, flags);
		return;
	}
	hlist_del(&u->node);
	spin_unlock_irqrestore(&uidhash_lock, flags);
	kmem_cache_free(user_cache, u);
}

/* ---- groups ---------------------------------------------------------------------------------- */

struct group_info *groups_alloc(int n)
{
	struct group_info *g = kvmalloc(sizeof(*g) + n * sizeof(g->gid[0]), GFP_KERNEL);

	if (g) {
		refcount_set(&g->usage, 1);
		g->ngroups = n;
	}
	return g;
}

void put_group_info(struct group_info *g)
{
	if (refcount_dec_and_test(&g->usage))
		kvfree(g);
}

static bool groups_search(const struct group_info *g, gid_t gid)
{
	int lo = 0, hi = g->ngroups;

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (g->gid[mid] == gid)
			return true;
		if (g->gid[mid] < gid)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

bool in_group_p(gid_t gid)
{
	const struct cred *c = current_cred();

	return gid == c->fsgid || groups_search(c->group_info, gid);
}

bool in_egroup_p(gid_t gid)
{
	const struct cred *c = current_cred();

	return gid == c->egid || groups_search(c->group_info, gid);
}

/* ---- copy, commit, drop ---------------------------------------------------------------------- */

struct cred *prepare_creds(void)
{
	struct cred *new = kmem_cache_alloc(cred_cache, GFP_KERNEL);

	if (!new)
		return NULL;
	*new = *current_cred();
	refcount_set(&new->usage, 1);
	get_uid(new->user);
	get_user_ns(new->user_ns);
	refcount_inc(&new->group_info->usage);
	if (new->keys)
		get_cred_keys(new->keys);
	return new;
}

void put_cred(const struct cred *c)
{
	struct cred *cred = (struct cred *)c;

	if (!cred || !refcount_dec_and_test(&cred->usage))
		return;
	free_uid(cred->user);
	put_user_ns(cred->user_ns);
	put_group_info(cred->group_info);
	if (unlikely(cred->keys))
		put_cred_keys(cred->keys);
	kmem_cache_free(cred_cache, cred);
}

void abort_creds(struct cred *new)
{
	put_cred(new);
}

/* Who owns a namespace above could have all that there is in one below. */
static bool caps_gain(const struct cred *old, const struct cred *new)
{
	const struct user_namespace *ns;

	if (likely(new->user_ns == old->user_ns))
		return new->cap_permitted.val & ~old->cap_permitted.val;
	for (ns = new->user_ns; ns != &init_user_ns; ns = ns->ns.user_ns)
		if (ns->ns.user_ns == old->user_ns && ns->owner == old->euid)
			return false;
	return true;
}

/* A process that changed identity must not be dumped by, or traced by, who it was. */
bool cred_gains(const struct cred *old, const struct cred *new)
{
	return old->euid != new->euid || old->egid != new->egid || old->fsuid != new->fsuid ||
	       old->fsgid != new->fsgid || caps_gain(old, new);
}

int commit_creds(struct cred *new)
{
	struct task_struct *t = current;
	const struct cred *old = t->real_cred;

	ASSERT(t->cred == old);
	if (cred_gains(old, new)) {
		if (t->mm)
			set_dumpable(t->mm, suid_dumpable);
		t->pdeath_signal = 0;
	}
	if (new->user != old->user) {
		atomic_inc(&new->user->processes);
		atomic_dec(&old->user->processes);
	}
	if (unlikely(new->keys) && (new->fsuid != old->fsuid || new->fsgid != old->fsgid))
		keys_follow_fsids(new);
	get_cred(new);			/* for the second pointer */
	task_lock(t);
	t->cred = t->real_cred = new;
	task_unlock(t);
	put_cred(old);
	put_cred(old);
	return 0;
}

const struct cred *override_creds(const struct cred *new)
{
	const struct cred *old = current->cred;

	task_lock(current);
	current->cred = get_cred(new);
	task_unlock(current);
	return old;
}

void revert_creds(const struct cred *old)
{
	const struct cred *override = current->cred;

	task_lock(current);
	current->cred = old;
	task_unlock(current);
	put_cred(override);
}

const struct cred *get_task_cred(struct task_struct *t)
{
	const struct cred *c;

	task_lock(t);
	c = get_cred(t->real_cred);
	task_unlock(t);
	return c;
}

/*
 * One process more for @user. Counted first, then looked at: of many that fork at once on several CPUs none
 * gets in above RLIMIT_NPROC.
 */
static int count_process(struct user_struct *user)
{
	if ((unsigned long)atomic_inc_return(&user->processes) <= rlimit(RLIMIT_NPROC) || user == &root_user ||
	    capable(CAP_SYS_RESOURCE) || capable(CAP_SYS_ADMIN))
		return 0;
	atomic_dec(&user->processes);
	return -EAGAIN;
}

/* CLONE_NEWUSER: the child is somebody else from the beginning. */
static int copy_creds_userns(struct task_struct *child)
{
	struct cred *new = prepare_creds();
	int err;

	if (!new)
		return -ENOMEM;
	err = create_user_ns(new);
	if (!err && new->keys)
		err = keys_exec_creds(new);	/* a new process's keyrings, as after exec, are its session's */
	if (!err)
		err = count_process(new->user);
	if (err) {
		abort_creds(new);
		return err;
	}
	child->cred = new;
	child->real_cred = get_cred(new);
	return 0;
}

/*
 * Threads share, processes share too until somebody changes: a struct cred is never altered in place, so
 * fork costs three counts and no copy.
 */
int copy_creds(struct task_struct *child, unsigned long clone_flags)
{
	const struct cred *c = current->real_cred;
	int err;

	if (unlikely(clone_flags & CLONE_NEWUSER))
		return copy_creds_userns(child);
	err = count_process(c->user);
	if (err)
		return err;
	current->flags &= ~PF_NPROC_EXCEEDED;
	if (unlikely(c->keys)) {
		c = keys_fork_creds(c, clone_flags);
		if (IS_ERR(c)) {
			atomic_dec(&current->real_cred->user->processes);
			return PTR_ERR(c);
		}
	} else {
		get_cred(get_cred(c));
	}
	child->cred = child->real_cred = c;
	return 0;
}

void exit_creds(struct task_struct *t)
{
	atomic_dec(&t->real_cred->user->processes);
	put_cred(t->cred);
	put_cred(t->real_cred);
	t->cred = t->real_cred = NULL;
}

/* ---- capability checks ----------------------------------------------------------------------- */

static bool cred_capable(const struct cred *cred, struct user_namespace *ns, int cap)
{
	/* In its own namespace by its set; over a child namespace also as its owner. */
	for (;; ns = ns->ns.user_ns) {
		if (ns == cred->user_ns)
			return cap_raised(cred->cap_effective, cap);
		if (ns->level <= cred->user_ns->level)
			return false;
		if (ns->ns.user_ns == cred->user_ns && ns->owner == cred->euid)
			return true;
	}
}

bool ns_capable(struct user_namespace *ns, int cap)
{
	if (!cred_capable(current_cred(), ns, cap))
		return false;
	current->flags |= PF_SUPERPRIV;
	return true;
}

bool capable(int cap)
{
	return ns_capable(&init_user_ns, cap);
}

bool file_ns_capable(const struct cred *file_cred, struct user_namespace *ns, int cap)
{
	return cred_capable(file_cred, ns, cap);
}

bool has_ns_capability(struct task_struct *t, struct user_namespace *ns, int cap)
{
	const struct cred *c = get_task_cred(t);
	bool yes = cred_capable(c, ns, cap);

	put_cred(c);
	return yes;
}

/* ---- access to another process --------------------------------------------------------------- */

int get_dumpable(struct mm_struct *mm)
{
	return READ_ONCE(mm->flags) & MMF_DUMPABLE_MASK;
}

void set_dumpable(struct mm_struct *mm, int value)
{
	unsigned long old = READ_ONCE(mm->flags), new;

	do {
		new = (old & ~(unsigned long)MMF_DUMPABLE_MASK) | value;
	} while (!__atomic_compare_exchange_n(&mm->flags, &old, new, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
}

static bool same_identity(const struct cred *target, uid_t uid, gid_t gid)
{
	return uid == target->euid && uid == target->suid && uid == target->uid &&
	       gid == target->egid && gid == target->sgid && gid == target->gid;
}

/* All but Yama, which needs tasklist_lock. */
bool ptrace_creds_allow(struct task_struct *t, unsigned int mode)
{
	const struct cred *me = current_cred(), *target;
	bool fs = mode & PTRACE_MODE_FSCREDS, yes;
	struct mm_struct *mm;

	if (t->signal == current->signal)
		return true;
	target = get_task_cred(t);
	yes = same_identity(target, fs ? me->fsuid : me->uid, fs ? me->fsgid : me->gid) ||
	      ns_capable(target->user_ns, CAP_SYS_PTRACE);
	if (yes && (target->user_ns != me->user_ns ||
		    (target->cap_permitted.val & ~(fs ? me->cap_effective : me->cap_permitted).val)))
		yes = ns_capable(target->user_ns, CAP_SYS_PTRACE);
	task_lock(t);
	mm = t->mm;
	if (yes && mm && get_dumpable(mm) != 1)
		yes = cred_capable(me, mm->user_ns, CAP_SYS_PTRACE);
	task_unlock(t);
	put_cred(target);
	return yes;
}

bool ptrace_may_access(struct task_struct *t, unsigned int mode)
{
	bool yes = ptrace_creds_allow(t, mode);

	if (yes && (mode & PTRACE_MODE_ATTACH) && t->signal != current->signal && READ_ONCE(yama_ptrace_scope)) {
		read_lock(&tasklist_lock);
		yes = yama_allows_attach(t);
		read_unlock(&tasklist_lock);
	}
	return yes;
}
