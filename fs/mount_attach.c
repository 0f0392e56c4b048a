// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hanging mounts into the trees: new ones, copies, moved ones, and what propagates from them.
 *
 * Interface: <fs/mount.h>.  Every change runs under namespace_sem for writing; the mount point's directory is
 * locked inside it only to see that it still exists.
 */
#include <fs/mount.h>

#include <fs/fs_context.h>
#include <fs/internal.h>
#include <fs/nsfs.h>

unsigned int sysctl_mount_max = 100000;		/* fs.mount-max */

bool may_mount(void)
{
	return ns_capable(current_mnt_ns()->ns.user_ns, CAP_SYS_ADMIN);
}

/* The top of what is mounted at @path, namespace_sem taken. -ENOENT: the directory was removed. */
int lock_mount(struct path *path)
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

int reserve_mounts(struct mnt_namespace *ns, struct mount *tree)
{
	unsigned int n = 0;
	struct mount *p;

	for (p = tree; p; p = next_mnt(p, tree))
		n++;
	if (ns->mounts + ns->pending + n > sysctl_mount_max)
		return -ENOSPC;
	ns->pending += n;
	return 0;
}

static void drop_copies(struct hlist_head *copies)
{
	struct hlist_node *next;
	struct mount *m;
	LIST_HEAD(victims);

	write_seqlock(&mount_lock);
	hlist_for_each_entry_safe(m, next, copies, mnt_hash) {
		hlist_del_init(&m->mnt_hash);
		m->mnt_parent->mnt_ns->pending = 0;
		m->mnt_parent = m;
		umount_tree(m, &victims, 0);
	}
	write_sequnlock(&mount_lock);
	release_mounts(&victims);
}

/* Group ids for the tree, and copies of it for all who receive what happens on @dest. */
static int prepare_propagation(struct mount *source, const struct path *dest, struct hlist_head *copies)
{
	struct mount *parent = real_mount(dest->mnt);
	int err;

	if (!IS_MNT_SHARED(parent))
		return 0;
	err = invent_group_ids(source, true);
	if (err)
		return err;
	err = propagate_mnt(parent, dest->dentry, source, copies);
	if (err)
		cleanup_group_ids(source, true);
	return err;
}

/* @m's mnt_parent says where; what hangs there already stays on top. */
static void attach_copy(struct mount *m, struct dentry *mountpoint)
{
	struct mount *parent = m->mnt_parent, *top = __lookup_mnt(&parent->mnt, mountpoint);

	if (top)
		attach_beneath(m, top);
	else
		attach_mnt(m, parent, mountpoint);
	parent->mnt_ns->pending = 0;
	if (parent->mnt_ns->ns.user_ns != current_mnt_ns()->ns.user_ns)
		lock_mount_tree(m);
	m->mnt.mnt_flags &= ~MNT_LOCKED;	/* it hides nothing that was seen before */
	commit_tree(m, parent->mnt_ns);
}

/* Hang @source at @dest, and copies wherever that propagates to. @old: where it hangs now, when moving. */
static int attach_recursive(struct mount *source, const struct path *dest, struct path *old)
{
	struct mount *parent = real_mount(dest->mnt), *m;
	struct mnt_namespace *ns = parent->mnt_ns;
	struct hlist_head copies = HLIST_HEAD_INIT;
	struct hlist_node *next;
	int err = old ? 0 : reserve_mounts(ns, source);

	if (!err)
		err = prepare_propagation(source, dest, &copies);
	if (err) {
		drop_copies(&copies);
		ns->pending = 0;
		return err;
	}
	/* Commit. */
	write_seqlock(&mount_lock);
	ns->pending = 0;
	if (IS_MNT_SHARED(parent))
		for (m = source; m; m = next_mnt(m, source))
			set_mnt_shared(m);
	if (old)
		detach_mnt(source, old);
	attach_mnt(source, parent, dest->dentry);
	if (old)
		touch_mnt_namespace(ns);
	else
		commit_tree(source, ns);
	hlist_for_each_entry_safe(m, next, &copies, mnt_hash) {
		hlist_del_init(&m->mnt_hash);
		attach_copy(m, dest->dentry);
	}
	write_sequnlock(&mount_lock);
	return 0;
}

