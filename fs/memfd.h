/* SPDX-License-Identifier: GPL-2.0-only */
/* The seals of memfd_create(2), for fcntl(2). */
#pragma once

struct file;

/* F_ADD_SEALS, F_GET_SEALS. -EINVAL: not a file in memory. */
long memfd_fcntl(struct file *f, unsigned int cmd, unsigned long arg);
