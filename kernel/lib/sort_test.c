// SPDX-License-Identifier: GPL-2.0-only
/* Tests of sort.c. */
#include <kernel/lib/sort.h>

#include <kernel/lib/unit.h>

#define COUNT	257

struct record {
	u32 key;
	u8 odd_size[3];
} __attribute__((__packed__));

static struct record records[COUNT];

static int compare(const void *a, const void *b)
{
	u32 x = ((const struct record *)a)->key;
	u32 y = ((const struct record *)b)->key;

	return x < y ? -1 : x > y;
}

UNIT_TEST(sort_sizes)
{
	u32 seed = 7;

	for (size_t count = 0; count <= COUNT; count = count * 2 + 1) {
		u32 sum = 0;

		for (size_t i = 0; i < count; i++) {
			records[i].key = unit_random(&seed) % 100;
			records[i].odd_size[2] = (u8)records[i].key;
			sum += records[i].key;
		}
		sort(records, count, sizeof(records[0]), compare, NULL);
		for (size_t i = 0; i < count; i++) {
			EXPECT(!i || records[i - 1].key <= records[i].key);
			EXPECT_EQ(records[i].odd_size[2], records[i].key);
			sum -= records[i].key;
		}
		EXPECT_EQ(sum, 0);
	}
}

UNIT_TEST(bsearch_all)
{
	struct record key = { 0 };

	for (u32 i = 0; i < COUNT; i++)
		records[i].key = 2 * i;
	for (u32 i = 0; i < COUNT; i++) {
		key.key = 2 * i;
		EXPECT(bsearch(&key, records, COUNT, sizeof(key), compare) == &records[i]);
		key.key++;
		EXPECT(!bsearch(&key, records, COUNT, sizeof(key), compare));
	}
	EXPECT(!bsearch(&key, records, 0, sizeof(key), compare));
}
