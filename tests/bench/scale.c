// SPDX-License-Identifier: GPL-2.0-only
/*
 * scale.c: what operations cost when the machine is full of tasks, and what it does when idle.
 *
 * The tasks are processes of their own (process ID, signals, parent) which share this one's memory,
 * so that 30,000 of them fit. They all sleep, and are this process's children.
 */

#include "bench.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MOST	30000
#define STACK	2048UL
#define ROUNDS	5

static pid_t tasks[MOST];
static char *stacks;
static int there[2];
static int back[2];

static volatile unsigned int words[MOST];	/* the futex that each task sleeps on */

static int sleep_for_ever(void *arg)
{
	volatile unsigned int *word = arg;

	for (;;)
		syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, *word, NULL, NULL, 0);
	return 0;
}

/* Sleepers, until there are count. Each runs at once for as long as it takes to sleep. */
static void grow(unsigned int count)
{
	static unsigned int now;

	for (; now < count; now++) {
		tasks[now] = need(clone(sleep_for_ever, stacks + (now + 1) * STACK,
					CLONE_VM | SIGCHLD, (void *)&words[now]), "clone");
		sched_yield();
	}
}

static void op_fork(unsigned int task)
{
	int child = fork();

	if (child == 0)
		_exit(0);
	reap(need(child, "fork"));
}

static int end_at_once(void *arg)
{
	_exit(arg != NULL);
}

/* Little more than a task and its ID, allocated and freed. */
static void op_pid(unsigned int task)
{
	static char stack[4096];

	reap(need(clone(end_at_once, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL), "clone"));
}

static void op_switch(unsigned int task)
{
	char byte = 'x';

	if (write(there[1], &byte, 1) != 1 || read(back[0], &byte, 1) != 1)
		row_failed("read or write");
}

/* The wake-up, and the switches to the one who wakes and back when it sleeps again. */
static void op_wake(unsigned int task)
{
	words[task]++;
	need(syscall(SYS_futex, &words[task], FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0), "futex");
	sched_yield();
}

static void op_lookup(unsigned int task)
{
	struct stat st;

	need(stat("/tmp/one/two", &st), "stat");
}

static void op_proc(unsigned int task)
{
	char name[32] = "/proc/";
	char *end = name + 6;
	struct stat st;
	char digits[12];
	int n = 0;

	for (pid_t pid = tasks[task]; pid; pid /= 10)
		digits[n++] = '0' + pid % 10;
	while (n)
		*end++ = digits[--n];
	need(stat(name, &st), "stat /proc/PID");
}

static void op_wait(unsigned int task)
{
	need(waitpid(tasks[task], NULL, WNOHANG), "waitpid");
}

static void op_kill(unsigned int task)
{
	need(kill(tasks[task], 0), "kill");
}

static const struct {
	const char *name;
	void (*op)(unsigned int task);
	unsigned int ops;
} operations[] = {
	{ "fork", op_fork, 20 },
	{ "pid", op_pid, 50 },
	{ "switch", op_switch, 400 },
	{ "wake", op_wake, 400 },
	{ "lookup", op_lookup, 400 },
	{ "proc_lookup", op_proc, 200 },
	{ "wait", op_wait, 500 },
	{ "kill", op_kill, 500 },
};

static uint64_t time_of(unsigned int which, unsigned int count)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < operations[which].ops; i++)
		operations[which].op(i * 7919UL % count);
	return ticks() - start;
}

/* The least of some rounds: what the number of tasks costs always, not what happened meanwhile. */
static void measure(unsigned int which, unsigned int count)
{
	uint64_t best = time_of(which, count);

	for (unsigned int i = 0; i < ROUNDS; i++) {
		uint64_t time = time_of(which, count);

		if (time < best)
			best = time;
	}
	printf("SCALE %s %u %.1f\n", operations[which].name, count,
	       (double)best * NS_PER_TICK / operations[which].ops);
}

static void start_echo(void)
{
	char byte;

	need(pipe(there), "pipe");
	need(pipe(back), "pipe");
	if (need(fork(), "fork") == 0)
		for (;;)
			if (read(there[0], &byte, 1) != 1 || write(back[1], &byte, 1) != 1)
				_exit(0);
}

/* The default follows the memory; tasks that share theirs need less. */
static void allow_many(void)
{
	int file = need(open("/proc/sys/kernel/threads-max", O_WRONLY), "open threads-max");

	need(write(file, "100000", 6), "write threads-max");
	close(file);
}

static double scale(void)
{
	static const unsigned int counts[] = { 10, 1000, MOST };
	unsigned int i;

	stacks = need_map(MOST * STACK, PROT_READ | PROT_WRITE);
	mkdir("/tmp/one", 0755);
	mkdir("/tmp/one/two", 0755);
	allow_many();
	start_echo();
	for (i = 0; i < sizeof counts / sizeof counts[0]; i++) {
		grow(counts[i]);
		for (unsigned int which = 0; which < sizeof operations / sizeof operations[0]; which++)
			measure(which, counts[i]);
		fflush(stdout);
	}
	return MOST;
}

/* The sum over all CPUs of the timer's interrupts. */
static unsigned long timer_interrupts(void)
{
	FILE *file = fopen("/proc/interrupts", "r");
	unsigned long sum = 0;
	char line[512];

	if (!file)
		row_failed("/proc/interrupts");
	while (fgets(line, sizeof line, file)) {
		char *at = strchr(line, ':');
		unsigned long n;
		int used;

		if (!at || !strstr(line, "arch_timer"))
			continue;
		for (at++; sscanf(at, "%lu%n", &n, &used) == 1; at += used)
			sum += n;
	}
	fclose(file);
	return sum;
}

static double idle(void)
{
	struct timespec ten = { .tv_sec = 10 };
	unsigned long before = timer_interrupts();

	nanosleep(&ten, NULL);
	return timer_interrupts() - before;
}

const struct row scale_rows[] = {
	{ "scale", "the same operations with 10, 1,000 and 30,000 tasks", .unit = "tasks",
	  .asked = true, .value = scale },
	{ "idle_interrupts", "timer interrupts in 10 idle seconds, the sleeper's own included",
	  .unit = "interrupts", .asked = true, .value = idle },
	{ }
};
