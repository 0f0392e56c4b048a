// SPDX-License-Identifier: GPL-2.0-only
/*
 * epoll(7): a set of files of which a caller wants to know which are ready.
 *
 * Each watched descriptor is an item with an entry in each wait queue of its file.  A wake-up of such a queue puts
 * the item onto the ready list and wakes whoever sleeps in epoll_wait(2).  That one takes the list, asks
 * each file for its state and reports; level-triggered items that were ready go back to the list.
 *
 * An item does not keep its file alive: the last fput() takes it out (eventpoll_release_file).
 *
 * Locks, in this order:
 *	epmutex		end of a watched file against the end of a set; loop checks
 *	ep->mtx [m]	items of one set; held while files are asked (outer set before the one inside)
 *	file->f_lock	file->f_ep_links
 *	queue_lock	only against queues that go before their file: see eventpoll_forget_queue()
 *	a watched wait queue's lock
 *	ep->wq.lock [w]	ready list and sleepers; irqs off
 * The wait queues of sets have no rank: they are taken under any other's lock, along nestings without loops.
 */
#include <fs/eventpoll.h>

#include <fs/file.h>
#include <fs/poll.h>
#include <fs/seq_file.h>
#include <fs/special.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/rbtree.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define EP_MAX_NESTS	5	/* sets in a chain */
#define EP_PRIVATE_BITS	(EPOLLWAKEUP | EPOLLONESHOT | EPOLLET | EPOLLEXCLUSIVE)
#define EP_EXCLUSIVE_OK	(EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLWAKEUP | EPOLLET | EPOLLEXCLUSIVE)
#define EP_MAX_EVENTS	(INT_MAX / (int)sizeof(struct epoll_event))

struct eventpoll {
	struct mutex		mtx;
	wait_queue_head_t	wq;		/* sleepers in epoll_wait() */
	wait_queue_head_t	poll_wait;	/* those who poll the set itself */
	struct list_head	ready;		/* [w] items by ready_link */
	struct rb_root		items;		/* [m] by file and descriptor */
	struct user_struct	*user;		/* [I] whose epoll_watches it counts against */
	struct file		*file;		/* [I] its own, not counted */
	unsigned int		visited;	/* [epmutex] generation of the last loop check that was here */
};

/* An entry in one wait queue of a watched file. Most files have one queue, a few have two. */
struct ep_hook {
	struct wait_queue_entry	wait;
	wait_queue_head_t	*queue;		/* [m]; [queue_lock] if it may go early. NULL: not hooked in */
	struct epitem		*item;		/* [I] */
	struct ep_hook		*next;		/* [m] */
};

struct epitem {
	struct rb_node		node;		/* [m] */
	struct list_head	ready_link;	/* [w] on ep->ready, or on the list of a scan */
	struct list_head	again_link;	/* [m] within one scan */
	struct list_head	file_link;	/* [f_lock] in file->f_ep_links */
	struct file		*file;		/* [I] */
	int			fd;		/* [I] */
	bool			queue_may_go;	/* [I] a signalfd */
	struct eventpoll	*ep;		/* [I] */
	struct epoll_event	event;		/* [m]; .events read by the wake-up under [w] */
	struct ep_hook		*hooks;		/* [m] */
	struct ep_hook		first_hook;
};

static DEFINE_MUTEX_RANK(epmutex, LOCK_RANK_EPOLL_GLOBAL);
static DEFINE_SPINLOCK_RANK(queue_lock, LOCK_RANK_OBJECT_INNER);
static unsigned int loop_generation;		/* epmutex */
static struct kmem_cache *item_cache;
long max_user_watches;				/* fs.epoll.max_user_watches */

static const struct file_operations eventpoll_fops;

bool file_is_epoll(const struct file *file)
{
	return file->f_op == &eventpoll_fops;
}

/* ---- the wake-up of a watched file ----------------------------------------------------------- */

/* [w] held. */
static void make_ready(struct eventpoll *ep, struct epitem *item)
{
	if (list_empty(&item->ready_link))
		list_add_tail(&item->ready_link, &ep->ready);
}

/* Does an exclusive item count as woken by @events? Not if they are not what it wants. */
static bool is_wanted(const struct epitem *item, __poll_t events)
{
	if (!events)
		return true;
	if (events & (EPOLLERR | EPOLLHUP))
		return true;
	return events & item->event.events & (EPOLLIN | EPOLLOUT);
}

