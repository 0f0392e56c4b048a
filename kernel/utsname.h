/* SPDX-License-Identifier: GPL-2.0-only */
/* The uts namespace: the names that uname(2) tells. */
#pragma once

#include <kernel/locking/rwsem.h>
#include <kernel/nsproxy.h>

struct uts_namespace {
	struct ns_common	ns;
	struct new_utsname	name;		/* uts_sem */
};
extern struct uts_namespace init_uts_ns;
extern struct rw_semaphore uts_sem;
extern const struct ns_operations utsns_operations;

static inline struct uts_namespace *to_uts_ns(struct ns_common *ns)
{
	return container_of(ns, struct uts_namespace, ns);
}
static inline struct uts_namespace *utsns(void)
{
	return to_uts_ns(current->nsproxy->ns[NS_UTS]);
}
