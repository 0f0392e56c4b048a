// SPDX-License-Identifier: GPL-2.0-only
/*
 * open_tree(2), fsmount(2), move_mount(2): mounts by descriptor.
 *
 * A tree that is attached nowhere has a namespace of its own, which nobody is in, and a file made by O_PATH that
 * takes the tree apart when it is closed, unless move_mount(2) has attached it.
 *
 * Locking: namespace_sem for writing, as for any change of the trees.
 */
#include <fs/mount.h>

#include <fs/file.h>
#include <fs/fs_context.h>
#include <fs/internal.h>
#include <generated/syscalls.h>

/* ---- trees behind a file --------------------------------------------------------------------- */

static int tree_release(struct inode *inode, struct file *file)
{
	struct mount *m = real_mount(file->f_path.mnt);
	struct mnt_namespace *ns;
	LIST_HEAD(victims);

	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	ns = m->mnt_ns;
	if (ns && is_anon_ns(ns))
		umount_tree(m, &victims, 0);
	else
		ns = NULL;
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	release_mounts(&victims);
	if (ns)
		free_anon_ns(ns);
	return 0;
}

static const struct file_operations tree_fops = {
	.release	= tree_release,
};

/* The file of the tree @m, which is in no namespace yet and is consumed, at @dentry of it. */
static struct file *open_tree_file(struct mount *m, struct dentry *dentry)
{
	struct path path = { .mnt = mntget(&m->mnt), .dentry = dentry };
	struct mnt_namespace *ns = alloc_anon_ns();
	struct file *file;

	if (IS_ERR(ns)) {
		mntput(path.mnt);
		put_tree(m);
		return ERR_CAST(ns);
	}
	down_write(&namespace_sem);
	write_seqlock(&mount_lock);
	ns->root = m;
	commit_tree(m, ns);
	write_sequnlock(&mount_lock);
	up_write(&namespace_sem);
	file = dentry_open(&path, O_PATH, current_cred());
	mntput(path.mnt);
	if (IS_ERR(file)) {
		put_tree(m);
		free_anon_ns(ns);
		return file;
	}
	file->f_op = &tree_fops;
	return file;
}

static int install_file(struct file *file, unsigned int flags)
{
	int fd;

	if (IS_ERR(file))
		return PTR_ERR(file);
	fd = get_unused_fd_flags(flags);
	if (fd < 0)
		fput(file);
	else
		fd_install(fd, file);
	return fd;
}

/* ---- open_tree(2) ---------------------------------------------------------------------------- */

static struct file *open_detached_copy(const struct path *path, bool recurse)
{
	struct mount *copy;

	down_write(&namespace_sem);
	copy = copy_for_bind(path, recurse);
	up_write(&namespace_sem);
	return IS_ERR(copy) ? ERR_CAST(copy) : open_tree_file(copy, path->dentry);
}

long sys_open_tree(int dfd, const char __user *name, unsigned int flags)
{
	unsigned int lookup = LOOKUP_FOLLOW | LOOKUP_AUTOMOUNT;
	struct file *file;
	struct path path;
	int err;

	if (flags & ~(AT_EMPTY_PATH | AT_NO_AUTOMOUNT | AT_RECURSIVE | AT_SYMLINK_NOFOLLOW | OPEN_TREE_CLONE |
		      OPEN_TREE_CLOEXEC))
		return -EINVAL;
	if ((flags & AT_RECURSIVE) && !(flags & OPEN_TREE_CLONE))
		return -EINVAL;
	if (flags & AT_NO_AUTOMOUNT)
		lookup &= ~LOOKUP_AUTOMOUNT;
	if (flags & AT_SYMLINK_NOFOLLOW)
		lookup &= ~LOOKUP_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	if ((flags & OPEN_TREE_CLONE) && !may_mount())
		return -EPERM;
	err = user_path_at(dfd, name, lookup, &path);
	if (err)
		return err;
	if (flags & OPEN_TREE_CLONE)
		file = open_detached_copy(&path, flags & AT_RECURSIVE);
	else
		file = dentry_open(&path, O_PATH, current_cred());
	path_put(&path);
	return install_file(file, flags & OPEN_TREE_CLOEXEC);
}

/* ---- fsmount(2) ------------------------------------------------------------------------------ */

#define FSMOUNT_ATTRS	(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC | \
			 MOUNT_ATTR__ATIME | MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW)

static struct file *mount_context(struct fs_context *fc, unsigned int mnt_flags)
{
	struct mount *m;

	if (!fc->root)
		return ERR_PTR(-EINVAL);
	if (mount_too_revealing(fc->root->d_sb, &mnt_flags))
		return ERR_PTR(-EPERM);
	if (fc->phase != FS_AWAITING_MOUNT)
		return ERR_PTR(-EBUSY);
	m = vfs_create_mount(fc);
	if (IS_ERR(m))
		return ERR_CAST(m);
	m->mnt.mnt_flags = mnt_flags;
	vfs_clean_context(fc);
	return open_tree_file(m, m->mnt.mnt_root);
}

