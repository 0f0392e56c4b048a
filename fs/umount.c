// SPDX-License-Identifier: GPL-2.0-only
/* umount2(2). Locking: namespace_sem for writing, and mount_lock as a writer, so that nobody comes in meanwhile. */
#include <fs/mount.h>

#include <fs/fs_context.h>
#include <fs/internal.h>
#include <generated/syscalls.h>

static int can_expire(struct mount *m, int flags)
{
	if (&m->mnt == current->fs->root.mnt || (flags & (MNT_FORCE | MNT_DETACH)))
		return -EINVAL;
	if (atomic_read(&m->mnt_count) != 2)
		return -EBUSY;
	return xchg(&m->mnt_expiry_mark, true) ? 0 : -EAGAIN;
}

/* The root of a process is not unmounted: its file system becomes read-only. */
static int make_readonly(struct super_block *sb)
{
	struct fs_context *fc;
	int err;

	if (!ns_capable(sb->s_user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	fc = fs_context_for_reconfigure(sb->s_root, MS_RDONLY, MS_RDONLY);
	if (IS_ERR(fc))
		return PTR_ERR(fc);
	down_write(&sb->s_umount);
	err = reconfigure_super(fc);
	up_write(&sb->s_umount);
	put_fs_context(fc);
	return err;
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
		return make_readonly(m->mnt.mnt_sb);
	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	smp_mb();	/* a lock-free walk either sees us, or its reference is seen */
	if (!check_mnt(m) || !mnt_has_parent(m) || (m->mnt.mnt_flags & MNT_LOCKED))
		err = -EINVAL;
	else if (!(flags & MNT_DETACH) && propagate_mount_busy(m, 2))
		err = -EBUSY;
	if (!err)
		umount_tree(m, &victims, UMOUNT_PROPAGATE);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&victims);
	return err;
}

static int can_umount(const struct path *path, int flags)
{
	if (!may_mount())
		return -EPERM;
	if (path->dentry != path->mnt->mnt_root || !check_mnt(real_mount(path->mnt)) ||
	    (path->mnt->mnt_flags & MNT_LOCKED))
		return -EINVAL;
	return (flags & MNT_FORCE) && !capable(CAP_SYS_ADMIN) ? -EPERM : 0;
}

long sys_umount(char __user *name, int flags)
{
	struct path path;
	int err;

	if (flags & ~(MNT_FORCE | MNT_DETACH | MNT_EXPIRE | UMOUNT_NOFOLLOW))
		return -EINVAL;
	err = user_path_at(AT_FDCWD, name, (flags & UMOUNT_NOFOLLOW) ? 0 : LOOKUP_FOLLOW, &path);
	if (err)
		return err;
	follow_down(&path);	/* "." may have been covered: pivot_root(".", ".") */
	err = can_umount(&path, flags);
	/* Keep the mount but not the dentry: the latter would count as a user of the file system. */
	dput(path.dentry);
	if (!err)
		err = do_umount(real_mount(path.mnt), flags);
	mntput_no_expire(path.mnt);
	return err;
}
