// SPDX-License-Identifier: GPL-2.0-only
/*
 * ASIDs.  An address space has a number that tags its TLB entries, so that a switch flushes nothing.
 * There are 2^8 or 2^16 of them: when they run out, a new generation begins, in which everybody needs
 * a new number and each CPU flushes its TLB once before it uses one.
 *
 * pgtable.context is (generation | ASID); it is valid while its generation is the current one.  A switch
 * looks at it without a lock: it publishes what it is about to use in active_asid with an atomic
 * exchange, and a roll-over takes (exchanges with 0) what each CPU published; whoever finds 0 there goes
 * through asid_lock.  What runs on a CPU during a roll-over keeps its number (reserved_asid).
 *
 * asid_lock: asid_map, next_asid, reserved_asid, flush_pending and changes of generation.  irqs off.
 */
#include <kernel/lib/bitmap.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/cpumask.h>
#include <kernel/lib/string.h>
#include <kernel/locking/spinlock.h>
#include <kernel/percpu.h>
#include <mm/mm.h>
#include <asm/cpu.h>
#include <asm/tlb.h>

#define ASID_BITS_MAX	16
#define GENERATION_STEP	(1ULL << ASID_BITS_MAX)
#define ASID_MASK	(GENERATION_STEP - 1)

static DEFINE_SPINLOCK_RANK(asid_lock, LOCK_RANK_ASID);
static unsigned int nr_asids = 256;		/* [I] after boot */
static u64 generation = GENERATION_STEP;	/* [a] changed under asid_lock */
static unsigned long asid_map[BITS_TO_LONGS(1 << ASID_BITS_MAX)];
static unsigned int next_asid = 1;
static cpumask_t flush_pending;
static DEFINE_PER_CPU(u64, active_asid);	/* [a] */
static DEFINE_PER_CPU(u64, reserved_asid);

void context_init_cpu(void)
{
	bool wide = (read_sysreg(id_aa64mmfr0_el1) >> 4 & 0xf) == 2;

	if (smp_processor_id() == 0)
		nr_asids = wide ? 1 << ASID_BITS_MAX : 256;
	/* A mixed machine would need the smaller number before the boot CPU used it. */
	ASSERT(wide || nr_asids == 256);
}

void mm_context_init(struct mm_struct *mm)
{
	mm->pgt.context = 0;
}

/* Its number stays taken until the next generation: the TLB may still know it. */
void mm_context_destroy(struct mm_struct *mm)
{
	mm->pgt.context = 0;
}

/* A new generation: nobody's number is valid but those that run right now. asid_lock held. */
static void roll_over(void)
{
	unsigned int cpu;

	memset(asid_map, 0, BITS_TO_LONGS(nr_asids) * sizeof(long));
	__atomic_store_n(&generation, generation + GENERATION_STEP, __ATOMIC_RELAXED);
	for_each_possible_cpu(cpu) {
		u64 asid = __atomic_exchange_n(&per_cpu(active_asid, cpu), 0, __ATOMIC_RELAXED);

		/* 0: this CPU has not switched since the last roll-over; what it reserved then stays. */
		if (!asid)
			asid = per_cpu(reserved_asid, cpu);
		per_cpu(reserved_asid, cpu) = asid;
		__set_bit(asid & ASID_MASK, asid_map);
	}
	cpumask_copy(&flush_pending, cpu_possible_mask);
	next_asid = 1;
}

/* Does a CPU run with @context since before the roll-over? Then it keeps the number: say so everywhere. */
static bool keep_reserved(u64 context, u64 renewed)
{
	bool hit = false;
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		if (per_cpu(reserved_asid, cpu) == context) {
			per_cpu(reserved_asid, cpu) = renewed;
			hit = true;
		}
	}
	return hit;
}

/* asid_lock held. */
static u64 new_context(u64 old)
{
	unsigned int asid;

	if (old) {
		u64 renewed = generation | (old & ASID_MASK);

		if (keep_reserved(old, renewed))
			return renewed;
		/* The same number again if nobody took it. */
		if (!__test_and_set_bit(old & ASID_MASK, asid_map))
			return renewed;
	}
	asid = find_next_zero_bit(asid_map, nr_asids, next_asid);
	if (asid >= nr_asids) {
		roll_over();
		asid = find_next_zero_bit(asid_map, nr_asids, 1);
	}
	__set_bit(asid, asid_map);
	next_asid = asid;
	return generation | asid;
}

static bool is_current(u64 context)
{
	return !((context ^ __atomic_load_n(&generation, __ATOMIC_RELAXED)) >> ASID_BITS_MAX);
}

unsigned int context_activate(struct pgtable *pt)
{
	u64 context = READ_ONCE(pt->context);
	u64 *active = this_cpu_ptr(&active_asid);
	u64 old = READ_ONCE(*active);

	if (likely(old && is_current(context) &&
		   __atomic_compare_exchange_n(active, &old, context, false, __ATOMIC_RELAXED,
					       __ATOMIC_RELAXED)))
		return context & ASID_MASK;
	spin_lock(&asid_lock);
	context = READ_ONCE(pt->context);
	if (!is_current(context)) {
		context = new_context(context);
		WRITE_ONCE(pt->context, context);
	}
	if (cpumask_test_and_clear_cpu(smp_processor_id(), &flush_pending))
		tlb_flush_local_all();
	__atomic_store_n(active, context, __ATOMIC_RELAXED);
	spin_unlock(&asid_lock);
	/* Whoever flushes the TLB changed the tables before it read pt->context: either it sees the new
	 * number, or this CPU's walks see the new tables. */
	smp_mb();
	return context & ASID_MASK;
}
