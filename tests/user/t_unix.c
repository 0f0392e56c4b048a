// SPDX-License-Identifier: GPL-2.0-only
/* t_unix.c: AF_UNIX: socketpair, stream, datagram, seqpacket, names, descriptors, credentials. */
#include "tap.h"

#include <poll.h>
#include <pthread.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>

static int sv[2];
static char buf[300000];

static struct sockaddr_un name(const char *path, socklen_t *len)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	size_t n = strlen(path);

	memcpy(sun.sun_path, path, n);
	*len = offsetof(struct sockaddr_un, sun_path) + n + 1;
	if (path[0] == '@') {			/* abstract */
		sun.sun_path[0] = '\0';
		--*len;
	}
	return sun;
}

static int bound(int type, const char *path)
{
	socklen_t len;
	struct sockaddr_un sun = name(path, &len);
	int fd = socket(AF_UNIX, type, 0);

	REQUIRE(fd >= 0);
	CHECK_OK(bind(fd, (struct sockaddr *)&sun, len));
	return fd;
}

static int connect_to(int type, const char *path)
{
	socklen_t len;
	struct sockaddr_un sun = name(path, &len);
	int fd = socket(AF_UNIX, type, 0);

	REQUIRE(fd >= 0);
	if (connect(fd, (struct sockaddr *)&sun, len) < 0) {
		int err = errno;

		close(fd);
		errno = err;
		return -1;
	}
	return fd;
}

TEST(socketpair_stream)
{
	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	CHECK_EQ(write(sv[0], "ping", 4), 4);
	CHECK_EQ(write(sv[0], "pong", 4), 4);
	CHECK_EQ(read(sv[1], buf, 100), 8);	/* a stream keeps no boundaries */
	CHECK_EQ(write(sv[1], "back", 4), 4);
	CHECK_EQ(read(sv[0], buf, 2), 2);
	CHECK_EQ(recv(sv[0], buf, 100, MSG_PEEK), 2);
	CHECK_EQ(recv(sv[0], buf, 100, 0), 2);
	CHECK_ERR(recv(sv[0], buf, 100, MSG_DONTWAIT), EAGAIN);
	close(sv[1]);
	CHECK_EQ(read(sv[0], buf, 1), 0);
	signal(SIGPIPE, SIG_IGN);
	CHECK_ERR(write(sv[0], "x", 1), EPIPE);
	CHECK_ERR(send(sv[0], "x", 1, MSG_NOSIGNAL), EPIPE);
}

TEST(socketpair_datagram_and_seqpacket)
{
	static const int types[] = { SOCK_DGRAM, SOCK_SEQPACKET };
	size_t i;

	for (i = 0; i < 2; i++) {
		CHECK_OK(socketpair(AF_UNIX, types[i], 0, sv));
		CHECK_EQ(send(sv[0], "one", 3, 0), 3);
		CHECK_EQ(send(sv[0], "", 0, 0), 0);
		CHECK_EQ(send(sv[0], "three", 5, 0), 5);
		CHECK_EQ(recv(sv[1], buf, 100, 0), 3);
		CHECK_EQ(recv(sv[1], buf, 100, 0), 0);
		CHECK_EQ(recv(sv[1], buf, 2, MSG_TRUNC), 5);	/* the true length; the rest is gone */
		CHECK_ERR(recv(sv[1], buf, 100, MSG_DONTWAIT), EAGAIN);
	}
}

TEST(creation)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), value;
	socklen_t len = sizeof(value);

	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK(fcntl(fd, F_GETFL) & O_NONBLOCK);
	CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_TYPE, &value, &len));
	CHECK_EQ(value, SOCK_STREAM);
	CHECK_OK(getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &value, &len));
	CHECK_EQ(value, AF_UNIX);
	CHECK_ERR(socket(AF_UNIX, 77, 0), EINVAL);
	CHECK_ERR(socket(AF_UNIX, SOCK_STREAM, 5), EPROTONOSUPPORT);
	CHECK_ERR(socket(999, SOCK_STREAM, 0), EAFNOSUPPORT);
	CHECK_ERR(read(fd, buf, 1), EINVAL);
	CHECK_ERR(send(fd, "x", 1, MSG_NOSIGNAL), ENOTCONN);
	CHECK_ERR(lseek(fd, 0, SEEK_CUR), ESPIPE);
}

