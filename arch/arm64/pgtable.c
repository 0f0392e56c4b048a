// SPDX-License-Identifier: GPL-2.0-only
/*
 * User page tables: four levels of 512 entries; only the last (leaf) level maps pages.
 *
 * Everything is under mm->page_table_lock, so entries change under nobody's hands but the hardware's,
 * which may set the access flag: an entry is changed by compare-and-exchange.  Table pages are only freed
 * by pgtable_free_range() and pgtable_destroy(), or when the last user of a shared one drops it.
 *
 * After a fork leaf tables are shared (pgtable_share.c): whatever changes an entry makes the table its
 * own first (pte_alloc(), own_run()).
 *
 * The interface, with who owns which page reference, is in <kernel/arch.h>.
 */
#include "pgtable_internal.h"

#include <kernel/lib/bug.h>
#include <asm/cpu.h>
#include <asm/tlb.h>

extern u64 reserved_pg_dir[];

/* ---- walks ------------------------------------------------------------------------------- */

/* The table below @entry; made if there is none. NULL: out of memory. */
static u64 *descend_alloc(u64 *entry)
{
	struct page *page;

	if (likely(*entry))
		return table_at(*entry);
	page = pgtable_page_alloc(GFP_ATOMIC);
	if (!page)
		return NULL;
	/* Its zeroes are visible to the walkers of all CPUs before it is. */
	dmb(ishst);
	pte_set(entry, page_to_phys(page) | PTE_TYPE_PAGE);
	return page_address(page);
}

u64 *leaf_slot_alloc(struct pgtable *pt, unsigned long va)
{
	u64 *t = pt->pgd;

	for (unsigned int shift = PTE_SHIFT_L0; shift > PTE_SHIFT_L2; shift -= 9) {
		t = descend_alloc(t + index_at(va, shift));
		if (!t)
			return NULL;
	}
	return t + index_at(va, PTE_SHIFT_L2);
}

/* The leaf entry of @va, in a table that is nobody else's; made if need be. It and its neighbours in the
 * same 64 KiB may be set. NULL: out of memory. */
static u64 *pte_alloc(struct pgtable *pt, unsigned long va)
{
	u64 *slot = leaf_slot_alloc(pt, va), *t;

	if (!slot || (slot_shared(*slot) && unshare_slot(pt, slot)))
		return NULL;
	t = descend_alloc(slot);
	if (!t)
		return NULL;
	mark_used(*slot, va);
	return t + index_at(va, PTE_SHIFT_L3);
}

/* The leaf entry of @va if its table exists; perhaps a shared one. */
static u64 *pte_find(struct pgtable *pt, unsigned long va)
{
	u64 *slot = leaf_slot(pt, va);

	return slot && *slot ? table_at(*slot) + index_at(va, PTE_SHIFT_L3) : NULL;
}

/* Consecutive leaf entries of one table. */
struct leaf_run {
	u64		*slot;		/* points to the table */
	u64		*pte;
	unsigned long	va, end;
};

/* The next run at or after run->end, below @hi; skips what has no tables. */
static bool next_run(struct pgtable *pt, struct leaf_run *run, unsigned long hi)
{
	unsigned long va = run->end;

	while (va < hi) {
		unsigned int shift = PTE_SHIFT_L0;
		u64 *t = pt->pgd, desc;

		while ((desc = t[index_at(va, shift)]) && shift > PTE_SHIFT_L2) {
			t = table_at(desc);
			shift -= 9;
		}
		if (!desc) {
			va = (va | ((1UL << shift) - 1)) + 1;
			continue;
		}
		run->slot = t + index_at(va, shift);
		run->pte = table_at(desc) + index_at(va, PTE_SHIFT_L3);
		run->va = va;
		run->end = min((va | (LEAF_SPAN - 1)) + 1, hi);
		return true;
	}
	return false;
}

#define for_each_run(pt, run, lo, hi)					\
	for (run = (struct leaf_run) { .end = (lo) }; next_run(pt, &run, hi); )

/* Entries of @run are about to change. -ENOMEM. */
static int own_run(struct pgtable *pt, struct leaf_run *run)
{
	int err;

	if (!slot_shared(*run->slot))
		return 0;
	err = unshare_slot(pt, run->slot);
	if (!err)
		run->pte = table_at(*run->slot) + index_at(run->va, PTE_SHIFT_L3);
	return err;
}

/* ---- single pages ------------------------------------------------------------------------ */

int pgtable_create(struct pgtable *pt)
{
	struct page *page = pgtable_page_alloc(GFP_KERNEL);

	if (!page)
		return -ENOMEM;
	pt->pgd = page_address(page);
	return 0;
}

