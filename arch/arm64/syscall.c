// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls: the table, the path for calls that somebody watches, and where number, arguments and
 * result are in pt_regs (x8, x0..x5, x0; a 32-bit program's r7, r0..r5, r0).  The usual path is entry.S's, that of
 * 32-bit programs compat/syscall.c's.
 */
#define SYSCALL_TABLE
#include <kernel/compat.h>
#include <kernel/uapi.h>
#include <generated/syscalls.h>
#include <asm/compat.h>
#include <asm/entry.h>
#include <generated/unistd32.h>

typedef long (*syscall_fn_t)(unsigned long, unsigned long, unsigned long, unsigned long,
			     unsigned long, unsigned long);

static_assert(NR_SYSCALLS == __NR_syscalls, "entry.S checks against the UAPI header's");

long sys_ni_syscall(void);
extern const syscall_fn_t sys_call_table[NR_SYSCALLS];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
const syscall_fn_t sys_call_table[NR_SYSCALLS] = {
	[0 ... NR_SYSCALLS - 1] = (syscall_fn_t)(void *)sys_ni_syscall,
	SYSCALL_TABLE_ENTRIES
};
#pragma GCC diagnostic pop

static long invoke_syscall(struct pt_regs *regs, long nr)
{
	if (nr < 0 || nr >= NR_SYSCALLS)
		return sys_ni_syscall();
	return sys_call_table[nr](regs->regs[0], regs->regs[1], regs->regs[2], regs->regs[3],
				  regs->regs[4], regs->regs[5]);
}

/* Traced, filtered or unknown: irqs on. */
void do_syscall_slow(struct pt_regs *regs)
{
	long nr = regs->syscallno;

	if (!(READ_ONCE(current->thread_flags) & TIF_SYSCALL_WORK)) {
		regs->regs[0] = invoke_syscall(regs, nr);
		return;
	}
	if (nr == NO_SYSCALL)
		regs->regs[0] = -ENOSYS;
	nr = syscall_enter_work(regs, nr);
	if (nr != NO_SYSCALL)
		regs->regs[0] = invoke_syscall(regs, nr);
	syscall_exit_work(regs);
}

long syscall_nr(const struct pt_regs *regs)
{
	return regs->syscallno;
}

void syscall_set_nr(struct pt_regs *regs, long nr)
{
	regs->syscallno = nr;
}

void syscall_args(const struct pt_regs *regs, unsigned long args[6])
{
	args[0] = regs->orig_x0;
	for (int i = 1; i < 6; i++)
		args[i] = compat_user_mode(regs) ? (u32)regs->regs[i] : regs->regs[i];
}

long syscall_return_value(const struct pt_regs *regs)
{
	return compat_user_mode(regs) ? (s32)regs->regs[0] : (long)regs->regs[0];
}

void syscall_set_return(struct pt_regs *regs, long val)
{
	regs->regs[0] = compat_user_mode(regs) ? (u32)val : val;
}

void syscall_rollback(struct pt_regs *regs)
{
	regs->regs[0] = regs->orig_x0;
}

static unsigned int svc_size(const struct pt_regs *regs)
{
	return compat_user_mode(regs) && compat_thumb_mode(regs) ? 2 : 4;
}

/* The call is over: if a signal handler runs first, its return must not restart it again. */
void syscall_rewind(struct pt_regs *regs)
{
	regs->regs[0] = regs->orig_x0;
	regs->pc -= svc_size(regs);
	regs->syscallno = NO_SYSCALL;
}

void syscall_unrewind(struct pt_regs *regs)
{
	regs->pc += svc_size(regs);
}

void syscall_rewind_restart_block(struct pt_regs *regs)
{
	if (compat_user_mode(regs))
		regs->regs[7] = __NR_compat_restart_syscall;
	else
		regs->regs[8] = __NR_restart_syscall;
}

unsigned long syscall_mark_stop(struct pt_regs *regs, unsigned long mark)
{
	int reg = compat_user_mode(regs) ? 12 : 7;
	unsigned long old = regs->regs[reg];

	regs->regs[reg] = mark;
	return old;
}

bool syscall_is_strict(long nr)
{
	if (is_compat_task())
		return nr == __NR_compat_read || nr == __NR_compat_write || nr == __NR_compat_exit ||
		       nr == __NR_compat_rt_sigreturn;
	return nr == __NR_read || nr == __NR_write || nr == __NR_exit || nr == __NR_rt_sigreturn;
}

u32 arch_audit_arch(const struct task_struct *t)
{
	return test_task_flag(t, TIF_32BIT) ? AUDIT_ARCH_ARM : AUDIT_ARCH_AARCH64;
}
