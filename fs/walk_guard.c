// SPDX-License-Identifier: GPL-2.0-only
/* Freeing what lock-free path walks may look at: see walk_guard.h. Locking: per CPU, preemption off. */
#include <fs/walk_guard.h>

#include <kernel/lib/string.h>
#include <kernel/smp.h>
#include <asm/processor.h>

#define BATCH 32

struct deferred {
	void	*obj;
	void	(*fn)(void *);
};

struct deferred_batch {
	unsigned int	n;
	struct deferred	entry[BATCH];
};

DEFINE_PER_CPU(u32, walk_count);
static DEFINE_PER_CPU(struct deferred_batch, deferred_batch);

/* Until every walk that may have begun before is over. */
static void wait_for_walks(void)
{
	unsigned int cpu;

	smp_mb();
	for_each_online_cpu(cpu) {
		const u32 *count = per_cpu_ptr(&walk_count, cpu);
		u32 seen = READ_ONCE(*count);

		while ((seen & 1) && READ_ONCE(*count) == seen)
			cpu_relax();
	}
	smp_mb();
}

static void free_batch(const struct deferred *entry, unsigned int n)
{
	if (!n)
		return;
	wait_for_walks();
	while (n--) {
		entry->fn(entry->obj);
		entry++;
	}
}

/* Preemption off: empty the batch into @copy. */
static unsigned int take_batch(struct deferred_batch *b, struct deferred *copy)
{
	unsigned int n = b->n;

	memcpy(copy, b->entry, n * sizeof(*copy));
	b->n = 0;
	return n;
}

static noinline void flush_and_add(void *obj, void (*fn)(void *))
{
	struct deferred copy[BATCH + 1];
	unsigned int n;

	preempt_disable();
	n = take_batch(this_cpu_ptr(&deferred_batch), copy);
	preempt_enable();
	copy[n].obj = obj;
	copy[n].fn = fn;
	free_batch(copy, n + 1);
}

void free_after_walks(void *obj, void (*fn)(void *))
{
	struct deferred_batch *b;

	preempt_disable();
	b = this_cpu_ptr(&deferred_batch);
	if (likely(b->n < BATCH)) {
		b->entry[b->n].obj = obj;
		b->entry[b->n].fn = fn;
		b->n++;
		preempt_enable();
		return;
	}
	preempt_enable();
	flush_and_add(obj, fn);
}

void free_after_walks_flush(void)
{
	struct deferred copy[BATCH];
	unsigned int n;

	preempt_disable();
	n = take_batch(this_cpu_ptr(&deferred_batch), copy);
	preempt_enable();
	free_batch(copy, n);
}
