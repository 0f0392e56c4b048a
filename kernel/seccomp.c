// SPDX-License-Identifier: GPL-2.0-only
/*
 * seccomp(2): strict mode, and filters in classic BPF.
 *
 * Filters form a chain from the newest to the oldest; fork shares it, so all chains of a process are one tree.
 * On each call all filters of the chain run, and the most restrictive answer counts.
 *
 * Against set-id programs: a filter needs no_new_privs or CAP_SYS_ADMIN.  SECCOMP_FILTER_FLAG_TSYNC sets
 * no_new_privs of the other threads, too; an exec under way looks again when it commits its credentials, after
 * the other threads are gone.
 *
 * Locking: siglock for seccomp_mode and seccomp_filter of all threads.
 */
#include <kernel/seccomp_internal.h>

#include <generated/syscalls.h>
#include <fs/file.h>
#include <kernel/compat.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/ptrace.h>
#include <kernel/signal.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define MAX_CHAIN_COST	32768
#define FILTER_COST	4

/* ---- life of filters ------------------------------------------------------------------------- */

/* Not recursive: a chain may be long. */
void seccomp_put_filter(struct seccomp_filter *filter)
{
	while (filter && refcount_dec_and_test(&filter->usage)) {
		struct seccomp_filter *prev = filter->prev;

		kfree(filter);
		filter = prev;
	}
}

/* A task or newer filter less that makes calls: the listener of a filter without any is told. */
static void leave_filter(struct seccomp_filter *filter)
{
	while (filter && atomic_dec_and_test(&filter->users)) {
		wake_up_poll(&filter->wait, EPOLLHUP);
		filter = filter->prev;
	}
}

void seccomp_release(struct task_struct *t)
{
	leave_filter(t->seccomp_filter);
	seccomp_put_filter(t->seccomp_filter);
}

void seccomp_inherit(struct task_struct *child)
{
	child->seccomp_mode = current->seccomp_mode;
	child->seccomp_filter = current->seccomp_filter;
	if (child->seccomp_filter) {
		refcount_inc(&child->seccomp_filter->usage);
		atomic_inc(&child->seccomp_filter->users);
	}
	set_task_flag(child, TIF_SECCOMP);
}

unsigned int seccomp_filter_count(const struct task_struct *t)
{
	return t->seccomp_filter ? t->seccomp_filter->depth : 0;
}

static void filter_init(struct seccomp_filter *filter, unsigned int len)
{
	memset(filter, 0, sizeof(*filter));
	refcount_set(&filter->usage, 1);
	atomic_set(&filter->users, 1);
	filter->len = len;
	mutex_init(&filter->notify_lock);
	INIT_LIST_HEAD(&filter->notifications);
	init_waitqueue_head(&filter->wait);
}

static int get_fprog(struct sock_fprog *prog, const struct sock_fprog __user *uprog)
{
	struct {
		u16		len;
		compat_uptr_t	filter;
	} compat;

	if (!is_compat_task())
		return copy_from_user(prog, uprog, sizeof(*prog)) ? -EFAULT : 0;
	if (copy_from_user(&compat, uprog, sizeof(compat)))
		return -EFAULT;
	*prog = (struct sock_fprog){ .len = compat.len, .filter = (void __force *)compat_ptr(compat.filter) };
	return 0;
}

static struct seccomp_filter *copy_filter(const struct sock_fprog __user *uprog)
{
	struct seccomp_filter *filter;
	struct sock_fprog prog;
	int err = -EFAULT;

	if (get_fprog(&prog, uprog))
		return ERR_PTR(-EFAULT);
	if (!prog.len || prog.len > BPF_MAXINSNS)
		return ERR_PTR(-EINVAL);
	if (!current->no_new_privs && !ns_capable(current_user_ns(), CAP_SYS_ADMIN))
		return ERR_PTR(-EACCES);
	filter = kmalloc(sizeof(*filter) + prog.len * sizeof(prog.filter[0]), GFP_KERNEL);
	if (!filter)
		return ERR_PTR(-ENOMEM);
	filter_init(filter, prog.len);
	if (!copy_from_user(filter->insns, (const void __user *)prog.filter, prog.len * sizeof(prog.filter[0])))
		err = bpf_classic_check(filter->insns, filter->len, sizeof(struct seccomp_data));
	if (!err)
		return filter;
	kfree(filter);
	return ERR_PTR(err);
}

/* ---- setting a mode -------------------------------------------------------------------------- */

static bool may_assign(int mode)
{
	return !current->seccomp_mode || current->seccomp_mode == mode;
}

