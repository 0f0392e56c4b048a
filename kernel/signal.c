// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals: sending, choosing the thread, stopping and continuing, delivery.
 *
 * send_signal_locked() puts a signal into a pending set and complete_signal() picks a thread to wake; a fatal
 * one marks the whole group as exiting right there, so that nothing can undo it.  get_signal() runs on the
 * way to user mode, carries out default actions and returns what has a handler.
 *
 * Locking: siglock (irqs off) for all of it.  Another task's sighand is reached through
 * lock_task_sighand(), or directly under tasklist_lock.
 */
#include <kernel/signal_internal.h>

#include <fs/coredump.h>
#include <kernel/cgroup/cgroup.h>
#include <kernel/cred.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/ptrace.h>
#include <kernel/nsproxy.h>
#include <kernel/time/timekeeping.h>

/* ---- finding the lock ------------------------------------------------------------------------ */

struct sighand_struct *lock_task_sighand(struct task_struct *t, unsigned long *flags)
{
	struct sighand_struct *sighand;

	if (t == current && !in_interrupt() && t->sighand) {	/* our own cannot go away under us */
		spin_lock_irqsave(&t->sighand->siglock, *flags);
		return t->sighand;
	}
	read_lock_irqsave(&tasklist_lock, *flags);
	sighand = t->sighand;
	if (!sighand) {
		read_unlock_irqrestore(&tasklist_lock, *flags);
		return NULL;
	}
	spin_lock(&sighand->siglock);	/* from here it cannot: release needs this lock too */
	read_unlock(&tasklist_lock);
	return sighand;
}

void unlock_task_sighand(struct task_struct *t, unsigned long *flags)
{
	spin_unlock_irqrestore(&t->sighand->siglock, *flags);
}

/* ---- pending or not -------------------------------------------------------------------------- */

static bool has_pending(const struct task_struct *t)
{
	return ((t->pending.signal | t->signal->shared_pending.signal) & ~t->blocked) ||
	       (t->jobctl & (JOBCTL_STOP_PENDING | JOBCTL_TRAP_STOP | JOBCTL_TRAP_NOTIFY | JOBCTL_TRAP_FREEZE)) ||
	       (t->signal->flags & (SIGNAL_CLD_STOPPED | SIGNAL_CLD_CONTINUED));
}

void recalc_sigpending_tsk(struct task_struct *t)
{
	if (has_pending(t))
		set_task_flag(t, TIF_SIGPENDING);
	else if (t == current)		/* only the task itself may clear it: it may be half-way to sleep */
		clear_task_flag(t, TIF_SIGPENDING);
}

void recalc_sigpending(void)
{
	recalc_sigpending_tsk(current);
}

void calculate_sigpending(void)
{
	spin_lock_irq(&current->sighand->siglock);
	set_task_flag(current, TIF_SIGPENDING);
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
}

void signal_wake_up_state(struct task_struct *t, unsigned int state)
{
	set_task_flag(t, TIF_SIGPENDING);
	if (t == current && READ_ONCE(t->__state) == TASK_RUNNING)
		return;			/* it looks at the flag on its way to user mode */
	if (!wake_up_state(t, state | TASK_INTERRUPTIBLE))
		kick_process(t);
}

/* ---- ignored? -------------------------------------------------------------------------------- */

static bool handler_ignores(int sig, unsigned long handler)
{
	return handler == (unsigned long)SIG_IGN ||
	       (handler == (unsigned long)SIG_DFL && (IGNORED_BY_DEFAULT & sigmask(sig)));
}

/* Would @t throw it away at once? A blocked signal is kept: the handler may change before it is unblocked. */
static bool sig_ignored(const struct task_struct *t, int sig, bool force)
{
	unsigned long handler = t->sighand->action[sig - 1].handler;

	if (sigismember(t->blocked | t->real_blocked, sig))
		return false;
	if (t->ptrace && sig != SIGKILL)
		return false;			/* the tracer may want to know */
	if ((t->signal->flags & SIGNAL_UNKILLABLE) && handler == (unsigned long)SIG_DFL &&
	    !(force && (KERNEL_ONLY_SIGNALS & sigmask(sig))))
		return true;			/* init is protected from what it does not handle */
	if ((t->flags & PF_KTHREAD) && handler == (unsigned long)SIG_DFL && !force)
		return true;
	return handler_ignores(sig, handler);
}

/* ---- stop, continue: side effects of sending ------------------------------------------------- */

