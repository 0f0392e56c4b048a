// SPDX-License-Identifier: GPL-2.0-only
/* pivot_root(2): another mount becomes the root of the namespace. Locking: namespace_sem for writing. */
#include <fs/mount.h>

#include <fs/internal.h>
#include <generated/syscalls.h>

static int check_pivot(const struct path *new, const struct path *old, const struct path *root)
{
	struct mount *new_mnt = real_mount(new->mnt), *root_mnt = real_mount(root->mnt);
	struct mount *old_mnt = real_mount(old->mnt);

	if (IS_MNT_SHARED(old_mnt) || IS_MNT_SHARED(new_mnt->mnt_parent) || IS_MNT_SHARED(root_mnt->mnt_parent))
		return -EINVAL;
	if (!check_mnt(root_mnt) || !check_mnt(new_mnt) || (new_mnt->mnt.mnt_flags & MNT_LOCKED))
		return -EINVAL;
	if (d_unlinked(new->dentry))
		return -ENOENT;
	if (new_mnt == root_mnt || old_mnt == root_mnt)
		return -EBUSY;
	if (root->mnt->mnt_root != root->dentry || !mnt_has_parent(root_mnt) ||
	    new->mnt->mnt_root != new->dentry || !mnt_has_parent(new_mnt))
		return -EINVAL;
	/* put_old at or below new_root, new_root below the root. */
	if (!is_path_reachable(old_mnt, old->dentry, new) || !is_path_reachable(new_mnt, new->dentry, root))
		return -EINVAL;
	return 0;
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
		/* What is below the root stays below. */
		new_mnt->mnt.mnt_flags |= root_mnt->mnt.mnt_flags & MNT_LOCKED;
		root_mnt->mnt.mnt_flags &= ~MNT_LOCKED;
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
