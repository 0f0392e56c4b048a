/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * 64-bit division and scaled multiplication for both word sizes.  A division of a 64-bit value
 * by a variable goes through these, so that its cost on a 32-bit CPU is visible in the source.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

static inline u64 mul_u32_u32(u32 a, u32 b)
{
	return (u64)a * b;
}

/* The full 128-bit product. */
static inline u64 mul_u64_u64_wide(u64 a, u64 b, u64 *high)
{
	u64 low_low = mul_u32_u32(a, b);
	u64 low_high = mul_u32_u32(a, b >> 32);
	u64 high_low = mul_u32_u32(a >> 32, b);
	u64 high_high = mul_u32_u32(a >> 32, b >> 32);
	u64 middle = (low_low >> 32) + (u32)low_high + (u32)high_low;

	*high = high_high + (low_high >> 32) + (high_low >> 32) + (middle >> 32);
	return (middle << 32) | (u32)low_low;
}

/*
 * By a constant: one multiplication by its reciprocal, rounded down, which is at most one too small. A 32-bit CPU
 * without this takes the divide routine, 380 instructions a time, and the time stamp of a file divides by 10^9.
 */
static inline u64 div_u64_const(u64 dividend, u32 divisor, u64 reciprocal)
{
	u64 quotient;

	mul_u64_u64_wide(dividend, reciprocal, &quotient);
	return quotient + (dividend - quotient * divisor >= divisor);
}

static __always_inline u64 div_u64(u64 dividend, u32 divisor)
{
	if (sizeof(long) == 4 && __builtin_constant_p(divisor) && divisor > 1)
		return div_u64_const(dividend, divisor, U64_MAX / divisor);
	return dividend / divisor;
}

static __always_inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	u64 quotient = div_u64(dividend, divisor);

	*remainder = dividend - quotient * divisor;
	return quotient;
}

static inline u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline s64 div_s64_rem(s64 dividend, s32 divisor, s32 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline s64 div_s64(s64 dividend, s32 divisor)
{
	return dividend / divisor;
}

static inline s64 div64_s64(s64 dividend, s64 divisor)
{
	return dividend / divisor;
}

/* Divides n in place and gives the remainder. */
#define do_div(n, base) ({				\
	u32 __do_div_rem;				\
	(n) = div_u64_rem((n), (base), &__do_div_rem);	\
	__do_div_rem; })

#define DIV64_U64_ROUND_UP(n, d) ({			\
	u64 __div_d = (d);				\
	div64_u64((n) + __div_d - 1, __div_d); })
#define DIV_U64_ROUND_UP(n, d)	DIV64_U64_ROUND_UP(n, d)
#define DIV_ROUND_UP_ULL(n, d)	DIV64_U64_ROUND_UP(n, d)

/* (a * mul) >> shift without losing the high bits; shift <= 64. */
static inline u64 mul_u64_u32_shr(u64 a, u32 mul, unsigned int shift)
{
	u64 low = mul_u32_u32(a, mul);
	u64 high = mul_u32_u32(a >> 32, mul) + (low >> 32);	/* in units of 2^32 */

	if (shift >= 32)
		return shift >= 64 ? high >> 32 : high >> (shift - 32);
	return (high << (32 - shift)) | ((u32)low >> shift);
}

/* (a * b) >> shift; shift < 128. */
static inline u64 mul_u64_u64_shr(u64 a, u64 b, unsigned int shift)
{
	u64 high;
	u64 low = mul_u64_u64_wide(a, b, &high);

	if (!shift)
		return low;
	if (shift >= 64)
		return high >> (shift - 64);
	return (high << (64 - shift)) | (low >> shift);
}

/* (a * mul) / divisor with a 96-bit intermediate; saturates at U64_MAX. */
u64 mul_u64_u32_div(u64 a, u32 mul, u32 divisor);
/* (a * b) / c with a 128-bit intermediate; saturates at U64_MAX. */
u64 mul_u64_u64_div_u64(u64 a, u64 b, u64 c);

/* Integer square root, rounded down. */
u32 int_sqrt64(u64 x);
u64 gcd64(u64 a, u64 b);
