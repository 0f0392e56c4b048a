/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Atomic integers and compare-and-exchange, for both ports, on the compiler's __atomic builtins.
 *
 * Ordering is Linux's: plain read/set and operations that return nothing are relaxed; operations
 * that return a value are fully ordered unless the name ends in _relaxed, _acquire or _release.
 * "Fully ordered" is made of a release access followed by a full fence, which both orders
 * everything before the operation before it and everything after it after it.
 *
 * The families are: atomic_t (int), atomic64_t (s64), atomic_long_t (long).
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

typedef struct {
	int counter;
} atomic_t;

typedef struct {
	s64 counter __aligned(8);
} atomic64_t;

typedef struct {
	long counter;
} atomic_long_t;

#define ATOMIC_INIT(i)		{ (i) }
#define ATOMIC64_INIT(i)	{ (i) }
#define ATOMIC_LONG_INIT(i)	{ (i) }

#define __atomic_full_fence()	__atomic_thread_fence(__ATOMIC_SEQ_CST)

#define smp_load_acquire(p)	__atomic_load_n((p), __ATOMIC_ACQUIRE)
#define smp_store_release(p, v)	__atomic_store_n((p), (v), __ATOMIC_RELEASE)
/* Orders around the value-less atomics, which are relaxed. */
#define smp_mb__before_atomic()	__atomic_full_fence()
#define smp_mb__after_atomic()	__atomic_full_fence()

/* Exchange; the value may be of any type of 1, 2, 4 or 8 bytes. */
#define xchg(p, v) ({								\
	__typeof__(*(p)) __xchg_old = __atomic_exchange_n((p), (v), __ATOMIC_RELEASE); \
	__atomic_full_fence();							\
	__xchg_old; })
#define xchg_relaxed(p, v)	__atomic_exchange_n((p), (v), __ATOMIC_RELAXED)
#define xchg_acquire(p, v)	__atomic_exchange_n((p), (v), __ATOMIC_ACQUIRE)
#define xchg_release(p, v)	__atomic_exchange_n((p), (v), __ATOMIC_RELEASE)

/* Compare and exchange; returns what was there. */
#define __cmpxchg(p, old, new, order) ({					\
	__typeof__(*(p)) __cx_old = (old);					\
	__atomic_compare_exchange_n((p), &__cx_old, (new), false, order,	\
				    __ATOMIC_RELAXED);				\
	__cx_old; })
#define cmpxchg_relaxed(p, old, new)	__cmpxchg(p, old, new, __ATOMIC_RELAXED)
#define cmpxchg_acquire(p, old, new)	__cmpxchg(p, old, new, __ATOMIC_ACQUIRE)
#define cmpxchg_release(p, old, new)	__cmpxchg(p, old, new, __ATOMIC_RELEASE)
#define cmpxchg(p, old, new) ({							\
	__typeof__(*(p)) __cx_ret = cmpxchg_release(p, old, new);		\
	__atomic_full_fence();							\
	__cx_ret; })
#define cmpxchg64(p, old, new)		cmpxchg(p, old, new)

/* Compare and exchange; returns success and puts what was there into *oldp on failure. */
#define try_cmpxchg_relaxed(p, oldp, new) \
	__atomic_compare_exchange_n((p), (oldp), (new), false, __ATOMIC_RELAXED, __ATOMIC_RELAXED)
#define try_cmpxchg_acquire(p, oldp, new) \
	__atomic_compare_exchange_n((p), (oldp), (new), false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)
#define try_cmpxchg_release(p, oldp, new) \
	__atomic_compare_exchange_n((p), (oldp), (new), false, __ATOMIC_RELEASE, __ATOMIC_RELAXED)
#define try_cmpxchg(p, oldp, new) ({						\
	bool __tcx_ok = try_cmpxchg_release(p, oldp, new);			\
	__atomic_full_fence();							\
	__tcx_ok; })

