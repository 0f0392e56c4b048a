// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that grows at one end: the heap (brk) and stacks.
 *
 * Locking: mmap_lock for write.
 */
#include <generated/syscalls.h>
#include <kernel/signal.h>
#include <mm/internal.h>
#include <mm/mm.h>

/* ---- brk -------------------------------------------------------------------------------- */

#define BRK_FLAGS (VM_READ | VM_WRITE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC | VM_ACCOUNT)

/* Anonymous memory at [addr, addr + len), page aligned, where nothing is. */
static int map_brk(struct mm_struct *mm, unsigned long addr, unsigned long len, unsigned long flags)
{
	unsigned long npages = len >> PAGE_SHIFT;
	struct vma_shape s = {
		.start = addr, .end = addr + len, .pgoff = addr >> PAGE_SHIFT,
		.flags = BRK_FLAGS | mm->def_flags | flags,
	};
	struct vm_area_struct *vma;

	if (!mlock_future_ok(mm, s.flags, npages))
		return -EAGAIN;
	if (!may_expand_vm(mm, s.flags, npages) || vm_enough_memory(npages))
		return -ENOMEM;
	if (!vma_extend(mm, &s)) {
		vma = vma_alloc(mm);
		if (!vma)
			goto no_memory;
		vma->vm_start = s.start;
		vma->vm_end = s.end;
		vma->vm_pgoff = s.pgoff;
		vma->vm_flags = s.flags;
		vma_set_page_prot(vma);
		if (vma_insert(mm, vma)) {
			vma_free(vma);
			goto no_memory;
		}
	}
	vm_stat_account(mm, s.flags, npages);
	if (s.flags & VM_LOCKED)
		mm->locked_vm += npages;
	return 0;

no_memory:
	vm_unacct_memory(npages);
	return -ENOMEM;
}

int vm_brk_flags(unsigned long addr, unsigned long request, unsigned long flags)
{
	unsigned long len = ALIGN(request, PAGE_SIZE);
	struct mm_struct *mm = current->mm;
	bool populate;
	int err;

	if (len < request || addr > mm->task_size || len > mm->task_size - addr)
		return -ENOMEM;
	if (!len)
		return 0;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = do_munmap(mm, addr, len);
	if (!err)
		err = map_brk(mm, addr, len, flags & VM_EXEC);
	populate = !err && (mm->def_flags & (VM_LOCKED | VM_LOCKONFAULT)) == VM_LOCKED;
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(addr, len);
	return err;
}

/* RLIMIT_DATA counts the heap and the initialised data together. */
static bool data_limit_ok(struct mm_struct *mm, unsigned long brk)
{
	unsigned long limit = rlimit(RLIMIT_DATA);

	if (limit == RLIM_INFINITY)
		return true;
	return brk - mm->start_brk + (mm->end_data - mm->start_data) <= limit;
}

/* 0: the break is @brk now. *grown: what to populate, if anything. */
static int set_brk(struct mm_struct *mm, unsigned long brk, unsigned long *from,
		   unsigned long *grown)
{
	unsigned long new = ALIGN(brk, PAGE_SIZE), old = ALIGN(mm->brk, PAGE_SIZE);
	struct vm_area_struct *next;
	int err = 0;

	if (brk < mm->start_brk || !data_limit_ok(mm, brk) || new < brk || new > mm->task_size)
		return -ENOMEM;
	if (new < old) {
		err = do_munmap(mm, new, old - new);
	} else if (new > old) {
		next = vma_find(mm, old);
		if (next && new + PAGE_SIZE > next->vm_start -
		    (next->vm_flags & VM_GROWSDOWN ? min(stack_guard_gap, next->vm_start) : 0))
			return -ENOMEM;
		err = map_brk(mm, old, new - old, 0);
		*from = old;
		*grown = new - old;
	}
	if (!err)
		mm->brk = brk;
	return err;
}

long sys_brk(unsigned long brk)
{
	struct mm_struct *mm = current->mm;
	unsigned long from = 0, grown = 0, ret;
	bool populate;
	int err;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = set_brk(mm, brk, &from, &grown);
	populate = !err && grown && (mm->def_flags & (VM_LOCKED | VM_LOCKONFAULT)) == VM_LOCKED;
	ret = mm->brk;
	mmap_write_unlock(mm);
	if (populate)
		mm_populate(from, grown);
	return (long)ret;
}

/* ---- stacks ----------------------------------------------------------------------------- */

static bool guard_gap_ok(struct vm_area_struct *vma, unsigned long addr)
{
	struct vm_area_struct *prev = vma_prev(vma);

	if (!prev || (prev->vm_flags & VM_GROWSDOWN) || !(prev->vm_flags & VM_ACCESS_FLAGS))
		return true;
	return addr >= prev->vm_end && addr - prev->vm_end >= stack_guard_gap;
}

int expand_stack(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	struct vm_area_struct *prev;
	unsigned long grow, size;

	addr &= PAGE_MASK;
	if (addr >= vma->vm_start)
		return 0;
	if (!(vma->vm_flags & VM_GROWSDOWN))
		return -EFAULT;
	prev = vma_prev(vma);
	if (addr < mmap_min_addr || (prev && addr < prev->vm_end))
		return -EPERM;
	if (!guard_gap_ok(vma, addr))
		return -ENOMEM;
	size = vma->vm_end - addr;
	grow = (vma->vm_start - addr) >> PAGE_SHIFT;
	if (size > rlimit(RLIMIT_STACK) || !may_expand_vm(mm, vma->vm_flags, grow) ||
	    !mlock_future_ok(mm, vma->vm_flags, grow))
		return -ENOMEM;
	if (vm_enough_memory(grow))
		return -ENOMEM;
	vma_resize(vma, addr, vma->vm_end);
	vm_stat_account(mm, vma->vm_flags, grow);
	if (vma->vm_flags & VM_LOCKED)
		mm->locked_vm += grow;
	if (!(vma->vm_flags & VM_ACCOUNT))
		vm_unacct_memory(grow);
	return 0;
}
