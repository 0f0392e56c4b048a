/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between fs/aio.c (contexts, their rings, the calls that make and empty them) and fs/aio_submit.c (requests).
 *
 * Locks:  [g] aio_lock   [l] ctx->lock, irqs off   [I] immutable   [a] atomic
 * Order: a watched wait queue's lock > ctx->lock > ctx->wait.lock.  The last two have no rank, as a watched queue's
 * lock may have any.
 */
#pragma once

#include <kernel/lib/atomic.h>
#include <kernel/locking/mutex.h>
#include <kernel/sched/completion.h>
#include <kernel/uapi.h>

#include <linux/aio_abi.h>

struct file;

/* What user space sees at the head of a ring. */
struct aio_ring {
	u32	id, nr, head, tail;
	u32	magic, compat_features, incompat_features, header_length;
};
static_assert(sizeof(struct aio_ring) == 32);
static_assert(sizeof(struct io_event) == 32 && sizeof(struct iocb) == 64);

struct kioctx {
	struct kioctx		*next;		/* [g] in mm->aio, by id */
	unsigned long		user_id;	/* [g] where the ring is mapped: what user space knows it by */
	unsigned int		id;		/* [I] the same again, in the ring */
	atomic_t		refs;		/* [a] 1 of the list, calls under way, requests that wait */
	struct completion	gone;		/* refs is 0 */
	bool			dead;		/* [g], read under [l] */
	unsigned int		max_reqs;	/* [I] its share of aio_nr */
	unsigned int		nr;		/* [I] events that the ring has room for */
	unsigned int		limit;		/* [I] requests under way and events in the ring */
	unsigned int		nr_pages;	/* [I] */
	void			**pages;	/* [I] of the ring: addresses, each with a reference */
	struct file		*file;		/* [I] they are of */
	struct mutex		ring_lock;	/* who takes events out */
	spinlock_t		lock;
	unsigned int		tail;		/* [l] where the next event goes */
	unsigned int		in_flight;	/* [l] requests that have a right to an event */
	unsigned int		posted;		/* [l] events so far; read without by sleepers */
	struct list_head	waiting;	/* [l] requests that can be cancelled */
	wait_queue_head_t	wait;		/* sleepers in io_getevents() */
};

struct kioctx *aio_lookup(unsigned long id);	/* a context of current's, with a reference, or NULL */
void aio_put(struct kioctx *ctx);
/* A request asks for room for its event; the event, or this, gives it back. */
bool aio_take_slot(struct kioctx *ctx);
void aio_return_slot(struct kioctx *ctx);
/* [l] held. The sleepers are told. */
void aio_post(struct kioctx *ctx, u64 obj, u64 data, s64 res);
void aio_cancel_all(struct kioctx *ctx);	/* of a context that is dead: none can be added any more */
