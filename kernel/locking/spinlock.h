/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Spin locks: FIFO ticket locks, reader-writer spin locks, sequence counters.
 *
 * Preemption is off while one is held; the _irq and _irqsave forms also disable interrupts, which
 * is needed for every lock that an interrupt handler takes too.  Nothing may sleep inside.
 *
 * rwlock_t: readers share, never wait for a waiting writer, and so may nest, also in interrupts.
 * seqlock_t/seqcount_t: readers take nothing and retry; what they read must be plain data.
 *
 * A lock has a rank (lock-order.h); the plain initialisers give LOCK_RANK_LEAF.
 * This header does not know struct task_struct: <kernel/sched/sched.h> includes it.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <kernel/locking/lockdebug.h>
#include <kernel/sched/preempt.h>
#include <asm/irqflags.h>
#include <asm/processor.h>

/* ---- ticket lock ------------------------------------------------------------------------ */

typedef struct spinlock {
	union {
		u32	word;		/* [a] both halves */
		struct {
			u16	owner;	/* [a] ticket being served (both ports are little endian) */
			u16	next;	/* [a] next ticket to hand out */
		};
	};
	LOCK_DEBUG_FIELD
} spinlock_t;

#define SPIN_TICKET	0x10000u

#define __SPIN_LOCK_INIT(name, rank)	{ { .word = 0 }, LOCK_DEBUG_INIT(#name, rank) }
#define __SPIN_LOCK_UNLOCKED(name)	__SPIN_LOCK_INIT(name, LOCK_RANK_LEAF)
#define DEFINE_SPINLOCK(name)		spinlock_t name = __SPIN_LOCK_INIT(name, LOCK_RANK_LEAF)
#define DEFINE_SPINLOCK_RANK(name, rank) spinlock_t name = __SPIN_LOCK_INIT(name, rank)

#define spin_lock_init(l)		spin_lock_init_rank(l, LOCK_RANK_LEAF)
#define spin_lock_init_rank(l, rank) do {				\
	(l)->word = 0;							\
	lock_debug_init(lock_debug_of(l), #l, rank);			\
} while (0)

/* Wait until @ticket is served; spinlock.c. */
void spin_lock_slow(spinlock_t *l, u16 ticket);

static inline void raw_spin_lock(spinlock_t *l)
{
	u32 old = __atomic_fetch_add(&l->word, SPIN_TICKET, __ATOMIC_ACQUIRE);

	if (unlikely((u16)old != (u16)(old >> 16)))
		spin_lock_slow(l, (u16)(old >> 16));
}

static inline void raw_spin_unlock(spinlock_t *l)
{
	__atomic_store_n(&l->owner, (u16)(l->owner + 1), __ATOMIC_RELEASE);
}

