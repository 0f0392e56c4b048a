/* SPDX-License-Identifier: GPL-2.0-only */
/* Arithmetic that tells of overflow: check_*() return true if the result did not fit. */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

#define check_add_overflow(a, b, res)	__builtin_add_overflow(a, b, res)
#define check_sub_overflow(a, b, res)	__builtin_sub_overflow(a, b, res)
#define check_mul_overflow(a, b, res)	__builtin_mul_overflow(a, b, res)

/* Saturate at SIZE_MAX, which no allocator grants. */
static inline size_t __must_check size_mul(size_t a, size_t b)
{
	size_t res;

	return check_mul_overflow(a, b, &res) ? SIZE_MAX : res;
}

static inline size_t __must_check size_add(size_t a, size_t b)
{
	size_t res;

	return check_add_overflow(a, b, &res) ? SIZE_MAX : res;
}

#define array_size(a, b)	size_mul(a, b)
/* Size of *p with a flexible array `member` of n elements. */
#define struct_size(p, member, n) \
	size_add(sizeof(*(p)), size_mul(n, sizeof((p)->member[0])))