int pgtable_map(struct pgtable *pt, unsigned long va, phys_addr_t pa, pgprot_t prot)
{
	u64 *ptep = pte_alloc(pt, va);

	if (!ptep)
		return -ENOMEM;
	if (*ptep)
		return -EEXIST;
	/* The page's contents are visible to other CPUs before the mapping is. */
	dmb(ishst);
	pte_set(ptep, pa | prot);
	dsb(ishst);
	return 0;
}

unsigned long pgtable_map_pages(struct pgtable *pt, unsigned long va, struct page *const *pages,
				unsigned int n, pgprot_t prot)
{
	u64 *ptep = pte_alloc(pt, va);
	unsigned long mapped = 0;

	if (!ptep)
		return 0;
	dmb(ishst);
	for (unsigned int i = 0; i < n; i++) {
		if (!pages[i] || ptep[i])
			continue;
		page_add_file_mapping(pages[i]);
		pte_set(ptep + i, page_to_phys(pages[i]) | prot);
		mapped |= 1UL << i;
	}
	dsb(ishst);
	return mapped;
}

int pgtable_replace(struct pgtable *pt, unsigned long va, phys_addr_t pa, pgprot_t prot,
		    struct tlb_batch *batch)
{
	u64 *ptep = pte_alloc(pt, va);
	u64 old;

	if (!ptep)
		return -ENOMEM;
	old = pte_take(ptep);
	if (old & PTE_VALID)
		tlb_flush_page(mm_of(pt), va);
	pte_set(ptep, pa | prot);
	dsb(ishst);
	if (old)
		tlb_batch_page(batch, va, pte_owned_page(old));
	return 0;
}

bool pgtable_query(struct pgtable *pt, unsigned long va, struct pte_info *info)
{
	u64 *slot = leaf_slot(pt, va);
	u64 desc = slot ? *slot : 0;
	u64 pte = desc ? table_at(desc)[index_at(va, PTE_SHIFT_L3)] : 0;

	if (!(pte & PTE_PRESENT)) {
		*info = (struct pte_info) { 0 };
		return false;
	}
	*info = (struct pte_info) {
		.pa = pte & PTE_ADDR_MASK,
		.present = true,
		.write = pte & PTE_WRITE,
		.exec = !(pte & PTE_UXN),
		.young = pte & PTE_AF,
		.dirty = pte_dirty(pte),
		.special = pte & PTE_SPECIAL,
		.user = pte & PTE_USER,
		.shared = slot_shared(desc),
		.sharers = atomic_read(&pte_page(desc)->table_users),
	};
	return true;
}

unsigned long pgtable_next_mapped(struct pgtable *pt, unsigned long lo, unsigned long hi)
{
	struct leaf_run run;

	for_each_run(pt, run, lo, hi) {
		u64 unused = 0;

		if (run.end - run.va > GROUPS_SPAN)
			unused = ~virt_to_page(run.pte)->table_groups;
		while (run.va < run.end) {
			unsigned long stop = min((run.va | (GROUPS_SPAN - 1)) + 1, run.end);

			if (unused & GROUP_BITS(run.va)) {
				run.pte += (stop - run.va) / PAGE_SIZE;
				run.va = stop;
			}
			for (; run.va < stop; run.va += PAGE_SIZE)
				if (*run.pte++)
					return run.va;
		}
	}
	return hi;
}

static unsigned long count_tables(const u64 *t, unsigned int shift)
{
	unsigned long n = 0;

	for (unsigned int i = 0; i < PTRS_PER_TABLE; i++)
		if (t[i])
			n += 1 + (shift > PTE_SHIFT_L2 ? count_tables(table_at(t[i]), shift - 9) : 0);
	return n;
}

unsigned long pgtable_count(struct pgtable *pt)
{
	return count_tables(pt->pgd, PTE_SHIFT_L0);
}

void pgtable_set_young(struct pgtable *pt, unsigned long va, bool write)
{
	u64 *ptep = pte_find(pt, va);
	u64 old = ptep ? *ptep : 0, new;

	if (!old)
		return;
	do {
		new = old | PTE_AF;
		if (write && (new & PTE_WRITE))
			new &= ~PTE_RDONLY;
	} while (!pte_change(ptep, &old, new));
	/* An entry without the flag is in no TLB, but one that may only be read can be. */
	if ((old ^ new) & PTE_RDONLY)
		tlb_flush_page(mm_of(pt), va);
	else
		dsb(ishst);
}

/* This changes a shared table, too, as the sharers would each be asked the same.
 * The TLB may still have the entry: then the page is used without being seen young, which does no harm. */
