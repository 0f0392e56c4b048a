/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Mutexes: sleeping, one owner, no recursion, not in interrupts.
 *
 * The owner word holds the owning task's address and two low bits.  Lock and unlock without
 * contention are one atomic operation each; waiters queue in FIFO order, and a waiter that lost the
 * race once gets the lock handed over, so nobody starves.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/list.h>
#include <kernel/lib/types.h>
#include <kernel/locking/spinlock.h>

struct mutex {
	unsigned long		owner;		/* [a] task | MUTEX_* */
	spinlock_t		wait_lock;
	struct list_head	wait_list;	/* [wait_lock] */
	LOCK_DEBUG_FIELD
};

#define MUTEX_WAITERS	1UL	/* somebody sleeps: unlock the slow way */
#define MUTEX_HANDOFF	2UL	/* unlock gives the lock to the first waiter */
#define MUTEX_FLAGS	3UL

#define __MUTEX_INIT(name, rank) {						\
	.owner = 0,								\
	.wait_lock = __SPIN_LOCK_INIT(name.wait_lock, LOCK_RANK_SLEEPLOCK),	\
	.wait_list = LIST_HEAD_INIT((name).wait_list),				\
	LOCK_DEBUG_INIT(#name, rank)						\
}
#define DEFINE_MUTEX(name)		struct mutex name = __MUTEX_INIT(name, LOCK_RANK_MUTEX)
#define DEFINE_MUTEX_RANK(name, rank)	struct mutex name = __MUTEX_INIT(name, rank)
#define mutex_init(m)			__mutex_init(m, #m, LOCK_RANK_MUTEX)
#define mutex_init_rank(m, rank)	__mutex_init(m, #m, rank)

void __mutex_init(struct mutex *m, const char *name, enum lock_rank rank);
void mutex_lock(struct mutex *m);
void mutex_lock_nested(struct mutex *m);		/* second one of the same rank */
int __must_check mutex_lock_interruptible(struct mutex *m);	/* -EINTR */
int __must_check mutex_lock_killable(struct mutex *m);		/* -EINTR */
bool mutex_trylock(struct mutex *m);
void mutex_unlock(struct mutex *m);

static inline struct task_struct *mutex_owner(const struct mutex *m)
{
	return (struct task_struct *)(__atomic_load_n(&m->owner, __ATOMIC_RELAXED) & ~MUTEX_FLAGS);
}

static inline bool mutex_is_locked(const struct mutex *m)
{
	return mutex_owner(m) != NULL;
}

#define assert_mutex_held(m)	assert_lock(mutex_owner(m) == current, m)
