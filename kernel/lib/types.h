/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The basic types of the kernel.
 *
 * Fixed-size types come from Linux's UAPI headers (__u32 and friends); the plain names used
 * inside the kernel are defined here.  u64 is `unsigned long long` on both ports, so "%llu"
 * always fits.  dev_t is the kernel's internal form (12 bits of major, 20 of minor); the form
 * user space sees in struct stat goes through new_encode_dev()/new_decode_dev().
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <linux/types.h>

/* Address-space markers: checked by sparse, invisible to the compiler. */
#ifdef __CHECKER__
#define __user		__attribute__((noderef, address_space(__user)))
#define __iomem		__attribute__((noderef, address_space(__iomem)))
#define __percpu	__attribute__((noderef, address_space(__percpu)))
#define __force		__attribute__((force))
#define __acquires(x)	__attribute__((context(x, 0, 1)))
#define __releases(x)	__attribute__((context(x, 1, 0)))
#else
#define __user
#define __iomem
#define __percpu
#define __force
#define __acquires(x)
#define __releases(x)
#endif

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
typedef __s8 s8;
typedef __s16 s16;
typedef __s32 s32;
typedef __s64 s64;

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
typedef unsigned long uintptr_t;
typedef long intptr_t;

typedef __kernel_ssize_t ssize_t;
typedef __kernel_off_t off_t;
typedef __kernel_loff_t loff_t;
typedef __kernel_pid_t pid_t;
typedef __kernel_uid32_t uid_t;
typedef __kernel_gid32_t gid_t;
typedef __kernel_mode_t mode_t;
typedef unsigned short umode_t;
typedef __kernel_clockid_t clockid_t;
typedef __kernel_clock_t clock_t;
typedef s64 time64_t;
typedef s64 ktime_t;
typedef u64 ino_t;
typedef u32 dev_t;
typedef u32 nlink_t;
typedef int key_t;

typedef u64 sector_t;
typedef u64 blkcnt_t;
typedef unsigned long pgoff_t;
typedef unsigned long pfn_t;
typedef u64 phys_addr_t;
typedef u64 resource_size_t;
typedef u64 dma_addr_t;
typedef unsigned int gfp_t;
typedef unsigned int fmode_t;
typedef unsigned int slab_flags_t;

#define U8_MAX		((u8)~0U)
#define U16_MAX		((u16)~0U)
#define U32_MAX		((u32)~0U)
#define U64_MAX		((u64)~0ULL)
#define S8_MAX		((s8)0x7f)
#define S16_MAX		((s16)0x7fff)
#define S32_MAX		((s32)0x7fffffff)
#define S32_MIN		((s32)(-S32_MAX - 1))
#define S64_MAX		((s64)0x7fffffffffffffffLL)
#define S64_MIN		((s64)(-S64_MAX - 1))
#define INT_MAX		((int)(~0U >> 1))
#define INT_MIN		(-INT_MAX - 1)
#define UINT_MAX	(~0U)
#define LONG_MAX	((long)(~0UL >> 1))
#define LONG_MIN	(-LONG_MAX - 1)
#define ULONG_MAX	(~0UL)
#define LLONG_MAX	((long long)(~0ULL >> 1))
#define LLONG_MIN	(-LLONG_MAX - 1)
#define ULLONG_MAX	(~0ULL)
#define SIZE_MAX	(~(size_t)0)
#define SSIZE_MAX	((ssize_t)(SIZE_MAX >> 1))
#define PHYS_ADDR_MAX	(~(phys_addr_t)0)

#define BITS_PER_BYTE		8
#define BITS_PER_LONG		(8 * __SIZEOF_LONG__)
#define BITS_PER_LONG_LONG	64

/* Device numbers, internal form. */
#define MINORBITS	20
#define MINORMASK	((1U << MINORBITS) - 1)
#define MAJOR(dev)	((unsigned int)((dev) >> MINORBITS))
#define MINOR(dev)	((unsigned int)((dev) & MINORMASK))
#define MKDEV(ma, mi)	((dev_t)(((dev_t)(ma) << MINORBITS) | (dev_t)(mi)))

/* The 32-bit form of struct stat and mknod(2): minor's low byte, major, rest of minor. */
static inline u32 new_encode_dev(dev_t dev)
{
	u32 major = MAJOR(dev);
	u32 minor = MINOR(dev);

	return (minor & 0xff) | (major << 8) | ((minor & ~0xffU) << 12);
}

static inline dev_t new_decode_dev(u32 dev)
{
	u32 major = (dev >> 8) & 0xfff;
	u32 minor = (dev & 0xff) | ((dev >> 12) & 0xfff00);

	return MKDEV(major, minor);
}

/* The 64-bit form (struct stat64, statx): identical for every device number we can hold. */
static inline u64 huge_encode_dev(dev_t dev)
{
	return new_encode_dev(dev);
}

static inline dev_t huge_decode_dev(u64 dev)
{
	return new_decode_dev((u32)dev);
}

/* The 16-bit form of the oldest calls; only dev numbers below 256:256 fit. */
static inline bool old_valid_dev(dev_t dev)
{
	return MAJOR(dev) < 256 && MINOR(dev) < 256;
}

static inline u16 old_encode_dev(dev_t dev)
{
	return (u16)((MAJOR(dev) << 8) | MINOR(dev));
}

static inline dev_t old_decode_dev(u16 dev)
{
	return MKDEV((dev >> 8) & 0xff, dev & 0xff);
}

/* List heads live here so that headers can embed them without <kernel/lib/list.h>. */
struct list_head {
	struct list_head *next;
	struct list_head *prev;
};

struct hlist_node {
	struct hlist_node *next;
	struct hlist_node **pprev;
};

struct hlist_head {
	struct hlist_node *first;
};
