/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How many namespaces of each kind a user has in a user namespace; /proc/sys/user limits them.  One counts for its
 * maker there, and for the makers of all user namespaces around it.
 */
#pragma once

#include <kernel/lib/types.h>

struct ucounts;
struct user_namespace;

enum ucount_kind {
	UCOUNT_USER,
	UCOUNT_PID,
	UCOUNT_UTS,
	UCOUNT_IPC,
	UCOUNT_NET,
	UCOUNT_MNT,
	UCOUNT_CGROUP,
	UCOUNT_TIME,
	UCOUNT_KINDS,
};

/* NULL: one of the limits is reached, or no memory. */
struct ucounts *inc_ucount(struct user_namespace *ns, uid_t kuid, enum ucount_kind kind);
void dec_ucount(struct ucounts *uc, enum ucount_kind kind);	/* any context; before its namespace is put */
void ucounts_init(void);
