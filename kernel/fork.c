// SPDX-License-Identifier: GPL-2.0-only
/*
 * fork: how a process or a thread comes to be.
 *
 * fork, vfork, clone, clone3 and kernel threads all end in kernel_clone(), which asks copy_process() for a
 * new task that nobody has seen run, and wakes it.  copy_process() checks, then allocates, then commits:
 * until the commit the child is known to nobody and every failure undoes itself in copy_undo(), which lets
 * go of whatever the half-made child has; after it nothing can fail.
 *
 * Where fork returns twice: copy_thread() (arch) copies the parent's saved registers with the result
 * register 0 and points the child's cpu_context at ret_from_fork.  The parent returns the pid from here.
 *
 * Locking: tasklist_lock (write) around the commit, the parent's siglock inside it, so that a signal to the
 * group reaches both or none, and no group stop or exit slips between.
 */
#include <kernel/fork.h>

#include <drivers/tty/tty.h>
#include <fs/file.h>
#include <fs/fs_struct.h>
#include <kernel/cgroup/cgroup.h>
#include <kernel/cred.h>
#include <kernel/fault_inject.h>
#include <kernel/futex.h>
#include <kernel/ioprio.h>
#include <kernel/ipc/ipc.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/nsproxy.h>
#include <kernel/pid.h>
#include <kernel/ptrace.h>
#include <kernel/seccomp.h>
#include <kernel/sched/completion.h>
#include <kernel/signal.h>
#include <kernel/task.h>
#include <kernel/time/timekeeping.h>
#include <kernel/yama.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

static struct kmem_cache *signal_cache, *sighand_cache;
static int nr_threads;			/* tasklist_lock; all tasks but the idle ones */
unsigned int total_forks;		/* tasklist_lock */

static void sighand_ctor(void *p)
{
	struct sighand_struct *sighand = p;

	spin_lock_init_rank(&sighand->siglock, LOCK_RANK_SIGHAND);
	init_waitqueue_head(&sighand->signalfd_wqh);
	sighand->touched = 0;
	memset(sighand->action, 0, sizeof(sighand->action));
}

