// SPDX-License-Identifier: GPL-2.0-only
/* Tests of bitops.h, bitmap.c, cpumask.h: against plain arrays of bool. */
#include <kernel/lib/bitmap.h>

#include <kernel/lib/cpumask.h>
#include <kernel/lib/err.h>
#include <kernel/lib/log2.h>
#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>

#define BITS	150

static DECLARE_BITMAP(map, BITS);
static bool model[BITS];

static void compare_with_model(void)
{
	unsigned int next_set = BITS, next_clear = BITS, weight = 0;

	for (int i = BITS - 1; i >= 0; i--) {
		EXPECT_EQ(test_bit(i, map), model[i]);
		if (model[i])
			next_set = i;
		else
			next_clear = i;
		weight += model[i];
		EXPECT_EQ(find_next_bit(map, BITS, i), next_set);
		EXPECT_EQ(find_next_zero_bit(map, BITS, i), next_clear);
	}
	EXPECT_EQ(bitmap_weight(map, BITS), weight);
	EXPECT_EQ(bitmap_empty(map, BITS), !weight);
	EXPECT_EQ(bitmap_full(map, BITS), weight == BITS);
}

UNIT_TEST(bitmap_ranges)
{
	u32 seed = 12345;

	bitmap_zero(map, BITS);
	memset(model, 0, sizeof(model));
	for (int round = 0; round < 200; round++) {
		unsigned int start = unit_random(&seed) % BITS;
		unsigned int len = unit_random(&seed) % (BITS - start + 1);
		bool value = unit_random(&seed) & 1;

		if (value)
			bitmap_set(map, start, len);
		else
			bitmap_clear(map, start, len);
		for (unsigned int i = 0; i < len; i++)
			model[start + i] = value;
		compare_with_model();
	}
}

UNIT_TEST(bitmap_single_bits)
{
	bitmap_zero(map, BITS);
	set_bit(0, map);
	EXPECT(!test_and_set_bit(149, map));
	EXPECT(test_and_set_bit(149, map));
	EXPECT_EQ(find_last_bit(map, BITS), 149);
	EXPECT(test_and_clear_bit(149, map));
	EXPECT(!__test_and_clear_bit(149, map));
	EXPECT_EQ(find_last_bit(map, BITS), 0);
	change_bit(0, map);
	EXPECT_EQ(find_last_bit(map, BITS), BITS);
	__assign_bit(77, map, true);
	EXPECT_EQ(find_first_bit(map, BITS), 77);
	EXPECT_EQ(find_first_bit(map, 77), 77);
}

UNIT_TEST(bitmap_areas)
{
	bitmap_zero(map, BITS);
	bitmap_set(map, 3, 10);
	EXPECT_EQ(bitmap_find_next_zero_area(map, BITS, 0, 3, 0), 0);
	EXPECT_EQ(bitmap_find_next_zero_area(map, BITS, 0, 4, 0), 13);
	EXPECT_EQ(bitmap_find_next_zero_area(map, BITS, 0, 4, 15), 16);
	EXPECT_EQ(bitmap_find_next_zero_area(map, BITS, 0, BITS, 0), BITS);
	EXPECT_EQ(bitmap_find_free_region(map, BITS, 4), 16);
	EXPECT_EQ(bitmap_find_free_region(map, BITS, 4), 32);
	bitmap_release_region(map, 16, 4);
	EXPECT_EQ(bitmap_find_free_region(map, BITS, 3), 16);
	EXPECT_EQ(bitmap_find_free_region(map, 32, 5), -ENOMEM);
}

