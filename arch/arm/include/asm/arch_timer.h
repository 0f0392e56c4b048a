/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of the generic timer (Arm ARM B8.1): same names in every port that has it. */
#pragma once

#include <kernel/lib/types.h>
#include <asm/barrier.h>
#include <asm/cpu.h>

static inline u64 arch_timer_read_cntvct(void)
{
	u64 v;

	isb();		/* not ahead of what comes before */
	asm volatile("mrrc p15, 1, %Q0, %R0, c14" : "=r" (v));
	return v;
}
static inline u64 arch_timer_read_cntpct(void)
{
	u64 v;

	isb();
	asm volatile("mrrc p15, 0, %Q0, %R0, c14" : "=r" (v));
	return v;
}
static inline u32 arch_timer_read_cntfrq(void)
{
	return read_cp15(0, c14, c0, 0);
}
static inline u32 arch_timer_read_ctl_virt(void)
{
	return read_cp15(0, c14, c3, 1);
}
static inline void arch_timer_write_ctl_virt(u32 v)
{
	write_cp15(v, 0, c14, c3, 1);
	isb();
}
static inline void arch_timer_write_cval_virt(u64 v)
{
	asm volatile("mcrr p15, 3, %Q0, %R0, c14" : : "r" (v) : "memory");
}
static inline u32 arch_timer_read_ctl_phys(void)
{
	return read_cp15(0, c14, c2, 1);
}
static inline void arch_timer_write_ctl_phys(u32 v)
{
	write_cp15(v, 0, c14, c2, 1);
	isb();
}
static inline void arch_timer_write_cval_phys(u64 v)
{
	asm volatile("mcrr p15, 2, %Q0, %R0, c14" : : "r" (v) : "memory");
}
