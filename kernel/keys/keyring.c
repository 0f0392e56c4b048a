// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keyrings: keys that hold links to keys, one of each type and description.  Interface: kernel/keys/internal.h.
 * Locking: keys_mutex.
 */
#include <kernel/keys/internal.h>

#include <kernel/lib/string.h>
#include <mm/mm.h>
#include <mm/slab.h>

struct key *keyring_alloc(const char *desc, const struct key_attr *attr)
{
	return key_alloc(&key_type_keyring, desc, attr);
}

static bool same_name(const struct key *key, const struct key_type *type, u32 hash, const char *desc)
{
	return key->hash == hash && key->type == type && !strcmp(key->desc, desc);
}

/* The position of the link, or -1. */
static int find_link(const struct key *ring, const struct key_type *type, u32 hash, const char *desc)
{
	unsigned int i;

	for (i = 0; i < ring->nr_links; i++)
		if (same_name(ring->links[i], type, hash, desc))
			return i;
	return -1;
}

struct key *keyring_find(const struct key *ring, const struct key_type *type, const char *desc)
{
	int i = find_link(ring, type, key_hash(desc), desc);

	return i < 0 ? NULL : ring->links[i];
}

/* ---- changing ---------------------------------------------------------------------------------- */

/* Is @ring to be reached from @from? -EDEADLK; -ELOOP: too deep to tell. */
static int check_cycle(const struct key *from, const struct key *ring, unsigned int depth)
{
	unsigned int i;
	int err = 0;

	if (from == ring)
		return -EDEADLK;
	if (from->type != &key_type_keyring)
		return 0;
	if (depth >= KEYRING_MAX_DEPTH)
		return -ELOOP;
	for (i = 0; i < from->nr_links && !err; i++)
		if (from->links[i]->type == &key_type_keyring)
			err = check_cycle(from->links[i], ring, depth + 1);
	return err;
}

static int make_room(struct key *ring)
{
	unsigned int max = max(8U, ring->max_links * 2);
	struct key **links;

	if (ring->nr_links < ring->max_links)
		return 0;
	links = kvmalloc(max * sizeof(*links), GFP_KERNEL);
	if (!links)
		return -ENOMEM;
	if (ring->nr_links)
		memcpy(links, ring->links, ring->nr_links * sizeof(*links));
	kvfree(ring->links);
	ring->links = links;
	ring->max_links = max;
	return 0;
}

int key_link(struct key *ring, struct key *key)
{
	int at, err;

	ASSERT(mutex_is_locked(&keys_mutex));
	if (ring->type != &key_type_keyring)
		return -ENOTDIR;
	if (ring->flags & KEY_FLAG_REVOKED)
		return -EKEYREVOKED;
	if (ring->flags & KEY_FLAG_RESTRICTED)
		return -EPERM;
	err = key->type == &key_type_keyring ? check_cycle(key, ring, 0) : 0;
	if (err)
		return err;
	at = find_link(ring, key->type, key->hash, key->desc);
	if (at >= 0) {				/* instead of its namesake */
		struct key *old = ring->links[at];

		ring->links[at] = key_get(key);
		key_put(old);
		return 0;
	}
	err = make_room(ring);
	if (!err)
		err = key_reserve(ring, ring->datalen + KEY_LINK_QUOTA);
	if (!err)
		ring->links[ring->nr_links++] = key_get(key);
	return err;
}

static void drop_link(struct key *ring, unsigned int at)
{
	struct key *key = ring->links[at];

	ring->nr_links--;
	memmove(&ring->links[at], &ring->links[at + 1], (ring->nr_links - at) * sizeof(key));
	key_reserve(ring, ring->datalen - KEY_LINK_QUOTA);
	key_put(key);
}

int key_unlink(struct key *ring, struct key *key)
{
	int at;

	if (ring->type != &key_type_keyring)
		return -ENOTDIR;
	at = find_link(ring, key->type, key->hash, key->desc);
	if (at < 0)
		return -ENOENT;
	drop_link(ring, at);
	return 0;
}

