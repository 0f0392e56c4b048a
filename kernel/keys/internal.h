/* SPDX-License-Identifier: GPL-2.0-only */
/* What the files of kernel/keys share. Locks: [k] keys_mutex, [a] atomic, [I] immutable. */
#pragma once

#include <kernel/cred.h>
#include <kernel/keys/keys.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/err.h>
#include <kernel/lib/list.h>
#include <kernel/lib/llist.h>
#include <kernel/lib/rbtree.h>
#include <kernel/locking/mutex.h>
#include <kernel/time/timekeeping.h>

#include <linux/keyctl.h>

#define KEY_MAX_DESC_SIZE	4096
#define KEY_MAX_PAYLOAD		(1024 * 1024 - 1)
#define KEY_LINK_QUOTA		4	/* bytes that a link costs the owner of the keyring */
#define KEYRING_MAX_DEPTH	6	/* keyrings in keyrings that a search enters */

/* Permissions, of which a key has four sets: possessor, user, group, others, from the top byte down. */
#define KEY_NEED_VIEW		0x01
#define KEY_NEED_READ		0x02
#define KEY_NEED_WRITE		0x04
#define KEY_NEED_SEARCH		0x08
#define KEY_NEED_LINK		0x10
#define KEY_NEED_SETATTR	0x20
#define KEY_NEED_ALL		0x3f
#define KEY_NEED_NOTHING	0
#define KEY_POS(perms)		((u32)(perms) << 24)
#define KEY_USR(perms)		((u32)(perms) << 16)
#define KEY_GRP(perms)		((u32)(perms) << 8)
#define KEY_ALL_SETS		(KEY_NEED_ALL * 0x01010101U)

struct key_user {
	struct list_head	list;		/* [k] by uid */
	uid_t			uid;		/* [I] */
	unsigned int		nkeys;		/* [k] keys that exist: it lives as long as it has one */
	unsigned int		qnkeys, qnbytes;	/* [k] of them in the quota */
};

struct key_type {
	const char	*name;
	/* NULL: any. 0 or -errno */
	int		(*check_description)(const char *desc);
	bool		readable, updatable;
};
extern const struct key_type key_type_keyring, key_type_user, key_type_logon;
const struct key_type *find_key_type(const char *name);	/* NULL: unknown */

struct key {
	refcount_t		usage;		/* [a] 0: key_gc_reap() frees it */
	struct llist_node	dead;		/* [a] then: in the list of those */
	s32			serial;		/* [I] */
	struct rb_node		node;		/* [k] by serial */
	const struct key_type	*type;		/* [I] */
	char			*desc;		/* [I] */
	u32			hash;		/* [I] of the description */
	uid_t			uid;		/* [k] */
	gid_t			gid;		/* [k] */
	u32			perm;		/* [k] */
	unsigned int		flags;		/* [k] KEY_FLAG_* */
	time64_t		expiry, revoked_at;	/* [k] seconds; 0: never */
	struct key_user		*user;		/* [k] whose quota it counts against */
	unsigned int		quotalen;	/* [k] bytes of it */
	unsigned int		datalen;	/* [k] */
	void			*data;		/* [k] kvmalloc'ed payload, NULL: none */
	struct key		**links;	/* [k] a keyring's: references */
	unsigned int		nr_links, max_links;	/* [k] */
};
#define KEY_FLAG_IN_QUOTA	0x01
#define KEY_FLAG_REVOKED	0x02
#define KEY_FLAG_INVALIDATED	0x04
#define KEY_FLAG_UID_KEYRING	0x08
#define KEY_FLAG_RESTRICTED	0x10	/* a keyring that takes no more links */

extern struct mutex keys_mutex;
void keys_lock(void);
void keys_unlock(void);		/* frees what nobody refers to any more */

static inline time64_t key_now(void)
{
	return ktime_get_real_seconds();
}

/* ---- key.c ------------------------------------------------------------------------------------- */
extern int key_maxkeys, key_maxbytes, key_root_maxkeys, key_root_maxbytes, key_gc_delay;
extern struct rb_root key_serials;	/* [k] */
extern struct list_head key_users;	/* [k] */

