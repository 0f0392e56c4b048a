// SPDX-License-Identifier: GPL-2.0-only
/*
 * The file calls that only 32-bit programs make: 64-bit offsets and structures beside the old ones,
 * 16-bit ids, 32-bit times.
 */
#include <fs/internal.h>

#include <fs/stat32.h>
#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/lib/string.h>

/* ---- stat ------------------------------------------------------------------------------------ */

static int put_stat64(const struct kstat *k, void __user *ust)
{
	struct arm_stat64 st;

	memset(&st, 0, sizeof(st));
	st.st_dev = huge_encode_dev(k->dev);
	st.ino_low = k->ino;
	st.st_ino = k->ino;
	st.st_mode = k->mode;
	st.st_nlink = k->nlink;
	st.st_uid = uid_to_user(k->uid);
	st.st_gid = gid_to_user(k->gid);
	st.st_rdev = huge_encode_dev(k->rdev);
	st.st_size = k->size;
	st.st_blksize = k->blksize;
	st.st_blocks = k->blocks;
	st.atime_sec = k->atime.tv_sec;
	st.atime_nsec = k->atime.tv_nsec;
	st.mtime_sec = k->mtime.tv_sec;
	st.mtime_nsec = k->mtime.tv_nsec;
	st.ctime_sec = k->ctime.tv_sec;
	st.ctime_nsec = k->ctime.tv_nsec;
	return copy_to_user(ust, &st, sizeof(st)) ? -EFAULT : 0;
}

static long stat64_at(int dfd, const char __user *name, int flags, void __user *ust)
{
	struct kstat k;
	int err = vfs_statat(dfd, name, flags, &k);

	return err ?: put_stat64(&k, ust);
}

long sys_stat64(const char __user *name, void __user *ust)
{
	return stat64_at(AT_FDCWD, name, 0, ust);
}

long sys_lstat64(const char __user *name, void __user *ust)
{
	return stat64_at(AT_FDCWD, name, AT_SYMLINK_NOFOLLOW, ust);
}

long sys_fstatat64(int dfd, const char __user *name, void __user *ust, int flag)
{
	if (flag & ~(AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH))
		return -EINVAL;
	return stat64_at(dfd, name, flag, ust);
}

long sys_fstat64(unsigned long fd, void __user *ust)
{
	struct kstat k;
	int err = vfs_fstat(fd, &k);

	return err ?: put_stat64(&k, ust);
}

#define FITS(to, value) ((__typeof__(to))(value) == (value))

/* The older structure: -EOVERFLOW for what it has no room for. */
static int put_stat32(const struct kstat *k, void __user *ust)
{
	struct arm_stat st;

	memset(&st, 0, sizeof(st));
	st.st_dev = new_encode_dev(k->dev);
	st.st_ino = k->ino;
	st.st_mode = k->mode;
	st.st_nlink = k->nlink;
	st.st_uid = narrow_id(uid_to_user(k->uid));
	st.st_gid = narrow_id(gid_to_user(k->gid));
	st.st_rdev = new_encode_dev(k->rdev);
	st.st_size = k->size;
	st.st_blksize = k->blksize;
	st.st_blocks = k->blocks;
	if (!FITS(st.st_ino, k->ino) || !FITS(st.st_nlink, k->nlink) || k->size > 0x7fffffff)
		return -EOVERFLOW;
	st.atime_sec = k->atime.tv_sec;
	st.atime_nsec = k->atime.tv_nsec;
	st.mtime_sec = k->mtime.tv_sec;
	st.mtime_nsec = k->mtime.tv_nsec;
	st.ctime_sec = k->ctime.tv_sec;
	st.ctime_nsec = k->ctime.tv_nsec;
	return copy_to_user(ust, &st, sizeof(st)) ? -EFAULT : 0;
}

static long stat32(const char __user *name, int flags, void __user *ust)
{
	struct kstat k;
	int err = vfs_statat(AT_FDCWD, name, flags, &k);

	return err ?: put_stat32(&k, ust);
}

long sys_newstat32(const char __user *name, void __user *ust)
{
	return stat32(name, 0, ust);
}

long sys_newlstat32(const char __user *name, void __user *ust)
{
	return stat32(name, AT_SYMLINK_NOFOLLOW, ust);
}

long sys_newfstat32(unsigned int fd, void __user *ust)
{
	struct kstat k;
	int err = vfs_fstat(fd, &k);

	return err ?: put_stat32(&k, ust);
}

/* ---- statfs ---------------------------------------------------------------------------------- */

/* The older structure: -EOVERFLOW for what it has no room for; an unlimited number of files is none. */
static int put_statfs32(const struct kstatfs *k, void __user *ubuf)
{
	struct arm_statfs st;

	if (((k->f_blocks | k->f_bfree | k->f_bavail) >> 32) || (k->f_files != U64_MAX && (k->f_files >> 32)))
		return -EOVERFLOW;
	fill_statfs(&st, k);
	return copy_to_user(ubuf, &st, sizeof(st)) ? -EFAULT : 0;
}

long sys_statfs32(const char __user *name, void __user *buf)
{
	struct kstatfs k;
	int err = user_statfs(name, &k);

	return err ?: put_statfs32(&k, buf);
}

long sys_fstatfs32(unsigned int fd, void __user *buf)
{
	struct kstatfs k;
	int err = fd_statfs(fd, &k);

	return err ?: put_statfs32(&k, buf);
}

