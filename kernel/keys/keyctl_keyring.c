// SPDX-License-Identifier: GPL-2.0-only
/* keyctl(2): the commands about keyrings.  Each looks its keys up, asks for permission, and calls keyring.c. */
#include <kernel/keys/internal.h>

#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <mm/slab.h>

/* The two keys that most commands are about: @flags and @need of each. */
static int lookup_two(s32 a_id, unsigned int a_flags, unsigned int a_need, struct key_ref *a,
		      s32 b_id, unsigned int b_flags, unsigned int b_need, struct key_ref *b)
{
	int err = lookup_user_key(a_id, a_flags, a_need, a);

	if (err)
		return err;
	err = lookup_user_key(b_id, b_flags, b_need, b);
	if (err)
		key_put(a->key);
	return err;
}

long keyctl_get_keyring_id(s32 id, int create)
{
	struct key_ref ref;
	long ret;

	keys_lock();
	ret = lookup_user_key(id, create ? KEY_LOOKUP_CREATE : 0, KEY_NEED_SEARCH, &ref);
	if (!ret) {
		ret = ref.key->serial;
		key_put(ref.key);
	}
	keys_unlock();
	return ret;
}

long keyctl_join_session(const char __user *uname)
{
	char *name = uname ? key_string_from_user(uname, KEY_MAX_DESC_SIZE) : NULL;
	long ret = -EPERM;

	if (IS_ERR(name))
		return PTR_ERR(name);
	if (!name || name[0] != '.') {		/* those are the kernel's */
		keys_lock();
		ret = join_session_keyring(name);
		keys_unlock();
	}
	kfree(name);
	return ret;
}

long keyctl_clear(s32 ringid)
{
	struct key_ref ring;
	long ret;

	keys_lock();
	ret = lookup_user_key(ringid, KEY_LOOKUP_CREATE, KEY_NEED_WRITE, &ring);
	if (!ret) {
		if (ring.key->type == &key_type_keyring)
			keyring_clear(ring.key);
		else
			ret = -ENOTDIR;
		key_put(ring.key);
	}
	keys_unlock();
	return ret;
}

long keyctl_link(s32 id, s32 ringid)
{
	struct key_ref ring, key;
	long ret;

	keys_lock();
	ret = lookup_two(ringid, KEY_LOOKUP_CREATE, KEY_NEED_WRITE, &ring, id, KEY_LOOKUP_CREATE, KEY_NEED_LINK, &key);
	if (!ret) {
		ret = key_link(ring.key, key.key);
		key_put(key.key);
		key_put(ring.key);
	}
	keys_unlock();
	return ret;
}

long keyctl_unlink(s32 id, s32 ringid)
{
	struct key_ref ring, key;
	long ret;

	keys_lock();
	ret = lookup_two(ringid, 0, KEY_NEED_WRITE, &ring, id, KEY_LOOKUP_UNLINK, KEY_NEED_NOTHING, &key);
	if (!ret) {
		ret = key_unlink(ring.key, key.key);
		key_put(key.key);
		key_put(ring.key);
	}
	keys_unlock();
	return ret;
}

long keyctl_move(s32 id, s32 from_id, s32 to_id, unsigned int flags)
{
	struct key_ref key, from, to;
	long ret;

	if (flags & ~KEYCTL_MOVE_EXCL)
		return -EINVAL;
	keys_lock();
	ret = lookup_user_key(id, KEY_LOOKUP_CREATE, KEY_NEED_LINK, &key);
	if (ret)
		goto unlock;
	ret = lookup_two(from_id, 0, KEY_NEED_WRITE, &from, to_id, KEY_LOOKUP_CREATE, KEY_NEED_WRITE, &to);
	if (!ret) {
		ret = key_move(key.key, from.key, to.key, flags & KEYCTL_MOVE_EXCL);
		key_put(from.key);
		key_put(to.key);
	}
	key_put(key.key);
unlock:
	keys_unlock();
	return ret;
}

/* ---- search ------------------------------------------------------------------------------------ */

static long search_ring(const struct key_ref *ring, const char *type, const char *desc, struct key *dest)
{
	struct key_search what = { .type = find_key_type(type), .desc = desc, .hash = key_hash(desc) };
	struct key *key;

	if (!what.type)
		return -ENOKEY;
	key = keyring_search(ring->key, ring->possessed, &what);
	if (IS_ERR(key))
		return key == ERR_PTR(-EAGAIN) ? -ENOKEY : PTR_ERR(key);
	return key_found(key, ring->possessed, dest);
}

static long locked_search(s32 ringid, const char *type, const char *desc, s32 destid)
{
	struct key_ref ring, dest = {};
	long ret = lookup_user_key(ringid, 0, KEY_NEED_SEARCH, &ring);

	if (ret)
		return ret;
	if (destid)
		ret = lookup_user_key(destid, KEY_LOOKUP_CREATE, KEY_NEED_WRITE, &dest);
	if (!ret) {
		ret = search_ring(&ring, type, desc, dest.key);
		key_put(dest.key);
	}
	key_put(ring.key);
	return ret;
}

long keyctl_search(s32 ringid, const char __user *utype, const char __user *udesc, s32 destid)
{
	char type[32], *desc;
	long ret = key_type_from_user(type, utype);

	if (ret)
		return ret;
	desc = key_string_from_user(udesc, KEY_MAX_DESC_SIZE);
	if (IS_ERR(desc))
		return PTR_ERR(desc);
	keys_lock();
	ret = locked_search(ringid, type, desc, destid);
	keys_unlock();
	kfree(desc);
	return ret;
}

