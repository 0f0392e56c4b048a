/* SPDX-License-Identifier: GPL-2.0-only */
/* The tables of the boot allocator: for memblock.c and its test. */
#pragma once

#include <mm/memblock.h>

#define MAX_REGIONS 128

struct memblock_table {
	unsigned int		n;
	struct memblock_region	r[MAX_REGIONS];	/* by base; disjoint, not touching */
};

void memblock_table_add(struct memblock_table *t, phys_addr_t base, phys_addr_t end);
void memblock_table_remove(struct memblock_table *t, phys_addr_t base, phys_addr_t end);
/* The highest aligned place for @size in [lo, hi) that avoids what is @taken, or 0. */
phys_addr_t memblock_table_find(const struct memblock_table *taken, phys_addr_t lo, phys_addr_t hi,
				phys_addr_t size, phys_addr_t align);
