// SPDX-License-Identifier: GPL-2.0-only
/*
 * Persistent keyrings: one per user, which outlives his sessions until it has not been asked for for three days.
 * They hang in a keyring of the kernel's.  Locking: keys_mutex.
 */
#include <kernel/keys/internal.h>

#include <kernel/lib/vsprintf.h>

int persistent_keyring_expiry = 3 * 24 * 3600;

static struct key *persistent_register;	/* [k] */

static struct key *new_ring(const char *name, uid_t uid)
{
	struct key_attr attr = { uid, (gid_t)-1, KEY_POS(KEY_NEED_ALL & ~KEY_NEED_SETATTR) |
				 KEY_USR(KEY_NEED_VIEW | KEY_NEED_READ), KEY_ALLOC_NO_QUOTA };

	return keyring_alloc(name, &attr);
}

static struct key *registered_ring(uid_t uid)
{
	struct key *ring;
	char name[32];
	int err;

	snprintf(name, sizeof(name), "_persistent.%u", uid);
	ring = keyring_find(persistent_register, &key_type_keyring, name);
	if (ring)
		return ring;
	ring = new_ring(name, uid);
	if (IS_ERR(ring))
		return ring;
	err = key_link(persistent_register, ring);
	key_put(ring);				/* the register has it, or nobody */
	return err ? ERR_PTR(err) : ring;
}

struct key *persistent_keyring(uid_t uid)
{
	struct key *ring;

	if (!persistent_register) {
		ring = new_ring(".persistent_register", 0);
		if (IS_ERR(ring))
			return ring;
		persistent_register = ring;
	}
	ring = registered_ring(uid);
	if (IS_ERR(ring))
		return ring;
	key_set_timeout(ring, persistent_keyring_expiry);
	return key_get(ring);
}
