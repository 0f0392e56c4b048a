// SPDX-License-Identifier: GPL-2.0-only
/* t_mount_userns.c: mounting in a user namespace, and what cannot be undone there. mount_namespaces(7) */
#include "tap.h"

#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>

/* Root of a new user namespace with its own mounts, as user 1000 may be. */
static void enter(void)
{
	CHECK_OK(unshare(CLONE_NEWUSER | CLONE_NEWNS));
	CHECK_EQ(try_write("/proc/self/setgroups", "deny"), 0);
	CHECK_EQ(try_write("/proc/self/uid_map", "0 1000 1"), 0);
	CHECK_EQ(try_write("/proc/self/gid_map", "0 1000 1"), 0);
}

/* Set up with @prepare in a mount namespace of the first user namespace, then go on as user 1000 in @fn. */
static void run(void (*prepare)(void), void (*fn)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_OK(unshare(CLONE_NEWNS));
		CHECK_OK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
		mkdir("/tmp/a", 0777);
		chmod("/tmp/a", 0777);
		if (prepare)
			prepare();
		become_user();
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		enter();
		fn();
		finish();
	}
	expect_exit(pid, 0);
}

static void kinds(void)
{
	struct stat st;

	CHECK_OK(mount("none", "/tmp/a", "tmpfs", 0, NULL));
	CHECK_OK(stat("/tmp/a", &st));
	CHECK_EQ(st.st_uid, 0);
	CHECK_OK(mkdir("/tmp/a/b", 0700));
	CHECK_OK(mount("none", "/tmp/a/b", "ramfs", 0, NULL));
	CHECK_OK(umount("/tmp/a/b"));
	CHECK_OK(mount("none", "/tmp/a/b", "devpts", 0, "newinstance"));
	CHECK_OK(umount("/tmp/a/b"));
	CHECK_ERR(mount("none", "/tmp/a/b", "proc", 0, NULL), EPERM);	/* the pid namespace is not ours */
	CHECK_ERR(mount("none", "/tmp/a/b", "sysfs", 0, NULL), EPERM);
	CHECK_ERR(mount("none", "/tmp/a/b", "devtmpfs", 0, NULL), EPERM);
	CHECK_ERR(mount("none", "/tmp/a/b", "nothing", 0, NULL), ENODEV);
	CHECK_ERR(mount("none", "/tmp/a/b", "tmpfs", 0, "uid=5"), EINVAL);
	CHECK_OK(mount("/tmp/a", "/tmp/a/b", NULL, MS_BIND, NULL));
	CHECK_OK(umount("/tmp/a/b"));
	CHECK_OK(umount("/tmp/a"));
}

TEST(which_file_systems)
{
	run(NULL, kinds);
}

static void device_on_tmpfs(void)
{
	CHECK_OK(mount("none", "/tmp/a", "tmpfs", 0, NULL));
	CHECK_ERR(mknod("/tmp/a/null", S_IFCHR | 0666, makedev(1, 3)), EPERM);
	CHECK_OK(mknod("/tmp/a/fifo", S_IFIFO | 0666, 0));
}

TEST(no_devices)
{
	run(NULL, device_on_tmpfs);
}

static void two_mounts(void)
{
	CHECK_OK(mount("none", "/tmp/a", "tmpfs", MS_NOSUID | MS_NODEV, "mode=777"));
	CHECK_OK(mkdir("/tmp/a/under", 0777));
	chmod("/tmp/a/under", 0777);
	CHECK_OK(mkdir("/tmp/a/new", 0777));
	chmod("/tmp/a/new", 0777);
	write_file("/tmp/a/under/hidden", "x");
	CHECK_OK(mount("none", "/tmp/a/under", "tmpfs", MS_RDONLY | MS_NOEXEC, NULL));
	CHECK_OK(mount(NULL, "/tmp/a/under", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOEXEC, NULL));
}

static void locked(void)
{
	CHECK_ERR(umount("/tmp/a/under"), EINVAL);
	CHECK_ERR(umount2("/tmp/a/under", MNT_DETACH), EINVAL);
	CHECK_ERR(mount("/tmp/a/under", "/tmp/a/new", NULL, MS_MOVE, NULL), EINVAL);
	/* A copy without what covers it would show it. */
	CHECK_ERR(mount("/tmp/a", "/tmp/a/new", NULL, MS_BIND, NULL), EINVAL);
	CHECK_OK(mount("/tmp/a", "/tmp/a/new", NULL, MS_BIND | MS_REC, NULL));
	CHECK_ERR(access("/tmp/a/new/under/hidden", F_OK), ENOENT);
	CHECK_ERR(umount("/tmp/a/new/under"), EINVAL);
	CHECK_OK(umount2("/tmp/a/new", MNT_DETACH));
	/* What is mounted here is one's own. */
	CHECK_OK(mount("none", "/tmp/a/new", "tmpfs", 0, NULL));
	CHECK_OK(umount("/tmp/a/new"));
	CHECK_OK(mount("/tmp/a/under", "/tmp/a/new", NULL, MS_BIND, NULL));
	CHECK_OK(umount("/tmp/a/new"));
}

TEST(what_covers_stays)
{
	run(two_mounts, locked);
}

