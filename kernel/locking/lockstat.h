/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How often locks are taken, and how often somebody had to wait: counters of debug builds.
 *
 * Locks are counted by class: the name they were initialised with, and their rank.  So all inodes'
 * i_lock are one line.  A release build counts nothing and has no /proc/lock_stat.
 */
#pragma once

#include <kernel/locking/lockdebug.h>

struct lock_class_stat {
	const char	*name;		/* NULL: unused */
	unsigned int	rank;
	unsigned long	acquired;	/* with and without waiting, by readers too */
	unsigned long	contended;	/* of these, how often it was not free */
	unsigned long	spins;		/* turns of waiting loops; 0 for locks that sleep */
};

/* The n-th class that was taken since the last reset, summed over all CPUs. false: there is none. */
bool lock_stat_nth(unsigned int n, struct lock_class_stat *sum);
void lock_stat_reset(void);

#ifdef CONFIG_DEBUG
void lock_stat_acquired(const struct lock_debug *d);	/* irqs off */
/* Somebody waited for the lock, @spins turns long. Any context. */
void lock_stat_contended(const struct lock_debug *d, unsigned long spins);
#else
#define lock_stat_contended(d, spins)	do { (void)(spins); } while (0)
#endif
