// SPDX-License-Identifier: GPL-2.0-only
/* t_signalfd.c: signals as something to read. */
#include "tap.h"

#include <poll.h>
#include <sys/signalfd.h>

static sigset_t set_of(int a, int b)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, a);
	sigaddset(&set, b);
	return set;
}

TEST(read)
{
	sigset_t set = set_of(SIGUSR1, SIGRTMIN);
	struct signalfd_siginfo info[4];
	union sigval value = { .sival_int = 321 };
	int fd;

	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
	CHECK_OK(fd);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_ERR(read(fd, info, sizeof(info)), EAGAIN);
	kill(getpid(), SIGUSR1);
	sigqueue(getpid(), SIGRTMIN, value);
	CHECK_EQ(read(fd, info, sizeof(info)), 2 * sizeof(info[0]));
	CHECK_EQ(info[0].ssi_signo, SIGUSR1);
	CHECK_EQ(info[0].ssi_code, SI_USER);
	CHECK_EQ(info[0].ssi_pid, getpid());
	CHECK_EQ(info[1].ssi_signo, SIGRTMIN);
	CHECK_EQ(info[1].ssi_int, 321);
	CHECK_EQ(info[1].ssi_code, SI_QUEUE);
	CHECK_ERR(read(fd, info, 100), EINVAL);
}

TEST(poll_and_change)
{
	sigset_t set = set_of(SIGUSR1, SIGUSR2), other = set_of(SIGUSR2, SIGUSR2);
	struct signalfd_siginfo info;
	struct pollfd poller = { .events = POLLIN };
	int fd;

	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = poller.fd = signalfd(-1, &set, 0);
	CHECK_EQ(poll(&poller, 1, 0), 0);
	raise(SIGUSR1);
	CHECK_EQ(poll(&poller, 1, 0), 1);
	CHECK_EQ(signalfd(fd, &other, 0), fd);
	CHECK_EQ(poll(&poller, 1, 0), 0);
	raise(SIGUSR2);
	CHECK_EQ(read(fd, &info, sizeof(info)), sizeof(info));
	CHECK_EQ(info.ssi_signo, SIGUSR2);
}

TEST(blocked_reader_wakes)
{
	sigset_t set = set_of(SIGCHLD, SIGUSR1);
	struct signalfd_siginfo info;
	pid_t pid;
	int fd;

	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, 0);
	pid = fork();
	if (pid == 0)
		_exit(11);
	CHECK_EQ(read(fd, &info, sizeof(info)), sizeof(info));
	CHECK_EQ(info.ssi_signo, SIGCHLD);
	CHECK_EQ(info.ssi_pid, pid);
	CHECK_EQ(info.ssi_status, 11);
	expect_exit(pid, 11);
}

TEST(refusals)
{
	sigset_t set = set_of(SIGUSR1, SIGKILL);

	CHECK_OK(signalfd(-1, &set, 0));	/* SIGKILL in the set is silently left out */
	CHECK_ERR(signalfd(0, &set, 0), EINVAL);
	CHECK_ERR(signalfd(250, &set, 0), EBADF);
	CHECK_ERR(signalfd(-1, &set, 0x40), EINVAL);
	CHECK_ERR(syscall(SYS_signalfd4, -1, &set, 4, 0), EINVAL);
}
