/* SPDX-License-Identifier: GPL-2.0-only */
/* File systems without names: pipes and sockets get their inodes from one of these; nobody can mount them. */
#pragma once

#include <fs/vfs.h>

struct pseudo_fs {
	struct file_system_type	type;		/* .name given; the rest is filled in */
	unsigned long		magic;
	const struct super_operations *s_op;	/* NULL: defaults */
	const struct dentry_operations *d_op;
	struct vfsmount		*mnt;		/* set by pseudo_fs_mount() */
};

void pseudo_fs_mount(struct pseudo_fs *fs);	/* boot: cannot fail */
/* A fresh inode: number, current's owner, times, no links into any tree. NULL: no memory. */
struct inode *pseudo_inode(struct pseudo_fs *fs, umode_t mode);
/* "kind:[ino]": the d_dname of such files. */
char *pseudo_dname(const char *kind, struct dentry *dentry, char *buf, int len);
