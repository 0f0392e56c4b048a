// SPDX-License-Identifier: GPL-2.0-only
/*
 * wait4 and waitid: a parent learns what became of its children.
 *
 * A waiter hangs on its thread group's wait_chldexit before it looks, so no exit slips by.  Each thread's
 * children are looked at (unless __WNOTHREAD); reaping is a race that one waiter wins by moving the zombie to
 * EXIT_DEAD under the tasklist lock held for write.
 *
 * Locking: tasklist_lock (read) while looking; dropped before user memory is touched.
 */
#include <generated/syscalls.h>

#include <fs/file.h>
#include <kernel/cred.h>
#include <kernel/pid.h>
#include <kernel/ptrace.h>
#include <kernel/rusage.h>
#include <kernel/signal.h>
#include <kernel/wait.h>
#include <asm/uaccess.h>

struct wait_opts {
	enum pid_type	type;		/* PIDTYPE_MAX: any child */
	struct pid	*pid;
	int		flags;		/* WNOHANG, WEXITED, ... __WALL */
	/* out */
	siginfo_t	info;
	bool		want_info;
	int		status;		/* as wait4 reports it */
	struct rusage	ru;
	bool		want_ru;
	bool		eligible;	/* there is a child to wait for */
};

static bool eligible_pid(const struct wait_opts *wo, struct task_struct *t)
{
	return wo->type == PIDTYPE_MAX || task_pid_type(t, wo->type) == wo->pid;
}

/* __WALL: all; __WCLONE: only children whose exit signal is not SIGCHLD; else the others. */
static bool eligible_child(const struct wait_opts *wo, bool ptrace, struct task_struct *t)
{
	if (!eligible_pid(wo, t))
		return false;
	if (ptrace || (wo->flags & __WALL))
		return true;
	return (t->exit_signal != SIGCHLD) == !!(wo->flags & __WCLONE);
}

static void fill_info(struct wait_opts *wo, struct task_struct *t, pid_t pid, uid_t uid, int code, int status)
{
	clear_siginfo(&wo->info);
	wo->info.si_signo = SIGCHLD;
	wo->info.si_code = code;
	wo->info.si_pid = pid;
	wo->info.si_uid = uid_to_user(uid);
	wo->info.si_status = status;
}

static uid_t task_uid_of(struct task_struct *t)
{
	const struct cred *c = get_task_cred(t);
	uid_t uid = c->uid;

	put_cred(c);
	return uid;
}

/* The group's totals move to its parent's "children" columns; siglock of the parent. */
static void account_reaped(struct task_struct *t)
{
	struct signal_struct *sig = t->signal, *psig = current->signal;
	u64 utime, stime;

	thread_group_cputime(t, &utime, &stime);
	spin_lock_irq(&current->sighand->siglock);
	psig->cutime += utime + sig->cutime;
	psig->cstime += stime + sig->cstime;
	psig->cmin_flt += t->min_flt + sig->min_flt + sig->cmin_flt;
	psig->cmaj_flt += t->maj_flt + sig->maj_flt + sig->cmaj_flt;
	psig->cnvcsw += t->nvcsw + sig->nvcsw + sig->cnvcsw;
	psig->cnivcsw += t->nivcsw + sig->nivcsw + sig->cnivcsw;
	psig->cinblock += sig->inblock + sig->cinblock;
	psig->coublock += sig->oublock + sig->coublock;
	psig->cmaxrss = max(psig->cmaxrss, max(sig->maxrss, sig->cmaxrss));
	spin_unlock_irq(&current->sighand->siglock);
}

static void decode_exit(int status, int *code, int *value)
{
	if (status & 0x7f) {
		*code = status & 0x80 ? CLD_DUMPED : CLD_KILLED;
		*value = status & 0x7f;
	} else {
		*code = CLD_EXITED;
		*value = status >> 8;
	}
}

/* The tracer has reaped a zombie that is not its child: now it is its parent's to wait for. */
static bool give_back_zombie(struct task_struct *t)
{
	bool dead;

	write_lock_irq(&tasklist_lock);
	ptrace_unlink(t);
	dead = do_notify_parent(t, t->exit_signal);
	t->exit_state = dead ? EXIT_DEAD : EXIT_ZOMBIE;
	write_unlock_irq(&tasklist_lock);
	return dead;
}

