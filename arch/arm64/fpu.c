// SPDX-License-Identifier: GPL-2.0-only
/*
 * FP/SIMD state: switched eagerly between user tasks (a modern libc uses it in memcpy anyhow).  While a
 * user task runs, the registers are its state and thread.fp is stale; the kernel itself is compiled
 * without FP registers.  Long user copies (uaccess.S) borrow q0..q7: a switch in their middle must save them.
 */
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>

void fpu_save(struct task_struct *t)
{
	fpu_save_regs(&t->thread.fp);
}

void fpu_restore(struct task_struct *t)
{
	fpu_load_regs(&t->thread.fp);
}

void fpu_init_thread(struct task_struct *t)
{
	memset(&t->thread.fp, 0, sizeof(t->thread.fp));
}
