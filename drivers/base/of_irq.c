// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts in the device tree: from a node's interrupts property to a virq, through
 * interrupt-parent and interrupt-map nexuses (Devicetree Specification v0.4, 2.4).
 */
#include <drivers/base/of.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/err.h>

#define MAX_NEXUS	8	/* nested interrupt-maps before we call it a loop */

static bool is_interrupt_parent(const struct device_node *np)
{
	return of_property_read_bool(np, "#interrupt-cells");
}

struct device_node *of_irq_find_parent(const struct device_node *np)
{
	for (int hops = 0; np && hops < 64; hops++) {
		struct device_node *parent = of_parse_phandle(np, "interrupt-parent", 0);

		if (!parent)
			parent = np->parent;
		if (parent && is_interrupt_parent(parent))
			return parent;
		np = parent;
	}
	return NULL;
}

static int interrupt_cells(const struct device_node *np)
{
	u32 cells;

	if (of_property_read_u32(np, "#interrupt-cells", &cells))
		return -EINVAL;
	return cells >= 1 &&
		cells <= ARRAY_SIZE(((struct irq_fwspec *)0)->param) ? (int)cells : -EINVAL;
}

/* Cells of the unit address in @np's interrupt specifiers. */
static int interrupt_addr_cells(const struct device_node *np)
{
	u32 cells;

	if (of_property_read_u32(np, "#address-cells", &cells))
		return 0;
	return cells <= 4 ? (int)cells : -EINVAL;
}

/* Does the child part of a map entry match, under the mask? */
static bool entry_matches(const __be32 *entry, const __be32 *mask, const __be32 *addr, int na,
			  const struct irq_fwspec *spec)
{
	for (int i = 0; i < na; i++) {
		u32 m = mask ? be32_to_cpup(mask + i) : U32_MAX;

		if ((be32_to_cpup(entry + i) ^ (addr ? be32_to_cpup(addr + i) : 0)) & m)
			return false;
	}
	for (int i = 0; i < spec->param_count; i++) {
		u32 m = mask ? be32_to_cpup(mask + na + i) : U32_MAX;

		if ((be32_to_cpup(entry + na + i) ^ spec->param[i]) & m)
			return false;
	}
	return true;
}

/* One nexus: replaces @spec by the parent's specifier. */
static int map_nexus(const struct device_node *np, const __be32 *addr, int naddr,
		     struct irq_fwspec *spec)
{
	int na = interrupt_addr_cells(np);
	int ni = interrupt_cells(np);
	int len, mask_len;
	const __be32 *map = of_get_property(np, "interrupt-map", &len);
	const __be32 *mask = of_get_property(np, "interrupt-map-mask", &mask_len);
	const __be32 *end;

	if (!map || na < 0 || ni != spec->param_count || (addr && naddr < na) ||
	    (mask && mask_len / 4 < na + ni))
		return -EINVAL;
	end = map + len / 4;
	while (end - map > na + ni) {
		struct device_node *parent = of_find_node_by_phandle(be32_to_cpup(map + na + ni));
		int pna = parent ? interrupt_addr_cells(parent) : -EINVAL;
		int pni = parent ? interrupt_cells(parent) : -EINVAL;

		if (pna < 0 || pni < 0 || end - map < na + ni + 1 + pna + pni)
			return -EINVAL;
		if (entry_matches(map, mask, addr, na, spec)) {
			map += na + ni + 1 + pna;
			spec->np = parent;
			spec->param_count = pni;
			for (int i = 0; i < pni; i++)
				spec->param[i] = be32_to_cpup(map + i);
			return 0;
		}
		map += na + ni + 1 + pna + pni;
	}
	return -ENOENT;
}

int of_irq_map_raw(const struct device_node *np, const __be32 *addr, int naddr,
		   struct irq_fwspec *spec)
{
	for (int i = 0; i < MAX_NEXUS; i++) {
		int error;

		if (of_property_read_bool(np, "interrupt-controller") ||
		    !of_property_read_bool(np, "interrupt-map")) {
			spec->np = (struct device_node *)np;
			return 0;
		}
		error = map_nexus(np, addr, naddr, spec);
		if (error)
			return error;
		np = spec->np;
		addr = NULL;
	}
	return -EINVAL;
}

static int parse_extended(const struct device_node *np, int index, struct irq_fwspec *out)
{
	struct of_phandle_args args;
	int error = of_parse_phandle_with_args(np, "interrupts-extended", "#interrupt-cells", index,
					       &args);

	if (error)
		return error;
	if (args.args_count < 1 || args.args_count > (int)ARRAY_SIZE(out->param))
		return -EINVAL;
	out->np = args.np;
	out->param_count = args.args_count;
	for (int i = 0; i < args.args_count; i++)
		out->param[i] = args.args[i];
	return 0;
}

static int parse_interrupts(const struct device_node *np, int index, struct irq_fwspec *out)
{
	struct device_node *parent = of_irq_find_parent(np);
	int cells = parent ? interrupt_cells(parent) : -EINVAL;

	if (cells < 0 || index < 0 || index > INT_MAX / 8)
		return -EINVAL;
	out->np = parent;
	out->param_count = cells;
	for (int i = 0; i < cells; i++)
		if (of_property_read_u32_index(np, "interrupts", index * cells + i, &out->param[i]))
			return -ENOENT;
	return 0;
}

int of_irq_parse_one(const struct device_node *np, int index, struct irq_fwspec *out)
{
	const __be32 *addr;
	int error, len;

	if (of_property_read_bool(np, "interrupts-extended"))
		error = parse_extended(np, index, out);
	else
		error = parse_interrupts(np, index, out);
	if (error)
		return error;
	addr = of_get_property(np, "reg", &len);
	return of_irq_map_raw(out->np, addr, addr ? len / 4 : 0, out);
}

int of_irq_get(const struct device_node *np, int index)
{
	struct irq_fwspec spec;
	int error = of_irq_parse_one(np, index, &spec);
	unsigned int virq;

	if (error)
		return error;
	if (!irq_find_domain(spec.np))
		return -EPROBE_DEFER;
	virq = irq_create_fwspec_mapping(&spec);
	return virq ? (int)virq : -EINVAL;
}

int of_irq_get_byname(const struct device_node *np, const char *name)
{
	int index = of_property_match_string(np, "interrupt-names", name);

	return index < 0 ? index : of_irq_get(np, index);
}

int of_irq_count(const struct device_node *np)
{
	struct irq_fwspec spec;
	int n = 0;

	while (n < 256 && !of_irq_parse_one(np, n, &spec))
		n++;
	return n;
}