static void flush_group_mask(struct task_struct *t, ksigset_t mask)
{
	struct task_struct *thread;

	flush_sigqueue_mask(&t->signal->shared_pending, mask);
	for_each_thread(t, thread)
		flush_sigqueue_mask(&thread->pending, mask);
}

/* JOBCTL_STOP_SIGMASK stays: a tracer is told again later which signal stopped the group. */
static void task_clear_jobctl_stop(struct task_struct *t)
{
	t->jobctl &= ~(JOBCTL_STOP_DEQUEUED | JOBCTL_STOP_PENDING | JOBCTL_STOP_CONSUME);
}

static void continue_group(struct task_struct *t)
{
	struct signal_struct *sig = t->signal;
	struct task_struct *thread;
	unsigned int why = 0;

	for_each_thread(t, thread) {
		task_clear_jobctl_stop(thread);
		if (thread->ptrace & PT_SEIZED) {
			ptrace_trap_notify(thread);
			continue;
		}
		thread->jobctl &= ~JOBCTL_STOPPED;
		wake_up_state(thread, __TASK_STOPPED);
	}
	/* The parent is told by the first thread that runs: it was stopped, or about to be. */
	if (sig->flags & SIGNAL_STOP_STOPPED)
		why = SIGNAL_CLD_CONTINUED;
	else if (sig->group_stop_count)
		why = SIGNAL_CLD_STOPPED;
	if (why) {
		sig->flags = (sig->flags & SIGNAL_UNKILLABLE) | why | SIGNAL_STOP_CONTINUED;
		sig->group_stop_count = 0;
		sig->group_exit_code = 0;
		set_task_flag(t, TIF_SIGPENDING);
	}
}

/* false: do not queue it. SIGCONT continues even a process that blocks or ignores it. */
static bool prepare_signal(int sig, struct task_struct *t, bool force)
{
	if (t->signal->flags & SIGNAL_GROUP_EXIT)
		return sig == SIGKILL;
	if (STOP_SIGNALS & sigmask(sig)) {
		flush_group_mask(t, sigmask(SIGCONT));
	} else if (sig == SIGCONT) {
		flush_group_mask(t, STOP_SIGNALS);
		continue_group(t);
	}
	return !sig_ignored(t, sig, force);
}

/* ---- choosing the thread --------------------------------------------------------------------- */

static bool wants_signal(int sig, const struct task_struct *t)
{
	if (sigismember(t->blocked, sig) || (t->flags & PF_EXITING))
		return false;
	if (sig == SIGKILL)
		return true;
	if (READ_ONCE(t->__state) & (__TASK_STOPPED | __TASK_TRACED))
		return false;
	return t->on_cpu || !signal_pending(t);
}

static bool sig_fatal(const struct task_struct *t, int sig)
{
	return t->sighand->action[sig - 1].handler == (unsigned long)SIG_DFL &&
	       !((IGNORED_BY_DEFAULT | STOP_SIGNALS) & sigmask(sig));
}

/* The group dies of @sig, decided now: every thread gets a SIGKILL of its own. */
static void kill_group_now(struct task_struct *t, int sig)
{
	struct signal_struct *s = t->signal;
	struct task_struct *thread;

	s->flags = SIGNAL_GROUP_EXIT | (s->flags & SIGNAL_UNKILLABLE);
	s->group_exit_code = sig;
	s->group_stop_count = 0;
	for_each_thread(t, thread) {
		task_clear_jobctl_stop(thread);
		sigaddset(&thread->pending.signal, SIGKILL);
		signal_wake_up(thread, true);
	}
}

/* May @sig decide that @t's group dies? Not a second time, but SIGKILL ends the writing of a core dump. */
static bool may_kill_group(const struct task_struct *t)
{
	const struct signal_struct *s = t->signal;

	return s->core_state || !(s->flags & (SIGNAL_GROUP_EXIT | SIGNAL_UNKILLABLE));
}

static void complete_signal(int sig, struct task_struct *t, enum pid_type type)
{
	struct task_struct *target = NULL, *thread;

	if (wants_signal(sig, t)) {
		target = t;
	} else if (type != PIDTYPE_PID) {
		for_each_thread(t, thread) {
			if (wants_signal(sig, thread)) {
				target = thread;
				break;
			}
		}
	}
	if (!target)
		return;			/* all block it: whoever unblocks it finds it pending */
	if (sig_fatal(target, sig) && may_kill_group(target) &&
	    !sigismember(target->real_blocked, sig) && !(COREDUMP_SIGNALS & sigmask(sig)) &&
	    (sig == SIGKILL || !t->ptrace)) {	/* a tracer decides, but not on SIGKILL */
		kill_group_now(target, sig);
		return;
	}
	signal_wake_up(target, sig == SIGKILL);
}

