/* SPDX-License-Identifier: GPL-2.0-only */
/* System registers: access, and the bits that this port uses (Arm ARM D13). */
#pragma once

#ifdef __ASSEMBLY__
#define _BITC(n)		(1 << (n))
#define _FLD(v, n)		((v) << (n))
#else
#define _BITC(n)		(1UL << (n))
#define _FLD(v, n)		((unsigned long)(v) << (n))
#endif

/* SCTLR_EL1 */
#define SCTLR_M			_BITC(0)
#define SCTLR_A			_BITC(1)
#define SCTLR_C			_BITC(2)
#define SCTLR_SA		_BITC(3)
#define SCTLR_SA0		_BITC(4)
#define SCTLR_CP15BEN		_BITC(5)	/* AArch32's old barrier instructions */
#define SCTLR_I			_BITC(12)
#define SCTLR_DZE		_BITC(14)	/* DC ZVA at EL0 */
#define SCTLR_UCT		_BITC(15)	/* CTR_EL0 readable at EL0 */
#define SCTLR_nTWI		_BITC(16)
#define SCTLR_nTWE		_BITC(18)
#define SCTLR_SPAN		_BITC(23)	/* PAN unchanged on exceptions when set */
#define SCTLR_UCI		_BITC(26)	/* cache maintenance at EL0 */
#define SCTLR_BT0		_BITC(35)	/* PACIxSP is a target of calls, not of jumps */
#define SCTLR_EnDB		_BITC(13)	/* instructions that use a key do something */
#define SCTLR_EnDA		_BITC(27)
#define SCTLR_EnIB		_BITC(30)
#define SCTLR_EnIA		_BITC(31)
#define SCTLR_RES1		(_BITC(11) | _BITC(20) | _BITC(22) | _BITC(28) | _BITC(29))
#define SCTLR_VALUE		(SCTLR_RES1 | SCTLR_M | SCTLR_C | SCTLR_SA | SCTLR_SA0 | SCTLR_I | \
				 SCTLR_DZE | SCTLR_UCT | SCTLR_nTWI | SCTLR_nTWE | SCTLR_SPAN | SCTLR_UCI)
#define SCTLR_VALUE_MMU_OFF	(SCTLR_RES1 | SCTLR_SPAN)

/* TCR_EL1: 4 KiB granules, write-back inner shareable walks, TBI for user addresses only */
#define TCR_T0SZ(bits)		_FLD(64 - (bits), 0)
#define TCR_T1SZ(bits)		_FLD(64 - (bits), 16)
#define TCR_WALKS0		(_FLD(1, 8) | _FLD(1, 10) | _FLD(3, 12))
#define TCR_WALKS1		(_FLD(1, 24) | _FLD(1, 26) | _FLD(3, 28))
#define TCR_TG1_4K		_FLD(2, 30)
#define TCR_EPD0		_BITC(7)
#define TCR_IPS_SHIFT		32
#define TCR_AS16		_BITC(36)
#define TCR_TBI0		_BITC(37)
#define TCR_HA			_BITC(39)

#define TTBR_ASID_SHIFT		48

/* ESR_ELx */
#define ESR_EC_SHIFT		26
#define ESR_ISS_MASK		0x1ffffff
#define ESR_IL			(1 << 25)
#define EC_UNKNOWN		0x00
#define EC_WFX			0x01
#define EC_CP15_32		0x03
#define EC_CP15_64		0x04
#define EC_CP14_MR		0x05
#define EC_CP14_LS		0x06
#define EC_FP_ACCESS		0x07
#define EC_CP14_64		0x0c
#define EC_BTI			0x0d
#define EC_ILLEGAL_STATE	0x0e
#define EC_SVC32		0x11
#define EC_SVC64		0x15
#define EC_SYS64		0x18
#define EC_SVE			0x19
#define EC_FPAC			0x1c
#define EC_IABT_EL0		0x20
#define EC_IABT_EL1		0x21
#define EC_PC_ALIGN		0x22
#define EC_DABT_EL0		0x24
#define EC_DABT_EL1		0x25
#define EC_SP_ALIGN		0x26
#define EC_FP32			0x28
#define EC_FP64			0x2c
#define EC_SERROR		0x2f
#define EC_BREAKPT_EL0		0x30
#define EC_STEP_EL0		0x32
#define EC_STEP_EL1		0x33
#define EC_WATCHPT_EL0		0x34
#define EC_BKPT32		0x38
#define EC_BRK64		0x3c

/* ISS of aborts */
#define ISS_FSC			0x3f
#define ISS_FSC_TYPE		0x3c		/* without the level */
#define FSC_ADDRESS_SIZE	0x00
#define FSC_TRANSLATION		0x04
#define FSC_ACCESS_FLAG		0x08
#define FSC_PERMISSION		0x0c
#define FSC_ALIGNMENT		0x21
#define ISS_WNR			(1 << 6)
#define ISS_CM			(1 << 8)

#define CPACR_FPEN		_FLD(3, 20)
#define MDSCR_SS		_BITC(0)
#define MDSCR_MDE		_BITC(15)	/* breakpoints and watchpoints count */
#define CNTKCTL_EL0VCTEN	_BITC(1)
#define PSTATE_PAN		_BITC(22)
#define PSTATE_SS		_BITC(21)
#define PSTATE_MODE_EL1h	5

#define MPIDR_HWID_MASK		0xff00ffffffUL

#ifndef __ASSEMBLY__
#include <kernel/lib/types.h>

#define read_sysreg(reg) ({						\
	u64 __val;							\
	asm volatile("mrs %0, " #reg : "=r" (__val));			\
	__val;								\
})
#define write_sysreg(val, reg)						\
	asm volatile("msr " #reg ", %x0" : : "rZ" ((u64)(val)) : "memory")

/* cpu.c: what all CPUs have. [I] after the boot CPU's arch_cpu_init(). */
extern bool cpu_has_pan;
extern bool cpu_has_aarch32;
extern bool cpu_has_bti;
bool cpu_emulate_id_register(unsigned int crm, unsigned int op2, u64 *val);
#endif
