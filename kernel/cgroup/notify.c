// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling of changes: cgroup.events and its like wake those who poll them at once, and watches of inotify from
 * a work item, since the change may be seen under spin locks.
 *
 * Locking: notify_lock for the counts and the list; watch_mutex for the inodes.  An inode that is found in an event
 * file under the mutex has not been evicted, so its super block is there, too.
 */
#include <kernel/cgroup/internal.h>

#include <fs/internal.h>

static DEFINE_SPINLOCK_RANK(notify_lock, LOCK_RANK_OBJECT);
static DEFINE_MUTEX(watch_mutex);
static struct cgroup *to_notify;		/* [n] by notify_next; each with a reference */

static void notify_work_fn(struct work_struct *work);
static DECLARE_WORK(notify_work, notify_work_fn);

void cgroup_event_set_inode(struct cgroup_event_file *e, struct inode *inode)
{
	mutex_lock(&watch_mutex);
	WRITE_ONCE(e->inode, inode);
	mutex_unlock(&watch_mutex);
}

/* It may not be @inode any more, but that of the next super block. */
void cgroup_event_clear_inode(struct cgroup_event_file *e, const struct inode *inode)
{
	mutex_lock(&watch_mutex);
	if (e->inode == inode)
		WRITE_ONCE(e->inode, NULL);
	mutex_unlock(&watch_mutex);
}

/* References to its inode, or NULL, and to the super block, NULL if that goes. */
static struct super_block *grab_inode(struct cgroup_event_file *e, struct inode **inode)
{
	struct super_block *sb = NULL;

	*inode = NULL;
	mutex_lock(&watch_mutex);
	if (e->inode && grab_super(e->inode->i_sb)) {
		sb = e->inode->i_sb;
		*inode = igrab(e->inode);
	}
	mutex_unlock(&watch_mutex);
	return sb;
}

static void tell_watches(struct cgroup_event_file *e)
{
	struct inode *inode;
	struct super_block *sb = grab_inode(e, &inode);
	struct dentry *dentry;

	if (inode) {
		dentry = d_find_alias(inode);
		if (dentry)
			fsnotify_dentry(dentry, IN_MODIFY, 0);
		dput(dentry);
		iput(inode);
	}
	if (sb)
		deactivate_super(sb);
}

static struct cgroup *next_to_notify(unsigned int *mask)
{
	struct cgroup *c;

	spin_lock_irq(&notify_lock);
	c = to_notify;
	if (c) {
		to_notify = c->notify_next;
		*mask = c->notify_mask;
		c->notify_mask = 0;
	}
	spin_unlock_irq(&notify_lock);
	return c;
}

static void notify_work_fn(struct work_struct *work)
{
	unsigned int mask, event;
	struct cgroup *c;

	while ((c = next_to_notify(&mask))) {
		for (event = 0; event < NR_CGROUP_EVENTS; event++)
			if (mask & (1U << event))
				tell_watches(&c->events[event]);
		cgroup_put(c);
	}
}

void cgroup_notify(struct cgroup *c, enum cgroup_event event)
{
	struct cgroup_event_file *e = &c->events[event];
	unsigned long flags;

	spin_lock_irqsave(&notify_lock, flags);
	WRITE_ONCE(e->seq, e->seq + 1);
	if (atomic_read(&fsnotify_marks) && READ_ONCE(e->inode)) {
		if (!c->notify_mask) {
			c->notify_next = to_notify;
			to_notify = cgroup_get(c);
		}
		c->notify_mask |= 1U << event;
		schedule_work(&notify_work);
	}
	spin_unlock_irqrestore(&notify_lock, flags);
	wake_up_all(&e->wait);
}
