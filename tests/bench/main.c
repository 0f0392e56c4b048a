// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c: the benchmark as process 1, and one row in a process of its own.
 *
 * As process 1 (`rdinit=/bench/bench -- ROW,ROW...`, no argument meaning all) it runs the rows in
 * turn, each by executing itself, and powers the machine off. A row prints one line:
 *
 *	ROW name median minimum maximum unit
 *	ROW name missing why		the kernel lacks a call, or it failed
 *
 * `bench list` and `bench run ROW...` work at a shell.
 */

#include "bench.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define MAX_BATCHES	64
#define SELF		"/bench/bench"

static const struct row *const families[] = {
	call_rows, memory_rows, fork_rows, exec_rows, switch_rows, file_rows, size_rows,
	boot_rows, scale_rows,
};

static const char *current;	/* name of the row that this process runs */

void row_failed(const char *why)
{
	printf("ROW %s missing %s\n", current, why);
	fflush(stdout);
	_exit(0);
}

long need(long result, const char *call)
{
	char why[128];

	if (result != -1)
		return result;
	snprintf(why, sizeof why, "%s: %s", call, strerror(errno));
	row_failed(why);
}

void *need_map(size_t bytes, int prot)
{
	void *start = mmap(NULL, bytes, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	need(start == MAP_FAILED ? -1 : 0, "mmap");
	return start;
}

void touch(void *start, size_t bytes)
{
	volatile char *p = start;

	for (size_t i = 0; i < bytes; i += PAGE)
		p[i] = 1;
}

void reap(int pid)
{
	int status;

	need(waitpid(pid, &status, 0), "waitpid");
	if (status != 0)
		row_failed("a child ended badly");
}

static const struct row *find(const char *name)
{
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		for (const struct row *row = families[i]; row->name; row++)
			if (strcmp(row->name, name) == 0)
				return row;
	return NULL;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a;
	double y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Run a row here. Output waits until the numbers are there: the console must not run into a batch. */
static int run_row(const char *name)
{
	const struct row *row = find(name);
	double cost[MAX_BATCHES] = { 0 };
	unsigned int n = 1;

	current = name;
	if (!row)
		row_failed("no such row");
	if (row->setup)
		row->setup();
	if (row->value) {
		cost[0] = row->value();
	} else {
		for (unsigned int i = 0; i < row->warm; i++)
			row->batch(row->ops);
		n = row->batches;
		mark();
		for (unsigned int i = 0; i < n; i++)
			cost[i] = (double)row->batch(row->ops) * NS_PER_TICK / row->ops;
		mark();
		qsort(cost, n, sizeof cost[0], by_size);
	}
	printf("ROW %s %.1f %.1f %.1f %s\n", name, cost[n / 2], cost[0], cost[n - 1],
	       row->unit ? row->unit : "instructions");
	if (row->batch)
		printf("MARKED %s %u\n", name, n * row->ops);
	fflush(stdout);
	return 0;
}

/* Run a row in a process of its own, and wait until what it printed has left. */
static void start_row(const char *name)
{
	char *argv[] = { "bench", "row", (char *)name, NULL };
	int status = 0;
	int pid = fork();

	if (pid == 0) {
		execv(SELF, argv);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;	/* process 1 inherits what a row left */
	if (status)
		printf("ROW %s missing ended with status %#x\n", name, status);
	fflush(stdout);
	tcdrain(1);
}

static void start_all(void)
{
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		for (const struct row *row = families[i]; row->name; row++)
			if (!row->asked)
				start_row(row->name);
}

static void list(void)
{
	for (size_t i = 0; i < sizeof families / sizeof families[0]; i++)
		for (const struct row *row = families[i]; row->name; row++)
			printf("%s\t%s\n", row->name, row->what);
}

static void init_main(char *names, uint64_t booted)
{
	char number[32];

	/* Where these already are, as with Thimble's /dev, a second mount is refused or harmless. */
	mount("proc", "/proc", "proc", 0, NULL);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	snprintf(number, sizeof number, "%llu", (unsigned long long)booted * NS_PER_TICK);
	setenv("BENCH_BOOT", number, 1);
	setenv("PATH", "/bin", 1);
	printf("BENCH begin\n");
	fflush(stdout);
	if (!names || strcmp(names, "all") == 0)
		start_all();
	else
		for (char *name = strtok(names, ","); name; name = strtok(NULL, ","))
			start_row(name);
	printf("BENCH end\n");
	fflush(stdout);
	tcdrain(1);
	sync();
	reboot(RB_POWER_OFF);
}

int main(int argc, char **argv)
{
	uint64_t booted = ticks();

	if (getpid() == 1)
		init_main(argc > 1 ? argv[1] : NULL, booted);
	else if (argc == 3 && strcmp(argv[1], "row") == 0)
		return run_row(argv[2]);
	else if (argc == 2 && strcmp(argv[1], "list") == 0)
		list();
	else if (argc > 2 && strcmp(argv[1], "run") == 0)
		for (int i = 2; i < argc; i++)
			start_row(argv[i]);
	else
		fprintf(stderr, "usage: bench list | run ROW...\n");
	return 0;
}
