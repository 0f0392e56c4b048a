/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reader-writer semaphores: sleeping; many readers or one writer; not in interrupts.
 *
 * Fair: waiters queue in FIFO order, and a reader that comes after a waiting writer waits behind
 * it, so a task must not take the same one for reading twice.  Without contention each operation is
 * one atomic operation.  A released semaphore is handed to the head of the queue.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/list.h>
#include <kernel/lib/types.h>
#include <kernel/locking/spinlock.h>

struct rw_semaphore {
	unsigned long		count;		/* [a] RWSEM_* */
	struct task_struct	*owner;		/* [holder] the writer */
	spinlock_t		wait_lock;
	struct list_head	wait_list;	/* [wait_lock] */
	LOCK_DEBUG_FIELD
};

#define RWSEM_WRITER	1UL
#define RWSEM_WAITERS	2UL
#define RWSEM_READER	4UL	/* each reader adds one of these */

#define __RWSEM_INIT(name, rank) {						\
	.count = 0,								\
	.wait_lock = __SPIN_LOCK_INIT(name.wait_lock, LOCK_RANK_SLEEPLOCK),	\
	.wait_list = LIST_HEAD_INIT((name).wait_list),				\
	LOCK_DEBUG_INIT(#name, rank)						\
}
#define DECLARE_RWSEM(name)		struct rw_semaphore name = __RWSEM_INIT(name, LOCK_RANK_MUTEX)
#define DECLARE_RWSEM_RANK(name, rank)	struct rw_semaphore name = __RWSEM_INIT(name, rank)
#define init_rwsem(s)			__init_rwsem(s, #s, LOCK_RANK_MUTEX)
#define init_rwsem_rank(s, rank)	__init_rwsem(s, #s, rank)

void __init_rwsem(struct rw_semaphore *s, const char *name, enum lock_rank rank);
void down_read(struct rw_semaphore *s);
int __must_check down_read_killable(struct rw_semaphore *s);		/* -EINTR */
int __must_check down_read_interruptible(struct rw_semaphore *s);	/* -EINTR */
bool down_read_trylock(struct rw_semaphore *s);
void down_write(struct rw_semaphore *s);
void down_write_nested(struct rw_semaphore *s);		/* second one of the same rank */
int __must_check down_write_killable(struct rw_semaphore *s);		/* -EINTR */
bool down_write_trylock(struct rw_semaphore *s);
void up_read(struct rw_semaphore *s);
void up_write(struct rw_semaphore *s);
void downgrade_write(struct rw_semaphore *s);		/* writer becomes reader, never waits */

static inline bool rwsem_is_locked(const struct rw_semaphore *s)
{
	return __atomic_load_n(&s->count, __ATOMIC_RELAXED) & ~RWSEM_WAITERS;
}

static inline bool rwsem_is_contended(const struct rw_semaphore *s)
{
	return __atomic_load_n(&s->count, __ATOMIC_RELAXED) & RWSEM_WAITERS;
}

#define assert_rwsem_held(s)	assert_lock(rwsem_is_locked(s), s)
#define assert_rwsem_write_held(s)	\
	assert_lock(__atomic_load_n(&(s)->count, __ATOMIC_RELAXED) & RWSEM_WRITER, s)
