/* SPDX-License-Identifier: GPL-2.0-only */
/* Pin multiplexing: put the pins of a device into the state its node calls "default". */
#pragma once

struct device_node;

/* 0 (also when the node asks for nothing), -EPROBE_DEFER: the pin controller is not there yet. */
int pinctrl_apply_default(const struct device_node *np);