/* siglock held. no_new_privs first: whoever sees the filter sees that, too. */
static void assign_mode(struct task_struct *t, int mode)
{
	WRITE_ONCE(t->seccomp_mode, mode);
	set_task_flag(t, TIF_SECCOMP);
}

static bool is_ancestor(const struct seccomp_filter *old, const struct seccomp_filter *filter)
{
	for (; filter; filter = filter->prev)
		if (filter == old)
			return true;
	return !old;
}

/* The first thread whose filters are not a part of ours; NULL: all can take ours over. siglock held. */
static struct task_struct *unsyncable_thread(void)
{
	struct task_struct *t;

	for_each_thread(current, t) {
		if (t == current || !t->seccomp_mode)
			continue;
		if (t->seccomp_mode != SECCOMP_MODE_FILTER || !is_ancestor(t->seccomp_filter, current->seccomp_filter))
			return t;
	}
	return NULL;
}

static void sync_threads(void)
{
	struct task_struct *t;

	for_each_thread(current, t) {
		if (t == current)
			continue;
		refcount_inc(&current->seccomp_filter->usage);
		atomic_inc(&current->seccomp_filter->users);
		leave_filter(t->seccomp_filter);
		seccomp_put_filter(t->seccomp_filter);
		t->seccomp_filter = current->seccomp_filter;
		if (current->no_new_privs)
			t->no_new_privs = true;
		assign_mode(t, SECCOMP_MODE_FILTER);
	}
}

/* siglock held. 0, an error, or the number of a thread that cannot follow. */
static long attach_filter(struct seccomp_filter *filter, unsigned int flags)
{
	struct seccomp_filter *prev = current->seccomp_filter;
	struct task_struct *t;

	filter->prev = prev;
	filter->depth = prev ? prev->depth + 1 : 1;
	filter->log = flags & SECCOMP_FILTER_FLAG_LOG;
	filter->wait_killable = flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	filter->cost = filter->len + (prev ? prev->cost + FILTER_COST : 0);
	if (filter->cost > MAX_CHAIN_COST)
		return -ENOMEM;
	t = flags & SECCOMP_FILTER_FLAG_TSYNC ? unsyncable_thread() : NULL;
	if (t)
		return flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH ? -ESRCH : pid_vnr(t->thread_pid);
	current->seccomp_filter = filter;
	assign_mode(current, SECCOMP_MODE_FILTER);
	if (flags & SECCOMP_FILTER_FLAG_TSYNC)
		sync_threads();
	return 0;
}

#define FILTER_FLAGS	(SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH | \
			 SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW | \
			 SECCOMP_FILTER_FLAG_NEW_LISTENER | SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)

/* A result is a listener's descriptor, or the number of a thread that could not follow: not both. */
static bool valid_flags(unsigned int flags)
{
	if (flags & ~FILTER_FLAGS)
		return false;
	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		return !(flags & SECCOMP_FILTER_FLAG_TSYNC) || (flags & SECCOMP_FILTER_FLAG_TSYNC_ESRCH);
	return !(flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV);
}

/* One listener in a chain is all there can be. siglock held. */
static bool chain_has_listener(void)
{
	const struct seccomp_filter *filter;

	for (filter = current->seccomp_filter; filter; filter = filter->prev)
		if (READ_ONCE(filter->has_listener))
			return true;
	return false;
}

static long install_filter(struct seccomp_filter *filter, unsigned int flags)
{
	long ret = -EINVAL;

	spin_lock_irq(&current->sighand->siglock);
	if (may_assign(SECCOMP_MODE_FILTER)) {
		if ((flags & SECCOMP_FILTER_FLAG_NEW_LISTENER) && chain_has_listener())
			ret = -EBUSY;
		else
			ret = attach_filter(filter, flags);
	}
	spin_unlock_irq(&current->sighand->siglock);
	return ret;
}

static long install_with_listener(struct seccomp_filter *filter, unsigned int flags)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;
	long ret;

	if (fd < 0)
		return fd;
	file = seccomp_listener_file(filter);
	ret = IS_ERR(file) ? PTR_ERR(file) : install_filter(filter, flags);
	if (!ret) {
		fd_install(fd, file);
		return fd;
	}
	if (!IS_ERR(file)) {
		file->private_data = NULL;
		seccomp_forget_listener(filter);
		fput(file);
	}
	put_unused_fd(fd);
	return ret;
}

