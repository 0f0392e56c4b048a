/* SPDX-License-Identifier: GPL-2.0-only */
/* What fcntl.c has for fcntl32.c, which has the calls of 32-bit programs. */
#pragma once

#include <fs/file.h>

/* The file, unless it was opened with O_PATH and @cmd needs more than that. */
struct fd fcntl_fdget(unsigned int fd, unsigned int cmd);
/* All commands but those of record locks. */
long do_fcntl(unsigned int fd, struct file *f, unsigned int cmd, unsigned long arg);
/* The record-lock commands on a kernel copy; F_GETLK and F_OFD_GETLK change it. */
long fcntl_lock(unsigned int fd, struct file *f, unsigned int cmd, struct flock64 *fl);
/* The same in user memory, in the layout of struct flock64. */
long fcntl_lock64(unsigned int fd, struct file *f, unsigned int cmd, struct flock64 __user *ufl);
