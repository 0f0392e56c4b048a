// SPDX-License-Identifier: GPL-2.0-only
/* t_pivot_root.c: another mount becomes the root. */
#include "tap.h"

#include <sched.h>
#include <sys/mount.h>

static int pivot_root(const char *new_root, const char *put_old)
{
	return syscall(__NR_pivot_root, new_root, put_old);
}

/* A namespace of our own whose root is a mount (the rootfs cannot be pivoted): r becomes /, with /proc. */
static void own_root(void)
{
	own_mounts();
	mkdir("r", 0755);
	REQUIRE(mount("none", "r", "tmpfs", 0, NULL) == 0);
	mkdir("r/proc", 0755);
	REQUIRE(mount("proc", "r/proc", "proc", 0, NULL) == 0);
	REQUIRE(chdir("r") == 0 && chroot(".") == 0);
	mkdir("/new", 0755);
	REQUIRE(mount("none", "/new", "tmpfs", 0, NULL) == 0);
	mkdir("/new/old", 0755);
	mkdir("/new/proc", 0755);
	write_file("/new/is_new", "");
	write_file("/is_old", "");
}

TEST(works)
{
	char cwd[100];

	own_root();
	CHECK_OK(chdir("/"));
	CHECK_OK(pivot_root("/new", "/new/old"));
	CHECK_OK(access("/is_new", F_OK));
	CHECK_OK(access("/old/is_old", F_OK));
	CHECK_OK(access("/old/proc/self/stat", F_OK));
	CHECK(file_has("/old/proc/self/mountinfo", " /old rw"));
	/* Who stood in the old root stands in the new one. */
	CHECK_STR(getcwd(cwd, sizeof(cwd)), "/");
	CHECK_OK(access("is_new", F_OK));
	CHECK_OK(umount2("/old", MNT_DETACH));
	CHECK_ERR(access("/old/is_old", F_OK), ENOENT);
}

/* The idiom of the manual page: the old root is put over the new one, and goes. */
TEST(dot_dot)
{
	own_root();
	CHECK_OK(chdir("/new"));
	CHECK_OK(pivot_root(".", "."));
	CHECK_OK(umount2(".", MNT_DETACH));
	CHECK_OK(chdir("/"));
	CHECK_OK(access("/is_new", F_OK));
	CHECK_ERR(access("/is_old", F_OK), ENOENT);
	CHECK_OK(mount("proc", "/proc", "proc", 0, NULL));
	CHECK(file_has("/proc/self/mountinfo", " / / rw,relatime - tmpfs none rw"));
}

/* Other processes of the namespace whose root or cwd was the old root move along; others do not. */
TEST(others_move)
{
	volatile int *flag = shared_page();
	pid_t same, elsewhere;

	own_root();
	CHECK_OK(chdir("/"));
	same = fork();
	if (same == 0) {
		CHECK(wait_flag(&flag[0]));
		CHECK_OK(access("/is_new", F_OK));
		CHECK_OK(access("is_new", F_OK));
		finish();
	}
	elsewhere = fork();
	if (elsewhere == 0) {
		chdir("/proc");
		flag[1] = 1;
		CHECK(wait_flag(&flag[0]));
		CHECK_OK(access("/is_new", F_OK));
		CHECK_OK(access("self/stat", F_OK));
		finish();
	}
	CHECK(wait_flag(&flag[1]));
	CHECK_OK(pivot_root("/new", "/new/old"));
	flag[0] = 1;
	expect_exit(same, 0);
	expect_exit(elsewhere, 0);
}

TEST(names)
{
	char *long_name = malloc(5000);

	memset(long_name, 'x', 4999);
	long_name[4999] = '\0';
	own_root();
	write_file("/new/file", "");
	CHECK_ERR(pivot_root("/missing", "/new/old"), ENOENT);
	CHECK_ERR(pivot_root("/new", "/new/missing"), ENOENT);
	CHECK_ERR(pivot_root("", "/new/old"), ENOENT);
	CHECK_ERR(pivot_root("/new/file", "/new/old"), ENOTDIR);
	CHECK_ERR(pivot_root("/new", "/new/file"), ENOTDIR);
	CHECK_ERR(pivot_root("/new/file/x", "/new/old"), ENOTDIR);
	CHECK_ERR(pivot_root((char *)8, "/new/old"), EFAULT);
	CHECK_ERR(pivot_root("/new", (char *)8), EFAULT);
	CHECK_ERR(pivot_root(long_name, "/new/old"), ENAMETOOLONG);
	symlink("loop", "/loop");
	CHECK_ERR(pivot_root("/loop", "/new/old"), ELOOP);
}

TEST(refusals)
{
	own_root();
	mkdir("/plain", 0755);
	mkdir("/plain/old", 0755);
	mkdir("/other", 0755);
	CHECK_ERR(pivot_root("/plain", "/plain/old"), EBUSY);	/* on the root's own mount */
	CHECK_ERR(pivot_root("/new", "/other"), EBUSY);
	CHECK_ERR(pivot_root("/", "/new/old"), EBUSY);
	REQUIRE(mount("none", "/other", "tmpfs", 0, NULL) == 0);
	mkdir("/other/old", 0755);
	CHECK_ERR(pivot_root("/new", "/other/old"), EINVAL);		/* not below the new root */
	CHECK_ERR(pivot_root("/new/old", "/new/old"), EINVAL);		/* not a mount point */
	/* None of the three may be shared. */
	CHECK_OK(mount(NULL, "/", NULL, MS_SHARED, NULL));
	CHECK_ERR(pivot_root("/new", "/new/old"), EINVAL);
	CHECK_OK(mount(NULL, "/", NULL, MS_PRIVATE, NULL));
	CHECK_OK(mount(NULL, "/new", NULL, MS_SHARED, NULL));
	CHECK_ERR(pivot_root("/new", "/new/old"), EINVAL);
	CHECK_OK(mount(NULL, "/new", NULL, MS_PRIVATE, NULL));
	CHECK_OK(pivot_root("/new", "/new/old"));
}

/* The root must be a mount, not only a directory of one. */
TEST(root_is_no_mount)
{
	own_root();
	mkdir("/sub", 0755);
	mkdir("/sub/m", 0755);
	REQUIRE(mount("none", "/sub/m", "tmpfs", 0, NULL) == 0);
	mkdir("/sub/m/old", 0755);
	CHECK_OK(chroot("/sub"));
	CHECK_OK(chdir("/"));
	CHECK_ERR(pivot_root("/m", "/m/old"), EINVAL);
}

TEST(rootfs)
{
	own_mounts();
	mkdir("m", 0755);
	REQUIRE(mount("none", "m", "tmpfs", 0, NULL) == 0);
	mkdir("m/old", 0755);
	CHECK_ERR(pivot_root("m", "m/old"), EINVAL);		/* it hangs nowhere */
	umount2("m", MNT_DETACH);
}

TEST(removed)
{
	int fd;

	own_root();
	mkdir("/new/gone", 0755);
	REQUIRE(chdir("/new/gone") == 0);
	rmdir("/new/gone");
	CHECK_ERR(pivot_root("/new", "."), ENOENT);
	fd = open("/new", O_RDONLY);
	CHECK_OK(umount2("/new", MNT_DETACH));
	CHECK_OK(fchdir(fd));
	CHECK_ERR(pivot_root(".", "old"), EINVAL);		/* mounted nowhere */
}

TEST(privilege)
{
	pid_t pid;

	own_root();
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(pivot_root("/new", "/new/old"), EPERM);
		CHECK_ERR(pivot_root("/missing", (char *)8), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}
