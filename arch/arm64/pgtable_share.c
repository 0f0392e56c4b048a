// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaf tables shared between address spaces ("on-demand fork").
 *
 * fork does not copy leaf tables: both sides point to the same one, with TABLE_AP_RDONLY in the entry
 * above, which takes the write permission from everything below.  page->table_users counts the address
 * spaces.  The first that wants to change something below makes its own copy (unshare_slot()); the
 * last one left takes the table as it is.  TABLE_AP_RDONLY stays until somebody does, so that the
 * next fork only counts.  What it bought: fork of a process with 256 MiB, see docs/performance.md.
 *
 * Locking.  A table belongs to the page_table_lock of its user.  With more than one user it belongs to
 * nobody and does not change, but for what each user would do to it alike and what cannot be undone by
 * one for the others: access flags (set by hardware too, cleared), write permission and dirtiness
 * taken away.  Those are done by compare-and-exchange.  A user's lock keeps table_users from reaching
 * 0, and, once it is 1, from changing; a user leaves with release semantics after its last access.
 *
 * References.  The table owns one reference and one mapcount of each page it maps, however many users
 * it has: so a page's counts say who shares it only after unshare_slot().  mm->rss counts the pages
 * below shared tables for each user.
 *
 * Before a user leaves, its TLB and walk caches have forgotten the table (break before make, or the
 * tlb_batch).  So the last one may free it and its pages without another flush.
 */
#include "pgtable_internal.h"

#include <kernel/lib/bug.h>
#include <kernel/lib/minmax.h>
#include <asm/cpu.h>
#include <asm/tlb.h>

/* A reference for another entry like *@ptep, and no write permission in either. */
static u64 dup_entry(u64 *ptep)
{
	u64 pte = *ptep;

	if ((pte & (PTE_WRITE | PTE_NOCOW)) == PTE_WRITE) {
		while (!pte_change(ptep, &pte, pte_write_protected(pte)))
			;
		pte = pte_write_protected(pte);
	}
	if (!(pte & PTE_SPECIAL))
		__atomic_fetch_add(page_counts(pte_page(pte)), PAGE_COUNTS_ONE, __ATOMIC_RELAXED);
	return pte;
}

static void copy_table(struct page *dst, struct page *src)
{
	u64 *to = page_address(dst), *from = page_address(src);

	dst->table_groups = src->table_groups;
	for (u64 groups = src->table_groups; groups; groups &= groups - 1) {
		unsigned int first = __builtin_ctzll(groups) * GROUP;

		for (unsigned int i = first; i < first + GROUP; i++)
			if (from[i])
				pte_set(to + i, dup_entry(from + i));
	}
}

int unshare_slot(struct pgtable *pt, u64 *slot)
{
	struct page *old = pte_page(*slot), *new;

	if (smp_load_acquire(&old->table_users.counter) == 1) {
		/* The others are gone: it is ours, with what they left. */
		pte_set(slot, *slot & ~TABLE_AP_RDONLY);
		tlb_flush_mm(mm_of(pt));
		return 0;
	}
	new = pgtable_page_alloc(GFP_ATOMIC);
	if (!new)
		return -ENOMEM;
	copy_table(new, old);
	pte_set(slot, 0);
	tlb_flush_mm(mm_of(pt));
	pte_set(slot, page_to_phys(new) | PTE_TYPE_PAGE);
	dsb(ishst);
	pgtable_put_table(page_address(old));
	return 0;
}

int pgtable_unshare(struct pgtable *pt, unsigned long va)
{
	u64 *slot = leaf_slot(pt, va);

	return slot && slot_shared(*slot) ? unshare_slot(pt, slot) : 0;
}

/* ---- leaving a table ----------------------------------------------------------------------- */

/* One mapping less of a page that others have, too. */
static void release_shared_page(struct page *page)
{
	u64 left = __atomic_sub_fetch(page_counts(page), PAGE_COUNTS_ONE, __ATOMIC_RELEASE);

	if (unlikely(!(left >> 32)) && !PageAnon(page))
		mod_page_stat(NR_FILE_MAPPED, -1);
	if (unlikely(!(u32)left)) {
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		__put_page(page);
	}
}

/* Every entry lies in a group that is marked. */
static void check_groups(struct page *table)
{
	u64 *t = page_address(table);

	for (unsigned int i = 0; IS_ENABLED(CONFIG_DEBUG) && i < PTRS_PER_TABLE; i++)
		ASSERT(!t[i] || (table->table_groups >> i / GROUP & 1));
}

