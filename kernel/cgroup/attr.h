/* SPDX-License-Identifier: GPL-2.0-only */
/* What was changed of the files of a group, for fs.c: attr.c. */
#pragma once

#include <fs/vfs.h>
#include <kernel/cgroup/internal.h>

/* Mode and owner of a fresh inode: as they were set, or @mode and the group's maker. */
void cgroup_attr_apply(struct inode *inode, struct cgroup *c, umode_t mode);
/* [m]: may current, as generic_permission() says, do @mask with the file @ino of @c? @mode: unless it was changed. */
int cgroup_attr_permission(struct cgroup *c, unsigned int ino, umode_t mode, int mask);
int cgroup_setattr(struct dentry *dentry, struct iattr *attr);
ssize_t cgroup_getxattr(struct inode *inode, const char *name, void *buf, size_t size);
int cgroup_setxattr(struct inode *inode, const char *name, const void *val, size_t size, int flags);
int cgroup_removexattr(struct inode *inode, const char *name);
ssize_t cgroup_listxattr(struct dentry *dentry, char *buf, size_t size);
#define CGROUP_XATTR_OPS			\
	.getxattr	= cgroup_getxattr,	\
	.setxattr	= cgroup_setxattr,	\
	.removexattr	= cgroup_removexattr,	\
	.listxattr	= cgroup_listxattr
