// SPDX-License-Identifier: GPL-2.0-only
/* Tests of string.c and of whichever memory functions the architecture uses. */
#include <kernel/lib/string.h>

#include <kernel/lib/err.h>
#include <kernel/lib/unit.h>
#include <mm/slab.h>

#define AREA	160

static u8 area[AREA], model[AREA];

static void fill_areas(void)
{
	for (int i = 0; i < AREA; i++)
		area[i] = model[i] = (u8)(i * 7 + 3);
}

static bool areas_equal(void)
{
	for (int i = 0; i < AREA; i++) {
		if (area[i] != model[i])
			return false;
	}
	return true;
}

/* What memmove() should do, byte by byte through a copy. */
static void model_move(size_t to, size_t from, size_t n)
{
	u8 copy[AREA];

	for (size_t i = 0; i < n; i++)
		copy[i] = model[from + i];
	for (size_t i = 0; i < n; i++)
		model[to + i] = copy[i];
}

UNIT_TEST(string_memmove_overlaps)
{
	for (size_t to = 0; to < 40; to += 3) {
		for (size_t from = 0; from < 40; from++) {
			for (size_t n = 0; n < 100; n += 7) {
				fill_areas();
				EXPECT(memmove(area + to, area + from, n) == area + to);
				model_move(to, from, n);
				EXPECT(areas_equal());
			}
		}
	}
}

UNIT_TEST(string_memcpy_alignments)
{
	static u8 source[AREA];

	for (int i = 0; i < AREA; i++)
		source[i] = (u8)(200 - i);
	for (size_t to = 0; to < 17; to++) {
		for (size_t from = 0; from < 17; from++) {
			size_t n = (to * 29 + from * 13) % 120;

			fill_areas();
			EXPECT(memcpy(area + to, source + from, n) == area + to);
			for (size_t i = 0; i < n; i++)
				model[to + i] = source[from + i];
			EXPECT(areas_equal());
		}
	}
}

UNIT_TEST(string_memset_alignments)
{
	for (size_t to = 0; to < 17; to++) {
		for (size_t n = 0; n < 100; n++) {
			fill_areas();
			EXPECT(memset(area + to, 0x1a5, n) == area + to);
			for (size_t i = 0; i < n; i++)
				model[to + i] = 0xa5;
			EXPECT(areas_equal());
		}
	}
}

/* Each length and place of the first difference; what comes after it does not count. */
UNIT_TEST(string_memcmp_lengths)
{
	u8 a[40], b[40];

	for (unsigned int n = 0; n < 32; n++) {
		memset(a, 'x', sizeof(a));
		memset(b, 'x', sizeof(b));
		b[1 + n] = 'y';
		EXPECT_EQ(memcmp(a + 1, b + 1, n), 0);
		for (unsigned int at = 0; at < n; at++) {
			b[1 + at] = 0xff;
			a[2 + at] = 0xfe;
			EXPECT(memcmp(a + 1, b + 1, n) < 0);
			EXPECT(memcmp(b + 1, a + 1, n) > 0);
			b[1 + at] = a[2 + at] = 'x';
		}
	}
}

UNIT_TEST(string_memcmp_memchr)
{
	fill_areas();
	EXPECT_EQ(memcmp(area, model, AREA), 0);
	for (size_t i = 0; i < 70; i++) {
		fill_areas();
		area[i] = 255;
		model[i] = 1;
		EXPECT(memcmp(area, model, 80) > 0);
		EXPECT(memcmp(model, area, 80) < 0);
		EXPECT_EQ(memcmp(area, model, i), 0);
	}
	memset(area, 5, AREA);
	EXPECT(!memchr_inv(area, 5, AREA));
	EXPECT(!memchr(area, 6, AREA));
	area[33] = 6;
	EXPECT(memchr_inv(area, 5, AREA) == area + 33);
	EXPECT(memchr(area, 6, AREA) == area + 33);
	EXPECT(memscan(area, 9, AREA) == area + AREA);
}

