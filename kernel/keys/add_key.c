// SPDX-License-Identifier: GPL-2.0-only
/*
 * add_key(2) and request_key(2), and the reading of arguments for all calls of this room.  There is no
 * /sbin/request-key to be asked: what no keyring has is ENOKEY.
 */
#include <generated/syscalls.h>

#include <kernel/keys/internal.h>
#include <kernel/lib/string.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* ---- arguments --------------------------------------------------------------------------------- */

int key_type_from_user(char type[32], const char __user *utype)
{
	long len = strncpy_from_user(type, utype, 32);

	if (len < 0)
		return len;
	if (!len || len >= 32)
		return -EINVAL;
	return type[0] == '.' ? -EPERM : 0;	/* the kernel's own */
}

char *key_string_from_user(const char __user *ustring, size_t max)
{
	char *s = kmalloc(max, GFP_KERNEL);
	long len;

	if (!s)
		return ERR_PTR(-ENOMEM);
	len = strncpy_from_user(s, ustring, max);
	if (len < 0 || len == (long)max) {
		kfree(s);
		return ERR_PTR(len < 0 ? len : -EINVAL);
	}
	return s;
}

void *key_payload_from_user(const void __user *upayload, size_t len)
{
	void *data;

	if (!len)
		return NULL;
	data = kvmalloc(len, GFP_KERNEL);
	if (!data)
		return ERR_PTR(-ENOMEM);
	if (copy_from_user(data, upayload, len)) {
		kvfree(data);
		return ERR_PTR(-EFAULT);
	}
	return data;
}

/* ---- add_key ----------------------------------------------------------------------------------- */

/* What its adder gets: everything as possessor, a look at it as its user. */
static u32 default_perm(const struct key_type *type)
{
	u32 pos = KEY_NEED_VIEW | KEY_NEED_SEARCH | KEY_NEED_LINK | KEY_NEED_SETATTR;

	if (type->readable)
		pos |= KEY_NEED_READ;
	if (type == &key_type_keyring || type->updatable)
		pos |= KEY_NEED_WRITE;
	return KEY_POS(pos) | KEY_USR(KEY_NEED_VIEW);
}

/* A keyring begins empty, everything else has something to say. */
static bool payload_fits(const struct key_type *type, size_t len)
{
	return type == &key_type_keyring ? !len : len && len <= 32767;
}

/* *data is taken over if it becomes the key's. */
static long update_key(struct key *key, bool possessed, void **data, size_t len)
{
	int err = key_permission(key, possessed, KEY_NEED_WRITE);

	if (!err && (key->flags & KEY_FLAG_REVOKED))
		err = -EKEYREVOKED;
	if (!err)
		err = key_set_data(key, *data, len);
	if (err)
		return err;
	*data = NULL;
	return key->serial;
}

static long new_key(struct key *ring, const struct key_type *type, const char *desc, void **data, size_t len)
{
	struct key_attr attr = { current_fsuid(), current_fsgid(), default_perm(type), KEY_ALLOC_IN_QUOTA };
	struct key *key = key_alloc(type, desc, &attr);
	long err = 0;

	if (IS_ERR(key))
		return PTR_ERR(key);
	if (len) {
		err = key_set_data(key, *data, len);
		if (!err)
			*data = NULL;
	}
	if (!err)
		err = key_link(ring, key);
	if (!err)
		err = key->serial;
	key_put(key);
	return err;
}

static long add_to_ring(const struct key_ref *ring, const char *type_name, const char *desc, void **data,
			size_t len)
{
	const struct key_type *type = find_key_type(type_name);
	struct key *key;

	if (!type)
		return -ENODEV;
	if (!desc)
		return -EINVAL;
	if (ring->key->type != &key_type_keyring)
		return -ENOTDIR;
	if (!payload_fits(type, len))
		return -EINVAL;
	if (ring->key->flags & KEY_FLAG_RESTRICTED)
		return -EPERM;
	key = type->updatable ? keyring_find(ring->key, type, desc) : NULL;
	if (key && !(key->flags & (KEY_FLAG_REVOKED | KEY_FLAG_INVALIDATED)))
		return update_key(key, ring->possessed, data, len);
	return new_key(ring->key, type, desc, data, len);
}

