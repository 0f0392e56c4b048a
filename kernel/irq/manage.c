// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requesting, freeing, enabling and disabling interrupts, their affinity and their threads.
 *
 * irq_mutex orders requests and frees; the descriptor's lock covers what the handling path sees.
 */
#include <kernel/irq/internal.h>

#include <kernel/kthread.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/err.h>
#include <kernel/percpu.h>
#include <kernel/sched/policy.h>
#include <kernel/sched/sched.h>
#include <mm/slab.h>

#define THREAD_PRIO	50	/* SCHED_FIFO, below migration and watchdogs of other systems */
#define SYNC_POLL_NS	50000ULL

/* ---- threads ------------------------------------------------------------------------------- */

static void thread_done(struct irq_action *action)
{
	struct irq_desc *desc = irq_to_desc(action->virq);

	spin_lock_irq(&desc->lock);
	if (!--desc->threads_active && !desc->depth && !desc->in_progress)
		irq_unmask_locked(desc);
	spin_unlock_irq(&desc->lock);
}

static int irq_thread(void *data)
{
	struct irq_action *action = data;

	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (!READ_ONCE(action->wake)) {
			if (!kthread_should_stop())
				schedule();
			__set_current_state(TASK_RUNNING);
			continue;
		}
		__set_current_state(TASK_RUNNING);
		xchg(&action->wake, false);
		action->thread_fn(action->virq, action->dev);
		if (action->flags & IRQF_ONESHOT)
			thread_done(action);
	}
	return 0;
}

static irqreturn_t wake_only(int virq, void *dev)
{
	return IRQ_WAKE_THREAD;
}

static int start_thread_of(struct irq_action *action)
{
	struct task_struct *t;

	if (!action->thread_fn)
		return 0;
	t = kthread_create(irq_thread, action, "irq/%u-%s", action->virq, action->name);
	if (IS_ERR(t))
		return PTR_ERR(t);
	sched_set_fifo(t, THREAD_PRIO);
	action->thread = get_task_struct(t);
	wake_up_process(t);
	return 0;
}

static void stop_thread_of(struct irq_action *action)
{
	if (action->thread) {
		kthread_stop(action->thread);
		put_task_struct(action->thread);
	}
}

/* ---- request and free ---------------------------------------------------------------------- */

static struct irq_action *make_action(unsigned int virq, irq_handler_t handler,
				      irq_handler_t thread_fn, unsigned long flags,
				      const char *name, void *dev)
{
	struct irq_action *action = kzalloc(sizeof(*action), GFP_KERNEL);

	if (!action)
		return NULL;
	action->handler = handler ? handler : wake_only;
	action->thread_fn = thread_fn;
	action->flags = flags | (handler ? 0 : IRQF_ONESHOT);
	action->name = name;
	action->dev = dev;
	action->virq = virq;
	return action;
}

static int set_type_locked(struct irq_desc *desc, unsigned int type)
{
	int err = 0;

	type &= IRQ_TYPE_SENSE_MASK;
	if (!type || type == desc->data.type)
		return 0;
	if (desc->data.chip->set_type)
		err = desc->data.chip->set_type(&desc->data, type);
	if (!err)
		desc->data.type = type;
	return err;
}

/* irq_mutex held: put @action last in the line. */
static int add_action(struct irq_desc *desc, struct irq_action *action)
{
	struct irq_action **link;
	unsigned long flags;
	int err = 0;

	spin_lock_irqsave(&desc->lock, flags);
	if (desc->action && !(desc->action->flags & action->flags & IRQF_SHARED)) {
		err = -EBUSY;
		goto out;
	}
	err = set_type_locked(desc, action->flags);
	if (err)
		goto out;
	for (link = &desc->action; *link; link = &(*link)->next)
		;
	smp_store_release(link, action);
	if (desc->action == action && !desc->percpu && !(action->flags & IRQF_NO_AUTOEN)) {
		desc->depth = 0;
		desc->pending = false;
		irq_unmask_locked(desc);
	}
out:
	spin_unlock_irqrestore(&desc->lock, flags);
	return err;
}

int request_threaded_irq(unsigned int virq, irq_handler_t handler, irq_handler_t thread_fn,
			 unsigned long flags, const char *name, void *dev)
{
	struct irq_desc *desc = irq_to_desc(virq);
	struct irq_action *action;
	int err;

	if (!desc || !desc->data.chip || desc->percpu || (!handler && !thread_fn) ||
	    ((flags & IRQF_SHARED) && !dev))
		return -EINVAL;
	action = make_action(virq, handler, thread_fn, flags, name, dev);
	if (!action)
		return -ENOMEM;
	err = start_thread_of(action);
	if (err)
		goto free;
	mutex_lock(&irq_mutex);
	err = add_action(desc, action);
	mutex_unlock(&irq_mutex);
	if (err)
		goto stop;
	return 0;
stop:
	stop_thread_of(action);
free:
	kfree(action);
	return err;
}

int request_irq(unsigned int virq, irq_handler_t handler, unsigned long flags, const char *name,
		void *dev)
{
	return request_threaded_irq(virq, handler, NULL, flags, name, dev);
}

/* irq_mutex held. */
static struct irq_action *remove_action(struct irq_desc *desc, void *dev)
{
	struct irq_action **link, *action;
	unsigned long flags;

