// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks: making, switching, and the registers they have.  thread_struct belongs to its task; what is in
 * the CPU's registers (FP, TPIDR_EL0, what debuggers use) belongs to the task that runs, and moves in
 * switch_to() with irqs off.
 */
#include <kernel/compat.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <asm/compat.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/hw_breakpoint.h>
#include <asm/pac.h>

static inline void load_tls(const struct task_struct *t)
{
	write_sysreg(t->thread.tp_value, tpidr_el0);
	write_sysreg(t->thread.tp_ro_value, tpidrro_el0);
}

/* Where the user's stack and thread pointers are. */
static u64 *user_sp(struct pt_regs *regs)
{
	return compat_user_mode(regs) ? &regs->regs[COMPAT_REG_SP] : &regs->sp;
}

static unsigned long *user_tp(struct task_struct *t)
{
	return compat_user_mode(task_pt_regs(t)) ? &t->thread.tp_ro_value : &t->thread.tp_value;
}

/* Single step and breakpoints: irqs off, or preemption off and @t current. */
static void load_debug_state(const struct task_struct *t)
{
	u64 mdscr = read_sysreg(mdscr_el1) & ~(MDSCR_SS | MDSCR_MDE);

	if (test_task_flag(t, TIF_SINGLESTEP))
		mdscr |= MDSCR_SS;
	if (test_task_flag(t, TIF_HW_DEBUG)) {
		hw_debug_load(t);
		mdscr |= MDSCR_MDE;
	}
	write_sysreg(mdscr, mdscr_el1);
	isb();
}

#define DEBUG_STATE	(1UL << TIF_SINGLESTEP | 1UL << TIF_HW_DEBUG)

static noinline void load_rare_state(const struct task_struct *prev, const struct task_struct *next)
{
	if (next->thread_flags & 1UL << TIF_PAC)
		pac_load(next);
	if ((prev->thread_flags | next->thread_flags) & DEBUG_STATE)
		load_debug_state(next);
}

struct task_struct *switch_to(struct task_struct *prev, struct task_struct *next)
{
	if (!(prev->flags & PF_KTHREAD)) {
		fpu_save(prev);
		prev->thread.tp_value = read_sysreg(tpidr_el0);
	}
	if (!(next->flags & PF_KTHREAD)) {
		fpu_restore(next);
		load_tls(next);
	}
	if (unlikely((prev->thread_flags | next->thread_flags) & (DEBUG_STATE | 1UL << TIF_PAC)))
		load_rare_state(prev, next);
	return cpu_switch_to(prev, next);
}

int copy_thread(struct task_struct *child, const struct clone_regs *args)
{
	struct pt_regs *regs = task_pt_regs(child);
	struct thread_struct *thread = &child->thread;

	memset(&thread->cpu_context, 0, sizeof(thread->cpu_context));
	thread->fault_code = 0;
	thread->hw_debug = NULL;
	clear_task_flag(child, TIF_SINGLESTEP);
	clear_task_flag(child, TIF_HW_DEBUG);
	*task_slot(child) = child;
	if (args->fn) {
		memset(regs, 0, sizeof(*regs));
		regs->pstate = PSR_MODE_EL0t;
		regs->syscallno = NO_SYSCALL;
		fpu_init_thread(child);
		thread->tp_value = thread->tp_ro_value = 0;
		thread->cpu_context.x19 = (unsigned long)args->fn;
		thread->cpu_context.x20 = (unsigned long)args->fn_arg;
	} else {
		*regs = *task_pt_regs(current);
		regs->regs[0] = 0;
		if (args->stack)
			*user_sp(regs) = args->stack;
		fpu_save_regs(&thread->fp);
		thread->tp_value = read_sysreg(tpidr_el0);
		if (args->flags & CLONE_SETTLS)
			*user_tp(child) = args->tls;
	}
	thread->cpu_context.pc = (unsigned long)ret_from_fork;
	thread->cpu_context.sp = (unsigned long)regs;
	thread->cpu_context.fp = (unsigned long)regs->stackframe;
	return 0;
}

void start_thread(struct pt_regs *regs, unsigned long pc, unsigned long sp)
{
	s32 syscallno = regs->syscallno;	/* a tracer still sees execve leave */

	memset(regs, 0, sizeof(*regs));
	regs->syscallno = syscallno;
	if (is_compat_task()) {
		compat_start_thread(regs, pc, sp);
		return;
	}
	regs->pc = pc;
	regs->sp = sp;
	regs->pstate = PSR_MODE_EL0t;
}