/* A watched queue's lock is held, irqs off. */
static int ep_wake(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct ep_hook *hook = container_of(wait, struct ep_hook, wait);
	struct epitem *item = hook->item;
	struct eventpoll *ep = item->ep;
	__poll_t events = key_to_poll(key);
	bool woke = false;
	unsigned long irq;

	spin_lock_irqsave(&ep->wq.lock, irq);
	/* Disarmed by EPOLLONESHOT, or nothing that is asked for. */
	if (!(item->event.events & ~EP_PRIVATE_BITS) || (events && !(events & item->event.events))) {
		spin_unlock_irqrestore(&ep->wq.lock, irq);
		return 0;
	}
	make_ready(ep, item);
	if (waitqueue_active(&ep->wq)) {
		woke = is_wanted(item, events);
		wake_up_locked(&ep->wq);
	}
	spin_unlock_irqrestore(&ep->wq.lock, irq);
	if (wq_has_sleeper(&ep->poll_wait)) {
		woke = true;
		wake_up_poll(&ep->poll_wait, EPOLLIN);
	}
	return (item->event.events & EPOLLEXCLUSIVE) ? woke : 1;
}

/* ---- hooks ----------------------------------------------------------------------------------- */

struct ep_poll_table {
	poll_table	pt;
	struct epitem	*item;
	int		error;
};

static struct ep_hook *new_hook(struct epitem *item)
{
	if (!item->hooks)
		return &item->first_hook;
	return kmalloc(sizeof(struct ep_hook), GFP_KERNEL);
}

static void ep_hook_in(struct file *file, wait_queue_head_t *queue, poll_table *pt)
{
	struct ep_poll_table *ept = container_of(pt, struct ep_poll_table, pt);
	struct epitem *item = ept->item;
	struct ep_hook *hook = new_hook(item);

	if (!hook) {
		ept->error = -ENOMEM;
		return;
	}
	init_waitqueue_func_entry(&hook->wait, ep_wake);
	hook->item = item;
	hook->queue = queue;
	hook->next = item->hooks;
	item->hooks = hook;
	if (item->event.events & EPOLLEXCLUSIVE)
		add_wait_queue_exclusive(queue, &hook->wait);
	else
		add_wait_queue(queue, &hook->wait);
}

static void unhook(struct epitem *item, struct ep_hook *hook)
{
	unsigned long flags;

	if (!item->queue_may_go) {
		remove_wait_queue(hook->queue, &hook->wait);
		return;
	}
	spin_lock_irqsave(&queue_lock, flags);
	if (hook->queue)
		remove_wait_queue(hook->queue, &hook->wait);
	spin_unlock_irqrestore(&queue_lock, flags);
}

static void unhook_all(struct epitem *item)
{
	struct ep_hook *hook;

	while ((hook = item->hooks)) {
		item->hooks = hook->next;
		unhook(item, hook);
		if (hook != &item->first_hook)
			kfree(hook);
	}
}

/* Nobody can hook in any more: the process that owned the queue is gone. */
void eventpoll_forget_queue(wait_queue_head_t *wq)
{
	struct wait_queue_entry *wait, *next;
	unsigned long flags;

	spin_lock_irqsave(&queue_lock, flags);
	spin_lock(&wq->lock);
	list_for_each_entry_safe(wait, next, &wq->head, entry) {
		list_del_init(&wait->entry);
		if (wait->func == ep_wake)
			container_of(wait, struct ep_hook, wait)->queue = NULL;
	}
	spin_unlock(&wq->lock);
	spin_unlock_irqrestore(&queue_lock, flags);
}

/* ---- items: [m] held ------------------------------------------------------------------------- */

static int compare(const struct file *file, int fd, const struct epitem *item)
{
	if (file != item->file)
		return file < item->file ? -1 : 1;
	return fd < item->fd ? -1 : fd > item->fd;
}

static struct epitem *ep_find(struct eventpoll *ep, const struct file *file, int fd)
{
	struct rb_node *node = ep->items.rb_node;

	while (node) {
		struct epitem *item = rb_entry(node, struct epitem, node);
		int c = compare(file, fd, item);

		if (!c)
			return item;
		node = c < 0 ? node->rb_left : node->rb_right;
	}
	return NULL;
}

