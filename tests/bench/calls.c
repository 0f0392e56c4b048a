// SPDX-License-Identifier: GPL-2.0-only
/* calls.c: what a system call and a signal cost. */

#include "bench.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
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

const struct row call_rows[] = {
	{ "getppid", "the smallest system call", .ops = 20000, .batches = 7, .warm = 1,
	  .batch = getppid_batch },
	{ "read_zero", "read 1 byte of /dev/zero", .ops = 10000, .batches = 7, .warm = 1,
	  .setup = zero_setup, .batch = read_batch },
	{ "signal_self", "signal to itself, handler, return", .ops = 1500, .batches = 7, .warm = 1,
	  .setup = signal_setup, .batch = signal_batch },
	{ "poll_100", "poll of 100 pipes, nothing ready", .ops = 600, .batches = 7, .warm = 1,
	  .setup = poll_setup, .batch = poll_batch },
	{ }
};
