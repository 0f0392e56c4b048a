// SPDX-License-Identifier: GPL-2.0-only
/* Tests of cmdline.c; the real command line is put back afterwards. */
#include <kernel/lib/cmdline.h>

#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>

static char saved[COMMAND_LINE_SIZE];

static void check_values(void)
{
	char buf[8];

	EXPECT_STREQ(cmdline_get("console"), "ttyAMA0");
	EXPECT_STREQ(cmdline_get("quiet"), "");
	EXPECT(!cmdline_get("missing"));
	EXPECT(!cmdline_get("not_mine"));
	EXPECT_STREQ(cmdline_get("name"), "two words");
	EXPECT_STREQ(cmdline_get("unit-tests"), "1");
	EXPECT(cmdline_bool("unit_tests"));
	EXPECT(cmdline_bool("quiet"));
	EXPECT(!cmdline_bool("debug"));
	EXPECT_EQ(cmdline_number("mem", 5), 64 << 20);
	EXPECT_EQ(cmdline_number("name", 5), 5);
	EXPECT_EQ(cmdline_number("missing", 6), 6);
	EXPECT_EQ(cmdline_find("mem", buf, sizeof(buf)), 3);
	EXPECT_STREQ(buf, "64M");
	EXPECT_EQ(cmdline_find("name", buf, sizeof(buf)), -E2BIG);
	EXPECT_EQ(cmdline_find("missing", buf, sizeof(buf)), -ENOENT);
}

UNIT_TEST(cmdline_parsing)
{
	const char *value;

	strscpy(saved, cmdline_raw(), sizeof(saved));
	cmdline_init("  console=tty0 quiet name=\"two words\" mem=64M unit_tests=1 debug=0 "
		     "console=ttyAMA0 -- not_mine single a=b");
	check_values();
	EXPECT_STREQ(cmdline_word(0, &value), "console");
	EXPECT_STREQ(value, "tty0");
	EXPECT_STREQ(cmdline_word(1, &value), "quiet");
	EXPECT(!value);
	EXPECT(!cmdline_word(7, NULL));
	EXPECT_STREQ(cmdline_init_arg(0), "not_mine");
	EXPECT_STREQ(cmdline_init_arg(2), "a=b");
	EXPECT(!cmdline_init_arg(3));
	cmdline_init("");
	EXPECT(!cmdline_word(0, NULL));
	cmdline_init("=x \"a=b c\" \"");
	EXPECT_STREQ(cmdline_get("a"), "b c");
	cmdline_init(saved);
	EXPECT_STREQ(cmdline_raw(), saved);
}
