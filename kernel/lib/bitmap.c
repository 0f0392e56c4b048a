// SPDX-License-Identifier: GPL-2.0-only
/* Bitmaps and bit searches; see bitmap.h and bitops.h.  The caller locks. */
#include <kernel/lib/bitmap.h>

#include <kernel/lib/ctype.h>
#include <kernel/lib/err.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>

/*
 * The search shared by all: words of (a & b) ^ invert, b may be NULL.
 * Inlined into each caller, where b and invert are constants.
 */
static __always_inline unsigned long search(const unsigned long *a, const unsigned long *b,
					    unsigned long invert, unsigned long size,
					    unsigned long offset)
{
	unsigned long word;
	unsigned long i;

	if (offset >= size)
		return size;
	i = BIT_WORD(offset);
	word = ((b ? a[i] & b[i] : a[i]) ^ invert) & BITMAP_FIRST_WORD_MASK(offset);
	while (!word) {
		i++;
		if (i * BITS_PER_LONG >= size)
			return size;
		word = (b ? a[i] & b[i] : a[i]) ^ invert;
	}
	return min(i * BITS_PER_LONG + __ffs(word), size);
}

unsigned long find_next_bit(const unsigned long *addr, unsigned long size, unsigned long offset)
{
	return search(addr, NULL, 0, size, offset);
}

unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long size,
				 unsigned long offset)
{
	return search(addr, NULL, ~0UL, size, offset);
}

unsigned long find_next_and_bit(const unsigned long *a, const unsigned long *b,
				unsigned long size, unsigned long offset)
{
	return search(a, b, 0, size, offset);
}

unsigned long find_last_bit(const unsigned long *addr, unsigned long size)
{
	unsigned long mask = BITMAP_LAST_WORD_MASK(size);

	for (unsigned long i = BITS_TO_LONGS(size); i-- > 0; mask = ~0UL) {
		unsigned long word = addr[i] & mask;

		if (word)
			return i * BITS_PER_LONG + __fls(word);
	}
	return size;
}

void bitmap_zero(unsigned long *dst, unsigned int nbits)
{
	memset(dst, 0, BITS_TO_LONGS(nbits) * sizeof(long));
}

void bitmap_fill(unsigned long *dst, unsigned int nbits)
{
	memset(dst, 0xff, BITS_TO_LONGS(nbits) * sizeof(long));
}

void bitmap_copy(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	memcpy(dst, src, BITS_TO_LONGS(nbits) * sizeof(long));
}

/* The word i of a map, without the bits beyond nbits. */
static unsigned long valid_bits(unsigned long word, unsigned int i, unsigned int nbits)
{
	return i == BIT_WORD(nbits) ? word & BITMAP_LAST_WORD_MASK(nbits) : word;
}

bool bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		any |= dst[i] = valid_bits(a[i] & b[i], i, nbits);
	return any != 0;
}

void bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
	       unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = a[i] | b[i];
}

bool bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		   unsigned int nbits)
{
	unsigned long any = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		any |= dst[i] = valid_bits(a[i] & ~b[i], i, nbits);
	return any != 0;
}

void bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		dst[i] = ~src[i];
}

bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++) {
		if (valid_bits(a[i] ^ b[i], i, nbits))
			return false;
	}
	return true;
}

bool bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++) {
		if (valid_bits(a[i] & ~b[i], i, nbits))
			return false;
	}
	return true;
}

bool bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits)
{
	return find_next_and_bit(a, b, nbits, 0) < nbits;
}

bool bitmap_empty(const unsigned long *src, unsigned int nbits)
{
	return find_first_bit(src, nbits) >= nbits;
}

bool bitmap_full(const unsigned long *src, unsigned int nbits)
{
	return find_first_zero_bit(src, nbits) >= nbits;
}

