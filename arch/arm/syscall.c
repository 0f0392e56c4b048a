// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls: the table, the calls that only ARM has, and where number, arguments and result are
 * in pt_regs (r7, r0..r6, r0).  A table entry takes the saved registers: the wrappers that
 * scripts/gensyscalls.py makes put 64-bit arguments together.
 */
#define SYSCALL_TABLE
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <kernel/uapi.h>
#include <generated/syscalls.h>
#include <asm/cache.h>
#include <asm/entry.h>
#include <asm/uaccess.h>

typedef long (*syscall_fn_t)(const unsigned long *args);

static long call_ni_syscall(const unsigned long *args)
{
	return -ENOSYS;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const syscall_fn_t sys_call_table[NR_SYSCALLS] = {
	[0 ... NR_SYSCALLS - 1] = call_ni_syscall,
	SYSCALL_TABLE_ENTRIES
};
#pragma GCC diagnostic pop

/* Make code that was written to [start, end) executable; a page at a time, for it may be large. */
static long do_cacheflush(unsigned long start, unsigned long end, unsigned long flags)
{
	if (end < start || flags)
		return -EINVAL;
	if (!access_ok((void __user *)start, end - start))
		return -EFAULT;
	while (start < end) {
		unsigned long next = min((start & PAGE_MASK) + PAGE_SIZE, end);
		int err;

		user_access_begin();
		err = caches_sync_pou_user(start, next);
		user_access_end();
		if (err)
			return err;
		start = next;
		cond_resched();
		if (fatal_signal_pending(current))
			return 0;
	}
	return 0;
}

static unsigned long svc_size(const struct pt_regs *regs)
{
	return thumb_mode(regs) ? 2 : 4;
}

/* Numbers beyond the table: ARM's own range, where what is unknown is an illegal instruction. */
static long do_private_call(struct pt_regs *regs, unsigned int nr)
{
	switch (nr) {
	case __ARM_NR_breakpoint:
		regs->ARM_pc -= svc_size(regs);
		user_fault_signal(SIGTRAP, TRAP_BRKPT, regs->ARM_pc, TRAP_UNDEFINED, 0);
		return regs->ARM_r0;
	case __ARM_NR_cacheflush:
		return do_cacheflush(regs->ARM_r0, regs->ARM_r1, regs->ARM_r2);
	case __ARM_NR_set_tls:
		set_thread_tls(current, regs->ARM_r0);
		return 0;
	case __ARM_NR_get_tls:
		return current->thread.tp_value;
	}
	if (nr < __ARM_NR_BASE)
		return -ENOSYS;
	if (nr - __ARM_NR_BASE <= 0x7ff && nr != __ARM_NR_usr26 && nr != __ARM_NR_usr32)
		return -ENOSYS;
	user_fault_signal(SIGILL, ILL_ILLTRP, regs->ARM_pc - svc_size(regs), TRAP_UNDEFINED, 0);
	return regs->ARM_r0;
}

static long invoke_syscall(struct pt_regs *regs, unsigned int nr)
{
	if (likely(nr < NR_SYSCALLS))
		return sys_call_table[nr](regs->uregs);
	return do_private_call(regs, nr);
}

static noinline void do_syscall_watched(struct pt_regs *regs)
{
	long nr = syscall_enter_work(regs, regs->syscallno);

	if (nr != NO_SYSCALL)
		regs->ARM_r0 = invoke_syscall(regs, nr);
	syscall_exit_work(regs);
}

void do_syscall(struct pt_regs *regs)
{
	if (unlikely(READ_ONCE(current->thread_flags) & TIF_SYSCALL_WORK))
		do_syscall_watched(regs);
	else
		regs->ARM_r0 = invoke_syscall(regs, regs->syscallno);
}

/* Work on the way to user mode wants restart_syscall(2) to go on with what was interrupted. */
void do_restart_syscall(struct pt_regs *regs)
{
	regs->syscallno = __NR_restart_syscall;
	do_syscall(regs);
}

long syscall_nr(const struct pt_regs *regs)
{
	return regs->syscallno < 0 ? NO_SYSCALL : regs->syscallno;
}

void syscall_set_nr(struct pt_regs *regs, long nr)
{
	regs->syscallno = nr;
}

void syscall_args(const struct pt_regs *regs, unsigned long args[6])
{
	args[0] = regs->ARM_ORIG_r0;
	for (int i = 1; i < 6; i++)
		args[i] = regs->uregs[i];
}

long syscall_return_value(const struct pt_regs *regs)
{
	return regs->ARM_r0;
}

void syscall_set_return(struct pt_regs *regs, long val)
{
	regs->ARM_r0 = val;
}

void syscall_rollback(struct pt_regs *regs)
{
	regs->ARM_r0 = regs->ARM_ORIG_r0;
}

/* The call is over: if a signal handler runs first, its return must not restart it again. */
void syscall_rewind(struct pt_regs *regs)
{
	regs->ARM_r0 = regs->ARM_ORIG_r0;
	regs->ARM_pc -= svc_size(regs);
	regs->syscallno = NO_SYSCALL;
}

void syscall_unrewind(struct pt_regs *regs)
{
	regs->ARM_pc += svc_size(regs);
}

/* entry.S makes the call without going to user mode, because programs rely on r7 being kept. */
void syscall_rewind_restart_block(struct pt_regs *regs)
{
	syscall_unrewind(regs);
	regs->syscallno = RESTART_SYSCALL;
}

unsigned long syscall_mark_stop(struct pt_regs *regs, unsigned long mark)
{
	unsigned long old = regs->ARM_ip;

	regs->ARM_ip = mark;
	return old;
}

bool syscall_is_strict(long nr)
{
	return nr == __NR_read || nr == __NR_write || nr == __NR_exit || nr == __NR_rt_sigreturn;
}

u32 arch_audit_arch(const struct task_struct *t)
{
	return AUDIT_ARCH_ARM;
}
