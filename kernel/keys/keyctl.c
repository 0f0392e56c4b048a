// SPDX-License-Identifier: GPL-2.0-only
/* keyctl(2): the call, and the commands about single keys. */
#include <generated/syscalls.h>

#include <fs/vfs.h>
#include <kernel/keys/internal.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* What user space can rely on: two bytes of KEYCTL_CAPS*. */
static const u8 capabilities[2] = {
	KEYCTL_CAPS0_CAPABILITIES | KEYCTL_CAPS0_PERSISTENT_KEYRINGS | KEYCTL_CAPS0_INVALIDATE |
	KEYCTL_CAPS0_RESTRICT_KEYRING | KEYCTL_CAPS0_MOVE,
	0,
};

static long keyctl_capabilities(u8 __user *buf, size_t size)
{
	size_t n = min(size, sizeof(capabilities));

	if (copy_to_user(buf, capabilities, n) || clear_user(buf + n, size - n))
		return -EFAULT;
	return sizeof(capabilities);
}

static long update_payload(const struct key_ref *ref, void **data, size_t len)
{
	int err;

	if (!ref->key->type->updatable)
		return -EOPNOTSUPP;
	if (!len || len > 32767)
		return -EINVAL;
	err = key_set_data(ref->key, *data, len);
	if (!err)
		*data = NULL;
	return err;
}

static long keyctl_update(s32 id, const void __user *upayload, size_t len)
{
	struct key_ref ref;
	void *data;
	long ret;

	if (len > PAGE_SIZE)
		return -EINVAL;
	data = key_payload_from_user(upayload, len);
	if (IS_ERR(data))
		return PTR_ERR(data);
	keys_lock();
	ret = lookup_user_key(id, 0, KEY_NEED_WRITE, &ref);
	if (!ret) {
		ret = update_payload(&ref, &data, len);
		key_put(ref.key);
	}
	keys_unlock();
	kvfree(data);
	return ret;
}

static long keyctl_revoke(s32 id)
{
	struct key_ref ref;
	long ret;

	keys_lock();
	ret = lookup_user_key(id, 0, KEY_NEED_WRITE, &ref);
	if (ret == -EACCES)
		ret = lookup_user_key(id, 0, KEY_NEED_SETATTR, &ref);
	if (!ret) {
		key_revoke(ref.key);
		key_put(ref.key);
	}
	keys_unlock();
	return ret;
}

static long keyctl_invalidate(s32 id)
{
	struct key_ref ref;
	long ret;

	keys_lock();
	ret = lookup_user_key(id, 0, KEY_NEED_SEARCH, &ref);
	if (!ret) {
		key_invalidate(ref.key);
		key_put(ref.key);
	}
	keys_unlock();
	return ret;
}

static long change_owner(struct key *key, uid_t uid, gid_t gid)
{
	bool privileged = (uid != (uid_t)-1 && uid != key->uid) ||
			  (gid != (gid_t)-1 && gid != key->gid && !in_group_p(gid));
	int err = 0;

	if (privileged && !capable(CAP_SYS_ADMIN))
		return -EACCES;
	if (uid != (uid_t)-1 && uid != key->uid)
		err = key_change_owner(key, uid);
	if (!err && gid != (gid_t)-1)
		key->gid = gid;
	return err;
}

static long keyctl_chown(s32 id, uid_t uid, gid_t gid)
{
	struct key_ref ref;
	long ret;

	if (uid == (uid_t)-1 && gid == (gid_t)-1)
		return 0;
	if (uid != (uid_t)-1) {
		uid = make_kuid(current_user_ns(), uid);
		if (uid == ID_INVALID)
			return -EINVAL;
	}
	if (gid != (gid_t)-1) {
		gid = make_kgid(current_user_ns(), gid);
		if (gid == ID_INVALID)
			return -EINVAL;
	}
	keys_lock();
	ret = lookup_user_key(id, KEY_LOOKUP_CREATE | KEY_LOOKUP_PARTIAL, KEY_NEED_SETATTR, &ref);
	if (!ret) {
		ret = change_owner(ref.key, uid, gid);
		key_put(ref.key);
	}
	keys_unlock();
	return ret;
}

