/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * This CPU's number and the offset of its copy of the per-CPU data (TPIDR_EL1).  Both are stable only
 * while preemption is off.
 */
#pragma once

#include <asm/current.h>

/* Offset of task_struct.cpu, which this header cannot see; asserted in asm-offsets.c. */
#define TASK_CPU_OFFSET	20

static inline unsigned int smp_processor_id(void)
{
	return *(volatile unsigned int *)((char *)current + TASK_CPU_OFFSET);
}
static inline unsigned long this_cpu_offset(void)
{
	unsigned long off;

	asm volatile("mrs %0, tpidr_el1" : "=r" (off));
	return off;
}
static inline void set_this_cpu_offset(unsigned long off)
{
	asm volatile("msr tpidr_el1, %0" : : "r" (off) : "memory");
}
