/* SPDX-License-Identifier: GPL-2.0-only */
/* Per-task CPU state that is not in pt_regs, and small CPU operations. */
#pragma once

#include <kernel/lib/types.h>
#include <asm/fpu.h>
#include <asm/memory.h>
#include <asm/pac.h>
#include <asm/ptrace.h>

/* What switch.S saves: the callee-saved registers. */
struct cpu_context {
	unsigned long x19, x20, x21, x22, x23, x24, x25, x26, x27, x28;
	unsigned long fp, sp, pc;
};

struct thread_struct {
	struct cpu_context	cpu_context;
	unsigned long		tp_value;	/* TPIDR_EL0; live in the register while running */
	unsigned long		tp_ro_value;	/* TPIDRRO_EL0: the thread pointer of 32-bit programs, else 0 */
	unsigned long		fault_address;	/* of the last fault that became a signal */
	unsigned long		fault_code;	/* its ESR: esr_context of a signal frame; 0: none */
	struct hw_debug		*hw_debug;	/* hardware breakpoints, or NULL: TIF_HW_DEBUG */
	struct fp_state		fp;		/* live in the registers while running */
	struct pac_state	pac;		/* TIF_PAC: also in the registers while running */
};

/*
 * The top of a kernel stack: a slot that holds the task's address, whence an exception from user mode
 * learns `current`, and below it the user registers (THREAD_SIZE is <kernel/sched/sched.h>'s).
 */
#define TASK_SLOT_SIZE	16
#define task_slot(t)	((struct task_struct **)((char *)(t)->stack + THREAD_SIZE - TASK_SLOT_SIZE))
#define task_pt_regs(t)	((struct pt_regs *)task_slot(t) - 1)

static inline void cpu_relax(void)
{
	asm volatile("yield" : : : "memory");
}
