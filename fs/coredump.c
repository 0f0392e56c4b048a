// SPDX-License-Identifier: GPL-2.0-only
/*
 * Core dumps: whether there is one, the other threads, and the file or pipe that it goes to.
 *
 * The thread whose signal it is marks the group as exiting, as do_group_exit() does, and kills the others; they
 * wait in coredump_join(), their registers at rest, until it has written the dump.  The address space stays.  A
 * SIGKILL ends the dump: it is pending for the dumper then (complete_signal()), and nothing more is written.
 *
 * Who may see it: a process that is not dumpable leaves nothing, one with SUID_DUMP_ROOT a file of root's.  An
 * existing file is never written into: somebody may have it open, or it may have other names.
 *
 * Locking: siglock for core_state and what hangs on it.
 */
#include <fs/coredump.h>

#include <fs/file.h>
#include <fs/fs_struct.h>
#include <fs/internal.h>
#include <fs/pipe_fs_i.h>
#include <kernel/compat.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/signal.h>
#include <kernel/umh.h>
#include <mm/mm.h>
#include <asm/elf.h>

int core_pipe_limit, suid_dumpable;
static atomic_t pipe_dumps = ATOMIC_INIT(0);	/* processes that are being dumped to programs */

static void complain(const char *what)
{
	pr_warn("Core dump of %d(%s): %s\n", current->tgid, current->comm, what);
}

/* ---- the other threads ----------------------------------------------------------------------- */

/* Kill the others and mark the group. false: it dies already, or an exec is ending it. siglock held. */
static bool stop_group(struct core_state *state, int sig)
{
	struct signal_struct *s = current->signal;
	struct task_struct *t;

	if ((s->flags & SIGNAL_GROUP_EXIT) || s->group_exec_task)
		return false;
	s->core_state = state;
	s->flags = SIGNAL_GROUP_EXIT;
	s->group_exit_code = sig;
	zap_other_threads(current);
	for_each_thread(current, t)
		if (t != current && !(t->flags & PF_EXITING))
			state->missing++;
	clear_task_flag(current, TIF_SIGPENDING);	/* only a SIGKILL is to end the writing */
	current->flags |= PF_DUMPCORE;
	return true;
}

static bool coredump_begin(struct core_state *state, int sig)
{
	struct core_thread *thread;
	bool begun, wait;

	INIT_LIST_HEAD(&state->threads);
	state->missing = 0;
	init_completion(&state->all_stopped);
	spin_lock_irq(&current->sighand->siglock);
	begun = stop_group(state, sig);
	wait = state->missing;
	spin_unlock_irq(&current->sighand->siglock);
	if (!begun)
		return false;
	if (wait)
		wait_for_completion(&state->all_stopped);
	list_for_each_entry(thread, &state->threads, entry)
		wait_task_inactive(thread->task);	/* their registers are in memory then */
	return true;
}

static void coredump_finish(struct core_state *state, bool dumped)
{
	struct core_thread *thread, *next;

	spin_lock_irq(&current->sighand->siglock);
	if (dumped && !fatal_signal_pending(current))
		current->signal->group_exit_code |= 0x80;
	current->signal->core_state = NULL;
	list_for_each_entry_safe(thread, next, &state->threads, entry) {
		struct task_struct *t = thread->task;

		thread->task = NULL;		/* it may return, and its stack be gone, once we unlock */
		wake_up_process(t);
	}
	spin_unlock_irq(&current->sighand->siglock);
}

void coredump_leave(struct core_state *state)
{
	if (!--state->missing)
		complete(&state->all_stopped);
}

void coredump_join(struct task_struct *t)
{
	spinlock_t *siglock = &t->sighand->siglock;
	struct core_thread self = { .task = t };

	spin_lock_irq(siglock);
	if (!t->signal->core_state || !(t->flags & PF_SIGNALED)) {	/* exit(2) called: see exit_signals() */
		spin_unlock_irq(siglock);
		return;
	}
	list_add_tail(&self.entry, &t->signal->core_state->threads);
	coredump_leave(t->signal->core_state);
	while (self.task) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		spin_unlock_irq(siglock);
		schedule();
		spin_lock_irq(siglock);
	}
	spin_unlock_irq(siglock);
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool dump_write(struct core_dump *dump, const void *data, size_t n)
{
	loff_t pos = dump->pos;

	if (dump->written + n > dump->limit || fatal_signal_pending(current) ||
	    kernel_write(dump->file, data, n, &pos) != (ssize_t)n)
		return false;
	dump->pos += n;
	dump->written += n;
	return true;
}

/* A file gets a hole; a pipe gets zeros. */
static bool dump_hole(struct core_dump *dump)
{
	loff_t n = dump->hole;

	dump->hole = 0;
	if (dump->file->f_mode & FMODE_LSEEK) {
		dump->pos += n;
		return !fatal_signal_pending(current);
	}
	while (n) {
		size_t now = min_t(loff_t, n, PAGE_SIZE);

		if (!dump_write(dump, page_address(phys_to_page(zero_page_pa)), now))
			return false;
		n -= now;
	}
	return true;
}

bool dump_emit(struct core_dump *dump, const void *data, size_t n)
{
	return dump_hole(dump) && dump_write(dump, data, n);
}

void dump_skip(struct core_dump *dump, size_t n)
{
	dump->hole += n;
}

/* A hole at the end: the file is to be as long as its headers say. */
static void dump_trailing_hole(struct core_dump *dump)
{
	if (dump->hole) {
		dump->hole--;
		dump_emit(dump, "", 1);
	}
}

/* ---- to a file ------------------------------------------------------------------------------- */

