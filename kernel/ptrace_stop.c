// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptrace: the tracee's side.  It stops where something happens that its tracer asked for, tells it, and sleeps
 * in TASK_TRACED until it is resumed; exit_code carries the report to wait4() and the answer, a signal, back.
 *
 * All stops are ptrace_stop(): signal-delivery stops from get_signal(), group stops and interrupts as traps of
 * jobctl, events (fork, exec, exit ...) and system-call stops by ptrace_notify().
 *
 * Locking: siglock; tasklist_lock (read) to tell the tracer.
 */
#include <kernel/ptrace.h>

#include <kernel/cgroup/cgroup.h>
#include <kernel/cred.h>
#include <kernel/pid.h>
#include <kernel/signal_internal.h>

/* Attaching to a stopped task waits here until it has changed from stopped to traced. */
static DECLARE_WAIT_QUEUE_HEAD(trapping_wait);

void ptrace_clear_trapping(struct task_struct *t)
{
	if (unlikely(t->jobctl & JOBCTL_TRAPPING)) {
		t->jobctl &= ~JOBCTL_TRAPPING;
		wake_up_all(&trapping_wait);
	}
}

void ptrace_wait_trapping(struct task_struct *t)
{
	(void)wait_event_killable(trapping_wait, !(READ_ONCE(t->jobctl) & JOBCTL_TRAPPING));
}

void ptrace_wake_up(struct task_struct *t, bool resume)
{
	unsigned int state = 0;

	if (resume) {
		t->jobctl &= ~JOBCTL_TRACED;
		state = __TASK_TRACED;
	}
	signal_wake_up_state(t, state);
}

void ptrace_trap_notify(struct task_struct *t)
{
	task_set_jobctl_pending(t, JOBCTL_TRAP_NOTIFY);
	ptrace_wake_up(t, t->jobctl & JOBCTL_LISTENING);
}

/* The tracer, and if this completed a group stop the parent. No locks held, state is TASK_TRACED already. */
static void tell_of_stop(int why, bool group_stopped)
{
	read_lock(&tasklist_lock);
	if (current->ptrace)
		do_notify_parent_cldstop(current, true, why);
	if (group_stopped && (!current->ptrace || ptrace_reparented(current)))
		do_notify_parent_cldstop(current, false, CLD_STOPPED);
	read_unlock(&tasklist_lock);
}

/* Nobody can resume us before siglock is dropped, and from then on a wake-up undoes the state. */
static bool enter_stop(int exit_code, int why, unsigned long message, siginfo_t *info)
{
	struct task_struct *t = current;
	bool group_stopped = false;

	t->jobctl |= JOBCTL_TRACED;
	t->ptrace_message = message;
	t->last_siginfo = info;
	t->exit_code = exit_code;
	if (why == CLD_STOPPED && (t->jobctl & JOBCTL_STOP_PENDING))
		group_stopped = participate_group_stop(t);
	t->jobctl &= ~JOBCTL_TRAP_STOP;
	if (info && info->si_code >> 8 == PTRACE_EVENT_STOP)
		t->jobctl &= ~JOBCTL_TRAP_NOTIFY;
	ptrace_clear_trapping(t);
	set_current_state(TASK_TRACED);
	return group_stopped;
}

int ptrace_stop(int exit_code, int why, unsigned long message, siginfo_t *info)
{
	struct task_struct *t = current;
	bool group_stopped;
	int answer;

	assert_spin_locked(&t->sighand->siglock);
	if (!t->ptrace || fatal_signal_pending(t))
		return exit_code;	/* the tracer has gone, or so shall we */
	group_stopped = enter_stop(exit_code, why, message, info);
	spin_unlock_irq(&t->sighand->siglock);
	tell_of_stop(why, group_stopped);
	if (unlikely(t->cgroup))
		cgroup_enter_frozen();
	schedule();
	if (unlikely(t->jobctl & JOBCTL_FROZEN))
		cgroup_leave_frozen(true);
	spin_lock_irq(&t->sighand->siglock);
	answer = t->exit_code;
	t->exit_code = 0;
	t->last_siginfo = NULL;
	t->ptrace_message = 0;
	t->jobctl &= ~(JOBCTL_TRACED | JOBCTL_LISTENING | JOBCTL_PTRACE_FROZEN);
	recalc_sigpending();
	return answer;
}

