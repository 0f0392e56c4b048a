// SPDX-License-Identifier: GPL-2.0-only
/*
 * Offsets and sizes that assembly uses, as strings "->NAME value" in this file's assembly output, from
 * which the build makes <generated/asm-offsets.h>.  Also the asserts on what headers hard-code.
 */
#include <kernel/sched/sched.h>
#include <asm/percpu.h>

#define DEFINE(name, val)	asm volatile("\n.ascii \"->" #name " %0\"" : : "i" (val))
#define OFFSET(name, type, member) DEFINE(name, offsetof(type, member))

static_assert(offsetof(struct task_struct, cpu) == TASK_CPU_OFFSET);
static_assert(offsetof(struct task_struct, stack_canary) == 8, "ARCH_STACKPROTECTOR in flags.mk");

int asm_offsets(void);
int asm_offsets(void)
{
	OFFSET(TSK_FLAGS, struct task_struct, thread_flags);
	OFFSET(TSK_PREEMPT_COUNT, struct task_struct, preempt_count);
	OFFSET(TSK_STACK, struct task_struct, stack);
	OFFSET(TSK_TP_RO, struct task_struct, thread.tp_ro_value);
	OFFSET(TSK_CONTEXT, struct task_struct, thread.cpu_context);
	DEFINE(THREAD_SIZE, THREAD_SIZE);
	DEFINE(TIF_WORK_MASK, TIF_WORK_MASK);
	DEFINE(TIF_SYSCALL_WORK, TIF_SYSCALL_WORK);
	DEFINE(TIF_NEED_RESCHED, TIF_NEED_RESCHED);
	DEFINE(PT_REGS_SIZE, sizeof(struct pt_regs));
	DEFINE(TASK_SLOT_SIZE, TASK_SLOT_SIZE);
	OFFSET(PT_SP, struct pt_regs, sp);
	OFFSET(PT_PC, struct pt_regs, pc);
	OFFSET(PT_ORIG_X0, struct pt_regs, orig_x0);
	OFFSET(PT_SYSCALLNO, struct pt_regs, syscallno);
	OFFSET(PT_STACKFRAME, struct pt_regs, stackframe);
	OFFSET(FP_STATE_FPSR, struct fp_state, fpsr);
	return 0;
}
