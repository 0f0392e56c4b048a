/* SPDX-License-Identifier: GPL-2.0-only */
/* Between printk.c (the ring) and console.c (the output). */
#pragma once

#include <kernel/printk.h>

/* Let the consoles catch up, unless another CPU is at it: then that one goes on. Any context. */
void console_flush(void);
/* As kmsg_read(), open records too. */
int console_read_record(u64 seq, struct kmsg_record *rec);
/* "<6>[    1.234567] "; @syslog: with the "<6>". */
size_t kmsg_prefix(const struct kmsg_record *rec, char *buf, size_t size, bool syslog);
