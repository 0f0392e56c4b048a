// SPDX-License-Identifier: GPL-2.0-only
/* t_seccomp_notify.c: seccomp's user notification: listeners, receiving, replying, passing descriptors. */
#include "tap.h"

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

static long seccomp(unsigned int op, unsigned int flags, void *args)
{
	return syscall(SYS_seccomp, op, flags, args);
}

/* A filter that asks about getppid; the listener, or -1. */
static int new_listener(unsigned int flags)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { ARRAY_SIZE(insns), insns };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | flags, &prog);
}

/* A child under our filter that runs fn and exits with its result. */
static pid_t child_of(int listener, int (*fn)(void))
{
	pid_t pid = fork();

	if (!pid) {
		close(listener);
		_exit(fn());
	}
	return pid;
}

static int ask(void)
{
	long ret = syscall(SYS_getppid);

	return ret >= 0 ? (int)ret & 0xff : 100 + (errno & 0x7f);
}

static struct seccomp_notif receive(int listener)
{
	struct seccomp_notif notif;

	memset(&notif, 0, sizeof(notif));
	CHECK_OK(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &notif));
	return notif;
}

static long answer(int listener, uint64_t id, int error, long val, unsigned int flags)
{
	struct seccomp_notif_resp resp = { .id = id, .error = error, .val = val, .flags = flags };

	return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &resp);
}

static int poll_now(int listener)
{
	struct pollfd p = { listener, POLLIN | POLLOUT, 0 };

	return poll(&p, 1, 0) < 0 ? -1 : p.revents;
}

TEST(receive_and_reply)
{
	int listener = new_listener(0);
	struct seccomp_notif notif;
	pid_t pid;

	REQUIRE(listener >= 0);
	CHECK(fcntl(listener, F_GETFD) & FD_CLOEXEC);
	CHECK_EQ(poll_now(listener), 0);
	pid = child_of(listener, ask);
	notif = receive(listener);
	CHECK_EQ(notif.pid, pid);
	CHECK_EQ(notif.flags, 0);
	CHECK_EQ(notif.data.nr, SYS_getppid);
	CHECK_EQ(poll_now(listener), POLLOUT);
	CHECK_OK(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &notif.id));
	CHECK_OK(answer(listener, notif.id, 0, 42, 0));
	expect_exit(pid, 42);
	CHECK_ERR(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &notif.id), ENOENT);
	CHECK_ERR(answer(listener, notif.id, 0, 42, 0), ENOENT);
}

TEST(reply_with_error)
{
	int listener = new_listener(0);
	pid_t pid = child_of(listener, ask);

	CHECK_OK(answer(listener, receive(listener).id, -EPERM, 0, 0));
	expect_exit(pid, 100 + EPERM);
}

TEST(go_on)
{
	int listener = new_listener(0);
	pid_t pid = child_of(listener, ask);

	CHECK_OK(answer(listener, receive(listener).id, 0, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE));
	expect_exit(pid, getpid() & 0xff);
}

/* In the order they came, to be answered in any. */
TEST(several)
{
	int listener = new_listener(0);
	struct seccomp_notif first, second;
	pid_t a = child_of(listener, ask), b = child_of(listener, ask);

	first = receive(listener);
	second = receive(listener);
	CHECK(first.id != second.id);
	CHECK_OK(answer(listener, second.id, 0, second.pid == (unsigned int)a ? 1 : 2, 0));
	CHECK_OK(answer(listener, first.id, 0, first.pid == (unsigned int)a ? 1 : 2, 0));
	expect_exit(a, 1);
	expect_exit(b, 2);
}

TEST(poll)
{
	int listener = new_listener(0);
	pid_t pid = child_of(listener, ask);
	struct pollfd p = { listener, POLLIN, 0 };

	CHECK_EQ(poll(&p, 1, 5000), 1);
	CHECK_EQ(p.revents, POLLIN);
	CHECK_OK(answer(listener, receive(listener).id, 0, 1, 0));
	expect_exit(pid, 1);
}

/* The listener goes: the caller gets ENOSYS, and so does who comes after. */
TEST(listener_closed)
{
	int listener = new_listener(0);
	pid_t pid = child_of(listener, ask);

	receive(listener);
	close(listener);
	expect_exit(pid, 100 + ENOSYS);
	CHECK_ERR(syscall(SYS_getppid), ENOSYS);
}

