// SPDX-License-Identifier: GPL-2.0-only
/*
 * Synchronous exceptions and SErrors: which class, whose fault, what signal.  Aborts go to fault.c,
 * system calls never come here (entry.S).  No locks.
 */
#include <kernel/lib/bug.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/uaccess.h>

/* ESR of a trapped FP exception: the flags are those of FPSR. */
#define FP_EXC_TFV	(1 << 23)

void user_fault_signal(int sig, int code, unsigned long addr, unsigned long esr)
{
	current->thread.fault_address = addr;
	current->thread.fault_code = esr;
	force_sig_fault(sig, code, addr);
}

static int fp_exception_code(unsigned long esr)
{
	static const u8 codes[] = { FPE_FLTINV, FPE_FLTDIV, FPE_FLTOVF, FPE_FLTUND, FPE_FLTRES };

	for (unsigned int i = 0; (esr & FP_EXC_TFV) && i < ARRAY_SIZE(codes); i++)
		if (esr & (1UL << i))
			return codes[i];
	return FPE_FLTUNK;
}

/* It has been done: the next one is not the target of a branch. */
static void skip_instruction(struct pt_regs *regs, unsigned int size)
{
	regs->pc += size;
	regs->pstate &= ~(u64)PSR_BTYPE_MASK;
}

/*
 * User mode may not read ID registers: MRS from them (Op0 3, Op1 0, CRn 0) is answered with what HWCAP_CPUID
 * promises.  CPUs disagree about the exception class, so the instruction itself is looked at.
 */
static bool emulate_mrs(struct pt_regs *regs)
{
	u32 insn;
	u64 val;

	if (get_user(insn, (const u32 __user *)regs->pc) || (insn & 0xfffff000) != 0xd5380000)
		return false;
	if (!cpu_emulate_id_register(insn >> 8 & 15, insn >> 5 & 7, &val))
		return false;
	if ((insn & 31) < 31)
		regs->regs[insn & 31] = val;
	skip_instruction(regs, 4);
	return true;
}

/* A single step has been done: the next one is armed by PTRACE_SINGLESTEP. */
static void el0_step(struct pt_regs *regs, unsigned long esr)
{
	if (test_task_flag(current, TIF_SINGLESTEP))
		user_fault_signal(SIGTRAP, TRAP_TRACE, regs->pc, esr);
}

void el0_sync_handler(struct pt_regs *regs, unsigned long esr, unsigned long far)
{
	irq_enable();
	switch (esr >> ESR_EC_SHIFT) {
	case EC_DABT_EL0:
	case EC_IABT_EL0:
		el0_abort(regs, esr, far);
		break;
	case EC_PC_ALIGN:
		user_fault_signal(SIGBUS, BUS_ADRALN, far, esr);
		break;
	case EC_SP_ALIGN:
		user_fault_signal(SIGBUS, BUS_ADRALN, regs->sp, esr);
		break;
	case EC_FP32:
	case EC_FP64:
		user_fault_signal(SIGFPE, fp_exception_code(esr), regs->pc, esr);
		break;
	case EC_BRK64:
		user_fault_signal(SIGTRAP, TRAP_BRKPT, regs->pc, esr);
		break;
	case EC_STEP_EL0:
		el0_step(regs, esr);
		break;
	case EC_BREAKPT_EL0:
		user_fault_signal(SIGTRAP, TRAP_HWBKPT, regs->pc, esr);
		break;
	case EC_WATCHPT_EL0:
		user_fault_signal(SIGTRAP, TRAP_HWBKPT, far, esr);
		break;
	case EC_WFX:
		skip_instruction(regs, esr & ESR_IL ? 4 : 2);
		break;
	case EC_FPAC:
		user_fault_signal(SIGILL, ILL_ILLOPN, regs->pc, esr);
		break;
	case EC_BTI:
		user_fault_signal(SIGILL, ILL_ILLOPC, regs->pc, 0);
		break;
	case EC_UNKNOWN:
	case EC_SYS64:
		if (emulate_mrs(regs))
			break;
		fallthrough;
	default:
		user_fault_signal(SIGILL, ILL_ILLOPC, regs->pc, esr);
	}
}

void el1_sync_handler(struct pt_regs *regs, unsigned long esr, unsigned long far)
{
	unsigned int ec = esr >> ESR_EC_SHIFT;

	switch (ec) {
	case EC_DABT_EL1:
	case EC_IABT_EL1:
		el1_abort(regs, esr, far);
		break;
	case EC_BRK64:
		panic_regs(regs, "kernel BRK, comment %#lx", esr & 0xffff);
	case EC_UNKNOWN:
		panic_regs(regs, "undefined instruction in the kernel");
	default:
		panic_regs(regs, "unexpected exception in the kernel: class %#x, ESR %#lx, FAR %#lx",
			   ec, esr, far);
	}
}

/* An asynchronous external abort: memory or a bus gave up, and it is too late to tell for whom. */
void serror_handler(struct pt_regs *regs, unsigned long esr)
{
	panic_regs(regs, "SError, ESR %#lx", esr);
}

void el1_bad_handler(struct pt_regs *regs, unsigned long esr)
{
	panic_regs(regs, "exception on the wrong stack pointer, ESR %#lx", esr);
}

void stack_overflow_handler(struct pt_regs *regs, unsigned long sp, unsigned long far)
{
	regs->sp = sp;
	panic_regs(regs, "kernel stack overflow: sp %#lx, stack %p, FAR %#lx", sp, current->stack, far);
}
