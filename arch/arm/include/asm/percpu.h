/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * This CPU's number and the offset of its copy of the per-CPU data.  The one thread register that
 * the kernel owns holds current, so the number comes from the task and the offset from the array of
 * all CPUs. Both are stable only while preemption is off.
 */
#pragma once

#include <asm/current.h>

/* Offset of task_struct.cpu, which this header cannot see; asserted in asm-offsets.c. */
#define TASK_CPU_OFFSET	12

extern unsigned long __per_cpu_offset[];	/* <kernel/percpu.h> */

static inline unsigned int smp_processor_id(void)
{
	return *(volatile unsigned int *)((char *)current + TASK_CPU_OFFSET);
}
static inline unsigned long this_cpu_offset(void)
{
	return __per_cpu_offset[smp_processor_id()];
}
static inline void set_this_cpu_offset(unsigned long off)
{
	__per_cpu_offset[smp_processor_id()] = off;
}
