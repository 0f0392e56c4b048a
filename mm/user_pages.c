// SPDX-License-Identifier: GPL-2.0-only
/*
 * User memory seen from the kernel: faulting pages in, holding them, and reading or writing another
 * process's memory (ptrace, /proc/<pid>/mem, process_vm_readv).
 *
 * A page is looked up under page_table_lock, where it gets its reference; if it is not there (or
 * not writable) it is faulted in and looked up again.
 *
 * FOLL_FORCE writes to what the program may not write itself, a breakpoint in its text for
 * instance: the page is copied, and the copy stays read-only.
 *
 * Locking: mmap_lock for read.
 */
#include <fs/vfs.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <mm/filemap.h>
#include <mm/internal.h>
#include <mm/mm.h>
#include <asm/uaccess.h>

/* ---- one page --------------------------------------------------------------------------- */

/* May the entry be used for a write by the kernel? page_table_lock held. */
static bool may_write(const struct vm_area_struct *vma, const struct pte_info *info)
{
	struct page *page;

	if (info->shared)
		return false;
	if (info->write)
		return true;
	if ((vma->vm_flags & VM_WRITE) || info->special)
		return false;
	/* FOLL_FORCE: a private copy that nobody else sees. */
	page = phys_to_page(info->pa);
	return PageAnon(page) && page_count(page) == 1;
}

/* The page at @addr with a reference; NULL: fault first; ERR_PTR(-EFAULT): there is no page. */
static struct page *follow_page(struct vm_area_struct *vma, unsigned long addr, bool write)
{
	struct mm_struct *mm = vma->vm_mm;
	struct page *page = NULL;
	struct pte_info info;

	spin_lock(&mm->page_table_lock);
	if (pgtable_query(&mm->pgt, addr, &info) && (!write || may_write(vma, &info))) {
		if (info.special && info.pa != zero_page_pa) {
			page = ERR_PTR(-EFAULT);
		} else {
			page = phys_to_page(info.pa);
			get_page(page);
			pgtable_set_young(&mm->pgt, addr, write);
		}
	}
	spin_unlock(&mm->page_table_lock);
	return page;
}

static int fault_error(int ret)
{
	if (ret & VM_FAULT_OOM)
		return -ENOMEM;
	return ret & VM_FAULT_ERROR ? -EFAULT : 0;
}

static struct page *get_user_page(struct vm_area_struct *vma, unsigned long addr, bool write)
{
	struct page *page;
	int err;

	while (!(page = follow_page(vma, addr, write))) {
		if (fatal_signal_pending(current))
			return ERR_PTR(-EINTR);
		err = fault_error(handle_mm_fault(vma, addr, write ? FAULT_WRITE : FAULT_READ,
						  false));
		if (err)
			return ERR_PTR(err);
	}
	return page;
}

static bool access_ok_for(const struct vm_area_struct *vma, unsigned int flags)
{
	unsigned long have = vma->vm_flags;

	if (flags & FOLL_WRITE) {
		if (have & VM_WRITE)
			return true;
		return (flags & FOLL_FORCE) && is_cow_mapping(have);
	}
	if (have & (VM_READ | VM_WRITE | VM_EXEC))
		return true;
	return (flags & FOLL_FORCE) && (have & VM_MAYREAD);
}

/* The VMA of @addr; a stack is not grown here. */
static struct vm_area_struct *vma_for_access(struct mm_struct *mm, unsigned long addr,
					     unsigned int flags)
{
	struct vm_area_struct *vma = vma_lookup(mm, addr);

	return vma && access_ok_for(vma, flags) ? vma : NULL;
}

long get_user_pages(struct mm_struct *mm, unsigned long start, unsigned long nr, unsigned int flags,
		    struct page **pages)
{
	struct vm_area_struct *vma = NULL;
	unsigned long i;

