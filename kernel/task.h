/* SPDX-License-Identifier: GPL-2.0-only */
/* What only fork and exit need to know of a task_struct's allocation: kernel/task.c. */
#pragma once

#include <kernel/sched/sched.h>

/* The canary's lowest byte is zero, so that no string function can write or read it through. */
#define CANARY_MASK	(~0xffUL)

extern unsigned long init_stack[];		/* the boot CPU's, THREAD_SIZE */
struct task_struct *dup_task_struct(void);	/* of current; NULL: no memory */
void free_task(struct task_struct *t);		/* never ran, or the last reference went */
void exit_mm(void);				/* current lets go of its address space */
