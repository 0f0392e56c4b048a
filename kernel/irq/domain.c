// SPDX-License-Identifier: GPL-2.0-only
/*
 * irq_domains: from a controller's number of an interrupt to the kernel's.
 *
 * The table of a domain is filled under irq_mutex and read without a lock by the handling path.
 */
#include <kernel/irq/internal.h>

#include <kernel/lib/err.h>
#include <mm/slab.h>

static LIST_HEAD(domains);		/* irq_mutex */

static int default_xlate(struct irq_domain *d, const struct irq_fwspec *spec, unsigned long *hwirq,
			 unsigned int *type)
{
	if (spec->param_count < 1)
		return -EINVAL;
	*hwirq = spec->param[0];
	*type = spec->param_count > 1 ? spec->param[1] & IRQ_TYPE_SENSE_MASK : IRQ_TYPE_NONE;
	return 0;
}

struct irq_domain *irq_domain_create(struct device_node *np, unsigned int size,
				     const struct irq_domain_ops *ops, void *host_data)
{
	struct irq_domain *d = kzalloc(sizeof(*d), GFP_KERNEL);

	if (!d)
		return NULL;
	d->map = kcalloc(size, sizeof(*d->map), GFP_KERNEL);
	if (!d->map) {
		kfree(d);
		return NULL;
	}
	d->np = np;
	d->size = size;
	d->ops = ops;
	d->host_data = host_data;
	mutex_lock(&irq_mutex);
	list_add_tail(&d->list, &domains);
	mutex_unlock(&irq_mutex);
	return d;
}

struct irq_domain *irq_find_domain(const struct device_node *np)
{
	struct irq_domain *d, *found = NULL;

	mutex_lock(&irq_mutex);
	list_for_each_entry(d, &domains, list) {
		if (d->np == np) {
			found = d;
			break;
		}
	}
	mutex_unlock(&irq_mutex);
	return found;
}

unsigned int irq_find_mapping(const struct irq_domain *d, unsigned long hwirq)
{
	return hwirq < d->size ? READ_ONCE(d->map[hwirq]) : 0;
}

void irq_domain_set_info(struct irq_domain *d, unsigned int virq, unsigned long hwirq,
			 const struct irq_chip *chip, void *chip_data, bool percpu)
{
	struct irq_desc *desc = irq_to_desc(virq);

	desc->data.hwirq = hwirq;
	desc->data.chip = chip;
	desc->data.chip_data = chip_data;
	desc->data.domain = d;
	desc->percpu = percpu;
}

/* irq_mutex held. */
static unsigned int new_mapping(struct irq_domain *d, unsigned long hwirq)
{
	struct irq_desc *desc = irq_alloc_desc();

	if (!desc)
		return 0;
	if (d->ops->map(d, desc->data.virq, hwirq) || !desc->data.chip) {
		irq_free_desc(desc);
		return 0;
	}
	__atomic_store_n(&d->map[hwirq], desc->data.virq, __ATOMIC_RELEASE);
	return desc->data.virq;
}

unsigned int irq_create_mapping(struct irq_domain *d, unsigned long hwirq)
{
	unsigned int virq;

	if (hwirq >= d->size)
		return 0;
	mutex_lock(&irq_mutex);
	virq = d->map[hwirq];
	if (!virq)
		virq = new_mapping(d, hwirq);
	mutex_unlock(&irq_mutex);
	return virq;
}

unsigned int irq_create_fwspec_mapping(const struct irq_fwspec *spec)
{
	struct irq_domain *d = irq_find_domain(spec->np);
	unsigned long hwirq;
	unsigned int virq, type = IRQ_TYPE_NONE;
	int err;

	if (!d)
		return 0;
	err = d->ops->xlate ? d->ops->xlate(d, spec, &hwirq, &type)
			    : default_xlate(d, spec, &hwirq, &type);
	if (err)
		return 0;
	virq = irq_create_mapping(d, hwirq);
	if (virq && type)
		irq_set_type(virq, type);
	return virq;
}
