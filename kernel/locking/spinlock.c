// SPDX-License-Identifier: GPL-2.0-only
/*
 * The contended paths of spin locks.
 *
 * A waiter of a ticket lock reads the lock's word only, backing off by its distance from the head
 * of the queue.  Debug builds report a wait of more than a second, with the holder.
 */
#include <kernel/locking/spinlock.h>

#include <kernel/lib/bug.h>
#include <kernel/locking/lockstat.h>
#include <kernel/panic.h>
#include <kernel/printk.h>
#include <kernel/time/timekeeping.h>

#define SPIN_REPORT_NS		NSEC_PER_SEC
#define SPINS_PER_LOOK		(1U << 20)

#ifdef CONFIG_DEBUG
static void report_long_wait(const struct lock_debug *d, const void *pc)
{
	pr_err("spin lock %s: waited for 1 s at %pS; held by %px since %pS\n",
	       d->name, pc, d->owner, d->pc);
	dump_stack();
}
#else
#define report_long_wait(d, pc)	do { } while (0)
#endif

/* In each turn of a waiting loop, with both starting as 0; true once, after SPIN_REPORT_NS. */
static bool waited_long(unsigned int *turns, u64 *since)
{
	u64 now;

	if (!IS_ENABLED(CONFIG_DEBUG) || ++*turns % SPINS_PER_LOOK)
		return false;
	now = sched_clock();
	if (!*since)
		*since = now;
	if (now - *since < SPIN_REPORT_NS || panic_in_progress)
		return false;
	*since = now + (u64)S32_MAX * NSEC_PER_SEC;	/* once */
	return true;
}

void spin_lock_slow(spinlock_t *l, u16 ticket)
{
	unsigned long spins = 0;
	unsigned int turns = 0;
	u64 since = 0;
	u16 owner;

	while ((owner = __atomic_load_n(&l->owner, __ATOMIC_ACQUIRE)) != ticket) {
		unsigned int ahead = (u16)(ticket - owner);

		spins++;
		while (ahead--)
			cpu_relax();
		if (waited_long(&turns, &since))
			report_long_wait(lock_debug_of(l), __builtin_return_address(0));
	}
	lock_stat_contended(lock_debug_of(l), spins);
}

void read_lock_slow(rwlock_t *l)
{
	unsigned long spins = 0;
	unsigned int turns = 0;
	u64 since = 0;

	while (!raw_read_trylock(l)) {
		while (__atomic_load_n(&l->word, __ATOMIC_RELAXED) & RW_WRITER) {
			cpu_relax();
			spins++;
		}
		if (waited_long(&turns, &since))
			report_long_wait(lock_debug_of(l), __builtin_return_address(0));
	}
	lock_stat_contended(lock_debug_of(l), spins);
}

void write_lock_slow(rwlock_t *l)
{
	unsigned long spins = 0;
	unsigned int turns = 0;
	u64 since = 0;

	while (!raw_write_trylock(l)) {
		cpu_relax();
		spins++;
		if (waited_long(&turns, &since))
			report_long_wait(lock_debug_of(l), __builtin_return_address(0));
	}
	lock_stat_contended(lock_debug_of(l), spins);
}

void lock_assert_failed(const char *lock, const char *file, int line)
{
	panic("lock %s is not held at %s:%d", lock, file, line);
}
