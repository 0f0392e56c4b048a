// SPDX-License-Identifier: GPL-2.0-only
/*
 * Taking interrupts: from the root controller's entry to the handlers.
 *
 * An interrupt that comes again while its handlers run (on another CPU) is marked pending, and the
 * CPU that runs them runs them once more.  See irq.h for the flow, internal.h for the locks.
 */
#include <kernel/irq/internal.h>

#include <kernel/arch.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/err.h>
#include <kernel/panic.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/random.h>
#include <kernel/sched/sched.h>
#include <mm/slab.h>

#define MAX_UNHANDLED	10000	/* then a shared line is taken for stuck and masked */

static struct irq_desc **descs;			/* [I]; its entries: [m] to add, [I] then */
static unsigned int next_virq = 1;		/* [m] */
static void (*root_handler)(struct pt_regs *regs);	/* [I] after probe */
static DEFINE_PER_CPU(struct pt_regs *, irq_regs);
DEFINE_MUTEX_RANK(irq_mutex, LOCK_RANK_DEVICE);

/* ---- descriptors --------------------------------------------------------------------------- */

struct irq_desc *irq_to_desc(unsigned int virq)
{
	return virq < MAX_VIRQS ? READ_ONCE(descs[virq]) : NULL;
}

struct irq_data *irq_get_irq_data(unsigned int virq)
{
	struct irq_desc *desc = irq_to_desc(virq);

	return desc ? &desc->data : NULL;
}

unsigned int nr_irqs(void)
{
	return READ_ONCE(next_virq);
}

struct irq_desc *irq_alloc_desc(void)
{
	struct irq_desc *desc;

	if (next_virq >= MAX_VIRQS)
		return NULL;
	desc = kzalloc(sizeof(*desc), GFP_KERNEL);
	if (!desc)
		return NULL;
	spin_lock_init_rank(&desc->lock, LOCK_RANK_IRQ);
	desc->data.virq = next_virq++;
	desc->depth = 1;
	desc->masked = true;
	cpumask_copy(&desc->data.affinity, cpu_possible_mask);
	WRITE_ONCE(descs[desc->data.virq], desc);
	return desc;
}

/* The one that was allocated last, when its mapping failed. */
void irq_free_desc(struct irq_desc *desc)
{
	WRITE_ONCE(descs[desc->data.virq], NULL);
	next_virq--;
	kfree(desc);
}

void irq_mask_locked(struct irq_desc *desc)
{
	if (!desc->masked && desc->data.chip->mask)
		desc->data.chip->mask(&desc->data);
	desc->masked = true;
}

void irq_unmask_locked(struct irq_desc *desc)
{
	if (desc->masked && desc->data.chip->unmask)
		desc->data.chip->unmask(&desc->data);
	desc->masked = false;
}

/* ---- handling ------------------------------------------------------------------------------ */

static inline void irq_eoi(struct irq_desc *desc)
{
	if (desc->data.chip->eoi)
		desc->data.chip->eoi(&desc->data);
}

static void handle_percpu(struct irq_desc *desc)
{
	struct irq_action *action = READ_ONCE(desc->action);

	if (desc->data.chip->ack)
		desc->data.chip->ack(&desc->data);
	if (action)
		action->handler(action->virq, this_cpu_ptr(desc->percpu_dev));
	irq_eoi(desc);
}

static void wake_thread(struct irq_desc *desc, struct irq_action *action)
{
	if (!xchg(&action->wake, true) && (action->flags & IRQF_ONESHOT)) {
		spin_lock(&desc->lock);
		desc->threads_active++;
		spin_unlock(&desc->lock);
	}
	wake_up_process(action->thread);
}

static bool run_actions(struct irq_desc *desc)
{
	struct irq_action *action;
	bool handled = false;

	for (action = READ_ONCE(desc->action); action; action = READ_ONCE(action->next)) {
		irqreturn_t ret = action->handler(action->virq, action->dev);

		if (ret == IRQ_WAKE_THREAD)
			wake_thread(desc, action);
		handled |= ret != IRQ_NONE;
	}
	return handled;
}

static void note_unhandled(struct irq_desc *desc, bool handled)
{
	if (handled) {
		desc->unhandled = 0;
		return;
	}
	if (++desc->unhandled < MAX_UNHANDLED)
		return;
	pr_err("irq %u (%s): nobody cared, disabled\n", desc->data.virq, desc->action->name);
	desc->depth++;
	desc->unhandled = 0;
}

static void handle_shared(struct irq_desc *desc)
{
	bool must_mask, handled;

	spin_lock(&desc->lock);
	if (desc->data.chip->ack)
		desc->data.chip->ack(&desc->data);
	if (unlikely(desc->in_progress || desc->depth || !desc->action)) {
		desc->pending = true;
		irq_mask_locked(desc);
		goto out;
	}
	must_mask = (!desc->data.chip->eoi && (desc->data.type & IRQ_TYPE_LEVEL_MASK)) ||
		    (desc->action->flags & IRQF_ONESHOT);
	if (must_mask)
		irq_mask_locked(desc);
	desc->in_progress = true;
	do {
		desc->pending = false;
		spin_unlock(&desc->lock);
		handled = run_actions(desc);
		spin_lock(&desc->lock);
		note_unhandled(desc, handled);
	} while (desc->pending && !desc->depth);
	desc->in_progress = false;
	if (!desc->depth && !desc->threads_active)
		irq_unmask_locked(desc);
	else if (desc->depth)
		irq_mask_locked(desc);
out:
	spin_unlock(&desc->lock);
	irq_eoi(desc);
}

static inline void handle_desc(struct irq_desc *desc)
{
	desc->count[smp_processor_id()]++;
	add_interrupt_randomness(desc->data.virq);
	if (desc->percpu)
		handle_percpu(desc);
	else
		handle_shared(desc);
}

void generic_handle_irq(unsigned int virq)
{
	struct irq_desc *desc = irq_to_desc(virq);

	if (desc)
		handle_desc(desc);
}

int generic_handle_domain_irq(struct irq_domain *d, unsigned int hwirq)
{
	unsigned int virq = hwirq < d->size ? READ_ONCE(d->map[hwirq]) : 0;

	if (unlikely(!virq))
		return -EINVAL;
	handle_desc(descs[virq]);
	return 0;
}

void irq_enter(void)
{
	current_head()->preempt_count += HARDIRQ_OFFSET;
	barrier();
}

void irq_exit(void)
{
	barrier();
	current_head()->preempt_count -= HARDIRQ_OFFSET;
}

void set_root_irq_handler(void (*handler)(struct pt_regs *regs))
{
	root_handler = handler;
}

struct pt_regs *get_irq_regs(void)
{
	return in_interrupt() ? this_cpu_read(irq_regs) : NULL;
}

void handle_root_irq(struct pt_regs *regs)
{
	struct pt_regs *outer;

	irq_enter();
	outer = __this_cpu_read(irq_regs);
	__this_cpu_write(irq_regs, regs);
	if (likely(root_handler))
		root_handler(regs);
	else
		panic_regs(regs, "an interrupt, and no interrupt controller");
	__this_cpu_write(irq_regs, outer);
	irq_exit();
}

void irq_init(void)
{
	descs = kcalloc(MAX_VIRQS, sizeof(*descs), GFP_KERNEL);
	if (!descs)
		panic("no memory for the interrupt table");
}