static long set_mode_filter(unsigned int flags, const void __user *uprog)
{
	struct seccomp_filter *filter;
	long ret;

	if (!valid_flags(flags))
		return -EINVAL;
	filter = copy_filter(uprog);
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	if (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)
		ret = install_with_listener(filter, flags);
	else
		ret = install_filter(filter, flags);
	if (ret && !(ret > 0 && (flags & SECCOMP_FILTER_FLAG_NEW_LISTENER)))
		kfree(filter);
	return ret;
}

static long set_mode_strict(void)
{
	long err = -EINVAL;

	spin_lock_irq(&current->sighand->siglock);
	if (may_assign(SECCOMP_MODE_STRICT)) {
		assign_mode(current, SECCOMP_MODE_STRICT);
		err = 0;
	}
	spin_unlock_irq(&current->sighand->siglock);
	return err;
}

static long action_available(const u32 __user *uaction)
{
	u32 action;

	if (get_user(action, uaction))
		return -EFAULT;
	switch (action) {
	case SECCOMP_RET_KILL_PROCESS:
	case SECCOMP_RET_KILL_THREAD:
	case SECCOMP_RET_TRAP:
	case SECCOMP_RET_ERRNO:
	case SECCOMP_RET_USER_NOTIF:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_ALLOW:
		return 0;
	}
	return -EOPNOTSUPP;
}

static long notif_sizes(void __user *usizes)
{
	struct seccomp_notif_sizes sizes = {
		.seccomp_notif = sizeof(struct seccomp_notif),
		.seccomp_notif_resp = sizeof(struct seccomp_notif_resp),
		.seccomp_data = sizeof(struct seccomp_data),
	};

	return copy_to_user(usizes, &sizes, sizeof(sizes)) ? -EFAULT : 0;
}

long sys_seccomp(unsigned int op, unsigned int flags, void __user *uargs)
{
	switch (op) {
	case SECCOMP_SET_MODE_STRICT:
		return flags || uargs ? -EINVAL : set_mode_strict();
	case SECCOMP_SET_MODE_FILTER:
		return set_mode_filter(flags, uargs);
	case SECCOMP_GET_ACTION_AVAIL:
		return flags ? -EINVAL : action_available(uargs);
	case SECCOMP_GET_NOTIF_SIZES:
		return flags ? -EINVAL : notif_sizes(uargs);
	}
	return -EINVAL;
}

long prctl_set_seccomp(unsigned long mode, unsigned long filter)
{
	switch (mode) {
	case SECCOMP_MODE_STRICT:
		return set_mode_strict();
	case SECCOMP_MODE_FILTER:
		return set_mode_filter(0, (const void __user *)filter);
	}
	return -EINVAL;
}

/* ---- for a tracer ---------------------------------------------------------------------------- */

/* Filter number @n of @t, the oldest is 0; with a reference. ERR_PTR. */
static struct seccomp_filter *get_nth_filter(struct task_struct *t, unsigned long n)
{
	struct seccomp_filter *filter;

	if (!capable(CAP_SYS_ADMIN) || current->seccomp_mode)
		return ERR_PTR(-EACCES);
	spin_lock_irq(&t->sighand->siglock);
	filter = ERR_PTR(-EINVAL);
	if (t->seccomp_mode == SECCOMP_MODE_FILTER) {
		for (filter = t->seccomp_filter; filter && filter->depth > n + 1; filter = filter->prev)
			;
		if (!filter || filter->depth != n + 1)
			filter = ERR_PTR(-ENOENT);
		else
			refcount_inc(&filter->usage);
	}
	spin_unlock_irq(&t->sighand->siglock);
	return filter;
}

long seccomp_get_filter(struct task_struct *t, unsigned long n, void __user *to)
{
	struct seccomp_filter *filter = get_nth_filter(t, n);
	long ret;

	if (IS_ERR(filter))
		return PTR_ERR(filter);
	ret = filter->len;
	if (to && copy_to_user(to, filter->insns, filter->len * sizeof(filter->insns[0])))
		ret = -EFAULT;
	seccomp_put_filter(filter);
	return ret;
}

long seccomp_get_metadata(struct task_struct *t, unsigned long size, void __user *umeta)
{
	struct seccomp_metadata meta = {};
	struct seccomp_filter *filter;

	if (!capable(CAP_SYS_ADMIN) || current->seccomp_mode)
		return -EACCES;
	size = min_t(unsigned long, size, sizeof(meta));
	if (size < sizeof(meta.filter_off))
		return -EINVAL;
	if (copy_from_user(&meta.filter_off, umeta, sizeof(meta.filter_off)))
		return -EFAULT;
	filter = get_nth_filter(t, min_t(u64, meta.filter_off, LONG_MAX));
	if (IS_ERR(filter))
		return PTR_ERR(filter);
	if (filter->log)
		meta.flags |= SECCOMP_FILTER_FLAG_LOG;
	seccomp_put_filter(filter);
	return copy_to_user(umeta, &meta, size) ? -EFAULT : (long)size;
}

