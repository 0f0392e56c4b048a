/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct pid: an identity that outlives its task, with one number for each level of nested pid
 * namespaces.  A task, a thread group, a process group or a session bears it; the number is free again
 * when nobody does.
 *
 * Locks:  [I] immutable   [a] atomic   [t] tasklist_lock   [n] ns->lock (spinlock)
 * Order: tasklist_lock > ns->lock.
 */
#pragma once

#include <kernel/acct.h>
#include <kernel/lib/idr.h>
#include <kernel/lib/list.h>
#include <kernel/lib/refcount.h>
#include <kernel/locking/spinlock.h>
#include <kernel/ns_common.h>
#include <kernel/pid_types.h>
#include <kernel/sched/wait.h>

struct task_struct;
struct user_namespace;

#define PID_MAX_DEFAULT		32768
#define PID_MAX_LIMIT		(sizeof(long) > 4 ? 4 * 1024 * 1024 : PID_MAX_DEFAULT)
#define RESERVED_PIDS		300
#define MAX_PID_NS_LEVEL	32

struct pid_namespace {
	struct ns_common	ns;
	spinlock_t		lock;
	struct idr		idr;		/* [n] struct pid by number */
	int			last_pid;	/* [n] */
	unsigned int		pid_allocated;	/* [n]; PIDNS_ADDING set while forks are welcome */
	struct task_struct	*child_reaper;	/* [t] its init */
	unsigned int		level;		/* [I] 0: the first */
	struct pid_namespace	*parent;	/* [I] */
	int			reboot;		/* [t] signal for the parent's wait status */
	struct acct_file	acct;
};
#define PIDNS_ADDING	(1U << 31)
extern struct pid_namespace init_pid_ns;
extern int pid_max;

struct upid {
	int			nr;		/* [I] */
	struct pid_namespace	*ns;		/* [I] */
};
struct pid {
	refcount_t		count;		/* [a] */
	unsigned int		level;		/* [I] */
	struct hlist_head	tasks[PIDTYPE_MAX]; /* [t] */
	wait_queue_head_t	wait_pidfd;	/* poll() of a pidfd */
	u64			ino;		/* [I] pidfd inode number */
	struct upid		numbers[1];	/* [I] level + 1 of them */
};
extern struct pid init_struct_pid;

void pid_init(void);
struct pid *alloc_pid(struct pid_namespace *ns, const pid_t *set_tid, size_t set_tid_size);	/* ERR_PTR */
void free_pid(struct pid *pid);		/* numbers become free; drops a reference */
static inline struct pid *get_pid(struct pid *pid)
{
	if (pid)
		refcount_inc(&pid->count);
	return pid;
}
void put_pid(struct pid *pid);		/* NULL is fine */
struct pid *find_get_pid(int nr);	/* number in current's namespace; reference or NULL */
struct pid *find_get_pid_ns(int nr, struct pid_namespace *ns);
struct pid *find_ge_pid_ns(int nr, struct pid_namespace *ns);	/* next one >= nr, reference: readdir of /proc */
struct task_struct *pid_task(struct pid *pid, enum pid_type type);		/* [t] held, no reference */
struct task_struct *get_pid_task(struct pid *pid, enum pid_type type);		/* reference or NULL */
struct task_struct *find_get_task_by_vpid(pid_t nr);
struct task_struct *find_get_task_by_pid_ns(pid_t nr, struct pid_namespace *ns);
struct pid *get_task_pid(struct task_struct *t, enum pid_type type);
pid_t pid_nr_ns(const struct pid *pid, const struct pid_namespace *ns);	/* 0: not visible there */
pid_t pid_vnr(const struct pid *pid);
static inline pid_t pid_nr(const struct pid *pid)
{
	return pid ? pid->numbers[0].nr : 0;
}
static inline struct pid_namespace *ns_of_pid(const struct pid *pid)
{
	return pid ? pid->numbers[pid->level].ns : NULL;
}
static inline struct pid_namespace *task_active_pid_ns(const struct task_struct *t)
{
	return ns_of_pid(t->thread_pid);
}
static inline bool is_child_reaper(const struct pid *pid)
{
	return pid->numbers[pid->level].nr == 1;
}
void attach_pid(struct task_struct *t, enum pid_type type);	/* [t] held for write */
void detach_pid(struct task_struct *t, enum pid_type type);
void change_pid(struct task_struct *t, enum pid_type type, struct pid *pid);
void transfer_pid(struct task_struct *old, struct task_struct *new, enum pid_type type);
void exchange_tids(struct task_struct *a, struct task_struct *b);
struct pid *task_pid_type(const struct task_struct *t, enum pid_type type);	/* [t] or current */
pid_t task_pid_nr_type_ns(struct task_struct *t, enum pid_type type, struct pid_namespace *ns);
/* The same under [t], in current's namespace. */
static inline pid_t task_pid_nr_type_ns_locked(struct task_struct *t, enum pid_type type);
#define task_pid_vnr(t)		task_pid_nr_type_ns(t, PIDTYPE_PID, NULL)
#define task_tgid_vnr(t)	task_pid_nr_type_ns(t, PIDTYPE_TGID, NULL)
#define task_pgrp_vnr(t)	task_pid_nr_type_ns(t, PIDTYPE_PGID, NULL)
#define task_session_vnr(t)	task_pid_nr_type_ns(t, PIDTYPE_SID, NULL)
#define task_pgrp(t)		((t)->signal->pids[PIDTYPE_PGID])
#define task_session(t)		((t)->signal->pids[PIDTYPE_SID])
#define task_tgid(t)		((t)->signal->pids[PIDTYPE_TGID])
static inline bool is_global_init(const struct task_struct *t);

