/* SPDX-License-Identifier: GPL-2.0-only */
/* The seals of memfd_create(2): F_ADD_SEALS and F_GET_SEALS of fcntl(2). -EINVAL: not a file in memory. */
#pragma once

struct file;

long memfd_fcntl(struct file *f, unsigned int cmd, unsigned long arg);
