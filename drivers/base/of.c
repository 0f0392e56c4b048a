// SPDX-License-Identifier: GPL-2.0-only
/*
 * Look-ups in the device tree: nodes by path, phandle and compatible; properties as numbers,
 * strings, phandle lists.  Interface: of.h.  The tree is immutable after boot, so nothing is
 * locked.
 */
#include <drivers/base/of.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/err.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>

struct device_node *of_next_node(const struct device_node *from)
{
	if (!from)
		return of_root;
	if (from->child)
		return from->child;
	while (from && !from->sibling)
		from = from->parent;
	return from ? from->sibling : NULL;
}

/* ---- names and paths ----------------------------------------------------------------------- */

static size_t name_len(const char *name)
{
	return strcspn(name, "@");
}

bool of_node_name_eq(const struct device_node *np, const char *name)
{
	size_t len = name_len(np->name);

	return strlen(name) == len && !strncmp(np->name, name, len);
}

struct device_node *of_get_child_by_name(const struct device_node *np, const char *name)
{
	struct device_node *child;

	for_each_child_of_node(np, child)
		if (of_node_name_eq(child, name))
			return child;
	return NULL;
}

/* The child that a path component of @len bytes names, with or without its unit address. */
static struct device_node *find_child(struct device_node *np, const char *component, size_t len)
{
	bool with_unit = memchr(component, '@', len);
	struct device_node *child;

	for_each_child_of_node(np, child) {
		size_t child_len = with_unit ? strlen(child->name) : name_len(child->name);

		if (child_len == len && !strncmp(child->name, component, len))
			return child;
	}
	return NULL;
}

static struct device_node *walk_path(struct device_node *np, const char *path)
{
	while (np && *path) {
		size_t len;

		while (*path == '/')
			path++;
		len = strcspn(path, "/:");
		if (!len)
			break;
		np = find_child(np, path, len);
		path += len;
		if (*path == ':')
			break;
	}
	return np;
}

/* The value of an alias whose name is the first @len bytes of @name. */
static const char *find_alias(const char *name, size_t len)
{
	struct device_node *aliases = walk_path(of_root, "/aliases");

	for (const struct property *p = aliases ? aliases->properties : NULL; p; p = p->next) {
		const char *value = p->value;

		if (strlen(p->name) == len && !strncmp(p->name, name, len) &&
		    p->length > 1 && *value == '/' && !value[p->length - 1])
			return value;
	}
	return NULL;
}

struct device_node *of_find_node_by_path(const char *path)
{
	struct device_node *np;
	const char *alias;
	size_t len;

	if (*path == '/')
		return walk_path(of_root, path);
	len = strcspn(path, "/:");
	alias = find_alias(path, len);
	np = alias ? walk_path(of_root, alias) : NULL;
	return np && path[len] == '/' ? walk_path(np, path + len) : np;
}

int of_full_path(const struct device_node *np, char *buf, size_t size)
{
	int len;

	if (!np->parent)
		return scnprintf(buf, size, "/");
	len = np->parent->parent ? of_full_path(np->parent, buf, size) : 0;
	return len + scnprintf(buf + len, size - len, "/%s", np->name);
}

int of_alias_get_id(const struct device_node *np, const char *stem)
{
	struct device_node *aliases = walk_path(of_root, "/aliases");
	size_t len = strlen(stem);

	for (const struct property *p = aliases ? aliases->properties : NULL; p; p = p->next) {
		unsigned int id;

		if (strncmp(p->name, stem, len) || kstrtouint(p->name + len, 10, &id) ||
		    id > INT_MAX)
			continue;
		if (of_find_node_by_path(p->name) == np)
			return id;
	}
	return -ENODEV;
}

struct device_node *of_find_node_by_phandle(u32 phandle)
{
	struct device_node *np;

	if (!phandle || phandle == U32_MAX)
		return NULL;
	for_each_of_node(np)
		if (np->phandle == phandle)
			return np;
	return NULL;
}

/* ---- properties ---------------------------------------------------------------------------- */

