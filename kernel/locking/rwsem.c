// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reader-writer semaphores; see rwsem.h for the count.
 *
 * RWSEM_WAITERS is set while the queue is not empty, which stops newcomers; it changes under
 * wait_lock. Who releases the semaphore with waiters calls grant(), which gives it to the head of
 * the queue: one writer, or all the readers up to the next writer.  A granted waiter owns it before
 * it runs.
 */
#include <kernel/locking/rwsem.h>

#include <kernel/lib/bug.h>
#include <kernel/locking/lockstat.h>
#include <kernel/sched/sched.h>

struct rwsem_waiter {
	struct list_head	entry;		/* [wait_lock] */
	struct task_struct	*task;		/* [a] NULL: granted */
	bool			writer;		/* [I] */
};

void __init_rwsem(struct rw_semaphore *s, const char *name, enum lock_rank rank)
{
	s->count = 0;
	s->owner = NULL;
	spin_lock_init_rank(&s->wait_lock, LOCK_RANK_SLEEPLOCK);
	INIT_LIST_HEAD(&s->wait_list);
	lock_debug_init(lock_debug_of(s), name, rank);
}

static inline unsigned long rwsem_count(const struct rw_semaphore *s)
{
	return __atomic_load_n(&s->count, __ATOMIC_RELAXED);
}

static inline bool read_trylock_count(struct rw_semaphore *s)
{
	unsigned long old = rwsem_count(s);

	do {
		if (old & (RWSEM_WRITER | RWSEM_WAITERS))
			return false;
	} while (!try_cmpxchg_acquire(&s->count, &old, old + RWSEM_READER));
	return true;
}

static inline bool write_trylock_count(struct rw_semaphore *s)
{
	unsigned long free = 0;

	return try_cmpxchg_acquire(&s->count, &free, RWSEM_WRITER);
}

/* @w owns the semaphore now: let it run.  Its memory is gone once task is NULL. */
static void grant_one(struct rwsem_waiter *w)
{
	struct task_struct *t = get_task_struct(w->task);

	list_del(&w->entry);
	smp_store_release(&w->task, NULL);
	wake_up_process(t);
	put_task_struct(t);
}

/* Give the semaphore to the head of the queue if it may have it; wait_lock held. */
static void grant(struct rw_semaphore *s)
{
	struct rwsem_waiter *w;

	while ((w = list_first_entry_or_null(&s->wait_list, struct rwsem_waiter, entry))) {
		unsigned long count = rwsem_count(s);

		if (count & RWSEM_WRITER || (w->writer && count >= RWSEM_READER))
			return;
		/* Only releases change the count while RWSEM_WAITERS is set. */
		__atomic_fetch_add(&s->count, w->writer ? RWSEM_WRITER : RWSEM_READER,
				   __ATOMIC_ACQUIRE);
		grant_one(w);
	}
	__atomic_fetch_and(&s->count, ~RWSEM_WAITERS, __ATOMIC_RELAXED);
}

static noinline void release_slow(struct rw_semaphore *s)
{
	spin_lock(&s->wait_lock);
	grant(s);
	spin_unlock(&s->wait_lock);
}

/* A waiter gives up, unless it was granted the semaphore in the meantime. */
static int abort_wait(struct rw_semaphore *s, struct rwsem_waiter *w)
{
	int err = 0;

	spin_lock(&s->wait_lock);
	if (w->task) {
		list_del(&w->entry);
		grant(s);	/* those behind may go now; clears RWSEM_WAITERS too */
		err = -EINTR;
	}
	spin_unlock(&s->wait_lock);
	return err;
}

