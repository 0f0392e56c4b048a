// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page allocator: a binary buddy system per zone, with per-CPU stacks of single pages in front.
 *
 * A zone is what lies below (ZONE_DMA) or above the DMA limit of the machine; on most boards the
 * first holds everything.  Blocks of 2^order pages are naturally aligned by page frame number; a
 * free block is marked PG_buddy on its head page, whose `private` is the order.
 *
 * Each zone keeps `min` pages back: ordinary requests that would go below it reclaim first, atomic
 * ones may use half of the reserve, and who frees memory (PF_MEMALLOC, an OOM victim) all of it.
 *
 * Locking: zone->lock, irqs off; the per-CPU stacks are used with irqs off by their CPU alone.
 * Nothing here takes another lock, so pages may be allocated and freed anywhere.
 */
#include <kernel/cgroup/memory.h>
#include <mm/page_alloc.h>

#include <kernel/fault_inject.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/locking/spinlock.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <mm/internal.h>
#include <mm/memblock.h>
#include <mm/mm.h>

enum { ZONE_DMA, ZONE_NORMAL, NR_ZONES };

struct free_area {
	struct list_head	list;		/* [z] head pages, by lru */
	unsigned long		nr;		/* [z] blocks */
};

struct zone {
	spinlock_t		lock;
	unsigned long		free;		/* [z] pages in free_area */
	struct free_area	free_area[MAX_ORDER]; /* [z] */
	unsigned long		managed;	/* [z] pages that the allocator was given */
	unsigned long		min, low, high;	/* [I] watermarks */
	/* [I] DMA zone: what requests for any memory leave alone */
	unsigned long		keep;
	unsigned int		batch;		/* [I] pages per refill of a CPU's stack */
};

/* A CPU's stack of free single pages, linked through lru.next. [irqs off] */
struct page_stack {
	struct page		*top;
	unsigned int		count;
	unsigned long		allocated, freed;	/* pages since boot, blocks included */
};

struct page *mem_map;
unsigned long min_pfn, max_pfn;

static struct zone zones[NR_ZONES];
static unsigned long dma_pfns = ~0UL;	/* [I] first page frame that is not in ZONE_DMA */
static struct page *first_normal;	/* [I] and its struct page, or one past the last */
static int top_zone = ZONE_DMA;		/* [I] where ordinary requests start */
static DEFINE_PER_CPU(struct page_stack[NR_ZONES], page_stacks);

#define STACK_BATCHES	4U	/* a CPU keeps at most that many refills of free pages */
#define PAGE_POISON	0x5a

static inline int zone_of_pfn(unsigned long pfn)
{
	return pfn < dma_pfns ? ZONE_DMA : ZONE_NORMAL;
}

void set_dma_limit(phys_addr_t limit)
{
	if (limit >> PAGE_SHIFT < ~0UL)
		dma_pfns = limit >> PAGE_SHIFT;
}

phys_addr_t dma_limit(void)
{
	return dma_pfns == ~0UL ? PHYS_ADDR_MAX : pfn_to_phys(dma_pfns);
}

/* ---- the buddy system; zone->lock held -------------------------------------------------- */

static void area_add(struct zone *z, struct page *page, unsigned int order)
{
	page->private = order;
	page->flags = 1UL << PG_buddy;
	list_add(&page->lru, &z->free_area[order].list);
	z->free_area[order].nr++;
}

static void area_del(struct zone *z, struct page *page, unsigned int order)
{
	list_del(&page->lru);
	page->flags = 0;
	z->free_area[order].nr--;
}

static void buddy_free(struct zone *z, struct page *page, unsigned int order)
{
	unsigned long pfn = page_to_pfn(page);

	z->free += 1UL << order;
	while (order < MAX_ORDER - 1) {
		unsigned long other = pfn ^ (1UL << order);
		struct page *buddy;

		if (!pfn_valid(other) || &zones[zone_of_pfn(other)] != z)
			break;
		buddy = pfn_to_page(other);
		if (!PageBuddy(buddy) || buddy->private != order)
			break;
		area_del(z, buddy, order);
		pfn &= other;
		order++;
	}
	area_add(z, pfn_to_page(pfn), order);
}

