// SPDX-License-Identifier: GPL-2.0-only
/*
 * Small tables: one of the hardware's second-level tables, 1 KiB for 1 MiB.
 *
 * A small program has a few pages at each of four or five places: a page of tables for each place was a
 * third of all the memory it cost.  So the first table of a 4 MiB slot is a small one, whose neighbours
 * in the slot are empty.  When another 1 MiB of the slot is wanted a leaf table takes its place
 * (grow_table()).
 *
 * Four of them lie in a page, of any address spaces: PG_small_tables says that a page is such a one.  A
 * small table has one user, whose page_table_lock is the lock of its entries and of its own small_entries and
 * small_groups.  Which are in use, page->small_used, and the list of pages with room belong to small_lock.
 */
#include "pgtable_internal.h"

#include <kernel/lib/string.h>
#include <kernel/locking/spinlock.h>
#include <asm/tlb.h>

#define TABLE_SIZE	(PTRS_PER_TABLE * sizeof(u32))
#define ALL_USED	0xf

static DEFINE_SPINLOCK(small_lock);
static LIST_HEAD(with_room);		/* [small_lock] by page->lru; a page may be all room */

static struct page *add_page(void)
{
	struct page *page = alloc_page(GFP_ATOMIC);

	if (!page)
		return NULL;
	SetPageTable(page);
	SetPageSmallTables(page);
	atomic_set(&page->table_users, 1);
	page->small_used = 0;
	mod_page_stat(NR_PAGETABLE_PAGES, 1);
	return page;
}

static u32 *take_quarter(struct page *page)
{
	unsigned int i = __builtin_ctz(~page->small_used);

	page->small_used |= 1U << i;
	if (page->small_used == ALL_USED)
		list_del(&page->lru);
	page->small_entries[i] = 0;
	page->small_groups[i] = 0;
	return (u32 *)page_address(page) + i * PTRS_PER_TABLE;
}

u32 *small_table_alloc(void)
{
	struct page *page;
	u32 *table;

	spin_lock(&small_lock);
	if (list_empty(&with_room)) {
		spin_unlock(&small_lock);
		page = add_page();
		if (!page)
			return NULL;
		spin_lock(&small_lock);
		list_add(&page->lru, &with_room);
	}
	table = take_quarter(list_first_entry(&with_room, struct page, lru));
	spin_unlock(&small_lock);
	memset(table, 0, TABLE_SIZE);
	return table;
}

void small_table_free(u32 *table)
{
	struct page *page = virt_to_page(table);
	bool unused;

	spin_lock(&small_lock);
	if (page->small_used == ALL_USED)
		list_add(&page->lru, &with_room);
	page->small_used &= ~(1U << quarter_of(table));
	/* The last page with room stays: who makes and drops one table again and again needs no allocator. */
	unused = !page->small_used && !list_is_singular(&with_room);
	if (unused)
		list_del(&page->lru);
	spin_unlock(&small_lock);
	if (!unused)
		return;
	ClearPageSmallTables(page);
	pgtable_page_free(page);
}

/* Break before make: no walker may come from the old table to the new one. */
static void move_small(struct pgtable *pt, u32 *slot, struct page *leaf)
{
	unsigned int i = (slot - pt->pgd) % PGD_ENTRIES_PER_LEAF;
	u32 *small = clear_table(slot), *to = page_address(leaf);
	struct page *page = virt_to_page(small);

	tlb_flush_page(container_of(pt, struct mm_struct, pgt), slot_address(pt, slot));
	memcpy(to + i * PTRS_PER_TABLE, small, TABLE_SIZE);
	leaf->table_entries = page->small_entries[quarter_of(small)];
	leaf->small_groups[i] = page->small_groups[quarter_of(small)];
	small_table_free(small);
}

u32 *grow_table(struct pgtable *pt, unsigned long va)
{
	struct page *leaf = pgtable_page_alloc(GFP_ATOMIC);
	u32 *slot = slot_table(pt, va);

	if (!leaf)
		return NULL;
	if (slot)
		move_small(pt, slot, leaf);
	dsb(ishst);
	set_leaf(pt, va, leaf_desc(leaf));
	return lookup(pt, va);
}