TEST(listen_connect_accept)
{
	struct sockaddr_un sun;
	socklen_t len = sizeof(sun);
	int server = bound(SOCK_STREAM, "sock"), client, peer;
	struct stat st;

	stat("sock", &st);
	CHECK(S_ISSOCK(st.st_mode));
	CHECK_ERR(connect_to(SOCK_STREAM, "sock"), ECONNREFUSED);	/* not listening yet */
	CHECK_OK(listen(server, 5));
	client = connect_to(SOCK_STREAM, "sock");
	CHECK_OK(client);
	CHECK_EQ(write(client, "early", 5), 5);	/* before anyone accepted */
	peer = accept4(server, (struct sockaddr *)&sun, &len, SOCK_CLOEXEC);
	CHECK_OK(peer);
	CHECK_EQ(fcntl(peer, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(len, sizeof(sa_family_t));	/* the client has no name */
	CHECK_EQ(read(peer, buf, 100), 5);
	len = sizeof(sun);
	CHECK_OK(getsockname(server, (struct sockaddr *)&sun, &len));
	CHECK_STR(sun.sun_path, "sock");
	len = sizeof(sun);
	CHECK_OK(getpeername(client, (struct sockaddr *)&sun, &len));
	CHECK_STR(sun.sun_path, "sock");
	close(server);
	CHECK_ERR(connect_to(SOCK_STREAM, "sock"), ECONNREFUSED);
	CHECK_EQ(write(peer, "still", 5), 5);
	CHECK_EQ(read(client, buf, 100), 5);
}

TEST(bind_refusals)
{
	socklen_t len;
	struct sockaddr_un sun = name("sock", &len);
	int fd = bound(SOCK_STREAM, "sock"), other = socket(AF_UNIX, SOCK_STREAM, 0);

	CHECK_ERR(bind(other, (struct sockaddr *)&sun, len), EADDRINUSE);
	sun = name("second", &len);
	CHECK_ERR(bind(fd, (struct sockaddr *)&sun, len), EINVAL);	/* has a name already */
	sun = name("no/dir/sock", &len);
	CHECK_ERR(bind(other, (struct sockaddr *)&sun, len), ENOENT);
	CHECK_ERR(bind(other, (struct sockaddr *)&sun, 200), EINVAL);
	sun.sun_family = 77;
	CHECK_ERR(bind(other, (struct sockaddr *)&sun, len), EINVAL);
	CHECK_ERR(bind(0, (struct sockaddr *)&sun, len), ENOTSOCK);
	CHECK_ERR(bind(250, (struct sockaddr *)&sun, len), EBADF);
	CHECK_ERR(connect_to(SOCK_STREAM, "missing"), ENOENT);
	write_file("plain", "");
	CHECK_ERR(connect_to(SOCK_STREAM, "plain"), ECONNREFUSED);
	listen(fd, 1);
	CHECK_ERR(connect_to(SOCK_DGRAM, "sock"), EPROTOTYPE);
	CHECK_ERR(listen(0, 1), ENOTSOCK);
	CHECK_ERR(accept(other, NULL, NULL), EINVAL);
}

TEST(abstract_names)
{
	struct sockaddr_un sun;
	socklen_t len = sizeof(sun);
	int server = bound(SOCK_STREAM, "@thimble-test"), client;

	listen(server, 1);
	client = connect_to(SOCK_STREAM, "@thimble-test");
	CHECK_OK(client);
	CHECK_OK(getsockname(server, (struct sockaddr *)&sun, &len));
	CHECK_EQ(len, sizeof(sa_family_t) + 13);
	CHECK(sun.sun_path[0] == 0 && memcmp(sun.sun_path + 1, "thimble-test", 12) == 0);
	close(server);
	CHECK_ERR(connect_to(SOCK_STREAM, "@thimble-test"), ECONNREFUSED);
	/* The name went with its socket. */
	close(bound(SOCK_STREAM, "@thimble-test"));
}

TEST(autobind)
{
	struct sockaddr_un sun = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(sun);
	int fd = socket(AF_UNIX, SOCK_DGRAM, 0);

	CHECK_OK(bind(fd, (struct sockaddr *)&sun, sizeof(sa_family_t)));
	CHECK_OK(getsockname(fd, (struct sockaddr *)&sun, &len));
	CHECK_EQ(len, sizeof(sa_family_t) + 6);
	CHECK_EQ(sun.sun_path[0], 0);
}

TEST(datagram_names)
{
	struct sockaddr_un sun, to;
	socklen_t len = sizeof(sun), to_len;
	int a = bound(SOCK_DGRAM, "a"), b = bound(SOCK_DGRAM, "b"), nameless;

	to = name("b", &to_len);
	CHECK_EQ(sendto(a, "hi", 2, 0, (struct sockaddr *)&to, to_len), 2);
	CHECK_EQ(recvfrom(b, buf, 100, 0, (struct sockaddr *)&sun, &len), 2);
	CHECK_STR(sun.sun_path, "a");
	CHECK_EQ(sendto(b, "re", 2, 0, (struct sockaddr *)&sun, len), 2);
	CHECK_EQ(recv(a, buf, 100, 0), 2);
	nameless = socket(AF_UNIX, SOCK_DGRAM, 0);
	CHECK_ERR(send(nameless, "x", 1, 0), ENOTCONN);
	CHECK_OK(connect(nameless, (struct sockaddr *)&to, to_len));
	CHECK_EQ(send(nameless, "x", 1, 0), 1);
	len = sizeof(sun);
	CHECK_EQ(recvfrom(b, buf, 100, 0, (struct sockaddr *)&sun, &len), 1);
	CHECK_EQ(len, 0);
	close(b);
	CHECK_ERR(send(nameless, "x", 1, 0), ECONNREFUSED);
}

static int send_fds(int sock, const int *fds, int count)
{
	char control[CMSG_SPACE(16 * sizeof(int))] = { 0 };
	struct iovec iov = { "F", 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = CMSG_SPACE(count * sizeof(int)) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(cmsg), fds, count * sizeof(int));
	return sendmsg(sock, &msg, 0);
}

static int recv_fds(int sock, int *fds, size_t room, int flags, int *msg_flags)
{
	char control[CMSG_SPACE(16 * sizeof(int))] = { 0 };
	struct iovec iov = { buf, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = room ? CMSG_LEN(room * sizeof(int)) : 0 };
	struct cmsghdr *cmsg;
	int count = 0;

	CHECK_EQ(recvmsg(sock, &msg, flags), 1);
	*msg_flags = msg.msg_flags;
	cmsg = CMSG_FIRSTHDR(&msg);
	if (cmsg && cmsg->cmsg_type == SCM_RIGHTS) {
		count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		memcpy(fds, CMSG_DATA(cmsg), count * sizeof(int));
	}
	return count;
}

TEST(pass_descriptors)
{
	int fds[2], got[4], flags, before;

	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	write_file("f", "passed");
	fds[0] = open("f", O_RDONLY);
	fds[1] = open("/dev/null", O_WRONLY);
	lseek(fds[0], 2, SEEK_SET);
	before = open_fds();
	CHECK_EQ(send_fds(sv[0], fds, 2), 1);
	close(fds[0]);				/* lives on in the message */
	CHECK_EQ(recv_fds(sv[1], got, 4, MSG_CMSG_CLOEXEC, &flags), 2);
	CHECK_EQ(fcntl(got[0], F_GETFD), FD_CLOEXEC);
	CHECK_EQ(read(got[0], buf, 10), 4);
	CHECK(memcmp(buf, "ssed", 4) == 0);
	CHECK_EQ(open_fds(), before + 1);
	/* No room for the second: it is closed, and the message says so. */
	fds[0] = fds[1];
	send_fds(sv[0], fds, 2);
	CHECK_EQ(recv_fds(sv[1], got, 1, 0, &flags), 1);
	CHECK(flags & MSG_CTRUNC);
	fds[0] = 250;
	CHECK_ERR(send_fds(sv[0], fds, 1), EBADF);
}

TEST(undelivered_descriptors_are_closed)
{
	int p[2];

	pipe(p);
	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	send_fds(sv[0], &p[1], 1);
	close(p[1]);
	CHECK_EQ(fcntl(p[0], F_SETFL, O_NONBLOCK), 0);
	CHECK_ERR(read(p[0], buf, 1), EAGAIN);	/* the write end is in flight */
	close(sv[0]);
	close(sv[1]);
	CHECK_EQ(read(p[0], buf, 1), 0);	/* and now closed */
}

/* A socket sent through itself and closed is a cycle that only a collector frees. */
TEST(descriptor_cycle)
{
	int i;

	for (i = 0; i < 50; i++) {
		REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
		CHECK_EQ(send_fds(sv[0], &sv[1], 1), 1);
		CHECK_EQ(send_fds(sv[1], &sv[0], 1), 1);
		close(sv[0]);
		close(sv[1]);
	}
}

TEST(credentials)
{
	char control[CMSG_SPACE(sizeof(struct ucred))];
	struct iovec iov = { buf, 10 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct ucred cred = { 0 };
	socklen_t len = sizeof(cred);
	struct cmsghdr *cmsg;
	int on = 1;
	pid_t pid;

	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	CHECK_OK(getsockopt(sv[0], SOL_SOCKET, SO_PEERCRED, &cred, &len));
	CHECK(cred.pid == getpid() && cred.uid == 0);
	CHECK_OK(setsockopt(sv[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)));
	pid = fork();
	if (pid == 0) {
		become_user();
		write(sv[0], "c", 1);
		finish();
	}
	CHECK_EQ(recvmsg(sv[1], &msg, 0), 1);
	cmsg = CMSG_FIRSTHDR(&msg);
	REQUIRE(cmsg && cmsg->cmsg_type == SCM_CREDENTIALS);
	memcpy(&cred, CMSG_DATA(cmsg), sizeof(cred));
	CHECK(cred.pid == pid && cred.uid == 1000 && cred.gid == 1000);
	expect_exit(pid, 0);
}

TEST(forged_credentials)
{
	char control[CMSG_SPACE(sizeof(struct ucred))] = { 0 };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	struct ucred cred = { .pid = 1, .uid = 0, .gid = 0 };
	pid_t pid;

	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	pid = fork();
	if (pid == 0) {
		become_user();
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_CREDENTIALS;
		cmsg->cmsg_len = CMSG_LEN(sizeof(cred));
		memcpy(CMSG_DATA(cmsg), &cred, sizeof(cred));
		CHECK_ERR(sendmsg(sv[0], &msg, 0), EPERM);
		cred.pid = getpid();
		cred.uid = cred.gid = 1000;
		memcpy(CMSG_DATA(cmsg), &cred, sizeof(cred));
		CHECK_EQ(sendmsg(sv[0], &msg, 0), 1);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(shutdown)
{
	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	write(sv[0], "last", 4);
	CHECK_OK(shutdown(sv[0], SHUT_WR));
	CHECK_ERR(send(sv[0], "x", 1, MSG_NOSIGNAL), EPIPE);
	CHECK_EQ(read(sv[1], buf, 100), 4);
	CHECK_EQ(read(sv[1], buf, 100), 0);
	CHECK_EQ(write(sv[1], "other way", 9), 9);
	CHECK_EQ(read(sv[0], buf, 100), 9);
	CHECK_ERR(shutdown(sv[0], 7), EINVAL);
	CHECK_ERR(shutdown(0, SHUT_RD), ENOTSOCK);
}

static void *say_and_leave(void *arg)
{
	CHECK_EQ(write(sv[1], "last", 4), 4);
	close(sv[1]);
	return arg;
}

/* What was sent before the end is read before the end, though both come while the reader looks. */
TEST(last_words)
{
	static const int types[] = { SOCK_STREAM, SOCK_SEQPACKET };
	pthread_t thread;
	int i;

	for (i = 0; i < 1000; i++) {
		REQUIRE(socketpair(AF_UNIX, types[i % 2], 0, sv) == 0);
		REQUIRE(pthread_create(&thread, NULL, say_and_leave, NULL) == 0);
		CHECK_EQ(read(sv[0], buf, 100), 4);
		CHECK_EQ(read(sv[0], buf, 100), 0);
		pthread_join(thread, NULL);
		close(sv[0]);
	}
}

TEST(poll)
{
	struct pollfd fds[2];
	int server = bound(SOCK_STREAM, "sock");

	listen(server, 2);
	fds[0] = (struct pollfd){ server, POLLIN, 0 };
	CHECK_EQ(poll(fds, 1, 0), 0);
	connect_to(SOCK_STREAM, "sock");
	CHECK_EQ(poll(fds, 1, 0), 1);
	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	fds[0] = (struct pollfd){ sv[0], POLLIN | POLLOUT | POLLRDHUP, 0 };
	poll(fds, 1, 0);
	CHECK_EQ(fds[0].revents, POLLOUT);
	write(sv[1], "x", 1);
	poll(fds, 1, 0);
	CHECK_EQ(fds[0].revents, POLLIN | POLLOUT);
	shutdown(sv[1], SHUT_WR);
	poll(fds, 1, 0);
	CHECK_EQ(fds[0].revents, POLLIN | POLLOUT | POLLRDHUP);
	close(sv[1]);
	poll(fds, 1, 0);
	CHECK_EQ(fds[0].revents, POLLIN | POLLOUT | POLLRDHUP | POLLHUP);
}

TEST(blocking_and_capacity)
{
	size_t total = 0;
	ssize_t n;
	pid_t pid;

	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	pid = fork();
	if (pid == 0) {
		size_t done = 0;

		close(sv[1]);
		while (done < sizeof(buf)) {
			n = write(sv[0], buf, sizeof(buf) - done);
			REQUIRE(n > 0);
			done += n;
		}
		finish();
	}
	close(sv[0]);
	while ((n = read(sv[1], buf, 10000)) > 0)
		total += n;
	CHECK_EQ(total, sizeof(buf));
	expect_exit(pid, 0);
	socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, sv);
	while ((n = write(sv[0], buf, 4096)) > 0)
		;
	CHECK_EQ(errno, EAGAIN);
}

TEST(backlog)
{
	socklen_t len;
	struct sockaddr_un sun = name("sock", &len);
	int server = bound(SOCK_STREAM, "sock"), fd, made = 0;

	listen(server, 2);
	do {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
	} while (connect(fd, (struct sockaddr *)&sun, len) == 0 && ++made < 20);
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(made, 3);
	CHECK_OK(accept(server, NULL, NULL));
	CHECK_OK(connect(fd, (struct sockaddr *)&sun, len));
}

TEST(timeouts_and_options)
{
	struct timeval tv = { 0, 20000 };
	socklen_t len = sizeof(int);
	long long start = now_ms();
	int value = 0;

	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	CHECK_OK(setsockopt(sv[0], SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv)));
	CHECK_ERR(read(sv[0], buf, 1), EAGAIN);
	CHECK(now_ms() - start >= 5);	/* Linux counts ticks, which a busy host deals out in lumps */
	CHECK_OK(getsockopt(sv[0], SOL_SOCKET, SO_SNDBUF, &value, &len));
	CHECK(value > 4096);
	CHECK_OK(getsockopt(sv[0], SOL_SOCKET, SO_ERROR, &value, &len));
	CHECK_EQ(value, 0);
	CHECK_OK(getsockopt(sv[0], SOL_SOCKET, SO_ACCEPTCONN, &value, &len));
	CHECK_EQ(value, 0);
	CHECK_ERR(setsockopt(sv[0], SOL_SOCKET, 9999, &value, 4), ENOPROTOOPT);
	CHECK_ERR(getsockopt(0, SOL_SOCKET, SO_TYPE, &value, &len), ENOTSOCK);
	write(sv[1], "abc", 3);
	CHECK_OK(ioctl(sv[0], FIONREAD, &value));
	CHECK_EQ(value, 3);
}

TEST(waitall_and_vectors)
{
	struct iovec out[] = { { "ab", 2 }, { "cde", 3 } };
	struct mmsghdr many[3] = { 0 };
	struct iovec in[3] = { { buf, 10 }, { buf + 10, 10 }, { buf + 20, 10 } };
	int i;
	pid_t pid;

	socketpair(AF_UNIX, SOCK_STREAM, 0, sv);
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(writev(sv[0], out, 2), 5);
		sleep_ms(10);
		CHECK_EQ(write(sv[0], "fgh", 3), 3);
		finish();
	}
	CHECK_EQ(recv(sv[1], buf, 8, MSG_WAITALL), 8);
	CHECK(memcmp(buf, "abcdefgh", 8) == 0);
	expect_exit(pid, 0);
	socketpair(AF_UNIX, SOCK_DGRAM, 0, sv);
	for (i = 0; i < 3; i++) {
		many[i].msg_hdr.msg_iov = &in[i];
		many[i].msg_hdr.msg_iovlen = 1;
	}
	CHECK_EQ(sendmmsg(sv[0], many, 3, 0), 3);
	CHECK_EQ(recvmmsg(sv[1], many, 3, 0, NULL), 3);
	CHECK_EQ(many[2].msg_len, 10);
}

TEST(permissions)
{
	int server = bound(SOCK_STREAM, "sock");
	pid_t pid;

	listen(server, 3);
	CHECK_OK(chmod("sock", 0700));
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(connect_to(SOCK_STREAM, "sock"), EACCES);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(chmod("sock", 0777));
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_OK(connect_to(SOCK_STREAM, "sock"));
		finish();
	}
	expect_exit(pid, 0);
}

/* The line of /proc/net/unix about this socket, without the number at its beginning; NULL: there is none. */
static const char *proc_line(int fd, char *text)
{
	char *line, *rest, *save = NULL;
	unsigned long inode;
	struct stat st;

	CHECK_OK(fstat(fd, &st));
	REQUIRE(read_file("/proc/net/unix", text, sizeof(buf)) > 0);
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		rest = strchr(line, ' ');
		if (rest && sscanf(rest, " %*x %*x %*x %*x %*x %lu", &inode) == 1 && inode == st.st_ino)
			return rest + 1;
	}
	return NULL;
}

