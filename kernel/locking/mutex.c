// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mutexes; see mutex.h for the owner word.
 *
 * The flags of the word change only under wait_lock; the task part changes by compare-and-exchange
 * from 0 (by whoever takes it) or from the owner (unlock).  A waiter that was woken and found the
 * lock taken again sets MUTEX_HANDOFF; from then on only an unlock gives it away, to the first
 * waiter.
 */
#include <kernel/locking/mutex.h>

#include <kernel/lib/bug.h>
#include <kernel/locking/lockstat.h>
#include <kernel/sched/sched.h>

struct mutex_waiter {
	struct list_head	entry;		/* [wait_lock] */
	struct task_struct	*task;		/* [I] */
};

void __mutex_init(struct mutex *m, const char *name, enum lock_rank rank)
{
	m->owner = 0;
	spin_lock_init_rank(&m->wait_lock, LOCK_RANK_SLEEPLOCK);
	INIT_LIST_HEAD(&m->wait_list);
	lock_debug_init(lock_debug_of(m), name, rank);
}

static inline bool mutex_trylock_fast(struct mutex *m)
{
	unsigned long free = 0;

	return try_cmpxchg_acquire(&m->owner, &free, (unsigned long)current);
}

/* @waiter: current is the first waiter and may take what is reserved by MUTEX_HANDOFF. */
static bool mutex_trylock_slow(struct mutex *m, bool waiter)
{
	unsigned long old = __atomic_load_n(&m->owner, __ATOMIC_RELAXED);

	do {
		unsigned long task = old & ~MUTEX_FLAGS;

		if (task)	/* an unlock may have handed it to us */
			return waiter && task == (unsigned long)current &&
			       smp_load_acquire(&m->owner);
		if ((old & MUTEX_HANDOFF) && !waiter)
			return false;
	} while (!try_cmpxchg_acquire(&m->owner, &old,
				      (unsigned long)current | (old & MUTEX_WAITERS)));
	return true;
}

static struct mutex_waiter *first_waiter(struct mutex *m)
{
	return list_first_entry_or_null(&m->wait_list, struct mutex_waiter, entry);
}

/* Leave the queue; wait_lock held. */
static void remove_waiter(struct mutex *m, struct mutex_waiter *w)
{
	list_del(&w->entry);
	if (list_empty(&m->wait_list))
		__atomic_fetch_and(&m->owner, ~MUTEX_FLAGS, __ATOMIC_RELAXED);
}

/* A waiter gives up: the wake-up it may have got goes to the next one. */
static void abort_wait(struct mutex *m, struct mutex_waiter *w)
{
	struct mutex_waiter *next;

	remove_waiter(m, w);
	__atomic_fetch_and(&m->owner, ~MUTEX_HANDOFF, __ATOMIC_RELAXED);
	next = first_waiter(m);
	if (next && !mutex_is_locked(m))
		wake_up_process(next->task);
}

static noinline int mutex_lock_slow(struct mutex *m, unsigned int state)
{
	struct mutex_waiter w = { .task = current };
	int err = 0;

	lock_stat_contended(lock_debug_of(m), 0);
	spin_lock(&m->wait_lock);
	list_add_tail(&w.entry, &m->wait_list);
	__atomic_fetch_or(&m->owner, MUTEX_WAITERS, __ATOMIC_RELAXED);
	for (;;) {
		bool first = first_waiter(m) == &w;

		set_current_state(state);
		if (mutex_trylock_slow(m, first))
			break;
		if (signal_pending_state(state, current)) {
			err = -EINTR;
			break;
		}
		spin_unlock(&m->wait_lock);
		schedule();
		spin_lock(&m->wait_lock);
		if (first_waiter(m) == &w)
			__atomic_fetch_or(&m->owner, MUTEX_HANDOFF, __ATOMIC_RELAXED);
	}
	__set_current_state(TASK_RUNNING);
	if (err)
		abort_wait(m, &w);
	else
		remove_waiter(m, &w);
	spin_unlock(&m->wait_lock);
	return err;
}

static noinline void mutex_unlock_slow(struct mutex *m)
{
	struct mutex_waiter *w;

	spin_lock(&m->wait_lock);
	w = first_waiter(m);
	if (w && (__atomic_load_n(&m->owner, __ATOMIC_RELAXED) & MUTEX_HANDOFF))
		smp_store_release(&m->owner, (unsigned long)w->task | MUTEX_WAITERS);
	else
		__atomic_fetch_and(&m->owner, MUTEX_FLAGS, __ATOMIC_RELEASE);
	if (w)
		wake_up_process(w->task);
	spin_unlock(&m->wait_lock);
}

static inline int mutex_lock_common(struct mutex *m, unsigned int state, bool nested)
{
	int err = 0;

	might_sleep();
	lock_debug_before(lock_debug_of(m), false, nested, false);
	if (unlikely(!mutex_trylock_fast(m)))
		err = mutex_lock_slow(m, state);
	if (!err)
		lock_debug_acquired(lock_debug_of(m), false);
	return err;
}

void mutex_lock(struct mutex *m)
{
	mutex_lock_common(m, TASK_UNINTERRUPTIBLE, false);
}

void mutex_lock_nested(struct mutex *m)
{
	mutex_lock_common(m, TASK_UNINTERRUPTIBLE, true);
}

int mutex_lock_interruptible(struct mutex *m)
{
	return mutex_lock_common(m, TASK_INTERRUPTIBLE, false);
}

int mutex_lock_killable(struct mutex *m)
{
	return mutex_lock_common(m, TASK_KILLABLE, false);
}

bool mutex_trylock(struct mutex *m)
{
	if (!mutex_trylock_fast(m) && !mutex_trylock_slow(m, false))
		return false;
	lock_debug_acquired(lock_debug_of(m), false);
	return true;
}

void mutex_unlock(struct mutex *m)
{
	unsigned long me = (unsigned long)current;

	DEBUG_ASSERT(mutex_owner(m) == current);
	lock_debug_release(lock_debug_of(m), false);
	if (unlikely(!try_cmpxchg_release(&m->owner, &me, 0UL)))
		mutex_unlock_slow(m);
}
