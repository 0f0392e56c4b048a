/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device registers.  readX orders later memory accesses after the device read, writeX earlier ones
 * before the device write; the _relaxed ones order only against the same device.  A 64-bit register
 * is read as two words: only for registers that allow it.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <asm/barrier.h>

static inline u8 readb_relaxed(const volatile void __iomem *p)
{
	u32 v;

	asm volatile("ldrb %0, [%1]" : "=r" (v) : "r" (p) : "memory");
	return v;
}
static inline u16 readw_relaxed(const volatile void __iomem *p)
{
	u32 v;

	asm volatile("ldrh %0, [%1]" : "=r" (v) : "r" (p) : "memory");
	return v;
}
static inline u32 readl_relaxed(const volatile void __iomem *p)
{
	u32 v;

	asm volatile("ldr %0, [%1]" : "=r" (v) : "r" (p) : "memory");
	return v;
}
static inline u64 readq_relaxed(const volatile void __iomem *p)
{
	u32 lo = readl_relaxed(p);

	return lo | (u64)readl_relaxed(p + 4) << 32;
}
static inline void writeb_relaxed(u8 v, volatile void __iomem *p)
{
	asm volatile("strb %0, [%1]" : : "r" (v), "r" (p) : "memory");
}
static inline void writew_relaxed(u16 v, volatile void __iomem *p)
{
	asm volatile("strh %0, [%1]" : : "r" (v), "r" (p) : "memory");
}
static inline void writel_relaxed(u32 v, volatile void __iomem *p)
{
	asm volatile("str %0, [%1]" : : "r" (v), "r" (p) : "memory");
}
static inline void writeq_relaxed(u64 v, volatile void __iomem *p)
{
	writel_relaxed((u32)v, p);
	writel_relaxed((u32)(v >> 32), p + 4);
}

#define __io_after_read()	dmb(osh)
#define __io_before_write()	dsb(st)

static inline u8 readb(const volatile void __iomem *p)
{
	u8 v = readb_relaxed(p);

	__io_after_read();
	return v;
}
static inline u16 readw(const volatile void __iomem *p)
{
	u16 v = readw_relaxed(p);

	__io_after_read();
	return v;
}
static inline u32 readl(const volatile void __iomem *p)
{
	u32 v = readl_relaxed(p);

	__io_after_read();
	return v;
}
static inline u64 readq(const volatile void __iomem *p)
{
	u64 v = readq_relaxed(p);

	__io_after_read();
	return v;
}
static inline void writeb(u8 v, volatile void __iomem *p)
{
	__io_before_write();
	writeb_relaxed(v, p);
}
static inline void writew(u16 v, volatile void __iomem *p)
{
	__io_before_write();
	writew_relaxed(v, p);
}
static inline void writel(u32 v, volatile void __iomem *p)
{
	__io_before_write();
	writel_relaxed(v, p);
}
static inline void writeq(u64 v, volatile void __iomem *p)
{
	__io_before_write();
	writeq_relaxed(v, p);
}
