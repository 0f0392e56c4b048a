/* SPDX-License-Identifier: GPL-2.0-only */
/* traced.h: for the programs about ptrace(2): the bare call, a traced child, and what is reported of it. */
#pragma once

#include "tap.h"

#include <linux/ptrace.h>

static inline long pt(long request, pid_t pid, unsigned long addr, unsigned long data)
{
	return syscall(SYS_ptrace, request, pid, addr, data);
}

/* The next report of pid: its status, or -1. */
static inline int wait_for(pid_t pid)
{
	int status = -1;

	CHECK_EQ(waitpid(pid, &status, __WALL), pid);
	return status;
}

/* ... which is a stop by sig, with this event. */
static inline void expect_stop(pid_t pid, int sig, int event)
{
	int status = wait_for(pid);

	if (!CHECK_EQ(status, (sig | event << 8) << 8 | 0x7f))
		note("status %#x", status);
}

/* A child that is traced and has stopped by SIGSTOP; then it runs fn and exits with its result. */
static inline pid_t traced_child(int (*fn)(void))
{
	pid_t pid = fork();

	if (!pid) {
		pt(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(fn());
	}
	expect_stop(pid, SIGSTOP, 0);
	return pid;
}