unsigned int bitmap_weight(const unsigned long *src, unsigned int nbits)
{
	unsigned int weight = 0;

	for (unsigned int i = 0; i < BITS_TO_LONGS(nbits); i++)
		weight += hweight_long(valid_bits(src[i], i, nbits));
	return weight;
}

/* The bits of [start, end) that lie in the word of `start`. */
static unsigned long run_mask(unsigned int start, unsigned int end)
{
	unsigned long mask = BITMAP_FIRST_WORD_MASK(start);

	if (BIT_WORD(start) == BIT_WORD(end - 1))
		mask &= BITMAP_LAST_WORD_MASK(end);
	return mask;
}

void bitmap_set(unsigned long *map, unsigned int start, unsigned int len)
{
	unsigned int end = start + len;

	for (; start < end; start = (BIT_WORD(start) + 1) * BITS_PER_LONG)
		map[BIT_WORD(start)] |= run_mask(start, end);
}

void bitmap_clear(unsigned long *map, unsigned int start, unsigned int len)
{
	unsigned int end = start + len;

	for (; start < end; start = (BIT_WORD(start) + 1) * BITS_PER_LONG)
		map[BIT_WORD(start)] &= ~run_mask(start, end);
}

unsigned long bitmap_find_next_zero_area(const unsigned long *map, unsigned long size,
					 unsigned long start, unsigned int nr,
					 unsigned long align_mask)
{
	for (;;) {
		unsigned long index = find_next_zero_bit(map, size, start);
		unsigned long end, used;

		index = (index + align_mask) & ~align_mask;
		end = index + nr;
		if (end > size || end < index)
			return size;
		used = find_next_bit(map, end, index);
		if (used >= end)
			return index;
		start = used + 1;
	}
}

int bitmap_find_free_region(unsigned long *map, unsigned int nbits, int order)
{
	unsigned long pos = bitmap_find_next_zero_area(map, nbits, 0, 1U << order,
						       (1UL << order) - 1);

	if (pos >= nbits)
		return -ENOMEM;
	bitmap_set(map, pos, 1U << order);
	return pos;
}

void bitmap_release_region(unsigned long *map, unsigned int pos, int order)
{
	bitmap_clear(map, pos, 1U << order);
}

int bitmap_print_list(char *buf, size_t size, const unsigned long *map, unsigned int nbits)
{
	unsigned long start = find_first_bit(map, nbits);
	const char *comma = "";
	int len = 0;

	if (size)
		buf[0] = '\0';
	while (start < nbits) {
		unsigned long end = find_next_zero_bit(map, nbits, start);

		len += scnprintf(buf + len, size - len, "%s%lu", comma, start);
		if (end > start + 1)
			len += scnprintf(buf + len, size - len, "-%lu", end - 1);
		comma = ",";
		start = find_next_bit(map, nbits, end);
	}
	return len;
}

/* One number of a list; advances *s. */
static int parse_bit(const char **s, unsigned int nbits, unsigned int *bit)
{
	char *end;
	unsigned long long value;

	if (!isdigit((u8)**s))
		return -EINVAL;
	value = simple_strtoull(*s, &end, 10);
	if (end - *s > 9 || value >= nbits)
		return -ERANGE;
	*s = end;
	*bit = value;
	return 0;
}

int bitmap_parselist(const char *buf, unsigned long *map, unsigned int nbits)
{
	const char *s = skip_spaces(buf);

	bitmap_zero(map, nbits);
	while (*s) {
		unsigned int first, last;
		int err = parse_bit(&s, nbits, &first);

		if (err)
			return err;
		last = first;
		if (*s == '-') {
			s++;
			err = parse_bit(&s, nbits, &last);
			if (err)
				return err;
		}
		if (last < first)
			return -EINVAL;
		bitmap_set(map, first, last - first + 1);
		s = skip_spaces(s);
		if (*s == ',')
			s = skip_spaces(s + 1);
		else if (*s)
			return -EINVAL;
	}
	return 0;
}
