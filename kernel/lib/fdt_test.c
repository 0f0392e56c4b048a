// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tests of the device-tree reader on a small tree written by hand here, and on thousands of
 * damaged copies of it, each placed at the end of its allocation's useful part so that an access
 * beyond the given size would be seen by the allocator's red zones or KASAN.
 */
#include <kernel/lib/fdt.h>

#include <kernel/lib/bug.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>
#include <mm/slab.h>

#define BLOB_MAX	1024

/* ---- a writer, as simple as can be ------------------------------------------------------- */

struct writer {
	u8 tree[640];
	u32 tree_len;
	char strings[256];
	u32 strings_len;
};

static void put_cell(struct writer *w, u32 cell)
{
	put_unaligned_be32(cell, w->tree + w->tree_len);
	w->tree_len += 4;
}

static void put_padded(struct writer *w, const void *data, u32 len)
{
	memcpy(w->tree + w->tree_len, data, len);
	w->tree_len = ALIGN(w->tree_len + len, 4);
}

static void begin(struct writer *w, const char *name)
{
	put_cell(w, 1);
	put_padded(w, name, strlen(name) + 1);
}

static void end(struct writer *w)
{
	put_cell(w, 2);
}

static void prop(struct writer *w, const char *name, const void *value, u32 len)
{
	put_cell(w, 3);
	put_cell(w, len);
	put_cell(w, w->strings_len);
	put_padded(w, value, len);
	strcpy(w->strings + w->strings_len, name);
	w->strings_len += strlen(name) + 1;
}

static void prop_cells(struct writer *w, const char *name, const u32 *cells, int n)
{
	u8 value[32];

	for (int i = 0; i < n; i++)
		put_unaligned_be32(cells[i], value + 4 * i);
	prop(w, name, value, 4 * n);
}

#define PROP_CELLS(w, name, ...) do {					\
	static const u32 __cells[] = { __VA_ARGS__ };			\
	prop_cells(w, name, __cells, ARRAY_SIZE(__cells));		\
} while (0)

#define PROP_STRING(w, name, s)	prop(w, name, s, sizeof(s))

static void write_tree(struct writer *w)
{
	begin(w, "");
	PROP_CELLS(w, "#address-cells", 2);
	PROP_CELLS(w, "#size-cells", 2);
	begin(w, "aliases");
	PROP_STRING(w, "serial0", "/soc/uart@1000");
	end(w);
	put_cell(w, 4);		/* NOP */
	begin(w, "memory@40000000");
	PROP_STRING(w, "device_type", "memory");
	PROP_CELLS(w, "reg", 0, 0x40000000, 0, 0x8000000, 1, 0, 0, 0x1000);
	end(w);
	begin(w, "soc");
	PROP_CELLS(w, "#address-cells", 1);
	PROP_CELLS(w, "#size-cells", 1);
	PROP_CELLS(w, "ranges", 0, 0, 0x3f000000, 0x1000000);
	begin(w, "uart@1000");
	PROP_STRING(w, "compatible", "vendor,special\0arm,pl011");
	PROP_CELLS(w, "reg", 0x1000, 0x200);
	PROP_CELLS(w, "phandle", 7);
	end(w);
	begin(w, "uart@2000");
	put_cell(w, 4);
	PROP_STRING(w, "compatible", "arm,pl011");
	PROP_CELLS(w, "reg", 0x2000, 0x200);
	PROP_STRING(w, "status", "disabled");
	end(w);
	end(w);
	end(w);
	put_cell(w, 9);
}

