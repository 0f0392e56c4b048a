/* SPDX-License-Identifier: GPL-2.0-only */
/* User namespaces: whose capabilities count where. Locks: [I] immutable. */
#pragma once

#include <kernel/ns_common.h>

struct user_namespace {
	struct ns_common	ns;		/* its user_ns is the parent; NULL: the first one */
	int			level;		/* [I] */
	uid_t			owner;		/* [I] */
	gid_t			group;		/* [I] */
};
extern struct user_namespace init_user_ns;
extern const struct ns_operations userns_operations;

static inline struct user_namespace *to_user_ns(struct ns_common *ns)
{
	return container_of(ns, struct user_namespace, ns);
}
static inline struct user_namespace *get_user_ns(struct user_namespace *ns)
{
	if (ns != &init_user_ns)
		get_ns(&ns->ns);
	return ns;
}
static inline void put_user_ns(struct user_namespace *ns)
{
	if (ns != &init_user_ns)
		put_ns(&ns->ns);
}
/* The user namespace that @ns belongs to, with a reference, if it is current's own or below: ERR_PTR(-EPERM). */
struct ns_common *ns_get_owner(struct ns_common *ns);