TEST(proc_net_unix)
{
	int path = bound(SOCK_STREAM, "listener"), abstract = bound(SOCK_DGRAM, "@in\tvisible"), i;
	const char *line;
	int more[40];

	CHECK(file_has("/proc/net/unix", "Num       RefCount Protocol Flags    Type St Inode Path\n"));
	CHECK_OK(listen(path, 5));
	line = proc_line(path, buf);
	CHECK(line && strstr(line, " 00010000 0001 01 ") && strstr(line, " listener"));
	line = proc_line(abstract, buf);
	CHECK(line && strstr(line, " 00000000 0002 01 ") && strstr(line, " @in\tvisible"));
	CHECK_OK(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, sv));
	for (i = 0; i < 2; i++) {
		line = proc_line(sv[i], buf);
		CHECK(line && strstr(line, " 00000000 00000000 0005 03 "));
	}
	for (i = 0; i < 40; i++)
		more[i] = socket(AF_UNIX, SOCK_STREAM, 0);
	for (i = 0; i < 40; i++)
		CHECK(proc_line(more[i], buf));
	CHECK(connect_to(SOCK_STREAM, "listener") >= 0);
	CHECK(file_has("/proc/net/unix", " 0001 02 "));	/* not accepted: without a file */
	CHECK_OK(access("/proc/net/unix", R_OK));
}

