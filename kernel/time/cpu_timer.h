/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CPU clocks: which they are, reading them, and the timers on them that the tick expires.
 *
 * A clockid is a constant (CLOCK_PROCESS_CPUTIME_ID, ..THREAD..) or made of a pid: ~pid << 3, a
 * type in bits 0-1 (0 user+system, 1 user, 2 exact) and bit 2 for a thread; the unused type 3 without
 * bit 2 means a descriptor.
 */
#pragma once

#include <kernel/lib/types.h>

struct task_struct;
struct k_itimer;

#define CPUCLOCK_PROF		0
#define CPUCLOCK_VIRT		1
#define CPUCLOCK_SCHED		2
#define CPUCLOCK_PERTHREAD	4

struct cpu_clock {
	bool		thread;
	unsigned int	type;		/* CPUCLOCK_* */
};

/* Does it name the descriptor of a clock device? There are none. */
static inline bool cpu_clock_is_fd(clockid_t clock)
{
	return clock < 0 && (clock & 7) == 3;
}
/* Decode; *task gets a reference to the thread or group leader. 0, -EINVAL. */
int cpu_clock_find(clockid_t clock, struct cpu_clock *cc, struct task_struct **task);
/* ns; no lock that is inside siglock may be held. */
u64 cpu_clock_sample(const struct cpu_clock *cc, struct task_struct *task);
