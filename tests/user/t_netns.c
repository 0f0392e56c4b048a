// SPDX-License-Identifier: GPL-2.0-only
/* network_namespaces(7): abstract names, /proc/<pid>/net, joining, limits. What is in one: t_netlink.c. */
#include "tap.h"

#include <linux/nsfs.h>
#include <linux/sched.h>
#include <linux/sockios.h>
#include <poll.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

#define NET_DEV_HEADING "Inter-|   Receive"

static void new_net(void)
{
	if (unshare(CLONE_NEWNET) < 0 && errno == EINVAL)
		skip("no network namespaces");
}

static socklen_t abstract(struct sockaddr_un *sun, const char *name)
{
	memset(sun, 0, sizeof(*sun));
	sun->sun_family = AF_UNIX;
	strcpy(sun->sun_path + 1, name);
	return offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name);
}

static int bound(int type, const char *name)
{
	int s = socket(AF_UNIX, type, 0);
	struct sockaddr_un sun;
	socklen_t len = abstract(&sun, name);

	if (bind(s, (void *)&sun, len) == 0)
		return s;
	close(s);
	return -1;
}

static int listener(const char *name)
{
	int s = bound(SOCK_STREAM, name);

	return s >= 0 && listen(s, 5) == 0 ? s : -1;
}

static int connect_abstract(int s, const char *name)
{
	struct sockaddr_un sun;
	socklen_t len = abstract(&sun, name);

	return connect(s, (void *)&sun, len);
}

static ino_t ns_ino(pid_t pid)
{
	char path[64];
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	return stat(path, &st) == 0 ? st.st_ino : 0;
}

TEST(a_new_one)
{
	ino_t before = ns_ino(getpid());
	char text[64] = "", want[64];

	new_net();
	CHECK(before && ns_ino(getpid()) && before != ns_ino(getpid()));
	CHECK(readlink("/proc/self/ns/net", text, sizeof(text) - 1) > 0);
	snprintf(want, sizeof(want), "net:[%lu]", (unsigned long)ns_ino(getpid()));
	CHECK_STR(text, want);
	/* A child is in the same one; clone makes another. */
	pid_t pid = fork();

	if (!pid) {
		CHECK_EQ(ns_ino(getpid()), ns_ino(getppid()));
		finish();
	}
	expect_exit(pid, 0);
	pid = syscall(SYS_clone, SIGCHLD | CLONE_NEWNET, 0, 0, 0, 0);
	if (!pid) {
		CHECK(ns_ino(getpid()) != ns_ino(getppid()));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(clone3_and_kind)
{
	struct clone_args args = { .flags = CLONE_NEWNET, .exit_signal = SIGCHLD };
	pid_t pid = syscall(SYS_clone3, &args, sizeof(args));
	int fd;

	if (pid < 0 && errno == EINVAL)
		skip("no network namespaces");
	if (!pid) {
		CHECK(ns_ino(getpid()) != ns_ino(getppid()));
		finish();
	}
	expect_exit(pid, 0);
	fd = open("/proc/self/ns/net", O_RDONLY);
	if (is_compat())
		return;		/* Linux 6.1 has these not for 32-bit programs on a 64-bit kernel */
	CHECK_EQ(ioctl(fd, NS_GET_NSTYPE), CLONE_NEWNET);
	CHECK_ERR(ioctl(fd, NS_GET_PARENT), EINVAL);
}

TEST(names_do_not_cross)
{
	int s, c = socket(AF_UNIX, SOCK_STREAM, 0), d = socket(AF_UNIX, SOCK_DGRAM, 0);
	struct sockaddr_un sun;
	socklen_t len = abstract(&sun, "t_netns-d");

	s = listener("t_netns-a");
	REQUIRE(s >= 0);
	CHECK_EQ(bound(SOCK_STREAM, "t_netns-a"), -1);
	CHECK_OK(bound(SOCK_DGRAM, "t_netns-d"));
	new_net();
	/* The old socket looks where it was made, a new one here. */
	CHECK_OK(connect_abstract(c, "t_netns-a"));
	CHECK_EQ(sendto(d, "x", 1, 0, (void *)&sun, len), 1);
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_ERR(connect_abstract(c, "t_netns-a"), ECONNREFUSED);
	d = socket(AF_UNIX, SOCK_DGRAM, 0);
	CHECK_ERR(sendto(d, "x", 1, 0, (void *)&sun, len), ECONNREFUSED);
	CHECK_ERR(connect(d, (void *)&sun, len), ECONNREFUSED);
	/* The same name for the second time. */
	CHECK_OK(listener("t_netns-a"));
	CHECK_EQ(bound(SOCK_STREAM, "t_netns-a"), -1);
	CHECK_OK(connect_abstract(c, "t_netns-a"));
}

TEST(paths_and_descriptors_cross)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX, .sun_path = "node" };
	int s = socket(AF_UNIX, SOCK_STREAM, 0), c, sv[2];
	char ch = 0;

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	REQUIRE(bind(s, (void *)&sun, sizeof(sun)) == 0 && listen(s, 1) == 0);
	new_net();
	c = socket(AF_UNIX, SOCK_STREAM, 0);
	CHECK_OK(connect(c, (void *)&sun, sizeof(sun)));
	CHECK_EQ(write(sv[0], "y", 1), 1);
	CHECK_EQ(read(sv[1], &ch, 1), 1);
	CHECK_EQ(ch, 'y');
}