/* Reading the list while sockets come, connect (or fail to) and go. */
TEST(proc_net_unix_changing)
{
	int full = bound(SOCK_STREAM, "full"), i, n, pair[2];
	pid_t pids[3];

	CHECK_OK(listen(full, 0));
	CHECK(connect_to(SOCK_STREAM, "full") >= 0);
	for (n = 0; n < 3; n++) {
		pids[n] = fork();
		if (pids[n] == 0) {
			for (i = 0; i < 300; i++) {
				CHECK_OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair));
				close(pair[i & 1]);
				close(pair[!(i & 1)]);
				CHECK_ERR(connect_to(SOCK_STREAM, "nowhere"), ENOENT);
			}
			finish();
		}
	}
	for (i = 0; i < 30; i++)
		CHECK(proc_line(full, buf));
	for (n = 0; n < 3; n++)
		expect_exit(pids[n], 0);
}

/* ---- urgent data ----------------------------------------------------------------------------- */

static volatile sig_atomic_t urgent;

static void on_urgent(int sig)
{
	urgent += sig == SIGURG;
}

TEST(urgent_byte)
{
	struct pollfd pfd = { .events = POLLIN | POLLPRI };
	int n;

	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	signal(SIGURG, on_urgent);
	n = getpid();
	CHECK_OK(ioctl(sv[1], FIOSETOWN, &n));
	n = 0;
	CHECK_OK(ioctl(sv[1], SIOCGPGRP, &n));
	CHECK_EQ(n, getpid());
	CHECK_EQ(fcntl(sv[1], F_GETOWN), getpid());
	n = 0x3fffffff;
	CHECK_ERR(ioctl(sv[1], SIOCSPGRP, &n), ESRCH);
	CHECK_ERR(ioctl(sv[1], SIOCSPGRP, (void *)8), EFAULT);
	CHECK_ERR(recv(sv[1], buf, 1, MSG_OOB), EINVAL);
	CHECK_ERR(send(sv[0], "", 0, MSG_OOB), EOPNOTSUPP);
	CHECK_EQ(send(sv[0], "abc", 3, MSG_OOB), 3);
	CHECK_EQ(urgent, 1);
	pfd.fd = sv[1];
	CHECK_EQ(poll(&pfd, 1, 0), 1);
	CHECK_EQ(pfd.revents, POLLIN | POLLPRI);
	CHECK_OK(ioctl(sv[1], SIOCATMARK, &n));
	CHECK_EQ(n, 0);
	CHECK_OK(ioctl(sv[1], FIONREAD, &n));
	CHECK_EQ(n, 3);
	CHECK_EQ(recv(sv[1], buf, 9, MSG_OOB | MSG_PEEK), 1);
	CHECK_EQ(buf[0], 'c');
	CHECK_EQ(recv(sv[1], buf, 9, 0), 2);	/* up to the mark */
	CHECK_OK(ioctl(sv[1], SIOCATMARK, &n));
	CHECK_EQ(n, 1);
	CHECK_EQ(recv(sv[1], buf, 9, MSG_OOB), 1);
	CHECK_EQ(buf[0], 'c');
	CHECK_ERR(recv(sv[1], buf, 9, MSG_OOB), EINVAL);
	CHECK_ERR(recv(sv[1], buf, 9, MSG_DONTWAIT), EAGAIN);
	CHECK_ERR(recv(sv[1], NULL, 0, MSG_OOB), EINVAL);
	CHECK_OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, sv));
	CHECK_ERR(send(sv[0], "a", 1, MSG_OOB), EOPNOTSUPP);
	CHECK_ERR(recv(sv[0], buf, 1, MSG_OOB), EOPNOTSUPP);
}

