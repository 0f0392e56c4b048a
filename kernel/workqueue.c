// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work queues; see workqueue.h.
 *
 * Each queue has a list of items, a lock, and worker threads that all take from the list.  A worker
 * that takes an item and leaves others behind first starts another worker, up to the queue's limit:
 * so the number of threads follows how many items really wait for one another.  Workers stay for
 * the next time.
 *
 * wq->lock is taken with irqs off, from any context; waking workers nests inside.
 */
#include <kernel/workqueue.h>

#include <kernel/kthread.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/string.h>
#include <kernel/locking/mutex.h>
#include <kernel/printk.h>
#include <kernel/sched/wait.h>
#include <mm/slab.h>

#define PENDING_BIT	0	/* WORK_PENDING in work->flags */
#define MAX_WORKERS	8

struct worker {
	struct workqueue_struct	*wq;		/* [I] */
	struct task_struct	*task;		/* [w] NULL: no such worker */
	struct work_struct	*current_work;	/* [w] only compared: it may be freed by its function */
	u64			current_seq;	/* [w] */
};

struct workqueue_struct {
	spinlock_t		lock;		/* [w] */
	struct list_head	items;		/* [w] oldest first */
	u64			next_seq;	/* [w] number of the next item to be queued */
	wait_queue_head_t	more;		/* idle workers. Of rank WORK: wake-ups of others queue items */
	wait_queue_head_t	done;		/* flushers: an item was finished or taken back */
	struct worker		workers[MAX_WORKERS];
	unsigned int		nr_workers;	/* [w] */
	unsigned int		max_active;	/* [I] */
	char			name[TASK_COMM_LEN - 3]; /* [I] */
};

#define WORKQUEUE_INIT(var, text, max) {						\
	.lock = __SPIN_LOCK_INIT(var.lock, LOCK_RANK_WORK),				\
	.items = LIST_HEAD_INIT(var.items),						\
	.more = { __SPIN_LOCK_INIT(var.more.lock, LOCK_RANK_WORK), LIST_HEAD_INIT(var.more.head) }, \
	.done = __WAIT_QUEUE_HEAD_INIT(var.done),					\
	.next_seq = 1, .max_active = (max), .name = text,				\
}

static struct workqueue_struct events = WORKQUEUE_INIT(events, "events", MAX_WORKERS);
static struct workqueue_struct ordered = WORKQUEUE_INIT(ordered, "ordered", 1);
struct workqueue_struct *system_wq = &events;
struct workqueue_struct *system_ordered_wq = &ordered;

/* ---- workers ------------------------------------------------------------------------------- */

/* wq->lock held. */
static bool is_running(struct workqueue_struct *wq, const struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < wq->nr_workers; i++) {
		if (wq->workers[i].current_work == work)
			return true;
	}
	return false;
}

/* The oldest item that no other worker is running at the moment; wq->lock held. */
static struct work_struct *next_item(struct workqueue_struct *wq)
{
	struct work_struct *work;

	list_for_each_entry(work, &wq->items, entry) {
		if (!is_running(wq, work))
			return work;
	}
	return NULL;
}

static bool has_item(struct workqueue_struct *wq)
{
	bool has;

	spin_lock_irq(&wq->lock);
	has = next_item(wq) != NULL;
	spin_unlock_irq(&wq->lock);
	return has;
}

/* Takes an item for @w. @grow: there are more, and may be more workers. */
static work_func_t take_item(struct worker *w, bool *grow)
{
	struct workqueue_struct *wq = w->wq;
	struct work_struct *work;
	work_func_t func = NULL;

	spin_lock_irq(&wq->lock);
	work = next_item(wq);
	if (work) {
		list_del_init(&work->entry);
		w->current_work = work;
		w->current_seq = work->seq;
		func = work->func;
		clear_bit_unlock(PENDING_BIT, &work->flags);	/* from here on it can be queued again */
	}
	*grow = work && next_item(wq) && wq->nr_workers < wq->max_active;
	spin_unlock_irq(&wq->lock);
	return func;
}

