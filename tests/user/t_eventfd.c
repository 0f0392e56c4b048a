// SPDX-License-Identifier: GPL-2.0-only
/* t_eventfd.c: eventfd counters and semaphores. */
#include "tap.h"

#include <poll.h>
#include <sys/eventfd.h>

static bool add(int fd, uint64_t value)
{
	return write(fd, &value, 8) == 8;
}

static uint64_t take(int fd)
{
	uint64_t value = ~0ULL;

	return read(fd, &value, 8) == 8 ? value : ~0ULL;
}

TEST(counter)
{
	int fd = eventfd(3, 0);

	CHECK_EQ(take(fd), 3);
	CHECK(add(fd, 5));
	CHECK(add(fd, 6));
	CHECK_EQ(take(fd), 11);
}

TEST(semaphore)
{
	int fd = eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK);
	char buf[8];

	CHECK_EQ(take(fd), 1);
	CHECK_EQ(take(fd), 1);
	CHECK_EQ(take(fd), 1);
	CHECK_ERR(read(fd, buf, 8), EAGAIN);
}

TEST(refusals)
{
	int fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	uint64_t v = ~0ULL;
	char buf[8];

	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_ERR(read(fd, buf, 8), EAGAIN);
	CHECK_ERR(read(fd, buf, 7), EINVAL);
	CHECK_ERR(write(fd, buf, 7), EINVAL);
	CHECK_ERR(write(fd, &v, 8), EINVAL);
	v--;
	CHECK_EQ(write(fd, &v, 8), 8);
	v = 1;
	CHECK_ERR(write(fd, &v, 8), EAGAIN);
	CHECK_ERR(eventfd(0, 0x40), EINVAL);
}

TEST(poll)
{
	int fd = eventfd(0, EFD_NONBLOCK);
	struct pollfd poller = { fd, POLLIN | POLLOUT, 0 };

	CHECK_EQ(poll(&poller, 1, 0), 1);
	CHECK_EQ(poller.revents, POLLOUT);
	add(fd, 1);
	poll(&poller, 1, 0);
	CHECK_EQ(poller.revents, POLLIN | POLLOUT);
	add(fd, 0xfffffffffffffffdULL);
	poll(&poller, 1, 0);
	CHECK_EQ(poller.revents, POLLIN);
}

TEST(wakes_a_reader)
{
	int fd = eventfd(0, 0);
	pid_t pid = fork();

	if (pid == 0) {
		wait_state(getppid(), 'S');
		CHECK(add(fd, 9));
		finish();
	}
	CHECK_EQ(take(fd), 9);
	expect_exit(pid, 0);
}

TEST(wakes_a_writer)
{
	int fd = eventfd(0, 0);
	pid_t pid;

	add(fd, 0xfffffffffffffffeULL);
	pid = fork();
	if (pid == 0) {
		CHECK(add(fd, 1));
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	CHECK_EQ(take(fd), 0xfffffffffffffffeULL);
	expect_exit(pid, 0);
	CHECK_EQ(take(fd), 1);
}
