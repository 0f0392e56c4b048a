// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which keyrings a process has: those of its thread, itself, its session and its user; the special ids that
 * mean them; what fork and exec do with them.  Interface: kernel/keys/internal.h and <kernel/keys/keys.h>.
 *
 * The keyrings of users hang in one of the kernel's, .user_reg, so that they stay when the user's processes end.
 *
 * Locking: keys_mutex; struct cred_keys and struct cred are immutable once they are a task's.
 */
#include <kernel/keys/internal.h>

#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/signal.h>
#include <mm/slab.h>

#define POS_ALL		KEY_POS(KEY_NEED_ALL)
#define NO_GID		((gid_t)-1)

static struct key *user_register;	/* [k] .user_reg */

static const struct cred_keys no_keys;

static const struct cred_keys *current_keys(void)
{
	return current_cred()->keys ? current_cred()->keys : &no_keys;
}

/* ---- struct cred_keys -------------------------------------------------------------------------- */

struct cred_keys *copy_cred_keys(const struct cred_keys *old)
{
	struct cred_keys *new = kzalloc(sizeof(*new), GFP_KERNEL);

	if (!new)
		return NULL;
	refcount_set(&new->usage, 1);
	if (!old)
		return new;
	new->thread = old->thread ? key_get(old->thread) : NULL;
	new->process = old->process ? key_get(old->process) : NULL;
	new->session = old->session ? key_get(old->session) : NULL;
	new->default_ring = old->default_ring;
	return new;
}

void put_cred_keys(struct cred_keys *keys)
{
	if (!refcount_dec_and_test(&keys->usage))
		return;
	key_put(keys->thread);
	key_put(keys->process);
	key_put(keys->session);
	kfree(keys);
}

/* Credentials to commit with keys of their own to change; NULL: no memory. */
static struct cred *prepare_creds_and_keys(void)
{
	struct cred *new = prepare_creds();
	struct cred_keys *keys;

	if (!new)
		return NULL;
	keys = copy_cred_keys(new->keys);
	if (!keys) {
		abort_creds(new);
		return NULL;
	}
	if (new->keys)
		put_cred_keys(new->keys);
	new->keys = keys;
	return new;
}

static struct key *alloc_own_keyring(const struct cred *c, const char *desc, unsigned int user_perms, int quota)
{
	struct key_attr attr = { c->uid, c->gid, POS_ALL | KEY_USR(user_perms), quota };

	return keyring_alloc(desc, &attr);
}

/* ---- fork and exec ----------------------------------------------------------------------------- */

const struct cred *keys_fork_creds(const struct cred *c, u64 clone_flags)
{
	struct cred_keys *keys = c->keys;
	bool thread = clone_flags & CLONE_THREAD;
	struct key *ring = NULL;
	struct cred *new;

	if (!keys->thread && (thread || !keys->process))
		return get_cred(get_cred(c));
	new = prepare_creds_and_keys();
	if (!new)
		return ERR_PTR(-ENOMEM);
	keys = new->keys;
	if (keys->thread && thread) {		/* a new thread has one if its parent has */
		keys_lock();
		ring = alloc_own_keyring(new, "_tid", KEY_NEED_VIEW, KEY_ALLOC_OVERRUN);
		keys_unlock();
		if (IS_ERR(ring)) {
			abort_creds(new);
			return ERR_CAST(ring);
		}
	}
	key_put(keys->thread);
	keys->thread = ring;
	if (!thread) {
		key_put(keys->process);
		keys->process = NULL;
	}
	return get_cred(new);
}

int keys_exec_creds(struct cred *new)
{
	struct cred_keys *keys = new->keys;

	if (!keys->thread && !keys->process)
		return 0;
	keys = copy_cred_keys(new->keys);
	if (!keys)
		return -ENOMEM;
	put_cred_keys(new->keys);
	key_put(keys->thread);
	key_put(keys->process);
	keys->thread = keys->process = NULL;
	new->keys = keys;
	return 0;
}

void keys_follow_fsids(const struct cred *new)
{
	if (!new->keys->thread)
		return;
	keys_lock();
	new->keys->thread->uid = new->fsuid;
	new->keys->thread->gid = new->fsgid;
	keys_unlock();
}

/* ---- keyrings of users ------------------------------------------------------------------------- */

static struct key *get_user_register(void)
{
	struct key_attr attr = { 0, NO_GID, KEY_POS(KEY_NEED_WRITE | KEY_NEED_SEARCH) |
				 KEY_USR(KEY_NEED_VIEW | KEY_NEED_READ), KEY_ALLOC_IN_QUOTA };
	struct key *reg;

