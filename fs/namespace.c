// SPDX-License-Identifier: GPL-2.0-only
/*
 * mount(2), umount2(2), pivot_root(2), and mount namespaces.
 *
 * Interface: do_mount() of <fs/vfs.h>, mntns_operations.  Every change runs under namespace_sem for
 * writing; the mount point's directory is locked inside it only to see that it still exists.
 */
#include <fs/mount.h>

#include <fs/internal.h>
#include <fs/nsfs.h>
#include <fs/tmpfs/tmpfs.h>
#include <generated/syscalls.h>
#include <kernel/lib/string.h>
#include <kernel/nsproxy.h>
#include <kernel/user_namespace.h>

#define MOUNT_PROPAGATION	(MS_SHARED | MS_PRIVATE | MS_SLAVE | MS_UNBINDABLE)
#define SB_FLAGS		(MS_RDONLY | MS_SYNCHRONOUS | MS_MANDLOCK | MS_DIRSYNC | MS_SILENT | \
				 MS_POSIXACL | MS_LAZYTIME | MS_I_VERSION)

unsigned int sysctl_mount_max = 100000;		/* fs.mount-max */

static bool may_mount(void)
{
	return ns_capable(current_mnt_ns()->ns.user_ns, CAP_SYS_ADMIN);
}

/* ---- attaching ------------------------------------------------------------------------------- */

/* The top of what is mounted at @path, namespace_sem taken. -ENOENT: the directory was removed. */
static int lock_mount(struct path *path)
{
	struct inode *inode;
	int err = 0;

	down_write(&namespace_sem);
	follow_down(path);
	inode = d_inode(path->dentry);
	inode_lock_shared(inode);
	if (!check_mnt(real_mount(path->mnt)))
		err = -EINVAL;
	else if ((inode->i_flags & S_DEAD) || d_unlinked(path->dentry) ||
		 (path->dentry->d_flags & DCACHE_CANT_MOUNT))
		err = -ENOENT;
	inode_unlock_shared(inode);
	if (err)
		up_write(&namespace_sem);
	return err;
}

static unsigned int count_mounts(struct mount *tree)
{
	struct mount *p;
	unsigned int n = 0;

	for (p = tree; p; p = next_mnt(p, tree))
		n++;
	return n;
}

static void drop_copies(struct hlist_head *copies)
{
	struct hlist_node *next;
	struct mount *m;
	LIST_HEAD(victims);

	write_seqlock(&mount_lock);
	hlist_for_each_entry_safe(m, next, copies, mnt_hash) {
		hlist_del_init(&m->mnt_hash);
		m->mnt_parent = m;
		umount_tree(m, &victims);
	}
	write_sequnlock(&mount_lock);
	release_mounts(&victims);
}

/* Hang @source at @dest, and copies wherever that propagates to. @old: where it hangs now, when moving. */
static int attach_recursive(struct mount *source, const struct path *dest, struct path *old)
{
	struct mount *parent = real_mount(dest->mnt), *m;
	struct hlist_head copies = HLIST_HEAD_INIT;
	struct hlist_node *next;
	int err = 0;

	if (!old && parent->mnt_ns->mounts + count_mounts(source) > sysctl_mount_max)
		return -ENOSPC;
	if (IS_MNT_SHARED(parent) || !list_empty(&parent->mnt_slave_list)) {
		err = IS_MNT_SHARED(parent) ? invent_group_ids(source) : 0;
		if (!err)
			err = propagate_mnt(parent, dest->dentry, source, &copies);
		if (err) {
			drop_copies(&copies);
			return err;
		}
	}
	/* Commit. */
	write_seqlock(&mount_lock);
	if (old)
		detach_mnt(source, old);
	attach_mnt(source, parent, dest->dentry);
	if (!old)
		commit_tree(source, parent->mnt_ns);
	else
		touch_mnt_namespace(parent->mnt_ns);
	hlist_for_each_entry_safe(m, next, &copies, mnt_hash) {
		parent = m->mnt_parent;
		hlist_del_init(&m->mnt_hash);
		attach_mnt(m, parent, dest->dentry);
		commit_tree(m, parent->mnt_ns);
	}
	write_sequnlock(&mount_lock);
	return 0;
}

static int graft_tree(struct mount *m, const struct path *dest)
{
	if (S_ISDIR(d_inode(dest->dentry)->i_mode) != S_ISDIR(d_inode(m->mnt.mnt_root)->i_mode))
		return -ENOTDIR;
	return attach_recursive(m, dest, NULL);
}

