/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * High-resolution timers: callbacks in interrupt context at an absolute time.
 *
 * A timer belongs to one clock and sits in the tree of one CPU; each CPU's base has its own lock.
 * The callback runs with irqs off and no base lock held, and may re-arm its timer.
 */
#pragma once

#include <kernel/lib/rbtree.h>
#include <kernel/lib/types.h>
#include <kernel/uapi.h>

typedef s64 ktime_t;		/* ns */

enum hrtimer_restart { HRTIMER_NORESTART, HRTIMER_RESTART };
#define HRTIMER_MODE_ABS	0
#define HRTIMER_MODE_REL	1

struct hrtimer {
	struct rb_node		node;		/* [base lock] */
	u64			expires;	/* [base lock] ns on its clock */
	u64			mono_expires;	/* [base lock] the key: monotonic ns */
	enum hrtimer_restart	(*function)(struct hrtimer *);	/* [I] */
	clockid_t		clock;		/* [I] CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_BOOTTIME, CLOCK_TAI */
	int			cpu;		/* [base lock] whose base; -1 before the first start */
	bool			queued;		/* [base lock] */
};

void hrtimers_init_cpu(unsigned int cpu);
void hrtimer_init(struct hrtimer *t, clockid_t clock, enum hrtimer_restart (*fn)(struct hrtimer *));
void hrtimer_start(struct hrtimer *t, u64 ns, int mode);	/* re-arms if active; any context */
int hrtimer_try_to_cancel(struct hrtimer *t);	/* 0 not active, 1 cancelled, -1 callback is running */
int hrtimer_cancel(struct hrtimer *t);		/* waits for the callback; not from it. 1: was active */
bool hrtimer_active(const struct hrtimer *t);
u64 hrtimer_get_remaining(const struct hrtimer *t);	/* ns, 0 when past */
/* Push expires forward by whole intervals past now; returns how many (overrun + 1). */
u64 hrtimer_forward_now(struct hrtimer *t, u64 interval);
void hrtimer_interrupt(void);			/* clock event, irqs off */
void hrtimer_reprogram(void);			/* this CPU's next event, irqs off */
void hrtimers_clock_was_set(void);		/* CLOCK_REALTIME jumped */