/* NULL: none, or an empty one. */
static char *description_from_user(const char *type, const char __user *udesc)
{
	char *desc = udesc ? key_string_from_user(udesc, KEY_MAX_DESC_SIZE) : NULL;
	int err = 0;

	if (IS_ERR_OR_NULL(desc))
		return desc;
	if (desc[0] == '.' && str_has_prefix(type, "keyring"))
		err = -EPERM;
	if (!err && desc[0])
		return desc;
	kfree(desc);
	return err ? ERR_PTR(err) : NULL;
}

static long add_key(const char *type, const char *desc, void **data, size_t len, s32 ringid)
{
	struct key_ref ring;
	long ret;

	keys_lock();
	ret = lookup_user_key(ringid, KEY_LOOKUP_CREATE, KEY_NEED_WRITE, &ring);
	if (!ret) {
		ret = add_to_ring(&ring, type, desc, data, len);
		key_put(ring.key);
	}
	keys_unlock();
	return ret;
}

long sys_add_key(const char __user *utype, const char __user *udesc, const void __user *upayload, size_t plen,
		 s32 ringid)
{
	char type[32], *desc;
	void *data;
	long ret;

	if (plen > KEY_MAX_PAYLOAD)
		return -EINVAL;
	ret = key_type_from_user(type, utype);
	if (ret)
		return ret;
	desc = description_from_user(type, udesc);
	if (IS_ERR(desc))
		return PTR_ERR(desc);
	data = key_payload_from_user(upayload, plen);
	if (IS_ERR(data)) {
		kfree(desc);
		return PTR_ERR(data);
	}
	ret = add_key(type, desc, &data, plen, ringid);
	kvfree(data);
	kfree(desc);
	return ret;
}

/* ---- request_key ------------------------------------------------------------------------------- */

static long find_and_link(const struct key_type *type, const char *desc, bool callout, struct key *dest)
{
	struct key_search what = { .type = type, .desc = desc, .hash = key_hash(desc) };
	struct key *key = search_process_keyrings(&what);

	if (key == ERR_PTR(-EAGAIN)) {
		int err = callout && type->check_description ? type->check_description(desc) : 0;

		return callout && type == &key_type_keyring ? -EPERM : err ?: -ENOKEY;
	}
	if (IS_ERR(key))
		return PTR_ERR(key);
	return key_found(key, true, dest);
}

static long request_key(const char *type_name, const char *desc, bool callout, s32 destid)
{
	const struct key_type *type;
	struct key_ref dest = {};
	long ret = 0;

	keys_lock();
	if (destid)
		ret = lookup_user_key(destid, KEY_LOOKUP_CREATE, KEY_NEED_WRITE, &dest);
	if (!ret) {
		type = find_key_type(type_name);
		ret = type ? find_and_link(type, desc, callout, dest.key) : -ENOKEY;
		key_put(dest.key);
	}
	keys_unlock();
	return ret;
}

long sys_request_key(const char __user *utype, const char __user *udesc, const char __user *ucallout, s32 destid)
{
	char type[32], *desc, *callout = NULL;
	long ret = key_type_from_user(type, utype);

	if (ret)
		return ret;
	desc = key_string_from_user(udesc, KEY_MAX_DESC_SIZE);
	if (IS_ERR(desc))
		return PTR_ERR(desc);
	if (ucallout)
		callout = key_string_from_user(ucallout, PAGE_SIZE);
	if (IS_ERR(callout)) {
		ret = PTR_ERR(callout);
		callout = NULL;
	} else {
		ret = request_key(type, desc, callout, destid);
	}
	kfree(callout);
	kfree(desc);
	return ret;
}
