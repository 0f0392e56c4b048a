/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bitmaps: arrays of unsigned long of `nbits` bits.  Nothing here is atomic; the caller locks.
 * Bits beyond nbits in the last word may hold anything and are ignored.
 */
#pragma once

#include <kernel/lib/bitops.h>

#define BITMAP_FIRST_WORD_MASK(start)	(~0UL << ((start) % BITS_PER_LONG))
#define BITMAP_LAST_WORD_MASK(nbits)	(~0UL >> (-(unsigned long)(nbits) % BITS_PER_LONG))

void bitmap_zero(unsigned long *dst, unsigned int nbits);
void bitmap_fill(unsigned long *dst, unsigned int nbits);
void bitmap_copy(unsigned long *dst, const unsigned long *src, unsigned int nbits);
bool bitmap_and(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		unsigned int nbits);
void bitmap_or(unsigned long *dst, const unsigned long *a, const unsigned long *b,
	       unsigned int nbits);
bool bitmap_andnot(unsigned long *dst, const unsigned long *a, const unsigned long *b,
		   unsigned int nbits);
void bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits);
bool bitmap_equal(const unsigned long *a, const unsigned long *b, unsigned int nbits);
bool bitmap_subset(const unsigned long *a, const unsigned long *b, unsigned int nbits);
bool bitmap_intersects(const unsigned long *a, const unsigned long *b, unsigned int nbits);
bool bitmap_empty(const unsigned long *src, unsigned int nbits);
bool bitmap_full(const unsigned long *src, unsigned int nbits);
unsigned int bitmap_weight(const unsigned long *src, unsigned int nbits);
void bitmap_set(unsigned long *map, unsigned int start, unsigned int len);
void bitmap_clear(unsigned long *map, unsigned int start, unsigned int len);

/* First run of `nr` clear bits at or after `start` that begins on a multiple of align_mask + 1;
 * returns a value >= size if there is none. */
unsigned long bitmap_find_next_zero_area(const unsigned long *map, unsigned long size,
					 unsigned long start, unsigned int nr,
					 unsigned long align_mask);

/* An aligned run of 2^order clear bits, which are then set; position or -ENOMEM. */
int bitmap_find_free_region(unsigned long *map, unsigned int nbits, int order);
void bitmap_release_region(unsigned long *map, unsigned int pos, int order);

/* "0-3,7" into buf (at most size bytes with the NUL); returns the length as scnprintf does. */
int bitmap_print_list(char *buf, size_t size, const unsigned long *map, unsigned int nbits);

/* The reverse; -EINVAL on bad syntax, -ERANGE if a number is >= nbits. */
int bitmap_parselist(const char *buf, unsigned long *map, unsigned int nbits);
