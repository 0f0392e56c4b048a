// SPDX-License-Identifier: GPL-2.0-only
/* t_userns.c: user namespaces: maps, ids, capabilities inside and outside, limits. user_namespaces(7). */
#include "tap.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

static unsigned long long cap_line(const char *name)
{
	static char status[8192];
	char *at;

	read_file("/proc/self/status", status, sizeof(status));
	at = strstr(status, name);
	return at ? strtoull(at + strlen(name), NULL, 16) : 0;
}

/* Run @fn in a forked child as user 1000. */
static void as_user(void (*fn)(void))
{
	pid_t pid = fork();

	if (pid == 0) {
		become_user();
		/* The change of user has made us undumpable, and our files in /proc root's. */
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		fn();
		finish();
	}
	expect_exit(pid, 0);
}

/* Become root of a new user namespace, as user 1000 may. */
static void become_ns_root(void)
{
	CHECK_OK(unshare(CLONE_NEWUSER));
	CHECK_EQ(try_write("/proc/self/setgroups", "deny"), 0);
	CHECK_EQ(try_write("/proc/self/uid_map", "0 1000 1"), 0);
	CHECK_EQ(try_write("/proc/self/gid_map", "0 1000 1"), 0);
}

static void unmapped(void)
{
	struct stat st;
	char map[64];

	CHECK_OK(unshare(CLONE_NEWUSER));
	CHECK_EQ(getuid(), 65534);
	CHECK_EQ(geteuid(), 65534);
	CHECK_EQ(getgid(), 65534);
	CHECK_OK(stat("/", &st));
	CHECK_EQ(st.st_uid, 65534);
	CHECK_EQ(read_file("/proc/self/uid_map", map, sizeof(map)), 0);
	CHECK_ERR(setuid(0), EINVAL);
	CHECK_ERR(setgid(1000), EINVAL);
	CHECK_ERR(setresuid(-1, 0, -1), EINVAL);
	CHECK_ERR(setreuid(1, -1), EINVAL);
	CHECK_ERR(chown("/", 0, -1), EINVAL);
	CHECK_ERR(setgroups(0, NULL), EPERM);
	CHECK_EQ(setfsuid(1), 65534);
	CHECK(cap_line("CapEff:") == cap_line("CapBnd:") && cap_line("CapEff:") != 0);
	CHECK_EQ(cap_line("CapInh:"), 0);
}

TEST(without_a_map)
{
	as_user(unmapped);
}

static void own_map(void)
{
	char text[128];

	become_ns_root();
	CHECK_EQ(getuid(), 0);
	CHECK_EQ(getegid(), 0);
	read_file("/proc/self/uid_map", text, sizeof(text));
	CHECK_STR(text, "         0       1000          1\n");
	read_file("/proc/self/setgroups", text, sizeof(text));
	CHECK_STR(text, "deny\n");
	CHECK_EQ(try_write("/proc/self/uid_map", "0 1000 1"), EPERM);	/* once */
	CHECK_EQ(try_write("/proc/self/gid_map", "5 1000 1"), EPERM);
	CHECK_EQ(try_write("/proc/self/setgroups", "allow"), EPERM);
	CHECK_ERR(setgroups(0, NULL), EPERM);
	CHECK_ERR(setuid(1000), EINVAL);
	CHECK_OK(setresuid(0, 0, 0));
	CHECK(file_has("/proc/self/status", "Uid:\t0\t0\t0\t0"));
}

TEST(own_ids)
{
	as_user(own_map);
}

static void bad_maps(void)
{
	static const char *const bad[] = {
		"\n", "0", "0 1000", "0 1000 ", "a 1000 1", "0 1000 1 x", "0 1000 0", "4294967295 1000 1",
		"0 4294967295 1", "0 1000 4294967295\n0 1000 1", "-1 1000 1", "0 1000 1\n0 1001 1",
		"0 1000 1\n1 1000 1", "0 1000 1\n\n",
	};
	size_t i;

	CHECK_OK(unshare(CLONE_NEWUSER));
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (try_write("/proc/self/uid_map", bad[i]) != EINVAL) {
			note("map \"%s\": errno %d", bad[i], errno);
			CHECK(!"EINVAL");
		}
	/* Not what one is, or more than one: not without privilege outside. */
	CHECK_EQ(try_write("/proc/self/uid_map", "0 1001 1"), EPERM);
	CHECK_EQ(try_write("/proc/self/uid_map", "0 1000 2"), EPERM);
	CHECK_EQ(try_write("/proc/self/uid_map", "0 1000 1\n1 1001 1"), EPERM);
	CHECK_EQ(try_write("/proc/self/gid_map", "0 1000 1"), EPERM);	/* setgroups first */
	CHECK_EQ(try_write("/proc/self/setgroups", "maybe"), EINVAL);
	CHECK_EQ(try_write("/proc/self/setgroups", "denyx"), EINVAL);
	CHECK_EQ(try_write("/proc/self/setgroups", "deny    "), EINVAL);
	CHECK_EQ(try_write("/proc/self/setgroups", "allow"), 0);
	CHECK_EQ(try_write("/proc/self/setgroups", "deny \n"), 0);
	CHECK_EQ(try_write("/proc/self/gid_map", "77 1000 1\n"), 0);
	CHECK_EQ(getgid(), 77);
	CHECK_EQ(try_write("/proc/self/uid_map", " 5\t1000   1 \n"), 0);
	CHECK_EQ(getuid(), 5);
}