	start &= PAGE_MASK;
	for (i = 0; i < nr; i++, start += PAGE_SIZE) {
		struct page *page;

		if (!vma || start >= vma->vm_end)
			vma = vma_for_access(mm, start, flags);
		if (!vma || (vma->vm_flags & (VM_IO | VM_PFNMAP)))
			return i ? (long)i : -EFAULT;
		page = get_user_page(vma, start, flags & FOLL_WRITE);
		if (IS_ERR(page))
			return i ? (long)i : PTR_ERR(page);
		pages[i] = page;
	}
	return (long)i;
}

/* ---- core dumps --------------------------------------------------------------------------- */

/* What nobody has touched, or only read, is a hole. */
static struct page *dump_page(struct vm_area_struct *vma, unsigned long addr)
{
	struct page *page;

	if ((vma->vm_flags & (VM_IO | VM_PFNMAP)) || !access_ok_for(vma, FOLL_FORCE))
		return NULL;
	page = get_user_page(vma, addr, false);
	if (IS_ERR(page))
		return NULL;
	if (page_to_phys(page) == zero_page_pa) {
		put_page(page);
		return NULL;
	}
	return page;
}

static unsigned long next_mapped_page(struct vm_area_struct *vma, unsigned long addr, unsigned long end)
{
	end = min(end, vma->vm_end);
	spin_lock(&vma->vm_mm->page_table_lock);
	addr = pgtable_next_mapped(&vma->vm_mm->pgt, addr, end);
	spin_unlock(&vma->vm_mm->page_table_lock);
	return addr;
}

bool vma_was_written(struct vm_area_struct *vma)
{
	if (!vma_is_anonymous(vma))
		return vma->has_anon;
	return next_mapped_page(vma, vma->vm_start, vma->vm_end) < vma->vm_end;
}

struct page *next_dump_page(unsigned long *addr, unsigned long end)
{
	struct mm_struct *mm = current->mm;
	struct page *page = NULL;

	mmap_read_lock(mm);
	while (*addr < end && !fatal_signal_pending(current)) {
		struct vm_area_struct *vma = vma_lookup(mm, *addr);

		if (vma && vma_is_anonymous(vma)) {
			unsigned long next = next_mapped_page(vma, *addr, end);

			if (next != *addr) {
				*addr = next;
				continue;
			}
		}
		page = vma ? dump_page(vma, *addr) : NULL;
		if (page)
			break;
		*addr += PAGE_SIZE;
	}
	mmap_read_unlock(mm);
	return page;
}

/* ---- making pages resident -------------------------------------------------------------- */

/* Like the access itself would, page by page, without holding them. mmap_lock held. */
static int populate_vma(struct vm_area_struct *vma, unsigned long lo, unsigned long hi, bool write)
{
	for (; lo < hi; lo += PAGE_SIZE) {
		struct page *page;

		if (vma->vm_flags & (VM_IO | VM_PFNMAP))
			return 0;
		page = get_user_page(vma, lo, write);
		if (IS_ERR(page))
			return PTR_ERR(page);
		put_page(page);
		cond_resched();
	}
	return 0;
}

/* MAP_POPULATE and mlock: what is not mapped is stepped over; private memory is made writable at
 * once. */
int mm_populate(unsigned long addr, unsigned long len)
{
	struct mm_struct *mm = current->mm;
	unsigned long end = addr + len;
	struct vm_area_struct *vma;
	int err = 0;

	mmap_read_lock(mm);
	for (vma = vma_find(mm, addr); !err && vma && vma->vm_start < end; vma = vma_next(vma)) {
		bool write = (vma->vm_flags & (VM_WRITE | VM_SHARED)) == VM_WRITE;

		if (vma->vm_flags & VM_LOCKONFAULT)
			continue;
		if (!(vma->vm_flags & VM_ACCESS_FLAGS)) {
			err = -EFAULT;
			break;
		}
		err = populate_vma(vma, max(vma->vm_start, addr), min(vma->vm_end, end), write);
	}
	mmap_read_unlock(mm);
	return err;
}