static struct page *buddy_alloc(struct zone *z, unsigned int order)
{
	unsigned int have = order;
	struct page *page;

	while (have < MAX_ORDER && !z->free_area[have].nr)
		have++;
	if (have == MAX_ORDER)
		return NULL;
	page = list_first_entry(&z->free_area[have].list, struct page, lru);
	if (unlikely(page->flags & (1UL << PG_fresh)))
		memset(page + 1, 0, ((1UL << have) - 1) * sizeof(*page));
	area_del(z, page, have);
	while (have > order) {	/* the upper halves go back */
		have--;
		area_add(z, page + (1UL << have), have);
	}
	z->free -= 1UL << order;
	return page;
}

/* The smallest free block, but of it at most 2^@max pages: its order in *order. */
static struct page *buddy_alloc_best(struct zone *z, unsigned int max, unsigned int *order)
{
	unsigned int o = 0;

	while (o < max && !z->free_area[o].nr)
		o++;
	*order = o;
	return buddy_alloc(z, o);
}

/* ---- per-CPU stacks; irqs off --------------------------------------------------------------- */

static inline int zone_of_page(const struct page *page)
{
	return page < first_normal ? ZONE_DMA : ZONE_NORMAL;
}

static inline void stack_push(struct page_stack *s, struct page *page)
{
	page->lru.next = (struct list_head *)s->top;
	s->top = page;
	s->count++;
}

static inline struct page *stack_pop(struct page_stack *s)
{
	struct page *page = s->top;

	if (unlikely(!page))
		return NULL;
	s->top = (struct page *)page->lru.next;
	s->count--;
	s->allocated++;
	return page;
}

/*
 * Whole blocks are taken while they fit: 64 pages cost as much as one block's way through the buddy
 * system rather than 64 (47 instructions a page, measured on faults).
 */
static bool stack_refill(struct zone *z, struct page_stack *s, unsigned long reserve)
{
	unsigned int want = z->batch, order;
	unsigned long i;

	spin_lock(&z->lock);
	while (want && z->free > reserve) {
		unsigned long room = min((unsigned long)want, z->free - reserve);
		struct page *page = buddy_alloc_best(z, __fls(room), &order);

		if (!page)
			break;
		for (i = 1UL << order; i--; )	/* the lowest comes out first */
			stack_push(s, page + i);
		want -= 1U << order;
	}
	spin_unlock(&z->lock);
	return s->top;
}

static void stack_drain(struct zone *z, struct page_stack *s, unsigned int n)
{
	spin_lock(&z->lock);
	while (n-- && s->count) {
		struct page *page = s->top;

		s->top = (struct page *)page->lru.next;
		s->count--;
		buddy_free(z, page, 0);
	}
	spin_unlock(&z->lock);
}

void drain_local_pages(void)
{
	unsigned long flags = irq_save();
	int i;

	for (i = 0; i < NR_ZONES; i++)
		stack_drain(&zones[i], this_cpu_ptr(&page_stacks[i]), ~0U);
	irq_restore(flags);
}

static struct page *alloc_single(int zone, unsigned long reserve)
{
	unsigned long flags = irq_save();
	struct page_stack *s = this_cpu_ptr(&page_stacks[zone]);
	struct page *page = NULL;

	if (s->top || stack_refill(&zones[zone], s, reserve))
		page = stack_pop(s);
	irq_restore(flags);
	return page;
}

static struct page *alloc_block(int zone, unsigned int order, unsigned long reserve)
{
	struct zone *z = &zones[zone];
	struct page *page = NULL;
	unsigned long flags;

	spin_lock_irqsave(&z->lock, flags);
	if (z->free >= reserve + (1UL << order))
		page = buddy_alloc(z, order);
	if (page)
		this_cpu_ptr(&page_stacks[zone])->allocated += 1UL << order;
	spin_unlock_irqrestore(&z->lock, flags);
	return page;
}

/* ---- allocation ------------------------------------------------------------------------- */

static unsigned long reserve_of(const struct zone *z, gfp_t gfp, bool all)
{
	unsigned long reserve = all ? 0 : gfp & __GFP_ATOMIC ? z->min / 2 : z->min;

	return gfp & __GFP_DMA ? reserve : reserve + z->keep;
}

