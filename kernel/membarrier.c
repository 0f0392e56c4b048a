// SPDX-License-Identifier: GPL-2.0-only
/*
 * membarrier(2): a memory barrier on all CPUs that run the caller's threads.
 *
 * An IPI to every online CPU serves all commands: taking an exception and returning from it orders memory
 * accesses and, by the context synchronisation of the return, instruction fetches.
 */
#include <generated/syscalls.h>

#include <kernel/rseq.h>
#include <kernel/sched/sched.h>
#include <kernel/smp.h>
#include <mm/mm.h>

#define MEMBARRIER_COMMANDS (MEMBARRIER_CMD_GLOBAL | MEMBARRIER_CMD_GLOBAL_EXPEDITED |				\
	MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED | MEMBARRIER_CMD_PRIVATE_EXPEDITED |				\
	MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED | MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE |	\
	MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE | MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ |	\
	MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ)

static void barrier_ipi(void *unused)
{
	smp_mb();
}

void barrier_everywhere(void)
{
	smp_mb();
	on_each_cpu(barrier_ipi, NULL, true);
	smp_mb();
}

static long barrier_registered(int registration)
{
	if (!(atomic_read(&current->mm->membarrier_state) & registration))
		return -EPERM;
	barrier_everywhere();
	return 0;
}

/* The others' restartable sequences, or those on one CPU, begin again. */
static void rseq_ipi(void *unused)
{
	smp_mb();
	if (current->rseq)
		rseq_interrupt(current);
}

static long barrier_rseq(unsigned int flags, int cpu)
{
	if (flags & ~MEMBARRIER_CMD_FLAG_CPU)
		return -EINVAL;
	if (!(atomic_read(&current->mm->membarrier_state) & MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ))
		return -EPERM;
	smp_mb();
	if (!flags)
		smp_call_function(rseq_ipi, NULL, true);
	else if (cpu >= 0 && cpu < (int)nr_cpu_ids && cpu_online(cpu))
		smp_call_function_single(cpu, rseq_ipi, NULL, true);
	smp_mb();
	return 0;
}

long sys_membarrier(int cmd, unsigned int flags, int cpu_id)
{
	if (cmd == MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ)
		return barrier_rseq(flags, cpu_id);
	if (flags)
		return -EINVAL;
	switch (cmd) {
	case MEMBARRIER_CMD_QUERY:
		return MEMBARRIER_COMMANDS;
	case MEMBARRIER_CMD_GLOBAL:
	case MEMBARRIER_CMD_GLOBAL_EXPEDITED:
		barrier_everywhere();
		return 0;
	case MEMBARRIER_CMD_REGISTER_GLOBAL_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE:
	case MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ:
		__atomic_fetch_or(&current->mm->membarrier_state.counter, cmd, __ATOMIC_RELAXED);
		return 0;
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED:
		return barrier_registered(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED);
	case MEMBARRIER_CMD_PRIVATE_EXPEDITED_SYNC_CORE:
		return barrier_registered(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_SYNC_CORE);
	}
	return -EINVAL;
}
