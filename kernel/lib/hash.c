// SPDX-License-Identifier: GPL-2.0-only
/*
 * Byte-string hashes; see hash.h.  jhash is Bob Jenkins' lookup3 (2006, public domain): three
 * words of state, mixed after every twelve bytes, finally mixed harder.
 */
#include <kernel/lib/hash.h>

#include <kernel/lib/byteorder.h>

#define JHASH_START	0xdeadbeefU

struct jstate {
	u32 a;
	u32 b;
	u32 c;
};

static __always_inline void jmix(struct jstate *s)
{
	s->a = (s->a - s->c) ^ rol32(s->c, 4);
	s->c += s->b;
	s->b = (s->b - s->a) ^ rol32(s->a, 6);
	s->a += s->c;
	s->c = (s->c - s->b) ^ rol32(s->b, 8);
	s->b += s->a;
	s->a = (s->a - s->c) ^ rol32(s->c, 16);
	s->c += s->b;
	s->b = (s->b - s->a) ^ rol32(s->a, 19);
	s->a += s->c;
	s->c = (s->c - s->b) ^ rol32(s->b, 4);
	s->b += s->a;
}

static __always_inline u32 jfinal(struct jstate *s)
{
	s->c = (s->c ^ s->b) - rol32(s->b, 14);
	s->a = (s->a ^ s->c) - rol32(s->c, 11);
	s->b = (s->b ^ s->a) - rol32(s->a, 25);
	s->c = (s->c ^ s->b) - rol32(s->b, 16);
	s->a = (s->a ^ s->c) - rol32(s->c, 4);
	s->b = (s->b ^ s->a) - rol32(s->a, 14);
	s->c = (s->c ^ s->b) - rol32(s->b, 24);
	return s->c;
}

/* Up to four bytes, little-endian. */
static u32 load_partial(const u8 *p, u32 len)
{
	u32 value = 0;

	for (u32 i = 0; i < len && i < 4; i++)
		value |= (u32)p[i] << (8 * i);
	return value;
}

u32 jhash(const void *key, u32 length, u32 initval)
{
	u32 start = JHASH_START + length + initval;
	struct jstate s = { start, start, start };
	const u8 *p = key;

	for (; length > 12; length -= 12, p += 12) {
		s.a += get_unaligned_le32(p);
		s.b += get_unaligned_le32(p + 4);
		s.c += get_unaligned_le32(p + 8);
		jmix(&s);
	}
	if (!length)
		return s.c;
	s.a += load_partial(p, length);
	if (length > 4)
		s.b += load_partial(p + 4, length - 4);
	if (length > 8)
		s.c += load_partial(p + 8, length - 8);
	return jfinal(&s);
}

u32 jhash2(const u32 *key, u32 words, u32 initval)
{
	return jhash(key, words * 4, initval);
}

u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	u32 start = JHASH_START + 12 + initval;
	struct jstate s = { start + a, start + b, start + c };

	return jfinal(&s);
}

unsigned int full_name_hash(const void *salt, const char *name, unsigned int len)
{
	u64 hash = (unsigned long)salt * GOLDEN_RATIO_64 + len;

	for (; len >= 4; len -= 4, name += 4)
		hash = rol64((hash ^ get_unaligned_le32(name)) * GOLDEN_RATIO_64, 29);
	if (len)
		hash = rol64((hash ^ load_partial((const u8 *)name, len)) * GOLDEN_RATIO_64, 29);
	return (unsigned int)((hash * GOLDEN_RATIO_64) >> 32);
}
