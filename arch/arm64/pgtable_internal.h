/* SPDX-License-Identifier: GPL-2.0-only */
/* Entries and tables, for pgtable.c and pgtable_share.c; what they mean is said there. */
#pragma once

#include <mm/filemap.h>
#include <mm/mm.h>

#define LEAF_SPAN	PGTABLE_SHARE_SPAN	/* what a leaf table maps */
#define PTE_PRESENT	(PTE_VALID | PTE_PROT_NONE)
/* What pgtable_protect() changes. */
#define PTE_RIGHTS	(PTE_VALID | PTE_PROT_NONE | PTE_USER | PTE_RDONLY | PTE_WRITE | PTE_UXN | PTE_GP)

static inline struct mm_struct *mm_of(struct pgtable *pt)
{
	return container_of(pt, struct mm_struct, pgt);
}

static inline unsigned int index_at(unsigned long va, unsigned int shift)
{
	return va >> shift & (PTRS_PER_TABLE - 1);
}

static inline u64 *table_at(u64 desc)
{
	return __va(desc & PTE_ADDR_MASK);
}

static inline struct page *pte_page(u64 pte)
{
	return phys_to_page(pte & PTE_ADDR_MASK);
}

/* The page whose reference this entry owns, or NULL. */
static inline struct page *pte_owned_page(u64 pte)
{
	return pte & PTE_SPECIAL ? NULL : pte_page(pte);
}

static inline bool pte_dirty(u64 pte)
{
	return (pte & (PTE_WRITE | PTE_RDONLY)) == PTE_WRITE || (pte & PTE_DIRTY);
}

static inline void pte_set(u64 *ptep, u64 pte)
{
	__atomic_store_n(ptep, pte, __ATOMIC_RELAXED);
}

static inline u64 pte_take(u64 *ptep)
{
	return __atomic_exchange_n(ptep, 0, __ATOMIC_RELAXED);
}

/* Change an entry that the hardware may be setting the access flag of. */
static inline bool pte_change(u64 *ptep, u64 *old, u64 new)
{
	return __atomic_compare_exchange_n(ptep, old, new, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
}

/* The write right goes, the fact that it was used stays. */
static inline u64 pte_write_protected(u64 pte)
{
	if (pte_dirty(pte))
		pte |= PTE_DIRTY;
	return (pte & ~PTE_WRITE) | PTE_RDONLY;
}

/* The level-2 entry that points to the leaf table of @va, or would; NULL: no such table. */
static inline u64 *leaf_slot(struct pgtable *pt, unsigned long va)
{
	u64 desc, *t = pt->pgd;

	for (unsigned int shift = PTE_SHIFT_L0; shift > PTE_SHIFT_L2; shift -= 9) {
		desc = t[index_at(va, shift)];
		if (!desc)
			return NULL;
		t = table_at(desc);
	}
	return t + index_at(va, PTE_SHIFT_L2);
}

/*
 * table_groups has a bit for each 8 entries of a leaf table: 0 says that they are empty.  Tables of small
 * programs are nearly empty, and fork and exit walk three of them each: 6,000 instructions less.
 */
#define GROUP		8
#define GROUPS_SPAN	(2 * GROUP * PAGE_SIZE)		/* what GROUP_BITS() tells of */
#define GROUP_BITS(va)	(3UL << (index_at(va, PTE_SHIFT_L3) / GROUP & ~1U))

/* Entries in the 64 KiB around @va, below @slot, are about to be made. */
static inline void mark_used(u64 slot, unsigned long va)
{
	pte_page(slot)->table_groups |= GROUP_BITS(va);
}

/* Is what @slot points to shared, or was it and nobody has taken it over yet? */
static inline bool slot_shared(u64 slot)
{
	return unlikely(slot & TABLE_AP_RDONLY);
}

/*
 * A page's two counts side by side are one number, changed by one atomic operation: refcount is the low
 * half.  fork and exit do it for each page of a table.
 */
#define PAGE_COUNTS_ONE	(1ULL << 32 | 1)
static_assert(offsetof(struct page, refcount) % sizeof(u64) == 0);
static_assert(offsetof(struct page, mapcount) == offsetof(struct page, refcount) + sizeof(atomic_t));

static inline u64 *page_counts(struct page *page)
{
	return (u64 *)&page->refcount;
}

/* The page of an entry that was just removed is no longer mapped by it. */
static inline void note_dirty(u64 pte, struct page *page)
{
	if (pte_dirty(pte) && !PageAnon(page) && !PageDirty(page))
		set_page_dirty(page);
}

/* pgtable.c: like leaf_slot(), but makes the tables above. NULL: out of memory. */
u64 *leaf_slot_alloc(struct pgtable *pt, unsigned long va);
/* pgtable_share.c: what @slot points to becomes this address space's own. -ENOMEM. */
int unshare_slot(struct pgtable *pt, u64 *slot);
/* The use of a shared table is over if nothing outside [lo, hi) is mapped below: true, and the slot is
 * empty. */
bool drop_slot(struct pgtable *pt, u64 *slot, unsigned long lo, unsigned long hi,
	       struct tlb_batch *batch);
/* The mm is dying: its leaf tables below [lo, hi) go as they are, and what they map with them. */
void drop_tables(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch);
