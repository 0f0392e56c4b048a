// SPDX-License-Identifier: GPL-2.0-only
/*
 * exit: how a task ends.
 *
 * do_exit() runs in the dying task and lets go of everything but what wait needs; exit_notify() gives its
 * children away and tells its parent; release_task() is the reaper's part and may run elsewhere, as soon as
 * the task is a zombie.  The stack goes last, when the scheduler has switched away for good.
 *
 * A thread group dies by do_group_exit(): the first caller decides the exit code and kills the rest.
 *
 * Locking: tasklist_lock (write) for all relations; siglock inside it for what the group accumulates.
 */
#include <generated/syscalls.h>

#include <drivers/tty/tty.h>
#include <fs/coredump.h>
#include <fs/file.h>
#include <fs/fs_struct.h>
#include <kernel/acct.h>
#include <kernel/cgroup/cgroup.h>
#include <kernel/cred.h>
#include <kernel/fork.h>
#include <kernel/futex.h>
#include <kernel/ioprio.h>
#include <kernel/ipc/ipc.h>
#include <kernel/nsproxy.h>
#include <kernel/panic.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/ptrace.h>
#include <kernel/signal.h>
#include <kernel/task.h>
#include <kernel/time/posix_timer.h>
#include <mm/mm.h>
#include <mm/vmalloc.h>

/* ---- what a dead thread leaves to its group -------------------------------------------------- */

static void unlink_pids(struct task_struct *t, bool group_dead)
{
	nr_threads_dec();
	if (unlikely(t->cgroup))
		cgroup_release(t);
	detach_pid(t, PIDTYPE_PID);
	if (group_dead) {
		detach_pid(t, PIDTYPE_TGID);
		detach_pid(t, PIDTYPE_PGID);
		detach_pid(t, PIDTYPE_SID);
		list_del_init(&t->tasks);
		unlink_sibling(t);
	}
	list_del_init(&t->thread_node);
}

/* siglock held: the counters of @t go to the group's. */
static void account_dead_thread(struct task_struct *t)
{
	struct signal_struct *sig = t->signal;
	u64 utime, stime;

	task_cputime(t, &utime, &stime);
	sig->utime += utime;
	sig->stime += stime;
	sig->min_flt += t->min_flt;
	sig->maj_flt += t->maj_flt;
	sig->nvcsw += t->nvcsw;
	sig->nivcsw += t->nivcsw;
	sig->io_rchar += t->io_rchar;
	sig->io_wchar += t->io_wchar;
	sig->io_syscr += t->io_syscr;
	sig->io_syscw += t->io_syscw;
	sig->sum_sched_runtime += task_sched_runtime(t);
	sig->nr_threads--;
}

/* tasklist_lock held for write. */
static void exit_signal_state(struct task_struct *t)
{
	struct sighand_struct *sighand = t->sighand;
	struct signal_struct *sig = t->signal;
	bool group_dead = thread_group_leader(t);
	struct tty_struct *tty = NULL;

	spin_lock(&sighand->siglock);
	if (group_dead) {
		tty = sig->tty;
		sig->tty = NULL;
	} else if (sig->notify_count > 0 && --sig->notify_count == 0) {
		wake_up_process(sig->group_exec_task);	/* exec waited for this thread */
	}
	account_dead_thread(t);
	unlink_pids(t, group_dead);
	flush_sigqueue(&t->pending);
	t->sighand = NULL;
	spin_unlock(&sighand->siglock);

	__cleanup_sighand(sighand);
	clear_task_flag(t, TIF_SIGPENDING);
	if (group_dead) {
		flush_sigqueue(&sig->shared_pending);
		tty_kref_put(tty);
	}
}

/* The zombie's last rites: nobody can wait for it any more. Also reaps a leader that only waited for this. */
void release_task(struct task_struct *t)
{
	struct task_struct *leader;
	bool reap_leader;

	do {
		write_lock_irq(&tasklist_lock);
		if (unlikely(t->ptrace))
			ptrace_unlink(t);
		exit_signal_state(t);
		/* The last thread of a group whose leader is a zombie: now the parent is told of the group. */
		leader = t->group_leader;
		reap_leader = false;
		if (leader != t && leader->signal->nr_threads == 1 && leader->exit_state == EXIT_ZOMBIE) {
			reap_leader = do_notify_parent(leader, leader->exit_signal);
			if (reap_leader)
				leader->exit_state = EXIT_DEAD;
		}
		write_unlock_irq(&tasklist_lock);
		put_task_struct(t);
		trim_kernel_stacks();
		t = leader;
	} while (reap_leader);
}

/* ---- children without a parent --------------------------------------------------------------- */

static struct task_struct *find_alive_thread(struct task_struct *t)
{
	struct task_struct *other;

	for_each_thread(t, other)
		if (!(other->flags & PF_EXITING))
			return other;
	return NULL;
}

