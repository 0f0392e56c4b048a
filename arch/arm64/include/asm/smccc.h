/* SPDX-License-Identifier: GPL-2.0-only */
/* Calls into firmware or hypervisor (Arm DEN 0028, SMC Calling Convention): same names in every
 * port. */
#pragma once

#include <kernel/lib/types.h>

#define __SMCCC_CALL(insn) ({							\
	register unsigned long x0 asm("x0") = fn;				\
	register unsigned long x1 asm("x1") = a1;				\
	register unsigned long x2 asm("x2") = a2;				\
	register unsigned long x3 asm("x3") = a3;				\
	asm volatile(insn " #0"							\
		     : "+r" (x0), "+r" (x1), "+r" (x2), "+r" (x3) : 		\
		     : "x4", "x5", "x6", "x7", "x8", "x9", "x10", "x11", "x12",	\
		       "x13", "x14", "x15", "x16", "x17", "memory");		\
	x0; })

static inline long smccc_hvc(unsigned long fn, unsigned long a1, unsigned long a2, unsigned long a3)
{
	return __SMCCC_CALL("hvc");
}
static inline long smccc_smc(unsigned long fn, unsigned long a1, unsigned long a2, unsigned long a3)
{
	return __SMCCC_CALL("smc");
}
