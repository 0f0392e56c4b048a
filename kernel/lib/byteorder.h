/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Byte order and unaligned access.  The kernel is little-endian on both ports.  The get/put
 * functions take any address; the compiler turns them into what the CPU can do.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

#define swab16(x)	__builtin_bswap16(x)
#define swab32(x)	__builtin_bswap32(x)
#define swab64(x)	__builtin_bswap64(x)

#define cpu_to_le16(x)	((__force __le16)(u16)(x))
#define cpu_to_le32(x)	((__force __le32)(u32)(x))
#define cpu_to_le64(x)	((__force __le64)(u64)(x))
#define le16_to_cpu(x)	((__force u16)(__le16)(x))
#define le32_to_cpu(x)	((__force u32)(__le32)(x))
#define le64_to_cpu(x)	((__force u64)(__le64)(x))
#define cpu_to_be16(x)	((__force __be16)swab16((u16)(x)))
#define cpu_to_be32(x)	((__force __be32)swab32((u32)(x)))
#define cpu_to_be64(x)	((__force __be64)swab64((u64)(x)))
#define be16_to_cpu(x)	swab16((__force u16)(__be16)(x))
#define be32_to_cpu(x)	swab32((__force u32)(__be32)(x))
#define be64_to_cpu(x)	swab64((__force u64)(__be64)(x))
#define htons(x)	cpu_to_be16(x)
#define htonl(x)	cpu_to_be32(x)
#define ntohs(x)	be16_to_cpu(x)
#define ntohl(x)	be32_to_cpu(x)

static inline u16 le16_to_cpup(const __le16 *p)
{
	return le16_to_cpu(*p);
}

static inline u32 le32_to_cpup(const __le32 *p)
{
	return le32_to_cpu(*p);
}

static inline u64 le64_to_cpup(const __le64 *p)
{
	return le64_to_cpu(*p);
}

static inline u16 be16_to_cpup(const __be16 *p)
{
	return be16_to_cpu(*p);
}

static inline u32 be32_to_cpup(const __be32 *p)
{
	return be32_to_cpu(*p);
}

static inline u64 be64_to_cpup(const __be64 *p)
{
	return be64_to_cpu(*p);
}

#define __UNALIGNED(type, name)						\
static inline type __get_unaligned_##name(const void *p)		\
{									\
	const struct { type v; } __packed *u = p;			\
									\
	return u->v;							\
}									\
static inline void __put_unaligned_##name(type v, void *p)		\
{									\
	struct { type v; } __packed *u = p;				\
									\
	u->v = v;							\
}
__UNALIGNED(u16, 16)
__UNALIGNED(u32, 32)
__UNALIGNED(u64, 64)

#define get_unaligned_le16(p)		__get_unaligned_16(p)
#define get_unaligned_le32(p)		__get_unaligned_32(p)
#define get_unaligned_le64(p)		__get_unaligned_64(p)
#define get_unaligned_be16(p)		swab16(__get_unaligned_16(p))
#define get_unaligned_be32(p)		swab32(__get_unaligned_32(p))
#define get_unaligned_be64(p)		swab64(__get_unaligned_64(p))
#define put_unaligned_le16(v, p)	__put_unaligned_16(v, p)
#define put_unaligned_le32(v, p)	__put_unaligned_32(v, p)
#define put_unaligned_le64(v, p)	__put_unaligned_64(v, p)
#define put_unaligned_be16(v, p)	__put_unaligned_16(swab16(v), p)
#define put_unaligned_be32(v, p)	__put_unaligned_32(swab32(v), p)
#define put_unaligned_be64(v, p)	__put_unaligned_64(swab64(v), p)
