// SPDX-License-Identifier: GPL-2.0-only
/*
 * The dentry cache: names in directories and the inodes (or the absence of one) they mean.
 *
 * Interface: <fs/vfs.h>.  Dentries hang below their parent (each child holds a reference to it) and, while they
 * may be found by name, in a hash by (parent, name).  A dentry nobody uses (d_count 0) stays cached on the
 * LRU list until memory is short; one that is unhashed dies with its last reference.  Its memory goes when
 * no lock-free walk (lazy_walk.c) can look at it any more.
 *
 * Life and death: a reference is taken from nothing only with dget_live(), which refuses a dead dentry;
 * dentry_claim() turns count 0 into DENTRY_DEAD, after which its caller alone takes it apart.
 *
 * Locks: rename_lock > d_lock (parent before child) > hash bucket, LRU lock > inode->i_lock.  d_name and
 * d_parent change under rename_lock, the parents' and the dentries' d_lock, while the dentry is out of the hash.
 */
#include <fs/internal.h>

#include <fs/walk_guard.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/log2.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/random.h>
#include <mm/mm.h>
#include <mm/page_alloc.h>

#define DENTRY_DEAD	(-128)		/* d_count of a dentry that is being taken apart */

/* Names that do not fit into d_iname; shared by dentries that were renamed onto each other's name. */
struct external_name {
	atomic_t	count;
	unsigned char	name[];
};

struct dentry_bucket *dentry_hash;		/* [I] */
unsigned int dentry_hash_shift;			/* [I] */
static struct kmem_cache *dentry_cache;
static DEFINE_SPINLOCK_RANK(dentry_lru_lock, LOCK_RANK_DCACHE);
static LIST_HEAD(dentry_lru);			/* dentry_lru_lock; oldest first */
static unsigned long nr_unused_dentries;	/* dentry_lru_lock */

DEFINE_SEQLOCK_RANK(rename_lock, LOCK_RANK_RENAME_SEQ);
u32 name_hash_seed;				/* [I] */

/* d_lock held: from unused to dead. false: somebody has taken a reference. */
static bool dentry_claim(struct dentry *dentry)
{
	return atomic_cmpxchg(&dentry->d_count, 0, DENTRY_DEAD) == 0;
}

/* Changes of what a dentry means are bracketed, for lock-free readers. d_lock held. */
static void d_seq_begin(struct dentry *dentry)
{
	WRITE_ONCE(dentry->d_seq, dentry->d_seq + 1);
	smp_wmb();
}

static void d_seq_end(struct dentry *dentry)
{
	smp_store_release(&dentry->d_seq, dentry->d_seq + 1);
}

/* ---- names ---------------------------------------------------------------------------------- */

static bool name_is_external(const struct dentry *dentry)
{
	return dentry->d_name.name != dentry->d_iname;
}

static struct external_name *external_name(const struct dentry *dentry)
{
	return container_of((unsigned char (*)[])dentry->d_name.name, struct external_name, name);
}

/* @dentry does without its name. The name, if it was the last to have it; else NULL. */
static struct external_name *name_put(struct dentry *dentry)
{
	return name_is_external(dentry) && atomic_dec_and_test(&external_name(dentry)->count) ?
	       external_name(dentry) : NULL;
}

static void name_free(void *name)
{
	kfree(name);
}

static void name_release(struct dentry *dentry)
{
	struct external_name *name = name_put(dentry);

	if (name)
		free_after_walks(name, name_free);
}

static int name_set(struct dentry *dentry, const struct qstr *name)
{
	unsigned char *text = dentry->d_iname;

	if (name->len >= DNAME_INLINE_LEN) {
		struct external_name *ext = kmalloc(sizeof(*ext) + name->len + 1, GFP_KERNEL);

		if (!ext)
			return -ENOMEM;
		atomic_set(&ext->count, 1);
		text = ext->name;
	}
	memcpy(text, name->name, name->len);
	text[name->len] = '\0';
	dentry->d_name.name = text;
	dentry->d_name.len = name->len;
	dentry->d_name.hash = name->hash;
	return 0;
}