/* tasklist_lock held for read; dropped when the answer is not 0: the pid found. */
static pid_t wait_task_zombie(struct wait_opts *wo, struct task_struct *t)
{
	pid_t pid = task_pid_nr_type_ns_locked(t, PIDTYPE_PID);
	uid_t uid;
	int status, code, value, state;
	bool mine = true;

	if (!(wo->flags & WEXITED))
		return 0;
	get_task_struct(t);
	uid = task_uid_of(t);
	state = unlikely(ptrace_reparented(t)) && thread_group_leader(t) ? EXIT_TRACE : EXIT_DEAD;
	if (!(wo->flags & WNOWAIT))	/* the one who moves it on reaps it */
		mine = cmpxchg(&t->exit_state, EXIT_ZOMBIE, state) == EXIT_ZOMBIE;
	if (!mine) {
		put_task_struct(t);
		return 0;
	}
	read_unlock(&tasklist_lock);

	status = t->signal->flags & SIGNAL_GROUP_EXIT ? t->signal->group_exit_code : t->exit_code;
	if (wo->want_ru)
		task_rusage(t, RUSAGE_BOTH, &wo->ru);
	wo->status = status;
	decode_exit(status, &code, &value);
	fill_info(wo, t, pid, uid, code, value);
	if (!(wo->flags & WNOWAIT)) {
		if (likely(state == EXIT_DEAD && thread_group_leader(t)))
			account_reaped(t);
		if (likely(state == EXIT_DEAD) || give_back_zombie(t))
			release_task(t);
	}
	put_task_struct(t);
	return pid;
}

/* Where the stop that there is to report is noted: the tracer's of one task, the parent's of the group. */
static int *stop_code(struct task_struct *t, bool ptrace)
{
	if (ptrace)
		return (t->jobctl & (JOBCTL_TRACED | JOBCTL_LISTENING)) == JOBCTL_TRACED ? &t->exit_code : NULL;
	return t->signal->flags & SIGNAL_STOP_STOPPED ? &t->signal->group_exit_code : NULL;
}

static pid_t wait_task_stopped(struct wait_opts *wo, bool ptrace, struct task_struct *t)
{
	int exit_code = 0, *where;
	pid_t pid;
	uid_t uid;

	if (!ptrace && !(wo->flags & WUNTRACED))
		return 0;
	spin_lock_irq(&t->sighand->siglock);
	where = stop_code(t, ptrace);
	if (where) {
		exit_code = *where;
		if (exit_code && !(wo->flags & WNOWAIT))
			*where = 0;	/* reported once */
	}
	spin_unlock_irq(&t->sighand->siglock);
	if (!exit_code)
		return 0;
	get_task_struct(t);
	pid = task_pid_nr_type_ns_locked(t, PIDTYPE_PID);
	uid = task_uid_of(t);
	read_unlock(&tasklist_lock);
	if (wo->want_ru)
		task_rusage(t, RUSAGE_BOTH, &wo->ru);
	wo->status = exit_code << 8 | 0x7f;
	fill_info(wo, t, pid, uid, ptrace ? CLD_TRAPPED : CLD_STOPPED, exit_code);
	put_task_struct(t);
	return pid;
}

static pid_t wait_task_continued(struct wait_opts *wo, struct task_struct *t)
{
	bool continued;
	pid_t pid;
	uid_t uid;

	if (!(wo->flags & WCONTINUED))
		return 0;
	spin_lock_irq(&t->sighand->siglock);
	continued = t->signal->flags & SIGNAL_STOP_CONTINUED;
	if (continued && !(wo->flags & WNOWAIT))
		t->signal->flags &= ~SIGNAL_STOP_CONTINUED;
	spin_unlock_irq(&t->sighand->siglock);
	if (!continued)
		return 0;
	get_task_struct(t);
	pid = task_pid_nr_type_ns_locked(t, PIDTYPE_PID);
	uid = task_uid_of(t);
	read_unlock(&tasklist_lock);
	if (wo->want_ru)
		task_rusage(t, RUSAGE_BOTH, &wo->ru);
	wo->status = 0xffff;
	fill_info(wo, t, pid, uid, CLD_CONTINUED, SIGCONT);
	put_task_struct(t);
	return pid;
}