TEST(urgent_mark)
{
	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	CHECK_EQ(send(sv[0], "ab", 2, MSG_OOB), 2);
	CHECK_EQ(send(sv[0], "cd", 2, 0), 2);
	CHECK_EQ(recv(sv[1], buf, 9, MSG_OOB), 1);
	CHECK_EQ(buf[0], 'b');
	CHECK_EQ(recv(sv[1], buf, 9, 0), 1);	/* the place of a byte that was taken ends a read */
	CHECK_EQ(recv(sv[1], buf, 9, 0), 2);
	CHECK_EQ(memcmp(buf, "cd", 2), 0);

	/* Never asked for: the next read passes it by. */
	CHECK_EQ(send(sv[0], "ab", 2, MSG_OOB), 2);
	CHECK_EQ(send(sv[0], "cd", 2, 0), 2);
	CHECK_EQ(recv(sv[1], buf, 9, 0), 1);
	CHECK_EQ(recv(sv[1], buf, 9, 0), 2);
	CHECK_EQ(memcmp(buf, "cd", 2), 0);

	/* A second one makes an ordinary byte of the first. */
	CHECK_EQ(send(sv[0], "ab", 2, MSG_OOB), 2);
	CHECK_EQ(send(sv[0], "cd", 2, MSG_OOB), 2);
	CHECK_EQ(recv(sv[1], buf, 9, MSG_OOB), 1);
	CHECK_EQ(buf[0], 'd');
	CHECK_EQ(recv(sv[1], buf, 9, 0), 3);
	CHECK_EQ(memcmp(buf, "abc", 3), 0);
	CHECK_ERR(recv(sv[1], buf, 9, MSG_DONTWAIT), EAGAIN);
}

