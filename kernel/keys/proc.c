// SPDX-License-Identifier: GPL-2.0-only
/* /proc/keys: the keys that the reader may view; /proc/key-users; /proc/sys/kernel/keys. Locking: keys_mutex. */
#include <kernel/keys/internal.h>

#include <fs/procfs/proc_fs.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/vsprintf.h>

/* The time left, in the largest unit that fits. */
static void show_expiry(struct seq_file *m, const struct key *key)
{
	static const struct {
		unsigned int	seconds;
		char		unit;
	} units[] = { { 604800, 'w' }, { 86400, 'd' }, { 3600, 'h' }, { 60, 'm' }, { 1, 's' } };
	time64_t left = key->expiry - key_now();
	char text[24];
	unsigned int i;

	if (!key->expiry) {
		seq_puts(m, "perm");
	} else if (left <= 0) {
		seq_puts(m, "expd");
	} else {
		for (i = 0; left < units[i].seconds; i++)
			;
		snprintf(text, sizeof(text), "%llu%c", div_u64(left, units[i].seconds), units[i].unit);
		seq_printf(m, "%4s", text);
	}
}

static void show_key(struct seq_file *m, const struct key *key)
{
	const struct user_namespace *ns = current_user_ns();
	unsigned int flags = key->flags;

	seq_printf(m, "%08x I%c-%c--%c %5u ", key->serial, flags & KEY_FLAG_REVOKED ? 'R' : '-',
		   flags & KEY_FLAG_IN_QUOTA ? 'Q' : '-', flags & KEY_FLAG_INVALIDATED ? 'i' : '-',
		   refcount_read(&key->usage));
	show_expiry(m, key);
	seq_printf(m, " %08x %5u %5u %-9.9s %s: ", key->perm, from_kuid_munged(ns, key->uid),
		   from_kgid_munged(ns, key->gid), key->type->name, key->desc);
	if (key->type != &key_type_keyring)
		seq_printf(m, "%u\n", key->datalen);
	else if (key->nr_links)
		seq_printf(m, "%u\n", key->nr_links);
	else
		seq_puts(m, "empty\n");
}

static bool may_view(const struct key *key)
{
	struct key_search what = { .exactly = key };
	struct key *found;
	bool possessed;

	if (!refcount_read(&key->usage))
		return false;
	if (!key_permission(key, false, KEY_NEED_VIEW))
		return true;
	found = search_process_keyrings(&what);
	possessed = !IS_ERR(found);
	if (possessed)
		key_put(found);
	return possessed && !key_permission(key, true, KEY_NEED_VIEW);
}

static int keys_show(struct seq_file *m, void *data)
{
	struct rb_node *n;

	keys_lock();
	for (n = rb_first(&key_serials); n; n = rb_next(n)) {
		const struct key *key = rb_entry(n, struct key, node);

		if (may_view(key))
			show_key(m, key);
	}
	keys_unlock();
	return 0;
}

static int key_users_show(struct seq_file *m, void *data)
{
	const struct key_user *u;

	keys_lock();
	list_for_each_entry(u, &key_users, list)
		seq_printf(m, "%5u: %5u %u/%u %u/%d %u/%d\n", from_kuid_munged(current_user_ns(), u->uid),
			   u->nkeys + !u->uid, u->nkeys, u->nkeys, u->qnkeys,
			   u->uid ? key_maxkeys : key_root_maxkeys, u->qnbytes,
			   u->uid ? key_maxbytes : key_root_maxbytes);
	keys_unlock();
	return 0;
}

#define KEY_SYSCTL(name, variable, least) { \
	.procname = name, .data = &(variable), .maxlen = sizeof(variable), .mode = 0644, .min = least, .max = INT_MAX, }

static const struct ctl_table keys_table[] = {
	KEY_SYSCTL("maxkeys", key_maxkeys, 1),
	KEY_SYSCTL("maxbytes", key_maxbytes, 1),
	KEY_SYSCTL("root_maxkeys", key_root_maxkeys, 1),
	KEY_SYSCTL("root_maxbytes", key_root_maxbytes, 1),
	KEY_SYSCTL("gc_delay", key_gc_delay, 0),
	KEY_SYSCTL("persistent_keyring_expiry", persistent_keyring_expiry, 0),
};

void keys_init(void)
{
	proc_create_single("keys", 0444, NULL, keys_show, NULL);
	proc_create_single("key-users", 0444, NULL, key_users_show, NULL);
	sysctl_register("kernel/keys", keys_table, ARRAY_SIZE(keys_table));
}
