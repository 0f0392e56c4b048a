// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lock checker of debug builds.
 *
 * Each task lists the locks it holds, with a mark for those that an interrupt on top of it took: an
 * interrupt starts with a clean sheet, as it may come at any point.  Checked are: recursion, the
 * order of ranks (lock-order.h), locks that interrupts take being held with irqs on, release by a
 * stranger, locks held at schedule() and on the way to user mode.  Violations of order are reported
 * once per place; what cannot go well panics.
 *
 * The list belongs to current and is changed with preemption off or in strict nesting; no locks.
 */
#include <kernel/locking/lockdebug.h>

#include <kernel/lib/bug.h>
#include <kernel/locking/lockstat.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>

#define HELD_IRQ	1UL	/* low bit of an entry: taken by an interrupt handler */
#define HELD_MAX	ARRAY_SIZE(((struct task_struct *)0)->held_locks)
#define REPORT_MAX	16

static const void *reported[REPORT_MAX];	/* [a] places that were reported */

static struct lock_debug *held_lock(const struct task_struct *t, unsigned int i)
{
	return (struct lock_debug *)((unsigned long)t->held_locks[i] & ~HELD_IRQ);
}

static bool held_in_irq(const struct task_struct *t, unsigned int i)
{
	return (unsigned long)t->held_locks[i] & HELD_IRQ;
}

static unsigned int held_count(const struct task_struct *t)
{
	return min_t(unsigned int, t->lock_depth, HELD_MAX);
}

void lock_debug_init(struct lock_debug *d, const char *name, enum lock_rank rank)
{
	*d = (struct lock_debug) { .name = name, .rank = rank };
}

void lock_debug_set_rank(struct lock_debug *d, enum lock_rank rank)
{
	d->rank = rank;
}

static bool report_once(const void *pc)
{
	unsigned int i;

	if (panic_in_progress)
		return false;
	for (i = 0; i < REPORT_MAX; i++) {
		const void *none = NULL;

		if (reported[i] == pc)
			return false;
		if (!reported[i] && __atomic_compare_exchange_n(&reported[i], &none, pc, false,
								__ATOMIC_RELAXED, __ATOMIC_RELAXED))
			return true;
	}
	return false;
}

static void show_held(const struct task_struct *t)
{
	unsigned int i;

	for (i = 0; i < held_count(t); i++)
		pr_err("  held%s: %s (rank %u) since %pS\n", held_in_irq(t, i) ? " in irq" : "",
		       held_lock(t, i)->name, held_lock(t, i)->rank, held_lock(t, i)->pc);
}

static void report_order(const struct lock_debug *d, const void *pc)
{
	if (!report_once(pc))
		return;
	pr_err("lock order: taking %s (rank %u) at %pS\n", d->name, d->rank, pc);
	show_held(current);
	dump_stack();
}

static void check_irq_safety(struct lock_debug *d, bool shared, const void *pc)
{
	if (in_interrupt())
		WRITE_ONCE(d->irq_used, true);
	else if (!irqs_disabled() && !shared)
		WRITE_ONCE(d->irqs_on_used, true);
	if (d->irq_used && d->irqs_on_used && report_once(pc)) {
		pr_err("lock %s is taken in interrupts and, elsewhere, with irqs on; here at %pS\n",
		       d->name, pc);
		dump_stack();
	}
}

void lock_debug_before(struct lock_debug *d, bool spin, bool nested, bool shared)
{
	const void *pc = __builtin_return_address(0);
	struct task_struct *t = current;
	bool irq = in_interrupt();
	unsigned int i;

	if (panic_in_progress)
		return;
	if (!shared && READ_ONCE(d->owner) == t)
		panic("lock %s is taken twice: first at %pS", d->name, d->pc);
	if (spin)
		check_irq_safety(d, shared, pc);
	if (d->rank == LOCK_RANK_NONE)
		return;
	for (i = held_count(t); i-- > 0 && held_in_irq(t, i) == irq;) {
		unsigned int rank = held_lock(t, i)->rank;

		if (rank > d->rank || (rank == d->rank && !nested &&
				       !(shared && held_lock(t, i) == d))) {
			report_order(d, pc);
			return;
		}
	}
}

void lock_debug_acquired(struct lock_debug *d, bool shared)
{
	struct task_struct *t = current;
	unsigned long flags = irq_save();

	if (t->lock_depth < HELD_MAX)
		t->held_locks[t->lock_depth] =
			(void *)((unsigned long)d | (in_interrupt() ? HELD_IRQ : 0));
	t->lock_depth++;
	d->pc = __builtin_return_address(0);
	if (!shared)
		WRITE_ONCE(d->owner, t);
	lock_stat_acquired(d);
	irq_restore(flags);
}

static void forget(struct task_struct *t, const struct lock_debug *d)
{
	unsigned int i, n = held_count(t);

	for (i = n; i-- > 0;) {
		if (held_lock(t, i) != d)
			continue;
		for (; i + 1 < n; i++)
			t->held_locks[i] = t->held_locks[i + 1];
		break;
	}
	if (t->lock_depth)
		t->lock_depth--;
}

void lock_debug_release(struct lock_debug *d, bool shared)
{
	struct task_struct *t = current;
	unsigned long flags = irq_save();

	if (!shared) {
		if (d->owner != t && !panic_in_progress)
			panic("lock %s is released by a stranger; its owner took it at %pS",
			      d->name, d->pc);
		WRITE_ONCE(d->owner, NULL);
	}
	forget(t, d);
	irq_restore(flags);
}

void lock_debug_check_sleep(void)
{
	struct task_struct *t = current;
	unsigned int i;

	for (i = 0; i < held_count(t); i++) {
		if (held_lock(t, i)->rank < LOCK_RANK_SPIN || panic_in_progress)
			continue;
		show_held(t);
		panic("schedule() with spin lock %s held", held_lock(t, i)->name);
	}
}

void lock_debug_check_user(void)
{
	struct task_struct *t = current;

	if (likely(!t->lock_depth) || panic_in_progress)
		return;
	show_held(t);
	panic("%u locks are held on the way to user mode", t->lock_depth);
}
