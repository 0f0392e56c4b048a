// SPDX-License-Identifier: GPL-2.0-only
/* t_newmount.c: fsopen, fsconfig, fsmount, fspick, open_tree, move_mount. */
#include "tap.h"

#include <linux/mount.h>
#include <sched.h>
#include <sys/vfs.h>

#define MS_PRIVATE_REC (MS_PRIVATE | MS_REC)

extern int mount(const char *source, const char *target, const char *type, unsigned long flags, const void *data);
extern int umount2(const char *target, int flags);
#define MNT_DETACH 2

static int sys_fsopen(const char *type, unsigned int flags)
{
	return syscall(__NR_fsopen, type, flags);
}

static int sys_fsconfig(int fd, unsigned int cmd, const char *key, const void *value, int aux)
{
	return syscall(__NR_fsconfig, fd, cmd, key, value, aux);
}

static int sys_fsmount(int fd, unsigned int flags, unsigned int attrs)
{
	return syscall(__NR_fsmount, fd, flags, attrs);
}

static int sys_fspick(int dfd, const char *path, unsigned int flags)
{
	return syscall(__NR_fspick, dfd, path, flags);
}

static int sys_open_tree(int dfd, const char *path, unsigned int flags)
{
	return syscall(__NR_open_tree, dfd, path, flags);
}

static int sys_move_mount(int from_dfd, const char *from, int to_dfd, const char *to, unsigned int flags)
{
	return syscall(__NR_move_mount, from_dfd, from, to_dfd, to, flags);
}

static int set_string(int fd, const char *key, const char *value)
{
	return sys_fsconfig(fd, FSCONFIG_SET_STRING, key, value, 0);
}

