// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reading a flattened device tree: header, nodes, properties; see fdt.h.  Paths, compatible
 * strings and addresses are in fdt_find.c and fdt_address.c.
 *
 * The structure block is a sequence of 32-bit big-endian tokens: BEGIN_NODE with a name,
 * PROP with length, name offset and value, END_NODE, NOP, END.  next_token() is the one place
 * that steps over them; it checks each step against the block's size from the header, so a
 * malformed blob ends a walk with -EINVAL but cannot lead it outside or make it endless.
 */
#include <kernel/lib/fdt.h>

#include <kernel/lib/err.h>
#include <kernel/lib/string.h>

struct fdt_header {
	__be32 magic;
	__be32 totalsize;
	__be32 off_dt_struct;
	__be32 off_dt_strings;
	__be32 off_mem_rsvmap;
	__be32 version;
	__be32 last_comp_version;
	__be32 boot_cpuid_phys;
	__be32 size_dt_strings;
	__be32 size_dt_struct;
};

struct fdt_reserve_entry {
	__be64 address;
	__be64 size;
};

struct fdt_prop {
	__be32 tag;
	__be32 len;
	__be32 nameoff;
	u8 value[];
};

#define FDT_BEGIN_NODE	1
#define FDT_END_NODE	2
#define FDT_PROP	3
#define FDT_NOP		4
#define FDT_END		9

#define FDT_VERSION		17	/* the only layout in use since 2005 */
#define FDT_MAX_SIZE		(64U << 20)

static const struct fdt_header *header(const void *blob)
{
	return blob;
}

u32 fdt_totalsize(const void *blob)
{
	return be32_to_cpu(header(blob)->totalsize);
}

static u32 struct_size_of(const void *blob)
{
	return be32_to_cpu(header(blob)->size_dt_struct);
}

/* A block [offset, offset + size) within the blob and behind the header. */
static bool block_ok(u32 offset, u32 size, u32 total)
{
	return offset >= sizeof(struct fdt_header) && offset <= total && size <= total - offset;
}

int fdt_check_header(const void *blob, size_t maxsize)
{
	const struct fdt_header *h = blob;
	u32 total, struct_offset;

	if (!blob || ((unsigned long)blob & 7) || maxsize < sizeof(*h))
		return -EINVAL;
	if (be32_to_cpu(h->magic) != FDT_MAGIC)
		return -EINVAL;
	if (be32_to_cpu(h->version) < FDT_VERSION ||
	    be32_to_cpu(h->last_comp_version) > FDT_VERSION)
		return -EINVAL;
	total = be32_to_cpu(h->totalsize);
	if (total < sizeof(*h) || total > maxsize || total > FDT_MAX_SIZE)
		return -EINVAL;
	struct_offset = be32_to_cpu(h->off_dt_struct);
	if ((struct_offset & 3) || (be32_to_cpu(h->off_mem_rsvmap) & 7))
		return -EINVAL;
	if (!block_ok(struct_offset, struct_size_of(blob), total) ||
	    !block_ok(be32_to_cpu(h->off_dt_strings), be32_to_cpu(h->size_dt_strings), total) ||
	    !block_ok(be32_to_cpu(h->off_mem_rsvmap), sizeof(struct fdt_reserve_entry), total))
		return -EINVAL;
	return 0;
}

int fdt_get_mem_rsv(const void *blob, unsigned int index, u64 *address, u64 *size)
{
	u32 start = be32_to_cpu(header(blob)->off_mem_rsvmap);
	u32 room = (fdt_totalsize(blob) - start) / sizeof(struct fdt_reserve_entry);
	const struct fdt_reserve_entry *entry = blob + start;

	for (unsigned int i = 0; i <= index; i++) {
		if (i >= room || (!entry[i].address && !entry[i].size))
			return -ENOENT;
	}
	*address = be64_to_cpu(entry[index].address);
	*size = be64_to_cpu(entry[index].size);
	return 0;
}

/* The `len` bytes at `offset` of the structure block, or NULL if they are not within it. */
static const void *struct_at(const void *blob, int offset, u32 len)
{
	u32 size = struct_size_of(blob);

	if (offset < 0 || (u32)offset > size || len > size - (u32)offset)
		return NULL;
	return blob + be32_to_cpu(header(blob)->off_dt_struct) + offset;
}

/* The token at `offset` (aligned to 4), 0 if there is none. */
static u32 token_at(const void *blob, int offset)
{
	const __be32 *token = (offset & 3) ? NULL : struct_at(blob, offset, 4);

	return token ? be32_to_cpup(token) : 0;
}

/* Length of the name of the node at `offset`, which is known to begin a node; or -EINVAL. */
static int name_length(const void *blob, int offset)
{
	u32 room = struct_size_of(blob) - (u32)offset - 4;
	const char *name = struct_at(blob, offset + 4, room);
	size_t len;

	if (!name)
		return -EINVAL;
	len = strnlen(name, room);
	return len < room ? (int)len : -EINVAL;
}

/* The property at `offset` with its whole value inside the block, or NULL. */
static const struct fdt_prop *prop_at(const void *blob, int offset)
{
	const struct fdt_prop *prop;
	u32 len;

	if (token_at(blob, offset) != FDT_PROP)
		return NULL;
	prop = struct_at(blob, offset, sizeof(*prop));
	if (!prop)
		return NULL;
	len = be32_to_cpu(prop->len);
	if (len > INT_MAX - sizeof(*prop) || !struct_at(blob, offset, sizeof(*prop) + len))
		return NULL;
	return prop;
}