	if (user_register)
		return user_register;
	reg = keyring_alloc(".user_reg", &attr);
	if (!IS_ERR(reg))
		user_register = reg;
	return reg;
}

/* The user's keyring of that name in the register, made if need be; no reference. */
static struct key *user_ring(struct key *reg, uid_t uid, const char *format)
{
	struct key_attr attr = { uid, NO_GID, KEY_POS(KEY_NEED_ALL & ~KEY_NEED_SETATTR) | KEY_USR(KEY_NEED_ALL),
				 KEY_ALLOC_IN_QUOTA };
	struct key *ring;
	char name[24];
	int err;

	snprintf(name, sizeof(name), format, uid);
	ring = keyring_find(reg, &key_type_keyring, name);
	if (ring)
		return ring;
	ring = keyring_alloc(name, &attr);
	if (IS_ERR(ring))
		return ring;
	ring->flags |= KEY_FLAG_UID_KEYRING;
	err = key_link(reg, ring);
	key_put(ring);				/* the register has it, or nobody */
	return err ? ERR_PTR(err) : ring;
}

/* @session: the user's session keyring, which holds a link to the user's; else that. No reference. */
static struct key *lookup_user_ring(bool session)
{
	uid_t uid = current_cred()->user->uid;
	struct key *reg = get_user_register(), *user, *ses;
	int err;

	if (IS_ERR(reg))
		return reg;
	user = user_ring(reg, uid, "_uid.%u");
	if (IS_ERR(user))
		return user;
	ses = user_ring(reg, uid, "_uid_ses.%u");
	if (IS_ERR(ses))
		return ses;
	if (!ses->nr_links) {
		err = key_link(ses, user);
		if (err)
			return ERR_PTR(err);
	}
	return session ? ses : user;
}

/* If it is there already, for searches. */
static struct key *existing_user_session(void)
{
	char name[24];

	if (!user_register)
		return NULL;
	snprintf(name, sizeof(name), "_uid_ses.%u", current_cred()->user->uid);
	return keyring_find(user_register, &key_type_keyring, name);
}

/* ---- keyrings of the task ---------------------------------------------------------------------- */

static int install_thread_ring(void)
{
	struct cred *new = prepare_creds_and_keys();
	struct key *ring;

	if (!new)
		return -ENOMEM;
	ring = alloc_own_keyring(new, "_tid", KEY_NEED_VIEW, KEY_ALLOC_OVERRUN);
	if (IS_ERR(ring)) {
		abort_creds(new);
		return PTR_ERR(ring);
	}
	new->keys->thread = ring;
	return commit_creds(new);
}

static int install_process_ring(void)
{
	struct cred *new = prepare_creds_and_keys();
	struct key *ring;

	if (!new)
		return -ENOMEM;
	ring = alloc_own_keyring(new, "_pid", KEY_NEED_VIEW, KEY_ALLOC_OVERRUN);
	if (IS_ERR(ring)) {
		abort_creds(new);
		return PTR_ERR(ring);
	}
	new->keys->process = ring;
	return commit_creds(new);
}

/* @ring NULL: a fresh one. Consumes the reference. */
static int install_session_ring(struct key *ring)
{
	struct cred *new = prepare_creds_and_keys();

	if (!new) {
		key_put(ring);
		return -ENOMEM;
	}
	if (!ring)
		ring = alloc_own_keyring(new, "_ses", KEY_NEED_VIEW | KEY_NEED_READ,
					 new->keys->session ? KEY_ALLOC_IN_QUOTA : KEY_ALLOC_OVERRUN);
	if (IS_ERR(ring)) {
		abort_creds(new);
		return PTR_ERR(ring);
	}
	key_put(new->keys->session);
	new->keys->session = ring;
	return commit_creds(new);
}

long join_session_keyring(const char *name)
{
	struct key *ring = NULL;
	int err;

	if (name) {
		ring = find_keyring_by_name(name);
		if (ring == ERR_PTR(-ENOKEY))
			ring = alloc_own_keyring(current_cred(), name, KEY_NEED_VIEW | KEY_NEED_READ | KEY_NEED_LINK,
						 KEY_ALLOC_IN_QUOTA);
		if (IS_ERR(ring))
			return PTR_ERR(ring);
		if (ring == current_keys()->session) {
			key_put(ring);
			return 0;
		}
	}
	err = install_session_ring(ring);
	return err ? err : current_keys()->session->serial;
}

