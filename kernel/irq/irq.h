/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts.
 *
 * A virq is the kernel's number of an interrupt; a hwirq is its number at one controller, and an
 * irq_domain maps one to the other.  The root controller installs its entry with
 * set_root_irq_handler(); for each interrupt it finds it calls generic_handle_domain_irq().
 * Chained controllers do the same from the handler they request.  Handlers run with irqs off, one
 * at a time per interrupt.  There are no softirqs: a handler that has more to do wakes a thread
 * (IRQF_ONESHOT threads: request_threaded_irq) or queues work.
 *
 * The flow is the same for all chips: ack (if there), handlers, eoi (if there).  A level interrupt
 * of a chip without eoi is masked while its handlers run.
 *
 * Locks: desc->lock (spin, irqs off) for the descriptor and the chip's mask state; irq_mutex for
 * request and free.
 */
#pragma once

#include <kernel/lib/atomic.h>
#include <kernel/lib/compiler.h>
#include <kernel/lib/cpumask.h>
#include <kernel/lib/list.h>
#include <kernel/lib/types.h>
#include <kernel/locking/spinlock.h>

struct pt_regs;
struct seq_file;
struct irq_desc;
struct irq_domain;
struct device_node;
struct task_struct;

typedef enum irqreturn {
	IRQ_NONE,
	IRQ_HANDLED,
	IRQ_WAKE_THREAD,
} irqreturn_t;
#define IRQ_RETVAL(x)	((x) ? IRQ_HANDLED : IRQ_NONE)

typedef irqreturn_t (*irq_handler_t)(int virq, void *dev);

/* request_irq flags; the low bits are a trigger type. 0: what the device tree said. */
#define IRQ_TYPE_NONE		0x0
#define IRQ_TYPE_EDGE_RISING	0x1
#define IRQ_TYPE_EDGE_FALLING	0x2
#define IRQ_TYPE_EDGE_BOTH	0x3
#define IRQ_TYPE_LEVEL_HIGH	0x4
#define IRQ_TYPE_LEVEL_LOW	0x8
#define IRQ_TYPE_LEVEL_MASK	0xc
#define IRQ_TYPE_SENSE_MASK	0xf
#define IRQF_TRIGGER_NONE	IRQ_TYPE_NONE
#define IRQF_TRIGGER_RISING	IRQ_TYPE_EDGE_RISING
#define IRQF_TRIGGER_FALLING	IRQ_TYPE_EDGE_FALLING
#define IRQF_TRIGGER_HIGH	IRQ_TYPE_LEVEL_HIGH
#define IRQF_TRIGGER_LOW	IRQ_TYPE_LEVEL_LOW
#define IRQF_SHARED		0x0080
#define IRQF_ONESHOT		0x2000	/* stays masked until the thread is done */
#define IRQF_NO_AUTOEN		0x80000	/* leave it disabled */

/* What a chip's functions get: the interrupt as the controller knows it. */
struct irq_data {
	unsigned int		virq;		/* [I] */
	unsigned long		hwirq;		/* [I] */
	const struct irq_chip	*chip;		/* [I] after mapping */
	void			*chip_data;	/* [I] ditto: the controller's own */
	struct irq_domain	*domain;	/* [I] */
	struct cpumask		affinity;	/* [desc lock] */
	unsigned int		type;		/* [desc lock] IRQ_TYPE_* */
};

/* All with the descriptor's lock held and irqs off (ack and eoi: irqs off, no lock).  NULL: not
 * needed. */
struct irq_chip {
	const char *name;
	void (*mask)(struct irq_data *d);
	void (*unmask)(struct irq_data *d);
	void (*ack)(struct irq_data *d);
	void (*eoi)(struct irq_data *d);
	int (*set_type)(struct irq_data *d, unsigned int type);
	int (*set_affinity)(struct irq_data *d, const struct cpumask *mask);
};

/* A cell list of a device tree's interrupts property. */
struct irq_fwspec {
	struct device_node	*np;		/* the controller */
	int			param_count;
	u32			param[8];
};

