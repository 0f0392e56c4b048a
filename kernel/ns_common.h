/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What all namespaces have in common, and the operations that tell one kind from the other.
 *
 * A namespace embeds a struct ns_common.  ns_table[] (nsproxy.c) lists the kinds: clone, unshare, setns and
 * /proc/<pid>/ns all go through it.
 *
 * Locks:  [I] immutable   [a] atomic
 */
#pragma once

#include <kernel/lib/err.h>
#include <kernel/lib/refcount.h>
#include <kernel/ucounts.h>
#include <kernel/uapi.h>

struct cred;
struct fs_struct;
struct ns_common;
struct nsproxy;
struct task_struct;
struct user_namespace;

/* The numbers of the first namespaces, known to lsns and the like. The others follow NS_INUM_FIRST. */
#define NS_INUM_IPC	0xefffffffU
#define NS_INUM_UTS	0xeffffffeU
#define NS_INUM_USER	0xeffffffdU
#define NS_INUM_PID	0xeffffffcU
#define NS_INUM_CGROUP	0xeffffffbU
#define NS_INUM_TIME	0xeffffffaU
#define NS_INUM_NET	0xeffffff9U
#define NS_INUM_FIRST	0xf0000000U

/* What setns(2) is about to change: filled by install(), committed when all have agreed. */
struct nsset {
	unsigned long	flags;		/* CLONE_NEW* of all that change */
	struct nsproxy	*nsproxy;
	struct fs_struct *fs;		/* whose root and cwd move with the mount namespace */
	struct cred	*cred;		/* with CLONE_NEWUSER, else NULL */
};

struct ns_operations {
	const char	*name;		/* in /proc/<pid>/ns */
	const char	*shown;		/* there before the number; NULL: @name. Set: where the children will be */
	unsigned long	type;		/* CLONE_NEW* */
	int		slot;		/* in a nsproxy, -1: not there */
	enum ucount_kind ucount;	/* counted as */
	/* A reference to the one that @t is in; NULL: none (any more). Default: what is in the slot. */
	struct ns_common *(*get)(struct task_struct *t);
	/* A new one, owned by @user_ns; @fs: whose root and cwd go there. Default: @old is shared. ERR_PTR */
	struct ns_common *(*clone)(struct ns_common *old, struct user_namespace *user_ns, struct fs_struct *fs);
	void (*free)(struct ns_common *ns);	/* the last reference went; ends in ns_exit(). Any context. */
	/* Put @ns into @set, if current may. Default: ns_install(). 0 or -errno */
	int (*install)(struct nsset *set, struct ns_common *ns);
	/* Reference, ERR_PTR(-EPERM): not for current to see. Default: this kind has no parents. */
	struct ns_common *(*get_parent)(struct ns_common *ns);
};

struct ns_common {
	const struct ns_operations *ops;	/* [I] */
	struct user_namespace	*user_ns;	/* [I] whose capabilities count here; of a user namespace, its parent */
	struct ucounts		*ucounts;	/* [I] of its maker in @user_ns */
	unsigned int		inum;		/* [I] */
	refcount_t		count;		/* [a] */
};

extern const struct ns_operations *const ns_table[];
extern const unsigned int ns_table_size;

/* For clone(): one reference, a number of its own. 0, -ENOSPC (too many), -ENOMEM; ns_exit() undoes it. */
int __must_check ns_init(struct ns_common *ns, const struct ns_operations *ops, struct user_namespace *user_ns);
void ns_exit(struct ns_common *ns);
void ns_release(struct ns_common *ns);	/* the same without dropping its user_ns */
int ns_install(struct nsset *set, struct ns_common *ns);
/* Is current privileged in @ns, and in the user namespace that it will be in? */
bool ns_may_install(const struct nsset *set, const struct ns_common *ns);
/* The one of @t by @ops, with a reference, or NULL. */
struct ns_common *ns_of_task(const struct ns_operations *ops, struct task_struct *t);

static inline struct ns_common *get_ns(struct ns_common *ns)
{
	refcount_inc(&ns->count);
	return ns;
}
static inline void put_ns(struct ns_common *ns)
{
	if (refcount_dec_and_test(&ns->count))
		ns->ops->free(ns);
}
