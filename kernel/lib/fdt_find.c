// SPDX-License-Identifier: GPL-2.0-only
/*
 * Finding nodes of a flattened device tree: by path, alias, phandle, compatible string; see
 * fdt.h.  Built only on the bounded walkers of fdt.c.
 */
#include <kernel/lib/fdt.h>

#include <kernel/lib/err.h>
#include <kernel/lib/string.h>

/* The path component [part, part + len) names the node, with or without its unit address. */
static bool name_matches(const char *name, int name_len, const char *part, size_t len)
{
	if ((size_t)name_len < len || memcmp(name, part, len))
		return false;
	return !name[len] || (name[len] == '@' && !memchr(part, '@', len));
}

static int subnode_by_name(const void *blob, int parent, const char *part, size_t len)
{
	int node;

	fdt_for_each_subnode(node, blob, parent) {
		int name_len;
		const char *name = fdt_get_name(blob, node, &name_len);

		if (name && name_matches(name, name_len, part, len))
			return node;
	}
	return node;
}

static int walk_path(const void *blob, int node, const char *path)
{
	while (node >= 0) {
		size_t len;

		while (*path == '/')
			path++;
		len = strcspn(path, "/:");	/* ":" begins the options of a console path */
		if (!len)
			break;
		node = subnode_by_name(blob, node, path, len);
		path += len;
	}
	return node;
}

/* The node an alias stands for; an alias is a full path, so there is no recursion. */
static int alias_offset(const void *blob, const char *alias, size_t len)
{
	int aliases = walk_path(blob, fdt_next_node(blob, -1, NULL), "/aliases");
	const char *path = NULL;
	char name[32];

	if (aliases >= 0 && len < sizeof(name)) {
		memcpy(name, alias, len);
		name[len] = '\0';
		path = fdt_getprop_string(blob, aliases, name);
	}
	if (!path || *path != '/')
		return -ENOENT;
	return walk_path(blob, fdt_next_node(blob, -1, NULL), path);
}

int fdt_path_offset(const void *blob, const char *path)
{
	size_t len;

	if (*path == '/')
		return walk_path(blob, fdt_next_node(blob, -1, NULL), path);
	len = strcspn(path, "/:");
	return walk_path(blob, alias_offset(blob, path, len), path + len);
}

int fdt_parent_offset(const void *blob, int node)
{
	int parents[FDT_MAX_DEPTH + 1];
	int depth = -1;
	int walk;

	for (walk = fdt_next_node(blob, -1, &depth); walk >= 0;
	     walk = fdt_next_node(blob, walk, &depth)) {
		if (depth < 0)
			break;
		parents[depth] = walk;
		if (walk == node)
			return depth ? parents[depth - 1] : -ENOENT;
	}
	return walk == -EINVAL ? -EINVAL : -ENOENT;
}

int fdt_node_offset_by_phandle(const void *blob, u32 phandle)
{
	int node;

	if (!phandle || phandle == U32_MAX)
		return -ENOENT;
	fdt_for_each_node(node, blob) {
		u32 found;

		if (!fdt_getprop_u32(blob, node, "phandle", &found) && found == phandle)
			return node;
	}
	return node;
}

bool fdt_node_is_compatible(const void *blob, int node, const char *compatible)
{
	size_t want = strlen(compatible);
	int len;
	const char *list = fdt_getprop(blob, node, "compatible", &len);

	while (list && len > 0) {
		size_t n = strnlen(list, len);

		if (n == (size_t)len)
			return false;
		if (n == want && !memcmp(list, compatible, n))
			return true;
		list += n + 1;
		len -= n + 1;
	}
	return false;
}

int fdt_node_offset_by_compatible(const void *blob, int start, const char *compatible)
{
	int node;

	for (node = fdt_next_node(blob, start, NULL); node >= 0;
	     node = fdt_next_node(blob, node, NULL)) {
		if (fdt_node_is_compatible(blob, node, compatible))
			break;
	}
	return node;
}

bool fdt_node_is_available(const void *blob, int node)
{
	const char *status;

	if (!fdt_getprop(blob, node, "status", NULL))
		return true;
	status = fdt_getprop_string(blob, node, "status");
	return status && (!strcmp(status, "okay") || !strcmp(status, "ok"));
}
