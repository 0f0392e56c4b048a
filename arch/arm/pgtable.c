// SPDX-License-Identifier: GPL-2.0-only
/*
 * User page tables: the page-table operations of <kernel/arch.h>, on ARM's short descriptors.
 *
 * The hardware has 2048 first-level entries (8 KiB) for 1 MiB each, and second-level tables of 1
 * KiB. A leaf table here is a page of four of those: 1024 entries for 4 MiB, pointed to by four
 * first-level entries that are set and cleared together.  So there are two levels, and no room is
 * lost.
 *
 * Young is the hardware's access flag, dirty a clean page's missing write permission: both are kept
 * up by pgtable_set_young(), which the fault handler calls.  asm/pgtable-bits.h tells the encoding.
 *
 * After a fork leaf tables are shared (pgtable_share.c): whatever changes an entry makes the table its
 * own first (get_leaf(), own_leaf()).
 *
 * mm->page_table_lock is held throughout, except by create and destroy.
 */
#include "pgtable_internal.h"

#include <kernel/lib/string.h>
#include <asm/cpu.h>
#include <asm/tlb.h>

/* The leaf table of @va, nobody else's, made if need be. NULL: out of memory. */
static u32 *get_leaf(struct pgtable *pt, unsigned long va)
{
	struct page *page;

	if (*pgd_slot(pt, va))
		return own_leaf(pt, va);
	page = pgtable_page_alloc(GFP_ATOMIC);
	if (!page)
		return NULL;
	dsb(ishst);			/* its zeros before the walker can find it */
	set_leaf(pt, va, leaf_desc(page));
	return page_address(page);
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
	for (unsigned long va = 0; IS_ENABLED(CONFIG_DEBUG) && va < TASK_SIZE; va += LEAF_SIZE)
		ASSERT(!leaf_table(pt, va));
	mod_page_stat(NR_PAGETABLE_PAGES, -(1 << PGD_ORDER));
	free_pages(virt_to_page(pt->pgd), PGD_ORDER);
	pt->pgd = NULL;
}

/* Leaf tables of [lo, hi) that map nothing any more. The walkers must have forgotten them before
 * they are given away. */
