// SPDX-License-Identifier: GPL-2.0-only
/* size.c: what a sleeping process or thread takes of memory. */

#include "bench.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#define SLEEPERS	1000

/* Free memory in KiB as the kernel counts it: kernel structures included. */
static double free_kib(void)
{
	FILE *file;
	unsigned long kib = 0;
	char line[128];

	usleep(200 * 1000);		/* what is freed late is freed by now */
	file = fopen("/proc/meminfo", "r");
	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "MemFree: %lu", &kib) == 1)
			break;
	if (!kib)
		row_failed("/proc/meminfo");
	fclose(file);
	return kib;
}

/* Sleepers tell that they sleep, or nearly so, by this pipe. */
static int ready[2];

static void tell_and_sleep(void)
{
	char byte = 'x';

	if (write(ready[1], &byte, 1) == 1)
		for (;;)
			pause();
}

static void fork_sleepers(unsigned int count, pid_t *pids)
{
	char byte;

	for (unsigned int i = 0; i < count; i++) {
		pids[i] = need(fork(), "fork");
		if (pids[i] == 0)
			tell_and_sleep();
		need(read(ready[0], &byte, 1), "read");
	}
}

static void end_sleepers(unsigned int count, const pid_t *pids)
{
	for (unsigned int i = 0; i < count; i++)
		kill(pids[i], SIGKILL);
	for (unsigned int i = 0; i < count; i++)
		waitpid(pids[i], NULL, 0);
}

static double process_kib(void)
{
	pid_t first[SLEEPERS / 4];
	pid_t pids[SLEEPERS];
	double before;
	double after;

	need(pipe(ready), "pipe");
	free_kib();
	fork_sleepers(SLEEPERS / 4, first);	/* caches and the first slabs fill */
	before = free_kib();
	fork_sleepers(SLEEPERS, pids);
	after = free_kib();
	end_sleepers(SLEEPERS, pids);
	end_sleepers(SLEEPERS / 4, first);
	return (before - after) / SLEEPERS;
}

static void *sleeper(void *arg)
{
	tell_and_sleep();
	return arg;
}

static void start_threads(unsigned int count)
{
	pthread_attr_t attr;
	pthread_t thread;
	char byte;

	pthread_attr_init(&attr);
	/* 8 MiB of addresses each do not fit in 32 bits; what is not touched takes no memory. */
	if (sizeof(long) == 4)
		pthread_attr_setstacksize(&attr, 256 * 1024);
	for (unsigned int i = 0; i < count; i++) {
		if (pthread_create(&thread, &attr, sleeper, NULL) != 0)
			row_failed("pthread_create");
		need(read(ready[0], &byte, 1), "read");
	}
}

static double thread_kib(void)
{
	double before;

	need(pipe(ready), "pipe");
	free_kib();
	start_threads(SLEEPERS / 4);
	before = free_kib();
	start_threads(SLEEPERS);
	return (before - free_kib()) / SLEEPERS;
}

const struct row size_rows[] = {
	{ "mem_process", "memory of one more forked process", .unit = "KiB", .value = process_kib },
	{ "mem_thread", "memory of one more thread", .unit = "KiB", .value = thread_kib },
	{ }
};