bool pgtable_clear_young(struct pgtable *pt, unsigned long va)
{
	u64 *ptep = pte_find(pt, va);

	if (!ptep || !(*ptep & PTE_PRESENT))
		return false;
	return __atomic_fetch_and(ptep, ~PTE_AF, __ATOMIC_RELAXED) & PTE_AF;
}

/* In a shared table it is done for all sharers: they map the same page, and nobody can write it now. */
bool pgtable_clean(struct pgtable *pt, unsigned long va, struct tlb_batch *batch)
{
	u64 *ptep = pte_find(pt, va);
	u64 old = ptep ? *ptep : 0;

	if (!(old & PTE_PRESENT) || (!(old & PTE_WRITE) && !pte_dirty(old)))
		return false;
	while (!pte_change(ptep, &old, (old & ~(PTE_WRITE | PTE_DIRTY)) | PTE_RDONLY))
		;
	tlb_batch_range(batch, va, va + PAGE_SIZE);
	return true;
}

int pgtable_move(struct pgtable *pt, unsigned long from, unsigned long to, struct tlb_batch *batch)
{
	u64 *src = pte_find(pt, from);
	u64 *dst;

	if (!src || !*src)
		return 0;
	src = pte_alloc(pt, from);
	dst = pte_alloc(pt, to);
	if (!src || !dst)
		return -ENOMEM;
	ASSERT(!*dst);
	pte_set(dst, pte_take(src));
	tlb_batch_range(batch, from, from + PAGE_SIZE);
	return 0;
}

/* ---- ranges ------------------------------------------------------------------------------ */

static void unmap_entry(u64 *ptep, unsigned long va, struct tlb_batch *batch)
{
	u64 pte = pte_take(ptep);
	struct page *page = pte_owned_page(pte);

	if (page)
		note_dirty(pte, page);
	tlb_batch_page(batch, va, page);
}

int pgtable_unmap(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch)
{
	struct leaf_run run;

	if (batch->fullmm) {
		drop_tables(pt, lo, hi, batch);
		return 0;
	}
	for_each_run(pt, run, lo, hi) {
		if (slot_shared(*run.slot)) {
			if (drop_slot(pt, run.slot, run.va, run.end, batch))
				continue;
			if (own_run(pt, &run))
				return -ENOMEM;
		}
		for (; run.va < run.end; run.va += PAGE_SIZE, run.pte++)
			if (*run.pte)
				unmap_entry(run.pte, run.va, batch);
	}
	return 0;
}

/* @pte with the rights of @prot; dirty state, address, memory type and ownership stay. */
static u64 pte_with_rights(u64 pte, pgprot_t prot, bool keep_readonly)
{
	bool dirty = pte_dirty(pte);
	u64 new = (pte & ~PTE_RIGHTS) | (prot & PTE_RIGHTS);

	if (keep_readonly && !(pte & PTE_WRITE))
		return pte_write_protected(new & ~PTE_WRITE);
	if (!dirty)
		return new;
	return new & PTE_WRITE ? new & ~PTE_RDONLY : new | PTE_DIRTY;
}

int pgtable_protect(struct pgtable *pt, unsigned long lo, unsigned long hi, pgprot_t prot,
		    bool keep_readonly, struct tlb_batch *batch)
{
	struct leaf_run run;

	for_each_run(pt, run, lo, hi) {
		if (own_run(pt, &run))
			return -ENOMEM;
		for (; run.va < run.end; run.va += PAGE_SIZE, run.pte++) {
			u64 old = *run.pte;

			if (!old)
				continue;
			while (!pte_change(run.pte, &old, pte_with_rights(old, prot, keep_readonly)))
				;
			tlb_batch_range(batch, run.va, run.va + PAGE_SIZE);
		}
	}
	return 0;
}

/* Copy the entries of @run to the leaf entries at @dst.  The run's table may be shared: what is done
 * to it here, its other users would do themselves. */
static void fork_run(u64 *dst, struct leaf_run *run, bool cow, struct tlb_batch *src_batch)
{
	unsigned long lo = ~0UL, hi = 0;

	for (; run->va < run->end; run->va += PAGE_SIZE, run->pte++, dst++) {
		u64 pte = *run->pte;

		if (!pte)
			continue;
		if (cow && (pte & PTE_WRITE)) {
			while (!pte_change(run->pte, &pte, pte_write_protected(pte)))
				;
			pte = pte_write_protected(pte);
			lo = min(lo, run->va);
			hi = run->va + PAGE_SIZE;
		}
		if (!(pte & PTE_SPECIAL))
			page_dup_mapping(pte_page(pte));
		pte_set(dst, pte);
	}
	if (lo < hi)
		tlb_batch_range(src_batch, lo, hi);
}

