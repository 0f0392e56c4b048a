// SPDX-License-Identifier: GPL-2.0-only
/*
 * Undefined instructions, and what can only be a bug.  Aborts go to fault.c, system calls never
 * come here (entry.S).  No locks.
 */
#include <kernel/lib/bug.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <asm/entry.h>
#include <asm/uaccess.h>

/* What debuggers plant: undefined instructions that Linux has set aside. */
#define BREAK_ARM	0x07f001f0	/* any condition */
#define BREAK_THUMB	0xde01
#define BREAK_THUMB2	0xa000f7f0	/* second halfword first */

void user_fault_signal(int sig, int code, unsigned long addr, unsigned long trap,
		       unsigned long fsr)
{
	current->thread.fault_address = addr;
	current->thread.fault_code = fsr;
	current->thread.trap_no = trap;
	force_sig_fault(sig, code, addr);
}

static bool is_breakpoint(const struct pt_regs *regs)
{
	u16 half[2];
	u32 insn;

	if (!thumb_mode(regs)) {
		if (get_user(insn, (const u32 __user *)regs->ARM_pc))
			return false;
		return (insn & 0x0fffffff) == BREAK_ARM;
	}
	if (get_user(half[0], (const u16 __user *)regs->ARM_pc))
		return false;
	if (half[0] == BREAK_THUMB)
		return true;
	if (half[0] != (u16)BREAK_THUMB2 || get_user(half[1], (const u16 __user *)regs->ARM_pc + 1))
		return false;
	return half[1] == BREAK_THUMB2 >> 16;
}

/* pc is that of the next instruction, by the size that the instruction set makes likely. */
void do_undefined(struct pt_regs *regs)
{
	regs->ARM_pc -= thumb_mode(regs) ? 2 : 4;
	if (!user_mode(regs))
		panic_regs(regs, "undefined instruction in the kernel");
	irq_enable();
	if (is_breakpoint(regs))
		user_fault_signal(SIGTRAP, TRAP_BRKPT, regs->ARM_pc, TRAP_UNDEFINED, 0);
	else
		user_fault_signal(SIGILL, ILL_ILLOPC, regs->ARM_pc, TRAP_UNDEFINED, 0);
}

/* A vector could not push its frame, or an exception came that nothing enables. */
void do_bad_stack(struct pt_regs *regs)
{
	panic_regs(regs, "kernel stack overflow or bad mode: sp %#lx, stack %p", regs->ARM_sp,
		   current->stack);
}
