/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct page: one for each physical page frame of RAM.
 *
 * refcount says who keeps the page alive: the page cache (1), every leaf page-table entry that maps
 * it (1 each; a leaf table shared between address spaces counts once), and whoever holds it
 * for a moment.  mapcount counts the leaf entries alone.
 *
 * Locks:  [a] atomic   [z] zone lock, or the owner of a free page
 *	   [m] mapping->lock   [s] slab lock
 */
#pragma once

#include <kernel/lib/atomic.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/list.h>
#include <kernel/lib/types.h>
#include <asm/memory.h>

struct address_space;
struct kmem_cache;

enum page_flag {
	PG_locked,		/* under I/O or truncation: lock_page() */
	PG_uptodate,		/* contents are valid */
	PG_dirty,		/* newer than its backing store */
	PG_writeback,
	PG_waiters,		/* somebody sleeps on PG_locked or PG_writeback */
	PG_lru,
	PG_charged,		/* private is the struct cgroup whose it is: kernel/cgroup/memory.c */
	PG_active,
	PG_referenced,
	PG_anon,		/* private memory: no mapping */
	PG_swapbacked,		/* shmem: counts as shared memory */
	PG_slab,
	PG_buddy,		/* free, head of a block of order page->order */
	PG_fresh,		/* with PG_buddy: of the block only this entry of mem_map is made */
	PG_table,		/* a page-table page */
	PG_reserved,		/* never given to the allocator */
	PG_unevictable,
	PG_mlocked,
	PG_exec_synced,		/* instruction fetches see what data writes put there */
	PG_protected,		/* leaf table of arm: see its pgtable_share.c */
	PG_small_tables,	/* four of arm's small tables: see its pgtable_small.c */
};

struct page {
	unsigned long		flags;		/* [a] bits of enum page_flag */
	atomic_t		refcount;	/* [a] */
	union {
		atomic_t	mapcount;	/* [a] leaf page-table entries */
		unsigned int	small_used;	/* of arm's small tables: see its pgtable_small.c */
	};
	union {
		struct {			/* page cache */
			struct address_space	*mapping;	/* [m] */
			pgoff_t			index;		/* [m] in pages */
		};
		struct {			/* slab: the head page of a slab */
			struct kmem_cache	*slab_cache;
			void			*freelist;	/* [s] */
		};
		struct {			/* page-table page */
			atomic_t	table_users;	/* mms that share this leaf table */
			union {			/* used entries, under page_table_lock */
				unsigned int	table_entries;
				u8		small_entries[4];	/* of small tables */
			};
		};
	};
	union {
		unsigned long	private;	/* buddy order, slab in-use count, ... */
		unsigned long	table_groups;	/* leaf table: see <arch>/pgtable_internal.h */
		u8		small_groups[4];	/* the same of small tables */
	};
	struct list_head	lru;		/* free list, LRU list, or slab list */
};

#define PAGE_FLAG_OPS(name, bit)							\
static inline bool Page##name(const struct page *p) { return test_bit(bit, &p->flags); }	\
static inline void SetPage##name(struct page *p) { set_bit(bit, &p->flags); }		\
static inline void ClearPage##name(struct page *p) { clear_bit(bit, &p->flags); }		\
static inline bool TestSetPage##name(struct page *p) { return test_and_set_bit(bit, &p->flags); } \
static inline bool TestClearPage##name(struct page *p)					\
{ return test_and_clear_bit(bit, &p->flags); }
PAGE_FLAG_OPS(Locked, PG_locked)
PAGE_FLAG_OPS(Uptodate, PG_uptodate)
PAGE_FLAG_OPS(Dirty, PG_dirty)
PAGE_FLAG_OPS(Writeback, PG_writeback)
PAGE_FLAG_OPS(Lru, PG_lru)
PAGE_FLAG_OPS(Active, PG_active)
PAGE_FLAG_OPS(Referenced, PG_referenced)
PAGE_FLAG_OPS(Anon, PG_anon)
PAGE_FLAG_OPS(SwapBacked, PG_swapbacked)
PAGE_FLAG_OPS(Slab, PG_slab)
PAGE_FLAG_OPS(Buddy, PG_buddy)
PAGE_FLAG_OPS(Table, PG_table)
PAGE_FLAG_OPS(Reserved, PG_reserved)
PAGE_FLAG_OPS(Mlocked, PG_mlocked)
PAGE_FLAG_OPS(Waiters, PG_waiters)
PAGE_FLAG_OPS(ExecSynced, PG_exec_synced)
PAGE_FLAG_OPS(Charged, PG_charged)
PAGE_FLAG_OPS(Protected, PG_protected)
PAGE_FLAG_OPS(SmallTables, PG_small_tables)

/* mem_map is one flat array from min_pfn; holes have PG_reserved pages. */
extern struct page *mem_map;
extern unsigned long min_pfn, max_pfn;	/* [I] after boot */

#define phys_to_pfn(pa)		((unsigned long)((phys_addr_t)(pa) >> PAGE_SHIFT))
#define pfn_to_phys(pfn)	((phys_addr_t)(pfn) << PAGE_SHIFT)
static inline bool pfn_valid(unsigned long pfn)
{
	return pfn >= min_pfn && pfn < max_pfn;
}
static inline struct page *pfn_to_page(unsigned long pfn)
{
	return &mem_map[pfn - min_pfn];
}
static inline unsigned long page_to_pfn(const struct page *p)
{
	return (unsigned long)(p - mem_map) + min_pfn;
}
static inline phys_addr_t page_to_phys(const struct page *p)
{
	return pfn_to_phys(page_to_pfn(p));
}
static inline struct page *phys_to_page(phys_addr_t pa)
{
	return pfn_to_page(phys_to_pfn(pa));
}
/* Every page of RAM is in the linear map. */
static inline void *page_address(const struct page *p)
{
	return __va(page_to_phys(p));
}
static inline struct page *virt_to_page(const void *va)
{
	return phys_to_page(__pa(va));
}

static inline void get_page(struct page *p)
{
	atomic_inc(&p->refcount);
}
static inline bool get_page_unless_zero(struct page *p)
{
	return atomic_inc_not_zero(&p->refcount);
}
static inline int page_count(const struct page *p)
{
	return atomic_read(&p->refcount);
}
void __put_page(struct page *p);	/* the last reference went: frees it */
static inline void put_page(struct page *p)
{
	if (atomic_dec_and_test(&p->refcount))
		__put_page(p);
}

void lock_page_slow(struct page *p);
static inline bool trylock_page(struct page *p)
{
	return !test_and_set_bit_lock(PG_locked, &p->flags);
}
static inline void lock_page(struct page *p)	/* may sleep */
{
	if (unlikely(!trylock_page(p)))
		lock_page_slow(p);
}
int lock_page_killable(struct page *p);
void wake_page_waiters(struct page *p);
/* A waiter sets PG_waiters before it tries the lock once more: on one word, one of the two sees the
 * other without a barrier. */
static inline void unlock_page(struct page *p)
{
	DEBUG_ASSERT(PageLocked(p));
	if (unlikely(__atomic_fetch_and(&p->flags, ~(1UL << PG_locked), __ATOMIC_RELEASE) &
		     1UL << PG_waiters))
		wake_page_waiters(p);
}
void wait_on_page_writeback(struct page *p);
void end_page_writeback(struct page *p);
static inline void page_init_ref(struct page *p)
{
	atomic_set(&p->refcount, 1);
}