/* The init of @father's namespace dies: the namespace goes with it. The first init must not. */
static struct task_struct *find_child_reaper(struct task_struct *father)
{
	struct pid_namespace *ns = task_active_pid_ns(father);
	struct task_struct *reaper = ns->child_reaper;

	if (reaper != father)
		return reaper;
	reaper = find_alive_thread(father);
	if (reaper) {
		ns->child_reaper = reaper;
		return reaper;
	}
	if (ns == &init_pid_ns)
		panic("Attempted to kill init! exitcode=0x%08x", father->signal->group_exit_code ?:
		      father->exit_code);
	write_unlock_irq(&tasklist_lock);
	zap_pid_ns_processes(ns);
	write_lock_irq(&tasklist_lock);
	return father;
}

/* A living thread of the same group, else the nearest subreaper, else the namespace's init. */
static struct task_struct *find_new_reaper(struct task_struct *father, struct task_struct *child_reaper)
{
	struct task_struct *thread = find_alive_thread(father), *reaper;
	unsigned int level = task_active_pid_ns(father)->level;

	if (thread)
		return thread;
	if (!father->signal->has_child_subreaper)
		return child_reaper;
	for (reaper = father->real_parent; task_active_pid_ns(reaper)->level == level;
	     reaper = reaper->real_parent) {
		if (reaper == &init_task)
			break;
		if (!reaper->signal->is_child_subreaper)
			continue;
		thread = find_alive_thread(reaper);
		if (thread)
			return thread;
	}
	return child_reaper;
}

static bool has_stopped_jobs(struct pid *pgrp)
{
	struct task_struct *t;

	do_each_pid_task(pgrp, PIDTYPE_PGID, t)
		if (t->signal->flags & SIGNAL_STOP_STOPPED)
			return true;
	return false;
}

/* No member has a parent in another group of the same session, not counting @ignored. */
static bool will_become_orphaned_pgrp(struct pid *pgrp, struct task_struct *ignored)
{
	struct task_struct *t;

	do_each_pid_task(pgrp, PIDTYPE_PGID, t) {
		if (t == ignored || (t->exit_state && t->signal->nr_threads == 1) || is_global_init(t->real_parent))
			continue;
		if (task_pgrp(t->real_parent) != pgrp && task_session(t->real_parent) == task_session(t))
			return false;
	}
	return true;
}

bool is_current_pgrp_orphaned(void)
{
	bool yes;

	read_lock(&tasklist_lock);
	yes = will_become_orphaned_pgrp(task_pgrp(current), NULL);
	read_unlock(&tasklist_lock);
	return yes;
}

/* @t's exit (or its loss of @parent) leaves a group of stopped jobs that nobody can continue: SIGHUP, SIGCONT. */
static void kill_orphaned_pgrp(struct task_struct *t, struct task_struct *parent)
{
	struct pid *pgrp = task_pgrp(t);
	struct task_struct *ignored = t;

	if (parent)
		ignored = NULL;		/* its father exits: look at the child's group */
	else
		parent = t->real_parent;
	if (task_pgrp(parent) != pgrp && task_session(parent) == task_session(t) &&
	    will_become_orphaned_pgrp(pgrp, ignored) && has_stopped_jobs(pgrp)) {
		kill_pgrp_locked(pgrp, SIGHUP, 1);
		kill_pgrp_locked(pgrp, SIGCONT, 1);
	}
}

/* A child of the dying @father gets @reaper; a zombie that the reaper ignores goes to @dead. */
static void reparent_leader(struct task_struct *father, struct task_struct *child, struct list_head *dead)
{
	if (child->exit_state == EXIT_DEAD)
		return;
	child->exit_signal = SIGCHLD;
	if (!child->ptrace && child->exit_state == EXIT_ZOMBIE && child->signal->nr_threads == 1 &&
	    do_notify_parent(child, child->exit_signal)) {
		child->exit_state = EXIT_DEAD;
		list_add(&child->ptrace_entry, dead);
	}
	kill_orphaned_pgrp(child, father);
}

/*
 * Zombies stand before the living among @parent's children, so that wait() finds one, or finds that
 * there is none, without a walk along those that live.
 */
static void move_to_zombies(struct task_struct *parent, struct task_struct *t)
{
	list_move(&t->sibling, parent->last_zombie);
	parent->last_zombie = &t->sibling;
}

/* tasklist_lock held for write. */
static void forget_original_parent(struct task_struct *father, struct list_head *dead)
{
	struct task_struct *child, *next, *thread, *reaper;

	if (unlikely(!list_empty(&father->ptraced)))
		exit_ptrace(father, dead);
	reaper = find_child_reaper(father);
	if (list_empty(&father->children))
		return;
	reaper = find_new_reaper(father, reaper);
	list_for_each_entry_safe(child, next, &father->children, sibling) {
		for_each_thread(child, thread) {
			task_set_real_parent(thread, reaper);
			if (!thread->ptrace)
				thread->parent = reaper;
			if (thread->pdeath_signal)
				send_sig_group_locked(thread->pdeath_signal, thread);
		}
		if (reaper->signal != father->signal)	/* else the same process remains the parent */
			reparent_leader(father, child, dead);
		if (child->exit_state)
			move_to_zombies(reaper, child);
	}
	father->last_zombie = &father->children;
	list_splice_tail_init(&father->children, &reaper->children);
}

