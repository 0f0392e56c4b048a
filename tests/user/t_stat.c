// SPDX-License-Identifier: GPL-2.0-only
/* t_stat.c: stat, lstat, fstat, fstatat, statx, statfs: what they say of every kind of file. */
#include "tap.h"

#include <linux/magic.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

TEST(regular_file)
{
	struct stat st, again;
	int fd;

	write_file("f", "12345");
	CHECK_OK(chmod("f", 0640));
	CHECK_OK(stat("f", &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0640);
	CHECK_EQ(st.st_size, 5);
	CHECK_EQ(st.st_nlink, 1);
	CHECK(st.st_uid == 0 && st.st_gid == 0);
	CHECK_EQ(st.st_blksize, 4096);
	CHECK_EQ(st.st_blocks, 8);
	CHECK(st.st_ino != 0);
	fd = open("f", O_RDONLY);
	CHECK_OK(fstat(fd, &again));
	CHECK(again.st_ino == st.st_ino && again.st_dev == st.st_dev);
	CHECK(llabs(st.st_mtim.tv_sec - time(NULL)) < 5);
}

TEST(kinds)
{
	struct stat st;
	int p[2];

	mkdir("d", 0711);
	stat("d", &st);
	CHECK_EQ(st.st_mode, S_IFDIR | 0711);
	CHECK_EQ(st.st_nlink, 2);
	mkdir("d/e", 0755);
	stat("d", &st);
	CHECK_EQ(st.st_nlink, 3);
	symlink("some/target", "l");
	lstat("l", &st);
	CHECK_EQ(st.st_mode, S_IFLNK | 0777);
	CHECK_EQ(st.st_size, 11);
	mkfifo("p", 0600);
	stat("p", &st);
	CHECK_EQ(st.st_mode, S_IFIFO | 0600);
	stat("/dev/null", &st);
	CHECK(S_ISCHR(st.st_mode) && st.st_rdev == makedev(1, 3));
	pipe(p);
	fstat(p[0], &st);
	CHECK(S_ISFIFO(st.st_mode));
	mknod("blk", S_IFBLK | 0600, makedev(254, 300));
	stat("blk", &st);
	CHECK(S_ISBLK(st.st_mode) && st.st_rdev == makedev(254, 300));
}

TEST(links_share_the_inode)
{
	struct stat a, b;

	write_file("f", "x");
	CHECK_OK(link("f", "g"));
	stat("f", &a);
	stat("g", &b);
	CHECK(a.st_ino == b.st_ino && a.st_nlink == 2);
	unlink("f");
	stat("g", &b);
	CHECK_EQ(b.st_nlink, 1);
}

TEST(fstatat)
{
	struct stat st;
	int fd;

	write_file("f", "x");
	symlink("f", "l");
	CHECK_OK(fstatat(AT_FDCWD, "l", &st, 0));
	CHECK(S_ISREG(st.st_mode));
	CHECK_OK(fstatat(AT_FDCWD, "l", &st, AT_SYMLINK_NOFOLLOW));
	CHECK(S_ISLNK(st.st_mode));
	fd = open("f", O_RDONLY);
	CHECK_OK(fstatat(fd, "", &st, AT_EMPTY_PATH));
	CHECK_EQ(st.st_size, 1);
	CHECK_ERR(fstatat(fd, "", &st, 0), ENOENT);
	CHECK_ERR(fstatat(fd, "x", &st, 0), ENOTDIR);
	CHECK_ERR(fstatat(99, "x", &st, 0), EBADF);
	CHECK_ERR(fstatat(AT_FDCWD, "f", &st, 0x8000000), EINVAL);
	CHECK_ERR(fstat(99, &st), EBADF);
	CHECK_ERR(stat("missing", &st), ENOENT);
}

TEST(statx)
{
	struct statx stx;
	struct stat st;

	write_file("f", "xyz");
	stat("f", &st);
	CHECK_OK(statx(AT_FDCWD, "f", 0, STATX_BASIC_STATS | STATX_BTIME, &stx));
	CHECK_EQ(stx.stx_mask & STATX_BASIC_STATS, STATX_BASIC_STATS);
	CHECK_EQ(stx.stx_size, 3);
	CHECK_EQ(stx.stx_mode, S_IFREG | 0644);
	CHECK_EQ(stx.stx_ino, st.st_ino);
	CHECK_EQ(stx.stx_nlink, 1);
	CHECK_EQ(stx.stx_mtime.tv_sec, st.st_mtim.tv_sec);
	CHECK_EQ(makedev(stx.stx_dev_major, stx.stx_dev_minor), st.st_dev);
	CHECK_OK(statx(AT_FDCWD, "/dev/zero", AT_STATX_DONT_SYNC, STATX_TYPE, &stx));
	CHECK(stx.stx_rdev_major == 1 && stx.stx_rdev_minor == 5);
	CHECK_ERR(statx(AT_FDCWD, "f", 0x7fff0000, 0, &stx), EINVAL);
	CHECK_ERR(statx(AT_FDCWD, "f", 0, 0x80000000U, &stx), EINVAL);
	CHECK_ERR(statx(AT_FDCWD, "missing", 0, 0, &stx), ENOENT);
}

TEST(statfs)
{
	struct statfs fs;

	CHECK_OK(statfs("/tmp", &fs));
	CHECK_EQ(fs.f_type, TMPFS_MAGIC);
	CHECK_EQ(fs.f_bsize, 4096);
	CHECK_EQ(fs.f_namelen, 255);
	CHECK(fs.f_bfree <= fs.f_blocks);
	CHECK_OK(statfs("/proc", &fs));
	CHECK_EQ(fs.f_type, PROC_SUPER_MAGIC);
	CHECK_OK(fstatfs(open("/sys", O_RDONLY), &fs));
	CHECK_EQ(fs.f_type, SYSFS_MAGIC);
	CHECK_ERR(statfs("missing", &fs), ENOENT);
	CHECK_ERR(fstatfs(99, &fs), EBADF);
}

TEST(blocks_follow_use)
{
	struct stat st;
	int fd = open("f", O_RDWR | O_CREAT, 0600);
	static char block[40000];

	write(fd, block, sizeof(block));
	fstat(fd, &st);
	CHECK_EQ(st.st_blocks, 80);
	ftruncate(fd, 0);
	fstat(fd, &st);
	CHECK_EQ(st.st_blocks, 0);
}

TEST(old_numbers)
{
	/* newfstatat/fstatat64 by number, with the kernel's own structure. */
	char raw[256];

	memset(raw, 0, sizeof(raw));
	write_file("f", "x");
#if defined(__aarch64__)
	CHECK_OK(syscall(SYS_newfstatat, AT_FDCWD, "f", raw, 0));
	CHECK_OK(syscall(SYS_fstat, 0, raw));
#else
	CHECK_OK(syscall(SYS_fstatat64, AT_FDCWD, "f", raw, 0));
	CHECK_OK(syscall(SYS_stat64, "f", raw));
	CHECK_OK(syscall(SYS_lstat64, "f", raw));
	CHECK_OK(syscall(SYS_fstat64, 0, raw));
#endif
}

#ifdef __arm__
/* The old call that tells of a file system by its device. */
TEST(ustat)
{
	struct {
		int32_t		free;
		uint32_t	inodes;
		char		names[12], behind;
	} u = { .behind = 7 };
	struct stat st;

	memset(u.names, 7, sizeof(u.names));
	REQUIRE(stat("/tmp", &st) == 0);
	CHECK_OK(syscall(62, (unsigned int)st.st_dev, &u));
	CHECK(u.free > 0 && u.inodes > 0);
	CHECK(!u.names[0] && !u.names[11] && u.behind == 7);
	REQUIRE(stat("/proc", &st) == 0);
	CHECK_OK(syscall(62, (unsigned int)st.st_dev, &u));
	CHECK_EQ(u.free, 0);
	CHECK_ERR(syscall(62, (unsigned int)st.st_dev, NULL), EFAULT);
	CHECK_ERR(syscall(62, 0xfff, NULL), EINVAL);
}
#endif

TEST(statx_tells_what_was_asked)
{
	struct statx sx;

	write_file("born", "");
	CHECK_OK(statx(AT_FDCWD, "born", 0, STATX_BASIC_STATS, &sx));
	CHECK_EQ(sx.stx_mask & STATX_BTIME, 0);
	CHECK_EQ(sx.stx_btime.tv_sec, 0);
	CHECK(sx.stx_attributes_mask & STATX_ATTR_AUTOMOUNT);
	CHECK(sx.stx_attributes_mask & STATX_ATTR_DAX);
	CHECK_OK(statx(AT_FDCWD, "born", 0, STATX_BTIME, &sx));
	CHECK(sx.stx_mask & STATX_BTIME);
	CHECK(sx.stx_btime.tv_sec > 0);
}
