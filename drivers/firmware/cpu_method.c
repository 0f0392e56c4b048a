// SPDX-License-Identifier: GPL-2.0-only
/* Enable-methods of CPUs. Interface: cpu_method.h. */
#include <drivers/firmware/cpu_method.h>
#include <kernel/arch.h>
#include <kernel/lib/string.h>

static u64 node_hwid(const struct device_node *np)
{
	int len;
	const __be32 *reg = of_get_property(np, "reg", &len);
	int na = of_n_addr_cells(np);

	return reg && na >= 1 && na <= 2 && len >= 4 * na ? of_read_number(reg, na) : U64_MAX;
}

struct device_node *of_cpu_node(unsigned int cpu)
{
	struct device_node *cpus = of_find_node_by_path("/cpus");
	struct device_node *np;
	const char *type;

	for_each_child_of_node(cpus, np)
		if (!of_property_read_string(np, "device_type", &type) && !strcmp(type, "cpu") &&
		    node_hwid(np) == cpu_hwid(cpu))
			return np;
	return NULL;
}

const char *cpu_enable_method(unsigned int cpu)
{
	struct device_node *np = of_cpu_node(cpu);
	const char *method;

	if (!np)
		return NULL;
	if (!of_property_read_string(np, "enable-method", &method) ||
	    !of_property_read_string(np->parent, "enable-method", &method))
		return method;
	return NULL;
}

unsigned int cpu_method_register(const char *method, const struct cpu_ops *ops)
{
	unsigned int cpu, n = 0;

	for_each_possible_cpu(cpu) {
		const char *wanted = cpu_enable_method(cpu);

		if (wanted && !strcmp(wanted, method)) {
			set_cpu_ops(cpu, ops);
			n++;
		}
	}
	return n;
}

void cpu_methods_init(void)
{
	spin_table_init();
	bcm2836_smp_init();
}