TEST(urgent_inline)
{
	int on = 1, n;

	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	CHECK_OK(setsockopt(sv[1], SOL_SOCKET, SO_OOBINLINE, &on, sizeof(on)));
	CHECK_EQ(send(sv[0], "ab", 2, MSG_OOB), 2);
	CHECK_EQ(send(sv[0], "cd", 2, 0), 2);
	CHECK_ERR(recv(sv[1], buf, 9, MSG_OOB), EINVAL);
	CHECK_EQ(recv(sv[1], buf, 9, 0), 1);
	CHECK_OK(ioctl(sv[1], SIOCATMARK, &n));
	CHECK_EQ(n, 1);
	CHECK_EQ(recv(sv[1], buf, 9, 0), 3);
	CHECK_EQ(memcmp(buf, "bcd", 3), 0);
}

/* ---- options --------------------------------------------------------------------------------- */

/* What a datagram's control data says of the time, as ns; -1: nothing. */
static long long stamp_of(int fd, int type)
{
	union {
		char space[128];
		struct cmsghdr head;
	} control = { 0 };
	struct iovec v = { buf, 9 };
	struct msghdr msg = { .msg_iov = &v, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = 128 };
	bool wide = type == SO_TIMESTAMP_NEW || type == SO_TIMESTAMPNS_NEW;
	bool ns = type == SO_TIMESTAMPNS_OLD || type == SO_TIMESTAMPNS_NEW;
	size_t size = wide ? 16 : 2 * sizeof(long);
	long long both[2];
	long words[2];

	REQUIRE(recvmsg(fd, &msg, 0) == 1);
	if (!msg.msg_controllen)
		return -1;
	CHECK_EQ(control.head.cmsg_level, SOL_SOCKET);
	CHECK_EQ(control.head.cmsg_type, type);
	CHECK_EQ(control.head.cmsg_len, CMSG_LEN(size));
	memcpy(both, CMSG_DATA(&control.head), sizeof(both));
	memcpy(words, CMSG_DATA(&control.head), sizeof(words));
	if (!wide) {
		both[0] = words[0];
		both[1] = words[1];
	}
	return both[0] * 1000000000 + both[1] * (ns ? 1 : 1000);
}