void fork_caches_init(void)
{
	sighand_cache = kmem_cache_create("sighand_cache", sizeof(struct sighand_struct), 0,
					  SLAB_HWCACHE_ALIGN | SLAB_PANIC, sighand_ctor);
	signal_cache = kmem_cache_create("signal_cache", sizeof(struct signal_struct), 0,
					 SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
}

int nr_threads_now(void)
{
	return READ_ONCE(nr_threads);
}

void nr_threads_dec(void)
{
	assert_write_locked(&tasklist_lock);
	nr_threads--;
}

/* ---- check ----------------------------------------------------------------------------------- */

/* Combinations that make no sense, or holes: each is EINVAL before anything is allocated. */
static int check_flags(const struct kernel_clone_args *args)
{
	u64 flags = args->flags;

	if ((flags & (CLONE_NEWNS | CLONE_FS)) == (CLONE_NEWNS | CLONE_FS))
		return -EINVAL;		/* root and cwd belong to one mount namespace */
	if ((flags & (CLONE_NEWUSER | CLONE_FS)) == (CLONE_NEWUSER | CLONE_FS))
		return -EINVAL;		/* a chroot in it would reach whoever shares the root */
	if ((flags & CLONE_THREAD) && !(flags & CLONE_SIGHAND))
		return -EINVAL;		/* a thread group shares its handlers */
	if ((flags & CLONE_SIGHAND) && !(flags & CLONE_VM))
		return -EINVAL;		/* a handler's address means nothing elsewhere */
	if ((flags & CLONE_PARENT) && (current->signal->flags & SIGNAL_UNKILLABLE))
		return -EINVAL;		/* nobody would reap init's sibling */
	if ((flags & CLONE_THREAD) && ((flags & (CLONE_NEWUSER | CLONE_NEWPID)) ||
	    task_active_pid_ns(current) != pid_ns_for_children()))
		return -EINVAL;		/* a thread group lives in one pid namespace */
	/* The vDSO's data are the address space's. */
	if ((flags & (CLONE_THREAD | CLONE_VM)) &&
	    current->nsproxy->ns[NS_TIME] != current->nsproxy->ns[NS_TIME_FOR_CHILDREN])
		return -EINVAL;
	if ((flags & CLONE_PIDFD) && (flags & (CLONE_DETACHED | CLONE_THREAD)))
		return -EINVAL;
	if ((flags & CLONE_CLEAR_SIGHAND) && (flags & CLONE_SIGHAND))
		return -EINVAL;
	return 0;
}

/* Signals first: they are delivered before the fork, which is then restarted unseen. */
static int check_signals(unsigned int *multi_signals)
{
	spin_lock_irq(&current->sighand->siglock);
	*multi_signals = current->signal->multi_signals;
	recalc_sigpending();
	spin_unlock_irq(&current->sighand->siglock);
	return signal_pending(current) ? -ERESTARTNOINTR : 0;
}

/* The user's limit is copy_creds()'s business. */
static int check_limits(void)
{
	return nr_threads_now() >= max_threads ? -EAGAIN : 0;
}

/* ---- allocate: what is shared, what is copied ------------------------------------------------ */

static int copy_files(u64 flags, struct task_struct *child)
{
	int err = 0;

	if (!current->files)
		return 0;
	if (flags & CLONE_FILES) {
		atomic_inc(&current->files->count);
		child->files = current->files;
		return 0;
	}
	child->files = dup_fd(current->files, &err);
	return child->files ? 0 : err;
}

static int copy_fs(u64 flags, struct task_struct *child)
{
	struct fs_struct *fs = current->fs;
	int err = 0;

	if (!(flags & CLONE_FS)) {
		child->fs = copy_fs_struct(fs);
		return child->fs ? 0 : -ENOMEM;
	}
	spin_lock(&fs->lock);
	if (fs->in_exec) {		/* exec counted the sharers to decide on set-id */
		err = -EAGAIN;
	} else {
		fs->users++;
		child->fs = fs;
	}
	spin_unlock(&fs->lock);
	return err;
}

/* A free sighand_struct has zeroes in all actions: only what was ever set needs copying and clearing,
 * 30 instructions for most programs where 2 KiB took 330. */
static void copy_actions(struct sighand_struct *to, const struct sighand_struct *from)
{
	ksigset_t set;

	for (set = from->touched; set; set &= set - 1)
		to->action[__ffs64(set)] = from->action[__ffs64(set)];
	to->touched = from->touched;
}

static void clear_actions(struct sighand_struct *sighand)
{
	for (; sighand->touched; sighand->touched &= sighand->touched - 1)
		sighand->action[__ffs64(sighand->touched)] = (struct ksigaction) { 0 };
}

static int copy_sighand(u64 flags, struct task_struct *child)
{
	struct sighand_struct *sighand;

	if (flags & CLONE_SIGHAND) {
		refcount_inc(&current->sighand->count);
		child->sighand = current->sighand;
		return 0;
	}
	sighand = kmem_cache_alloc(sighand_cache, GFP_KERNEL);
	if (!sighand)
		return -ENOMEM;
	refcount_set(&sighand->count, 1);
	spin_lock_irq(&current->sighand->siglock);
	copy_actions(sighand, current->sighand);
	spin_unlock_irq(&current->sighand->siglock);
	child->sighand = sighand;
	if (flags & CLONE_CLEAR_SIGHAND)
		flush_signal_handlers(child, false);
	return 0;
}

/* exec: the handlers go, so the table must be our own even if a clone(CLONE_SIGHAND) shares it. */
int unshare_sighand(struct task_struct *t)
{
	struct sighand_struct *old = t->sighand, *new;

	if (refcount_read(&old->count) == 1)
		return 0;
	new = kmem_cache_alloc(sighand_cache, GFP_KERNEL);
	if (!new)
		return -ENOMEM;
	refcount_set(&new->count, 1);
	write_lock_irq(&tasklist_lock);
	spin_lock(&old->siglock);
	copy_actions(new, old);
	t->sighand = new;
	spin_unlock(&old->siglock);
	write_unlock_irq(&tasklist_lock);
	__cleanup_sighand(old);
	return 0;
}

void __cleanup_sighand(struct sighand_struct *sighand)
{
	if (refcount_dec_and_test(&sighand->count)) {
		signalfd_cleanup(sighand);
		clear_actions(sighand);
		kmem_cache_free(sighand_cache, sighand);
	}
}

static int copy_signal(u64 flags, struct task_struct *child)
{
	struct signal_struct *sig, *old = current->signal;

	if (flags & CLONE_THREAD) {
		refcount_inc(&old->sigcnt);
		child->signal = old;
		return 0;
	}
	sig = kmem_cache_zalloc(signal_cache, GFP_KERNEL);
	if (!sig)
		return -ENOMEM;
	child->signal = sig;
	refcount_set(&sig->sigcnt, 1);
	atomic_set(&sig->live, 1);
	sig->nr_threads = 1;
	INIT_LIST_HEAD(&sig->thread_head);
	init_waitqueue_head(&sig->wait_chldexit);
	INIT_LIST_HEAD(&sig->shared_pending.list);
	INIT_LIST_HEAD(&sig->posix_timers);
	task_lock(current->group_leader);
	memcpy(sig->rlim, old->rlim, sizeof(sig->rlim));
	task_unlock(current->group_leader);
	sig->oom_score_adj = old->oom_score_adj;
	sig->oom_score_adj_min = old->oom_score_adj_min;
	return 0;
}

void put_signal_struct(struct signal_struct *sig)
{
	if (!sig || !refcount_dec_and_test(&sig->sigcnt))
		return;
	tty_kref_put(sig->tty);
	put_pid(sig->tty_old_pgrp);
	put_ptracer(sig->ptracer);
	kmem_cache_free(signal_cache, sig);
}

static int copy_mm(u64 flags, struct task_struct *child)
{
	struct mm_struct *mm;

	child->min_flt = child->maj_flt = 0;
	child->nvcsw = child->nivcsw = 0;
	if (!current->mm)		/* a kernel thread borrows the mm of whoever ran before it */
		return 0;
	if (flags & CLONE_VM) {
		mmget(current->mm);
		mm = current->mm;
	} else {
		mm = dup_mm(child, current->mm);
		if (!mm)
			return -ENOMEM;
	}
	child->mm = mm;
	child->active_mm = mm;
	return 0;
}

/* Counters and private state that start anew; all of it is plain memory. */
static void copy_clear_private(struct task_struct *child, const struct kernel_clone_args *args)
{
	u64 flags = args->flags;

	spin_lock_init_rank(&child->alloc_lock, LOCK_RANK_TASK);
	child->flags &= ~(PF_SUPERPRIV | PF_WQ_WORKER | PF_IDLE | PF_NO_SETAFFINITY | PF_EXITING |
			  PF_SIGNALED | PF_DUMPCORE | PF_MEMALLOC);
	child->flags |= PF_FORKNOEXEC;
	if (!args->kthread)
		child->flags &= ~PF_KTHREAD;
	INIT_LIST_HEAD(&child->children);
	child->last_zombie = &child->children;
	INIT_LIST_HEAD(&child->sibling);
	INIT_LIST_HEAD(&child->tasks);
	INIT_LIST_HEAD(&child->ptraced);
	INIT_LIST_HEAD(&child->ptrace_entry);
	INIT_LIST_HEAD(&child->pending.list);
	INIT_LIST_HEAD(&child->pi_state_list);
	child->pi_blocked_on = NULL;
	child->futex_exited = false;
	INIT_LIST_HEAD(&child->task_works);
	memset(child->pid_links, 0, sizeof(child->pid_links));
	child->pending.signal = 0;
	child->utime = child->stime = 0;
	fault_inject_fork(child);
	child->io_rchar = child->io_wchar = child->io_syscr = child->io_syscw = 0;
	child->exit_state = 0;
	child->jobctl = 0;
	child->ptrace = 0;
	child->pdeath_signal = 0;
	child->seccomp_mode = 0;
	child->seccomp_filter = NULL;
	child->in_execve = 0;
	child->pagefault_disabled = 0;
	child->link_count = child->total_link_count = 0;
	child->default_timer_slack_ns = current->timer_slack_ns;
	child->restart_block.fn = NULL;
	child->robust_list = NULL;
	child->sysvsem = NULL;
	child->io_context = NULL;
	INIT_HLIST_HEAD(&child->shm_created);
	child->set_child_tid = flags & CLONE_CHILD_SETTID ? args->child_tid : NULL;
	child->clear_child_tid = flags & CLONE_CHILD_CLEARTID ? args->child_tid : NULL;
	if (flags & CLONE_VM) {
		child->rseq = NULL;
		child->rseq_sig = 0;
		if (!(flags & CLONE_VFORK)) {
			child->sas_ss_sp = child->sas_ss_size = 0;
			child->sas_ss_flags = SS_DISABLE;
		}
	}
#ifdef CONFIG_DEBUG
	child->lock_depth = 0;
#endif
}

/* In the order of process-lifecycle.md 2.2; each fills the pointer that copy_undo() looks at. */
static int copy_resources(struct task_struct *child, struct kernel_clone_args *args)
{
	struct clone_regs regs = {
		.flags = args->flags, .stack = args->stack + args->stack_size, .tls = args->tls,
		.fn = args->fn, .fn_arg = args->fn_arg,
	};
	int err;

	err = copy_creds(child, args->flags);
	if (!err)
		err = copy_semundo(args->flags, child);
	if (!err)
		err = copy_files(args->flags, child);
	if (!err)
		err = copy_fs(args->flags, child);
	if (!err)
		err = copy_sighand(args->flags, child);
	if (!err)
		err = copy_signal(args->flags, child);
	if (!err)
		err = copy_mm(args->flags, child);
	if (!err)
		err = copy_namespaces(args->flags, child);
	if (!err)
		err = copy_io(args->flags, child);
	if (!err)
		err = copy_thread(child, &regs);
	return err;
}

/* A child that nobody has seen: let go of what it has, in reverse order. */
static void copy_undo(struct task_struct *child)
{
	exit_io(child);
	if (child->nsproxy)
		exit_task_namespaces(child);
	if (child->mm) {
		mmput(child->mm);
		child->mm = child->active_mm = NULL;
	}
	if (child->signal)
		put_signal_struct(child->signal);
	if (child->sighand)
		__cleanup_sighand(child->sighand);
	if (child->fs)
		exit_fs(child);
	if (child->files)
		exit_files(child);
	exit_sem(child);
	if (child->cred)
		exit_creds(child);
	sched_cancel_fork(child);
	free_task(child);
}

/* ---- commit ---------------------------------------------------------------------------------- */

static void inherit_parent(struct task_struct *child, u64 flags, int exit_signal)
{
	if (flags & (CLONE_PARENT | CLONE_THREAD)) {
		task_set_real_parent(child, current->real_parent);
		child->exit_signal = flags & CLONE_THREAD ? -1 : current->group_leader->exit_signal;
	} else {
		task_set_real_parent(child, current);
		child->exit_signal = exit_signal;
	}
	child->parent = child->real_parent;
}

/* The first of a new group: its own ids, its place among its siblings and in the list of all. */
static void link_leader(struct task_struct *child, struct pid *pid)
{
	struct signal_struct *sig = child->signal, *psig = current->signal;

	child->group_leader = child;
	sig->pids[PIDTYPE_TGID] = pid;
	sig->pids[PIDTYPE_PGID] = psig->pids[PIDTYPE_PGID];
	sig->pids[PIDTYPE_SID] = psig->pids[PIDTYPE_SID];
	sig->tty = tty_kref_get(psig->tty);
	if (is_child_reaper(pid)) {
		ns_of_pid(pid)->child_reaper = child;
		sig->flags |= SIGNAL_UNKILLABLE;
	}
	sig->has_child_subreaper = child->real_parent->signal->has_child_subreaper ||
				   child->real_parent->signal->is_child_subreaper;
	list_add_tail(&child->thread_node, &sig->thread_head);
	list_add_tail(&child->sibling, &child->real_parent->children);
	list_add_tail(&child->tasks, &init_task.tasks);
	attach_pid(child, PIDTYPE_TGID);
	attach_pid(child, PIDTYPE_PGID);
	attach_pid(child, PIDTYPE_SID);
}

static void link_thread(struct task_struct *child)
{
	child->group_leader = current->group_leader;
	atomic_inc(&current->signal->live);
	current->signal->nr_threads++;
	list_add_tail(&child->thread_node, &current->signal->thread_head);
	if (current->jobctl & JOBCTL_STOP_PENDING) {	/* it takes part in the stop under way */
		child->jobctl |= current->jobctl & (JOBCTL_STOP_SIGMASK | JOBCTL_STOP_PENDING | JOBCTL_STOP_CONSUME);
		current->signal->group_stop_count += !!(child->jobctl & JOBCTL_STOP_CONSUME);
		set_task_flag(child, TIF_SIGPENDING);
	}
}

/* A signal to many, of which the child would be one, came meanwhile: to the parent first, then again. */
static int restart_for_signal(void)
{
	set_task_flag(current, TIF_SIGPENDING);	/* so that the restart is done whoever takes the signal */
	return -ERESTARTNOINTR;
}

/* Become visible, or find under the locks that it must not be. */
static int link_child(struct task_struct *child, struct pid *pid, const struct kernel_clone_args *args,
		      unsigned int multi_signals, struct cgroup *into)
{
	int err = 0;

	write_lock_irq(&tasklist_lock);
	child->thread_pid = pid;
	inherit_parent(child, args->flags, args->exit_signal);
	spin_lock(&current->sighand->siglock);
	if (fatal_signal_pending(current))
		err = -EINTR;			/* on its way out: the signal is what the user sees */
	else if (current->signal->multi_signals != multi_signals)
		err = restart_for_signal();
	else if (!(READ_ONCE(ns_of_pid(pid)->pid_allocated) & PIDNS_ADDING))
		err = -ENOMEM;
	else if ((args->flags & CLONE_THREAD) && (current->signal->flags & SIGNAL_GROUP_EXIT))
		err = -EAGAIN;
	else if (unlikely(current->cgroup || into))
		err = cgroup_fork(child, into ? into : current->cgroup);
	if (!err) {
		/* Commit: nothing fails from here on. */
		child->no_new_privs = current->no_new_privs;
		if (unlikely(current->seccomp_mode))
			seccomp_inherit(child);
		if (unlikely(current->ptrace) && args->trace)
			ptrace_link_child(child);
		if (args->flags & CLONE_THREAD)
			link_thread(child);
		else
			link_leader(child, pid);
		attach_pid(child, PIDTYPE_PID);
		nr_threads++;
		total_forks++;
	}
	spin_unlock(&current->sighand->siglock);
	write_unlock_irq(&tasklist_lock);
	return err;
}

static int copy_pidfd(struct pid *pid, struct kernel_clone_args *args, struct file **file)
{
	int fd;

	*file = NULL;
	if (!(args->flags & CLONE_PIDFD))
		return -1;
	fd = pidfd_prepare(pid, O_RDWR | O_CLOEXEC, file);
	if (fd >= 0 && put_user(fd, args->pidfd)) {
		put_unused_fd(fd);
		fput(*file);
		return -EFAULT;
	}
	return fd;
}

/*
 * A new task in state TASK_NEW, linked everywhere, not yet woken.  @pid: the idle task's, or NULL to
 * allocate one.  ERR_PTR on failure, with no trace left.
 */
struct task_struct *copy_process(struct pid *pid, struct kernel_clone_args *args)
{
	struct task_struct *child;
	struct file *pidfile = NULL;
	struct cgroup *into = NULL;
	unsigned int multi_signals;
	int err, pidfd = -1;

	err = check_flags(args);
	if (!err)
		err = check_signals(&multi_signals);
	if (!err)
		err = check_limits();
	if (err)
		return ERR_PTR(err);

	child = dup_task_struct();
	if (!child)
		return ERR_PTR(-ENOMEM);
	copy_clear_private(child, args);
	err = sched_fork(args->flags, child);
	if (!err)
		err = copy_resources(child, args);
	if (err)
		goto undo;
	if (!pid) {
		pid = alloc_pid(to_pid_ns(child->nsproxy->ns[NS_PID_FOR_CHILDREN]), args->set_tid, args->set_tid_size);
		if (IS_ERR(pid)) {
			err = PTR_ERR(pid);
			goto undo;
		}
	}
	child->pid = pid_nr(pid);
	child->tgid = args->flags & CLONE_THREAD ? current->tgid : child->pid;
	child->start_time = ktime_get_ns();
	child->start_boottime = ktime_get_boottime_ns();
	if (args->idle)
		return child;			/* linked nowhere */

	pidfd = copy_pidfd(pid, args, &pidfile);
	if (pidfd < -1) {
		err = pidfd;
		goto undo_pid;
	}
	if (unlikely(args->flags & CLONE_INTO_CGROUP)) {
		into = cgroup_begin_clone(args->cgroup, args->flags & CLONE_THREAD);
		if (IS_ERR(into)) {
			err = PTR_ERR(into);
			goto undo_pidfd;
		}
	}
	err = link_child(child, pid, args, multi_signals, into);
	if (unlikely(into))
		cgroup_end_clone();
	if (err)
		goto undo_pidfd;
	if (pidfile)
		fd_install(pidfd, pidfile);
	return child;

undo_pidfd:
	if (pidfile) {
		put_unused_fd(pidfd);
		fput(pidfile);
	}
undo_pid:
	free_pid(pid);
undo:
	copy_undo(child);
	return ERR_PTR(err);
}

/* ---- kernel_clone: the way in for all -------------------------------------------------------- */

/* The child has its own memory now, or none: vfork's parent may go on. */
static void complete_vfork_done(struct task_struct *t)
{
	struct completion *vfork;

	task_lock(t);
	vfork = t->vfork_done;
	t->vfork_done = NULL;
	if (vfork)
		complete(vfork);	/* under the lock: it lives on the parent's stack */
	task_unlock(t);
}

/* Killable only.  A killed parent takes its completion back, if the child has not used it yet: false. */
static bool wait_for_vfork_done(struct task_struct *child, struct completion *vfork)
{
	bool done;

	if (unlikely(current->cgroup))
		cgroup_enter_frozen();
	done = !wait_for_completion_killable(vfork);
	if (unlikely(current->jobctl & JOBCTL_FROZEN))
		cgroup_leave_frozen(false);

	if (!done) {
		task_lock(child);
		child->vfork_done = NULL;
		task_unlock(child);
	}
	put_task_struct(child);
	return done;
}

void mm_release(struct task_struct *t, struct mm_struct *mm)
{
	futex_exit_release(t);
	/* Whoever joins this thread sleeps on this word.  Nobody else is left to look: do not fault it in. */
	if (t->clear_child_tid) {
		if (atomic_read(&mm->mm_users) > 1) {
			put_user(0, t->clear_child_tid);
			futex_wake_user((u32 __user *)t->clear_child_tid, 1);
		}
		t->clear_child_tid = NULL;
	}
	if (t->vfork_done)
		complete_vfork_done(t);
}

/* Which event this clone is to the tracer of current; 0: it did not ask. The child is traced if it did. */
static int ptrace_fork_event(struct kernel_clone_args *args)
{
	int event = args->flags & CLONE_VFORK ? PTRACE_EVENT_VFORK :
		    args->exit_signal != SIGCHLD ? PTRACE_EVENT_CLONE : PTRACE_EVENT_FORK;

	if ((args->flags & CLONE_UNTRACED) || !ptrace_event_enabled(current, event))
		event = 0;
	args->trace = event || (args->flags & CLONE_PTRACE);
	return event;
}

pid_t kernel_clone(struct kernel_clone_args *args)
{
	struct completion vfork;
	struct task_struct *child;
	struct pid *pid = NULL;
	int event = 0;
	pid_t nr;

	if (unlikely(current->ptrace))
		event = ptrace_fork_event(args);
	child = copy_process(NULL, args);
	if (IS_ERR(child))
		return PTR_ERR(child);

	nr = pid_vnr(child->thread_pid);
	if (unlikely(current->ptrace))
		pid = get_pid(child->thread_pid);	/* the child may be gone when its tracer is told */
	if (args->flags & CLONE_PARENT_SETTID)
		put_user(nr, args->parent_tid);		/* as Linux: a bad address is the caller's loss */
	if (args->flags & CLONE_VFORK) {
		init_completion(&vfork);
		child->vfork_done = &vfork;
		get_task_struct(child);
	}
	wake_up_new_task(child);
	if (unlikely(event && pid))
		ptrace_event_pid(event, pid);
	if ((args->flags & CLONE_VFORK) && wait_for_vfork_done(child, &vfork) && unlikely(pid))
		ptrace_event_pid(PTRACE_EVENT_VFORK_DONE, pid);
	put_pid(pid);
	return nr;
}

/* ---- tasks of the kernel's own --------------------------------------------------------------- */

static pid_t clone_function(int (*fn)(void *), void *arg, const char *name, unsigned long flags, bool kernel)
{
	struct kernel_clone_args args = {
		.flags = flags | CLONE_VM | CLONE_UNTRACED, .fn = fn, .fn_arg = arg, .name = name,
		.kthread = kernel,
	};

	if (!kernel)
		args.exit_signal = SIGCHLD;
	return kernel_clone(&args);
}

/* @fn runs in kernel mode and must not return: kernel/kthread.c has threads that end. */
pid_t kernel_thread(int (*fn)(void *), void *arg, const char *name, unsigned long flags)
{
	return clone_function(fn, arg, name, flags, true);
}

/* @fn prepares user mode, by kernel_execve(), and returns into it. */
pid_t user_mode_thread(int (*fn)(void *), void *arg, unsigned long flags)
{
	return clone_function(fn, arg, NULL, flags, false);
}

/* Never called: a secondary CPU enters its idle loop from secondary_start_kernel(). */
static int idle_fn(void *unused)
{
	return 0;
}

/* The idle task of another CPU: pid 0, in no list. */
struct task_struct *fork_idle(unsigned int cpu)
{
	struct kernel_clone_args args = { .flags = CLONE_VM, .idle = true, .fn = idle_fn };
	struct task_struct *t = copy_process(&init_struct_pid, &args);

	if (!IS_ERR(t)) {
		t->thread_pid = &init_struct_pid;
		t->flags |= PF_IDLE | PF_KTHREAD;
		snprintf(t->comm, sizeof(t->comm), "swapper/%u", cpu);
	}
	return t;
}
