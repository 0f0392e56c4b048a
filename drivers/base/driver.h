/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Drivers of device-tree nodes: a table of compatible strings and a probe function.
 *
 *	static const char *const pl011_match[] = { "arm,pl011", NULL };
 *	DRIVER(pl011, DRIVER_DEVICE, pl011_match, pl011_probe);
 *
 * start_kernel() runs the stages in order.  Within a stage nodes are tried in tree order, for
 * each node its most specific compatible first; probe() returning -EPROBE_DEFER is tried again
 * whenever another probe succeeded, and at the end of the later stages.  Another error disables
 * that one device, with one line in the log.  Nodes that nobody knows are ignored.
 *
 * Locks: the stages run on the boot CPU in process context, one probe at a time; probe() may
 * sleep from DRIVER_BUS on (the irqchip and timer stages run before the scheduler does: irqs
 * off).
 */
#pragma once

#include <drivers/base/device.h>
#include <drivers/base/of.h>
#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

enum driver_stage {
	DRIVER_IRQCHIP,		/* interrupt controllers: after irq_init(), irqs off */
	DRIVER_TIMER,		/* clocksource and clockevent: after timekeeping_init(), irqs off */
	/* PSCI, mailboxes, clocks, GPIO: process context, before smp_init() */
	DRIVER_FIRMWARE,
	DRIVER_BUS,		/* PCI hosts, virtio transports */
	DRIVER_DEVICE,		/* everything else */
	DRIVER_NR_STAGES,
};

struct driver {
	const char		*name;
	enum driver_stage	stage;
	const char *const	*compatible;	/* ends with NULL */
	/* dev->of_node, dev->compatible are set. 0, -EPROBE_DEFER, -ENODEV (not there: silent),
	 * -errno. */
	int			(*probe)(struct device *dev);
};

#define DRIVER(id, stage_, compatible_, probe_)					\
	static const struct driver __driver_##id				\
		__used __section(".drivers") __aligned(sizeof(long)) = {	\
			.name = #id, .stage = (stage_),				\
			.compatible = (compatible_), .probe = (probe_),		\
		}

/* Run one stage (and retry what was deferred before). */
void drivers_probe(enum driver_stage stage);
/* After the last stage: name what is still deferred. */
void drivers_report_deferred(void);

/*
 * What each secondary CPU has to set up for itself.  Registered by probe() on the boot CPU; the
 * order is that of registration (interrupt controllers, then timers).
 */
struct cpu_starting_hook {
	struct list_head	list;
	void			(*starting)(unsigned int cpu);	/* on that CPU, irqs off */
};
void register_cpu_starting_hook(struct cpu_starting_hook *hook);
/* secondary_start_kernel() calls this: irqs off, before the CPU is online. */
void drivers_cpu_starting(unsigned int cpu);

/* Drivers that serve no node: subsystems' own set-up. Called by start_kernel() before
 * DRIVER_BUS. */
void drivers_init(void);
