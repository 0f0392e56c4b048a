/* SPDX-License-Identifier: GPL-2.0-only */
/* Hardware breakpoints and watchpoints: hw_breakpoint.c, for the rest of the port. */
#pragma once

#include <kernel/lib/types.h>

struct task_struct;

void hw_debug_init_cpu(void);
void hw_debug_switch(const struct task_struct *next);	/* irqs or preemption off: @next's are in effect */
void hw_debug_free(struct task_struct *t);	/* @t is not running, or switches them off itself */
void hw_debug_flush(void);			/* exec: current has none any more */
/* ptrace: register @num of @t, which is stopped. 0 or -errno. */
int hw_debug_get(struct task_struct *t, long num, unsigned long __user *to);
int hw_debug_set(struct task_struct *t, long num, const unsigned long __user *from);
bool hw_break_was_hit(void);	/* irqs off: was this debug exception that of a hardware breakpoint? */
void hw_debug_signal(unsigned long addr, bool exec);	/* a hit of current */
