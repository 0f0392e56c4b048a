// SPDX-License-Identifier: GPL-2.0-only
/* t_epoll.c: epoll: level and edge triggering, one-shot, nesting, lifetimes, refusals. */
#include "tap.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>

static int ep, p[2];

static void setup(void)
{
	ep = epoll_create1(0);
	REQUIRE(ep >= 0 && pipe2(p, O_NONBLOCK) == 0);
}

static int ctl(int op, int fd, unsigned int events, int data)
{
	struct epoll_event ev = { .events = events, .data.fd = data };

	return epoll_ctl(ep, op, fd, &ev);
}

static int ready(struct epoll_event *ev, int max)
{
	return epoll_wait(ep, ev, max, 0);
}

TEST(level_triggered)
{
	struct epoll_event ev[4];

	setup();
	CHECK_OK(ctl(EPOLL_CTL_ADD, p[0], EPOLLIN, 77));
	CHECK_EQ(ready(ev, 4), 0);
	write(p[1], "ab", 2);
	CHECK_EQ(ready(ev, 4), 1);
	CHECK(ev[0].events == EPOLLIN && ev[0].data.fd == 77);
	CHECK_EQ(ready(ev, 4), 1);
	read(p[0], (char[1]){ 0 }, 1);
	CHECK_EQ(ready(ev, 4), 1);
	read(p[0], (char[1]){ 0 }, 1);
	CHECK_EQ(ready(ev, 4), 0);
}

TEST(edge_triggered)
{
	struct epoll_event ev[4];

	setup();
	ctl(EPOLL_CTL_ADD, p[0], EPOLLIN | EPOLLET, 1);
	write(p[1], "a", 1);
	CHECK_EQ(ready(ev, 4), 1);
	CHECK_EQ(ready(ev, 4), 0);
	write(p[1], "b", 1);
	CHECK_EQ(ready(ev, 4), 1);
	CHECK_EQ(ready(ev, 4), 0);
}

TEST(oneshot)
{
	struct epoll_event ev[4];

	setup();
	ctl(EPOLL_CTL_ADD, p[0], EPOLLIN | EPOLLONESHOT, 1);
	write(p[1], "a", 1);
	CHECK_EQ(ready(ev, 4), 1);
	CHECK_EQ(ready(ev, 4), 0);
	write(p[1], "b", 1);
	CHECK_EQ(ready(ev, 4), 0);
	CHECK_OK(ctl(EPOLL_CTL_MOD, p[0], EPOLLIN | EPOLLONESHOT, 2));
	CHECK_EQ(ready(ev, 4), 1);
	CHECK_EQ(ev[0].data.fd, 2);
}

TEST(modify_and_delete)
{
	struct epoll_event ev[4];

	setup();
	ctl(EPOLL_CTL_ADD, p[1], EPOLLIN, 1);
	CHECK_EQ(ready(ev, 4), 0);
	CHECK_OK(ctl(EPOLL_CTL_MOD, p[1], EPOLLOUT, 2));
	CHECK_EQ(ready(ev, 4), 1);
	CHECK(ev[0].events == EPOLLOUT && ev[0].data.fd == 2);
	CHECK_OK(ctl(EPOLL_CTL_DEL, p[1], 0, 0));
	CHECK_EQ(ready(ev, 4), 0);
	CHECK_ERR(ctl(EPOLL_CTL_DEL, p[1], 0, 0), ENOENT);
	CHECK_ERR(ctl(EPOLL_CTL_MOD, p[1], EPOLLIN, 0), ENOENT);
}

TEST(refusals)
{
	struct epoll_event ev[4];

	setup();
	ctl(EPOLL_CTL_ADD, p[0], EPOLLIN, 1);
	CHECK_ERR(ctl(EPOLL_CTL_ADD, p[0], EPOLLIN, 1), EEXIST);
	CHECK_ERR(ctl(EPOLL_CTL_ADD, ep, EPOLLIN, 1), EINVAL);
	CHECK_ERR(ctl(EPOLL_CTL_ADD, 250, EPOLLIN, 1), EBADF);
	CHECK_ERR(ctl(99, p[1], EPOLLIN, 1), EINVAL);
	CHECK_ERR(ctl(EPOLL_CTL_ADD, open("f", O_RDWR | O_CREAT, 0600), EPOLLIN, 1), EPERM);
	CHECK_ERR(ctl(EPOLL_CTL_ADD, open(".", O_RDONLY), EPOLLIN, 1), EPERM);
	CHECK_ERR(epoll_wait(ep, ev, 0, 0), EINVAL);
	CHECK_ERR(epoll_wait(ep, ev, -1, 0), EINVAL);
	CHECK_ERR(epoll_wait(p[0], ev, 4, 0), EINVAL);
	CHECK_ERR(epoll_wait(250, ev, 4, 0), EBADF);
	CHECK_ERR(epoll_create(0), EINVAL);
	CHECK_ERR(epoll_create1(0x1234), EINVAL);
	CHECK_EQ(fcntl(epoll_create1(EPOLL_CLOEXEC), F_GETFD), FD_CLOEXEC);
}

