// SPDX-License-Identifier: GPL-2.0-only
/*
 * Secondary CPUs: which they are, where firmware starts them (head.S), and the task they start as.
 * Firmware drivers release them, irqchip drivers carry their IPIs.
 */
#include <kernel/percpu.h>
#include <kernel/sched/sched.h>
#include <asm/cache.h>
#include <asm/cpu.h>
#include <asm/entry.h>

/* Which task a CPU of this MPIDR starts as. [I] once cpu_ops.boot is called for it. */
struct secondary_boot secondary_boot[NR_CPUS] __aligned(8) = {
	[0 ... NR_CPUS - 1] = { .hwid = ~0U },
};
static u64 cpu_hwids[NR_CPUS];		/* [I] after the CPUs are enumerated */

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

/* The new CPU has its caches on when it looks for its task; those that start it may have not. */
void smp_prepare_secondary(unsigned int cpu, struct task_struct *idle)
{
	idle->cpu = cpu;
	secondary_boot[cpu].idle = idle;
	WRITE_ONCE(secondary_boot[cpu].hwid, (u32)cpu_hwids[cpu]);
	cache_clean(&secondary_boot[cpu], sizeof(secondary_boot[cpu]));
	smp_wmb();
}
