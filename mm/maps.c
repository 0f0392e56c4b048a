// SPDX-License-Identifier: GPL-2.0-only
/*
 * The text of /proc/<pid>/maps, smaps, smaps_rollup and numa_maps, to the letter as Linux writes it.
 *
 * Locking: the mm's mmap_lock, held for read by procfs; page_table_lock while pages are counted.
 */
#include <fs/seq_file.h>
#include <fs/vfs.h>
#include <kernel/lib/math64.h>
#include <mm/internal.h>
#include <mm/mempolicy.h>
#include <mm/mm.h>

/* Where the name begins, in a line of maps. */
#define NAME_COLUMN	(25 + sizeof(void *) * 6 - 1)

/* ---- maps ------------------------------------------------------------------------------- */

static void show_prefix(struct seq_file *m, unsigned long start, unsigned long end,
			unsigned long flags, u64 offset, dev_t dev, u64 ino)
{
	seq_setwidth(m, NAME_COLUMN);
	seq_printf(m, "%08lx-%08lx %c%c%c%c %08llx %02x:%02x %llu ", start, end,
		   flags & VM_READ ? 'r' : '-', flags & VM_WRITE ? 'w' : '-',
		   flags & VM_EXEC ? 'x' : '-', flags & VM_MAYSHARE ? 's' : 'p',
		   (unsigned long long)offset, MAJOR(dev), MINOR(dev), (unsigned long long)ino);
}

static const char *anon_name(const struct vm_area_struct *vma)
{
	const struct mm_struct *mm = vma->vm_mm;

	if (vma->vm_start <= mm->brk && vma->vm_end >= mm->start_brk && mm->brk > mm->start_brk)
		return "[heap]";
	if (vma->vm_start <= mm->start_stack && vma->vm_end >= mm->start_stack)
		return "[stack]";
	return NULL;
}

static void show_name(struct seq_file *m, struct vm_area_struct *vma)
{
	const char *name = NULL;

	if (vma->vm_file) {
		seq_pad(m, ' ');
		seq_file_path(m, vma->vm_file, "\n");
		return;
	}
	if (vma->vm_ops && vma->vm_ops->name)
		name = vma->vm_ops->name(vma);
	if (!name)
		name = anon_name(vma);
	if (name) {
		seq_pad(m, ' ');
		seq_puts(m, name);
	}
}

void show_map_vma(struct seq_file *m, struct vm_area_struct *vma)
{
	u64 offset = 0, ino = 0;
	dev_t dev = 0;

	if (vma->vm_file) {
		struct inode *inode = file_inode(vma->vm_file);

		dev = inode->i_sb->s_dev;
		ino = inode->i_ino;
		offset = (u64)vma->vm_pgoff << PAGE_SHIFT;
	}
	show_prefix(m, vma->vm_start, vma->vm_end, vma->vm_flags, offset, dev, ino);
	show_name(m, vma);
	seq_putc(m, '\n');
}

/* ---- smaps ------------------------------------------------------------------------------ */

#define PSS_SHIFT 12	/* fractions of a byte, so that shares of many do not vanish */

struct mem_stats {
	u64 rss, shared_clean, shared_dirty, private_clean, private_dirty, referenced, anonymous;
	u64 pss, pss_anon, pss_file, pss_shmem, pss_dirty, pss_locked;
};

static void count_page(struct mem_stats *s, struct page *page, const struct pte_info *info,
		       bool locked)
{
	/* A table that is shared counts once. */
	int users = atomic_read(&page->mapcount) - 1 + (int)info->sharers;
	u64 share = (u64)PAGE_SIZE << PSS_SHIFT;
	/* Private memory has no other home: it is dirty by nature. */
	bool dirty = info->dirty || PageDirty(page) || PageAnon(page);

	if (users > 1)
		share = div_u64(share, users);
	s->rss += PAGE_SIZE;
	s->pss += share;
	if (PageAnon(page)) {
		s->anonymous += PAGE_SIZE;
		s->pss_anon += share;
	} else if (PageSwapBacked(page)) {
		s->pss_shmem += share;
	} else {
		s->pss_file += share;
	}
	if (locked)
		s->pss_locked += share;
	if (info->young || PageReferenced(page))
		s->referenced += PAGE_SIZE;
	if (dirty)
		s->pss_dirty += share;
	if (users > 1)
		*(dirty ? &s->shared_dirty : &s->shared_clean) += PAGE_SIZE;
	else
		*(dirty ? &s->private_dirty : &s->private_clean) += PAGE_SIZE;
}

