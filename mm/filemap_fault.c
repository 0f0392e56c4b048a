// SPDX-License-Identifier: GPL-2.0-only
/*
 * Page faults on files: generic_file_vm_ops.
 *
 * A page is mapped while it is locked and still belongs to the file and lies before its end;
 * truncation moves the end first, then locks each page, so it sees every mapping that was made
 * before.
 *
 * Locking: mmap_lock held for read; page lock > page_table_lock > mapping->lock.
 */
#include <fs/vfs.h>
#include <mm/filemap.h>
#include <mm/internal.h>

#define MAP_AROUND 16

static pgoff_t pages_of_file(struct inode *inode)
{
	return (pgoff_t)((i_size_read(inode) + PAGE_SIZE - 1) >> PAGE_SHIFT);
}

/* The page, read and locked: 0 or VM_FAULT_*. */
static int get_uptodate_page(struct vm_fault *vmf, struct address_space *m)
{
	struct file *file = vmf->vma->vm_file;
	struct page *page = find_get_page(m, vmf->pgoff);
	int major = 0;

	if (!page) {
		major = VM_FAULT_MAJOR;
		readahead_on_miss(m, file, vmf->pgoff);
	} else if (!PageUptodate(page)) {
		put_page(page);
		page = NULL;
	}
	if (!page) {
		page = read_mapping_page(m, vmf->pgoff, file);
		if (IS_ERR(page))
			return PTR_ERR(page) == -ENOMEM ? VM_FAULT_OOM :
			       PTR_ERR(page) == -EINTR ? VM_FAULT_NOPAGE : VM_FAULT_SIGBUS;
	}
	lock_page(page);
	if (unlikely(page->mapping != m || !PageUptodate(page))) {
		unlock_page(page);
		put_page(page);
		return VM_FAULT_NOPAGE;		/* truncated: the access is tried again */
	}
	vmf->page = page;
	return major | VM_FAULT_LOCKED;
}

int filemap_fault(struct vm_fault *vmf)
{
	struct address_space *m = vmf->vma->vm_file->f_mapping;
	int ret;

	if (unlikely(vmf->pgoff >= pages_of_file(m->host)))
		return VM_FAULT_SIGBUS;
	ret = get_uptodate_page(vmf, m);
	if (!(ret & VM_FAULT_LOCKED))
		return ret;
	if (unlikely(vmf->pgoff >= pages_of_file(m->host))) {
		unlock_page(vmf->page);
		put_page(vmf->page);
		return VM_FAULT_SIGBUS;
	}
	return ret;
}

/* page_table_lock held. Maps the locked @page; its reference is the mapping's if it returns
 * true. */
static bool map_cached_page(struct vm_fault *vmf, struct page *page, pgprot_t prot, bool *target)
{
	struct vm_area_struct *vma = vmf->vma;
	unsigned long addr = vma->vm_start + ((page->index - vma->vm_pgoff) << PAGE_SHIFT);
	int err;

	page_add_mapping(page);
	sync_exec_page(vma, page);
	err = pgtable_map(&vma->vm_mm->pgt, addr, page_to_phys(page), prot);
	if (err)
		page_remove_mapping(page);
	if (addr == vmf->address && (!err || err == -EEXIST))
		*target = true;
	return !err;
}

bool filemap_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *m = vma->vm_file->f_mapping;
	struct page *pages[MAP_AROUND];
	bool mine[MAP_AROUND] = { false }, target = false;
	unsigned int n, i, mapped = 0, counter = MM_FILEPAGES;
	pgprot_t prot = vma->vm_page_prot;
	pgoff_t end = pages_of_file(m->host);

	n = find_get_pages(m, first, last, XA_PRESENT, pages, MAP_AROUND);
	if (!n)
		return false;
	if (!(vma->vm_flags & VM_SHARED) || vma_wants_write_notify(vma))
		prot = pgprot_readonly(prot);
	for (i = 0; i < n; i++)		/* nothing here may wait */
		mine[i] = trylock_page(pages[i]);
	spin_lock(&vma->vm_mm->page_table_lock);
	for (i = 0; i < n; i++) {
		struct page *page = pages[i];

		if (!mine[i] || page->mapping != m || !PageUptodate(page) || page->index >= end)
			continue;
		if (map_cached_page(vmf, page, prot, &target)) {
			counter = mm_counter_of(page);
			mapped++;
			get_page(page);	/* the look-up's goes below */
		}
	}
	spin_unlock(&vma->vm_mm->page_table_lock);
	add_mm_counter(vma->vm_mm, counter, mapped);
	for (i = 0; i < n; i++) {
		if (mine[i])
			unlock_page(pages[i]);
		put_page(pages[i]);
	}
	return target;
}

int filemap_page_mkwrite(struct vm_fault *vmf)
{
	struct file *file = vmf->vma->vm_file;
	struct page *page = vmf->page;

	file_update_time(file);
	lock_page(page);
	if (page->mapping != file->f_mapping) {
		unlock_page(page);
		return VM_FAULT_NOPAGE;
	}
	set_page_dirty(page);
	return VM_FAULT_LOCKED;
}

const struct vm_operations generic_file_vm_ops = {
	.fault		= filemap_fault,
	.map_pages	= filemap_map_pages,
	.page_mkwrite	= filemap_page_mkwrite,
};

int generic_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	const struct address_space_operations *a_ops = file->f_mapping->a_ops;

	if (!a_ops || !a_ops->readpage)
		return -ENOEXEC;
	/* Where nothing can be written back, nothing may be written. */
	if ((vma->vm_flags & VM_SHARED) && (vma->vm_flags & VM_MAYWRITE) && !a_ops->writepage &&
	    !file->f_mapping->unevictable)
		return -EINVAL;
	file_accessed(file);
	vma->vm_ops = &generic_file_vm_ops;
	return 0;
}