static void flags_stay(void)
{
	CHECK_ERR(mount(NULL, "/tmp/a/under", NULL, MS_REMOUNT | MS_BIND | MS_NOEXEC, NULL), EPERM);
	CHECK_ERR(mount(NULL, "/tmp/a/under", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL), EPERM);
	CHECK_OK(mount(NULL, "/tmp/a/under", NULL, MS_REMOUNT | MS_BIND | MS_RDONLY | MS_NOEXEC | MS_NOSUID, NULL));
	CHECK_ERR(mount(NULL, "/tmp/a", NULL, MS_REMOUNT | MS_BIND | MS_NODEV, NULL), EPERM);
	CHECK_ERR(mount(NULL, "/tmp/a", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID, NULL), EPERM);
	CHECK_ERR(mount(NULL, "/tmp/a", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_NOATIME, NULL), EPERM);
	CHECK_OK(mount(NULL, "/tmp/a", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV | MS_RDONLY, NULL));
	CHECK_OK(mount(NULL, "/tmp/a", NULL, MS_REMOUNT | MS_BIND | MS_NOSUID | MS_NODEV, NULL));
	/* The file system itself is the first namespace's. */
	CHECK_ERR(mount(NULL, "/tmp/a", NULL, MS_REMOUNT | MS_NOSUID | MS_NODEV, NULL), EPERM);
	/* A bind mount has the flags, too. */
	CHECK_OK(mount("/tmp/a/under", "/tmp/a/new", NULL, MS_BIND, NULL));
	CHECK_ERR(mount(NULL, "/tmp/a/new", NULL, MS_REMOUNT | MS_BIND | MS_NOEXEC, NULL), EPERM);
}

TEST(flags_cannot_be_cleared)
{
	run(two_mounts, flags_stay);
}

static struct gate stay;

static void shared_mount(void)
{
	CHECK_OK(mount("none", "/tmp/a", "tmpfs", 0, "mode=777"));
	CHECK_OK(mount(NULL, "/tmp/a", NULL, MS_SHARED, NULL));
	gate_init(&stay);
	if (fork() == 0) {		/* the master lives as long as its namespace */
		gate_wait(&stay);
		finish();
	}
}

static void is_slave(void)
{
	static char text[16384];
	char *line;

	read_file("/proc/self/mountinfo", text, sizeof(text));
	line = strstr(text, " /tmp/a ");
	REQUIRE(line);
	*strchrnul(line, '\n') = '\0';
	CHECK(strstr(line, "master:"));
	CHECK(!strstr(line, "shared:"));
	gate_open(&stay);
	CHECK(wait(NULL) > 0);
}

TEST(shared_becomes_slave)
{
	run(shared_mount, is_slave);
}

static void new_root(void)
{
	CHECK_OK(mount("none", "/tmp/a", "tmpfs", 0, NULL));
	CHECK_OK(mkdir("/tmp/a/old", 0700));
	CHECK_OK(chdir("/tmp/a"));
	CHECK_OK(syscall(SYS_pivot_root, ".", "old"));
	CHECK_OK(umount2("/old", MNT_DETACH));
	CHECK_ERR(umount2("/", MNT_DETACH), EINVAL);
}

static void real_root(void)
{
	/* pivot_root(2) does not work on the rootfs. */
	CHECK_OK(mount("/", "/tmp/a", NULL, MS_BIND | MS_REC, NULL));
	CHECK_OK(chdir("/tmp/a"));
	CHECK_OK(mount(".", "/", NULL, MS_MOVE, NULL));
	CHECK_OK(chroot("."));
}

TEST(pivot_root_in_it)
{
	run(real_root, new_root);
}

static void owner_of_files(void)
{
	struct stat st;
	pid_t pid;
	int fd;

	CHECK_OK(mount("none", "/tmp/a", "tmpfs", 0, "mode=777"));
	fd = CHECK_OK(open("/tmp/a/f", O_CREAT | O_WRONLY, 0644));
	CHECK_OK(fstat(fd, &st));
	CHECK_EQ(st.st_uid, 0);
	/* In one below, too, the owner is the same to the file system. */
	pid = fork();
	if (pid == 0) {
		CHECK_OK(unshare(CLONE_NEWUSER));
		CHECK_OK(open("/tmp/a/f", O_RDONLY));
		CHECK_OK(open("/tmp/a/g", O_CREAT | O_WRONLY, 0644));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(owners)
{
	run(NULL, owner_of_files);
}

static void open_tmpfs(void)
{
	CHECK_OK(mount("none", "/tmp/a", "tmpfs", 0, "mode=777"));
}

TEST(root_of_outside_cannot_make_files)
{
	char path[64];
	struct gate ready, go;
	pid_t pid;

	gate_init(&ready);
	gate_init(&go);
	mkdir("/tmp/a", 0777);
	pid = fork();
	if (pid == 0) {
		become_user();
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		enter();
		open_tmpfs();
		gate_open(&ready);
		gate_wait(&go);
		finish();
	}
	gate_wait(&ready);
	snprintf(path, sizeof(path), "/proc/%d/root/tmp/a/x", pid);
	CHECK_ERR(open(path, O_CREAT | O_WRONLY, 0644), EOVERFLOW);
	CHECK_ERR(mkdir(path, 0755), EOVERFLOW);
	gate_open(&go);
	expect_exit(pid, 0);
}