static void count_vma(struct mem_stats *s, struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long addr = vma->vm_start;
	struct pte_info info;

	while (addr < vma->vm_end) {
		unsigned long stop = min(addr + (2UL << 20), vma->vm_end);

		if (stop < addr)
			stop = vma->vm_end;
		spin_lock(&mm->page_table_lock);
		addr = pgtable_next_mapped(&mm->pgt, addr, vma->vm_end);
		for (; addr < stop; addr += PAGE_SIZE)
			if (pgtable_query(&mm->pgt, addr, &info) && !info.special)
				count_page(s, phys_to_page(info.pa), &info,
					   vma->vm_flags & VM_LOCKED);
		spin_unlock(&mm->page_table_lock);
	}
}

static void kib_line(struct seq_file *m, const char *label, u64 bytes)
{
	seq_printf(m, "%-16s%8llu kB\n", label, (unsigned long long)(bytes >> 10));
}

static void show_stats(struct seq_file *m, const struct mem_stats *s, bool rollup)
{
	kib_line(m, "Rss:", s->rss);
	kib_line(m, "Pss:", s->pss >> PSS_SHIFT);
	kib_line(m, "Pss_Dirty:", s->pss_dirty >> PSS_SHIFT);
	if (rollup) {
		kib_line(m, "Pss_Anon:", s->pss_anon >> PSS_SHIFT);
		kib_line(m, "Pss_File:", s->pss_file >> PSS_SHIFT);
		kib_line(m, "Pss_Shmem:", s->pss_shmem >> PSS_SHIFT);
	}
	kib_line(m, "Shared_Clean:", s->shared_clean);
	kib_line(m, "Shared_Dirty:", s->shared_dirty);
	kib_line(m, "Private_Clean:", s->private_clean);
	kib_line(m, "Private_Dirty:", s->private_dirty);
	kib_line(m, "Referenced:", s->referenced);
	kib_line(m, "Anonymous:", s->anonymous);
	kib_line(m, "LazyFree:", 0);
	kib_line(m, "AnonHugePages:", 0);
	kib_line(m, "ShmemPmdMapped:", 0);
	kib_line(m, "FilePmdMapped:", 0);
	kib_line(m, "Shared_Hugetlb:", 0);
	/* This one is wider in Linux, too. */
	seq_printf(m, "Private_Hugetlb: %7llu kB\n", 0ULL);
	kib_line(m, "Swap:", 0);
	kib_line(m, "SwapPss:", 0);
	kib_line(m, "Locked:", s->pss_locked >> PSS_SHIFT);
}

static void show_vm_flags(struct seq_file *m, unsigned long flags)
{
	static const struct {
		unsigned long	bit;
		char		name[3];
	} names[] = {
		{ VM_READ, "rd" }, { VM_WRITE, "wr" }, { VM_EXEC, "ex" }, { VM_SHARED, "sh" },
		{ VM_MAYREAD, "mr" }, { VM_MAYWRITE, "mw" }, { VM_MAYEXEC, "me" },
		{ VM_MAYSHARE, "ms" }, { VM_GROWSDOWN, "gd" }, { VM_PFNMAP, "pf" },
		{ VM_LOCKED, "lo" }, { VM_IO, "io" }, { VM_SEQ_READ, "sr" }, { VM_RAND_READ, "rr" },
		{ VM_DONTCOPY, "dc" }, { VM_DONTEXPAND, "de" }, { VM_LOCKONFAULT, "lf" },
		{ VM_ACCOUNT, "ac" }, { VM_NORESERVE, "nr" }, { VM_BTI, "bt" },
		{ VM_WIPEONFORK, "wf" }, { VM_DONTDUMP, "dd" }, { VM_HUGEPAGE, "hg" }, { VM_NOHUGEPAGE, "nh" },
		{ VM_MERGEABLE, "mg" },
	};
	unsigned int i;

	seq_puts(m, "VmFlags: ");
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (flags & names[i].bit)
			seq_printf(m, "%s ", names[i].name);
	seq_putc(m, '\n');
}