static long keyctl_setperm(s32 id, u32 perm)
{
	struct key_ref ref;
	long ret;

	if (perm & ~KEY_ALL_SETS)
		return -EINVAL;
	keys_lock();
	ret = lookup_user_key(id, KEY_LOOKUP_CREATE | KEY_LOOKUP_PARTIAL, KEY_NEED_SETATTR, &ref);
	if (!ret) {
		if (ref.key->uid == current_fsuid() || capable(CAP_SYS_ADMIN))
			ref.key->perm = perm;
		else
			ret = -EACCES;
		key_put(ref.key);
	}
	keys_unlock();
	return ret;
}

static long keyctl_set_timeout(s32 id, unsigned int seconds)
{
	struct key_ref ref;
	long ret;

	keys_lock();
	ret = lookup_user_key(id, KEY_LOOKUP_CREATE | KEY_LOOKUP_PARTIAL, KEY_NEED_SETATTR, &ref);
	if (!ret) {
		key_set_timeout(ref.key, seconds);
		key_put(ref.key);
	}
	keys_unlock();
	return ret;
}

/* ---- reading ----------------------------------------------------------------------------------- */

/* "type;uid;gid;permissions;description". The length with the NUL; copied only if all of it fits. */
static long keyctl_describe(s32 id, char __user *buf, size_t size)
{
	struct key_ref ref;
	char *text = NULL;
	long ret;

	keys_lock();
	ret = lookup_user_key(id, KEY_LOOKUP_PARTIAL, KEY_NEED_VIEW, &ref);
	if (!ret) {
		const struct key *key = ref.key;
		const struct user_namespace *ns = current_user_ns();

		text = kasprintf(GFP_KERNEL, "%s;%u;%u;%08x;%s", key->type->name, from_kuid_munged(ns, key->uid),
				 from_kgid_munged(ns, key->gid), key->perm, key->desc);
		ret = text ? (long)strlen(text) + 1 : -ENOMEM;
		key_put(ref.key);
	}
	keys_unlock();
	if (ret > 0 && buf && size >= (size_t)ret && copy_to_user(buf, text, ret))
		ret = -EFAULT;
	kfree(text);
	return ret;
}

static unsigned int readable_length(const struct key *key)
{
	return key->type == &key_type_keyring ? key->nr_links * sizeof(s32) : key->datalen;
}

/* Into @to, which has room for readable_length(). */
static void read_key(const struct key *key, void *to)
{
	unsigned int i;

	if (key->type != &key_type_keyring) {
		memcpy(to, key->data, key->datalen);
		return;
	}
	for (i = 0; i < key->nr_links; i++)
		((s32 *)to)[i] = key->links[i]->serial;
}

/* A copy of the contents in *data if they fit into @size; their length. */
static long read_copy(const struct key_ref *ref, size_t size, void **data)
{
	const struct key *key = ref->key;
	long len;
	int err;

	if (key_permission(key, ref->possessed, KEY_NEED_READ) && !ref->possessed)
		return -EACCES;			/* what one possesses one may read */
	if (!key->type->readable)
		return -EOPNOTSUPP;
	err = key_validate(key);
	if (err)
		return err;
	if (key->type == &key_type_keyring && (size & (sizeof(s32) - 1)))
		return -EINVAL;
	len = readable_length(key);
	if (!len || (size_t)len > size)
		return len;
	*data = kvmalloc(len, GFP_KERNEL);
	if (!*data)
		return -ENOMEM;
	read_key(key, *data);
	return len;
}

static long keyctl_read(s32 id, void __user *buf, size_t size)
{
	struct key_ref ref;
	void *data = NULL;
	long ret;

	keys_lock();
	ret = lookup_user_key(id, KEY_LOOKUP_DEFER, KEY_NEED_NOTHING, &ref);
	if (!ret) {
		ret = read_copy(&ref, buf ? size : 0, &data);
		key_put(ref.key);
	} else {
		ret = -ENOKEY;			/* whatever is wrong with the id */
	}
	keys_unlock();
	if (data && copy_to_user(buf, data, ret))
		ret = -EFAULT;
	kvfree(data);
	return ret;
}

