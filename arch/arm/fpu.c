// SPDX-License-Identifier: GPL-2.0-only
/*
 * VFP/NEON state: switched eagerly between user tasks (hard-float programs use it
 * everywhere).  While a user task runs, the registers are its state and thread.fp is stale; the
 * kernel itself is compiled without VFP registers.
 */
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>

unsigned int fpu_nr_regs;

void fpu_save(struct task_struct *t)
{
	if (fpu_nr_regs)
		fpu_save_regs(&t->thread.fp, fpu_nr_regs);
}

void fpu_restore(struct task_struct *t)
{
	if (fpu_nr_regs)
		fpu_load_regs(&t->thread.fp, fpu_nr_regs);
}

void fpu_init_thread(struct task_struct *t)
{
	memset(&t->thread.fp, 0, sizeof(t->thread.fp));
}
