// SPDX-License-Identifier: GPL-2.0-only
/* t_chroot.c: chroot: the new root binds paths, links and .., not open descriptors. */
#include "tap.h"

#include <sys/mount.h>

static void jail(void)
{
	mkdir("jail", 0755);
	mkdir("jail/dir", 0755);
	write_file("jail/inside", "i");
	write_file("outside", "o");
	symlink("/inside", "jail/abs");
	symlink("../../outside", "jail/up");
}

TEST(basic)
{
	struct stat a, b;
	pid_t pid;

	jail();
	pid = fork();
	if (pid == 0) {
		CHECK_OK(chroot("jail"));
		CHECK_OK(access("/inside", F_OK));
		CHECK_OK(access("outside", F_OK));	/* the working directory is still out there */
		CHECK_OK(chdir("/"));
		CHECK_ERR(access("../outside", F_OK), ENOENT);
		CHECK_ERR(access("/proc", F_OK), ENOENT);
		stat("/", &a);
		stat("/..", &b);
		CHECK_EQ(a.st_ino, b.st_ino);
		CHECK_OK(access("abs", F_OK));
		CHECK_ERR(access("up", F_OK), ENOENT);
		CHECK_OK(access("/dir/../../../inside", F_OK));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(access("/proc", F_OK));	/* ours is as it was */
}

TEST(getcwd)
{
	char cwd[256];
	pid_t pid;

	jail();
	pid = fork();
	if (pid == 0) {
		chdir("jail/dir");
		chroot("..");
		CHECK(getcwd(cwd, sizeof(cwd)) != NULL);
		CHECK_STR(cwd, "/dir");
		chdir("/");
		getcwd(cwd, sizeof(cwd));
		CHECK_STR(cwd, "/");
		finish();
	}
	expect_exit(pid, 0);
}

TEST(unreachable_cwd)
{
	char cwd[256] = "";
	pid_t pid;

	jail();
	pid = fork();
	if (pid == 0) {
		chroot("jail");
		/* The system call says so; glibc then refuses. */
		CHECK(syscall(SYS_getcwd, cwd, sizeof(cwd)) > 0);
		CHECK(strncmp(cwd, "(unreachable)", 13) == 0);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(refusals)
{
	pid_t pid;

	jail();
	CHECK_ERR(chroot("missing"), ENOENT);
	CHECK_ERR(chroot("outside"), ENOTDIR);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(chroot("jail"), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(descriptors_reach_out)
{
	int dir;
	pid_t pid;

	jail();
	dir = open(".", O_RDONLY | O_DIRECTORY);
	pid = fork();
	if (pid == 0) {
		chroot("jail");
		chdir("/");
		CHECK_OK(openat(dir, "outside", O_RDONLY));
		CHECK_OK(fchdir(dir));
		CHECK_OK(access("outside", F_OK));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(exec_inside)
{
	static char block[65536];
	char *args[] = { "x", "@t_chroot.answer", NULL };
	int in = open(self_path, O_RDONLY), out;
	ssize_t n;
	pid_t pid;

	jail();
	out = open("jail/prog", O_CREAT | O_WRONLY, 0755);
	while ((n = read(in, block, sizeof(block))) > 0)
		write(out, block, n);
	close(out);
	pid = fork();
	if (pid == 0) {
		chroot("jail");
		execv("/prog", args);
		_exit(126);
	}
	expect_exit(pid, 21);
}

HELPER(answer)
{
	return 21;
}

TEST(mounts_seen_from_inside)
{
	char text[256];
	pid_t pid;

	jail();
	mkdir("jail/proc", 0755);
	REQUIRE(mount("proc", "jail/proc", "proc", 0, NULL) == 0);
	pid = fork();
	if (pid == 0) {
		chroot("jail");
		chdir("/");
		read_file("/proc/self/mounts", text, sizeof(text));
		CHECK(strncmp(text, "proc /proc proc ", 16) == 0);	/* and no mount outside */
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(umount("jail/proc"));
}
