// SPDX-License-Identifier: GPL-2.0-only
/* Tests of kstrtox.c: every result, and that failures leave the result alone. */
#include <kernel/lib/kstrtox.h>

#include <kernel/lib/err.h>
#include <kernel/lib/unit.h>

UNIT_TEST(kstrto_unsigned)
{
	unsigned long long ull = 7;
	unsigned int ui;
	u8 byte;
	u16 half;

	EXPECT_EQ(kstrtoull("0", 10, &ull), 0);
	EXPECT_EQ(ull, 0);
	EXPECT_EQ(kstrtoull("18446744073709551615\n", 10, &ull), 0);
	EXPECT_EQ(ull, ~0ULL);
	EXPECT_EQ(kstrtoull("18446744073709551616", 10, &ull), -ERANGE);
	EXPECT_EQ(kstrtoull("99999999999999999999999", 10, &ull), -ERANGE);
	EXPECT_EQ(kstrtoull("0xffffffffffffffff", 0, &ull), 0);
	EXPECT_EQ(kstrtoull("0x10000000000000000", 0, &ull), -ERANGE);
	EXPECT_EQ(kstrtoull("0777", 0, &ull), 0);
	EXPECT_EQ(ull, 0777);
	EXPECT_EQ(kstrtoull("+5", 10, &ull), 0);
	EXPECT_EQ(ull, 5);
	EXPECT_EQ(kstrtouint("4294967295", 10, &ui), 0);
	EXPECT_EQ(ui, 4294967295U);
	EXPECT_EQ(kstrtouint("4294967296", 10, &ui), -ERANGE);
	EXPECT_EQ(kstrtou8("255", 10, &byte), 0);
	EXPECT_EQ(kstrtou8("256", 10, &byte), -ERANGE);
	EXPECT_EQ(kstrtou16("ffff", 16, &half), 0);
	EXPECT_EQ(half, 0xffff);
	EXPECT_EQ(kstrtou16("0xFFff", 16, &half), 0);
}

UNIT_TEST(kstrto_malformed)
{
	static const char *const bad[] = { "", " ", "-1", "1 ", " 1", "12x", "1\n\n", "0x", "+-1",
					   "x", "\n", "08" };

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		unsigned long value = 99;

		EXPECT_EQ(kstrtoul(bad[i], 0, &value), -EINVAL);
		EXPECT_EQ(value, 99);
	}
}

UNIT_TEST(kstrto_signed)
{
	long long ll;
	int value = 1;

	EXPECT_EQ(kstrtoint("-2147483648", 10, &value), 0);
	EXPECT_EQ(value, INT_MIN);
	EXPECT_EQ(kstrtoint("2147483647", 10, &value), 0);
	EXPECT_EQ(value, INT_MAX);
	EXPECT_EQ(kstrtoint("2147483648", 10, &value), -ERANGE);
	EXPECT_EQ(kstrtoint("-2147483649", 10, &value), -ERANGE);
	EXPECT_EQ(value, INT_MAX);
	EXPECT_EQ(kstrtoll("-9223372036854775808", 10, &ll), 0);
	EXPECT_EQ(ll, S64_MIN);
	EXPECT_EQ(kstrtoll("9223372036854775808", 10, &ll), -ERANGE);
	EXPECT_EQ(kstrtoint("--1", 10, &value), -EINVAL);
}

UNIT_TEST(kstrto_bool)
{
	bool value = false;

	EXPECT_EQ(kstrtobool("Yes\n", &value), 0);
	EXPECT(value);
	EXPECT_EQ(kstrtobool("0", &value), 0);
	EXPECT(!value);
	EXPECT_EQ(kstrtobool("on", &value), 0);
	EXPECT(value);
	EXPECT_EQ(kstrtobool("off", &value), 0);
	EXPECT(!value);
	EXPECT_EQ(kstrtobool("maybe", &value), -EINVAL);
	EXPECT_EQ(kstrtobool("", &value), -EINVAL);
}

UNIT_TEST(simple_strto)
{
	const char *s = "0x1fz";
	const char *none = "zzz";
	char *end;

	EXPECT_EQ(simple_strtoul(s, &end, 0), 0x1f);
	EXPECT(end == s + 4);
	EXPECT_EQ(simple_strtoul(none, &end, 10), 0);
	EXPECT(end == none);
	EXPECT_EQ(simple_strtol("-12,", &end, 10), -12);
	EXPECT_EQ(*end, ',');
	EXPECT_EQ(memparse("64M", &end), 64 << 20);
	EXPECT_EQ(*end, '\0');
	EXPECT_EQ(memparse("0x10k@", &end), 16 << 10);
	EXPECT_EQ(*end, '@');
	EXPECT_EQ(memparse("5G", &end), 5ULL << 30);
}
