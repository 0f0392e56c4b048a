/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries and tables, for pgtable.c, pgtable_share.c and pgtable_small.c; what they mean is said there. */
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

/* ---- tables --------------------------------------------------------------------------
 *
 * A table is named by the first-level entry that points to it, @desc: that of the 1 MiB of an address.
 */

/* The first of the four entries that a leaf table has. */
static inline u32 *pgd_slot(const struct pgtable *pt, unsigned long va)
{
	return pt->pgd + (va >> LEAF_SHIFT) * PGD_ENTRIES_PER_LEAF;
}

/* The entry of @va's own 1 MiB. */
static inline u32 *pmd_slot(const struct pgtable *pt, unsigned long va)
{
	return pt->pgd + (va >> SECTION_SHIFT);
}

static inline struct page *table_page(u32 desc)
{
	return phys_to_page(desc & PTE_ADDR_MASK);
}

/* The entries that the hardware finds by @desc: 256, and of a leaf table those that lie around them. */
static inline u32 *table_entries(u32 desc)
{
	return __va(desc & PMD_TABLE_MASK);
}

static inline u32 *table_entry(u32 desc, unsigned long va)
{
	return table_entries(desc) + ((va >> PAGE_SHIFT) & (PTRS_PER_TABLE - 1));
}

static inline u32 *lookup(const struct pgtable *pt, unsigned long va)
{
	u32 desc = *pmd_slot(pt, va);

	return desc ? table_entry(desc, va) : NULL;
}

/* Is @slot, the four entries of 4 MiB, that of a small table? A leaf table has all four. */
static inline bool slot_small(const u32 *slot)
{
	return slot[0] ? !slot[1] : slot[1] | slot[2] | slot[3];
}

/* How far the table of @va reaches, or the lack of one; at most to @hi. */
static inline unsigned long table_end(const struct pgtable *pt, unsigned long va, unsigned long hi)
{
	u32 desc = *pmd_slot(pt, va);
	bool small = desc ? PageSmallTables(table_page(desc)) : slot_small(pgd_slot(pt, va));
	unsigned long end = (va | ((small ? SECTION_SIZE : LEAF_SIZE) - 1)) + 1;

	return end < hi ? end : hi;
}

/* What points to the table of @va's 4 MiB, small or not, and is not empty. NULL: there is none. */
static inline u32 *slot_table(const struct pgtable *pt, unsigned long va)
{
	u32 *slot = pgd_slot(pt, va);

	if (slot[0])
		return slot;
	if (!(slot[1] | slot[2] | slot[3]))
		return NULL;
	return slot[1] ? slot + 1 : slot[2] ? slot + 2 : slot + 3;
}

static inline unsigned long slot_address(const struct pgtable *pt, const u32 *slot)
{
	return (unsigned long)(slot - pt->pgd) << SECTION_SHIFT;
}

static inline void set_leaf(struct pgtable *pt, unsigned long va, u32 table)
{
	u32 *slot = pgd_slot(pt, va);

	for (u32 i = 0; i < PGD_ENTRIES_PER_LEAF; i++)
		WRITE_ONCE(slot[i], table ? table + i * PTRS_PER_TABLE * sizeof(u32) : 0);
}

/* Take away what points to a table, @slot (slot_table()) first. Returns the table's address. */
static inline u32 *clear_table(u32 *slot)
{
	u32 desc = *slot, n = PageSmallTables(table_page(desc)) ? 1 : PGD_ENTRIES_PER_LEAF;

	for (u32 i = 0; i < n; i++)
		WRITE_ONCE(slot[i], 0);
	return table_entries(desc);
}

/* What points to @table and shows it to the hardware. */
static inline u32 table_desc(const u32 *table)
{
	return (u32)__pa(table) | PMD_TABLE | PMD_DOMAIN(DOMAIN_USER) | (cpu_has_pxn ? PMD_TABLE_PXN : 0);
}

static inline u32 leaf_desc(const struct page *table)
{
	return table_desc(page_address(table));
}

/* Which quarter of its page @ptep lies in: a small table is one. */
static inline unsigned int quarter_of(const u32 *ptep)
{
	return (unsigned long)ptep / (PTRS_PER_TABLE * sizeof(u32)) % 4;
}

/*
 * table_groups has a bit for each 32 entries of a leaf table: 0 says that they are empty.  Tables of
 * small programs are nearly empty, and fork and exit walk them twice.  small_groups are the same bits,
 * a byte for each quarter: what belongs to other small tables of the page is left alone.
 */
#define GROUP		32
static inline void mark_used(u32 *ptep)
{
	virt_to_page(ptep)->small_groups[quarter_of(ptep)] |=
		1U << ((unsigned long)ptep / sizeof(u32) % PTRS_PER_TABLE / GROUP);
}

static inline bool group_used(const u32 *ptep)
{
	return virt_to_page(ptep)->table_groups >> ((unsigned long)ptep / sizeof(u32) % LEAF_ENTRIES / GROUP) & 1;
}

static inline unsigned long group_end(unsigned long va, unsigned long hi)
{
	unsigned long end = (va | (GROUP * PAGE_SIZE - 1)) + 1;

	return end < hi ? end : hi;
}

/* The table with @ptep has @n used entries more. */
static inline void count_entries(const u32 *ptep, int n)
{
	struct page *page = virt_to_page(ptep);

	if (PageSmallTables(page))
		page->small_entries[quarter_of(ptep)] += n;
	else
		page->table_entries += n;
}

static inline unsigned int used_entries(u32 desc)
{
	struct page *page = table_page(desc);

	return PageSmallTables(page) ? page->small_entries[quarter_of(table_entries(desc))] : page->table_entries;
}

/* ---- pgtable_small.c ---------------------------------------------------------------- */

#define SMALL_MAX	255	/* entries in use: what small_entries can count */

/* A small table, zeroed. NULL: out of memory. */
u32 *small_table_alloc(void);
/* No walker knows it any more, and its entries own nothing. */
void small_table_free(u32 *table);
/* Give @va's 4 MiB a leaf table, which takes over what a small one maps. Returns @va's entry; NULL: out of memory. */
u32 *grow_table(struct pgtable *pt, unsigned long va);

/* ---- pgtable_share.c ---------------------------------------------------------------- */

/* Shared, or was it, and what that left is still to be tidied up? A small table never is. */
static inline bool leaf_shared(u32 desc, const struct page *table)
{
	return atomic_read(&table->table_users) > 1 || !(desc & PMD_TABLE);
}
/* Make the table of @va, which is there, this address space's own. Returns @va's entry; NULL: out of memory. */
u32 *unshare_leaf(struct pgtable *pt, unsigned long va);
/* Let the hardware read through an entry that was invalidated by fork. */
void show_leaf(struct pgtable *pt, unsigned long va);
/* The use of a shared table is over if nothing outside [lo, hi) is mapped below: true. */
bool drop_leaf(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch);
/* The mm is dying: its leaf tables below [lo, hi) go as they are, and what they map with them. */
void drop_tables(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch);

/* The entry of @va, whose table is there, in one that may be changed. NULL: out of memory. */
static inline u32 *own_entry(struct pgtable *pt, unsigned long va)
{
	u32 desc = *pmd_slot(pt, va);
	struct page *table = table_page(desc);

	if (unlikely(PageProtected(table) || leaf_shared(desc, table)))
		return unshare_leaf(pt, va);
	return table_entry(desc, va);
}
