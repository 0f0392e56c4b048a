/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Calls into firmware or hypervisor (Arm DEN 0028, SMC Calling Convention): same names in every
 * port. The instructions are spelled as numbers: the compiler's -march need not have the
 * extensions.
 */
#pragma once

#include <kernel/lib/types.h>

#define __SMCCC_CALL(insn) ({							\
	register unsigned long r0 asm("r0") = fn;				\
	register unsigned long r1 asm("r1") = a1;				\
	register unsigned long r2 asm("r2") = a2;				\
	register unsigned long r3 asm("r3") = a3;				\
	asm volatile(".inst " insn						\
		     : "+r" (r0), "+r" (r1), "+r" (r2), "+r" (r3) : 		\
		     : "ip", "memory");						\
	r0; })

static inline long smccc_hvc(unsigned long fn, unsigned long a1, unsigned long a2, unsigned long a3)
{
	return __SMCCC_CALL("0xe1400070");	/* hvc #0 */
}
static inline long smccc_smc(unsigned long fn, unsigned long a1, unsigned long a2, unsigned long a3)
{
	return __SMCCC_CALL("0xe1600070");	/* smc #0 */
}
