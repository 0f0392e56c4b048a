// SPDX-License-Identifier: GPL-2.0-only
/* t_mount_setattr.c: flags and propagation of mounts and of whole trees. */
#include "tap.h"

#include <linux/mount.h>
#include <sched.h>
#include <sys/statvfs.h>

extern int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
extern int umount2(const char *target, int flags);
#define MNT_DETACH 2

static int setattr_sized(int dfd, const char *path, unsigned int flags, const void *attr, size_t size)
{
	return syscall(__NR_mount_setattr, dfd, path, flags, attr, size);
}

static int setattr(const char *path, unsigned int flags, uint64_t set, uint64_t clear, uint64_t propagation)
{
	struct mount_attr attr = { .attr_set = set, .attr_clr = clear, .propagation = propagation };

	return setattr_sized(AT_FDCWD, path, flags, &attr, sizeof(attr));
}

/* A namespace of our own, and m, m/a, m/a/b, m/c in it, each a tmpfs. */
static void make_tree(void)
{
	static const char *const dirs[] = { "m", "m/a", "m/a/b", "m/c" };
	unsigned int i;

	own_mounts();
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		mkdir(dirs[i], 0755);
		REQUIRE(mount("none", dirs[i], "tmpfs", 0, NULL) == 0);
	}
}

static unsigned long flags_of(const char *path)
{
	struct statvfs st;

	return statvfs(path, &st) ? 0 : st.f_flag;
}

/* The rest of the line of mountinfo that has " <cwd>/path ". */
static const char *line_of(const char *path)
{
	static char line[1000];
	char cwd[200], want[300], *at;
	FILE *f = fopen("/proc/self/mountinfo", "r");

	getcwd(cwd, sizeof(cwd));
	snprintf(want, sizeof(want), " %s/%s ", cwd, path);
	while (fgets(line, sizeof(line), f)) {
		at = strstr(line, want);
		if (at) {
			fclose(f);
			return at + strlen(want);
		}
	}
	fclose(f);
	return "";
}

static bool line_begins(const char *path, const char *text)
{
	const char *line = line_of(path);

	if (!strncmp(line, text, strlen(text)))
		return true;
	note("%s: %s", path, line);
	return false;
}

