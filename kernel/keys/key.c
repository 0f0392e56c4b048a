// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys: making them, their numbers, quotas, permissions, and their death.  Interface: kernel/keys/internal.h.
 *
 * A key that nobody refers to any more stays in the tree with a count of 0 until key_gc_reap() finds it: the
 * last reference may go in any context, with a task's credentials.
 *
 * Locking: keys_mutex.
 */
#include <kernel/keys/internal.h>

#include <kernel/lib/hash.h>
#include <kernel/lib/string.h>
#include <kernel/random.h>
#include <mm/mm.h>
#include <mm/slab.h>

int key_maxkeys = 200, key_maxbytes = 20000, key_root_maxkeys = 1000000, key_root_maxbytes = 25000000;

DEFINE_MUTEX(keys_mutex);
struct rb_root key_serials = RB_ROOT;
LIST_HEAD(key_users);

void keys_lock(void)
{
	mutex_lock(&keys_mutex);
}

void keys_unlock(void)
{
	key_gc_reap();
	mutex_unlock(&keys_mutex);
}

/* ---- users and their quotas -------------------------------------------------------------------- */

/* With one key more, which the caller makes or brings. */
static struct key_user *get_key_user(uid_t uid)
{
	struct key_user *u, *new;

	list_for_each_entry(u, &key_users, list) {
		if (u->uid == uid) {
			u->nkeys++;
			return u;
		}
		if (u->uid > uid)
			break;
	}
	new = kzalloc(sizeof(*new), GFP_KERNEL);
	if (new) {
		new->uid = uid;
		new->nkeys = 1;
		list_add_tail(&new->list, &u->list);
	}
	return new;
}

void put_key_user(struct key_user *user)
{
	if (--user->nkeys)
		return;
	list_del(&user->list);
	kfree(user);
}

static bool quota_allows(const struct key_user *u, unsigned int more_keys, unsigned int more_bytes)
{
	unsigned int maxkeys = u->uid ? key_maxkeys : key_root_maxkeys;
	unsigned int maxbytes = u->uid ? key_maxbytes : key_root_maxbytes;

	return u->qnkeys + more_keys <= maxkeys && u->qnbytes + more_bytes <= maxbytes &&
	       u->qnbytes + more_bytes >= u->qnbytes;
}

static int quota_take(struct key_user *u, unsigned int keys, unsigned int bytes, bool overrun)
{
	if (!overrun && !quota_allows(u, keys, bytes))
		return -EDQUOT;
	u->qnkeys += keys;
	u->qnbytes += bytes;
	return 0;
}

static void quota_give(struct key_user *u, unsigned int keys, unsigned int bytes)
{
	u->qnkeys -= keys;
	u->qnbytes -= bytes;
}

int key_reserve(struct key *key, unsigned int datalen)
{
	int delta = (int)datalen - (int)key->datalen, err = 0;

	if (key->flags & KEY_FLAG_IN_QUOTA) {
		if (delta > 0)
			err = quota_take(key->user, 0, delta, false);
		else
			quota_give(key->user, 0, -delta);
	}
	if (!err) {
		key->quotalen += delta;
		key->datalen = datalen;
	}
	return err;
}

int key_change_owner(struct key *key, uid_t uid)
{
	struct key_user *to = get_key_user(uid);

	if (!to)
		return -ENOMEM;
	if (key->flags & KEY_FLAG_IN_QUOTA) {
		if (quota_take(to, 1, key->quotalen, false)) {
			put_key_user(to);
			return -EDQUOT;
		}
		quota_give(key->user, 1, key->quotalen);
	}
	put_key_user(key->user);
	key->user = to;
	key->uid = uid;
	return 0;
}

void key_return_quota(struct key *key)
{
	if (key->flags & KEY_FLAG_IN_QUOTA)
		quota_give(key->user, 1, key->quotalen);
}

/* ---- making ------------------------------------------------------------------------------------ */

u32 key_hash(const char *desc)
{
	return jhash(desc, strlen(desc), 0);
}

/* A free number; the tree takes the key in. */
static void assign_serial(struct key *key)
{
	struct rb_node **link, *parent;

again:
	key->serial = get_random_u32() >> 1;
	if (key->serial < 3)
		goto again;
	link = &key_serials.rb_node;
	parent = NULL;
	while (*link) {
		struct key *other = rb_entry(*link, struct key, node);

		parent = *link;
		if (key->serial == other->serial)
			goto again;
		link = key->serial < other->serial ? &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&key->node, parent, link);
	rb_insert_color(&key->node, &key_serials);
}

