/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reference counts that cannot wrap.  A count that overflows, or is taken from zero, sticks at
 * REFCOUNT_SATURATED for ever: the object leaks instead of being freed while in use, and
 * refcount_bad() warns once.  Locking: none needed; dropping the last reference is an acquire,
 * every drop a release, so the destructor sees all the writes of former holders.
 */
#pragma once

#include <kernel/lib/atomic.h>

typedef struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)	{ .refs = ATOMIC_INIT(n) }
#define REFCOUNT_MAX		INT_MAX
#define REFCOUNT_SATURATED	(INT_MIN / 2)

void __cold refcount_bad(refcount_t *r, const char *what);

static inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return atomic_read(&r->refs);
}

static inline void refcount_add(int i, refcount_t *r)
{
	int old = atomic_fetch_add_relaxed(i, &r->refs);

	if (unlikely(old <= 0))
		refcount_bad(r, "addition on a dead or saturated count");
	else if (unlikely(old > REFCOUNT_MAX - i))
		refcount_bad(r, "overflow");
}

static inline void refcount_inc(refcount_t *r)
{
	refcount_add(1, r);
}

static inline bool __must_check refcount_add_not_zero(int i, refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (!old)
			return false;
	} while (!atomic_try_cmpxchg_relaxed(&r->refs, &old, (int)((unsigned int)old + i)));
	if (unlikely(old < 0 || old > REFCOUNT_MAX - i))
		refcount_bad(r, "overflow");
	return true;
}

static inline bool __must_check refcount_inc_not_zero(refcount_t *r)
{
	return refcount_add_not_zero(1, r);
}

static inline bool __must_check refcount_sub_and_test(int i, refcount_t *r)
{
	int old = atomic_fetch_sub_release(i, &r->refs);

	if (old == i) {
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		return true;
	}
	if (unlikely(old <= 0 || old < i))
		refcount_bad(r, "underflow");
	return false;
}

static inline bool __must_check refcount_dec_and_test(refcount_t *r)
{
	return refcount_sub_and_test(1, r);
}

/* For counts that are known not to become zero here. */
static inline void refcount_dec(refcount_t *r)
{
	if (unlikely(atomic_fetch_sub_release(1, &r->refs) <= 1))
		refcount_bad(r, "decrement reached zero");
}

/* Drops the last reference or none at all. */
static inline bool __must_check refcount_dec_if_one(refcount_t *r)
{
	int old = 1;

	return atomic_try_cmpxchg(&r->refs, &old, 0);
}

/* Drops a reference unless it is the last. */
static inline bool __must_check refcount_dec_not_one(refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (old == 1)
			return false;
		if (unlikely(old <= 0))
			return true;	/* saturated: stays so */
	} while (!atomic_try_cmpxchg_release(&r->refs, &old, old - 1));
	return true;
}
