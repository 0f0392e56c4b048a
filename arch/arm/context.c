// SPDX-License-Identifier: GPL-2.0-only
/*
 * ASIDs, and the change of the user's tables.
 *
 * There are 255 numbers (0 belongs to the kernel's empty tables) and as many address spaces as
 * anybody likes, so numbers are handed out in generations: pt->context is generation | ASID, and
 * valid only in the current generation.  When all are used up a new generation begins: every CPU
 * flushes its TLB before it next changes tables, and what runs on a CPU at that moment keeps its
 * number.
 *
 * active[cpu] is what the CPU runs with; a CPU takes it without the lock as long as nobody has
 * zeroed it, which is how a roll-over says that the CPU must come in and look.
 */
#include <kernel/lib/bitmap.h>
#include <kernel/lib/cpumask.h>
#include <kernel/locking/spinlock.h>
#include <kernel/sched/sched.h>
#include <mm/mm.h>
#include <asm/cpu.h>
#include <asm/entry.h>
#include <asm/percpu.h>
#include <asm/tlb.h>

#define NR_ASIDS	(1U << ASID_BITS)
#define GENERATION_ONE	NR_ASIDS

static DEFINE_SPINLOCK_RANK(asid_lock, LOCK_RANK_ASID);
static u32 generation = GENERATION_ONE;		/* [asid_lock] to change, [a] to read */
static DECLARE_BITMAP(asid_map, NR_ASIDS);	/* [asid_lock] used in this generation */
static u32 active[NR_CPUS];			/* [a] */
static u32 reserved[NR_CPUS];			/* [asid_lock] survived the last roll-over */
static struct cpumask flush_pending;		/* [asid_lock] */
static unsigned int next_asid = 1;		/* [asid_lock] */

static void roll_over(void)
{
	unsigned int cpu;

	generation += GENERATION_ONE;
	if (!generation)
		generation = GENERATION_ONE;
	bitmap_zero(asid_map, NR_ASIDS);
	set_bit(0, asid_map);
	for (cpu = 0; cpu < NR_CPUS; cpu++) {
		u32 context = xchg(&active[cpu], 0);

		if (context)
			reserved[cpu] = context;
		set_bit(reserved[cpu] & ASID_MASK, asid_map);
	}
	flush_pending = CPU_MASK_ALL;
	next_asid = 1;
}

/* Was @context running at the last roll-over? Then it keeps its number, in the new generation. */
static bool renew_reserved(u32 context, u32 renewed)
{
	bool found = false;

	for (unsigned int cpu = 0; cpu < NR_CPUS; cpu++) {
		if (reserved[cpu] != context)
			continue;
		reserved[cpu] = renewed;
		found = true;
	}
	return found;
}

static u32 new_context(u32 old)
{
	unsigned int asid;

	if (old) {
		u32 renewed = generation | (old & ASID_MASK);

		if (renew_reserved(old, renewed))
			return renewed;
		if (!test_and_set_bit(old & ASID_MASK, asid_map))
			return renewed;
	}
	asid = find_next_zero_bit(asid_map, NR_ASIDS, next_asid);
	if (asid >= NR_ASIDS) {
		roll_over();
		asid = find_next_zero_bit(asid_map, NR_ASIDS, 1);
	}
	set_bit(asid, asid_map);
	next_asid = asid + 1;
	return generation | asid;
}

unsigned int context_activate(struct pgtable *pt)
{
	unsigned int cpu = smp_processor_id();
	u32 context = READ_ONCE(pt->context);

	if (context && (context & ~ASID_MASK) == READ_ONCE(generation) &&
	    xchg(&active[cpu], context))
		return context & ASID_MASK;

	spin_lock(&asid_lock);
	context = pt->context;
	if (!context || (context & ~ASID_MASK) != generation) {
		context = new_context(context);
		WRITE_ONCE(pt->context, context);
	}
	if (cpumask_test_and_clear_cpu(cpu, &flush_pending))
		tlb_flush_local_all();
	WRITE_ONCE(active[cpu], context);
	spin_unlock(&asid_lock);
	return context & ASID_MASK;
}

void mm_context_init(struct mm_struct *mm)
{
	mm->pgt.context = 0;
}

/* Its number is free again at the next roll-over; until then its TLB entries cannot be hit. */
void mm_context_destroy(struct mm_struct *mm)
{
}

/* Between the two writes the tables are the empty ones, so that no walk can mix old and new. */
void pgtable_switch(struct mm_struct *prev, struct mm_struct *next)
{
	u32 empty = (u32)__pa(swapper_pg_dir) | TTBR_WALKS;
	unsigned int asid = next ? context_activate(&next->pgt) : 0;

	write_cp15(empty, 0, c2, c0, 0);
	isb();
	write_cp15(asid, 0, c13, c0, 1);
	isb();
	if (!next)
		return;
	write_cp15((u32)__pa(next->pgt.pgd) | TTBR_WALKS, 0, c2, c0, 0);
	isb();
}