TEST(hangup_and_error)
{
	struct epoll_event ev[4];

	setup();
	ctl(EPOLL_CTL_ADD, p[0], EPOLLIN, 1);
	close(p[1]);
	CHECK_EQ(ready(ev, 4), 1);
	CHECK_EQ(ev[0].events, EPOLLHUP);
	setup();
	ctl(EPOLL_CTL_ADD, p[1], 0, 1);
	close(p[0]);
	CHECK_EQ(ready(ev, 4), 1);
	CHECK_EQ(ev[0].events, EPOLLERR);
}

TEST(closing_removes)
{
	struct epoll_event ev[4];
	int other;

	setup();
	write(p[1], "x", 1);
	ctl(EPOLL_CTL_ADD, p[0], EPOLLIN, 1);
	other = dup(p[0]);
	close(p[0]);
	CHECK_EQ(ready(ev, 4), 1);		/* the open file is still there */
	close(other);
	CHECK_EQ(ready(ev, 4), 0);
}

TEST(waits_and_wakes)
{
	struct epoll_event ev[4];
	long long start = now_ms();
	pid_t pid;

	setup();
	ctl(EPOLL_CTL_ADD, p[0], EPOLLIN, 1);
	CHECK_EQ(epoll_wait(ep, ev, 4, 20), 0);
	CHECK(now_ms() - start >= 20);
	pid = fork();
	if (pid == 0) {
		wait_state(getppid(), 'S');
		write(p[1], "x", 1);
		_exit(0);
	}
	CHECK_EQ(epoll_wait(ep, ev, 4, -1), 1);
	expect_exit(pid, 0);
}

TEST(many_in_turn)
{
	enum { COUNT = 50 };
	struct epoll_event ev[8];
	int fds[COUNT], i, n, seen[COUNT] = { 0 };

	ep = epoll_create1(0);
	for (i = 0; i < COUNT; i++) {
		fds[i] = eventfd(1, EFD_NONBLOCK);
		CHECK_OK(ctl(EPOLL_CTL_ADD, fds[i], EPOLLIN, i));
	}
	/* With room for eight at a time every one gets its turn. */
	for (i = 0; i < COUNT; i += n) {
		int k;

		n = epoll_wait(ep, ev, 8, 0);
		REQUIRE(n > 0);
		for (k = 0; k < n; k++)
			seen[ev[k].data.fd]++;
	}
	for (i = 0; i < COUNT; i++)
		if (!seen[i])
			break;
	CHECK_EQ(i, COUNT);
}

TEST(nested)
{
	struct epoll_event ev[4], inner_ev = { .events = EPOLLIN };
	int inner;

	setup();
	inner = epoll_create1(0);
	CHECK_OK(epoll_ctl(inner, EPOLL_CTL_ADD, p[0], &inner_ev));
	CHECK_OK(ctl(EPOLL_CTL_ADD, inner, EPOLLIN, 5));
	CHECK_EQ(ready(ev, 4), 0);
	write(p[1], "x", 1);
	CHECK_EQ(ready(ev, 4), 1);
	CHECK_EQ(ev[0].data.fd, 5);
	CHECK_ERR(epoll_ctl(inner, EPOLL_CTL_ADD, ep, &inner_ev), ELOOP);
}

TEST(two_registrations_of_one_file)
{
	struct epoll_event ev[4];
	int other;

	setup();
	other = dup(p[0]);
	CHECK_OK(ctl(EPOLL_CTL_ADD, p[0], EPOLLIN, 1));
	CHECK_OK(ctl(EPOLL_CTL_ADD, other, EPOLLIN, 2));
	write(p[1], "x", 1);
	CHECK_EQ(ready(ev, 4), 2);
}

static volatile int signals;

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

TEST(epoll_pwait)
{
	struct epoll_event ev[4];
	long long ts[2] = { 0, 10000000 };
	sigset_t none;

	setup();
	set_handler(SIGUSR1, on_signal, 0);
	block_signal(SIGUSR1);
	raise(SIGUSR1);
	sigemptyset(&none);
	CHECK_ERR(epoll_pwait(ep, ev, 4, 5000, &none), EINTR);
	CHECK_EQ(signals, 1);
	CHECK_EQ(syscall(SYS_epoll_pwait2, ep, ev, 4, ts, NULL, 8), 0);
}

TEST(edge_with_drained_pipe)
{
	struct epoll_event ev[4];
	static char buf[65536];
	int n;

	/* The writer's edge: full, drained, writable again. */
	setup();
	ctl(EPOLL_CTL_ADD, p[1], EPOLLOUT | EPOLLET, 1);
	CHECK_EQ(ready(ev, 4), 1);
	while (write(p[1], buf, 4096) > 0)
		;
	CHECK_EQ(ready(ev, 4), 0);
	while ((n = read(p[0], buf, sizeof(buf))) > 0)
		;
	CHECK_EQ(ready(ev, 4), 1);
	CHECK_EQ(ready(ev, 4), 0);
}
