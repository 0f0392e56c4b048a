// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses in a flattened device tree: cells, reg, and translation through ranges (Devicetree
 * Specification 2.3.5, 2.3.6, 2.3.8); see fdt.h.
 */
#include <kernel/lib/fdt.h>

#include <kernel/lib/err.h>

#define MAX_CELLS	4

static int cells(const void *blob, int node, const char *name, u32 missing)
{
	u32 value = missing;

	if (fdt_getprop_u32(blob, node, name, &value) == -EINVAL || value > MAX_CELLS)
		return -EINVAL;
	return (int)value;
}

int fdt_address_cells(const void *blob, int node)
{
	return cells(blob, node, "#address-cells", 2);
}

int fdt_size_cells(const void *blob, int node)
{
	return cells(blob, node, "#size-cells", 1);
}

u64 fdt_read_cells(const void *p, int n)
{
	u64 value = 0;

	for (int i = 0; i < n; i++)
		value = (value << 32) | get_unaligned_be32((const u8 *)p + 4 * i);
	return value;
}

/* The index-th pair of reg, given the parent. */
static int read_reg(const void *blob, int parent, int node, unsigned int index, u64 *address,
		    u64 *size)
{
	int address_cells = fdt_address_cells(blob, parent);
	int size_cells = fdt_size_cells(blob, parent);
	const u8 *reg;
	int len, entry;

	if (address_cells < 1 || size_cells < 0)
		return -EINVAL;
	reg = fdt_getprop(blob, node, "reg", &len);
	if (!reg)
		return len;
	entry = 4 * (address_cells + size_cells);
	if (index >= (unsigned int)len / entry)
		return -ENOENT;
	reg += index * entry;
	*address = fdt_read_cells(reg, address_cells);
	*size = fdt_read_cells(reg + 4 * address_cells, size_cells);
	return 0;
}

int fdt_get_reg(const void *blob, int node, unsigned int index, u64 *address, u64 *size)
{
	int parent = fdt_parent_offset(blob, node);

	return parent < 0 ? parent : read_reg(blob, parent, node, index, address, size);
}

/* One step up: from the space below `bus` to the space of `parent`, through bus's ranges. */
static int translate_step(const void *blob, int bus, int parent, u64 *address)
{
	int child_cells = fdt_address_cells(blob, bus);
	int parent_cells = fdt_address_cells(blob, parent);
	int size_cells = fdt_size_cells(blob, bus);
	const u8 *ranges;
	int len, entry;

	if (child_cells < 1 || parent_cells < 1 || size_cells < 1)
		return -EINVAL;
	ranges = fdt_getprop(blob, bus, "ranges", &len);
	if (!ranges)
		return -ENOENT;		/* not mapped at all */
	if (!len)
		return 0;		/* one to one */
	entry = 4 * (child_cells + parent_cells + size_cells);
	for (; len >= entry; len -= entry, ranges += entry) {
		u64 child = fdt_read_cells(ranges, child_cells);
		u64 to = fdt_read_cells(ranges + 4 * child_cells, parent_cells);
		u64 size = fdt_read_cells(ranges + 4 * (child_cells + parent_cells), size_cells);

		if (*address >= child && *address - child < size) {
			*address = to + (*address - child);
			return 0;
		}
	}
	return -ENOENT;
}

int fdt_translate_address(const void *blob, int bus, u64 *address)
{
	for (int depth = 0; depth <= FDT_MAX_DEPTH; depth++) {
		int parent = fdt_parent_offset(blob, bus);
		int err;

		if (parent == -ENOENT)
			return bus == fdt_next_node(blob, -1, NULL) ? 0 : -ENOENT;
		if (parent < 0)
			return parent;
		err = translate_step(blob, bus, parent, address);
		if (err)
			return err;
		bus = parent;
	}
	return -EINVAL;
}

int fdt_get_reg_translated(const void *blob, int node, unsigned int index, u64 *address, u64 *size)
{
	int parent = fdt_parent_offset(blob, node);
	int err;

	if (parent < 0)
		return parent;
	err = read_reg(blob, parent, node, index, address, size);
	return err ? err : fdt_translate_address(blob, parent, address);
}
