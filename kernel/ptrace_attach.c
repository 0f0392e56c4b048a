// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptrace: how a tracer comes to a tracee, and how they part.
 *
 * A tracee's `parent` is its tracer, which finds it in its list `ptraced`; `real_parent` stays, and the task
 * stays among its children.
 *
 * Against an exec that gains privileges: whoever attaches checks under tasklist_lock (write) with the
 * credentials of that moment, and exec looks under tasklist_lock (read) whether it is traced before it takes
 * on the new ones.  The new address space is not dumpable before it can be seen.
 *
 * Locking: tasklist_lock (write), siglock inside it.
 */
#include <kernel/ptrace.h>

#include <kernel/cred.h>
#include <kernel/seccomp.h>
#include <kernel/signal_internal.h>
#include <kernel/yama.h>

int ptrace_check_options(unsigned long options)
{
	if (options & ~(unsigned long)PTRACE_O_MASK)
		return -EINVAL;
	/* For those who restore processes, and are not confined themselves. */
	if ((options & PTRACE_O_SUSPEND_SECCOMP) &&
	    (!capable(CAP_SYS_ADMIN) || current->seccomp_mode || ptrace_suspends_seccomp(current)))
		return -EPERM;
	return 0;
}

static void link_tracee(struct task_struct *t, struct task_struct *tracer, unsigned int flags)
{
	spin_lock(&t->sighand->siglock);
	t->ptrace = flags;
	spin_unlock(&t->sighand->siglock);
	t->parent = tracer;
	list_add(&t->ptrace_entry, &tracer->ptraced);
}

/* Would @parent have been allowed to attach to current? */
static bool parent_may_trace(struct task_struct *parent)
{
	const struct cred *me = current_cred(), *its = get_task_cred(parent);
	bool yes = (me->user_ns == its->user_ns && !(me->cap_permitted.val & ~its->cap_permitted.val)) ||
		   has_ns_capability(parent, me->user_ns, CAP_SYS_PTRACE);

	put_cred(its);
	return yes;
}

long ptrace_traceme(void)
{
	long err = -EPERM;

	write_lock_irq(&tasklist_lock);
	if (!current->ptrace && parent_may_trace(current->real_parent) &&
	    yama_allows_traceme(current->real_parent)) {
		err = 0;
		if (!(current->real_parent->flags & PF_EXITING))
			link_tracee(current, current->real_parent, PT_PTRACED);
	}
	write_unlock_irq(&tasklist_lock);
	return err;
}

/* A task that is stopped already enters a trap instead. tasklist_lock held. */
static void stopped_to_traced(struct task_struct *t)
{
	spin_lock(&t->sighand->siglock);
	if ((t->jobctl & JOBCTL_STOPPED) && task_set_jobctl_pending(t, JOBCTL_TRAP_STOP | JOBCTL_TRAPPING)) {
		t->jobctl &= ~JOBCTL_STOPPED;
		signal_wake_up_state(t, __TASK_STOPPED);
	}
	spin_unlock(&t->sighand->siglock);
}

long ptrace_attach(struct task_struct *t, bool seize, unsigned long addr, unsigned long options)
{
	unsigned int flags = PT_PTRACED;
	long err = -EPERM;

	if (seize) {
		if (addr || (options & ~(unsigned long)PTRACE_O_MASK))
			return -EIO;
		err = ptrace_check_options(options);
		if (err)
			return err;
		flags |= PT_SEIZED | PT_OPTION(options);
		err = -EPERM;
	}
	if ((t->flags & PF_KTHREAD) || t->signal == current->signal)
		return -EPERM;
	write_lock_irq(&tasklist_lock);
	if (!t->exit_state && !t->ptrace && ptrace_creds_allow(t, PTRACE_MODE_ATTACH_REALCREDS) &&
	    yama_allows_attach(t)) {
		link_tracee(t, current, flags);
		if (!seize)
			send_sig_tasklist_locked(SIGSTOP, SEND_SIG_PRIV, t, PIDTYPE_PID);
		stopped_to_traced(t);
		err = 0;
	}
	write_unlock_irq(&tasklist_lock);
	if (!err)
		ptrace_wait_trapping(t);
	return err;
}

void ptrace_link_child(struct task_struct *child)
{
	assert_write_locked(&tasklist_lock);
	child->ptrace = current->ptrace;
	child->parent = current->parent;
	list_add(&child->ptrace_entry, &child->parent->ptraced);
	if (child->ptrace & PT_SEIZED)
		child->jobctl |= JOBCTL_TRAP_STOP;
	else
		sigaddset(&child->pending.signal, SIGSTOP);
	set_task_flag(child, TIF_SIGPENDING);
}

void ptrace_unlink(struct task_struct *t)
{
	assert_write_locked(&tasklist_lock);
	clear_task_flag(t, TIF_SYSCALL_TRACE);
	clear_task_flag(t, TIF_SYSCALL_EMU);
	t->parent = t->real_parent;
	list_del_init(&t->ptrace_entry);
	spin_lock(&t->sighand->siglock);
	t->ptrace = 0;
	t->jobctl &= ~JOBCTL_TRAP_MASK;
	ptrace_clear_trapping(t);
	/* A group stop that is in effect takes it back. */
	if (!(t->flags & PF_EXITING) &&
	    ((t->signal->flags & SIGNAL_STOP_STOPPED) || t->signal->group_stop_count)) {
		t->jobctl |= JOBCTL_STOP_PENDING;
		if (!(t->jobctl & JOBCTL_STOP_SIGMASK))
			t->jobctl |= SIGSTOP;
	}
	if (t->jobctl & (JOBCTL_STOP_PENDING | JOBCTL_TRACED))
		ptrace_wake_up(t, true);
	spin_unlock(&t->sighand->siglock);
}

static bool ignores_children(struct sighand_struct *sighand)
{
	const struct ksigaction *chld = &sighand->action[SIGCHLD - 1];
	bool yes;

	spin_lock(&sighand->siglock);
	yes = chld->handler == (unsigned long)SIG_IGN || (chld->flags & SA_NOCLDWAIT);
	spin_unlock(&sighand->siglock);
	return yes;
}

bool ptrace_detach_locked(struct task_struct *tracer, struct task_struct *t)
{
	bool dead;

	ptrace_unlink(t);
	if (t->exit_state != EXIT_ZOMBIE)
		return false;
	dead = !thread_group_leader(t);
	if (!dead && t->signal->nr_threads == 1) {
		if (t->real_parent->signal != tracer->signal)
			dead = do_notify_parent(t, t->exit_signal);	/* it hears of the death only now */
		else if (ignores_children(tracer->sighand))
			dead = true;
	}
	if (dead)
		t->exit_state = EXIT_DEAD;
	return dead;
}

void exit_ptrace(struct task_struct *tracer, struct list_head *dead)
{
	struct task_struct *t, *n;

	list_for_each_entry_safe(t, n, &tracer->ptraced, ptrace_entry) {
		if (t->ptrace & PT_OPTION(PTRACE_O_EXITKILL))
			send_sig_tasklist_locked(SIGKILL, SEND_SIG_PRIV, t, PIDTYPE_PID);
		if (ptrace_detach_locked(tracer, t))
			list_add(&t->ptrace_entry, dead);
	}
}

bool ptrace_exec_unsafe(void)
{
	return current->ptrace && !has_ns_capability(current->parent, current_user_ns(), CAP_SYS_PTRACE);
}
