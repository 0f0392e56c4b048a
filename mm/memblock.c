// SPDX-License-Identifier: GPL-2.0-only
/*
 * The boot allocator: two sorted tables of physical ranges, one of the RAM there is and one of what
 * is taken.  arch_setup() fills both from the device tree; page_alloc_init() hands the difference
 * over to the buddy allocator.
 *
 * Tables are static and never merge across a gap; neighbours that touch become one range.
 * Locking: none.  Only the boot CPU runs, with interrupts off.
 */
#include <mm/memblock.h>

#include <kernel/arch.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/string.h>
#include <mm/memblock_internal.h>

static struct memblock_table memory, reserved;

static phys_addr_t region_end(const struct memblock_region *r)
{
	return r->base + r->size;
}

static void table_delete(struct memblock_table *t, unsigned int i)
{
	memmove(&t->r[i], &t->r[i + 1], (t->n - i - 1) * sizeof(t->r[0]));
	t->n--;
}

static void table_insert(struct memblock_table *t, unsigned int i, phys_addr_t base,
			 phys_addr_t end)
{
	if (t->n == MAX_REGIONS)
		panic("memblock: more than %d ranges", MAX_REGIONS);
	memmove(&t->r[i + 1], &t->r[i], (t->n - i) * sizeof(t->r[0]));
	t->r[i].base = base;
	t->r[i].size = end - base;
	t->n++;
}

/* Add [base, end), swallowing every range that overlaps or touches it. */
void memblock_table_add(struct memblock_table *t, phys_addr_t base, phys_addr_t end)
{
	unsigned int i = 0;

	if (base >= end)
		return;
	while (i < t->n && region_end(&t->r[i]) < base)
		i++;
	while (i < t->n && t->r[i].base <= end) {
		if (t->r[i].base < base)
			base = t->r[i].base;
		if (region_end(&t->r[i]) > end)
			end = region_end(&t->r[i]);
		table_delete(t, i);
	}
	table_insert(t, i, base, end);
}

void memblock_table_remove(struct memblock_table *t, phys_addr_t base, phys_addr_t end)
{
	unsigned int i = 0;

	while (i < t->n) {
		phys_addr_t rb = t->r[i].base, re = region_end(&t->r[i]);

		if (re <= base || rb >= end) {
			i++;
			continue;
		}
		table_delete(t, i);
		if (rb < base)
			table_insert(t, i++, rb, base);
		if (re > end)
			table_insert(t, i++, end, re);
	}
}

void memblock_add(phys_addr_t base, phys_addr_t size)
{
	/* Part pages at the ends are of no use. */
	phys_addr_t lo = ALIGN(base, PAGE_SIZE), hi = ALIGN_DOWN(base + size, PAGE_SIZE);

	memblock_table_add(&memory, lo, hi);
}

void memblock_remove(phys_addr_t base, phys_addr_t size)
{
	memblock_table_remove(&memory, ALIGN_DOWN(base, PAGE_SIZE), ALIGN(base + size, PAGE_SIZE));
}

void memblock_reserve(phys_addr_t base, phys_addr_t size)
{
	memblock_table_add(&reserved, base, base + size);
}

void memblock_free(phys_addr_t base, phys_addr_t size)
{
	memblock_table_remove(&reserved, base, base + size);
}

phys_addr_t memblock_table_find(const struct memblock_table *taken, phys_addr_t lo, phys_addr_t hi,
				phys_addr_t size, phys_addr_t align)
{
	int i = (int)taken->n - 1;

	for (;;) {
		phys_addr_t floor = lo, base;

		while (i >= 0 && taken->r[i].base >= hi)
			i--;
		if (i >= 0 && region_end(&taken->r[i]) > lo)
			floor = region_end(&taken->r[i]);
		if (hi >= size) {
			base = ALIGN_DOWN(hi - size, align);
			if (base >= floor && base + size <= hi && floor < hi)
				return base;
		}
		if (floor == lo)
			return 0;
		hi = taken->r[i].base;
		if (hi <= lo)
			return 0;
	}
}

phys_addr_t memblock_phys_alloc_below(phys_addr_t size, phys_addr_t align, phys_addr_t limit)
{
	int i;

	if (align < 16)
		align = 16;
	size = ALIGN(size, 16);
	for (i = (int)memory.n - 1; i >= 0; i--) {
		phys_addr_t lo = memory.r[i].base, hi = region_end(&memory.r[i]), pa;

		if (!lo)
			lo = PAGE_SIZE;	/* address 0 means failure */
		if (hi > limit)
			hi = limit;
		if (hi <= lo)
			continue;
		pa = memblock_table_find(&reserved, lo, hi, size, align);
		if (pa) {
			memblock_reserve(pa, size);
			return pa;
		}
	}
	return 0;
}

phys_addr_t memblock_phys_alloc(phys_addr_t size, phys_addr_t align)
{
	return memblock_phys_alloc_below(size, align, PHYS_ADDR_MAX);
}

void *memblock_alloc_raw(size_t size, size_t align)
{
	phys_addr_t pa = memblock_phys_alloc(size, align);

	if (!pa)
		panic("memblock: no %zu bytes left", size);
	return __va(pa);
}

void *memblock_alloc(size_t size, size_t align)
{
	return memset(memblock_alloc_raw(size, align), 0, size);
}

phys_addr_t memblock_start_of_dram(void)
{
	return memory.n ? memory.r[0].base : 0;
}

phys_addr_t memblock_end_of_dram(void)
{
	return memory.n ? region_end(&memory.r[memory.n - 1]) : 0;
}

phys_addr_t memblock_phys_mem_size(void)
{
	phys_addr_t sum = 0;
	unsigned int i;

	for (i = 0; i < memory.n; i++)
		sum += memory.r[i].size;
	return sum;
}

bool memblock_is_memory(phys_addr_t pa)
{
	unsigned int i;

	for (i = 0; i < memory.n; i++)
		if (pa >= memory.r[i].base && pa < region_end(&memory.r[i]))
			return true;
	return false;
}

static bool table_region(const struct memblock_table *t, unsigned int i, struct memblock_region *r)
{
	if (i >= t->n)
		return false;
	*r = t->r[i];
	return true;
}

bool memblock_memory_region(unsigned int i, struct memblock_region *r)
{
	return table_region(&memory, i, r);
}

bool memblock_reserved_region(unsigned int i, struct memblock_region *r)
{
	return table_region(&reserved, i, r);
}
