// SPDX-License-Identifier: GPL-2.0-only
/* Counts of interrupts: /proc/interrupts, /proc/stat. */
#include <kernel/irq/internal.h>

#include <fs/seq_file.h>
#include <kernel/smp.h>

static const char *const ipi_names[IPI_NR] = {
	[IPI_RESCHEDULE] = "Rescheduling interrupts",
	[IPI_CALL_FUNC] = "Function call interrupts",
	[IPI_STOP] = "CPU stop interrupts",
	[IPI_BACKTRACE] = "CPU backtrace interrupts",
};

u64 irq_count(unsigned int virq)
{
	const struct irq_desc *desc = irq_to_desc(virq);
	unsigned int cpu;
	u64 n = 0;

	if (!desc)
		return 0;
	for_each_possible_cpu(cpu)
		n += READ_ONCE(desc->count[cpu]);
	return n;
}

u64 irq_total_count(void)
{
	unsigned int virq, cpu, kind;
	u64 n = 0;

	for (virq = 1; virq < nr_irqs(); virq++)
		n += irq_count(virq);
	for_each_possible_cpu(cpu) {
		for (kind = 0; kind < IPI_NR; kind++)
			n += ipi_count(kind, cpu);
	}
	return n;
}

static void show_one(struct seq_file *m, struct irq_desc *desc)
{
	const struct irq_action *action;
	const char *separator = "  ";
	unsigned int cpu;

	seq_printf(m, "%3u: ", desc->data.virq);
	for_each_online_cpu(cpu)
		seq_printf(m, "%10u ", desc->count[cpu]);
	seq_printf(m, " %8s %5lu %-8s", desc->data.chip->name, desc->data.hwirq,
		   desc->data.type & IRQ_TYPE_EDGE_BOTH ? "Edge" : "Level");
	for (action = desc->action; action; action = action->next) {
		seq_printf(m, "%s%s", separator, action->name);
		separator = ", ";
	}
	seq_putc(m, '\n');
}

int show_interrupts(struct seq_file *m)
{
	unsigned int cpu, virq, kind;

	seq_puts(m, "           ");
	for_each_online_cpu(cpu)
		seq_printf(m, "CPU%-8u", cpu);
	seq_putc(m, '\n');
	/* The mutex keeps the actions where they are. */
	mutex_lock(&irq_mutex);
	for (virq = 1; virq < nr_irqs(); virq++) {
		struct irq_desc *desc = irq_to_desc(virq);

		if (desc && desc->action)
			show_one(m, desc);
	}
	mutex_unlock(&irq_mutex);
	for (kind = 0; kind < IPI_NR; kind++) {
		seq_printf(m, "IPI%u: ", kind);
		for_each_online_cpu(cpu)
			seq_printf(m, "%9llu ", ipi_count(kind, cpu));
		seq_printf(m, "      %s\n", ipi_names[kind]);
	}
	return 0;
}
