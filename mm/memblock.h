/* SPDX-License-Identifier: GPL-2.0-only */
/* The boot allocator: what memory there is and what is taken, before page_alloc. Boot CPU only. */
#pragma once

#include <kernel/lib/types.h>

struct memblock_region {
	phys_addr_t base, size;
};
void memblock_add(phys_addr_t base, phys_addr_t size);		/* RAM */
void memblock_remove(phys_addr_t base, phys_addr_t size);	/* not RAM after all */
void memblock_reserve(phys_addr_t base, phys_addr_t size);
void memblock_free(phys_addr_t base, phys_addr_t size);
/* Allocations are physical, zeroed by the caller (memory may not be mapped yet), top down below
 * @limit. 0: none. */
phys_addr_t memblock_phys_alloc(phys_addr_t size, phys_addr_t align);
phys_addr_t memblock_phys_alloc_below(phys_addr_t size, phys_addr_t align, phys_addr_t limit);
/* linear map, zeroed; panics when out of memory */
void *memblock_alloc(size_t size, size_t align);
void *memblock_alloc_raw(size_t size, size_t align);	/* not zeroed */
phys_addr_t memblock_start_of_dram(void), memblock_end_of_dram(void), memblock_phys_mem_size(void);
bool memblock_is_memory(phys_addr_t pa);
/* Regions by index: false past the end. */
bool memblock_memory_region(unsigned int i, struct memblock_region *r);
bool memblock_reserved_region(unsigned int i, struct memblock_region *r);
