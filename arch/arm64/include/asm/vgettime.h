/* SPDX-License-Identifier: GPL-2.0-only */
/* What <kernel/time/vgettime.h>, user code of the vDSO, needs of the CPU. */
#pragma once

#include <kernel/lib/types.h>

#define vdso_relax()	asm volatile("yield")

static inline u32 vdso_load_acquire(const u32 *p)
{
	u32 value;

	asm volatile("ldar %w0, %1" : "=r" (value) : "Q" (*p) : "memory");
	return value;
}

/* The counter, read after what precedes it: a branch depends on an earlier load, and isb waits for it. */
static inline u64 vdso_read_counter(void)
{
	u64 count;

	asm volatile("isb\n\tmrs %0, cntvct_el0" : "=r" (count) : : "memory");
	return count;
}

/* *p, after all earlier loads, by the barrier, and after @dep is known (of the counter), by the address. */
static inline u32 vdso_load_after(const u32 *p, u64 dep)
{
	u64 zero;
	u32 loaded;

	asm volatile("eor %1, %2, %2\n\tdmb ishld\n\tldr %w0, [%3, %1]"
		     : "=r" (loaded), "=&r" (zero) : "r" (dep), "r" (p) : "memory");
	return loaded;
}

static inline u64 vdso_shift_right(u64 value, u32 n)
{
	return value >> n;
}

static inline long vdso_syscall2(long number, long a, long b)
{
	register long x0 asm("x0") = a;
	register long x1 asm("x1") = b;
	register long x8 asm("x8") = number;

	asm volatile("svc #0" : "+r" (x0) : "r" (x1), "r" (x8) : "memory");
	return x0;
}
