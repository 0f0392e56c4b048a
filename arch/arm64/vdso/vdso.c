// SPDX-License-Identifier: GPL-2.0-only
/*
 * What exec maps into every program: the vDSO, at an address that get_unmapped_area() takes below the
 * randomised mmap base.  32-bit programs have pages of their own (compat/process.c).
 */
#include <kernel/compat.h>
#include <kernel/lib/err.h>
#include <kernel/sched/sched.h>
#include <kernel/time/vdso_map.h>
#include <mm/mm.h>
#include <generated/vdso-offsets.h>
#include <asm/compat.h>
#include <asm/vdso.h>

struct vm_area_struct *arch_gate_vma(void)
{
	return NULL;
}

static const struct vdso_image image = { vdso_image_start, vdso_image_end };

int arch_map_vdso(struct mm_struct *mm, unsigned long *ehdr)
{
	struct vm_area_struct *vma;
	unsigned long addr;

	*ehdr = 0;
	if (is_compat_task())
		return compat_map_pages(mm, ehdr);
	addr = get_unmapped_area(mm, 0, vdso_map_len(&image), 0);
	if (IS_ERR_VALUE(addr))
		return -ENOMEM;
	vma = vdso_map(mm, addr, &image);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	special_mapping_is_home(vma);
	*ehdr = vma->vm_start;
	return 0;
}

unsigned long vdso_sigreturn_address(void)
{
	unsigned long base = current->mm->vdso;

	return base ? base + VDSO_OFFSET_rt_sigreturn : 0;
}
