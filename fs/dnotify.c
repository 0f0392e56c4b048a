// SPDX-License-Identifier: GPL-2.0-only
/*
 * F_NOTIFY of fcntl(2): a signal when something happens in a directory, once or (DN_MULTISHOT) each time.
 *
 * Interface: <fs/fsnotify.h>.  Each descriptor table that asks by an open directory has a mark at it, which goes when
 * it closes one of the descriptors of that file: filp_close() looks for marks only where the inode has a lock context,
 * so F_NOTIFY makes one.  That costs close() of other files nothing.
 *
 * Locks: [i] the directory's i_lock > f_lock.
 */
#include <fs/fsnotify.h>

#include <fs/fasync.h>
#include <fs/file.h>
#include <fs/file_lock.h>

int dir_notify_enable = 1;

struct dnotify {
	struct fsnotify_mark	mark;
	struct file		*file;		/* [I] no reference: closing it takes the mark off */
	fl_owner_t		id;		/* [I] the table */
	int			fd;		/* [i] */
	bool			multishot;	/* [i] */
};

static const struct fsnotify_ops dnotify_ops;

static struct dnotify *dnotify_of(struct fsnotify_mark *mark)
{
	return container_of(mark, struct dnotify, mark);
}

/* [i] held. */
static struct dnotify *dnotify_find(struct inode *inode, const struct file *f, fl_owner_t id)
{
	struct fsnotify_mark *m;

	if (inode->i_fsnotify_marks)
		list_for_each_entry(m, &inode->i_fsnotify_marks->marks, link)
			if (m->ops == &dnotify_ops && dnotify_of(m)->file == f && dnotify_of(m)->id == id)
				return dnotify_of(m);
	return NULL;
}

static void dnotify_event(struct fsnotify_mark *mark, struct fsnotify_event *e)
{
	struct dnotify *dn = dnotify_of(mark);
	struct fsnotify_signal *s = kmalloc(sizeof(*s), GFP_ATOMIC);

	if (s) {
		s->owner = fasync_owner(dn->file);
		s->fd = dn->fd;
		list_add_tail(&s->node, &e->signals);
	}
	if (!dn->multishot) {
		fsnotify_detach(mark);
		kfree(dn);
	}
}

static const struct fsnotify_ops dnotify_ops = { .event = dnotify_event };

void dnotify_flush(struct file *f, fl_owner_t id)
{
	struct inode *inode = file_inode(f);
	struct dnotify *dn;

	if (!S_ISDIR(inode->i_mode))
		return;
	spin_lock(&inode->i_lock);
	dn = dnotify_find(inode, f, id);
	if (dn) {
		fsnotify_detach(&dn->mark);
		fsnotify_trim(inode);
	}
	spin_unlock(&inode->i_lock);
	kfree(dn);
}

static u32 event_mask(unsigned int arg)
{
	static const u32 events[] = {		/* DN_ACCESS and so on, by bit */
		IN_ACCESS, IN_MODIFY, IN_CREATE | IN_MOVED_TO, IN_DELETE | IN_MOVED_FROM, FS_RENAME_WITHIN, IN_ATTRIB,
	};
	u32 mask = 0;

	for (unsigned int i = 0; i < ARRAY_SIZE(events); i++)
		if (arg & (1u << i))
			mask |= events[i];
	return mask;
}

static int dnotify_add(unsigned int fd, struct file *f, unsigned int arg)
{
	struct inode *inode = file_inode(f);
	struct fsnotify_mark_list *list = kmalloc(sizeof(*list), GFP_KERNEL);
	struct dnotify *fresh = kzalloc(sizeof(*fresh), GFP_KERNEL), *dn;

	if (!list || !fresh || !lock_context_make(inode)) {
		kfree(list);
		kfree(fresh);
		return -ENOMEM;
	}
	spin_lock(&inode->i_lock);
	dn = dnotify_find(inode, f, current->files);
	if (!dn) {
		dn = fresh;
		dn->mark.ops = &dnotify_ops;
		dn->file = f;
		dn->id = current->files;
		fsnotify_attach(&dn->mark, inode, &list);
		fresh = NULL;
	}
	dn->fd = fd;
	dn->multishot |= !!(arg & DN_MULTISHOT);
	dn->mark.mask |= event_mask(arg);
	fsnotify_update_mask(inode);
	spin_unlock(&inode->i_lock);
	kfree(list);
	kfree(fresh);
	return 0;
}

int fcntl_dirnotify(unsigned int fd, struct file *f, unsigned long arg)
{
	struct pid *self;
	int err;

	if (!dir_notify_enable)
		return -EINVAL;
	if (!((unsigned int)arg & ~DN_MULTISHOT)) {
		dnotify_flush(f, current->files);
		return 0;
	}
	if (!S_ISDIR(file_inode(f)->i_mode))
		return -ENOTDIR;
	self = get_task_pid(current, PIDTYPE_PID);
	fasync_default_owner(f, self, 0);
	put_pid(self);
	err = dnotify_add(fd, f, arg);
	if (!err && fd_was_closed(fd, f))
		dnotify_flush(f, current->files);
	return err;
}
