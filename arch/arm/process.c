// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tasks: making, switching, and the registers they have.  thread_struct belongs to its task; what
 * is in the CPU's registers (VFP, TPIDRURO, TPIDRURW) belongs to the task that runs, and moves in
 * switch_to() with irqs off.
 */
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <asm/cpu.h>
#include <asm/elf.h>
#include <asm/entry.h>
#include <asm/hw_breakpoint.h>

#define read_tls_user_rw()	read_cp15(0, c13, c0, 2)

static inline void load_tls(const struct task_struct *t)
{
	write_cp15(t->thread.tp_value, 0, c13, c0, 3);
	write_cp15(t->thread.tp2_value, 0, c13, c0, 2);
}

struct task_struct *switch_to(struct task_struct *prev, struct task_struct *next)
{
	if (!(prev->flags & PF_KTHREAD)) {
		fpu_save(prev);
		prev->thread.tp2_value = read_tls_user_rw();
	}
	if (!(next->flags & PF_KTHREAD)) {
		fpu_restore(next);
		load_tls(next);
	}
	if (unlikely((prev->thread_flags | next->thread_flags) & (1UL << TIF_HW_DEBUG)))
		hw_debug_switch(next);
	return cpu_switch_to(prev, next);
}

int copy_thread(struct task_struct *child, const struct clone_regs *args)
{
	struct pt_regs *regs = task_pt_regs(child);
	struct thread_struct *thread = &child->thread;

	memset(&thread->cpu_context, 0, sizeof(thread->cpu_context));
	thread->hw_debug = NULL;
	clear_task_flag(child, TIF_HW_DEBUG);
	if (args->fn) {
		memset(regs, 0, sizeof(*regs));
		regs->ARM_cpsr = USR_MODE;
		regs->syscallno = NO_SYSCALL;
		fpu_init_thread(child);
		thread->tp_value = thread->tp2_value = 0;
		thread->cpu_context.r5 = (unsigned long)args->fn;
		thread->cpu_context.r4 = (unsigned long)args->fn_arg;
	} else {
		*regs = *task_pt_regs(current);
		regs->ARM_r0 = 0;
		if (args->stack)
			regs->ARM_sp = args->stack;
		fpu_save(child);		/* the live registers are the parent's */
		thread->tp2_value = read_tls_user_rw();
		if (args->flags & CLONE_SETTLS)
			thread->tp_value = args->tls;
	}
	thread->cpu_context.pc = (unsigned long)ret_from_fork;
	thread->cpu_context.sp = (unsigned long)regs;
	return 0;
}

const struct user_abi *arch_user_abi(unsigned int elf_class, unsigned int machine, unsigned int flags)
{
	static const struct user_abi eabi = {
		.elf_class = ELFCLASS32, .word_size = sizeof(u32), .task_size = TASK_SIZE, .stack_top = STACK_TOP,
		.unmapped_base = TASK_UNMAPPED_BASE, .et_dyn_base = ELF_ET_DYN_BASE, .brk_rnd = 32 << 20,
		.stack_rnd_pages = STACK_RND_PAGES, .mmap_rnd_bits = MMAP_RND_BITS, .default_exec = true,
		.per_clear = PER_MASK, .per_set = ADDR_LIMIT_32BIT,
	};

	if (elf_class != ELFCLASS32 || machine != EM_ARM || !(flags & EF_ARM_EABI_MASK))
		return NULL;
	return &eabi;
}

void arch_set_user_abi(const struct user_abi *abi)
{
	/* There is only one. */
}

void start_thread(struct pt_regs *regs, unsigned long pc, unsigned long sp)
{
	s32 syscallno = regs->syscallno;	/* a tracer still sees execve leave */

	memset(regs, 0, sizeof(*regs));
	regs->syscallno = syscallno;
	regs->ARM_pc = pc & ~1UL;
	regs->ARM_sp = sp;
	regs->ARM_cpsr = USR_MODE | (pc & 1 ? PSR_T_BIT : 0);
}

void flush_thread(void)
{
	preempt_disable();
	fpu_init_thread(current);
	fpu_restore(current);
	current->thread.tp_value = current->thread.tp2_value = 0;
	load_tls(current);
	preempt_enable();
	hw_debug_flush();
	current->thread.fault_address = 0;
	current->thread.fault_code = 0;
	current->thread.trap_no = 0;
}

void release_thread(struct task_struct *t)
{
	if (t->thread.hw_debug)
		hw_debug_free(t);
}

void set_thread_tls(struct task_struct *t, unsigned long val)
{
	t->thread.tp_value = val;
	if (t == current)
		write_cp15(val, 0, c13, c0, 3);
}

/* There is no hardware single step on ARMv7: debuggers plant breakpoints, as on Linux. */
int single_step_enable(struct task_struct *t)
{
	return -EIO;
}

void single_step_disable(struct task_struct *t)
{
}

long arch_prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)
{
	return -EINVAL;
}

unsigned long user_stack_pointer(const struct pt_regs *regs)
{
	return regs->ARM_sp;
}

unsigned long instruction_pointer(const struct pt_regs *regs)
{
	return regs->ARM_pc;
}

void set_instruction_pointer(struct pt_regs *regs, unsigned long pc)
{
	regs->ARM_pc = pc;
}

bool user_mode(const struct pt_regs *regs)
{
	return (regs->ARM_cpsr & 0xf) == 0;
}

void show_regs(const struct pt_regs *regs)
{
	const unsigned long *r = regs->uregs;

	printk("pc : %08lx  lr : %08lx  cpsr : %08lx  %pS\n", regs->ARM_pc, regs->ARM_lr,
	       regs->ARM_cpsr, user_mode(regs) ? NULL : (void *)regs->ARM_pc);
	printk("sp : %08lx  ip : %08lx  fp : %08lx  dacr : %x\n", regs->ARM_sp, regs->ARM_ip,
	       regs->ARM_fp, regs->dacr);
	printk("r10: %08lx  r9 : %08lx  r8 : %08lx  r7 : %08lx\n", r[10], r[9], r[8], r[7]);
	printk("r6 : %08lx  r5 : %08lx  r4 : %08lx  r3 : %08lx\n", r[6], r[5], r[4], r[3]);
	printk("r2 : %08lx  r1 : %08lx  r0 : %08lx\n", r[2], r[1], r[0]);
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
	u32 lo, hi;

	if (!cpu_has_generic_timer)
		return read_cp15(0, c9, c13, 0);	/* PMCCNTR */
	asm volatile("mrrc p15, 1, %0, %1, c14" : "=r" (lo), "=r" (hi));
	return lo | (u64)hi << 32;
}
