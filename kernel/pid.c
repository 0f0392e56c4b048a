// SPDX-License-Identifier: GPL-2.0-only
/*
 * PID allocation, look-up, and the links between a struct pid and the tasks that bear it.
 *
 * A number is handed out cyclically per namespace by a radix tree with a cursor: O(log n), and a number
 * that was just freed is the last to come back.  While a fork is under way the number is taken but maps to
 * NULL, so nobody finds a task that is not there yet; pid_publish() makes it visible.
 *
 * Locking: ns->lock (irqs off, since the last reference can go in an interrupt) protects the numbers;
 * tasklist_lock the links.  A look-up takes ns->lock and returns a reference.
 */
#include <kernel/pid.h>

#include <kernel/cred.h>
#include <kernel/printk.h>
#include <kernel/signal.h>
#include <kernel/user_namespace.h>
#include <mm/slab.h>

int pid_max = PID_MAX_DEFAULT;

struct pid init_struct_pid = {
	.count = REFCOUNT_INIT(1),
	.numbers = { { .nr = 0, .ns = &init_pid_ns } },
	.wait_pidfd = __WAIT_QUEUE_HEAD_INIT(init_struct_pid.wait_pidfd),
};

struct pid_namespace init_pid_ns = {
	.ns = {
		.ops = &pidns_operations,
		.user_ns = &init_user_ns,
		.inum = NS_INUM_PID,
		.count = REFCOUNT_INIT(1),
	},
	.lock = __SPIN_LOCK_INIT(init_pid_ns.lock, LOCK_RANK_PID),
	.idr = IDR_INIT(init_pid_ns.idr),
	.pid_allocated = PIDNS_ADDING,
	.child_reaper = &init_task,
};

static struct kmem_cache *pid_cache;	/* for level 0, nearly all of them */
static u64 next_pid_ino = 1;		/* atomic */

