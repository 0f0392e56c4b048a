// SPDX-License-Identifier: GPL-2.0-only
/*
 * Advisory file locks: what their kinds have in common.  Interface and locking: file_lock.h.
 *
 * An inode gets a context with the first lock.  Who has to wait queues itself in the context and is woken, to try
 * again, by whatever frees a part of the range it wants.  Waiters for POSIX locks are also in a system-wide list which
 * says who waits for whom: that is where deadlocks are found.
 */
#include <fs/file_lock.h>

#include <fs/file.h>
#include <kernel/signal.h>

#define DEADLOCK_HOPS	10		/* as far as a chain of waiters is followed */

static struct kmem_cache *file_lock_cache;
DEFINE_SPINLOCK_RANK(lock_contexts_lock, LOCK_RANK_INODE_HASH);
LIST_HEAD(lock_contexts);			/* contexts_lock */
static DEFINE_SPINLOCK_RANK(blocked_lock, LOCK_RANK_OBJECT_INNER);
static LIST_HEAD(blocked_posix);		/* blocked_lock */

/* ---- contexts ---------------------------------------------------------------------------- */

struct file_lock_context *lock_context_make(struct inode *inode)
{
	struct file_lock_context *ctx = lock_context(inode), *fresh;

	if (ctx)
		return ctx;
	fresh = kzalloc(sizeof(*fresh), GFP_KERNEL);
	if (!fresh)
		return NULL;
	spin_lock_init_rank(&fresh->lock, LOCK_RANK_OBJECT);
	fresh->inode = inode;
	INIT_LIST_HEAD(&fresh->flock);
	INIT_LIST_HEAD(&fresh->posix);
	INIT_LIST_HEAD(&fresh->leases);
	INIT_LIST_HEAD(&fresh->waiters);
	spin_lock(&inode->i_lock);
	ctx = inode->i_flctx;
	if (!ctx)
		smp_store_release(&inode->i_flctx, fresh);
	spin_unlock(&inode->i_lock);
	if (ctx) {
		kfree(fresh);
		return ctx;
	}
	spin_lock(&lock_contexts_lock);
	list_add_tail(&fresh->all, &lock_contexts);
	spin_unlock(&lock_contexts_lock);
	return fresh;
}

struct file_lock *lock_alloc(void)
{
	return kmem_cache_zalloc(file_lock_cache, GFP_KERNEL);
}

void lock_init(struct file_lock *fl, const struct file_lock *from, loff_t start, loff_t end)
{
	*fl = *from;
	fl->pid = get_pid(from->pid);
	fl->start = start;
	fl->end = end;
}

void lock_free(struct file_lock *fl)
{
	if (!fl)
		return;
	put_pid(fl->pid);
	kmem_cache_free(file_lock_cache, fl);
}

void lock_free_list(struct list_head *garbage)
{
	struct file_lock *fl, *next;

	list_for_each_entry_safe(fl, next, garbage, node)
		lock_free(fl);
}

/* The inode goes: no file is open, so nobody has or wants a lock. */
void locks_free_context(struct inode *inode)
{
	struct file_lock_context *ctx = inode->i_flctx;

	spin_lock(&lock_contexts_lock);
	list_del(&ctx->all);
	spin_unlock(&lock_contexts_lock);
	WARN_ON_ONCE(!list_empty(&ctx->flock) || !list_empty(&ctx->posix) ||
		     !list_empty(&ctx->leases) || !list_empty(&ctx->waiters));
	lock_free_list(&ctx->flock);
	lock_free_list(&ctx->posix);
	kfree(ctx);
	inode->i_flctx = NULL;
}

/* ---- conflicts and waiting --------------------------------------------------------------- */

struct file_lock *lock_find_conflict(struct list_head *locks, const struct file_lock *want)
{
	struct file_lock *fl;

	list_for_each_entry(fl, locks, node) {
		if (fl->owner == want->owner || !locks_overlap(fl, want))
			continue;
		if (fl->type == F_WRLCK || want->type == F_WRLCK)
			return fl;
	}
	return NULL;
}

/* [b] held: would @owner, if it waited for @blocker, in the end wait for itself? */
static bool would_deadlock(fl_owner_t owner, fl_owner_t blocker)
{
	unsigned int hops;

	for (hops = 0; hops < DEADLOCK_HOPS; hops++) {
		struct lock_waiter *w;
		fl_owner_t next = NULL;

		list_for_each_entry(w, &blocked_posix, blocked_node) {
			if (w->want->owner == blocker) {
				next = w->blocker;
				break;
			}
		}
		if (!next || next == owner)
			return next;
		blocker = next;
	}
	return false;
}

int lock_waiter_queue(struct file_lock_context *ctx, struct lock_waiter *w, const struct file_lock *want,
		      const struct file_lock *in_the_way)
{
	int err = 0;

	w->task = current;
	w->want = want;
	w->blocker = in_the_way->owner;
	w->woken = false;
	INIT_LIST_HEAD(&w->blocked_node);
	if (want->kind == KIND_POSIX) {
		spin_lock(&blocked_lock);
		if (would_deadlock(want->owner, w->blocker))
			err = -EDEADLK;
		else
			list_add_tail(&w->blocked_node, &blocked_posix);
		spin_unlock(&blocked_lock);
	}
	if (!err)
		list_add_tail(&w->node, &ctx->waiters);
	return err;
}

/* [c] held. */
static void waiter_unqueue(struct lock_waiter *w)
{
	list_del_init(&w->node);
	spin_lock(&blocked_lock);
	list_del_init(&w->blocked_node);
	spin_unlock(&blocked_lock);
}

void lock_wake_waiters(struct file_lock_context *ctx, const struct file_lock *freed)
{
	struct lock_waiter *w, *next;

	list_for_each_entry_safe(w, next, &ctx->waiters, node) {
		if (min(w->want->kind, KIND_POSIX) != min(freed->kind, KIND_POSIX) ||
		    !locks_overlap(w->want, freed))
			continue;
		waiter_unqueue(w);
		WRITE_ONCE(w->woken, true);
		wake_up_process(w->task);
	}
}

int lock_waiter_sleep(struct file_lock_context *ctx, struct lock_waiter *w, u64 ns)
{
	int err = 0;

	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(w->woken))
			break;
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		ns = schedule_timeout_ns(ns);
		if (!ns)
			break;
	}
	__set_current_state(TASK_RUNNING);
	spin_lock(&ctx->lock);		/* and whoever woke us is done with it */
	waiter_unqueue(w);
	spin_unlock(&ctx->lock);
	return err;
}

bool fd_was_closed(unsigned int fd, struct file *f)
{
	struct fd now = fdget_raw(fd);
	bool closed = now.file != f;

	if (now.file)
		fdput(now);
	return closed;
}

/* The last reference to an open file goes, and with it what it owns. */
void locks_remove_file(struct file *f)
{
	if (f->f_inode->i_leased)
		lease_remove_file(f);
	locks_remove_flock(f);
	locks_remove_ofd(f);
}

void __init locks_init(void)
{
	file_lock_cache = kmem_cache_create("file_lock_cache", sizeof(struct file_lock), 0,
					    SLAB_PANIC, NULL);
}
