// SPDX-License-Identifier: GPL-2.0-only
/*
 * Synchronous exceptions that only AArch32 user mode has: which class, what signal.  Aborts and other common ones go
 * to the 64-bit programs' handler.  No locks.
 */
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <asm/compat.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/hw_breakpoint.h>
#include <asm/uaccess.h>

/* What debuggers plant: undefined instructions that Linux has set aside. */
#define BREAK_ARM	0x07f001f0	/* any condition */
#define BREAK_THUMB	0xde01
#define BREAK_THUMB2	0xa000f7f0	/* second halfword first */

static bool is_breakpoint(const struct pt_regs *regs)
{
	u16 half[2];
	u32 insn;

	if (!compat_thumb_mode(regs)) {
		if (get_user(insn, (const u32 __user *)regs->pc))
			return false;
		return (insn & 0x0fffffff) == BREAK_ARM;
	}
	if (get_user(half[0], (const u16 __user *)regs->pc))
		return false;
	if (half[0] == BREAK_THUMB)
		return true;
	if (half[0] != (u16)BREAK_THUMB2 || get_user(half[1], (const u16 __user *)regs->pc + 1))
		return false;
	return half[1] == BREAK_THUMB2 >> 16;
}

static void undefined_instruction(struct pt_regs *regs, unsigned long esr)
{
	if (is_breakpoint(regs))
		user_fault_signal(SIGTRAP, TRAP_BRKPT, regs->pc, esr);
	else
		user_fault_signal(SIGILL, ILL_ILLOPC, regs->pc, esr);
}

/* The debugger of a 32-bit program is told by si_errno which one it was, as PTRACE_GETHBPREGS numbers them. */
static void hw_point_hit(enum hw_kind kind, unsigned long addr)
{
	int number = 2 * hw_debug_hit(kind, addr) + 1;
	siginfo_t info;

	clear_siginfo(&info);
	info.si_signo = SIGTRAP;
	info.si_code = TRAP_HWBKPT;
	info.si_errno = kind == HW_BREAK ? number : -number;
	info.si_addr = (void *)addr;
	force_sig_info(&info);
}

void el0_sync_32_handler(struct pt_regs *regs, unsigned long esr, unsigned long far)
{
	irq_enable();
	switch (esr >> ESR_EC_SHIFT) {
	case EC_SVC32:
		do_compat_syscall(regs);
		break;
	case EC_UNKNOWN:
	case EC_CP15_32:
	case EC_CP15_64:
	case EC_CP14_MR:
	case EC_CP14_LS:
	case EC_CP14_64:
		undefined_instruction(regs, esr);
		break;
	case EC_BREAKPT_EL0:
		hw_point_hit(HW_BREAK, regs->pc);
		break;
	case EC_WATCHPT_EL0:
		hw_point_hit(HW_WATCH, far);
		break;
	case EC_BKPT32:
		user_fault_signal(SIGTRAP, TRAP_BRKPT, regs->pc, esr);
		break;
	default:
		el0_sync_handler(regs, esr, far);
	}
}
