// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mounts: objects, the trees they form, crossing from one to the other.
 *
 * Interface: <fs/vfs.h>, <fs/mount.h>.  Looking things up needs mount_lock (spin part); changing a tree needs
 * namespace_sem for writing and mount_lock as a seqlock writer.  References are dropped outside both.
 */
#include <fs/mount.h>

#include <fs/fs_context.h>
#include <fs/internal.h>
#include <fs/nsfs.h>
#include <fs/walk_guard.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/idr.h>
#include <kernel/lib/string.h>
#include <kernel/nsproxy.h>
#include <kernel/user_namespace.h>

#define MOUNT_HASH_BITS 8

DECLARE_RWSEM_RANK(namespace_sem, LOCK_RANK_NAMESPACE);
DEFINE_SEQLOCK_RANK(mount_lock, LOCK_RANK_MOUNT_HASH);
unsigned int mnt_generation;

static struct hlist_head mount_hash[1 << MOUNT_HASH_BITS];	/* [m] */
static LIST_HEAD(all_mounts);					/* [m] by mnt_instance */
static struct kmem_cache *mount_cache;
static DEFINE_MUTEX(mnt_id_lock);
static DEFINE_IDA(mnt_ids);					/* mnt_id_lock */

static struct hlist_head *mount_bucket(const struct vfsmount *mnt, const struct dentry *dentry)
{
	unsigned long key = (unsigned long)mnt / SMP_CACHE_BYTES + (unsigned long)dentry / SMP_CACHE_BYTES;

	return &mount_hash[hash_long(key, MOUNT_HASH_BITS)];
}

/* ---- references ------------------------------------------------------------------------------ */

struct vfsmount *mntget(struct vfsmount *mnt)
{
	if (mnt)
		atomic_inc(&real_mount(mnt)->mnt_count);
	return mnt;
}

static void free_mount(void *arg)
{
	kmem_cache_free(mount_cache, arg);
}

static void destroy_mount(struct mount *m)
{
	mutex_lock(&mnt_id_lock);
	ida_free(&mnt_ids, m->mnt_id);
	mutex_unlock(&mnt_id_lock);
	kfree(m->mnt_devname);
	free_after_walks(m, free_mount);
}

/* Hangs in no tree and nobody has it: only attached mounts can be looked up. */
static void cleanup_mount(struct mount *m)
{
	struct super_block *sb = m->mnt.mnt_sb;

	WARN_ON(atomic_read(&m->mnt_writers));
	write_seqlock(&mount_lock);
	list_del(&m->mnt_instance);
	write_sequnlock(&mount_lock);
	dput(m->mnt.mnt_root);
	deactivate_super(sb);
	destroy_mount(m);
}

void mntput_no_expire(struct vfsmount *mnt)
{
	if (atomic_dec_and_test(&real_mount(mnt)->mnt_count))
		cleanup_mount(real_mount(mnt));
}

void mntput(struct vfsmount *mnt)
{
	if (!mnt)
		return;
	if (unlikely(real_mount(mnt)->mnt_expiry_mark))
		real_mount(mnt)->mnt_expiry_mark = false;
	mntput_no_expire(mnt);
}

void path_get(const struct path *path)
{
	mntget(path->mnt);
	dget(path->dentry);
}

void path_put(const struct path *path)
{
	dput(path->dentry);
	mntput(path->mnt);
}

/* ---- making ---------------------------------------------------------------------------------- */

struct mount *alloc_mount(const char *devname)
{
	struct mount *m = kmem_cache_zalloc(mount_cache, GFP_KERNEL);

	if (!m)
		return NULL;
	mutex_lock(&mnt_id_lock);
	m->mnt_id = ida_alloc(&mnt_ids, GFP_KERNEL);
	mutex_unlock(&mnt_id_lock);
	if (m->mnt_id < 0) {
		kmem_cache_free(mount_cache, m);
		return NULL;
	}
	m->mnt_devname = kstrdup(devname ?: "none", GFP_KERNEL);
	if (!m->mnt_devname) {
		destroy_mount(m);
		return NULL;
	}
	atomic_set(&m->mnt_count, 1);
	m->mnt_parent = m;
	INIT_LIST_HEAD(&m->mnt_mounts);
	INIT_LIST_HEAD(&m->mnt_child);
	INIT_LIST_HEAD(&m->mnt_list);
	INIT_LIST_HEAD(&m->mnt_share);
	INIT_LIST_HEAD(&m->mnt_slave_list);
	INIT_LIST_HEAD(&m->mnt_slave);
	return m;
}