/* Root's dump is opened from the first root: the process may have chosen the one it runs in. */
static struct file *open_new(const char *name, bool for_root)
{
	struct open_flags op = {
		.open_flag = O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW | O_LARGEFILE, .mode = S_IFREG | 0600,
		.acc_mode = MAY_WRITE, .intent = LOOKUP_OPEN | LOOKUP_CREATE | LOOKUP_EXCL,
	};
	struct file *file;
	struct path root;

	if (!for_root)
		return filp_open(name, op.open_flag, 0600);
	get_fs_root(init_task.fs, &root);
	file = do_file_open_root(&root, name, &op);
	path_put(&root);
	return file;
}

/* Is it really a new file of ours? */
static bool good_core_file(const struct file *file)
{
	const struct inode *inode = file_inode(file);

	return inode->i_nlink <= 1 && !d_unhashed(file->f_path.dentry) && S_ISREG(inode->i_mode) &&
	       inode->i_uid == current_fsuid() && (inode->i_mode & 0677) == 0600;
}

static bool open_core_file(struct core_dump *dump, const char *name)
{
	bool for_root = dump->dumpable == SUID_DUMP_ROOT;
	struct file *file;

	if (dump->limit < ELF_EXEC_PAGESIZE)
		return false;
	if (for_root && name[0] != '/') {
		complain("only to an absolute path, since it is not its user's");
		return false;
	}
	if (!for_root)
		do_unlink(AT_FDCWD, name);
	file = open_new(name, for_root);
	if (IS_ERR(file))
		return false;
	dump->file = file;
	return good_core_file(file) && !do_truncate(file->f_path.dentry, 0, 0, file);
}

/* ---- to a program ---------------------------------------------------------------------------- */

/* In the program's process: the pipe becomes its standard input, and it must not dump core itself. */
static int connect_pipe(void *data)
{
	struct core_dump *dump = data;
	struct file *ends[2];
	int err = create_pipe_files(ends, 0);

	if (err)
		return err;
	err = replace_fd(0, ends[0], 0);
	fput(ends[0]);
	if (err < 0) {
		fput(ends[1]);
		return err;
	}
	dump->file = ends[1];
	current->signal->rlim[RLIMIT_CORE] = (struct rlimit){ 1, 1 };
	return 0;
}

static bool open_core_pipe(struct core_dump *dump, const struct core_name *name)
{
	int err;

	if (!name->argc)
		return false;
	if (dump->limit == 1) {			/* the program above, or one of its children */
		complain("RLIMIT_CORE is 1, aborting");
		return false;
	}
	dump->limit = RLIM_INFINITY;
	if (core_pipe_limit && atomic_read(&pipe_dumps) > core_pipe_limit) {
		complain("over core_pipe_limit, skipping");
		return false;
	}
	err = usermodehelper_start(name->argv, connect_pipe, dump);
	if (err)
		complain("the program of core_pattern cannot be started");
	return !err;
}

/* With a limit on them, the process stays in /proc until the program has read all it wants: closed its end. */
static void wait_for_reader(struct file *file)
{
	struct pipe_inode_info *pipe = get_pipe_info(file);

	mutex_lock(&pipe->mutex);
	pipe->readers++;			/* ourselves: no SIGPIPE, and the pipe stays */
	pipe->writers--;
	mutex_unlock(&pipe->mutex);
	pipe_wake_readers(pipe);		/* end of file */
	wake_up_all(&pipe->rd_wait);
	(void)wait_event_killable(pipe->rd_wait, READ_ONCE(pipe->readers) == 1);
	mutex_lock(&pipe->mutex);
	pipe->readers--;
	pipe->writers++;
	mutex_unlock(&pipe->mutex);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool write_core(struct core_dump *dump)
{
	bool dumped;

	if (unshare_files() || fatal_signal_pending(current))
		return false;
	dumped = is_compat_task() ? elf_core_dump32(dump) : elf_core_dump(dump);
	dump_trailing_hole(dump);
	return dumped;
}

static bool dump_to_file(struct core_dump *dump, const struct core_name *name)
{
	bool dumped = open_core_file(dump, name->text) && write_core(dump);

	if (dump->file)
		filp_close(dump->file, NULL);
	return dumped;
}

static bool dump_to_program(struct core_dump *dump, const struct core_name *name)
{
	bool dumped;

	atomic_inc(&pipe_dumps);
	dumped = open_core_pipe(dump, name) && write_core(dump);
	if (dumped && core_pipe_limit)
		wait_for_reader(dump->file);
	if (dump->file)
		filp_close(dump->file, NULL);
	atomic_dec(&pipe_dumps);
	return dumped;
}

/* The threads are stopped, the credentials are those to open files with. */
static bool dump_somewhere(struct core_dump *dump)
{
	struct core_name name;
	bool dumped;

	if (core_name_make(&name, dump))
		return false;
	dumped = name.pipe ? dump_to_program(dump, &name) : dump_to_file(dump, &name);
	core_name_free(&name);
	return dumped;
}

void do_coredump(const siginfo_t *info)
{
	struct core_state state;
	struct core_dump dump = {
		.info = info, .state = &state, .dumpable = get_dumpable(current->mm), .limit = rlimit(RLIMIT_CORE),
	};
	const struct cred *old;
	struct cred *cred;
	bool dumped;

	if (dump.dumpable == SUID_DUMP_DISABLE)
		return;
	cred = prepare_creds();
	if (!cred)
		return;
	if (dump.dumpable == SUID_DUMP_ROOT)
		cred->fsuid = 0;
	if (coredump_begin(&state, info->si_signo)) {
		old = override_creds(cred);
		dumped = dump_somewhere(&dump);
		coredump_finish(&state, dumped);
		revert_creds(old);
	}
	abort_creds(cred);
}