/* One try over the zones that suit. */
static struct page *get_free(gfp_t gfp, unsigned int order, bool all)
{
	int zone = gfp & __GFP_DMA ? ZONE_DMA : top_zone;

	for (; zone >= 0; zone--) {
		unsigned long reserve = reserve_of(&zones[zone], gfp, all);
		struct page *page = order ? alloc_block(zone, order, reserve) :
					    alloc_single(zone, reserve);

		if (likely(page))
			return page;
	}
	return NULL;
}

static void check_free_page(struct page *page)
{
	const u8 *p = page_address(page);

	ASSERT(page_count(page) == 0 && atomic_read(&page->mapcount) == 0);
	/* The edges tell of most writes after a free. */
	ASSERT(p[0] == p[PAGE_SIZE - 1] && p[0] == PAGE_POISON);
}

static inline void prepare_page(struct page *page, gfp_t gfp, unsigned int order)
{
	unsigned long i;

	if (IS_ENABLED(CONFIG_DEBUG))
		check_free_page(page);
	page->flags = 0;
	page->private = 0;
	page->mapping = NULL;
	page->index = 0;
	INIT_LIST_HEAD(&page->lru);
	page_init_ref(page);
	for (i = 0; (gfp & __GFP_ZERO) && i < 1UL << order; i++)
		clear_page(page_address(page + i));
}

bool memory_is_low(void)
{
	int i;

	for (i = 0; i <= top_zone; i++)
		if (zones[i].free >= zones[i].low + zones[i].keep)
			return false;
	return true;
}

static void alloc_failed(gfp_t gfp, unsigned int order)
{
	if (gfp & __GFP_NOFAIL)
		panic("out of memory at boot: order %u, %lu pages free", order, nr_free_pages());
	if (!(gfp & __GFP_NOWARN))
		pr_warn_ratelimited("%s: page allocation failure: order:%u, gfp:0x%x\n",
				    current->comm, order, gfp);
}

/* Memory is short: reclaim, then kill, then fail. */
static noinline struct page *alloc_slow(gfp_t gfp, unsigned int order)
{
	bool all = (current->flags & PF_MEMALLOC) || test_task_flag(current, TIF_MEMDIE);
	unsigned int tries, idle = 0;
	struct page *page = NULL;

	if (all && (page = get_free(gfp, order, true)))
		return page;
	if ((gfp & __GFP_ATOMIC) || (current->flags & PF_MEMALLOC) || in_atomic() ||
	    irqs_disabled())
		return NULL;
	wake_kswapd();
	for (tries = 0; tries < 64; tries++) {
		unsigned long got = try_to_free_pages((1UL << order) + 32);

		drain_local_pages();
		page = get_free(gfp, order, test_task_flag(current, TIF_MEMDIE));
		if (page || (gfp & __GFP_NORETRY) || fatal_signal_pending(current))
			break;
		if (got) {
			idle = 0;
			continue;
		}
		if (order > 3 || ++idle > 16 || !out_of_memory(gfp, order))
			break;
	}
	return page;
}

/* Not from the top of a stack: blocks, refills, and the way down when there is nothing. */
static noinline struct page *alloc_more(gfp_t gfp, unsigned int order)
{
	struct page *page;

	if (unlikely(order >= MAX_ORDER))
		return NULL;
	page = get_free(gfp, order, false);
	if (unlikely(!page)) {
		page = alloc_slow(gfp, order);
		if (!page)
			alloc_failed(gfp, order);
	} else if (unlikely(memory_is_low()) && !(gfp & __GFP_ATOMIC)) {
		wake_kswapd();
	}
	return page;
}

/* One page from this CPU's stack, if it has one. */
static inline struct page *alloc_quick(void)
{
	unsigned long flags = irq_save();
	struct page *page = stack_pop(this_cpu_ptr(&page_stacks[top_zone]));

	irq_restore(flags);
	return page;
}

struct page *alloc_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = NULL;

	if (should_fail(FAIL_PAGE_ALLOC))
		return NULL;
	if (likely(!order && !(gfp & __GFP_DMA)))
		page = alloc_quick();
	if (unlikely(!page)) {
		page = alloc_more(gfp, order);
		if (!page)
			return NULL;
	}
	prepare_page(page, gfp, order);
	return page;
}

