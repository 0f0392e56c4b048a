/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Other CPUs: starting them, calling functions on them, stopping them.
 *
 * The interrupt controller registers ipi_ops, the firmware driver (PSCI, spin table) cpu_ops.
 * Without either the machine runs on its boot CPU.
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/cpumask.h>
#include <kernel/lib/types.h>
#include <kernel/sched/preempt.h>
#include <asm/percpu.h>

enum ipi_kind {
	IPI_RESCHEDULE,		/* look at need_resched */
	IPI_CALL_FUNC,		/* run the queued cross-calls */
	IPI_STOP,		/* panic or shutdown: halt */
	IPI_BACKTRACE,		/* panic: print where you are, then halt */
	IPI_NR,
};

struct ipi_ops {
	/* Memory written before is visible to the targets when they get it. Any context, irqs
	 * off or on. */
	void (*send)(const struct cpumask *mask, unsigned int kind);
};
void set_ipi_ops(const struct ipi_ops *ops);
void smp_send_ipi(unsigned int cpu, enum ipi_kind kind);
void smp_send_ipi_mask(const struct cpumask *mask, enum ipi_kind kind);
/* handle_ipi(kind) of <kernel/arch.h>: the irqchip calls it with irqs off inside irq_enter(). */
u64 ipi_count(enum ipi_kind kind, unsigned int cpu);	/* for /proc/interrupts */

struct cpu_ops {
	const char *name;
	/* Make @cpu run smp_secondary_entry_pa(). 0 or -errno; returns at once. May sleep. */
	int (*boot)(unsigned int cpu);
	/* On the dying CPU itself: does not return where supported; NULL: wait for interrupts
	 * for ever. */
	void (*die)(void);
};
/* @ops for one CPU of the device tree (its enable-method). */
void set_cpu_ops(unsigned int cpu, const struct cpu_ops *ops);
const struct cpu_ops *get_cpu_ops(unsigned int cpu);

/* Boot CPU, process context, irqs on: start the CPUs of cpu_present_mask (maxcpus=, nosmp); they come
 * up in parallel, and this waits for them at most a second each. */
void smp_init(void);

typedef void (*smp_call_func_t)(void *info);
/* Run func(info) in interrupt context on other CPUs. With @wait returns when it is done. irqs on (a CPU
 * that waits with irqs off could wait for one that waits for it). Sleeps never. -ENXIO: not online. */
int smp_call_function_single(unsigned int cpu, smp_call_func_t func, void *info, bool wait);
void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);
void smp_call_function(smp_call_func_t func, void *info, bool wait);	/* all others */
void barrier_everywhere(void);		/* each CPU has had a full barrier. May wait: irqs on */
/* All online CPUs, this one included. */
void on_each_cpu(smp_call_func_t func, void *info, bool wait);
void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait);

void smp_send_stop(void);		/* halt all others; any context */
void smp_send_backtrace_stop(void);	/* the same, and they print what they were doing */
