// SPDX-License-Identifier: GPL-2.0-only
/* Extended attributes of tmpfs: a list in the inode. Locking: see fs/xattr_list.c. */
#include <fs/tmpfs/tmpfs.h>

#include <fs/xattr_list.h>

ssize_t tmpfs_getxattr(struct inode *inode, const char *name, void *buf, size_t size)
{
	return xattr_list_get(inode, &TMPFS_I(inode)->xattrs, name, buf, size);
}

int tmpfs_setxattr(struct inode *inode, const char *name, const void *val, size_t size, int flags)
{
	return xattr_list_set(inode, &TMPFS_I(inode)->xattrs, name, val, size, flags);
}

int tmpfs_removexattr(struct inode *inode, const char *name)
{
	return xattr_list_remove(inode, &TMPFS_I(inode)->xattrs, name);
}

ssize_t tmpfs_listxattr(struct dentry *dentry, char *buf, size_t size)
{
	struct inode *inode = d_inode(dentry);

	return xattr_list_names(inode, &TMPFS_I(inode)->xattrs, buf, size);
}

void tmpfs_free_xattrs(struct inode *inode)
{
	xattr_list_free(&TMPFS_I(inode)->xattrs);
}