static int create(int fd)
{
	return sys_fsconfig(fd, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
}

/* A tmpfs that is mounted nowhere. */
static int detached_tmpfs(unsigned int attrs)
{
	int fs = sys_fsopen("tmpfs", FSOPEN_CLOEXEC), fd;

	REQUIRE(fs >= 0);
	CHECK_OK(create(fs));
	fd = sys_fsmount(fs, FSMOUNT_CLOEXEC, attrs);
	REQUIRE(fd >= 0);
	close(fs);
	return fd;
}

/* Mounts of our own, which reach nobody, and nobody's reach us. */
static const char *next_message(int fd)
{
	static char text[300];
	ssize_t n = read(fd, text, sizeof(text) - 1);

	text[n < 0 ? 0 : n] = '\0';
	return text;
}

/* ---- fsopen ---------------------------------------------------------------------------------- */

TEST(fsopen_types)
{
	static const char *const types[] = { "tmpfs", "ramfs", "proc", "sysfs", "devpts", "devtmpfs" };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++) {
		int fd = CHECK_OK(sys_fsopen(types[i], 0));

		CHECK_EQ(fcntl(fd, F_GETFD), 0);
		CHECK_EQ(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
		close(fd);
	}
	CHECK_EQ(fcntl(sys_fsopen("tmpfs", FSOPEN_CLOEXEC), F_GETFD), FD_CLOEXEC);
}

TEST(fsopen_errors)
{
	char *long_name = malloc(5000);
	pid_t pid;

	memset(long_name, 'x', 4999);
	long_name[4999] = '\0';
	CHECK_ERR(sys_fsopen("nosuchfs", 0), ENODEV);
	CHECK_ERR(sys_fsopen("", 0), ENODEV);
	CHECK_ERR(sys_fsopen("tmpfs.sub", 0), ENODEV);
	CHECK_ERR(sys_fsopen("tmpfs", 2), EINVAL);
	CHECK_ERR(sys_fsopen("tmpfs", 0x80000001), EINVAL);
	CHECK_ERR(sys_fsopen(NULL, 0), EFAULT);
	CHECK_ERR(sys_fsopen((char *)8, 0), EFAULT);
	CHECK_ERR(sys_fsopen(long_name, 0), EINVAL);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(sys_fsopen("tmpfs", 0), EPERM);
		CHECK_ERR(sys_fsopen("nosuchfs", 99), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(descriptor)
{
	int fd = sys_fsopen("tmpfs", 0);
	char link[64], text[64] = "";

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	CHECK(readlink(link, text, sizeof(text) - 1) > 0);
	CHECK_STR(text, "anon_inode:[fscontext]");
	CHECK_ERR(write(fd, "x", 1), EINVAL);
	CHECK_ERR(lseek(fd, 0, SEEK_SET), ESPIPE);
	CHECK_ERR(read(fd, text, sizeof(text)), ENODATA);
}

/* ---- fsconfig -------------------------------------------------------------------------------- */

TEST(fsconfig_arguments)
{
	char *big = calloc(1, 2 << 20), *key = malloc(300);
	int fd = sys_fsopen("tmpfs", 0), other = open("/", O_RDONLY), path = open("/", O_PATH);

	memset(key, 'k', 299);
	key[299] = '\0';
	CHECK_ERR(sys_fsconfig(-1, FSCONFIG_SET_FLAG, "rw", NULL, 0), EINVAL);
	CHECK_ERR(sys_fsconfig(-1, 99, "rw", NULL, 0), EINVAL);
	CHECK_ERR(sys_fsconfig(999, FSCONFIG_SET_FLAG, "rw", NULL, 0), EBADF);
	CHECK_ERR(sys_fsconfig(path, FSCONFIG_SET_FLAG, "rw", NULL, 0), EBADF);
	CHECK_ERR(sys_fsconfig(other, FSCONFIG_SET_FLAG, "rw", NULL, 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, 8, NULL, NULL, 0), EOPNOTSUPP);
	CHECK_ERR(sys_fsconfig(999, 99, NULL, NULL, 0), EOPNOTSUPP);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FLAG, NULL, NULL, 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "rw", "x", 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "rw", NULL, 1), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_STRING, NULL, "x", 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_STRING, "size", NULL, 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_STRING, "size", "1m", 1), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_BINARY, "size", big, 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_BINARY, "size", big, -1), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_BINARY, "size", big, (1 << 20) + 1), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_BINARY, NULL, big, 1), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_PATH, "size", NULL, AT_FDCWD), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_PATH, "size", "/", -1), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_PATH_EMPTY, NULL, "", 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FD, "size", "x", 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FD, "size", NULL, -1), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FD, "size", NULL, 999), EBADF);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_CMD_CREATE, "x", NULL, 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_CMD_CREATE, NULL, "x", 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_CMD_CREATE, NULL, NULL, 1), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_CMD_RECONFIGURE, "x", NULL, 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FLAG, key, NULL, 0), EINVAL);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FLAG, (char *)8, NULL, 0), EFAULT);
	CHECK_ERR(set_string(fd, "size", key), EINVAL);
	CHECK_ERR(set_string(fd, "size", (char *)8), EFAULT);
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_PATH, "size", "", AT_FDCWD), ENOENT);
	CHECK_ERR(read(fd, big, 100), ENODATA);	/* none of these has a message */
}

TEST(fsconfig_values)
{
	int fd = sys_fsopen("tmpfs", 0), other = open("/", O_RDONLY);
	char text[100];

	CHECK_OK(set_string(fd, "size", "1m"));
	CHECK_OK(set_string(fd, "nr_inodes", "100"));
	CHECK_OK(set_string(fd, "mode", "0711"));
	CHECK_OK(set_string(fd, "uid", "0"));
	CHECK_OK(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "rw", NULL, 0));
	CHECK_OK(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "ro", NULL, 0));
	CHECK_OK(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "sync", NULL, 0));
	CHECK_OK(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "dirsync", NULL, 0));
	CHECK_OK(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "lazytime", NULL, 0));
	CHECK_OK(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "nomand", NULL, 0));
	CHECK_OK(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "async", NULL, 0));
	CHECK_ERR(read(fd, text, sizeof(text)), ENODATA);

	CHECK_ERR(set_string(fd, "nosuch", "1"), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Unknown parameter 'nosuch'\n");
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "", NULL, 0), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Unknown parameter ''\n");
	CHECK_ERR(set_string(fd, "size", "banana"), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Bad value for 'size'\n");
	CHECK_ERR(set_string(fd, "mode", "9"), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Bad value for 'mode'\n");
	CHECK_ERR(set_string(fd, "huge", "enormous"), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Bad value for 'huge'\n");
	CHECK_ERR(set_string(fd, "inode32", "1"), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Unexpected value for 'inode32'\n");
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "size", NULL, 0), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Bad value for 'size'\n");
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_BINARY, "size", "1m", 2), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Bad value for 'size'\n");
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_PATH, "size", "/", AT_FDCWD), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Bad value for 'size'\n");
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_PATH_EMPTY, "size", "", AT_FDCWD), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Bad value for 'size'\n");
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FD, "size", NULL, other), EINVAL);
	CHECK_STR(next_message(fd), "e tmpfs: Bad value for 'size'\n");
	CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FLAG, "source", NULL, 0), EINVAL);
	CHECK_STR(next_message(fd), "e Non-string source\n");
	CHECK_OK(set_string(fd, "source", "here"));
	CHECK_ERR(set_string(fd, "source", "there"), EINVAL);
	CHECK_STR(next_message(fd), "e Multiple sources\n");
	CHECK_STR(next_message(fd), "");
}

