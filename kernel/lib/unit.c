// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs the in-kernel unit tests and prints TAP; see unit.h.  Tests run one after the other in
 * the caller's task, so the failure count of the running test needs no lock.
 */
#include <kernel/lib/unit.h>

#include <kernel/lib/string.h>
#include <kernel/printk.h>

extern const struct unit_test __unit_tests_start[];
extern const struct unit_test __unit_tests_end[];

#define MAX_REPORTS	10	/* per test; the rest is only counted */

static unsigned int failures;	/* of the running test */

void unit_fail(const char *file, int line, const char *what)
{
	if (failures++ < MAX_REPORTS)
		printk("# %s:%d: failed: %s\n", file, line, what);
}

void unit_fail_eq(const char *file, int line, const char *what, s64 got, s64 want)
{
	if (failures++ < MAX_REPORTS)
		printk("# %s:%d: failed: %s: got %lld (0x%llx), want %lld (0x%llx)\n", file, line,
		       what, got, got, want, want);
}

bool unit_streq(const char *a, const char *b)
{
	if (a && b && !strcmp(a, b))
		return true;
	printk("# \"%s\" is not \"%s\"\n", a, b);
	return false;
}

int unit_run_all(void)
{
	size_t count = __unit_tests_end - __unit_tests_start;
	int failed = 0;

	printk("TAP version 13\n1..%zu\n", count);
	for (size_t i = 0; i < count; i++) {
		const struct unit_test *test = &__unit_tests_start[i];

		failures = 0;
		test->fn();
		failed += failures != 0;
		printk("%sok %zu - %s\n", failures ? "not " : "", i + 1, test->name);
	}
	printk("# %d of %zu unit tests failed\n", failed, count);
	return failed;
}
