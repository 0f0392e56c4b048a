/* SPDX-License-Identifier: GPL-2.0-only */
/* System registers (CP15): access, and the bits that this port uses (Arm ARM B4). */
#pragma once

/* SCTLR */
#define SCTLR_M			(1 << 0)
#define SCTLR_A			(1 << 1)
#define SCTLR_C			(1 << 2)
#define SCTLR_Z			(1 << 11)	/* branch prediction */
#define SCTLR_I			(1 << 12)
#define SCTLR_V			(1 << 13)	/* vectors at 0xffff0000 */
#define SCTLR_U			(1 << 22)	/* v6: unaligned accesses; RAO on v7 */
#define SCTLR_XP		(1 << 23)	/* v6: no subpages; RAO on v7 */
#define SCTLR_EE		(1 << 25)
#define SCTLR_TRE		(1 << 28)	/* TEX remap */
#define SCTLR_AFE		(1 << 29)	/* AP[0] is the access flag */
#define SCTLR_TE		(1 << 30)	/* exceptions in Thumb */
#define SCTLR_SET		(SCTLR_M | SCTLR_C | SCTLR_Z | SCTLR_I | SCTLR_V | SCTLR_U | \
				 SCTLR_XP | SCTLR_TRE | SCTLR_AFE)
#define SCTLR_CLEAR		(SCTLR_A | SCTLR_EE | SCTLR_TE)

#define ACTLR_SMP		(1 << 6)	/* Cortex-A5/7/9/15/17: join coherency */

/* Fault status: short descriptors, FS[4] in bit 10 */
#define FSR_FS(fsr)		(((fsr) & 0xf) | (((fsr) >> 6) & 0x10))
#define FSR_WNR			(1 << 11)
#define FSR_CM			(1 << 13)
#define FS_ALIGNMENT		0x01
#define FS_DEBUG		0x02
#define FS_ACCESS_FLAG_1	0x03
#define FS_CACHE_MAINT		0x04
#define FS_TRANSLATION_1	0x05
#define FS_ACCESS_FLAG_2	0x06
#define FS_TRANSLATION_2	0x07
#define FS_EXTERNAL		0x08
#define FS_DOMAIN_1		0x09
#define FS_DOMAIN_2		0x0b
#define FS_PERMISSION_1		0x0d
#define FS_PERMISSION_2		0x0f
#define FS_ASYNC_EXTERNAL	0x16

#define MPIDR_HWID_MASK		0x00ffffff
#define CPACR_VFP		(0xf << 20)	/* cp10, cp11: full access */
#define FPEXC_EN		(1 << 30)
#define CNTKCTL_PL0PCTEN	(1 << 0)
#define CNTKCTL_PL0VCTEN	(1 << 1)

#ifndef __ASSEMBLY__
#include <kernel/lib/types.h>

/* read_cp15(opc1, CRn, CRm, opc2), e.g. read_cp15(0, c0, c0, 5) for MPIDR */
#define read_cp15(op1, crn, crm, op2) ({					\
	u32 __val;								\
	asm volatile("mrc p15, " #op1 ", %0, " #crn ", " #crm ", " #op2 : "=r" (__val)); \
	__val;									\
})
#define write_cp15(val, op1, crn, crm, op2)					\
	asm volatile("mcr p15, " #op1 ", %0, " #crn ", " #crm ", " #op2	\
		     : : "r" ((u32)(val)) : "memory")

#define read_dfsr()		read_cp15(0, c5, c0, 0)
#define read_ifsr()		read_cp15(0, c5, c0, 1)
#define read_dfar()		read_cp15(0, c6, c0, 0)
#define read_ifar()		read_cp15(0, c6, c0, 2)
#define read_midr()		read_cp15(0, c0, c0, 0)
#define read_mpidr()		read_cp15(0, c0, c0, 5)
#define read_ctr()		read_cp15(0, c0, c0, 1)

/* cpu.c: what all CPUs have. [I] after the boot CPU's arch_cpu_init(). */
extern bool cpu_has_pxn;
extern bool cpu_has_generic_timer;
#endif
