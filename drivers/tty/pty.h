/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Pseudo terminals: the agreement between the pty driver and the devpts file system.
 *
 * devpts owns the numbers and the slave nodes of each instance (mount), the pty driver the
 * terminals.  An open of a ptmx node makes a pair: the driver asks devpts for a number and a
 * node, and gives the node its slave terminal as private data.  The number is free again when
 * both sides are closed.
 *
 * Both sides may sleep in all of these.
 */
#pragma once

#include <fs/vfs.h>

struct pts_fs_info;		/* one instance of devpts: private to it */
struct tty_struct;

#define PTMX_DEV	MKDEV(5, 2)		/* /dev/ptmx, and ptmx in each instance */
/* Slaves are UNIX98_PTY_SLAVE_MAJOR (136) : number in their instance. */
#define UNIX98_PTY_MAX	(1 << 20)

/* ---- devpts provides (fs/devpts/) ---------------------------------------------------------- */
struct devpts_ops {
	/* The instance that this open of a ptmx node (in devpts, or /dev/ptmx beside pts/) means,
	 * held. ERR_PTR(-ENODEV). */
	struct pts_fs_info *(*acquire)(struct file *ptmx);
	void (*put)(struct pts_fs_info *fsi);
	int (*new_index)(struct pts_fs_info *fsi);		/* number or -ENOSPC, -ENOMEM */
	void (*kill_index)(struct pts_fs_info *fsi, int index);
	/* Make node "index" (136:index, owner current's fsuid, mode and gid of the mount options)
	 * with dentry->d_fsdata = @slave. Dentry with a reference, or ERR_PTR. */
	struct dentry *(*new_node)(struct pts_fs_info *fsi, int index, void *slave);
	/* Unlink it and forget d_fsdata; drops the reference. */
	void (*kill_node)(struct dentry *dentry);
	/* Is this dentry a node that new_node() made? Its private data (still in use), or NULL. */
	void *(*get_private)(struct dentry *dentry);
	/* TIOCGPTPEER: the mount through which @ptmx's slaves are reached, with a reference;
	 * ERR_PTR. */
	struct vfsmount *(*mount)(struct file *ptmx, struct pts_fs_info *fsi);
};
/* Once, when devpts is registered as a file system. Without it ptmx opens give -ENODEV. */
void pty_set_devpts(const struct devpts_ops *ops);

/* ---- the pty driver provides --------------------------------------------------------------- */
/* fops of 5:2; registered with register_chrdev() by pty_init(). */
extern const struct file_operations ptmx_fops;