void show_smap_vma(struct seq_file *m, struct vm_area_struct *vma)
{
	struct mem_stats s = { 0 };

	if (vma->vm_mm != &init_mm)	/* the gate page has no pages of a process */
		count_vma(&s, vma);
	show_map_vma(m, vma);
	kib_line(m, "Size:", vma->vm_end - vma->vm_start);
	kib_line(m, "KernelPageSize:", PAGE_SIZE);
	kib_line(m, "MMUPageSize:", PAGE_SIZE);
	show_stats(m, &s, false);
	seq_puts(m, "THPeligible:    0\n");
	show_vm_flags(m, vma->vm_flags);
}

void show_smaps_rollup(struct seq_file *m, struct mm_struct *mm)
{
	struct vm_area_struct *vma, *last = vma_last(mm), *first = vma_first(mm);
	struct mem_stats s = { 0 };

	for_each_vma(mm, vma)
		count_vma(&s, vma);
	show_prefix(m, first ? first->vm_start : 0, last ? last->vm_end : 0, 0, 0, 0, 0);
	seq_pad(m, ' ');
	seq_puts(m, "[rollup]\n");
	show_stats(m, &s, true);
}

/* ---- numa_maps -------------------------------------------------------------------------- */

struct numa_stats {
	unsigned long pages, anon, dirty, active, mapcount_max;
};

static void count_numa(struct numa_stats *s, struct vm_area_struct *vma)
{
	struct mm_struct *mm = vma->vm_mm;
	unsigned long addr = vma->vm_start;
	struct pte_info info;

	spin_lock(&mm->page_table_lock);
	while ((addr = pgtable_next_mapped(&mm->pgt, addr, vma->vm_end)) < vma->vm_end) {
		if (pgtable_query(&mm->pgt, addr, &info) && !info.special) {
			struct page *page = phys_to_page(info.pa);
			unsigned long users = atomic_read(&page->mapcount) - 1 + (int)info.sharers;

			s->pages++;
			s->anon += PageAnon(page);
			s->dirty += info.dirty || PageDirty(page) || PageAnon(page);
			s->active += PageActive(page);
			s->mapcount_max = max(s->mapcount_max, users);
		}
		addr += PAGE_SIZE;
	}
	spin_unlock(&mm->page_table_lock);
}

static void numa_count(struct seq_file *m, const char *name, unsigned long n)
{
	if (n)
		seq_printf(m, " %s=%lu", name, n);
}

void show_numa_vma(struct seq_file *m, struct vm_area_struct *vma, u32 task_policy)
{
	const char *name = vma->vm_file || vma->vm_ops ? NULL : anon_name(vma);
	char policy[MEMPOLICY_TEXT];
	struct numa_stats s = { 0 };

	mempolicy_to_str(policy, vma->vm_policy ?: task_policy);
	seq_printf(m, "%08lx %s", vma->vm_start, policy);
	if (vma->vm_file) {
		seq_puts(m, " file=");
		seq_file_path(m, vma->vm_file, "\n\t= ");
	} else if (name) {
		seq_puts(m, name[1] == 'h' ? " heap" : " stack");
	}
	count_numa(&s, vma);
	if (s.pages) {
		numa_count(m, "anon", s.anon);
		numa_count(m, "dirty", s.dirty);
		if (s.pages != s.anon && s.pages != s.dirty)
			numa_count(m, "mapped", s.pages);
		if (s.mapcount_max > 1)
			numa_count(m, "mapmax", s.mapcount_max);
		if (s.active < s.pages)
			seq_printf(m, " active=%lu", s.active);
		seq_printf(m, " N0=%lu kernelpagesize_kB=%lu", s.pages, PAGE_SIZE >> 10);
	}
	seq_putc(m, '\n');
}
