/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel command line: words "key=value" or "key", separated by white space; a value may be
 * quoted with ".  '-' and '_' are the same in keys.  Everything after "--" belongs to init.
 * The last of several equal keys counts.
 *
 * cmdline_init() runs once, early, on one CPU (no allocation); everything after is read-only.
 */
#pragma once

#include <kernel/lib/types.h>

#define COMMAND_LINE_SIZE	2048

void cmdline_init(const char *line);
/* What was given, for /proc/cmdline. */
const char *cmdline_raw(void);
/* The value of "key=value", "" for a bare "key", or NULL. */
const char *cmdline_get(const char *key);
/* Copies the value; its length, -ENOENT, or -E2BIG (cut off). */
int cmdline_find(const char *key, char *buf, size_t size);
/* Bare key or a true value: true; absent: false. */
bool cmdline_bool(const char *key);
/* A number with optional K, M, G; `missing` if absent or malformed. */
unsigned long long cmdline_number(const char *key, unsigned long long missing);
/* Words in order, for what is passed on to init: i-th word ("key" and value apart) or NULL. */
const char *cmdline_word(unsigned int i, const char **value);
/* i-th word after "--", or NULL. */
const char *cmdline_init_arg(unsigned int i);