struct file *eventpoll_target(struct file *epoll, int fd, unsigned long nth)
{
	struct file *file = ERR_PTR(-ENOENT);
	struct eventpoll *ep = epoll->private_data;
	struct rb_node *node;

	if (!file_is_epoll(epoll))
		return ERR_PTR(-EINVAL);
	mutex_lock(&ep->mtx);
	for (node = rb_first(&ep->items); node; node = rb_next(node)) {
		struct epitem *item = rb_entry(node, struct epitem, node);

		if (item->fd == fd && !nth--) {
			file = item->file;
			break;
		}
	}
	mutex_unlock(&ep->mtx);
	return file;
}

static void ep_link(struct eventpoll *ep, struct epitem *item)
{
	struct rb_node **link = &ep->items.rb_node, *parent = NULL;

	while (*link) {
		parent = *link;
		link = compare(item->file, item->fd, rb_entry(parent, struct epitem, node)) < 0 ?
			&parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&item->node, parent, link);
	rb_insert_color(&item->node, &ep->items);
}

static bool scan_ready(struct eventpoll *ep);

/* What is ready of what the item wants. */
static __poll_t ep_item_poll(const struct epitem *item, poll_table *pt)
{
	struct file *file = item->file;

	pt->key = item->event.events;
	if (file_is_epoll(file)) {
		struct eventpoll *inner = file->private_data;

		poll_wait(file, &inner->poll_wait, pt);
		return (scan_ready(inner) ? EPOLLIN | EPOLLRDNORM : 0) & item->event.events;
	}
	return vfs_poll(file, pt) & item->event.events;
}

/* Make it ready if @revents says so, and tell sleepers. */
static void ep_announce(struct eventpoll *ep, struct epitem *item, __poll_t revents)
{
	bool polled = false;

	if (!revents)
		return;
	spin_lock_irq(&ep->wq.lock);
	if (list_empty(&item->ready_link)) {
		make_ready(ep, item);
		if (waitqueue_active(&ep->wq))
			wake_up_locked(&ep->wq);
		polled = waitqueue_active(&ep->poll_wait);
	}
	spin_unlock_irq(&ep->wq.lock);
	if (polled)
		wake_up_poll(&ep->poll_wait, EPOLLIN);
}

static void ep_remove(struct eventpoll *ep, struct epitem *item)
{
	unhook_all(item);
	spin_lock(&item->file->f_lock);
	list_del(&item->file_link);
	spin_unlock(&item->file->f_lock);
	rb_erase(&item->node, &ep->items);
	spin_lock_irq(&ep->wq.lock);
	list_del_init(&item->ready_link);
	spin_unlock_irq(&ep->wq.lock);
	kmem_cache_free(item_cache, item);
	atomic_dec(&ep->user->epoll_watches);
}

static int ep_insert(struct eventpoll *ep, const struct epoll_event *event, struct file *file, int fd)
{
	struct ep_poll_table ept = { .pt.qproc = ep_hook_in };
	struct epitem *item;
	__poll_t revents;

	if (atomic_read(&ep->user->epoll_watches) >= max_user_watches)
		return -ENOSPC;
	item = kmem_cache_zalloc(item_cache, GFP_KERNEL);
	if (!item)
		return -ENOMEM;
	atomic_inc(&ep->user->epoll_watches);
	INIT_LIST_HEAD(&item->ready_link);
	item->ep = ep;
	item->file = file;
	item->fd = fd;
	item->event = *event;
	item->queue_may_go = file_is_signalfd(file);
	spin_lock(&file->f_lock);
	list_add_tail(&item->file_link, &file->f_ep_links);
	spin_unlock(&file->f_lock);
	ep_link(ep, item);
	ept.item = item;
	revents = ep_item_poll(item, &ept.pt);
	if (ept.error) {
		ep_remove(ep, item);
		return ept.error;
	}
	ep_announce(ep, item, revents);
	return 0;
}

static void ep_modify(struct eventpoll *ep, struct epitem *item, const struct epoll_event *event)
{
	poll_table pt = { .qproc = NULL };

	/* The wake-up sees the new mask from here on; what came before shows when the file is asked. */
	spin_lock_irq(&ep->wq.lock);
	item->event = *event;
	spin_unlock_irq(&ep->wq.lock);
	smp_mb();
	ep_announce(ep, item, ep_item_poll(item, &pt));
}

