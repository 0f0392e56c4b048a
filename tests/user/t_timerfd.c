// SPDX-License-Identifier: GPL-2.0-only
/* t_timerfd.c: timers as something to read. */
#include "tap.h"

#include <poll.h>
#include <sys/timerfd.h>

static struct itimerspec in_ms(int first, int every)
{
	return (struct itimerspec){ { 0, every * 1000000L }, { 0, first * 1000000L } };
}

TEST(one_shot)
{
	struct itimerspec its = { .it_value.tv_sec = 100 }, left;
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	long long start;
	uint64_t n = 0;

	CHECK_OK(timerfd_settime(fd, 0, &its, NULL));
	CHECK_OK(timerfd_gettime(fd, &left));
	CHECK(left.it_value.tv_sec >= 50 && left.it_value.tv_sec <= 100);
	its = in_ms(20, 0);
	start = now_ms();
	CHECK_OK(timerfd_settime(fd, 0, &its, NULL));
	CHECK_EQ(read(fd, &n, 8), 8);
	CHECK_EQ(n, 1);
	CHECK(now_ms() - start >= 19);
	CHECK_OK(timerfd_gettime(fd, &left));
	CHECK_EQ(left.it_value.tv_nsec, 0);
}

TEST(periodic)
{
	struct itimerspec its = in_ms(5, 5);
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
	uint64_t n = 0;

	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_ERR(read(fd, &n, 8), EAGAIN);
	timerfd_settime(fd, 0, &its, NULL);
	sleep_ms(52);
	CHECK_EQ(read(fd, &n, 8), 8);
	CHECK(n >= 9);				/* expirations are counted, none is lost */
}

TEST(absolute)
{
	struct itimerspec its = { .it_value = { 0, 1 } };	/* long past: at once */
	int fd = timerfd_create(CLOCK_REALTIME, 0);
	uint64_t n = 0;

	CHECK_OK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &its, NULL));
	CHECK_EQ(read(fd, &n, 8), 8);
	CHECK_EQ(n, 1);
}

TEST(disarm_and_old_value)
{
	struct itimerspec its = in_ms(500, 100), off = { 0 }, old;
	int fd = timerfd_create(CLOCK_BOOTTIME, TFD_NONBLOCK);
	struct pollfd poller = { fd, POLLIN, 0 };

	timerfd_settime(fd, 0, &its, NULL);
	CHECK_OK(timerfd_settime(fd, 0, &off, &old));
	CHECK(old.it_value.tv_nsec > 0 && old.it_interval.tv_nsec == 100000000);
	CHECK_EQ(poll(&poller, 1, 20), 0);
	its = in_ms(10, 0);
	timerfd_settime(fd, 0, &its, NULL);
	CHECK_EQ(poll(&poller, 1, 5000), 1);
	CHECK_EQ(poller.revents, POLLIN);
}

TEST(refusals)
{
	struct itimerspec its = in_ms(10, 0);
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	char small[4];

	CHECK_ERR(timerfd_create(99, 0), EINVAL);
	CHECK_ERR(timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0), EINVAL);
	CHECK_ERR(timerfd_create(CLOCK_MONOTONIC, 0x40), EINVAL);
	CHECK_ERR(timerfd_settime(fd, 0x40, &its, NULL), EINVAL);
	its.it_value.tv_nsec = 1000000000;
	CHECK_ERR(timerfd_settime(fd, 0, &its, NULL), EINVAL);
	its = in_ms(10, 0);
	CHECK_ERR(timerfd_settime(0, 0, &its, NULL), EINVAL);
	CHECK_ERR(timerfd_settime(250, 0, &its, NULL), EBADF);
	CHECK_ERR(timerfd_gettime(0, &its), EINVAL);
	CHECK_ERR(read(fd, small, 4), EINVAL);
}

TEST(shared_after_fork)
{
	struct itimerspec its = in_ms(10, 0);
	int fd = timerfd_create(CLOCK_MONOTONIC, 0);
	uint64_t n = 0;
	pid_t pid;

	timerfd_settime(fd, 0, &its, NULL);
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(read(fd, &n, 8), 8);
		finish();
	}
	expect_exit(pid, 0);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	CHECK_ERR(read(fd, &n, 8), EAGAIN);
}