static void finish_item(struct worker *w)
{
	struct workqueue_struct *wq = w->wq;

	spin_lock_irq(&wq->lock);
	w->current_work = NULL;
	w->current_seq = 0;
	spin_unlock_irq(&wq->lock);
	if (wq_has_sleeper(&wq->done))
		wake_up_all(&wq->done);
}

static int start_worker(struct workqueue_struct *wq);

static int worker_main(void *data)
{
	struct worker *w = data;
	struct workqueue_struct *wq = w->wq;
	work_func_t func;
	bool grow;

	current->flags |= PF_WQ_WORKER;
	while (!kthread_should_stop()) {
		func = take_item(w, &grow);
		if (grow)
			start_worker(wq);
		if (func) {
			func(w->current_work);
			if (unlikely(in_atomic()))
				panic("work function %pS returned in atomic context", func);
			finish_item(w);
		} else {
			wait_event_interruptible_exclusive(wq->more, has_item(wq) ||
							   kthread_should_stop());
		}
	}
	return 0;
}

/* One more, if the limit allows. May sleep. 0 or -errno. */
static int start_worker(struct workqueue_struct *wq)
{
	struct task_struct *t;
	struct worker *w = NULL;

	spin_lock_irq(&wq->lock);
	if (wq->nr_workers < wq->max_active) {
		w = &wq->workers[wq->nr_workers++];
		w->wq = wq;
	}
	spin_unlock_irq(&wq->lock);
	if (!w)
		return 0;
	t = kthread_create(worker_main, w, "kw%u:%s", (unsigned int)(w - wq->workers), wq->name);
	if (IS_ERR(t)) {
		spin_lock_irq(&wq->lock);
		wq->nr_workers--;	/* growth is one at a time: it was the last one */
		spin_unlock_irq(&wq->lock);
		return PTR_ERR(t);
	}
	w->task = get_task_struct(t);
	wake_up_process(t);
	return 0;
}

/* ---- queueing ------------------------------------------------------------------------------ */

/* PENDING is ours. */
static void insert_work(struct workqueue_struct *wq, struct work_struct *work)
{
	unsigned long flags;

	spin_lock_irqsave(&wq->lock, flags);
	work->wq = wq;
	work->seq = wq->next_seq++;
	list_add_tail(&work->entry, &wq->items);
	spin_unlock_irqrestore(&wq->lock, flags);
	wake_up(&wq->more);
}

bool queue_work(struct workqueue_struct *wq, struct work_struct *work)
{
	if (test_and_set_bit(PENDING_BIT, &work->flags))
		return false;
	insert_work(wq, work);
	return true;
}

static enum hrtimer_restart delayed_work_fn(struct hrtimer *timer)
{
	struct delayed_work *dw = container_of(timer, struct delayed_work, timer);

	insert_work(dw->wq, &dw->work);
	return HRTIMER_NORESTART;
}

void __init_delayed_work(struct delayed_work *dw, work_func_t func)
{
	INIT_WORK(&dw->work, func);
	hrtimer_init(&dw->timer, CLOCK_MONOTONIC, delayed_work_fn);
	dw->wq = NULL;
}

bool queue_delayed_work(struct workqueue_struct *wq, struct delayed_work *dw, u64 delay_ns)
{
	if (test_and_set_bit(PENDING_BIT, &dw->work.flags))
		return false;
	dw->wq = wq;
	if (delay_ns)
		hrtimer_start(&dw->timer, delay_ns, HRTIMER_MODE_REL);
	else
		insert_work(wq, &dw->work);
	return true;
}

/* ---- taking back --------------------------------------------------------------------------- */

/* Off the list if it is there. Returns whether PENDING was set and is now ours to clear. */
static bool grab_queued(struct work_struct *work)
{
	struct workqueue_struct *wq = READ_ONCE(work->wq);
	unsigned long flags;
	bool queued;

	if (!wq)
		return false;
	spin_lock_irqsave(&wq->lock, flags);
	queued = work->wq == wq && !list_empty(&work->entry);
	if (queued)
		list_del_init(&work->entry);
	spin_unlock_irqrestore(&wq->lock, flags);
	return queued;
}