/* ---- sending --------------------------------------------------------------------------------- */

/* By a process that has no number in @t's pid namespace? Such a one may kill its init. */
static bool sent_from_above(const siginfo_t *info, const struct task_struct *t)
{
	const struct pid_namespace *ns = task_active_pid_ns(t);

	if (likely(ns == &init_pid_ns) || info == SEND_SIG_PRIV)
		return false;
	return (info == SEND_SIG_NOINFO || has_sender_ids(info)) && !pid_nr_ns(task_tgid(current), ns);
}

static void fill_sender(siginfo_t *to, int sig, const siginfo_t *info, struct task_struct *t,
			bool above)
{
	if (info != SEND_SIG_NOINFO && info != SEND_SIG_PRIV) {
		*to = *info;
		if (above)
			to->si_pid = 0;
		return;
	}
	clear_siginfo(to);
	to->si_signo = sig;
	if (info == SEND_SIG_PRIV) {
		to->si_code = SI_KERNEL;
	} else {
		to->si_code = SI_USER;
		to->si_pid = pid_nr_ns(task_tgid(current), task_active_pid_ns(t));
		to->si_uid = current_uid();
	}
}

int send_signal_locked(int sig, siginfo_t *info, struct task_struct *t, enum pid_type type)
{
	struct sigpending *pending = type == PIDTYPE_PID ? &t->pending : &t->signal->shared_pending;
	bool from_kernel = info == SEND_SIG_PRIV ||
			   (info != SEND_SIG_NOINFO && info->si_code > 0);
	bool above = sent_from_above(info, t);
	struct sigqueue *q;

	assert_spin_locked(&t->sighand->siglock);
	if (!prepare_signal(sig, t, info == SEND_SIG_PRIV || (current->flags & PF_KTHREAD) || above))
		return 0;
	if (sig < SIGRTMIN && sigismember(pending->signal, sig))
		return 0;			/* a standard signal is pending once */
	if (type > PIDTYPE_TGID)
		t->signal->multi_signals++;	/* a fork under way must see it: see link_child() */
	if (sig != SIGKILL) {			/* nobody will look at its siginfo */
		bool must = sig < SIGRTMIN &&
			    (from_kernel || info == SEND_SIG_NOINFO || info->si_code == SI_USER);

		q = sigqueue_get(t, sig, must);
		if (q) {
			fill_sender(&q->info, sig, info, t, above);
			q->info.si_signo = sig;
			list_add_tail(&q->list, &pending->list);
		} else if (sig >= SIGRTMIN && info != SEND_SIG_NOINFO && !from_kernel && info->si_code != SI_USER) {
			return -EAGAIN;		/* sigqueue(3) is told; kill(2) loses only the siginfo */
		}
	}
	if (waitqueue_active(&t->sighand->signalfd_wqh))
		wake_up(&t->sighand->signalfd_wqh);
	sigaddset(&pending->signal, sig);
	complete_signal(sig, t, type);
	return 0;
}

int do_send_sig_info(int sig, siginfo_t *info, struct task_struct *t, enum pid_type type)
{
	unsigned long flags;
	int err;

	if (!lock_task_sighand(t, &flags))
		return -ESRCH;
	err = send_signal_locked(sig, info, t, type);
	unlock_task_sighand(t, &flags);
	return err;
}

int send_sig(int sig, struct task_struct *t, int priv)
{
	return do_send_sig_info(sig, priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO, t, PIDTYPE_PID);
}

/* tasklist_lock held, so the sighand stays. */
int send_sig_tasklist_locked(int sig, siginfo_t *info, struct task_struct *t, enum pid_type type)
{
	unsigned long flags;
	int err;

	if (!t->sighand)
		return -ESRCH;
	spin_lock_irqsave(&t->sighand->siglock, flags);
	err = send_signal_locked(sig, info, t, type);
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
	return err;
}

void send_sig_group_locked(int sig, struct task_struct *t)
{
	send_sig_tasklist_locked(sig, SEND_SIG_NOINFO, t, PIDTYPE_TGID);
}

