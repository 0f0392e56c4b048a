// SPDX-License-Identifier: GPL-2.0-only
/* t_umount.c: umount2: its flags and errors. */
#include "tap.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>

static void tmpfs_on(const char *dir)
{
	mkdir(dir, 0755);
	REQUIRE(mount("none", dir, "tmpfs", 0, NULL) == 0);
}

TEST(errors)
{
	char *long_name = malloc(5000);
	pid_t pid;

	own_mounts();
	memset(long_name, 'x', 4999);
	long_name[4999] = '\0';
	mkdir("plain", 0755);
	write_file("file", "");
	tmpfs_on("m");
	CHECK_ERR(umount2("m", 0x10), EINVAL);
	CHECK_ERR(umount2("m", 0x80000000), EINVAL);
	CHECK_ERR(umount2("missing", 0x10), EINVAL);
	CHECK_ERR(umount2("plain", 0), EINVAL);
	CHECK_ERR(umount2("plain", MNT_DETACH), EINVAL);
	CHECK_ERR(umount2("file", 0), EINVAL);
	CHECK_ERR(umount2("missing", 0), ENOENT);
	CHECK_ERR(umount2("", 0), ENOENT);
	CHECK_ERR(umount2("file/x", 0), ENOTDIR);
	CHECK_ERR(umount2((char *)8, 0), EFAULT);
	CHECK_ERR(umount2(long_name, 0), ENAMETOOLONG);
	symlink("loop", "loop");
	CHECK_ERR(umount2("loop", 0), ELOOP);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(umount2("m", 0), EPERM);
		CHECK_ERR(umount2("m", MNT_DETACH), EPERM);
		CHECK_ERR(umount2("plain", 0), EPERM);
		CHECK_ERR(umount2("missing", 0), ENOENT);	/* the name comes first */
		CHECK_ERR(umount2("m", 0x10), EINVAL);		/* and the flags before */
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(umount2("m", 0));
	CHECK_ERR(umount2("m", 0), EINVAL);
}

TEST(busy)
{
	int fd;

	own_mounts();
	tmpfs_on("m");
	mkdir("m/d", 0755);
	tmpfs_on("m/d");
	CHECK_ERR(umount2("m", 0), EBUSY);
	CHECK_ERR(umount2("m", MNT_FORCE), EBUSY);
	CHECK_OK(umount2("m/d", 0));
	fd = open("m", O_PATH);
	CHECK_ERR(umount2("m", 0), EBUSY);
	close(fd);
	CHECK_OK(umount2("m", MNT_FORCE));
}

TEST(nofollow)
{
	own_mounts();
	tmpfs_on("m");
	symlink("m", "link");
	CHECK_ERR(umount2("link", UMOUNT_NOFOLLOW), EINVAL);
	CHECK_OK(umount2("m", UMOUNT_NOFOLLOW));
	tmpfs_on("m");
	CHECK_OK(umount2("link", 0));
	CHECK_ERR(umount2("m", 0), EINVAL);
}

TEST(detach)
{
	struct stat st;
	int fd, dir;

	own_mounts();
	tmpfs_on("m");
	mkdir("m/d", 0755);
	tmpfs_on("m/d");
	write_file("m/f", "x");
	fd = open("m/f", O_RDWR);
	dir = open("m", O_RDONLY);
	CHECK_OK(umount2("m", MNT_DETACH));
	CHECK_ERR(stat("m/f", &st), ENOENT);
	CHECK_EQ(write(fd, "y", 1), 1);
	CHECK_OK(fstatat(dir, "f", &st, 0));
	CHECK_ERR(umount2("m", 0), EINVAL);
	/* ".." of its root stays there. */
	CHECK_OK(fchdir(dir));
	CHECK_OK(stat("../f", &st));
	CHECK_ERR(umount2(".", 0), EINVAL);
	chdir("/");
}

TEST(expire)
{
	own_mounts();
	tmpfs_on("m");
	CHECK_ERR(umount2("m", MNT_EXPIRE | MNT_FORCE), EINVAL);
	CHECK_ERR(umount2("m", MNT_EXPIRE | MNT_DETACH), EINVAL);
	CHECK_ERR(umount2("/", MNT_EXPIRE), EINVAL);
	CHECK_ERR(umount2("m", MNT_EXPIRE), EAGAIN);		/* marked */
	CHECK_OK(umount2("m", MNT_EXPIRE));			/* not used since */
	tmpfs_on("m");
	CHECK_ERR(umount2("m", MNT_EXPIRE), EAGAIN);
	close(open("m/f", O_CREAT | O_RDWR, 0600));		/* a use */
	CHECK_ERR(umount2("m", MNT_EXPIRE), EAGAIN);
	{
		int fd = open("m/f", O_RDONLY);

		CHECK_ERR(umount2("m", MNT_EXPIRE), EBUSY);
		close(fd);
	}
	CHECK_ERR(umount2("m", MNT_EXPIRE), EAGAIN);
	CHECK_OK(umount2("m", MNT_EXPIRE));
}

/* The root of a process is not unmounted but made read-only. */
TEST(own_root)
{
	own_mounts();
	tmpfs_on("r");
	REQUIRE(chroot("r") == 0 && chdir("/") == 0);
	CHECK_OK(mkdir("/d", 0755));
	CHECK_OK(umount2("/", 0));
	CHECK_ERR(mkdir("/e", 0755), EROFS);
}

TEST(stacked)
{
	own_mounts();
	tmpfs_on("m");
	write_file("m/first", "");
	tmpfs_on("m");
	write_file("m/second", "");
	CHECK_OK(umount2("m", 0));
	CHECK_OK(access("m/first", F_OK));
	tmpfs_on("m");
	CHECK_OK(umount2("m", MNT_DETACH));
	CHECK_OK(access("m/first", F_OK));
	CHECK_OK(umount2("m", 0));
}

TEST(files)
{
	own_mounts();
	write_file("a", "a");
	write_file("b", "b");
	CHECK_OK(mount("a", "b", NULL, MS_BIND, NULL));
	CHECK(file_has("b", "a"));
	CHECK_ERR(unlink("b"), EBUSY);
	CHECK_OK(umount2("b", 0));
	CHECK(file_has("b", "b"));
}

/* What another namespace has mounted there does not keep a directory; it goes with it. */
TEST(mountpoint_removed_elsewhere)
{
	struct gate go, back;
	pid_t pid;

	own_mounts();
	mkdir("m", 0755);
	gate_init(&go);
	gate_init(&back);
	pid = fork();
	if (pid == 0) {
		own_mounts();
		tmpfs_on("m");
		mkdir("m/d", 0755);
		tmpfs_on("m/d");
		gate_open(&go);
		gate_wait(&back);
		CHECK(!file_has("/proc/self/mountinfo", "/m rw"));
		CHECK(!file_has("/proc/self/mountinfo", "/m/d rw"));
		CHECK_ERR(access("m", F_OK), ENOENT);
		finish();
	}
	gate_wait(&go);
	CHECK_OK(rmdir("m"));
	gate_open(&back);
	expect_exit(pid, 0);
}