/* Give the children away, become a zombie, tell the parent; reap at once what nobody waits for. */
static void exit_notify(struct task_struct *t, bool group_dead)
{
	struct task_struct *p, *n;
	bool autoreap;
	LIST_HEAD(dead);

	write_lock_irq(&tasklist_lock);
	forget_original_parent(t, &dead);
	if (group_dead)
		kill_orphaned_pgrp(t->group_leader, NULL);
	if (unlikely(t->cgroup))
		cgroup_exit(t);
	t->exit_state = EXIT_ZOMBIE;
	if (unlikely(t->ptrace))
		autoreap = do_notify_parent(t, thread_group_leader(t) && t->signal->nr_threads == 1 &&
					    !ptrace_reparented(t) ? t->exit_signal : SIGCHLD);
	else if (thread_group_leader(t))
		autoreap = t->signal->nr_threads == 1 && do_notify_parent(t, t->exit_signal);
	else
		autoreap = true;
	if (!autoreap && thread_group_leader(t))
		move_to_zombies(t->real_parent, t);
	if (autoreap) {
		t->exit_state = EXIT_DEAD;
		list_add(&t->ptrace_entry, &dead);
	}
	if (thread_group_leader(t))
		pidfd_notify_exit(t);
	if (unlikely(t->signal->notify_count < 0))	/* a thread in exec waits for its leader's end */
		wake_up_process(t->signal->group_exec_task);
	write_unlock_irq(&tasklist_lock);

	list_for_each_entry_safe(p, n, &dead, ptrace_entry) {
		list_del_init(&p->ptrace_entry);
		release_task(p);
	}
}

/* ---- the dying task itself ------------------------------------------------------------------- */

/* Let go of the address space; from here on the task borrows it lazily, as a kernel thread does. */
void exit_mm(void)
{
	struct task_struct *t = current;
	struct mm_struct *mm = t->mm;

	if (!mm)
		return;
	mm_release(t, mm);
	mmgrab(mm);			/* active_mm's reference, until the last switch away */
	task_lock(t);
	t->mm = NULL;
	task_unlock(t);
	mmput(mm);
}

/* The last thread of the group: what belongs to the group as a whole. */
static void exit_group_resources(struct task_struct *t)
{
	if (t->signal->real_timer.function)	/* ITIMER_REAL was ever used */
		hrtimer_cancel(&t->signal->real_timer);
	exit_itimers(t);
	if (t->mm) {
		unsigned long rss = get_mm_rss(t->mm);

		t->signal->maxrss = max(t->signal->maxrss, max(rss, t->mm->hiwater_rss));
	}
	if (t->signal->leader)
		disassociate_ctty(1);
}

void __noreturn do_exit(long code)
{
	struct task_struct *t = current;
	bool group_dead;

	if (unlikely(in_interrupt() || !t->pid))
		panic("%s: a task died in %s", t->comm, in_interrupt() ? "an interrupt" : "the idle loop");
	ASSERT(!in_atomic());
	if (unlikely(READ_ONCE(t->signal->core_state)))
		coredump_join(t);
	ptrace_event(PTRACE_EVENT_EXIT, code);
	exit_signals(t);		/* sets PF_EXITING: no more signals, shared ones to a sibling */
	t->exit_code = code;
	acct_collect(t);
	group_dead = atomic_dec_and_test(&t->signal->live);
	if (group_dead && is_global_init(t))
		panic("Attempted to kill init! exitcode=0x%08lx", t->signal->group_exit_code ?: code);
	if (group_dead)
		exit_group_resources(t);
	exit_mm();
	acct_process(group_dead);
	exit_sem(t);
	exit_shm(t);
	exit_files(t);
	exit_fs(t);
	exit_task_namespaces(t);
	exit_io(t);
	task_work_run();		/* final fputs */
	exit_notify(t, group_dead);
	preempt_disable();
	do_task_dead();
}

void __noreturn do_group_exit(int code)
{
	struct signal_struct *sig = current->signal;
	struct sighand_struct *sighand = current->sighand;

	spin_lock_irq(&sighand->siglock);
	if (sig->flags & SIGNAL_GROUP_EXIT) {
		code = sig->group_exit_code;		/* somebody was first */
	} else if (sig->group_exec_task) {
		code = 0;				/* an exec is killing us; its code does not matter */
	} else {
		sig->group_exit_code = code;
		sig->flags = SIGNAL_GROUP_EXIT;
		zap_other_threads(current);
	}
	spin_unlock_irq(&sighand->siglock);
	do_exit(code);
}

long sys_exit(int code)
{
	do_exit((code & 0xff) << 8);
}

long sys_exit_group(int code)
{
	do_group_exit((code & 0xff) << 8);
}
