// SPDX-License-Identifier: GPL-2.0-only
/* Tests of atomic.h and refcount.h: results, not ordering. */
#include <kernel/lib/atomic.h>

#include <kernel/lib/refcount.h>
#include <kernel/lib/unit.h>

UNIT_TEST(atomic_results)
{
	atomic_t v = ATOMIC_INIT(5);
	int old = 7;

	EXPECT_EQ(atomic_add_return(3, &v), 8);
	EXPECT_EQ(atomic_fetch_sub(2, &v), 8);
	EXPECT_EQ(atomic_cmpxchg(&v, 5, 9), 6);
	EXPECT_EQ(atomic_cmpxchg(&v, 6, 9), 6);
	EXPECT(!atomic_try_cmpxchg(&v, &old, 1));
	EXPECT_EQ(old, 9);
	EXPECT(atomic_try_cmpxchg(&v, &old, 1));
	EXPECT(atomic_dec_and_test(&v));
	EXPECT(!atomic_inc_not_zero(&v));
	EXPECT_EQ(atomic_dec_if_positive(&v), -1);
	EXPECT_EQ(atomic_read(&v), 0);
	EXPECT_EQ(atomic_xchg(&v, 12), 0);
	EXPECT(!atomic_add_unless(&v, 1, 12));
	EXPECT_EQ(atomic_fetch_or(3, &v), 12);
	EXPECT_EQ(atomic_fetch_andnot(1, &v), 15);
	EXPECT_EQ(atomic_read(&v), 14);
}

UNIT_TEST(atomic64_results)
{
	atomic64_t v = ATOMIC64_INIT(0xffffffffLL);

	EXPECT_EQ(atomic64_inc_return(&v), 0x100000000LL);
	EXPECT_EQ(atomic64_fetch_add(1LL << 40, &v), 0x100000000LL);
	EXPECT_EQ(atomic64_cmpxchg(&v, 0, 1), (1LL << 40) + 0x100000000LL);
	EXPECT_EQ(atomic64_xchg(&v, -1), (1LL << 40) + 0x100000000LL);
	EXPECT(atomic64_inc_and_test(&v));
}

UNIT_TEST(refcount_results)
{
	refcount_t r = REFCOUNT_INIT(1);

	refcount_inc(&r);
	EXPECT(!refcount_dec_and_test(&r));
	EXPECT(!refcount_dec_not_one(&r));
	EXPECT(refcount_inc_not_zero(&r));
	EXPECT(refcount_dec_not_one(&r));
	EXPECT(refcount_dec_and_test(&r));
	EXPECT(!refcount_inc_not_zero(&r));
	EXPECT_EQ(refcount_read(&r), 0);
	refcount_set(&r, 1);
	EXPECT(refcount_dec_if_one(&r));
}
