// SPDX-License-Identifier: GPL-2.0-only
/* Tests of printing and scanning.  Formats are passed through variables where the compiler
 * would object to what is tested. */
#include <kernel/lib/vsprintf.h>

#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>
#include <mm/slab.h>

static char text[128];

#define EXPECT_PRINTS(want, ...) do {						\
	int __len = snprintf(text, sizeof(text), __VA_ARGS__);			\
	EXPECT_STREQ(text, want);						\
	EXPECT_EQ(__len, (int)strlen(want));					\
} while (0)

UNIT_TEST(printf_integers)
{
	EXPECT_PRINTS("0 1 -1", "%d %d %d", 0, 1, -1);
	EXPECT_PRINTS("-2147483648", "%d", INT_MIN);
	EXPECT_PRINTS("4294967295", "%u", ~0U);
	EXPECT_PRINTS("-9223372036854775808", "%lld", LLONG_MIN);
	EXPECT_PRINTS("18446744073709551615", "%llu", ~0ULL);
	EXPECT_PRINTS("1777777777777777777777", "%llo", ~0ULL);
	EXPECT_PRINTS("deadbeef DEADBEEF", "%x %X", 0xdeadbeef, 0xdeadbeef);
	EXPECT_PRINTS("0x1f 017 0", "%#x %#o %#x", 31, 15, 0);
	EXPECT_PRINTS("100000000000000", "%llu", 100000000000000ULL);
	EXPECT_PRINTS("-1 255", "%hhd %hhu", 255, 255);
	EXPECT_PRINTS("-1 65535", "%hd %hu", 65535, 65535);
	EXPECT_PRINTS("7 8 9", "%ld %zu %zd", 7L, (size_t)8, (ssize_t)9);
	EXPECT_PRINTS("-5 5", "%zd %td", (ssize_t)-5, (ptrdiff_t)5);
}

UNIT_TEST(printf_widths)
{
	EXPECT_PRINTS("|   42|42   |00042|", "|%5d|%-5d|%05d|", 42, 42, 42);
	EXPECT_PRINTS("|  -42|-0042|+42| 42|", "|%5d|%05d|%+d|% d|", -42, -42, 42, 42);
	EXPECT_PRINTS("|  007|007  |", "|%5.3d|%-5.3d|", 7, 7);
	EXPECT_PRINTS("||", "|%.0d|", 0);
	EXPECT_PRINTS("|    7|7    |", "|%*d|%*d|", 5, 7, -5, 7);
	EXPECT_PRINTS("|0x002a|", "|%#06x|", 42);
	EXPECT_PRINTS("|  abc|abc  |ab|", "|%5s|%-5s|%.2s|", "abc", "abc", "abc");
	EXPECT_PRINTS("|a|", "|%.*s|", 1, "abc");
	EXPECT_PRINTS("|  x|x  |%|", "|%3c|%-3c|%%|", 'x', 'x');
}

UNIT_TEST(printf_truncation)
{
	char small[5];

	EXPECT_EQ(snprintf(small, sizeof(small), "%d", 1234567), 7);
	EXPECT_STREQ(small, "1234");
	EXPECT_EQ(scnprintf(small, sizeof(small), "%s", "abcdefg"), 4);
	EXPECT_STREQ(small, "abcd");
	small[0] = 'x';
	EXPECT_EQ(snprintf(small, 0, "abc"), 3);
	EXPECT_EQ(small[0], 'x');
	EXPECT_EQ(scnprintf(small, 0, "%s", "abc"), 0);
	EXPECT_EQ(snprintf(NULL, 0, "%100d", 5), 100);
}

UNIT_TEST(printf_odd_arguments)
{
	const char *volatile null = NULL;
	const char *volatile unknown = "%y %d";
	const char *volatile cut = "100%";

	EXPECT_PRINTS("(null)", "%s", null);
	EXPECT_PRINTS("%y 3", unknown, 3);
	EXPECT_PRINTS("100%", cut, 0);
}

