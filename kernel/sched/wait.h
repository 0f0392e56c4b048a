/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Wait queues.
 *
 * A sleeper puts an entry on the queue and sets its state before it looks at its condition; whoever
 * makes the condition true wakes the queue afterwards, so no wake-up is lost.  An entry has a
 * function: the default wakes a task, others (poll, epoll, futexes) do what they like.  It runs
 * with the queue's lock held and irqs off, gets the @key of the wake-up (poll: the mask of events,
 * 0: any) and returns whether it woke somebody, which counts against the number of exclusive
 * waiters to wake.
 *
 * The lock may be taken in interrupts.  Wake-ups work in any context.
 */
#pragma once

#include <kernel/lib/err.h>
#include <kernel/lib/list.h>
#include <kernel/locking/spinlock.h>
#include <kernel/sched/sched.h>

struct wait_queue_entry;
typedef int (*wait_queue_func_t)(struct wait_queue_entry *entry, unsigned int mode, int flags,
				 void *key);

#define WQ_FLAG_EXCLUSIVE	0x01	/* one wake-up wakes one of these; queued last */
#define WQ_FLAG_PRIORITY	0x02	/* queued first */

struct wait_queue_entry {
	unsigned int		flags;		/* [queue lock] WQ_FLAG_* */
	void			*private;	/* [I] the task, for the default functions */
	wait_queue_func_t	func;		/* [I] */
	struct list_head	entry;		/* [queue lock] */
};
typedef struct wait_queue_entry wait_queue_entry_t;

struct wait_queue_head {
	spinlock_t		lock;
	struct list_head	head;		/* [lock] exclusive entries come last */
};
typedef struct wait_queue_head wait_queue_head_t;

#define __WAIT_QUEUE_HEAD_INIT(name) {						\
	.lock = __SPIN_LOCK_INIT(name.lock, LOCK_RANK_WAIT),			\
	.head = LIST_HEAD_INIT((name).head),					\
}
#define DECLARE_WAIT_QUEUE_HEAD(name) struct wait_queue_head name = __WAIT_QUEUE_HEAD_INIT(name)
#define init_waitqueue_head(wq)	init_waitqueue_head_rank(wq, LOCK_RANK_WAIT)
#define init_waitqueue_head_rank(wq, rank) do {					\
	spin_lock_init_rank(&(wq)->lock, rank);					\
	INIT_LIST_HEAD(&(wq)->head);						\
} while (0)

int default_wake_function(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key);
/* As the default, and takes the entry off the queue when it woke the task. */
int autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key);

#define DEFINE_WAIT_FUNC(name, function)					\
	struct wait_queue_entry name = {					\
		.private = current, .func = (function),				\
		.entry = LIST_HEAD_INIT((name).entry),				\
	}
#define DEFINE_WAIT(name)	DEFINE_WAIT_FUNC(name, autoremove_wake_function)
#define DECLARE_WAITQUEUE(name, task)						\
	struct wait_queue_entry name = {					\
		.private = (task), .func = default_wake_function,		\
	}

static inline void init_waitqueue_func_entry(struct wait_queue_entry *entry, wait_queue_func_t func)
{
	entry->flags = 0;
	entry->private = NULL;
	entry->func = func;
	INIT_LIST_HEAD(&entry->entry);
}

static inline void init_wait(struct wait_queue_entry *entry)
{
	init_waitqueue_func_entry(entry, autoremove_wake_function);
	entry->private = current;
}

static inline void init_waitqueue_entry(struct wait_queue_entry *entry, struct task_struct *t)
{
	init_waitqueue_func_entry(entry, default_wake_function);
	entry->private = t;
}

/* Without the lock: only after a full barrier that follows the change of the condition. */
static inline bool waitqueue_active(const struct wait_queue_head *wq)
{
	return !list_empty(&wq->head);
}

static inline bool wq_has_sleeper(const struct wait_queue_head *wq)
{
	smp_mb();
	return waitqueue_active(wq);
}

static inline void __add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	list_add(&entry->entry, &wq->head);
}

static inline void __add_wait_queue_entry_tail(struct wait_queue_head *wq,
					       struct wait_queue_entry *entry)
{
	list_add_tail(&entry->entry, &wq->head);
}

static inline void __remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	list_del_init(&entry->entry);
}

void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry);
void add_wait_queue_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry);
void add_wait_queue_priority(struct wait_queue_head *wq, struct wait_queue_entry *entry);
void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry);
/* Queue (if not yet queued) and set current's state. */
void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry, unsigned int state);
void prepare_to_wait_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry,
			       unsigned int state);
/* As prepare_to_wait; -ERESTARTSYS, and not queued, if a signal ends a sleep of that @state. */
long prepare_to_wait_event(struct wait_queue_head *wq, struct wait_queue_entry *entry,
			   unsigned int state);
long prepare_to_wait_event_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry,
				     unsigned int state);
void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry);

/* Wake all non-exclusive waiters and @nr exclusive ones (0: all) that sleep in a state of @mode. */
void __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr, void *key);
/* Hint: the waker sleeps soon, so the woken one stays on this CPU and does not preempt. */
void __wake_up_sync_key(struct wait_queue_head *wq, unsigned int mode, void *key);
/* wq->lock held, irqs off. */
void __wake_up_locked_key(struct wait_queue_head *wq, unsigned int mode, int nr, void *key);

#define poll_to_key(mask)	((void *)(unsigned long)(mask))
#define key_to_poll(key)	((unsigned int)(unsigned long)(key))

