// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters of lock classes; see lockstat.h.  /proc/lock_stat shows them.
 *
 * Each CPU has its own hash table of classes, which only it changes, with irqs off: counting must
 * not contend itself.  A class keeps the slot that it got.  A reader adds up what it finds, without
 * a lock: figures of a machine that runs meanwhile are a few counts apart.
 */
#include <kernel/locking/lockstat.h>

#include <kernel/lib/atomic.h>
#include <kernel/lib/hash.h>
#include <kernel/lib/string.h>
#include <kernel/percpu.h>
#include <asm/irqflags.h>

#define CLASS_BITS	8
#define NR_CLASSES	(1U << CLASS_BITS)

struct class_table {
	struct lock_class_stat	class[NR_CLASSES];
};

static DEFINE_PER_CPU(struct class_table, class_tables);

/* Where @name and @rank are or would be; NULL: the table is full. */
static struct lock_class_stat *find_class(struct class_table *table, const char *name,
					  unsigned int rank)
{
	unsigned int i, at = hash_long((unsigned long)name ^ rank, CLASS_BITS);

	for (i = 0; i < NR_CLASSES; i++) {
		struct lock_class_stat *c = &table->class[(at + i) % NR_CLASSES];

		if (!c->name || (c->name == name && c->rank == rank))
			return c;
	}
	return NULL;
}

/* irqs off. */
static struct lock_class_stat *my_class(const struct lock_debug *d)
{
	struct lock_class_stat *c = find_class(this_cpu_ptr(&class_tables), d->name, d->rank);

	if (c && !c->name) {
		c->rank = d->rank;
		smp_store_release(&c->name, d->name);
	}
	return c;
}

void lock_stat_acquired(const struct lock_debug *d)
{
	struct lock_class_stat *c = my_class(d);

	if (c)
		c->acquired++;
}

void lock_stat_contended(const struct lock_debug *d, unsigned long spins)
{
	unsigned long flags = irq_save();
	struct lock_class_stat *c = my_class(d);

	if (c) {
		c->contended++;
		c->spins += spins;
	}
	irq_restore(flags);
}

/* Is CPU @cpu the first one that has this class? Then it is listed there. */
static bool listed_before(unsigned int cpu, const struct lock_class_stat *c)
{
	unsigned int other;

	for (other = 0; other < cpu; other++) {
		struct lock_class_stat *o = find_class(per_cpu_ptr(&class_tables, other), c->name,
						       c->rank);

		if (o && o->name)
			return true;
	}
	return false;
}

static void add_up(const struct lock_class_stat *key, struct lock_class_stat *sum)
{
	unsigned int cpu;

	*sum = (struct lock_class_stat){ .name = key->name, .rank = key->rank };
	for_each_possible_cpu(cpu) {
		struct lock_class_stat *c = find_class(per_cpu_ptr(&class_tables, cpu), key->name,
						       key->rank);

		if (!c || !c->name)
			continue;
		sum->acquired += READ_ONCE(c->acquired);
		sum->contended += READ_ONCE(c->contended);
		sum->spins += READ_ONCE(c->spins);
	}
}

bool lock_stat_nth(unsigned int n, struct lock_class_stat *sum)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu) {
		struct class_table *table = per_cpu_ptr(&class_tables, cpu);

		for (i = 0; i < NR_CLASSES; i++) {
			struct lock_class_stat *c = &table->class[i];

			if (!smp_load_acquire(&c->name) || listed_before(cpu, c))
				continue;
			if (!n--) {
				add_up(c, sum);
				return true;
			}
		}
	}
	return false;
}

/* A CPU that counts right now may keep its old figure: good enough for a measurement. */
void lock_stat_reset(void)
{
	unsigned int cpu, i;

	for_each_possible_cpu(cpu) {
		struct class_table *table = per_cpu_ptr(&class_tables, cpu);

		for (i = 0; i < NR_CLASSES; i++) {
			WRITE_ONCE(table->class[i].acquired, 0);
			WRITE_ONCE(table->class[i].contended, 0);
			WRITE_ONCE(table->class[i].spins, 0);
		}
	}
}