static void put_tree(struct mount *m)
{
	LIST_HEAD(victims);

	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	umount_tree(m, &victims);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&victims);
}

/* ---- new mounts ------------------------------------------------------------------------------ */

static int add_mount(struct mount *m, struct path *path)
{
	int err = lock_mount(path);

	if (err)
		return err;
	if (path->mnt->mnt_sb == m->mnt.mnt_sb && path->mnt->mnt_root == path->dentry)
		err = -EBUSY;		/* the same file system on top of itself */
	else if (S_ISLNK(d_inode(m->mnt.mnt_root)->i_mode))
		err = -EINVAL;
	else
		err = graft_tree(m, path);
	up_write(&namespace_sem);
	return err;
}

static struct mount *mount_fs(const char *type, unsigned long flags, const char *dev_name, void *data)
{
	struct file_system_type *t = get_fs_type(type);
	struct dentry *root;

	if (!t)
		return ERR_PTR(-ENODEV);
	if ((t->fs_flags & FS_REQUIRES_DEV) && (!dev_name || !*dev_name))
		return ERR_PTR(-EINVAL);
	root = t->mount(t, flags & SB_FLAGS, dev_name, data);
	if (IS_ERR(root))
		return ERR_CAST(root);
	return vfs_create_mount(root, dev_name);
}

static int do_new_mount(struct path *path, const char *type, unsigned long flags, unsigned int mnt_flags,
			const char *dev_name, void *data)
{
	struct mount *m;
	int err;

	if (!type)
		return -EINVAL;
	m = mount_fs(type, flags, dev_name, data);
	if (IS_ERR(m))
		return PTR_ERR(m);
	m->mnt.mnt_flags = mnt_flags;
	err = add_mount(m, path);
	if (err)
		put_tree(m);
	return err;
}

/* ---- bind, move, remount, propagation -------------------------------------------------------- */

static struct mount *copy_for_bind(const struct path *old, bool recurse)
{
	struct mount *m = real_mount(old->mnt);

	if (m->mnt_unbindable || (!check_mnt(m) && !nsfs_dentry_ns(old->dentry)))
		return ERR_PTR(-EINVAL);
	if (recurse)
		return copy_tree(m, old->dentry, CL_KEEP_MNT_NS_FILE);
	return clone_mount(m, old->dentry, 0);
}

/* The file of one's own mount namespace, or one that could hold it: nobody could ever unmount it. */
static bool would_loop(const struct dentry *dentry)
{
	struct ns_common *ns = nsfs_dentry_ns(dentry);

	return ns && ns->ops == &mntns_operations && current_mnt_ns()->seq >= to_mnt_ns(ns)->seq;
}

static int do_bind(struct path *path, const char *old_name, bool recurse)
{
	struct mount *m;
	struct path old;
	int err;

	if (!old_name || !*old_name)
		return -EINVAL;
	err = kern_path(old_name, LOOKUP_FOLLOW | LOOKUP_AUTOMOUNT, &old);
	if (err)
		return err;
	err = would_loop(old.dentry) ? -EINVAL : lock_mount(path);
	if (err)
		goto out;
	m = copy_for_bind(&old, recurse);
	err = PTR_ERR_OR_ZERO(m);
	if (!err)
		err = graft_tree(m, path);
	up_write(&namespace_sem);
	if (err && !IS_ERR(m))
		put_tree(m);
out:
	path_put(&old);
	return err;
}

static bool tree_has_unbindable(struct mount *m)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m))
		if (p->mnt_unbindable)
			return true;
	return false;
}

static int check_move(const struct path *old, const struct path *dest)
{
	struct mount *m = real_mount(old->mnt), *parent = real_mount(dest->mnt);

	if (old->dentry != old->mnt->mnt_root || !check_mnt(m) || !mnt_has_parent(m))
		return -EINVAL;
	if (S_ISDIR(d_inode(dest->dentry)->i_mode) != S_ISDIR(d_inode(old->dentry)->i_mode))
		return -EINVAL;
	if (IS_MNT_SHARED(m->mnt_parent))
		return -EINVAL;
	if (IS_MNT_SHARED(parent) && tree_has_unbindable(m))
		return -EINVAL;
	return mnt_is_below(parent, m) ? -ELOOP : 0;
}

