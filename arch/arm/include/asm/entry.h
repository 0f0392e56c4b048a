/* SPDX-License-Identifier: GPL-2.0-only */
/* C functions that the port's assembly calls, and what its files share among themselves. */
#pragma once

#include <kernel/lib/types.h>
#include <asm/pgtable.h>

struct mm_struct;
struct page;
struct pt_regs;
struct task_struct;

/* Entered with irqs off; may turn them on, entry.S turns them off again. */
void do_undefined(struct pt_regs *regs);		/* traps.c */
void do_bad_stack(struct pt_regs *regs);
void do_prefetch_abort(struct pt_regs *regs);		/* fault.c */
void do_data_abort(struct pt_regs *regs);
void do_syscall(struct pt_regs *regs);			/* syscall.c; irqs on */
void do_restart_syscall(struct pt_regs *regs);

/* Note the fault for the signal frame and send the signal. irqs on. */
#define TRAP_UNDEFINED	6
#define TRAP_PAGE_FAULT	14
void user_fault_signal(int sig, int code, unsigned long addr, unsigned long trap,
		       unsigned long fsr);

/* switch.S */
struct task_struct *cpu_switch_to(struct task_struct *prev, struct task_struct *next);

/* head.S, kuser.S */
extern u32 swapper_pg_dir[], fixmap_l2[], sigpage[];
extern char _text[], _etext[], __start_rodata[], __end_rodata[], _end[];
extern unsigned long boot_fdt_pa;	/* where the device tree lies, physical; 0: none */
void secondary_entry(void);

/* smp.c: what head.S looks up by MPIDR */
struct secondary_boot {
	u32			hwid;
	struct task_struct	*idle;
};
extern struct secondary_boot secondary_boot[];

void map_linear(void);					/* mmu.c */
void pan_init(void);					/* pan.c: boot CPU */
void pan_init_cpu(void);				/* each CPU */
/* Are these user registers harmless? If not they are made so. signal.c, ptrace.c */
bool valid_user_regs(struct pt_regs *regs);
/* Does user code at @regs run in Thumb state? */
#define thumb_mode(regs)	(!!((regs)->ARM_cpsr & PSR_T_BIT))
