// SPDX-License-Identifier: GPL-2.0-only
/*
 * Mappings that the kernel makes of pages it has: [vdso] and friends, device memory, the argument
 * pages of exec.
 *
 * Locking: mmap_lock for write; page_table_lock inside.
 */
#include <kernel/lib/err.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <mm/slab.h>

/* ---- [vdso], [sigpage]: a fixed set of pages under a name ------------------------------- */

/* Shared by all copies of the VMA (fork, split); lives as long as one of them. */
struct special_mapping {
	atomic_t	users;		/* [a] VMAs */
	const char	*name;		/* [I] */
	unsigned long	nr;		/* [I] */
	bool		home;		/* [I] mm->vdso says where it is */
	special_page_fn	*choose;	/* [I] NULL: @pages */
	struct page	*pages[];	/* [I] */
};

static void special_open(struct vm_area_struct *vma)
{
	struct special_mapping *s = vma->vm_private_data;

	atomic_inc(&s->users);
}

static void special_close(struct vm_area_struct *vma)
{
	struct special_mapping *s = vma->vm_private_data;

	if (atomic_dec_and_test(&s->users))
		kfree(s);
}

static int special_fault(struct vm_fault *vmf)
{
	struct special_mapping *s = vmf->vma->vm_private_data;

	if (vmf->pgoff >= s->nr)
		return VM_FAULT_SIGBUS;
	vmf->page = s->choose ? s->choose(vmf->vma, vmf->pgoff) : s->pages[vmf->pgoff];
	if (!vmf->page)
		return VM_FAULT_SIGBUS;
	get_page(vmf->page);
	return 0;
}

static const char *special_name(struct vm_area_struct *vma)
{
	struct special_mapping *s = vma->vm_private_data;

	return s->name;
}

/* Following its move: the signal code asks mm->vdso. */
static int special_mremap(struct vm_area_struct *vma)
{
	struct special_mapping *s = vma->vm_private_data;

	if (s->home)
		current->mm->vdso = vma->vm_start;
	return 0;
}

static const struct vm_operations special_ops = {
	.open	= special_open,
	.close	= special_close,
	.fault	= special_fault,
	.name	= special_name,
	.mremap	= special_mremap,
	.whole	= true,
};

struct vm_area_struct *install_special_mapping(struct mm_struct *mm, unsigned long addr,
		unsigned long len, unsigned long vm_flags, const char *name, struct page **pages)
{
	unsigned long nr = 0;
	struct special_mapping *s;
	struct vm_area_struct *vma;

	while (nr < len >> PAGE_SHIFT && pages[nr])
		nr++;
	s = kmalloc(sizeof(*s) + nr * sizeof(s->pages[0]), GFP_KERNEL);
	vma = vma_alloc(mm);
	if (!s || !vma)
		goto fail;
	atomic_set(&s->users, 1);
	s->name = name;
	s->nr = nr;
	s->home = false;
	s->choose = NULL;
	while (nr--)
		s->pages[nr] = pages[nr];
	vma->vm_start = addr;
	vma->vm_end = addr + len;
	vma->vm_flags = vm_flags | mm->def_flags | VM_DONTEXPAND;
	vma->vm_flags &= ~(VM_LOCKED | VM_LOCKONFAULT);
	vma_set_page_prot(vma);
	if (vma_insert(mm, vma))
		goto fail;
	vma->vm_ops = &special_ops;
	vma->vm_private_data = s;
	vm_stat_account(mm, vma->vm_flags, len >> PAGE_SHIFT);
	return vma;

fail:
	if (vma)
		vma_free(vma);
	kfree(s);
	return ERR_PTR(-ENOMEM);
}

void special_mapping_is_home(struct vm_area_struct *vma)
{
	struct special_mapping *s = vma->vm_private_data;

	s->home = true;
	vma->vm_mm->vdso = vma->vm_start;
}

void special_mapping_choose(struct vm_area_struct *vma, special_page_fn *choose)
{
	struct special_mapping *s = vma->vm_private_data;

	s->choose = choose;
}

void special_mapping_forget(struct mm_struct *mm, special_page_fn *choose)
{
	struct vm_area_struct *vma;
	struct tlb_batch batch;

	down_write(&mm->mmap_lock);
	tlb_batch_init(&batch, mm, false);
	for_each_vma(mm, vma) {
		const struct special_mapping *s = vma->vm_private_data;

		if (vma->vm_ops == &special_ops && s->choose == choose)
			unmap_range(mm, vma->vm_start, vma->vm_end, &batch);
	}
	tlb_batch_finish(&batch);
	up_write(&mm->mmap_lock);
}

/* ---- device memory ---------------------------------------------------------------------- */

static int map_pfns(struct mm_struct *mm, unsigned long addr, unsigned long pfn, unsigned long end,
		    pgprot_t prot)
{
	int err = 0;

	spin_lock(&mm->page_table_lock);
	for (; addr < end && !err; addr += PAGE_SIZE, pfn++)
		err = pgtable_map(&mm->pgt, addr, pfn_to_phys(pfn), prot);
	spin_unlock(&mm->page_table_lock);
	return err;
}

int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn,
		    unsigned long size, pgprot_t prot)
{
	unsigned long end = addr + ALIGN(size, PAGE_SIZE);
	int err;

	if ((addr & ~PAGE_MASK) || addr < vma->vm_start || end > vma->vm_end)
		return -EINVAL;
	/* Copy-on-write cannot tell what belongs to whom: only whole mappings. */
	if (is_cow_mapping(vma->vm_flags)) {
		if (addr != vma->vm_start || end != vma->vm_end)
			return -EINVAL;
		prot = pgprot_readonly(prot);
	}
	vma->vm_flags |= VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
	vma->vm_pgoff = pfn;
	err = map_pfns(vma->vm_mm, addr, pfn, end, pgprot_special(prot));
	if (err) {
		struct tlb_batch batch;

		tlb_batch_init(&batch, vma->vm_mm, false);
		unmap_range(vma->vm_mm, addr, end, &batch);
		tlb_batch_finish(&batch);
	}
	return err;
}

/* ---- single pages ----------------------------------------------------------------------- */

static int insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page,
		       pgprot_t prot)
{
	struct mm_struct *mm = vma->vm_mm;
	int err;

	page_add_mapping(page);
	spin_lock(&mm->page_table_lock);
	err = pgtable_map(&mm->pgt, addr, page_to_phys(page), prot);
	spin_unlock(&mm->page_table_lock);
	if (err)
		page_remove_mapping(page);
	else
		add_mm_counter(mm, mm_counter_of(page), 1);
	return err;
}

int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	int err;

	if (addr < vma->vm_start || addr >= vma->vm_end || PageAnon(page))
		return -EFAULT;
	get_page(page);
	err = insert_page(vma, addr & PAGE_MASK, page, vma->vm_page_prot);
	if (err)
		put_page(page);
	return err;
}

int vma_insert_anon_page(struct vm_area_struct *vma, unsigned long addr, struct page *page)
{
	int err;

	SetPageAnon(page);
	mod_page_stat(NR_ANON_PAGES, 1);
	err = insert_page(vma, addr & PAGE_MASK, page, pgprot_dirty(vma->vm_page_prot));
	if (err) {
		ClearPageAnon(page);
		mod_page_stat(NR_ANON_PAGES, -1);
	}
	return err;
}