/* Header, two reservations, tree, strings; returns the total size. */
static u32 make_blob(u8 *blob)
{
	static struct writer w;
	u32 tree_at = 40 + 3 * 16;
	u32 total;

	memset(&w, 0, sizeof(w));
	memset(blob, 0, BLOB_MAX);
	write_tree(&w);
	total = tree_at + w.tree_len + w.strings_len;
	ASSERT(total <= BLOB_MAX);
	put_unaligned_be32(FDT_MAGIC, blob);
	put_unaligned_be32(total, blob + 4);
	put_unaligned_be32(tree_at, blob + 8);
	put_unaligned_be32(tree_at + w.tree_len, blob + 12);
	put_unaligned_be32(40, blob + 16);
	put_unaligned_be32(17, blob + 20);
	put_unaligned_be32(16, blob + 24);
	put_unaligned_be32(w.strings_len, blob + 32);
	put_unaligned_be32(w.tree_len, blob + 36);
	put_unaligned_be64(0x48000000, blob + 40);
	put_unaligned_be64(0x10000, blob + 48);
	memcpy(blob + tree_at, w.tree, w.tree_len);
	memcpy(blob + tree_at + w.tree_len, w.strings, w.strings_len);
	return total;
}

/* ---- the tests --------------------------------------------------------------------------- */

static u8 blob[BLOB_MAX] __aligned(8);

UNIT_TEST(fdt_nodes)
{
	u32 total = make_blob(blob);
	int node, depth = -1, count = 0, deepest = 0;
	u64 address, size;

	EXPECT_EQ(fdt_check_header(blob, total), 0);
	EXPECT_EQ(fdt_check_header(blob, total - 1), -EINVAL);
	EXPECT_EQ(fdt_check_header(blob + 4, total), -EINVAL);
	EXPECT_EQ(fdt_totalsize(blob), total);
	for (node = fdt_next_node(blob, -1, &depth); node >= 0;
	     node = fdt_next_node(blob, node, &depth)) {
		count++;
		deepest = max(deepest, depth);
	}
	EXPECT_EQ(node, -ENOENT);
	EXPECT_EQ(count, 6);
	EXPECT_EQ(deepest, 2);
	count = 0;
	fdt_for_each_subnode(node, blob, 0)
		count++;
	EXPECT_EQ(count, 3);
	EXPECT_EQ(fdt_get_mem_rsv(blob, 0, &address, &size), 0);
	EXPECT_EQ(address, 0x48000000);
	EXPECT_EQ(size, 0x10000);
	EXPECT_EQ(fdt_get_mem_rsv(blob, 1, &address, &size), -ENOENT);
}

UNIT_TEST(fdt_finding)
{
	int soc, uart, second;

	make_blob(blob);
	soc = fdt_path_offset(blob, "/soc");
	uart = fdt_path_offset(blob, "/soc/uart@1000");
	second = fdt_path_offset(blob, "/soc/uart@2000");
	EXPECT(soc > 0 && uart > soc && second > uart);
	EXPECT_EQ(fdt_path_offset(blob, "/"), 0);
	EXPECT_EQ(fdt_path_offset(blob, "/soc/uart"), uart);
	EXPECT_EQ(fdt_path_offset(blob, "serial0"), uart);
	EXPECT_EQ(fdt_path_offset(blob, "serial0:115200n8"), uart);
	EXPECT_EQ(fdt_path_offset(blob, "/so"), -ENOENT);
	EXPECT_EQ(fdt_path_offset(blob, "/soc/uart@3000"), -ENOENT);
	EXPECT_EQ(fdt_path_offset(blob, "serial1"), -ENOENT);
	EXPECT_EQ(fdt_parent_offset(blob, uart), soc);
	EXPECT_EQ(fdt_parent_offset(blob, 0), -ENOENT);
	EXPECT_EQ(fdt_node_offset_by_phandle(blob, 7), uart);
	EXPECT_EQ(fdt_node_offset_by_phandle(blob, 8), -ENOENT);
	EXPECT_EQ(fdt_node_offset_by_compatible(blob, -1, "arm,pl011"), uart);
	EXPECT_EQ(fdt_node_offset_by_compatible(blob, uart, "arm,pl011"), second);
	EXPECT_EQ(fdt_node_offset_by_compatible(blob, second, "arm,pl011"), -ENOENT);
	EXPECT(!fdt_node_is_compatible(blob, uart, "arm,pl01"));
	EXPECT(fdt_node_is_available(blob, uart));
	EXPECT(!fdt_node_is_available(blob, second));
	EXPECT_STREQ(fdt_get_name(blob, uart, NULL), "uart@1000");
	EXPECT_STREQ(fdt_get_name(blob, 0, NULL), "");
}

