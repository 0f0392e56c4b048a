/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A POSIX message queue: shared by mqueue.c (the calls) and mqueue_fs.c (the file system that queues are in).
 *
 * Locks: [I] immutable  [l] the queue's lock
 */
#pragma once

#include <fs/vfs.h>
#include <kernel/ipc/namespace.h>
#include <kernel/lib/rbtree.h>
#include <kernel/sched/wait.h>

struct mm_struct;
struct netlink_note;
struct user_struct;

struct mq_message {
	struct rb_node		node;		/* [l] in queue->messages */
	unsigned int		priority;	/* [I] */
	size_t			size;		/* [I] */
	char			text[];		/* [I] */
};

struct mq_queue {
	struct inode		vfs;
	spinlock_t		lock;
	struct mq_attr		attr;		/* mq_curmsgs [l], the rest [I] */
	unsigned long		bytes;		/* [l] of all messages */
	struct rb_root_cached	messages;	/* [l] the next one first: by priority, then by age */
	struct list_head	senders;	/* [l] asleep: the most important first, then by age */
	struct list_head	receivers;	/* [l] ditto */
	struct wait_queue_head	poll_wait;
	struct sigevent		notify;		/* [l] with an owner: what it wants */
	struct pid		*notify_owner;	/* [l] reference: the process to tell of a message; NULL: nobody */
	struct netlink_note	*notify_note;	/* [l] for SIGEV_THREAD: what its socket is sent; or NULL */
	struct mm_struct	*notify_mm;	/* [l] its address space then, borrowed: after an exec it is not told */
	struct user_struct	*user;		/* [I] whom its size counts against, reference */
	unsigned long		charged;	/* [I] bytes */
};

static inline struct mq_queue *MQ_QUEUE(const struct inode *inode)
{
	return container_of((struct inode *)inode, struct mq_queue, vfs);
}

/* ---- mqueue_fs.c ---- */
void mqueue_fs_init(void);
/* The internal mount of the namespace, made when it is first needed: borrowed. ERR_PTR */
struct vfsmount *mq_namespace_mount(struct ipc_namespace *ns);
/* A queue called @dentry in the locked directory @dir; @attr NULL: the default sizes. */
int mqueue_create_attr(struct inode *dir, struct dentry *dentry, umode_t mode, const struct mq_attr *attr);
/* The open queue behind @file, or NULL. */
struct mq_queue *mq_of_file(const struct file *file);
/* Nobody is told any more. q->lock held, or nobody else knows it.  What is to be sent when it is dropped, or NULL. */
struct netlink_note *__must_check mq_drop_notification(struct mq_queue *q);
/* A system call used the queue: which of its times are now. */
void mq_touch(struct mq_queue *q, bool accessed, bool modified);
