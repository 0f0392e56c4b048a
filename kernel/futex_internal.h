/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to futex.c (waiting and waking, requeue, robust lists, the call itself), futex_waitv.c
 * (waiting for several) and futex_pi.c (futexes that lend priority).
 *
 * Locks: bucket->lock (two in address order), then the one lock of futex_pi.c.  User memory is read
 * and changed with faults off under them, and faulted in after dropping them.
 */
#pragma once

#include <kernel/lib/list.h>
#include <kernel/locking/spinlock.h>
#include <kernel/sched/sched.h>
#include <kernel/uapi.h>

struct pi_waiter;

struct futex_key {
	const void	*owner;		/* mm, or inode */
	u64		offset;		/* address, or byte offset in the file */
	bool		shared;		/* owner is an inode: the key holds a reference */
};

struct futex_bucket {
	spinlock_t		lock;
	struct list_head	chain;		/* [lock] struct futex_waiter */
};

struct futex_waiter {
	struct list_head	list;		/* [bucket lock]; empty once woken */
	struct task_struct	*task;
	struct futex_key	key;		/* [bucket lock]: requeue changes it */
	struct futex_bucket	*bucket;	/* changed under both bucket locks */
	u32			bitset;
	struct pi_waiter	*pi;		/* FUTEX_WAIT_REQUEUE_PI: queued next; or NULL */
};

/* Has somebody taken @w off its queue? Needs no lock. */
static inline bool futex_woken(struct futex_waiter *w)
{
	return smp_load_acquire(&w->list.next) == &w->list;
}

/* ---- futex.c ---- */
/* May sleep. Release with futex_put_key(). */
int futex_get_key(u32 __user *uaddr, bool private, struct futex_key *key);
void futex_put_key(struct futex_key *key);
bool futex_key_equal(const struct futex_key *a, const struct futex_key *b);
unsigned int futex_key_hash(const struct futex_key *key, unsigned int bits);
struct futex_bucket *futex_key_bucket(const struct futex_key *key);
/* These two do not sleep: -EFAULT means fault it in and try again. */
int futex_get_user_atomic(u32 *val, u32 __user *uaddr);
int futex_cmpxchg_atomic(u32 __user *uaddr, u32 expect, u32 newval, u32 *old);
int futex_fault_in_writable(u32 __user *uaddr);
/* Queue @w, whose key and bucket are known, if the word still is @val, and set current's state: 0; -EAGAIN: it is not;
 * -EFAULT: fault it in. */
int futex_try_queue(struct futex_waiter *w, u32 __user *uaddr, u32 val);
/* The same from the beginning: queue @w if the word still is @val, and set current's state: 0, -EAGAIN, -EFAULT. */
int futex_queue_if_unchanged(struct futex_waiter *w, u32 __user *uaddr, u32 val, bool private);
/* true: somebody had taken @w off its queue already. */
bool futex_unqueue(struct futex_waiter *w);
/* Bucket lock held: off the queue, as if woken. */
void futex_take_off(struct futex_waiter *w);

/* ---- futex_pi.c ---- */
void futex_pi_init(void);
int futex_lock_pi(u32 __user *uaddr, bool private, const u64 *expires, clockid_t clock);
int futex_trylock_pi(u32 __user *uaddr, bool private);
int futex_unlock_pi(u32 __user *uaddr, bool private);
int futex_wait_requeue_pi(u32 __user *uaddr, u32 val, u32 __user *uaddr2, bool private,
			  const u64 *expires, clockid_t clock);
int futex_cmp_requeue_pi(u32 __user *u1, u32 __user *u2, bool private, int nr_wake, int nr_requeue,
			 u32 cmp);
/* current exits or execs: its contended locks go to their first waiters. */
void futex_pi_release(struct task_struct *t);
