// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data and instruction aborts: from the syndrome to handle_page_fault(), a signal, the exception table,
 * or a panic.
 */
#include <kernel/extable.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <asm/cpu.h>
#include <asm/entry.h>

bool fixup_exception(struct pt_regs *regs)
{
	unsigned long pc = extable_fixup(regs->pc);

	if (!pc)
		return false;
	regs->pc = pc;
	return true;
}

/* Tags in the top byte are ignored by the hardware; bit 55 says which half it is. */
static unsigned long untag(unsigned long addr)
{
	return (unsigned long)((long)(addr << 8) >> 8);
}

static enum fault_access abort_access(unsigned long esr)
{
	unsigned int ec = esr >> ESR_EC_SHIFT;

	if (ec == EC_IABT_EL0 || ec == EC_IABT_EL1)
		return FAULT_EXEC;
	return (esr & ISS_WNR) && !(esr & ISS_CM) ? FAULT_WRITE : FAULT_READ;
}

/* Is it one that memory management can mend? */
static bool is_page_fault(unsigned long esr)
{
	unsigned int type = esr & ISS_FSC_TYPE;

	return type == FSC_TRANSLATION || type == FSC_ACCESS_FLAG || type == FSC_PERMISSION;
}

/* User mode learns nothing about the kernel's half: every fault there looks like an unmapped page. */
static unsigned long user_visible_esr(unsigned long addr, unsigned long esr)
{
	if (addr < TASK_SIZE)
		return esr;
	esr &= (0x3fUL << ESR_EC_SHIFT) | ESR_IL | ISS_CM | ISS_WNR;
	return esr | FSC_TRANSLATION;
}

void el0_abort(struct pt_regs *regs, unsigned long esr, unsigned long far)
{
	unsigned long addr = untag(far);
	int sig = SIGBUS, code = BUS_OBJERR;

	if (is_page_fault(esr)) {
		sig = SIGSEGV;
		code = SEGV_MAPERR;
		if (addr < TASK_SIZE && !handle_page_fault(addr, abort_access(esr), true, &sig, &code))
			return;
	} else if ((esr & ISS_FSC) == FSC_ALIGNMENT) {
		code = BUS_ADRALN;
	}
	user_fault_signal(sig, code, far, user_visible_esr(addr, esr));
}

static void __noreturn kernel_fault(struct pt_regs *regs, unsigned long esr, unsigned long addr)
{
	static const char *const access[] = { "read", "write", "execute" };
	const char *what = (esr & ISS_FSC_TYPE) == FSC_PERMISSION ? "permission" : "translation";

	panic_regs(regs, "kernel %s fault: %s at %#lx, ESR %#lx", what, access[abort_access(esr)], addr, esr);
}

/* May this fault of the kernel on a user address go to memory management? */
static bool user_fault_allowed(const struct pt_regs *regs)
{
	return current->mm && !current->pagefault_disabled && !irqs_disabled_flags(regs->pstate);
}

void el1_abort(struct pt_regs *regs, unsigned long esr, unsigned long far)
{
	unsigned long addr = untag(far);
	int sig, code;

	if (addr >= TASK_SIZE || !is_page_fault(esr) || !extable_fixup(regs->pc)) {
		if (!fixup_exception(regs))
			kernel_fault(regs, esr, far);
		return;
	}
	if (user_fault_allowed(regs)) {
		irq_enable();
		if (!handle_page_fault(addr, abort_access(esr), false, &sig, &code))
			return;
	}
	if (!fixup_exception(regs))
		kernel_fault(regs, esr, far);
}
