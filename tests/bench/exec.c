// SPDX-License-Identifier: GPL-2.0-only
/* exec.c: starting programs. */

#include "bench.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define TINY	"/bench/tiny"		/* static, two pages, ends at once */
#define HELLO	"/bench/hello"		/* dynamic, glibc, prints a line */

static char *const tiny_argv[] = { "tiny", NULL };
static char *const hello_argv[] = { "hello", NULL };
extern char **environ;

/* vfork + exec; a function of its own, so that the loop's variables are not in the shared frame. */
static int vfork_exec(const char *path, char *const argv[])
{
	int child = vfork();

	if (child == 0) {
		execve(path, argv, environ);
		_exit(127);
	}
	return need(child, "vfork");
}

static uint64_t vfork_batch_of(const char *path, char *const argv[], unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++)
		reap(vfork_exec(path, argv));
	return ticks() - start;
}

static uint64_t vfork_batch(unsigned int ops)
{
	return vfork_batch_of(TINY, tiny_argv, ops);
}

static uint64_t fork_exec_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++) {
		int child = fork();

		if (child == 0) {
			execve(TINY, tiny_argv, environ);
			_exit(127);
		}
		reap(need(child, "fork"));
	}
	return ticks() - start;
}

static uint64_t spawn_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++) {
		pid_t child;

		if (posix_spawn(&child, TINY, NULL, NULL, tiny_argv, environ) != 0)
			row_failed("posix_spawn");
		reap(child);
	}
	return ticks() - start;
}

/* What children print goes nowhere: the console is not measured. */
static int quiet(void)
{
	int console = need(dup(1), "dup");
	int null = need(open("/dev/null", O_RDWR), "open /dev/null");

	dup2(null, 1);
	close(null);
	return console;
}

static uint64_t dynamic_batch(unsigned int ops)
{
	int console = quiet();
	uint64_t time = vfork_batch_of(HELLO, hello_argv, ops);

	dup2(console, 1);
	close(console);
	return time;
}

/* The time of a shell that starts the same external command `count` times. */
static uint64_t ash(const char *command, unsigned int count)
{
	char script[160];
	char *const argv[] = { "sh", "-c", script, NULL };
	uint64_t start;

	snprintf(script, sizeof script,
		 "i=0; while [ $i -lt %u ]; do %s; i=$((i+1)); done", count, command);
	start = ticks();
	reap(vfork_exec("/bin/sh", argv));
	return ticks() - start;
}

/* Two loops' difference: the shell's own start and end drop out. */
static uint64_t ash_batch(unsigned int ops)
{
	uint64_t once = ash(TINY, 1);

	return ash(TINY, ops + 1) - once;
}

/* The same with a BusyBox applet, a program of 1.9 MB that sets itself up before it ends. */
static uint64_t ash_applet_batch(unsigned int ops)
{
	uint64_t once = ash("/bin/true", 1);

	return ash("/bin/true", ops + 1) - once;
}

const struct row exec_rows[] = {
	{ "vfork_exec", "vfork + exec of a tiny static program + wait", .ops = 80, .batches = 7,
	  .warm = 1, .batch = vfork_batch },
	{ "fork_exec", "fork + exec of the same", .ops = 40, .batches = 7, .warm = 1,
	  .batch = fork_exec_batch },
	{ "posix_spawn", "posix_spawn of the same (glibc)", .ops = 40, .batches = 7, .warm = 1,
	  .batch = spawn_batch },
	{ "vfork_exec_dynamic", "vfork + exec of a dynamic glibc hello", .ops = 10, .batches = 7,
	  .warm = 1, .batch = dynamic_batch },
	{ "ash_loop", "BusyBox ash: one external command in a loop", .ops = 20, .batches = 7,
	  .warm = 1, .batch = ash_batch },
	{ "ash_applet_loop", "BusyBox ash: an applet as external command in a loop", .ops = 20,
	  .batches = 7, .warm = 1, .batch = ash_applet_batch },
	{ }
};
