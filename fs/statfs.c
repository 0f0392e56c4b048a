// SPDX-License-Identifier: GPL-2.0-only
/* What statfs(2) and fstatfs(2) tell; their structures are syscalls32.c's and syscalls64.c's. */
#include <fs/internal.h>

#include <fs/mount.h>
#include <kernel/lib/string.h>

#define ST_RDONLY	0x0001
#define ST_NOSUID	0x0002
#define ST_NODEV	0x0004
#define ST_NOEXEC	0x0008
#define ST_SYNCHRONOUS	0x0010
#define ST_VALID	0x0020
#define ST_MANDLOCK	0x0040
#define ST_NOATIME	0x0400
#define ST_NODIRATIME	0x0800
#define ST_RELATIME	0x1000
#define ST_NOSYMFOLLOW	0x2000

static long st_flags(const struct vfsmount *mnt)
{
	unsigned int m = mnt->mnt_flags;
	unsigned long s = mnt->mnt_sb->s_flags;
	long flags = ST_VALID;

	flags |= ((m & MNT_READONLY) || (s & MS_RDONLY)) ? ST_RDONLY : 0;
	flags |= (m & MNT_NOSUID) ? ST_NOSUID : 0;
	flags |= (m & MNT_NODEV) ? ST_NODEV : 0;
	flags |= (m & MNT_NOEXEC) ? ST_NOEXEC : 0;
	flags |= (m & MNT_NOATIME) ? ST_NOATIME : 0;
	flags |= (m & MNT_NODIRATIME) ? ST_NODIRATIME : 0;
	flags |= (m & MNT_RELATIME) ? ST_RELATIME : 0;
	flags |= (m & MNT_NOSYMFOLLOW) ? ST_NOSYMFOLLOW : 0;
	flags |= (s & MS_SYNCHRONOUS) ? ST_SYNCHRONOUS : 0;
	flags |= (s & MS_MANDLOCK) ? ST_MANDLOCK : 0;
	return flags;
}

int statfs_by_dentry(struct dentry *dentry, struct kstatfs *buf)
{
	const struct super_operations *op = dentry->d_sb->s_op;

	memset(buf, 0, sizeof(*buf));
	return op->statfs ? op->statfs(dentry, buf) : -ENOSYS;
}

int vfs_statfs(const struct path *path, struct kstatfs *buf)
{
	struct super_block *sb = path->dentry->d_sb;
	int err = statfs_by_dentry(path->dentry, buf);

	if (err)
		return err;
	if (!buf->f_frsize)
		buf->f_frsize = buf->f_bsize;
	if (!buf->f_fsid.val[0] && !buf->f_fsid.val[1])
		buf->f_fsid.val[0] = new_encode_dev(sb->s_dev);
	buf->f_flags = st_flags(path->mnt);
	return 0;
}

int user_statfs(const char __user *name, struct kstatfs *buf)
{
	struct path path;
	int err = user_path_at(AT_FDCWD, name, LOOKUP_FOLLOW, &path);

	if (err)
		return err;
	err = vfs_statfs(&path, buf);
	path_put(&path);
	return err;
}

int fd_statfs(unsigned int fd, struct kstatfs *buf)
{
	struct fd f = fdget_raw(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = vfs_statfs(&f.file->f_path, buf);
	fdput(f);
	return err;
}