/* @dentry takes on @target's name, which keeps it too. */
static void name_copy(struct dentry *dentry, const struct dentry *target)
{
	name_release(dentry);
	if (name_is_external(target)) {
		atomic_inc(&external_name(target)->count);
		dentry->d_name.name = target->d_name.name;
	} else {
		memcpy(dentry->d_iname, target->d_iname, DNAME_INLINE_LEN);
		dentry->d_name.name = dentry->d_iname;
	}
	dentry->d_name.len = target->d_name.len;
	dentry->d_name.hash = target->d_name.hash;
}

static void name_swap(struct dentry *a, struct dentry *b)
{
	bool a_external = name_is_external(a), b_external = name_is_external(b);
	unsigned char text[DNAME_INLINE_LEN];
	struct qstr name = a->d_name;

	memcpy(text, a->d_iname, DNAME_INLINE_LEN);
	memcpy(a->d_iname, b->d_iname, DNAME_INLINE_LEN);
	memcpy(b->d_iname, text, DNAME_INLINE_LEN);
	a->d_name = b->d_name;
	b->d_name = name;
	if (!b_external)
		a->d_name.name = a->d_iname;
	if (!a_external)
		b->d_name.name = b->d_iname;
}

/* ---- making ---------------------------------------------------------------------------------- */

static struct dentry *dentry_new(struct super_block *sb, const struct qstr *name)
{
	struct dentry *dentry = kmem_cache_alloc(dentry_cache, GFP_KERNEL);

	if (!dentry)
		return NULL;
	if (name_set(dentry, name)) {
		kmem_cache_free(dentry_cache, dentry);
		return NULL;
	}
	dentry->d_flags = 0;
	dentry->d_seq = 0;
	INIT_HLIST_NODE(&dentry->d_hash);
	INIT_HLIST_NODE(&dentry->d_alias);
	dentry->d_parent = dentry;
	dentry->d_inode = NULL;
	atomic_set(&dentry->d_count, 1);
	spin_lock_init_rank(&dentry->d_lock, LOCK_RANK_DENTRY);
	dentry->d_op = sb->s_d_op;
	dentry->d_sb = sb;
	dentry->d_fsdata = NULL;
	INIT_LIST_HEAD(&dentry->d_lru);
	INIT_LIST_HEAD(&dentry->d_child);
	INIT_LIST_HEAD(&dentry->d_subdirs);
	return dentry;
}

struct dentry *d_alloc(struct dentry *parent, const struct qstr *name)
{
	struct dentry *dentry = dentry_new(parent->d_sb, name);

	if (!dentry)
		return NULL;
	dentry->d_parent = dget(parent);
	spin_lock(&parent->d_lock);
	list_add(&dentry->d_child, &parent->d_subdirs);
	spin_unlock(&parent->d_lock);
	return dentry;
}

struct dentry *d_alloc_anon(struct super_block *sb)
{
	return dentry_new(sb, &QSTR("/"));
}

struct dentry *d_alloc_cursor(struct dentry *parent)
{
	return d_alloc(parent, &QSTR("."));
}

/* Of files without a directory: shared memory, memfd. */
static char *pseudo_dname(struct dentry *dentry, char *buf, int len)
{
	int n = snprintf(buf, len, "/%s (deleted)", dentry->d_name.name);

	return n < len ? buf : ERR_PTR(-ENAMETOOLONG);
}

static const struct dentry_operations pseudo_ops = { .d_dname = pseudo_dname };

struct dentry *d_alloc_pseudo(struct super_block *sb, const struct qstr *name)
{
	struct dentry *dentry = dentry_new(sb, name);

	if (dentry && !dentry->d_op)
		dentry->d_op = &pseudo_ops;
	return dentry;
}