TEST(refused_maps)
{
	as_user(bad_maps);
}

TEST(the_first_has_all)
{
	char text[64];

	read_file("/proc/1/uid_map", text, sizeof(text));
	CHECK_STR(text, "         0          0 4294967295\n");
	read_file("/proc/self/setgroups", text, sizeof(text));
	CHECK_STR(text, "allow\n");
	CHECK_EQ(try_write("/proc/self/uid_map", "0 0 1"), EPERM);
	CHECK_EQ(try_write("/proc/self/setgroups", "deny"), EPERM);	/* there is a gid_map */
}

/* A child in a new user namespace; the parent writes its maps. */
static pid_t child_with_maps(struct gate *ready, struct gate *go, int flags, void (*fn)(void))
{
	pid_t pid;

	gate_init(ready);
	gate_init(go);
	pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid == 0) {
		gate_wait(go);
		fn();
		finish();
	}
	return pid;
}

static int write_map(pid_t pid, const char *which, const char *text)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, which);
	return try_write(path, text);
}

static void many_ids(void)
{
	gid_t groups[2] = { 3, 9 }, got[2];

	CHECK_EQ(getuid(), 65534);	/* it was root outside, who has no name in here */
	CHECK_OK(setresgid(0, 0, 0));
	CHECK_OK(setresuid(0, 0, 0));
	CHECK_EQ(getuid(), 0);
	CHECK_OK(setgroups(2, groups));
	CHECK_EQ(getgroups(2, got), 2);
	CHECK_EQ(got[0] + got[1], 12);
	groups[0] = 100;
	CHECK_ERR(setgroups(2, groups), EINVAL);
	CHECK_OK(setresgid(5, 6, 7));
	CHECK_OK(setresuid(1, 2, 3));
	CHECK_ERR(setuid(11), EINVAL);
	CHECK(file_has("/proc/self/status", "Uid:\t1\t2\t3\t2"));
	CHECK(file_has("/proc/self/status", "Gid:\t5\t6\t7\t6"));
	/* No root among them any more: no capabilities either. */
	CHECK_EQ(cap_line("CapEff:"), 0);
	CHECK_EQ(cap_line("CapPrm:"), 0);
}

TEST(maps_from_outside)
{
	struct gate ready, go;
	char text[256], path[64];
	pid_t pid = child_with_maps(&ready, &go, CLONE_NEWUSER, many_ids);

	CHECK_EQ(write_map(pid, "uid_map", "0 100000 10\n10 200000 1"), 0);
	CHECK_EQ(write_map(pid, "gid_map", "0 100000 10"), 0);
	CHECK_EQ(write_map(pid, "projid_map", "0 0 10"), 0);
	snprintf(path, sizeof(path), "/proc/%d/uid_map", pid);
	read_file(path, text, sizeof(text));
	CHECK_STR(text, "         0     100000         10\n        10     200000          1\n");
	gate_open(&go);
	expect_exit(pid, 0);
}

TEST(many_extents)
{
	static char text[16384];
	struct gate ready, go;
	int i, n;
	pid_t pid;

	pid = child_with_maps(&ready, &go, CLONE_NEWUSER, finish);
	for (i = n = 0; i < 341; i++)
		n += snprintf(text + n, sizeof(text) - n, "%d %d 1\n", 2 * i, 3 * i + 1);
	CHECK_EQ(write_map(pid, "uid_map", text), EINVAL);	/* longer than a page */
	for (i = n = 0; i < 341; i++)
		n += snprintf(text + n, sizeof(text) - n, "%x %d 1\n", 0, 2);
	CHECK_EQ(write_map(pid, "uid_map", text), EINVAL);
	/* Written in descending order, shown sorted. */
	for (i = n = 0; i < 300; i++)
		n += snprintf(text + n, sizeof(text) - n, "%d %d 1\n", 900 - 3 * i, 2 * i + 1);
	if (n >= 4096)
		for (i = n = 0; i < 200; i++)
			n += snprintf(text + n, sizeof(text) - n, "%d %d 1\n", 900 - 3 * i, 2 * i + 1);
	CHECK_EQ(write_map(pid, "uid_map", text), 0);
	gate_open(&go);
	expect_exit(pid, 0);
}

