/* SPDX-License-Identifier: GPL-2.0-only */
/* Extended attributes kept in a list, which belongs to @inode: what inode_operations need. */
#pragma once

#include <fs/vfs.h>

ssize_t xattr_list_get(struct inode *inode, struct list_head *xattrs, const char *name, void *buf, size_t size);
int xattr_list_set(struct inode *inode, struct list_head *xattrs, const char *name, const void *val, size_t size,
		   int flags);
int xattr_list_remove(struct inode *inode, struct list_head *xattrs, const char *name);
ssize_t xattr_list_names(struct inode *inode, struct list_head *xattrs, char *buf, size_t size);
/* How long all values of user.* are together, and how many there are. */
size_t xattr_list_user_size(struct inode *inode, struct list_head *xattrs, unsigned int *count);
void xattr_list_free(struct list_head *xattrs);		/* nobody else sees them any more */
