// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leaf tables shared between address spaces ("on-demand fork").
 *
 * fork does not copy a leaf table: both sides point to the same one, and page->table_users counts them.
 * A first-level descriptor of the short format has no permission bits.  So fork takes PMD_TABLE away
 * from it on both sides, and the hardware faults on every access below.  On the fault:
 *
 *   nobody else uses the table any more	it is ours again, as it is (unshare_leaf, show_leaf)
 *   a write, or another change			we make a copy of our own (unshare_leaf)
 *   a read					the table's entries lose their write permission, once
 *						(PG_protected), and we read through it (show_leaf)
 *
 * A protected table needs no invalid descriptors: the next fork only counts.  A table with few entries
 * is copied at once: that costs less than the faults.  So are small tables, which never are shared; but one that
 * seems to be an end of a big area becomes a leaf table first.  What sharing bought is in docs/performance.md.
 *
 * Locking.  A table belongs to the page_table_lock of its user.  With more than one user it belongs to
 * nobody and does not change, but for what each user would do to it alike and what cannot be undone by
 * one for the others: access flags set and cleared, write permission and dirtiness taken away.  Those
 * are done by compare-and-exchange.  A user's lock keeps table_users from reaching 0, and, once it is
 * 1, from changing; a user leaves with release semantics after its last access.
 *
 * References.  The table owns one reference and one mapcount of each page it maps, however many users
 * it has: so a page's counts say who shares it only after unshare_leaf().  mm->rss counts the pages
 * below shared tables for each user.
 *
 * Before a user leaves, its TLB and walk caches have forgotten the table.  So the last one may free it
 * and its pages without another flush.
 */
#include "pgtable_internal.h"

#include <kernel/lib/bug.h>
#include <asm/cpu.h>
#include <asm/tlb.h>

#define COPY_AT_ONCE	96	/* entries */

static inline bool needs_cow(u32 pte)
{
	return pte_may_write(pte) && !pte_nocow(pte);
}

/* ---- parting ------------------------------------------------------------------------ */

/* No page below may be written without a fault, but those that are meant to be shared. Once is enough
 * until the table has one user again who changes it. */
static void protect_table(struct page *table)
{
	u32 *t = page_address(table);

	if (PageProtected(table)) {
		smp_mb();	/* then its entries are, too */
		return;
	}
	for (u32 groups = table->table_groups; groups; groups &= groups - 1) {
		unsigned int first = __builtin_ctz(groups) * GROUP;

		for (unsigned int i = first; i < first + GROUP; i++)
			if (t[i] && needs_cow(t[i]))
				dup_write_protected(t + i);
	}
	smp_mb();
	SetPageProtected(table);
}

/* A reference for another entry like @*ptep, and no write permission in either. */
static u32 dup_entry(u32 *ptep)
{
	u32 pte = needs_cow(*ptep) ? dup_write_protected(ptep) : *ptep;

	if (!pte_special(pte))
		page_dup_mapping(pte_page(pte));
	return pte;
}

/* What lies in @groups of @from gets an entry in @to, too. */
static void copy_entries(u32 *to, u32 *from, u32 groups)
{
	for (; groups; groups &= groups - 1) {
		unsigned int first = __builtin_ctz(groups) * GROUP;

		for (unsigned int i = first; i < first + GROUP; i++)
			if (from[i])
				set_pte(to + i, dup_entry(from + i));
	}
}

static void copy_table(struct page *dst, struct page *src)
{
	dst->table_entries = src->table_entries;
	dst->table_groups = src->table_groups;
	copy_entries(page_address(dst), page_address(src), src->table_groups);
}

u32 *unshare_leaf(struct pgtable *pt, unsigned long va)
{
	u32 desc = *pmd_slot(pt, va);
	struct page *old = table_page(desc), *new;

	if (smp_load_acquire(&old->table_users.counter) == 1) {
		/* The others are gone: it is ours, with what they left. */
		ClearPageProtected(old);
		set_leaf(pt, va, leaf_desc(old));
		dsb(ishst);
		return lookup(pt, va);
	}
	new = pgtable_page_alloc(GFP_ATOMIC);
	if (!new)
		return NULL;
	copy_table(new, old);
	if (desc & PMD_TABLE) {
		set_leaf(pt, va, 0);
		tlb_flush_mm(container_of(pt, struct mm_struct, pgt));
	}
	dsb(ishst);
	set_leaf(pt, va, leaf_desc(new));
	dsb(ishst);
	pgtable_put_table(page_address(old));
	return lookup(pt, va);
}

int pgtable_unshare(struct pgtable *pt, unsigned long va)
{
	return !*pmd_slot(pt, va) || own_entry(pt, va) ? 0 : -ENOMEM;
}

void show_leaf(struct pgtable *pt, unsigned long va)
{
	struct page *table = table_page(*pmd_slot(pt, va));

	if (smp_load_acquire(&table->table_users.counter) > 1)
		protect_table(table);
	set_leaf(pt, va, leaf_desc(table));
	dsb(ishst);
}

/* ---- leaving a table ---------------------------------------------------------------- */

/* Every one of @n entries lies in a group that is marked. */
static void check_groups(const u32 *t, unsigned int n, u32 groups)
{
	for (unsigned int i = 0; IS_ENABLED(CONFIG_DEBUG) && i < n; i++)
		ASSERT(!t[i] || (groups >> i / GROUP & 1));
}

