/* SPDX-License-Identifier: GPL-2.0-only */
/* System registers of the GICv3 CPU interface (Arm IHI 0069, 12.3): same names in every port. */
#pragma once

#include <kernel/lib/types.h>
#include <asm/barrier.h>
#include <asm/cpu.h>

static inline u32 gic_read_iar(void)
{
	u32 v = read_cp15(0, c12, c12, 0);

	dsb(sy);	/* what the sender of an SGI wrote is visible now */
	return v;
}
static inline void gic_write_eoir(u32 irq)
{
	write_cp15(irq, 0, c12, c12, 1);
	isb();
}
static inline void gic_write_pmr(u32 v)
{
	write_cp15(v, 0, c4, c6, 0);
}
static inline void gic_write_bpr1(u32 v)
{
	write_cp15(v, 0, c12, c12, 3);
}
static inline void gic_write_ctlr(u32 v)
{
	write_cp15(v, 0, c12, c12, 4);
	isb();
}
static inline u32 gic_read_sre(void)
{
	return read_cp15(0, c12, c12, 5);
}
static inline void gic_write_sre(u32 v)
{
	write_cp15(v, 0, c12, c12, 5);
	isb();
}
static inline void gic_write_grpen1(u32 v)
{
	write_cp15(v, 0, c12, c12, 7);
	isb();
}
static inline void gic_write_sgi1r(u64 v)
{
	asm volatile("mcrr p15, 0, %Q0, %R0, c12" : : "r" (v) : "memory");
}
