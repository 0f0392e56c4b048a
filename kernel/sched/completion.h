/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Completions: wait until something has happened once (or @done times).
 *
 * Unlike a condition with a wait queue, a completion may live on the waiter's stack: complete()
 * does not touch it after it let the waiter go.
 */
#pragma once

#include <kernel/sched/wait.h>

struct completion {
	unsigned int		done;		/* [wait.lock] UINT_MAX: for everybody, for ever */
	struct wait_queue_head	wait;
};

#define COMPLETION_INITIALIZER(name)	\
	{ .done = 0, .wait = __WAIT_QUEUE_HEAD_INIT((name).wait) }
#define DECLARE_COMPLETION(name)	struct completion name = COMPLETION_INITIALIZER(name)
#define DECLARE_COMPLETION_ONSTACK(name)	\
	struct completion name;			\
	init_completion(&name)

static inline void init_completion(struct completion *c)
{
	c->done = 0;
	init_waitqueue_head(&c->wait);
}

static inline void reinit_completion(struct completion *c)
{
	c->done = 0;
}

void complete(struct completion *c);		/* any context */
void complete_all(struct completion *c);
void wait_for_completion(struct completion *c);
int __must_check wait_for_completion_interruptible(struct completion *c);	/* -ERESTARTSYS */
int __must_check wait_for_completion_killable(struct completion *c);		/* -ERESTARTSYS */
int wait_for_completion_state(struct completion *c, unsigned int state);
/* ns left (at least 1), or 0 when the time is up. */
u64 wait_for_completion_timeout(struct completion *c, u64 ns);
bool try_wait_for_completion(struct completion *c);
bool completion_done(struct completion *c);
