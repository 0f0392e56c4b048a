// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests to file systems with block maps: ioctl_ficlone(2), ioctl_fideduperange(2), FIBMAP, FIEMAP, FIFREEZE.
 * No file system here shares blocks or has a disk's numbers for them, so all that is left is to say which of the
 * arguments is wrong, or that it is not supported.
 *
 * Interface: remap_ioctl() of <fs/internal.h>.  Locking: none.
 */
#include <fs/internal.h>

#include <linux/fiemap.h>

static int check_clone(const struct file *to, const struct file *from)
{
	if (from->f_path.mnt != to->f_path.mnt)
		return -EXDEV;
	if (S_ISDIR(file_inode(from)->i_mode) || S_ISDIR(file_inode(to)->i_mode))
		return -EISDIR;
	if (!S_ISREG(file_inode(from)->i_mode) || !S_ISREG(file_inode(to)->i_mode))
		return -EINVAL;
	if (!(from->f_mode & FMODE_READ) || !(to->f_mode & FMODE_WRITE) || (to->f_flags & O_APPEND))
		return -EBADF;
	return -EOPNOTSUPP;
}

static int clone_file(const struct file *to, int fd)
{
	struct fd from = fdget(fd);
	int err;

	if (!from.file)
		return -EBADF;
	err = check_clone(to, from.file);
	fdput(from);
	return err;
}

static int dedupe(const struct file *f, const struct file_dedupe_range __user *urange)
{
	umode_t mode = file_inode(f)->i_mode;
	struct file_dedupe_range range;

	if (copy_from_user(&range, urange, sizeof(range)))
		return -EFAULT;
	if (sizeof(range) + range.dest_count * sizeof(struct file_dedupe_range_info) > PAGE_SIZE)
		return -ENOMEM;
	if (!(f->f_mode & FMODE_READ) || range.reserved1 || range.reserved2)
		return -EINVAL;
	if (S_ISDIR(mode))
		return -EISDIR;
	return S_ISREG(mode) ? -EOPNOTSUPP : -EINVAL;
}

static int block_map(int __user *ublock)
{
	int block;

	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	return copy_from_user(&block, ublock, sizeof(block)) ? -EFAULT : -EINVAL;
}

/* -ENOIOCTLCMD: none of these requests. */
long remap_ioctl(const struct file *f, unsigned int cmd, unsigned long arg)
{
	void __user *uarg = (void __user *)arg;
	struct file_clone_range range;

	switch (cmd) {
	case FICLONE:
		return clone_file(f, arg);
	case FICLONERANGE:
		return copy_from_user(&range, uarg, sizeof(range)) ? -EFAULT : clone_file(f, range.src_fd);
	case FIDEDUPERANGE:
		return dedupe(f, uarg);
	case FIBMAP:
		return S_ISREG(file_inode(f)->i_mode) ? block_map(uarg) : -ENOIOCTLCMD;
	case FS_IOC_FIEMAP:
		return -EOPNOTSUPP;
	case FIFREEZE:
	case FITHAW:
		if (!ns_capable(f->f_path.mnt->mnt_sb->s_user_ns, CAP_SYS_ADMIN))
			return -EPERM;
		return cmd == FIFREEZE ? -EOPNOTSUPP : -EINVAL;
	}
	return -ENOIOCTLCMD;
}
