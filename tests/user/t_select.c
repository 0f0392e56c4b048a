// SPDX-License-Identifier: GPL-2.0-only
/* t_select.c: select and pselect. */
#include "tap.h"

#include <sys/select.h>

static int p[2];

TEST(ready_sets)
{
	fd_set r, w, e;
	struct timeval tv = { 0, 0 };
	int max;

	pipe(p);
	max = p[0] > p[1] ? p[0] : p[1];
	FD_ZERO(&r);
	FD_ZERO(&w);
	FD_ZERO(&e);
	FD_SET(p[0], &r);
	FD_SET(p[1], &w);
	FD_SET(p[0], &e);
	CHECK_EQ(select(max + 1, &r, &w, &e, &tv), 1);
	CHECK(!FD_ISSET(p[0], &r) && FD_ISSET(p[1], &w) && !FD_ISSET(p[0], &e));
	write(p[1], "x", 1);
	FD_SET(p[0], &r);
	CHECK_EQ(select(max + 1, &r, &w, NULL, &tv), 2);
	CHECK(FD_ISSET(p[0], &r));
}

TEST(timeout_is_updated)
{
	struct timeval tv = { 0, 20000 };
	long long start = now_ms();
	fd_set r;

	CHECK_EQ(select(0, NULL, NULL, NULL, &tv), 0);
	CHECK(now_ms() - start >= 20);
	CHECK(tv.tv_sec == 0 && tv.tv_usec == 0);
	pipe(p);
	write(p[1], "x", 1);
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	tv.tv_sec = 5;
	CHECK_EQ(select(p[0] + 1, &r, NULL, NULL, &tv), 1);
	CHECK(tv.tv_sec >= 4);			/* Linux leaves the time that was left */
}

TEST(refusals)
{
	struct timeval bad = { -1, 0 };
	fd_set r;

	CHECK_ERR(select(-1, NULL, NULL, NULL, NULL), EINVAL);
	CHECK_ERR(select(0, NULL, NULL, NULL, &bad), EINVAL);
	FD_ZERO(&r);
	FD_SET(250, &r);
	bad.tv_sec = 0;
	dup2(0, 252);
	CHECK_ERR(select(251, &r, NULL, NULL, &bad), EBADF);
	CHECK_ERR(select(5, (fd_set *)8, NULL, NULL, &bad), EFAULT);
}

TEST(only_nfds_are_looked_at)
{
	struct timeval zero = { 0, 0 };
	fd_set r;

	pipe(p);
	write(p[1], "x", 1);
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	CHECK_EQ(select(p[0], &r, NULL, NULL, &zero), 0);
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	CHECK_EQ(select(1000, &r, NULL, NULL, &zero), 1);	/* more than the table holds is fine */
}

static volatile int signals;

static void on_signal(int sig)
{
	(void)sig;
	signals++;
}

TEST(pselect_mask)
{
	struct timespec ts = { 5, 0 };
	sigset_t none;

	set_handler(SIGUSR1, on_signal, SA_RESTART);
	block_signal(SIGUSR1);
	raise(SIGUSR1);
	sigemptyset(&none);
	CHECK_ERR(pselect(0, NULL, NULL, NULL, &ts, &none), EINTR);
	CHECK_EQ(signals, 1);
	ts.tv_sec = 0;
	ts.tv_nsec = 2000000000;
	CHECK_ERR(pselect(0, NULL, NULL, NULL, &ts, NULL), EINVAL);
}

TEST(wakes)
{
	fd_set r;
	pid_t pid;

	pipe(p);
	pid = fork();
	if (pid == 0) {
		wait_state(getppid(), 'S');
		write(p[1], "x", 1);
		_exit(0);
	}
	FD_ZERO(&r);
	FD_SET(p[0], &r);
	CHECK_EQ(select(p[0] + 1, &r, NULL, NULL, NULL), 1);
	expect_exit(pid, 0);
}

TEST(interrupted)
{
	pid_t me = getpid(), pid;

	set_handler(SIGUSR1, on_signal, SA_RESTART);
	pid = fork();
	if (pid == 0) {
		wait_state(me, 'S');
		kill(me, SIGUSR1);
		_exit(0);
	}
	CHECK_ERR(select(0, NULL, NULL, NULL, NULL), EINTR);
	expect_exit(pid, 0);
}