static struct file *mount_context_fd(int fd, unsigned int mnt_flags)
{
	struct fd f = fdget(fd);
	struct fs_context *fc;
	struct file *file;
	int err;

	if (!f.file)
		return ERR_PTR(-EBADF);
	fc = fs_context_of_file(f.file);
	err = fc ? mutex_lock_interruptible(&fc->lock) : -EINVAL;
	if (err) {
		file = ERR_PTR(err);
	} else {
		file = mount_context(fc, mnt_flags);
		mutex_unlock(&fc->lock);
	}
	fdput(f);
	return file;
}

long sys_fsmount(int fd, unsigned int flags, unsigned int attrs)
{
	unsigned int mnt_flags;

	if (!may_mount())
		return -EPERM;
	if ((flags & ~FSMOUNT_CLOEXEC) || (attrs & ~FSMOUNT_ATTRS))
		return -EINVAL;
	mnt_flags = mnt_flags_of_attrs(attrs);
	switch (attrs & MOUNT_ATTR__ATIME) {
	case MOUNT_ATTR_RELATIME:
		mnt_flags |= MNT_RELATIME;
		break;
	case MOUNT_ATTR_NOATIME:
		mnt_flags |= MNT_NOATIME;
		break;
	case MOUNT_ATTR_STRICTATIME:
		break;
	default:
		return -EINVAL;
	}
	return install_file(mount_context_fd(fd, mnt_flags), (flags & FSMOUNT_CLOEXEC) ? O_CLOEXEC : 0);
}

/* ---- move_mount(2) --------------------------------------------------------------------------- */

/* Can @to become a member of @from's group? [n] */
static int check_set_group(const struct path *from_path, const struct path *to_path)
{
	const struct mount *from = real_mount(from_path->mnt), *to = real_mount(to_path->mnt);

	if (!from->mnt_ns || !to->mnt_ns)
		return -EINVAL;
	if (!ns_capable(from->mnt_ns->ns.user_ns, CAP_SYS_ADMIN) || !ns_capable(to->mnt_ns->ns.user_ns, CAP_SYS_ADMIN))
		return -EPERM;
	if (from_path->dentry != from->mnt.mnt_root || to_path->dentry != to->mnt.mnt_root)
		return -EINVAL;
	/* A member shows what the others do, or a part of it. */
	if (from->mnt.mnt_sb != to->mnt.mnt_sb || !is_subdir(to->mnt.mnt_root, from->mnt.mnt_root))
		return -EINVAL;
	if (IS_MNT_SHARED(to) || to->mnt_master || has_locked_children(real_mount(from_path->mnt), to->mnt.mnt_root))
		return -EINVAL;
	return IS_MNT_SHARED(from) || from->mnt_master ? 0 : -EINVAL;
}

static int do_set_group(const struct path *from, const struct path *to)
{
	int err;

	down_write(&namespace_sem);
	err = check_set_group(from, to);
	if (!err)
		join_group(real_mount(to->mnt), real_mount(from->mnt));
	up_write(&namespace_sem);
	return err;
}

static unsigned int lookup_flags_of(unsigned int flags)
{
	return ((flags & MOVE_MOUNT_F_SYMLINKS) ? LOOKUP_FOLLOW : 0) |
	       ((flags & MOVE_MOUNT_F_AUTOMOUNTS) ? LOOKUP_AUTOMOUNT : 0) |
	       ((flags & MOVE_MOUNT_F_EMPTY_PATH) ? LOOKUP_EMPTY : 0);
}

/* The flags of the second name are those of the first, shifted. */
#define TO_FLAGS_SHIFT	4
static_assert(MOVE_MOUNT_T_EMPTY_PATH == MOVE_MOUNT_F_EMPTY_PATH << TO_FLAGS_SHIFT);

long sys_move_mount(int from_dfd, const char __user *from_name, int to_dfd, const char __user *to_name,
		    unsigned int flags)
{
	struct path from, to;
	int err;

	if (!may_mount())
		return -EPERM;
	if (flags & ~MOVE_MOUNT__MASK)
		return -EINVAL;
	err = user_path_at(from_dfd, from_name, lookup_flags_of(flags), &from);
	if (err)
		return err;
	err = user_path_at(to_dfd, to_name, lookup_flags_of(flags >> TO_FLAGS_SHIFT), &to);
	if (!err) {
		err = (flags & MOVE_MOUNT_SET_GROUP) ? do_set_group(&from, &to) : do_move_mount(&from, &to);
		path_put(&to);
	}
	path_put(&from);
	return err;
}