static noinline int down_slow(struct rw_semaphore *s, bool writer, unsigned int state)
{
	struct rwsem_waiter w = { .task = current, .writer = writer };
	int err = 0;

	lock_stat_contended(lock_debug_of(s), 0);
	spin_lock(&s->wait_lock);
	list_add_tail(&w.entry, &s->wait_list);
	__atomic_fetch_or(&s->count, RWSEM_WAITERS, __ATOMIC_RELAXED);
	grant(s);		/* it may have been released just before */
	spin_unlock(&s->wait_lock);
	for (;;) {
		set_current_state(state);
		if (!smp_load_acquire(&w.task))
			break;
		if (signal_pending_state(state, current)) {
			__set_current_state(TASK_RUNNING);
			err = abort_wait(s, &w);
			break;
		}
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return err;
}

static inline int down_read_common(struct rw_semaphore *s, unsigned int state)
{
	int err = 0;

	might_sleep();
	lock_debug_before(lock_debug_of(s), false, false, true);
	if (unlikely(!read_trylock_count(s)))
		err = down_slow(s, false, state);
	if (!err)
		lock_debug_acquired(lock_debug_of(s), true);
	return err;
}

static inline int down_write_common(struct rw_semaphore *s, unsigned int state, bool nested)
{
	int err = 0;

	might_sleep();
	lock_debug_before(lock_debug_of(s), false, nested, false);
	if (unlikely(!write_trylock_count(s)))
		err = down_slow(s, true, state);
	if (!err) {
		WRITE_ONCE(s->owner, current);
		lock_debug_acquired(lock_debug_of(s), false);
	}
	return err;
}

void down_read(struct rw_semaphore *s)
{
	down_read_common(s, TASK_UNINTERRUPTIBLE);
}

int down_read_killable(struct rw_semaphore *s)
{
	return down_read_common(s, TASK_KILLABLE);
}

int down_read_interruptible(struct rw_semaphore *s)
{
	return down_read_common(s, TASK_INTERRUPTIBLE);
}

bool down_read_trylock(struct rw_semaphore *s)
{
	if (!read_trylock_count(s))
		return false;
	lock_debug_acquired(lock_debug_of(s), true);
	return true;
}

void down_write(struct rw_semaphore *s)
{
	down_write_common(s, TASK_UNINTERRUPTIBLE, false);
}

void down_write_nested(struct rw_semaphore *s)
{
	down_write_common(s, TASK_UNINTERRUPTIBLE, true);
}

int down_write_killable(struct rw_semaphore *s)
{
	return down_write_common(s, TASK_KILLABLE, false);
}

bool down_write_trylock(struct rw_semaphore *s)
{
	if (!write_trylock_count(s))
		return false;
	WRITE_ONCE(s->owner, current);
	lock_debug_acquired(lock_debug_of(s), false);
	return true;
}

void up_read(struct rw_semaphore *s)
{
	unsigned long count;

	DEBUG_ASSERT(rwsem_count(s) >= RWSEM_READER);
	lock_debug_release(lock_debug_of(s), true);
	count = __atomic_sub_fetch(&s->count, RWSEM_READER, __ATOMIC_RELEASE);
	if (unlikely(count == RWSEM_WAITERS))
		release_slow(s);
}

void up_write(struct rw_semaphore *s)
{
	unsigned long count;

	DEBUG_ASSERT(s->owner == current);
	lock_debug_release(lock_debug_of(s), false);
	WRITE_ONCE(s->owner, NULL);
	count = __atomic_fetch_and(&s->count, ~RWSEM_WRITER, __ATOMIC_RELEASE);
	if (unlikely(count & RWSEM_WAITERS))
		release_slow(s);
}

void downgrade_write(struct rw_semaphore *s)
{
	unsigned long count;

	DEBUG_ASSERT(s->owner == current);
	lock_debug_release(lock_debug_of(s), false);
	WRITE_ONCE(s->owner, NULL);
	count = __atomic_fetch_add(&s->count, RWSEM_READER - RWSEM_WRITER, __ATOMIC_RELEASE);
	lock_debug_acquired(lock_debug_of(s), true);
	if (unlikely(count & RWSEM_WAITERS))
		release_slow(s);
}