/* The pages leave @t in bulk: they were up to a third of what fork and exit of a small process cost. */
static void release_entries(u32 *t, u32 groups)
{
	struct page *page, *pages[GROUP];

	for (; groups; groups &= groups - 1) {
		unsigned int first = __builtin_ctz(groups) * GROUP, n = 0;

		for (unsigned int i = first; i < first + GROUP; i++) {
			if (!t[i] || pte_special(t[i]))
				continue;
			page = pte_page(t[i]);
			note_dirty(t[i], page);
			page_remove_mapping(page);
			pages[n++] = page;
		}
		release_pages(pages, n);
	}
}

void pgtable_put_table(void *table)
{
	struct page *page = virt_to_page(table);

	DEBUG_ASSERT(PageTable(page));
	if (PageSmallTables(page)) {
		u32 groups = page->small_groups[quarter_of(table)];

		check_groups(table, PTRS_PER_TABLE, groups);
		release_entries(table, groups);
		small_table_free(table);
	} else if (atomic_dec_and_test(&page->table_users)) {
		check_groups(table, LEAF_ENTRIES, page->table_groups);
		release_entries(table, page->table_groups);
		pgtable_page_free(page);
	}
}

static unsigned int count_used(const u32 *ptep, unsigned int n)
{
	unsigned int used = 0;

	for (; n; n--)
		used += *ptep++ != 0;
	return used;
}

static void uncount_table(const u32 *t, struct tlb_batch *batch)
{
	for (unsigned int i = 0; i < LEAF_ENTRIES; i++)
		if (t[i] && !pte_special(t[i]))
			batch->rss[mm_counter_of(pte_page(t[i]))]++;
}

bool drop_leaf(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch)
{
	struct page *table = table_page(*pmd_slot(pt, lo));

	if (count_used(lookup(pt, lo), (hi - lo) >> PAGE_SHIFT) != table->table_entries)
		return false;
	uncount_table(page_address(table), batch);
	set_leaf(pt, lo, 0);
	tlb_batch_table(batch, lo & ~(LEAF_SIZE - 1), page_address(table));
	return true;
}

void drop_tables(struct pgtable *pt, unsigned long lo, unsigned long hi, struct tlb_batch *batch)
{
	for (lo &= ~(LEAF_SIZE - 1); lo < hi; lo += LEAF_SIZE) {
		u32 *slot = slot_table(pt, lo);

		if (slot)
			tlb_batch_table(batch, lo, clear_table(slot));
	}
}

/* ---- fork --------------------------------------------------------------------------- */

static int copy_small(struct pgtable *dst, u32 desc, unsigned long va, struct tlb_batch *src_batch)
{
	u32 *from = table_entries(desc), *to = small_table_alloc();
	struct page *old = virt_to_page(from), *new;

	if (!to)
		return -ENOMEM;
	new = virt_to_page(to);
	new->small_entries[quarter_of(to)] = old->small_entries[quarter_of(from)];
	new->small_groups[quarter_of(to)] = old->small_groups[quarter_of(from)];
	copy_entries(to, from, old->small_groups[quarter_of(from)]);
	tlb_batch_range(src_batch, va, va + SECTION_SIZE);
	dsb(ishst);
	WRITE_ONCE(*pmd_slot(dst, va), table_desc(to));
	return 0;
}

static int copy_leaf(struct pgtable *dst, struct page *from, unsigned long va,
		     struct tlb_batch *src_batch)
{
	struct page *page = pgtable_page_alloc(GFP_ATOMIC);

	if (!page)
		return -ENOMEM;
	copy_table(page, from);
	tlb_batch_range(src_batch, va, va + LEAF_SIZE);
	dsb(ishst);
	set_leaf(dst, va, leaf_desc(page));
	return 0;
}

/* Does a small table with many entries begin with private memory, not with a program that has its data in the same
 * MiB?  Then perhaps neither side touches it soon. */
static bool worth_sharing(u32 desc)
{
	const u32 *t = table_entries(desc);
	struct page *first;

	if (used_entries(desc) <= COPY_AT_ONCE)
		return false;
	while (!*t)
		t++;
	first = pte_page(*t);
	return first && PageAnon(first);
}

static int share_table(struct pgtable *dst, struct pgtable *src, unsigned long va,
		       struct tlb_batch *src_batch)
{
	u32 desc = *pmd_slot(src, va), shown;
	struct page *table = table_page(desc);

	if (PageSmallTables(table)) {
		if (!worth_sharing(desc) || !grow_table(src, va))
			return copy_small(dst, desc, va, src_batch);
		desc = *pmd_slot(src, va);
		table = table_page(desc);
	}
	if (table->table_entries <= COPY_AT_ONCE && !leaf_shared(desc, table))
		return copy_leaf(dst, table, va, src_batch);
	atomic_inc(&table->table_users);
	shown = leaf_desc(table) & ~(PageProtected(table) ? 0 : PMD_TABLE);
	if ((desc & PMD_TABLE) && !(shown & PMD_TABLE)) {
		set_leaf(src, va, shown);
		tlb_batch_range(src_batch, va, va + LEAF_SIZE);
	}
	set_leaf(dst, va, shown);
	return 0;
}

int pgtable_share(struct pgtable *dst, struct pgtable *src, unsigned long lo, unsigned long hi,
		  struct tlb_batch *src_batch)
{
	int err = 0;

	for (lo &= ~(LEAF_SIZE - 1); lo < hi && !err; lo += LEAF_SIZE) {
		const u32 *slot = slot_table(src, lo);

		if (slot && used_entries(*slot))
			err = share_table(dst, src, slot_address(src, slot), src_batch);
	}
	dsb(ishst);
	return err;
}
