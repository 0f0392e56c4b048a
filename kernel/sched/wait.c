// SPDX-License-Identifier: GPL-2.0-only
/*
 * Wait queues and completions; see wait.h, completion.h.
 *
 * The queue's lock nests outside of the scheduler's locks: a wake-up runs the entries' functions,
 * and so try_to_wake_up(), with it held.
 */
#include <kernel/sched/wait.h>

#include <kernel/sched/completion.h>
#include <kernel/sched/internal.h>

#define WAKE_BATCH	64	/* woken by __wake_up() before it lets go of the lock for a moment */

static void queue_entry(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	if (entry->flags & WQ_FLAG_EXCLUSIVE)
		list_add_tail(&entry->entry, &wq->head);
	else
		list_add(&entry->entry, &wq->head);
}

void add_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	queue_entry(wq, entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void add_wait_queue_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	entry->flags |= WQ_FLAG_EXCLUSIVE;
	spin_lock_irqsave(&wq->lock, flags);
	queue_entry(wq, entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void add_wait_queue_priority(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	entry->flags |= WQ_FLAG_EXCLUSIVE | WQ_FLAG_PRIORITY;
	spin_lock_irqsave(&wq->lock, flags);
	list_add(&entry->entry, &wq->head);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void remove_wait_queue(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	list_del_init(&entry->entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

static inline void prepare(struct wait_queue_head *wq, struct wait_queue_entry *entry,
			   unsigned int state)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	if (list_empty(&entry->entry))
		queue_entry(wq, entry);
	set_current_state(state);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void prepare_to_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry, unsigned int state)
{
	entry->flags &= ~WQ_FLAG_EXCLUSIVE;
	prepare(wq, entry, state);
}

void prepare_to_wait_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry,
			       unsigned int state)
{
	entry->flags |= WQ_FLAG_EXCLUSIVE;
	prepare(wq, entry, state);
}

/*
 * A signal that ends the sleep takes the entry off first: an exclusive waiter that leaves must not
 * swallow a wake-up that is meant for somebody else.
 */
static long prepare_event(struct wait_queue_head *wq, struct wait_queue_entry *entry,
			  unsigned int state)
{
	unsigned long flags;

	if (unlikely(signal_pending_state(state, current))) {
		spin_lock_irqsave(&wq->lock, flags);
		list_del_init(&entry->entry);
		spin_unlock_irqrestore(&wq->lock, flags);
		return -ERESTARTSYS;
	}
	prepare(wq, entry, state);
	return 0;
}

long prepare_to_wait_event(struct wait_queue_head *wq, struct wait_queue_entry *entry,
			   unsigned int state)
{
	return prepare_event(wq, entry, state);
}

long prepare_to_wait_event_exclusive(struct wait_queue_head *wq, struct wait_queue_entry *entry,
				     unsigned int state)
{
	entry->flags |= WQ_FLAG_EXCLUSIVE;
	return prepare_event(wq, entry, state);
}

/* Off the queue for sure: a waker writes both links last, and touches the entry no more after
 * that. */
static bool entry_is_off(const struct wait_queue_entry *entry)
{
	const struct list_head *self = &entry->entry;

	return __atomic_load_n(&self->next, __ATOMIC_ACQUIRE) == self &&
	       __atomic_load_n(&self->prev, __ATOMIC_ACQUIRE) == self;
}

void finish_wait(struct wait_queue_head *wq, struct wait_queue_entry *entry)
{
	__set_current_state(TASK_RUNNING);
	if (!entry_is_off(entry))
		remove_wait_queue(wq, entry);
}

int default_wake_function(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	return try_to_wake_up(entry->private, mode, flags);
}

int autoremove_wake_function(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	int woken = try_to_wake_up(entry->private, mode, flags);

	if (woken)
		list_del_init(&entry->entry);
	return woken;
}

/*
 * Wakes from @entry on, at most @max entries (0: all), until *nr exclusive ones were.  The first that was
 * not looked at, or NULL: that is all.
 */
static __always_inline struct wait_queue_entry *
wake_up_from(struct wait_queue_head *wq, struct wait_queue_entry *entry, unsigned int mode, int *nr, int flags,
	     void *key, unsigned int max)
{
	struct wait_queue_entry *next;
	unsigned int n = 0;

	list_for_each_entry_safe_from(entry, next, &wq->head, entry) {
		bool exclusive = entry->flags & WQ_FLAG_EXCLUSIVE;
		int woken;

		if (max && unlikely(n++ == max))
			return entry;
		woken = entry->func(entry, mode, flags, key);
		if (woken < 0)
			break;
		if (woken && exclusive && !--*nr)
			break;
	}
	return NULL;
}

#define first_waiter(wq)	list_first_entry(&(wq)->head, struct wait_queue_entry, entry)

static void wake_up_entries(struct wait_queue_head *wq, unsigned int mode, int nr, int flags,
			    void *key)
{
	wake_up_from(wq, first_waiter(wq), mode, &nr, flags, key, 0);
}

void __wake_up_locked_key(struct wait_queue_head *wq, unsigned int mode, int nr, void *key)
{
	assert_held(&wq->lock);
	wake_up_entries(wq, mode, nr, 0, key);
}

/* Nobody waits here. */
static int bookmark_function(struct wait_queue_entry *entry, unsigned int mode, int flags, void *key)
{
	return 0;
}

/* From @entry on. Between two batches who was woken may have the lock, and interrupts come through. */
static noinline void wake_up_crowd(struct wait_queue_head *wq, struct wait_queue_entry *entry, unsigned int mode,
				   int nr, void *key, unsigned long flags)
{
	struct wait_queue_entry mark;

	init_waitqueue_func_entry(&mark, bookmark_function);
	do {
		list_add_tail(&mark.entry, &entry->entry);
		spin_unlock_irqrestore(&wq->lock, flags);
		cpu_relax();
		spin_lock_irqsave(&wq->lock, flags);
		entry = list_next_entry(&mark, entry);
		list_del(&mark.entry);
		entry = wake_up_from(wq, entry, mode, &nr, 0, key, WAKE_BATCH);
	} while (entry);
	spin_unlock_irqrestore(&wq->lock, flags);
}

void __wake_up(struct wait_queue_head *wq, unsigned int mode, int nr, void *key)
{
	struct wait_queue_entry *rest;
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	rest = wake_up_from(wq, first_waiter(wq), mode, &nr, 0, key, WAKE_BATCH);
	if (unlikely(rest))
		wake_up_crowd(wq, rest, mode, nr, key, flags);
	else
		spin_unlock_irqrestore(&wq->lock, flags);
}

void __wake_up_sync_key(struct wait_queue_head *wq, unsigned int mode, void *key)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	wake_up_entries(wq, mode, 1, WF_SYNC, key);
	spin_unlock_irqrestore(&wq->lock, flags);
}

/* ---- completions ------------------------------------------------------------------------ */

void complete(struct completion *c)
{
	unsigned long flags;

	spin_lock_irqsave(&c->wait.lock, flags);
	if (c->done != UINT_MAX)
		c->done++;
	wake_up_entries(&c->wait, TASK_NORMAL, 1, 0, NULL);
	spin_unlock_irqrestore(&c->wait.lock, flags);
}

void complete_all(struct completion *c)
{
	unsigned long flags;

	spin_lock_irqsave(&c->wait.lock, flags);
	c->done = UINT_MAX;
	wake_up_entries(&c->wait, TASK_NORMAL, 0, 0, NULL);
	spin_unlock_irqrestore(&c->wait.lock, flags);
}

/* Sleeps with c->wait.lock dropped until done, a signal (-ERESTARTSYS) or *ns are over (-ETIME). */
static int wait_locked(struct completion *c, unsigned int state, u64 *ns)
{
	DEFINE_WAIT(wait);
	int err = 0;

	wait.flags = WQ_FLAG_EXCLUSIVE;
	while (!c->done) {
		if (signal_pending_state(state, current))
			err = -ERESTARTSYS;
		else if (!*ns)
			err = -ETIME;
		if (err)
			break;
		if (list_empty(&wait.entry))
			list_add_tail(&wait.entry, &c->wait.head);
		set_current_state(state);
		spin_unlock_irq(&c->wait.lock);
		*ns = schedule_timeout_ns(*ns);
		spin_lock_irq(&c->wait.lock);
	}
	__set_current_state(TASK_RUNNING);
	list_del_init(&wait.entry);
	return err;
}

static int wait_common(struct completion *c, unsigned int state, u64 *ns)
{
	int err = 0;

	might_sleep();
	spin_lock_irq(&c->wait.lock);
	if (!c->done)
		err = wait_locked(c, state, ns);
	if (!err && c->done != UINT_MAX)
		c->done--;
	spin_unlock_irq(&c->wait.lock);
	return err;
}

int wait_for_completion_state(struct completion *c, unsigned int state)
{
	u64 ns = MAX_SCHEDULE_TIMEOUT_NS;

	return wait_common(c, state, &ns);
}

void wait_for_completion(struct completion *c)
{
	wait_for_completion_state(c, TASK_UNINTERRUPTIBLE);
}

int wait_for_completion_interruptible(struct completion *c)
{
	return wait_for_completion_state(c, TASK_INTERRUPTIBLE);
}

int wait_for_completion_killable(struct completion *c)
{
	return wait_for_completion_state(c, TASK_KILLABLE);
}

u64 wait_for_completion_timeout(struct completion *c, u64 ns)
{
	if (wait_common(c, TASK_UNINTERRUPTIBLE, &ns))
		return 0;
	return ns ? ns : 1;
}

bool try_wait_for_completion(struct completion *c)
{
	unsigned long flags;
	bool done;

	spin_lock_irqsave(&c->wait.lock, flags);
	done = c->done;
	if (done && c->done != UINT_MAX)
		c->done--;
	spin_unlock_irqrestore(&c->wait.lock, flags);
	return done;
}

bool completion_done(struct completion *c)
{
	unsigned long flags;
	bool done;

	/* Under the lock: whoever completed it is out of it when this says true. */
	spin_lock_irqsave(&c->wait.lock, flags);
	done = c->done;
	spin_unlock_irqrestore(&c->wait.lock, flags);
	return done;
}