/* The last eight are kept; one is not lost to a buffer that is too small. */
TEST(messages)
{
	int fd = sys_fsopen("tmpfs", 0), i;
	char key[20], want[100], c;

	for (i = 0; i < 10; i++) {
		snprintf(key, sizeof(key), "key%d", i);
		CHECK_ERR(sys_fsconfig(fd, FSCONFIG_SET_FLAG, key, NULL, 0), EINVAL);
	}
	CHECK_ERR(read(fd, &c, 1), EMSGSIZE);
	for (i = 2; i < 10; i++) {
		snprintf(want, sizeof(want), "e tmpfs: Unknown parameter 'key%d'\n", i);
		CHECK_STR(next_message(fd), want);
	}
	CHECK_ERR(read(fd, &c, 1), ENODATA);
	sys_fsconfig(fd, FSCONFIG_SET_FLAG, "lost", NULL, 0);
	CHECK_ERR(read(fd, (void *)8, 100), EFAULT);
	CHECK_ERR(read(fd, &c, 1), ENODATA);
}

TEST(phases)
{
	int fs = sys_fsopen("tmpfs", 0), mnt;

	CHECK_ERR(sys_fsmount(fs, 0, 0), EINVAL);		/* nothing was created */
	CHECK_ERR(sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0), EBUSY);
	CHECK_OK(create(fs));
	CHECK_ERR(create(fs), EBUSY);
	CHECK_ERR(set_string(fs, "size", "1m"), EBUSY);
	CHECK_ERR(sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0), EBUSY);
	mnt = CHECK_OK(sys_fsmount(fs, 0, 0));
	CHECK_ERR(sys_fsmount(fs, 0, 0), EBUSY);
	/* From now on it changes what it made. */
	CHECK_ERR(create(fs), EBUSY);
	CHECK_OK(set_string(fs, "size", "64k"));
	CHECK_OK(sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0));
	{
		struct statfs st;

		CHECK_OK(fstatfs(mnt, &st));
		CHECK_EQ(st.f_blocks * st.f_bsize, 65536);
	}
	CHECK_OK(set_string(fs, "size", "128k"));
	CHECK_OK(sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0));
}

TEST(failed_create)
{
	int fs = sys_fsopen("tmpfs", 0), mnt = detached_tmpfs(0), big;
	static char block[65536];

	CHECK_OK(create(fs));
	close(sys_fsmount(fs, 0, 0));
	/* A reconfiguration that is refused leaves a context that is good for nothing. */
	close(fs);
	fs = sys_fspick(mnt, "", FSPICK_EMPTY_PATH);
	REQUIRE(fs >= 0);
	big = openat(mnt, "f", O_CREAT | O_WRONLY, 0600);
	CHECK_EQ(write(big, block, sizeof(block)), sizeof(block));
	CHECK_OK(set_string(fs, "size", "4k"));
	CHECK_ERR(sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0), EINVAL);
	CHECK_STR(next_message(fs), "e tmpfs: Too small a size for current use\n");
	CHECK_ERR(set_string(fs, "size", "1m"), EBUSY);
	CHECK_ERR(sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0), EBUSY);
	CHECK_ERR(create(fs), EBUSY);
}

