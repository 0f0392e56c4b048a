// SPDX-License-Identifier: GPL-2.0-only
/*
 * Secondary CPUs: which they are, where firmware starts them (head.S), and the task they start as.
 * One CPU is brought up at a time; firmware drivers release it, irqchip drivers carry its IPIs.
 */
#include <kernel/lib/cpumask.h>
#include <kernel/sched/sched.h>
#include <asm/cache.h>
#include <asm/cpu.h>
#include <asm/entry.h>

static u64 cpu_hwids[NR_CPUS];		/* [I] after the CPUs are enumerated */
struct task_struct *secondary_task;	/* what the CPU that starts now runs */

u64 cpu_hwid(unsigned int cpu)
{
	return cpu_hwids[cpu];
}

void set_cpu_hwid(unsigned int cpu, u64 hwid)
{
	cpu_hwids[cpu] = hwid & MPIDR_HWID_MASK;
}

phys_addr_t smp_secondary_entry_pa(void)
{
	return __pa(secondary_entry);
}

/* The new CPU switches its MMU on before it reads any of this, so it sees our caches. */
void smp_prepare_secondary(unsigned int cpu, struct task_struct *idle)
{
	*task_slot(idle) = idle;
	idle->cpu = cpu;
	WRITE_ONCE(secondary_task, idle);
	smp_wmb();
}
