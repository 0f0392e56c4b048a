/* SPDX-License-Identifier: GPL-2.0-only */
/* The running task: its address is in SP_EL0 while the CPU is in the kernel. */
#pragma once

struct task_struct;

/* Not volatile: the value is the same for all the code that one task runs, so it may be cached. */
static inline __attribute__((const)) struct task_struct *get_current(void)
{
	struct task_struct *t;

	asm ("mrs %0, sp_el0" : "=r" (t));
	return t;
}
#define current get_current()
