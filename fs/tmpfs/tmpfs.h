/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tmpfs: files whose pages and names live in memory only.  The root file system is one.
 *
 * Locks: [I] immutable  [a] atomic  [i] inode->i_lock  [r] inode->i_rwsem  [s] sb->s_umount
 */
#pragma once

#include <fs/vfs.h>
#include <mm/shmem.h>

struct fs_context;
struct fs_parameter;

/* What a mount asks for. In a context: no locks. */
struct tmpfs_options {
	unsigned int		seen;		/* TMPFS_SEEN_*: what was asked for */
	unsigned long		max_pages, max_inodes; /* 0: no limit */
	umode_t			mode;		/* of the root, as are uid and gid */
	uid_t			uid;
	gid_t			gid;
	int			huge;		/* a hint, which is kept and shown */
	bool			inode64;	/* the same */
};
#define TMPFS_SEEN_BLOCKS	1
#define TMPFS_SEEN_INODES	2
#define TMPFS_SEEN_HUGE		4
#define TMPFS_SEEN_INUMS	8

struct tmpfs_sb {
	struct shmem_limits	limits;
	unsigned long		max_inodes;	/* [s] 0: no limit */
	atomic_long_t		used_inodes;	/* [a] */
	umode_t			mode;		/* [I] of the root */
	uid_t			uid;		/* [I] */
	gid_t			gid;		/* [I] */
	int			huge;		/* [s] */
	bool			inode64;	/* [s] */
};

struct tmpfs_inode {
	struct inode		vfs;
	struct list_head	xattrs;		/* [i] see fs/xattr_list.h */
};

static inline struct tmpfs_inode *TMPFS_I(const struct inode *inode)
{
	return container_of((struct inode *)inode, struct tmpfs_inode, vfs);
}
static inline struct tmpfs_sb *TMPFS_SB(const struct super_block *sb)
{
	return sb->s_fs_info;
}

extern struct file_system_type tmpfs_fs_type, ramfs_fs_type, rootfs_fs_type;
extern const struct file_operations tmpfs_file_operations;

void tmpfs_init(void);		/* caches, types, the internal mount */
/* A new inode, not in any directory; NULL: no memory or no inodes left. */
struct inode *tmpfs_get_inode(struct super_block *sb, const struct inode *dir, umode_t mode, dev_t dev);

/* xattr.c */
ssize_t tmpfs_getxattr(struct inode *inode, const char *name, void *buf, size_t size);
int tmpfs_setxattr(struct inode *inode, const char *name, const void *val, size_t size, int flags);
int tmpfs_removexattr(struct inode *inode, const char *name);
ssize_t tmpfs_listxattr(struct dentry *dentry, char *buf, size_t size);
void tmpfs_free_xattrs(struct inode *inode);

/* tmpfs.c, for the super block */
struct inode *tmpfs_alloc_inode(struct super_block *sb);
void tmpfs_free_inode(struct inode *inode);
void tmpfs_evict_inode(struct inode *inode);

/* super.c: what devtmpfs is made of */
int tmpfs_init_fs_context(struct fs_context *fc);
int tmpfs_get_limited_tree(struct fs_context *fc);	/* the kernel mounts it, but users will be in it */
int tmpfs_reconfigure(struct fs_context *fc);
void tmpfs_free_fc(struct fs_context *fc);

/* options.c */
int tmpfs_parse_param(struct fs_context *fc, struct fs_parameter *param);
int tmpfs_show_options(struct seq_file *m, struct dentry *root);
unsigned long tmpfs_default_pages(void);
unsigned long tmpfs_default_inodes(void);
