/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of the generic timer (Arm ARM D13.11): same names in every port that has it. */
#pragma once

#include <kernel/lib/types.h>
#include <asm/barrier.h>
#include <asm/cpu.h>

static inline u64 arch_timer_read_cntvct(void)
{
	isb();		/* not ahead of what comes before */
	return read_sysreg(cntvct_el0);
}
static inline u64 arch_timer_read_cntpct(void)
{
	isb();
	return read_sysreg(cntpct_el0);
}
static inline u32 arch_timer_read_cntfrq(void)
{
	return read_sysreg(cntfrq_el0);
}
static inline u32 arch_timer_read_ctl_virt(void)
{
	return read_sysreg(cntv_ctl_el0);
}
static inline void arch_timer_write_ctl_virt(u32 v)
{
	write_sysreg(v, cntv_ctl_el0);
	isb();
}
static inline void arch_timer_write_cval_virt(u64 v)
{
	write_sysreg(v, cntv_cval_el0);
}
static inline u32 arch_timer_read_ctl_phys(void)
{
	return read_sysreg(cntp_ctl_el0);
}
static inline void arch_timer_write_ctl_phys(u32 v)
{
	write_sysreg(v, cntp_ctl_el0);
	isb();
}
static inline void arch_timer_write_cval_phys(u64 v)
{
	write_sysreg(v, cntp_cval_el0);
}
