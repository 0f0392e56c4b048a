// SPDX-License-Identifier: GPL-2.0-only
/*
 * Flags of a file that lsattr(1) and chattr(1) know: FS_IOC_GETFLAGS, FS_IOC_SETFLAGS, FS_IOC_FSGETXATTR and
 * FS_IOC_FSSETXATTR, and what statx tells of them.  Immutable and append-only are obeyed by permission.c, attr.c,
 * xattr.c and their neighbours; "no dump" is only kept.
 *
 * Interface: inode_flags_ioctl(), inode_flags_statx() of <fs/internal.h>.  Locking: i_flags change under i_rwsem.
 */
#include <fs/internal.h>

#include <kernel/compat.h>

static const struct {
	u32	inode;		/* S_* */
	u32	flag;		/* FS_*_FL */
	u32	xflag;		/* FS_XFLAG_* */
	u32	statx;		/* STATX_ATTR_* */
} known[] = {
	{ S_IMMUTABLE_INODE, FS_IMMUTABLE_FL, FS_XFLAG_IMMUTABLE, STATX_ATTR_IMMUTABLE },
	{ S_APPEND_INODE, FS_APPEND_FL, FS_XFLAG_APPEND, STATX_ATTR_APPEND },
	{ S_NODUMP_INODE, FS_NODUMP_FL, FS_XFLAG_NODUMP, STATX_ATTR_NODUMP },
	{ S_NOATIME_INODE, FS_NOATIME_FL, FS_XFLAG_NOATIME, 0 },
};

static u32 flags_of(const struct inode *inode)
{
	u32 flags = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		flags |= (inode->i_flags & known[i].inode) ? known[i].flag : 0;
	return flags;
}

void inode_flags_statx(const struct inode *inode, struct kstat *stat)
{
	unsigned int i;

	if (!inode->i_sb->s_op->keeps_flags)
		return;
	stat->attributes_mask |= STATX_ATTR_IMMUTABLE | STATX_ATTR_APPEND | STATX_ATTR_NODUMP;
	if (likely(!(inode->i_flags & (S_IMMUTABLE_INODE | S_APPEND_INODE | S_NODUMP_INODE))))
		return;
	for (i = 0; i < ARRAY_SIZE(known); i++)
		stat->attributes |= (inode->i_flags & known[i].inode) ? known[i].statx : 0;
}

/* The inode is write-locked. */
static int set_locked(struct inode *inode, u32 flags)
{
	const u32 privileged = FS_IMMUTABLE_FL | FS_APPEND_FL;
	unsigned int i;

	if (((flags ^ flags_of(inode)) & privileged) && !capable(CAP_LINUX_IMMUTABLE))
		return -EPERM;
	if (flags & ~(privileged | FS_NODUMP_FL | FS_NOATIME_FL))
		return -EOPNOTSUPP;
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		inode->i_flags &= ~known[i].inode;
		inode->i_flags |= (flags & known[i].flag) ? known[i].inode : 0;
	}
	inode->i_ctime = current_time(inode);
	return 0;
}

static int set_flags(struct file *f, u32 flags)
{
	struct inode *inode = file_inode(f);
	int err = mnt_want_write(f->f_path.mnt);

	if (err)
		return err;
	inode_lock(inode);
	err = inode_owner_or_capable(inode) ? set_locked(inode, flags) : -EPERM;
	inode_unlock(inode);
	mnt_drop_write(f->f_path.mnt);
	return err;
}

static int get_extended(const struct inode *inode, struct fsxattr __user *ufx)
{
	struct fsxattr fx = { 0 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++)
		fx.fsx_xflags |= (inode->i_flags & known[i].inode) ? known[i].xflag : 0;
	return copy_to_user(ufx, &fx, sizeof(fx)) ? -EFAULT : 0;
}

/* Projects and extent sizes are not for file systems in memory: all but flags must be zero. */
static int set_extended(struct file *f, const struct fsxattr __user *ufx)
{
	struct fsxattr fx;
	u32 flags = 0;
	unsigned int i;

	if (copy_from_user(&fx, ufx, sizeof(fx)))
		return -EFAULT;
	for (i = 0; i < ARRAY_SIZE(known); i++) {
		flags |= (fx.fsx_xflags & known[i].xflag) ? known[i].flag : 0;
		fx.fsx_xflags &= ~known[i].xflag;
	}
	if (fx.fsx_xflags || fx.fsx_extsize || fx.fsx_projid || fx.fsx_cowextsize)
		return -EOPNOTSUPP;
	return set_flags(f, flags);
}

/* -ENOIOCTLCMD: none of these requests, or not for this file. Their numbers have the size of a long in them. */
long inode_flags_ioctl(struct file *f, unsigned int cmd, unsigned long arg)
{
	struct inode *inode = file_inode(f);
	u32 flags;

	if (!inode->i_sb->s_op->keeps_flags || !(S_ISREG(inode->i_mode) || S_ISDIR(inode->i_mode)))
		return -ENOIOCTLCMD;
	if (cmd == _IOC(_IOC_READ, 'f', 1, user_word_size()))
		return put_user(flags_of(inode), (u32 __user *)arg);
	if (cmd == _IOC(_IOC_WRITE, 'f', 2, user_word_size()))
		return get_user(flags, (u32 __user *)arg) ? -EFAULT : set_flags(f, flags);
	if (cmd == FS_IOC_FSGETXATTR)
		return get_extended(inode, (struct fsxattr __user *)arg);
	if (cmd == FS_IOC_FSSETXATTR)
		return set_extended(f, (const struct fsxattr __user *)arg);
	return -ENOIOCTLCMD;
}