/* The pages leave @table, those that are ours alone in bulk.  That was up to a third of what fork and exit
 * of a small process cost. */
static void release_entries(struct page *table)
{
	struct page *page, *pages[64];
	u64 *t = page_address(table);
	unsigned int n = 0;

	check_groups(table);
	for (u64 groups = table->table_groups; groups; groups &= groups - 1) {
		unsigned int first = __builtin_ctzll(groups) * GROUP;

		for (unsigned int i = first; i < first + GROUP; i++) {
			if (!t[i] || (t[i] & PTE_SPECIAL))
				continue;
			page = pte_page(t[i]);
			note_dirty(t[i], page);
			if (page_count(page) != 1) {
				release_shared_page(page);
				continue;
			}
			page_remove_mapping(page);
			pages[n++] = page;
		}
		if (n > ARRAY_SIZE(pages) - GROUP) {
			release_pages(pages, n);
			n = 0;
		}
	}
	release_pages(pages, n);
}

void pgtable_put_table(void *table)
{
	struct page *page = virt_to_page(table);

	DEBUG_ASSERT(PageTable(page));
	if (!atomic_dec_and_test(&page->table_users))
		return;
	release_entries(page);
	pgtable_page_free(page);
}

static bool empty_outside(const u64 *t, unsigned int from, unsigned int to)
{
	for (unsigned int i = 0; i < PTRS_PER_TABLE; i++)
		if ((i < from || i >= to) && t[i])
			return false;
	return true;
}

static void uncount_table(const u64 *t, struct tlb_batch *batch)
{
	for (unsigned int i = 0; i < PTRS_PER_TABLE; i++)
		if (t[i] && !(t[i] & PTE_SPECIAL))
			batch->rss[mm_counter_of(pte_page(t[i]))]++;
}

bool drop_slot(struct pgtable *pt, u64 *slot, unsigned long lo, unsigned long hi,
	       struct tlb_batch *batch)
{
	unsigned int from = index_at(lo, PTE_SHIFT_L3);
	u64 *t = table_at(*slot);

	if (!empty_outside(t, from, from + ((hi - lo) >> PAGE_SHIFT)))
		return false;
	uncount_table(t, batch);
	pte_set(slot, 0);
	tlb_batch_table(batch, lo & ~(LEAF_SPAN - 1), t);
	return true;
}

void drop_tables(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch)
{
	unsigned long next;

	for (lo &= ~(LEAF_SPAN - 1); lo < hi; lo = next) {
		u64 *slot = leaf_slot(pt, lo);

		next = min((lo | ((1UL << PTE_SHIFT_L1) - 1)) + 1, hi);
		for (; slot && lo < next; lo += LEAF_SPAN, slot++) {
			if (!*slot)
				continue;
			tlb_batch_table(batch, lo, table_at(pte_take(slot)));
		}
	}
}

/* ---- fork ---------------------------------------------------------------------------------- */

/* Returns whether the parent could write below until now. */
static bool share_slot(u64 *dst, u64 *src)
{
	u64 desc = *src;

	DEBUG_ASSERT(!*dst);
	atomic_inc(&pte_page(desc)->table_users);
	pte_set(src, desc | TABLE_AP_RDONLY);
	pte_set(dst, desc | TABLE_AP_RDONLY);
	return !(desc & TABLE_AP_RDONLY);
}

/* The tables of [lo, hi), which lies below one level-2 table of the parent. */
static int share_slots(struct pgtable *dst, u64 *from, unsigned long lo, unsigned long hi,
		       struct tlb_batch *batch)
{
	u64 *to = NULL;

	for (; lo < hi; lo += LEAF_SPAN, from++) {
		if (*from) {
			if (!to)
				to = leaf_slot_alloc(dst, lo);
			if (!to)
				return -ENOMEM;
			if (share_slot(to, from))
				tlb_batch_range(batch, lo, lo + LEAF_SPAN);
		}
		if (to)
			to++;
	}
	return 0;
}

int pgtable_share(struct pgtable *dst, struct pgtable *src, unsigned long lo, unsigned long hi,
		  struct tlb_batch *src_batch)
{
	unsigned long next;
	int err = 0;

	for (lo &= ~(LEAF_SPAN - 1); lo < hi && !err; lo = next) {
		u64 *from = leaf_slot(src, lo);

		next = min((lo | ((1UL << PTE_SHIFT_L1) - 1)) + 1, hi);
		if (from)
			err = share_slots(dst, from, lo, next, src_batch);
	}
	dsb(ishst);
	return err;
}
