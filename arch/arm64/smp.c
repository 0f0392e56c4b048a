// SPDX-License-Identifier: GPL-2.0-only
/*
 * Secondary CPUs: which they are, where firmware starts them (head.S), and the task they start as.
 * Firmware drivers release them, irqchip drivers carry their IPIs.
 */
#include <kernel/lib/cpumask.h>
#include <kernel/sched/sched.h>
#include <asm/cache.h>
#include <asm/cpu.h>
#include <asm/entry.h>

static u64 cpu_hwids[NR_CPUS];		/* [I] after the CPUs are enumerated */
/* Which task a CPU of this MPIDR starts as. [I] once cpu_ops.boot is called for it. */
struct secondary_boot secondary_boot[NR_CPUS] = {
	[0 ... NR_CPUS - 1] = { .hwid = ~0UL },
};

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
	secondary_boot[cpu].idle = idle;
	smp_wmb();
	WRITE_ONCE(secondary_boot[cpu].hwid, cpu_hwids[cpu]);
	smp_wmb();
}
