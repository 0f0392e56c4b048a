// SPDX-License-Identifier: GPL-2.0-only
/* t_fhandle.c: name_to_handle_at and open_by_handle_at, on tmpfs. */
#include "tap.h"

#include <sys/mount.h>

#define ROOM 128

struct handle {
	unsigned int	bytes;
	int		type;
	unsigned char	id[ROOM + 8];
};

static int to_handle(int dfd, const char *name, struct handle *h, int *mnt_id, int flags)
{
	return syscall(__NR_name_to_handle_at, dfd, name, h, mnt_id, flags);
}

static int by_handle(int mount_fd, struct handle *h, int flags)
{
	return syscall(__NR_open_by_handle_at, mount_fd, h, flags);
}

static struct handle handle_of(const char *name)
{
	struct handle h = { .bytes = ROOM };
	int id;

	REQUIRE(to_handle(AT_FDCWD, name, &h, &id, 0) == 0);
	return h;
}

static void on_tmpfs(void)
{
	mkdir("m", 0755);
	REQUIRE(mount("none", "m", "tmpfs", 0, NULL) == 0 && chdir("m") == 0);
}

static void off(void)
{
	chdir("..");
	umount2("m", MNT_DETACH);
}

TEST(size)
{
	struct handle h = { .bytes = 0 };
	int id = -1;

	on_tmpfs();
	write_file("f", "x");
	CHECK_ERR(to_handle(AT_FDCWD, "f", &h, &id, 0), EOVERFLOW);
	CHECK_EQ(h.bytes, 12);
	CHECK(id >= 0);
	CHECK_OK(to_handle(AT_FDCWD, "f", &h, &id, 0));
	CHECK_EQ(h.bytes, 12);
	CHECK_EQ(h.type, 1);
	h.bytes = ROOM;
	CHECK_OK(to_handle(AT_FDCWD, "f", &h, &id, 0));
	CHECK_EQ(h.bytes, 12);
	h.bytes = ROOM + 1;
	CHECK_ERR(to_handle(AT_FDCWD, "f", &h, &id, 0), EINVAL);
	off();
}

