/* SPDX-License-Identifier: GPL-2.0-only */
/* Powers of two.  ilog2() and is_power_of_2() are constant expressions for constant arguments. */
#pragma once

#include <kernel/lib/bitops.h>

/* Base-2 logarithm, rounded down; the argument must not be 0. */
#define ilog2(n)	(63 - __builtin_clzll((unsigned long long)(n)))
#define order_base_2(n)	((n) > 1 ? ilog2((n) - 1) + 1 : 0)

#define is_power_of_2(n) ((n) != 0 && (((n) & ((n) - 1)) == 0))

static inline unsigned long roundup_pow_of_two(unsigned long n)
{
	return n <= 1 ? 1 : 1UL << fls_long(n - 1);
}

static inline unsigned long rounddown_pow_of_two(unsigned long n)
{
	return 1UL << (fls_long(n) - 1);
}
