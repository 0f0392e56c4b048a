/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Advisory locks: flock(2), POSIX record locks, open-file-description locks; for fcntl.c and
 * /proc/locks.
 *
 * What the user passes is taken in as a struct flock64 whatever the port; locks of processes belong
 * to their descriptor table, the others to the open file.
 */
#pragma once

#include <fs/vfs.h>

/* F_GETLK, F_OFD_GETLK: @fl becomes the lock in the way, or F_UNLCK. */
int fcntl_getlk(struct file *f, unsigned int cmd, struct flock64 *fl);
/* F_SETLK, F_SETLKW, F_OFD_SETLK, F_OFD_SETLKW. @fd: what @f was found by. */
int fcntl_setlk(unsigned int fd, struct file *f, unsigned int cmd, const struct flock64 *fl);
/* F_SETLEASE (@fd: what @f was found by), F_GETLEASE. */
int fcntl_setlease(unsigned int fd, struct file *f, unsigned long type);
int fcntl_getlease(struct file *f);
extern int leases_enable, lease_break_time;	/* fs.leases-enable, fs.lease-break-time */
int lease_break(struct inode *inode, unsigned int flags);
/* Before @inode is opened with @flags: 0, -EWOULDBLOCK with O_NONBLOCK, -ERESTARTSYS. It counts as open already. */
static inline int break_lease(struct inode *inode, unsigned int flags)
{
	return unlikely(READ_ONCE(inode->i_leased)) ? lease_break(inode, flags) : 0;
}
/* The contents of /proc/locks. */
void show_locks(struct seq_file *m);
