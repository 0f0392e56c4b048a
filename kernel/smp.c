// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starting the other CPUs, calling functions on them, stopping them.
 *
 * A cross-call puts a call_single on the target's lock-free queue and interrupts it if the queue
 * was empty. A caller that waits keeps it on its stack until the target clears pending; one that
 * does not wait uses the one that this CPU has for that target, after its last use is over.
 */
#include <kernel/smp.h>

#include <drivers/base/driver.h>
#include <kernel/arch.h>
#include <kernel/fork.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/bug.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/err.h>
#include <kernel/lib/llist.h>
#include <kernel/panic.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <kernel/time/timekeeping.h>
#include <mm/mm.h>

#define BOOT_WAIT_NS	(10 * NSEC_PER_SEC)	/* an emulator on a busy host takes its time */
#define STOP_WAIT_NS	(100 * NSEC_PER_MSEC)

struct call_single {
	struct llist_node	node;
	smp_call_func_t		func;
	void			*info;
	bool			wait;		/* [I] while pending */
	unsigned int		pending;	/* [a] the target has not done with it */
};

static const struct ipi_ops *ipi_ops;			/* [I] after the irqchip's probe */
static const struct cpu_ops *cpu_ops[NR_CPUS];		/* [I] after the firmware stage */
static DEFINE_PER_CPU(struct llist_head, call_queue);
static DEFINE_PER_CPU(struct call_single[NR_CPUS], async_calls);
static DEFINE_PER_CPU(u64[IPI_NR], ipi_counts);
static struct cpumask stopped_cpus;			/* [a] halted by IPI_STOP, IPI_BACKTRACE */

/* ---- IPIs ------------------------------------------------------------------------------------ */

void set_ipi_ops(const struct ipi_ops *ops)
{
	ipi_ops = ops;
}

void smp_send_ipi_mask(const struct cpumask *mask, enum ipi_kind kind)
{
	if (ipi_ops && !cpumask_empty(mask))
		ipi_ops->send(mask, kind);
}

void smp_send_ipi(unsigned int cpu, enum ipi_kind kind)
{
	smp_send_ipi_mask(cpumask_of(cpu), kind);
}

u64 ipi_count(enum ipi_kind kind, unsigned int cpu)
{
	return per_cpu(ipi_counts, cpu)[kind];
}

static void run_call_queue(void)
{
	struct llist_node *list = llist_del_all(this_cpu_ptr(&call_queue));
	struct call_single *call, *next;

	list = llist_reverse_order(list);
	llist_for_each_entry_safe(call, next, list, node) {
		smp_call_func_t func = call->func;
		void *info = call->info;

		if (call->wait) {
			func(info);
			smp_store_release(&call->pending, 0);
		} else {
			smp_store_release(&call->pending, 0);
			func(info);
		}
	}
}

static void __noreturn stop_this_cpu(void)
{
	unsigned int cpu = smp_processor_id();

	irq_disable();
	set_cpu_online(cpu, false);
	cpumask_set_cpu(cpu, &stopped_cpus);
	arch_halt();
}

void handle_ipi(unsigned int kind)
{
	if (kind >= IPI_NR)
		return;
	(*this_cpu_ptr(&ipi_counts))[kind]++;
	switch (kind) {
	case IPI_RESCHEDULE:	/* need_resched is set; the way out of the interrupt looks at it */
		break;
	case IPI_CALL_FUNC:
		run_call_queue();
		break;
	case IPI_BACKTRACE:
		panic_show_this_cpu();
		stop_this_cpu();
	case IPI_STOP:
		stop_this_cpu();
	}
}

/* ---- cross-calls --------------------------------------------------------------------------- */

static void wait_done(struct call_single *call)
{
	while (smp_load_acquire(&call->pending))
		cpu_relax();
}

/* Preemption off. Returns whether the target has to be interrupted. */
static bool post_call(struct call_single *call, unsigned int cpu, smp_call_func_t func, void *info,
		      bool wait)
{
	call->func = func;
	call->info = info;
	call->wait = wait;
	call->pending = 1;
	return llist_add(&call->node, per_cpu_ptr(&call_queue, cpu));
}

void smp_call_function_many(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	struct call_single on_stack[NR_CPUS], *calls;
	struct cpumask targets, kick = CPU_MASK_NONE;
	unsigned int cpu;

	preempt_disable();
	WARN_ON_ONCE(irqs_disabled() && !panic_in_progress);
	cpumask_and(&targets, mask, cpu_online_mask);
	cpumask_clear_cpu(smp_processor_id(), &targets);
	calls = wait ? on_stack : *this_cpu_ptr(&async_calls);
	for_each_cpu(cpu, &targets) {
		if (!wait)
			wait_done(&calls[cpu]);
		if (post_call(&calls[cpu], cpu, func, info, wait))
			cpumask_set_cpu(cpu, &kick);
	}
	smp_send_ipi_mask(&kick, IPI_CALL_FUNC);
	if (wait) {
		for_each_cpu(cpu, &targets)
			wait_done(&calls[cpu]);
	}
	preempt_enable();
}

