/* SPDX-License-Identifier: GPL-2.0-only */
/* User-mode helpers: programs that the kernel starts. See umh.c. */
#pragma once

/*
 * Start the program argv[0] as root, with an empty environment. @prepare, which may be NULL, runs in the new
 * process before its exec: it gives it descriptors and limits. May sleep; returns when the program has been
 * started, or could not be: 0 or -errno. Nobody waits for its end.
 */
int usermodehelper_start(const char *const *argv, int (*prepare)(void *data), void *data);
