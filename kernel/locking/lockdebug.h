/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every lock carries in debug builds: its name and rank, and who holds it since where.
 *
 * In a release build the structure is empty and every hook vanishes.  The hooks run with preemption
 * off for spin locks; the held-lock list they keep belongs to current (task_struct.held_locks).
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <kernel/locking/lock-order.h>

struct task_struct;

#ifdef CONFIG_DEBUG

struct lock_debug {
	const char		*name;		/* [I] */
	unsigned short		rank;		/* [I] enum lock_rank */
	bool			irq_used;	/* [a] taken in an interrupt handler once */
	bool			irqs_on_used;	/* [a] taken with irqs on once */
	struct task_struct	*owner;		/* [holder] exclusive holder */
	const void		*pc;		/* [holder] where it was taken */
};

#define LOCK_DEBUG_INIT(lockname, lockrank)	.debug = { .name = (lockname), .rank = (lockrank) },
#define LOCK_DEBUG_FIELD			struct lock_debug debug;

void lock_debug_init(struct lock_debug *d, const char *name, enum lock_rank rank);
void lock_debug_set_rank(struct lock_debug *d, enum lock_rank rank);
/* Before waiting for the lock: order, recursion, irq-safety. */
void lock_debug_before(struct lock_debug *d, bool spin, bool nested, bool shared);
void lock_debug_acquired(struct lock_debug *d, bool shared);
void lock_debug_release(struct lock_debug *d, bool shared);
/* May the holder sleep, or go to user mode, now?  Panics if a lock is still held. */
void lock_debug_check_sleep(void);
void lock_debug_check_user(void);

#define lock_debug_of(l)	(&(l)->debug)
#define lock_debug_held_by(l, t)	((l)->debug.owner == (t))

#else

#define LOCK_DEBUG_INIT(lockname, lockrank)
#define LOCK_DEBUG_FIELD
#define lock_debug_init(d, name, rank)		do { } while (0)
#define lock_debug_set_rank(d, rank)		do { } while (0)
#define lock_debug_before(d, spin, nested, shared) do { } while (0)
#define lock_debug_acquired(d, shared)		do { } while (0)
#define lock_debug_release(d, shared)		do { } while (0)
#define lock_debug_of(l)			((void)(l), NULL)
#define lock_debug_held_by(l, t)		true
static inline void lock_debug_check_sleep(void) { }
static inline void lock_debug_check_user(void) { }

#endif
