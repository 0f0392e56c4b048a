// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals' structures in the layout of 32-bit programs.  Which member of siginfo's union is used decides what is
 * copied: the others read as zero.
 */
#include <kernel/compat_signal.h>

#include <kernel/lib/string.h>
#include <asm/uaccess.h>

void compat_fill_siginfo(struct compat_siginfo *c, const siginfo_t *from)
{
	memset(c, 0, sizeof(*c));
	c->signo = from->si_signo;
	c->error = from->si_errno;
	c->code = from->si_code;
	switch (siginfo_kind(from->si_signo, from->si_code)) {
	case INFO_KILL:
		c->kill.pid = from->si_pid;
		c->kill.uid = from->si_uid;
		break;
	case INFO_TIMER:
		c->timer.tid = from->si_tid;
		c->timer.overrun = from->si_overrun;
		c->timer.value = from->si_int;
		break;
	case INFO_POLL:
		c->poll.band = from->si_band;
		c->poll.fd = from->si_fd;
		break;
	case INFO_FAULT:
		c->fault.addr = (unsigned long)from->si_addr;
		c->fault.lsb = from->si_addr_lsb;
		break;
	case INFO_CHLD:
		c->child.pid = from->si_pid;
		c->child.uid = from->si_uid;
		c->child.status = from->si_status;
		c->child.utime = from->si_utime;
		c->child.stime = from->si_stime;
		break;
	case INFO_RT:
		c->rt.pid = from->si_pid;
		c->rt.uid = from->si_uid;
		c->rt.value = from->si_int;
		break;
	case INFO_SYS:
		c->sys.call_addr = (unsigned long)from->si_call_addr;
		c->sys.syscall = from->si_syscall;
		c->sys.arch = from->si_arch;
		break;
	}
}

int compat_put_siginfo(void __user *to, const siginfo_t *from)
{
	struct compat_siginfo c;

	compat_fill_siginfo(&c, from);
	return copy_to_user(to, &c, sizeof(c)) ? -EFAULT : 0;
}

int compat_get_siginfo(siginfo_t *to, const void __user *from)
{
	struct compat_siginfo c;

	if (copy_from_user(&c, from, sizeof(c)))
		return -EFAULT;
	clear_siginfo(to);
	to->si_signo = c.signo;
	to->si_errno = c.error;
	to->si_code = c.code;
	switch (siginfo_kind(c.signo, c.code)) {
	case INFO_KILL:
		to->si_pid = c.kill.pid;
		to->si_uid = c.kill.uid;
		break;
	case INFO_TIMER:
		to->si_tid = c.timer.tid;
		to->si_overrun = c.timer.overrun;
		to->si_int = c.timer.value;
		break;
	case INFO_POLL:
		to->si_band = c.poll.band;
		to->si_fd = c.poll.fd;
		break;
	case INFO_FAULT:
		to->si_addr = (void __force *)compat_ptr(c.fault.addr);
		to->si_addr_lsb = c.fault.lsb;
		break;
	case INFO_CHLD:
		to->si_pid = c.child.pid;
		to->si_uid = c.child.uid;
		to->si_status = c.child.status;
		to->si_utime = c.child.utime;
		to->si_stime = c.child.stime;
		break;
	case INFO_RT:
		to->si_pid = c.rt.pid;
		to->si_uid = c.rt.uid;
		to->si_int = c.rt.value;
		break;
	case INFO_SYS:
		to->si_call_addr = (void __force *)compat_ptr(c.sys.call_addr);
		to->si_syscall = c.sys.syscall;
		to->si_arch = c.sys.arch;
		break;
	}
	return 0;
}

int compat_put_sigaction(void __user *to, const struct ksigaction *from)
{
	struct compat_sigaction c = {
		.handler = from->handler, .flags = from->flags, .restorer = from->restorer,
		.mask = { (u32)from->mask, (u32)(from->mask >> 32) },
	};

	return copy_to_user(to, &c, sizeof(c)) ? -EFAULT : 0;
}

int compat_get_sigaction(struct ksigaction *to, const void __user *from)
{
	struct compat_sigaction c;

	if (copy_from_user(&c, from, sizeof(c)))
		return -EFAULT;
	*to = (struct ksigaction){
		.handler = c.handler, .flags = c.flags, .restorer = c.restorer,
		.mask = (u64)c.mask[1] << 32 | c.mask[0],
	};
	return 0;
}

int compat_put_stack(void __user *to, const stack_t *from)
{
	struct compat_stack c = {
		.ss_sp = (unsigned long)from->ss_sp, .ss_flags = from->ss_flags, .ss_size = from->ss_size,
	};

	return copy_to_user(to, &c, sizeof(c)) ? -EFAULT : 0;
}

int compat_get_stack(stack_t *to, const void __user *from)
{
	struct compat_stack c;

	if (copy_from_user(&c, from, sizeof(c)))
		return -EFAULT;
	*to = (stack_t){ .ss_sp = (void __force *)compat_ptr(c.ss_sp), .ss_flags = c.ss_flags, .ss_size = c.ss_size };
	return 0;
}

int compat_get_sigevent(struct sigevent *to, const void __user *from)
{
	struct compat_sigevent c;

	if (copy_from_user(&c, from, sizeof(c)))
		return -EFAULT;
	memset(to, 0, sizeof(*to));
	to->sigev_value.sival_ptr = (void __force *)compat_ptr(c.value);
	to->sigev_signo = c.signo;
	to->sigev_notify = c.notify;
	to->_sigev_un._tid = c.tid;
	return 0;
}