/* ---- scans ----------------------------------------------------------------------------------- */

/* Take the whole ready list. Wake-ups meanwhile start a new one. [m] held. */
static void begin_scan(struct eventpoll *ep, struct list_head *taken)
{
	INIT_LIST_HEAD(taken);
	spin_lock_irq(&ep->wq.lock);
	list_splice_init(&ep->ready, taken);
	spin_unlock_irq(&ep->wq.lock);
}

/* Items of @again, then what was not looked at, are ready as before. */
static void end_scan(struct eventpoll *ep, struct list_head *taken, struct list_head *again)
{
	struct epitem *item, *next;

	spin_lock_irq(&ep->wq.lock);
	list_for_each_entry_safe(item, next, again, again_link)
		make_ready(ep, item);
	list_splice(taken, &ep->ready);
	/* More than one caller could take: another sleeper may go on. */
	if (!list_empty(&ep->ready) && waitqueue_active(&ep->wq))
		wake_up_locked(&ep->wq);
	spin_unlock_irq(&ep->wq.lock);
}

/* The next item of a scan; a wake-up from now on makes it ready anew. */
static struct epitem *next_taken(struct eventpoll *ep, struct list_head *taken)
{
	struct epitem *item;

	if (list_empty(taken))
		return NULL;
	item = list_first_entry(taken, struct epitem, ready_link);
	spin_lock_irq(&ep->wq.lock);
	list_del_init(&item->ready_link);
	spin_unlock_irq(&ep->wq.lock);
	return item;
}

/* Is any item really ready? Those that are not leave the list. For the sets around this one. */
static bool scan_ready(struct eventpoll *ep)
{
	struct list_head taken, again;
	poll_table pt = { .qproc = NULL };
	struct epitem *item;
	bool ready = false;

	INIT_LIST_HEAD(&again);
	mutex_lock_nested(&ep->mtx);	/* the outer set's is held: no loops, so outer before inner is an order */
	begin_scan(ep, &taken);
	while (!ready && (item = next_taken(ep, &taken))) {
		ready = ep_item_poll(item, &pt);
		if (ready)
			list_add_tail(&item->again_link, &again);
	}
	end_scan(ep, &taken, &again);
	mutex_unlock(&ep->mtx);
	return ready;
}

/* Report up to @max ready items: how many, or -EFAULT. */
static int ep_send_events(struct eventpoll *ep, struct epoll_event __user *events, int max)
{
	struct list_head taken, again;
	poll_table pt = { .qproc = NULL };
	struct epitem *item;
	int n = 0;

	INIT_LIST_HEAD(&again);
	mutex_lock(&ep->mtx);
	begin_scan(ep, &taken);
	while (n < max && (item = next_taken(ep, &taken))) {
		struct epoll_event e = { .data = item->event.data };

		e.events = ep_item_poll(item, &pt);
		if (!e.events)
			continue;
		if (copy_to_user(&events[n], &e, sizeof(e))) {
			list_add(&item->again_link, &again);
			if (!n)
				n = -EFAULT;
			break;
		}
		n++;
		if (item->event.events & EPOLLONESHOT) {
			spin_lock_irq(&ep->wq.lock);
			item->event.events &= EP_PRIVATE_BITS;
			spin_unlock_irq(&ep->wq.lock);
		} else if (!(item->event.events & EPOLLET)) {
			list_add_tail(&item->again_link, &again);
		}
	}
	end_scan(ep, &taken, &again);
	mutex_unlock(&ep->mtx);
	return n;
}

/* Sleep until something is on the ready list. 0: there is; -EINTR; -ETIME. */
static int ep_wait(struct eventpoll *ep, const u64 *expires)
{
	DECLARE_WAITQUEUE(wait, current);
	int ret = 0;

	wait.flags = WQ_FLAG_EXCLUSIVE;
	spin_lock_irq(&ep->wq.lock);
	__add_wait_queue_entry_tail(&ep->wq, &wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (!list_empty(&ep->ready)) {
			ret = 0;
			break;
		}
		if (ret)
			break;
		if (signal_pending(current)) {
			ret = -EINTR;
			break;
		}
		spin_unlock_irq(&ep->wq.lock);
		if (!schedule_hrtimeout(expires, CLOCK_MONOTONIC))
			ret = -ETIME;		/* after one more look at the list */
		spin_lock_irq(&ep->wq.lock);
	}
	__set_current_state(TASK_RUNNING);
	__remove_wait_queue(&ep->wq, &wait);
	spin_unlock_irq(&ep->wq.lock);
	return ret;
}

