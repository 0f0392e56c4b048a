// SPDX-License-Identifier: GPL-2.0-only
/*
 * User page tables: the page-table operations of <kernel/arch.h>, on ARM's short descriptors.
 *
 * The hardware has 2048 first-level entries (8 KiB) for 1 MiB each, and second-level tables of 1
 * KiB. A leaf table here is a page of four of those: 1024 entries for 4 MiB, pointed to by four
 * first-level entries that are set and cleared together.  Where a program has a few pages only there is a
 * small table, one of 1 KiB, and three entries are empty (pgtable_small.c).
 *
 * Young is the hardware's access flag, dirty a clean page's missing write permission: both are kept
 * up by pgtable_set_young(), which the fault handler calls.  asm/pgtable-bits.h tells the encoding.
 *
 * After a fork leaf tables are shared (pgtable_share.c): whatever changes an entry makes the table its
 * own first (get_entry(), own_entry()).
 *
 * mm->page_table_lock is held throughout, except by create and destroy.
 */
#include "pgtable_internal.h"

#include <kernel/lib/string.h>
#include <asm/cpu.h>
#include <asm/tlb.h>

/* The entry of @va in a table that is nobody else's, made if need be, and has room for @more. NULL: out
 * of memory. */
static u32 *get_entry(struct pgtable *pt, unsigned long va, unsigned int more)
{
	u32 desc = *pmd_slot(pt, va), *table;

	if (likely(desc)) {
		if (PageSmallTables(table_page(desc)) && used_entries(desc) + more > SMALL_MAX)
			return grow_table(pt, va);
		return own_entry(pt, va);
	}
	if (more > SMALL_MAX || slot_small(pgd_slot(pt, va)))
		return grow_table(pt, va);
	table = small_table_alloc();
	if (!table)
		return NULL;
	dsb(ishst);			/* its zeros before the walker can find it */
	desc = table_desc(table);
	WRITE_ONCE(*pmd_slot(pt, va), desc);
	return table_entry(desc, va);
}

/* ---- create, destroy ---------------------------------------------------------------- */

int pgtable_create(struct pgtable *pt)
{
	struct page *page = alloc_pages(GFP_KERNEL | __GFP_ZERO, PGD_ORDER);

	if (!page)
		return -ENOMEM;
	mod_page_stat(NR_PAGETABLE_PAGES, 1 << PGD_ORDER);
	pt->pgd = page_address(page);
	pt->context = 0;
	dsb(ishst);
	return 0;
}

void pgtable_destroy(struct pgtable *pt)
{
	for (unsigned long va = 0; IS_ENABLED(CONFIG_DEBUG) && va < TASK_SIZE; va += SECTION_SIZE)
		ASSERT(!*pmd_slot(pt, va));
	mod_page_stat(NR_PAGETABLE_PAGES, -(1 << PGD_ORDER));
	free_pages(virt_to_page(pt->pgd), PGD_ORDER);
	pt->pgd = NULL;
}

/* Tables of [lo, hi) that map nothing any more. The walkers must have forgotten them before they are
 * given away. */
void pgtable_free_range(struct pgtable *pt, unsigned long lo, unsigned long hi,
			unsigned long floor, unsigned long ceiling)
{
	struct mm_struct *mm = container_of(pt, struct mm_struct, pgt);
	struct page *page, *next;
	LIST_HEAD(freed);

	for (unsigned long va = lo & ~(LEAF_SIZE - 1); va < hi; va += LEAF_SIZE) {
		u32 *slot = slot_table(pt, va), *table;

		if (!slot || used_entries(*slot))
			continue;
		table = clear_table(slot);
		if (PageSmallTables(virt_to_page(table))) {
			tlb_flush_page(mm, slot_address(pt, slot));
			small_table_free(table);
		} else {
			list_add(&virt_to_page(table)->lru, &freed);
		}
	}
	if (list_empty(&freed))
		return;
	tlb_flush_mm(mm);
	list_for_each_entry_safe(page, next, &freed, lru) {
		list_del(&page->lru);
		pgtable_page_free(page);
	}
}

/* ---- one page ----------------------------------------------------------------------- */

int pgtable_map(struct pgtable *pt, unsigned long va, phys_addr_t pa, pgprot_t prot)
{
	u32 *ptep = get_entry(pt, va, 1);

	if (!ptep)
		return -ENOMEM;
	if (*ptep)
		return -EEXIST;
	set_pte(ptep, (u32)pa | prot);
	mark_used(ptep);
	count_entries(ptep, 1);
	dsb(ishst);
	return 0;
}

unsigned long pgtable_map_pages(struct pgtable *pt, unsigned long va, struct page *const *pages,
				unsigned int n, pgprot_t prot)
{
	u32 *ptep = get_entry(pt, va, n);
	unsigned long mapped = 0;

	if (!ptep)
		return 0;
	for (unsigned int i = 0; i < n; i++) {
		if (!pages[i] || ptep[i])
			continue;
		page_add_file_mapping(pages[i]);
		set_pte(ptep + i, (u32)page_to_phys(pages[i]) | prot);
		mark_used(ptep + i);
		count_entries(ptep, 1);
		mapped |= 1UL << i;
	}
	dsb(ishst);
	return mapped;
}

