// SPDX-License-Identifier: GPL-2.0-only
/* t_nsfs.c: /proc/<pid>/ns, the files behind its links, ioctl_ns(2), and namespaces kept by a mount. */
#include "tap.h"

#include <dirent.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/vfs.h>

/* The number in the link's text, which begins with @kind. */
static unsigned long link_number(const char *path, const char *kind)
{
	char text[64] = "", want[32];
	unsigned long nr = 0;
	int n;

	CHECK_OK(readlink(path, text, sizeof(text) - 1));
	snprintf(want, sizeof(want), "%s:[%%lu]%%n", kind);
	n = 0;
	CHECK_EQ(sscanf(text, want, &nr, &n), 1);
	CHECK_EQ(n, strlen(text));
	return nr;
}

static int open_ns(const char *name)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	return CHECK_OK(open(path, O_RDONLY));
}

TEST(first_numbers)
{
	CHECK_EQ(link_number("/proc/self/ns/uts", "uts"), 4026531838UL);
	CHECK_EQ(link_number("/proc/self/ns/user", "user"), 4026531837UL);
	CHECK_EQ(link_number("/proc/self/ns/pid", "pid"), 4026531836UL);
	CHECK_EQ(link_number("/proc/self/ns/pid_for_children", "pid"), 4026531836UL);
	CHECK(link_number("/proc/self/ns/mnt", "mnt") >= 0xf0000000UL);
	CHECK_EQ(link_number("/proc/1/ns/mnt", "mnt"), link_number("/proc/thread-self/ns/mnt", "mnt"));
}

TEST(directory)
{
	static const char *const names[] = { "mnt", "uts", "pid", "pid_for_children", "user" };
	DIR *dir = opendir("/proc/self/ns");
	unsigned int seen = 0, i;
	struct dirent *d;
	struct stat st;

	REQUIRE(dir);
	while ((d = readdir(dir)))
		for (i = 0; i < ARRAY_SIZE(names); i++)
			if (!strcmp(d->d_name, names[i])) {
				seen |= 1 << i;
				CHECK_EQ(d->d_type, DT_LNK);
			}
	closedir(dir);
	CHECK_EQ(seen, (1 << ARRAY_SIZE(names)) - 1);
	CHECK_ERR(open("/proc/self/ns/nothing", O_RDONLY), ENOENT);
	CHECK_OK(stat("/proc/self/ns", &st));
	CHECK_EQ(st.st_mode, S_IFDIR | 0511);
	CHECK_OK(lstat("/proc/self/ns/uts", &st));
	CHECK_EQ(st.st_mode, S_IFLNK | 0777);
}

TEST(file)
{
	unsigned long nr = link_number("/proc/self/ns/uts", "uts");
	int fd = open_ns("uts"), other = open_ns("user");
	struct stat st, st2;
	struct statfs fs;
	char path[64], c;

	CHECK_OK(fstat(fd, &st));
	CHECK_EQ(st.st_ino, nr);
	CHECK_EQ(st.st_mode, S_IFREG | 0444);
	CHECK_EQ(st.st_uid, 0);
	CHECK_OK(stat("/proc/1/ns/uts", &st2));
	CHECK(st2.st_ino == st.st_ino && st2.st_dev == st.st_dev);
	CHECK_OK(fstat(other, &st2));
	CHECK(st2.st_ino != st.st_ino && st2.st_dev == st.st_dev);
	CHECK_OK(fstatfs(fd, &fs));
	CHECK_EQ(fs.f_type, 0x6e736673);
	CHECK_ERR(read(fd, &c, 1), EINVAL);
	CHECK_ERR(lseek(fd, 0, SEEK_SET), ESPIPE);
	CHECK_ERR((long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0), ENODEV);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	CHECK_EQ(link_number(path, "uts"), nr);
	CHECK_ERR(open("/proc/self/ns/uts", O_RDONLY | O_NOFOLLOW), ELOOP);
	close(fd);
	close(other);
}

TEST(a_new_one_has_a_number)
{
	unsigned long uts = link_number("/proc/self/ns/uts", "uts"), mnt = link_number("/proc/self/ns/mnt", "mnt");

	CHECK_OK(unshare(CLONE_NEWUTS));
	CHECK(link_number("/proc/self/ns/uts", "uts") != uts);
	CHECK_EQ(link_number("/proc/self/ns/mnt", "mnt"), mnt);
	CHECK_OK(unshare(CLONE_NEWNS));
	CHECK(link_number("/proc/self/ns/mnt", "mnt") != mnt);
}