#define wake_up(wq)			__wake_up(wq, TASK_NORMAL, 1, NULL)
#define wake_up_nr(wq, nr)		__wake_up(wq, TASK_NORMAL, nr, NULL)
#define wake_up_all(wq)			__wake_up(wq, TASK_NORMAL, 0, NULL)
#define wake_up_locked(wq)		__wake_up_locked_key(wq, TASK_NORMAL, 1, NULL)
#define wake_up_all_locked(wq)		__wake_up_locked_key(wq, TASK_NORMAL, 0, NULL)
#define wake_up_locked_poll(wq, m)	__wake_up_locked_key(wq, TASK_NORMAL, 1, poll_to_key(m))
#define wake_up_interruptible(wq)	__wake_up(wq, TASK_INTERRUPTIBLE, 1, NULL)
#define wake_up_interruptible_all(wq)	__wake_up(wq, TASK_INTERRUPTIBLE, 0, NULL)
#define wake_up_interruptible_sync(wq)	__wake_up_sync_key(wq, TASK_INTERRUPTIBLE, NULL)
#define wake_up_poll(wq, m)		__wake_up(wq, TASK_NORMAL, 1, poll_to_key(m))
#define wake_up_poll_all(wq, m)		__wake_up(wq, TASK_NORMAL, 0, poll_to_key(m))
#define wake_up_interruptible_poll(wq, m) __wake_up(wq, TASK_INTERRUPTIBLE, 1, poll_to_key(m))
#define wake_up_interruptible_sync_poll(wq, m) \
	__wake_up_sync_key(wq, TASK_INTERRUPTIBLE, poll_to_key(m))

/*
 * Sleep until @condition is true.  The condition is evaluated with current's state already set: it
 * must not sleep itself.  @wq is a lvalue, as in Linux.  ___wait_event() is the loop of them all;
 * @cmd is what to do to sleep.  The look right after the sleep saves queueing again, and taking off
 * again, by a waiter that got what it was woken for: 100 instructions of each switch by a pipe.
 */
#define ___wait_event(wq, condition, state, exclusive, cmd) ({			\
	long __wait_ret = 0;							\
	DEFINE_WAIT(__wait);							\
										\
	for (;;) {								\
		__wait_ret = (exclusive) ?					\
			prepare_to_wait_event_exclusive(&(wq), &__wait, state) : \
			prepare_to_wait_event(&(wq), &__wait, state);		\
		if (condition) {						\
			__wait_ret = 0;						\
			break;							\
		}								\
		if (__wait_ret)							\
			break;							\
		cmd;								\
		if (condition) {						\
			__wait_ret = 0;						\
			break;							\
		}								\
	}									\
	finish_wait(&(wq), &__wait);						\
	__wait_ret; })

#define wait_event(wq, condition) do {						\
	might_sleep();								\
	if (!(condition))							\
		(void)___wait_event(wq, condition, TASK_UNINTERRUPTIBLE, false, schedule()); \
} while (0)

#define __wait_event_state(wq, condition, state, exclusive) ({			\
	int __ret = 0;								\
	might_sleep();								\
	if (!(condition))							\
		__ret = ___wait_event(wq, condition, state, exclusive, schedule()); \
	__ret; })

/* 0, or -ERESTARTSYS when a signal came first. */
#define wait_event_interruptible(wq, condition)	\
	__wait_event_state(wq, condition, TASK_INTERRUPTIBLE, false)
#define wait_event_interruptible_exclusive(wq, condition) \
	__wait_event_state(wq, condition, TASK_INTERRUPTIBLE, true)
#define wait_event_killable(wq, condition)	\
	__wait_event_state(wq, condition, TASK_KILLABLE, false)
/* As the former but does not count in the load average. */
#define wait_event_idle(wq, condition)		\
	((void)__wait_event_state(wq, condition, TASK_IDLE, false))

/* At most @ns nanoseconds: 0 when the condition is false after that time; -ERESTARTSYS when a signal
 * came; else what is left of the time, at least 1. */
#define __wait_event_timeout(wq, condition, ns, state) ({			\
	u64 __left = (ns);							\
	long __sig = 0;								\
	might_sleep();								\
	if (!(condition))							\
		__sig = ___wait_event(wq, (condition) || !__left, state, false,	\
				      __left = schedule_timeout_ns(__left));	\
	if (!__left && !__sig && (condition))					\
		__left = 1;							\
	__sig ? (s64)__sig : (s64)(__left > (u64)S64_MAX ? (u64)S64_MAX : __left); })

#define wait_event_timeout(wq, condition, ns)	\
	__wait_event_timeout(wq, condition, ns, TASK_UNINTERRUPTIBLE)
#define wait_event_interruptible_timeout(wq, condition, ns)	\
	__wait_event_timeout(wq, condition, ns, TASK_INTERRUPTIBLE)
#define wait_event_killable_timeout(wq, condition, ns)	\
	__wait_event_timeout(wq, condition, ns, TASK_KILLABLE)

/* The condition is looked at under @l, which is dropped while asleep; irq form. */
#define wait_event_interruptible_lock_irq(wq, condition, l) ({			\
	int __ret = 0;								\
	if (!(condition))							\
		__ret = ___wait_event(wq, condition, TASK_INTERRUPTIBLE, false,	\
				      spin_unlock_irq(&(l)); schedule();	\
				      spin_lock_irq(&(l)));			\
	__ret; })