struct dentry *d_make_root(struct inode *root)
{
	struct dentry *dentry;

	if (!root)
		return NULL;
	dentry = d_alloc_anon(root->i_sb);
	if (dentry)
		d_instantiate(dentry, root);
	else
		iput(root);
	return dentry;
}

void d_instantiate(struct dentry *dentry, struct inode *inode)
{
	if (!inode)
		return;
	if (S_ISDIR(inode->i_mode))
		lock_debug_set_rank(lock_debug_of(&inode->i_rwsem), LOCK_RANK_INODE_DIR);
	spin_lock(&dentry->d_lock);
	spin_lock(&inode->i_lock);
	hlist_add_head(&dentry->d_alias, &inode->i_dentry);
	spin_unlock(&inode->i_lock);
	d_seq_begin(dentry);
	smp_store_release(&dentry->d_inode, inode);
	d_seq_end(dentry);
	spin_unlock(&dentry->d_lock);
}

/* ---- the hash -------------------------------------------------------------------------------- */

/* d_lock held: d_parent and the name stand still. */
static void d_rehash_locked(struct dentry *dentry)
{
	struct dentry_bucket *b = dentry_bucket(dentry->d_parent, dentry->d_name.hash);

	spin_lock(&b->lock);
	smp_wmb();	/* lock-free walkers see a complete dentry */
	hlist_add_head(&dentry->d_hash, &b->head);
	spin_unlock(&b->lock);
}

static void d_unhash_locked(struct dentry *dentry)
{
	struct dentry_bucket *b;

	if (d_unhashed(dentry))
		return;
	b = dentry_bucket(dentry->d_parent, dentry->d_name.hash);
	spin_lock(&b->lock);
	hlist_del_init(&dentry->d_hash);
	spin_unlock(&b->lock);
}

void d_rehash(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	if (d_unhashed(dentry))
		d_rehash_locked(dentry);
	spin_unlock(&dentry->d_lock);
}

void d_drop(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	d_seq_begin(dentry);
	d_unhash_locked(dentry);
	d_seq_end(dentry);
	spin_unlock(&dentry->d_lock);
}

void d_add(struct dentry *dentry, struct inode *inode)
{
	d_instantiate(dentry, inode);
	d_rehash(dentry);
}

struct dentry *d_lookup(const struct dentry *parent, const struct qstr *name)
{
	struct dentry_bucket *b = dentry_bucket(parent, name->hash);
	struct dentry *dentry, *found = NULL;

	if (hlist_empty(&b->head))
		return NULL;
	spin_lock(&b->lock);
	hlist_for_each_entry(dentry, &b->head, d_hash) {
		if (dentry->d_name.hash != name->hash || dentry->d_parent != parent ||
		    dentry->d_name.len != name->len ||
		    memcmp(dentry->d_name.name, name->name, name->len))
			continue;
		if (dget_live(dentry))
			found = dentry;
		break;
	}
	spin_unlock(&b->lock);
	return found;
}

/* ---- letting go ------------------------------------------------------------------------------ */

/* d_lock held. */
static void dentry_lru_add(struct dentry *dentry)
{
	if (dentry->d_flags & DCACHE_LRU) {
		dentry->d_flags |= DCACHE_REFERENCED;
		return;
	}
	dentry->d_flags |= DCACHE_LRU;
	spin_lock(&dentry_lru_lock);
	list_add_tail(&dentry->d_lru, &dentry_lru);
	nr_unused_dentries++;
	spin_unlock(&dentry_lru_lock);
}

/* d_lock and dentry_lru_lock held. */
static void dentry_lru_del_locked(struct dentry *dentry)
{
	dentry->d_flags &= ~(DCACHE_LRU | DCACHE_REFERENCED);
	list_del_init(&dentry->d_lru);
	nr_unused_dentries--;
}