static void mount_set_root(struct mount *m, struct dentry *root)
{
	m->mnt.mnt_root = root;
	m->mnt.mnt_sb = root->d_sb;
	m->mnt_mountpoint = root;
	write_seqlock(&mount_lock);
	list_add_tail(&m->mnt_instance, &all_mounts);
	write_sequnlock(&mount_lock);
}

struct mount *vfs_create_mount(struct fs_context *fc)
{
	struct mount *m = alloc_mount(fc->source);

	if (!m)
		return ERR_PTR(-ENOMEM);
	atomic_inc(&fc->root->d_sb->s_active);
	mount_set_root(m, dget(fc->root));
	return m;
}

/* @m has a group id of its own if it is to begin a group. */
static void clone_propagation(struct mount *m, struct mount *old, unsigned int flags)
{
	if (flags & CL_PRIVATE)
		return;
	if ((flags & CL_SLAVE) || ((flags & CL_SHARED_TO_SLAVE) && IS_MNT_SHARED(old))) {
		list_add(&m->mnt_slave, &old->mnt_slave_list);
		m->mnt_master = old;
		m->mnt_shared = flags & CL_MAKE_SHARED;
		return;
	}
	if (IS_MNT_SHARED(old) || (flags & CL_MAKE_SHARED)) {
		m->mnt_group_id = old->mnt_group_id;
		m->mnt_shared = true;
		list_add(&m->mnt_share, &old->mnt_share);
	}
	if (old->mnt_master) {
		list_add(&m->mnt_slave, &old->mnt_slave);
		m->mnt_master = old->mnt_master;
	}
}

struct mount *clone_mount(struct mount *old, struct dentry *root, unsigned int flags)
{
	struct mount *m = alloc_mount(old->mnt_devname);

	if (!m)
		return ERR_PTR(-ENOMEM);
	if ((flags & CL_SLAVE) && (flags & CL_MAKE_SHARED)) {
		int err = mnt_alloc_group_id(m);

		if (err) {
			destroy_mount(m);
			return ERR_PTR(err);
		}
	}
	m->mnt.mnt_flags = old->mnt.mnt_flags;
	m->mnt_unbindable = old->mnt_unbindable && (flags & CL_KEEP_UNBINDABLE);
	atomic_inc(&old->mnt.mnt_sb->s_active);
	mount_set_root(m, dget(root));
	clone_propagation(m, old, flags);
	return m;
}

struct vfsmount *kern_mount(struct file_system_type *t)
{
	struct fs_context *fc = fs_context_for_mount(t, MS_KERNMOUNT);
	struct mount *m;
	int err;

	if (IS_ERR(fc))
		return ERR_CAST(fc);
	err = vfs_parse_fs_string(fc, "source", t->name) ?: vfs_get_tree(fc);
	m = err ? ERR_PTR(err) : vfs_create_mount(fc);
	put_fs_context(fc);
	return IS_ERR(m) ? ERR_CAST(m) : &m->mnt;
}

/* ---- trees ----------------------------------------------------------------------------------- */

static bool place_is_free(struct mount *parent, struct dentry *mountpoint)
{
	struct mount *there = __lookup_mnt(&parent->mnt, mountpoint);

	return !there || there->mnt_leaving;
}

/* References to parent and mountpoint are @m's already. */
static void link_mnt(struct mount *m, struct mount *parent, struct dentry *mountpoint)
{
	DEBUG_ASSERT(place_is_free(parent, mountpoint));	/* the lower of two could not be found any more */
	m->mnt_parent = parent;
	m->mnt_mountpoint = mountpoint;
	spin_lock(&mountpoint->d_lock);
	mountpoint->d_flags |= DCACHE_MOUNTED;
	spin_unlock(&mountpoint->d_lock);
	hlist_add_head(&m->mnt_hash, mount_bucket(&parent->mnt, mountpoint));
	list_add_tail(&m->mnt_child, &parent->mnt_mounts);
}