int send_sigqueue(struct sigqueue *q, struct pid *pid, enum pid_type type)
{
	struct task_struct *t;
	struct sigpending *pending;
	unsigned long flags;
	int ret = -1;

	read_lock_irqsave(&tasklist_lock, flags);
	t = pid_task(pid, type);
	if (!t || !t->sighand)
		goto out;
	spin_lock(&t->sighand->siglock);
	ret = 1;				/* ignored, or already queued: an overrun */
	if (!list_empty(&q->list)) {
		q->info.si_overrun++;
		ret = 0;
	} else if (prepare_signal(q->info.si_signo, t, false)) {
		pending = type == PIDTYPE_PID ? &t->pending : &t->signal->shared_pending;
		q->info.si_overrun = 0;
		if (waitqueue_active(&t->sighand->signalfd_wqh))
			wake_up(&t->sighand->signalfd_wqh);
		list_add_tail(&q->list, &pending->list);
		sigaddset(&pending->signal, q->info.si_signo);
		complete_signal(q->info.si_signo, t, type);
		ret = 0;
	}
	spin_unlock(&t->sighand->siglock);
out:
	read_unlock_irqrestore(&tasklist_lock, flags);
	return ret;
}

/* ---- sending to somebody named --------------------------------------------------------------- */

int check_kill_permission(int sig, const siginfo_t *info, struct task_struct *t)
{
	const struct cred *me = current_cred(), *target;
	bool ok;

	if (!valid_signal(sig))
		return -EINVAL;
	if (info == SEND_SIG_PRIV || (info != SEND_SIG_NOINFO && info->si_code > 0))
		return 0;			/* the kernel's own */
	if (t->signal == current->signal)
		return 0;
	task_lock(t);				/* or they could be replaced, and freed */
	target = t->real_cred;
	ok = me->euid == target->suid || me->euid == target->uid ||
	     me->uid == target->suid || me->uid == target->uid || ns_capable(target->user_ns, CAP_KILL);
	task_unlock(t);
	if (!ok && sig == SIGCONT)
		ok = task_session(t) == task_session(current);
	return ok ? 0 : -EPERM;
}

int group_send_sig_info(int sig, siginfo_t *info, struct task_struct *t, enum pid_type type)
{
	int err = check_kill_permission(sig, info, t);

	if (!err && sig)
		err = do_send_sig_info(sig, info, t, type);
	return err;
}

int kill_pid_info(int sig, siginfo_t *info, struct pid *pid)
{
	struct task_struct *t = get_pid_task(pid, PIDTYPE_PID);
	int err;

	if (!t)
		return -ESRCH;
	err = group_send_sig_info(sig, info, t, PIDTYPE_TGID);
	put_task_struct(t);
	return err;
}

int kill_pid(struct pid *pid, int sig, int priv)
{
	return kill_pid_info(sig, priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO, pid);
}

int kill_pgrp_locked(struct pid *pgrp, int sig, int priv)
{
	siginfo_t *info = priv ? SEND_SIG_PRIV : SEND_SIG_NOINFO;
	struct task_struct *t;
	int ret = -ESRCH;
	bool success = false;

	do_each_pid_task(pgrp, PIDTYPE_PGID, t) {
		int err = check_kill_permission(sig, info, t);

		if (!err && sig)
			err = send_sig_tasklist_locked(sig, info, t, PIDTYPE_PGID);
		success |= !err;
		ret = err;
	}
	return success ? 0 : ret;
}

int kill_pgrp(struct pid *pgrp, int sig, int priv)
{
	unsigned long flags;
	int ret;

	if (!pgrp)
		return -ESRCH;
	read_lock_irqsave(&tasklist_lock, flags);
	ret = kill_pgrp_locked(pgrp, sig, priv);
	read_unlock_irqrestore(&tasklist_lock, flags);
	return ret;
}

/* ---- telling the parent ---------------------------------------------------------------------- */

static void fill_child_info(siginfo_t *info, struct task_struct *t, struct task_struct *parent, int sig)
{
	u64 utime, stime;

	clear_siginfo(info);
	info->si_signo = sig;
	info->si_pid = pid_nr_ns(t->thread_pid, task_active_pid_ns(parent));
	info->si_uid = t->real_cred->uid;
	thread_group_cputime(t, &utime, &stime);
	info->si_utime = div_u64(utime, NSEC_PER_SEC / USER_HZ);
	info->si_stime = div_u64(stime, NSEC_PER_SEC / USER_HZ);
}

static void wake_up_parent(struct task_struct *parent)
{
	__wake_up(&parent->signal->wait_chldexit, TASK_INTERRUPTIBLE, 0, NULL);
}