static int do_move(struct path *path, const char *old_name)
{
	struct path old, hung = { NULL, NULL };
	int err;

	if (!old_name || !*old_name)
		return -EINVAL;
	err = kern_path(old_name, LOOKUP_FOLLOW, &old);
	if (err)
		return err;
	err = lock_mount(path);
	if (!err) {
		err = check_move(&old, path);
		if (!err)
			err = attach_recursive(real_mount(old.mnt), path, &hung);
		up_write(&namespace_sem);
	}
	if (hung.dentry)
		path_put(&hung);
	path_put(&old);
	return err;
}

static int set_mnt_flags(struct mount *m, unsigned int mnt_flags)
{
	int err = 0;

	if ((mnt_flags & MNT_READONLY) && !(m->mnt.mnt_flags & MNT_READONLY))
		err = mnt_make_readonly(m);
	if (!err) {
		write_seqlock(&mount_lock);
		WRITE_ONCE(m->mnt.mnt_flags, mnt_flags);
		write_sequnlock(&mount_lock);
		touch_mnt_namespace(m->mnt_ns);
	}
	return err;
}

/* With MS_BIND only the mount's own flags change, without it the file system's too. */
static int do_remount(const struct path *path, unsigned long flags, unsigned int mnt_flags, void *data)
{
	struct mount *m = real_mount(path->mnt);
	int err = 0;

	if (path->dentry != path->mnt->mnt_root || !check_mnt(m))
		return -EINVAL;
	if (!(flags & MS_BIND))
		err = do_remount_sb(path->mnt->mnt_sb, flags & SB_FLAGS, data);
	if (err)
		return err;
	/* The file system's own "ro" is enough; the mount's is for MS_BIND. */
	if (!(flags & MS_BIND))
		mnt_flags &= ~MNT_READONLY;
	down_write(&namespace_sem);
	err = set_mnt_flags(m, mnt_flags);
	up_write(&namespace_sem);
	return err;
}

static int do_change_type(const struct path *path, unsigned long flags)
{
	struct mount *m = real_mount(path->mnt), *p;
	unsigned long type = flags & ~(unsigned long)(MS_REC | MS_SILENT);
	int err = 0;

	if (path->dentry != path->mnt->mnt_root || (type & ~MOUNT_PROPAGATION) || (type & (type - 1)))
		return -EINVAL;
	down_write(&namespace_sem);
	if (!check_mnt(m)) {
		err = -EINVAL;
	} else {
		for (p = m; p && !err; p = (flags & MS_REC) ? next_mnt(p, m) : NULL) {
			if (type == MS_SHARED && !IS_MNT_SHARED(p))
				err = mnt_make_shared(p);
			if (!err)
				change_mnt_propagation(p, type);
		}
		touch_mnt_namespace(m->mnt_ns);
	}
	up_write(&namespace_sem);
	return err;
}

/* ---- mount(2) -------------------------------------------------------------------------------- */

static unsigned int mnt_flags_of(const struct path *path, unsigned long flags)
{
	unsigned int mnt_flags = 0;

	if (!(flags & MS_NOATIME))
		mnt_flags |= MNT_RELATIME;
	if (flags & MS_NOSUID)
		mnt_flags |= MNT_NOSUID;
	if (flags & MS_NODEV)
		mnt_flags |= MNT_NODEV;
	if (flags & MS_NOEXEC)
		mnt_flags |= MNT_NOEXEC;
	if (flags & MS_NOATIME)
		mnt_flags |= MNT_NOATIME;
	if (flags & MS_NODIRATIME)
		mnt_flags |= MNT_NODIRATIME;
	if (flags & MS_STRICTATIME)
		mnt_flags &= ~(MNT_RELATIME | MNT_NOATIME);
	if (flags & MS_RDONLY)
		mnt_flags |= MNT_READONLY;
	if (flags & MS_NOSYMFOLLOW)
		mnt_flags |= MNT_NOSYMFOLLOW;
	/* A remount that says nothing about access times keeps them. */
	if ((flags & MS_REMOUNT) && !(flags & (MS_NOATIME | MS_NODIRATIME | MS_RELATIME | MS_STRICTATIME))) {
		const unsigned int atime = MNT_NOATIME | MNT_NODIRATIME | MNT_RELATIME;

		mnt_flags = (mnt_flags & ~atime) | (path->mnt->mnt_flags & atime);
	}
	return mnt_flags;
}

