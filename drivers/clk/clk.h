/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Clock rates of devices, from their clocks property.  The kernel reads rates and trusts the
 * firmware to have switched clocks on; there is no tree of clocks.  May sleep.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

struct device_node;

/* Rate of the index-th clock of @np: 0; -ENOENT: none; -EPROBE_DEFER; -EOPNOTSUPP: unknown
 * provider. */
int __must_check of_clk_get_rate(const struct device_node *np, int index, u32 *hz);
int __must_check of_clk_get_rate_byname(const struct device_node *np, const char *name, u32 *hz);
