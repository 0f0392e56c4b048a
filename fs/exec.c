// SPDX-License-Identifier: GPL-2.0-only
/*
 * exec: a process becomes another program.
 *
 * do_execveat() collects the strings, opens the file and asks each binary format.  A format that knows the
 * file calls begin_new_exec(), the point of no return: before it every failure leaves the caller untouched,
 * after it a failure kills the process, because there is no program left to return to.
 *
 * Locking: current only; siglock and tasklist_lock in de_thread(), which ends the other threads and takes over
 * the leader's place.
 */
#include <generated/syscalls.h>

#include <fs/coredump.h>
#include <fs/exec_internal.h>
#include <fs/file.h>
#include <fs/fs_struct.h>
#include <fs/internal.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/pid.h>
#include <kernel/ptrace.h>
#include <kernel/random.h>
#include <kernel/signal.h>
#include <kernel/task.h>
#include <kernel/time/posix_timer.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define MAX_FORMAT_DEPTH 5	/* scripts of scripts: ELOOP beyond */

static LIST_HEAD(formats);	/* [I] after boot */

void exec_init(void)
{
	binfmt_misc_init();			/* is asked first */
	register_binfmt(&elf_format);
	register_binfmt(&script_format);
}

void register_binfmt(struct linux_binfmt *fmt)
{
	list_add_tail(&fmt->list, &formats);
}

/* ---- becoming the only thread ---------------------------------------------------------------- */

/* Kill the other threads and wait until they have gone. The leader stays a zombie, it has our pid. */
static int kill_other_threads(struct task_struct *t)
{
	struct signal_struct *sig = t->signal;
	spinlock_t *lock = &t->sighand->siglock;

	spin_lock_irq(lock);
	if ((sig->flags & SIGNAL_GROUP_EXIT) || sig->group_exec_task) {
		spin_unlock_irq(lock);
		return -EAGAIN;			/* a rival exec, or death, was first */
	}
	sig->group_exec_task = t;
	zap_other_threads(t);
	sig->notify_count = sig->nr_threads - 1 - !thread_group_leader(t);
	while (sig->notify_count) {
		set_current_state(TASK_KILLABLE);
		spin_unlock_irq(lock);
		schedule();
		spin_lock_irq(lock);
		if (fatal_signal_pending(t)) {
			sig->group_exec_task = NULL;
			sig->notify_count = 0;
			spin_unlock_irq(lock);
			return -EAGAIN;
		}
	}
	spin_unlock_irq(lock);
	return 0;
}

/* tasklist_lock held for write, the leader is a zombie: swap places with it. */
static void take_over_leader(struct task_struct *t, struct task_struct *leader)
{
	t->start_time = leader->start_time;
	t->start_boottime = leader->start_boottime;
	exchange_tids(t, leader);
	transfer_pid(leader, t, PIDTYPE_TGID);
	transfer_pid(leader, t, PIDTYPE_PGID);
	transfer_pid(leader, t, PIDTYPE_SID);
	list_replace_init(&leader->tasks, &t->tasks);
	unlink_sibling(leader);			/* from among the zombies ... */
	list_add_tail(&t->sibling, &t->real_parent->children);	/* ... to the living */
	if (unlikely(leader->ptrace))		/* its tracer may wait for it: it must look again */
		wake_up_all(&leader->parent->signal->wait_chldexit);
	t->group_leader = t;
	leader->group_leader = t;
	t->exit_signal = SIGCHLD;
	leader->exit_signal = -1;		/* an ordinary dead thread now */
	leader->exit_state = EXIT_DEAD;
}

