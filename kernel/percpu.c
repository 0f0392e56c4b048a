// SPDX-License-Identifier: GPL-2.0-only
/*
 * Per-CPU areas.
 *
 * CPU 0 uses the section itself; each further possible CPU gets a copy, made once at boot.  Objects
 * that are allocated at run time come from a reserve that is an ordinary per-CPU variable, in units
 * of 16 bytes. Locks: reserve_lock for the reserve's bitmap.
 */
#include <kernel/percpu.h>

#include <kernel/lib/bitmap.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/string.h>
#include <kernel/locking/spinlock.h>
#include <mm/memblock.h>

#define RESERVE_UNIT	16
#define RESERVE_UNITS	256

extern char __per_cpu_start[], __per_cpu_end[];

unsigned long __per_cpu_offset[NR_CPUS];

static DEFINE_PER_CPU_ALIGNED(u8[RESERVE_UNITS * RESERVE_UNIT], reserve);
static DECLARE_BITMAP(reserve_used, RESERVE_UNITS);	/* [reserve_lock] */
static DECLARE_BITMAP(reserve_start, RESERVE_UNITS);	/* [reserve_lock] first unit of an object */
static DEFINE_SPINLOCK_RANK(reserve_lock, LOCK_RANK_SLAB);

void setup_per_cpu_areas(void)
{
	size_t size = __per_cpu_end - __per_cpu_start;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		char *area;

		if (!cpu)
			continue;
		area = memblock_alloc(size, SMP_CACHE_BYTES);
		memcpy(area, __per_cpu_start, size);
		__per_cpu_offset[cpu] = area - __per_cpu_start;
	}
	set_this_cpu_offset(0);
}

void __percpu *__alloc_percpu(size_t size, size_t align)
{
	unsigned long units = DIV_ROUND_UP(size, RESERVE_UNIT), first, flags;
	unsigned int cpu;

	ASSERT(align <= SMP_CACHE_BYTES);
	spin_lock_irqsave(&reserve_lock, flags);
	first = bitmap_find_next_zero_area(reserve_used, RESERVE_UNITS, 0, units,
					   max_t(size_t, align / RESERVE_UNIT, 1) - 1);
	if (first < RESERVE_UNITS) {
		bitmap_set(reserve_used, first, units);
		__set_bit(first, reserve_start);
	}
	spin_unlock_irqrestore(&reserve_lock, flags);
	if (first >= RESERVE_UNITS)
		return NULL;
	for_each_possible_cpu(cpu)
		memset(&per_cpu(reserve, cpu)[first * RESERVE_UNIT], 0, size);
	return (void __percpu *)&reserve[first * RESERVE_UNIT];
}

void free_percpu(void __percpu *ptr)
{
	unsigned long unit, flags;

	if (!ptr)
		return;
	unit = ((__force u8 *)ptr - reserve) / RESERVE_UNIT;
	spin_lock_irqsave(&reserve_lock, flags);
	ASSERT(unit < RESERVE_UNITS && test_bit(unit, reserve_start));
	__clear_bit(unit, reserve_start);
	do {
		__clear_bit(unit++, reserve_used);
	} while (unit < RESERVE_UNITS && test_bit(unit, reserve_used) &&
		 !test_bit(unit, reserve_start));
	spin_unlock_irqrestore(&reserve_lock, flags);
}
