// SPDX-License-Identifier: GPL-2.0-only
/* calls.c: what a system call and a signal cost. */

#include "bench.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define POLLED	100

static int fd;
static struct pollfd polled[POLLED];
static volatile int handled;

static uint64_t getppid_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++)
		getppid();
	return ticks() - start;
}

static void zero_setup(void)
{
	fd = need(open("/dev/zero", O_RDONLY), "open /dev/zero");
}

static uint64_t read_batch(unsigned int ops)
{
	uint64_t start = ticks();
	char byte;

	for (unsigned int i = 0; i < ops; i++)
		if (read(fd, &byte, 1) != 1)
			row_failed("read");
	return ticks() - start;
}

static void handler(int signal)
{
	handled = signal;
}

static void signal_setup(void)
{
	struct sigaction action = { .sa_handler = handler };

	need(sigaction(SIGUSR1, &action, NULL), "sigaction");
}

static uint64_t signal_batch(unsigned int ops)
{
	pid_t self = getpid();
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++)
		kill(self, SIGUSR1);
	start = ticks() - start;
	if (!handled)
		row_failed("no signal came");
	return start;
}

static void poll_setup(void)
{
	int ends[2];

	for (int i = 0; i < POLLED; i++) {
		need(pipe(ends), "pipe");
		polled[i] = (struct pollfd){ .fd = ends[0], .events = POLLIN };
	}
}

static uint64_t poll_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++)
		if (poll(polled, POLLED, 0) != 0)
			row_failed("poll");
	return ticks() - start;
}

static uint64_t clock_batch(unsigned int ops)
{
	uint64_t start = ticks();
	struct timespec now;

	for (unsigned int i = 0; i < ops; i++)
		clock_gettime(CLOCK_MONOTONIC, &now);
	return ticks() - start;
}

static uint64_t fstat_batch(unsigned int ops)
{
	uint64_t start = ticks();
	struct stat st;

	for (unsigned int i = 0; i < ops; i++)
		if (fstat(fd, &st) != 0)
			row_failed("fstat");
	return ticks() - start;
}

static uint64_t dup_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++)
		close(dup(fd));
	return ticks() - start;
}

static uint64_t yield_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++)
		sched_yield();
	return ticks() - start;
}

static uint64_t random_batch(unsigned int ops)
{
	uint64_t start = ticks();
	char bytes[16];

	for (unsigned int i = 0; i < ops; i++)
		if (getrandom(bytes, sizeof bytes, 0) != sizeof bytes)
			row_failed("getrandom");
	return ticks() - start;
}

static int epoll;

static void epoll_setup(void)
{
	struct epoll_event event = { .events = EPOLLIN };

	fd = need(eventfd(0, 0), "eventfd");
	epoll = need(epoll_create1(0), "epoll_create1");
	need(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event), "epoll_ctl");
}

/* One turn of an event loop: something happens, the loop sees it and takes it. */
static uint64_t epoll_batch(unsigned int ops)
{
	uint64_t start = ticks();
	struct epoll_event event;
	eventfd_t value;

	for (unsigned int i = 0; i < ops; i++) {
		eventfd_write(fd, 1);
		if (epoll_wait(epoll, &event, 1, -1) != 1)
			row_failed("epoll_wait");
		eventfd_read(fd, &value);
	}
	return ticks() - start;
}

const struct row call_rows[] = {
	{ "getppid", "the smallest system call", .ops = 20000, .batches = 7, .warm = 1,
	  .batch = getppid_batch },
	{ "read_zero", "read 1 byte of /dev/zero", .ops = 10000, .batches = 7, .warm = 1,
	  .setup = zero_setup, .batch = read_batch },
	{ "signal_self", "signal to itself, handler, return", .ops = 1500, .batches = 7, .warm = 1,
	  .setup = signal_setup, .batch = signal_batch },
	{ "poll_100", "poll of 100 pipes, nothing ready", .ops = 600, .batches = 7, .warm = 1,
	  .setup = poll_setup, .batch = poll_batch },
	{ "clock_gettime", "clock_gettime(CLOCK_MONOTONIC)", .ops = 20000, .batches = 7, .warm = 1,
	  .batch = clock_batch },
	{ "fstat", "fstat", .ops = 5000, .batches = 7, .warm = 1, .setup = zero_setup,
	  .batch = fstat_batch },
	{ "dup_close", "dup + close", .ops = 5000, .batches = 7, .warm = 1, .setup = zero_setup,
	  .batch = dup_batch },
	{ "sched_yield", "sched_yield with nobody else", .ops = 10000, .batches = 7, .warm = 1,
	  .batch = yield_batch },
	{ "getrandom_16", "getrandom of 16 bytes", .ops = 4000, .batches = 7, .warm = 1,
	  .batch = random_batch },
	{ "epoll_turn", "eventfd write, epoll_wait, eventfd read", .ops = 2000, .batches = 7,
	  .warm = 1, .setup = epoll_setup, .batch = epoll_batch },
	{ }
};
