// SPDX-License-Identifier: GPL-2.0-only
/* Tests of math64: known values, and identities on random numbers. */
#include <kernel/lib/math64.h>

#include <kernel/lib/unit.h>

UNIT_TEST(math64_division)
{
	u64 n = 10000000000ULL;
	u32 rem;
	u64 rem64;

	EXPECT_EQ(div_u64_rem(n, 7, &rem), 1428571428ULL);
	EXPECT_EQ(rem, 4);
	EXPECT_EQ(div64_u64_rem(U64_MAX, 10000000019ULL, &rem64), 1844674403ULL);
	EXPECT_EQ(rem64, U64_MAX - 1844674403ULL * 10000000019ULL);
	EXPECT_EQ(div_s64(-10000000000LL, 3), -3333333333LL);
	EXPECT_EQ(do_div(n, 1000000), 0);
	EXPECT_EQ(n, 10000);
	EXPECT_EQ(DIV64_U64_ROUND_UP(10000000001ULL, 10ULL), 1000000001ULL);
}

/* The constant divisors go another way than the variable ones. */
#define SAME_AS_VARIABLE(n, d) do {					\
	u32 variable = (d);						\
	u32 rem1, rem2;							\
									\
	OPTIMIZER_HIDE_VAR(variable);					\
	EXPECT_EQ(div_u64_rem(n, d, &rem1), div_u64_rem(n, variable, &rem2));	\
	EXPECT_EQ(rem1, rem2);						\
} while (0)

UNIT_TEST(math64_constant_divisors)
{
	static const u64 numbers[] = {
		0, 1, 2, 999999999, 1000000000, 1000000001, 0xffffffff, 0x100000000, 4294967295999999999ULL,
		1000000000000000000ULL, 9999999999999999999ULL, U64_MAX - 1, U64_MAX,
	};

	for (unsigned int i = 0; i < ARRAY_SIZE(numbers); i++) {
		SAME_AS_VARIABLE(numbers[i], 2);
		SAME_AS_VARIABLE(numbers[i], 3);
		SAME_AS_VARIABLE(numbers[i], 1000);
		SAME_AS_VARIABLE(numbers[i], 4096);
		SAME_AS_VARIABLE(numbers[i], 1000000000);
		SAME_AS_VARIABLE(numbers[i], 0xffffffff);
	}
}

UNIT_TEST(math64_multiplication)
{
	u64 high;

	EXPECT_EQ(mul_u64_u64_wide(U64_MAX, U64_MAX, &high), 1);
	EXPECT_EQ(high, U64_MAX - 1);
	EXPECT_EQ(mul_u64_u32_shr(U64_MAX, U32_MAX, 32), 0xfffffffeffffffffULL);
	EXPECT_EQ(mul_u64_u32_shr(1000000007, 1 << 24, 24), 1000000007);
	EXPECT_EQ(mul_u64_u32_shr(5, 7, 0), 35);
	EXPECT_EQ(mul_u64_u64_shr(U64_MAX, U64_MAX, 64), U64_MAX - 1);
	EXPECT_EQ(mul_u64_u64_shr(1ULL << 63, 6, 65), 1);
	EXPECT_EQ(mul_u64_u64_div_u64(U64_MAX, 1000, 1000), U64_MAX);
	EXPECT_EQ(mul_u64_u64_div_u64(U64_MAX, 3, 2), U64_MAX);	/* saturates */
	EXPECT_EQ(mul_u64_u64_div_u64(1ULL << 62, 12, 1ULL << 40), 12ULL << 22);
	EXPECT_EQ(mul_u64_u32_div(123456789012345678ULL, 1000, 1000), 123456789012345678ULL);
}

UNIT_TEST(math64_roots)
{
	u32 seed = 5;

	EXPECT_EQ(int_sqrt64(0), 0);
	EXPECT_EQ(int_sqrt64(U64_MAX), U32_MAX);
	for (int i = 0; i < 200; i++) {
		u64 x = ((u64)unit_random(&seed) << 32 | unit_random(&seed)) >> (i % 64);
		u64 root = int_sqrt64(x);

		EXPECT(root * root <= x);
		EXPECT(root == U32_MAX || (root + 1) * (root + 1) > x);
	}
	EXPECT_EQ(gcd64(462, 1071), 21);
	EXPECT_EQ(gcd64(0, 5), 5);
}
