/* SPDX-License-Identifier: GPL-2.0-only */
/* What other rooms need to know of epoll; eventpoll_release_file() is in <fs/poll.h>. */
#pragma once

#include <kernel/sched/wait.h>

struct file;

/* @wq is about to go while its file stays (signalfd): epoll items hooked into it are unhooked. */
void eventpoll_forget_queue(wait_queue_head_t *wq);
bool file_is_signalfd(const struct file *file);		/* fs/signalfd.c */
bool file_is_epoll(const struct file *file);
/* The @nth file that @epoll watches under the number @fd, to compare its address: no reference. EINVAL, ENOENT. */
struct file *eventpoll_target(struct file *epoll, int fd, unsigned long nth);
extern long max_user_watches;			/* fs.epoll.max_user_watches */
