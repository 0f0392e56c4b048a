// SPDX-License-Identifier: GPL-2.0-only
/*
 * remap_file_pages: show other pages of the file in a range of a shared mapping.
 *
 * As in Linux since 4.0 that is an ordinary mapping over the range: it costs VMAs, where it once made
 * page-table entries out of order.
 *
 * Locking: mmap_lock for write; population happens after it is dropped.
 */
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <kernel/lib/err.h>
#include <kernel/printk.h>
#include <mm/internal.h>

/* Is [start, end), from @vma on, mapped without a hole, and everywhere the same way? */
static bool uniform(struct vm_area_struct *vma, unsigned long end)
{
	struct vm_area_struct *next;

	for (; end > vma->vm_end; vma = next) {
		next = vma_next(vma);
		if (!next || next->vm_start != vma->vm_end || next->vm_file != vma->vm_file ||
		    next->vm_flags != vma->vm_flags)
			return false;
	}
	return true;
}

static unsigned long remap(struct mm_struct *mm, unsigned long start, unsigned long size, unsigned long pgoff,
			   unsigned long *vm_flags)
{
	struct vm_area_struct *vma = vma_lookup(mm, start);
	struct file *file;
	unsigned long ret;

	if (!vma || !(vma->vm_flags & VM_SHARED) || !vma->vm_file || !uniform(vma, start + size))
		return -EINVAL;
	*vm_flags = vma->vm_flags;
	file = get_file(vma->vm_file);
	ret = do_mmap(file, start, size, *vm_flags & VM_ACCESS_FLAGS,
		      MAP_SHARED | MAP_FIXED | (*vm_flags & VM_LOCKED ? MAP_LOCKED : 0), 0, pgoff);
	fput(file);
	return ret;
}

long sys_remap_file_pages(unsigned long start, unsigned long size, unsigned long prot, unsigned long pgoff,
			  unsigned long flags)
{
	struct mm_struct *mm = current->mm;
	unsigned long ret, vm_flags;

	pr_warn_once("%s (%d) uses deprecated remap_file_pages() syscall.\n", current->comm, current->pid);
	start &= PAGE_MASK;
	size &= PAGE_MASK;
	if (prot || start + size <= start || pgoff + (size >> PAGE_SHIFT) < pgoff)
		return -EINVAL;
	if (mmap_write_lock_killable(mm))
		return -EINTR;
	ret = remap(mm, start, size, pgoff, &vm_flags);
	mmap_write_unlock(mm);
	if (IS_ERR_VALUE(ret))
		return ret;
	if (!(flags & MAP_NONBLOCK) || (vm_flags & VM_LOCKED))
		(void)mm_populate(start, size);
	return 0;
}