int smp_call_function_single(unsigned int cpu, smp_call_func_t func, void *info, bool wait)
{
	int err = 0;

	preempt_disable();
	if (cpu == smp_processor_id()) {
		unsigned long flags = irq_save();

		func(info);
		irq_restore(flags);
	} else if (cpu < NR_CPUS && cpu_online(cpu)) {
		smp_call_function_many(cpumask_of(cpu), func, info, wait);
	} else {
		err = -ENXIO;
	}
	preempt_enable();
	return err;
}

void smp_call_function(smp_call_func_t func, void *info, bool wait)
{
	smp_call_function_many(cpu_online_mask, func, info, wait);
}

void on_each_cpu_mask(const struct cpumask *mask, smp_call_func_t func, void *info, bool wait)
{
	preempt_disable();
	smp_call_function_many(mask, func, info, wait);
	if (cpumask_test_cpu(smp_processor_id(), mask)) {
		unsigned long flags = irq_save();

		func(info);
		irq_restore(flags);
	}
	preempt_enable();
}

void on_each_cpu(smp_call_func_t func, void *info, bool wait)
{
	on_each_cpu_mask(cpu_online_mask, func, info, wait);
}

/* ---- stopping ------------------------------------------------------------------------------ */

static bool wait_stopped(unsigned int cpu)
{
	u64 end = sched_clock() + STOP_WAIT_NS;

	while (!cpumask_test_cpu(cpu, &stopped_cpus)) {
		if (sched_clock() >= end)
			return false;
		cpu_relax();
	}
	return true;
}

static void stop_others(enum ipi_kind kind)
{
	unsigned int cpu, me = smp_processor_id();
	struct cpumask others;

	cpumask_andnot(&others, cpu_online_mask, cpumask_of(me));
	/* One after the other, so that what they print does not mix. */
	for_each_cpu(cpu, &others) {
		smp_send_ipi(cpu, kind);
		if (!wait_stopped(cpu))
			pr_emerg("CPU%u does not answer\n", cpu);
	}
}

void smp_send_stop(void)
{
	stop_others(IPI_STOP);
}

void smp_send_backtrace_stop(void)
{
	stop_others(IPI_BACKTRACE);
}

/* ---- starting ------------------------------------------------------------------------------ */

void set_cpu_ops(unsigned int cpu, const struct cpu_ops *ops)
{
	cpu_ops[cpu] = ops;
}

const struct cpu_ops *get_cpu_ops(unsigned int cpu)
{
	return cpu_ops[cpu];
}

/* The CPUs come from firmware all at once; what they find out about themselves they note one at a time. */
static DEFINE_SPINLOCK_RANK(starting_lock, LOCK_RANK_SPIN);

void secondary_start_kernel(void)
{
	unsigned int cpu = smp_processor_id();

	set_this_cpu_offset(per_cpu_offset(cpu));
	spin_lock(&starting_lock);
	arch_cpu_init();
	drivers_cpu_starting(cpu);
	spin_unlock(&starting_lock);
	set_cpu_online(cpu, true);
	irq_enable();
	schedule_idle_loop();
}

/* Make all that @cpu needs and ask for it; it comes when it comes. */
static int start_cpu(unsigned int cpu)
{
	struct task_struct *idle;

	if (!cpu_ops[cpu])
		return -ENODEV;
	idle = fork_idle(cpu);
	if (IS_ERR(idle))
		return PTR_ERR(idle);
	sched_init_cpu(cpu, idle);
	mmgrab(&init_mm);
	idle->active_mm = &init_mm;
	hrtimers_init_cpu(cpu);
	smp_prepare_secondary(cpu, idle);
	return cpu_ops[cpu]->boot(cpu);	/* if not: the idle task stays, it cannot be taken back */
}

/* One that is late may still come: what was prepared for it stays. */
static void wait_for_cpus(const struct cpumask *started)
{
	u64 end = ktime_get_ns() + BOOT_WAIT_NS;
	unsigned int cpu;

	for_each_cpu(cpu, started) {
		while (!cpu_online(cpu) && ktime_get_ns() < end)
			cpu_relax();
		if (!cpu_online(cpu))
			pr_err("smp: CPU%u did not start: error %d\n", cpu, -ETIMEDOUT);
	}
}

/* All are started before any is waited for: the time that firmware takes for one passes for all. */
void smp_init(void)
{
	unsigned int cpu, n = num_online_cpus(), max = cmdline_number("maxcpus", NR_CPUS);
	struct cpumask started = { };

	if (!ipi_ops || cmdline_bool("nosmp"))
		return;
	for_each_present_cpu(cpu) {
		int err;

		if (n >= max)
			break;
		if (cpu_online(cpu))
			continue;
		err = start_cpu(cpu);
		if (err) {
			pr_err("smp: CPU%u did not start: error %d\n", cpu, err);
			continue;
		}
		cpumask_set_cpu(cpu, &started);
		n++;
	}
	wait_for_cpus(&started);
	if (num_online_cpus() > 1)
		pr_info("smp: %u CPUs\n", num_online_cpus());
}