/* One arithmetic operation in all its forms. */
#define __ATOMIC_OP(prefix, atype, type, op)						\
static __always_inline void prefix##_##op(type i, atype *v)				\
{											\
	__atomic_fetch_##op(&v->counter, i, __ATOMIC_RELAXED);				\
}											\
static __always_inline type prefix##_fetch_##op##_relaxed(type i, atype *v)		\
{											\
	return __atomic_fetch_##op(&v->counter, i, __ATOMIC_RELAXED);			\
}											\
static __always_inline type prefix##_fetch_##op##_acquire(type i, atype *v)		\
{											\
	return __atomic_fetch_##op(&v->counter, i, __ATOMIC_ACQUIRE);			\
}											\
static __always_inline type prefix##_fetch_##op##_release(type i, atype *v)		\
{											\
	return __atomic_fetch_##op(&v->counter, i, __ATOMIC_RELEASE);			\
}											\
static __always_inline type prefix##_fetch_##op(type i, atype *v)			\
{											\
	type old = __atomic_fetch_##op(&v->counter, i, __ATOMIC_RELEASE);		\
											\
	__atomic_full_fence();								\
	return old;									\
}

#define __ATOMIC_OP_RETURN(prefix, atype, type, op)					\
static __always_inline type prefix##_##op##_return_relaxed(type i, atype *v)		\
{											\
	return __atomic_##op##_fetch(&v->counter, i, __ATOMIC_RELAXED);			\
}											\
static __always_inline type prefix##_##op##_return_acquire(type i, atype *v)		\
{											\
	return __atomic_##op##_fetch(&v->counter, i, __ATOMIC_ACQUIRE);			\
}											\
static __always_inline type prefix##_##op##_return_release(type i, atype *v)		\
{											\
	return __atomic_##op##_fetch(&v->counter, i, __ATOMIC_RELEASE);			\
}											\
static __always_inline type prefix##_##op##_return(type i, atype *v)			\
{											\
	type new = __atomic_##op##_fetch(&v->counter, i, __ATOMIC_RELEASE);		\
											\
	__atomic_full_fence();								\
	return new;									\
}

#define __ATOMIC_EXCHANGE(prefix, atype, type)						\
static __always_inline type prefix##_read(const atype *v)				\
{											\
	return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);				\
}											\
static __always_inline type prefix##_read_acquire(const atype *v)			\
{											\
	return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE);				\
}											\
static __always_inline void prefix##_set(atype *v, type i)				\
{											\
	__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);				\
}											\
static __always_inline void prefix##_set_release(atype *v, type i)			\
{											\
	__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);				\
}											\
static __always_inline type prefix##_xchg(atype *v, type new)				\
{											\
	return xchg(&v->counter, new);							\
}											\
static __always_inline type prefix##_xchg_acquire(atype *v, type new)			\
{											\
	return xchg_acquire(&v->counter, new);						\
}											\
static __always_inline type prefix##_cmpxchg(atype *v, type old, type new)		\
{											\
	return cmpxchg(&v->counter, old, new);						\
}											\
static __always_inline type prefix##_cmpxchg_relaxed(atype *v, type old, type new)	\
{											\
	return cmpxchg_relaxed(&v->counter, old, new);					\
}											\
static __always_inline type prefix##_cmpxchg_acquire(atype *v, type old, type new)	\
{											\
	return cmpxchg_acquire(&v->counter, old, new);					\
}											\
static __always_inline type prefix##_cmpxchg_release(atype *v, type old, type new)	\
{											\
	return cmpxchg_release(&v->counter, old, new);					\
}											\
static __always_inline bool prefix##_try_cmpxchg(atype *v, type *old, type new)		\
{											\
	return try_cmpxchg(&v->counter, old, new);					\
}											\
static __always_inline bool prefix##_try_cmpxchg_relaxed(atype *v, type *old, type new)	\
{											\
	return try_cmpxchg_relaxed(&v->counter, old, new);				\
}											\
static __always_inline bool prefix##_try_cmpxchg_acquire(atype *v, type *old, type new)	\
{											\
	return try_cmpxchg_acquire(&v->counter, old, new);				\
}											\
static __always_inline bool prefix##_try_cmpxchg_release(atype *v, type *old, type new)	\
{											\
	return try_cmpxchg_release(&v->counter, old, new);				\
}

