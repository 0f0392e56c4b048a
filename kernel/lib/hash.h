/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Hashes for tables.  hash_*() multiply by the golden ratio and keep the high bits; jhash mixes
 * byte strings (Bob Jenkins' public-domain lookup3); full_name_hash() is for file names, salted
 * by the directory.  None resists an attacker who chooses keys: use siphash.h for that.
 */
#pragma once

#include <kernel/lib/bitops.h>
#include <kernel/lib/types.h>

#define GOLDEN_RATIO_32	0x61c88647U
#define GOLDEN_RATIO_64	0x61c8864680b583ebULL

static inline u32 hash_32(u32 val, unsigned int bits)
{
	return (val * GOLDEN_RATIO_32) >> (32 - bits);
}

static inline u32 hash_64(u64 val, unsigned int bits)
{
	return (u32)((val * GOLDEN_RATIO_64) >> (64 - bits));
}

static inline u32 hash_long(unsigned long val, unsigned int bits)
{
	return sizeof(val) == 4 ? hash_32(val, bits) : hash_64(val, bits);
}

static inline u32 hash_ptr(const void *ptr, unsigned int bits)
{
	return hash_long((unsigned long)ptr, bits);
}

u32 jhash(const void *key, u32 length, u32 initval);
u32 jhash2(const u32 *key, u32 words, u32 initval);
u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval);

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	return jhash_3words(a, b, 0, initval);
}

static inline u32 jhash_1word(u32 a, u32 initval)
{
	return jhash_3words(a, 0, 0, initval);
}

unsigned int full_name_hash(const void *salt, const char *name, unsigned int len);