/* A leader whose threads live on is waited for, but not yet reaped. */
static bool delay_group_leader(const struct task_struct *t)
{
	return thread_group_leader(t) && t->signal->nr_threads > 1;
}

/*
 * 0: nothing to report of @t now. Else the pid, with the lock dropped. @ptrace: found among the tracees of the
 * caller, otherwise among its children.
 */
static pid_t wait_consider_task(struct wait_opts *wo, bool ptrace, struct task_struct *t)
{
	pid_t pid;

	if (t->exit_state == EXIT_DEAD || !eligible_child(wo, ptrace, t))
		return 0;
	if (unlikely(t->exit_state == EXIT_TRACE)) {
		wo->eligible |= !ptrace;
		return 0;
	}
	if (unlikely(t->ptrace) && !ptrace_reparented(t))
		ptrace = true;		/* traced by its parent's process, which sees its stops as the tracer */
	if (t->exit_state == EXIT_ZOMBIE && !delay_group_leader(t) && (ptrace || !t->ptrace))
		return wait_task_zombie(wo, t);
	/* The parent of a zombie that is traced hears of it from the tracer, later. */
	if (t->exit_state != EXIT_ZOMBIE || !ptrace || (wo->flags & (WCONTINUED | WEXITED)))
		wo->eligible = true;
	pid = wait_task_stopped(wo, ptrace, t);
	return pid ? pid : wait_task_continued(wo, t);
}

static pid_t wait_thread_children(struct wait_opts *wo, struct task_struct *parent)
{
	struct task_struct *t;
	pid_t pid;

	list_for_each_entry(t, &parent->children, sibling) {
		pid = wait_consider_task(wo, false, t);
		if (pid)
			return pid;
		/* Zombies come first: the rest could report stops and continues only. A tracee's
		 * are found with its tracer, which without __WNOTHREAD has its turn, too. */
		if (!t->exit_state && wo->eligible &&
		    !(wo->flags & (WUNTRACED | WCONTINUED | __WNOTHREAD)))
			break;
	}
	list_for_each_entry(t, &parent->ptraced, ptrace_entry) {
		pid = wait_consider_task(wo, true, t);
		if (pid)
			return pid;
	}
	return 0;
}

/* Does current wait for what @parent, or tracer, waits for? */
static bool is_mine(const struct wait_opts *wo, const struct task_struct *parent)
{
	return parent == current ||
	       (!(wo->flags & __WNOTHREAD) && parent->signal == current->signal);
}

/* The one that is waited for by number: no walk along 30,000 children for it. */
static pid_t wait_one_child(struct wait_opts *wo)
{
	struct task_struct *t = pid_task(wo->pid, PIDTYPE_PID);
	pid_t pid = 0;

	if (!t)
		return 0;
	if (thread_group_leader(t) && is_mine(wo, t->real_parent))
		pid = wait_consider_task(wo, false, t);
	if (!pid && t->ptrace && is_mine(wo, t->parent))
		pid = wait_consider_task(wo, true, t);
	return pid;
}

/* The children of all of current's threads, or of current only. */
static pid_t wait_any_child(struct wait_opts *wo)
{
	struct task_struct *thread;
	pid_t pid;

	for_each_thread(current, thread) {
		if ((wo->flags & __WNOTHREAD) && thread != current)
			continue;
		pid = wait_thread_children(wo, thread);
		if (pid)
			return pid;
	}
	return 0;
}

/* One look at all candidates. */
static pid_t wait_look(struct wait_opts *wo)
{
	pid_t pid;

	wo->eligible = false;
	read_lock(&tasklist_lock);
	pid = wo->type == PIDTYPE_PID ? wait_one_child(wo) : wait_any_child(wo);
	if (pid)
		return pid;		/* lock dropped */
	read_unlock(&tasklist_lock);
	if (wo->eligible)
		return 0;
	return -ECHILD;
}

