/* SPDX-License-Identifier: GPL-2.0-only */
/* panic(), warn_at() are declared in <kernel/lib/bug.h>, panic_regs() in <kernel/arch.h>. */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

struct pt_regs;
struct task_struct;

extern int panic_timeout;	/* seconds until the reboot: 0 never, < 0 at once; kernel.panic */
extern bool oops_in_progress;

/* The calls on @t's stack, by printk; @regs: from an exception's registers. NULL @t: current. */
void show_stack(struct task_struct *t, const struct pt_regs *regs);
void dump_stack(void);
/* All tasks' states and stacks (SysRq-T), or one line per CPU. */
void show_state(void);
/* What a CPU does when it gets IPI_BACKTRACE. */
void panic_show_this_cpu(void);
/* Registers of the interrupted context, while in an interrupt; NULL otherwise. */
struct pt_regs *get_irq_regs(void);
/* Restart after a panic: set by the reboot code. NULL: halt. */
extern void (*panic_restart_hook)(void);

/* Kernel taint flags as in /proc/sys/kernel/tainted. */
#define TAINT_WARN	9
#define TAINT_DIE	7
void add_taint(unsigned int flag);
unsigned long get_taint(void);
