// SPDX-License-Identifier: GPL-2.0-only
/*
 * prctl(2), personality(2): switches a process sets on itself.  Locking: as each field's legend says.
 */
#include <kernel/prctl.h>

#include <generated/syscalls.h>

#include <fs/file.h>
#include <kernel/compat.h>
#include <kernel/cred.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/seccomp.h>
#include <kernel/signal.h>
#include <kernel/yama.h>
#include <mm/mm.h>
#include <asm/uaccess.h>

static long prctl_set_name(const char __user *uname)
{
	char name[TASK_COMM_LEN];
	long n = strncpy_from_user(name, uname, sizeof(name) - 1);

	if (n < 0)
		return -EFAULT;
	name[sizeof(name) - 1] = '\0';
	set_task_comm(current, name);
	return 0;
}

static long prctl_get_name(char __user *uname)
{
	char name[TASK_COMM_LEN];

	get_task_comm(name, current);
	return copy_to_user(uname, name, sizeof(name)) ? -EFAULT : 0;
}

static long prctl_set_timerslack(unsigned long ns)
{
	current->timer_slack_ns = (long)ns <= 0 ? current->default_timer_slack_ns : ns;
	return 0;
}

static void set_child_subreaper(bool on)
{
	struct task_struct *p;

	write_lock_irq(&tasklist_lock);
	current->signal->is_child_subreaper = on;
	if (on) {			/* descendants look for one when they are orphaned */
		for_each_process(p) {
			struct task_struct *a = p;

			while (a != &init_task && a->signal != current->signal)
				a = a->real_parent;
			if (a != &init_task && p->signal != current->signal)
				p->signal->has_child_subreaper = 1;
		}
	}
	write_unlock_irq(&tasklist_lock);
}

/* ---- capabilities ---------------------------------------------------------------------------- */

static long prctl_capbset_drop(unsigned long cap)
{
	struct cred *new;

	if (!ns_capable(current_user_ns(), CAP_SETPCAP))
		return -EPERM;
	if (cap > CAP_LAST_CAP)
		return -EINVAL;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	new->cap_bset.val &= ~(1ULL << cap);
	return commit_creds(new);
}

static long prctl_set_securebits(unsigned long bits)
{
	unsigned int old = current_cred()->securebits;
	unsigned int locked = (old & SECURE_ALL_LOCKS) >> 1;
	struct cred *new;

	if (((old & SECURE_ALL_LOCKS) & ~bits) || (locked & (old ^ bits)) ||
	    (bits & ~(unsigned long)(SECURE_ALL_LOCKS | SECURE_ALL_BITS)) ||
	    !ns_capable(current_user_ns(), CAP_SETPCAP))
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	new->securebits = bits;
	return commit_creds(new);
}

static long prctl_set_keepcaps(unsigned long on)
{
	struct cred *new;

	if (on > 1)
		return -EINVAL;
	if (current_cred()->securebits & SECBIT_KEEP_CAPS_LOCKED)
		return -EPERM;
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (on)
		new->securebits |= SECBIT_KEEP_CAPS;
	else
		new->securebits &= ~SECBIT_KEEP_CAPS;
	return commit_creds(new);
}

static long prctl_cap_ambient(unsigned long op, unsigned long cap)
{
	const struct cred *old = current_cred();
	struct cred *new;

	if (op == PR_CAP_AMBIENT_CLEAR_ALL ? cap : cap > CAP_LAST_CAP)
		return -EINVAL;
	switch (op) {
	case PR_CAP_AMBIENT_IS_SET:
		return cap_raised(old->cap_ambient, cap);
	case PR_CAP_AMBIENT_RAISE:
		if (!cap_raised(old->cap_permitted, cap) || !cap_raised(old->cap_inheritable, cap) ||
		    (old->securebits & SECBIT_NO_CAP_AMBIENT_RAISE))
			return -EPERM;
		break;
	case PR_CAP_AMBIENT_LOWER:
	case PR_CAP_AMBIENT_CLEAR_ALL:
		break;
	default:
		return -EINVAL;
	}
	new = prepare_creds();
	if (!new)
		return -ENOMEM;
	if (op == PR_CAP_AMBIENT_CLEAR_ALL)
		new->cap_ambient = CAP_EMPTY_SET;
	else if (op == PR_CAP_AMBIENT_RAISE)
		new->cap_ambient.val |= 1ULL << cap;
	else
		new->cap_ambient.val &= ~(1ULL << cap);
	return commit_creds(new);
}

/* ---- hints ----------------------------------------------------------------------------------- */

