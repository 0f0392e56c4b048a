// SPDX-License-Identifier: GPL-2.0-only
/* Tests of xarray.c: against a flat model over indices of very different sizes. */
#include <kernel/lib/xarray.h>

#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>
#include <mm/slab.h>

#define PLACES	96

/* Increasing indices: dense at first, then sparse up to the highest possible. */
static unsigned long places[PLACES];
static unsigned long values[PLACES];	/* 0: absent */
static u8 marks[PLACES];

static void init_model(void)
{
	memset(values, 0, sizeof(values));
	memset(marks, 0, sizeof(marks));
	for (unsigned int i = 0; i < PLACES; i++) {
		if (i < 70)
			places[i] = i;
		else if (i < 80)
			places[i] = 4096 + (i - 70) * 61;
		else
			places[i] = ULONG_MAX - (PLACES - 1 - i) * (ULONG_MAX / 40);
	}
}

static void check_place(struct xarray *xa, unsigned int i)
{
	void *entry = xa_load(xa, places[i]);

	EXPECT(entry == (values[i] ? xa_mk_value(values[i]) : NULL));
	for (xa_mark_t m = 0; m < XA_MAX_MARKS; m++)
		EXPECT_EQ(xa_get_mark(xa, places[i], m), (marks[i] >> m) & 1);
}

/* Walks the array by a filter and compares with the model. */
static void check_walk(struct xarray *xa, xa_mark_t filter)
{
	unsigned long index;
	unsigned int i = 0;
	void *entry;

	xa_for_each_marked(xa, index, entry, filter) {
		while (i < PLACES && (!values[i] ||
				      (filter != XA_PRESENT && !(marks[i] & BIT(filter)))))
			i++;
		EXPECT(i < PLACES && index == places[i] && entry == xa_mk_value(values[i]));
		i++;
	}
	for (; i < PLACES; i++)
		EXPECT(!values[i] || (filter != XA_PRESENT && !(marks[i] & BIT(filter))));
}

static void check_all(struct xarray *xa)
{
	unsigned int used = 0;

	for (unsigned int i = 0; i < PLACES; i++) {
		check_place(xa, i);
		used += values[i] != 0;
	}
	EXPECT_EQ(xa_empty(xa), used == 0);
	check_walk(xa, XA_PRESENT);
	check_walk(xa, XA_MARK_0);
	check_walk(xa, XA_MARK_2);
}

static void random_step(struct xarray *xa, u32 *seed, unsigned int span)
{
	unsigned int i = unit_random(seed) % span;
	unsigned long value = unit_random(seed) % 1000 + 1;
	xa_mark_t mark = unit_random(seed) % XA_MAX_MARKS;
	void *old = values[i] ? xa_mk_value(values[i]) : NULL;

	switch (unit_random(seed) % 5) {
	case 0:
	case 1:
		EXPECT(xa_store(xa, places[i], xa_mk_value(value), GFP_KERNEL) == old);
		values[i] = value;
		break;
	case 2:
		EXPECT(xa_erase(xa, places[i]) == old);
		values[i] = 0;
		marks[i] = 0;
		break;
	case 3:
		xa_set_mark(xa, places[i], mark);
		if (values[i])
			marks[i] |= BIT(mark);
		break;
	case 4:
		xa_clear_mark(xa, places[i], mark);
		marks[i] &= ~BIT(mark);
		break;
	}
}

UNIT_TEST(xarray_random)
{
	DEFINE_XARRAY(xa);
	u32 seed = 31337;

	init_model();
	for (int round = 0; round < 3000; round++) {
		/* The first rounds stay among few indices, so that the tree grows and shrinks. */
		random_step(&xa, &seed, round < 1000 ? 3 : PLACES);
		if (round % 8 == 0)
			check_all(&xa);
	}
	check_all(&xa);
	for (unsigned int i = 0; i < PLACES; i++) {
		xa_erase(&xa, places[i]);
		values[i] = 0;
		marks[i] = 0;
	}
	check_all(&xa);
}

UNIT_TEST(xarray_free_index)
{
	DEFINE_XARRAY(xa);
	unsigned long index = 0;
	u32 id;

	EXPECT(xa_find_free(&xa, &index, 10) && index == 0);
	for (unsigned int i = 0; i < 5000; i++) {
		EXPECT_EQ(xa_alloc(&xa, &id, xa_mk_value(i), xa_limit_32b, GFP_KERNEL), 0);
		EXPECT_EQ(id, i);
	}
	EXPECT_EQ(xa_alloc(&xa, &id, xa_mk_value(1), XA_LIMIT(0, 4999), GFP_KERNEL), -EBUSY);
	xa_erase(&xa, 4095);
	xa_erase(&xa, 70);
	EXPECT_EQ(xa_alloc(&xa, &id, xa_mk_value(1), XA_LIMIT(71, 4999), GFP_KERNEL), 0);
	EXPECT_EQ(id, 4095);
	EXPECT_EQ(xa_alloc(&xa, &id, xa_mk_value(1), XA_LIMIT(0, 4999), GFP_KERNEL), 0);
	EXPECT_EQ(id, 70);
	index = ULONG_MAX;
	EXPECT(xa_find_free(&xa, &index, ULONG_MAX) && index == ULONG_MAX);
	EXPECT(!xa_store(&xa, ULONG_MAX, xa_mk_value(1), GFP_KERNEL));
	EXPECT(!xa_find_free(&xa, &index, ULONG_MAX));
	index = 0;
	EXPECT(xa_find_free(&xa, &index, ULONG_MAX) && index == 5000);
	xa_destroy(&xa);
	EXPECT(xa_empty(&xa));
}

UNIT_TEST(xarray_small_calls)
{
	DEFINE_XARRAY(xa);
	unsigned long index;
	void *found[4];
	void *entry;
	int n = 0;

	EXPECT_EQ(xa_insert(&xa, 7, xa_mk_value(1), GFP_KERNEL), 0);
	EXPECT_EQ(xa_insert(&xa, 7, xa_mk_value(2), GFP_KERNEL), -EBUSY);
	EXPECT(xa_cmpxchg(&xa, 7, xa_mk_value(9), xa_mk_value(3), GFP_KERNEL) == xa_mk_value(1));
	EXPECT(xa_cmpxchg(&xa, 7, xa_mk_value(1), xa_mk_value(3), GFP_KERNEL) == xa_mk_value(1));
	EXPECT(xa_load(&xa, 7) == xa_mk_value(3));
	for (index = 100; index < 110; index++)
		EXPECT(!xa_store(&xa, index, xa_mk_value(index), GFP_KERNEL));
	EXPECT_EQ(xa_extract(&xa, found, 8, ULONG_MAX, 4, XA_PRESENT), 4);
	EXPECT(found[3] == xa_mk_value(103));
	xa_for_each_range(&xa, index, entry, 7, 105)
		n++;
	EXPECT_EQ(n, 7);
	xa_for_each(&xa, index, entry)
		xa_erase(&xa, index);
	EXPECT(xa_empty(&xa));
}
