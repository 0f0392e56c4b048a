// SPDX-License-Identifier: GPL-2.0-only
/*
 * mprotect: other rights for what is mapped.
 *
 * A private page that is mapped read-only stays so even if its VMA becomes writable: the write
 * fault decides whether it must be copied.  The same holds for shared pages whose file system wants
 * to know of the first write.
 *
 * Locking: mmap_lock for write.
 */
#include <generated/syscalls.h>
#include <kernel/lib/err.h>
#include <mm/internal.h>
#include <mm/mm.h>

/* Pages that become executable: make what was written to them visible to instruction fetches. */
static void sync_exec_range(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long addr = vma->vm_start;
	struct pte_info info;

	spin_lock(&mm->page_table_lock);
	for (;; addr += PAGE_SIZE) {
		addr = pgtable_next_mapped(&mm->pgt, addr, vma->vm_end);
		if (addr >= vma->vm_end)
			break;
		if (pgtable_query(&mm->pgt, addr, &info) && !info.special) {
			/* Anonymous pages may have been written since the last time. */
			if (PageAnon(phys_to_page(info.pa)))
				ClearPageExecSynced(phys_to_page(info.pa));
			sync_exec_page(vma, phys_to_page(info.pa));
		}
	}
	spin_unlock(&mm->page_table_lock);
}

static int protect_pages(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	bool keep_readonly = !(vma->vm_flags & VM_SHARED) || vma_wants_write_notify(vma);
	struct tlb_batch batch;
	int err;

	tlb_batch_init(&batch, mm, false);
	spin_lock(&mm->page_table_lock);
	err = pgtable_protect(&mm->pgt, vma->vm_start, vma->vm_end, vma->vm_page_prot,
			      keep_readonly, &batch);
	spin_unlock(&mm->page_table_lock);
	tlb_batch_finish(&batch);
	return err;
}

/* Newly writable private memory counts from now on. */
static int charge(struct mm_struct *mm, unsigned long old, unsigned long *new, unsigned long npages)
{
	if (!(*new & VM_WRITE))
		return 0;
	if (!may_expand_vm(mm, *new, npages) && may_expand_vm(mm, old, npages))
		return -ENOMEM;
	if (old & (VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE))
		return 0;
	if (vm_enough_memory(npages))
		return -ENOMEM;
	*new |= VM_ACCOUNT;
	return 0;
}

/* [lo, hi) inside @vma gets @flags. *next: the VMA to go on from. */
static int mprotect_fixup(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long lo,
			  unsigned long hi, unsigned long flags)
{
	unsigned long old = vma->vm_flags, npages = (hi - lo) >> PAGE_SHIFT;
	int err;

	if (flags == old)
		return 0;
	err = charge(mm, old, &flags, npages);
	if (err)
		return err;
	vma = vma_isolate(mm, vma, lo, hi);
	/* Not: the VMA says read-only and a shared table, which nobody could copy, does not. */
	err = IS_ERR(vma) ? PTR_ERR(vma) : unshare_range(mm, lo, hi);
	if (err)
		goto uncharge;
	vma->vm_flags = flags;
	vma_set_page_prot(vma);
	if ((flags & ~old) & VM_EXEC)
		sync_exec_range(vma);
	err = protect_pages(vma);
	vm_stat_account(mm, old, -(long)npages);
	vm_stat_account(mm, flags, npages);
	vma_merge_around(mm, vma);
	return err;

uncharge:
	if ((flags & ~old) & VM_ACCOUNT)
		vm_unacct_memory(npages);
	return err;
}

/* mprotect(PROT_GROWSDOWN): from the lower end of the stack. */
static int find_start(struct vm_area_struct *vma, unsigned long *start, unsigned long end,
		      bool grows)
{
	if (!vma)
		return -ENOMEM;
	if (grows) {
		if (vma->vm_start >= end)
			return -ENOMEM;
		if (!(vma->vm_flags & VM_GROWSDOWN))
			return -EINVAL;
		*start = vma->vm_start;
		return 0;
	}
	return vma->vm_start > *start ? -ENOMEM : 0;
}

static int do_mprotect(unsigned long start, unsigned long end, unsigned long prot, bool grows)
{
	bool read_exec = (prot & PROT_READ) && (current->personality & READ_IMPLIES_EXEC);
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma = vma_find(mm, start);
	unsigned long flags, stop;
	int err = find_start(vma, &start, end, grows);

	while (!err) {
		flags = (vma->vm_flags & ~(VM_ACCESS_FLAGS | VM_BTI)) | vm_flags_from_prot(prot);
		if (read_exec && (vma->vm_flags & VM_MAYEXEC))
			flags |= VM_EXEC;
		/* The VM_MAY* bits lie four above. */
		if ((flags & VM_ACCESS_FLAGS) & ~(flags >> 4))
			return -EACCES;
		stop = min(vma->vm_end, end);
		err = mprotect_fixup(mm, vma, start, stop, flags);
		start = stop;
		if (err || start >= end)
			return err;
		vma = vma_lookup(mm, start);
		if (!vma)
			return -ENOMEM;
	}
	return err;
}

long sys_mprotect(unsigned long start, size_t len, unsigned long prot)
{
	unsigned long grows = prot & (PROT_GROWSDOWN | PROT_GROWSUP), end;
	int err;

	prot &= ~(unsigned long)(PROT_GROWSDOWN | PROT_GROWSUP);
	if (grows == (PROT_GROWSDOWN | PROT_GROWSUP) || (start & ~PAGE_MASK))
		return -EINVAL;
	if (!len)
		return 0;
	end = start + ALIGN(len, PAGE_SIZE);
	if (end <= start)
		return -ENOMEM;
	if (prot & ~(VM_ACCESS_FLAGS | PROT_SEM) && prot & ~(VM_ACCESS_FLAGS | PROT_SEM | arch_prot_bits()))
		return -EINVAL;
	if (grows & PROT_GROWSUP)	/* no stack here grows up */
		return -EINVAL;
	if (mmap_write_lock_killable(current->mm))
		return -EINTR;
	err = do_mprotect(start, end, prot, grows);
	mmap_write_unlock(current->mm);
	return err;
}
