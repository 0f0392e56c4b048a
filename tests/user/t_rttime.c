// SPDX-License-Identifier: GPL-2.0-only
/* t_rttime.c: RLIMIT_RTTIME: how long a real-time task may run without sleeping: SIGXCPU, then SIGKILL. */
#include "tap.h"

#include <sched.h>
#include <sys/resource.h>

static volatile int signals;

static void count(int sig)
{
	(void)sig;
	signals++;
}

static void limit_us(rlim_t soft, rlim_t hard)
{
	struct rlimit lim = { soft, hard };

	CHECK_OK(setrlimit(RLIMIT_RTTIME, &lim));
}

static void become_fifo(void)
{
	struct sched_param fifo = { .sched_priority = 1 };

	REQUIRE(sched_setscheduler(0, SCHED_FIFO, &fifo) == 0);
}

static long long cpu_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

/* Until there were @n signals, or that many ms of the CPU were used. */
static void burn(int n, int ms)
{
	long long end = cpu_ms() + ms;

	while (signals < n && cpu_ms() < end)
		;
}

TEST(soft_limit)
{
	struct rlimit now;

	set_handler(SIGXCPU, count, 0);
	limit_us(100000, RLIM_INFINITY);
	burn(1, 400);
	CHECK_EQ(signals, 0);			/* not real-time yet */
	become_fifo();
	burn(1, 20000);
	CHECK_EQ(signals, 1);
	CHECK_OK(getrlimit(RLIMIT_RTTIME, &now));
	CHECK_EQ(now.rlim_cur, 1100000);	/* the next one a second later */
	CHECK_EQ(now.rlim_max, RLIM_INFINITY);
}

TEST(sleeping_begins_anew)
{
	set_handler(SIGXCPU, count, 0);
	limit_us(500000, RLIM_INFINITY);
	become_fifo();
	for (int i = 0; i < 10; i++) {
		burn(1, 100);
		sleep_ms(2);
	}
	CHECK_EQ(signals, 0);
	burn(1, 20000);
	CHECK_EQ(signals, 1);
}

TEST(hard_limit)
{
	pid_t pid = fork();

	if (pid == 0) {
		set_handler(SIGXCPU, count, 0);
		limit_us(50000, 200000);
		become_fifo();
		burn(1000, 20000);
		_exit(signals);
	}
	expect_signal(pid, SIGKILL);
}

TEST(default_action)
{
	pid_t pid = fork();

	if (pid == 0) {
		struct rlimit none = { 0, 0 };

		setrlimit(RLIMIT_CORE, &none);
		limit_us(50000, RLIM_INFINITY);
		become_fifo();
		burn(1, 20000);
		_exit(1);
	}
	expect_signal(pid, SIGXCPU);
}

TEST(child_begins_at_zero)
{
	pid_t pid;

	limit_us(600000, RLIM_INFINITY);
	become_fifo();
	burn(1, 300);
	pid = fork();
	if (pid == 0) {
		burn(1, 400);
		_exit(0);
	}
	expect_exit(pid, 0);
}
