// SPDX-License-Identifier: GPL-2.0-only
/* t_mount.c: mount, bind, move, remount, umount2, with tmpfs; full file systems; read-only ones. */
#include "tap.h"

#include <sys/mount.h>
#include <sys/vfs.h>

static void tmpfs_on(const char *dir, const char *options)
{
	mkdir(dir, 0755);
	REQUIRE(mount("testfs", dir, "tmpfs", 0, options) == 0);
}

TEST(mount_covers)
{
	char cwd[200], want[300];

	mkdir("m", 0755);
	write_file("m/under", "u");
	tmpfs_on("m", "mode=700");
	CHECK_ERR(access("m/under", F_OK), ENOENT);
	write_file("m/over", "o");
	getcwd(cwd, sizeof(cwd));
	snprintf(want, sizeof(want), "testfs %s/m tmpfs rw", cwd);
	CHECK(file_has("/proc/self/mounts", want));
	CHECK_ERR(rmdir("m"), EBUSY);
	CHECK_ERR(rename("m", "n"), EBUSY);
	CHECK_OK(umount("m"));
	CHECK_OK(access("m/under", F_OK));
	CHECK_ERR(access("m/over", F_OK), ENOENT);
	CHECK_ERR(umount("m"), EINVAL);
}

TEST(root_attributes)
{
	struct stat dir, root, up;

	mkdir("m", 0755);
	stat("m", &dir);
	tmpfs_on("m", "mode=1711,uid=1000,gid=1001");
	stat("m", &root);
	CHECK(root.st_dev != dir.st_dev);
	CHECK_EQ(root.st_mode & 07777, 01711);
	CHECK(root.st_uid == 1000 && root.st_gid == 1001);
	stat("m/..", &up);			/* .. leaves the mount */
	stat(".", &dir);
	CHECK_EQ(up.st_ino, dir.st_ino);
	umount("m");
}

TEST(busy)
{
	int fd;

	tmpfs_on("m", NULL);
	write_file("m/f", "x");
	fd = open("m/f", O_RDONLY);
	CHECK_ERR(umount("m"), EBUSY);
	CHECK_OK(umount2("m", MNT_DETACH));	/* lazily: gone from the tree, alive for us */
	CHECK_ERR(access("m/f", F_OK), ENOENT);
	CHECK_EQ(read(fd, (char[1]){ 0 }, 1), 1);
	close(fd);
	tmpfs_on("m", NULL);
	chdir("m");
	CHECK_ERR(umount("../m"), EBUSY);
	chdir("..");
	CHECK_OK(umount("m"));
}

TEST(stacked)
{
	tmpfs_on("m", NULL);
	write_file("m/first", "1");
	tmpfs_on("m", NULL);
	write_file("m/second", "2");
	CHECK_ERR(access("m/first", F_OK), ENOENT);
	CHECK_OK(umount("m"));
	CHECK_OK(access("m/first", F_OK));
	CHECK_OK(umount("m"));
}

