// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changing directories: mkdir, rmdir, unlink, link, symlink, mknod.  rename is in rename.c.
 *
 * The vfs_*() functions want the directory's i_rwsem held for writing (and take the victim's); the calls
 * around them look names up, take write access to the mount, and lock.
 */
#include <fs/internal.h>

#include <fs/mount.h>
#include <fs/namei.h>
#include <generated/syscalls.h>
#include <kernel/lib/string.h>

static void notify_dir(struct inode *dir, struct dentry *dentry, u32 mask)
{
	if (unlikely(atomic_read(&fsnotify_marks)))
		fsnotify_inode(dir, mask, (const char *)dentry->d_name.name, 0);
}

/* ---- making ---------------------------------------------------------------------------------- */

int vfs_create(struct inode *dir, struct dentry *dentry, umode_t mode, bool excl)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if (!dir->i_op->create)
		return -EACCES;
	err = dir->i_op->create(dir, dentry, (mode & S_IALLUGO) | S_IFREG, excl);
	if (!err)
		notify_dir(dir, dentry, IN_CREATE);
	return err;
}

int vfs_mkdir(struct inode *dir, struct dentry *dentry, umode_t mode)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if (!dir->i_op->mkdir)
		return -EPERM;
	err = dir->i_op->mkdir(dir, dentry, mode & (S_IRWXU | S_IRWXG | S_IRWXO | S_ISVTX));
	if (!err)
		notify_dir(dir, dentry, IN_CREATE | IN_ISDIR);
	return err;
}

int vfs_mknod(struct inode *dir, struct dentry *dentry, umode_t mode, dev_t dev)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	/* 0:0 as a character device is a whiteout, which anybody may make. */
	if (((S_ISCHR(mode) && dev) || S_ISBLK(mode)) && !capable(CAP_MKNOD))
		return -EPERM;
	if (!dir->i_op->mknod)
		return -EPERM;
	err = dir->i_op->mknod(dir, dentry, mode, dev);
	if (!err)
		notify_dir(dir, dentry, IN_CREATE);
	return err;
}

int vfs_symlink(struct inode *dir, struct dentry *dentry, const char *target)
{
	int err = may_create(dir, dentry);

	if (err)
		return err;
	if (!dir->i_op->symlink)
		return -EPERM;
	err = dir->i_op->symlink(dir, dentry, target);
	if (!err)
		notify_dir(dir, dentry, IN_CREATE);
	return err;
}

static int link_locked(struct dentry *old, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(old);
	int err;

	if (!inode->i_nlink && !(inode->i_state & I_LINKABLE))
		return -ENOENT;
	err = dir->i_op->link(old, dir, dentry);
	if (!err && (inode->i_state & I_LINKABLE)) {
		spin_lock(&inode->i_lock);
		inode->i_state &= ~I_LINKABLE;
		spin_unlock(&inode->i_lock);
	}
	return err;
}

int sysctl_protected_hardlinks = 1;		/* as on Debian */

/* fs.protected_hardlinks: no links to what one does not own and could not write, or to what gives privileges. */
static bool link_protected(struct inode *inode)
{
	umode_t mode = inode->i_mode;

	if (!sysctl_protected_hardlinks || inode_owner_or_capable(inode))
		return false;
	return !S_ISREG(mode) || (mode & S_ISUID) || (mode & (S_ISGID | S_IXGRP)) == (S_ISGID | S_IXGRP) ||
	       inode_permission(inode, MAY_READ | MAY_WRITE);
}

int vfs_link(struct dentry *old, struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(old);
	int err;

	if (!inode)
		return -ENOENT;
	err = link_protected(inode) ? -EPERM : may_create(dir, dentry);
	if (err)
		return err;
	if (dir->i_sb != inode->i_sb)
		return -EXDEV;
	if ((inode->i_flags & (S_APPEND_INODE | S_IMMUTABLE_INODE)) || !dir->i_op->link ||
	    S_ISDIR(inode->i_mode))
		return -EPERM;
	inode_lock(inode);
	err = link_locked(old, dir, dentry);
	inode_unlock(inode);
	if (!err && unlikely(atomic_read(&fsnotify_marks))) {
		fsnotify_inode(inode, IN_ATTRIB, NULL, 0);
		notify_dir(dir, dentry, IN_CREATE);
	}
	return err;
}

/* ---- removing -------------------------------------------------------------------------------- */

