/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page allocator: buddy blocks of 2^order pages, per-CPU lists of single pages in front.
 * alloc_* may sleep with GFP_KERNEL (reclaim, then the OOM killer); GFP_ATOMIC never does.
 */
#pragma once

#include <kernel/percpu.h>
#include <mm/page.h>

#define __GFP_ATOMIC		0x01u	/* may not sleep; may use the reserve */
#define __GFP_ZERO		0x02u
#define __GFP_NOWARN		0x04u
#define __GFP_NORETRY		0x08u	/* fail rather than kill somebody */
#define __GFP_DMA		0x10u	/* below the DMA limit of the machine */
#define __GFP_USER		0x20u	/* for user memory: charged, may trigger the OOM killer */
#define __GFP_NOFAIL		0x40u	/* boot code only */
#define GFP_KERNEL		0u
#define GFP_ATOMIC		__GFP_ATOMIC
#define GFP_NOWAIT		(__GFP_ATOMIC | __GFP_NOWARN)
#define GFP_USER		__GFP_USER
#define GFP_HIGHUSER		__GFP_USER
#define GFP_DMA			__GFP_DMA
#define MAX_ORDER		11	/* largest block: 2^(MAX_ORDER-1) pages, 4 MiB */

struct page * __must_check alloc_pages(gfp_t gfp, unsigned int order);
void free_pages(struct page *page, unsigned int order);	/* drops the reference; frees at zero */
static inline struct page *alloc_page(gfp_t gfp)
{
	return alloc_pages(gfp, 0);
}
static inline void free_page(struct page *page)
{
	free_pages(page, 0);
}
void *__get_free_pages(gfp_t gfp, unsigned int order);	/* linear-map address or NULL */
void free_pages_addr(void *addr, unsigned int order);

/* Drop a reference of each of @pages; those that were the last are freed together. */
void release_pages(struct page **pages, unsigned int n);

/* An order > 0 block becomes that many single pages, each with its own reference. */
void split_page(struct page *page, unsigned int order);

/* What devices with a 30- or 32-bit bus reach; before page_alloc_init(). Default: everything. */
void set_dma_limit(phys_addr_t limit);
phys_addr_t dma_limit(void);
/* Memory that was reserved at boot (initramfs, device tree) becomes ordinary. */
void free_reserved_range(phys_addr_t lo, phys_addr_t hi);
/* One such page becomes the caller's, contents and all, as if alloc_page() had given it; NULL: it is not reserved. */
struct page *take_reserved_page(phys_addr_t pa);
void page_alloc_init(void);		/* memmap and free lists from memblock */
unsigned long totalram_pages(void);
unsigned long nr_free_pages(void);	/* per-CPU lists included */
bool memory_is_low(void);		/* every zone is below its low watermark */
unsigned long nr_file_pages(void), nr_shmem_pages(void), nr_anon_pages(void);
unsigned long nr_slab_pages(void), nr_pagetable_pages(void), nr_kernel_stack_pages(void);
unsigned long nr_dirty_pages(void), nr_mapped_pages(void);
enum page_stat { NR_FILE_PAGES, NR_SHMEM_PAGES, NR_ANON_PAGES, NR_SLAB_PAGES, NR_PAGETABLE_PAGES,
		 NR_KSTACK_PAGES, NR_DIRTY_PAGES, NR_FILE_MAPPED, NR_VMALLOC_PAGES, NR_PAGE_STATS };
DECLARE_PER_CPU(long[NR_PAGE_STATS], page_stats);
static inline void mod_page_stat(enum page_stat item, long delta)	/* any context */
{
	this_cpu_add(page_stats[item], delta);
}
unsigned long page_stat(enum page_stat item);
/* Events for /proc/vmstat and getrusage-like totals. */
enum vm_event { PGFAULT, PGMAJFAULT, PGSTEAL, PGSCAN, OOM_KILL, PGPGIN, PGPGOUT,
		NR_VM_EVENTS };
DECLARE_PER_CPU(long[NR_VM_EVENTS], vm_events);
static inline void count_vm_event(enum vm_event e, unsigned long n)
{
	this_cpu_add(vm_events[e], (long)n);
}
unsigned long vm_event(enum vm_event e);
unsigned long low_watermark_pages(void), high_watermark_pages(void), min_watermark_pages(void);
unsigned long pages_allocated(void), pages_freed(void);	/* since boot */
void drain_local_pages(void);		/* per-CPU lists back to the buddy: leak checks */
unsigned int buddy_free_blocks(unsigned int order);	/* for unit tests and reports */
