// SPDX-License-Identifier: GPL-2.0-only
/* truncate(2), ftruncate(2), fallocate(2). Locking: the inode's i_rwsem around the change of size. */
#include <fs/internal.h>

#include <fs/locks.h>
#include <generated/syscalls.h>

/* Write access to the inode is the caller's business. */
int do_truncate(struct dentry *dentry, loff_t length, unsigned int time_attrs, struct file *filp)
{
	struct inode *inode = d_inode(dentry);
	struct iattr attr = { .ia_valid = ATTR_SIZE | time_attrs, .ia_size = length };
	unsigned int kill;
	int err;

	if (length < 0)
		return -EINVAL;
	if (filp) {
		attr.ia_file = filp;
		attr.ia_valid |= ATTR_FILE;
	}
	inode_lock(inode);
	kill = attr_of_privs(inode);
	if (kill)
		attr.ia_valid |= kill | ATTR_FORCE;
	err = notify_change(dentry, &attr);
	inode_unlock(inode);
	return err;
}

int vfs_truncate(const struct path *path, loff_t length)
{
	struct inode *inode = d_inode(path->dentry);
	int err;

	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode))
		return -EINVAL;
	err = mnt_want_write(path->mnt);
	if (err)
		return err;
	err = inode_permission(inode, MAY_WRITE);
	if (err)
		goto out;
	err = -EPERM;
	if (inode->i_flags & S_APPEND_INODE)
		goto out;
	err = get_write_access(inode);
	if (err)
		goto out;
	err = break_lease(inode, O_WRONLY);
	if (!err)
		err = do_truncate(path->dentry, length, ATTR_MTIME | ATTR_CTIME, NULL);
	put_write_access(inode);
out:
	mnt_drop_write(path->mnt);
	return err;
}

long do_sys_truncate(const char __user *name, loff_t length)
{
	struct path path;
	int err;

	if (length < 0)
		return -EINVAL;
	err = user_path_at(AT_FDCWD, name, LOOKUP_FOLLOW, &path);
	if (err)
		return err;
	err = vfs_truncate(&path, length);
	path_put(&path);
	return err;
}

static int truncate_file(struct file *f, loff_t length, bool small)
{
	struct inode *inode = file_inode(f);

	if (!S_ISREG(inode->i_mode) || !(f->f_mode & FMODE_WRITE))
		return -EINVAL;
	if (small && !(f->f_flags & O_LARGEFILE) && length > 0x7fffffff)
		return -EINVAL;
	if (inode->i_flags & S_APPEND_INODE)
		return -EPERM;
	return do_truncate(f->f_path.dentry, length, ATTR_MTIME | ATTR_CTIME, f);
}

/* @small: the old call, for which a descriptor without O_LARGEFILE ends at 2 GiB. */
long do_sys_ftruncate(unsigned int fd, loff_t length, bool small)
{
	struct fd f;
	int err;

	if (length < 0)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	err = truncate_file(f.file, length, small);
	fdput(f);
	return err;
}

long sys_truncate(const char __user *name, long length)
{
	return do_sys_truncate(name, length);
}

long sys_ftruncate(unsigned int fd, unsigned long length)
{
	return do_sys_ftruncate(fd, (long)length, true);
}

/* ---- fallocate ------------------------------------------------------------------------------- */

static int check_fallocate_mode(int mode)
{
	if (mode & ~(FALLOC_FL_KEEP_SIZE | FALLOC_FL_PUNCH_HOLE | FALLOC_FL_COLLAPSE_RANGE |
		     FALLOC_FL_ZERO_RANGE | FALLOC_FL_INSERT_RANGE | FALLOC_FL_UNSHARE_RANGE))
		return -EOPNOTSUPP;
	if ((mode & (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE)) ==
	    (FALLOC_FL_PUNCH_HOLE | FALLOC_FL_ZERO_RANGE))
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_PUNCH_HOLE) && !(mode & FALLOC_FL_KEEP_SIZE))
		return -EOPNOTSUPP;
	if ((mode & FALLOC_FL_COLLAPSE_RANGE) && (mode & ~FALLOC_FL_COLLAPSE_RANGE))
		return -EINVAL;
	if ((mode & FALLOC_FL_INSERT_RANGE) && (mode & ~FALLOC_FL_INSERT_RANGE))
		return -EINVAL;
	if ((mode & FALLOC_FL_UNSHARE_RANGE) && (mode & ~(FALLOC_FL_UNSHARE_RANGE | FALLOC_FL_KEEP_SIZE)))
		return -EINVAL;
	return 0;
}

static long vfs_fallocate(struct file *f, int mode, loff_t off, loff_t len)
{
	struct inode *inode = file_inode(f);
	long err;

	if (off < 0 || len <= 0)
		return -EINVAL;
	err = check_fallocate_mode(mode);
	if (err)
		return err;
	if (!(f->f_mode & FMODE_WRITE))
		return -EBADF;
	if ((mode & ~FALLOC_FL_KEEP_SIZE) && (inode->i_flags & S_APPEND_INODE))
		return -EPERM;
	if (inode->i_flags & S_IMMUTABLE_INODE)
		return -EPERM;
	if (S_ISFIFO(inode->i_mode))
		return -ESPIPE;
	if (S_ISDIR(inode->i_mode))
		return -EISDIR;
	if (!S_ISREG(inode->i_mode) && !S_ISBLK(inode->i_mode))
		return -ENODEV;
	if (off + len > inode->i_sb->s_maxbytes || off + len < 0)
		return -EFBIG;
	if (!f->f_op->fallocate)
		return -EOPNOTSUPP;
	err = f->f_op->fallocate(f, mode, off, len);
	if (!err)
		fsnotify_file(f, IN_MODIFY);
	return err;
}

long sys_fallocate(int fd, int mode, loff_t off, loff_t len)
{
	struct fd f = fdget(fd);
	long err;

	if (!f.file)
		return -EBADF;
	err = vfs_fallocate(f.file, mode, off, len);
	fdput(f);
	return err;
}