TEST(autobind_is_per_namespace)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(sun);
	int s = socket(AF_UNIX, SOCK_DGRAM, 0), d;

	CHECK_OK(bind(s, (void *)&sun, sizeof(sa_family_t)));
	CHECK_OK(getsockname(s, (void *)&sun, &len));
	new_net();
	d = socket(AF_UNIX, SOCK_DGRAM, 0);
	CHECK_OK(bind(d, (void *)&sun, len));	/* that name is free here */
}

/* How often does @name stand in the file? */
static int count_in(const char *path, const char *name)
{
	FILE *f = fopen(path, "r");
	char line[512];
	int n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, name) != NULL;
	if (f)
		fclose(f);
	return n;
}

TEST(proc_net)
{
	struct stat st;
	char text[64] = "", path[64];
	pid_t pid = getpid(), child;
	struct gate go;
	int fd;

	CHECK_OK(readlink("/proc/net", text, sizeof(text) - 1));
	CHECK_STR(text, "self/net");
	CHECK_OK(lstat("/proc/self/net", &st));
	CHECK_EQ(st.st_mode, S_IFDIR | 0555);
	snprintf(path, sizeof(path), "/proc/self/task/%d/net/dev", pid);
	CHECK(file_has(path, NET_DEV_HEADING));
	CHECK(file_has("/proc/net/dev", "    lo:"));
	CHECK_OK(listener("t_netns-mine"));
	CHECK_EQ(count_in("/proc/net/unix", "@t_netns-mine"), 1);
	fd = open("/proc/net/unix", O_RDONLY);
	gate_init(&go);
	child = fork();
	if (!child) {
		snprintf(path, sizeof(path), "/proc/%d/net/unix", getppid());
		new_net();
		CHECK_EQ(count_in("/proc/net/unix", "@"), 0);
		CHECK_OK(listener("t_netns-theirs"));
		CHECK_EQ(count_in("/proc/net/unix", "@t_netns-mine"), 0);
		CHECK_EQ(count_in("/proc/net/unix", "@t_netns-theirs"), 1);
		CHECK_EQ(count_in(path, "@t_netns-mine"), 1);
		CHECK_EQ(count_in(path, "@t_netns-theirs"), 0);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		gate_open(&go);
		/* An open file tells of where it was opened. */
		char buf[8192] = "";
		int n = read(fd, buf, sizeof(buf) - 1);

		CHECK(n > 0 && !strstr(buf, "theirs"));
		/* Just "lo", and nothing came through it. */
		CHECK_EQ(count_in("/proc/net/dev", ":"), 1);
		CHECK(file_has("/proc/net/dev", "    lo:       0       0    0    0    0     0          0         0"
			       "        0       0    0    0    0     0       0          0\n"));
		CHECK_ERR(open("/proc/net/unix", O_WRONLY | O_CREAT | O_EXCL, 0600), EEXIST);
		CHECK_ERR(open("/proc/net/nothing", O_RDONLY), ENOENT);
		pause();
	}
	gate_wait(&go);
	snprintf(path, sizeof(path), "/proc/%d/net/unix", child);
	CHECK_EQ(count_in(path, "@t_netns-theirs"), 1);
	CHECK_EQ(count_in(path, "@t_netns-mine"), 0);
	CHECK_EQ(count_in("/proc/net/unix", "@t_netns-theirs"), 0);
	kill(child, SIGKILL);
	waitid(P_PID, child, NULL, WEXITED | WNOWAIT);
	CHECK_ERR(open(path, O_RDONLY), ENOENT);	/* a zombie has none */
	expect_signal(child, SIGKILL);
}