static void caps_inside(void)
{
	struct rlimit rlim = { 1 << 20, 1 << 20 };

	CHECK_OK(unshare(CLONE_NEWUSER | CLONE_NEWUTS));
	CHECK_OK(sethostname("mine", 4));
	/* Outside of what the namespace owns it has nothing. */
	CHECK_ERR(mknod("dev", S_IFCHR | 0600, 0x103), EPERM);
	CHECK_ERR(settimeofday(&(struct timeval){ 1, 0 }, NULL), EPERM);
	getrlimit(RLIMIT_NOFILE, &rlim);
	rlim.rlim_max += 1;
	CHECK_ERR(setrlimit(RLIMIT_NOFILE, &rlim), EPERM);
	CHECK_ERR(kill(1, 0), EPERM);
}

TEST(capabilities_inside)
{
	as_user(caps_inside);
}

static void uts_of_parent(void)
{
	CHECK_OK(unshare(CLONE_NEWUSER));
	CHECK_ERR(sethostname("mine", 4), EPERM);	/* the first namespace's name */
	CHECK_OK(unshare(CLONE_NEWUTS));
	CHECK_OK(sethostname("mine", 4));
}

TEST(only_what_it_owns)
{
	as_user(uts_of_parent);
}

static void files_of_others(void)
{
	struct stat st;
	int fd;

	become_ns_root();
	CHECK_ERR(open("/etc/secret", O_RDONLY), EACCES);	/* root's, who has no name here */
	CHECK_ERR(chown("/tmp/mine", 1, -1), EINVAL);
	fd = CHECK_OK(open("/tmp/mine", O_RDWR | O_CREAT, 0));
	close(fd);
	CHECK_OK(open("/tmp/mine", O_RDONLY));		/* mode 0: CAP_DAC_OVERRIDE on one's own */
	CHECK_OK(stat("/tmp/mine", &st));
	CHECK_EQ(st.st_uid, 0);
	CHECK_OK(chmod("/tmp/mine", 0644));
	CHECK_ERR(chmod("/etc/secret", 0644), EPERM);
	CHECK_OK(unlink("/tmp/mine"));
}

TEST(files)
{
	int fd = open("/etc/secret", O_WRONLY | O_CREAT, 0600);

	if (fd < 0) {
		mkdir("/etc", 0755);
		fd = CHECK_OK(open("/etc/secret", O_WRONLY | O_CREAT, 0600));
	}
	close(fd);
	fd = CHECK_OK(open("/tmp/mine", O_WRONLY | O_CREAT | O_TRUNC, 0));
	close(fd);
	CHECK_OK(chown("/tmp/mine", 1000, 1000));
	CHECK_OK(chmod("/tmp", 01777));
	as_user(files_of_others);
	unlink("/etc/secret");
	unlink("/tmp/mine");
}

TEST(nesting)
{
	pid_t pid = fork();
	int depth;

	if (pid == 0) {
		for (depth = 0; depth < 40 && !unshare(CLONE_NEWUSER); depth++) {
			char map[32];

			snprintf(map, sizeof(map), "0 %d 1", 0);
			CHECK_EQ(try_write("/proc/self/setgroups", "deny"), 0);
			CHECK_EQ(try_write("/proc/self/uid_map", map), 0);
			CHECK_EQ(try_write("/proc/self/gid_map", map), 0);
		}
		CHECK_EQ(errno, ENOSPC);
		CHECK_EQ(depth, 33);
		finish();
	}
	expect_exit(pid, 0);
}

static void nest_unmapped(void)
{
	CHECK_OK(unshare(CLONE_NEWUSER));
	CHECK_ERR(unshare(CLONE_NEWUSER), EPERM);	/* who has no name cannot own one */
	CHECK_ERR(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL), EPERM);
}

TEST(no_nesting_without_a_map)
{
	as_user(nest_unmapped);
}