static inline bool raw_spin_trylock(spinlock_t *l)
{
	u32 old = __atomic_load_n(&l->word, __ATOMIC_RELAXED);

	return (u16)old == (u16)(old >> 16) &&
	       __atomic_compare_exchange_n(&l->word, &old, old + SPIN_TICKET, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline bool spin_is_locked(const spinlock_t *l)
{
	u32 v = __atomic_load_n(&l->word, __ATOMIC_RELAXED);

	return (u16)v != (u16)(v >> 16);
}

static inline bool spin_is_contended(const spinlock_t *l)
{
	u32 v = __atomic_load_n(&l->word, __ATOMIC_RELAXED);

	return (u16)((u16)(v >> 16) - (u16)v) > 1;
}

static inline void spin_lock(spinlock_t *l)
{
	preempt_disable();
	lock_debug_before(lock_debug_of(l), true, false, false);
	raw_spin_lock(l);
	lock_debug_acquired(lock_debug_of(l), false);
}

/* A second lock of the same rank: the caller says why that order is safe. */
static inline void spin_lock_nested(spinlock_t *l)
{
	preempt_disable();
	lock_debug_before(lock_debug_of(l), true, true, false);
	raw_spin_lock(l);
	lock_debug_acquired(lock_debug_of(l), false);
}

static inline bool spin_trylock(spinlock_t *l)
{
	preempt_disable();
	if (likely(raw_spin_trylock(l))) {
		lock_debug_acquired(lock_debug_of(l), false);
		return true;
	}
	preempt_enable();
	return false;
}

static inline void spin_unlock(spinlock_t *l)
{
	lock_debug_release(lock_debug_of(l), false);
	raw_spin_unlock(l);
	preempt_enable();
}

static inline void spin_lock_irq(spinlock_t *l)
{
	irq_disable();
	spin_lock(l);
}

static inline void spin_unlock_irq(spinlock_t *l)
{
	lock_debug_release(lock_debug_of(l), false);
	raw_spin_unlock(l);
	irq_enable();
	preempt_enable();
}

static inline unsigned long __spin_lock_irqsave(spinlock_t *l)
{
	unsigned long flags = irq_save();

	spin_lock(l);
	return flags;
}

#define spin_lock_irqsave(l, flags)	((flags) = __spin_lock_irqsave(l))

static inline void spin_unlock_irqrestore(spinlock_t *l, unsigned long flags)
{
	lock_debug_release(lock_debug_of(l), false);
	raw_spin_unlock(l);
	irq_restore(flags);
	preempt_enable();
}

static inline bool __spin_trylock_irqsave(spinlock_t *l, unsigned long *flags)
{
	*flags = irq_save();
	if (spin_trylock(l))
		return true;
	irq_restore(*flags);
	return false;
}

#define spin_trylock_irqsave(l, flags)	__spin_trylock_irqsave(l, &(flags))

/* ---- reader-writer lock ----------------------------------------------------------------- */

typedef struct rwlock {
	u32	word;			/* [a] RW_WRITER, or the number of readers */
	LOCK_DEBUG_FIELD
} rwlock_t;

#define RW_WRITER	0x80000000u

#define __RW_LOCK_INIT(name, rank)	{ .word = 0, LOCK_DEBUG_INIT(#name, rank) }
#define DEFINE_RWLOCK(name)		rwlock_t name = __RW_LOCK_INIT(name, LOCK_RANK_LEAF)
#define DEFINE_RWLOCK_RANK(name, rank)	rwlock_t name = __RW_LOCK_INIT(name, rank)
#define rwlock_init(l)			rwlock_init_rank(l, LOCK_RANK_LEAF)
#define rwlock_init_rank(l, rank) do {					\
	(l)->word = 0;							\
	lock_debug_init(lock_debug_of(l), #l, rank);			\
} while (0)

void read_lock_slow(rwlock_t *l);	/* spinlock.c */
void write_lock_slow(rwlock_t *l);

static inline bool raw_read_trylock(rwlock_t *l)
{
	u32 old = __atomic_load_n(&l->word, __ATOMIC_RELAXED);

	return !(old & RW_WRITER) &&
	       __atomic_compare_exchange_n(&l->word, &old, old + 1, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static inline bool raw_write_trylock(rwlock_t *l)
{
	u32 old = 0;

	return __atomic_compare_exchange_n(&l->word, &old, RW_WRITER, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

static inline void read_lock(rwlock_t *l)
{
	preempt_disable();
	lock_debug_before(lock_debug_of(l), true, false, true);
	if (unlikely(!raw_read_trylock(l)))
		read_lock_slow(l);
	lock_debug_acquired(lock_debug_of(l), true);
}

static inline void read_unlock(rwlock_t *l)
{
	lock_debug_release(lock_debug_of(l), true);
	__atomic_fetch_sub(&l->word, 1, __ATOMIC_RELEASE);
	preempt_enable();
}

static inline void write_lock(rwlock_t *l)
{
	preempt_disable();
	lock_debug_before(lock_debug_of(l), true, false, false);
	if (unlikely(!raw_write_trylock(l)))
		write_lock_slow(l);
	lock_debug_acquired(lock_debug_of(l), false);
}

static inline bool write_trylock(rwlock_t *l)
{
	preempt_disable();
	if (likely(raw_write_trylock(l))) {
		lock_debug_acquired(lock_debug_of(l), false);
		return true;
	}
	preempt_enable();
	return false;
}

static inline void write_unlock(rwlock_t *l)
{
	lock_debug_release(lock_debug_of(l), false);
	__atomic_store_n(&l->word, 0, __ATOMIC_RELEASE);
	preempt_enable();
}

static inline void read_lock_irq(rwlock_t *l)
{
	irq_disable();
	read_lock(l);
}

static inline void read_unlock_irq(rwlock_t *l)
{
	lock_debug_release(lock_debug_of(l), true);
	__atomic_fetch_sub(&l->word, 1, __ATOMIC_RELEASE);
	irq_enable();
	preempt_enable();
}

static inline void write_lock_irq(rwlock_t *l)
{
	irq_disable();
	write_lock(l);
}

static inline void write_unlock_irq(rwlock_t *l)
{
	lock_debug_release(lock_debug_of(l), false);
	__atomic_store_n(&l->word, 0, __ATOMIC_RELEASE);
	irq_enable();
	preempt_enable();
}

static inline unsigned long __read_lock_irqsave(rwlock_t *l)
{
	unsigned long flags = irq_save();

	read_lock(l);
	return flags;
}

static inline unsigned long __write_lock_irqsave(rwlock_t *l)
{
	unsigned long flags = irq_save();

	write_lock(l);
	return flags;
}

#define read_lock_irqsave(l, flags)	((flags) = __read_lock_irqsave(l))
#define write_lock_irqsave(l, flags)	((flags) = __write_lock_irqsave(l))

static inline void read_unlock_irqrestore(rwlock_t *l, unsigned long flags)
{
	lock_debug_release(lock_debug_of(l), true);
	__atomic_fetch_sub(&l->word, 1, __ATOMIC_RELEASE);
	irq_restore(flags);
	preempt_enable();
}

static inline void write_unlock_irqrestore(rwlock_t *l, unsigned long flags)
{
	lock_debug_release(lock_debug_of(l), false);
	__atomic_store_n(&l->word, 0, __ATOMIC_RELEASE);
	irq_restore(flags);
	preempt_enable();
}

/* ---- what a function's first line says about its locks -------------------------------------- */

void lock_assert_failed(const char *lock, const char *file, int line) __noreturn;

#define assert_lock(cond, l) do {					\
	if (unlikely(!(cond)))						\
		lock_assert_failed(#l, __FILE__, __LINE__);		\
} while (0)

#ifdef CONFIG_DEBUG
#define assert_spin_locked(l)	assert_lock(spin_is_locked(l) && lock_debug_held_by(l, current), l)
#define assert_rwlock_held(l)	assert_lock(__atomic_load_n(&(l)->word, __ATOMIC_RELAXED), l)
#define assert_write_locked(l)	assert_lock(__atomic_load_n(&(l)->word, __ATOMIC_RELAXED) & RW_WRITER, l)
#else
#define assert_spin_locked(l)	do { (void)(l); } while (0)
#define assert_rwlock_held(l)	do { (void)(l); } while (0)
#define assert_write_locked(l)	do { (void)(l); } while (0)
#endif
#define assert_held(l)		assert_spin_locked(l)

/* ---- sequence counters -------------------------------------------------------------------- */

typedef struct seqcount {
	u32	sequence;		/* [writer] odd while a write is going on */
} seqcount_t;

typedef struct seqlock {
	seqcount_t	seqcount;
	spinlock_t	lock;		/* writers */
} seqlock_t;

#define SEQCNT_ZERO(name)	{ .sequence = 0 }
#define seqcount_init(s)	((s)->sequence = 0)
#define DEFINE_SEQLOCK(name)	\
	seqlock_t name = { .lock = __SPIN_LOCK_INIT(name, LOCK_RANK_LEAF) }
#define DEFINE_SEQLOCK_RANK(name, rank)	\
	seqlock_t name = { .lock = __SPIN_LOCK_INIT(name, rank) }
#define seqlock_init(s) do {						\
	seqcount_init(&(s)->seqcount);					\
	spin_lock_init(&(s)->lock);					\
} while (0)

static inline u32 read_seqcount_begin(const seqcount_t *s)
{
	u32 seq;

	while (unlikely((seq = __atomic_load_n(&s->sequence, __ATOMIC_ACQUIRE)) & 1))
		cpu_relax();
	return seq;
}

static inline bool read_seqcount_retry(const seqcount_t *s, u32 start)
{
	__atomic_thread_fence(__ATOMIC_ACQUIRE);
	return unlikely(__atomic_load_n(&s->sequence, __ATOMIC_RELAXED) != start);
}

/* Writers exclude each other and preemption by other means. */
static inline void write_seqcount_begin(seqcount_t *s)
{
	__atomic_store_n(&s->sequence, s->sequence + 1, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_RELEASE);
}

static inline void write_seqcount_end(seqcount_t *s)
{
	__atomic_store_n(&s->sequence, s->sequence + 1, __ATOMIC_RELEASE);
}

static inline u32 read_seqbegin(const seqlock_t *s)
{
	return read_seqcount_begin(&s->seqcount);
}

static inline bool read_seqretry(const seqlock_t *s, u32 start)
{
	return read_seqcount_retry(&s->seqcount, start);
}

static inline void write_seqlock(seqlock_t *s)
{
	spin_lock(&s->lock);
	write_seqcount_begin(&s->seqcount);
}

static inline void write_sequnlock(seqlock_t *s)
{
	write_seqcount_end(&s->seqcount);
	spin_unlock(&s->lock);
}

static inline void write_seqlock_irq(seqlock_t *s)
{
	spin_lock_irq(&s->lock);
	write_seqcount_begin(&s->seqcount);
}

static inline void write_sequnlock_irq(seqlock_t *s)
{
	write_seqcount_end(&s->seqcount);
	spin_unlock_irq(&s->lock);
}

static inline unsigned long __write_seqlock_irqsave(seqlock_t *s)
{
	unsigned long flags = __spin_lock_irqsave(&s->lock);

	write_seqcount_begin(&s->seqcount);
	return flags;
}

#define write_seqlock_irqsave(s, flags)	((flags) = __write_seqlock_irqsave(s))

static inline void write_sequnlock_irqrestore(seqlock_t *s, unsigned long flags)
{
	write_seqcount_end(&s->seqcount);
	spin_unlock_irqrestore(&s->lock, flags);
}