long sys_ustat(unsigned int dev, void __user *ubuf)
{
	struct arm_ustat u = { 0 };
	struct super_block *sb = user_get_super(new_decode_dev(dev));
	struct kstatfs k;
	int err;

	if (!sb)
		return -EINVAL;
	err = statfs_by_dentry(sb->s_root, &k);
	deactivate_super(sb);
	if (err)
		return err;
	u.f_tfree = k.f_bfree;
	u.f_tinode = k.f_ffree;
	return copy_to_user(ubuf, &u, sizeof(u)) ? -EFAULT : 0;
}

static int put_statfs64(const struct kstatfs *k, void __user *ubuf)
{
	struct arm_statfs64 st;

	fill_statfs(&st, k);
	return copy_to_user(ubuf, &st, sizeof(st)) ? -EFAULT : 0;
}

/* EABI callers may count four bytes of padding that the structure, being packed, has not. */
static bool statfs64_size_ok(size_t sz)
{
	return sz == sizeof(struct arm_statfs64) || sz == sizeof(struct arm_statfs64) + 4;
}

long sys_statfs64(const char __user *name, size_t sz, void __user *buf)
{
	struct kstatfs k;
	int err = statfs64_size_ok(sz) ? user_statfs(name, &k) : -EINVAL;

	return err ?: put_statfs64(&k, buf);
}

long sys_fstatfs64(unsigned int fd, size_t sz, void __user *buf)
{
	struct kstatfs k;
	int err = statfs64_size_ok(sz) ? fd_statfs(fd, &k) : -EINVAL;

	return err ?: put_statfs64(&k, buf);
}

/* ---- sizes and positions --------------------------------------------------------------------- */

long sys_truncate64(const char __user *name, loff_t length)
{
	return do_sys_truncate(name, length);
}

long sys_ftruncate64(unsigned int fd, loff_t length)
{
	return do_sys_ftruncate(fd, length, false);
}

long sys_llseek(unsigned int fd, unsigned long off_h, unsigned long off_l, loff_t __user *result,
		unsigned int whence)
{
	struct fd f = fdget_pos(fd);
	loff_t pos = -EINVAL;

	if (!f.file)
		return -EBADF;
	if (whence <= SEEK_MAX)
		pos = vfs_llseek(f.file, (loff_t)((u64)off_h << 32 | off_l), whence);
	fdput_pos(f);
	if (pos < 0)
		return pos;
	return copy_to_user(result, &pos, sizeof(pos)) ? -EFAULT : 0;
}

long sys_sendfile(int out_fd, int in_fd, s32 __user *uoff, size_t count)
{
	loff_t pos;
	s32 off;
	long n;

	if (!uoff)
		return do_sendfile(out_fd, in_fd, NULL, count, 0);
	if (get_user(off, uoff))
		return -EFAULT;
	pos = off;
	n = do_sendfile(out_fd, in_fd, &pos, count, 0x7fffffff);
	return put_user((s32)pos, uoff) ? -EFAULT : n;
}

/* Sync with the descriptor's flags in the second place, so that the 64-bit values sit in register pairs. */
long sys_sync_file_range2(int fd, unsigned int flags, loff_t off, loff_t len)
{
	return do_sync_file_range(fd, off, len, flags);
}

/* ---- 16-bit ids ------------------------------------------------------------------------------ */

long sys_chown16(const char __user *name, u16 user, u16 group)
{
	return sys_chown(name, widen_id(user), widen_id(group));
}

long sys_lchown16(const char __user *name, u16 user, u16 group)
{
	return sys_lchown(name, widen_id(user), widen_id(group));
}

long sys_fchown16(unsigned int fd, u16 user, u16 group)
{
	return sys_fchown(fd, widen_id(user), widen_id(group));
}

/* ---- 32-bit times ---------------------------------------------------------------------------- */

long sys_utimensat_time32(int dfd, const char __user *name, void __user *ts, int flags)
{
	struct old_timespec32 __user *old = ts;
	struct timespec64 times[2];

	if (ts) {
		if (get_old_timespec32(&times[0], &old[0]) || get_old_timespec32(&times[1], &old[1]))
			return -EFAULT;
		if (times[0].tv_nsec == UTIME_OMIT && times[1].tv_nsec == UTIME_OMIT)
			return 0;
	}
	return do_utimes(dfd, name, ts ? times : NULL, flags);
}

static int get_timevals(struct timespec64 times[2], const struct old_timeval32 __user *tv)
{
	struct old_timeval32 old[2];
	int i;

	if (copy_from_user(old, tv, sizeof(old)))
		return -EFAULT;
	for (i = 0; i < 2; i++) {
		/* Checked here, since a large value could look like UTIME_NOW in ns. */
		if (old[i].tv_usec < 0 || old[i].tv_usec >= USEC_PER_SEC)
			return -EINVAL;
		times[i].tv_sec = old[i].tv_sec;
		times[i].tv_nsec = old[i].tv_usec * NSEC_PER_USEC;
	}
	return 0;
}

long sys_futimesat_time32(int dfd, const char __user *name, void __user *tv)
{
	struct timespec64 times[2];
	int err = tv ? get_timevals(times, tv) : 0;

	return err ?: do_utimes(dfd, name, tv ? times : NULL, 0);
}

long sys_utimes_time32(const char __user *name, void __user *tv)
{
	return sys_futimesat_time32(AT_FDCWD, name, tv);
}