/* A name in the strings block, certain to be terminated; or NULL. */
static const char *string_at(const void *blob, u32 offset)
{
	u32 size = be32_to_cpu(header(blob)->size_dt_strings);
	const char *strings = blob + be32_to_cpu(header(blob)->off_dt_strings);

	if (offset >= size || strnlen(strings + offset, size - offset) == size - offset)
		return NULL;
	return strings + offset;
}

/* The offset of the token after the one at `offset`; -EINVAL if that one is malformed. */
static int next_token(const void *blob, int offset)
{
	const struct fdt_prop *prop;
	int len;

	switch (token_at(blob, offset)) {
	case FDT_BEGIN_NODE:
		len = name_length(blob, offset);
		return len < 0 ? len : ALIGN(offset + 4 + len + 1, 4);
	case FDT_PROP:
		prop = prop_at(blob, offset);
		return prop ? ALIGN(offset + (int)sizeof(*prop) + (int)be32_to_cpu(prop->len), 4) :
			-EINVAL;
	case FDT_END_NODE:
	case FDT_NOP:
		return offset + 4;
	}
	return -EINVAL;
}

static bool is_node(const void *blob, int node)
{
	return token_at(blob, node) == FDT_BEGIN_NODE;
}

const char *fdt_get_name(const void *blob, int node, int *len)
{
	int n = is_node(blob, node) ? name_length(blob, node) : -EINVAL;

	if (len)
		*len = n;
	return n < 0 ? NULL : struct_at(blob, node + 4, n + 1);
}

int fdt_next_node(const void *blob, int node, int *depth)
{
	int level = depth ? *depth : 0;
	int offset = 0;

	if (node >= 0) {
		if (!is_node(blob, node))
			return -EINVAL;
		offset = next_token(blob, node);
	}
	while (offset >= 0) {
		switch (token_at(blob, offset)) {
		case FDT_BEGIN_NODE:
			if (depth)
				*depth = level + 1;
			return level + 1 > FDT_MAX_DEPTH ? -EINVAL : offset;
		case FDT_END_NODE:
			level--;
			if (depth && level < 0) {
				*depth = level;
				return -ENOENT;
			}
			break;
		case FDT_END:
			if (depth)
				*depth = -1;
			return -ENOENT;
		}
		offset = next_token(blob, offset);
	}
	return offset;
}

int fdt_first_subnode(const void *blob, int node)
{
	int depth = 0;

	node = fdt_next_node(blob, node, &depth);
	if (node >= 0 && depth != 1)
		return -ENOENT;
	return node;
}

int fdt_next_subnode(const void *blob, int node)
{
	int depth = 1;

	do {
		node = fdt_next_node(blob, node, &depth);
		if (node < 0)
			return node;
		if (depth < 1)
			return -ENOENT;
	} while (depth > 1);
	return node;
}

/* The offset of the property token at or after `offset`; -ENOENT if the node has no more. */
static int find_property(const void *blob, int offset)
{
	while (offset >= 0 && token_at(blob, offset) == FDT_NOP)
		offset = next_token(blob, offset);
	if (offset < 0)
		return offset;
	if (token_at(blob, offset) != FDT_PROP)
		return -ENOENT;
	return prop_at(blob, offset) ? offset : -EINVAL;
}

int fdt_first_property_offset(const void *blob, int node)
{
	if (!is_node(blob, node))
		return -EINVAL;
	return find_property(blob, next_token(blob, node));
}

int fdt_next_property_offset(const void *blob, int prop)
{
	if (!prop_at(blob, prop))
		return -EINVAL;
	return find_property(blob, next_token(blob, prop));
}

const void *fdt_getprop_by_offset(const void *blob, int offset, const char **name, int *len)
{
	const struct fdt_prop *prop = prop_at(blob, offset);
	const char *prop_name = prop ? string_at(blob, be32_to_cpu(prop->nameoff)) : NULL;

	if (!prop_name) {
		if (len)
			*len = -EINVAL;
		return NULL;
	}
	if (name)
		*name = prop_name;
	if (len)
		*len = (int)be32_to_cpu(prop->len);
	return prop->value;
}

const void *fdt_getprop(const void *blob, int node, const char *name, int *len)
{
	int prop;

	fdt_for_each_property_offset(prop, blob, node) {
		const char *found;
		const void *value = fdt_getprop_by_offset(blob, prop, &found, len);

		if (value && !strcmp(found, name))
			return value;
	}
	if (len)
		*len = prop;
	return NULL;
}

int fdt_getprop_u32(const void *blob, int node, const char *name, u32 *value)
{
	int len;
	const void *cell = fdt_getprop(blob, node, name, &len);

	if (!cell)
		return len;
	if (len < 4)
		return -EINVAL;
	*value = get_unaligned_be32(cell);
	return 0;
}

const char *fdt_getprop_string(const void *blob, int node, const char *name)
{
	return fdt_stringlist_get(blob, node, name, 0);
}

const char *fdt_stringlist_get(const void *blob, int node, const char *name, int index)
{
	int len;
	const char *s = fdt_getprop(blob, node, name, &len);

	while (s && len > 0) {
		int n = (int)strnlen(s, len);

		if (n == len)		/* not terminated */
			return NULL;
		if (!index--)
			return s;
		s += n + 1;
		len -= n + 1;
	}
	return NULL;
}
