// SPDX-License-Identifier: GPL-2.0-only
/*
 * stat, statx, readlink.  statfs is in statfs.c; what fstat and its relatives fill differs
 * between the ABIs: syscalls32.c, syscalls64.c.
 * Attributes are read without a lock, as a moment's picture.
 */
#include <fs/internal.h>

#include <fs/mount.h>
#include <generated/syscalls.h>
#include <kernel/lib/string.h>

#define STATX_BASIC (STATX_BASIC_STATS | STATX_BTIME)

void generic_fillattr(struct inode *inode, struct kstat *stat)
{
	stat->dev = inode->i_sb->s_dev;
	stat->ino = inode->i_ino;
	stat->mode = inode->i_mode;
	stat->nlink = inode->i_nlink;
	stat->uid = inode->i_uid;
	stat->gid = inode->i_gid;
	stat->rdev = inode->i_rdev;
	stat->size = i_size_read(inode);
	stat->atime = inode->i_atime;
	stat->mtime = inode->i_mtime;
	stat->ctime = inode->i_ctime;
	stat->btime = inode->i_btime;
	stat->blksize = 1U << inode->i_blkbits;
	stat->blocks = inode->i_blocks;
	stat->attributes = 0;
	stat->attributes_mask = 0;
	stat->mnt_id = 0;
}

int vfs_getattr(const struct path *path, struct kstat *stat, u32 mask, unsigned int flags)
{
	struct inode *inode = d_inode(path->dentry);

	stat->result_mask = STATX_BASIC_STATS | (inode->i_btime.tv_sec ? STATX_BTIME : 0);
	if (unlikely(inode->i_op->getattr))
		return inode->i_op->getattr(path, stat, mask, flags);
	generic_fillattr(inode, stat);
	return 0;
}

/* What stat tells, and for statx also where it is mounted. */
static int stat_of(const struct path *path, struct kstat *stat, u32 mask, bool statx)
{
	int err = vfs_getattr(path, stat, mask, 0);

	if (err || likely(!statx))
		return err;
	stat->mnt_id = real_mount(path->mnt)->mnt_id;
	stat->result_mask |= STATX_MNT_ID;
	stat->attributes |= path->dentry == path->mnt->mnt_root ? STATX_ATTR_MOUNT_ROOT : 0;
	stat->attributes_mask |= STATX_ATTR_MOUNT_ROOT | STATX_ATTR_AUTOMOUNT | STATX_ATTR_DAX;
	if (!(mask & STATX_BTIME)) {
		stat->result_mask &= ~STATX_BTIME;
		stat->btime = (struct timespec64){ 0 };
	}
	inode_flags_statx(d_inode(path->dentry), stat);
	return 0;
}

static int stat_fd(int fd, struct kstat *stat, u32 mask, bool statx)
{
	struct fd f = fdget_raw(fd);
	int err;

	if (!f.file)
		return -EBADF;
	err = stat_of(&f.file->f_path, stat, mask, statx);
	fdput(f);
	return err;
}

static int stat_path(int dfd, const char *name, unsigned int lookup, struct kstat *stat, u32 mask, bool statx)
{
	struct path path;
	int err = filename_lookup(dfd, name, lookup, &path, NULL);

	if (err)
		return err;
	err = stat_of(&path, stat, mask, statx);
	path_put(&path);
	return err;
}

static int do_stat(int dfd, const char __user *name, int flags, struct kstat *stat, u32 mask, bool statx)
{
	unsigned int lookup = (flags & AT_SYMLINK_NOFOLLOW) ? 0 : LOOKUP_FOLLOW;
	struct pathname p;
	int err;

	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH | AT_STATX_SYNC_TYPE))
		return -EINVAL;
	if (flags & AT_EMPTY_PATH)
		lookup |= LOOKUP_EMPTY;
	err = pathname_get(&p, name, lookup);
	if (err)
		return err;
	/* fstat by newfstatat: no walk. */
	if (!*p.name && dfd >= 0)
		err = stat_fd(dfd, stat, mask, statx);
	else
		err = stat_path(dfd, p.name, lookup, stat, mask, statx);
	pathname_put(&p);
	return err;
}

