/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupt masking of this CPU: CPSR.I.  Nothing uses FIQs. */
#pragma once

#include <kernel/lib/types.h>

#define CPSR_I_BIT	0x80UL

static inline void irq_enable(void)
{
	asm volatile("cpsie i" : : : "memory");
}
static inline void irq_disable(void)
{
	asm volatile("cpsid i" : : : "memory");
}
static inline bool irqs_disabled_flags(unsigned long flags)
{
	return flags & CPSR_I_BIT;
}
static inline unsigned long irq_save(void)
{
	unsigned long flags;

	asm volatile("mrs %0, cpsr\n\tcpsid i" : "=r" (flags) : : "memory");
	return flags;
}
static inline void irq_restore(unsigned long flags)
{
	asm volatile("msr cpsr_c, %0" : : "r" (flags) : "memory", "cc");
}
static inline bool irqs_disabled(void)
{
	unsigned long flags;

	asm volatile("mrs %0, cpsr" : "=r" (flags) : : "memory");
	return irqs_disabled_flags(flags);
}