static int stop_with_info(int sig, int exit_code, int why, unsigned long message)
{
	siginfo_t info;

	clear_siginfo(&info);
	info.si_signo = sig;
	info.si_code = exit_code;
	info.si_pid = pid_vnr(current->thread_pid);
	info.si_uid = uid_to_user(current_uid());
	return ptrace_stop(exit_code, why, message, &info);
}

int ptrace_notify(int exit_code, unsigned long message)
{
	int answer;

	spin_lock_irq(&current->sighand->siglock);
	answer = stop_with_info(SIGTRAP, exit_code, CLD_TRAPPED, message);
	spin_unlock_irq(&current->sighand->siglock);
	return answer;
}

/* An event inside a system call that nobody watched: the tracer may ask now to be told of its end. */
static void notify_inside_call(int event, unsigned long message)
{
	bool watched = READ_ONCE(current->thread_flags) & TIF_SYSCALL_WORK;

	ptrace_notify(event << 8 | SIGTRAP, message);
	if (!watched && test_task_flag(current, TIF_SYSCALL_TRACE) && event != PTRACE_EVENT_EXIT) {
		current->exit_stop_owed = 1;
		set_task_flag(current, TIF_NOTIFY_RESUME);
	}
}

void ptrace_event_stop(int event, unsigned long message)
{
	if (ptrace_event_enabled(current, event))
		notify_inside_call(event, message);
	else if (event == PTRACE_EVENT_EXEC && !(current->ptrace & PT_SEIZED))
		send_sig(SIGTRAP, current, 0);	/* what tracers got before there were events */
}

void ptrace_event_pid(int event, struct pid *pid)
{
	unsigned long message = 0;

	read_lock(&tasklist_lock);
	if (current->ptrace)
		message = pid_nr_ns(pid, task_active_pid_ns(current->parent));
	read_unlock(&tasklist_lock);
	ptrace_event(event, message);
}

/* The tracer put another signal in the place of the one it was shown. siglock held, dropped meanwhile. */
static void fill_from_tracer(siginfo_t *info, int sig)
{
	clear_siginfo(info);
	info->si_signo = sig;
	info->si_code = SI_USER;
	spin_unlock_irq(&current->sighand->siglock);
	read_lock(&tasklist_lock);
	info->si_pid = pid_vnr(current->parent->thread_pid);
	info->si_uid = uid_to_user(current->parent->real_cred->uid);
	read_unlock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
}

int ptrace_signal(int sig, siginfo_t *info, enum pid_type type)
{
	/* The tracer may make it a stop signal; a SIGCONT meanwhile takes the mark away again. */
	current->jobctl |= JOBCTL_STOP_DEQUEUED;
	sig = ptrace_stop(sig, CLD_TRAPPED, 0, info);
	if (!sig)
		return 0;
	if (sig != info->si_signo)		/* a tracer that cares has set the siginfo, too */
		fill_from_tracer(info, sig);
	if (sigismember(current->blocked, sig) || fatal_signal_pending(current)) {
		send_signal_locked(sig, info, current, type);
		return 0;
	}
	return sig;
}

/* Group stop and PTRACE_INTERRUPT; seized tracees report them as an event. */
void ptrace_jobctl_trap(void)
{
	struct signal_struct *signal = current->signal;
	int sig = current->jobctl & JOBCTL_STOP_SIGMASK;

	if (!(current->ptrace & PT_SEIZED)) {
		ptrace_stop(sig, CLD_STOPPED, 0, NULL);
		return;
	}
	if (!signal->group_stop_count && !(signal->flags & SIGNAL_STOP_STOPPED))
		sig = SIGTRAP;
	stop_with_info(sig, sig | PTRACE_EVENT_STOP << 8, CLD_STOPPED, 0);
}
