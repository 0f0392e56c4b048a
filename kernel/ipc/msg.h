/* SPDX-License-Identifier: GPL-2.0-only */
/* A System V message queue: shared by msg.c, which looks after queues, and msg_transfer.c, which passes messages. */
#pragma once

#include <kernel/ipc/internal.h>

struct msg_message {
	struct list_head	list;		/* [l] in queue->messages */
	long			type;		/* [I] */
	size_t			size;		/* [I] */
	char			text[];		/* [I] */
};

struct msg_queue {
	struct ipc_object	obj;		/* first; its lock is [l] below */
	time64_t		stime, rtime, ctime; /* [l] last send, receive, change */
	unsigned long		bytes, count;	/* [l] on the queue */
	unsigned long		max_bytes;	/* [l] */
	struct pid		*lspid, *lrpid;	/* [l] last sender, receiver */
	struct list_head	messages;	/* [l] oldest first */
	struct list_head	receivers;	/* [l] asleep, first come first served */
	struct list_head	senders;	/* [l] */
};

static inline struct msg_queue *msg_queue_of(struct ipc_object *obj)
{
	return container_of(obj, struct msg_queue, obj);
}
static inline struct ipc_ids *msg_ids(struct ipc_namespace *ns)
{
	return &ns->ids[IPC_MSG];
}

/* msg_transfer.c; the queue's lock is held. All receivers get @err (-EAGAIN: look again), senders look again. */
void msg_wake_all(struct msg_queue *q, int err);

/* msg.c: the commands of msgctl, as plain functions. */
int msg_stat(struct ipc_namespace *ns, int id, int cmd, struct msqid64_ds *ds);	/* IPC_STAT, MSG_STAT* */
int msg_info(struct ipc_namespace *ns, int cmd, struct msginfo *info);		/* IPC_INFO, MSG_INFO */
int msg_set(struct ipc_namespace *ns, int id, const struct msqid64_ds *ds);
int msg_remove(struct ipc_namespace *ns, int id);
long sys_msgctl(int id, int cmd, void __user *buf);	/* of the 32-bit ABI: with IPC_64 */