#define KEY_ALLOC_IN_QUOTA	0
#define KEY_ALLOC_OVERRUN	1	/* counts, but is not refused */
#define KEY_ALLOC_NO_QUOTA	2
struct key_attr {
	uid_t	uid;
	gid_t	gid;
	u32	perm;
	int	quota;		/* KEY_ALLOC_* */
};
/* All with keys_mutex held. A new key without payload; ERR_PTR: -EINVAL, -EDQUOT, -ENOMEM. */
struct key *key_alloc(const struct key_type *type, const char *desc, const struct key_attr *attr);
/* Payload: a kvmalloc'ed copy that the key takes over; -EDQUOT leaves it to the caller. */
int key_set_data(struct key *key, void *data, unsigned int len);
int key_reserve(struct key *key, unsigned int datalen);	/* its datalen for the quota: 0, -EDQUOT */
int key_change_owner(struct key *key, uid_t uid);	/* -EDQUOT, -ENOMEM */
void put_key_user(struct key_user *user);	/* one key less; frees it with the last */
void key_return_quota(struct key *key);
struct key *key_lookup(s32 serial);		/* with a reference, or NULL */
static inline struct key *key_get(struct key *key)
{
	refcount_inc(&key->usage);
	return key;
}
void key_put(struct key *key);			/* any context; NULL is fine */
int key_validate(const struct key *key);	/* 0, -ENOKEY, -EKEYREVOKED, -EKEYEXPIRED */
int key_permission(const struct key *key, bool possessed, unsigned int need);	/* current's: 0, -EACCES */
void key_revoke(struct key *key);
void key_invalidate(struct key *key);
void key_set_timeout(struct key *key, unsigned int seconds);
u32 key_hash(const char *desc);

/* ---- key_gc.c ---------------------------------------------------------------------------------- */
void key_gc_dead(struct key *key);		/* its count is 0; any context */
void key_gc_at(time64_t when);			/* dead keys lose their links then */
void key_gc_reap(void);				/* [k] */

/* ---- keyring.c --------------------------------------------------------------------------------- */
struct key *keyring_alloc(const char *desc, const struct key_attr *attr);
/* No reference. */
struct key *keyring_find(const struct key *ring, const struct key_type *type, const char *desc);
int key_link(struct key *ring, struct key *key);
/* The end of a search: links @key into @dest, if that is not NULL. Its number or an error; @key's reference is gone. */
long key_found(struct key *key, bool possessed, struct key *dest);
int key_unlink(struct key *ring, struct key *key);
int key_move(struct key *key, struct key *from, struct key *to, bool exclusive);
void keyring_clear(struct key *ring);
void keyring_drop_dead(struct key *ring, time64_t before);	/* links to keys that died before */
/* What a search looks for: a type and description, or one key itself. */
struct key_search {
	const struct key_type	*type;
	const char		*desc;
	u32			hash;
	const struct key	*exactly;	/* not NULL: this one, whatever its state */
};
/* A reference or ERR_PTR: -EAGAIN, -EACCES, -EKEYREVOKED, -EKEYEXPIRED. */
struct key *keyring_search(struct key *ring, bool possessed, const struct key_search *what);
/* Of a name, that current may search; -ENOKEY. */
struct key *find_keyring_by_name(const char *name);

/* ---- process_keys.c ---------------------------------------------------------------------------- */
/* A key as its finder sees it. */
struct key_ref {
	struct key	*key;
	bool		possessed;
};
#define KEY_LOOKUP_CREATE	1	/* make the keyring that a special id means */
#define KEY_LOOKUP_PARTIAL	2	/* dead ones, too, as far as the name goes */
#define KEY_LOOKUP_UNLINK	4	/* only its name is wanted: no checks */
#define KEY_LOOKUP_DEFER	8	/* the caller checks */
int lookup_user_key(s32 id, unsigned int flags, unsigned int need, struct key_ref *ref);
/* In the keyrings of current: a reference or ERR_PTR, -EAGAIN if none has it. */
struct key *search_process_keyrings(const struct key_search *what);
long join_session_keyring(const char *name);	/* NULL: a new one without a name */
int set_default_ring(int ring);
struct cred_keys *copy_cred_keys(const struct cred_keys *old);	/* NULL: no memory; @old may be NULL */
extern int persistent_keyring_expiry;		/* seconds */
struct key *persistent_keyring(uid_t uid);	/* persistent.c: a reference or ERR_PTR */

/* ---- add_key.c --------------------------------------------------------------------------------- */
/* Arguments, before keys_lock(). */
int key_type_from_user(char type[32], const char __user *utype);
/* kfree() it; ERR_PTR: -EFAULT, -EINVAL, -ENOMEM */
char *key_string_from_user(const char __user *ustring, size_t max);
void *key_payload_from_user(const void __user *upayload, size_t len);	/* kvfree(); NULL if @len is 0; ERR_PTR */

/* ---- keyctl_keyring.c -------------------------------------------------------------------------- */
long keyctl_get_keyring_id(s32 id, int create);
long keyctl_join_session(const char __user *uname);
long keyctl_clear(s32 ringid);
long keyctl_link(s32 id, s32 ringid);
long keyctl_unlink(s32 id, s32 ringid);
long keyctl_move(s32 id, s32 from_id, s32 to_id, unsigned int flags);
long keyctl_search(s32 ringid, const char __user *utype, const char __user *udesc, s32 destid);
long keyctl_restrict(s32 id, const char __user *utype, const char __user *urestriction);
long keyctl_get_persistent(uid_t uid, s32 destid);
long keyctl_session_to_parent(void);
long keyctl_set_reqkey_keyring(int ring);

