/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of CPUs.  At most 8 CPUs are supported, so a set
 * is one word.  cpumask_set_cpu(), _clear_cpu() and _test_and_* are atomic; the rest is plain.
 *
 * The masks of the system live in cpumask.c.  possible and present are fixed before the
 * secondary CPUs start; online changes while they start (set by each CPU, atomically).
 */
#pragma once

#include <kernel/lib/bitmap.h>

#ifdef CONFIG_NR_CPUS
#define NR_CPUS	CONFIG_NR_CPUS
#else
#define NR_CPUS	8
#endif
static_assert(NR_CPUS <= 8, "cpu_bit_masks has eight entries");

typedef struct cpumask {
	unsigned long bits[1];
} cpumask_t;

#define CPU_BITS_ALL		BITMAP_LAST_WORD_MASK(NR_CPUS)
#define CPU_MASK_NONE		((cpumask_t) { { 0 } })
#define CPU_MASK_ALL		((cpumask_t) { { CPU_BITS_ALL } })
#define cpumask_bits(mask)	((mask)->bits)

extern struct cpumask __cpu_possible_mask;
extern struct cpumask __cpu_present_mask;
extern struct cpumask __cpu_online_mask;
extern const struct cpumask cpu_bit_masks[8];
extern unsigned int nr_cpu_ids;		/* highest possible CPU + 1 */

#define cpu_possible_mask	((const struct cpumask *)&__cpu_possible_mask)
#define cpu_present_mask	((const struct cpumask *)&__cpu_present_mask)
#define cpu_online_mask		((const struct cpumask *)&__cpu_online_mask)
#define cpu_all_mask		cpu_possible_mask
#define cpumask_of(cpu)		(&cpu_bit_masks[cpu])

static __always_inline void cpumask_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	set_bit(cpu, mask->bits);
}

static __always_inline void cpumask_clear_cpu(unsigned int cpu, struct cpumask *mask)
{
	clear_bit(cpu, mask->bits);
}

static __always_inline bool cpumask_test_cpu(unsigned int cpu, const struct cpumask *mask)
{
	return test_bit(cpu, mask->bits);
}

static __always_inline bool cpumask_test_and_set_cpu(unsigned int cpu, struct cpumask *mask)
{
	return test_and_set_bit(cpu, mask->bits);
}

static __always_inline bool cpumask_test_and_clear_cpu(unsigned int cpu, struct cpumask *mask)
{
	return test_and_clear_bit(cpu, mask->bits);
}

static inline void cpumask_clear(struct cpumask *dst)
{
	WRITE_ONCE(dst->bits[0], 0);
}

static inline void cpumask_setall(struct cpumask *dst)
{
	WRITE_ONCE(dst->bits[0], CPU_BITS_ALL);
}

static inline void cpumask_copy(struct cpumask *dst, const struct cpumask *src)
{
	WRITE_ONCE(dst->bits[0], READ_ONCE(src->bits[0]));
}

/* These two return whether the result has any CPU. */
static inline bool cpumask_and(struct cpumask *dst, const struct cpumask *a,
			       const struct cpumask *b)
{
	return (dst->bits[0] = READ_ONCE(a->bits[0]) & READ_ONCE(b->bits[0])) != 0;
}

static inline bool cpumask_andnot(struct cpumask *dst, const struct cpumask *a,
				  const struct cpumask *b)
{
	return (dst->bits[0] = READ_ONCE(a->bits[0]) & ~READ_ONCE(b->bits[0])) != 0;
}

static inline void cpumask_or(struct cpumask *dst, const struct cpumask *a,
			      const struct cpumask *b)
{
	dst->bits[0] = READ_ONCE(a->bits[0]) | READ_ONCE(b->bits[0]);
}

static inline bool cpumask_equal(const struct cpumask *a, const struct cpumask *b)
{
	return READ_ONCE(a->bits[0]) == READ_ONCE(b->bits[0]);
}

static inline bool cpumask_subset(const struct cpumask *a, const struct cpumask *b)
{
	return (READ_ONCE(a->bits[0]) & ~READ_ONCE(b->bits[0])) == 0;
}

static inline bool cpumask_intersects(const struct cpumask *a, const struct cpumask *b)
{
	return (READ_ONCE(a->bits[0]) & READ_ONCE(b->bits[0])) != 0;
}

static inline bool cpumask_empty(const struct cpumask *mask)
{
	return READ_ONCE(mask->bits[0]) == 0;
}

static inline unsigned int cpumask_weight(const struct cpumask *mask)
{
	return hweight_long(READ_ONCE(mask->bits[0]));
}

/* The first CPU after n (n may be -1), or a value >= nr_cpu_ids. */
static inline unsigned int cpumask_next(int n, const struct cpumask *mask)
{
	unsigned long rest = n + 1 >= NR_CPUS ? 0 : READ_ONCE(mask->bits[0]) & (~0UL << (n + 1));

	return rest ? __ffs(rest) : NR_CPUS;
}

static inline unsigned int cpumask_first(const struct cpumask *mask)
{
	return cpumask_next(-1, mask);
}

static inline unsigned int cpumask_first_and(const struct cpumask *a, const struct cpumask *b)
{
	unsigned long both = READ_ONCE(a->bits[0]) & READ_ONCE(b->bits[0]);

	return both ? __ffs(both) : NR_CPUS;
}

#define cpumask_any(mask)	cpumask_first(mask)
#define cpumask_any_and(a, b)	cpumask_first_and(a, b)

/* The first CPU after n, going round; a value >= nr_cpu_ids if the set is empty. */
static inline unsigned int cpumask_next_wrap(int n, const struct cpumask *mask)
{
	unsigned int cpu = cpumask_next(n, mask);

	return cpu < NR_CPUS ? cpu : cpumask_first(mask);
}

#define for_each_cpu(cpu, mask)					\
	for ((cpu) = cpumask_first(mask); (cpu) < NR_CPUS;	\
	     (cpu) = cpumask_next((cpu), (mask)))

#define for_each_cpu_and(cpu, a, b)		\
	for_each_cpu(cpu, a)			\
		if (!cpumask_test_cpu(cpu, b)) {} else

#define for_each_possible_cpu(cpu)	for_each_cpu(cpu, cpu_possible_mask)
#define for_each_present_cpu(cpu)	for_each_cpu(cpu, cpu_present_mask)
#define for_each_online_cpu(cpu)	for_each_cpu(cpu, cpu_online_mask)

#define cpu_possible(cpu)	cpumask_test_cpu((cpu), cpu_possible_mask)
#define cpu_present(cpu)	cpumask_test_cpu((cpu), cpu_present_mask)
#define cpu_online(cpu)		cpumask_test_cpu((cpu), cpu_online_mask)
#define num_possible_cpus()	cpumask_weight(cpu_possible_mask)
#define num_present_cpus()	cpumask_weight(cpu_present_mask)
#define num_online_cpus()	cpumask_weight(cpu_online_mask)

void set_cpu_possible(unsigned int cpu, bool possible);
void set_cpu_present(unsigned int cpu, bool present);
void set_cpu_online(unsigned int cpu, bool online);
