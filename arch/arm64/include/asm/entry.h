/* SPDX-License-Identifier: GPL-2.0-only */
/* C functions that the port's assembly calls, and what its files share among themselves. */
#pragma once

#include <kernel/lib/types.h>

struct pt_regs;
struct task_struct;

/* traps.c: entered with irqs off; may turn them on, entry.S turns them off again. */
void el0_sync_handler(struct pt_regs *regs, unsigned long esr, unsigned long far);
void el1_sync_handler(struct pt_regs *regs, unsigned long esr, unsigned long far);
void serror_handler(struct pt_regs *regs, unsigned long esr);
/* compat/traps.c */
void el0_sync_32_handler(struct pt_regs *regs, unsigned long esr, unsigned long far);
void el1_bad_handler(struct pt_regs *regs, unsigned long esr);
void stack_overflow_handler(struct pt_regs *regs, unsigned long sp, unsigned long far);
/* Note the fault for the signal frame and send the signal. irqs on. */
void user_fault_signal(int sig, int code, unsigned long addr, unsigned long esr);

/* fault.c */
void el0_abort(struct pt_regs *regs, unsigned long esr, unsigned long far);
void el1_abort(struct pt_regs *regs, unsigned long esr, unsigned long far);

/* syscall.c */
void do_syscall_slow(struct pt_regs *regs);

/* switch.S */
struct task_struct *cpu_switch_to(struct task_struct *prev, struct task_struct *next);

/* mmu.c: the tree at @fdt, mapped for reading; NULL when it is none. Called by head.S. */
void *fixmap_map_fdt(phys_addr_t fdt);
extern phys_addr_t boot_fdt_pa;
void map_linear(void);
void secondary_entry(void);		/* head.S */
/* smp.c: what head.S looks up by MPIDR */
struct secondary_boot {
	u64			hwid;
	struct task_struct	*idle;
};
extern struct secondary_boot secondary_boot[];

/* Are these user registers harmless? If not they are made so. ptrace.c, signal.c */
bool valid_user_regs(struct pt_regs *regs);
