// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hanging mounts into the trees: new ones, copies, moved ones, and what propagates from them.
 *
 * Interface: <fs/mount.h>.  Every change runs under namespace_sem for writing; the mount point's directory is
 * locked inside it only to see that it still exists.
 */
#include <fs/mount.h>

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
int attach_recursive(struct mount *source, const struct path *dest, struct path *old)
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
	umount_tree(m, &victims);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&victims);
}

/* A mount of the file system that @fc has made. */
int add_new_mount(struct fs_context *fc, struct path *path, unsigned int mnt_flags)
{
	struct mount *m = vfs_create_mount(fc);
	int err;

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
