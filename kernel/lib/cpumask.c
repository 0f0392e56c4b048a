// SPDX-License-Identifier: GPL-2.0-only
/* The system's CPU sets; see cpumask.h for when each may change.  CPU 0 boots. */
#include <kernel/lib/cpumask.h>

struct cpumask __cpu_possible_mask = { { 1 } };
struct cpumask __cpu_present_mask = { { 1 } };
struct cpumask __cpu_online_mask = { { 1 } };
unsigned int nr_cpu_ids = 1;

#define ONE(cpu)	{ { 1UL << (cpu) } }

const struct cpumask cpu_bit_masks[8] = {
	ONE(0), ONE(1), ONE(2), ONE(3), ONE(4), ONE(5), ONE(6), ONE(7),
};

void set_cpu_possible(unsigned int cpu, bool possible)
{
	assign_bit(cpu, __cpu_possible_mask.bits, possible);
	nr_cpu_ids = fls_long(__cpu_possible_mask.bits[0]);
}

void set_cpu_present(unsigned int cpu, bool present)
{
	assign_bit(cpu, __cpu_present_mask.bits, present);
}

void set_cpu_online(unsigned int cpu, bool online)
{
	assign_bit(cpu, __cpu_online_mask.bits, online);
}