int pgtable_replace(struct pgtable *pt, unsigned long va, phys_addr_t pa, pgprot_t prot,
		    struct tlb_batch *batch)
{
	u32 *ptep = get_entry(pt, va, 1);
	u32 old;

	if (!ptep)
		return -ENOMEM;
	old = *ptep;
	if (old) {
		set_pte(ptep, 0);
		tlb_flush_page(container_of(pt, struct mm_struct, pgt), va);
	} else {
		count_entries(ptep, 1);
	}
	mark_used(ptep);
	set_pte(ptep, (u32)pa | prot);
	dsb(ishst);
	if (old)
		tlb_batch_page(batch, va, pte_page(old));
	return 0;
}

bool pgtable_query(struct pgtable *pt, unsigned long va, struct pte_info *info)
{
	u32 desc = *pmd_slot(pt, va);
	u32 pte = desc ? READ_ONCE(*table_entry(desc, va)) : 0;

	*info = (struct pte_info) {
		.pa = pte & PTE_ADDR_MASK,
		.present = pte,
		.write = pte && pte_may_write(pte),
		.exec = pte && !(pte & PTE_XN),
		.young = pte & PTE_AF,
		.dirty = pte && pte_dirty(pte),
		.special = pte_special(pte),
		.user = pte & PTE_PRESENT,
	};
	if (pte) {
		info->shared = leaf_shared(desc, table_page(desc));
		info->sharers = atomic_read(&table_page(desc)->table_users);
	}
	return pte;
}

void pgtable_set_young(struct pgtable *pt, unsigned long va, bool write)
{
	u32 *ptep = lookup(pt, va);
	u32 old = ptep ? *ptep : 0, pte;

	if (!old)
		return;
	if (!(*pmd_slot(pt, va) & PMD_TABLE))
		show_leaf(pt, va);
	/* An entry without the access flag is never cached, one without write permission may be. */
	do {
		pte = old | PTE_AF;
		if (write && pte_may_write(pte))
			pte = pte_set_state(pte, true, true);
	} while (!pte_change(ptep, &old, pte));
	if (write)
		tlb_flush_page(container_of(pt, struct mm_struct, pgt), va);
	else
		dsb(ishst);
}

/* The TLB may keep the flag a while: then the page looks less used than it is; no harm. */
bool pgtable_clear_young(struct pgtable *pt, unsigned long va)
{
	u32 *ptep = lookup(pt, va);

	if (!ptep || !(*ptep & PTE_AF))
		return false;
	return __atomic_fetch_and(ptep, ~(u32)PTE_AF, __ATOMIC_RELAXED) & PTE_AF;
}

/* In a shared table it is done for all sharers: they map the same page. */
bool pgtable_clean(struct pgtable *pt, unsigned long va, struct tlb_batch *batch)
{
	u32 *ptep = lookup(pt, va);
	u32 pte = ptep ? *ptep : 0;

	if (!pte || pte_special(pte) || !(pte_may_write(pte) || pte_dirty(pte)))
		return false;
	while (!pte_change(ptep, &pte, pte_set_state(pte, false, false)))
		;
	tlb_batch_range(batch, va, va + PAGE_SIZE);
	return true;
}

int pgtable_move(struct pgtable *pt, unsigned long from, unsigned long to, struct tlb_batch *batch)
{
	u32 *src = lookup(pt, from), *dst, pte;

	if (!src || !*src)
		return 0;
	dst = get_entry(pt, to, 1);		/* which may put another table in the place of @src's */
	src = own_entry(pt, from);
	if (!src || !dst)
		return -ENOMEM;
	pte = *src;
	set_pte(src, 0);
	count_entries(src, -1);
	tlb_batch_range(batch, from, from + PAGE_SIZE);
	set_pte(dst, pte);
	mark_used(dst);
	count_entries(dst, 1);
	dsb(ishst);
	return 0;
}

/* ---- ranges ------------------------------------------------------------------------- */

unsigned long pgtable_next_mapped(struct pgtable *pt, unsigned long lo, unsigned long hi)
{
	while (lo < hi) {
		unsigned long end = table_end(pt, lo, hi);
		u32 desc = *pmd_slot(pt, lo);
		u32 *ptep = table_entry(desc, lo);

		while (desc && lo < end) {
			unsigned long stop = group_end(lo, end);

			if (stop - lo > PAGE_SIZE && !group_used(ptep)) {
				ptep += (stop - lo) >> PAGE_SHIFT;
				lo = stop;
				continue;
			}
			for (; lo < stop; lo += PAGE_SIZE)
				if (*ptep++)
					return lo;
		}
		lo = end;
	}
	return hi;
}

unsigned long pgtable_count(struct pgtable *pt)
{
	unsigned long quarters = 0;

	for (unsigned long va = 0; va < TASK_SIZE; va += SECTION_SIZE)
		quarters += *pmd_slot(pt, va) != 0;
	return (quarters + 3) / 4;
}