void *__get_free_pages(gfp_t gfp, unsigned int order)
{
	struct page *page = alloc_pages(gfp, order);

	return page ? page_address(page) : NULL;
}

/* ---- freeing ---------------------------------------------------------------------------- */

#define FLAGS_CHECK_AT_FREE	(1UL << PG_locked | 1UL << PG_slab | 1UL << PG_buddy | \
				 1UL << PG_reserved | 1UL << PG_writeback | 1UL << PG_lru | \
				 1UL << PG_charged)

static inline void prepare_free(struct page *page, unsigned int order)
{
	if (IS_ENABLED(CONFIG_DEBUG)) {
		ASSERT(!(page->flags & FLAGS_CHECK_AT_FREE));
		ASSERT(atomic_read(&page->mapcount) == 0);
		memset(page_address(page), PAGE_POISON, PAGE_SIZE << order);
	}
	page->flags = 0;
}

/* irqs off; the page is prepared. */
static inline void free_to_stack(struct page *page)
{
	int zone = zone_of_page(page);
	struct page_stack *s = this_cpu_ptr(&page_stacks[zone]);

	s->freed++;
	stack_push(s, page);
	if (unlikely(s->count > STACK_BATCHES * zones[zone].batch))
		stack_drain(&zones[zone], s, zones[zone].batch);
}

static void free_block(struct page *page, unsigned int order)
{
	struct zone *z = &zones[zone_of_pfn(page_to_pfn(page))];
	unsigned long flags;

	prepare_free(page, order);
	spin_lock_irqsave(&z->lock, flags);
	this_cpu_ptr(&page_stacks[z - zones])->freed += 1UL << order;
	buddy_free(z, page, order);
	spin_unlock_irqrestore(&z->lock, flags);
}

/* What few pages have to be taken off before they are free. */
static void leave_lists(struct page *page)
{
	if (PageLru(page))
		lru_remove(page);
	if (PageCharged(page))
		cgroup_uncharge_page(page);
}

static inline bool is_listed(const struct page *page)
{
	return page->flags & (1UL << PG_lru | 1UL << PG_charged);
}

void __put_page(struct page *page)
{
	unsigned long flags;

	if (unlikely(is_listed(page)))
		leave_lists(page);
	if (PageAnon(page))
		mod_page_stat(NR_ANON_PAGES, -1);
	prepare_free(page, 0);
	flags = irq_save();
	free_to_stack(page);
	irq_restore(flags);
}

/*
 * Was ours the last reference?  A private page that is mapped nowhere any more is found by nobody: if
 * the count is 1 it stays so, and need not be changed atomically.  The load orders what others did
 * with the page before they let go of it.
 */
static inline bool drop_last(struct page *page)
{
	if (PageAnon(page) && smp_load_acquire(&page->refcount.counter) == 1) {
		atomic_set(&page->refcount, 0);
		return true;
	}
	return atomic_dec_and_test(&page->refcount);
}

void release_pages(struct page **pages, unsigned int n)
{
	unsigned int i, gone = 0, anon = 0;
	unsigned long flags;

	for (i = 0; i < n; i++) {
		struct page *page = pages[i];

		if (!drop_last(page))
			continue;
		if (unlikely(is_listed(page)))
			leave_lists(page);
		anon += PageAnon(page);
		prepare_free(page, 0);
		pages[gone++] = page;
	}
	if (!gone)
		return;
	if (anon)
		mod_page_stat(NR_ANON_PAGES, -(long)anon);
	flags = irq_save();
	for (i = 0; i < gone; i++)
		free_to_stack(pages[i]);
	irq_restore(flags);
}

void free_pages(struct page *page, unsigned int order)
{
	DEBUG_ASSERT(page_count(page) > 0);
	if (!atomic_dec_and_test(&page->refcount))
		return;
	if (order)
		free_block(page, order);
	else
		__put_page(page);
}

void free_pages_addr(void *addr, unsigned int order)
{
	if (addr)
		free_pages(virt_to_page(addr), order);
}

void split_page(struct page *page, unsigned int order)
{
	unsigned long i;

	for (i = 1; i < 1UL << order; i++) {
		page[i].flags = 0;
		page[i].private = 0;
		page[i].mapping = NULL;
		INIT_LIST_HEAD(&page[i].lru);
		page_init_ref(&page[i]);
	}
}

