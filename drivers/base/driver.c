// SPDX-License-Identifier: GPL-2.0-only
/*
 * Binding drivers to device-tree nodes, stage by stage.  Interface: driver.h.
 *
 * Locking: the stages run one after the other on the boot CPU, so node states need no lock.  The
 * list of CPU hooks is written then, and read by secondary CPUs that are started later.
 */
#include <drivers/base/driver.h>
#include <drivers/base/platform.h>
#include <drivers/firmware/cpu_method.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>

extern const struct driver __drivers_start[], __drivers_end[];

enum probe_state { PROBE_NEW, PROBE_DEFERRED, PROBE_BOUND, PROBE_FAILED };

static LIST_HEAD(cpu_hooks);

static const char *driver_matches(const struct driver *drv, const char *compatible)
{
	for (const char *const *c = drv->compatible; *c; c++)
		if (!strcmp(*c, compatible))
			return *c;
	return NULL;
}

/* The driver of @np for @stage or, when it was deferred, an earlier one. */
static const struct driver *find_driver(const struct device_node *np, enum driver_stage stage,
					const char **matched)
{
	const char *compatible;

	for (int i = 0; !of_property_read_string_index(np, "compatible", i, &compatible); i++) {
		for (const struct driver *drv = __drivers_start; drv < __drivers_end; drv++) {
			if (drv->stage != stage &&
			    !(np->probe_state == PROBE_DEFERRED && drv->stage < stage))
				continue;
			*matched = driver_matches(drv, compatible);
			if (*matched)
				return drv;
		}
	}
	return NULL;
}

static void probe_failed(struct device_node *np, const struct driver *drv, int error)
{
	char path[96];

	np->probe_state = PROBE_FAILED;
	if (error == -ENODEV)
		return;
	of_full_path(np, path, sizeof(path));
	pr_err("%s: %s: probe failed with error %d, device is not used\n", drv->name, path, error);
}

/* True if the device was bound. */
static bool probe_node(struct device_node *np, const struct driver *drv, const char *matched)
{
	struct device *dev = platform_device_create(np);
	int error = -ENOMEM;

	if (!dev)
		goto failed;
	dev->driver = drv;
	dev->compatible = matched;
	error = drv->probe(dev);
	if (error)
		goto put;
	np->dev = dev;
	np->probe_state = PROBE_BOUND;
	error = device_register(dev);		/* only /sys misses it when this fails */
	if (error)
		pr_debug("%s: not registered: error %d\n", dev->name, error);
	return true;
put:
	put_device(dev);
failed:
	if (error == -EPROBE_DEFER)
		np->probe_state = PROBE_DEFERRED;
	else
		probe_failed(np, drv, error);
	return false;
}

static bool wants_probe(const struct device_node *np, enum driver_stage stage)
{
	if (np->probe_state == PROBE_BOUND || np->probe_state == PROBE_FAILED)
		return false;
	if (!of_device_is_available(np))
		return false;
	/* Interrupt controllers and timers may be anywhere in the tree. */
	return stage <= DRIVER_TIMER || platform_node_on_bus(np);
}

static bool probe_pass(enum driver_stage stage)
{
	struct device_node *np;
	bool progress = false;

	for_each_of_node(np) {
		const struct driver *drv;
		const char *matched;

		if (!wants_probe(np, stage))
			continue;
		drv = find_driver(np, stage, &matched);
		if (drv)
			progress |= probe_node(np, drv, matched);
	}
	return progress;
}

void drivers_probe(enum driver_stage stage)
{
	if (stage == DRIVER_FIRMWARE)
		cpu_methods_init();	/* ways to start CPUs that have no node to match */
	/* A success may be what a deferred one waits for. */
	while (probe_pass(stage))
		;
}

void drivers_report_deferred(void)
{
	struct device_node *np;
	char path[96];

	for_each_of_node(np) {
		const char *compatible;

		if (np->probe_state == PROBE_DEFERRED) {
			of_full_path(np, path, sizeof(path));
			pr_warn("%s: still waits for another device, not used\n", path);
		} else if (np->probe_state == PROBE_NEW && of_device_is_available(np) &&
			   !of_property_read_string(np, "compatible", &compatible)) {
			of_full_path(np, path, sizeof(path));
			pr_debug("%s: no driver for %s\n", path, compatible);
		}
	}
}

void register_cpu_starting_hook(struct cpu_starting_hook *hook)
{
	list_add_tail(&hook->list, &cpu_hooks);
}

void drivers_cpu_starting(unsigned int cpu)
{
	struct cpu_starting_hook *hook;

	list_for_each_entry(hook, &cpu_hooks, list)
		hook->starting(cpu);
}