bool do_notify_parent(struct task_struct *t, int sig)
{
	struct sighand_struct *psig = t->parent->sighand;
	int status = t->signal->flags & SIGNAL_GROUP_EXIT ? t->signal->group_exit_code : t->exit_code;
	struct ksigaction *chld;
	bool autoreap = false;
	siginfo_t info;

	assert_write_locked(&tasklist_lock);
	fill_child_info(&info, t, t->parent, sig);
	info.si_code = status & 0x80 ? CLD_DUMPED : status & 0x7f ? CLD_KILLED : CLD_EXITED;
	info.si_status = status & 0x7f ? status & 0x7f : status >> 8;

	spin_lock(&psig->siglock);
	chld = &psig->action[SIGCHLD - 1];
	if (!t->ptrace && sig == SIGCHLD && (chld->handler == (unsigned long)SIG_IGN || (chld->flags & SA_NOCLDWAIT))) {
		autoreap = true;		/* nobody will wait; with SIG_IGN nobody wants the signal */
		if (chld->handler == (unsigned long)SIG_IGN)
			sig = 0;
	}
	if (sig > 0 && valid_signal(sig))
		send_signal_locked(sig, &info, t->parent, PIDTYPE_TGID);
	wake_up_parent(t->parent);
	spin_unlock(&psig->siglock);
	return autoreap;
}

/* @t stopped or went on (CLD_STOPPED, CLD_CONTINUED). tasklist_lock held for read. */
void do_notify_parent_cldstop(struct task_struct *t, bool for_ptracer, int why)
{
	struct task_struct *parent = for_ptracer ? t->parent : t->group_leader->real_parent;
	struct sighand_struct *psig = parent->sighand;
	struct ksigaction *chld;
	unsigned long flags;
	siginfo_t info;

	if (!for_ptracer)
		t = t->group_leader;
	fill_child_info(&info, t, parent, SIGCHLD);
	info.si_code = why;
	if (why == CLD_CONTINUED)
		info.si_status = SIGCONT;
	else
		info.si_status = (why == CLD_TRAPPED ? t->exit_code : t->signal->group_exit_code) & 0x7f;
	spin_lock_irqsave(&psig->siglock, flags);
	chld = &psig->action[SIGCHLD - 1];
	if (chld->handler != (unsigned long)SIG_IGN && !(chld->flags & SA_NOCLDSTOP))
		send_signal_locked(SIGCHLD, &info, parent, PIDTYPE_TGID);
	wake_up_parent(parent);
	spin_unlock_irqrestore(&psig->siglock, flags);
}

static void notify_cldstop(int why)
{
	read_lock(&tasklist_lock);
	do_notify_parent_cldstop(current, false, why);
	if (ptrace_reparented(current->group_leader))
		do_notify_parent_cldstop(current->group_leader, true, why);
	read_unlock(&tasklist_lock);
}

/* ---- group stop ------------------------------------------------------------------------------ */

/* One thread less to wait for; true: it was the last, the group is stopped now. siglock held. */
bool participate_group_stop(struct task_struct *t)
{
	struct signal_struct *sig = t->signal;
	bool consume = t->jobctl & JOBCTL_STOP_CONSUME;

	task_clear_jobctl_stop(t);
	if (!consume)
		return false;
	if (sig->group_stop_count > 0)
		sig->group_stop_count--;
	if (sig->group_stop_count || (sig->flags & SIGNAL_STOP_STOPPED))
		return false;
	sig->flags = (sig->flags & SIGNAL_UNKILLABLE) | SIGNAL_STOP_STOPPED;
	return true;
}

static void start_group_stop(int signr)
{
	struct signal_struct *sig = current->signal;
	struct task_struct *t;

	if (!(sig->flags & SIGNAL_STOP_STOPPED))
		sig->group_exit_code = signr;
	sig->group_stop_count = 0;
	for_each_thread(current, t) {
		if (t->jobctl & JOBCTL_STOPPED)
			continue;
		if (!task_set_jobctl_pending(t, signr | JOBCTL_STOP_PENDING | JOBCTL_STOP_CONSUME))
			continue;
		sig->group_stop_count++;
		if (t == current)
			continue;
		if (t->ptrace & PT_SEIZED)
			ptrace_trap_notify(t);
		else
			signal_wake_up(t, false);
	}
}

/*
 * siglock held; dropped, and the stop slept through, if it returns true.  A traced task stops in a trap of its
 * own, which the caller finds pending.
 */