/* ---- numbers ---------------------------------------------------------------------------- */

unsigned long totalram_pages(void)
{
	return zones[ZONE_DMA].managed + zones[ZONE_NORMAL].managed;
}

/* The numbers of all CPUs' stacks, without their pages. */
static struct page_stack sum_of_stacks(void)
{
	struct page_stack sum = { .count = 0 };
	unsigned int cpu, i;

	for_each_possible_cpu(cpu) {
		for (i = 0; i < NR_ZONES; i++) {
			const struct page_stack *s = &per_cpu(page_stacks[i], cpu);

			sum.count += s->count;
			sum.allocated += s->allocated;
			sum.freed += s->freed;
		}
	}
	return sum;
}

unsigned long nr_free_pages(void)
{
	return zones[ZONE_DMA].free + zones[ZONE_NORMAL].free + sum_of_stacks().count;
}

unsigned long pages_allocated(void)
{
	return sum_of_stacks().allocated;
}

unsigned long pages_freed(void)
{
	return sum_of_stacks().freed;
}

unsigned long min_watermark_pages(void)
{
	return zones[ZONE_DMA].min + zones[ZONE_NORMAL].min;
}

unsigned long low_watermark_pages(void)
{
	return zones[ZONE_DMA].low + zones[ZONE_NORMAL].low;
}

unsigned long high_watermark_pages(void)
{
	return zones[ZONE_DMA].high + zones[ZONE_NORMAL].high;
}

unsigned int buddy_free_blocks(unsigned int order)
{
	return zones[ZONE_DMA].free_area[order].nr + zones[ZONE_NORMAL].free_area[order].nr;
}

/* ---- boot ------------------------------------------------------------------------------- */

/*
 * mem_map is made in ascending order, and of a largest block that is free as a whole only the first entry: the others
 * are when the block is first taken (PG_fresh). So what is not used costs nothing; for 512 MiB that is 8 MiB of memory
 * and 0.4 million instructions at boot.
 */
static unsigned long made_pfn;		/* entries below are made, or in a fresh block */

static void make_entries(unsigned long end)
{
	if (end > max_pfn)
		end = max_pfn;
	if (end <= made_pfn)
		return;
	memset(pfn_to_page(made_pfn), 0, (end - made_pfn) * sizeof(struct page));
	made_pfn = end;
}

static void add_fresh_block(struct zone *z, unsigned long pfn)
{
	struct page *head = pfn_to_page(pfn);

	make_entries(pfn + 1);
	made_pfn = pfn + (1UL << (MAX_ORDER - 1));
	buddy_free(z, head, MAX_ORDER - 1);
	head->flags |= 1UL << PG_fresh;
}

/* Hand [lo, hi) page frames over in blocks as large as alignment permits. */
static void add_free_range(unsigned long lo, unsigned long hi)
{
	while (lo < hi) {
		struct zone *z = &zones[zone_of_pfn(lo)];
		unsigned int order = lo ? __ffs(lo) : MAX_ORDER - 1;

		if (order > MAX_ORDER - 1)
			order = MAX_ORDER - 1;
		while (lo + (1UL << order) > hi ||
		       zone_of_pfn(lo + (1UL << order) - 1) != zone_of_pfn(lo))
			order--;
		if (IS_ENABLED(CONFIG_DEBUG))
			memset(page_address(pfn_to_page(lo)), PAGE_POISON, PAGE_SIZE << order);
		z->managed += 1UL << order;
		if (order == MAX_ORDER - 1) {
			add_fresh_block(z, lo);
		} else {
			/* Merging looks at the whole of the block around it. */
			make_entries(ALIGN(lo + 1, 1UL << (MAX_ORDER - 1)));
			buddy_free(z, pfn_to_page(lo), order);
		}
		lo += 1UL << order;
	}
}

static void reserve_range(unsigned long lo, unsigned long hi)
{
	make_entries(ALIGN(hi, 1UL << (MAX_ORDER - 1)));
	for (; lo < hi; lo++) {
		SetPageReserved(pfn_to_page(lo));
		page_init_ref(pfn_to_page(lo));
	}
}

