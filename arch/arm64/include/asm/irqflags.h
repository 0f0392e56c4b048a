/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupt masking of this CPU: PSTATE.I and F go together.  SError stays unmasked from the first
 * irq_enable() on; debug exceptions in the kernel stay masked.
 */
#pragma once

#include <kernel/lib/types.h>

#define DAIF_I_BIT	(1UL << 7)

static inline void irq_enable(void)
{
	asm volatile("msr daifclr, #7" : : : "memory");
}
static inline void irq_disable(void)
{
	asm volatile("msr daifset, #3" : : : "memory");
}
static inline bool irqs_disabled_flags(unsigned long flags)
{
	return flags & DAIF_I_BIT;
}
static inline unsigned long irq_save(void)
{
	unsigned long flags;

	asm volatile("mrs %0, daif\n\tmsr daifset, #3" : "=r" (flags) : : "memory");
	return flags;
}
static inline void irq_restore(unsigned long flags)
{
	asm volatile("msr daif, %0" : : "r" (flags) : "memory");
}
static inline bool irqs_disabled(void)
{
	unsigned long flags;

	asm volatile("mrs %0, daif" : "=r" (flags) : : "memory");
	return irqs_disabled_flags(flags);
}