#define __ATOMIC_DERIVED(prefix, atype, type)						\
static __always_inline void prefix##_andnot(type i, atype *v)				\
{											\
	prefix##_and(~i, v);								\
}											\
static __always_inline type prefix##_fetch_andnot(type i, atype *v)			\
{											\
	return prefix##_fetch_and(~i, v);						\
}											\
static __always_inline void prefix##_inc(atype *v)					\
{											\
	prefix##_add(1, v);								\
}											\
static __always_inline void prefix##_dec(atype *v)					\
{											\
	prefix##_sub(1, v);								\
}											\
static __always_inline type prefix##_inc_return(atype *v)				\
{											\
	return prefix##_add_return(1, v);						\
}											\
static __always_inline type prefix##_inc_return_relaxed(atype *v)			\
{											\
	return prefix##_add_return_relaxed(1, v);					\
}											\
static __always_inline type prefix##_dec_return(atype *v)				\
{											\
	return prefix##_sub_return(1, v);						\
}											\
static __always_inline type prefix##_fetch_inc(atype *v)				\
{											\
	return prefix##_fetch_add(1, v);						\
}											\
static __always_inline type prefix##_fetch_dec(atype *v)				\
{											\
	return prefix##_fetch_sub(1, v);						\
}											\
static __always_inline bool prefix##_inc_and_test(atype *v)				\
{											\
	return prefix##_add_return(1, v) == 0;						\
}											\
static __always_inline bool prefix##_dec_and_test(atype *v)				\
{											\
	return prefix##_sub_return(1, v) == 0;						\
}											\
static __always_inline bool prefix##_sub_and_test(type i, atype *v)			\
{											\
	return prefix##_sub_return(i, v) == 0;						\
}											\
static __always_inline bool prefix##_add_negative(type i, atype *v)			\
{											\
	return prefix##_add_return(i, v) < 0;						\
}											\
/* Adds unless the value is `unless`; returns what was there. */			\
static __always_inline type prefix##_fetch_add_unless(atype *v, type i, type unless)	\
{											\
	type old = prefix##_read(v);							\
											\
	while (old != unless && !prefix##_try_cmpxchg(v, &old, old + i))		\
		;									\
	return old;									\
}											\
static __always_inline bool prefix##_add_unless(atype *v, type i, type unless)		\
{											\
	return prefix##_fetch_add_unless(v, i, unless) != unless;			\
}											\
static __always_inline bool prefix##_inc_not_zero(atype *v)				\
{											\
	return prefix##_add_unless(v, 1, 0);						\
}											\
/* Decrements unless the result would be negative; returns the would-be result. */	\
static __always_inline type prefix##_dec_if_positive(atype *v)				\
{											\
	type old = prefix##_read(v);							\
											\
	while (old > 0 && !prefix##_try_cmpxchg(v, &old, old - 1))			\
		;									\
	return old - 1;									\
}

#define __ATOMIC_FAMILY(prefix, atype, type)		\
	__ATOMIC_OP(prefix, atype, type, add)		\
	__ATOMIC_OP(prefix, atype, type, sub)		\
	__ATOMIC_OP(prefix, atype, type, and)		\
	__ATOMIC_OP(prefix, atype, type, or)		\
	__ATOMIC_OP(prefix, atype, type, xor)		\
	__ATOMIC_OP_RETURN(prefix, atype, type, add)	\
	__ATOMIC_OP_RETURN(prefix, atype, type, sub)	\
	__ATOMIC_EXCHANGE(prefix, atype, type)		\
	__ATOMIC_DERIVED(prefix, atype, type)

__ATOMIC_FAMILY(atomic, atomic_t, int)
__ATOMIC_FAMILY(atomic64, atomic64_t, s64)
__ATOMIC_FAMILY(atomic_long, atomic_long_t, long)
