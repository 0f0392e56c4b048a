/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries and leaf tables, for pgtable.c and pgtable_share.c; what they mean is said there. */
#pragma once

#include <mm/filemap.h>
#include <mm/mm.h>
#include <asm/cpu.h>

#define LEAF_SHIFT		22
#define LEAF_SIZE		PGTABLE_SHARE_SPAN
#define LEAF_ENTRIES		1024
#define PGD_ENTRIES_PER_LEAF	4
#define PGD_ORDER		1

/* ---- entries ------------------------------------------------------------------------ */

static inline bool pte_special(u32 pte)
{
	return (pte & PTE_SW_MASK) == PTE_SW_MASK;
}

static inline bool pte_may_write(u32 pte)
{
	return !(pte & PTE_RDONLY) || (pte & PTE_SW_MASK) == PTE_SW_A;
}

static inline bool pte_dirty(u32 pte)
{
	return !(pte & PTE_RDONLY) || (pte & PTE_SW_MASK) == PTE_SW_B;
}

/* A writable page of a shared mapping, which is never copied on write. */
static inline bool pte_nocow(u32 pte)
{
	return (pte & PTE_SW_MASK) == PTE_SW_A;
}

/* @pte with another write permission and dirtiness. */
static inline u32 pte_set_state(u32 pte, bool write, bool dirty)
{
	u32 nocow = pte_nocow(pte) ? PTE_SW_A : 0;

	if (pte_special(pte))
		return write ? pte & ~PTE_RDONLY : pte | PTE_RDONLY;
	pte &= ~(PTE_SW_MASK | PTE_RDONLY);
	if (write)
		return dirty ? pte | nocow : pte | PTE_RDONLY | PTE_SW_A;
	return pte | PTE_RDONLY | (dirty ? PTE_SW_B : 0);
}

static inline struct page *pte_page(u32 pte)
{
	return pte_special(pte) ? NULL : phys_to_page(pte & PTE_ADDR_MASK);
}

static inline void set_pte(u32 *ptep, u32 pte)
{
	WRITE_ONCE(*ptep, pte);
}

/* Change an entry that other users of a shared table may be changing. */
static inline bool pte_change(u32 *ptep, u32 *old, u32 new)
{
	return __atomic_compare_exchange_n(ptep, old, new, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* Nobody may write through this entry any more; returns it. */
static inline u32 dup_write_protected(u32 *ptep)
{
	u32 pte = *ptep, new;

	do
		new = pte_set_state(pte, false, pte_dirty(pte));
	while (!pte_change(ptep, &pte, new));
	return new;
}

/* The page of an entry that is being removed is no longer mapped by it. */
static inline void note_dirty(u32 pte, struct page *page)
{
	if (pte_dirty(pte) && !PageAnon(page) && !PageDirty(page))
		set_page_dirty(page);
}

/* ---- leaf tables -------------------------------------------------------------------- */

static inline u32 *pgd_slot(const struct pgtable *pt, unsigned long va)
{
	return pt->pgd + (va >> LEAF_SHIFT) * PGD_ENTRIES_PER_LEAF;
}

/* The leaf table that serves @va, or NULL. */
static inline u32 *leaf_table(const struct pgtable *pt, unsigned long va)
{
	u32 pmd = *pgd_slot(pt, va);

	return pmd ? __va(pmd & PTE_ADDR_MASK) : NULL;
}

static inline u32 *leaf_entry(u32 *leaf, unsigned long va)
{
	return leaf + ((va >> PAGE_SHIFT) & (LEAF_ENTRIES - 1));
}

static inline u32 *lookup(const struct pgtable *pt, unsigned long va)
{
	u32 *leaf = leaf_table(pt, va);

	return leaf ? leaf_entry(leaf, va) : NULL;
}

static inline unsigned long leaf_end(unsigned long va, unsigned long hi)
{
	unsigned long end = (va | (LEAF_SIZE - 1)) + 1;

	return end < hi ? end : hi;
}

static inline void set_leaf(struct pgtable *pt, unsigned long va, u32 table)
{
	u32 *slot = pgd_slot(pt, va);

	for (u32 i = 0; i < PGD_ENTRIES_PER_LEAF; i++)
		WRITE_ONCE(slot[i], table ? table + i * PTRS_PER_TABLE * sizeof(u32) : 0);
}

/*
 * table_groups has a bit for each 32 entries of a leaf table: 0 says that they are empty.  Tables of
 * small programs are nearly empty, and fork and exit walk them twice.
 */
#define GROUP		32
static inline void mark_used(u32 *ptep)
{
	virt_to_page(ptep)->table_groups |= 1UL << ((unsigned long)ptep / sizeof(u32) % LEAF_ENTRIES / GROUP);
}

static inline bool group_used(u32 *leaf, unsigned long va)
{
	return virt_to_page(leaf)->table_groups >> (leaf_entry(leaf, va) - leaf) / GROUP & 1;
}

static inline unsigned long group_end(unsigned long va, unsigned long hi)
{
	unsigned long end = (va | (GROUP * PAGE_SIZE - 1)) + 1;

	return end < hi ? end : hi;
}

static inline void count_entries(u32 *leaf, int n)
{
	virt_to_page(leaf)->table_entries += n;
}

/* What points to a leaf table. */
static inline u32 leaf_desc(const struct page *table)
{
	return (u32)page_to_phys(table) | PMD_TABLE | PMD_DOMAIN(DOMAIN_USER) |
	       (cpu_has_pxn ? PMD_TABLE_PXN : 0);
}

/* ---- pgtable_share.c ---------------------------------------------------------------- */

/* Shared, or was it, and what that left is still to be tidied up? */
static inline bool leaf_shared(u32 desc, const struct page *table)
{
	return atomic_read(&table->table_users) > 1 || !(desc & PMD_TABLE);
}
/* Make the table of @va, which is there, this address space's own. NULL: out of memory. */
u32 *unshare_leaf(struct pgtable *pt, unsigned long va);
/* Let the hardware read through an entry that was invalidated by fork. */
void show_leaf(struct pgtable *pt, unsigned long va);
/* The use of a shared table is over if nothing outside [lo, hi) is mapped below: true. */
bool drop_leaf(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch);
/* The mm is dying: its leaf tables below [lo, hi) go as they are, and what they map with them. */
void drop_tables(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch);

/* The leaf table of @va, which is there, with entries that may be changed. NULL: out of memory. */
static inline u32 *own_leaf(struct pgtable *pt, unsigned long va)
{
	u32 desc = *pgd_slot(pt, va);
	struct page *table = phys_to_page(desc & PTE_ADDR_MASK);

	if (unlikely(PageProtected(table) || leaf_shared(desc, table)))
		return unshare_leaf(pt, va);
	return __va(desc & PTE_ADDR_MASK);
}
