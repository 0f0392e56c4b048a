// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses in the device tree: reg entries, translation through the ranges of each bus up to the
 * CPU, and down through dma-ranges (Devicetree Specification v0.4, 2.3.5 to 2.3.9). PCI's
 * three-cell addresses are handled for hosts in pci/; here the last two cells count.
 */
#include <drivers/base/of.h>
#include <kernel/lib/err.h>
#include <mm/vmalloc.h>

#define MAX_CELLS	4

static int read_cells(const struct device_node *np, const char *name, int missing)
{
	u32 n;

	if (!np || of_property_read_u32(np, name, &n))
		return missing;
	return n <= MAX_CELLS ? (int)n : -EINVAL;
}

int of_bus_addr_cells(const struct device_node *bus)
{
	return read_cells(bus, "#address-cells", 2);
}

int of_bus_size_cells(const struct device_node *bus)
{
	return read_cells(bus, "#size-cells", 1);
}

int of_n_addr_cells(const struct device_node *np)
{
	return of_bus_addr_cells(np->parent);
}

int of_n_size_cells(const struct device_node *np)
{
	return of_bus_size_cells(np->parent);
}

/* A window of a ranges or dma-ranges property. */
struct bus_window {
	u64 child, parent, size;
};

/* The i-th window of @bus; -ENOENT after the last, -ENODATA: empty property (1:1), -EINVAL. */
static int read_window(const struct device_node *bus, const char *name, int i, struct bus_window *w)
{
	int na = of_bus_addr_cells(bus);
	int ns = of_bus_size_cells(bus);
	int pna = of_n_addr_cells(bus);
	int entry = na + ns + pna;
	int len;
	const __be32 *p = of_get_property(bus, name, &len);

	if (!p)
		return -EINVAL;
	if (!len)
		return -ENODATA;
	if (na <= 0 || ns <= 0 || pna <= 0)
		return -EINVAL;
	if (i >= len / 4 / entry)
		return -ENOENT;
	p += i * entry;
	w->child = of_read_number(p, na);
	w->parent = of_read_number(p + na, pna);
	w->size = of_read_number(p + na + pna, ns);
	return 0;
}

/* One level up. 0, or -ENXIO when no window holds the address. */
static int translate_one(const struct device_node *bus, u64 *addr)
{
	struct bus_window w;
	int error;

	for (int i = 0; !(error = read_window(bus, "ranges", i, &w)); i++) {
		if (*addr >= w.child && *addr - w.child < w.size) {
			*addr = *addr - w.child + w.parent;
			return 0;
		}
	}
	return error == -ENODATA ? 0 : -ENXIO;
}

int of_translate_address(const struct device_node *bus, u64 *addr)
{
	for (; bus && bus->parent; bus = bus->parent) {
		int error = translate_one(bus, addr);

		if (error)
			return error;
	}
	return 0;
}

int of_phys_to_dma(const struct device_node *np, phys_addr_t pa, u64 *dma)
{
	u64 addr = pa;
	const struct device_node *bus = np;

	/* The nearest bus with a dma-ranges that is not 1:1 decides; there is one on every
	 * board. */
	for (; bus && bus->parent; bus = bus->parent) {
		struct bus_window w;
		int error = -EINVAL;

		for (int i = 0; !(error = read_window(bus, "dma-ranges", i, &w)); i++) {
			if (addr >= w.parent && addr - w.parent < w.size) {
				*dma = addr - w.parent + w.child;
				return 0;
			}
		}
		if (error == -ENOENT)
			return -ENXIO;
	}
	*dma = addr;
	return 0;
}

int of_address_to_resource(const struct device_node *np, int index, struct resource *res)
{
	int na = of_n_addr_cells(np);
	int ns = of_n_size_cells(np);
	int len;
	const __be32 *reg = of_get_property(np, "reg", &len);
	u64 addr;
	int error;

	if (!reg || na <= 0 || ns < 0 || index < 0 || index >= len / 4 / (na + ns))
		return -EINVAL;
	reg += index * (na + ns);
	addr = of_read_number(reg, na);
	error = of_translate_address(np->parent, &addr);
	if (error)
		return error;
	res->start = addr;
	res->size = of_read_number(reg + na, ns);
	return res->start + res->size < res->start ? -EINVAL : 0;
}

int of_address_by_name(const struct device_node *np, const char *name, struct resource *res)
{
	int index = of_property_match_string(np, "reg-names", name);

	return index < 0 ? index : of_address_to_resource(np, index, res);
}

void __iomem *of_iomap(const struct device_node *np, int index)
{
	struct resource res;

	if (of_address_to_resource(np, index, &res) || !res.size)
		return NULL;
	/* Beyond what the page tables of a 32-bit CPU can say. */
	if (sizeof(long) == 4 && res.start + res.size > 1ULL << 32)
		return NULL;
	return ioremap(res.start, res.size);
}