void flush_thread(void)
{
	preempt_disable();
	fpu_init_thread(current);
	fpu_restore(current);
	current->thread.tp_value = current->thread.tp_ro_value = 0;
	load_tls(current);
	if (test_task_flag(current, TIF_HW_DEBUG)) {
		hw_debug_free(current);
		load_debug_state(current);
	}
	preempt_enable();
	pac_exec();
	current->thread.fault_address = 0;
	current->thread.fault_code = 0;
}

void release_thread(struct task_struct *t)
{
	if (t->thread.hw_debug)
		hw_debug_free(t);
}

void set_thread_tls(struct task_struct *t, unsigned long val)
{
	*user_tp(t) = val;
	if (t != current)
		return;
	if (compat_user_mode(task_pt_regs(t)))
		write_sysreg(val, tpidrro_el0);
	else
		write_sysreg(val, tpidr_el0);
}

int single_step_enable(struct task_struct *t)
{
	set_task_flag(t, TIF_SINGLESTEP);
	task_pt_regs(t)->pstate |= PSTATE_SS;
	if (t == current)
		load_debug_state(t);
	return 0;
}

void single_step_disable(struct task_struct *t)
{
	clear_task_flag(t, TIF_SINGLESTEP);
	task_pt_regs(t)->pstate &= ~PSTATE_SS;
	if (t == current)
		load_debug_state(t);
}

/* Speculation past stores is left to the CPU: as on one that it does no harm. */
static long set_store_bypass(unsigned long control)
{
	switch (control) {
	case PR_SPEC_ENABLE:
	case PR_SPEC_DISABLE:
	case PR_SPEC_FORCE_DISABLE:
	case PR_SPEC_DISABLE_NOEXEC:
		return 0;
	}
	return -ERANGE;
}

long arch_prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)
{
	switch (option) {
	case PR_GET_SPECULATION_CTRL:
		if (arg3 || arg4 || arg5)
			return -EINVAL;
		return arg2 == PR_SPEC_STORE_BYPASS ? PR_SPEC_NOT_AFFECTED : -ENODEV;
	case PR_SET_SPECULATION_CTRL:
		if (arg4 || arg5)
			return -EINVAL;
		return arg2 == PR_SPEC_STORE_BYPASS ? set_store_bypass(arg3) : -ENODEV;
	case PR_PAC_RESET_KEYS:
		return arg3 || arg4 || arg5 ? -EINVAL : pac_reset_keys(arg2);
	case PR_PAC_SET_ENABLED_KEYS:
		return arg4 || arg5 ? -EINVAL : pac_set_enabled(current, arg2, arg3);
	case PR_PAC_GET_ENABLED_KEYS:
		return arg2 || arg3 || arg4 || arg5 ? -EINVAL : pac_get_enabled(current);
	}
	return -EINVAL;
}

unsigned long user_stack_pointer(const struct pt_regs *regs)
{
	return compat_user_mode(regs) ? (u32)regs->regs[COMPAT_REG_SP] : regs->sp;
}

unsigned long instruction_pointer(const struct pt_regs *regs)
{
	return regs->pc;
}

void set_instruction_pointer(struct pt_regs *regs, unsigned long pc)
{
	regs->pc = pc;
}

bool user_mode(const struct pt_regs *regs)
{
	return (regs->pstate & PSR_MODE_MASK) == PSR_MODE_EL0t;
}

void show_regs(const struct pt_regs *regs)
{
	printk("pc : %016llx  lr : %016llx\n", regs->pc, regs->regs[30]);
	if (!user_mode(regs))
		printk("pc : %pS  lr : %pS\n", (void *)regs->pc, (void *)regs->regs[30]);
	printk("sp : %016llx  pstate : %08llx  esr : %08llx\n", regs->sp, regs->pstate,
	       read_sysreg(esr_el1));
	for (int i = 29; i >= 0; i -= 3)
		printk("x%-2d: %016llx  x%-2d: %016llx  x%-2d: %016llx\n", i, regs->regs[i],
		       i - 1, regs->regs[i - 1], i - 2, regs->regs[i - 2]);
}

void cpu_idle(void)
{
	dsb(sy);
	asm volatile("wfi" : : : "memory");
}

void arch_halt(void)
{
	irq_disable();
	for (;;)
		asm volatile("wfi");
}

u64 cpu_cycles(void)
{
	return read_sysreg(cntvct_el0);
}