TEST(setns)
{
	int home = open("/proc/self/ns/net", O_RDONLY), there, pidfd;
	ino_t mine = ns_ino(getpid()), theirs;
	struct gate go;
	pid_t child;

	gate_init(&go);
	child = fork();
	if (!child) {
		if (unshare(CLONE_NEWNET) == 0)
			listener("t_netns-there");
		gate_open(&go);
		pause();
	}
	gate_wait(&go);
	theirs = ns_ino(child);
	pidfd = syscall(SYS_pidfd_open, child, 0);
	if (theirs == mine) {
		kill(child, SIGKILL);
		skip("no network namespaces");
	}
	CHECK_OK(setns(pidfd, CLONE_NEWNET));
	CHECK_EQ(ns_ino(getpid()), theirs);
	CHECK_OK(connect_abstract(socket(AF_UNIX, SOCK_STREAM, 0), "t_netns-there"));
	there = open("/proc/self/ns/net", O_RDONLY);
	CHECK_ERR(setns(home, CLONE_NEWUTS), EINVAL);
	CHECK_OK(setns(home, 0));
	CHECK_EQ(ns_ino(getpid()), mine);
	kill(child, SIGKILL);
	expect_signal(child, SIGKILL);
	/* The descriptor keeps it. */
	CHECK_OK(setns(there, CLONE_NEWNET));
	CHECK_EQ(ns_ino(getpid()), theirs);
	CHECK_ERR(connect_abstract(socket(AF_UNIX, SOCK_STREAM, 0), "t_netns-there"), ECONNREFUSED);
	CHECK_OK(setns(home, CLONE_NEWNET));
	child = fork();
	if (!child) {
		become_user();
		CHECK_ERR(setns(there, CLONE_NEWNET), EPERM);
		CHECK_ERR(unshare(CLONE_NEWNET), EPERM);
		/* In a user namespace of one's own: a new one, not an old one. */
		if (unshare(CLONE_NEWUSER) == 0) {
			CHECK_ERR(setns(there, CLONE_NEWNET), EPERM);
			CHECK_OK(unshare(CLONE_NEWNET));
		}
		finish();
	}
	expect_exit(child, 0);
}

TEST(of_a_socket)
{
	int s = socket(AF_UNIX, SOCK_STREAM, 0), fd, owner;
	struct stat st, want;

	REQUIRE(stat("/proc/self/ns/net", &want) == 0);
	new_net();
	fd = CHECK_OK(ioctl(s, SIOCGSKNS));
	CHECK_OK(fstat(fd, &st));
	CHECK_EQ(st.st_ino, want.st_ino);
	CHECK_EQ(st.st_dev, want.st_dev);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	if (!is_compat()) {
		owner = CHECK_OK(ioctl(fd, NS_GET_USERNS));
		CHECK_OK(fstat(owner, &st));
		CHECK_OK(stat("/proc/self/ns/user", &want));
		CHECK_EQ(st.st_ino, want.st_ino);
	}
	CHECK_ERR(ioctl(STDIN_FILENO, SIOCGSKNS), ENOTTY);
	become_user();
	CHECK_ERR(ioctl(s, SIOCGSKNS), EPERM);
}

