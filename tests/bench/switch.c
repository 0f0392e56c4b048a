// SPDX-License-Identifier: GPL-2.0-only
/* switch.c: context switches, one way, on one CPU: half a round trip between two who wait in turn. */

#include "bench.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int ping[2];	/* this side: reads ping[0], writes ping[1] */
static int pong[2];

/* The other process: gives back each byte until the descriptor closes. */
static void echo(int in, int out)
{
	char byte;

	while (read(in, &byte, 1) == 1)
		if (write(out, &byte, 1) != 1)
			break;
	_exit(0);
}

static void pipe_setup(void)
{
	need(pipe(ping), "pipe");
	need(pipe(pong), "pipe");
	if (need(fork(), "fork") == 0) {
		close(ping[1]);
		close(pong[0]);
		echo(ping[0], pong[1]);
	}
	close(ping[0]);
	close(pong[1]);
	ping[0] = pong[0];
}

static void unix_setup(void)
{
	int pair[2];

	need(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), "socketpair");
	if (need(fork(), "fork") == 0) {
		close(pair[0]);
		echo(pair[1], pair[1]);
	}
	close(pair[1]);
	ping[0] = ping[1] = pair[0];
}

static uint64_t echo_batch(unsigned int ops)
{
	uint64_t start = ticks();
	char byte = 'x';

	for (unsigned int i = 0; i < ops; i += 2)
		if (write(ping[1], &byte, 1) != 1 || read(ping[0], &byte, 1) != 1)
			row_failed("read or write");
	return ticks() - start;
}

static volatile unsigned int turn;	/* whose: 0 this thread's, 1 the other's */

static long futex(int op, unsigned int value)
{
	return syscall(SYS_futex, &turn, op | FUTEX_PRIVATE_FLAG, value, NULL, NULL, 0);
}

static void pass_to(unsigned int who)
{
	turn = who;
	futex(FUTEX_WAKE, 1);
	while (turn == who)
		if (futex(FUTEX_WAIT, who) != 0 && errno != EAGAIN && errno != EINTR)
			row_failed("futex");
}

static void *partner(void *arg)
{
	while (turn != 1)
		futex(FUTEX_WAIT, 0);
	for (;;)
		pass_to(0);
	return arg;
}

static void futex_setup(void)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, partner, NULL) != 0)
		row_failed("pthread_create");
}

static uint64_t futex_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i += 2)
		pass_to(1);
	return ticks() - start;
}

const struct row switch_rows[] = {
	{ "switch_pipe", "context switch by pipe, 2 processes, one way", .ops = 1500, .batches = 7,
	  .warm = 1, .setup = pipe_setup, .batch = echo_batch },
	{ "switch_futex", "context switch by futex, 2 threads, one way", .ops = 2000, .batches = 7,
	  .warm = 1, .setup = futex_setup, .batch = futex_batch },
	{ "switch_unix", "context switch by AF_UNIX socket pair, one way", .ops = 1000,
	  .batches = 7, .warm = 1, .setup = unix_setup, .batch = echo_batch },
	{ }
};
