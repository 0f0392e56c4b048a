// SPDX-License-Identifier: GPL-2.0-only
/*
 * Platform devices: device-tree nodes that the CPU reaches directly.  They are named as Linux names
 * them, "9000000.pl011", so that /sys/bus/platform/devices looks familiar.
 */
#include <drivers/base/platform.h>
#include <drivers/base/of.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>

static void platform_device_release(struct device *dev)
{
	kfree(dev);
}

static void set_name(struct device *dev, const struct device_node *np)
{
	int stem = strcspn(np->name, "@");
	struct resource res;

	if (!of_address_to_resource(np, 0, &res))
		device_set_name(dev, "%llx.%.*s", (unsigned long long)res.start, stem, np->name);
	else
		device_set_name(dev, "%s", np->name);
}

struct device *platform_device_create(struct device_node *np)
{
	struct device *dev = kzalloc(sizeof(*dev), GFP_KERNEL);

	if (!dev)
		return NULL;
	device_initialize(dev);
	set_name(dev, np);
	dev->bus = "platform";
	dev->of_node = np;
	dev->release = platform_device_release;
	return dev;
}

/* Buses whose children are plain memory-mapped devices. */
static bool is_plain_bus(const struct device_node *np)
{
	static const char *const buses[] = {
		"simple-bus", "simple-mfd", "simple-pm-bus", "arm,amba-bus", "isa",
	};

	if (!np->parent)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(buses); i++)
		if (of_device_is_compatible(np, buses[i]))
			return true;
	return false;
}

bool platform_node_on_bus(const struct device_node *np)
{
	for (np = np->parent; np; np = np->parent)
		if (!is_plain_bus(np) || !of_device_is_available(np))
			return false;
	return true;
}
