/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How each CPU is started: the enable-method of its device-tree node (or of /cpus) names one of the
 * drivers here, which gives its struct cpu_ops.  Boot CPU only, before smp_init().
 */
#pragma once

#include <drivers/base/of.h>
#include <kernel/smp.h>

/* The node of a possible CPU, by its hardware id; NULL: none. */
struct device_node *of_cpu_node(unsigned int cpu);
const char *cpu_enable_method(unsigned int cpu);	/* NULL: none said */
/* @ops for every CPU whose enable-method is @method; how many. */
unsigned int cpu_method_register(const char *method, const struct cpu_ops *ops);
/* The methods that have no node of their own. Called when the firmware stage begins. */
void cpu_methods_init(void);
void spin_table_init(void);
void bcm2836_smp_init(void);