int set_default_ring(int ring)
{
	int old = current_keys()->default_ring, err = 0;
	struct cred *new;

	switch (ring) {
	case KEY_REQKEY_DEFL_NO_CHANGE:
		return old;
	case KEY_REQKEY_DEFL_THREAD_KEYRING:
		err = current_keys()->thread ? 0 : install_thread_ring();
		break;
	case KEY_REQKEY_DEFL_PROCESS_KEYRING:
		err = current_keys()->process ? 0 : install_process_ring();
		break;
	case KEY_REQKEY_DEFL_DEFAULT:
	case KEY_REQKEY_DEFL_SESSION_KEYRING:
	case KEY_REQKEY_DEFL_USER_KEYRING:
	case KEY_REQKEY_DEFL_USER_SESSION_KEYRING:
	case KEY_REQKEY_DEFL_REQUESTOR_KEYRING:
		break;
	default:
		return -EINVAL;
	}
	if (err)
		return err;
	new = prepare_creds_and_keys();
	if (!new)
		return -ENOMEM;
	new->keys->default_ring = ring;
	commit_creds(new);
	return old;
}

/* ---- searching and looking up ------------------------------------------------------------------ */

/* Of two failures "there is none" says more than "one may not". */
static void note_failure(int err, int *none, int *other)
{
	if (err == -EAGAIN)
		*none = err;
	else
		*other = err;
}

struct key *search_process_keyrings(const struct key_search *what)
{
	const struct cred_keys *keys = current_keys();
	struct key *rings[] = { keys->thread, keys->process, keys->session };
	int none = 0, other = -EAGAIN;
	unsigned int i;

	if (!rings[2])
		rings[2] = existing_user_session();
	for (i = 0; i < ARRAY_SIZE(rings); i++) {
		struct key *key = rings[i] ? keyring_search(rings[i], true, what) : NULL;

		if (key && !IS_ERR(key))
			return key;
		if (key)
			note_failure(PTR_ERR(key), &none, &other);
	}
	return ERR_PTR(none ? none : other);
}

static int session_ring(unsigned int flags)
{
	struct key *session = current_keys()->session;

	if (session && !((session->flags & KEY_FLAG_UID_KEYRING) && (flags & KEY_LOOKUP_CREATE)))
		return 0;
	if (flags & KEY_LOOKUP_CREATE)
		return install_session_ring(NULL);
	session = lookup_user_ring(true);
	return IS_ERR(session) ? PTR_ERR(session) : install_session_ring(key_get(session));
}

/* The keyring that a special id means, no reference. */
static struct key *special_ring(s32 id, unsigned int flags)
{
	int err = 0;

	switch (id) {
	case KEY_SPEC_THREAD_KEYRING:
		if (!current_keys()->thread)
			err = flags & KEY_LOOKUP_CREATE ? install_thread_ring() : -ENOKEY;
		return err ? ERR_PTR(err) : current_keys()->thread;
	case KEY_SPEC_PROCESS_KEYRING:
		if (!current_keys()->process)
			err = flags & KEY_LOOKUP_CREATE ? install_process_ring() : -ENOKEY;
		return err ? ERR_PTR(err) : current_keys()->process;
	case KEY_SPEC_SESSION_KEYRING:
		err = session_ring(flags);
		return err ? ERR_PTR(err) : current_keys()->session;
	case KEY_SPEC_USER_KEYRING:
		return lookup_user_ring(false);
	case KEY_SPEC_USER_SESSION_KEYRING:
		return lookup_user_ring(true);
	case KEY_SPEC_REQKEY_AUTH_KEY:
	case KEY_SPEC_REQUESTOR_KEYRING:
		return ERR_PTR(-ENOKEY);	/* nobody instantiates keys for others here */
	}
	return ERR_PTR(-EINVAL);
}

/* Is it in one of our keyrings? */
static bool is_possessed(const struct key *key)
{
	struct key_search what = { .exactly = key };
	struct key *found = search_process_keyrings(&what);

	if (IS_ERR(found))
		return false;
	key_put(found);
	return true;
}

int lookup_user_key(s32 id, unsigned int flags, unsigned int need, struct key_ref *ref)
{
	struct key *key;
	int err = 0;

	ASSERT(mutex_is_locked(&keys_mutex));
	if (id < 1) {
		key = special_ring(id, flags);
		if (IS_ERR(key))
			return PTR_ERR(key);
		*ref = (struct key_ref){ key_get(key), true };
	} else {
		key = key_lookup(id);
		if (!key)
			return -ENOKEY;
		*ref = (struct key_ref){ key, is_possessed(key) };
	}
	if (flags & KEY_LOOKUP_UNLINK)
		return 0;
	if (!(flags & KEY_LOOKUP_DEFER))
		err = key_validate(key);
	if (!err)
		err = key_permission(key, ref->possessed, need);
	if (err)
		key_put(key);
	return err;
}
