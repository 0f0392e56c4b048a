/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The scheduler tick: a per-CPU timer that runs at CONFIG_HZ while the CPU is busy.
 *
 * The idle task stops it before it waits for an interrupt, and the first switch to another task
 * starts it again, so an idle CPU gets no timer interrupt unless a timer is due.
 */
#pragma once

#include <kernel/lib/types.h>

#define TICK_NSEC	(1000000000ULL / CONFIG_HZ)

/* This CPU, irqs off. */
void tick_start(void);
void tick_stop(void);
bool tick_is_running(void);
/* Called by hrtimer_interrupt() when the tick is due; @user: user mode was interrupted. */
void tick_handle(u64 now);
u64 tick_next(void);		/* when it is due; U64_MAX: stopped */