static int path_mount(struct path *path, const char *dev_name, const char *type, unsigned long flags, void *data)
{
	unsigned int mnt_flags;

	if ((flags & MS_MGC_MSK) == MS_MGC_VAL)
		flags &= ~(unsigned long)MS_MGC_MSK;
	if (flags & (unsigned int)MS_NOUSER)
		return -EINVAL;
	if (!may_mount())
		return -EPERM;
	mnt_flags = mnt_flags_of(path, flags);
	if (flags & MS_REMOUNT)
		return do_remount(path, flags, mnt_flags, data);
	if (flags & MS_BIND)
		return do_bind(path, dev_name, flags & MS_REC);
	if (flags & MOUNT_PROPAGATION)
		return do_change_type(path, flags);
	if (flags & MS_MOVE)
		return do_move(path, dev_name);
	/* "ro" of a new file system is the file system's. */
	return do_new_mount(path, type, flags, mnt_flags & ~MNT_READONLY, dev_name, data);
}

int do_mount(const char *dev_name, const char *dir, const char *type, unsigned long flags, void *data)
{
	struct path path;
	int err = kern_path(dir, LOOKUP_FOLLOW | LOOKUP_AUTOMOUNT, &path);

	if (err)
		return err;
	err = path_mount(&path, dev_name, type, flags, data);
	path_put(&path);
	return err;
}

/* NULL stays NULL. */
static char *copy_mount_string(const char __user *s)
{
	long len;
	char *copy;

	if (!s)
		return NULL;
	copy = kmalloc(PATH_MAX, GFP_KERNEL);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	len = strncpy_from_user(copy, s, PATH_MAX);
	if (len >= 0 && len < PATH_MAX)
		return copy;
	kfree(copy);
	return ERR_PTR(len < 0 ? len : -EINVAL);
}

/* Options: up to a page, of which the end may be missing; terminated. */
static void *copy_mount_options(const void __user *data)
{
	char *copy;
	size_t left;

	if (!data)
		return NULL;
	copy = kmalloc(PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	if (!copy)
		return ERR_PTR(-ENOMEM);
	left = copy_from_user(copy, data, PAGE_SIZE);
	if (left == PAGE_SIZE) {
		kfree(copy);
		return ERR_PTR(-EFAULT);
	}
	memset(copy + PAGE_SIZE - left, 0, left);
	copy[PAGE_SIZE - 1] = '\0';
	return copy;
}

long sys_mount(char __user *dev_name, char __user *dir_name, char __user *type, unsigned long flags,
	       void __user *data)
{
	char *ktype, *kdev;
	struct path path;
	void *options;
	long err;

	ktype = copy_mount_string(type);
	if (IS_ERR(ktype))
		return PTR_ERR(ktype);
	kdev = copy_mount_string(dev_name);
	err = PTR_ERR_OR_ZERO(kdev);
	if (err)
		goto free_type;
	options = copy_mount_options(data);
	err = PTR_ERR_OR_ZERO(options);
	if (err)
		goto free_dev;
	err = user_path_at(AT_FDCWD, dir_name, LOOKUP_FOLLOW | LOOKUP_AUTOMOUNT, &path);
	if (!err) {
		err = path_mount(&path, kdev, ktype, flags, options);
		path_put(&path);
	}
	kfree(options);
free_dev:
	kfree(kdev);
free_type:
	kfree(ktype);
	return err;
}

/* ---- umount2(2) ------------------------------------------------------------------------------ */

static int can_expire(struct mount *m, int flags)
{
	if (&m->mnt == current->fs->root.mnt || (flags & (MNT_FORCE | MNT_DETACH)))
		return -EINVAL;
	if (atomic_read(&m->mnt_count) != 2)
		return -EBUSY;
	if (m->mnt_expiry_mark)
		return 0;
	m->mnt_expiry_mark = true;
	return -EAGAIN;
}

/* The caller has a reference of its own, the tree another one. */
static int do_umount(struct mount *m, int flags)
{
	LIST_HEAD(victims);
	int err = 0;

	if (flags & MNT_EXPIRE) {
		err = can_expire(m, flags);
		if (err)
			return err;
	}
	if (&m->mnt == current->fs->root.mnt && !(flags & MNT_DETACH))
		return do_remount_sb(m->mnt.mnt_sb, m->mnt.mnt_sb->s_flags | MS_RDONLY, NULL);
	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	smp_mb();	/* a lock-free walk either sees us, or its reference is seen */
	if (!check_mnt(m) || !mnt_has_parent(m))
		err = -EINVAL;
	else if (!(flags & MNT_DETACH) && mount_busy(m, 2))
		err = -EBUSY;
	if (!err) {
		propagate_umount(m, &victims);
		umount_tree(m, &victims);
	}
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&victims);
	return err;
}