/* ---- fsmount --------------------------------------------------------------------------------- */

TEST(fsmount_errors)
{
	int fs = sys_fsopen("tmpfs", 0), other = open("/", O_RDONLY);
	pid_t pid;

	CHECK_OK(create(fs));
	CHECK_ERR(sys_fsmount(fs, 2, 0), EINVAL);
	CHECK_ERR(sys_fsmount(fs, 0, 0x100000), EINVAL);
	CHECK_ERR(sys_fsmount(fs, 0, 0x30), EINVAL);
	CHECK_ERR(sys_fsmount(fs, 0, 0x40), EINVAL);
	CHECK_ERR(sys_fsmount(999, 0, 0), EBADF);
	CHECK_ERR(sys_fsmount(-1, 0, 0), EBADF);
	CHECK_ERR(sys_fsmount(other, 0, 0), EINVAL);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(sys_fsmount(fs, 0, 0), EPERM);
		CHECK_ERR(sys_fsmount(-1, 99, 0), EPERM);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(sys_fsmount(fs, 0, 0));
}

TEST(fsmount_and_move)
{
	int mnt = detached_tmpfs(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC);
	struct stat st;

	own_mounts();
	mkdir("m", 0755);
	CHECK_EQ(fcntl(mnt, F_GETFL) & O_PATH, O_PATH);
	CHECK_EQ(fcntl(mnt, F_GETFD), FD_CLOEXEC);
	CHECK_OK(mkdirat(mnt, "early", 0755));		/* it can be used before it is attached */
	CHECK(!file_has("/proc/self/mountinfo", "/m "));
	CHECK_OK(sys_move_mount(mnt, "", AT_FDCWD, "m", MOVE_MOUNT_F_EMPTY_PATH));
	CHECK_OK(stat("m/early", &st));
	CHECK(file_has("/proc/self/mountinfo", "/m rw,nosuid,noexec,relatime - tmpfs none rw"));
	CHECK_OK(close(mnt));
	CHECK_OK(stat("m/early", &st));			/* and stays where it is */
	CHECK_OK(umount2("m", 0));
}

TEST(fsmount_attributes)
{
	static const struct { unsigned int attrs; const char *text; } cases[] = {
		{ MOUNT_ATTR_RDONLY, "/m ro,relatime" },
		{ MOUNT_ATTR_NODEV, "/m rw,nodev,relatime" },
		{ MOUNT_ATTR_NOATIME, "/m rw,noatime" },
		{ MOUNT_ATTR_STRICTATIME, "/m rw -" },
		{ MOUNT_ATTR_NODIRATIME, "/m rw,nodiratime,relatime" },
		{ MOUNT_ATTR_NOSYMFOLLOW, "/m rw,relatime,nosymfollow" },
	};
	unsigned int i;

	own_mounts();
	mkdir("m", 0755);
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		int mnt = detached_tmpfs(cases[i].attrs);

		CHECK_OK(sys_move_mount(mnt, "", AT_FDCWD, "m", MOVE_MOUNT_F_EMPTY_PATH));
		if (!CHECK(file_has("/proc/self/mountinfo", cases[i].text)))
			note("attributes %#x", cases[i].attrs);
		close(mnt);
		CHECK_OK(umount2("m", 0));
	}
}

TEST(source_and_flags_are_shown)
{
	int fs = sys_fsopen("tmpfs", 0), mnt;

	own_mounts();
	mkdir("m", 0755);
	CHECK_OK(set_string(fs, "source", "from here"));
	CHECK_OK(set_string(fs, "size", "1m"));
	CHECK_OK(sys_fsconfig(fs, FSCONFIG_SET_FLAG, "ro", NULL, 0));
	CHECK_OK(create(fs));
	mnt = CHECK_OK(sys_fsmount(fs, 0, 0));
	CHECK_OK(sys_move_mount(mnt, "", AT_FDCWD, "m", MOVE_MOUNT_F_EMPTY_PATH));
	CHECK(file_has("/proc/self/mountinfo", "/m rw,relatime - tmpfs from\\040here ro,size=1024k"));
	CHECK_ERR(mkdir("m/d", 0755), EROFS);
	umount2("m", MNT_DETACH);
}