TEST(opens)
{
	struct handle h, dir;
	char c = 0;
	int fd;

	on_tmpfs();
	write_file("f", "x");
	mkdir("d", 0755);
	write_file("d/g", "y");
	h = handle_of("f");
	dir = handle_of("d");
	fd = CHECK_OK(by_handle(AT_FDCWD, &h, O_RDONLY));
	CHECK_EQ(read(fd, &c, 1), 1);
	CHECK_EQ(c, 'x');
	CHECK_ERR(write(fd, "z", 1), EBADF);
	CHECK_OK(rename("f", "elsewhere"));		/* the name does not matter */
	fd = CHECK_OK(by_handle(AT_FDCWD, &h, O_RDWR | O_CLOEXEC));
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(write(fd, "z", 1), 1);
	fd = CHECK_OK(by_handle(AT_FDCWD, &dir, O_RDONLY | O_DIRECTORY));
	CHECK_OK(faccessat(fd, "g", F_OK, 0));
	CHECK_OK(by_handle(AT_FDCWD, &h, O_PATH));
	CHECK_ERR(by_handle(AT_FDCWD, &h, O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERR(by_handle(AT_FDCWD, &dir, O_RDWR), EISDIR);
	off();
}

TEST(two_of_one_file)
{
	struct handle a, b, c;

	on_tmpfs();
	write_file("a", "");
	link("a", "b");
	write_file("c", "");
	a = handle_of("a");
	b = handle_of("b");
	c = handle_of("c");
	CHECK(!memcmp(a.id, b.id, a.bytes));
	CHECK(memcmp(a.id, c.id, a.bytes));
	off();
}

TEST(stale)
{
	struct handle h;
	int fd;

	on_tmpfs();
	write_file("f", "x");
	h = handle_of("f");
	fd = open("f", O_RDONLY);
	unlink("f");
	CHECK_OK(close(by_handle(AT_FDCWD, &h, O_RDONLY)));	/* it is still there */
	close(fd);
	CHECK_ERR(by_handle(AT_FDCWD, &h, O_RDONLY), ESTALE);
	h.bytes = 8;
	CHECK_ERR(by_handle(AT_FDCWD, &h, O_RDONLY), ESTALE);
	off();
}

TEST(links)
{
	struct handle h = { .bytes = ROOM }, target;
	int id;

	on_tmpfs();
	write_file("f", "x");
	symlink("f", "l");
	target = handle_of("f");
	CHECK_OK(to_handle(AT_FDCWD, "l", &h, &id, AT_SYMLINK_FOLLOW));
	CHECK(!memcmp(h.id, target.id, 12));
	h = handle_of("l");
	CHECK(memcmp(h.id, target.id, 12));
	CHECK_ERR(by_handle(AT_FDCWD, &h, O_RDONLY), ELOOP);
	CHECK_OK(by_handle(AT_FDCWD, &h, O_PATH | O_NOFOLLOW));
	h.bytes = ROOM;
	CHECK_OK(to_handle(open("f", O_RDONLY), "", &h, &id, AT_EMPTY_PATH));
	CHECK(!memcmp(h.id, target.id, 12));
	off();
}

TEST(errors)
{
	struct handle h = { .bytes = ROOM };
	int id;
	pid_t pid;

	on_tmpfs();
	write_file("f", "x");
	CHECK_ERR(to_handle(AT_FDCWD, "f", &h, &id, 1), EINVAL);
	CHECK_ERR(to_handle(AT_FDCWD, "f", &h, &id, AT_SYMLINK_NOFOLLOW), EINVAL);
	CHECK_ERR(to_handle(AT_FDCWD, "missing", &h, &id, 0), ENOENT);
	CHECK_ERR(to_handle(AT_FDCWD, "", &h, &id, 0), ENOENT);
	CHECK_ERR(to_handle(AT_FDCWD, "f/x", &h, &id, 0), ENOTDIR);
	CHECK_ERR(to_handle(999, "f", &h, &id, 0), EBADF);
	CHECK_ERR(to_handle(AT_FDCWD, (char *)8, &h, &id, 0), EFAULT);
	CHECK_ERR(to_handle(AT_FDCWD, "f", (struct handle *)8, &id, 0), EFAULT);
	CHECK_ERR(to_handle(AT_FDCWD, "f", &h, (int *)8, 0), EFAULT);
	h = handle_of("f");
	CHECK_ERR(by_handle(999, &h, O_RDONLY), EBADF);
	CHECK_ERR(by_handle(open(".", O_PATH), &h, O_RDONLY), EBADF);
	CHECK_ERR(by_handle(AT_FDCWD, (struct handle *)8, O_RDONLY), EFAULT);
	h.bytes = 0;
	CHECK_ERR(by_handle(AT_FDCWD, &h, O_RDONLY), EINVAL);
	h.bytes = ROOM + 1;
	CHECK_ERR(by_handle(AT_FDCWD, &h, O_RDONLY), EINVAL);
	h = handle_of("f");
	pid = fork();
	if (pid == 0) {
		become_user();
		h.bytes = 0;
		CHECK_ERR(by_handle(AT_FDCWD, &h, O_RDONLY), EPERM);
		CHECK_ERR(by_handle(999, (struct handle *)8, O_RDONLY), EPERM);
		finish();
	}
	expect_exit(pid, 0);
	off();
	h.bytes = ROOM;
	CHECK_ERR(to_handle(AT_FDCWD, "/proc/self", &h, &id, 0), EOPNOTSUPP);
	h = (struct handle){ .bytes = 12 };
	CHECK_ERR(by_handle(open("/proc", O_RDONLY), &h, O_RDONLY), ESTALE);
}
