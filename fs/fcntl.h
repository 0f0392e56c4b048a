/* SPDX-License-Identifier: GPL-2.0-only */
/* fcntl(2) for its two entry points: fcntl.c, and fcntl32.c with the wide locks of 32-bit programs. */
#pragma once

#include <fs/file.h>

/* The file, unless it was opened with O_PATH and @cmd needs more than that. */
struct fd fcntl_fdget(unsigned int fd, unsigned int cmd);
/* All commands but those of record locks. */
long do_fcntl(unsigned int fd, struct file *f, unsigned int cmd, unsigned long arg);
/* Record locks in the layout of struct flock64. */
long fcntl_lock64(unsigned int fd, struct file *f, unsigned int cmd, struct flock64 __user *ufl);
