/* SPDX-License-Identifier: GPL-2.0-only */
/* What <kernel/time/vgettime.h>, user code of the vDSO, needs of the CPU. */
#pragma once

#include <kernel/lib/types.h>

#define vdso_relax()	asm volatile("yield")
#define vdso_rmb()	asm volatile("dmb ish" : : : "memory")

/*
 * The counter, read after what precedes it in program order.  The load that depends on its value makes
 * a later barrier wait for the counter, too.
 */
static inline u64 vdso_read_counter(void)
{
	unsigned long tmp;
	u64 count;

	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14\n\t"
		     "eor %1, %Q0, %Q0\n\tldr %1, [sp, %1]"
		     : "=&r" (count), "=&r" (tmp) : : "memory");
	return count;
}

/*
 * Seconds and the rest of @ns < 2^63, which all clocks keep to.  The upper 32 bits times 2^31 / 10^9 are too small
 * by less than four seconds: the product's rounding 0.85, the quotient's 1, the lower 31 bits 2.15.  So the
 * rest fits in 32 bits.  The exact reciprocal costs two dozen instructions more, of clock_gettime's 150.
 */
static inline u64 vdso_split_ns(u64 ns, u32 *nsec)
{
	u64 sec = (u64)(u32)(ns >> 31) * 2305843009U >> 30;
	u32 rest = (u32)ns - (u32)sec * 1000000000U;

	*nsec = rest % 1000000000U;
	return sec + rest / 1000000000U;
}

static inline long vdso_syscall2(long number, long a, long b)
{
	register long r0 asm("r0") = a;
	register long r1 asm("r1") = b;
	register long r7 asm("r7") = number;

	asm volatile("svc #0" : "+r" (r0) : "r" (r1), "r" (r7) : "memory");
	return r0;
}