static pid_t do_wait(struct wait_opts *wo)
{
	DEFINE_WAIT(wait);
	pid_t pid;

	pid = wait_look(wo);		/* most often it is there: do without the queue */
	if (pid || (wo->flags & WNOHANG))
		return pid;
	for (;;) {
		prepare_to_wait(&current->signal->wait_chldexit, &wait, TASK_INTERRUPTIBLE);
		pid = wait_look(wo);
		if (pid || signal_pending(current))
			break;
		schedule();
	}
	finish_wait(&current->signal->wait_chldexit, &wait);
	return pid ? pid : -ERESTARTSYS;
}

void reap_all_children(void)
{
	struct wait_opts wo = { .type = PIDTYPE_MAX, .flags = WEXITED | __WALL };

	do
		clear_task_flag(current, TIF_SIGPENDING);	/* what killed us must not end the wait */
	while (do_wait(&wo) != -ECHILD);
}

long sys_wait4(pid_t upid, int __user *status, int options, struct rusage __user *ru)
{
	struct wait_opts wo = { .type = PIDTYPE_MAX, .want_ru = ru };
	long ret;

	if (options & ~(WNOHANG | WUNTRACED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL))
		return -EINVAL;
	if (upid == INT_MIN)
		return -ESRCH;
	if (upid < -1) {
		wo.type = PIDTYPE_PGID;
		wo.pid = find_get_pid(-upid);
	} else if (upid == 0) {
		wo.type = PIDTYPE_PGID;
		wo.pid = get_task_pid(current, PIDTYPE_PGID);
	} else if (upid > 0) {
		wo.type = PIDTYPE_PID;
		wo.pid = find_get_pid(upid);
	}
	wo.flags = options | WEXITED;
	ret = wo.type != PIDTYPE_MAX && !wo.pid ? -ECHILD : do_wait(&wo);
	put_pid(wo.pid);
	if (ret > 0 && status && put_user(wo.status, status))
		return -EFAULT;
	if (ret > 0 && ru && put_rusage(ru, &wo.ru))
		return -EFAULT;
	return ret;
}

/* P_ALL, P_PID, P_PGID, P_PIDFD to what do_wait() looks for. */
static int waitid_target(int which, pid_t upid, struct wait_opts *wo)
{
	unsigned int fflags = 0;

	switch (which) {
	case P_ALL:
		return 0;
	case P_PID:
		wo->type = PIDTYPE_PID;
		if (upid <= 0)
			return -EINVAL;
		wo->pid = find_get_pid(upid);
		break;
	case P_PGID:
		wo->type = PIDTYPE_PGID;
		if (upid < 0)
			return -EINVAL;
		wo->pid = upid ? find_get_pid(upid) : get_task_pid(current, PIDTYPE_PGID);
		break;
	case P_PIDFD:
		wo->type = PIDTYPE_PID;
		if (upid < 0)
			return -EINVAL;
		wo->pid = pidfd_get_pid(upid, &fflags);
		if (IS_ERR(wo->pid)) {
			int err = PTR_ERR(wo->pid);

			wo->pid = NULL;
			return err;
		}
		if (fflags & O_NONBLOCK)
			wo->flags |= WNOHANG;
		break;
	default:
		return -EINVAL;
	}
	return wo->pid ? 0 : -ECHILD;
}

long sys_waitid(int which, pid_t upid, struct siginfo __user *info, int options, struct rusage __user *ru)
{
	struct wait_opts wo = { .type = PIDTYPE_MAX, .flags = options, .want_ru = ru };
	bool nohang = options & WNOHANG;
	long ret = -EINVAL;

	if (!(options & ~(WNOHANG | WNOWAIT | WEXITED | WSTOPPED | WCONTINUED | __WNOTHREAD | __WCLONE | __WALL)) &&
	    (options & (WEXITED | WSTOPPED | WCONTINUED)))
		ret = waitid_target(which, upid, &wo);
	if (!ret)
		ret = do_wait(&wo);
	put_pid(wo.pid);
	if (!ret && (wo.flags & WNOHANG) && !nohang)
		ret = -EAGAIN;			/* a non-blocking pidfd */
	if (ret > 0 && ru && put_rusage(ru, &wo.ru))
		return -EFAULT;
	if (ret <= 0)				/* nothing yet, nothing ever, or a mistake: all zero */
		clear_siginfo(&wo.info);
	if (info && copy_siginfo_to_user(info, &wo.info))
		return -EFAULT;
	return ret < 0 ? ret : 0;
}