	spin_lock_irqsave(&desc->lock, flags);
	for (link = &desc->action; (action = *link); link = &action->next) {
		if (action->dev == dev) {
			WRITE_ONCE(*link, action->next);
			break;
		}
	}
	if (action && !desc->action) {
		desc->depth = 1;
		irq_mask_locked(desc);
	}
	spin_unlock_irqrestore(&desc->lock, flags);
	return action;
}

void free_irq(unsigned int virq, void *dev)
{
	struct irq_desc *desc = irq_to_desc(virq);
	struct irq_action *action;

	if (WARN_ON(!desc))
		return;
	mutex_lock(&irq_mutex);
	action = remove_action(desc, dev);
	mutex_unlock(&irq_mutex);
	if (WARN_ON(!action))
		return;
	synchronize_irq(virq);
	stop_thread_of(action);
	kfree(action);
}

/* ---- enable and disable -------------------------------------------------------------------- */

void disable_irq_nosync(unsigned int virq)
{
	struct irq_desc *desc = irq_to_desc(virq);
	unsigned long flags;

	if (!desc)
		return;
	spin_lock_irqsave(&desc->lock, flags);
	if (!desc->depth++)
		irq_mask_locked(desc);
	spin_unlock_irqrestore(&desc->lock, flags);
}

void synchronize_irq(unsigned int virq)
{
	struct irq_desc *desc = irq_to_desc(virq);

	while (desc && READ_ONCE(desc->in_progress))
		cpu_relax();
	smp_mb();
	while (desc && READ_ONCE(desc->threads_active)) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		schedule_timeout_ns(SYNC_POLL_NS);
	}
}

void disable_irq(unsigned int virq)
{
	disable_irq_nosync(virq);
	synchronize_irq(virq);
}

/* What came while it was disabled comes again by itself: the controller keeps it pending. */
void enable_irq(unsigned int virq)
{
	struct irq_desc *desc = irq_to_desc(virq);
	unsigned long flags;

	if (!desc)
		return;
	spin_lock_irqsave(&desc->lock, flags);
	if (!WARN_ON(!desc->depth) && !--desc->depth && !desc->threads_active)
		irq_unmask_locked(desc);
	spin_unlock_irqrestore(&desc->lock, flags);
}

int irq_set_type(unsigned int virq, unsigned int type)
{
	struct irq_desc *desc = irq_to_desc(virq);
	unsigned long flags;
	int err;

	if (!desc || !desc->data.chip)
		return -EINVAL;
	spin_lock_irqsave(&desc->lock, flags);
	err = set_type_locked(desc, type);
	spin_unlock_irqrestore(&desc->lock, flags);
	return err;
}

int irq_set_affinity(unsigned int virq, const struct cpumask *mask)
{
	struct irq_desc *desc = irq_to_desc(virq);
	unsigned long flags;
	int err = -EINVAL;

	if (!desc || !desc->data.chip || !cpumask_intersects(mask, cpu_online_mask))
		return -EINVAL;
	spin_lock_irqsave(&desc->lock, flags);
	if (desc->data.chip->set_affinity)
		err = desc->data.chip->set_affinity(&desc->data, mask);
	if (!err)
		cpumask_copy(&desc->data.affinity, mask);
	spin_unlock_irqrestore(&desc->lock, flags);
	return err;
}

/* ---- per-CPU interrupts -------------------------------------------------------------------- */

int request_percpu_irq(unsigned int virq, irq_handler_t handler, const char *name, void __percpu *dev)
{
	struct irq_desc *desc = irq_to_desc(virq);
	struct irq_action *action;
	int err;

	if (!desc || !desc->percpu || !handler)
		return -EINVAL;
	action = make_action(virq, handler, NULL, 0, name, NULL);
	if (!action)
		return -ENOMEM;
	mutex_lock(&irq_mutex);
	desc->percpu_dev = dev;
	err = add_action(desc, action);
	mutex_unlock(&irq_mutex);
	if (err)
		kfree(action);
	return err;
}

void enable_percpu_irq(unsigned int virq, unsigned int type)
{
	struct irq_desc *desc = irq_to_desc(virq);
	unsigned long flags;

	if (WARN_ON(!desc || !desc->percpu))
		return;
	spin_lock_irqsave(&desc->lock, flags);
	if (type && desc->data.chip->set_type)
		desc->data.chip->set_type(&desc->data, type);
	if (type)
		desc->data.type = type;
	if (desc->data.chip->unmask)
		desc->data.chip->unmask(&desc->data);
	cpumask_set_cpu(smp_processor_id(), &desc->percpu_enabled);
	spin_unlock_irqrestore(&desc->lock, flags);
}

void disable_percpu_irq(unsigned int virq)
{
	struct irq_desc *desc = irq_to_desc(virq);
	unsigned long flags;

	if (WARN_ON(!desc || !desc->percpu))
		return;
	spin_lock_irqsave(&desc->lock, flags);
	if (desc->data.chip->mask)
		desc->data.chip->mask(&desc->data);
	cpumask_clear_cpu(smp_processor_id(), &desc->percpu_enabled);
	spin_unlock_irqrestore(&desc->lock, flags);
}