TEST(bind)
{
	mkdir("src", 0755);
	mkdir("dst", 0755);
	write_file("src/f", "x");
	CHECK_OK(mount("src", "dst", NULL, MS_BIND, NULL));
	CHECK_OK(access("dst/f", F_OK));
	write_file("dst/g", "y");
	CHECK_OK(access("src/g", F_OK));
	CHECK_ERR(rename("src/f", "dst/h"), EXDEV);	/* two mounts, though one file system */
	CHECK_OK(mount(NULL, "dst", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	CHECK_ERR(open("dst/new", O_CREAT | O_WRONLY, 0644), EROFS);
	CHECK_OK(close(open("src/new", O_CREAT | O_WRONLY, 0644)));
	CHECK_OK(umount("dst"));
	write_file("file", "f");
	CHECK_OK(mount("src/f", "file", NULL, MS_BIND, NULL));	/* a file over a file */
	CHECK(file_has("file", "x"));
	CHECK_OK(umount("file"));
	CHECK(file_has("file", "f"));
	CHECK_ERR(mount("src", "file", NULL, MS_BIND, NULL), ENOTDIR);
}

TEST(move)
{
	tmpfs_on("a", NULL);
	CHECK_OK(mount(NULL, "a", NULL, MS_PRIVATE, NULL));
	write_file("a/f", "x");
	mkdir("b", 0755);
	if (mount("a", "b", NULL, MS_MOVE, NULL) < 0) {
		/* Refused where the parent mount is shared. */
		CHECK_EQ(errno, EINVAL);
		umount("a");
		return;
	}
	CHECK_ERR(access("a/f", F_OK), ENOENT);
	CHECK_OK(access("b/f", F_OK));
	CHECK_OK(umount("b"));
}

TEST(read_only)
{
	tmpfs_on("m", NULL);
	write_file("m/f", "x");
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT | MS_RDONLY, NULL));
	CHECK_ERR(open("m/f", O_WRONLY), EROFS);
	CHECK_ERR(open("m/new", O_CREAT | O_WRONLY, 0644), EROFS);
	CHECK_ERR(mkdir("m/d", 0755), EROFS);
	CHECK_ERR(unlink("m/f"), EROFS);
	CHECK_ERR(chmod("m/f", 0600), EROFS);
	CHECK_ERR(truncate("m/f", 0), EROFS);
	CHECK_ERR(access("m/f", W_OK), EROFS);
	CHECK_OK(access("m/f", R_OK));
	CHECK_OK(mount(NULL, "m", NULL, MS_REMOUNT, NULL));
	CHECK_OK(open("m/f", O_WRONLY));
	{
		int fd = open("m/f", O_WRONLY);

		CHECK_ERR(mount(NULL, "m", NULL, MS_REMOUNT | MS_RDONLY, NULL), EBUSY);
		close(fd);
	}
	umount2("m", MNT_DETACH);
}

TEST(nosuid_noexec_nodev)
{
	char *args[] = { "x", NULL };
	int fd;

	mkdir("m", 0755);
	REQUIRE(mount("t", "m", "tmpfs", MS_NOEXEC | MS_NODEV | MS_NOSUID, NULL) == 0);
	fd = open("m/prog", O_CREAT | O_WRONLY, 0755);
	write(fd, "#!/bin/sh\n", 10);
	close(fd);
	CHECK_ERR(execv("m/prog", args), EACCES);
	CHECK_OK(mknod("m/null", S_IFCHR | 0666, 0x103));
	CHECK_ERR(open("m/null", O_RDWR), EACCES);
	CHECK(file_has("/proc/self/mounts", "nosuid,nodev,noexec"));
	umount("m");
}

static void poke(void *arg)
{
	*(volatile char *)arg = 1;
}

TEST(size_limit)
{
	static char block[4096];
	struct statfs fs;
	int fd, n = 0;
	char *p;

	tmpfs_on("m", "size=64k");
	CHECK_OK(statfs("m", &fs));
	CHECK_EQ(fs.f_blocks, 16);
	fd = open("m/f", O_CREAT | O_RDWR, 0644);
	while (n < 100 && write(fd, block, sizeof(block)) == sizeof(block))
		n++;
	CHECK_EQ(errno, ENOSPC);
	CHECK_EQ(n, 16);
	statfs("m", &fs);
	CHECK_EQ(fs.f_bfree, 0);
	CHECK_ERR(fallocate(fd, 0, 0, 1 << 20), ENOSPC);
	/* A store into a mapping for which there is no room is a bus error. */
	ftruncate(fd, 1 << 20);
	p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK_EQ(fault_of(poke, p + (1 << 19), NULL), SIGBUS);
	munmap(p, 1 << 20);
	ftruncate(fd, 4096);
	CHECK_EQ(pwrite(fd, block, 4096, 8192), 4096);
	close(fd);
	umount("m");
}

TEST(inode_limit)
{
	char name[20];
	int i, fd = -1;

	tmpfs_on("m", "nr_inodes=10");
	for (i = 0; i < 20; i++) {
		snprintf(name, sizeof(name), "m/f%d", i);
		fd = open(name, O_CREAT | O_WRONLY, 0644);
		if (fd < 0)
			break;
		close(fd);
	}
	CHECK(fd < 0);
	CHECK_EQ(errno, ENOSPC);
	CHECK_EQ(i, 9);				/* the root is the tenth */
	unlink("m/f0");
	CHECK_OK(close(open("m/again", O_CREAT | O_WRONLY, 0644)));
	umount("m");
}

