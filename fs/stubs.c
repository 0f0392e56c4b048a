// SPDX-License-Identifier: GPL-2.0-only
/*
 * What inotify.c, eventpoll.c, pipe.c and the block layer define, for kernels built without them: nobody watches,
 * and FIFOs and block devices cannot be opened (-ENXIO).  Weak: the real ones take precedence.
 */
#include <fs/internal.h>

#include <fs/poll.h>

__weak atomic_t fsnotify_marks;

__weak void fsnotify_inode(struct inode *inode, u32 mask, const char *name, u32 cookie)
{
}

__weak void fsnotify_dentry(struct dentry *dentry, u32 mask, u32 cookie)
{
}

__weak void fsnotify_inode_delete(struct inode *inode)
{
}

__weak void eventpoll_release_file(struct file *file)
{
}

static int no_device(struct inode *inode, struct file *f)
{
	return -ENXIO;
}

__weak const struct file_operations pipefifo_fops = { .open = no_device };
__weak const struct file_operations def_blk_fops = { .open = no_device };
