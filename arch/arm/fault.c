// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data and prefetch aborts: from the fault status to handle_page_fault(), a signal, the exception
 * table, or a panic.
 */
#include <kernel/extable.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/hw_breakpoint.h>

/* How Linux marks a prefetch abort in sigcontext's error_code. */
#define FSR_PREFETCH	(1U << 31)

bool fixup_exception(struct pt_regs *regs)
{
	unsigned long pc = extable_fixup(regs->ARM_pc);

	if (!pc)
		return false;
	regs->ARM_pc = pc;
	return true;
}

/* Is it one that memory management can mend? */
static bool is_page_fault(u32 fsr)
{
	switch (FSR_FS(fsr)) {
	case FS_TRANSLATION_1:
	case FS_TRANSLATION_2:
	case FS_ACCESS_FLAG_1:
	case FS_ACCESS_FLAG_2:
	case FS_PERMISSION_1:
	case FS_PERMISSION_2:
		return true;
	}
	return false;
}

static enum fault_access data_access(u32 fsr)
{
	return (fsr & FSR_WNR) && !(fsr & FSR_CM) ? FAULT_WRITE : FAULT_READ;
}

static void user_abort(unsigned long addr, u32 fsr, enum fault_access access)
{
	int sig = SIGBUS, code = BUS_OBJERR;

	if (is_page_fault(fsr)) {
		sig = SIGSEGV;
		code = SEGV_MAPERR;
		if (addr < TASK_SIZE && !handle_page_fault(addr, access, true, &sig, &code))
			return;
	} else if (FSR_FS(fsr) == FS_ALIGNMENT) {
		code = BUS_ADRALN;
	} else if (FSR_FS(fsr) == FS_DEBUG && access == FAULT_EXEC) {
		sig = SIGTRAP;
		code = TRAP_BRKPT;
	} else if (FSR_FS(fsr) == FS_DEBUG) {
		hw_debug_signal(addr, false);
		return;
	}
	user_fault_signal(sig, code, addr, TRAP_PAGE_FAULT, fsr);
}

static void __noreturn kernel_fault(struct pt_regs *regs, unsigned long addr, u32 fsr,
				    enum fault_access access)
{
	static const char *const verb[] = { "read", "write", "execute" };

	panic_regs(regs, "kernel fault: %s at %#lx, FSR %#x", verb[access], addr, fsr);
}

/* Memory management may be asked only for an access that was meant: to a user address, with user
 * access open, by an instruction of the exception table, where one may sleep. */
static bool user_fault_allowed(const struct pt_regs *regs, unsigned long addr, u32 fsr)
{
	return addr < TASK_SIZE && is_page_fault(fsr) && regs->dacr == DACR_UACCESS &&
	       !irqs_disabled_flags(regs->ARM_cpsr) && current->mm &&
	       !current->pagefault_disabled && extable_fixup(regs->ARM_pc);
}

static void kernel_data_abort(struct pt_regs *regs, unsigned long addr, u32 fsr)
{
	int sig, code;

	if (user_fault_allowed(regs, addr, fsr)) {
		irq_enable();
		if (!handle_page_fault(addr, data_access(fsr), false, &sig, &code))
			return;
	}
	if (!fixup_exception(regs))
		kernel_fault(regs, addr, fsr, data_access(fsr));
}

void do_data_abort(struct pt_regs *regs)
{
	unsigned long addr = read_dfar();
	u32 fsr = read_dfsr();

	if (!user_mode(regs)) {
		kernel_data_abort(regs, addr, fsr);
		return;
	}
	irq_enable();
	user_abort(addr, fsr, data_access(fsr));
}

void do_prefetch_abort(struct pt_regs *regs)
{
	unsigned long addr = read_ifar();
	u32 fsr = read_ifsr();
	bool hw_break = FSR_FS(fsr) == FS_DEBUG && user_mode(regs) && hw_break_was_hit();

	if (!user_mode(regs))
		kernel_fault(regs, addr, fsr, FAULT_EXEC);
	if (FSR_FS(fsr) == FS_DEBUG)
		addr = regs->ARM_pc;		/* BKPT: IFAR is unknown */
	irq_enable();
	if (hw_break)
		hw_debug_signal(addr, true);
	else
		user_abort(addr, fsr | FSR_PREFETCH, FAULT_EXEC);
}
