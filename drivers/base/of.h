/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The device tree as a tree of nodes: look-ups, properties, addresses, interrupts.
 *
 * Everything is immutable after unflatten_device_tree(), except the fields with another tag;
 * nodes live for ever, so there are no references and no locks.  A property is bounded by its
 * length; functions that read one return -EINVAL (absent), -ENODATA (empty), -EOVERFLOW (too
 * short), -EILSEQ (unterminated string).
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

struct device;
struct irq_fwspec;

struct property {
	const char		*name;
	const void		*value;		/* big endian; 4-byte aligned */
	int			length;		/* bytes */
	struct property		*next;
};

struct device_node {
	const char		*name;		/* with unit address: "uart@9000000"; root: "" */
	u32			phandle;	/* 0: none */
	struct device_node	*parent, *child, *sibling;
	struct property		*properties;
	struct device		*dev;		/* [driver core] bound device */
	u8			probe_state;	/* [driver core] */
};
extern struct device_node *of_root;		/* NULL before unflatten or without a tree */

#define for_each_child_of_node(parent, np) \
	for (np = (parent) ? (parent)->child : NULL; np; np = np->sibling)
/* The next node in tree order; NULL: from the root. */
struct device_node *of_next_node(const struct device_node *from);
#define for_each_of_node(np)	for (np = of_root; np; np = of_next_node(np))
#define for_each_compatible_node(np, compat)					\
	for (np = of_find_compatible_node(NULL, compat); np;			\
	     np = of_find_compatible_node(np, compat))

struct device_node *of_find_node_by_path(const char *path);	/* "/a/b@1", "/a/b", "alias/b" */
struct device_node *of_find_node_by_phandle(u32 phandle);
/* After @from (NULL: from the root). */
struct device_node *of_find_compatible_node(const struct device_node *from, const char *compatible);
struct device_node *of_get_child_by_name(const struct device_node *np, const char *name);
/* without the unit address */
bool of_node_name_eq(const struct device_node *np, const char *name);
/* "/soc/uart@..." into @buf; returns the length (cut to @size - 1). */
int of_full_path(const struct device_node *np, char *buf, size_t size);
/* Number of "serial0" in /aliases for this node, or -ENODEV. */
int of_alias_get_id(const struct device_node *np, const char *stem);

bool of_device_is_compatible(const struct device_node *np, const char *compatible);
bool of_machine_is_compatible(const char *compatible);
bool of_device_is_available(const struct device_node *np);	/* no status, "okay", "ok" */

const struct property *of_find_property(const struct device_node *np, const char *name);
/* NULL: absent */
const void *of_get_property(const struct device_node *np, const char *name, int *len);
static inline bool of_property_read_bool(const struct device_node *np, const char *name)
{
	return of_find_property(np, name) != NULL;
}
int of_property_read_u32_index(const struct device_node *np, const char *name, int index, u32 *val);
static inline int of_property_read_u32(const struct device_node *np, const char *name, u32 *val)
{
	return of_property_read_u32_index(np, name, 0, val);
}
int of_property_read_u64(const struct device_node *np, const char *name, u64 *val);
int of_property_count_u32(const struct device_node *np, const char *name);
/* The index-th string of a list. */
int of_property_read_string_index(const struct device_node *np, const char *name, int index,
				  const char **s);
static inline int of_property_read_string(const struct device_node *np, const char *name,
					  const char **s)
{
	return of_property_read_string_index(np, name, 0, s);
}
/* Position of @s in a list of strings, or -errno. */
int of_property_match_string(const struct device_node *np, const char *name, const char *s);

struct of_phandle_args {
	struct device_node	*np;
	int			args_count;
	u32			args[16];
};
struct device_node *of_parse_phandle(const struct device_node *np, const char *name, int index);
/* The index-th entry of a list "phandle args...", the count being the target's @cells_name. */
int of_parse_phandle_with_args(const struct device_node *np, const char *name,
			       const char *cells_name, int index, struct of_phandle_args *out);

/* ---- addresses: of_address.c --------------------------------------------------------------- */
struct resource {
	phys_addr_t	start;
	phys_addr_t	size;
};
/* cells that np's own reg uses (its parent's) */
int of_n_addr_cells(const struct device_node *np);
int of_n_size_cells(const struct device_node *np);
int of_bus_addr_cells(const struct device_node *bus);	/* cells that its children use */
int of_bus_size_cells(const struct device_node *bus);
u64 of_read_number(const __be32 *cells, int n);		/* n > 2: the last two count */
/* The index-th reg entry as CPU physical addresses: 0, -EINVAL, -ENXIO (not reachable). */
int of_address_to_resource(const struct device_node *np, int index, struct resource *res);
int of_address_by_name(const struct device_node *np, const char *name, struct resource *res);
/* ioremap() of it; NULL on any failure. May sleep. */
void __iomem *of_iomap(const struct device_node *np, int index);
/* An address in the space of @bus's children to the CPU's. */
int of_translate_address(const struct device_node *bus, u64 *addr);
/* CPU physical address as a device below (or at) @np sees it, through dma-ranges. */
int of_phys_to_dma(const struct device_node *np, phys_addr_t pa, u64 *dma);

/* ---- interrupts: of_irq.c ------------------------------------------------------------------ */
/* The index-th interrupt's specifier: interrupts-extended, or interrupts with interrupt-parent,
 * carried through interrupt-map nexuses. 0, -EINVAL, -ENOENT. */
int of_irq_parse_one(const struct device_node *np, int index, struct irq_fwspec *out);
/* virq (> 0), or -errno: -EPROBE_DEFER when its controller has not been probed yet. May sleep. */
int of_irq_get(const struct device_node *np, int index);
int of_irq_get_byname(const struct device_node *np, const char *name);
int of_irq_count(const struct device_node *np);
/* Carry a specifier of @np's children (unit address @addr, @naddr cells) through its
 * interrupt-map. */
int of_irq_map_raw(const struct device_node *np, const __be32 *addr, int naddr,
		   struct irq_fwspec *spec);
/* Nearest interrupt-parent of @np that is a controller or nexus; NULL: none. */
struct device_node *of_irq_find_parent(const struct device_node *np);
