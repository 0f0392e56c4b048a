/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of advisory locks share: locks.c has the contexts and who waits, locks_posix.c POSIX and OFD locks
 * with their fcntl(2) commands, locks_flock.c flock(2), lease.c leases, locks_show.c /proc/locks.
 *
 * Locks: contexts_lock > [c] ctx->lock > [b] blocked_lock.   [I] immutable
 */
#pragma once

#include <fs/internal.h>
#include <kernel/pid.h>

#define OFFSET_MAX	LLONG_MAX

/* Those before KIND_POSIX conflict with their like only, the others with each other. */
enum lock_kind { KIND_FLOCK, KIND_LEASE, KIND_POSIX, KIND_OFD };

struct file_lock {
	struct list_head	node;		/* [c] */
	enum lock_kind		kind;		/* [I] */
	int			type;		/* [I] F_RDLCK, F_WRLCK; request: or F_UNLCK */
	fl_owner_t		owner;		/* [I] files_struct, or struct file */
	struct pid		*pid;		/* [I] who asked; reference, except in requests */
	loff_t			start, end;	/* [c] end is inclusive */
};

struct lease {
	struct file_lock	fl;		/* in ctx->leases */
	struct file		*file;		/* [I] no reference: its last one takes the lease off */
	int			fd;		/* [c] what it was asked for by */
	bool			unlock_pending, downgrade_pending; /* [c] the holder was told */
	u64			break_at, downgrade_at;	/* [c] ns of CLOCK_MONOTONIC, 0: never */
};

struct lock_waiter {
	struct list_head	node;		/* [c] in ctx->waiters until woken */
	struct list_head	blocked_node;	/* [b] in blocked_posix: waiters for POSIX locks */
	struct task_struct	*task;		/* [I] */
	const struct file_lock	*want;		/* [I] */
	fl_owner_t		blocker;	/* [c][b] whose lock is in the way */
	bool			woken;		/* [c], read by the waiter without it */
};

struct file_lock_context {
	spinlock_t		lock;
	struct inode		*inode;		/* [I] */
	struct list_head	all;		/* [contexts_lock] */
	struct list_head	flock;		/* [c] */
	struct list_head	posix;		/* [c] by start */
	struct list_head	leases;		/* [c] */
	struct list_head	waiters;	/* [c] first come, first woken */
};

extern spinlock_t lock_contexts_lock;
extern struct list_head lock_contexts;		/* contexts_lock */

/* The context of @inode, or NULL; and: made when there is none, NULL: no memory. */
static inline struct file_lock_context *lock_context(const struct inode *inode)
{
	return smp_load_acquire(&inode->i_flctx);
}
struct file_lock_context *lock_context_make(struct inode *inode);
/* Where there is no context, there is nothing to unlock. */
static inline struct file_lock_context *lock_context_for(struct inode *inode, const struct file_lock *want)
{
	return want->type == F_UNLCK ? lock_context(inode) : lock_context_make(inode);
}
struct file_lock *lock_alloc(void);
void lock_init(struct file_lock *fl, const struct file_lock *from, loff_t start, loff_t end);
void lock_free(struct file_lock *fl);		/* NULL is fine */
void lock_free_list(struct list_head *garbage);

static inline bool locks_overlap(const struct file_lock *a, const struct file_lock *b)
{
	return a->start <= b->end && b->start <= a->end;
}
/* [c] held: what of @locks is in the way of @want, or NULL. */
struct file_lock *lock_find_conflict(struct list_head *locks, const struct file_lock *want);
/* [c] held. 0: queued; -EDEADLK. */
int lock_waiter_queue(struct file_lock_context *ctx, struct lock_waiter *w, const struct file_lock *want,
		      const struct file_lock *in_the_way);
/* [c] held: @freed, or a part of it, is free for others now. */
void lock_wake_waiters(struct file_lock_context *ctx, const struct file_lock *freed);
/* Until woken or @ns are over: 0, -ERESTARTSYS. The waiter's structure is off every list afterwards. */
int lock_waiter_sleep(struct file_lock_context *ctx, struct lock_waiter *w, u64 ns);
/* A close() of @fd by another thread may have taken off what we had by way of @f before this one was set. */
bool fd_was_closed(unsigned int fd, struct file *f);
/* What open file @f owns goes. */
void locks_remove_flock(struct file *f);
void locks_remove_ofd(struct file *f);
void lease_remove_file(struct file *f);
/* [c] held: what a lease is, or is to become. */
int lease_target_type(const struct lease *l);
