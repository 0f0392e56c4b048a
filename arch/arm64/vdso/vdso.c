// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapping the vDSO: its data page ([vvar], read-only) and above it the code ([vdso]), at an address that
 * get_unmapped_area() takes below the randomised mmap base.
 */
#include <kernel/lib/err.h>
#include <kernel/sched/sched.h>
#include <kernel/time/vdso_data.h>
#include <mm/mm.h>
#include <generated/vdso-offsets.h>
#include <asm/vdso.h>

#define VDSO_MAX_PAGES	4

struct vm_area_struct *arch_gate_vma(void)
{
	return NULL;
}

int arch_map_vdso(struct mm_struct *mm, unsigned long *ehdr)
{
	unsigned long text_len = vdso_image_end - vdso_image_start;
	struct page *pages[VDSO_MAX_PAGES + 1] = { virt_to_page(&vdso_data_page) };
	struct vm_area_struct *vma;
	unsigned long addr;

	*ehdr = 0;
	addr = get_unmapped_area(mm, 0, PAGE_SIZE + text_len, 0);
	if (IS_ERR_VALUE(addr))
		return -ENOMEM;
	vma = install_special_mapping(mm, addr, PAGE_SIZE, VM_READ | VM_MAYREAD, "[vvar]", pages);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	addr += PAGE_SIZE;
	ASSERT(text_len <= VDSO_MAX_PAGES * PAGE_SIZE);
	for (unsigned long off = 0; off < text_len; off += PAGE_SIZE)
		pages[off >> PAGE_SHIFT] = virt_to_page(vdso_image_start + off);
	pages[text_len >> PAGE_SHIFT] = NULL;
	vma = install_special_mapping(mm, addr, text_len,
				      VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC,
				      "[vdso]", pages);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	mm->vdso = addr;
	*ehdr = addr;
	return 0;
}

unsigned long vdso_sigreturn_address(void)
{
	unsigned long base = current->mm->vdso;

	return base ? base + VDSO_OFFSET_rt_sigreturn : 0;
}