TEST(close_takes_the_tree_apart)
{
	int mnt = detached_tmpfs(0), dir, file;
	char c = 0;

	CHECK_OK(mkdirat(mnt, "d", 0755));
	dir = openat(mnt, "d", O_RDONLY | O_DIRECTORY);
	file = openat(mnt, "f", O_CREAT | O_RDWR, 0600);
	CHECK_EQ(write(file, "x", 1), 1);
	close(mnt);
	CHECK_EQ(pread(file, &c, 1, 0), 1);		/* what is open lives on */
	CHECK_EQ(c, 'x');
	CHECK_OK(openat(dir, "new", O_CREAT | O_RDWR, 0600));
}

/* ---- fspick ---------------------------------------------------------------------------------- */

TEST(fspick_errors)
{
	pid_t pid;

	own_mounts();
	mkdir("m", 0755);
	CHECK_ERR(sys_fspick(AT_FDCWD, "m", 0), EINVAL);	/* not the root of a mount */
	CHECK_OK(mount("none", "m", "tmpfs", 0, NULL));
	symlink("m", "link");
	CHECK_ERR(sys_fspick(AT_FDCWD, "m", 0x10), EINVAL);
	CHECK_ERR(sys_fspick(AT_FDCWD, "missing", 0), ENOENT);
	CHECK_ERR(sys_fspick(AT_FDCWD, "", 0), ENOENT);
	CHECK_ERR(sys_fspick(AT_FDCWD, "", FSPICK_EMPTY_PATH), EINVAL);
	CHECK_ERR(sys_fspick(999, "m", 0), EBADF);
	CHECK_ERR(sys_fspick(AT_FDCWD, (char *)8, 0), EFAULT);
	CHECK_ERR(sys_fspick(AT_FDCWD, "link", FSPICK_SYMLINK_NOFOLLOW), EINVAL);
	CHECK_OK(sys_fspick(AT_FDCWD, "link", FSPICK_NO_AUTOMOUNT));
	CHECK_EQ(fcntl(sys_fspick(AT_FDCWD, "m", FSPICK_CLOEXEC), F_GETFD), FD_CLOEXEC);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(sys_fspick(AT_FDCWD, "m", 0), EPERM);
		finish();
	}
	expect_exit(pid, 0);
	umount2("m", MNT_DETACH);
}

TEST(fspick_reconfigures)
{
	int fs;

	own_mounts();
	mkdir("m", 0755);
	REQUIRE(mount("none", "m", "tmpfs", 0, "size=1m") == 0);
	fs = CHECK_OK(sys_fspick(AT_FDCWD, "m", 0));
	CHECK_ERR(create(fs), EBUSY);
	CHECK_ERR(sys_fsmount(fs, 0, 0), EBUSY);
	CHECK_OK(sys_fsconfig(fs, FSCONFIG_SET_FLAG, "ro", NULL, 0));
	CHECK_OK(set_string(fs, "size", "2m"));
	CHECK_OK(sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0));
	CHECK(file_has("/proc/self/mountinfo", "/m rw,relatime - tmpfs none ro,size=2048k"));
	CHECK_ERR(mkdir("m/d", 0755), EROFS);
	CHECK_OK(sys_fsconfig(fs, FSCONFIG_SET_FLAG, "rw", NULL, 0));
	CHECK_OK(sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0));
	CHECK_OK(mkdir("m/d", 0755));
	{
		int writer = open("m/f", O_CREAT | O_WRONLY, 0600);

		CHECK_OK(sys_fsconfig(fs, FSCONFIG_SET_FLAG, "ro", NULL, 0));
		CHECK_ERR(sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0), EBUSY);
		close(writer);
	}
	close(fs);
	fs = CHECK_OK(sys_fspick(AT_FDCWD, "m", 0));
	CHECK_OK(sys_fsconfig(fs, FSCONFIG_SET_FLAG, "dirsync", NULL, 0));	/* that cannot change */
	CHECK_ERR(sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0), EINVAL);
	close(fs);
	umount2("m", MNT_DETACH);
}

/* ---- open_tree ------------------------------------------------------------------------------- */

