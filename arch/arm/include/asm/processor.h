/* SPDX-License-Identifier: GPL-2.0-only */
/* Per-task CPU state that is not in pt_regs, and small CPU operations. */
#pragma once

#include <kernel/lib/types.h>
#include <asm/fpu.h>
#include <asm/memory.h>
#include <asm/ptrace.h>

/* What switch.S saves: the callee-saved registers. */
struct cpu_context {
	unsigned long r4, r5, r6, r7, r8, r9, sl, fp, sp, pc;
};

struct thread_struct {
	struct cpu_context	cpu_context;
	unsigned long		tp_value;	/* TPIDRURO; live in the register while running */
	unsigned long		tp2_value;	/* TPIDRURW; ditto, and user mode may change it */
	unsigned long		fault_address;	/* of the last fault that became a signal */
	unsigned long		fault_code;	/* its FSR; sigcontext's error_code */
	unsigned long		trap_no;	/* sigcontext's: TRAP_* of entry.h */
	struct hw_debug		*hw_debug;	/* hardware breakpoints, or NULL: TIF_HW_DEBUG */
	struct fp_state		fp;		/* live in the registers while running */
};

/* The user registers of @t, at the top of its kernel stack (THREAD_SIZE: kernel/sched/sched.h). */
#define task_pt_regs(t)	((struct pt_regs *)((char *)(t)->stack + THREAD_SIZE) - 1)

static inline void cpu_relax(void)
{
	asm volatile("yield" : : : "memory");
}