static void nothing(int sig)
{
	(void)sig;
}

static int ask_interrupted(void)
{
	set_handler(SIGUSR1, nothing, 0);
	return ask();
}

TEST(caller_interrupted)
{
	int listener = new_listener(0);
	struct seccomp_notif notif;
	pid_t pid = child_of(listener, ask_interrupted);

	notif = receive(listener);
	CHECK_OK(kill(pid, SIGUSR1));
	expect_exit(pid, 100 + EINTR);
	CHECK_ERR(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &notif.id), ENOENT);
	CHECK_ERR(answer(listener, notif.id, 0, 0, 0), ENOENT);
}

TEST(wait_killable)
{
	int listener = new_listener(SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
	struct seccomp_notif notif;
	pid_t pid;

	REQUIRE(listener >= 0);
	pid = child_of(listener, ask_interrupted);
	notif = receive(listener);
	CHECK_OK(kill(pid, SIGUSR1));
	sleep_ms(50);
	CHECK_OK(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &notif.id));
	CHECK_OK(answer(listener, notif.id, 0, 7, 0));
	expect_exit(pid, 7);
	pid = child_of(listener, ask_interrupted);
	receive(listener);
	CHECK_OK(kill(pid, SIGKILL));
	expect_signal(pid, SIGKILL);
}

/* Whose filter it was has gone: nobody is left to call. */
TEST(hang_up)
{
	int sv[2], listener;
	struct pollfd p;
	pid_t pid;

	CHECK_OK(socketpair(AF_UNIX, SOCK_STREAM, 0, sv));
	pid = fork();
	if (!pid) {
		char buf[CMSG_SPACE(sizeof(int))] = { 0 }, byte = 0;
		struct iovec iov = { &byte, 1 };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = buf,
				      .msg_controllen = sizeof(buf) };
		struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

		listener = new_listener(0);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(c), &listener, sizeof(int));
		sendmsg(sv[1], &msg, 0);
		read(sv[1], &byte, 1);
		_exit(0);
	}
	{
		char buf[CMSG_SPACE(sizeof(int))], byte;
		struct iovec iov = { &byte, 1 };
		struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = buf,
				      .msg_controllen = sizeof(buf) };

		CHECK_EQ(recvmsg(sv[0], &msg, 0), 1);
		REQUIRE(CMSG_FIRSTHDR(&msg));
		memcpy(&listener, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(int));
	}
	CHECK_EQ(poll_now(listener), 0);
	CHECK_EQ(write(sv[0], "x", 1), 1);
	expect_exit(pid, 0);
	p = (struct pollfd){ listener, POLLIN, 0 };
	CHECK_EQ(poll(&p, 1, 5000), 1);
	CHECK_EQ(p.revents, POLLHUP);
}

/* ---- descriptors --------------------------------------------------------------------------------- */

static long addfd(int listener, uint64_t id, unsigned int flags, int src, int newfd, unsigned int newflags)
{
	struct seccomp_notif_addfd args = { .id = id, .flags = flags, .srcfd = src, .newfd = newfd,
					    .newfd_flags = newflags };

	return ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &args);
}

/* Reads from the descriptor that the answer names. */
static int read_answer(void)
{
	char byte = 0;
	int fd = syscall(SYS_getppid);

	return fd >= 0 && read(fd, &byte, 1) == 1 ? byte : 99;
}

static int open_with(char byte)
{
	int fd = open("data", O_RDWR | O_CREAT | O_TRUNC, 0600);

	CHECK_EQ(pwrite(fd, &byte, 1, 0), 1);
	return fd;
}

TEST(addfd)
{
	int listener = new_listener(0), src = open_with(11);
	pid_t pid = child_of(listener, read_answer);
	struct seccomp_notif notif = receive(listener);
	long fd = CHECK_OK(addfd(listener, notif.id, 0, src, 0, O_CLOEXEC));

	CHECK(fd >= 0);
	CHECK_OK(answer(listener, notif.id, 0, fd, 0));
	expect_exit(pid, 11);
}

