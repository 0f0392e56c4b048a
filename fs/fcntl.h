/* SPDX-License-Identifier: GPL-2.0-only */
/* What fcntl.c has for fcntl32.c, which takes the wide record locks of 32-bit programs. */
#pragma once

#include <fs/file.h>

/* The file, unless it was opened with O_PATH and @cmd needs more than that. */
struct fd fcntl_fdget(unsigned int fd, unsigned int cmd);
/* All commands but those of record locks. */
long do_fcntl(unsigned int fd, struct file *f, unsigned int cmd, unsigned long arg);
/* Record locks in the layout of struct flock64. */
long fcntl_lock64(unsigned int fd, struct file *f, unsigned int cmd, struct flock64 __user *ufl);
