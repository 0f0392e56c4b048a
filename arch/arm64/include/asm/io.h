/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Device registers.  readX orders later memory accesses after the device read, writeX earlier ones
 * before the device write; the _relaxed ones order only against the same device.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <asm/barrier.h>

static inline u8 readb_relaxed(const volatile void __iomem *p)
{
	u32 v;

	asm volatile("ldrb %w0, [%1]" : "=r" (v) : "r" (p) : "memory");
	return v;
}
static inline u16 readw_relaxed(const volatile void __iomem *p)
{
	u32 v;

	asm volatile("ldrh %w0, [%1]" : "=r" (v) : "r" (p) : "memory");
	return v;
}
static inline u32 readl_relaxed(const volatile void __iomem *p)
{
	u32 v;

	asm volatile("ldr %w0, [%1]" : "=r" (v) : "r" (p) : "memory");
	return v;
}
static inline u64 readq_relaxed(const volatile void __iomem *p)
{
	u64 v;

	asm volatile("ldr %0, [%1]" : "=r" (v) : "r" (p) : "memory");
	return v;
}
static inline void writeb_relaxed(u8 v, volatile void __iomem *p)
{
	asm volatile("strb %w0, [%1]" : : "rZ" (v), "r" (p) : "memory");
}
static inline void writew_relaxed(u16 v, volatile void __iomem *p)
{
	asm volatile("strh %w0, [%1]" : : "rZ" (v), "r" (p) : "memory");
}
static inline void writel_relaxed(u32 v, volatile void __iomem *p)
{
	asm volatile("str %w0, [%1]" : : "rZ" (v), "r" (p) : "memory");
}
static inline void writeq_relaxed(u64 v, volatile void __iomem *p)
{
	asm volatile("str %x0, [%1]" : : "rZ" (v), "r" (p) : "memory");
}

#define __io_after_read()	dmb(oshld)
#define __io_before_write()	dmb(oshst)

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