long sys_umount(char __user *name, int flags)
{
	struct path path;
	int err;

	if (flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW))
		return -EINVAL;
	if (!may_mount())
		return -EPERM;
	err = user_path_at(AT_FDCWD, name, (flags & UMOUNT_NOFOLLOW) ? 0 : LOOKUP_FOLLOW, &path);
	if (err)
		return err;
	if (path.dentry != path.mnt->mnt_root || !check_mnt(real_mount(path.mnt))) {
		path_put(&path);
		return -EINVAL;
	}
	/* Keep the mount but not the dentry: the latter would count as a user of the file system. */
	dput(path.dentry);
	err = do_umount(real_mount(path.mnt), flags);
	mntput(path.mnt);
	return err;
}

/* ---- pivot_root(2) --------------------------------------------------------------------------- */

static int check_pivot(const struct path *new, const struct path *old, const struct path *root)
{
	struct mount *new_mnt = real_mount(new->mnt), *root_mnt = real_mount(root->mnt);
	struct mount *old_mnt = real_mount(old->mnt);

	if (IS_MNT_SHARED(old_mnt) || IS_MNT_SHARED(new_mnt->mnt_parent) || IS_MNT_SHARED(root_mnt->mnt_parent))
		return -EINVAL;
	if (!check_mnt(root_mnt) || !check_mnt(new_mnt))
		return -EINVAL;
	if (d_unlinked(new->dentry))
		return -ENOENT;
	if (new_mnt == root_mnt || old_mnt == root_mnt)
		return -EBUSY;
	if (root->mnt->mnt_root != root->dentry || !mnt_has_parent(root_mnt) ||
	    new->mnt->mnt_root != new->dentry || !mnt_has_parent(new_mnt))
		return -EINVAL;
	/* put_old at or below new_root, new_root below the root. */
	if (!mnt_is_below(old_mnt, new_mnt) ||
	    (old_mnt == new_mnt && !is_subdir(old->dentry, new->dentry)))
		return -EINVAL;
	return mnt_is_below(new_mnt, root_mnt) ? 0 : -EINVAL;
}

static int pivot(const struct path *new, struct path *old, const struct path *root)
{
	struct mount *new_mnt = real_mount(new->mnt), *root_mnt = real_mount(root->mnt);
	struct path new_hung, root_hung;
	int err = lock_mount(old);

	if (err)
		return err;
	err = check_pivot(new, old, root);
	if (!err) {
		write_seqlock(&mount_lock);
		detach_mnt(new_mnt, &new_hung);
		detach_mnt(root_mnt, &root_hung);
		attach_mnt(root_mnt, real_mount(old->mnt), old->dentry);
		attach_mnt(new_mnt, real_mount(root_hung.mnt), root_hung.dentry);
		touch_mnt_namespace(current_mnt_ns());
		write_sequnlock(&mount_lock);
		chroot_fs_refs(root, new);
	}
	up_write(&namespace_sem);
	if (!err) {
		path_put(&new_hung);
		path_put(&root_hung);
	}
	return err;
}

long sys_pivot_root(const char __user *new_root, const char __user *put_old)
{
	struct path new, old, root;
	int err;

	if (!may_mount())
		return -EPERM;
	err = user_path_at(AT_FDCWD, new_root, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &new);
	if (err)
		return err;
	err = user_path_at(AT_FDCWD, put_old, LOOKUP_FOLLOW | LOOKUP_DIRECTORY, &old);
	if (!err) {
		get_fs_root(current->fs, &root);
		err = pivot(&new, &old, &root);
		path_put(&root);
		path_put(&old);
	}
	path_put(&new);
	return err;
}

/* ---- namespaces ------------------------------------------------------------------------------ */

static struct mnt_namespace *alloc_mnt_ns(struct user_namespace *user_ns)
{
	static atomic64_t next_seq = ATOMIC64_INIT(0);
	struct mnt_namespace *ns = kzalloc(sizeof(*ns), GFP_KERNEL);
	int err;

	if (!ns)
		return ERR_PTR(-ENOMEM);
	err = ns_init(&ns->ns, &mntns_operations, user_ns);
	if (err) {
		kfree(ns);
		return ERR_PTR(err);
	}
	ns->seq = atomic64_inc_return_relaxed(&next_seq);
	INIT_LIST_HEAD(&ns->list);
	init_waitqueue_head(&ns->poll);
	return ns;
}

