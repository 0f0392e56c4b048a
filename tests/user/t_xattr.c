// SPDX-License-Identifier: GPL-2.0-only
/* t_xattr.c: extended attributes on tmpfs: the trusted and security name spaces. */
#include "tap.h"

#include <sys/xattr.h>

TEST(set_get_list_remove)
{
	char buf[64];
	ssize_t n;

	write_file("f", "");
	CHECK_OK(setxattr("f", "trusted.one", "value", 5, 0));
	CHECK_EQ(getxattr("f", "trusted.one", buf, sizeof(buf)), 5);
	CHECK(memcmp(buf, "value", 5) == 0);
	CHECK_EQ(getxattr("f", "trusted.one", NULL, 0), 5);
	CHECK_ERR(getxattr("f", "trusted.one", buf, 3), ERANGE);
	CHECK_OK(setxattr("f", "trusted.two", "", 0, 0));
	n = listxattr("f", buf, sizeof(buf));
	CHECK_EQ(n, 24);
	CHECK_EQ(listxattr("f", NULL, 0), 24);
	CHECK_ERR(listxattr("f", buf, 3), ERANGE);
	CHECK_OK(removexattr("f", "trusted.one"));
	CHECK_ERR(getxattr("f", "trusted.one", buf, sizeof(buf)), ENODATA);
	CHECK_ERR(removexattr("f", "trusted.one"), ENODATA);
	CHECK_EQ(getxattr("f", "trusted.two", buf, sizeof(buf)), 0);
}

TEST(create_and_replace)
{
	char buf[8];

	write_file("f", "");
	CHECK_ERR(setxattr("f", "trusted.x", "1", 1, XATTR_REPLACE), ENODATA);
	CHECK_OK(setxattr("f", "trusted.x", "1", 1, XATTR_CREATE));
	CHECK_ERR(setxattr("f", "trusted.x", "2", 1, XATTR_CREATE), EEXIST);
	CHECK_OK(setxattr("f", "trusted.x", "22", 2, XATTR_REPLACE));
	CHECK_EQ(getxattr("f", "trusted.x", buf, sizeof(buf)), 2);
	CHECK_ERR(setxattr("f", "trusted.x", "1", 1, 4), EINVAL);
}

TEST(names)
{
	char name[300] = "trusted.";

	write_file("f", "");
	memset(name + 8, 'n', sizeof(name) - 8);
	name[256] = '\0';
	CHECK_ERR(setxattr("f", name, "v", 1, 0), ERANGE);
	name[255] = '\0';
	CHECK_OK(setxattr("f", name, "v", 1, 0));
	CHECK_ERR(setxattr("f", "", "v", 1, 0), ERANGE);
	CHECK_ERR(setxattr("f", "nospace.x", "v", 1, 0), EOPNOTSUPP);
	CHECK_ERR(getxattr("f", "nospace.x", name, 1), EOPNOTSUPP);
	CHECK_ERR(setxattr("f", "trusted.big", name, 65537, 0), E2BIG);
	CHECK_ERR(getxattr("missing", "trusted.x", name, 1), ENOENT);
}

TEST(by_descriptor_and_link)
{
	char buf[8];
	int fd;

	write_file("f", "");
	symlink("f", "l");
	fd = open("f", O_RDONLY);
	CHECK_OK(fsetxattr(fd, "trusted.x", "f", 1, 0));
	CHECK_EQ(fgetxattr(fd, "trusted.x", buf, sizeof(buf)), 1);
	CHECK_EQ(getxattr("l", "trusted.x", buf, sizeof(buf)), 1);
	CHECK_ERR(lgetxattr("l", "trusted.x", buf, sizeof(buf)), ENODATA);
	CHECK_OK(lsetxattr("l", "trusted.own", "l", 1, 0));
	CHECK_EQ(lgetxattr("l", "trusted.own", buf, sizeof(buf)), 1);
	CHECK_ERR(getxattr("f", "trusted.own", buf, sizeof(buf)), ENODATA);
	CHECK_OK(fremovexattr(fd, "trusted.x"));
	CHECK_ERR(fgetxattr(99, "trusted.x", buf, sizeof(buf)), EBADF);
	CHECK_ERR(fgetxattr(open("f", O_PATH), "trusted.x", buf, sizeof(buf)), EBADF);
}

TEST(privilege)
{
	char buf[64];
	pid_t pid;

	write_file("f", "");
	chmod("f", 0666);
	CHECK_OK(setxattr("f", "trusted.secret", "s", 1, 0));
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(setxattr("f", "trusted.x", "v", 1, 0), EPERM);
		CHECK_ERR(getxattr("f", "trusted.secret", buf, sizeof(buf)), ENODATA);
		CHECK_EQ(listxattr("f", buf, sizeof(buf)), 0);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(follows_rename_and_link)
{
	char buf[8];

	write_file("f", "");
	setxattr("f", "trusted.x", "keep", 4, 0);
	link("f", "g");
	rename("f", "h");
	CHECK_EQ(getxattr("g", "trusted.x", buf, sizeof(buf)), 4);
	CHECK_EQ(getxattr("h", "trusted.x", buf, sizeof(buf)), 4);
	mkdir("d", 0755);
	CHECK_OK(setxattr("d", "trusted.dir", "1", 1, 0));
}

TEST(space_without_a_name)
{
	char buf[8];

	write_file("empty", "");
	CHECK_ERR(setxattr("empty", "trusted.", "v", 1, 0), EINVAL);
	CHECK_ERR(getxattr("empty", "trusted.", buf, sizeof(buf)), EINVAL);
	CHECK_ERR(removexattr("empty", "security."), EINVAL);
	CHECK_ERR(getxattr("/proc/self/status", "trusted.", buf, sizeof(buf)), EOPNOTSUPP);
}
