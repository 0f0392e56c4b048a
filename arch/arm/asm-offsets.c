// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offsets and sizes that assembly uses, as lines "->NAME value" in this file's assembly output,
 * from which the build makes <generated/asm-offsets.h>.  Also the asserts on what headers
 * hard-code.
 */
#include <kernel/sched/sched.h>
#include <asm/percpu.h>
#include <asm/sigframe.h>

#define DEFINE(name, val)	asm volatile("\n.ascii \"->" #name " %0 \"" : : "i" (val))
#define OFFSET(name, type, member) DEFINE(name, offsetof(type, member))

static_assert(offsetof(struct task_struct, cpu) == TASK_CPU_OFFSET);
static_assert(offsetof(struct pt_regs, uregs) == 0, "the argument array of calls");

int asm_offsets(void);
int asm_offsets(void)
{
	OFFSET(TSK_FLAGS, struct task_struct, thread_flags);
	OFFSET(TSK_PREEMPT_COUNT, struct task_struct, preempt_count);
	OFFSET(TSK_PF_FLAGS, struct task_struct, flags);
	DEFINE(PF_KTHREAD, PF_KTHREAD);
	OFFSET(TSK_STACK, struct task_struct, stack);
	OFFSET(TSK_CONTEXT, struct task_struct, thread.cpu_context);
	DEFINE(THREAD_SIZE, THREAD_SIZE);
	DEFINE(TIF_WORK_MASK, TIF_WORK_MASK);
	DEFINE(TIF_NEED_RESCHED, 1 << TIF_NEED_RESCHED);
	DEFINE(PT_REGS_SIZE, sizeof(struct pt_regs));
	OFFSET(PT_SP, struct pt_regs, uregs[13]);
	OFFSET(PT_LR, struct pt_regs, uregs[14]);
	OFFSET(PT_PC, struct pt_regs, uregs[15]);
	OFFSET(PT_CPSR, struct pt_regs, uregs[16]);
	OFFSET(PT_ORIG_R0, struct pt_regs, uregs[17]);
	OFFSET(PT_SYSCALLNO, struct pt_regs, syscallno);
	OFFSET(PT_DACR, struct pt_regs, dacr);
	OFFSET(FP_STATE_FPSCR, struct fp_state, fpscr);
	return 0;
}
