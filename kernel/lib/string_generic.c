// SPDX-License-Identifier: GPL-2.0-only
/*
 * Portable memcpy, memmove, memset, memcmp and memchr.
 *
 * They are weak: an architecture overrides them with tuned ones.  They move words where both
 * addresses are aligned alike, else bytes.  The compiler itself emits calls to these functions,
 * so their own loops must not be turned back into such calls: hence the pragma.
 */
#include <kernel/lib/string.h>

typedef unsigned long __attribute__((__may_alias__)) word_t;

#define WORD		sizeof(word_t)
#define WORD_MASK	(WORD - 1)

static bool aligned_alike(const void *a, const void *b)
{
	return (((unsigned long)a ^ (unsigned long)b) & WORD_MASK) == 0;
}

__weak void *memcpy(void *dst, const void *src, size_t n)
{
	u8 *d = dst;
	const u8 *s = src;

	if (n >= 2 * WORD && aligned_alike(d, s)) {
		for (; (unsigned long)d & WORD_MASK; n--)
			*d++ = *s++;
		for (; n >= WORD; n -= WORD, d += WORD, s += WORD)
			*(word_t *)d = *(const word_t *)s;
	}
	while (n--)
		*d++ = *s++;
	return dst;
}

static void copy_backwards(u8 *d, const u8 *s, size_t n)
{
	d += n;
	s += n;
	if (n >= 2 * WORD && aligned_alike(d, s)) {
		for (; (unsigned long)d & WORD_MASK; n--)
			*--d = *--s;
		for (; n >= WORD; n -= WORD) {
			d -= WORD;
			s -= WORD;
			*(word_t *)d = *(const word_t *)s;
		}
	}
	while (n--)
		*--d = *--s;
}

__weak void *memmove(void *dst, const void *src, size_t n)
{
	/* Forward copying is right even for overlap as long as dst is below src. */
	if ((unsigned long)dst - (unsigned long)src >= n)
		return memcpy(dst, src, n);
	copy_backwards(dst, src, n);
	return dst;
}

__weak void *memset(void *dst, int c, size_t n)
{
	u8 *d = dst;
	word_t pattern = (u8)c * (~0UL / 0xff);

	if (n >= 2 * WORD) {
		for (; (unsigned long)d & WORD_MASK; n--)
			*d++ = c;
		for (; n >= WORD; n -= WORD, d += WORD)
			*(word_t *)d = pattern;
	}
	while (n--)
		*d++ = c;
	return dst;
}

__weak int memcmp(const void *a, const void *b, size_t n)
{
	const u8 *x = a;
	const u8 *y = b;

	if (n >= 2 * WORD && !(((unsigned long)x | (unsigned long)y) & WORD_MASK)) {
		while (n >= WORD && *(const word_t *)x == *(const word_t *)y) {
			x += WORD;
			y += WORD;
			n -= WORD;
		}
	}
	for (; n; n--, x++, y++) {
		if (*x != *y)
			return *x - *y;
	}
	return 0;
}

__weak void *memchr(const void *s, int c, size_t n)
{
	const u8 *p = s;

	for (; n; n--, p++) {
		if (*p == (u8)c)
			return (void *)p;
	}
	return NULL;
}
