/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A clock event device interrupts one CPU after a programmed time.
 *
 * Each CPU's timer driver registers its own (per-CPU) device on that CPU; its interrupt handler
 * calls dev->event_handler(dev) with irqs off.  The highest rating wins.
 */
#pragma once

#include <kernel/lib/types.h>

struct clock_event_device {
	const char	*name;			/* [I] */
	int		rating;			/* [I] */
	u64		min_delta_ns;		/* [I] */
	u64		max_delta_ns;		/* [I] */
	/* Interrupt this CPU in @delta ns, once; replaces an earlier program. irqs off. */
	void		(*set_next_ns)(struct clock_event_device *dev, u64 delta);
	void		(*shutdown)(struct clock_event_device *dev);	/* no more events */
	void		(*event_handler)(struct clock_event_device *dev); /* set at registration */
	int		irq;			/* [I] for show */
};

/* On the CPU it serves, preemption off. */
void clockevents_register_device(struct clock_event_device *dev);
/* This CPU, irqs off: the next event is due at @expires (monotonic ns); U64_MAX: none. */
void clockevents_program(u64 expires);
void clockevents_program_earlier(u64 expires);	/* unless something comes before that anyway */
/* Secondary start-up and shutdown of a CPU. */
void clockevents_shutdown_cpu(void);