/* There are no huge pages; what was said about them is told again. */
static long prctl_set_thp_disable(bool disable)
{
	unsigned long *flags = &current->mm->flags;

	if (disable)
		__atomic_fetch_or(flags, MMF_DISABLE_THP, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(flags, ~MMF_DISABLE_THP, __ATOMIC_RELAXED);
	return 0;
}

/* When a memory error is to kill: nothing reports one. */
static long prctl_mce_kill(unsigned long what, unsigned long when)
{
	if (what == PR_MCE_KILL_CLEAR && !when) {
		current->flags &= ~PF_MCE_PROCESS;
		return 0;
	}
	if (what != PR_MCE_KILL_SET)
		return -EINVAL;
	current->flags |= PF_MCE_PROCESS;
	if (when > PR_MCE_KILL_DEFAULT)
		return -EINVAL;
	current->flags &= ~PF_MCE_EARLY;
	if (when == PR_MCE_KILL_EARLY)
		current->flags |= PF_MCE_EARLY;
	else if (when == PR_MCE_KILL_DEFAULT)
		current->flags &= ~PF_MCE_PROCESS;
	return 0;
}

static long prctl_get_mce_kill(void)
{
	if (!(current->flags & PF_MCE_PROCESS))
		return PR_MCE_KILL_DEFAULT;
	return current->flags & PF_MCE_EARLY ? PR_MCE_KILL_EARLY : PR_MCE_KILL_LATE;
}

/* It writes back for others, as FUSE's and iSCSI's programs do. */
static long prctl_set_io_flusher(unsigned long on)
{
	if (on > 1)
		return -EINVAL;
	current->flags = on ? current->flags | PF_IO_FLUSHER : current->flags & ~PF_IO_FLUSHER;
	return 0;
}

static long prctl_hint(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)
{
	bool more = arg3 || arg4 || arg5;

	switch (option) {
	case PR_TASK_PERF_EVENTS_DISABLE:
	case PR_TASK_PERF_EVENTS_ENABLE:
		return 0;			/* of all its events: there are none */
	case PR_MCE_KILL:
		return arg4 || arg5 ? -EINVAL : prctl_mce_kill(arg2, arg3);
	case PR_MCE_KILL_GET:
		return arg2 || more ? -EINVAL : prctl_get_mce_kill();
	case PR_SET_THP_DISABLE:
		return more ? -EINVAL : prctl_set_thp_disable(arg2);
	case PR_GET_THP_DISABLE:
		return arg2 || more ? -EINVAL : !!(READ_ONCE(current->mm->flags) & MMF_DISABLE_THP);
	case PR_SET_IO_FLUSHER:
	case PR_GET_IO_FLUSHER:
		if (!capable(CAP_SYS_RESOURCE))
			return -EPERM;
		if (option == PR_SET_IO_FLUSHER)
			return more ? -EINVAL : prctl_set_io_flusher(arg2);
		return arg2 || more ? -EINVAL : (current->flags & PF_IO_FLUSHER) == PF_IO_FLUSHER;
	}
	return arch_prctl(option, arg2, arg3, arg4, arg5);
}

/* ---- the call -------------------------------------------------------------------------------- */

static long prctl_cred(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)
{
	switch (option) {
	case PR_CAPBSET_READ:
		return arg2 > CAP_LAST_CAP ? -EINVAL : cap_raised(current_cred()->cap_bset, arg2);
	case PR_CAPBSET_DROP:
		return prctl_capbset_drop(arg2);
	case PR_SET_SECUREBITS:
		return prctl_set_securebits(arg2);
	case PR_GET_SECUREBITS:
		return current_cred()->securebits;
	case PR_GET_KEEPCAPS:
		return !!(current_cred()->securebits & SECBIT_KEEP_CAPS);
	case PR_SET_KEEPCAPS:
		return prctl_set_keepcaps(arg2);
	case PR_CAP_AMBIENT:
		return arg4 || arg5 ? -EINVAL : prctl_cap_ambient(arg2, arg3);
	case PR_SET_NO_NEW_PRIVS:
		if (arg2 != 1 || arg3 || arg4 || arg5)
			return -EINVAL;
		current->no_new_privs = true;
		return 0;
	case PR_GET_NO_NEW_PRIVS:
		return arg2 || arg3 || arg4 || arg5 ? -EINVAL : current->no_new_privs;
	}
	return prctl_hint(option, arg2, arg3, arg4, arg5);
}

long sys_prctl(int option, unsigned long arg2, unsigned long arg3, unsigned long arg4, unsigned long arg5)
{
	switch (option) {
	case PR_SET_PDEATHSIG:
		if (arg2 > _NSIG)
			return -EINVAL;
		current->pdeath_signal = arg2;
		return 0;
	case PR_GET_PDEATHSIG:
		return put_user(current->pdeath_signal, (int __user *)arg2);
	case PR_GET_DUMPABLE:
		return get_dumpable(current->mm);
	case PR_SET_DUMPABLE:
		if (arg2 > 1)
			return -EINVAL;
		set_dumpable(current->mm, arg2);
		return 0;
	case PR_GET_TIMING:
		return PR_TIMING_STATISTICAL;
	case PR_SET_TIMING:
		return arg2 == PR_TIMING_STATISTICAL ? 0 : -EINVAL;
	case PR_SET_NAME:
		return prctl_set_name((const char __user *)arg2);
	case PR_GET_NAME:
		return prctl_get_name((char __user *)arg2);
	case PR_SET_TIMERSLACK:
		return prctl_set_timerslack(arg2);
	case PR_GET_TIMERSLACK:
		return min_t(u64, current->timer_slack_ns, ULONG_MAX);
	case PR_SET_CHILD_SUBREAPER:
		set_child_subreaper(arg2);
		return 0;
	case PR_GET_CHILD_SUBREAPER:
		return put_user((int)current->signal->is_child_subreaper, (int __user *)arg2);
	case PR_GET_TID_ADDRESS:
		return put_user_word((unsigned long)current->clear_child_tid, (void __user *)arg2);
	case PR_SET_SECCOMP:
		return prctl_set_seccomp(arg2, arg3);
	case PR_GET_SECCOMP:
		return current->seccomp_mode;
	case PR_SET_PTRACER:
		return prctl_set_ptracer(arg2);
	case PR_SET_MM:
		return prctl_set_mm(arg2, arg3, arg4, arg5);
	}
	return prctl_cred(option, arg2, arg3, arg4, arg5);
}

long sys_personality(unsigned int persona)
{
	unsigned int old = current->personality;

	if ((persona & PER_MASK) == PER_LINUX32 && !arch_machine_name32())
		return -EINVAL;
	if (persona != 0xffffffff)
		current->personality = persona;
	return old;
}