/* ---- restrictions ------------------------------------------------------------------------------ */

/* Only the simplest there is: no more links at all. Of our types none offers more. */
static int restrict_ring(struct key *ring, const char *type)
{
	if (ring->type != &key_type_keyring)
		return -ENOTDIR;
	if (type)
		return find_key_type(type) ? -ENOENT : -ENOKEY;
	if (ring->flags & KEY_FLAG_RESTRICTED)
		return -EEXIST;
	ring->flags |= KEY_FLAG_RESTRICTED;
	return 0;
}

static long restriction_from_user(char type[32], const char __user *utype, const char __user *urestriction)
{
	char *restriction;
	long err;

	if (!utype || !urestriction)
		return utype || urestriction ? -EINVAL : 0;
	err = key_type_from_user(type, utype);
	if (err)
		return err;
	restriction = key_string_from_user(urestriction, PAGE_SIZE);
	if (IS_ERR(restriction))
		return PTR_ERR(restriction);
	kfree(restriction);
	return 0;
}

long keyctl_restrict(s32 id, const char __user *utype, const char __user *urestriction)
{
	char type[32] = "";
	long bad = restriction_from_user(type, utype, urestriction), ret;
	struct key_ref ring;

	keys_lock();
	ret = lookup_user_key(id, 0, KEY_NEED_SETATTR, &ring);
	if (!ret) {
		ret = bad ? bad : restrict_ring(ring.key, type[0] ? type : NULL);
		key_put(ring.key);
	}
	keys_unlock();
	return ret;
}

/* ---- whose session ----------------------------------------------------------------------------- */

long keyctl_get_persistent(uid_t uid, s32 destid)
{
	struct key_ref dest;
	struct key *ring;
	long ret;

	if (uid == (uid_t)-1)
		uid = current_uid();
	else
		uid = make_kuid(current_user_ns(), uid);
	if (uid == ID_INVALID)
		return -EINVAL;
	if (uid != current_uid() && uid != current_euid() && !ns_capable(current_user_ns(), CAP_SETUID))
		return -EPERM;
	keys_lock();
	ret = lookup_user_key(destid, KEY_LOOKUP_CREATE, KEY_NEED_WRITE, &dest);
	if (ret)
		goto unlock;
	ring = dest.key->type == &key_type_keyring ? persistent_keyring(uid) : ERR_PTR(-ENOTDIR);
	ret = IS_ERR(ring) ? PTR_ERR(ring) : key_link(dest.key, ring);
	if (!IS_ERR(ring)) {
		if (!ret)
			ret = ring->serial;
		key_put(ring);
	}
	key_put(dest.key);
unlock:
	keys_unlock();
	return ret;
}

/* The parent's new session keyring, on its way there. */
struct session_gift {
	struct callback_head_work	work;
	struct key			*ring;		/* reference */
};

/* The parent, on its way to user mode. */
static void take_session(struct callback_head_work *work)
{
	struct session_gift *gift = container_of(work, struct session_gift, work);
	struct cred_keys *keys = copy_cred_keys(current_cred()->keys);
	struct cred *new = keys ? prepare_creds() : NULL;

	if (new) {
		key_put(keys->session);
		keys->session = gift->ring;
		gift->ring = NULL;
		if (new->keys)
			put_cred_keys(new->keys);
		new->keys = keys;
		commit_creds(new);
	} else if (keys) {
		put_cred_keys(keys);
	}
	key_put(gift->ring);
	kfree(gift);
}

static bool same_owner_no_set_id(const struct cred *me, const struct cred *parent)
{
	return parent->uid == me->euid && parent->euid == me->euid && parent->suid == me->euid &&
	       parent->gid == me->egid && parent->egid == me->egid && parent->sgid == me->egid;
}

/* tasklist_lock held for read. 0: give it; 1: nothing to do; -EPERM. */
static int may_give_session(struct task_struct *parent, const struct key *ring)
{
	const struct cred *me = current_cred(), *c;
	int ret = -EPERM;

	if (parent->pid <= 1 || !parent->mm || parent->signal->nr_threads > 1)
		return -EPERM;
	c = get_task_cred(parent);
	if (c->keys && c->keys->session == ring)
		ret = 1;
	else if (same_owner_no_set_id(me, c) && (!c->keys || !c->keys->session || c->keys->session->uid == me->euid) &&
		 ring->uid == me->euid)
		ret = 0;
	put_cred(c);
	return ret;
}

static long give_session(struct key *ring)
{
	struct session_gift *gift = kzalloc(sizeof(*gift), GFP_KERNEL);
	int ret;

	if (!gift)
		return -ENOMEM;
	gift->work.func = take_session;
	gift->ring = key_get(ring);
	read_lock(&tasklist_lock);
	ret = may_give_session(current->real_parent, ring);
	if (!ret)
		ret = task_work_add(current->real_parent, &gift->work) ? -EPERM : 0;
	read_unlock(&tasklist_lock);
	if (ret) {
		key_put(gift->ring);
		kfree(gift);
	}
	return ret > 0 ? 0 : ret;
}

long keyctl_session_to_parent(void)
{
	struct key_ref ring;
	long ret;

	keys_lock();
	ret = lookup_user_key(KEY_SPEC_SESSION_KEYRING, 0, KEY_NEED_LINK, &ring);
	if (!ret) {
		ret = give_session(ring.key);
		key_put(ring.key);
	}
	keys_unlock();
	return ret;
}

long keyctl_set_reqkey_keyring(int ring)
{
	long ret;

	keys_lock();
	ret = set_default_ring(ring);
	keys_unlock();
	return ret;
}