static void dentry_lru_del(struct dentry *dentry)
{
	if (!(dentry->d_flags & DCACHE_LRU))
		return;
	spin_lock(&dentry_lru_lock);
	dentry_lru_del_locked(dentry);
	spin_unlock(&dentry_lru_lock);
}

/* d_lock held, in d_seq: the dentry becomes negative. Returns the inode, for iput() once the lock is dropped. */
static struct inode *dentry_take_inode(struct dentry *dentry)
{
	struct inode *inode = dentry->d_inode;

	if (!inode)
		return NULL;
	WRITE_ONCE(dentry->d_inode, NULL);
	spin_lock(&inode->i_lock);
	hlist_del_init(&dentry->d_alias);
	spin_unlock(&inode->i_lock);
	return inode;
}

static void dentry_free(void *arg)
{
	struct dentry *dentry = arg;

	kfree(name_put(dentry));
	kmem_cache_free(dentry_cache, dentry);
}

/* A claimed dentry, d_lock held: take it apart. Returns the parent, whose reference is now the caller's. */
static struct dentry *dentry_finish(struct dentry *dentry)
{
	struct dentry *parent = dentry->d_parent;
	struct inode *inode;

	d_seq_begin(dentry);
	d_unhash_locked(dentry);
	inode = dentry_take_inode(dentry);
	d_seq_end(dentry);
	dentry_lru_del(dentry);
	spin_unlock(&dentry->d_lock);

	if (parent == dentry) {
		parent = NULL;
	} else {
		spin_lock(&parent->d_lock);
		list_del_init(&dentry->d_child);
		spin_unlock(&parent->d_lock);
	}
	if (dentry->d_op && dentry->d_op->d_release)
		dentry->d_op->d_release(dentry);
	iput(inode);
	free_after_walks(dentry, dentry_free);
	return parent;
}

/* d_lock held: is it worth keeping though nobody uses it? */
static bool dentry_is_kept(const struct dentry *dentry)
{
	if (d_unhashed(dentry) || (dentry->d_flags & DCACHE_DONTCACHE))
		return false;
	return !(dentry->d_op && dentry->d_op->d_delete && dentry->d_op->d_delete(dentry));
}

/* Drop what may be the last reference; returns the parent to drop next. */
static struct dentry *dput_last(struct dentry *dentry)
{
	spin_lock(&dentry->d_lock);
	if (!atomic_dec_and_test(&dentry->d_count)) {
		spin_unlock(&dentry->d_lock);
		return NULL;
	}
	if (dentry_is_kept(dentry)) {
		dentry_lru_add(dentry);
		spin_unlock(&dentry->d_lock);
		return NULL;
	}
	if (!dentry_claim(dentry)) {
		spin_unlock(&dentry->d_lock);
		return NULL;
	}
	return dentry_finish(dentry);
}

/* Not the last one? Then it is only a count. */
static inline bool dput_quick(struct dentry *dentry)
{
	int count = atomic_read(&dentry->d_count);

	while (count > 1)
		if (likely(try_cmpxchg_release(&dentry->d_count.counter, &count, count - 1)))
			return true;
	return false;
}

void dput(struct dentry *dentry)
{
	while (dentry && !dput_quick(dentry))
		dentry = dput_last(dentry);
}

/* After unlink or rmdir: a negative dentry if nobody else uses it, else one that is found no more. */
void d_delete(struct dentry *dentry)
{
	struct dentry_bucket *b;
	struct inode *inode = NULL;

	spin_lock(&dentry->d_lock);
	if (d_unhashed(dentry)) {
		spin_unlock(&dentry->d_lock);
		return;
	}
	b = dentry_bucket(dentry->d_parent, dentry->d_name.hash);
	/*
	 * Nobody may get hold of the dentry between the look at the count and the change: d_lookup() takes its
	 * reference under the bucket's lock; a lock-free walk reads d_seq after it has taken one, so either we
	 * see that reference or the walk sees that we are at work, and gives it back.
	 */
	spin_lock(&b->lock);
	d_seq_begin(dentry);
	smp_mb();
	if (atomic_read(&dentry->d_count) == 1)
		inode = dentry_take_inode(dentry);
	else
		hlist_del_init(&dentry->d_hash);
	d_seq_end(dentry);
	spin_unlock(&b->lock);
	dentry->d_flags &= ~DCACHE_CANT_MOUNT;
	spin_unlock(&dentry->d_lock);
	iput(inode);
}

