// SPDX-License-Identifier: GPL-2.0-only
/* Test of the lock counters: a class of its own counts what this test does with it, and no more. */
#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>
#include <kernel/locking/lockstat.h>
#include <kernel/locking/spinlock.h>

static bool find(const char *name, struct lock_class_stat *s)
{
	unsigned int n;

	for (n = 0; lock_stat_nth(n, s); n++)
		if (!strcmp(s->name, name))
			return true;
	return false;
}

UNIT_TEST(lock_counters)
{
	static DEFINE_SPINLOCK(counted_lock);
	struct lock_class_stat s;
	int i;

	for (i = 0; i < 5; i++) {
		spin_lock(&counted_lock);
		spin_unlock(&counted_lock);
	}
	EXPECT(find("counted_lock", &s));
	EXPECT_EQ(s.acquired, 5);
	EXPECT_EQ(s.contended, 0);
	EXPECT_EQ(s.rank, LOCK_RANK_LEAF);
	lock_stat_reset();
	EXPECT(find("counted_lock", &s) && !s.acquired);
}
