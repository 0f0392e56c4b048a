/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading a flattened device tree (Devicetree Specification v0.4, chapter 5).
 *
 * Names and arguments are those of libfdt's read-only part, so they need no learning; errors are
 * -errno (-ENOENT, -EINVAL for a malformed blob).  A blob that passed fdt_check_header() may
 * still be hostile inside: every access is bounded by the sizes in its header, and every loop
 * makes progress.  Nodes are offsets into the structure block.  The blob must not change and be
 * aligned to 8 bytes.  No locking needed: read-only.
 */
#pragma once

#include <kernel/lib/byteorder.h>
#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

#define FDT_MAGIC		0xd00dfeedU
#define FDT_MAX_DEPTH		64	/* deeper trees are malformed */

/* 0, or -EINVAL; maxsize is what is mapped (the header alone is 40 bytes). */
int fdt_check_header(const void *blob, size_t maxsize);
u32 fdt_totalsize(const void *blob);

/* Memory reservations: 0, or -ENOENT after the last. */
int fdt_get_mem_rsv(const void *blob, unsigned int index, u64 *address, u64 *size);

/*
 * The next node in tree order after `node` (-1: the root).  *depth, if given, is changed by the
 * levels gone down or up (start with -1, so the root has depth 0).  -ENOENT at the end, or as soon
 * as *depth becomes negative.
 */
int fdt_next_node(const void *blob, int node, int *depth);
int fdt_first_subnode(const void *blob, int node);
int fdt_next_subnode(const void *blob, int node);
int fdt_parent_offset(const void *blob, int node);

#define fdt_for_each_node(node, blob)					\
	for (node = fdt_next_node(blob, -1, NULL); node >= 0;		\
	     node = fdt_next_node(blob, node, NULL))
#define fdt_for_each_subnode(node, blob, parent)			\
	for (node = fdt_first_subnode(blob, parent); node >= 0;		\
	     node = fdt_next_subnode(blob, node))

/* Name with unit address; "" for the root; NULL for a bad offset. */
const char *fdt_get_name(const void *blob, int node, int *len);

/* Properties are offsets too. */
int fdt_first_property_offset(const void *blob, int node);
int fdt_next_property_offset(const void *blob, int prop);
const void *fdt_getprop_by_offset(const void *blob, int prop, const char **name, int *len);

#define fdt_for_each_property_offset(prop, blob, node)			\
	for (prop = fdt_first_property_offset(blob, node); prop >= 0;	\
	     prop = fdt_next_property_offset(blob, prop))

/* The value and its length; NULL with *len = -ENOENT if there is none. */
const void *fdt_getprop(const void *blob, int node, const char *name, int *len);
/* 0, -ENOENT, or -EINVAL if the property is shorter than a cell. */
int fdt_getprop_u32(const void *blob, int node, const char *name, u32 *value);
/* A string that is certain to be NUL-terminated within the property, or NULL. */
const char *fdt_getprop_string(const void *blob, int node, const char *name);
/* i-th of a list of strings, or NULL. */
const char *fdt_stringlist_get(const void *blob, int node, const char *name, int index);

/* "/soc/uart@9000000", "/soc/uart" (first match), or an alias "serial0/...". */
int fdt_path_offset(const void *blob, const char *path);
int fdt_node_offset_by_phandle(const void *blob, u32 phandle);
/* The next match after `start` (-1: from the root, included). */
int fdt_node_offset_by_compatible(const void *blob, int start, const char *compatible);
bool fdt_node_is_compatible(const void *blob, int node, const char *compatible);
/* No status property, "okay" or "ok". */
bool fdt_node_is_available(const void *blob, int node);

/* Cells a node's children use (2 and 1 if it does not say). */
int fdt_address_cells(const void *blob, int node);
int fdt_size_cells(const void *blob, int node);
/* n (0 to 2) big-endian cells as a number; of more cells the last two count. */
u64 fdt_read_cells(const void *cells, int n);
/* The index-th (address, size) pair of reg in the parent's address space. */
int fdt_get_reg(const void *blob, int node, unsigned int index, u64 *address, u64 *size);
/* The same, carried through the ranges of all parents to a CPU physical address. */
int fdt_get_reg_translated(const void *blob, int node, unsigned int index, u64 *address,
			   u64 *size);
/* Carries an address in the space of `bus`'s children up to the CPU's: 0, -EINVAL, -ENOENT. */
int fdt_translate_address(const void *blob, int bus, u64 *address);
