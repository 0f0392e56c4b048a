/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The IPC namespace: System V objects, POSIX message queues, and their limits.  Its last reference destroys
 * all objects.
 *
 * Locks: [T] ids->rwsem  [a] atomic  [w] single word, sysctl
 */
#pragma once

#include <kernel/lib/atomic.h>
#include <kernel/lib/idr.h>
#include <kernel/lib/rbtree.h>
#include <kernel/locking/rwsem.h>
#include <kernel/nsproxy.h>
#include <kernel/workqueue.h>

struct vfsmount;

/* The table of one kind. */
struct ipc_ids {
	struct rw_semaphore	rwsem;
	struct idr		objects;	/* [T] by index */
	struct rb_root		keys;		/* [T] */
	int			in_use;		/* [T] */
	int			seq;		/* [T] grows each time the indices go round */
	int			last_index;	/* [T] */
	int			next_id;	/* [T], sysctl: the id that the next object gets; -1: any */
};
enum { IPC_SEM, IPC_MSG, IPC_SHM, IPC_KINDS };

struct ipc_namespace {
	struct ns_common	ns;
	struct work_struct	free_work;	/* when the last reference went */
	struct ipc_ids		ids[IPC_KINDS];
	int			sem_ctls[4];	/* [w] most per set, in all, operations per call, sets */
	int			used_sems;	/* [T] */
	int			msg_ctlmax, msg_ctlmnb, msg_ctlmni; /* [w] bytes a message, bytes a queue, queues */
	atomic_long_t		msg_bytes, msg_count; /* [a] on all queues */
	unsigned long		shm_ctlmax, shm_ctlall; /* [w] bytes a segment; pages in all */
	unsigned long		shm_total;	/* [T] pages */
	int			shm_ctlmni;	/* [w] */
	int			shm_rmid_forced; /* [w] */
	struct vfsmount		*mq_mount;	/* mounts_lock of mqueue_fs.c; reference, NULL: not yet needed */
	int			mq_queues;	/* mq_lock of mqueue_fs.c */
	int			mq_queues_max;	/* [w] */
	int			mq_msg_max, mq_msg_default;	/* [w] messages a queue */
	int			mq_msgsize_max, mq_msgsize_default; /* [w] bytes a message */
};
#define sem_per_set	sem_ctls[0]
#define sem_in_all	sem_ctls[1]
#define sem_ops_max	sem_ctls[2]
#define sem_sets	sem_ctls[3]

extern struct ipc_namespace init_ipc_ns;
extern const struct ns_operations ipcns_operations;

static inline struct ipc_namespace *to_ipc_ns(struct ns_common *ns)
{
	return container_of(ns, struct ipc_namespace, ns);
}
static inline struct ipc_namespace *current_ipc_ns(void)
{
	return to_ipc_ns(current->nsproxy->ns[NS_IPC]);
}