static long long real_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return ts.tv_sec * 1000000000LL + ts.tv_nsec;
}

TEST(time_stamps)
{
	int types[] = { SO_TIMESTAMP_OLD, SO_TIMESTAMPNS_OLD, SO_TIMESTAMP_NEW, SO_TIMESTAMPNS_NEW };
	int on = 1, off = 0, value;
	socklen_t len = sizeof(value);

	for (int i = 0; i < 4; i++) {
		long long before, sent, stamp;

		CHECK_OK(socketpair(AF_UNIX, i % 2 ? SOCK_SEQPACKET : SOCK_DGRAM, 0, sv));
		CHECK_OK(setsockopt(sv[1], SOL_SOCKET, types[i], &on, sizeof(on)));
		for (int j = 0; j < 4; j++) {
			CHECK_OK(getsockopt(sv[1], SOL_SOCKET, types[j], &value, &len));
			CHECK_EQ(value, i == j || (i == 3 && j == 2));
		}
		before = real_ns();
		CHECK_EQ(send(sv[0], "x", 1, 0), 1);
		sent = real_ns();
		sleep_ms(20);
		stamp = stamp_of(sv[1], types[i]);
		CHECK(stamp >= before - 1000 && stamp <= sent);	/* when it was queued, not when it is read */
		CHECK_OK(setsockopt(sv[1], SOL_SOCKET, types[i], &off, sizeof(off)));
		CHECK_EQ(send(sv[0], "x", 1, 0), 1);
		CHECK_EQ(stamp_of(sv[1], types[i]), -1);
		close(sv[0]);
		close(sv[1]);
	}
}

