/* SPDX-License-Identifier: GPL-2.0-only */
/* A task's root, working directory and umask. Locks: [l] fs->lock; [q] written under fs->lock and in seq, so
 * that a walk may read them in seq alone */
#pragma once

#include <fs/vfs.h>

struct fs_struct {
	int		users;		/* [l] */
	int		in_exec;	/* [l] clone(CLONE_FS) must wait: -EAGAIN */
	spinlock_t	lock;
	int		umask;		/* [l] */
	seqcount_t	seq;		/* [l] */
	struct path	root, pwd;	/* [q] */
};
extern struct fs_struct init_fs;
struct fs_struct *copy_fs_struct(struct fs_struct *old);	/* NULL: no memory */
void free_fs_struct(struct fs_struct *fs);
void exit_fs(struct task_struct *t);
void switch_fs_struct(struct fs_struct *new);		/* consumes @new */
void set_fs_root(struct fs_struct *fs, const struct path *path);
void set_fs_pwd(struct fs_struct *fs, const struct path *path);
void get_fs_root(struct fs_struct *fs, struct path *root);
void get_fs_pwd(struct fs_struct *fs, struct path *pwd);
void chroot_fs_refs(const struct path *old_root, const struct path *new_root);
static inline int current_umask(void) { return current->fs->umask; }