static int become_leader(struct task_struct *t)
{
	struct task_struct *leader = t->group_leader;
	struct signal_struct *sig = t->signal;

	for (;;) {
		write_lock_irq(&tasklist_lock);
		sig->notify_count = -1;		/* exit_notify() of the leader wakes us */
		if (leader->exit_state)
			break;
		set_current_state(TASK_KILLABLE);
		write_unlock_irq(&tasklist_lock);
		schedule();
		if (fatal_signal_pending(t)) {
			sig->group_exec_task = NULL;
			sig->notify_count = 0;
			return -EAGAIN;
		}
	}
	take_over_leader(t, leader);
	write_unlock_irq(&tasklist_lock);
	release_task(leader);
	return 0;
}

static int de_thread(struct task_struct *t)
{
	struct signal_struct *sig = t->signal;
	int err;

	if (sig->nr_threads > 1) {
		err = kill_other_threads(t);
		if (!err && !thread_group_leader(t))
			err = become_leader(t);
		if (err)
			return err;		/* still a thread: nothing of it has changed */
		sig->group_exec_task = NULL;
		sig->notify_count = 0;
	}
	t->exit_signal = SIGCHLD;
	return 0;
}

/* ---- the point of no return ------------------------------------------------------------------ */

/* The new address space becomes current's; a vfork parent is released, robust futexes are handed on. */
static void exec_mmap(struct mm_struct *mm)
{
	struct task_struct *t = current;
	struct mm_struct *old = t->mm, *old_active;
	unsigned long flags;

	if (old) {
		t->signal->maxrss = max(t->signal->maxrss, max(get_mm_rss(old), old->hiwater_rss));
		mm_release(t, old);
	}
	task_lock(t);
	flags = irq_save();
	old_active = t->active_mm;
	t->mm = mm;
	t->active_mm = mm;
	pgtable_switch(old_active, mm);
	irq_restore(flags);
	task_unlock(t);
	if (old)
		mmput(old);
	else if (old_active)
		mmdrop(old_active);		/* a kernel thread that had borrowed it */
}

/* What execve(2) lists as reset, beyond the address space. */
static void reset_task(struct linux_binprm *bprm)
{
	struct task_struct *t = current;
	const char *name = strrchr(bprm->filename, '/');

	t->flags &= ~(PF_RANDOMIZE | PF_FORKNOEXEC | PF_KTHREAD | PF_NO_SETAFFINITY);
	t->personality &= ~bprm->per_clear;
	flush_thread();
	do_close_on_exec(t->files);
	exit_itimers(t);
	t->sas_ss_sp = t->sas_ss_size = 0;
	t->sas_ss_flags = SS_DISABLE;
	t->clear_child_tid = t->set_child_tid = NULL;
	t->rseq = NULL;
	t->rseq_sig = 0;
	t->restart_block.fn = NULL;
	set_task_comm(t, name ? name + 1 : bprm->filename);
	if (bprm->secureexec) {
		t->pdeath_signal = 0;
		bprm->rlim_stack = min(bprm->rlim_stack, (unsigned long)_STK_LIM);
	}
}

/* A program that its user may not read, or that he runs with other ids than his own, may not be dumped or traced. */
static void set_exec_dumpable(struct linux_binprm *bprm)
{
	bool readable = !inode_permission(file_inode(bprm->file), MAY_READ) &&
			(!bprm->executable || !inode_permission(file_inode(bprm->executable), MAY_READ));
	const struct cred *c = current_cred();

	bprm->dumpable = readable && c->euid == c->uid && c->egid == c->gid ? SUID_DUMP_USER : suid_dumpable;
	/* Of one that may gain commit_exec_creds() knows more; until then nobody looks into it. */
	set_dumpable(bprm->mm, bprm->secureexec ? suid_dumpable : bprm->dumpable);
}

/* The interpreter finds the program it runs as descriptor bprm->execfd. */
static int install_execfd(struct linux_binprm *bprm)
{
	bprm->execfd = get_unused_fd_flags(0);
	if (bprm->execfd < 0)
		return bprm->execfd;
	fd_install(bprm->execfd, bprm->executable);
	bprm->executable = NULL;
	return 0;
}

