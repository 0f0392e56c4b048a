// SPDX-License-Identifier: GPL-2.0-only
/*
 * ptrace(2): what a tracer asks of a stopped tracee.
 *
 * For the time of a request the tracee is frozen in its stop (JOBCTL_PTRACE_FROZEN): not even SIGKILL lets it
 * go before, so its registers hold still.  A SIGKILL that came meanwhile counts when it is thawed.
 *
 * Locking: siglock of the tracee for jobctl, siginfo and masks; nobody but its tracer changes task->ptrace of
 * a frozen task.
 */
#include <kernel/ptrace.h>

#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/seccomp.h>
#include <kernel/signal_internal.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* ---- freeze, thaw, resume -------------------------------------------------------------------- */

static bool freeze_tracee(struct task_struct *t)
{
	bool frozen = false;

	spin_lock_irq(&t->sighand->siglock);
	if ((t->jobctl & (JOBCTL_TRACED | JOBCTL_LISTENING)) == JOBCTL_TRACED && !fatal_signal_pending(t)) {
		t->jobctl |= JOBCTL_PTRACE_FROZEN;
		frozen = true;
	}
	spin_unlock_irq(&t->sighand->siglock);
	return frozen;
}

static void thaw_tracee(struct task_struct *t)
{
	unsigned long flags;

	if (!lock_task_sighand(t, &flags))
		return;
	t->jobctl &= ~JOBCTL_PTRACE_FROZEN;
	if (fatal_signal_pending(t))
		ptrace_wake_up(t, t->jobctl & JOBCTL_TRACED);
	unlock_task_sighand(t, &flags);
}

/* Is @t ours to command? Unless @running will do it is frozen, and off its CPU, afterwards. */
static int check_tracee(struct task_struct *t, bool running)
{
	int err = -ESRCH;

	read_lock(&tasklist_lock);
	if (t->ptrace && t->parent == current && (running || freeze_tracee(t)))
		err = 0;
	read_unlock(&tasklist_lock);
	if (!err && !running)
		wait_task_inactive(t);
	return err;
}

static int set_stepping(struct task_struct *t, bool step)
{
	if (step)
		return single_step_enable(t);
	single_step_disable(t);
	return 0;
}

static void set_flag_to(struct task_struct *t, int flag, bool on)
{
	if (on)
		set_task_flag(t, flag);
	else
		clear_task_flag(t, flag);
}

int ptrace_resume(struct task_struct *t, unsigned int how, unsigned long sig)
{
	int err;

	if (!valid_signal(sig))
		return -EIO;
	err = set_stepping(t, how & PTRACE_RESUME_STEP);
	if (err)
		return err;
	set_flag_to(t, TIF_SYSCALL_TRACE, how & PTRACE_RESUME_SYSCALL);
	set_flag_to(t, TIF_SYSCALL_EMU, how & PTRACE_RESUME_EMULATE);
	spin_lock_irq(&t->sighand->siglock);
	t->exit_code = sig;
	t->jobctl &= ~(JOBCTL_TRACED | JOBCTL_PTRACE_FROZEN);
	wake_up_state(t, __TASK_TRACED);
	spin_unlock_irq(&t->sighand->siglock);
	return 0;
}

static int detach_tracee(struct task_struct *t, unsigned long sig)
{
	if (!valid_signal(sig))
		return -EIO;
	single_step_disable(t);
	write_lock_irq(&tasklist_lock);
	t->exit_code = sig;
	t->jobctl &= ~JOBCTL_PTRACE_FROZEN;
	ptrace_detach_locked(current, t);	/* false: a frozen task is no zombie */
	write_unlock_irq(&tasklist_lock);
	return 0;
}

/* Seized tracees only: stop wherever it is, without a signal. */
static int interrupt_tracee(struct task_struct *t)
{
	unsigned long flags;

	if (!(t->ptrace & PT_SEIZED) || !lock_task_sighand(t, &flags))
		return -EIO;
	if (task_set_jobctl_pending(t, JOBCTL_TRAP_STOP))
		ptrace_wake_up(t, t->jobctl & JOBCTL_LISTENING);
	unlock_task_sighand(t, &flags);
	return 0;
}

