/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What inotify.c and dnotify.c have in common: marks at inodes, of which the hooks in fsnotify.c tell their owners.
 *
 * Locks: [i] i_lock of the mark's inode.
 */
#pragma once

#include <fs/vfs.h>

#define FS_RENAME_WITHIN	0x10000000	/* beside IN_*: a rename inside one directory, for dnotify */
#define FS_EVENTS		(IN_ALL_EVENTS | FS_RENAME_WITHIN)

struct fsnotify_mark {
	const struct fsnotify_ops *ops;		/* [I] */
	u32			mask;		/* [i] */
	struct inode		*inode;		/* [i] NULL: detached */
	struct list_head	link;		/* [i] in the inode's list */
};

struct fsnotify_mark_list {
	struct list_head	marks;		/* [i] by link */
};

struct fsnotify_event {
	u32			mask, cookie;
	const char		*name;		/* NULL: of the inode itself */
	bool			unlinked;	/* the name is gone */
	struct list_head	signals;	/* to be sent without locks: struct fsnotify_signal */
};

struct fsnotify_signal {
	struct list_head	node;
	struct fown_struct	owner;		/* reference to its pid */
	int			fd;
};

struct fsnotify_ops {
	/* [i] held: it wants some of e->mask. It may detach itself. */
	void (*event)(struct fsnotify_mark *mark, struct fsnotify_event *e);
	/* The inode goes. hold: [i] held, the mark is to stay for remove(), which detaches it. NULL: it cannot go. */
	void (*hold)(struct fsnotify_mark *mark);
	void (*remove)(struct fsnotify_mark *mark);
};

/* [i] held, after a mark's mask has changed. */
void fsnotify_update_mask(struct inode *inode);
/* [i] held. Uses *@list, which was allocated by the caller, and clears it, if @inode has none yet. */
void fsnotify_attach(struct fsnotify_mark *mark, struct inode *inode, struct fsnotify_mark_list **list);
/* [i] held: off its inode; and, but not inside event(): the list goes with the last mark. */
void fsnotify_detach(struct fsnotify_mark *mark);
void fsnotify_trim(struct inode *inode);

/* F_NOTIFY; and: the descriptor of table @id by which it was asked for goes. */
int fcntl_dirnotify(unsigned int fd, struct file *f, unsigned long arg);
void dnotify_flush(struct file *f, fl_owner_t id);
extern int dir_notify_enable;			/* fs.dir-notify-enable */
