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

/*
 * What the cache has of [first, first + n) and may be mapped, locked and with a reference; NULL for
 * the others.  Nothing here may wait.
 */
static bool grab_pages(struct address_space *m, pgoff_t first, unsigned int n, struct page **pages)
{
	const unsigned long state = 1UL << PG_uptodate | 1UL << PG_locked;
	pgoff_t end = pages_of_file(m->host);
	unsigned long flags;
	bool any = false;

	spin_lock_irqsave(&m->lock, flags);
	xa_load_range(&m->i_pages, first, (void **)pages, n);
	for (unsigned int i = 0; i < n; i++) {
		struct page *page = pages[i];

		if (!page)
			continue;
		pages[i] = NULL;
		if (first + i >= end || (READ_ONCE(page->flags) & state) != 1UL << PG_uptodate ||
		    !trylock_page(page))
			continue;
		get_page(page);
		pages[i] = page;
		any = true;
	}
	spin_unlock_irqrestore(&m->lock, flags);
	return any;
}

/* Unlock the pages; who was not mapped gives its reference back. */
static unsigned int ungrab_pages(struct page **pages, unsigned int n, unsigned long mapped)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < n; i++) {
		if (!pages[i])
			continue;
		unlock_page(pages[i]);
		if (mapped & 1UL << i)
			count++;
		else
			put_page(pages[i]);
	}
	return count;
}

/*
 * Fault-around: a program that runs here has its pages in the cache, and 8 at once cost about as
 * much as one more fault.  One way down the page tables and one down the cache's tree serve all of them:
 * 60 instructions a page instead of 320.
 */
bool filemap_map_pages(struct vm_fault *vmf, pgoff_t first, pgoff_t last)
{
	struct vm_area_struct *vma = vmf->vma;
	struct address_space *m = vma->vm_file->f_mapping;
	unsigned long addr = vma->vm_start + ((first - vma->vm_pgoff) << PAGE_SHIFT), mapped;
	struct page *pages[FAULT_AROUND_PAGES];
	unsigned int n = last - first + 1;
	pgprot_t prot = vma->vm_page_prot;

	if (!grab_pages(m, first, n, pages))
		return false;
	if (!(vma->vm_flags & VM_SHARED) || vma_wants_write_notify(vma))
		prot = pgprot_readonly(prot);
	for (unsigned int i = 0; (vma->vm_flags & VM_EXEC) && i < n; i++)
		if (pages[i])
			sync_exec_page(vma, pages[i]);
	spin_lock(&vma->vm_mm->page_table_lock);
	mapped = pgtable_map_pages(&vma->vm_mm->pgt, addr, pages, n, prot);
	spin_unlock(&vma->vm_mm->page_table_lock);
	n = ungrab_pages(pages, n, mapped);
	if (n)
		add_mm_counter(vma->vm_mm, m->unevictable ? MM_SHMEMPAGES : MM_FILEPAGES, n);
	return mapped & 1UL << (vmf->pgoff - first);
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