/* Stay in the group stop, but report what comes: SIGCONT for instance. */
static int listen_to_tracee(struct task_struct *t)
{
	int err = -EIO;

	if (!(t->ptrace & PT_SEIZED))
		return -EIO;
	spin_lock_irq(&t->sighand->siglock);
	if (t->last_siginfo && t->last_siginfo->si_code >> 8 == PTRACE_EVENT_STOP) {
		t->jobctl |= JOBCTL_LISTENING;
		if (t->jobctl & JOBCTL_TRAP_NOTIFY)	/* it came before we listened */
			ptrace_wake_up(t, true);
		err = 0;
	}
	spin_unlock_irq(&t->sighand->siglock);
	return err;
}

/* ---- memory, registers ----------------------------------------------------------------------- */

/* A word of the tracer's size: little-endian, so its bytes are the low ones. */
static int peek_word(struct task_struct *t, unsigned long addr, void __user *to)
{
	unsigned long word = 0;
	int size = user_word_size();

	if (access_process_vm(t, addr, &word, size, FOLL_FORCE) != size)
		return -EIO;
	return put_user_word(word, to);
}

static int poke_word(struct task_struct *t, unsigned long addr, unsigned long word)
{
	int size = user_word_size();

	return access_process_vm(t, addr, &word, size, FOLL_FORCE | FOLL_WRITE) == size ? 0 : -EIO;
}

static const struct user_regset *find_regset(const struct task_struct *t, unsigned int type)
{
	const struct user_regset_view *view = arch_regset_view(t);

	for (unsigned int i = 0; i < view->n; i++)
		if (view->sets[i].note_type == type)
			return &view->sets[i];
	return NULL;
}

static int copy_regset(struct task_struct *t, const struct user_regset *set, struct iovec *iov, bool write)
{
	void *buf;
	int err;

	if (write && !set->set)
		return -EOPNOTSUPP;
	iov->iov_len = min_t(size_t, iov->iov_len, set->n * set->size);
	if (!iov->iov_len)
		return 0;
	buf = kmalloc(iov->iov_len, GFP_KERNEL);
	if (!buf)
		return -ENOMEM;
	if (write)
		err = copy_from_user(buf, (const void __user *)iov->iov_base, iov->iov_len) ? -EFAULT :
		      set->set(t, buf, 0, iov->iov_len);
	else
		err = set->get(t, buf, 0, iov->iov_len);
	if (!err && !write && copy_to_user((void __user *)iov->iov_base, buf, iov->iov_len))
		err = -EFAULT;
	kfree(buf);
	return err;
}

static int ptrace_regset(struct task_struct *t, unsigned int type, struct iovec __user *uiov, bool write)
{
	const struct user_regset *set = find_regset(t, type);
	struct iovec iov;
	int err;

	if (copy_iovec_from_user(&iov, uiov, 1))
		return -EFAULT;
	if (!set || iov.iov_len % set->size)
		return -EINVAL;
	err = copy_regset(t, set, &iov, write);
	return err ? err : put_user_word(iov.iov_len, (char __user *)uiov + user_word_size());
}

/* ---- signals --------------------------------------------------------------------------------- */

static int get_stop_info(struct task_struct *t, siginfo_t __user *to)
{
	siginfo_t info;
	int err = -EINVAL;

	spin_lock_irq(&t->sighand->siglock);
	if (t->last_siginfo) {
		info = *t->last_siginfo;
		err = 0;
	}
	spin_unlock_irq(&t->sighand->siglock);
	return err ? err : copy_siginfo_to_user(to, &info);
}

static int set_stop_info(struct task_struct *t, const siginfo_t __user *from)
{
	siginfo_t info;
	int err = copy_siginfo_from_user(&info, from, 0);

	if (err)
		return err;
	err = -EINVAL;
	spin_lock_irq(&t->sighand->siglock);
	if (t->last_siginfo) {
		*t->last_siginfo = info;
		err = 0;
	}
	spin_unlock_irq(&t->sighand->siglock);
	return err;
}

/* The @nr'th queued signal; false: there are not so many. */
static bool peek_queued(struct task_struct *t, struct sigpending *pending, u64 nr, siginfo_t *info)
{
	struct sigqueue *q;
	bool found = false;

	spin_lock_irq(&t->sighand->siglock);
	list_for_each_entry(q, &pending->list, list) {
		if (!nr--) {
			*info = q->info;
			found = true;
			break;
		}
	}
	spin_unlock_irq(&t->sighand->siglock);
	return found;
}

