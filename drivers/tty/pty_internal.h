/* SPDX-License-Identifier: GPL-2.0-only */
/* Between tty_core.c and pty.c. */
#pragma once

#include <drivers/tty/tty_driver.h>

int ptmx_open(struct inode *inode, struct file *file);
/* The slave that an open of a devpts node means, with a reference; ERR_PTR(-EIO). */
struct tty_struct *pty_find_slave(struct file *file);
/* No file has @tty open any more; no locks held. */
void pty_last_close(struct tty_struct *tty);
void pty_init(void);
