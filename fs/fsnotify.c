// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hooks by which the VFS tells of what happens to files (<fs/vfs.h>), and the marks at inodes whose owners, inotify
 * and dnotify, want to know.  Interface and locking: fsnotify.h.
 */
#include <fs/fsnotify.h>

#include <fs/fasync.h>
#include <fs/internal.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>

atomic_t fsnotify_marks;			/* marks in the system */

/* ---- marks: [i] held ------------------------------------------------------------------------- */

void fsnotify_update_mask(struct inode *inode)
{
	struct fsnotify_mark *m;
	u32 mask = 0;

	if (inode->i_fsnotify_marks)
		list_for_each_entry(m, &inode->i_fsnotify_marks->marks, link)
			mask |= m->mask;
	WRITE_ONCE(inode->i_fsnotify_mask, mask & FS_EVENTS);
}

void fsnotify_attach(struct fsnotify_mark *mark, struct inode *inode, struct fsnotify_mark_list **list)
{
	if (!inode->i_fsnotify_marks) {
		INIT_LIST_HEAD(&(*list)->marks);
		inode->i_fsnotify_marks = *list;
		*list = NULL;
	}
	mark->inode = inode;
	list_add_tail(&mark->link, &inode->i_fsnotify_marks->marks);
	fsnotify_update_mask(inode);
	atomic_inc(&fsnotify_marks);
}

void fsnotify_detach(struct fsnotify_mark *mark)
{
	struct inode *inode = mark->inode;

	list_del_init(&mark->link);
	mark->inode = NULL;
	fsnotify_update_mask(inode);
	atomic_dec(&fsnotify_marks);
}

void fsnotify_trim(struct inode *inode)
{
	if (inode->i_fsnotify_marks && list_empty(&inode->i_fsnotify_marks->marks)) {
		kfree(inode->i_fsnotify_marks);
		inode->i_fsnotify_marks = NULL;
	}
}

/* ---- the hooks ------------------------------------------------------------------------------- */

static void send_signals(struct fsnotify_event *e)
{
	struct fsnotify_signal *s, *next;

	list_for_each_entry_safe(s, next, &e->signals, node) {
		send_sigio_to(&s->owner, s->fd, POLL_MSG);
		put_pid(s->owner.pid);
		kfree(s);
	}
}

static void notify(struct inode *inode, u32 mask, const char *name, u32 cookie, bool unlinked)
{
	struct fsnotify_event e = { .mask = mask, .cookie = cookie, .name = name, .unlinked = unlinked };
	struct fsnotify_mark *m, *next;

	if (!(FS_NOTIFY_QUICK(inode) & mask))
		return;
	INIT_LIST_HEAD(&e.signals);
	spin_lock(&inode->i_lock);
	if (inode->i_fsnotify_marks)
		list_for_each_entry_safe(m, next, &inode->i_fsnotify_marks->marks, link)
			if (m->mask & mask & FS_EVENTS)
				m->ops->event(m, &e);
	fsnotify_trim(inode);
	spin_unlock(&inode->i_lock);
	send_signals(&e);
}

void fsnotify_inode(struct inode *inode, u32 mask, const char *name, u32 cookie)
{
	if (!name && S_ISDIR(inode->i_mode) && !(mask & (IN_DELETE_SELF | IN_MOVE_SELF)))
		mask |= IN_ISDIR;
	notify(inode, mask, name, cookie, false);
}

/* What happens to a file is told to those who watch it, and with its name to those who watch its directory. */
void fsnotify_dentry(struct dentry *dentry, u32 mask, u32 cookie)
{
	struct inode *inode = d_inode(dentry);
	struct dentry *parent;

	if (!inode)
		return;
	if (S_ISDIR(inode->i_mode))
		mask |= IN_ISDIR;
	notify(inode, mask, NULL, cookie, false);
	parent = dget_parent(dentry);
	if (parent != dentry && d_inode(parent) && (FS_NOTIFY_QUICK(d_inode(parent)) & mask)) {
		char name[NAME_MAX + 1];

		spin_lock(&dentry->d_lock);
		strscpy(name, (const char *)dentry->d_name.name, sizeof(name));
		spin_unlock(&dentry->d_lock);
		notify(d_inode(parent), mask, name, cookie, d_unlinked(dentry));
	}
	dput(parent);
}

/* The inode is going: nobody has a reference any more. */
void fsnotify_inode_delete(struct inode *inode)
{
	struct fsnotify_mark *m;

	for (;;) {
		spin_lock(&inode->i_lock);
		m = inode->i_fsnotify_marks ?
			list_first_entry(&inode->i_fsnotify_marks->marks, struct fsnotify_mark, link) : NULL;
		if (m)
			m->ops->hold(m);
		spin_unlock(&inode->i_lock);
		if (!m)
			break;
		m->ops->remove(m);
	}
}