/* ---- on every call --------------------------------------------------------------------------- */

static void fill_data(struct seccomp_data *data, const struct pt_regs *regs)
{
	unsigned long args[6];

	syscall_args(regs, args);
	data->nr = syscall_nr(regs);
	data->arch = arch_audit_arch(current);
	data->instruction_pointer = instruction_pointer(regs);
	for (int i = 0; i < 6; i++)
		data->args[i] = args[i];
}

/* All filters see the call; KILL_PROCESS, the most restrictive, is negative. @match: whose answer it is. */
static u32 run_filters(const struct seccomp_data *data, struct seccomp_filter **match)
{
	struct seccomp_filter *filter;
	u32 ret = SECCOMP_RET_ALLOW, one;

	for (filter = current->seccomp_filter; filter; filter = filter->prev) {
		one = bpf_classic_run(filter->insns, (const u32 *)data, sizeof(*data));
		if ((s32)(one & SECCOMP_RET_ACTION_FULL) < (s32)(ret & SECCOMP_RET_ACTION_FULL)) {
			ret = one;
			*match = filter;
		}
	}
	return ret;
}

/* The signal of RET_TRAP and of a kill: what the call was is in its siginfo, and in the registers. */
static void force_sigsys(struct pt_regs *regs, const struct seccomp_data *data, int reason, bool kill)
{
	siginfo_t info;

	syscall_rollback(regs);
	clear_siginfo(&info);
	info.si_signo = SIGSYS;
	info.si_code = SYS_SECCOMP;
	info.si_call_addr = (void *)(unsigned long)data->instruction_pointer;
	info.si_errno = reason;
	info.si_arch = data->arch;
	info.si_syscall = data->nr;
	if (kill)
		force_exit_sig_info(&info);
	else
		force_sig_info(&info);
}

static void kill_for_call(struct pt_regs *regs, const struct seccomp_data *data, bool whole_process)
{
	if (!whole_process && current->signal->nr_threads > 1)
		do_exit(SIGSYS);
	force_sigsys(regs, data, 0, true);
}

static bool apply_filters(struct pt_regs *regs, bool traced);

/* The tracer decides: it may change or skip the call. What it made of it is filtered again. */
static bool ask_tracer(struct pt_regs *regs, u32 message)
{
	if (!ptrace_event_enabled(current, PTRACE_EVENT_SECCOMP)) {
		syscall_set_return(regs, -ENOSYS);
		return false;
	}
	ptrace_event(PTRACE_EVENT_SECCOMP, message);
	if (fatal_signal_pending(current) || syscall_nr(regs) < 0)
		return false;
	return apply_filters(regs, true);
}

static bool apply_filters(struct pt_regs *regs, bool traced)
{
	struct seccomp_filter *match = NULL;
	struct seccomp_data data;
	u32 ret, value;

	fill_data(&data, regs);
	ret = run_filters(&data, &match);
	value = ret & SECCOMP_RET_DATA;
	if ((ret & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ALLOW && !traced)
		seccomp_log(match, data.nr, ret);
	switch (ret & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
		return true;
	case SECCOMP_RET_LOG:
		return true;
	case SECCOMP_RET_ERRNO:
		syscall_set_return(regs, -(long)min_t(u32, value, MAX_ERRNO));
		return false;
	case SECCOMP_RET_TRAP:
		force_sigsys(regs, &data, value, false);
		return false;
	case SECCOMP_RET_TRACE:
		return traced || ask_tracer(regs, value);
	case SECCOMP_RET_USER_NOTIF:
		return seccomp_ask_listener(match, regs, &data);
	default:
		kill_for_call(regs, &data, (ret & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_KILL_THREAD);
		return false;
	}
}

bool seccomp_enter(struct pt_regs *regs)
{
	if (unlikely(ptrace_suspends_seccomp(current)))
		return true;
	smp_rmb();		/* TIF_SECCOMP, which another thread may have set, before the mode */
	if (READ_ONCE(current->seccomp_mode) == SECCOMP_MODE_FILTER)
		return apply_filters(regs, false);
	if (!syscall_is_strict(syscall_nr(regs)))
		do_exit(SIGKILL);
	return true;
}
