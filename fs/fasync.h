/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * O_ASYNC: who wants SIGIO when something happens to a file.  An object that can be polled has a
 * fasync_queue; its ->fasync is fasync_update(), and where it wakes its pollers it calls
 * kill_fasync().
 *
 * Locks: [q] queue->lock, a mutex inside that of the object: not for interrupts.
 */
#pragma once

#include <fs/vfs.h>

struct fasync_queue {
	struct mutex		lock;
	struct list_head	entries;	/* [q] */
};
static inline void fasync_queue_init(struct fasync_queue *q)
{
	mutex_init(&q->lock);
	INIT_LIST_HEAD(&q->entries);
}
/* Body of ->fasync: puts @f on the queue or takes it off. 0 or 1 (changed), -ENOMEM. */
int fasync_update(int fd, struct file *f, int on, struct fasync_queue *q);
/* @band: POLL_IN, POLL_OUT... as in siginfo. */
void __kill_fasync(struct fasync_queue *q, int band);
static inline void kill_fasync(struct fasync_queue *q, int band)
{
	if (unlikely(!list_empty(&q->entries)))
		__kill_fasync(q, band);
}
/* The owner of @f, with a reference to its pid, which may be NULL; and: it gets its signal. */
struct fown_struct fasync_owner(struct file *f);
void send_sigio_to(const struct fown_struct *own, int fd, int band);
/* f_lock held: current makes @pid the owner, whose reference is the file's now. Returns the old one, to be put. */
struct pid *fasync_set_owner(struct file *f, struct pid *pid, int pid_type);
/* For what signals through the file itself: @pid's process owns it unless somebody does, and its f_flags get @flag;
 * and: nobody owns it. */
void fasync_default_owner(struct file *f, struct pid *pid, unsigned int flag);
void fasync_forget_owner(struct file *f);
/* The owner of @f (F_SETOWN) gets its signal. */
void send_sigio(struct file *f, int fd, int band);
static inline void send_sigurg(struct file *f)
{
	send_sigio(f, 0, 0);		/* SIGURG; what else @f is notified of has a band */
}