struct irq_domain_ops {
	/* A new virq: set chip and flags by irq_domain_set_info(). 0 or -errno. */
	int (*map)(struct irq_domain *d, unsigned int virq, unsigned long hwirq);
	/* Decode a device tree specifier. Default: one cell hwirq, an optional second cell type. */
	int (*xlate)(struct irq_domain *d, const struct irq_fwspec *spec, unsigned long *hwirq,
		     unsigned int *type);
};

struct irq_domain {
	struct list_head	list;		/* [irq_mutex] */
	struct device_node	*np;		/* [I] NULL for a domain found by pointer only */
	const struct irq_domain_ops *ops;	/* [I] */
	void			*host_data;	/* [I] */
	unsigned int		size;		/* [I] hwirqs 0..size-1 */
	unsigned int		*map;		/* [a] hwirq -> virq; 0: none */
};

/* May sleep; NULL: no memory. */
struct irq_domain *irq_domain_create(struct device_node *np, unsigned int size,
				     const struct irq_domain_ops *ops, void *host_data);
struct irq_domain *irq_find_domain(const struct device_node *np);
/* virq of a hwirq, made if it is new; 0: failure. May sleep. */
unsigned int irq_create_mapping(struct irq_domain *d, unsigned long hwirq);
/* From a specifier: maps and sets the type. 0 on failure (-EPROBE_DEFER is told by
 * irq_find_domain()). */
unsigned int irq_create_fwspec_mapping(const struct irq_fwspec *spec);
unsigned int irq_find_mapping(const struct irq_domain *d, unsigned long hwirq);	/* 0: none */
/* Called from ops->map. @percpu: an interrupt that each CPU has for itself (PPI). */
void irq_domain_set_info(struct irq_domain *d, unsigned int virq, unsigned long hwirq,
			 const struct irq_chip *chip, void *chip_data, bool percpu);
struct irq_data *irq_get_irq_data(unsigned int virq);	/* NULL: no such virq */

/* ---- drivers ------------------------------------------------------------------------------- */

/* May sleep. 0, -EINVAL, -EBUSY (not shared), -ENOMEM. @dev identifies a handler of a shared
 * irq. */
int __must_check request_irq(unsigned int virq, irq_handler_t handler, unsigned long flags,
			     const char *name, void *dev);
/* @handler may be NULL: just wake the thread. @thread_fn runs in a kernel thread. */
int __must_check request_threaded_irq(unsigned int virq, irq_handler_t handler,
				      irq_handler_t thread_fn, unsigned long flags,
				      const char *name, void *dev);
void free_irq(unsigned int virq, void *dev);
void enable_irq(unsigned int virq);		/* nests with disable */
void disable_irq_nosync(unsigned int virq);	/* any context */
void disable_irq(unsigned int virq);		/* and waits for running handlers */
void synchronize_irq(unsigned int virq);
int irq_set_affinity(unsigned int virq, const struct cpumask *mask);
int irq_set_type(unsigned int virq, unsigned int type);

/* Per-CPU interrupts: one request, each CPU enables its own. The handler gets its CPU's @dev. */
int __must_check request_percpu_irq(unsigned int virq, irq_handler_t handler, const char *name,
				    void __percpu *dev);
void enable_percpu_irq(unsigned int virq, unsigned int type);	/* this CPU, preemption off */
void disable_percpu_irq(unsigned int virq);

/* ---- dispatch ------------------------------------------------------------------------------ */

/* From a controller's entry, irqs off: 0, or -EINVAL for an unmapped hwirq (spurious). */
int generic_handle_domain_irq(struct irq_domain *d, unsigned int hwirq);
void generic_handle_irq(unsigned int virq);
/* The root controller's: find the pending interrupts and handle them. */
void set_root_irq_handler(void (*handler)(struct pt_regs *regs));
/* Around everything that runs as an interrupt: handle_root_irq() does it. */
void irq_enter(void);
void irq_exit(void);

void irq_init(void);			/* descriptors; after slab */
int show_interrupts(struct seq_file *m);	/* all of /proc/interrupts */
u64 irq_total_count(void);		/* for /proc/stat */
u64 irq_count(unsigned int virq);	/* all CPUs */
unsigned int nr_irqs(void);		/* highest virq + 1 */
