/* SPDX-License-Identifier: GPL-2.0-only */
/* The namespaces a task is in, shared by tasks that share all of them. Locks: [a] atomic, rest immutable. */
#pragma once

#include <kernel/lib/refcount.h>
#include <kernel/locking/rwsem.h>
#include <kernel/uapi.h>

struct fs_struct;
struct mnt_namespace;
struct pid_namespace;
struct task_struct;
struct user_namespace;

struct uts_namespace {
	refcount_t		count;		/* [a] */
	struct new_utsname	name;		/* uts_sem */
	struct user_namespace	*user_ns;
	u64			inum;
};
struct user_namespace {
	refcount_t		count;		/* [a] */
	struct user_namespace	*parent;	/* [I] */
	int			level;		/* [I] */
	uid_t			owner;		/* [I] */
	gid_t			group;		/* [I] */
	u64			inum;
};
struct nsproxy {
	refcount_t		count;		/* [a] */
	struct uts_namespace	*uts_ns;
	struct mnt_namespace	*mnt_ns;
	struct pid_namespace	*pid_ns_for_children;
};
extern struct nsproxy init_nsproxy;
extern struct uts_namespace init_uts_ns;
extern struct user_namespace init_user_ns;
extern struct rw_semaphore uts_sem;

int copy_namespaces(unsigned long flags, struct task_struct *child);
void exit_task_namespaces(struct task_struct *t);
void put_nsproxy(struct nsproxy *ns);
static inline struct uts_namespace *utsns(void);

#include <kernel/sched/sched.h>
static inline struct uts_namespace *utsns(void)
{
	return current->nsproxy->uts_ns;
}
