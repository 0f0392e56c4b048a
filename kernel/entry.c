// SPDX-License-Identifier: GPL-2.0-only
/*
 * The last stop before user mode, in C for both ports: reschedule, signals, task work, and the restarting of
 * interrupted system calls.
 *
 * Locking: none of its own; runs in the task's context.
 */
#include <kernel/signal.h>

#include <generated/syscalls.h>
#include <kernel/lib/bitmap.h>
#include <kernel/locking/lockdebug.h>
#include <kernel/printk.h>

/* Is @ret a system call's request to be restarted? These never reach the user. */
static bool wants_restart(long ret)
{
	return ret == -ERESTARTSYS || ret == -ERESTARTNOINTR || ret == -ERESTARTNOHAND ||
	       ret == -ERESTART_RESTARTBLOCK;
}

/* A handler runs: does the call start over after it, or return EINTR? */
static void restart_with_handler(struct pt_regs *regs, long ret, unsigned long sa_flags)
{
	if (ret == -ERESTARTNOINTR || (ret == -ERESTARTSYS && (sa_flags & SA_RESTART)))
		syscall_rewind(regs);
	else
		syscall_set_return(regs, -EINTR);
}

static void do_signal(struct pt_regs *regs)
{
	long ret = syscall_nr(regs) >= 0 ? syscall_return_value(regs) : 0;
	bool restart = wants_restart(ret);
	struct ksignal ksig;

	if (restart)
		syscall_set_nr(regs, -1);	/* decided once, here */
	if (get_signal(&ksig)) {
		if (restart)
			restart_with_handler(regs, ret, ksig.ka.flags);
		signal_setup_done(setup_signal_frame(&ksig, sigmask_to_save(), regs), &ksig,
				  test_task_flag(current, TIF_SINGLESTEP));
		return;
	}
	if (restart) {				/* no handler: the user sees nothing of it */
		if (ret == -ERESTART_RESTARTBLOCK)
			syscall_rewind_restart_block(regs);
		else
			syscall_rewind(regs);
	}
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
			task_work_run();
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

/* TIF_SYSCALL_WORK: tracers and filters see the call here. None is built yet, so nobody sets the flags. */
long syscall_enter_work(struct pt_regs *regs, long nr)
{
	return nr;
}

void syscall_exit_work(struct pt_regs *regs)
{
}