/* @expires NULL: for ever; *expires 0: do not sleep. */
static int ep_poll(struct eventpoll *ep, struct epoll_event __user *events, int max, const u64 *expires)
{
	int n;

	for (;;) {
		if (!list_empty(&ep->ready)) {
			n = ep_send_events(ep, events, max);
			if (n)
				return n;
		}
		if (expires && !*expires)
			return 0;
		n = ep_wait(ep, expires);
		if (n)
			return n == -ETIME ? 0 : n;
		if (signal_pending(current) && list_empty(&ep->ready))
			return -EINTR;
	}
}

/* ---- nesting --------------------------------------------------------------------------------- */

/*
 * The longest chain of sets from @ep downwards, or more than EP_MAX_NESTS if it leads to @target.  epmutex
 * held, so no set is added to another one meanwhile.
 */
static int depth_below(struct eventpoll *ep, const struct eventpoll *target, int limit)
{
	struct rb_node *node;
	int deepest = 0;

	if (ep == target || limit <= 0)
		return EP_MAX_NESTS + 1;
	mutex_lock_nested(&ep->mtx);
	for (node = rb_first(&ep->items); node; node = rb_next(node)) {
		const struct epitem *item = rb_entry(node, struct epitem, node);
		struct eventpoll *inner;

		if (!file_is_epoll(item->file))
			continue;
		inner = item->file->private_data;
		if (inner->visited == loop_generation)
			continue;
		inner->visited = loop_generation;
		deepest = max(deepest, depth_below(inner, target, limit - 1));
	}
	mutex_unlock(&ep->mtx);
	return deepest + 1;
}

/* The longest chain of sets that ends with @ep, itself counted. epmutex held. */
static int depth_above(const struct eventpoll *ep, int limit)
{
	const struct epitem *item;
	int highest = 0;

	if (limit <= 0)
		return EP_MAX_NESTS + 1;
	/* Items for an epoll file come and go under epmutex only. */
	list_for_each_entry(item, &ep->file->f_ep_links, file_link)
		highest = max(highest, depth_above(item->ep, limit - 1));
	return highest + 1;
}

static int check_nesting(struct eventpoll *ep, struct file *target)
{
	struct eventpoll *inner = target->private_data;

	loop_generation++;
	if (depth_below(inner, ep, EP_MAX_NESTS) + depth_above(ep, EP_MAX_NESTS) > EP_MAX_NESTS)
		return -ELOOP;
	return 0;
}

/* ---- ends ------------------------------------------------------------------------------------ */

/* The last reference to a watched file went. */
void eventpoll_release_file(struct file *file)
{
	struct epitem *item;

	mutex_lock(&epmutex);
	/* Nobody can add items to this file any more. */
	while ((item = list_first_entry_or_null(&file->f_ep_links, struct epitem, file_link))) {
		struct eventpoll *ep = item->ep;

		mutex_lock(&ep->mtx);
		ep_remove(ep, item);
		mutex_unlock(&ep->mtx);
	}
	mutex_unlock(&epmutex);
}

static int ep_release(struct inode *inode, struct file *file)
{
	struct eventpoll *ep = file->private_data;
	struct rb_node *node;

	if (waitqueue_active(&ep->poll_wait))
		wake_up_poll(&ep->poll_wait, EPOLLIN | EPOLLHUP);
	mutex_lock(&epmutex);
	mutex_lock(&ep->mtx);
	while ((node = rb_first(&ep->items))) {
		ep_remove(ep, rb_entry(node, struct epitem, node));
		cond_resched();
	}
	mutex_unlock(&ep->mtx);
	mutex_unlock(&epmutex);
	free_uid(ep->user);
	kfree(ep);
	return 0;
}