TEST(arguments)
{
	struct { struct mount_attr attr; char more[32]; } big = { .attr = { .attr_set = MOUNT_ATTR_NODEV } };
	pid_t pid;

	make_tree();
	CHECK_ERR(setattr("m", 0x80000000, MOUNT_ATTR_NODEV, 0, 0), EINVAL);
	CHECK_ERR(setattr("m", 1, MOUNT_ATTR_NODEV, 0, 0), EINVAL);
	CHECK_ERR(setattr_sized(AT_FDCWD, "m", 0, &big, 0), EINVAL);
	CHECK_ERR(setattr_sized(AT_FDCWD, "m", 0, &big, 31), EINVAL);
	CHECK_ERR(setattr_sized(AT_FDCWD, "m", 0, &big, 4097), E2BIG);
	CHECK_OK(setattr_sized(AT_FDCWD, "m", 0, &big, sizeof(big)));
	big.more[3] = 1;
	CHECK_ERR(setattr_sized(AT_FDCWD, "m", 0, &big, sizeof(big)), E2BIG);
	CHECK_ERR(setattr_sized(AT_FDCWD, "m", 0, (void *)8, 32), EFAULT);
	CHECK_ERR(setattr("missing", 0, MOUNT_ATTR_NODEV, 0, 0), ENOENT);
	CHECK_OK(setattr("missing", 0, 0, 0, 0));		/* nothing to do: nobody looks */
	CHECK_ERR(setattr("", 0, MOUNT_ATTR_NODEV, 0, 0), ENOENT);
	CHECK_ERR(setattr((char *)8, 0, MOUNT_ATTR_NODEV, 0, 0), EFAULT);
	CHECK_ERR(setattr_sized(999, "m", 0, &big.attr, 32), EBADF);
	mkdir("m/plain", 0755);
	CHECK_ERR(setattr("m/plain", 0, MOUNT_ATTR_NODEV, 0, 0), EINVAL);
	CHECK_ERR(setattr("m", 0, 0x100, 0, 0), EINVAL);
	CHECK_ERR(setattr("m", 0, 0, 0x100, 0), EINVAL);
	CHECK_ERR(setattr("m", 0, 1ULL << 40, 0, 0), EINVAL);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(setattr("m", 0, MOUNT_ATTR_NODEV, 0, 0), EPERM);
		CHECK_ERR(setattr("m", 0, 0, 0, 0), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(set_and_clear)
{
	make_tree();
	CHECK_OK(setattr("m", 0, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC, 0, 0));
	CHECK(line_begins("m", "rw,nosuid,nodev,noexec,relatime - "));
	CHECK(line_begins("m/a", "rw,relatime - "));
	CHECK_OK(setattr("m", 0, MOUNT_ATTR_RDONLY, MOUNT_ATTR_NODEV, 0));
	CHECK(line_begins("m", "ro,nosuid,noexec,relatime - "));
	CHECK_ERR(mkdir("m/new", 0755), EROFS);
	CHECK_OK(mkdir("m/a/new", 0755));
	CHECK_OK(setattr("m", 0, MOUNT_ATTR_NOSYMFOLLOW | MOUNT_ATTR_NODIRATIME,
			 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, 0));
	CHECK(line_begins("m", "rw,nodiratime,relatime,nosymfollow - "));
	CHECK_OK(mkdir("m/new", 0755));
	/* Both at once: set wins. */
	CHECK_OK(setattr("m", 0, MOUNT_ATTR_NODEV,
			 MOUNT_ATTR_NODEV | MOUNT_ATTR_NODIRATIME | MOUNT_ATTR_NOSYMFOLLOW, 0));
	CHECK(line_begins("m", "rw,nodev,relatime - "));
}

TEST(access_times)
{
	make_tree();
	CHECK_ERR(setattr("m", 0, MOUNT_ATTR_NOATIME, 0, 0), EINVAL);
	CHECK_ERR(setattr("m", 0, MOUNT_ATTR_STRICTATIME, 0, 0), EINVAL);
	CHECK_ERR(setattr("m", 0, MOUNT_ATTR_NOATIME, MOUNT_ATTR_NOATIME, 0), EINVAL);
	CHECK_ERR(setattr("m", 0, 0, MOUNT_ATTR_STRICTATIME, 0), EINVAL);
	CHECK_ERR(setattr("m", 0, MOUNT_ATTR_NOATIME | MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME, 0), EINVAL);
	CHECK_OK(setattr("m", 0, MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME, 0));
	CHECK(line_begins("m", "rw,noatime - "));
	CHECK_OK(setattr("m", 0, MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME, 0));
	CHECK(line_begins("m", "rw - "));
	CHECK_OK(setattr("m", 0, MOUNT_ATTR_RELATIME, MOUNT_ATTR__ATIME, 0));
	CHECK(line_begins("m", "rw,relatime - "));
	CHECK_OK(setattr("m", 0, 0, MOUNT_ATTR__ATIME, 0));	/* RELATIME is 0 */
	CHECK(line_begins("m", "rw,relatime - "));
}

TEST(recursive)
{
	make_tree();
	CHECK_OK(setattr("m", AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC, 0, 0));
	CHECK(line_begins("m", "ro,noexec,relatime - "));
	CHECK(line_begins("m/a", "ro,noexec,relatime - "));
	CHECK(line_begins("m/a/b", "ro,noexec,relatime - "));
	CHECK(line_begins("m/c", "ro,noexec,relatime - "));
	CHECK_OK(setattr("m/a", AT_RECURSIVE, 0, MOUNT_ATTR_RDONLY, 0));
	CHECK(line_begins("m", "ro,noexec,relatime - "));
	CHECK(line_begins("m/a/b", "rw,noexec,relatime - "));
	CHECK(line_begins("m/c", "ro,noexec,relatime - "));
	/* The file systems themselves are as they were. */
	CHECK(strstr(line_of("m"), "- tmpfs none rw"));
}

TEST(busy_changes_nothing)
{
	int fd;

	make_tree();
	fd = open("m/a/b/f", O_CREAT | O_WRONLY, 0600);
	CHECK_ERR(setattr("m", AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV, 0, MS_SHARED), EBUSY);
	CHECK(line_begins("m", "rw,relatime - "));
	CHECK(line_begins("m/a", "rw,relatime - "));
	CHECK(line_begins("m/a/b", "rw,relatime - "));
	CHECK(line_begins("m/c", "rw,relatime - "));
	CHECK_OK(mkdir("m/still", 0755));
	CHECK_OK(setattr("m", AT_RECURSIVE, MOUNT_ATTR_NODEV, 0, 0));
	close(fd);
	CHECK_OK(setattr("m", AT_RECURSIVE, MOUNT_ATTR_RDONLY, 0, 0));
	CHECK(flags_of("m/a/b") & ST_RDONLY);
}

TEST(propagation)
{
	make_tree();
	CHECK_ERR(setattr("m", 0, 0, 0, MS_SHARED | MS_PRIVATE), EINVAL);
	CHECK_ERR(setattr("m", 0, 0, 0, MS_BIND), EINVAL);
	CHECK_ERR(setattr("m", 0, 0, 0, 1ULL << 40), EINVAL);
	CHECK_OK(setattr("m", 0, 0, 0, MS_SHARED));
	CHECK(line_begins("m", "rw,relatime shared:"));
	CHECK(line_begins("m/a", "rw,relatime - "));
	CHECK_OK(setattr("m", AT_RECURSIVE, MOUNT_ATTR_NODEV, 0, MS_SHARED));
	CHECK(line_begins("m/a/b", "rw,nodev,relatime shared:"));
	CHECK_OK(setattr("m", AT_RECURSIVE, 0, 0, MS_UNBINDABLE));
	CHECK(line_begins("m/a/b", "rw,nodev,relatime unbindable - "));
	CHECK_OK(setattr("m", AT_RECURSIVE, 0, 0, MS_PRIVATE));
	CHECK(line_begins("m/c", "rw,nodev,relatime - "));
}

TEST(slaves)
{
	make_tree();
	CHECK_OK(setattr("m", 0, 0, 0, MS_SHARED));
	mkdir("copy", 0755);
	CHECK_OK(mount("m", "copy", NULL, MS_BIND, NULL));
	CHECK_OK(setattr("copy", 0, 0, 0, MS_SLAVE));
	CHECK(line_begins("copy", "rw,relatime master:"));
}

TEST(by_descriptor)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NODEV | MOUNT_ATTR_RDONLY };
	int fd;

	make_tree();
	fd = open("m", O_PATH);
	CHECK_ERR(setattr_sized(fd, "", 0, &attr, sizeof(attr)), ENOENT);
	CHECK_OK(setattr_sized(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr)));
	CHECK(line_begins("m", "ro,nodev,relatime - "));
	symlink("m", "link");
	CHECK_OK(setattr("link", AT_NO_AUTOMOUNT, 0, MOUNT_ATTR_RDONLY, 0));
	CHECK_ERR(setattr("link", AT_SYMLINK_NOFOLLOW, 0, MOUNT_ATTR_RDONLY, 0), EINVAL);
	CHECK(line_begins("m", "rw,nodev,relatime - "));
}

