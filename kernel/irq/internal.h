/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private to kernel/irq: descriptors.
 *
 * Locks: [d] desc->lock, irqs off; [m] irq_mutex; [I] immutable after mapping.
 */
#pragma once

#include <kernel/irq/irq.h>
#include <kernel/locking/mutex.h>

#define MAX_VIRQS	512

struct irq_action {
	irq_handler_t		handler;	/* [I] */
	irq_handler_t		thread_fn;	/* [I] NULL: not threaded */
	struct task_struct	*thread;	/* [I] */
	void			*dev;		/* [I] */
	const char		*name;		/* [I] */
	unsigned long		flags;		/* [I] IRQF_* */
	unsigned int		virq;		/* [I] */
	bool			wake;		/* [a] the thread has something to do */
	struct irq_action	*next;		/* [d]; followed without while the irq is in progress */
};

struct irq_desc {
	struct irq_data		data;
	spinlock_t		lock;
	struct irq_action	*action;	/* [d] */
	unsigned int		depth;		/* [d] nested disables; 0: enabled */
	unsigned int		threads_active;	/* [d] one-shot threads to wait for before unmasking */
	bool			masked;		/* [d] */
	bool			in_progress;	/* [d] handlers run */
	bool			pending;	/* [d] came again meanwhile, or while disabled */
	bool			percpu;		/* [I] */
	struct cpumask		percpu_enabled;	/* [a] */
	void __percpu		*percpu_dev;	/* [d] */
	unsigned int		count[NR_CPUS];	/* [that CPU, irqs off] */
	unsigned int		unhandled;	/* [d] */
};

extern struct mutex irq_mutex;
struct irq_desc *irq_to_desc(unsigned int virq);	/* NULL: none */
struct irq_desc *irq_alloc_desc(void);			/* irq_mutex held; NULL */
void irq_free_desc(struct irq_desc *desc);
void irq_mask_locked(struct irq_desc *desc);
void irq_unmask_locked(struct irq_desc *desc);
