// SPDX-License-Identifier: GPL-2.0-only
/* The file calls that only 64-bit programs make. Their 32-bit sisters are in syscalls32.c. */
#include <fs/internal.h>

#include <generated/syscalls.h>
#include <kernel/lib/string.h>

/* ---- stat ------------------------------------------------------------------------------------ */

static int put_stat(const struct kstat *k, struct stat __user *ust)
{
	struct stat st;

	/* All members, so that nothing of the stack gets out: clearing the whole first is 40 instructions. */
	static_assert(sizeof(st) == 128);
	st.__pad1 = 0;
	st.__pad2 = 0;
	st.__unused4 = st.__unused5 = 0;
	st.st_dev = new_encode_dev(k->dev);
	st.st_ino = k->ino;
	st.st_mode = k->mode;
	st.st_nlink = k->nlink;
	st.st_uid = uid_to_user(k->uid);
	st.st_gid = gid_to_user(k->gid);
	st.st_rdev = new_encode_dev(k->rdev);
	st.st_size = k->size;
	st.st_blksize = k->blksize;
	st.st_blocks = k->blocks;
	st.st_atime = k->atime.tv_sec;
	st.st_atime_nsec = k->atime.tv_nsec;
	st.st_mtime = k->mtime.tv_sec;
	st.st_mtime_nsec = k->mtime.tv_nsec;
	st.st_ctime = k->ctime.tv_sec;
	st.st_ctime_nsec = k->ctime.tv_nsec;
	return copy_to_user(ust, &st, sizeof(st)) ? -EFAULT : 0;
}

long sys_newfstat(unsigned int fd, struct stat __user *ust)
{
	struct kstat k;
	int err = vfs_fstat(fd, &k);

	return err ?: put_stat(&k, ust);
}

long sys_newfstatat(int dfd, const char __user *name, struct stat __user *ust, int flag)
{
	struct kstat k;
	int err;

	if (flag & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	err = vfs_statat(dfd, name, flag, &k);
	return err ?: put_stat(&k, ust);
}

/* ---- statfs ---------------------------------------------------------------------------------- */

static int put_statfs(const struct kstatfs *k, struct statfs __user *ubuf)
{
	struct statfs st;

	fill_statfs(&st, k);
	return copy_to_user(ubuf, &st, sizeof(st)) ? -EFAULT : 0;
}

long sys_statfs(const char __user *name, struct statfs __user *buf)
{
	struct kstatfs k;
	int err = user_statfs(name, &k);

	return err ?: put_statfs(&k, buf);
}

long sys_fstatfs(unsigned int fd, struct statfs __user *buf)
{
	struct kstatfs k;
	int err = fd_statfs(fd, &k);

	return err ?: put_statfs(&k, buf);
}

/* ---- the rest -------------------------------------------------------------------------------- */

long sys_sync_file_range(int fd, loff_t off, loff_t len, unsigned int flags)
{
	return do_sync_file_range(fd, off, len, flags);
}