int key_move(struct key *key, struct key *from, struct key *to, bool exclusive)
{
	int at, err;

	if (from->type != &key_type_keyring || to->type != &key_type_keyring)
		return -ENOTDIR;
	if (from == to)
		return 0;
	at = find_link(from, key->type, key->hash, key->desc);
	if (at < 0)
		return -ENOENT;
	if (exclusive && find_link(to, key->type, key->hash, key->desc) >= 0)
		return -EEXIST;
	err = key_link(to, key);
	if (!err)
		drop_link(from, at);
	return err;
}

long key_found(struct key *key, bool possessed, struct key *dest)
{
	long ret = 0;

	if (dest) {
		ret = key_permission(key, possessed, KEY_NEED_LINK);
		if (!ret)
			ret = key_link(dest, key);
	}
	if (!ret)
		ret = key->serial;
	key_put(key);
	return ret;
}

void keyring_clear(struct key *ring)
{
	while (ring->nr_links)
		drop_link(ring, ring->nr_links - 1);
}

static bool died_before(const struct key *key, time64_t when)
{
	if (key->flags & KEY_FLAG_INVALIDATED)
		return true;
	if (key->flags & KEY_FLAG_REVOKED)
		return key->revoked_at <= when;
	return key->expiry && key->expiry <= when;
}

void keyring_drop_dead(struct key *ring, time64_t before)
{
	unsigned int i;

	for (i = ring->nr_links; i-- > 0;)
		if (died_before(ring->links[i], before))
			drop_link(ring, i);
}

/* ---- searching --------------------------------------------------------------------------------- */

/* 0: it is what is looked for; else why not, -EAGAIN: it is something else. */
static int try_key(const struct key *key, bool possessed, const struct key_search *what)
{
	int err;

	if (what->exactly)
		return key == what->exactly ? key_permission(key, possessed, KEY_NEED_SEARCH) : -EAGAIN;
	if (!same_name(key, what->type, what->hash, what->desc))
		return -EAGAIN;
	if (key->flags & (KEY_FLAG_REVOKED | KEY_FLAG_INVALIDATED))
		return -EKEYREVOKED;
	err = key_validate(key);
	return err ? err : key_permission(key, possessed, KEY_NEED_SEARCH);
}

/* The links of @ring first, then what is below them. *why: the last reason but "something else". */
static struct key *search_below(struct key *ring, bool possessed, const struct key_search *what, unsigned int depth,
				int *why)
{
	unsigned int i;

	for (i = 0; i < ring->nr_links; i++) {
		int err = try_key(ring->links[i], possessed, what);

		if (!err)
			return ring->links[i];
		if (err != -EAGAIN)
			*why = err;
	}
	if (depth + 1 >= KEYRING_MAX_DEPTH)
		return NULL;
	for (i = 0; i < ring->nr_links; i++) {
		struct key *sub = ring->links[i], *found;

		if (sub->type != &key_type_keyring || (!what->exactly && key_validate(sub)) ||
		    key_permission(sub, possessed, KEY_NEED_SEARCH))
			continue;
		found = search_below(sub, possessed, what, depth + 1, why);
		if (found)
			return found;
	}
	return NULL;
}

struct key *keyring_search(struct key *ring, bool possessed, const struct key_search *what)
{
	int why = -EAGAIN, err;
	struct key *found;

	if (ring->type != &key_type_keyring)
		return ERR_PTR(-ENOTDIR);
	err = key_permission(ring, possessed, KEY_NEED_SEARCH);
	if (err)
		return ERR_PTR(err);
	err = try_key(ring, possessed, what);
	if (!err)
		return key_get(ring);
	found = search_below(ring, possessed, what, 0, &why);
	return found ? key_get(found) : ERR_PTR(why);
}

struct key *find_keyring_by_name(const char *name)
{
	u32 hash = key_hash(name);
	struct rb_node *n;

	for (n = rb_first(&key_serials); n; n = rb_next(n)) {
		struct key *key = rb_entry(n, struct key, node);

		if (same_name(key, &key_type_keyring, hash, name) && !(key->flags & KEY_FLAG_REVOKED) &&
		    !key_permission(key, false, KEY_NEED_SEARCH) && refcount_inc_not_zero(&key->usage))
			return key;
	}
	return ERR_PTR(-ENOKEY);
}