/* A namespace lives as long as a socket that was made in it. */
TEST(a_socket_keeps_it)
{
	int sv[2], fd, s;
	pid_t child;
	ino_t theirs = 0;
	struct stat st;
	struct msghdr msg = { 0 };
	char control[CMSG_SPACE(sizeof(int))] = "", ch;
	struct iovec iov = { &ch, 1 };
	struct cmsghdr *c;

	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	msg = (struct msghdr){ .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			       .msg_controllen = sizeof(control) };
	c = CMSG_FIRSTHDR(&msg);
	child = fork();
	if (!child) {
		if (unshare(CLONE_NEWNET) < 0)
			_exit(0);
		s = listener("t_netns-kept");
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &s, sizeof(int));
		theirs = ns_ino(getpid());
		CHECK_EQ(sendmsg(sv[1], &msg, 0), 1);
		CHECK_EQ(write(sv[1], &theirs, sizeof(theirs)), sizeof(theirs));
		finish();
	}
	expect_exit(child, 0);
	if (recvmsg(sv[0], &msg, MSG_DONTWAIT) != 1)
		skip("no network namespaces");
	CHECK_EQ(read(sv[0], &theirs, sizeof(theirs)), sizeof(theirs));
	memcpy(&s, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	fd = CHECK_OK(ioctl(s, SIOCGSKNS));
	CHECK_OK(fstat(fd, &st));
	CHECK_EQ(st.st_ino, theirs);
	CHECK_OK(setns(fd, CLONE_NEWNET));
	CHECK_OK(connect_abstract(socket(AF_UNIX, SOCK_STREAM, 0), "t_netns-kept"));
}

TEST(limit)
{
	char old[16] = "";

	new_net();
	if (unshare(CLONE_NEWUSER) < 0)
		skip("no user namespaces");
	CHECK_OK(unshare(CLONE_NEWNET));
	CHECK(read_file("/proc/sys/user/max_net_namespaces", old, sizeof(old)) > 0);
	write_file("/proc/self/uid_map", "0 0 1");
	CHECK_EQ(try_write("/proc/sys/user/max_net_namespaces", "1"), 0);
	CHECK_ERR(unshare(CLONE_NEWNET), ENOSPC);
	CHECK_ERR(syscall(SYS_clone, SIGCHLD | CLONE_NEWNET, 0, 0, 0, 0), ENOSPC);
	CHECK_EQ(try_write("/proc/sys/user/max_net_namespaces", "2"), 0);
	CHECK_OK(unshare(CLONE_NEWNET));
}

TEST(queue_length)
{
	char text[16] = "";
	int sv[2], n;

	CHECK(read_file("/proc/sys/net/unix/max_dgram_qlen", text, sizeof(text)) > 0);
	new_net();
	CHECK_EQ(try_write("/proc/sys/net/unix/max_dgram_qlen", "3"), 0);
	CHECK(file_has("/proc/sys/net/unix/max_dgram_qlen", "3\n"));
	REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM, 0, sv) == 0);
	/* Of each other's peers the limit does not hold; of a third one it does. */
	struct sockaddr_un sun;
	socklen_t len = abstract(&sun, "t_netns-q");
	int s = bound(SOCK_DGRAM, "t_netns-q"), d = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0);

	CHECK_OK(s);
	for (n = 0; sendto(d, "x", 1, 0, (void *)&sun, len) == 1; n++)
		;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(n, 4);
	CHECK_OK(unshare(CLONE_NEWNET));
	CHECK(file_has("/proc/sys/net/unix/max_dgram_qlen", "10\n"));
}
