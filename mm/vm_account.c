// SPDX-License-Identifier: GPL-2.0-only
/*
 * How much address space and memory a process may promise itself: RLIMIT_AS, RLIMIT_DATA,
 * RLIMIT_MEMLOCK and the overcommit modes.
 *
 * Locking: vm_committed_as is atomic; the counts in mm_struct are under mmap_lock.
 */
#include <kernel/cred.h>
#include <kernel/signal.h>
#include <mm/internal.h>
#include <mm/mm.h>

int sysctl_overcommit_memory;		/* 0 heuristic, 1 always, 2 never */
int sysctl_overcommit_ratio = 50;
unsigned long sysctl_overcommit_kbytes;	/* instead of the ratio, if not 0 */
unsigned long sysctl_admin_reserve_kbytes, sysctl_user_reserve_kbytes;
atomic_long_t vm_committed_as;

#define KBYTES_TO_PAGES(n)	((n) >> (PAGE_SHIFT - 10))

void __init vm_account_init(void)
{
	unsigned long share = totalram_pages() << (PAGE_SHIFT - 10) >> 5;

	sysctl_admin_reserve_kbytes = min(share, 8UL << 10);
	sysctl_user_reserve_kbytes = min(share, 128UL << 10);
}

unsigned long vm_commit_limit(void)
{
	unsigned long kbytes = READ_ONCE(sysctl_overcommit_kbytes);

	if (kbytes)
		return KBYTES_TO_PAGES(kbytes);
	return totalram_pages() * sysctl_overcommit_ratio / 100;
}

/* Under "never": some is kept for root, and some of what a large process could have so that it can be killed by
 * hand. */
static bool strict_ok(void)
{
	long allowed = vm_commit_limit();

	if (!capable(CAP_SYS_ADMIN))
		allowed -= KBYTES_TO_PAGES(READ_ONCE(sysctl_admin_reserve_kbytes));
	if (current->mm)
		allowed -= min(current->mm->total_vm / 32, KBYTES_TO_PAGES(READ_ONCE(sysctl_user_reserve_kbytes)));
	return atomic_long_read(&vm_committed_as) < allowed;
}

int vm_enough_memory(long pages)
{
	bool ok = true;

	atomic_long_add(pages, &vm_committed_as);
	if (sysctl_overcommit_memory == 0)
		ok = (unsigned long)pages <= totalram_pages();
	else if (sysctl_overcommit_memory == 2)
		ok = strict_ok();
	if (ok)
		return 0;
	vm_unacct_memory(pages);
	return -ENOMEM;
}

void vm_unacct_memory(long pages)
{
	atomic_long_sub(pages, &vm_committed_as);
}

/* ---- what counts as what ---------------------------------------------------------------- */

static bool is_stack(unsigned long vm_flags)
{
	return vm_flags & VM_GROWSDOWN;
}

static bool is_data(unsigned long vm_flags)
{
	return (vm_flags & (VM_WRITE | VM_SHARED | VM_GROWSDOWN)) == VM_WRITE;
}

static bool is_code(unsigned long vm_flags)
{
	return (vm_flags & (VM_EXEC | VM_WRITE | VM_GROWSDOWN)) == VM_EXEC;
}

void vm_stat_account(struct mm_struct *mm, unsigned long vm_flags, long npages)
{
	mm->total_vm += npages;
	if (is_code(vm_flags))
		mm->exec_vm += npages;
	else if (is_stack(vm_flags))
		mm->stack_vm += npages;
	else if (is_data(vm_flags))
		mm->data_vm += npages;
}

bool may_expand_vm(struct mm_struct *mm, unsigned long vm_flags, unsigned long npages)
{
	if (mm->total_vm + npages > rlimit(RLIMIT_AS) >> PAGE_SHIFT)
		return false;
	if (!is_data(vm_flags) || mm->data_vm + npages <= rlimit(RLIMIT_DATA) >> PAGE_SHIFT)
		return true;
	/* Valgrind sets the soft limit to 0 and means brk only. */
	return !rlimit(RLIMIT_DATA) && mm->data_vm + npages <= rlimit_max(RLIMIT_DATA) >> PAGE_SHIFT;
}

bool can_do_mlock(void)
{
	return rlimit(RLIMIT_MEMLOCK) || capable(CAP_IPC_LOCK);
}

bool mlock_future_ok(struct mm_struct *mm, unsigned long vm_flags, unsigned long npages)
{
	if (!(vm_flags & VM_LOCKED))
		return true;
	return mm->locked_vm + npages <= rlimit(RLIMIT_MEMLOCK) >> PAGE_SHIFT ||
	       capable(CAP_IPC_LOCK);
}
