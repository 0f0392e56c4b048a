/* SPDX-License-Identifier: GPL-2.0-only */
/* Restartable sequences: see rseq.c. Tasks that registered none pay a test of task->rseq. */
#pragma once

#include <kernel/arch.h>
#include <kernel/sched/sched.h>

struct pt_regs;

/* On the way to user mode with TIF_NOTIFY_RESUME. */
void __rseq_resume(struct pt_regs *regs);
static inline void rseq_resume(struct pt_regs *regs)
{
	if (unlikely(current->rseq))
		__rseq_resume(regs);
}

/* A signal's handler will run: the sequence it interrupts does not go on. */
void __rseq_signal(struct pt_regs *regs, int sig);
static inline void rseq_signal(struct pt_regs *regs, int sig)
{
	if (unlikely(current->rseq))
		__rseq_signal(regs, sig);
}

/* @t, which has registered, is or was running on this CPU: it has been interrupted. irqs off. */
static inline void rseq_interrupt(struct task_struct *t)
{
	t->rseq_event = true;
	set_task_flag(t, TIF_NOTIFY_RESUME);
}

/* Another task takes the CPU over from @prev. A sleep in a system call interrupts nothing. */
static inline void rseq_switch_out(struct task_struct *prev)
{
	if (READ_ONCE(prev->__state) == TASK_RUNNING || syscall_nr(task_pt_regs(prev)) < 0)
		rseq_interrupt(prev);
}