TEST(not_when_chrooted)
{
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_OK(mkdir("jail", 0755));
		CHECK_OK(chroot("jail"));
		CHECK_ERR(unshare(CLONE_NEWUSER), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

static void *sleeper(void *arg)
{
	pause();
	return arg;
}

static int thread_main(void *arg)
{
	sleeper(arg);
	return 0;
}

TEST(not_with_threads)
{
	static char stack[16384] __attribute__((aligned(16)));
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_OK(clone(thread_main, stack + sizeof(stack), CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, NULL));
		CHECK_ERR(unshare(CLONE_NEWUSER), EINVAL);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(root_leaves_shared_fs)
{
	static char stack[16384] __attribute__((aligned(16)));
	pid_t pid = clone(thread_main, stack + sizeof(stack), CLONE_FS | SIGCHLD, NULL);

	/* unshare(CLONE_NEWUSER) implies CLONE_FS. */
	CHECK_OK(unshare(CLONE_NEWUSER));
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

static void limits(void)
{
	char old[32];

	become_ns_root();
	read_file("/proc/sys/user/max_uts_namespaces", old, sizeof(old));
	CHECK_STR(old, "2147483647\n");
	CHECK_EQ(try_write("/proc/sys/user/max_uts_namespaces", "1"), 0);
	CHECK_OK(unshare(CLONE_NEWUTS));
	CHECK_ERR(unshare(CLONE_NEWUTS), ENOSPC);	/* the old one goes only after the new one is there */
	CHECK_EQ(try_write("/proc/sys/user/max_uts_namespaces", "-1"), EINVAL);
	CHECK_EQ(try_write("/proc/sys/user/max_uts_namespaces", "2"), 0);
	CHECK_OK(unshare(CLONE_NEWUTS));
	CHECK_OK(unshare(CLONE_NEWUTS));
	CHECK_EQ(try_write("/proc/sys/user/max_user_namespaces", "0"), 0);
	CHECK_ERR(unshare(CLONE_NEWUSER), ENOSPC);
	CHECK_ERR(syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, NULL, NULL, NULL, NULL), ENOSPC);
}

TEST(counting)
{
	as_user(limits);
}

static void limits_unprivileged(void)
{
	char text[32];

	CHECK(read_file("/proc/sys/user/max_user_namespaces", text, sizeof(text)) > 1);
	CHECK_EQ(try_write("/proc/sys/user/max_user_namespaces", "5"), EACCES);
}

TEST(counting_is_for_the_privileged)
{
	as_user(limits_unprivileged);
}

static void everything_at_once(void)
{
	CHECK_OK(unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWUTS));
	CHECK_OK(sethostname("x", 1));
	CHECK_OK(mount("none", "/tmp", "tmpfs", 0, NULL));
	CHECK_OK(umount("/tmp"));
}

TEST(with_others_in_one_call)
{
	as_user(everything_at_once);
}

static void ioctls(void)
{
	int own, parent, fd;
	uid_t uid = 77;
	struct stat st;

	become_ns_root();
	own = CHECK_OK(open("/proc/self/ns/user", O_RDONLY));
	parent = CHECK_OK(open("/proc/self/ns/uts", O_RDONLY));
	CHECK_ERR(ioctl(own, NS_GET_PARENT), EPERM);	/* above us */
	CHECK_ERR(ioctl(parent, NS_GET_USERNS), EPERM);
	CHECK_OK(ioctl(own, NS_GET_OWNER_UID, &uid));
	CHECK_EQ(uid, 0);
	CHECK_OK(unshare(CLONE_NEWUTS));
	fd = CHECK_OK(open("/proc/self/ns/uts", O_RDONLY));
	fd = CHECK_OK(ioctl(fd, NS_GET_USERNS));
	CHECK_OK(fstat(fd, &st));
	uid = st.st_ino;
	CHECK_OK(fstat(own, &st));
	CHECK_EQ(uid, (uid_t)st.st_ino);
}

TEST(relations)
{
	if (is_compat())
		skip("Linux 6.1 has none of nsfs's ioctls for 32-bit programs");
	as_user(ioctls);
}

TEST(relations_from_above)
{
	struct gate ready, go;
	struct stat st, st2;
	char path[64];
	uid_t uid = 5;
	pid_t pid = child_with_maps(&ready, &go, CLONE_NEWUSER, finish);
	int fd, parent;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	fd = CHECK_OK(open(path, O_RDONLY));
	if (!is_compat()) {
		parent = CHECK_OK(ioctl(fd, NS_GET_PARENT));
		CHECK_OK(fstat(parent, &st));
		CHECK_OK(stat("/proc/self/ns/user", &st2));
		CHECK_EQ(st.st_ino, st2.st_ino);
		CHECK_OK(ioctl(fd, NS_GET_OWNER_UID, &uid));
		CHECK_EQ(uid, 0);
	}
	gate_open(&go);
	expect_exit(pid, 0);
}

TEST(setns_gives_all)
{
	struct gate ready, go;
	char path[64];
	pid_t pid = child_with_maps(&ready, &go, CLONE_NEWUSER, finish), joiner;
	int fd;

	CHECK_EQ(write_map(pid, "uid_map", "0 1000 1"), 0);
	CHECK_EQ(write_map(pid, "gid_map", "0 1000 1"), 0);
	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	fd = CHECK_OK(open(path, O_RDONLY));
	joiner = fork();
	if (joiner == 0) {
		CHECK_OK(prctl(PR_SET_SECUREBITS, 1 << 0, 0, 0, 0));	/* NOROOT: gone after */
		CHECK_OK(syscall(SYS_setns, fd, CLONE_NEWUSER));
		CHECK_EQ(getuid(), 65534);
		CHECK(cap_line("CapEff:") == cap_line("CapBnd:") && cap_line("CapEff:"));
		CHECK_EQ(prctl(PR_GET_SECUREBITS, 0, 0, 0, 0), 0);
		CHECK_OK(setresuid(0, 0, 0));
		CHECK_ERR(syscall(SYS_setns, fd, CLONE_NEWUSER), EINVAL);	/* there already */
		finish();
	}
	expect_exit(joiner, 0);
	joiner = fork();
	if (joiner == 0) {
		become_user();
		CHECK_ERR(syscall(SYS_setns, fd, CLONE_NEWUSER), EPERM);	/* not its owner */
		finish();
	}
	expect_exit(joiner, 0);
	gate_open(&go);
	expect_exit(pid, 0);
}

/* What others see of each other: signals, sockets. */
static volatile siginfo_t *shared_info;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	shared_info->si_uid = info->si_uid;
	shared_info->si_code = info->si_code;
}

TEST(siginfo_ids)
{
	struct sigaction act = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	struct gate ready, go;
	siginfo_t info;
	pid_t pid;

	shared_info = shared_page();
	shared_info->si_uid = 1;
	gate_init(&ready);
	gate_init(&go);
	sigaction(SIGUSR1, &act, NULL);
	pid = fork();
	if (pid == 0) {
		CHECK_OK(setresgid(1000, 1000, 1000));
		CHECK_OK(setresuid(1000, 1000, 1000));
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		become_ns_root();
		gate_open(&ready);
		pause();
		finish();
	}
	gate_wait(&ready);
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(kill(pid, SIGUSR1));
	CHECK_OK(waitid(P_PID, pid, &info, WEXITED));
	CHECK_EQ(info.si_uid, 1000);		/* as we see it */
	CHECK_EQ(info.si_status, 0);
	CHECK_EQ(shared_info->si_code, SI_USER);
	CHECK_EQ(shared_info->si_uid, 65534);	/* root is nobody there */
}

TEST(socket_ids)
{
	struct ucred cred;
	socklen_t len = sizeof(cred);
	int fds[2], on = 1;
	char control[64], byte = 'x';
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control),
	};
	pid_t pid;

	CHECK_OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds));
	CHECK_OK(setsockopt(fds[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)));
	pid = fork();
	if (pid == 0) {
		become_user();
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		become_ns_root();
		CHECK_OK(getsockopt(fds[1], SOL_SOCKET, SO_PEERCRED, &cred, &len));
		CHECK_EQ(cred.uid, 65534);
		CHECK_OK(write(fds[1], "x", 1));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(recvmsg(fds[0], &msg, 0));
	REQUIRE(CMSG_FIRSTHDR(&msg));
	memcpy(&cred, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(cred));
	CHECK_EQ(cred.uid, 1000);
	CHECK_EQ(cred.gid, 1000);
}

HELPER(show_caps)
{
	return cap_line("CapEff:") != 0 ? 3 : 4;
}

static void exec_as_root(void)
{
	char *argv[] = { (char *)self_path, "@t_userns.show_caps", NULL };
	pid_t pid;

	become_ns_root();
	pid = fork();
	if (pid == 0) {
		execv(self_path, argv);
		_exit(127);
	}
	expect_exit(pid, 3);
	CHECK_OK(unshare(CLONE_NEWUSER));	/* no map: not root, so exec takes the capabilities */
	pid = fork();
	if (pid == 0) {
		execv(self_path, argv);
		_exit(127);
	}
	expect_exit(pid, 4);
}

TEST(exec_looks_for_its_root)
{
	as_user(exec_as_root);
}
