// SPDX-License-Identifier: GPL-2.0-only
/*
 * What exec maps into every program: the sigpage (kuser.S), and above it the vDSO, at an address that
 * get_unmapped_area() takes below the randomised mmap base; and the vectors page, which is there anyway.
 */
#include <kernel/arch.h>
#include <kernel/lib/err.h>
#include <kernel/time/vdso_map.h>
#include <mm/mm.h>
#include <asm/entry.h>
#include <asm/vdso.h>

static const char *gate_name(struct vm_area_struct *vma)
{
	return "[vectors]";
}

/* The vectors page with the user helpers: kernel memory that user code may execute. */
struct vm_area_struct *arch_gate_vma(void)
{
	static const struct vm_operations gate_ops = { .name = gate_name };
	static struct vm_area_struct gate = {
		.vm_start = 0xffff0000, .vm_end = 0xffff0000 + PAGE_SIZE, .vm_mm = &init_mm, .vm_ops = &gate_ops,
		.vm_flags = VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYEXEC,
	};

	return &gate;
}

static const struct vdso_image image = { vdso_image_start, vdso_image_end };

int arch_map_vdso(struct mm_struct *mm, unsigned long *ehdr)
{
	struct page *pages[] = { virt_to_page(sigpage), NULL };
	unsigned long addr = get_unmapped_area(mm, 0, PAGE_SIZE + vdso_map_len(&image), 0);
	struct vm_area_struct *vma;

	*ehdr = 0;
	if (IS_ERR_VALUE(addr))
		return -ENOMEM;
	vma = install_special_mapping(mm, addr, PAGE_SIZE, VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYEXEC,
				      "[sigpage]", pages);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	special_mapping_is_home(vma);
	vma = vdso_map(mm, addr + PAGE_SIZE, &image);
	if (IS_ERR(vma))
		return PTR_ERR(vma);
	*ehdr = vma->vm_start;
	return 0;
}
