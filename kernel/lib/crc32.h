/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * CRCs without initial or final inversion (the caller passes ~0 and inverts, where its format
 * says so).  crc32_le: polynomial 0xedb88320; crc32c: Castagnoli (ext4); crc16: 0xa001 (ext4
 * group descriptors); crc_ccitt false: 0x1021 (SD cards use crc16_xmodem); crc7 for SD commands.
 */
#pragma once

#include <kernel/lib/types.h>

u32 crc32_le(u32 crc, const void *data, size_t len);
u32 crc32_be(u32 crc, const void *data, size_t len);
u32 crc32c(u32 crc, const void *data, size_t len);
u16 crc16(u16 crc, const void *data, size_t len);
u16 crc16_xmodem(u16 crc, const void *data, size_t len);
u8 crc7(u8 crc, const void *data, size_t len);

#define crc32(seed, data, len)	crc32_le(seed, data, len)