TEST(refusals)
{
	pid_t pid;

	mkdir("m", 0755);
	CHECK_ERR(mount("x", "m", "nosuchfs", 0, NULL), ENODEV);
	CHECK_ERR(mount("x", "missing", "tmpfs", 0, NULL), ENOENT);
	write_file("f", "");
	CHECK_ERR(mount("x", "f", "tmpfs", 0, NULL), ENOTDIR);
	CHECK_ERR(mount("missing", "m", NULL, MS_BIND, NULL), ENOENT);
	CHECK_ERR(mount("x", "m", "tmpfs", 0, "size=banana"), EINVAL);
	CHECK_ERR(mount(NULL, "m", NULL, MS_REMOUNT, NULL), EINVAL);
	CHECK_ERR(umount2("m", 0x1000), EINVAL);
	CHECK_ERR(umount("missing"), ENOENT);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(mount("x", "m", "tmpfs", 0, NULL), EPERM);
		CHECK_ERR(umount("/proc"), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(other_instances)
{
	struct statfs fs;

	mkdir("p", 0555);
	CHECK_OK(mount("proc", "p", "proc", 0, NULL));
	CHECK_OK(access("p/self/stat", R_OK));
	CHECK_OK(umount("p"));
	CHECK_OK(mount("sysfs", "p", "sysfs", 0, NULL));
	CHECK_OK(access("p/devices", R_OK));
	CHECK_OK(umount("p"));
	CHECK_OK(mount("devtmpfs", "p", "devtmpfs", 0, NULL));
	CHECK_OK(access("p/null", W_OK));
	CHECK_OK(statfs("p", &fs));
	CHECK(fs.f_blocks > 0 && fs.f_files > 0);	/* it cannot fill all of memory */
	CHECK(!file_has("/proc/self/mounts", "size=0k"));
	CHECK_OK(umount("p"));
}

/* ---- errors of the manual page --------------------------------------------------------------- */

TEST(names_and_addresses)
{
	char *long_name = malloc(5000);

	memset(long_name, 'x', 4999);
	long_name[4999] = '\0';
	mkdir("m", 0755);
	write_file("f", "");
	symlink("loop", "loop");
	CHECK_ERR(mount("x", long_name, "tmpfs", 0, NULL), ENAMETOOLONG);
	CHECK_ERR(mount("x", "loop", "tmpfs", 0, NULL), ELOOP);
	CHECK_ERR(mount("x", "f/d", "tmpfs", 0, NULL), ENOTDIR);
	CHECK_ERR(mount("x", "", "tmpfs", 0, NULL), ENOENT);
	CHECK_ERR(mount("x", (char *)8, "tmpfs", 0, NULL), EFAULT);
	CHECK_ERR(mount((char *)8, "m", "tmpfs", 0, NULL), EFAULT);
	CHECK_ERR(mount("x", "m", (char *)8, 0, NULL), EFAULT);
	CHECK_ERR(mount("x", "m", "tmpfs", 0, (char *)8), EFAULT);
	CHECK_ERR(mount(long_name, "m", "tmpfs", 0, NULL), EINVAL);
	CHECK_ERR(mount("x", "m", long_name, 0, NULL), EINVAL);
	CHECK_ERR(mount("x", "m", NULL, 0, NULL), EINVAL);
	CHECK_ERR(mount(NULL, "m", NULL, MS_BIND, NULL), EINVAL);
	CHECK_ERR(mount("", "m", NULL, MS_BIND, NULL), EINVAL);
	CHECK_ERR(mount(NULL, "m", NULL, MS_MOVE, NULL), EINVAL);
	CHECK_ERR(mount(long_name, "m", NULL, MS_BIND, NULL), EINVAL);
	CHECK_ERR(mount("loop", "m", NULL, MS_BIND, NULL), ELOOP);
	CHECK_ERR(mount("x", "m", "tmpfs", 1UL << 31, NULL), EINVAL);	/* MS_NOUSER */
	CHECK_ERR(umount("m"), EINVAL);				/* nothing came of it all */
}

/* Options may lie at the end of what is mapped, without an end of their own. */
TEST(options_at_the_end)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(p + 4096, 4096);
	memcpy(p + 4096 - 8, "size=64k", 8);
	mkdir("m", 0755);
	CHECK_OK(mount("x", "m", "tmpfs", 0, p + 4096 - 8));
	CHECK(file_has("/proc/self/mounts", "size=64k"));
	umount("m");
}

TEST(on_itself)
{
	mkdir("p", 0755);
	REQUIRE(mount("sysfs", "p", "sysfs", 0, NULL) == 0);
	CHECK_ERR(mount("sysfs", "p", "sysfs", 0, NULL), EBUSY);	/* the same file system, the same place */
	CHECK_OK(mount("p", "p", NULL, MS_BIND, NULL));			/* a bind mount may */
	CHECK_OK(umount("p"));
	CHECK_OK(umount("p"));
}

TEST(move_errors)
{
	tmpfs_on("a", NULL);
	mkdir("a/sub", 0755);
	mkdir("b", 0755);
	write_file("f", "");
	CHECK_OK(mount(NULL, "a", NULL, MS_PRIVATE, NULL));
	CHECK_ERR(mount("missing", "b", NULL, MS_MOVE, NULL), ENOENT);
	CHECK_ERR(mount("b", "a", NULL, MS_MOVE, NULL), EINVAL);	/* not a mount */
	CHECK_ERR(mount("a/sub", "b", NULL, MS_MOVE, NULL), EINVAL);
	CHECK_ERR(mount("a", "f", NULL, MS_MOVE, NULL), EINVAL);
	CHECK_ERR(mount("a", "a/sub", NULL, MS_MOVE, NULL), ELOOP);
	CHECK_ERR(mount("a", "missing", NULL, MS_MOVE, NULL), ENOENT);
	umount("a");
}

TEST(bind_errors)
{
	tmpfs_on("a", NULL);
	write_file("a/f", "");
	mkdir("b", 0755);
	mkdir("a/gone", 0755);
	CHECK_ERR(mount("a/f", "b", NULL, MS_BIND, NULL), ENOTDIR);
	CHECK_ERR(mount("a", "missing", NULL, MS_BIND, NULL), ENOENT);
	/* A directory that was removed is no mount point. */
	chdir("a/gone");
	rmdir("../gone");
	CHECK_ERR(mount("x", ".", "tmpfs", 0, NULL), ENOENT);
	chdir("../..");
	chdir("/");
}

TEST(remount_errors)
{
	tmpfs_on("a", NULL);
	mkdir("a/d", 0755);
	CHECK_ERR(mount(NULL, "a/d", NULL, MS_REMOUNT, NULL), EINVAL);
	CHECK_ERR(mount(NULL, "a/d", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), EINVAL);
	CHECK_ERR(mount(NULL, "a", NULL, MS_REMOUNT, "nosuch"), EINVAL);
	CHECK_ERR(mount(NULL, "missing", NULL, MS_REMOUNT, NULL), ENOENT);
	{
		int fd = open("a/f", O_CREAT | O_WRONLY, 0600);

		CHECK_ERR(mount(NULL, "a", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), EBUSY);
		close(fd);
	}
	CHECK_OK(mount(NULL, "a", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	umount("a");
}

TEST(nosymfollow)
{
	mkdir("m", 0755);
	REQUIRE(mount("x", "m", "tmpfs", 256, NULL) == 0);
	write_file("m/f", "x");
	symlink("f", "m/link");
	CHECK_ERR(open("m/link", O_RDONLY), ELOOP);
	CHECK_EQ(readlink("m/link", (char[8]){ 0 }, 8), 1);
	CHECK_OK(open("m/f", O_RDONLY));
	umount2("m", MNT_DETACH);
}

/* Another process's namespace is not ours to mount in. */
TEST(not_ours)
{
	int fd, ns;

	tmpfs_on("m", NULL);
	mkdir("m/d", 0755);
	fd = open("m/d", O_RDONLY);
	ns = open("m", O_RDONLY);
	CHECK_OK(umount2("m", MNT_DETACH));
	CHECK_OK(fchdir(fd));
	CHECK_ERR(mount("x", ".", "tmpfs", 0, NULL), EINVAL);
	CHECK_ERR(mount(".", ".", NULL, MS_BIND, NULL), EINVAL);
	CHECK_OK(fchdir(ns));
	CHECK_ERR(mount(NULL, ".", NULL, MS_REMOUNT, NULL), EINVAL);
	CHECK_ERR(mount(NULL, ".", NULL, MS_REMOUNT | MS_BIND, NULL), EINVAL);
	CHECK_ERR(mount(NULL, ".", NULL, MS_PRIVATE, NULL), EINVAL);
	chdir("/");
}