/* Options that a local socket only remembers, and what they refuse. */
TEST(remembered_options)
{
	static const struct {
		int name, good, bad;		/* bad 0: none */
	} options[] = {
		{ SO_NO_CHECK, 1, 0 }, { SO_RXQ_OVFL, 1, 0 }, { SO_WIFI_STATUS, 1, 0 }, { SO_NOFCS, 1, 0 },
		{ SO_SELECT_ERR_QUEUE, 1, 0 }, { SO_PASSSEC, 1, 0 }, { SO_PREFER_BUSY_POLL, 1, 0 },
		{ SO_BUSY_POLL, 50, -1 }, { SO_INCOMING_CPU, 0, 0 },
		{ SO_MAX_PACING_RATE, 4711, 0 }, { SO_TXREHASH, 1, 2 }, { SO_BUF_LOCK, 3, 4 },
		{ SO_TIMESTAMPING_OLD, 16, 1 << 30 },
	};
	int value;
	socklen_t len = sizeof(value);

	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	for (unsigned int i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		if (options[i].bad)
			CHECK_ERR(setsockopt(sv[0], SOL_SOCKET, options[i].name, &options[i].bad, 4), EINVAL);
		CHECK_OK(setsockopt(sv[0], SOL_SOCKET, options[i].name, &options[i].good, 4));
		CHECK_OK(getsockopt(sv[0], SOL_SOCKET, options[i].name, &value, &len));
		CHECK_EQ(value, options[i].good);
	}
	value = 1;
	CHECK_ERR(setsockopt(sv[0], SOL_SOCKET, SO_REUSEPORT, &value, 4), EOPNOTSUPP);
	CHECK_ERR(setsockopt(sv[0], SOL_SOCKET, SO_ZEROCOPY, &value, 4), EOPNOTSUPP);
	CHECK_ERR(setsockopt(sv[0], SOL_SOCKET, SO_RESERVE_MEM, &value, 4), EOPNOTSUPP);
	CHECK_ERR(setsockopt(sv[0], SOL_SOCKET, SO_TXTIME, &value, 4), EINVAL);
	CHECK_OK(getsockopt(sv[0], SOL_SOCKET, SO_BSDCOMPAT, &value, &len));
	CHECK_EQ(value, 0);
	CHECK_ERR(getsockopt(sv[0], SOL_SOCKET, 9999, &value, (void *)8), EFAULT);	/* the length first */
	len = -1;
	CHECK_ERR(getsockopt(sv[0], SOL_SOCKET, 9999, &value, &len), EINVAL);
	become_user();
	value = 100;
	CHECK_ERR(setsockopt(sv[1], SOL_SOCKET, SO_BUSY_POLL, &value, 4), EPERM);
	CHECK_ERR(setsockopt(sv[1], SOL_SOCKET, SO_PREFER_BUSY_POLL, &value, 4), EPERM);
}

TEST(cookies)
{
	unsigned long long a = 0, b = 0, again = 0;
	unsigned int mem[9];
	socklen_t len = sizeof(a);

	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	CHECK_OK(getsockopt(sv[0], SOL_SOCKET, SO_COOKIE, &a, &len));
	CHECK_OK(getsockopt(sv[1], SOL_SOCKET, SO_COOKIE, &b, &len));
	CHECK_OK(getsockopt(sv[0], SOL_SOCKET, SO_COOKIE, &again, &len));
	CHECK(a && b && a != b && a == again);
	len = 4;
	CHECK_ERR(getsockopt(sv[0], SOL_SOCKET, SO_COOKIE, &a, &len), EINVAL);
	len = sizeof(mem);
	CHECK_OK(getsockopt(sv[0], SOL_SOCKET, SO_MEMINFO, mem, &len));
	CHECK_EQ(len, sizeof(mem));
	len = 4;
	CHECK_OK(getsockopt(sv[0], SOL_SOCKET, SO_RCVBUF, &mem[0], &len));
	CHECK_EQ(mem[1], mem[0]);
}

TEST(order_of_refusals)
{
	socklen_t len;
	struct sockaddr_un sun = name("there", &len);
	int listener = bound(SOCK_STREAM, "there"), fd, other;

	/* The name is looked at first, then whether the socket has one already. */
	CHECK_ERR(bind(listener, (struct sockaddr *)&sun, len), EADDRINUSE);
	sun = name("elsewhere", &len);
	CHECK_ERR(bind(listener, (struct sockaddr *)&sun, len), EINVAL);
	CHECK_ERR(access("elsewhere", F_OK), ENOENT);
	CHECK_ERR(syscall(SYS_connect, 0, (void *)8, 10), EFAULT);	/* the address before what the file is */
	CHECK_ERR(syscall(SYS_accept4, 99, NULL, NULL, ~0), EBADF);
	CHECK_ERR(syscall(SYS_accept4, 0, NULL, NULL, ~0), EINVAL);
	/* A full backlog is said before that the caller is connected. */
	CHECK_OK(listen(listener, 0));
	fd = connect_to(SOCK_STREAM, "there");
	CHECK(fd >= 0);
	sun = name("there", &len);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	CHECK_ERR(connect(fd, (struct sockaddr *)&sun, len), EAGAIN);
	other = accept(listener, NULL, NULL);
	CHECK(other >= 0);
	CHECK_ERR(connect(fd, (struct sockaddr *)&sun, len), EISCONN);
}