/* ---- renaming -------------------------------------------------------------------------------- */

bool is_subdir_locked(const struct dentry *d, const struct dentry *parent)
{
	for (; d != parent; d = d->d_parent)
		if (d->d_parent == d)
			return false;
	return true;
}

bool is_subdir(const struct dentry *d, const struct dentry *parent)
{
	bool result;

	if (d == parent)
		return true;
	spin_lock(&rename_lock.lock);
	result = is_subdir_locked(d, parent);
	spin_unlock(&rename_lock.lock);
	return result;
}

/* rename_lock is held, so no other path locks two parents or two siblings. */
static void lock_for_move(struct dentry *a, struct dentry *b)
{
	struct dentry *pa = a->d_parent, *pb = b->d_parent;

	if (pa == pb) {
		spin_lock(&pa->d_lock);
	} else if (is_subdir_locked(pa, pb)) {
		spin_lock(&pb->d_lock);
		spin_lock_nested(&pa->d_lock);
	} else {
		spin_lock(&pa->d_lock);
		spin_lock_nested(&pb->d_lock);
	}
	spin_lock_nested(&a->d_lock);
	spin_lock_nested(&b->d_lock);
}

static void unlock_after_move(struct dentry *a, struct dentry *b, struct dentry *pa, struct dentry *pb)
{
	spin_unlock(&b->d_lock);
	spin_unlock(&a->d_lock);
	spin_unlock(&pb->d_lock);
	if (pa != pb)
		spin_unlock(&pa->d_lock);
}

static void move_or_exchange(struct dentry *dentry, struct dentry *target, bool exchange)
{
	struct dentry *old_parent, *new_parent;

	write_seqlock(&rename_lock);
	old_parent = dentry->d_parent;
	new_parent = target->d_parent;
	lock_for_move(dentry, target);
	d_seq_begin(dentry);
	d_seq_begin(target);
	d_unhash_locked(dentry);
	d_unhash_locked(target);
	if (exchange)
		name_swap(dentry, target);
	else
		name_copy(dentry, target);
	dentry->d_parent = new_parent;
	list_move(&dentry->d_child, &new_parent->d_subdirs);
	d_rehash_locked(dentry);
	if (exchange) {
		target->d_parent = old_parent;
		list_move(&target->d_child, &old_parent->d_subdirs);
		d_rehash_locked(target);
	} else {
		dget(new_parent);
	}
	d_seq_end(target);
	d_seq_end(dentry);
	unlock_after_move(dentry, target, old_parent, new_parent);
	write_sequnlock(&rename_lock);
	if (!exchange)
		dput(old_parent);
}

/* @dentry takes @target's place, which is found no more. Both parents are locked by the caller. */
void d_move(struct dentry *dentry, struct dentry *target)
{
	move_or_exchange(dentry, target, false);
}

void d_exchange(struct dentry *a, struct dentry *b)
{
	move_or_exchange(a, b, true);
}

/* ---- by inode, by parent --------------------------------------------------------------------- */

struct dentry *d_find_alias(struct inode *inode)
{
	struct dentry *dentry, *found = NULL;

	spin_lock(&inode->i_lock);
	hlist_for_each_entry(dentry, &inode->i_dentry, d_alias) {
		if ((S_ISDIR(inode->i_mode) || !d_unhashed(dentry)) && dget_live(dentry)) {
			found = dentry;
			break;
		}
	}
	spin_unlock(&inode->i_lock);
	return found;
}