/* Free what is in one RAM region and not reserved; mark the rest. */
static void add_region(const struct memblock_region *ram)
{
	unsigned long lo = phys_to_pfn(ram->base), end = phys_to_pfn(ram->base + ram->size);
	struct memblock_region r;
	unsigned int i;

	for (i = 0; memblock_reserved_region(i, &r) && lo < end; i++) {
		unsigned long rlo = phys_to_pfn(r.base);
		unsigned long rhi = phys_to_pfn(r.base + r.size + PAGE_SIZE - 1);

		if (rhi <= lo || rlo >= end)
			continue;
		if (rlo > lo)
			add_free_range(lo, rlo);
		reserve_range(rlo > lo ? rlo : lo, rhi < end ? rhi : end);
		lo = rhi;
	}
	if (lo < end)
		add_free_range(lo, end);
}

static unsigned long int_sqrt(unsigned long x)
{
	unsigned long r = 0, bit = 1UL << (BITS_PER_LONG - 2);

	for (; bit; bit >>= 2) {
		if (x >= r + bit) {
			x -= r + bit;
			r = (r >> 1) + bit;
		} else {
			r >>= 1;
		}
	}
	return r;
}

static void init_watermarks(void)
{
	unsigned long kib = totalram_pages() << (PAGE_SHIFT - 10);
	unsigned long min_pages = min(int_sqrt(kib * 16), 16384UL) >> (PAGE_SHIFT - 10);
	unsigned long total = max(totalram_pages(), 1UL);
	int i;

	for (i = 0; i < NR_ZONES; i++) {
		struct zone *z = &zones[i];

		z->min = (unsigned long)div64_u64((u64)min_pages * z->managed, total);
		z->low = z->min + z->min / 4;
		z->high = z->min + z->min / 2;
		z->batch = clamp(z->managed / 1024, 4UL, 64UL);
	}
	if (top_zone == ZONE_NORMAL)
		zones[ZONE_DMA].keep = zones[ZONE_DMA].managed / 16;
}

struct page *take_reserved_page(phys_addr_t pa)
{
	struct page *page = pfn_to_page(phys_to_pfn(pa));
	struct zone *z = &zones[zone_of_pfn(phys_to_pfn(pa))];
	unsigned long flags;

	if (!PageReserved(page))
		return NULL;
	ClearPageReserved(page);
	spin_lock_irqsave(&z->lock, flags);
	z->managed++;
	spin_unlock_irqrestore(&z->lock, flags);
	return page;
}

void free_reserved_range(phys_addr_t lo, phys_addr_t hi)
{
	phys_addr_t pa = ALIGN(lo, (phys_addr_t)PAGE_SIZE);

	for (; pa + PAGE_SIZE <= hi; pa += PAGE_SIZE) {
		struct page *page = take_reserved_page(pa);

		if (page)
			free_pages(page, 0);
	}
}

void page_alloc_init(void)
{
	struct memblock_region r;
	unsigned int i, order;
	unsigned long pfn;

	min_pfn = phys_to_pfn(memblock_start_of_dram());
	max_pfn = phys_to_pfn(memblock_end_of_dram());
	mem_map = memblock_alloc_raw((max_pfn - min_pfn) * sizeof(struct page), SMP_CACHE_BYTES);
	first_normal = mem_map + (clamp(dma_pfns, min_pfn, max_pfn) - min_pfn);
	for (i = 0; i < NR_ZONES; i++) {
		spin_lock_init_rank(&zones[i].lock, LOCK_RANK_ZONE);
		for (order = 0; order < MAX_ORDER; order++)
			INIT_LIST_HEAD(&zones[i].free_area[order].list);
	}
	pfn = made_pfn = min_pfn;
	for (i = 0; memblock_memory_region(i, &r); i++) {
		reserve_range(pfn, phys_to_pfn(r.base));	/* a hole */
		add_region(&r);
		pfn = phys_to_pfn(r.base + r.size);
	}
	if (zones[ZONE_NORMAL].managed)
		top_zone = ZONE_NORMAL;
	init_watermarks();
	pr_info("Memory: %luK/%luK available\n", nr_free_pages() << (PAGE_SHIFT - 10),
		(unsigned long)(memblock_phys_mem_size() >> 10));
}
