/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * File capabilities: the attribute security.capability, which gives a program capabilities at exec.
 * S_FILE_CAPS in i_flags, under i_rwsem, says that an inode has the attribute, so that a write and an exec of one
 * without it cost a test of a bit. A file system that keeps attributes on a disk sets it when it reads an inode.
 */
#pragma once

#include <fs/vfs.h>

struct file_caps {
	u64	permitted, inheritable;
	bool	effective;
};

/* The caller's exec of @inode: 0, -ENODATA (none that count for him), -EINVAL (the attribute is nonsense). */
int file_caps_for_exec(struct inode *inode, struct file_caps *caps);

/*
 * setxattr and removexattr: may the caller, and is the value one? 0, -EINVAL, -EPERM. What the root of a lower
 * user namespace gives becomes version 3, made in *@v3.
 */
int file_caps_may_set(const struct inode *inode, const void **value, size_t *size, struct vfs_ns_cap_data *v3);
int file_caps_may_remove(const struct inode *inode);
/* getxattr: the value as the caller's user namespace sees it; its length or -errno. */
ssize_t file_caps_get(struct inode *inode, void *buf, size_t size);
/* The contents or the owner change: the capabilities go. i_rwsem is held for writing. */
int file_caps_kill(struct inode *inode);