struct key *key_alloc(const struct key_type *type, const char *desc, const struct key_attr *attr)
{
	struct key_user *user;
	struct key *key;
	int err = -EINVAL;

	ASSERT(mutex_is_locked(&keys_mutex));
	if (!*desc)
		return ERR_PTR(-EINVAL);
	if (type->check_description) {
		err = type->check_description(desc);
		if (err)
			return ERR_PTR(err);
	}
	key = kzalloc(sizeof(*key), GFP_KERNEL);
	if (!key)
		return ERR_PTR(-ENOMEM);
	err = -ENOMEM;
	key->desc = kstrdup(desc, GFP_KERNEL);
	if (!key->desc)
		goto free;
	user = get_key_user(attr->uid);
	if (!user)
		goto free;
	key->quotalen = strlen(desc) + 1;
	if (attr->quota != KEY_ALLOC_NO_QUOTA) {
		err = quota_take(user, 1, key->quotalen, attr->quota == KEY_ALLOC_OVERRUN);
		if (err)
			goto put_user;
		key->flags = KEY_FLAG_IN_QUOTA;
	}
	refcount_set(&key->usage, 1);
	key->type = type;
	key->hash = key_hash(desc);
	key->uid = attr->uid;
	key->gid = attr->gid;
	key->perm = attr->perm;
	key->user = user;
	assign_serial(key);
	return key;
put_user:
	put_key_user(user);
free:
	kfree(key->desc);
	kfree(key);
	return ERR_PTR(err);
}

int key_set_data(struct key *key, void *data, unsigned int len)
{
	int err = key_reserve(key, len);

	if (err)
		return err;
	kvfree(key->data);
	key->data = data;
	key->expiry = 0;
	return 0;
}

/* ---- references -------------------------------------------------------------------------------- */

struct key *key_lookup(s32 serial)
{
	struct rb_node *n = key_serials.rb_node;

	while (n) {
		struct key *key = rb_entry(n, struct key, node);

		if (serial == key->serial)
			return refcount_inc_not_zero(&key->usage) ? key : NULL;
		n = serial < key->serial ? n->rb_left : n->rb_right;
	}
	return NULL;
}

void key_put(struct key *key)
{
	if (key && refcount_dec_and_test(&key->usage))
		key_gc_dead(key);
}

/* ---- may one? ---------------------------------------------------------------------------------- */

int key_validate(const struct key *key)
{
	if (key->flags & KEY_FLAG_INVALIDATED)
		return -ENOKEY;
	if (key->flags & KEY_FLAG_REVOKED)
		return -EKEYREVOKED;
	return key->expiry && key_now() >= key->expiry ? -EKEYEXPIRED : 0;
}

int key_permission(const struct key *key, bool possessed, unsigned int need)
{
	u32 perm = key->perm;

	if (key->uid == current_fsuid())
		perm >>= 16;
	else if (key->gid != (gid_t)-1 && (perm & KEY_GRP(KEY_NEED_ALL)) && in_group_p(key->gid))
		perm >>= 8;
	if (possessed)
		perm |= key->perm >> 24;	/* in addition */
	return (perm & need) == need ? 0 : -EACCES;
}

/* ---- death ------------------------------------------------------------------------------------- */

void key_revoke(struct key *key)
{
	if (key->flags & KEY_FLAG_REVOKED)
		return;
	key->flags |= KEY_FLAG_REVOKED;
	key->revoked_at = key_now();
	if (key->type == &key_type_keyring) {
		keyring_clear(key);
	} else {
		key_reserve(key, 0);
		kvfree(key->data);
		key->data = NULL;
	}
	key_gc_at(key->revoked_at + key_gc_delay);
}

void key_invalidate(struct key *key)
{
	key->flags |= KEY_FLAG_INVALIDATED;
	key_gc_at(0);
}

void key_set_timeout(struct key *key, unsigned int seconds)
{
	key->expiry = seconds ? key_now() + seconds : 0;
	if (seconds)
		key_gc_at(key->expiry + key_gc_delay);
}