static int peek_siginfo(struct task_struct *t, const struct ptrace_peeksiginfo_args __user *uargs,
			siginfo_t __user *to)
{
	struct ptrace_peeksiginfo_args args;
	struct sigpending *pending;
	siginfo_t info;
	int i;

	if (copy_from_user(&args, uargs, sizeof(args)))
		return -EFAULT;
	if ((args.flags & ~PTRACE_PEEKSIGINFO_SHARED) || args.nr < 0)
		return -EINVAL;
	pending = args.flags & PTRACE_PEEKSIGINFO_SHARED ? &t->signal->shared_pending : &t->pending;
	for (i = 0; i < args.nr && peek_queued(t, pending, args.off + i, &info); i++) {
		if (copy_siginfo_to_user(to + i, &info))
			return i ? i : -EFAULT;
		if (signal_pending(current))
			return i + 1;
		cond_resched();
	}
	return i;
}

static int get_sigmask(struct task_struct *t, unsigned long size, void __user *to)
{
	ksigset_t mask = test_task_flag(t, TIF_RESTORE_SIGMASK) ? t->saved_sigmask : t->blocked;

	if (size != sizeof(mask))
		return -EINVAL;
	return copy_to_user(to, &mask, sizeof(mask)) ? -EFAULT : 0;
}

static int set_sigmask(struct task_struct *t, unsigned long size, const void __user *from)
{
	ksigset_t mask;

	if (size != sizeof(mask))
		return -EINVAL;
	if (copy_from_user(&mask, from, sizeof(mask)))
		return -EFAULT;
	spin_lock_irq(&t->sighand->siglock);
	t->blocked = mask & ~KERNEL_ONLY_SIGNALS;	/* it looks for signals again when it goes on */
	spin_unlock_irq(&t->sighand->siglock);
	clear_task_flag(t, TIF_RESTORE_SIGMASK);
	return 0;
}

/* ---- system calls ---------------------------------------------------------------------------- */

/* Which kind of system-call stop is it? The union's part is filled; returns the size that is valid. */
static size_t fill_syscall_info(struct task_struct *t, struct ptrace_syscall_info *info)
{
	const struct pt_regs *regs = task_pt_regs(t);
	int code = t->last_siginfo ? t->last_siginfo->si_code : 0;
	unsigned long args[6];
	long ret = syscall_return_value(regs);

	info->op = PTRACE_SYSCALL_INFO_NONE;
	if (code == (SIGTRAP | 0x80) && t->ptrace_message == PTRACE_EVENTMSG_SYSCALL_EXIT) {
		info->op = PTRACE_SYSCALL_INFO_EXIT;
		info->exit.is_error = IS_ERR_VALUE(ret);
		info->exit.rval = ret;
		return offsetofend(struct ptrace_syscall_info, exit.is_error);
	}
	if (code == (SIGTRAP | 0x80) && t->ptrace_message == PTRACE_EVENTMSG_SYSCALL_ENTRY)
		info->op = PTRACE_SYSCALL_INFO_ENTRY;
	else if (code == (SIGTRAP | PTRACE_EVENT_SECCOMP << 8))
		info->op = PTRACE_SYSCALL_INFO_SECCOMP;
	else
		return offsetof(struct ptrace_syscall_info, entry);
	syscall_args(regs, args);
	info->entry.nr = syscall_nr(regs);
	for (int i = 0; i < 6; i++)
		info->entry.args[i] = args[i];
	if (info->op == PTRACE_SYSCALL_INFO_ENTRY)
		return offsetofend(struct ptrace_syscall_info, entry.args);
	info->seccomp.ret_data = t->ptrace_message;
	return offsetofend(struct ptrace_syscall_info, seccomp.ret_data);
}
static_assert(offsetof(struct ptrace_syscall_info, entry.args) ==
	      offsetof(struct ptrace_syscall_info, seccomp.args));

static int get_syscall_info(struct task_struct *t, unsigned long size, void __user *to)
{
	struct ptrace_syscall_info info;
	size_t valid;

	memset(&info, 0, sizeof(info));
	info.arch = arch_audit_arch(t);
	info.instruction_pointer = instruction_pointer(task_pt_regs(t));
	info.stack_pointer = user_stack_pointer(task_pt_regs(t));
	valid = fill_syscall_info(t, &info);
	if (copy_to_user(to, &info, min_t(size_t, valid, size)))
		return -EFAULT;
	return valid;
}