static bool do_signal_stop(int signr)
{
	bool last;

	if (!(current->jobctl & JOBCTL_STOP_PENDING)) {
		if ((current->signal->flags & SIGNAL_GROUP_EXIT) || current->signal->group_exec_task)
			return false;
		start_group_stop(signr);
	}
	if (unlikely(current->ptrace)) {
		task_set_jobctl_pending(current, JOBCTL_TRAP_STOP);
		return false;
	}
	last = participate_group_stop(current);
	current->jobctl |= JOBCTL_STOPPED;
	set_current_state(TASK_STOPPED);	/* before the unlock: SIGCONT and SIGKILL wake under siglock */
	spin_unlock_irq(&current->sighand->siglock);
	if (last)
		notify_cldstop(CLD_STOPPED);
	if (unlikely(current->cgroup))
		cgroup_enter_frozen();
	schedule();
	return true;
}

/* ---- delivery -------------------------------------------------------------------------------- */

/* What the parent has not been told yet of a stop or continue. siglock held; true: it was dropped. */
static bool report_cld_events(void)
{
	struct signal_struct *sig = current->signal;
	int why = sig->flags & SIGNAL_CLD_CONTINUED ? CLD_CONTINUED : CLD_STOPPED;

	if (!(sig->flags & (SIGNAL_CLD_STOPPED | SIGNAL_CLD_CONTINUED)))
		return false;
	sig->flags &= ~(SIGNAL_CLD_STOPPED | SIGNAL_CLD_CONTINUED);
	spin_unlock_irq(&current->sighand->siglock);
	notify_cldstop(why);
	return true;
}

static void __noreturn die_of_signal(int sig)
{
	current->flags |= PF_SIGNALED;
	do_group_exit(sig);
}

static void __noreturn die_with_dump(const siginfo_t *info)
{
	current->flags |= PF_SIGNALED;
	if (COREDUMP_SIGNALS & sigmask(info->si_signo))
		do_coredump(info);
	do_group_exit(info->si_signo);
}

/*
 * The default action of a signal, siglock held. 0: ignored, lock still held; 1: lock dropped, look again; does not
 * return for a fatal one.
 */
static int default_action(const siginfo_t *info)
{
	int sig = info->si_signo;

	if (IGNORED_BY_DEFAULT & sigmask(sig))
		return 0;
	if ((current->signal->flags & SIGNAL_UNKILLABLE) && !(KERNEL_ONLY_SIGNALS & sigmask(sig)))
		return 0;
	if (STOP_SIGNALS & sigmask(sig)) {
		bool orphaned = false;

		if (sig != SIGSTOP) {
			/* Nobody could continue a stopped job of an orphaned group. */
			spin_unlock_irq(&current->sighand->siglock);
			orphaned = is_current_pgrp_orphaned();
			spin_lock_irq(&current->sighand->siglock);
		}
		/* SIGCONT may have come while the lock was not held, here or for the tracer. */
		if (orphaned || !(current->jobctl & JOBCTL_STOP_DEQUEUED))
			return 0;
		return do_signal_stop(sig);
	}
	spin_unlock_irq(&current->sighand->siglock);
	die_with_dump(info);
}

/* What stops a task that is no signal. siglock held, dropped. */
static void do_trap(void)
{
	if (current->jobctl & JOBCTL_TRAP_MASK) {
		ptrace_jobctl_trap();
		spin_unlock_irq(&current->sighand->siglock);
	} else {
		cgroup_freezer_trap();
	}
}

bool get_signal(struct ksignal *ksig)
{
	struct sighand_struct *sighand = current->sighand;
	struct ksigaction *ka;
	enum pid_type type;
	int sig;

relock:
	spin_lock_irq(&sighand->siglock);
	if (report_cld_events())
		goto relock;
	for (;;) {
		if ((current->signal->flags & SIGNAL_GROUP_EXIT) || current->signal->group_exec_task) {
			int code = current->signal->group_exit_code;

			sigdelset(&current->pending.signal, SIGKILL);
			recalc_sigpending();
			spin_unlock_irq(&sighand->siglock);
			die_of_signal(code);
		}
		if ((current->jobctl & JOBCTL_STOP_PENDING) && do_signal_stop(0))
			goto relock;
		if (unlikely(current->jobctl & (JOBCTL_TRAP_MASK | JOBCTL_TRAP_FREEZE | JOBCTL_FROZEN))) {
			do_trap();
			goto relock;
		}
		sig = dequeue_signal(current, current->blocked, &ksig->info, &type);
		if (!sig)
			break;
		if (STOP_SIGNALS & sigmask(sig))
			current->jobctl |= JOBCTL_STOP_DEQUEUED;
		if (unlikely(current->ptrace) && sig != SIGKILL) {
			sig = ptrace_signal(sig, &ksig->info, type);
			if (!sig)
				continue;
		}
		ka = &sighand->action[sig - 1];
		if (ka->handler == (unsigned long)SIG_IGN)
			continue;
		if (ka->handler != (unsigned long)SIG_DFL) {
			ksig->ka = *ka;
			if (ka->flags & SA_ONESHOT)
				ka->handler = (unsigned long)SIG_DFL;
			break;
		}
		if (default_action(&ksig->info))
			goto relock;
	}
	spin_unlock_irq(&sighand->siglock);
	ksig->sig = sig;
	return sig > 0;
}