/* [t] held for write. getppid(2) finds the number ready: 147 -> 97 instructions on arm64, 132 -> 75 on arm. */
static inline void task_set_real_parent(struct task_struct *t, struct task_struct *parent);

#define do_each_pid_task(pid, type, t) \
	hlist_for_each_entry(t, &(pid)->tasks[type], pid_links[type])

/* kernel/pid_namespace.c */
extern const struct ns_operations pidns_operations, pidns_for_children_operations;
static inline struct pid_namespace *to_pid_ns(struct ns_common *ns)
{
	return container_of(ns, struct pid_namespace, ns);
}
static inline struct pid_namespace *get_pid_ns(struct pid_namespace *ns)
{
	if (ns != &init_pid_ns)
		get_ns(&ns->ns);
	return ns;
}
static inline void put_pid_ns(struct pid_namespace *ns)
{
	if (ns != &init_pid_ns)
		put_ns(&ns->ns);
}
struct pid_namespace *pid_ns_for_children(void);	/* of current's: borrowed */
bool pid_is_visible(const struct pid *pid);	/* has it a number in current's namespace? */
int reboot_pid_ns(struct pid_namespace *ns, unsigned int cmd);	/* returns only with -EINVAL */
void zap_pid_ns_processes(struct pid_namespace *ns);	/* its init is exiting */

/* pidfds: kernel/pidfd.c */
struct file;
int pidfd_create(struct pid *pid, unsigned int flags);
/* A reserved descriptor and its file, not yet installed. */
int pidfd_prepare(struct pid *pid, unsigned int flags, struct file **file);
struct pid *pidfd_pid(const struct file *file);		/* borrowed; ERR_PTR(-EBADF) */
struct pid *pidfd_get_pid(unsigned int fd, unsigned int *flags);	/* reference */
struct pid *pidfd_get_signalled(unsigned int fd);	/* of an open /proc/<pid>, too; reference */
struct task_struct *pidfd_get_task(unsigned int fd);	/* the leader, a reference; ERR_PTR(-EBADF, -ESRCH) */
void pidfd_notify_exit(struct task_struct *t);

#include <kernel/signal.h>
static inline pid_t task_pid_nr_type_ns_locked(struct task_struct *t, enum pid_type type)
{
	return pid_vnr(task_pid_type(t, type));
}
static inline void task_set_real_parent(struct task_struct *t, struct task_struct *parent)
{
	t->real_parent = parent;
	WRITE_ONCE(t->ppid, pid_nr_ns(task_tgid(parent), task_active_pid_ns(t)));
}
static inline bool is_global_init(const struct task_struct *t)
{
	return t->tgid == 1;
}
