/* SPDX-License-Identifier: GPL-2.0-only */
/* System registers of the GICv3 CPU interface (Arm IHI 0069, 12.2): same names in every port. */
#pragma once

#include <kernel/lib/types.h>
#include <asm/barrier.h>
#include <asm/cpu.h>

static inline u32 gic_read_iar(void)
{
	u32 v = read_sysreg(s3_0_c12_c12_0);

	dsb(sy);	/* what the sender of an SGI wrote is visible now */
	return v;
}
static inline void gic_write_eoir(u32 irq)
{
	write_sysreg(irq, s3_0_c12_c12_1);
	isb();
}
static inline void gic_write_pmr(u32 v)
{
	write_sysreg(v, s3_0_c4_c6_0);
}
static inline void gic_write_bpr1(u32 v)
{
	write_sysreg(v, s3_0_c12_c12_3);
}
static inline void gic_write_ctlr(u32 v)
{
	write_sysreg(v, s3_0_c12_c12_4);
	isb();
}
static inline u32 gic_read_sre(void)
{
	return read_sysreg(s3_0_c12_c12_5);
}
static inline void gic_write_sre(u32 v)
{
	write_sysreg(v, s3_0_c12_c12_5);
	isb();
}
static inline void gic_write_grpen1(u32 v)
{
	write_sysreg(v, s3_0_c12_c12_7);
	isb();
}
static inline void gic_write_sgi1r(u64 v)
{
	write_sysreg(v, s3_0_c12_c11_5);
}
