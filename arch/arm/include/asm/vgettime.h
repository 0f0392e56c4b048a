/* SPDX-License-Identifier: GPL-2.0-only */
/* What <kernel/time/vgettime.h>, user code of the vDSO, needs of the CPU. */
#pragma once

#include <kernel/lib/types.h>

#define vdso_relax()	asm volatile("yield")

static inline u32 vdso_load_acquire(const u32 *p)
{
	u32 value;

	asm volatile("ldr %0, %1\n\tdmb ish" : "=r" (value) : "Qo" (*p) : "memory");
	return value;
}

/* The counter, read after what precedes it: a branch depends on an earlier load, and isb waits for it. */
static inline u64 vdso_read_counter(void)
{
	u64 count;

	asm volatile("isb\n\tmrrc p15, 1, %Q0, %R0, c14" : "=r" (count) : : "memory");
	return count;
}

/* *p, after all earlier loads, by the barrier, and after @dep is known (of the counter), by the address. */
static inline u32 vdso_load_after(const u32 *p, u64 dep)
{
	unsigned long zero;
	u32 loaded;

	asm volatile("eor %1, %Q2, %Q2\n\tdmb ish\n\tldr %0, [%3, %1]"
		     : "=r" (loaded), "=&r" (zero) : "r" (dep), "r" (p) : "memory");
	return loaded;
}

/* By 1 to 31 bits: the compiler's own also does 32 and more. */
static inline u64 vdso_shift_right(u64 value, u32 n)
{
	u32 high = value >> 32;

	return (u64)(high >> n) << 32 | (high << (32 - n) | (u32)value >> n);
}

static inline long vdso_syscall2(long number, long a, long b)
{
	register long r0 asm("r0") = a;
	register long r1 asm("r1") = b;
	register long r7 asm("r7") = number;

	asm volatile("svc #0" : "+r" (r0) : "r" (r1), "r" (r7) : "memory");
	return r0;
}