/* No security module labels keys: an empty string. */
static long keyctl_get_security(s32 id, char __user *buf, size_t size)
{
	struct key_ref ref;
	long ret;

	keys_lock();
	ret = lookup_user_key(id, KEY_LOOKUP_PARTIAL, KEY_NEED_VIEW, &ref);
	if (!ret)
		key_put(ref.key);
	keys_unlock();
	if (ret)
		return ret == -EACCES ? -ENOKEY : ret;	/* nor are we to instantiate it */
	return buf && size && put_user('\0', buf) ? -EFAULT : 1;
}

/* ---- the call ---------------------------------------------------------------------------------- */

/* Keys that others fill in: nobody is ever asked to. */
static long keyctl_instantiation(int cmd, unsigned long a2, unsigned long a3, unsigned long a4)
{
	struct iovec *vec = NULL;
	struct iov_iter iter;
	int err;

	switch (cmd) {
	case KEYCTL_INSTANTIATE_IOV:
		err = import_iovec(false, (const struct iovec __user *)a3, a3 ? a4 : 0, 0, &vec, &iter);
		kfree(vec);
		return err < 0 ? err : -EPERM;
	case KEYCTL_INSTANTIATE:
		return a4 > KEY_MAX_PAYLOAD ? -EINVAL : -EPERM;
	case KEYCTL_REJECT:
		return !a4 || a4 > 4095 ? -EINVAL : -EPERM;
	case KEYCTL_ASSUME_AUTHORITY:
		return (s32)a2 < 0 ? -EINVAL : (s32)a2 ? -ENOKEY : 0;
	}
	return -EPERM;
}

static long keyctl_of_keyrings(int cmd, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5)
{
	switch (cmd) {
	case KEYCTL_GET_KEYRING_ID:
		return keyctl_get_keyring_id(a2, a3);
	case KEYCTL_JOIN_SESSION_KEYRING:
		return keyctl_join_session((const char __user *)a2);
	case KEYCTL_CLEAR:
		return keyctl_clear(a2);
	case KEYCTL_LINK:
		return keyctl_link(a2, a3);
	case KEYCTL_UNLINK:
		return keyctl_unlink(a2, a3);
	case KEYCTL_MOVE:
		return keyctl_move(a2, a3, a4, a5);
	case KEYCTL_SEARCH:
		return keyctl_search(a2, (const char __user *)a3, (const char __user *)a4, a5);
	case KEYCTL_RESTRICT_KEYRING:
		return keyctl_restrict(a2, (const char __user *)a3, (const char __user *)a4);
	case KEYCTL_GET_PERSISTENT:
		return keyctl_get_persistent(a2, a3);
	case KEYCTL_SESSION_TO_PARENT:
		return keyctl_session_to_parent();
	case KEYCTL_SET_REQKEY_KEYRING:
		return keyctl_set_reqkey_keyring(a2);
	}
	return -EOPNOTSUPP;
}

long sys_keyctl(int cmd, unsigned long a2, unsigned long a3, unsigned long a4, unsigned long a5)
{
	switch (cmd) {
	case KEYCTL_UPDATE:
		return keyctl_update(a2, (const void __user *)a3, a4);
	case KEYCTL_REVOKE:
		return keyctl_revoke(a2);
	case KEYCTL_INVALIDATE:
		return keyctl_invalidate(a2);
	case KEYCTL_DESCRIBE:
		return keyctl_describe(a2, (char __user *)a3, a4);
	case KEYCTL_READ:
		return keyctl_read(a2, (void __user *)a3, a4);
	case KEYCTL_CHOWN:
		return keyctl_chown(a2, a3, a4);
	case KEYCTL_SETPERM:
		return keyctl_setperm(a2, a3);
	case KEYCTL_SET_TIMEOUT:
		return keyctl_set_timeout(a2, a3);
	case KEYCTL_GET_SECURITY:
		return keyctl_get_security(a2, (char __user *)a3, a4);
	case KEYCTL_CAPABILITIES:
		return keyctl_capabilities((u8 __user *)a2, a3);
	case KEYCTL_INSTANTIATE:
	case KEYCTL_INSTANTIATE_IOV:
	case KEYCTL_NEGATE:
	case KEYCTL_REJECT:
	case KEYCTL_ASSUME_AUTHORITY:
		return keyctl_instantiation(cmd, a2, a3, a4);
	}
	return keyctl_of_keyrings(cmd, a2, a3, a4, a5);
}