struct dentry *d_find_any_alias(struct inode *inode)
{
	struct dentry *dentry, *found = NULL;

	spin_lock(&inode->i_lock);
	hlist_for_each_entry(dentry, &inode->i_dentry, d_alias) {
		if (dget_live(dentry)) {
			found = dentry;
			break;
		}
	}
	spin_unlock(&inode->i_lock);
	return found;
}

/* A directory has one place: if @inode is known elsewhere, that dentry moves here. */
struct dentry *d_splice_alias(struct inode *inode, struct dentry *dentry)
{
	struct dentry *alias;

	if (IS_ERR(inode))
		return ERR_CAST(inode);
	alias = inode && S_ISDIR(inode->i_mode) ? d_find_alias(inode) : NULL;
	if (!alias) {
		d_add(dentry, inode);
		return NULL;
	}
	if (is_subdir(dentry, alias)) {
		dput(alias);
		iput(inode);
		return ERR_PTR(-ELOOP);
	}
	d_move(alias, dentry);
	iput(inode);
	return alias;
}

struct dentry *dget_parent(struct dentry *dentry)
{
	struct dentry *parent;

	spin_lock(&dentry->d_lock);
	parent = dget(dentry->d_parent);
	spin_unlock(&dentry->d_lock);
	return parent;
}

void d_prune_aliases(struct inode *inode)
{
	struct dentry *dentry;

	for (;;) {
		struct dentry *unused = NULL;

		spin_lock(&inode->i_lock);
		hlist_for_each_entry(dentry, &inode->i_dentry, d_alias) {
			if (!atomic_read(&dentry->d_count) && dget_live(dentry)) {
				unused = dentry;
				break;
			}
		}
		spin_unlock(&inode->i_lock);
		if (!unused)
			return;
		d_drop(unused);
		dput(unused);
	}
}

/* Cached names below a directory that is about to go: only negative ones can be unused there. */
void d_prune_children(struct dentry *parent)
{
	struct dentry *child;

	if (list_empty(&parent->d_subdirs))
		return;
restart:
	spin_lock(&parent->d_lock);
	list_for_each_entry(child, &parent->d_subdirs, d_child) {
		if (atomic_read(&child->d_count))
			continue;
		spin_lock_nested(&child->d_lock);
		if (!dentry_claim(child)) {
			spin_unlock(&child->d_lock);
			continue;
		}
		spin_unlock(&parent->d_lock);
		dput(dentry_finish(child));
		goto restart;
	}
	spin_unlock(&parent->d_lock);
}

void d_invalidate(struct dentry *dentry)
{
	d_drop(dentry);
	shrink_dcache_parent(dentry);
}

/* ---- taking trees apart ---------------------------------------------------------------------- */

/* A child with a reference; waits for those that are dying. NULL: there is none. */
static struct dentry *live_child(struct dentry *parent)
{
	struct dentry *child;

	for (;;) {
		bool empty;

		spin_lock(&parent->d_lock);
		list_for_each_entry(child, &parent->d_subdirs, d_child) {
			if (dget_live(child)) {
				spin_unlock(&parent->d_lock);
				return child;
			}
		}
		empty = list_empty(&parent->d_subdirs);
		spin_unlock(&parent->d_lock);
		if (empty)
			return NULL;
		yield();
	}
}

/* @dentry has no children, we have a reference: drop it and, with @pins, the one that kept it in memory. */
static void kill_leaf(struct dentry *dentry, struct dentry *parent, bool pins)
{
	d_drop(dentry);
	if (pins && atomic_read(&dentry->d_count) > 1)
		atomic_dec(&dentry->d_count);
	if (atomic_read(&dentry->d_count) > 1) {
		WARN_ON_ONCE(true);	/* still used: leave it to its user */
		spin_lock(&parent->d_lock);
		list_del_init(&dentry->d_child);
		spin_unlock(&parent->d_lock);
	}
	dput(dentry);
}