int pgtable_fork_range(struct pgtable *dst, struct pgtable *src, unsigned long lo, unsigned long hi,
		       bool cow, struct tlb_batch *src_batch)
{
	struct leaf_run run;

	for_each_run(src, run, lo, hi) {
		u64 *ptep = pte_alloc(dst, run.va);

		if (!ptep)
			return -ENOMEM;
		virt_to_page(ptep)->table_groups = ~0UL;
		fork_run(ptep, &run, cow, src_batch);
	}
	dsb(ishst);
	return 0;
}

/* ---- freeing tables ------------------------------------------------------------------------ */

/* Take the table page below @entry out of the tree; it is freed after the flush. */
static void detach_table(u64 *entry, struct list_head *freed)
{
	list_add(&pte_page(*entry)->lru, freed);
	pte_set(entry, 0);
}

/* A table without entries that others use, too. */
static void unshare_empty(struct pgtable *pt, u64 *slot)
{
	u64 *table = table_at(*slot);

	pte_set(slot, 0);
	tlb_flush_mm(mm_of(pt));
	pgtable_put_table(table);
}

/* Detach the tables below @t (at @shift) that only serve addresses in [floor, ceiling). */
static void detach_range(struct pgtable *pt, u64 *t, unsigned int shift, unsigned long lo,
			 unsigned long hi, unsigned long floor, unsigned long ceiling,
			 struct list_head *freed)
{
	unsigned long span = 1UL << shift;

	for (unsigned long va = lo & ~(span - 1); va < hi; va += span) {
		u64 *entry = t + index_at(va, shift);

		if (!*entry)
			continue;
		if (shift > PTE_SHIFT_L2)
			detach_range(pt, table_at(*entry), shift - 9, max(va, lo),
				     min(va + span, hi), floor, ceiling, freed);
		if (va < floor || va + span > ceiling)
			continue;
		if (shift == PTE_SHIFT_L2 && slot_shared(*entry))
			unshare_empty(pt, entry);
		else
			detach_table(entry, freed);
	}
}

void pgtable_free_range(struct pgtable *pt, unsigned long lo, unsigned long hi,
			unsigned long floor, unsigned long ceiling)
{
	struct page *page, *next;
	LIST_HEAD(freed);

	if (!ceiling)
		ceiling = TASK_SIZE;
	detach_range(pt, pt->pgd, PTE_SHIFT_L0, lo, hi, floor, ceiling, &freed);
	if (list_empty(&freed))
		return;
	/* Walkers of other CPUs may have the tables' addresses cached. */
	tlb_flush_mm(mm_of(pt));
	list_for_each_entry_safe(page, next, &freed, lru)
		pgtable_page_free(page);
}

void pgtable_destroy(struct pgtable *pt)
{
	for (unsigned int i = 0; IS_ENABLED(CONFIG_DEBUG) && i < PTRS_PER_TABLE; i++)
		ASSERT(!pt->pgd[i]);
	pgtable_page_free(virt_to_page(pt->pgd));
	pt->pgd = NULL;
}

/* ---- switching and protections --------------------------------------------------------------- */

void pgtable_switch(struct mm_struct *prev, struct mm_struct *next)
{
	u64 ttbr = __pa(reserved_pg_dir);

	if (next)
		ttbr = __pa(next->pgt.pgd) | (u64)context_activate(&next->pgt) << TTBR_ASID_SHIFT;
	write_sysreg(ttbr, ttbr0_el1);
	isb();
}

pgprot_t pgprot_from_vm_flags(unsigned long vm_flags)
{
	pgprot_t prot = (PTE_TYPE_PAGE & ~PTE_VALID) | PTE_SHARED | PTE_AF | PTE_NG | PTE_PXN |
			PTE_ATTR(MT_NORMAL);

	if (vm_flags & VM_SHARED)
		prot |= PTE_NOCOW;
	if (!(vm_flags & VM_ACCESS_FLAGS))
		return prot | PTE_PROT_NONE | PTE_RDONLY | PTE_UXN;
	prot |= PTE_VALID | PTE_USER;
	if (!(vm_flags & VM_EXEC))
		prot |= PTE_UXN;
	if (vm_flags & VM_BTI)
		prot |= PTE_GP;
	/* A private page is as good as dirty; the first write to a shared one must be seen. */
	if (vm_flags & VM_WRITE)
		return prot | PTE_WRITE | (vm_flags & VM_SHARED ? PTE_RDONLY : 0);
	return prot | PTE_RDONLY;
}
