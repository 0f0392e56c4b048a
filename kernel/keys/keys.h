/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Keys: what credentials have to do with them.  A task that never asked for a keyring has cred->keys NULL, and
 * fork, exec and exit test that and no more.  struct cred_keys does not change: others share it.
 * Everything else of this room is behind its system calls; see README.md.
 */
#pragma once

#include <kernel/lib/refcount.h>
#include <kernel/lib/types.h>

struct cred;
struct key;

struct cred_keys {
	refcount_t	usage;			/* [a] */
	struct key	*thread, *process, *session;	/* [I] references, each may be NULL */
	int		default_ring;		/* [I] KEY_REQKEY_DEFL_*: where request_key() puts what it finds */
};

static inline struct cred_keys *get_cred_keys(struct cred_keys *keys)
{
	refcount_inc(&keys->usage);
	return keys;
}
void put_cred_keys(struct cred_keys *keys);	/* any context */

/* fork: a child's credentials, with two references or ERR_PTR: no keyring of the thread, nor of the process. */
const struct cred *keys_fork_creds(const struct cred *c, u64 clone_flags);
/* exec, and fork into a user namespace: of @new's keyrings only the session's is left. 0 or -ENOMEM. */
int keys_exec_creds(struct cred *new);
/* The keyring of the thread belongs to who it acts as. */
void keys_follow_fsids(const struct cred *new);

void keys_init(void);		/* boot: after /proc */
