// SPDX-License-Identifier: GPL-2.0-only
/* Power off and restart through whoever registered. Interface and rules: power.h. */
#include <drivers/base/power.h>
#include <kernel/lib/types.h>
#include <kernel/printk.h>

static LIST_HEAD(power_off_handlers);	/* highest priority first; [I] after boot */
static LIST_HEAD(restart_handlers);

static void add_by_priority(struct list_head *head, struct power_handler *h)
{
	struct power_handler *other;

	list_for_each_entry(other, head, list)
		if (other->priority < h->priority)
			break;
	list_add_tail(&h->list, &other->list);
}

void register_power_off_handler(struct power_handler *h)
{
	add_by_priority(&power_off_handlers, h);
}

void register_restart_handler(struct power_handler *h)
{
	add_by_priority(&restart_handlers, h);
}

bool can_power_off(void)
{
	return !list_empty(&power_off_handlers);
}

static void call_all(struct list_head *head)
{
	struct power_handler *h;

	list_for_each_entry(h, head, list)
		h->fn(h);
}

void machine_power_off(void)
{
	call_all(&power_off_handlers);
}

void machine_restart(void)
{
	call_all(&restart_handlers);
}
