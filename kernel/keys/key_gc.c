// SPDX-License-Identifier: GPL-2.0-only
/*
 * Collecting keys: those that nobody refers to are freed; keyrings lose their links to keys that have been dead
 * for key_gc_delay seconds, or were invalidated.
 *
 * Locking: keys_mutex.  key_gc_dead() works in any context: the list is lock-free, a work item does the rest if no
 * keys_unlock() comes first.
 */
#include <kernel/keys/internal.h>

#include <kernel/lib/llist.h>
#include <kernel/workqueue.h>
#include <mm/mm.h>
#include <mm/slab.h>

int key_gc_delay = 300;

static void gc_work_fn(struct work_struct *work);
static void gc_links_fn(struct work_struct *work);
static DECLARE_WORK(gc_work, gc_work_fn);
static struct delayed_work gc_links;
static time64_t gc_links_at;		/* [k] 0: not waiting */
static LLIST_HEAD(dead_keys);		/* [a] count 0 */

static void free_key(struct key *key)
{
	keyring_clear(key);
	key_return_quota(key);
	rb_erase(&key->node, &key_serials);
	kvfree(key->links);
	kvfree(key->data);
	put_key_user(key->user);
	kfree(key->desc);
	kfree(key);
}

void key_gc_dead(struct key *key)
{
	llist_add(&key->dead, &dead_keys);
	schedule_work(&gc_work);
}

void key_gc_reap(void)
{
	struct llist_node *n;

	while (unlikely(!llist_empty(&dead_keys))) {	/* a keyring's end may be that of its keys */
		n = llist_del_all(&dead_keys);
		while (n) {
			struct key *key = container_of(n, struct key, dead);

			n = n->next;
			free_key(key);
		}
	}
}

static void gc_work_fn(struct work_struct *work)
{
	keys_lock();
	keys_unlock();
}

/* ---- links to the dead ------------------------------------------------------------------------- */

/* When @key's links are to go; 0: it lives for ever. */
static time64_t death_of(const struct key *key)
{
	if (key->flags & KEY_FLAG_REVOKED)
		return key->revoked_at + key_gc_delay;
	return key->expiry ? key->expiry + key_gc_delay : 0;
}

static void gc_links_fn(struct work_struct *work)
{
	time64_t now = key_now(), soonest = 0;
	struct rb_node *n;

	keys_lock();
	gc_links_at = 0;
	for (n = rb_first(&key_serials); n; n = rb_next(n)) {
		struct key *key = rb_entry(n, struct key, node);
		time64_t death = death_of(key);

		if (death > now && (!soonest || death < soonest))
			soonest = death;
		keyring_drop_dead(key, now - key_gc_delay);
	}
	if (soonest)
		key_gc_at(soonest);
	keys_unlock();
}

void key_gc_at(time64_t when)
{
	time64_t now = key_now();

	ASSERT(mutex_is_locked(&keys_mutex));
	if (gc_links_at && gc_links_at <= when)
		return;
	gc_links_at = max(when, (time64_t)1);
	if (!gc_links.work.func)
		INIT_DELAYED_WORK(&gc_links, gc_links_fn);
	mod_delayed_work(system_wq, &gc_links, when > now ? (when - now) * NSEC_PER_SEC : 0);
}