void pgtable_free_range(struct pgtable *pt, unsigned long lo, unsigned long hi,
			unsigned long floor, unsigned long ceiling)
{
	struct mm_struct *mm = container_of(pt, struct mm_struct, pgt);
	struct page *page, *next;
	LIST_HEAD(freed);

	for (unsigned long va = lo & ~(LEAF_SIZE - 1); va < hi; va += LEAF_SIZE) {
		u32 *leaf = leaf_table(pt, va);

		if (!leaf || virt_to_page(leaf)->table_entries)
			continue;
		set_leaf(pt, va, 0);
		list_add(&virt_to_page(leaf)->lru, &freed);
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
	u32 *leaf = get_leaf(pt, va);
	u32 *ptep;

	if (!leaf)
		return -ENOMEM;
	ptep = leaf_entry(leaf, va);
	if (*ptep)
		return -EEXIST;
	set_pte(ptep, (u32)pa | prot);
	mark_used(ptep);
	count_entries(leaf, 1);
	dsb(ishst);
	return 0;
}

unsigned long pgtable_map_pages(struct pgtable *pt, unsigned long va, struct page *const *pages,
				unsigned int n, pgprot_t prot)
{
	u32 *leaf = get_leaf(pt, va);
	unsigned long mapped = 0;
	u32 *ptep;

	if (!leaf)
		return 0;
	ptep = leaf_entry(leaf, va);
	for (unsigned int i = 0; i < n; i++) {
		if (!pages[i] || ptep[i])
			continue;
		page_add_file_mapping(pages[i]);
		set_pte(ptep + i, (u32)page_to_phys(pages[i]) | prot);
		mark_used(ptep + i);
		count_entries(leaf, 1);
		mapped |= 1UL << i;
	}
	dsb(ishst);
	return mapped;
}

int pgtable_replace(struct pgtable *pt, unsigned long va, phys_addr_t pa, pgprot_t prot,
		    struct tlb_batch *batch)
{
	u32 *leaf = get_leaf(pt, va);
	u32 *ptep, old;

	if (!leaf)
		return -ENOMEM;
	ptep = leaf_entry(leaf, va);
	old = *ptep;
	if (old) {
		set_pte(ptep, 0);
		tlb_flush_page(container_of(pt, struct mm_struct, pgt), va);
	} else {
		count_entries(leaf, 1);
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
	u32 desc = *pgd_slot(pt, va);
	u32 *leaf = __va(desc & PTE_ADDR_MASK);
	u32 pte = desc ? READ_ONCE(*leaf_entry(leaf, va)) : 0;

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
		info->shared = leaf_shared(desc, virt_to_page(leaf));
		info->sharers = atomic_read(&virt_to_page(leaf)->table_users);
	}
	return pte;
}

void pgtable_set_young(struct pgtable *pt, unsigned long va, bool write)
{
	u32 *ptep = lookup(pt, va);
	u32 old = ptep ? *ptep : 0, pte;

	if (!old)
		return;
	if (!(*pgd_slot(pt, va) & PMD_TABLE))
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
	u32 *src = lookup(pt, from);
	u32 *old, *leaf, pte;

	if (!src || !*src)
		return 0;
	old = own_leaf(pt, from);
	leaf = get_leaf(pt, to);
	if (!old || !leaf)
		return -ENOMEM;
	src = leaf_entry(old, from);
	pte = *src;
	set_pte(src, 0);
	count_entries(old, -1);
	tlb_batch_range(batch, from, from + PAGE_SIZE);
	set_pte(leaf_entry(leaf, to), pte);
	mark_used(leaf_entry(leaf, to));
	count_entries(leaf, 1);
	dsb(ishst);
	return 0;
}

/* ---- ranges ------------------------------------------------------------------------- */

unsigned long pgtable_next_mapped(struct pgtable *pt, unsigned long lo, unsigned long hi)
{
	while (lo < hi) {
		unsigned long end = leaf_end(lo, hi);
		u32 *leaf = leaf_table(pt, lo);

		while (leaf && lo < end) {
			unsigned long stop = group_end(lo, end);

			if (stop - lo > PAGE_SIZE && !group_used(leaf, lo)) {
				lo = stop;
				continue;
			}
			for (; lo < stop; lo += PAGE_SIZE)
				if (*leaf_entry(leaf, lo))
					return lo;
		}
		lo = end;
	}
	return hi;
}

unsigned long pgtable_count(struct pgtable *pt)
{
	unsigned long n = 0;

	for (unsigned long va = 0; va < TASK_SIZE; va += LEAF_SIZE)
		n += leaf_table(pt, va) != NULL;
	return n;
}

static void unmap_leaf(u32 *leaf, unsigned long lo, unsigned long end, struct tlb_batch *batch)
{
	u32 *ptep = leaf_entry(leaf, lo);
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
	count_entries(leaf, -unmapped);
}

int pgtable_unmap(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch)
{
	if (batch->fullmm) {
		drop_tables(pt, lo, hi, batch);
		return 0;
	}
	for (; lo < hi; lo = leaf_end(lo, hi)) {
		u32 desc = *pgd_slot(pt, lo);
		struct page *table = phys_to_page(desc & PTE_ADDR_MASK);
		u32 *leaf;

		if (!desc || !table->table_entries)
			continue;
		if (leaf_shared(desc, table) && drop_leaf(pt, lo, leaf_end(lo, hi), batch))
			continue;
		leaf = own_leaf(pt, lo);
		if (!leaf)
			return -ENOMEM;
		unmap_leaf(leaf, lo, leaf_end(lo, hi), batch);
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
	for (; lo < hi; lo = leaf_end(lo, hi)) {
		unsigned long end = leaf_end(lo, hi);
		u32 *leaf, *ptep;

		if (!*pgd_slot(pt, lo))
			continue;
		leaf = own_leaf(pt, lo);
		if (!leaf)
			return -ENOMEM;
		ptep = leaf_entry(leaf, lo);
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
static bool fork_leaf(u32 *from, u32 *to, unsigned int n, bool cow)
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
	for (; lo < hi; lo = leaf_end(lo, hi)) {
		unsigned long end = leaf_end(lo, hi);
		u32 *from = leaf_table(src, lo);
		unsigned int n = (end - lo) >> PAGE_SHIFT;
		u32 *to;

		if (!from || !virt_to_page(from)->table_entries)
			continue;
		to = get_leaf(dst, lo);
		if (!to)
			return -ENOMEM;
		if (fork_leaf(leaf_entry(from, lo), leaf_entry(to, lo), n, cow))
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