TEST(open_tree_errors)
{
	pid_t pid;

	mkdir("d", 0755);
	symlink("missing", "dangling");
	CHECK_ERR(sys_open_tree(AT_FDCWD, "d", 2), EINVAL);
	CHECK_ERR(sys_open_tree(AT_FDCWD, "d", AT_RECURSIVE), EINVAL);
	CHECK_ERR(sys_open_tree(AT_FDCWD, "missing", 0), ENOENT);
	CHECK_ERR(sys_open_tree(AT_FDCWD, "dangling", 0), ENOENT);
	CHECK_OK(sys_open_tree(AT_FDCWD, "dangling", AT_SYMLINK_NOFOLLOW));
	CHECK_ERR(sys_open_tree(AT_FDCWD, "", 0), ENOENT);
	CHECK_OK(sys_open_tree(AT_FDCWD, "", AT_EMPTY_PATH));
	CHECK_ERR(sys_open_tree(999, "d", 0), EBADF);
	CHECK_ERR(sys_open_tree(AT_FDCWD, (char *)8, 0), EFAULT);
	pid = fork();
	if (pid == 0) {
		chmod(".", 0755);
		become_user();
		CHECK_ERR(sys_open_tree(AT_FDCWD, "d", OPEN_TREE_CLONE), EPERM);
		CHECK_OK(sys_open_tree(AT_FDCWD, "d", 0));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(open_tree_is_o_path)
{
	int fd;

	mkdir("d", 0755);
	write_file("d/f", "x");
	fd = CHECK_OK(sys_open_tree(AT_FDCWD, "d", OPEN_TREE_CLOEXEC));
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(fcntl(fd, F_GETFL), O_PATH | (fcntl(open("/", O_PATH), F_GETFL) & ~O_PATH));
	CHECK_ERR(read(fd, (char[1]){ 0 }, 1), EBADF);
	CHECK_OK(faccessat(fd, "f", R_OK, 0));
}

TEST(open_tree_clone)
{
	int fd, whole;

	own_mounts();
	mkdir("src", 0755);
	mkdir("dst", 0755);
	REQUIRE(mount("none", "src", "tmpfs", 0, NULL) == 0);
	mkdir("src/sub", 0755);
	REQUIRE(mount("none", "src/sub", "tmpfs", 0, NULL) == 0);
	write_file("src/sub/f", "x");
	fd = CHECK_OK(sys_open_tree(AT_FDCWD, "src", OPEN_TREE_CLONE));
	whole = CHECK_OK(sys_open_tree(AT_FDCWD, "src", OPEN_TREE_CLONE | AT_RECURSIVE));
	CHECK_ERR(faccessat(fd, "sub/f", R_OK, 0), ENOENT);
	CHECK_OK(faccessat(whole, "sub/f", R_OK, 0));
	CHECK_OK(umount2("src", MNT_DETACH));		/* the copies do not mind */
	CHECK_OK(faccessat(whole, "sub/f", R_OK, 0));
	CHECK_OK(sys_move_mount(whole, "", AT_FDCWD, "dst", MOVE_MOUNT_F_EMPTY_PATH));
	CHECK_OK(access("dst/sub/f", R_OK));
	close(whole);
	CHECK_OK(access("dst/sub/f", R_OK));
	/* A tree behind a descriptor is in nobody's namespace: nothing is mounted there, nor copied from it. */
	CHECK_ERR(sys_open_tree(fd, "", AT_EMPTY_PATH | OPEN_TREE_CLONE), EINVAL);
	CHECK_OK(fchdir(fd));
	CHECK_ERR(mount("none", "sub", "tmpfs", 0, NULL), EINVAL);
	CHECK_ERR(umount2(".", 0), EINVAL);
	chdir("/");
}

TEST(open_tree_of_a_part)
{
	int fd;

	own_mounts();
	mkdir("d", 0755);
	write_file("d/f", "x");
	write_file("file", "old");
	fd = CHECK_OK(sys_open_tree(AT_FDCWD, "d/f", OPEN_TREE_CLONE));
	CHECK_ERR(sys_move_mount(fd, "", AT_FDCWD, "d", MOVE_MOUNT_F_EMPTY_PATH), EINVAL);
	CHECK_OK(sys_move_mount(fd, "", AT_FDCWD, "file", MOVE_MOUNT_F_EMPTY_PATH));
	CHECK(file_has("file", "x"));
	CHECK_ERR(umount2("file", 0), EBUSY);
	close(fd);
	CHECK_OK(umount2("file", 0));
	CHECK_OK(mount("d", "d", NULL, MS_BIND, NULL));
	CHECK_OK(mount(NULL, "d", NULL, MS_UNBINDABLE, NULL));
	CHECK_ERR(sys_open_tree(AT_FDCWD, "d", OPEN_TREE_CLONE), EINVAL);
	umount2("d", MNT_DETACH);
}

/* ---- move_mount ------------------------------------------------------------------------------ */

TEST(move_mount_errors)
{
	int mnt = detached_tmpfs(0);
	pid_t pid;

	own_mounts();
	mkdir("m", 0755);
	mkdir("plain", 0755);
	write_file("file", "");
	CHECK_ERR(sys_move_mount(mnt, "", AT_FDCWD, "m", 0x80 | MOVE_MOUNT_F_EMPTY_PATH), EINVAL);
	CHECK_ERR(sys_move_mount(mnt, "", AT_FDCWD, "m", 0x8 | MOVE_MOUNT_F_EMPTY_PATH), EINVAL);
	CHECK_ERR(sys_move_mount(mnt, "", AT_FDCWD, "m", 0x200 | MOVE_MOUNT_F_EMPTY_PATH), EINVAL);
	CHECK_ERR(sys_move_mount(mnt, "", AT_FDCWD, "m", 0), ENOENT);
	CHECK_ERR(sys_move_mount(mnt, "", AT_FDCWD, "", MOVE_MOUNT_F_EMPTY_PATH), ENOENT);
	CHECK_ERR(sys_move_mount(mnt, "", AT_FDCWD, "missing", MOVE_MOUNT_F_EMPTY_PATH), ENOENT);
	CHECK_ERR(sys_move_mount(mnt, "missing", AT_FDCWD, "m", 0), ENOENT);
	CHECK_ERR(sys_move_mount(999, "x", AT_FDCWD, "m", 0), EBADF);
	CHECK_ERR(sys_move_mount(mnt, "", 999, "m", MOVE_MOUNT_F_EMPTY_PATH), EBADF);
	CHECK_ERR(sys_move_mount(mnt, (char *)8, AT_FDCWD, "m", 0), EFAULT);
	CHECK_ERR(sys_move_mount(mnt, "", AT_FDCWD, (char *)8, MOVE_MOUNT_F_EMPTY_PATH), EFAULT);
	CHECK_ERR(sys_move_mount(mnt, "", AT_FDCWD, "file", MOVE_MOUNT_F_EMPTY_PATH), EINVAL);
	CHECK_ERR(sys_move_mount(AT_FDCWD, "plain", AT_FDCWD, "m", 0), EINVAL);	/* not a mount */
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(sys_move_mount(mnt, "", AT_FDCWD, "m", MOVE_MOUNT_F_EMPTY_PATH), EPERM);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(sys_move_mount(mnt, "", AT_FDCWD, "m", MOVE_MOUNT_F_EMPTY_PATH));
	mkdir("m/below", 0755);
	CHECK_ERR(sys_move_mount(AT_FDCWD, "m", AT_FDCWD, "m/below", 0), ELOOP);
	/* Not out of a shared mount. */
	CHECK_OK(mount(NULL, "m", NULL, MS_SHARED, NULL));
	CHECK_OK(mount("none", "m/below", "tmpfs", 0, NULL));
	CHECK_ERR(sys_move_mount(AT_FDCWD, "m/below", AT_FDCWD, "plain", 0), EINVAL);
	umount2("m", MNT_DETACH);
}

TEST(move_mount_names)
{
	int from, to;

	own_mounts();
	mkdir("a", 0755);
	mkdir("b", 0755);
	symlink("a", "la");
	symlink("b", "lb");
	REQUIRE(mount("none", "a", "tmpfs", 0, NULL) == 0);
	write_file("a/f", "x");
	CHECK_ERR(sys_move_mount(AT_FDCWD, "la", AT_FDCWD, "b", 0), EINVAL);		/* a link is no mount */
	CHECK_ERR(sys_move_mount(AT_FDCWD, "a", AT_FDCWD, "lb", 0), EINVAL);		/* nor a directory */
	CHECK_OK(sys_move_mount(AT_FDCWD, "la", AT_FDCWD, "lb", MOVE_MOUNT_F_SYMLINKS | MOVE_MOUNT_T_SYMLINKS));
	CHECK_OK(access("b/f", F_OK));
	CHECK_ERR(access("a/f", F_OK), ENOENT);
	from = open("b", O_PATH);
	to = open("a", O_PATH);
	CHECK_OK(sys_move_mount(from, "", to, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH |
				MOVE_MOUNT_F_AUTOMOUNTS | MOVE_MOUNT_T_AUTOMOUNTS));
	CHECK_OK(access("a/f", F_OK));
	umount2("a", MNT_DETACH);
}

TEST(move_mount_propagates)
{
	int mnt = detached_tmpfs(0);

	own_mounts();
	mkdir("m", 0755);
	mkdir("peer", 0755);
	REQUIRE(mount("none", "m", "tmpfs", 0, NULL) == 0);
	mkdir("m/d", 0755);
	CHECK_OK(mount(NULL, "m", NULL, MS_SHARED, NULL));
	CHECK_OK(mount("m", "peer", NULL, MS_BIND, NULL));
	CHECK_OK(mkdirat(mnt, "there", 0755));
	CHECK_OK(sys_move_mount(mnt, "", AT_FDCWD, "m/d", MOVE_MOUNT_F_EMPTY_PATH));
	CHECK_OK(access("m/d/there", F_OK));
	CHECK_OK(access("peer/d/there", F_OK));
	umount2("peer", MNT_DETACH);
	umount2("m", MNT_DETACH);
}

#ifndef MOVE_MOUNT_SET_GROUP
#define MOVE_MOUNT_SET_GROUP 0x100
#endif

TEST(set_group)
{
	own_mounts();
	mkdir("a", 0755);
	mkdir("b", 0755);
	mkdir("c", 0755);
	REQUIRE(mount("none", "a", "tmpfs", 0, NULL) == 0);
	REQUIRE(mount("none", "c", "tmpfs", 0, NULL) == 0);
	mkdir("a/d", 0755);
	mkdir("a/d/e", 0755);
	CHECK_OK(mount("a/d", "b", NULL, MS_BIND, NULL));
	CHECK_ERR(sys_move_mount(AT_FDCWD, "a", AT_FDCWD, "b", MOVE_MOUNT_SET_GROUP), EINVAL);	/* has no group */
	CHECK_OK(mount(NULL, "a", NULL, MS_SHARED, NULL));
	CHECK_ERR(sys_move_mount(AT_FDCWD, "a", AT_FDCWD, "c", MOVE_MOUNT_SET_GROUP), EINVAL);	/* not theirs */
	CHECK_ERR(sys_move_mount(AT_FDCWD, "a/d", AT_FDCWD, "b", MOVE_MOUNT_SET_GROUP), EINVAL);
	CHECK_ERR(sys_move_mount(AT_FDCWD, "a", AT_FDCWD, "b/e", MOVE_MOUNT_SET_GROUP), EINVAL);
	CHECK_OK(sys_move_mount(AT_FDCWD, "a", AT_FDCWD, "b", MOVE_MOUNT_SET_GROUP));
	CHECK_ERR(sys_move_mount(AT_FDCWD, "a", AT_FDCWD, "b", MOVE_MOUNT_SET_GROUP), EINVAL);	/* is in one */
	CHECK_OK(mount("none", "a/d/e", "tmpfs", 0, NULL));
	write_file("a/d/e/f", "x");
	CHECK_OK(access("b/e/f", F_OK));
	/* The wider one cannot join the narrower. */
	CHECK_OK(mount(NULL, "a", NULL, MS_PRIVATE, NULL));
	CHECK_ERR(sys_move_mount(AT_FDCWD, "b", AT_FDCWD, "a", MOVE_MOUNT_SET_GROUP), EINVAL);
	umount2("b", MNT_DETACH);
	umount2("a", MNT_DETACH);
	umount2("c", MNT_DETACH);
}