/* After the frame was set up (or not): block what the handler blocks. */
void signal_setup_done(int failed, struct ksignal *ksig, bool stepping)
{
	ksigset_t blocked = current->blocked | ksig->ka.mask;

	if (failed) {
		force_sigsegv(ksig->sig);
		return;
	}
	clear_task_flag(current, TIF_RESTORE_SIGMASK);
	if (!(ksig->ka.flags & SA_NODEFER))
		sigaddset(&blocked, ksig->sig);
	set_current_blocked(blocked);
	if (current->sas_ss_flags & SS_AUTODISARM) {
		current->sas_ss_sp = current->sas_ss_size = 0;
		current->sas_ss_flags = SS_DISABLE;
	}
	if (unlikely(stepping))
		ptrace_notify(SIGTRAP, 0);	/* the step ends before the handler's first instruction */
}

ksigset_t sigmask_to_save(void)
{
	return test_task_flag(current, TIF_RESTORE_SIGMASK) ? current->saved_sigmask : current->blocked;
}

/* ---- masks ----------------------------------------------------------------------------------- */

/* Shared signals that @t now blocks may be waiting for it: somebody else must look. siglock held. */
static void retarget_shared_pending(struct task_struct *t, ksigset_t newly_blocked)
{
	ksigset_t set = t->signal->shared_pending.signal & newly_blocked;
	struct task_struct *thread;

	if (!set)
		return;
	for_each_thread(t, thread) {
		if (thread == t || (thread->flags & PF_EXITING) || !(set & ~thread->blocked))
			continue;
		set &= thread->blocked;
		if (!signal_pending(thread))
			signal_wake_up(thread, false);
		if (!set)
			break;
	}
}

void set_current_blocked(ksigset_t set)
{
	struct task_struct *t = current;
	ksigset_t more;			/* that may come now */

	set &= ~KERNEL_ONLY_SIGNALS;
	if (t->blocked == set)
		return;
	spin_lock_irq(&t->sighand->siglock);
	if (signal_pending(t) && t->signal->nr_threads > 1)
		retarget_shared_pending(t, set & ~t->blocked);
	more = t->blocked & ~set;
	t->blocked = set;
	if (more || signal_pending(t))
		recalc_sigpending();
	spin_unlock_irq(&t->sighand->siglock);
}

int sigprocmask(int how, ksigset_t set, ksigset_t *old)
{
	ksigset_t new;

	switch (how) {
	case SIG_BLOCK:
		new = current->blocked | set;
		break;
	case SIG_UNBLOCK:
		new = current->blocked & ~set;
		break;
	case SIG_SETMASK:
		new = set;
		break;
	default:
		return -EINVAL;
	}
	if (old)
		*old = current->blocked;
	set_current_blocked(new);
	return 0;
}

int set_user_sigmask(const void __user *umask, size_t sigsetsize)
{
	ksigset_t mask;

	if (!umask)
		return 0;
	if (sigsetsize != sizeof(ksigset_t))
		return -EINVAL;
	if (copy_from_user(&mask, umask, sizeof(mask)))
		return -EFAULT;
	set_task_flag(current, TIF_RESTORE_SIGMASK);
	current->saved_sigmask = current->blocked;
	set_current_blocked(mask);
	return 0;
}

void restore_saved_sigmask_unless(bool interrupted)
{
	if (!interrupted)		/* else the handler runs under the temporary mask first */
		restore_saved_sigmask();
}

/* ---- actions --------------------------------------------------------------------------------- */