static __poll_t ep_eventpoll_poll(struct file *file, poll_table *table)
{
	struct eventpoll *ep = file->private_data;

	poll_wait(file, &ep->poll_wait, table);
	return scan_ready(ep) ? EPOLLIN | EPOLLRDNORM : 0;
}

static void ep_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct eventpoll *ep = file->private_data;
	struct rb_node *node;

	mutex_lock(&ep->mtx);
	for (node = rb_first(&ep->items); node && !seq_has_overflowed(m); node = rb_next(node)) {
		const struct epitem *item = rb_entry(node, struct epitem, node);
		const struct inode *inode = file_inode(item->file);

		seq_printf(m, "tfd: %8d events: %8x data: %16llx  pos:%lli ino:%llx sdev:%x\n", item->fd,
			   item->event.events, (u64)item->event.data, item->file->f_pos, inode->i_ino,
			   inode->i_sb->s_dev);
	}
	mutex_unlock(&ep->mtx);
}

static const struct file_operations eventpoll_fops = {
	.poll		= ep_eventpoll_poll,
	.release	= ep_release,
	.llseek		= noop_llseek,
	.show_fdinfo	= ep_show_fdinfo,
};

/* ---- the calls ------------------------------------------------------------------------------- */

static struct eventpoll *ep_alloc(void)
{
	struct eventpoll *ep = kzalloc(sizeof(*ep), GFP_KERNEL);

	if (!ep)
		return NULL;
	mutex_init_rank(&ep->mtx, LOCK_RANK_EPOLL);
	init_waitqueue_head_rank(&ep->wq, LOCK_RANK_NONE);
	init_waitqueue_head_rank(&ep->poll_wait, LOCK_RANK_NONE);
	INIT_LIST_HEAD(&ep->ready);
	ep->items = RB_ROOT;
	ep->user = get_uid(current_cred()->user);
	return ep;
}

static void ep_free(struct eventpoll *ep)
{
	free_uid(ep->user);
	kfree(ep);
}

long sys_epoll_create1(int flags)
{
	struct eventpoll *ep;
	struct file *file;
	int fd;

	if (flags & ~EPOLL_CLOEXEC)
		return -EINVAL;
	ep = ep_alloc();
	if (!ep)
		return -ENOMEM;
	fd = get_unused_fd_flags(O_RDWR | (flags & O_CLOEXEC));
	if (fd < 0) {
		ep_free(ep);
		return fd;
	}
	file = anon_inode_getfile("[eventpoll]", &eventpoll_fops, ep, O_RDWR | (flags & O_CLOEXEC));
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		ep_free(ep);
		return PTR_ERR(file);
	}
	ep->file = file;
	fd_install(fd, file);
	return fd;
}

long sys_epoll_create(int size)
{
	return size > 0 ? sys_epoll_create1(0) : -EINVAL;
}

/* Checks that do not depend on what is in the set. */
static int check_ctl(const struct file *epfile, const struct file *target, int op, const struct epoll_event *event)
{
	if (!target->f_op->poll)
		return -EPERM;
	if (epfile == target || !file_is_epoll(epfile))
		return -EINVAL;
	if (op != EPOLL_CTL_DEL && (event->events & EPOLLEXCLUSIVE)) {
		if (op == EPOLL_CTL_MOD)
			return -EINVAL;
		if (file_is_epoll(target) || (event->events & ~EP_EXCLUSIVE_OK))
			return -EINVAL;
	}
	return 0;
}

/* [m] held. */
static int ctl_locked(struct eventpoll *ep, int op, int fd, struct file *target, struct epoll_event *event)
{
	struct epitem *item = ep_find(ep, target, fd);

	event->events |= EPOLLERR | EPOLLHUP;	/* always reported */
	switch (op) {
	case EPOLL_CTL_ADD:
		return item ? -EEXIST : ep_insert(ep, event, target, fd);
	case EPOLL_CTL_DEL:
		if (!item)
			return -ENOENT;
		ep_remove(ep, item);
		return 0;
	case EPOLL_CTL_MOD:
		if (!item)
			return -ENOENT;
		if (item->event.events & EPOLLEXCLUSIVE)
			return -EINVAL;
		ep_modify(ep, item, event);
		return 0;
	default:
		return -EINVAL;
	}
}

