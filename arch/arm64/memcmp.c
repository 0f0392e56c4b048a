// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcmp() by eight bytes, which need not be aligned.  The names of files are what it compares most: byte by byte that
 * was 70 instructions of a lookup.
 */
#include <kernel/lib/byteorder.h>
#include <kernel/lib/string.h>

static int compare_eight(const u8 *a, const u8 *b)
{
	u64 x = get_unaligned_be64(a), y = get_unaligned_be64(b);

	return x < y ? -1 : x > y;
}

int memcmp(const void *pa, const void *pb, size_t n)
{
	const u8 *a = pa, *b = pb;
	int diff;

	if (n < 8) {
		for (; n; n--, a++, b++)
			if (*a != *b)
				return *a - *b;
		return 0;
	}
	for (; n > 8; n -= 8, a += 8, b += 8) {
		diff = compare_eight(a, b);
		if (diff)
			return diff;
	}
	/* The last eight end where the memory does, and may begin in those before. */
	return compare_eight(a + n - 8, b + n - 8);
}
