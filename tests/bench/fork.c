// SPDX-License-Identifier: GPL-2.0-only
/* fork.c: fork + _exit + wait of processes of several sizes, and threads. */

#include "bench.h"

#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#define RW	(PROT_READ | PROT_WRITE)
#define MAPS	1000

static uint64_t fork_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++) {
		int child = fork();

		if (child == 0)
			_exit(0);
		reap(need(child, "fork"));
	}
	return ticks() - start;
}

/* The call alone, as the parent sees it; what the child and the wait cost is left out. */
static uint64_t fork_call_batch(unsigned int ops)
{
	uint64_t sum = 0;

	for (unsigned int i = 0; i < ops; i++) {
		uint64_t start = ticks();
		int child = fork();

		if (child == 0)
			_exit(0);
		sum += ticks() - start;
		reap(need(child, "fork"));
	}
	return sum;
}

static void resident(size_t bytes)
{
	touch(need_map(bytes, RW), bytes);
}

static void setup_16m(void)
{
	resident(16 * MIB);
}

static void setup_64m(void)
{
	resident(64 * MIB);
}

static void setup_128m(void)
{
	resident(128 * MIB);
}

static void setup_256m(void)
{
	resident(256 * MIB);
}

/* Mappings of 8 pages, all in use, with a page between them, so that none merge. */
static void setup_maps(void)
{
	for (size_t i = 0; i < MAPS; i++) {
		char *map = need_map(9 * PAGE, RW);

		munmap(map + 8 * PAGE, PAGE);
		touch(map, 8 * PAGE);
	}
}

static void *nothing(void *arg)
{
	return arg;
}

static uint64_t thread_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++) {
		pthread_t thread;

		if (pthread_create(&thread, NULL, nothing, NULL) != 0)
			row_failed("pthread_create");
		pthread_join(thread, NULL);
	}
	return ticks() - start;
}

const struct row fork_rows[] = {
	{ "fork_small", "fork + _exit + wait, small process", .ops = 60, .batches = 7, .warm = 1,
	  .batch = fork_batch },
	{ "fork_16m", "fork + _exit + wait, 16 MiB resident", .ops = 6, .batches = 7, .warm = 1,
	  .setup = setup_16m, .batch = fork_batch },
	{ "fork_64m", "fork + _exit + wait, 64 MiB resident", .ops = 2, .batches = 9, .warm = 2,
	  .setup = setup_64m, .batch = fork_batch },
	{ "fork_128m", "fork + _exit + wait, 128 MiB resident", .ops = 2, .batches = 5, .warm = 2,
	  .setup = setup_128m, .batch = fork_batch },
	{ "fork_256m", "fork + _exit + wait, 256 MiB resident", .ops = 2, .batches = 5, .warm = 2,
	  .setup = setup_256m, .batch = fork_batch },
	{ "fork_call_256m", "the fork call alone, 256 MiB resident", .ops = 2, .batches = 5,
	  .warm = 2, .setup = setup_256m, .batch = fork_call_batch },
	{ "fork_1000maps", "fork + wait of a process with 1,000 mappings", .ops = 2, .batches = 7,
	  .warm = 1, .setup = setup_maps, .batch = fork_batch },
	{ "pthread_create_join", "pthread create + join", .ops = 250, .batches = 7, .warm = 1,
	  .batch = thread_batch },
	{ }
};