int graft_tree(struct mount *m, const struct path *dest)
{
	if (S_ISDIR(d_inode(dest->dentry)->i_mode) != S_ISDIR(d_inode(m->mnt.mnt_root)->i_mode))
		return -ENOTDIR;
	return attach_recursive(m, dest, NULL);
}

void put_tree(struct mount *m)
{
	LIST_HEAD(victims);

	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	umount_tree(m, &victims, 0);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&victims);
}

/* A mount of the file system that @fc has made. */
int add_new_mount(struct fs_context *fc, struct path *path, unsigned int mnt_flags)
{
	struct mount *m;
	int err;

	if (mount_too_revealing(fc->root->d_sb, &mnt_flags))
		return -EPERM;
	m = vfs_create_mount(fc);
	if (IS_ERR(m))
		return PTR_ERR(m);
	m->mnt.mnt_flags = mnt_flags;
	err = lock_mount(path);
	if (!err) {
		if (path->mnt->mnt_sb == m->mnt.mnt_sb && path->mnt->mnt_root == path->dentry)
			err = -EBUSY;		/* the same file system on top of itself */
		else if (S_ISLNK(d_inode(m->mnt.mnt_root)->i_mode))
			err = -EINVAL;
		else
			err = graft_tree(m, path);
		up_write(&namespace_sem);
	}
	if (err)
		put_tree(m);
	return err;
}

/* ---- moving ---------------------------------------------------------------------------------- */

static bool tree_has_unbindable(struct mount *m)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m))
		if (p->mnt_unbindable)
			return true;
	return false;
}

static bool tree_would_loop(struct mount *m)
{
	struct mount *p;

	for (p = m; p; p = next_mnt(p, m))
		if (mnt_ns_would_loop(p->mnt.mnt_root))
			return true;
	return false;
}

bool is_ours(const struct mount *m)
{
	return check_mnt(m) || (!mnt_has_parent(m) && m->mnt_ns && is_anon_ns(m->mnt_ns));
}

static int check_move(const struct path *from, const struct path *to)
{
	struct mount *m = real_mount(from->mnt), *dest = real_mount(to->mnt);

	if (!is_ours(m) || from->dentry != from->mnt->mnt_root)
		return -EINVAL;
	if ((check_mnt(m) && !mnt_has_parent(m)) || (m->mnt.mnt_flags & MNT_LOCKED))
		return -EINVAL;		/* the root of all, or what covers something */
	if (S_ISDIR(d_inode(to->dentry)->i_mode) != S_ISDIR(d_inode(from->dentry)->i_mode))
		return -EINVAL;
	if (mnt_has_parent(m) && IS_MNT_SHARED(m->mnt_parent))
		return -EINVAL;
	if (IS_MNT_SHARED(dest) && tree_has_unbindable(m))
		return -EINVAL;
	return tree_would_loop(m) || mnt_is_below(dest, m) ? -ELOOP : 0;
}

int do_move_mount(const struct path *from, struct path *to)
{
	struct mount *m = real_mount(from->mnt);
	struct path hung = { NULL, NULL };
	struct mnt_namespace *anon = NULL;
	int err = lock_mount(to);

	if (err)
		return err;
	err = check_move(from, to);
	if (!err) {
		bool attached = mnt_has_parent(m);

		anon = attached ? NULL : m->mnt_ns;
		err = attach_recursive(m, to, attached ? &hung : NULL);
	}
	up_write(&namespace_sem);
	if (hung.dentry)
		path_put(&hung);
	if (!err && anon)
		free_anon_ns(anon);
	return err;
}