int begin_new_exec(struct linux_binprm *bprm)
{
	struct task_struct *t = current;
	int err;

	err = prepare_exec_creds(bprm);
	if (err)
		return err;
	bprm->point_of_no_return = true;
	err = de_thread(t);
	if (!err)
		err = unshare_files();
	if (!err)
		err = unshare_sighand(t);
	if (err)
		return err;
	set_mm_exe_file(bprm->mm, bprm->file);
	set_exec_dumpable(bprm);		/* before anybody can look into it */
	exec_mmap(bprm->mm);
	arch_set_user_abi(bprm->abi);
	reset_task(bprm);
	bprm->mm = NULL;			/* it lives and dies with current now */
	spin_lock_irq(&t->sighand->siglock);
	flush_signal_handlers(t, false);
	spin_unlock_irq(&t->sighand->siglock);
	commit_exec_creds(bprm);
	return bprm->have_execfd ? install_execfd(bprm) : 0;
}

/* Where mappings go: below the largest stack, at a random distance, or bottom up for old personalities. */
void setup_new_exec(struct linux_binprm *bprm)
{
	const struct user_abi *abi = bprm->abi;
	struct mm_struct *mm = current->mm;
	unsigned long gap = bprm->rlim_stack, rnd = 0;

	mm->task_size = abi->task_size;
	if (!(current->personality & ADDR_NO_RANDOMIZE))
		current->flags |= PF_RANDOMIZE;
	if (current->flags & PF_RANDOMIZE)
		rnd = (get_random_long() & ((1UL << abi->mmap_rnd_bits) - 1)) << PAGE_SHIFT;
	mm->mmap_legacy_base = abi->unmapped_base + rnd;
	if ((current->personality & ADDR_COMPAT_LAYOUT) || gap == RLIM_INFINITY || sysctl_legacy_va_layout) {
		mm->mmap_base = mm->mmap_legacy_base;
		return;
	}
	gap += abi->stack_rnd_pages << PAGE_SHIFT;
	gap = clamp(gap, 128UL << 20, abi->task_size / 6 * 5);
	mm->mmap_base = (abi->stack_top - gap - rnd) & PAGE_MASK;
}

/* ---- trying the formats ---------------------------------------------------------------------- */

static int read_head(struct linux_binprm *bprm)
{
	loff_t pos = 0;
	ssize_t n;

	memset(bprm->buf, 0, sizeof(bprm->buf));
	n = kernel_read(bprm->file, bprm->buf, sizeof(bprm->buf), &pos);
	return n < 0 ? n : 0;
}