void attach_mnt(struct mount *m, struct mount *parent, struct dentry *mountpoint)
{
	mntget(&parent->mnt);
	dget(mountpoint);
	link_mnt(m, parent, mountpoint);
}

static bool is_mountpoint_of_any(const struct dentry *dentry)
{
	struct mount *m;

	list_for_each_entry(m, &all_mounts, mnt_instance)
		if (m->mnt_mountpoint == dentry && mnt_has_parent(m))
			return true;
	return false;
}

void detach_mnt(struct mount *m, struct path *old)
{
	struct dentry *mountpoint = m->mnt_mountpoint;

	old->mnt = &m->mnt_parent->mnt;
	old->dentry = mountpoint;
	m->mnt_parent = m;
	m->mnt_mountpoint = m->mnt.mnt_root;
	hlist_del_init(&m->mnt_hash);
	list_del_init(&m->mnt_child);
	if (is_mountpoint_of_any(mountpoint))
		return;
	spin_lock(&mountpoint->d_lock);
	mountpoint->d_flags &= ~DCACHE_MOUNTED;
	spin_unlock(&mountpoint->d_lock);
}

void reattach_mnt(struct mount *m, struct mount *parent, struct dentry *mountpoint)
{
	struct path old;

	detach_mnt(m, &old);
	attach_mnt(m, parent, mountpoint);
	dput(old.dentry);		/* neither is the last: see the interface */
	mntput(old.mnt);
}

/* The last of those mounted on @m's root, and on each other's; @m if there is none. */
static struct mount *topmost(struct mount *m)
{
	struct mount *over;

	while ((over = __lookup_mnt(&m->mnt, m->mnt.mnt_root)))
		m = over;
	return m;
}

/* @m may be the root of a tree that has something on its root: two there would hide each other. */
void attach_beneath(struct mount *m, struct mount *top)
{
	struct path place;

	detach_mnt(top, &place);
	link_mnt(m, real_mount(place.mnt), place.dentry);
	m = topmost(m);
	attach_mnt(top, m, m->mnt.mnt_root);
}

struct mount *next_mnt(struct mount *p, struct mount *root)
{
	if (!list_empty(&p->mnt_mounts))
		return list_first_entry(&p->mnt_mounts, struct mount, mnt_child);
	while (p != root) {
		if (p->mnt_child.next != &p->mnt_parent->mnt_mounts)
			return list_next_entry(p, mnt_child);
		p = p->mnt_parent;
	}
	return NULL;
}

bool mnt_is_below(const struct mount *m, const struct mount *ancestor)
{
	for (; m != ancestor; m = m->mnt_parent)
		if (!mnt_has_parent(m))
			return false;
	return true;
}

bool is_path_reachable(const struct mount *m, const struct dentry *dentry, const struct path *root)
{
	while (&m->mnt != root->mnt && mnt_has_parent(m)) {
		dentry = m->mnt_mountpoint;
		m = m->mnt_parent;
	}
	return &m->mnt == root->mnt && is_subdir(dentry, root->dentry);
}

void commit_tree(struct mount *m, struct mnt_namespace *ns)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m)) {
		p->mnt_ns = ns;
		list_move_tail(&p->mnt_list, &ns->list);
		ns->mounts++;
	}
	touch_mnt_namespace(ns);
}

void touch_mnt_namespace(struct mnt_namespace *ns)
{
	if (!ns)
		return;
	ns->event++;
	wake_up_interruptible(&ns->poll);
}