UNIT_TEST(fdt_properties)
{
	int uart, memory, prop, len, count = 0;
	u64 address, size;
	u32 cell;

	make_blob(blob);
	uart = fdt_path_offset(blob, "serial0");
	memory = fdt_path_offset(blob, "/memory");
	fdt_for_each_property_offset(prop, blob, uart)
		count++;
	EXPECT_EQ(count, 3);
	EXPECT_STREQ(fdt_stringlist_get(blob, uart, "compatible", 1), "arm,pl011");
	EXPECT(!fdt_stringlist_get(blob, uart, "compatible", 2));
	EXPECT(!fdt_getprop(blob, uart, "missing", &len));
	EXPECT_EQ(len, -ENOENT);
	EXPECT_EQ(fdt_getprop_u32(blob, uart, "phandle", &cell), 0);
	EXPECT_EQ(cell, 7);
	EXPECT_EQ(fdt_get_reg(blob, memory, 1, &address, &size), 0);
	EXPECT_EQ(address, 1ULL << 32);
	EXPECT_EQ(size, 0x1000);
	EXPECT_EQ(fdt_get_reg(blob, memory, 2, &address, &size), -ENOENT);
	EXPECT_EQ(fdt_get_reg(blob, uart, 0, &address, &size), 0);
	EXPECT_EQ(address, 0x1000);
	EXPECT_EQ(fdt_get_reg_translated(blob, uart, 0, &address, &size), 0);
	EXPECT_EQ(address, 0x3f001000);
	EXPECT_EQ(size, 0x200);
}

/* Calls everything; only that it returns, and stays inside, matters. */
static void use_everything(const void *hostile)
{
	int node, prop, steps = 0;
	u64 address, size;

	for (node = fdt_next_node(hostile, -1, NULL); node >= 0 && steps < 400; steps++) {
		fdt_get_name(hostile, node, NULL);
		fdt_for_each_property_offset(prop, hostile, node)
			fdt_getprop_by_offset(hostile, prop, NULL, NULL);
		fdt_stringlist_get(hostile, node, "compatible", 3);
		fdt_get_reg_translated(hostile, node, 0, &address, &size);
		node = fdt_next_node(hostile, node, NULL);
	}
	EXPECT(steps < 400);
	fdt_path_offset(hostile, "/soc/uart@2000");
	fdt_path_offset(hostile, "serial0");
	fdt_node_offset_by_phandle(hostile, 7);
	fdt_node_offset_by_compatible(hostile, -1, "arm,pl011");
	for (unsigned int i = 0; i < 5; i++)
		fdt_get_mem_rsv(hostile, i, &address, &size);
	fdt_first_property_offset(hostile, 6);
	fdt_getprop(hostile, INT_MAX - 3, "reg", NULL);
}

static void damage(u8 *hostile, u32 total, u32 *seed)
{
	static const u32 cells[] = { 0, 1, 2, 3, 4, 9, 0x7fffffff, 0xffffffff, 0xfffffff0 };
	unsigned int changes = unit_random(seed) % 4 + 1;

	while (changes--) {
		u32 at = unit_random(seed) % total;

		switch (unit_random(seed) % 3) {
		case 0:
			hostile[at] ^= 1 << (unit_random(seed) % 8);
			break;
		case 1:
			hostile[at] = (u8)unit_random(seed);
			break;
		default:
			at = min(at & ~3U, (total - 4) & ~3U);
			put_unaligned_be32(cells[unit_random(seed) % ARRAY_SIZE(cells)],
					   hostile + at);
		}
	}
}

UNIT_TEST(fdt_damaged_blobs)
{
	u32 total = make_blob(blob);
	u8 *hostile = kmalloc(total, GFP_KERNEL);
	u32 seed = 2024;
	int survived = 0;

	EXPECT(hostile && !((unsigned long)hostile & 7));
	for (int round = 0; hostile && round < 3000; round++) {
		memcpy(hostile, blob, total);
		damage(hostile, total, &seed);
		if (fdt_check_header(hostile, total))
			continue;
		survived++;
		use_everything(hostile);
	}
	EXPECT(survived > 1000);
	kfree(hostile);
}
