// SPDX-License-Identifier: GPL-2.0-only
/* Tests of the boot allocator's tables; the real ones are not touched. */
#include <kernel/lib/unit.h>
#include <mm/memblock_internal.h>

static struct memblock_table t;

static void reset(void)
{
	t.n = 0;
}

UNIT_TEST(memblock_add_merges)
{
	reset();
	memblock_table_add(&t, 0x1000, 0x2000);
	memblock_table_add(&t, 0x3000, 0x4000);
	EXPECT_EQ(t.n, 2);
	memblock_table_add(&t, 0x2000, 0x3000);		/* touches both */
	EXPECT_EQ(t.n, 1);
	EXPECT_EQ(t.r[0].base, 0x1000);
	EXPECT_EQ(t.r[0].size, 0x3000);
	memblock_table_add(&t, 0x500, 0x1800);		/* overlaps */
	EXPECT_EQ(t.n, 1);
	EXPECT_EQ(t.r[0].base, 0x500);
	memblock_table_add(&t, 0x100, 0x200);
	EXPECT_EQ(t.n, 2);
	EXPECT_EQ(t.r[0].base, 0x100);			/* stays sorted */
	memblock_table_add(&t, 0x5000, 0x5000);		/* empty */
	EXPECT_EQ(t.n, 2);
}

UNIT_TEST(memblock_remove_splits)
{
	reset();
	memblock_table_add(&t, 0x1000, 0x9000);
	memblock_table_remove(&t, 0x3000, 0x4000);
	EXPECT_EQ(t.n, 2);
	EXPECT_EQ(t.r[0].size, 0x2000);
	EXPECT_EQ(t.r[1].base, 0x4000);
	memblock_table_remove(&t, 0x2000, 0x5000);	/* the end of one, the start of the other */
	EXPECT_EQ(t.n, 2);
	EXPECT_EQ(t.r[0].size, 0x1000);
	EXPECT_EQ(t.r[1].base, 0x5000);
	memblock_table_remove(&t, 0, 0x10000);
	EXPECT_EQ(t.n, 0);
}

UNIT_TEST(memblock_find_top_down)
{
	reset();
	EXPECT_EQ(memblock_table_find(&t, 0x1000, 0x9000, 0x1000, 0x1000), 0x8000);
	memblock_table_add(&t, 0x7000, 0x9000);
	EXPECT_EQ(memblock_table_find(&t, 0x1000, 0x9000, 0x1000, 0x1000), 0x6000);
	EXPECT_EQ(memblock_table_find(&t, 0x1000, 0x9000, 0x1000, 0x4000), 0x4000);
	memblock_table_add(&t, 0x2000, 0x6800);
	EXPECT_EQ(memblock_table_find(&t, 0x1000, 0x9000, 0x1000, 0x1000), 0x1000);
	EXPECT_EQ(memblock_table_find(&t, 0x1000, 0x9000, 0x800, 0x100), 0x6800);
	EXPECT_EQ(memblock_table_find(&t, 0x1000, 0x9000, 0x2000, 0x1000), 0);
	memblock_table_add(&t, 0, 0x2000);
	EXPECT_EQ(memblock_table_find(&t, 0x1000, 0x9000, 0x1000, 0x1000), 0);
}