TEST(ioctls)
{
	int uts = open_ns("uts"), user = open_ns("user"), pid = open_ns("pid"), fd;
	struct stat st;
	uid_t uid;

	if (is_compat())
		skip("Linux 6.1 has them for 64-bit programs only");
	CHECK_EQ(ioctl(uts, NS_GET_NSTYPE), CLONE_NEWUTS);
	CHECK_EQ(ioctl(user, NS_GET_NSTYPE), CLONE_NEWUSER);
	CHECK_EQ(ioctl(pid, NS_GET_NSTYPE), CLONE_NEWPID);
	fd = CHECK_OK(ioctl(uts, NS_GET_USERNS));
	CHECK_OK(fstat(fd, &st));
	CHECK_EQ(st.st_ino, 4026531837UL);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	CHECK_ERR(ioctl(uts, NS_GET_PARENT), EINVAL);
	CHECK_ERR(ioctl(user, NS_GET_PARENT), EPERM);	/* there is none */
	CHECK_ERR(ioctl(user, NS_GET_USERNS), EPERM);
	CHECK_ERR(ioctl(pid, NS_GET_PARENT), EPERM);
	CHECK_ERR(ioctl(uts, NS_GET_OWNER_UID, &uid), EINVAL);
	uid = 77;
	CHECK_OK(ioctl(user, NS_GET_OWNER_UID, &uid));
	CHECK_EQ(uid, 0);
	CHECK_ERR(ioctl(user, NS_GET_OWNER_UID, 8), EFAULT);
	CHECK_ERR(ioctl(uts, _IO(NSIO, 0x44)), ENOTTY);
	close(uts);
	close(user);
	close(pid);
}

TEST(a_mount_keeps_it)
{
	int first = open_ns("uts"), fd;
	struct stat st, st2;
	char name[65];

	CHECK_OK(unshare(CLONE_NEWNS | CLONE_NEWUTS));
	CHECK_OK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	CHECK_OK(sethostname("kept", 4));
	write_file("ns", "");
	CHECK_OK(mount("/proc/self/ns/uts", "ns", NULL, MS_BIND, NULL));
	CHECK_OK(stat("/proc/self/ns/uts", &st));
	CHECK_OK(syscall(SYS_setns, first, CLONE_NEWUTS));
	CHECK_OK(gethostname(name, sizeof(name)));
	CHECK(strcmp(name, "kept") != 0);
	CHECK_OK(stat("ns", &st2));
	CHECK(st.st_ino == st2.st_ino && st.st_dev == st2.st_dev);
	fd = CHECK_OK(open("ns", O_RDONLY));
	CHECK_OK(syscall(SYS_setns, fd, CLONE_NEWUTS));
	CHECK_OK(gethostname(name, sizeof(name)));
	CHECK_STR(name, "kept");
	close(fd);
	CHECK(file_has("/proc/self/mountinfo", " - nsfs nsfs rw"));
	CHECK(file_has("/proc/self/mountinfo", " uts:["));
	CHECK_OK(umount("ns"));
	CHECK_OK(stat("ns", &st2));
	CHECK(st.st_dev != st2.st_dev);
	close(first);
}

TEST(no_mount_of_ones_own_mount_namespace)
{
	CHECK_OK(unshare(CLONE_NEWNS));
	CHECK_OK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	write_file("ns", "");
	CHECK_ERR(mount("/proc/self/ns/mnt", "ns", NULL, MS_BIND, NULL), EINVAL);
	CHECK_ERR(mount("/proc/1/ns/mnt", "ns", NULL, MS_BIND, NULL), EINVAL);	/* an older one */
}

TEST(a_younger_mount_namespace_can_be_mounted)
{
	struct gate made, done;
	char path[64];
	struct stat st;
	pid_t pid;

	gate_init(&made);
	gate_init(&done);
	CHECK_OK(unshare(CLONE_NEWNS));
	CHECK_OK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	write_file("ns", "");
	pid = fork();
	if (pid == 0) {
		CHECK_OK(unshare(CLONE_NEWNS));
		gate_open(&made);
		gate_wait(&done);
		finish();
	}
	gate_wait(&made);
	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", pid);
	CHECK_OK(mount(path, "ns", NULL, MS_BIND, NULL));
	gate_open(&done);
	expect_exit(pid, 0);
	CHECK_OK(stat("ns", &st));
	/* A new namespace does not get that mount: else none of the two would ever go. */
	CHECK_OK(unshare(CLONE_NEWNS));
	CHECK(!file_has("/proc/self/mountinfo", " mnt:["));
}

TEST(others_need_ptrace_access)
{
	char text[64];
	pid_t pid = fork();

	if (pid == 0) {
		become_user();
		CHECK_ERR(readlink("/proc/1/ns/uts", text, sizeof(text)), EACCES);
		CHECK_ERR(open("/proc/1/ns/uts", O_RDONLY), EACCES);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(of_a_zombie)
{
	char path[64], text[64];
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	CHECK(wait_state(pid, 'Z'));
	snprintf(path, sizeof(path), "/proc/%d/ns/uts", pid);
	CHECK_ERR(readlink(path, text, sizeof(text)), ENOENT);
	CHECK_ERR(open(path, O_RDONLY), ENOENT);
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	CHECK_OK(readlink(path, text, sizeof(text)));
	expect_exit(pid, 0);
}
