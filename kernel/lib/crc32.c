// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRCs; see crc32.h.  The 32-bit ones go by half bytes through tables of 16 words, which the
 * compiler fills in: 64 bytes per polynomial and about a quarter of the speed of the large
 * tables, which is enough for what the kernel checks (metadata, boot images).
 */
#include <kernel/lib/crc32.h>

#include <kernel/lib/compiler.h>

/* One bit, and four, of the reflected CRC of a half byte. */
#define STEP(c, poly)	(((c) >> 1) ^ (((c) & 1) ? (poly) : 0))
#define NIBBLE(n, poly)	STEP(STEP(STEP(STEP(n, poly), poly), poly), poly)
#define ROW(n, poly)	NIBBLE(n, poly), NIBBLE((n) + 1U, poly), NIBBLE((n) + 2U, poly), \
			NIBBLE((n) + 3U, poly)
#define TABLE(poly)	{ ROW(0U, poly), ROW(4U, poly), ROW(8U, poly), ROW(12U, poly) }

static const u32 table_le[16] = TABLE(0xedb88320U);
static const u32 table_c[16] = TABLE(0x82f63b78U);
static const u16 table_16[16] = TABLE(0xa001U);

static __always_inline u32 crc_reflected(u32 crc, const u8 *p, size_t len, const u32 *table)
{
	while (len--) {
		crc ^= *p++;
		crc = (crc >> 4) ^ table[crc & 15];
		crc = (crc >> 4) ^ table[crc & 15];
	}
	return crc;
}

u32 crc32_le(u32 crc, const void *data, size_t len)
{
	return crc_reflected(crc, data, len, table_le);
}

u32 crc32c(u32 crc, const void *data, size_t len)
{
	return crc_reflected(crc, data, len, table_c);
}

u16 crc16(u16 crc, const void *data, size_t len)
{
	const u8 *p = data;

	while (len--) {
		crc ^= *p++;
		crc = (crc >> 4) ^ table_16[crc & 15];
		crc = (crc >> 4) ^ table_16[crc & 15];
	}
	return crc;
}

u32 crc32_be(u32 crc, const void *data, size_t len)
{
	const u8 *p = data;

	while (len--) {
		crc ^= (u32)*p++ << 24;
		for (int bit = 0; bit < 8; bit++)
			crc = (crc << 1) ^ ((crc & 0x80000000U) ? 0x04c11db7U : 0);
	}
	return crc;
}

u16 crc16_xmodem(u16 crc, const void *data, size_t len)
{
	const u8 *p = data;

	while (len--) {
		crc ^= (u16)(*p++ << 8);
		for (int bit = 0; bit < 8; bit++)
			crc = (u16)((crc << 1) ^ ((crc & 0x8000) ? 0x1021 : 0));
	}
	return crc;
}

u8 crc7(u8 crc, const void *data, size_t len)
{
	const u8 *p = data;

	/* The seven bits are kept in the upper part of the byte while working. */
	crc <<= 1;
	while (len--) {
		crc ^= *p++;
		for (int bit = 0; bit < 8; bit++)
			crc = (u8)((crc << 1) ^ ((crc & 0x80) ? 0x12 : 0));
	}
	return crc >> 1;
}