UNIT_TEST(bitmap_lists)
{
	char text[40];

	EXPECT_EQ(bitmap_parselist("0-3,7, 100-101\n", map, BITS), 0);
	EXPECT_EQ(bitmap_weight(map, BITS), 7);
	EXPECT_EQ(bitmap_print_list(text, sizeof(text), map, BITS), 13);
	EXPECT_STREQ(text, "0-3,7,100-101");
	EXPECT_EQ(bitmap_print_list(text, 6, map, BITS), 5);
	EXPECT_EQ(bitmap_parselist("", map, BITS), 0);
	EXPECT(bitmap_empty(map, BITS));
	EXPECT_EQ(bitmap_parselist("150", map, BITS), -ERANGE);
	EXPECT_EQ(bitmap_parselist("18446744073709551617", map, BITS), -ERANGE);
	EXPECT_EQ(bitmap_parselist("3-2", map, BITS), -EINVAL);
	EXPECT_EQ(bitmap_parselist("a", map, BITS), -EINVAL);
	EXPECT_EQ(bitmap_parselist("1-", map, BITS), -EINVAL);
}

UNIT_TEST(bitmap_logic)
{
	unsigned long a[2] = { ~0UL, ~0UL };
	unsigned long b[2] = { 0xf0, 0 };
	unsigned long c[2];
	unsigned int bits = BITS_PER_LONG + 4;

	EXPECT(bitmap_and(c, a, b, bits));
	EXPECT_EQ(c[0], 0xf0);
	EXPECT(bitmap_equal(b, c, bits));
	EXPECT(bitmap_subset(b, a, bits));
	EXPECT(!bitmap_subset(a, b, bits));
	EXPECT(bitmap_andnot(c, a, b, bits));
	EXPECT_EQ(bitmap_weight(c, bits), bits - 4);
	EXPECT(!bitmap_intersects(b, c, bits));
	bitmap_or(c, b, c, bits);
	EXPECT(bitmap_full(c, bits));
	a[1] = 15;
	EXPECT(bitmap_full(a, bits));
	EXPECT(bitmap_equal(a, c, bits));
}

UNIT_TEST(bitops_words)
{
	EXPECT_EQ(ffs(0), 0);
	EXPECT_EQ(ffs(0x80), 8);
	EXPECT_EQ(fls(0), 0);
	EXPECT_EQ(fls(~0U), 32);
	EXPECT_EQ(fls64(1ULL << 40), 41);
	EXPECT_EQ(__ffs64(1ULL << 40), 40);
	EXPECT_EQ(hweight64(~0ULL), 64);
	EXPECT_EQ(hweight32(0xf00f), 8);
	EXPECT_EQ(GENMASK(7, 4), 0xf0);
	EXPECT_EQ(GENMASK_ULL(63, 0), ~0ULL);
	EXPECT_EQ(FIELD_GET(GENMASK(7, 4), 0xabcd), 0xc);
	EXPECT_EQ(FIELD_PREP(GENMASK(7, 4), 5), 0x50);
	EXPECT_EQ(ilog2(4097), 12);
	EXPECT_EQ(order_base_2(4097), 13);
	EXPECT_EQ(roundup_pow_of_two(33), 64);
	EXPECT_EQ(rounddown_pow_of_two(33), 32);
	EXPECT_EQ(rol32(0x80000001, 4), 0x18);
	EXPECT_EQ(ror64(1, 1), 1ULL << 63);
	EXPECT_EQ(sign_extend64(0x80, 7), -128);
}

UNIT_TEST(cpumask_iteration)
{
	struct cpumask mask = CPU_MASK_NONE;
	unsigned int cpu, seen = 0;

	EXPECT(cpumask_empty(&mask));
	EXPECT(cpumask_first(&mask) >= NR_CPUS);
	cpumask_set_cpu(0, &mask);
	cpumask_set_cpu(NR_CPUS - 1, &mask);
	for_each_cpu(cpu, &mask)
		seen |= 1U << cpu;
	EXPECT_EQ(seen, 1U | 1U << (NR_CPUS - 1));
	EXPECT_EQ(cpumask_next_wrap(NR_CPUS - 1, &mask), 0);
	cpumask_setall(&mask);
	EXPECT_EQ(cpumask_weight(&mask), NR_CPUS);
	EXPECT(cpumask_subset(cpumask_of(NR_CPUS - 1), &mask));
	EXPECT(cpumask_and(&mask, &mask, cpumask_of(0)));
	EXPECT(cpumask_equal(&mask, cpumask_of(0)));
}
