/* SPDX-License-Identifier: GPL-2.0-only */
/* How poll, select and epoll hook into what files wait on. */
#pragma once

#include <fs/vfs.h>
#include <kernel/sched/wait.h>

typedef struct poll_table_struct {
	void (*qproc)(struct file *, wait_queue_head_t *, struct poll_table_struct *);	/* NULL: only ask */
	__poll_t key;
} poll_table;

static inline void poll_wait(struct file *file, wait_queue_head_t *wq, poll_table *p)
{
	if (p && p->qproc && wq)
		p->qproc(file, wq, p);
}
__poll_t vfs_poll(struct file *file, poll_table *p);	/* default: readable and writable */
void eventpoll_release_file(struct file *file);		/* from the last fput */
