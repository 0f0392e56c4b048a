/* SPDX-License-Identifier: GPL-2.0-only */
/* Devices that a device-tree node describes: the "platform" bus. Private to drivers/base. */
#pragma once

#include <drivers/base/device.h>

/* A device for @np, not registered yet; NULL: no memory. put_device() frees it. */
struct device *platform_device_create(struct device_node *np);
/* May drivers of the later stages look at @np: is it on the CPU's own bus (root, simple-bus
 * ...)? */
bool platform_node_on_bus(const struct device_node *np);
