// SPDX-License-Identifier: GPL-2.0-only
/* mincore: which pages are in memory. Locking: mmap_lock for read; answers go out without it. */
#include <fs/vfs.h>
#include <generated/syscalls.h>
#include <mm/filemap.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <asm/uaccess.h>

#define CHUNK	512	/* answers collected before they are copied out */

static bool page_in_memory(struct vm_area_struct *vma, unsigned long addr)
{
	struct mm_struct *mm = vma->vm_mm;
	struct pte_info info;
	struct page *page;
	bool there;

	spin_lock(&mm->page_table_lock);
	there = pgtable_query(&mm->pgt, addr, &info);
	spin_unlock(&mm->page_table_lock);
	if (there || !vma->vm_file || vma_is_anonymous(vma))
		return there;
	page = find_get_page(vma->vm_file->f_mapping,
			     vma->vm_pgoff + ((addr - vma->vm_start) >> PAGE_SHIFT));
	if (!page)
		return false;
	there = PageUptodate(page);
	put_page(page);
	return there;
}

/* Answers for up to @n pages from @addr: how many, or -ENOMEM when the first is not mapped. */
static long collect(struct mm_struct *mm, unsigned long addr, unsigned long n, unsigned char *vec)
{
	struct vm_area_struct *vma = vma_lookup(mm, addr);
	unsigned long i;

	if (!vma)
		return -ENOMEM;
	n = min(n, (vma->vm_end - addr) >> PAGE_SHIFT);
	for (i = 0; i < n; i++)
		vec[i] = page_in_memory(vma, addr + (i << PAGE_SHIFT));
	return (long)n;
}

long sys_mincore(unsigned long start, size_t len, unsigned char __user *vec)
{
	unsigned long pages = (len >> PAGE_SHIFT) + !!(len & ~PAGE_MASK);
	unsigned char chunk[CHUNK];
	long n;

	if (start & ~PAGE_MASK)
		return -EINVAL;
	if (start > TASK_SIZE || len > TASK_SIZE - start)
		return -ENOMEM;
	while (pages) {
		mmap_read_lock(current->mm);
		n = collect(current->mm, start, min(pages, (unsigned long)CHUNK), chunk);
		mmap_read_unlock(current->mm);
		if (n < 0)
			return n;
		if (copy_to_user(vec, chunk, n))
			return -EFAULT;
		pages -= n;
		vec += n;
		start += (unsigned long)n << PAGE_SHIFT;
	}
	return 0;
}