static void free_mnt_ns(struct mnt_namespace *ns)
{
	ns_exit(&ns->ns);
	kfree(ns);
}

static void mntns_free(struct ns_common *common)
{
	struct mnt_namespace *ns = to_mnt_ns(common);
	LIST_HEAD(victims);

	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	umount_tree(ns->root, &victims);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&victims);
	free_mnt_ns(ns);
}

/* The old mount @path was in has a copy in the new namespace: be in that one. */
static void move_path(struct path *path, struct vfsmount **put)
{
	struct mount *m = real_mount(path->mnt);

	*put = NULL;
	if (m->mnt_mark != mnt_generation || !m->mnt_copy)
		return;
	*put = path->mnt;
	path->mnt = mntget(&m->mnt_copy->mnt);
}

static struct ns_common *mntns_clone(struct ns_common *common, struct user_namespace *user_ns, struct fs_struct *new_fs)
{
	struct mnt_namespace *old = to_mnt_ns(common), *ns = alloc_mnt_ns(user_ns);
	struct vfsmount *put_root = NULL, *put_pwd = NULL;
	struct mount *root;

	if (IS_ERR(ns))
		return ERR_CAST(ns);
	down_write(&namespace_sem);
	root = copy_tree(old->root, old->root->mnt.mnt_root, CL_KEEP_UNBINDABLE);
	if (IS_ERR(root)) {
		up_write(&namespace_sem);
		free_mnt_ns(ns);
		return ERR_CAST(root);
	}
	ns->root = root;
	write_seqlock(&mount_lock);
	commit_tree(root, ns);
	write_sequnlock(&mount_lock);
	spin_lock(&new_fs->lock);
	write_seqcount_begin(&new_fs->seq);
	move_path(&new_fs->root, &put_root);
	move_path(&new_fs->pwd, &put_pwd);
	write_seqcount_end(&new_fs->seq);
	spin_unlock(&new_fs->lock);
	up_write(&namespace_sem);
	mntput(put_root);
	mntput(put_pwd);
	return &ns->ns;
}

/* The caller's root and cwd become the root of @common, in @set->fs. */
static int mntns_install(struct nsset *set, struct ns_common *common)
{
	struct user_namespace *own = set->cred ? set->cred->user_ns : current_user_ns();
	struct mnt_namespace *ns = to_mnt_ns(common);
	struct path root;

	if (!ns_may_install(set, common) || !ns_capable(own, CAP_SYS_CHROOT))
		return -EPERM;
	if (set->fs->users != 1)
		return -EINVAL;
	put_ns(set->nsproxy->ns[NS_MNT]);
	set->nsproxy->ns[NS_MNT] = get_ns(common);
	down_read(&namespace_sem);
	root = (struct path){ .mnt = &ns->root->mnt, .dentry = ns->root->mnt.mnt_root };
	path_get(&root);
	up_read(&namespace_sem);
	follow_down(&root);
	set_fs_pwd(set->fs, &root);
	set_fs_root(set->fs, &root);
	path_put(&root);
	return 0;
}

const struct ns_operations mntns_operations = {
	.name = "mnt",
	.type = CLONE_NEWNS,
	.slot = NS_MNT,
	.clone = mntns_clone,
	.free = mntns_free,
	.install = mntns_install,
};

/* The rootfs: a tmpfs that is mounted as / before there is anything else. */
void __init mnt_init(void)
{
	struct mnt_namespace *ns;
	struct path root;
	struct mount *m;

	mount_cache_init();
	nsfs_init();
	tmpfs_init();
	root.dentry = rootfs_fs_type.mount(&rootfs_fs_type, 0, "rootfs", NULL);
	m = IS_ERR(root.dentry) ? ERR_CAST(root.dentry) : vfs_create_mount(root.dentry, "rootfs");
	if (IS_ERR(m))
		panic("cannot mount the rootfs: error %ld", PTR_ERR(m));
	m->mnt.mnt_flags = MNT_RELATIME;
	ns = alloc_mnt_ns(&init_user_ns);
	if (IS_ERR(ns))
		panic("cannot make the first mount namespace: error %ld", PTR_ERR(ns));
	ns->root = m;
	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	commit_tree(m, ns);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	init_nsproxy.ns[NS_MNT] = &ns->ns;
	root.mnt = &m->mnt;
	root.dentry = m->mnt.mnt_root;
	set_fs_root(&init_fs, &root);
	set_fs_pwd(&init_fs, &root);
}