UNIT_TEST(printf_pointers)
{
	static const u8 mac[6] = { 0x52, 0x54, 0, 0x12, 0x34, 0x56 };
	static const u8 ip[4] = { 10, 0, 2, 15 };
	unsigned long map[BITS_PER_LONG == 64 ? 1 : 2] = { 0x8f };
	phys_addr_t pa = 0x40000000;

	EXPECT_PRINTS(sizeof(long) == 8 ? "0000000000001234" : "00001234", "%px", (void *)0x1234);
	EXPECT_PRINTS("-ENOENT", "%pe", ERR_PTR(-ENOENT));
	EXPECT_PRINTS("-EPROBE_DEFER", "%pe", ERR_PTR(-EPROBE_DEFER));
	EXPECT_PRINTS("-4000", "%pe", ERR_PTR(-4000));
	EXPECT_PRINTS("52:54:00:12:34:56", "%pM", mac);
	EXPECT_PRINTS("10.0.2.15", "%pI4", ip);
	EXPECT_PRINTS("0x0000000040000000", "%pa", &pa);
	EXPECT_PRINTS("0-3,7 8f", "%*pbl %*pb", 8, map, 8, map);
	EXPECT_PRINTS("00000000,0000008f", "%*pb", 64, map);
	EXPECT_PRINTS("52 54 00", "%*ph", 3, mac);
}

__printf(1, 2)
static void print_nested(const char *fmt, ...)
{
	struct va_format format = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	format.va = &args;
	snprintf(text, sizeof(text), "[%pV] %d", &format, 3);
	va_end(args);
}

UNIT_TEST(printf_nested)
{
	char *s = kasprintf(GFP_KERNEL, "%s-%d", "eth", 0);

	print_nested("%s:%u", "x", 7);
	EXPECT_STREQ(text, "[x:7] 3");
	EXPECT_STREQ(s, "eth-0");
	kfree(s);
}

UNIT_TEST(scanf_numbers)
{
	int a, b;
	unsigned int x;
	unsigned long long ull;
	u8 byte;
	u16 half;

	EXPECT_EQ(sscanf("12 -34", "%d %d", &a, &b), 2);
	EXPECT_EQ(a, 12);
	EXPECT_EQ(b, -34);
	EXPECT_EQ(sscanf("8:0", "%d:%d", &a, &b), 2);
	EXPECT_EQ(a, 8);
	EXPECT_EQ(sscanf("0x1f 77", "%x %i", &x, &a), 2);
	EXPECT_EQ(x, 0x1f);
	EXPECT_EQ(a, 77);
	EXPECT_EQ(sscanf("123456", "%3d%d", &a, &b), 2);
	EXPECT_EQ(a, 123);
	EXPECT_EQ(b, 456);
	EXPECT_EQ(sscanf("18446744073709551615", "%llu", &ull), 1);
	EXPECT_EQ(ull, ~0ULL);
	EXPECT_EQ(sscanf("300 70000", "%hhu %hu", &byte, &half), 2);
	EXPECT_EQ(byte, 44);
	EXPECT_EQ(sscanf("x", "%d", &a), 0);
	EXPECT_EQ(sscanf("5,x", "%d,%d", &a, &b), 1);
	EXPECT_EQ(sscanf("", "%d", &a), 0);
}

UNIT_TEST(scanf_text)
{
	char word[16], rest[16];
	int n;

	EXPECT_EQ(sscanf("  hello world", "%15s %15s%n", word, rest, &n), 2);
	EXPECT_STREQ(word, "hello");
	EXPECT_STREQ(rest, "world");
	EXPECT_EQ(n, 13);
	EXPECT_EQ(sscanf("key=value", "%15[^=]=%15[a-z]", word, rest), 2);
	EXPECT_STREQ(word, "key");
	EXPECT_STREQ(rest, "value");
	EXPECT_EQ(sscanf("ab", "%*c%c", word), 1);
	EXPECT_EQ(word[0], 'b');
	EXPECT_EQ(sscanf("50%", "%d%%%n", &n, &n), 1);
	EXPECT_EQ(n, 3);
}
