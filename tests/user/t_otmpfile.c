// SPDX-License-Identifier: GPL-2.0-only
/* t_otmpfile.c: O_TMPFILE: a file without a name, and giving it one. */
#include "tap.h"

TEST(nameless)
{
	struct stat st;
	char buf[8] = "";
	int fd = open(".", O_TMPFILE | O_RDWR, 0640);

	REQUIRE(fd >= 0);
	CHECK_EQ(write(fd, "hidden", 6), 6);
	CHECK_EQ(pread(fd, buf, 6, 0), 6);
	CHECK_STR(buf, "hidden");
	fstat(fd, &st);
	CHECK_EQ(st.st_nlink, 0);
	CHECK_EQ(st.st_mode, S_IFREG | 0640);
}

TEST(link_it)
{
	char path[64], buf[8];
	struct stat st;
	int fd = open(".", O_TMPFILE | O_WRONLY, 0600);

	write(fd, "named", 5);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK_OK(linkat(AT_FDCWD, path, AT_FDCWD, "name", AT_SYMLINK_FOLLOW));
	read_file("name", buf, sizeof(buf));
	CHECK_STR(buf, "named");
	fstat(fd, &st);
	CHECK_EQ(st.st_nlink, 1);
	fd = open(".", O_TMPFILE | O_WRONLY, 0600);
	CHECK_OK(linkat(fd, "", AT_FDCWD, "second", AT_EMPTY_PATH));
	CHECK_OK(access("second", F_OK));
}

TEST(exclusive_cannot_be_linked)
{
	int fd = open(".", O_TMPFILE | O_WRONLY | O_EXCL, 0600);

	CHECK_OK(fd);
	CHECK_ERR(linkat(fd, "", AT_FDCWD, "name", AT_EMPTY_PATH), ENOENT);
}

TEST(refusals)
{
	CHECK_ERR(open(".", O_TMPFILE | O_RDONLY, 0600), EINVAL);
	CHECK_ERR(open("missing", O_TMPFILE | O_RDWR, 0600), ENOENT);
	write_file("f", "");
	CHECK_ERR(open("f", O_TMPFILE | O_RDWR, 0600), ENOTDIR);
	CHECK_ERR(open("/proc", O_TMPFILE | O_RDWR, 0600), EOPNOTSUPP);
}

TEST(needs_write_permission)
{
	pid_t pid;

	mkdir("d", 0755);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(open("d", O_TMPFILE | O_RDWR, 0600), EACCES);
		CHECK_OK(open(".", O_TMPFILE | O_RDWR, 0600));
		finish();
	}
	expect_exit(pid, 0);
}