void pid_init(void)
{
	pid_cache = kmem_cache_create("pid", sizeof(struct pid), 0, SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
}

static struct pid *pid_alloc_struct(unsigned int level)
{
	if (level == 0)
		return kmem_cache_alloc(pid_cache, GFP_KERNEL);
	return kmalloc(sizeof(struct pid) + level * sizeof(struct upid), GFP_KERNEL);
}

static void pid_free_struct(struct pid *pid)
{
	if (pid->level == 0)
		kmem_cache_free(pid_cache, pid);
	else
		kfree(pid);
}

void put_pid(struct pid *pid)
{
	struct pid_namespace *ns;

	if (!pid || !refcount_dec_and_test(&pid->count))
		return;
	ns = pid->numbers[pid->level].ns;
	pid_free_struct(pid);
	put_pid_ns(ns);
}

/* Take one number in @ns: @wanted, or the next free one for 0. */
static int pid_take_number(struct pid_namespace *ns, pid_t wanted)
{
	unsigned long flags;
	int nr;

	spin_lock_irqsave(&ns->lock, flags);
	if (wanted) {
		nr = idr_alloc(&ns->idr, NULL, wanted, wanted + 1, GFP_ATOMIC);
		if (nr == -ENOSPC)
			nr = -EEXIST;
	} else {
		/* Having wrapped once, leave the low numbers to the daemons that started at boot. */
		int min = idr_get_cursor(&ns->idr) > RESERVED_PIDS ? RESERVED_PIDS : 1;

		nr = idr_alloc_cyclic(&ns->idr, NULL, min, pid_max, GFP_ATOMIC);
		if (nr == -ENOSPC)
			nr = -EAGAIN;
	}
	if (nr > 0) {
		ns->last_pid = nr;
		ns->pid_allocated++;
	}
	spin_unlock_irqrestore(&ns->lock, flags);
	return nr;
}

static void pid_release_number(struct upid *upid)
{
	struct pid_namespace *ns = upid->ns;
	unsigned long flags;

	spin_lock_irqsave(&ns->lock, flags);
	idr_remove(&ns->idr, upid->nr);
	switch (--ns->pid_allocated) {
	case 2:
	case 1:
		/* Nobody is welcome any more: its init waits until it is alone, zap_pid_ns_processes(). */
		wake_up_process(ns->child_reaper);
		break;
	case PIDNS_ADDING:
		/* The fork of the first process failed: the number 1 will not come again. */
		if (ns != &init_pid_ns)
			ns->pid_allocated = 0;
		break;
	}
	spin_unlock_irqrestore(&ns->lock, flags);
}

/* All levels, or none: numbers[] filled from the innermost namespace outwards. */
static int pid_take_numbers(struct pid *pid, struct pid_namespace *ns, const pid_t *set_tid, size_t set_tid_size)
{
	int level, nr;

	for (level = pid->level; level >= 0; level--, ns = ns->parent) {
		size_t depth = pid->level - level;
		pid_t wanted = depth < set_tid_size ? set_tid[depth] : 0;

		nr = -EINVAL;
		if (depth < set_tid_size) {
			if (wanted < 1 || wanted >= pid_max)
				goto undo;
			/* The first number of a namespace is its init. */
			if (wanted != 1 && !ns->child_reaper)
				goto undo;
			nr = -EPERM;
			if (!ns_capable(ns->ns.user_ns, CAP_SYS_ADMIN) &&
			    !ns_capable(ns->ns.user_ns, CAP_CHECKPOINT_RESTORE))
				goto undo;
		}
		nr = pid_take_number(ns, wanted);
		if (nr < 0)
			goto undo;
		pid->numbers[level] = (struct upid){ .nr = nr, .ns = ns };
	}
	return 0;
undo:
	while (++level <= (int)pid->level)
		pid_release_number(&pid->numbers[level]);
	return nr;
}

/* Make the numbers findable, unless the namespace's init has died meanwhile. */
static int pid_publish(struct pid *pid)
{
	struct pid_namespace *ns = pid->numbers[pid->level].ns;
	unsigned long flags;
	int i;

	spin_lock_irqsave(&ns->lock, flags);
	if (!(ns->pid_allocated & PIDNS_ADDING)) {
		spin_unlock_irqrestore(&ns->lock, flags);
		return -ENOMEM;
	}
	spin_unlock_irqrestore(&ns->lock, flags);
	for (i = pid->level; i >= 0; i--) {
		ns = pid->numbers[i].ns;
		spin_lock_irqsave(&ns->lock, flags);
		idr_replace(&ns->idr, pid, pid->numbers[i].nr);
		spin_unlock_irqrestore(&ns->lock, flags);
	}
	return 0;
}

struct pid *alloc_pid(struct pid_namespace *ns, const pid_t *set_tid, size_t set_tid_size)
{
	struct pid *pid;
	int type, err;

	if (set_tid_size > ns->level + 1)
		return ERR_PTR(-EINVAL);
	pid = pid_alloc_struct(ns->level);
	if (!pid)
		return ERR_PTR(-ENOMEM);
	pid->level = ns->level;
	refcount_set(&pid->count, 1);
	init_waitqueue_head(&pid->wait_pidfd);
	for (type = 0; type < PIDTYPE_MAX; type++)
		INIT_HLIST_HEAD(&pid->tasks[type]);
	pid->ino = __atomic_fetch_add(&next_pid_ino, 1, __ATOMIC_RELAXED);

	err = pid_take_numbers(pid, ns, set_tid, set_tid_size);
	if (err)
		goto free_struct;
	get_pid_ns(ns);			/* before free_pid() may drop it */
	err = pid_publish(pid);
	if (err) {
		free_pid(pid);
		return ERR_PTR(err);
	}
	return pid;
free_struct:
	pid_free_struct(pid);
	return ERR_PTR(err);
}

void free_pid(struct pid *pid)
{
	int i;

	for (i = 0; i <= (int)pid->level; i++)
		pid_release_number(&pid->numbers[i]);
	put_pid(pid);
}

/* ---- look-up ------------------------------------------------------------------------------- */

struct pid *find_get_pid_ns(int nr, struct pid_namespace *ns)
{
	unsigned long flags;
	struct pid *pid;

	if (nr < 0)
		return NULL;
	spin_lock_irqsave(&ns->lock, flags);
	pid = idr_find(&ns->idr, nr);
	if (pid && !refcount_inc_not_zero(&pid->count))
		pid = NULL;
	spin_unlock_irqrestore(&ns->lock, flags);
	return pid;
}

struct pid *find_get_pid(int nr)
{
	return find_get_pid_ns(nr, task_active_pid_ns(current));
}

struct pid *find_ge_pid_ns(int nr, struct pid_namespace *ns)
{
	unsigned long flags;
	struct pid *pid;

	spin_lock_irqsave(&ns->lock, flags);
	do {
		pid = idr_get_next(&ns->idr, &nr);
		nr++;
	} while (pid && !refcount_inc_not_zero(&pid->count));
	spin_unlock_irqrestore(&ns->lock, flags);
	return pid;
}

struct task_struct *pid_task(struct pid *pid, enum pid_type type)
{
	assert_rwlock_held(&tasklist_lock);
	if (!pid)
		return NULL;
	return hlist_entry_safe(pid->tasks[type].first, struct task_struct, pid_links[type]);
}

struct task_struct *get_pid_task(struct pid *pid, enum pid_type type)
{
	struct task_struct *t;

	if (!pid)
		return NULL;
	read_lock(&tasklist_lock);
	t = pid_task(pid, type);
	if (t)
		get_task_struct(t);
	read_unlock(&tasklist_lock);
	return t;
}

struct task_struct *find_get_task_by_vpid(pid_t nr)
{
	return find_get_task_by_pid_ns(nr, task_active_pid_ns(current));
}

struct task_struct *find_get_task_by_pid_ns(pid_t nr, struct pid_namespace *ns)
{
	struct pid *pid = find_get_pid_ns(nr, ns);
	struct task_struct *t = get_pid_task(pid, PIDTYPE_PID);

	put_pid(pid);
	return t;
}

struct pid *task_pid_type(const struct task_struct *t, enum pid_type type)
{
	return type == PIDTYPE_PID ? t->thread_pid : t->signal->pids[type];
}

struct pid *get_task_pid(struct task_struct *t, enum pid_type type)
{
	struct pid *pid;

	read_lock(&tasklist_lock);
	pid = get_pid(task_pid_type(t, type));
	read_unlock(&tasklist_lock);
	return pid;
}

pid_t pid_nr_ns(const struct pid *pid, const struct pid_namespace *ns)
{
	if (!pid || ns->level > pid->level || pid->numbers[ns->level].ns != ns)
		return 0;
	return pid->numbers[ns->level].nr;
}

pid_t pid_vnr(const struct pid *pid)
{
	return pid_nr_ns(pid, task_active_pid_ns(current));
}

pid_t task_pid_nr_type_ns(struct task_struct *t, enum pid_type type, struct pid_namespace *ns)
{
	pid_t nr;

	if (!ns)
		ns = task_active_pid_ns(current);
	if (t == current && type <= PIDTYPE_TGID)	/* our own cannot go away: no lock */
		return pid_nr_ns(task_pid_type(t, type), ns);
	read_lock(&tasklist_lock);
	nr = pid_nr_ns(task_pid_type(t, type), ns);
	read_unlock(&tasklist_lock);
	return nr;
}

/* ---- links ----------------------------------------------------------------------------------- */

static struct pid **task_pid_ptr(struct task_struct *t, enum pid_type type)
{
	return type == PIDTYPE_PID ? &t->thread_pid : &t->signal->pids[type];
}

void attach_pid(struct task_struct *t, enum pid_type type)
{
	assert_write_locked(&tasklist_lock);
	hlist_add_head(&t->pid_links[type], &(*task_pid_ptr(t, type))->tasks[type]);
}

static void __change_pid(struct task_struct *t, enum pid_type type, struct pid *new)
{
	struct pid **ptr = task_pid_ptr(t, type);
	struct pid *old = *ptr;
	int i;

	assert_write_locked(&tasklist_lock);
	hlist_del_init(&t->pid_links[type]);
	*ptr = new;
	if (type == PIDTYPE_PID && wq_has_sleeper(&old->wait_pidfd))
		wake_up_all(&old->wait_pidfd);
	for (i = 0; i < PIDTYPE_MAX; i++)
		if (!hlist_empty(&old->tasks[i]))
			return;
	free_pid(old);
}

void detach_pid(struct task_struct *t, enum pid_type type)
{
	__change_pid(t, type, NULL);
}

void change_pid(struct task_struct *t, enum pid_type type, struct pid *pid)
{
	__change_pid(t, type, pid);
	attach_pid(t, type);
}

/* exec by a thread that is not the leader: the group's links move to it. */
void transfer_pid(struct task_struct *old, struct task_struct *new, enum pid_type type)
{
	assert_write_locked(&tasklist_lock);
	hlist_del_init(&new->pid_links[type]);
	hlist_add_before(&new->pid_links[type], &old->pid_links[type]);
	hlist_del_init(&old->pid_links[type]);
}

/* The same exec: the two threads swap their thread ids. */
void exchange_tids(struct task_struct *a, struct task_struct *b)
{
	struct pid *pa = a->thread_pid, *pb = b->thread_pid;

	assert_write_locked(&tasklist_lock);
	hlist_del_init(&a->pid_links[PIDTYPE_PID]);
	hlist_del_init(&b->pid_links[PIDTYPE_PID]);
	a->thread_pid = pb;
	b->thread_pid = pa;
	swap(a->pid, b->pid);
	hlist_add_head(&a->pid_links[PIDTYPE_PID], &pb->tasks[PIDTYPE_PID]);
	hlist_add_head(&b->pid_links[PIDTYPE_PID], &pa->tasks[PIDTYPE_PID]);
}
