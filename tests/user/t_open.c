// SPDX-License-Identifier: GPL-2.0-only
/* t_open.c: open, openat, creat, close, close_range: flags, refusals, descriptor numbers. */
#include "tap.h"

#include <linux/openat2.h>
#include <sys/epoll.h>
#include <sys/resource.h>

TEST(create)
{
	struct stat st;
	int fd = open("new", O_RDWR | O_CREAT, 0666);

	CHECK_OK(fd);
	CHECK_OK(fstat(fd, &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0644);	/* the umask of 022 applied */
	CHECK_EQ(st.st_size, 0);
	CHECK_EQ(st.st_nlink, 1);
	CHECK_ERR(open("new", O_RDWR | O_CREAT | O_EXCL, 0666), EEXIST);
	CHECK_OK(open("new", O_RDWR | O_CREAT, 0666));
	CHECK_OK(creat("other", 0600));
	CHECK_ERR(open("missing", O_RDONLY), ENOENT);
	CHECK_ERR(open("no/dir", O_RDWR | O_CREAT, 0666), ENOENT);
	CHECK_ERR(open("new/x", O_RDONLY), ENOTDIR);
}

TEST(umask)
{
	struct stat st;

	CHECK_EQ(umask(077), 022);
	close(open("u", O_CREAT | O_WRONLY, 0777));
	stat("u", &st);
	CHECK_EQ(st.st_mode & 07777, 0700);
	CHECK_EQ(umask(07777), 077);
	CHECK_EQ(umask(0), 0777);
	mkdir("d", 01777);
	stat("d", &st);
	CHECK_EQ(st.st_mode & 07777, 01777);
}

TEST(access_mode)
{
	char byte;
	int fd = open("f", O_WRONLY | O_CREAT, 0600);

	CHECK_ERR(read(fd, &byte, 1), EBADF);
	CHECK_EQ(write(fd, "x", 1), 1);
	close(fd);
	fd = open("f", O_RDONLY);
	CHECK_ERR(write(fd, "x", 1), EBADF);
	CHECK_EQ(read(fd, &byte, 1), 1);
	CHECK_EQ(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
	/* A file may be created with no rights and still be written through this descriptor. */
	fd = open("locked", O_RDWR | O_CREAT, 0);
	CHECK_EQ(write(fd, "y", 1), 1);
}

TEST(truncate_flag)
{
	struct stat st;

	write_file("f", "content");
	close(open("f", O_WRONLY));
	stat("f", &st);
	CHECK_EQ(st.st_size, 7);
	close(open("f", O_WRONLY | O_TRUNC));
	stat("f", &st);
	CHECK_EQ(st.st_size, 0);
}

TEST(append)
{
	int fd, other;
	char buf[16];

	write_file("f", "abc");
	fd = open("f", O_RDWR | O_APPEND);
	other = open("f", O_WRONLY | O_APPEND);
	lseek(fd, 0, SEEK_SET);
	CHECK_EQ(write(fd, "d", 1), 1);
	CHECK_EQ(write(other, "e", 1), 1);
	CHECK_EQ(write(fd, "f", 1), 1);
	read_file("f", buf, sizeof(buf));
	CHECK_STR(buf, "abcdef");
	CHECK_EQ(pwrite(fd, "Z", 1, 0), 1);	/* Linux appends even then */
	read_file("f", buf, sizeof(buf));
	CHECK_STR(buf, "abcdefZ");
}

TEST(directories)
{
	mkdir("d", 0755);
	CHECK_OK(open("d", O_RDONLY));
	CHECK_OK(open("d", O_RDONLY | O_DIRECTORY));
	CHECK_ERR(open("d", O_WRONLY), EISDIR);
	CHECK_ERR(open("d", O_RDWR), EISDIR);
	CHECK_ERR(open("d", O_RDONLY | O_CREAT, 0644), EISDIR);
	write_file("f", "");
	CHECK_ERR(open("f", O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERR(open("f/", O_RDONLY), ENOTDIR);
	CHECK_ERR(open("n/", O_WRONLY | O_CREAT, 0644), EISDIR);
	CHECK_ERR(read(open("d", O_RDONLY), (char[4]){ 0 }, 4), EISDIR);
}

TEST(symlinks)
{
	write_file("target", "t");
	symlink("target", "link");
	symlink("nowhere", "dangling");
	CHECK_OK(open("link", O_RDONLY));
	CHECK_ERR(open("link", O_RDONLY | O_NOFOLLOW), ELOOP);
	CHECK_ERR(open("dangling", O_RDONLY), ENOENT);
	CHECK_ERR(open("dangling", O_WRONLY | O_CREAT | O_EXCL, 0644), EEXIST);
	CHECK_OK(open("dangling", O_WRONLY | O_CREAT, 0644));	/* creates what it points to */
	CHECK_OK(access("nowhere", F_OK));
}

TEST(o_path)
{
	struct stat st;
	int fd;
	char byte;

	write_file("f", "p");
	fd = open("f", O_PATH);
	CHECK_OK(fd);
	CHECK_ERR(read(fd, &byte, 1), EBADF);
	CHECK_ERR(write(fd, "x", 1), EBADF);
	CHECK_ERR(fchmod(fd, 0600), EBADF);
	CHECK_OK(fstat(fd, &st));
	CHECK_EQ(st.st_size, 1);
	symlink("f", "link");
	fd = open("link", O_PATH | O_NOFOLLOW);
	CHECK_OK(fd);
	fstat(fd, &st);
	CHECK(S_ISLNK(st.st_mode));
	fd = open(".", O_PATH);
	CHECK_OK(openat(fd, "f", O_RDONLY));
	CHECK_OK(fchdir(fd));
}

TEST(openat)
{
	int dir;

	mkdir("d", 0755);
	write_file("d/f", "x");
	dir = open("d", O_RDONLY | O_DIRECTORY);
	CHECK_OK(openat(dir, "f", O_RDONLY));
	CHECK_OK(openat(AT_FDCWD, "d/f", O_RDONLY));
	CHECK_OK(openat(-50, "/dev/null", O_RDONLY));	/* absolute: the descriptor is not looked at */
	CHECK_ERR(openat(-50, "f", O_RDONLY), EBADF);
	CHECK_ERR(openat(open("d/f", O_RDONLY), "f", O_RDONLY), ENOTDIR);
	/* The directory may move or go: the descriptor still names it. */
	rename("d", "e");
	CHECK_OK(openat(dir, "f", O_RDONLY));
	unlink("e/f");
	rmdir("e");
	CHECK_ERR(openat(dir, "g", O_WRONLY | O_CREAT, 0644), ENOENT);
}

TEST(openat2)
{
	struct open_how how = { .flags = O_RDONLY };
	int dir;

	mkdir("d", 0755);
	write_file("d/f", "x");
	symlink("/dev/null", "d/abs");
	symlink("f", "d/rel");
	dir = open("d", O_PATH);
	CHECK_OK(syscall(SYS_openat2, dir, "f", &how, sizeof(how)));
	how.resolve = RESOLVE_BENEATH;
	CHECK_OK(syscall(SYS_openat2, dir, "rel", &how, sizeof(how)));
	CHECK_ERR(syscall(SYS_openat2, dir, "../d/f", &how, sizeof(how)), EXDEV);
	CHECK_ERR(syscall(SYS_openat2, dir, "abs", &how, sizeof(how)), EXDEV);
	how.resolve = RESOLVE_NO_SYMLINKS;
	CHECK_ERR(syscall(SYS_openat2, dir, "rel", &how, sizeof(how)), ELOOP);
	how.resolve = RESOLVE_IN_ROOT;
	CHECK_OK(syscall(SYS_openat2, dir, "../../f", &how, sizeof(how)));
	how.resolve = 0x1000;
	CHECK_ERR(syscall(SYS_openat2, dir, "f", &how, sizeof(how)), EINVAL);
	how.resolve = 0;
	how.mode = 0600;
	CHECK_ERR(syscall(SYS_openat2, dir, "f", &how, sizeof(how)), EINVAL);
	CHECK_ERR(syscall(SYS_openat2, dir, "f", &how, 8), EINVAL);
}

TEST(lowest_descriptor)
{
	int a = open("/dev/null", O_RDONLY), b = open("/dev/null", O_RDONLY);

	CHECK_EQ(b, a + 1);
	close(a);
	CHECK_EQ(open("/dev/null", O_RDONLY), a);
	CHECK_ERR(close(200), EBADF);
	CHECK_ERR(close(-1), EBADF);
	CHECK_OK(close(b));
	CHECK_ERR(close(b), EBADF);
}

TEST(limit)
{
	struct rlimit lim = { 20, 20 };
	int fd, last = -1;

	setrlimit(RLIMIT_NOFILE, &lim);
	while ((fd = open("/dev/null", O_RDONLY)) >= 0)
		last = fd;
	CHECK_EQ(errno, EMFILE);
	CHECK_EQ(last, 19);
	CHECK_ERR(dup2(0, 20), EBADF);
	CHECK_ERR(fcntl(0, F_DUPFD, 20), EINVAL);
	CHECK_ERR(pipe((int[2]){ 0 }), EMFILE);
	close(19);
	CHECK_EQ(open("/dev/null", O_RDONLY), 19);
}

TEST(close_range)
{
	dup2(0, 10);
	dup2(0, 11);
	dup2(0, 12);
	dup2(0, 13);
	CHECK_OK(syscall(SYS_close_range, 11, 12, 0));
	CHECK_OK(fcntl(10, F_GETFD));
	CHECK_ERR(fcntl(11, F_GETFD), EBADF);
	CHECK_ERR(fcntl(12, F_GETFD), EBADF);
	CHECK_OK(syscall(SYS_close_range, 10, ~0U, 4 /* CLOSE_RANGE_CLOEXEC */));
	CHECK_EQ(fcntl(13, F_GETFD), FD_CLOEXEC);
	CHECK_OK(syscall(SYS_close_range, 10, ~0U, 0));
	CHECK_ERR(fcntl(13, F_GETFD), EBADF);
	CHECK_ERR(syscall(SYS_close_range, 5, 4, 0), EINVAL);
	CHECK_ERR(syscall(SYS_close_range, 5, 6, 0x40), EINVAL);
}

TEST(devices)
{
	char buf[8] = { 1, 1, 1, 1, 1, 1, 1, 1 };
	int fd = open("/dev/null", O_RDWR), full = open("/dev/full", O_RDWR);

	CHECK_EQ(write(fd, "x", 1), 1);
	CHECK_EQ(read(fd, buf, 8), 0);
	fd = open("/dev/zero", O_RDWR);
	CHECK_EQ(read(fd, buf, 8), 8);
	CHECK_EQ(buf[0] + buf[7], 0);
	CHECK_ERR(write(full, "x", 1), ENOSPC);
	CHECK_EQ(read(full, buf, 8), 8);
	fd = open("/dev/urandom", O_RDONLY);
	CHECK_EQ(read(fd, buf, 8), 8);
	mknod("nodev", S_IFCHR | 0600, 0xfff1);
	CHECK_ERR(open("nodev", O_RDONLY), ENXIO);
	mknod("mynull", S_IFCHR | 0666, 0x103);
	fd = open("mynull", O_WRONLY);
	CHECK_EQ(write(fd, "x", 1), 1);
}

TEST(unlinked_file_lives)
{
	struct stat st;
	char buf[8] = "";
	int fd = open("f", O_RDWR | O_CREAT, 0600);

	unlink("f");
	CHECK_EQ(write(fd, "alive", 5), 5);
	CHECK_EQ(pread(fd, buf, 5, 0), 5);
	CHECK_STR(buf, "alive");
	fstat(fd, &st);
	CHECK_EQ(st.st_nlink, 0);
	CHECK_ERR(open("f", O_RDONLY), ENOENT);
}

TEST(o_direct)
{
	int p[2];

	CHECK_ERR(open("/dev/null", O_RDWR | O_DIRECT), EINVAL);
	CHECK_ERR(open(".", O_RDONLY | O_DIRECT), EINVAL);
	CHECK_ERR(fcntl(open("/dev/null", O_RDWR), F_SETFL, O_DIRECT), EINVAL);
	CHECK_OK(pipe(p));
	CHECK_OK(fcntl(p[0], F_SETFL, O_DIRECT));	/* packets */
}

TEST(exclusive)
{
	int fd = open("f", O_CREAT | O_EXCL | O_RDONLY, 0644);

	CHECK_EQ(fcntl(fd, F_GETFL) & O_NOFOLLOW, 0);
	CHECK_OK(mkdir("d", 0755));
	CHECK_ERR(open("d", O_CREAT | O_EXCL, 0644), EEXIST);
	CHECK_ERR(open("d/", O_CREAT | O_EXCL, 0644), EISDIR);
	CHECK_ERR(open("./", O_CREAT | O_EXCL, 0644), EEXIST);
	CHECK_ERR(open("d/./", O_CREAT | O_EXCL, 0644), EEXIST);
	CHECK_ERR(open("/", O_CREAT | O_EXCL, 0644), EEXIST);
}

/* What has no inode of its own cannot be opened again by its descriptor's link. */
TEST(anonymous_again)
{
	char name[64];

	snprintf(name, sizeof(name), "/proc/self/fd/%d", epoll_create1(0));
	CHECK_ERR(open(name, O_RDONLY), ENXIO);
	CHECK_OK(open(name, O_PATH));
	CHECK_ERR(open("/proc/self/ns/mnt", O_WRONLY), EPERM);
	CHECK_OK(open("/proc/self/ns/mnt", O_RDONLY));
}

TEST(proc_is_not_changed)
{
	CHECK_ERR(chmod("/proc/self/status", 0600), EPERM);
	CHECK_ERR(chmod("/proc/self", 0700), EPERM);
	CHECK_ERR(unlink("/proc/self/status"), EPERM);
	CHECK_ERR(rmdir("/proc/self/status"), EPERM);
	CHECK_ERR(utimensat(AT_FDCWD, "/proc/self", NULL, 0), EPERM);
}
