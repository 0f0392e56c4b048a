// SPDX-License-Identifier: GPL-2.0-only
/* The larger pieces of 64-bit arithmetic; see math64.h. */
#include <kernel/lib/math64.h>

#include <kernel/lib/bitops.h>

/* Long division of the 128-bit (high:low) by c, bit by bit; the quotient must fit, high < c. */
static u64 divide_wide(u64 high, u64 low, u64 c)
{
	for (int i = 0; i < 64; i++) {
		bool carry = high >> 63;

		high = (high << 1) | (low >> 63);
		low <<= 1;
		if (carry || high >= c) {
			high -= c;
			low |= 1;
		}
	}
	return low;
}

u64 mul_u64_u64_div_u64(u64 a, u64 b, u64 c)
{
	u64 high;
	u64 low = mul_u64_u64_wide(a, b, &high);

	if (!high)
		return div64_u64(low, c);
	if (high >= c)
		return U64_MAX;
	return divide_wide(high, low, c);
}

u64 mul_u64_u32_div(u64 a, u32 mul, u32 divisor)
{
	return mul_u64_u64_div_u64(a, mul, divisor);
}

u32 int_sqrt64(u64 x)
{
	u64 root = 0;
	u64 bit = x ? 1ULL << ((fls64(x) - 1) & ~1) : 0;

	for (; bit; bit >>= 2) {
		bool fits = x >= root + bit;

		if (fits)
			x -= root + bit;
		root = (root >> 1) + (fits ? bit : 0);
	}
	return (u32)root;
}

u64 gcd64(u64 a, u64 b)
{
	while (b) {
		u64 remainder;

		div64_u64_rem(a, b, &remainder);
		a = b;
		b = remainder;
	}
	return a;
}