TEST(addfd_at)
{
	int listener = new_listener(0), src = open_with(12);
	pid_t pid = child_of(listener, read_answer);
	struct seccomp_notif notif = receive(listener);

	CHECK_EQ(addfd(listener, notif.id, SECCOMP_ADDFD_FLAG_SETFD, src, 55, 0), 55);
	CHECK_OK(answer(listener, notif.id, 0, 55, 0));
	expect_exit(pid, 12);
}

TEST(addfd_and_send)
{
	int listener = new_listener(0), src = open_with(13);
	pid_t pid = child_of(listener, read_answer);
	struct seccomp_notif notif = receive(listener);

	CHECK(addfd(listener, notif.id, SECCOMP_ADDFD_FLAG_SEND, src, 0, 0) >= 0);
	expect_exit(pid, 13);
	CHECK_ERR(addfd(listener, notif.id, 0, src, 0, 0), ENOENT);
}

TEST(addfd_errors)
{
	int listener = new_listener(0), src = open_with(14);
	pid_t pid = child_of(listener, ask);
	struct seccomp_notif notif;
	struct pollfd p = { listener, POLLIN, 0 };

	CHECK_EQ(poll(&p, 1, 5000), 1);
	notif = receive(listener);
	CHECK_ERR(addfd(listener, notif.id, 4, src, 0, 0), EINVAL);
	CHECK_ERR(addfd(listener, notif.id, 0, src, 0, O_NONBLOCK), EINVAL);
	CHECK_ERR(addfd(listener, notif.id, 0, src, 5, 0), EINVAL);
	CHECK_ERR(addfd(listener, notif.id, 0, 999, 0, 0), EBADF);
	CHECK_ERR(addfd(listener, notif.id + 1, 0, src, 0, 0), ENOENT);
	CHECK_ERR(addfd(listener, notif.id, SECCOMP_ADDFD_FLAG_SETFD, src, 1 << 30, 0), EBADF);
	CHECK_ERR(ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, 8), EFAULT);
	CHECK_OK(answer(listener, notif.id, 0, 3, 0));
	expect_exit(pid, 3);
}

/* ---- what is refused ----------------------------------------------------------------------------- */

TEST(errors)
{
	int listener = new_listener(0);
	struct seccomp_notif notif, full;
	pid_t pid = child_of(listener, ask);
	uint64_t id = 0;

	memset(&full, 1, sizeof(full));
	CHECK_ERR(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &full), EINVAL);
	CHECK_ERR(ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, 8), EFAULT);
	notif = receive(listener);
	CHECK_ERR(answer(listener, notif.id, 0, 0, 2), EINVAL);
	CHECK_ERR(answer(listener, notif.id, 0, 1, SECCOMP_USER_NOTIF_FLAG_CONTINUE), EINVAL);
	CHECK_ERR(answer(listener, notif.id, -1, 0, SECCOMP_USER_NOTIF_FLAG_CONTINUE), EINVAL);
	CHECK_ERR(answer(listener, notif.id + 1, 0, 0, 0), ENOENT);
	CHECK_ERR(ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, 8), EFAULT);
	CHECK_ERR(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, 8), EFAULT);
	CHECK_ERR(ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id), ENOENT);
	CHECK_ERR(ioctl(listener, 0x1234, 0), EINVAL);
	CHECK_OK(answer(listener, notif.id, 0, 5, 0));
	expect_exit(pid, 5);
	CHECK_ERR(new_listener(0), EBUSY);
}

TEST(flags)
{
	struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog prog = { 1, allow };
	unsigned int action = SECCOMP_RET_USER_NOTIF;
	int listener;

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	CHECK_OK(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, &action));
	CHECK_ERR(seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC,
			  &prog), EINVAL);
	CHECK_ERR(seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, &prog), EINVAL);
	listener = seccomp(SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_TSYNC |
			   SECCOMP_FILTER_FLAG_TSYNC_ESRCH, &prog);
	CHECK(listener >= 0);
}

/* Without a listener from the beginning. */
TEST(nobody_listens)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog prog = { ARRAY_SIZE(insns), insns };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	CHECK_OK(seccomp(SECCOMP_SET_MODE_FILTER, 0, &prog));
	CHECK_ERR(syscall(SYS_getppid), ENOSYS);
}
