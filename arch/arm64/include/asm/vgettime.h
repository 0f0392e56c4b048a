/* SPDX-License-Identifier: GPL-2.0-only */
/* What <kernel/time/vgettime.h>, user code of the vDSO, needs of the CPU. */
#pragma once

#include <kernel/lib/types.h>

#define vdso_relax()	asm volatile("yield")
#define vdso_rmb()	asm volatile("dmb ishld" : : : "memory")

/*
 * The counter, read after what precedes it in program order.  The load that depends on its value makes
 * a later barrier for loads wait for the counter, too.
 */
static inline u64 vdso_read_counter(void)
{
	u64 count, tmp;

	asm volatile("isb\n\tmrs %0, cntvct_el0\n\t"
		     "eor %1, %0, %0\n\tadd %1, sp, %1\n\tldr xzr, [%1]"
		     : "=r" (count), "=&r" (tmp) : : "memory");
	return count;
}

/* Seconds and the rest of @ns. */
static inline u64 vdso_split_ns(u64 ns, u32 *nsec)
{
	*nsec = ns % 1000000000U;
	return ns / 1000000000U;
}

static inline long vdso_syscall2(long number, long a, long b)
{
	register long x0 asm("x0") = a;
	register long x1 asm("x1") = b;
	register long x8 asm("x8") = number;

	asm volatile("svc #0" : "+r" (x0) : "r" (x1), "r" (x8) : "memory");
	return x0;
}
