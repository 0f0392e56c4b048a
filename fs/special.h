/* SPDX-License-Identifier: GPL-2.0-only */
/* Files that are not in any file system, and the file systems of devices: set up in one go. */
#pragma once

/* Boot, in a context that may sleep, after tmpfs is registered: pipes, sockets, epoll, inotify, devtmpfs,
 * devpts. */
void special_files_init(void);

void pipe_init(void);
void eventpoll_init(void);
void inotify_init(void);
/* fs.inotify.*: inotify.c */
extern int inotify_max_queued_events, inotify_max_user_instances, inotify_max_user_watches;
