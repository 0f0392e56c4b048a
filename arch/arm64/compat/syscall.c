// SPDX-License-Identifier: GPL-2.0-only
/*
 * System calls of 32-bit programs: the table of the arm ABI, and the calls that only ARM has.  A table entry takes
 * the saved registers: the wrappers that scripts/gensyscalls.py makes widen arguments and put 64-bit ones together.
 */
#define COMPAT_SYSCALL_TABLE
#include <kernel/compat.h>
#include <kernel/signal.h>
#include <generated/syscalls.h>
#include <asm/cache.h>
#include <asm/compat.h>
#include <asm/entry.h>
#include <asm/uaccess.h>

typedef long (*syscall_fn_t)(const u64 *regs);

static long call_ni_syscall(const u64 *regs)
{
	return sys_ni_syscall();
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const syscall_fn_t compat_call_table[NR_SYSCALLS] = {
	[0 ... NR_SYSCALLS - 1] = call_ni_syscall,
	COMPAT_SYSCALL_TABLE_ENTRIES
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
		int err = caches_sync_pou_user(start, next);

		if (err)
			return err;
		start = next;
		cond_resched();
		if (fatal_signal_pending(current))
			return 0;
	}
	return 0;
}

/* Numbers beyond the table: ARM's own range, where what is unknown is an illegal instruction. */
static long do_private_call(struct pt_regs *regs, unsigned int nr)
{
	unsigned long svc = regs->pc - (compat_thumb_mode(regs) ? 2 : 4);

	switch (nr) {
	case __ARM_NR_cacheflush:
		return do_cacheflush((u32)regs->regs[0], (u32)regs->regs[1], (u32)regs->regs[2]);
	case __ARM_NR_set_tls:
		set_thread_tls(current, (u32)regs->regs[0]);
		return 0;
	}
	if (nr < __ARM_NR_BASE || nr - __ARM_NR_BASE <= 0x7ff)
		return -ENOSYS;
	user_fault_signal(SIGILL, ILL_ILLTRP, svc, 0);
	return 0;
}

static long invoke_syscall(struct pt_regs *regs, unsigned int nr)
{
	if (likely(nr < NR_SYSCALLS))
		return compat_call_table[nr](regs->regs);
	return do_private_call(regs, nr);
}

void do_compat_syscall(struct pt_regs *regs)
{
	long nr = (u32)regs->regs[7];

	regs->orig_x0 = (u32)regs->regs[0];
	regs->syscallno = nr;
	if (likely(!(READ_ONCE(current->thread_flags) & TIF_SYSCALL_WORK))) {
		syscall_set_return(regs, invoke_syscall(regs, nr));
		return;
	}
	if (regs->syscallno == NO_SYSCALL)
		syscall_set_return(regs, -ENOSYS);
	nr = syscall_enter_work(regs, regs->syscallno);
	if (nr != NO_SYSCALL)
		syscall_set_return(regs, invoke_syscall(regs, nr));
	syscall_exit_work(regs);
}
