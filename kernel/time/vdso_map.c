// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mapping the vDSO: its data pages ([vvar], read-only for ever) and above them the code ([vdso]), which finds
 * the data by that distance.  Of the two the lower one is the clock's; the upper one is the same, or a time
 * namespace's.
 *
 * Locking: mmap_lock for write.
 */
#include <kernel/lib/err.h>
#include <kernel/lib/compiler.h>
#include <kernel/time/vdso_data.h>
#include <kernel/time/vdso_map.h>
#include <kernel/time_namespace.h>
#include <mm/mm.h>

#define VDSO_MAX_PAGES	4
#define VVAR_LEN	(2 * PAGE_SIZE)

static unsigned long text_len(const struct vdso_image *image)
{
	return image->end - image->start;
}

unsigned long vdso_map_len(const struct vdso_image *image)
{
	return VVAR_LEN + text_len(image);
}

struct vm_area_struct *vdso_map(struct mm_struct *mm, unsigned long addr, const struct vdso_image *image)
{
	unsigned long len = text_len(image);
	struct page *pages[VDSO_MAX_PAGES + 1] = { virt_to_page(&vdso_data_page), virt_to_page(&vdso_data_page) };
	struct vm_area_struct *vma;
	unsigned long nr = 0;

	vma = install_special_mapping(mm, addr, VVAR_LEN, VM_READ | VM_MAYREAD | VM_PFNMAP, "[vvar]", pages);
	if (IS_ERR(vma))
		return vma;
	special_mapping_choose(vma, timens_vvar_page);
	ASSERT(len <= VDSO_MAX_PAGES * PAGE_SIZE);
	for (; nr < len >> PAGE_SHIFT; nr++)
		pages[nr] = virt_to_page(image->start + (nr << PAGE_SHIFT));
	pages[nr] = NULL;
	return install_special_mapping(mm, addr + VVAR_LEN, len,
				       VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC, "[vdso]", pages);
}
