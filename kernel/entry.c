// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last stop before user mode, in C for both ports: reschedule, signals, task work, and the restarting of
 * interrupted system calls.
 *
 * Locking: none of its own; runs in the task's context.
 */
#include <kernel/signal.h>

#include <generated/syscalls.h>
#include <kernel/cgroup/memory.h>
#include <kernel/lib/bitmap.h>
#include <kernel/locking/lockdebug.h>
#include <kernel/printk.h>
#include <kernel/ptrace.h>
#include <kernel/rseq.h>
#include <kernel/seccomp.h>

/* Is @ret a system call's request to be restarted? These never reach the user. */
static bool wants_restart(long ret)
{
	return ret == -ERESTARTSYS || ret == -ERESTARTNOINTR || ret == -ERESTARTNOHAND ||
	       ret == -ERESTART_RESTARTBLOCK;
}

/* A handler runs: does the call start over after it, or return EINTR? */
static bool restarts_after_handler(long ret, unsigned long sa_flags)
{
	return ret == -ERESTARTNOINTR || (ret == -ERESTARTSYS && (sa_flags & SA_RESTART));
}

static void do_signal(struct pt_regs *regs)
{
	long ret = syscall_nr(regs) >= 0 ? syscall_return_value(regs) : 0;
	bool restart = wants_restart(ret);
	unsigned long pc = 0;
	struct ksignal ksig;

	if (restart) {
		/* Decided once, here; and before a tracer looks, or the pc that it sets would be moved. */
		syscall_rewind(regs);
		pc = instruction_pointer(regs);
	}
	if (get_signal(&ksig)) {
		if (restart && instruction_pointer(regs) == pc &&
		    !restarts_after_handler(ret, ksig.ka.flags)) {
			syscall_unrewind(regs);
			syscall_set_return(regs, -EINTR);
		}
		rseq_signal(regs, ksig.sig);
		signal_setup_done(setup_signal_frame(&ksig, sigmask_to_save(), regs), &ksig,
				  test_task_flag(current, TIF_SINGLESTEP));
		return;
	}
	if (ret == -ERESTART_RESTARTBLOCK && restart && instruction_pointer(regs) == pc)
		syscall_rewind_restart_block(regs);	/* no handler: the user sees nothing of it */
	restore_saved_sigmask();
}

void exit_to_user_work(struct pt_regs *regs)
{
	unsigned long flags;

	while ((flags = READ_ONCE(current->thread_flags)) & TIF_WORK_MASK & ~(1UL << TIF_SINGLESTEP)) {
		irq_enable();
		if (flags & (1UL << TIF_NEED_RESCHED))
			schedule();
		if (flags & (1UL << TIF_NOTIFY_RESUME)) {
			clear_task_flag(current, TIF_NOTIFY_RESUME);
			if (current->exit_stop_owed)
				syscall_exit_work(regs);
			rseq_resume(regs);
			task_work_run();
			if (unlikely(current->over_high))
				cgroup_handle_over_high();
		}
		if (flags & (1UL << TIF_SIGPENDING | 1UL << TIF_RESTORE_SIGMASK))
			do_signal(regs);
		irq_disable();
	}
	lock_debug_check_user();
}

long sys_restart_syscall(void)
{
	struct restart_block *restart = &current->restart_block;

	return restart->fn ? restart->fn(restart) : -EINTR;
}

/* What every number leads to that syscalls.tbl does not list. Each number is logged once. */
long sys_ni_syscall(void)
{
	static DECLARE_BITMAP(logged, NR_SYSCALLS);
	long nr = syscall_nr(task_pt_regs(current));

	if (nr >= 0 && nr < NR_SYSCALLS && !test_bit(nr, logged) && !test_and_set_bit(nr, logged))
		printk(KERN_DEBUG "%s[%d]: system call %ld is not built\n", current->comm, current->pid, nr);
	return -ENOSYS;
}

/* A system-call stop; the tracer's answer is a signal to send. false: the task is being killed. */
static bool report_syscall(struct pt_regs *regs, unsigned long message)
{
	unsigned long mark = message == PTRACE_EVENTMSG_SYSCALL_EXIT, saved = syscall_mark_stop(regs, mark);
	int sig = ptrace_notify(SIGTRAP | (current->ptrace & PT_OPTION(PTRACE_O_TRACESYSGOOD) ? 0x80 : 0), message);

	syscall_mark_stop(regs, saved);
	if (sig)
		send_sig(sig, current, 1);
	return !fatal_signal_pending(current);
}

/* TIF_SYSCALL_WORK: tracers and filters see the call here. A tracer may have changed it. */
long syscall_enter_work(struct pt_regs *regs, long nr)
{
	unsigned long flags = READ_ONCE(current->thread_flags);

	if ((flags & (1UL << TIF_SYSCALL_TRACE | 1UL << TIF_SYSCALL_EMU)) &&
	    !report_syscall(regs, PTRACE_EVENTMSG_SYSCALL_ENTRY))
		return -1;
	if (flags & 1UL << TIF_SYSCALL_EMU)
		return -1;
	if (test_task_flag(current, TIF_SECCOMP) && !seccomp_enter(regs))
		return -1;
	return syscall_nr(regs);
}

void syscall_exit_work(struct pt_regs *regs)
{
	current->exit_stop_owed = 0;
	if (test_task_flag(current, TIF_SYSCALL_TRACE))
		report_syscall(regs, PTRACE_EVENTMSG_SYSCALL_EXIT);
}