static long get_rseq_configuration(struct task_struct *t, unsigned long size, void __user *to)
{
	struct ptrace_rseq_configuration conf = {
		.rseq_abi_pointer = (unsigned long)t->rseq, .rseq_abi_size = sizeof(*t->rseq), .signature = t->rseq_sig,
	};

	if (copy_to_user(to, &conf, min_t(unsigned long, size, sizeof(conf))))
		return -EFAULT;
	return sizeof(conf);
}

/* ---- the call -------------------------------------------------------------------------------- */

int ptrace_set_options(struct task_struct *t, unsigned long options)
{
	int err = ptrace_check_options(options);

	if (!err) {
		spin_lock_irq(&t->sighand->siglock);
		t->ptrace = (t->ptrace & (PT_PTRACED | PT_SEIZED)) | PT_OPTION(options);
		spin_unlock_irq(&t->sighand->siglock);
	}
	return err;
}

static long request_info(struct task_struct *t, long request, unsigned long addr, unsigned long data)
{
	void __user *udata = (void __user *)data;

	switch (request) {
	case PTRACE_GETEVENTMSG:
		return put_user_word(t->ptrace_message, udata);
	case PTRACE_GETSIGINFO:
		return get_stop_info(t, udata);
	case PTRACE_SETSIGINFO:
		return set_stop_info(t, udata);
	case PTRACE_PEEKSIGINFO:
		return peek_siginfo(t, (const void __user *)addr, udata);
	case PTRACE_GETSIGMASK:
		return get_sigmask(t, addr, udata);
	case PTRACE_SETSIGMASK:
		return set_sigmask(t, addr, udata);
	case PTRACE_GET_SYSCALL_INFO:
		return get_syscall_info(t, addr, udata);
	case PTRACE_SECCOMP_GET_FILTER:
		return seccomp_get_filter(t, addr, udata);
	case PTRACE_SECCOMP_GET_METADATA:
		return seccomp_get_metadata(t, addr, udata);
	case PTRACE_GET_RSEQ_CONFIGURATION:
		return get_rseq_configuration(t, addr, udata);
	}
	return arch_ptrace(t, request, addr, data);
}

static long ptrace_request(struct task_struct *t, long request, unsigned long addr, unsigned long data)
{
	void __user *udata = (void __user *)data;

	switch (request) {
	case PTRACE_PEEKTEXT:
	case PTRACE_PEEKDATA:
		return peek_word(t, addr, udata);
	case PTRACE_POKETEXT:
	case PTRACE_POKEDATA:
		return poke_word(t, addr, data);
	case PTRACE_GETREGSET:
	case PTRACE_SETREGSET:
		return ptrace_regset(t, addr, udata, request == PTRACE_SETREGSET);
	case PTRACE_SETOPTIONS:
		return ptrace_set_options(t, data);
	case PTRACE_CONT:
		return ptrace_resume(t, 0, data);
	case PTRACE_SYSCALL:
		return ptrace_resume(t, PTRACE_RESUME_SYSCALL, data);
	case PTRACE_SINGLESTEP:
		return ptrace_resume(t, PTRACE_RESUME_STEP, data);
	case PTRACE_DETACH:
		return detach_tracee(t, data);
	case PTRACE_INTERRUPT:
		return interrupt_tracee(t);
	case PTRACE_LISTEN:
		return listen_to_tracee(t);
	case PTRACE_KILL:
		send_sig(SIGKILL, t, 0);
		return 0;
	}
	return request_info(t, request, addr, data);
}

long sys_ptrace(long request, long nr, unsigned long addr, unsigned long data)
{
	bool running = request == PTRACE_KILL || request == PTRACE_INTERRUPT;
	struct task_struct *t;
	long ret;

	if (request == PTRACE_TRACEME)
		return ptrace_traceme();
	t = find_get_task_by_vpid(nr);
	if (!t)
		return -ESRCH;
	if (request == PTRACE_ATTACH || request == PTRACE_SEIZE) {
		ret = ptrace_attach(t, request == PTRACE_SEIZE, addr, data);
		goto out;
	}
	ret = check_tracee(t, running);
	if (ret)
		goto out;
	ret = ptrace_request(t, request, addr, data);
	if (!running && (ret || request != PTRACE_DETACH))
		thaw_tracee(t);
out:
	put_task_struct(t);
	return ret;
}