const struct property *of_find_property(const struct device_node *np, const char *name)
{
	for (const struct property *p = np ? np->properties : NULL; p; p = p->next)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

const void *of_get_property(const struct device_node *np, const char *name, int *len)
{
	const struct property *p = of_find_property(np, name);

	if (len)
		*len = p ? p->length : -ENOENT;
	return p ? p->value : NULL;
}

u64 of_read_number(const __be32 *cells, int n)
{
	u64 value = 0;

	while (n-- > 0)
		value = (value << 32) | be32_to_cpup(cells++);
	return value;
}

/* @count cells from the index-th on, or an error. */
static const __be32 *find_cells(const struct device_node *np, const char *name, int index,
				int count, int *error)
{
	const struct property *p = of_find_property(np, name);

	*error = -EINVAL;
	if (!p || index < 0)
		return NULL;
	*error = p->length ? -EOVERFLOW : -ENODATA;
	if (index > p->length / 4 || p->length / 4 - index < count)
		return NULL;
	*error = 0;
	return (const __be32 *)p->value + index;
}

int of_property_read_u32_index(const struct device_node *np, const char *name, int index, u32 *val)
{
	int error;
	const __be32 *cell = find_cells(np, name, index, 1, &error);

	if (cell)
		*val = be32_to_cpup(cell);
	return error;
}

int of_property_read_u64(const struct device_node *np, const char *name, u64 *val)
{
	int error;
	const __be32 *cells = find_cells(np, name, 0, 2, &error);

	if (cells)
		*val = of_read_number(cells, 2);
	return error;
}

int of_property_count_u32(const struct device_node *np, const char *name)
{
	const struct property *p = of_find_property(np, name);

	return p ? p->length / 4 : -EINVAL;
}

/* The string after @s in property @p (NULL: the first); NULL at the end or if it is not
 * terminated. */
static const char *next_string(const struct property *p, const char *s)
{
	const char *end = (const char *)p->value + p->length;

	s = s ? s + strlen(s) + 1 : p->value;
	return s < end && memchr(s, 0, end - s) ? s : NULL;
}

int of_property_read_string_index(const struct device_node *np, const char *name, int index,
				  const char **s)
{
	const struct property *p = of_find_property(np, name);
	const char *str;

	if (!p || index < 0)
		return -EINVAL;
	if (!p->length)
		return -ENODATA;
	str = next_string(p, NULL);
	while (str && index--)
		str = next_string(p, str);
	if (!str)
		return -EILSEQ;
	*s = str;
	return 0;
}

int of_property_match_string(const struct device_node *np, const char *name, const char *s)
{
	const struct property *p = of_find_property(np, name);
	int index = 0;

	if (!p)
		return -EINVAL;
	for (const char *str = next_string(p, NULL); str; str = next_string(p, str), index++)
		if (!strcmp(str, s))
			return index;
	return -ENODATA;
}

bool of_device_is_compatible(const struct device_node *np, const char *compatible)
{
	return of_property_match_string(np, "compatible", compatible) >= 0;
}

bool of_machine_is_compatible(const char *compatible)
{
	return of_device_is_compatible(of_root, compatible);
}

bool of_device_is_available(const struct device_node *np)
{
	const char *status;

	if (of_property_read_string(np, "status", &status))
		return !of_find_property(np, "status");
	return !strcmp(status, "okay") || !strcmp(status, "ok");
}

struct device_node *of_find_compatible_node(const struct device_node *from, const char *compatible)
{
	struct device_node *np;

	for (np = of_next_node(from); np; np = of_next_node(np))
		if (of_device_is_compatible(np, compatible))
			return np;
	return NULL;
}

/* ---- phandles ------------------------------------------------------------------------------ */

struct device_node *of_parse_phandle(const struct device_node *np, const char *name, int index)
{
	u32 phandle;

	if (of_property_read_u32_index(np, name, index, &phandle))
		return NULL;
	return of_find_node_by_phandle(phandle);
}

/* Cells that follow the phandle at @pos, and whom it names; -EINVAL when that node does not say. */
static int phandle_args(const struct device_node *np, const char *name, const char *cells_name,
			int pos, struct of_phandle_args *out)
{
	u32 count;

	out->np = of_parse_phandle(np, name, pos);
	if (!out->np || of_property_read_u32(out->np, cells_name, &count) ||
	    count > ARRAY_SIZE(out->args))
		return -EINVAL;
	out->args_count = count;
	for (u32 i = 0; i < count; i++)
		if (of_property_read_u32_index(np, name, pos + 1 + i, &out->args[i]))
			return -EINVAL;
	return 0;
}

int of_parse_phandle_with_args(const struct device_node *np, const char *name,
			       const char *cells_name, int index, struct of_phandle_args *out)
{
	int cells = of_property_count_u32(np, name);

	for (int pos = 0; pos < cells; pos++, index--) {
		u32 phandle;
		int error;

		if (of_property_read_u32_index(np, name, pos, &phandle))
			return -EINVAL;
		if (!phandle) {			/* an empty entry */
			if (!index)
				return -ENOENT;
			continue;
		}
		error = phandle_args(np, name, cells_name, pos, out);
		if (error || !index)
			return error;
		pos += out->args_count;
	}
	return -ENOENT;
}