int populate_range(unsigned long start, unsigned long end, bool write)
{
	struct mm_struct *mm = current->mm;
	struct vm_area_struct *vma;
	int err = 0;

	mmap_read_lock(mm);
	while (!err && start < end) {
		vma = vma_lookup(mm, start);
		if (!vma)
			err = -ENOMEM;
		else if ((vma->vm_flags & (VM_IO | VM_PFNMAP)) ||
			 !access_ok_for(vma, write ? FOLL_WRITE : 0))
			err = -EINVAL;
		else
			err = populate_vma(vma, start, min(vma->vm_end, end), write);
		if (!err)
			start = min(vma->vm_end, end);
	}
	mmap_read_unlock(mm);
	return err;
}

int fault_in_user(unsigned long addr, size_t len, bool write)
{
	struct mm_struct *mm = current->mm;
	unsigned long end = addr + len;
	int err = 0;

	if (!len)
		return 0;
	if (!mm || end < addr || end > TASK_SIZE)
		return -EFAULT;
	mmap_read_lock(mm);
	for (addr &= PAGE_MASK; !err && addr < end; addr += PAGE_SIZE) {
		struct vm_area_struct *vma = vma_for_access(mm, addr, write ? FOLL_WRITE : 0);
		struct page *page = vma ? get_user_page(vma, addr, write) : ERR_PTR(-EFAULT);

		if (IS_ERR(page))
			err = -EFAULT;
		else
			put_page(page);
	}
	mmap_read_unlock(mm);
	return err;
}

/* ---- another process's memory ----------------------------------------------------------- */

static void copy_part(struct vm_area_struct *vma, struct page *page, unsigned long addr, void *buf,
		      size_t n, bool write)
{
	char *p = (char *)page_address(page) + (addr & ~PAGE_MASK);

	if (!write) {
		memcpy(buf, p, n);
		return;
	}
	memcpy(p, buf, n);
	if (vma->vm_flags & VM_EXEC)
		cache_sync_code(p, n);
	else
		ClearPageExecSynced(page);
	if (!PageAnon(page))
		set_page_dirty(page);
}

/* Inside one page: bytes done, 0 at a place that cannot be accessed. */
static int access_part(struct mm_struct *mm, unsigned long addr, void *buf, size_t n,
		       unsigned int flags)
{
	struct vm_area_struct *vma = vma_for_access(mm, addr, flags);
	bool write = flags & FOLL_WRITE;
	struct page *page;
	int done;

	if (!vma)
		return 0;
	if (vma->vm_flags & (VM_IO | VM_PFNMAP)) {
		if (!vma->vm_ops || !vma->vm_ops->access)
			return 0;
		done = vma->vm_ops->access(vma, addr, buf, (int)n, write);
		return done > 0 ? done : 0;
	}
	page = get_user_page(vma, addr & PAGE_MASK, write);
	if (IS_ERR(page))
		return 0;
	copy_part(vma, page, addr, buf, n, write);
	put_page(page);
	return (int)n;
}

int access_remote_vm(struct mm_struct *mm, unsigned long addr, void *buf, int len,
		     unsigned int flags)
{
	int done = 0, n;

	mmap_read_lock(mm);
	while (done < len) {
		size_t part = min_t(size_t, len - done, PAGE_SIZE - (addr & ~PAGE_MASK));

		n = access_part(mm, addr, (char *)buf + done, part, flags);
		done += n;
		addr += n;
		if (n < (int)part)
			break;
	}
	mmap_read_unlock(mm);
	return done;
}

int access_process_vm(struct task_struct *t, unsigned long addr, void *buf, int len,
		      unsigned int flags)
{
	struct mm_struct *mm = get_task_mm(t);
	int done;

	if (!mm)
		return 0;
	done = access_remote_vm(mm, addr, buf, len, flags);
	mmput(mm);
	return done;
}
