// SPDX-License-Identifier: GPL-2.0-only
/* t_poll.c: poll and ppoll. */
#include "tap.h"

#include <poll.h>
#include <sys/resource.h>

static int p[2];

static pid_t write_later(int fd, int ms)
{
	pid_t pid = fork();

	if (pid == 0) {
		sleep_ms(ms);
		write(fd, "x", 1);
		_exit(0);
	}
	return pid;
}

TEST(timeouts)
{
	struct timespec ts = { 0, 15000000 };
	long long start = now_ms();

	CHECK_EQ(poll(NULL, 0, 0), 0);
	CHECK_EQ(poll(NULL, 0, 20), 0);
	CHECK(now_ms() - start >= 20);
	start = now_ms();
	CHECK_EQ(ppoll(NULL, 0, &ts, NULL), 0);
	CHECK(now_ms() - start >= 14);
	ts.tv_nsec = -1;
	CHECK_ERR(ppoll(NULL, 0, &ts, NULL), EINVAL);
}

TEST(revents)
{
	struct pollfd fds[4];

	pipe(p);
	fds[0] = (struct pollfd){ p[0], POLLIN, 99 };
	fds[1] = (struct pollfd){ p[1], POLLOUT, 99 };
	fds[2] = (struct pollfd){ -1, POLLIN, 99 };
	fds[3] = (struct pollfd){ 250, POLLIN, 99 };
	CHECK_EQ(poll(fds, 4, -1), 2);
	CHECK_EQ(fds[0].revents, 0);
	CHECK_EQ(fds[1].revents, POLLOUT);
	CHECK_EQ(fds[2].revents, 0);
	CHECK_EQ(fds[3].revents, POLLNVAL);
}

TEST(regular_files_are_always_ready)
{
	struct pollfd fd = { .events = POLLIN | POLLOUT };

	fd.fd = open("f", O_RDWR | O_CREAT, 0600);
	CHECK_EQ(poll(&fd, 1, 0), 1);
	CHECK_EQ(fd.revents, POLLIN | POLLOUT);
	fd.fd = open("/dev/null", O_RDWR);
	CHECK_EQ(poll(&fd, 1, 0), 1);
	fd.events = 0;
	CHECK_EQ(poll(&fd, 1, 0), 0);
}

TEST(wakes)
{
	struct pollfd fd;
	pid_t pid;

	pipe(p);
	fd = (struct pollfd){ p[0], POLLIN, 0 };
	pid = write_later(p[1], 20);
	CHECK_EQ(poll(&fd, 1, 5000), 1);
	CHECK_EQ(fd.revents, POLLIN);
	expect_exit(pid, 0);
}

TEST(hangup_wakes)
{
	struct pollfd fd;
	pid_t pid;

	pipe(p);
	fd = (struct pollfd){ p[0], 0, 0 };
	pid = fork();
	if (pid == 0) {
		wait_state(getppid(), 'S');
		_exit(0);
	}
	close(p[1]);
	CHECK_EQ(poll(&fd, 1, 5000), 1);
	CHECK_EQ(fd.revents, POLLHUP);		/* reported without being asked for */
	expect_exit(pid, 0);
}

static volatile int signals;

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

TEST(ppoll_mask)
{
	struct timespec ts = { 5, 0 };
	sigset_t none;

	set_handler(SIGUSR1, on_signal, SA_RESTART);
	block_signal(SIGUSR1);
	raise(SIGUSR1);
	sigemptyset(&none);
	CHECK_ERR(ppoll(NULL, 0, &ts, &none), EINTR);
	CHECK_EQ(signals, 1);
	raise(SIGUSR1);
	CHECK_EQ(signals, 1);			/* blocked again afterwards */
	CHECK_EQ(ts.tv_sec, 5);
	ts.tv_sec = 0;
	CHECK_EQ(ppoll(NULL, 0, &ts, NULL), 0);
}

TEST(limits)
{
	struct rlimit lim = { 10, 10 };
	static struct pollfd fds[100];
	int i;

	for (i = 0; i < 100; i++)
		fds[i].fd = -1;
	CHECK_EQ(poll(fds, 100, 0), 0);
	setrlimit(RLIMIT_NOFILE, &lim);
	CHECK_ERR(poll(fds, 100, 0), EINVAL);
	CHECK_ERR(poll((struct pollfd *)8, 1, 0), EFAULT);
}

TEST(many)
{
	static struct pollfd fds[200];
	int pipes[100][2], i, n;

	for (i = 0; i < 100; i++) {
		REQUIRE(pipe(pipes[i]) == 0);
		fds[2 * i] = (struct pollfd){ pipes[i][0], POLLIN, 0 };
		fds[2 * i + 1] = (struct pollfd){ pipes[i][1], POLLOUT, 0 };
	}
	write(pipes[42][1], "x", 1);
	n = poll(fds, 200, 0);
	CHECK_EQ(n, 101);
	CHECK_EQ(fds[84].revents, POLLIN);
	CHECK_EQ(fds[86].revents, 0);
}

/* What has no poll operation of its own: O_PATH descriptors are none, closed ones neither. */
TEST(path_only)
{
	struct pollfd fds[3];

	write_file("f", "x");
	fds[0] = (struct pollfd){ open("f", O_PATH), POLLIN, -1 };
	fds[1] = (struct pollfd){ open("f", O_RDWR), POLLIN, -1 };
	fds[2] = (struct pollfd){ 1000, POLLIN, -1 };
	CHECK_EQ(poll(fds, 3, 1000), 3);
	CHECK_EQ(fds[0].revents, POLLNVAL);
	CHECK_EQ(fds[1].revents, POLLIN);
	CHECK_EQ(fds[2].revents, POLLNVAL);
}

/* The answers are written even where they are what was there, and only they are written. */
TEST(answer_faults)
{
	struct pollfd *fds = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	pipe(p);
	for (i = 0; i < 100; i++)
		fds[i] = (struct pollfd){ p[0], POLLIN, 0 };
	CHECK_EQ(poll(fds, 100, 0), 0);
	mprotect(fds, 4096, PROT_READ);
	CHECK_ERR(poll(fds, 100, 0), EFAULT);
	mprotect(fds, 4096, PROT_READ | PROT_WRITE);
	write(p[1], "x", 1);
	CHECK_EQ(poll(fds, 100, -1), 100);
	for (i = 0; i < 100; i++)
		CHECK(fds[i].fd == p[0] && fds[i].events == POLLIN && fds[i].revents == POLLIN);
}