static void unmap_entries(u32 *ptep, unsigned long lo, unsigned long end, struct tlb_batch *batch)
{
	const u32 *first = ptep;
	int unmapped = 0;

	for (; lo < end; lo += PAGE_SIZE, ptep++) {
		u32 pte = *ptep;
		struct page *page;

		if (!pte)
			continue;
		set_pte(ptep, 0);
		unmapped++;
		page = pte_page(pte);
		if (page)
			note_dirty(pte, page);
		tlb_batch_page(batch, lo, page);
	}
	count_entries(first, -unmapped);
}

int pgtable_unmap(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch)
{
	unsigned long end;

	if (batch->fullmm) {
		drop_tables(pt, lo, hi, batch);
		return 0;
	}
	for (; lo < hi; lo = end) {
		u32 desc = *pmd_slot(pt, lo);
		u32 *ptep;

		end = table_end(pt, lo, hi);
		if (!desc || !used_entries(desc))
			continue;
		if (leaf_shared(desc, table_page(desc)) && drop_leaf(pt, lo, end, batch))
			continue;
		ptep = own_entry(pt, lo);
		if (!ptep)
			return -ENOMEM;
		unmap_entries(ptep, lo, end, batch);
	}
	return 0;
}

static u32 pte_change_prot(u32 pte, pgprot_t prot, bool keep_readonly)
{
	const u32 keep = PTE_ADDR_MASK | PTE_TYPE_MASK | PTE_AF | PTE_SW_MASK | PTE_RDONLY;
	bool write = pte_may_write(prot) && !(keep_readonly && !pte_may_write(pte));
	bool dirty = pte_dirty(pte) || (write && !(prot & PTE_RDONLY));
	u32 new = (pte & keep) | (prot & ~keep);

	if (pte_nocow(prot) && !pte_special(pte))
		new = (new & ~PTE_SW_MASK) | PTE_SW_A;
	return pte_set_state(new, write, dirty);
}

int pgtable_protect(struct pgtable *pt, unsigned long lo, unsigned long hi, pgprot_t prot,
		    bool keep_readonly, struct tlb_batch *batch)
{
	unsigned long end;

	for (; lo < hi; lo = end) {
		u32 *ptep;

		end = table_end(pt, lo, hi);
		if (!*pmd_slot(pt, lo))
			continue;
		ptep = own_entry(pt, lo);
		if (!ptep)
			return -ENOMEM;
		for (unsigned long va = lo; va < end; va += PAGE_SIZE, ptep++) {
			u32 pte = *ptep;
			u32 changed = pte ? pte_change_prot(pte, prot, keep_readonly) : 0;

			if (changed == pte)
				continue;
			set_pte(ptep, changed);
			if (pte & PTE_PRESENT)
				tlb_batch_range(batch, va, va + PAGE_SIZE);
		}
	}
	dsb(ishst);
	return 0;
}

/* The parent's table may be shared: what is done to it here, its other users would do themselves.
 * Returns whether an entry of it lost its write permission. */
static bool fork_entries(u32 *from, u32 *to, unsigned int n, bool cow)
{
	bool protected = false;

	for (; n; n--, from++, to++) {
		u32 pte = *from;

		if (!pte)
			continue;
		if (cow && pte_may_write(pte)) {
			pte = dup_write_protected(from);
			protected = true;
		}
		if (!pte_special(pte))
			page_dup_mapping(pte_page(pte));
		set_pte(to, pte);
		mark_used(to);
		count_entries(to, 1);
	}
	return protected;
}

int pgtable_fork_range(struct pgtable *dst, struct pgtable *src, unsigned long lo, unsigned long hi,
		       bool cow, struct tlb_batch *src_batch)
{
	unsigned long end;

	for (; lo < hi; lo = end) {
		u32 desc = *pmd_slot(src, lo);
		u32 *to;

		end = table_end(src, lo, hi);
		if (!desc || !used_entries(desc))
			continue;
		/* A leaf table's entries are one run only in another leaf table; of a small one's all have room. */
		to = get_entry(dst, lo, PageSmallTables(table_page(desc)) ? 0 : LEAF_ENTRIES);
		if (!to)
			return -ENOMEM;
		if (fork_entries(table_entry(desc, lo), to, (end - lo) >> PAGE_SHIFT, cow))
			tlb_batch_range(src_batch, lo, end);
	}
	dsb(ishst);
	return 0;
}

/* ---- protections -------------------------------------------------------------------- */

pgprot_t pgprot_from_vm_flags(unsigned long vm_flags)
{
	pgprot_t prot = PTE_USER | PTE_NG | PTE_SHARED | PTE_AF | MT_NORMAL;

	if (vm_flags & VM_ACCESS_FLAGS)
		prot |= PTE_PRESENT;
	/* A private page is as good as dirty; the first write to a shared one must be seen. */
	if (!(vm_flags & VM_WRITE))
		prot |= PTE_RDONLY;
	else if (vm_flags & VM_SHARED)
		prot |= PTE_RDONLY | PTE_SW_A;
	/* XN is bit 0: in an entry that is not present it would make a large page of it. */
	if ((vm_flags & VM_ACCESS_FLAGS) && !(vm_flags & VM_EXEC))
		prot |= PTE_XN;
	return prot;
}
