/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * In-kernel unit tests, built with CONFIG_UNIT_TESTS.  A file x_test.c beside x.c says
 *
 *	UNIT_TEST(list_add_order) { ...; EXPECT(cond); EXPECT_EQ(a, b); }
 *
 * A test runs in a kernel thread or the boot task, may sleep, and goes on after a failed EXPECT.
 * unit_run_all() prints TAP through printk and returns the number of tests that failed.  The
 * linker script keeps `.unit_tests` between __unit_tests_start and __unit_tests_end.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

struct unit_test {
	const char *name;
	void (*fn)(void);
};

#define UNIT_TEST(test_name)							\
	static void unit_##test_name(void);					\
	static const struct unit_test __unit_entry_##test_name			\
		__used __section(".unit_tests") __aligned(sizeof(long)) = {	\
			.name = #test_name, .fn = unit_##test_name,		\
		};								\
	static void unit_##test_name(void)

void __cold unit_fail(const char *file, int line, const char *what);
void __cold unit_fail_eq(const char *file, int line, const char *what, s64 got, s64 want);
int unit_run_all(void);

#define EXPECT(cond) do {					\
	if (unlikely(!(cond)))					\
		unit_fail(__FILE__, __LINE__, #cond);		\
} while (0)

/* Integers or pointers. */
#define EXPECT_EQ(got, want) do {							\
	__typeof__((got) + 0) __unit_got = (got);					\
	__typeof__((want) + 0) __unit_want = (want);					\
	if (unlikely((s64)__unit_got != (s64)__unit_want))				\
		unit_fail_eq(__FILE__, __LINE__, #got " == " #want, (s64)__unit_got,	\
			     (s64)__unit_want);						\
} while (0)

#define EXPECT_STREQ(got, want) do {						\
	if (unlikely(!unit_streq((got), (want))))				\
		unit_fail(__FILE__, __LINE__, #got " equals " #want);		\
} while (0)

bool unit_streq(const char *a, const char *b);

/* Repeatable pseudo-random numbers for tests (xorshift; the seed must not be 0). */
static inline u32 unit_random(u32 *state)
{
	*state ^= *state << 13;
	*state ^= *state >> 17;
	*state ^= *state << 5;
	return *state;
}