void umount_tree(struct mount *m, struct list_head *victims, unsigned int how)
{
	struct mount *p;
	LIST_HEAD(tree);

	for (p = m; p; p = next_mnt(p, m)) {
		p->mnt_leaving = true;
		list_move_tail(&p->mnt_list, &tree);
	}
	if (how & UMOUNT_PROPAGATE)
		propagate_umount(&tree);
	list_for_each_entry(p, &tree, mnt_list) {
		if (p->mnt_ns) {
			p->mnt_ns->mounts--;
			touch_mnt_namespace(p->mnt_ns);
		}
		p->mnt_ns = NULL;
		p->mnt_detached.dentry = NULL;
		p->mnt_detached.mnt = NULL;
		change_mnt_propagation(p, MS_PRIVATE);
		if (mnt_has_parent(p))
			detach_mnt(p, &p->mnt_detached);
	}
	list_splice_tail(&tree, victims);
}

void release_mounts(struct list_head *victims)
{
	while (!list_empty(victims)) {
		struct mount *m = list_first_entry(victims, struct mount, mnt_list);
		struct path hung = m->mnt_detached;

		list_del_init(&m->mnt_list);
		if (hung.dentry)
			path_put(&hung);
		mntput(&m->mnt);
	}
}

/* Undo a copy that is not visible yet. */
static void drop_copy(struct mount *root)
{
	LIST_HEAD(victims);

	write_seqlock(&mount_lock);
	umount_tree(root, &victims, 0);
	write_sequnlock(&mount_lock);
	release_mounts(&victims);
}

/* A namespace that had a copy of its own file mounted would never go. */
static bool is_mnt_ns_file(const struct mount *m)
{
	const struct ns_common *ns = nsfs_dentry_ns(m->mnt.mnt_root);

	return ns && ns->ops == &mntns_operations;
}

static bool is_copied(const struct mount *m, unsigned int flags)
{
	if (is_mnt_ns_file(m) && !(flags & CL_KEEP_MNT_NS_FILE))
		return false;
	return !m->mnt_unbindable || (flags & CL_KEEP_UNBINDABLE);
}

struct mount *copy_tree(struct mount *m, struct dentry *dentry, unsigned int flags)
{
	unsigned int generation = ++mnt_generation;
	struct mount *root, *s, *copy;

	if (!is_copied(m, flags))
		return ERR_PTR(-EINVAL);
	root = clone_mount(m, dentry, flags);
	if (IS_ERR(root))
		return root;
	m->mnt_mark = generation;
	m->mnt_copy = root;
	for (s = next_mnt(m, m); s; s = next_mnt(s, m)) {
		/* Only what hangs below @dentry, and below what is copied. */
		if (s->mnt_parent->mnt_mark != generation || !is_copied(s, flags) ||
		    (s->mnt_parent == m && !is_subdir(s->mnt_mountpoint, dentry)))
			continue;
		copy = clone_mount(s, s->mnt.mnt_root, flags);
		if (IS_ERR(copy)) {
			drop_copy(root);
			return copy;
		}
		s->mnt_mark = generation;
		s->mnt_copy = copy;
		write_seqlock(&mount_lock);
		attach_mnt(copy, s->mnt_parent->mnt_copy, s->mnt_mountpoint);
		write_sequnlock(&mount_lock);
	}
	return root;
}

/* ---- looking up ------------------------------------------------------------------------------ */

struct mount *__lookup_mnt(struct vfsmount *mnt, struct dentry *dentry)
{
	struct mount *m;

	hlist_for_each_entry(m, mount_bucket(mnt, dentry), mnt_hash)
		if (&m->mnt_parent->mnt == mnt && m->mnt_mountpoint == dentry)
			return m;
	return NULL;
}

struct vfsmount *lookup_mnt(const struct path *path)
{
	struct mount *m;

	spin_lock(&mount_lock.lock);
	m = __lookup_mnt(path->mnt, path->dentry);
	if (m)
		mntget(&m->mnt);
	spin_unlock(&mount_lock.lock);
	return m ? &m->mnt : NULL;
}

bool follow_down(struct path *path)
{
	bool moved = false;

	while (READ_ONCE(path->dentry->d_flags) & DCACHE_MOUNTED) {
		struct vfsmount *mnt = lookup_mnt(path);

		if (!mnt)
			break;
		path_put(path);
		path->mnt = mnt;
		path->dentry = dget(mnt->mnt_root);
		moved = true;
	}
	return moved;
}