int do_sigaction(int sig, const struct ksigaction *act, struct ksigaction *old)
{
	struct sighand_struct *sighand = current->sighand;
	struct ksigaction *k;

	if (sig < 1 || !valid_signal(sig) || (act && (KERNEL_ONLY_SIGNALS & sigmask(sig))))
		return -EINVAL;
	k = &sighand->action[sig - 1];
	/* Actions change only by those who have them, so their only owner asks without the lock: glibc's
	 * posix_spawn asks 61 times (64,673 -> 63,523 instructions). */
	if (!act && refcount_read(&sighand->count) == 1) {
		if (old)
			*old = *k;
		return 0;
	}
	spin_lock_irq(&sighand->siglock);
	if (old)
		*old = *k;
	if (act) {
		*k = *act;
		sighand->touched |= sigmask(sig);
		k->mask &= ~KERNEL_ONLY_SIGNALS;
		/* POSIX: setting a signal to be ignored discards what is pending, blocked or not. */
		if (handler_ignores(sig, k->handler))
			flush_group_mask(current, sigmask(sig));
	}
	spin_unlock_irq(&sighand->siglock);
	return 0;
}

/* exec: handlers become default, ignored ones stay ignored (unless @force_default). A child that set no
 * handler of its own has few to look at: 900 instructions of an exec were spent on the other ones. */
void flush_signal_handlers(struct task_struct *t, bool force_default)
{
	ksigset_t set = t->sighand->touched;

	t->sighand->touched = 0;
	for (; set; set &= set - 1) {
		int i = __ffs64(set);
		struct ksigaction *ka = &t->sighand->action[i];

		if (force_default || ka->handler != (unsigned long)SIG_IGN)
			ka->handler = (unsigned long)SIG_DFL;
		else
			t->sighand->touched |= 1ULL << i;
		ka->flags = 0;
		ka->restorer = 0;
		ka->mask = 0;
	}
}

void flush_signals(struct task_struct *t)
{
	unsigned long flags;

	spin_lock_irqsave(&t->sighand->siglock, flags);
	clear_task_flag(t, TIF_SIGPENDING);
	flush_sigqueue(&t->pending);
	flush_sigqueue(&t->signal->shared_pending);
	spin_unlock_irqrestore(&t->sighand->siglock, flags);
}

bool unhandled_signal(struct task_struct *t, int sig)
{
	unsigned long handler = t->sighand->action[sig - 1].handler;

	return is_global_init(t) || handler == (unsigned long)SIG_DFL || handler == (unsigned long)SIG_IGN;
}

/* ---- exit ------------------------------------------------------------------------------------ */

/* Kill the other threads (exit_group, exec). siglock held; true if there are any. */
bool zap_other_threads(struct task_struct *t)
{
	struct task_struct *thread;
	bool any = false;

	t->signal->group_stop_count = 0;
	for_each_thread(t, thread) {
		task_clear_jobctl_stop(thread);
		if (thread == t)
			continue;
		any = true;
		if (thread->exit_state)
			continue;
		sigaddset(&thread->pending.signal, SIGKILL);
		signal_wake_up(thread, true);
	}
	return any;
}

/* From here on @t takes no signals; what it was to take for the group goes to another thread. */
void exit_signals(struct task_struct *t)
{
	bool stopped = false;

	spin_lock_irq(&t->sighand->siglock);
	t->flags |= PF_EXITING;
	if (unlikely(t->signal->core_state))
		coredump_leave(t->signal->core_state);
	if (t->signal->nr_threads > 1 && !(t->signal->flags & SIGNAL_GROUP_EXIT)) {
		retarget_shared_pending(t, ~t->blocked);
		if ((t->jobctl & JOBCTL_STOP_PENDING) && participate_group_stop(t))
			stopped = true;
	}
	spin_unlock_irq(&t->sighand->siglock);
	if (stopped)
		notify_cldstop(CLD_STOPPED);
}

/* ---- the alternate stack --------------------------------------------------------------------- */

bool on_sig_stack(unsigned long sp)
{
	if (current->sas_ss_flags & SS_AUTODISARM)
		return false;		/* it was forgotten when the handler started */
	return sp > current->sas_ss_sp && sp - current->sas_ss_sp <= current->sas_ss_size;
}

unsigned long sigsp(unsigned long sp, struct ksignal *ksig)
{
	if ((ksig->ka.flags & SA_ONSTACK) && current->sas_ss_size && !on_sig_stack(sp))
		return current->sas_ss_sp + current->sas_ss_size;
	return sp;
}