int vfs_rmdir(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	int err = may_delete(dir, dentry, true);

	if (err)
		return err;
	if (!dir->i_op->rmdir)
		return -EPERM;
	/* A directory below another one: the order of rank is parent, child. */
	down_write_nested(&inode->i_rwsem);
	err = is_local_mountpoint(dentry) ? -EBUSY : dir->i_op->rmdir(dir, dentry);
	if (!err) {
		inode->i_flags |= S_DEAD;
		spin_lock(&dentry->d_lock);
		dentry->d_flags |= DCACHE_CANT_MOUNT;
		spin_unlock(&dentry->d_lock);
		d_prune_children(dentry);
	}
	inode_unlock(inode);
	if (!err) {
		notify_dir(dir, dentry, IN_DELETE | IN_ISDIR);
		d_delete(dentry);
	}
	return err;
}

int vfs_unlink(struct inode *dir, struct dentry *dentry)
{
	struct inode *inode = d_inode(dentry);
	int err = may_delete(dir, dentry, false);

	if (err)
		return err;
	if (!dir->i_op->unlink)
		return -EPERM;
	inode_lock(inode);
	err = is_local_mountpoint(dentry) ? -EBUSY : dir->i_op->unlink(dir, dentry);
	inode_unlock(inode);
	if (!err) {
		if (unlikely(atomic_read(&fsnotify_marks))) {
			fsnotify_inode(inode, IN_ATTRIB, NULL, 0);
			notify_dir(dir, dentry, IN_DELETE);
		}
		d_delete(dentry);
	}
	return err;
}

/* ---- the calls: making ----------------------------------------------------------------------- */

long sys_mkdirat(int dfd, const char __user *name, umode_t mode)
{
	struct dentry *dentry;
	struct pathname p;
	struct path path;
	int err = pathname_get(&p, name, 0);

	if (err)
		return err;
	dentry = filename_create(dfd, p.name, &path, LOOKUP_DIRECTORY);
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		err = vfs_mkdir(d_inode(path.dentry), dentry, mode & ~current_umask());
		done_path_create(&path, dentry);
	}
	pathname_put(&p);
	return err;
}

long sys_mkdir(const char __user *name, umode_t mode)
{
	return sys_mkdirat(AT_FDCWD, name, mode);
}

static int check_node_type(umode_t mode)
{
	switch (mode & S_IFMT) {
	case S_IFREG:
	case S_IFCHR:
	case S_IFBLK:
	case S_IFIFO:
	case S_IFSOCK:
	case 0:
		return 0;
	case S_IFDIR:
		return -EPERM;
	default:
		return -EINVAL;
	}
}

static int mknod_locked(struct inode *dir, struct dentry *dentry, umode_t mode, unsigned int dev)
{
	mode &= ~current_umask();
	switch (mode & S_IFMT) {
	case 0:
	case S_IFREG:
		return vfs_create(dir, dentry, mode, true);
	case S_IFCHR:
	case S_IFBLK:
		return vfs_mknod(dir, dentry, mode, new_decode_dev(dev));
	default:
		return vfs_mknod(dir, dentry, mode, 0);
	}
}

long sys_mknodat(int dfd, const char __user *name, umode_t mode, unsigned int dev)
{
	struct dentry *dentry;
	struct pathname p;
	struct path path;
	int err = check_node_type(mode);

	if (err)
		return err;
	err = pathname_get(&p, name, 0);
	if (err)
		return err;
	dentry = filename_create(dfd, p.name, &path, 0);
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		err = mknod_locked(d_inode(path.dentry), dentry, mode, dev);
		done_path_create(&path, dentry);
	}
	pathname_put(&p);
	return err;
}

long sys_mknod(const char __user *name, umode_t mode, unsigned int dev)
{
	return sys_mknodat(AT_FDCWD, name, mode, dev);
}

long sys_symlinkat(const char __user *target, int dfd, const char __user *name)
{
	struct pathname from, to;
	struct dentry *dentry;
	struct path path;
	int err = pathname_get(&from, target, 0);

	if (err)
		return err;
	err = pathname_get(&to, name, 0);
	if (err)
		goto put_from;
	dentry = filename_create(dfd, to.name, &path, 0);
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		err = vfs_symlink(d_inode(path.dentry), dentry, from.name);
		done_path_create(&path, dentry);
	}
	pathname_put(&to);
put_from:
	pathname_put(&from);
	return err;
}

long sys_symlink(const char __user *target, const char __user *name)
{
	return sys_symlinkat(target, AT_FDCWD, name);
}

static int link_to(const struct path *old, int newdfd, const char *name)
{
	struct dentry *dentry;
	struct path path;
	int err;

	dentry = filename_create(newdfd, name, &path, 0);
	if (IS_ERR(dentry))
		return PTR_ERR(dentry);
	err = -EXDEV;
	if (old->mnt == path.mnt)
		err = vfs_link(old->dentry, d_inode(path.dentry), dentry);
	done_path_create(&path, dentry);
	return err;
}

