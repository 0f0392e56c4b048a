// SPDX-License-Identifier: GPL-2.0-only
/*
 * /proc/<pid>/pagemap, a 64-bit word for each page of the address space, and clear_refs, which makes all pages
 * count as not used.
 *
 * Locking: mmap_lock (read) for a piece of the address space, page_table_lock inside.
 */
#include <fs/procfs/internal.h>

#include <kernel/cred.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>
#include <kernel/user_namespace.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

/* ---- pagemap ------------------------------------------------------------------------------- */

#define PM_EXCLUSIVE	(1ULL << 56)	/* mapped here only */
#define PM_FILE		(1ULL << 61)	/* of a file, or shared anonymous memory */
#define PM_PRESENT	(1ULL << 63)
#define PM_CHUNK	256		/* pages looked at in one go */

/* Frame numbers are for those only who may do anything: they help to attack other processes. */
static u64 describe_page(const struct pte_info *info, bool show_frame)
{
	u64 entry = PM_PRESENT | (show_frame ? info->pa >> PAGE_SHIFT : 0);
	const struct page *page;

	if (info->special)
		return entry;
	page = phys_to_page(info->pa);
	if (!PageAnon(page))
		entry |= PM_FILE;
	if (atomic_read(&page->mapcount) == 1 && info->sharers == 1)
		entry |= PM_EXCLUSIVE;
	return entry;
}

static void describe_range(struct mm_struct *mm, unsigned long addr, u64 *entries, unsigned int n, bool show_frame)
{
	unsigned long end = addr + n * PAGE_SIZE, at = addr;
	struct pte_info info;

	memset(entries, 0, n * sizeof(*entries));
	mmap_read_lock(mm);
	spin_lock(&mm->page_table_lock);
	while ((at = pgtable_next_mapped(&mm->pgt, at, end)) < end) {
		if (pgtable_query(&mm->pgt, at, &info) && info.present)
			entries[(at - addr) >> PAGE_SHIFT] = describe_page(&info, show_frame);
		at += PAGE_SIZE;
	}
	spin_unlock(&mm->page_table_lock);
	mmap_read_unlock(mm);
}

static ssize_t read_pagemap(struct mm_struct *mm, bool show_frame, char __user *buf, size_t count, loff_t *pos)
{
	u64 *entries = kmalloc(PM_CHUNK * sizeof(*entries), GFP_KERNEL);
	loff_t size = (loff_t)(mm->task_size >> PAGE_SHIFT) * sizeof(*entries);
	size_t done = 0, n;

	if (!entries)
		return -ENOMEM;
	while (done < count && *pos < size) {
		n = min_t(u64, min_t(u64, count - done, size - *pos), PM_CHUNK * sizeof(*entries));
		describe_range(mm, (unsigned long)(*pos / sizeof(*entries)) << PAGE_SHIFT, entries,
			       n / sizeof(*entries), show_frame);
		if (copy_to_user(buf + done, entries, n))
			break;
		done += n;
		*pos += n;
		if (fatal_signal_pending(current))
			break;
	}
	kfree(entries);
	return done || *pos >= size || !count ? (ssize_t)done : -EFAULT;
}

static ssize_t pagemap_read(struct file *file, char __user *buf, size_t count, loff_t *pos)
{
	struct task_struct *t = get_proc_task(file_inode(file));
	struct mm_struct *mm;
	ssize_t ret = -EINVAL;

	if (!t)
		return 0;
	mm = mm_access(t, PTRACE_MODE_READ_FSCREDS);
	put_task_struct(t);
	if (IS_ERR_OR_NULL(mm))
		return PTR_ERR(mm);
	if (!((*pos | count) % sizeof(u64)))
		ret = read_pagemap(mm, file_ns_capable(file->f_cred, &init_user_ns, CAP_SYS_ADMIN), buf, count, pos);
	mmput(mm);
	return ret;
}

const struct file_operations proc_pagemap_fops = { .read = pagemap_read, .llseek = generic_file_llseek };

/* ---- clear_refs ---------------------------------------------------------------------------- */

enum { CLEAR_ALL = 1, CLEAR_ANON, CLEAR_MAPPED, CLEAR_SOFT_DIRTY, CLEAR_HIWATER_RSS };

static void clear_young(struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long at = vma->vm_start;

	spin_lock(&mm->page_table_lock);
	while ((at = pgtable_next_mapped(&mm->pgt, at, vma->vm_end)) < vma->vm_end) {
		pgtable_clear_young(&mm->pgt, at);
		at += PAGE_SIZE;
	}
	spin_unlock(&mm->page_table_lock);
}

/* There is no soft-dirty bit, as on Linux for these architectures. */
static void clear_refs(struct mm_struct *mm, int what)
{
	struct vm_area_struct *vma;

	mmap_read_lock(mm);
	if (what == CLEAR_HIWATER_RSS)
		mm->hiwater_rss = get_mm_rss(mm);
	for_each_vma(mm, vma)
		if (what == CLEAR_ALL || (what == CLEAR_ANON && !vma->vm_file) ||
		    (what == CLEAR_MAPPED && vma->vm_file))
			clear_young(vma);
	mmap_read_unlock(mm);
	if (what <= CLEAR_MAPPED)
		tlb_flush_mm(mm);
}

static ssize_t clear_refs_write(struct file *file, const char __user *ubuf, size_t count, loff_t *pos)
{
	struct task_struct *t;
	struct mm_struct *mm;
	char text[16] = "";
	int what;

	if (copy_from_user(text, ubuf, min(count, sizeof(text) - 1)))
		return -EFAULT;
	if (kstrtoint(strim(text), 10, &what))
		return -EINVAL;
	if (what < CLEAR_ALL || what > CLEAR_HIWATER_RSS)
		return -EINVAL;
	t = get_proc_task(file_inode(file));
	if (!t)
		return -ESRCH;
	mm = get_task_mm(t);
	put_task_struct(t);
	if (mm) {
		clear_refs(mm, what);
		mmput(mm);
	}
	return count;
}

const struct file_operations proc_clear_refs_fops = { .write = clear_refs_write, .llseek = noop_llseek };
