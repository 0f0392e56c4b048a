/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Work queues: run a function soon in process context.
 *
 * One work item is never run by two threads at once, and one that is queued already is not queued
 * again.  A queue has a limit of items running at once; ordered queues have 1.  The threads belong
 * to the queue and are started when the first item needs them (at most max_active of them).
 */
#pragma once

#include <kernel/lib/list.h>
#include <kernel/lib/types.h>
#include <kernel/time/hrtimer.h>

struct work_struct;
struct workqueue_struct;
typedef void (*work_func_t)(struct work_struct *work);

struct work_struct {
	struct list_head	entry;		/* [queue lock] */
	work_func_t		func;		/* [I] while queued */
	unsigned long		flags;		/* [a] WORK_* */
	struct workqueue_struct	*wq;		/* [queue lock] the last queue */
	u64			seq;		/* [queue lock] its number there */
};
#define WORK_PENDING	1UL

struct delayed_work {
	struct work_struct	work;
	struct hrtimer		timer;
	struct workqueue_struct	*wq;		/* [I] while the timer runs */
};

#define __WORK_INITIALIZER(name, function)	\
	{ .entry = LIST_HEAD_INIT((name).entry), .func = (function) }
#define DECLARE_WORK(name, function)	\
	struct work_struct name = __WORK_INITIALIZER(name, function)
#define INIT_WORK(w, function) do {		\
	INIT_LIST_HEAD(&(w)->entry);		\
	(w)->func = (function);			\
	(w)->flags = 0;				\
	(w)->wq = NULL;				\
} while (0)
#define INIT_DELAYED_WORK(w, function)	__init_delayed_work(w, function)
#define to_delayed_work(w)	container_of(w, struct delayed_work, work)

void __init_delayed_work(struct delayed_work *work, work_func_t func);

extern struct workqueue_struct *system_wq;		/* short things, in parallel */
extern struct workqueue_struct *system_ordered_wq;	/* one after the other */

void workqueue_init(void);		/* before that items are kept; starts the queues' threads */
struct workqueue_struct *alloc_workqueue(const char *name, unsigned int max_active);
#define alloc_ordered_workqueue(name)	alloc_workqueue(name, 1)
void destroy_workqueue(struct workqueue_struct *wq);	/* after the last item */

/* Any context. false: it was queued already. */
bool queue_work(struct workqueue_struct *wq, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, u64 delay_ns);
bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *work, u64 delay_ns);
static inline bool schedule_work(struct work_struct *work)
{
	return queue_work(system_wq, work);
}
static inline bool schedule_delayed_work(struct delayed_work *work, u64 delay_ns)
{
	return queue_delayed_work(system_wq, work, delay_ns);
}

/* These may sleep. */
bool flush_work(struct work_struct *work);		/* until it is idle; false: it was */
bool cancel_work_sync(struct work_struct *work);	/* true: it was pending */
bool cancel_delayed_work(struct delayed_work *work);	/* any context; may still be running */
bool cancel_delayed_work_sync(struct delayed_work *work);
bool flush_delayed_work(struct delayed_work *work);	/* now, not when its time comes */
void flush_workqueue(struct workqueue_struct *wq);	/* everything queued before */
static inline bool work_pending(const struct work_struct *work)
{
	return READ_ONCE(work->flags) & WORK_PENDING;
}