static int do_epoll_ctl(struct file *epfile, int op, int fd, struct file *target, struct epoll_event *event)
{
	int err = check_ctl(epfile, target, op, event);
	struct eventpoll *ep = epfile->private_data;
	bool nesting;

	if (err)
		return err;
	nesting = op != EPOLL_CTL_MOD && file_is_epoll(target);
	if (nesting) {
		mutex_lock(&epmutex);
		if (op == EPOLL_CTL_ADD)
			err = check_nesting(ep, target);
	}
	if (!err) {
		mutex_lock(&ep->mtx);
		err = ctl_locked(ep, op, fd, target, event);
		mutex_unlock(&ep->mtx);
	}
	if (nesting)
		mutex_unlock(&epmutex);
	return err;
}

long sys_epoll_ctl(int epfd, int op, int fd, struct epoll_event __user *uevent)
{
	struct epoll_event event = { 0 };
	struct fd ef, tf;
	int err = -EBADF;

	if (op != EPOLL_CTL_DEL && copy_from_user(&event, uevent, sizeof(event)))
		return -EFAULT;
	event.events &= ~EPOLLWAKEUP;	/* nothing ever suspends */
	ef = fdget(epfd);
	if (!ef.file)
		return -EBADF;
	tf = fdget(fd);
	if (tf.file) {
		err = do_epoll_ctl(ef.file, op, fd, tf.file, &event);
		fdput(tf);
	}
	fdput(ef);
	return err;
}

static int do_epoll_wait(int epfd, struct epoll_event __user *events, int max, const u64 *expires)
{
	struct fd f;
	int ret = -EINVAL;

	if (max <= 0 || max > EP_MAX_EVENTS)
		return -EINVAL;
	if (!access_ok(events, max * sizeof(struct epoll_event)))
		return -EFAULT;
	f = fdget(epfd);
	if (!f.file)
		return -EBADF;
	if (file_is_epoll(f.file))
		ret = ep_poll(f.file->private_data, events, max, expires);
	fdput(f);
	return ret;
}

/* When @ns from now is; 0 stays 0: at once. */
static u64 expiry_in(u64 ns)
{
	u64 now;

	if (!ns)
		return 0;
	now = ktime_get_ns();
	return ns > (u64)KTIME_MAX - now ? (u64)KTIME_MAX : now + ns;
}

static const u64 *expiry_in_ms(u64 *at, int timeout)
{
	if (timeout < 0)
		return NULL;
	*at = expiry_in((u64)timeout * NSEC_PER_MSEC);
	return at;
}

static int do_epoll_pwait(int epfd, struct epoll_event __user *events, int max, const u64 *expires,
			  const ksigset_t __user *mask, size_t sigsetsize)
{
	int ret = set_user_sigmask(mask, sigsetsize);

	if (ret)
		return ret;
	ret = do_epoll_wait(epfd, events, max, expires);
	restore_saved_sigmask_unless(ret == -EINTR);
	return ret;
}

long sys_epoll_wait(int epfd, struct epoll_event __user *events, int max, int timeout)
{
	u64 at;

	return do_epoll_wait(epfd, events, max, expiry_in_ms(&at, timeout));
}

long sys_epoll_pwait(int epfd, struct epoll_event __user *events, int max, int timeout,
		     const ksigset_t __user *mask, size_t sigsetsize)
{
	u64 at;

	return do_epoll_pwait(epfd, events, max, expiry_in_ms(&at, timeout), mask, sigsetsize);
}

long sys_epoll_pwait2(int epfd, struct epoll_event __user *events, int max,
		      const struct __kernel_timespec __user *timeout, const ksigset_t __user *mask, size_t sigsetsize)
{
	struct timespec64 ts;
	u64 at;

	if (timeout) {
		if (get_timespec64(&ts, timeout))
			return -EFAULT;
		if (!timespec64_valid(&ts))
			return -EINVAL;
		at = expiry_in(timespec64_to_ns(&ts));
	}
	return do_epoll_pwait(epfd, events, max, timeout ? &at : NULL, mask, sigsetsize);
}

void __init eventpoll_init(void)
{
	item_cache = kmem_cache_create("eventpoll_epi", sizeof(struct epitem), 0,
				       SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	/* At most a twenty-fifth of memory in items. */
	max_user_watches = totalram_pages() / 25 * PAGE_SIZE / sizeof(struct epitem);
}