/* Everything below @root, leaves first. Nobody else uses the tree but the LRU shrinker. */
static void kill_tree(struct dentry *root, bool pins)
{
	struct dentry *dentry = dget(root), *next;

	for (;;) {
		next = live_child(dentry);
		if (next) {
			atomic_dec(&dentry->d_count);	/* the child keeps it alive */
			dentry = next;
			continue;
		}
		if (dentry == root)
			break;
		next = dget(dentry->d_parent);
		kill_leaf(dentry, next, pins);
		dentry = next;
	}
	dput(root);
}

void d_genocide(struct dentry *root)
{
	kill_tree(root, true);
}

void shrink_dcache_for_umount(struct super_block *sb)
{
	struct dentry *root = sb->s_root;

	if (!root)
		return;
	kill_tree(root, false);
	sb->s_root = NULL;
	dput(root);
}

/* rename_lock (if @below) and dentry_lru_lock held: claim an unused dentry, d_lock is then held too. */
static struct dentry *claim_from_lru(const struct dentry *below)
{
	struct dentry *dentry, *next;

	list_for_each_entry_safe(dentry, next, &dentry_lru, d_lru) {
		if (below && (dentry == below || !is_subdir_locked(dentry, below)))
			continue;
		if (!spin_trylock(&dentry->d_lock))
			continue;
		if (!below && (dentry->d_flags & DCACHE_REFERENCED)) {
			dentry->d_flags &= ~DCACHE_REFERENCED;
			list_move_tail(&dentry->d_lru, &dentry_lru);
		} else if (dentry_claim(dentry)) {
			dentry_lru_del_locked(dentry);
			return dentry;
		} else if (!below) {
			dentry_lru_del_locked(dentry);	/* in use: comes back with its last dput() */
		}
		spin_unlock(&dentry->d_lock);
		if (!below)
			return NULL;
	}
	return NULL;
}

unsigned long prune_dcache(unsigned long nr)
{
	unsigned long freed = 0;

	while (nr--) {
		struct dentry *dentry;

		spin_lock(&dentry_lru_lock);
		dentry = claim_from_lru(NULL);
		spin_unlock(&dentry_lru_lock);
		if (!dentry)
			continue;
		dput(dentry_finish(dentry));
		freed++;
	}
	return freed;
}

void shrink_dcache_parent(struct dentry *parent)
{
	struct dentry *dentry;

	while (!list_empty(&parent->d_subdirs)) {
		spin_lock(&rename_lock.lock);
		spin_lock(&dentry_lru_lock);
		dentry = claim_from_lru(parent);
		spin_unlock(&dentry_lru_lock);
		spin_unlock(&rename_lock.lock);
		if (!dentry)
			return;
		dput(dentry_finish(dentry));
	}
}

static unsigned long dcache_count(struct shrinker *s)
{
	return READ_ONCE(nr_unused_dentries);
}

static unsigned long dcache_scan(struct shrinker *s, unsigned long nr)
{
	return prune_dcache(nr);
}

static struct shrinker dcache_shrinker = { .count = dcache_count, .scan = dcache_scan };

/* One bucket for each 64 KiB of memory, 256 to 65,536. */
void __init dcache_init(void)
{
	unsigned long i, n = clamp(totalram_pages() / 16, 256UL, 65536UL);

	name_hash_seed = get_random_u32() | 1;
	dentry_hash_shift = 32 - ilog2(n);
	n = 1UL << ilog2(n);
	dentry_hash = kvmalloc(n * sizeof(*dentry_hash), GFP_KERNEL | __GFP_ZERO | __GFP_NOFAIL);
	for (i = 0; i < n; i++)
		spin_lock_init_rank(&dentry_hash[i].lock, LOCK_RANK_DCACHE);
	dentry_cache = kmem_cache_create("dentry", sizeof(struct dentry), 0, SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	register_shrinker(&dcache_shrinker);
}
