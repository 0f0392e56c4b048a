/* SPDX-License-Identifier: GPL-2.0-only */
/* The running task: its address is in TPIDRPRW, which user mode cannot read. */
#pragma once

struct task_struct;

/* Not volatile: the value is the same for all the code that one task runs, so it may be cached. */
static inline __attribute__((const)) struct task_struct *get_current(void)
{
	struct task_struct *t;

	asm ("mrc p15, 0, %0, c13, c0, 4" : "=r" (t));
	return t;
}
#define current get_current()