int bprm_change_interp(const char *interp, struct linux_binprm *bprm)
{
	char *copy = kstrdup(interp, GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	kfree(bprm->interp_alloc);
	bprm->interp = bprm->interp_alloc = copy;
	return 0;
}

/* -ENOEXEC: two programs of a chain would have to be kept open. */
static int go_on_with_interpreter(struct linux_binprm *bprm)
{
	struct file *old = bprm->file;

	bprm->file = bprm->interpreter;
	bprm->interpreter = NULL;
	allow_write_access(old);
	if (bprm->have_execfd && !bprm->executable) {
		bprm->executable = old;
		return 0;
	}
	fput(old);
	return bprm->have_execfd ? -ENOEXEC : 0;
}

static int search_binary_handler(struct linux_binprm *bprm)
{
	struct linux_binfmt *fmt;
	int depth, err;

	for (depth = 0;; depth++) {
		if (depth > MAX_FORMAT_DEPTH)
			return -ELOOP;
		err = read_head(bprm);
		if (err)
			return err;
		err = -ENOEXEC;
		list_for_each_entry(fmt, &formats, list) {
			err = fmt->load_binary(bprm);
			if (err != -ENOEXEC || bprm->point_of_no_return)
				break;
		}
		if (err || !bprm->interpreter)
			return err;
		err = go_on_with_interpreter(bprm);
		if (err)
			return err;
	}
}

/* ---- opening --------------------------------------------------------------------------------- */

/* Open a program: regular, executable, on a mount that allows it, and not written while it is open. */
struct file *do_open_execat(int dfd, const char *name, int flags)
{
	struct open_flags op = {
		.open_flag = O_LARGEFILE | O_RDONLY, .acc_mode = MAY_EXEC,
		.intent = LOOKUP_OPEN, .lookup_flags = LOOKUP_FOLLOW,
	};
	struct file *file;
	int err = -EACCES;

	if (flags & AT_SYMLINK_NOFOLLOW)
		op.lookup_flags &= ~LOOKUP_FOLLOW;
	if (flags & AT_EMPTY_PATH)
		op.lookup_flags |= LOOKUP_EMPTY;
	file = do_filp_open(dfd, name, &op);
	if (IS_ERR(file))
		return file;
	if (S_ISREG(file_inode(file)->i_mode) && !(file->f_path.mnt->mnt_flags & MNT_NOEXEC))
		err = deny_write_access(file);
	if (err) {
		fput(file);
		return ERR_PTR(err);
	}
	return file;
}

/* ---- from the call to the formats ------------------------------------------------------------ */

/* Who else has our root and cwd? Set-id bits do not count if it is somebody outside the group. */
static void check_unsafe_exec(struct linux_binprm *bprm)
{
	struct fs_struct *fs = current->fs;
	struct task_struct *t;
	int n = 0;

	if (current->no_new_privs)
		bprm->unsafe |= LSM_UNSAFE_NO_NEW_PRIVS;
	read_lock(&tasklist_lock);
	for_each_thread(current, t)
		n += t->fs == fs;
	if (ptrace_exec_unsafe())
		bprm->unsafe |= LSM_UNSAFE_PTRACE;
	read_unlock(&tasklist_lock);
	spin_lock(&fs->lock);
	if (fs->users > n)
		bprm->unsafe |= LSM_UNSAFE_SHARE;
	else
		fs->in_exec = 1;		/* no clone(CLONE_FS) until we are through */
	spin_unlock(&fs->lock);
}

static void free_bprm(struct linux_binprm *bprm)
{
	if (bprm->mm)
		mmput(bprm->mm);
	free_string_pages(bprm);
	if (bprm->cred)
		abort_creds(bprm->cred);
	if (bprm->file) {
		allow_write_access(bprm->file);
		fput(bprm->file);
	}
	if (bprm->executable)
		fput(bprm->executable);
	kfree(bprm->interp_alloc);
	kfree(bprm->fdpath);
	kfree(bprm);
}

/* What execveat calls a program that was named by a descriptor: a path an interpreter could open. */
static int name_by_fd(struct linux_binprm *bprm, int fd, const char *filename)
{
	bprm->fdpath = *filename ? kasprintf(GFP_KERNEL, "/dev/fd/%d/%s", fd, filename) :
		       kasprintf(GFP_KERNEL, "/dev/fd/%d", fd);
	if (!bprm->fdpath)
		return -ENOMEM;
	bprm->path_inaccessible = get_close_on_exec(fd);
	bprm->filename = bprm->fdpath;
	return 0;
}

static struct linux_binprm *alloc_bprm(int fd, const char *filename)
{
	struct linux_binprm *bprm = kzalloc(sizeof(*bprm), GFP_KERNEL);
	int err = -ENOMEM;

	if (!bprm)
		return ERR_PTR(-ENOMEM);
	bprm->pages = bprm->inline_pages;
	bprm->max_pages = BINPRM_INLINE_PAGES;
	bprm->used = sizeof(void *);		/* a zero word ends the stack */
	bprm->filename = filename;
	bprm->rlim_stack = rlimit(RLIMIT_STACK);
	if (fd != AT_FDCWD && *filename != '/') {
		err = name_by_fd(bprm, fd, filename);
		if (err)
			goto free;
	}
	bprm->interp = bprm->filename;
	bprm->mm = mm_alloc();
	if (bprm->mm)
		return bprm;
	err = -ENOMEM;
free:
	free_bprm(bprm);
	return ERR_PTR(err);
}

static int bprm_copy_all(struct linux_binprm *bprm, const struct arg_list *argv, const struct arg_list *envp)
{
	int err;

	bprm->argc = count_strings(argv);
	if (bprm->argc < 0)
		return bprm->argc;
	bprm->envc = count_strings(envp);
	if (bprm->envc < 0)
		return bprm->envc;
	err = bprm_stack_limits(bprm);
	if (err)
		return err;
	err = copy_string_kernel(bprm->filename, bprm);
	bprm->exec_off = bprm->used;
	if (!err)
		err = copy_strings(bprm->envc, envp, bprm);
	bprm->env_off = bprm->used;
	if (!err)
		err = copy_strings(bprm->argc, argv, bprm);
	if (!err && !bprm->argc) {		/* programs rely on argv[0] */
		err = copy_string_kernel("", bprm);
		bprm->argc = 1;
	}
	return err;
}

static int bprm_execve(struct linux_binprm *bprm, int fd, const char *filename, int flags)
{
	struct file *file = do_open_execat(fd, filename, flags);
	unsigned long old_pid;
	int err;

	if (IS_ERR(file))
		return PTR_ERR(file);
	bprm->file = file;
	old_pid = pid_vnr(current->thread_pid);	/* de_thread() may change it */
	check_unsafe_exec(bprm);
	current->in_execve = 1;
	sched_exec();			/* the cheapest moment to move: nothing is cached yet */
	err = search_binary_handler(bprm);
	current->in_execve = 0;
	spin_lock(&current->fs->lock);
	current->fs->in_exec = 0;
	spin_unlock(&current->fs->lock);
	if (!err)
		ptrace_event(PTRACE_EVENT_EXEC, old_pid);
	if (err && bprm->point_of_no_return && !fatal_signal_pending(current))
		force_exit_sig(SIGSEGV);
	return err;
}

static int do_execveat(int fd, const char *filename, const struct arg_list *argv, const struct arg_list *envp,
		       int flags)
{
	struct linux_binprm *bprm;
	int err;

	/* set*uid() past the limit succeeds, so that it is the exec which fails. */
	if ((current->flags & PF_NPROC_EXCEEDED) &&
	    (unsigned long)atomic_read(&current_cred()->user->processes) > rlimit(RLIMIT_NPROC))
		return -EAGAIN;
	current->flags &= ~PF_NPROC_EXCEEDED;
	bprm = alloc_bprm(fd, filename);
	if (IS_ERR(bprm))
		return PTR_ERR(bprm);
	err = bprm_copy_all(bprm, argv, envp);
	if (!err)
		err = bprm_execve(bprm, fd, filename, flags);
	free_bprm(bprm);
	return err;
}

long sys_execveat(int dfd, const char __user *uname, const char __user *const __user *uargv,
		  const char __user *const __user *uenvp, int flags)
{
	struct arg_list argv = { .user = uargv }, envp = { .user = uenvp };
	struct pathname name;
	int err;

	err = pathname_get(&name, uname, flags & AT_EMPTY_PATH ? LOOKUP_EMPTY : 0);
	if (err)
		return err;
	if (flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH))
		err = -EINVAL;
	else
		err = do_execveat(dfd, name.name, &argv, &envp, flags);
	pathname_put(&name);
	return err;
}

long sys_execve(const char __user *name, const char __user *const __user *argv,
		const char __user *const __user *envp)
{
	return sys_execveat(AT_FDCWD, name, argv, envp, 0);
}

int kernel_execve(const char *filename, const char *const *kargv, const char *const *kenvp)
{
	struct arg_list argv = { .kernel = kargv }, envp = { .kernel = kenvp };

	return do_execveat(AT_FDCWD, filename, &argv, &envp, 0);
}