UNIT_TEST(string_copying)
{
	char buf[8];

	EXPECT_EQ(strlcpy(buf, "hello, world", sizeof(buf)), 12);
	EXPECT_STREQ(buf, "hello, ");
	EXPECT_EQ(strscpy(buf, "hello, world", sizeof(buf)), -E2BIG);
	EXPECT_STREQ(buf, "hello, ");
	EXPECT_EQ(strscpy(buf, "1234567", sizeof(buf)), 7);
	EXPECT_EQ(strscpy(buf, "abc", sizeof(buf)), 3);
	EXPECT_STREQ(buf, "abc");
	EXPECT_EQ(strlcat(buf, "defghij", sizeof(buf)), 10);
	EXPECT_STREQ(buf, "abcdefg");
	EXPECT_EQ(strscpy_pad(buf, "x", sizeof(buf)), 1);
	EXPECT(!memchr_inv(buf + 1, 0, 7));
	EXPECT_STREQ(strncat(strcpy(buf, "ab"), "cdef", 2), "abcd");
	EXPECT_EQ(strscpy(buf, "abc", 0), -E2BIG);
}

UNIT_TEST(string_comparing)
{
	EXPECT(strcmp("abc", "abd") < 0);
	EXPECT(strcmp("abc", "ab") > 0);
	EXPECT(strcmp("\xff", "a") > 0);
	EXPECT_EQ(strncmp("abcd", "abce", 3), 0);
	EXPECT_EQ(strncmp("ab", "ab", 9), 0);
	EXPECT_EQ(strcasecmp("HeLLo", "hEllO"), 0);
	EXPECT(strncasecmp("abX", "ABy", 3) < 0);
	EXPECT_EQ(str_has_prefix("console=tty", "console="), 8);
	EXPECT_EQ(str_has_prefix("cons", "console="), 0);
	EXPECT(sysfs_streq("on\n", "on"));
	EXPECT(!sysfs_streq("on\n\n", "on"));
	EXPECT(!sysfs_streq("one", "on"));
}

UNIT_TEST(string_searching)
{
	const char *s = "a/b/c";

	EXPECT(strchr(s, '/') == s + 1);
	EXPECT(strrchr(s, '/') == s + 3);
	EXPECT(strchr(s, 0) == s + 5);
	EXPECT(!strchr(s, 'x'));
	EXPECT(strchrnul(s, 'x') == s + 5);
	EXPECT(!strnchr(s, 1, '/'));
	EXPECT(strstr("the needle here", "needle") && !strstr("need", "needle"));
	EXPECT(strstr(s, "") == s);
	EXPECT_EQ(strspn("aabbc", "ab"), 4);
	EXPECT_EQ(strcspn("key=value", "="), 3);
	EXPECT(strpbrk(s, "cb") == s + 2);
}

UNIT_TEST(string_splitting)
{
	char text[] = "one,,three";
	char spaces[] = "  trim me \n";
	char *rest = text;

	EXPECT_STREQ(strsep(&rest, ","), "one");
	EXPECT_STREQ(strsep(&rest, ","), "");
	EXPECT_STREQ(strsep(&rest, ","), "three");
	EXPECT(!strsep(&rest, ","));
	EXPECT_STREQ(strim(spaces), "trim me");
}

UNIT_TEST(string_glob)
{
	EXPECT(glob_match("*.ko", "virtio.ko"));
	EXPECT(!glob_match("*.ko", "virtio.kon"));
	EXPECT(glob_match("a?c*", "abc"));
	EXPECT(glob_match("[a-c]x[!0-9]", "bxz"));
	EXPECT(!glob_match("[a-c]x[!0-9]", "bx7"));
	EXPECT(glob_match("a*b*c", "a-b-b-c"));
	EXPECT(glob_match("\\*", "*"));
	EXPECT(!glob_match("\\*", "x"));
	EXPECT(glob_match("[]]", "]"));
	EXPECT(glob_match("**", ""));
	EXPECT(!glob_match("", "x"));
}

UNIT_TEST(string_duplicates)
{
	char *s = kstrdup("hello", GFP_KERNEL);
	char *n = kstrndup("hello", 3, GFP_KERNEL);
	char *m = kmemdup("bytes", 6, GFP_KERNEL);

	EXPECT_STREQ(s, "hello");
	EXPECT_STREQ(n, "hel");
	EXPECT_STREQ(m, "bytes");
	EXPECT(!kstrdup(NULL, GFP_KERNEL));
	kfree(s);
	kfree(n);
	kfree(m);
}
