/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * min, max, clamp, swap.  Arguments are evaluated once.  min() and max() refuse to compare a
 * signed with an unsigned value unless one of them is a non-negative constant; say min_t() then.
 */
#pragma once

#define __is_signed(x)		(((__typeof__((x) + 0))-1) < (__typeof__((x) + 0))1)
#define __is_small_const(x) \
	(__builtin_choose_expr(__builtin_constant_p(x), (long)(x), -1L) >= 0)
#define __minmax_types_ok(x, y) \
	(__is_signed(x) == __is_signed(y) || __is_small_const(x) || __is_small_const(y))

#define __minmax(x, op, y) ({							\
	__auto_type __mm_x = (x);						\
	__auto_type __mm_y = (y);						\
	_Static_assert(__minmax_types_ok(x, y), "min/max: signedness differs");	\
	__mm_x op __mm_y ? __mm_x : __mm_y; })

#define __minmax_t(type, x, op, y) ({		\
	type __mm_x = (x);			\
	type __mm_y = (y);			\
	__mm_x op __mm_y ? __mm_x : __mm_y; })

#define min(x, y)		__minmax(x, <, y)
#define max(x, y)		__minmax(x, >, y)
#define min_t(type, x, y)	__minmax_t(type, x, <, y)
#define max_t(type, x, y)	__minmax_t(type, x, >, y)
#define min3(x, y, z)		min(min(x, y), z)
#define max3(x, y, z)		max(max(x, y), z)

/* For constant expressions (array sizes, static_assert). */
#define MIN(x, y)		((x) < (y) ? (x) : (y))
#define MAX(x, y)		((x) > (y) ? (x) : (y))

#define min_not_zero(x, y) ({						\
	__auto_type __mnz_x = (x);					\
	__auto_type __mnz_y = (y);					\
	__mnz_x == 0 ? __mnz_y : (__mnz_y == 0 ? __mnz_x : min(__mnz_x, __mnz_y)); })

#define clamp_t(type, val, lo, hi) ({					\
	type __clamp_v = (val);						\
	type __clamp_lo = (lo);						\
	type __clamp_hi = (hi);						\
	__clamp_v < __clamp_lo ? __clamp_lo :				\
		(__clamp_v > __clamp_hi ? __clamp_hi : __clamp_v); })
#define clamp(val, lo, hi)	clamp_t(__typeof__(val), val, lo, hi)
#define clamp_val(val, lo, hi)	clamp_t(__typeof__(val), val, lo, hi)

#define swap(a, b) do {			\
	__typeof__(a) __swap_t = (a);	\
	(a) = (b);			\
	(b) = __swap_t;			\
} while (0)

#define abs(x) ({				\
	__typeof__(x) __abs_x = (x);		\
	__abs_x < 0 ? -__abs_x : __abs_x; })
