// SPDX-License-Identifier: GPL-2.0-only
/*
 * Load averages over 1, 5 and 15 minutes: exponentially decaying averages of the number of tasks
 * that run, could run, or sleep uninterruptibly, sampled every 5 seconds; fixed point with 11 bits.
 *
 * Any CPU's tick takes the sample that is due.  When all are idle nobody does; the samples that
 * were missed count as zero and are made up for by the next tick or reader.
 */
#include <kernel/sched/internal.h>

#include <kernel/lib/math64.h>

#define FSHIFT		11
#define FIXED_1		(1UL << FSHIFT)
#define LOAD_NS		(5 * NSEC_PER_SEC)
#define MISSED_MAX	1000		/* enough to decay to nothing */

/* FIXED_1 / exp(5 s / period) */
static const unsigned long decay[3] = { 1884, 2014, 2037 };

unsigned long avenrun[3];			/* [load_lock] */
static u64 next_sample = LOAD_NS;		/* [load_lock] */
static DEFINE_SPINLOCK_RANK(load_lock, LOCK_RANK_TIMEKEEPING);

static unsigned long average(unsigned long load, unsigned long exp, unsigned long active)
{
	unsigned long next = load * exp + active * (FIXED_1 - exp);

	if (active >= load)
		next += FIXED_1 - 1;	/* round towards the new value */
	return next / FIXED_1;
}

static void sample(unsigned long active)
{
	unsigned int i;

	for (i = 0; i < 3; i++)
		avenrun[i] = average(avenrun[i], decay[i], active * FIXED_1);
}

static void update(u64 now)
{
	u64 missed = div64_u64(now - next_sample, LOAD_NS);
	u64 i;

	for (i = 0; i < min_t(u64, missed, MISSED_MAX); i++)
		sample(0);
	sample(nr_running() + nr_uninterruptible());
	next_sample += (missed + 1) * LOAD_NS;
}

void calc_load_tick(u64 now)
{
	if (likely((s64)(now - READ_ONCE(next_sample)) < 0) || !spin_trylock(&load_lock))
		return;
	if ((s64)(now - next_sample) >= 0)
		update(now);
	spin_unlock(&load_lock);
}

void get_avenrun(unsigned long loads[3])
{
	unsigned long flags = irq_save();
	unsigned int i;

	calc_load_tick(sched_clock());
	for (i = 0; i < 3; i++)
		loads[i] = READ_ONCE(avenrun[i]) + FIXED_1 / 200;
	irq_restore(flags);
}