bool follow_up(struct path *path)
{
	struct mount *m = real_mount(path->mnt), *parent;
	struct dentry *mountpoint;

	spin_lock(&mount_lock.lock);
	parent = m->mnt_parent;
	if (parent == m) {
		spin_unlock(&mount_lock.lock);
		return false;
	}
	mntget(&parent->mnt);
	mountpoint = dget(m->mnt_mountpoint);
	spin_unlock(&mount_lock.lock);
	path_put(path);
	path->mnt = &parent->mnt;
	path->dentry = mountpoint;
	return true;
}

bool check_mnt(const struct mount *m)
{
	return m->mnt_ns && m->mnt_ns == current_mnt_ns();
}

/* Another namespace's mount, or a file system of a user namespace below, could hold anybody's bits. */
bool mnt_may_suid(struct vfsmount *mnt)
{
	return !(mnt->mnt_flags & MNT_NOSUID) && check_mnt(real_mount(mnt)) &&
	       is_ancestor_user_ns(mnt->mnt_sb->s_user_ns, current_user_ns());
}

bool is_local_mountpoint(struct dentry *dentry)
{
	bool found = false;
	struct mount *m;

	if (!(READ_ONCE(dentry->d_flags) & DCACHE_MOUNTED))
		return false;
	spin_lock(&mount_lock.lock);
	list_for_each_entry(m, &all_mounts, mnt_instance)
		if (m->mnt_mountpoint == dentry && mnt_has_parent(m) && check_mnt(m))
			found = true;
	spin_unlock(&mount_lock.lock);
	return found;
}

/* The mountpoint was removed or replaced: what other namespaces have mounted there goes. */
void detach_mounts(struct dentry *dentry)
{
	struct mount *m, *next;
	LIST_HEAD(victims);

	if (!(READ_ONCE(dentry->d_flags) & DCACHE_MOUNTED))
		return;
	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	list_for_each_entry_safe(m, next, &all_mounts, mnt_instance)
		if (m->mnt_mountpoint == dentry && mnt_has_parent(m))
			umount_tree(m, &victims, 0);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&victims);
}

/* ---- writing --------------------------------------------------------------------------------- */

/* The writer announces itself, then looks; whoever makes read-only sets the flag, then counts writers. */
int mnt_want_write(struct vfsmount *mnt)
{
	struct mount *m = real_mount(mnt);

	atomic_inc(&m->mnt_writers);
	smp_mb__after_atomic();
	if (likely(!(READ_ONCE(mnt->mnt_flags) & MNT_READONLY) && !sb_rdonly(mnt->mnt_sb)))
		return 0;
	atomic_dec(&m->mnt_writers);
	return -EROFS;
}

void mnt_drop_write(struct vfsmount *mnt)
{
	__atomic_fetch_sub(&real_mount(mnt)->mnt_writers.counter, 1, __ATOMIC_RELEASE);
}

int mnt_make_readonly(struct mount *m)
{
	int err = 0;

	write_seqlock(&mount_lock);
	WRITE_ONCE(m->mnt.mnt_flags, m->mnt.mnt_flags | MNT_READONLY);
	smp_mb();
	if (atomic_read(&m->mnt_writers)) {
		WRITE_ONCE(m->mnt.mnt_flags, m->mnt.mnt_flags & ~MNT_READONLY);
		err = -EBUSY;
	}
	write_sequnlock(&mount_lock);
	return err;
}

int sb_make_readonly(struct super_block *sb)
{
	struct mount *m;
	int err = 0;

	spin_lock(&mount_lock.lock);
	WRITE_ONCE(sb->s_flags, sb->s_flags | MS_RDONLY);
	smp_mb();
	list_for_each_entry(m, &all_mounts, mnt_instance)
		if (m->mnt.mnt_sb == sb && atomic_read(&m->mnt_writers))
			err = -EBUSY;
	if (err)
		WRITE_ONCE(sb->s_flags, sb->s_flags & ~(unsigned long)MS_RDONLY);
	spin_unlock(&mount_lock.lock);
	return err;
}

void __init mount_cache_init(void)
{
	mount_cache = kmem_cache_create("mnt_cache", sizeof(struct mount), 0, SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
}
