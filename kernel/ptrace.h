/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ptrace: one task, the tracer, stops, looks at and steers another, the tracee.
 *
 * kernel/ptrace_attach.c makes and ends the relation, kernel/ptrace_stop.c is what the tracee does, and
 * kernel/ptrace.c what the tracer asks for.
 *
 * Locks: task->ptrace, parent and the lists ptraced/ptrace_entry change under tasklist_lock (write);
 * task->ptrace under siglock too, so that either is enough to read it.  jobctl is siglock's.
 */
#pragma once

#include <kernel/signal.h>

#define PT_PTRACED		1
#define PT_SEIZED		2
#define PT_OPT_SHIFT		3
#define PT_OPTION(option)	((unsigned int)(option) << PT_OPT_SHIFT)	/* PTRACE_O_* */

/* PTRACE_O_TRACEx is bit PTRACE_EVENT_x. */
static inline bool ptrace_event_enabled(const struct task_struct *t, int event)
{
	return t->ptrace & PT_OPTION(1U << event);
}

static inline bool ptrace_suspends_seccomp(const struct task_struct *t)
{
	return t->ptrace & PT_OPTION(PTRACE_O_SUSPEND_SECCOMP);
}

/* Traced by somebody else than its parent's process? tasklist_lock held. */
static inline bool ptrace_reparented(const struct task_struct *t)
{
	return t->real_parent->signal != t->parent->signal;
}

/* ---- ptrace_attach.c: tasklist_lock held for write, but for the calls ------------------------ */
long ptrace_traceme(void);
long ptrace_attach(struct task_struct *t, bool seize, unsigned long addr, unsigned long options);
int ptrace_check_options(unsigned long options);
/* fork: the new @child of a traced current is traced as well; siglock held too. */
void ptrace_link_child(struct task_struct *child);
void ptrace_unlink(struct task_struct *t);
/* true: @t is a zombie that nobody waits for any more; the caller releases it. */
bool ptrace_detach_locked(struct task_struct *tracer, struct task_struct *t);
/* @tracer exits: its tracees go free, or die (PTRACE_O_EXITKILL); zombies go to @dead. */
void exit_ptrace(struct task_struct *tracer, struct list_head *dead);
/* May what current is about to exec not raise its privileges? tasklist_lock held. */
bool ptrace_exec_unsafe(void);

/* ---- ptrace.c: for requests that only some ports have; the tracee is frozen ------------------- */
#define PTRACE_RESUME_STEP	1	/* one instruction */
#define PTRACE_RESUME_SYSCALL	2	/* stop at system calls */
#define PTRACE_RESUME_EMULATE	4	/* stop at system calls, and do not make them */
int ptrace_resume(struct task_struct *t, unsigned int how, unsigned long sig);
int ptrace_set_options(struct task_struct *t, unsigned long options);

/* ---- ptrace_stop.c: in the tracee ------------------------------------------------------------ */
/* Stop for the tracer; siglock held before and after. What it wants delivered, or 0. */
int ptrace_stop(int exit_code, int why, unsigned long message, siginfo_t *info);
int ptrace_notify(int exit_code, unsigned long message);
/* Signal-delivery stop: the signal to deliver, 0: none. siglock held. */
int ptrace_signal(int sig, siginfo_t *info, enum pid_type type);
void ptrace_jobctl_trap(void);			/* siglock held */
void ptrace_trap_notify(struct task_struct *t);	/* group stop begins or ends for a seized @t; siglock held */
void ptrace_wake_up(struct task_struct *t, bool resume);	/* siglock held */
void ptrace_event_stop(int event, unsigned long message);
void ptrace_clear_trapping(struct task_struct *t);	/* siglock held */
void ptrace_wait_trapping(struct task_struct *t);	/* attach: until a stopped @t is in its trap */

/* Tell the tracer of an event if it asked for it. */
static inline void ptrace_event(int event, unsigned long message)
{
	if (unlikely(current->ptrace))
		ptrace_event_stop(event, message);
}
void ptrace_event_pid(int event, struct pid *pid);	/* the message is @pid as the tracer sees it */