TEST(detached_tree)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NODEV | MOUNT_ATTR_RDONLY };
	int fd;

	make_tree();
	fd = syscall(__NR_open_tree, AT_FDCWD, "m", OPEN_TREE_CLONE | AT_RECURSIVE);
	REQUIRE(fd >= 0);
	CHECK_OK(setattr_sized(fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof(attr)));
	CHECK_ERR(mkdirat(fd, "a/b/new", 0755), EROFS);
	CHECK_OK(mkdir("m/a/b/new", 0755));
	/* Not what is below the tree's root: that hangs in nobody's namespace. */
	CHECK_ERR(setattr_sized(fd, "a", 0, &attr, sizeof(attr)), EINVAL);
	mkdir("copy", 0755);
	CHECK_OK(syscall(__NR_move_mount, fd, "", AT_FDCWD, "copy", MOVE_MOUNT_F_EMPTY_PATH));
	CHECK(line_begins("copy/a/b", "ro,nodev,relatime - "));
}

/* No file system here can be mapped, but the arguments are looked at before. */
TEST(idmap_is_refused)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP, .userns_fd = 999 };
	int uts;

	make_tree();
	CHECK_ERR(setattr_sized(AT_FDCWD, "m", 0, &attr, sizeof(attr)), EBADF);
	attr.userns_fd = 1ULL << 40;
	CHECK_ERR(setattr_sized(AT_FDCWD, "m", 0, &attr, sizeof(attr)), EINVAL);
	attr.userns_fd = open("m", O_RDONLY);
	CHECK_ERR(setattr_sized(AT_FDCWD, "m", 0, &attr, sizeof(attr)), EINVAL);
	uts = open("/proc/self/ns/uts", O_RDONLY);
	attr.userns_fd = uts;
	CHECK_ERR(setattr_sized(AT_FDCWD, "m", 0, &attr, sizeof(attr)), EINVAL);
	attr.userns_fd = open("/proc/self/ns/user", O_RDONLY);
	CHECK_ERR(setattr_sized(AT_FDCWD, "m", 0, &attr, sizeof(attr)), EPERM);	/* it maps nothing */
	CHECK_ERR(setattr("m", 0, 0, MOUNT_ATTR_IDMAP, 0), EINVAL);
}

/* The rootfs hangs nowhere; it is the namespace's all the same. */
TEST(root)
{
	make_tree();
	CHECK_OK(setattr("/", 0, MOUNT_ATTR_NODEV, 0, 0));
	CHECK_OK(setattr("/", 0, 0, MOUNT_ATTR_NODEV, 0));
}