int vfs_statat(int dfd, const char __user *name, int flags, struct kstat *stat)
{
	return do_stat(dfd, name, flags, stat, STATX_BASIC_STATS, false);
}

int vfs_fstat(unsigned int fd, struct kstat *stat)
{
	return stat_fd(fd, stat, STATX_BASIC_STATS, false);
}

/* ---- statx ----------------------------------------------------------------------------------- */

static struct statx_timestamp statx_time(const struct timespec64 *ts)
{
	return (struct statx_timestamp){ .tv_sec = ts->tv_sec, .tv_nsec = ts->tv_nsec };
}

static void fill_statx(const struct kstat *k, struct statx *sx)
{
	memset(sx, 0, sizeof(*sx));
	sx->stx_mask = k->result_mask;
	sx->stx_blksize = k->blksize;
	sx->stx_attributes = k->attributes;
	sx->stx_attributes_mask = k->attributes_mask;
	sx->stx_nlink = k->nlink;
	sx->stx_uid = uid_to_user(k->uid);
	sx->stx_gid = gid_to_user(k->gid);
	sx->stx_mode = k->mode;
	sx->stx_ino = k->ino;
	sx->stx_size = k->size;
	sx->stx_blocks = k->blocks;
	sx->stx_atime = statx_time(&k->atime);
	sx->stx_btime = statx_time(&k->btime);
	sx->stx_ctime = statx_time(&k->ctime);
	sx->stx_mtime = statx_time(&k->mtime);
	sx->stx_rdev_major = MAJOR(k->rdev);
	sx->stx_rdev_minor = MINOR(k->rdev);
	sx->stx_dev_major = MAJOR(k->dev);
	sx->stx_dev_minor = MINOR(k->dev);
	sx->stx_mnt_id = k->mnt_id;
}

long sys_statx(int dfd, const char __user *name, unsigned int flags, unsigned int mask, struct statx __user *buf)
{
	struct statx sx;
	struct kstat k;
	int err;

	if ((mask & STATX__RESERVED) || (flags & AT_STATX_SYNC_TYPE) == AT_STATX_SYNC_TYPE)
		return -EINVAL;
	err = do_stat(dfd, name, flags, &k, mask, true);
	if (err)
		return err;
	fill_statx(&k, &sx);
	return copy_to_user(buf, &sx, sizeof(sx)) ? -EFAULT : 0;
}

/* ---- readlink -------------------------------------------------------------------------------- */

static int read_link_text(struct dentry *dentry, struct inode *inode, char __user *buf, int size)
{
	void (*done)(void *) = NULL;
	const char *text = inode->i_link;
	void *arg = NULL;
	int len;

	if (!text)
		text = inode->i_op->get_link(dentry, inode, &done, &arg);
	if (IS_ERR(text))
		return PTR_ERR(text);
	if (!text)
		return -EINVAL;
	len = min_t(size_t, strlen(text), size);
	if (copy_to_user(buf, text, len))
		len = -EFAULT;
	if (done)
		done(arg);
	return len;
}

static int readlink_path(const struct path *path, char __user *buf, int size, bool empty)
{
	struct inode *inode = d_inode(path->dentry);

	if (!S_ISLNK(inode->i_mode) && !inode->i_op->readlink)
		return empty ? -ENOENT : -EINVAL;
	if (!inode->i_op->readlink && !inode->i_op->get_link && !inode->i_link)
		return -EINVAL;
	touch_atime(path);
	if (inode->i_op->readlink)
		return inode->i_op->readlink(path->dentry, buf, size);
	return read_link_text(path->dentry, inode, buf, size);
}

long sys_readlinkat(int dfd, const char __user *name, char __user *buf, int size)
{
	struct pathname p;
	struct path path;
	int err;

	if (size <= 0)
		return -EINVAL;
	err = pathname_get(&p, name, LOOKUP_EMPTY);
	if (err)
		return err;
	err = filename_lookup(dfd, p.name, LOOKUP_EMPTY, &path, NULL);
	if (!err) {
		err = readlink_path(&path, buf, size, !*p.name);
		path_put(&path);
	}
	pathname_put(&p);
	return err;
}

long sys_readlink(const char __user *name, char __user *buf, int size)
{
	return sys_readlinkat(AT_FDCWD, name, buf, size);
}