bool cancel_delayed_work(struct delayed_work *dw)
{
	int timer;

	while ((timer = hrtimer_try_to_cancel(&dw->timer)) < 0)
		cpu_relax();
	if (!timer && !grab_queued(&dw->work))
		return false;
	clear_bit_unlock(PENDING_BIT, &dw->work.flags);
	if (dw->wq)
		wake_up_all(&dw->wq->done);
	return true;
}

bool mod_delayed_work(struct workqueue_struct *wq, struct delayed_work *dw, u64 delay_ns)
{
	bool was_pending = cancel_delayed_work(dw);

	queue_delayed_work(wq, dw, delay_ns);
	return was_pending;
}

/* ---- waiting ------------------------------------------------------------------------------- */

static bool is_busy(struct workqueue_struct *wq, const struct work_struct *work)
{
	bool busy;

	spin_lock_irq(&wq->lock);
	busy = is_running(wq, work) || !list_empty(&work->entry);
	spin_unlock_irq(&wq->lock);
	return busy;
}

/* The wait conditions take wq->lock, a spin lock: fine with the state set. */
bool flush_work(struct work_struct *work)
{
	struct workqueue_struct *wq = READ_ONCE(work->wq);

	if (!wq || !is_busy(wq, work))
		return false;
	wait_event(wq->done, !is_busy(wq, work));
	return true;
}

static bool is_running_now(struct workqueue_struct *wq, const struct work_struct *work)
{
	bool running;

	spin_lock_irq(&wq->lock);
	running = is_running(wq, work);
	spin_unlock_irq(&wq->lock);
	return running;
}

bool cancel_work_sync(struct work_struct *work)
{
	struct workqueue_struct *wq = READ_ONCE(work->wq);
	bool was_pending = grab_queued(work);

	if (was_pending)
		clear_bit_unlock(PENDING_BIT, &work->flags);
	if (wq)
		wait_event(wq->done, !is_running_now(wq, work));
	return was_pending;
}

bool cancel_delayed_work_sync(struct delayed_work *dw)
{
	bool was_pending = cancel_delayed_work(dw);

	return cancel_work_sync(&dw->work) || was_pending;
}

bool flush_delayed_work(struct delayed_work *dw)
{
	if (hrtimer_cancel(&dw->timer) == 1)
		insert_work(dw->wq, &dw->work);
	return flush_work(&dw->work);
}

/* Is everything numbered below @seq finished? */
static bool drained_to(struct workqueue_struct *wq, u64 seq)
{
	struct work_struct *first;
	bool drained = true;
	unsigned int i;

	spin_lock_irq(&wq->lock);
	first = list_first_entry_or_null(&wq->items, struct work_struct, entry);
	if (first && first->seq < seq)
		drained = false;
	for (i = 0; i < wq->nr_workers; i++) {
		if (wq->workers[i].current_work && wq->workers[i].current_seq < seq)
			drained = false;
	}
	spin_unlock_irq(&wq->lock);
	return drained;
}

void flush_workqueue(struct workqueue_struct *wq)
{
	u64 seq;

	spin_lock_irq(&wq->lock);
	seq = wq->next_seq;
	spin_unlock_irq(&wq->lock);
	wait_event(wq->done, drained_to(wq, seq));
}

/* ---- queues -------------------------------------------------------------------------------- */

struct workqueue_struct *alloc_workqueue(const char *name, unsigned int max_active)
{
	struct workqueue_struct *wq = kmalloc(sizeof(*wq), GFP_KERNEL);

	if (!wq)
		return NULL;
	*wq = (struct workqueue_struct) WORKQUEUE_INIT((*wq), "", clamp(max_active, 1U, MAX_WORKERS));
	strscpy(wq->name, name, sizeof(wq->name));
	if (start_worker(wq)) {
		kfree(wq);
		return NULL;
	}
	return wq;
}

void destroy_workqueue(struct workqueue_struct *wq)
{
	unsigned int i;

	flush_workqueue(wq);
	for (i = 0; i < wq->nr_workers; i++) {
		kthread_stop(wq->workers[i].task);
		put_task_struct(wq->workers[i].task);
	}
	kfree(wq);
}

void workqueue_init(void)
{
	if (start_worker(&events) || start_worker(&ordered))
		panic("cannot start the work queues' threads");
}
