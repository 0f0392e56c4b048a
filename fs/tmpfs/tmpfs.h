/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tmpfs: files whose pages and names live in memory only.  The root file system is one.
 *
 * Locks: [I] immutable  [a] atomic  [i] inode->i_lock  [r] inode->i_rwsem  [s] sb->s_umount
 */
#pragma once

#include <fs/vfs.h>
#include <mm/shmem.h>

struct tmpfs_sb {
	struct shmem_limits	limits;
	unsigned long		max_inodes;	/* [s] 0: no limit */
	atomic_long_t		used_inodes;	/* [a] */
	umode_t			mode;		/* [s] of the root */
	uid_t			uid;		/* [s] */
	gid_t			gid;		/* [s] */
};

struct tmpfs_inode {
	struct inode		vfs;
	struct list_head	xattrs;		/* [i] of struct tmpfs_xattr */
	unsigned int		seals;		/* [r] F_SEAL_* */
};

static inline struct tmpfs_inode *TMPFS_I(const struct inode *inode)
{
	return container_of((struct inode *)inode, struct tmpfs_inode, vfs);
}
static inline struct tmpfs_sb *TMPFS_SB(const struct super_block *sb)
{
	return sb->s_fs_info;
}

extern struct file_system_type rootfs_fs_type;
extern const struct file_operations tmpfs_file_operations;

void tmpfs_init(void);		/* caches, types, the internal mount */
/* A new inode, not in any directory; NULL: no memory or no inodes left. */
struct inode *tmpfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode, dev_t dev);
/* Seals of a memfd: -EINVAL if @inode cannot have any. */
int tmpfs_get_seals(struct inode *inode);
int tmpfs_add_seals(struct file *f, unsigned int seals);
bool is_tmpfs_file(const struct inode *inode);

/* xattr.c */
ssize_t tmpfs_getxattr(struct inode *inode, const char *name, void *buf, size_t size);
int tmpfs_setxattr(struct inode *inode, const char *name, const void *val, size_t size, int flags);
int tmpfs_removexattr(struct inode *inode, const char *name);
ssize_t tmpfs_listxattr(struct dentry *dentry, char *buf, size_t size);
void tmpfs_free_xattrs(struct inode *inode);

/* options.c */
int tmpfs_parse_options(struct tmpfs_sb *info, char *options);	/* -EINVAL */
int tmpfs_show_options(struct seq_file *m, struct dentry *root);
void tmpfs_default_limits(struct tmpfs_sb *info);
