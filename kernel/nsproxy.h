/* SPDX-License-Identifier: GPL-2.0-only */
/* The namespaces a task is in, shared by tasks that share all of them. Locks: [a] atomic, rest immutable. */
#pragma once

#include <kernel/ns_common.h>
#include <kernel/sched/sched.h>

/* All that clone and unshare can be asked for. */
#define CLONE_NEW_ALL	(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWPID | CLONE_NEWCGROUP | \
			 CLONE_NEWNET | CLONE_NEWTIME)

/* A new kind of namespace: a slot here, and its operations in ns_table[] of nsproxy.c. */
enum ns_slot {
	NS_MNT,
	NS_UTS,
	NS_IPC,
	NS_PID_FOR_CHILDREN,
	NS_CGROUP,
	NS_NET,
	NS_TIME,
	NS_TIME_FOR_CHILDREN,
	NS_SLOTS,
};

struct nsproxy {
	refcount_t		count;		/* [a] */
	struct ns_common	*ns[NS_SLOTS];	/* references */
};
extern struct nsproxy init_nsproxy;
extern const struct ns_operations mntns_operations;	/* fs/namespace.c */

/* New ones where @flags say so, owned by @user_ns; @fs is whose root and cwd move. ERR_PTR. */
struct nsproxy *create_nsproxy(unsigned long flags, struct user_namespace *user_ns, struct fs_struct *fs);
int copy_namespaces(unsigned long flags, struct task_struct *child);
void switch_nsproxy(struct task_struct *t, struct nsproxy *new);	/* consumes @new */
void exit_task_namespaces(struct task_struct *t);
void put_nsproxy(struct nsproxy *ns);
