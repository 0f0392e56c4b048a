// SPDX-License-Identifier: GPL-2.0-only
/* SipHash-2-4, from the description in the paper; see siphash.h. */
#include <kernel/lib/siphash.h>

#include <kernel/lib/bitops.h>
#include <kernel/lib/byteorder.h>

struct sip {
	u64 v[4];
};

static __always_inline void sip_round(u64 v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = rol64(v[1], 13) ^ v[0];
	v[3] = rol64(v[3], 16) ^ v[2];
	v[0] = rol64(v[0], 32);
	v[2] += v[1];
	v[0] += v[3];
	v[1] = rol64(v[1], 17) ^ v[2];
	v[3] = rol64(v[3], 21) ^ v[0];
	v[2] = rol64(v[2], 32);
}

static void sip_init(struct sip *s, const siphash_key_t *key)
{
	/* "somepseudorandomlygeneratedbytes" */
	s->v[0] = key->key[0] ^ 0x736f6d6570736575ULL;
	s->v[1] = key->key[1] ^ 0x646f72616e646f6dULL;
	s->v[2] = key->key[0] ^ 0x6c7967656e657261ULL;
	s->v[3] = key->key[1] ^ 0x7465646279746573ULL;
}

static void sip_word(struct sip *s, u64 word)
{
	s->v[3] ^= word;
	sip_round(s->v);
	sip_round(s->v);
	s->v[0] ^= word;
}

/* `last`: up to seven remaining bytes, and the length in the top byte. */
static u64 sip_finish(struct sip *s, u64 last)
{
	sip_word(s, last);
	s->v[2] ^= 0xff;
	for (int i = 0; i < 4; i++)
		sip_round(s->v);
	return s->v[0] ^ s->v[1] ^ s->v[2] ^ s->v[3];
}

u64 siphash(const void *data, size_t len, const siphash_key_t *key)
{
	u64 last = (u64)len << 56;
	const u8 *p = data;
	struct sip s;

	sip_init(&s, key);
	for (; len >= 8; len -= 8, p += 8)
		sip_word(&s, get_unaligned_le64(p));
	for (size_t i = 0; i < len; i++)
		last |= (u64)p[i] << (8 * i);
	return sip_finish(&s, last);
}

u64 siphash_1u64(u64 a, const siphash_key_t *key)
{
	struct sip s;

	sip_init(&s, key);
	sip_word(&s, a);
	return sip_finish(&s, 8ULL << 56);
}

u64 siphash_2u64(u64 a, u64 b, const siphash_key_t *key)
{
	struct sip s;

	sip_init(&s, key);
	sip_word(&s, a);
	sip_word(&s, b);
	return sip_finish(&s, 16ULL << 56);
}

u64 siphash_3u64(u64 a, u64 b, u64 c, const siphash_key_t *key)
{
	struct sip s;

	sip_init(&s, key);
	sip_word(&s, a);
	sip_word(&s, b);
	sip_word(&s, c);
	return sip_finish(&s, 24ULL << 56);
}