long sys_linkat(int olddfd, const char __user *oldname, int newdfd, const char __user *newname, int flags)
{
	unsigned int lookup = (flags & AT_SYMLINK_FOLLOW) ? LOOKUP_FOLLOW : 0;
	struct pathname p;
	struct path old;
	int err;

	if (flags & ~(AT_SYMLINK_FOLLOW | AT_EMPTY_PATH))
		return -EINVAL;
	/* A descriptor may have been passed by somebody who can search where we cannot. */
	if ((flags & AT_EMPTY_PATH) && !capable(CAP_DAC_READ_SEARCH))
		return -ENOENT;
	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	err = user_path_at(olddfd, oldname, lookup, &old);
	if (err)
		return err;
	err = pathname_get(&p, newname, 0);
	if (!err) {
		err = link_to(&old, newdfd, p.name);
		pathname_put(&p);
	}
	path_put(&old);
	return err;
}

long sys_link(const char __user *oldname, const char __user *newname)
{
	return sys_linkat(AT_FDCWD, oldname, AT_FDCWD, newname, 0);
}

/* ---- the calls: removing --------------------------------------------------------------------- */

static int rmdir_in(struct path *parent, const struct qstr *last)
{
	struct inode *dir = d_inode(parent->dentry);
	struct dentry *dentry;
	int err;

	inode_lock(dir);
	dentry = lookup_hash(last, parent->dentry, 0);
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err)
		err = d_is_negative(dentry) ? -ENOENT : vfs_rmdir(dir, dentry);
	inode_unlock(dir);
	if (!IS_ERR(dentry)) {
		if (!err)
			detach_mounts(dentry);
		dput(dentry);
	}
	return err;
}

static int do_rmdir(int dfd, const char *name)
{
	static const int last_errors[] = {
		[LAST_NORM] = 0, [LAST_ROOT] = -EBUSY, [LAST_DOT] = -EINVAL, [LAST_DOTDOT] = -ENOTEMPTY,
	};
	enum last_type type;
	struct path parent;
	struct qstr last;
	int err = filename_parentat(dfd, name, 0, &parent, &last, &type);

	if (err)
		return err;
	err = last_errors[type] ?: mnt_want_write(parent.mnt);
	if (!err) {
		err = rmdir_in(&parent, &last);
		mnt_drop_write(parent.mnt);
	}
	path_put(&parent);
	return err;
}

/* What unlink says of a name with a slash at its end. */
static int slash_error(const struct dentry *dentry)
{
	if (d_is_negative(dentry))
		return -ENOENT;
	return S_ISDIR(d_inode(dentry)->i_mode) ? -EISDIR : -ENOTDIR;
}

/* The inode is kept until the directory is unlocked: its pages may take long to free. */
static int unlink_in(struct path *parent, const struct qstr *last)
{
	struct inode *dir = d_inode(parent->dentry), *inode = NULL;
	struct dentry *dentry;
	int err;

	inode_lock(dir);
	dentry = lookup_hash(last, parent->dentry, 0);
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		if (last->name[last->len] || d_is_negative(dentry)) {
			err = slash_error(dentry);
		} else {
			inode = d_inode(dentry);
			ihold(inode);
			err = vfs_unlink(dir, dentry);
		}
	}
	inode_unlock(dir);
	if (!IS_ERR(dentry)) {
		if (!err)
			detach_mounts(dentry);
		dput(dentry);
	}
	iput(inode);
	return err;
}

int do_unlink(int dfd, const char *name)
{
	enum last_type type;
	struct path parent;
	struct qstr last;
	int err = filename_parentat(dfd, name, 0, &parent, &last, &type);

	if (err)
		return err;
	err = type == LAST_NORM ? mnt_want_write(parent.mnt) : -EISDIR;
	if (!err) {
		err = unlink_in(&parent, &last);
		mnt_drop_write(parent.mnt);
	}
	path_put(&parent);
	return err;
}

long sys_unlinkat(int dfd, const char __user *name, int flag)
{
	struct pathname p;
	int err;

	if (flag & ~AT_REMOVEDIR)
		return -EINVAL;
	err = pathname_get(&p, name, 0);
	if (err)
		return err;
	err = (flag & AT_REMOVEDIR) ? do_rmdir(dfd, p.name) : do_unlink(dfd, p.name);
	pathname_put(&p);
	return err;
}

long sys_unlink(const char __user *name)
{
	return sys_unlinkat(AT_FDCWD, name, 0);
}

long sys_rmdir(const char __user *name)
{
	return sys_unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}
