// SPDX-License-Identifier: GPL-2.0-only
/*
 * The per-core interrupt controller of BCM2836 and BCM2837 ("ARM-local", QA7 rev 3.4).
 *
 * Each core has a source register: its four generic timers, four mailboxes, the VideoCore's
 * controller (routed to one core) and the PMU.  IPIs are bits in mailbox 0 of the target core.
 *
 * Locking: timer masks are read-modify-write of a register that only its own core touches, irqs
 * off; mailboxes are write-set and write-clear.
 */
#include <drivers/base/driver.h>
#include <kernel/arch.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <mm/vmalloc.h>
#include <asm/io.h>

/* QA7 rev 3.4, chapter 4; n is the core */
#define L1_CONTROL		0x00
#define L1_PRESCALER		0x08
#define L1_GPU_ROUTING		0x0c
#define L1_PMU_SET		0x10
#define L1_PMU_CLEAR		0x14
#define L1_TIMER_CONTROL(n)	(0x40 + 4 * (n))
#define L1_MAILBOX_CONTROL(n)	(0x50 + 4 * (n))
#define L1_SOURCE(n)		(0x60 + 4 * (n))
#define L1_MAILBOX0_SET(n)	(0x80 + 16 * (n))
#define L1_MAILBOX0_CLEAR(n)	(0xc0 + 16 * (n))

#define SOURCE_TIMERS		4	/* 0-3: cntps, cntpns, cnthp, cntv */
#define SOURCE_MAILBOX0		4
#define SOURCE_GPU		8
#define SOURCE_PMU		9
#define NR_SOURCES		12
#define PRESCALER_1_TO_1	0x80000000u

static void __iomem *l1_base;		/* [I] after probe */
static struct irq_domain *l1_domain;	/* [I] after probe */

/* The core's own number: what firmware calls CPU n need not be our CPU n. */
static unsigned int core_of(unsigned int cpu)
{
	return cpu_hwid(cpu) & 3;
}

static void set_timer_bit(unsigned int bit, bool on)
{
	void __iomem *reg = l1_base + L1_TIMER_CONTROL(core_of(smp_processor_id()));
	u32 val = readl_relaxed(reg);

	writel(on ? val | BIT(bit) : val & ~BIT(bit), reg);
}

static void l1_mask(struct irq_data *d)
{
	if (d->hwirq < SOURCE_TIMERS)
		set_timer_bit(d->hwirq, false);
	else if (d->hwirq == SOURCE_PMU)
		writel(BIT(core_of(smp_processor_id())), l1_base + L1_PMU_CLEAR);
}

static void l1_unmask(struct irq_data *d)
{
	if (d->hwirq < SOURCE_TIMERS)
		set_timer_bit(d->hwirq, true);
	else if (d->hwirq == SOURCE_PMU)
		writel(BIT(core_of(smp_processor_id())), l1_base + L1_PMU_SET);
}

static const struct irq_chip l1_chip = {
	.name = "BCM2836",
	/* the VideoCore's line cannot be masked: its own controller does that */
	.mask = l1_mask,
	.unmask = l1_unmask,
};

static int l1_map(struct irq_domain *d, unsigned int virq, unsigned long hwirq)
{
	if (hwirq >= SOURCE_MAILBOX0 && hwirq < SOURCE_GPU)
		return -EINVAL;		/* mailboxes are ours */
	irq_domain_set_info(d, virq, hwirq, &l1_chip, NULL, hwirq != SOURCE_GPU);
	return 0;
}

static const struct irq_domain_ops l1_domain_ops = { .map = l1_map };

static void handle_mailbox(unsigned int core)
{
	u32 kinds = readl(l1_base + L1_MAILBOX0_CLEAR(core));

	writel(kinds, l1_base + L1_MAILBOX0_CLEAR(core));
	mb();			/* cleared before the IPI is handled: a new one is not lost */
	for (; kinds; kinds &= kinds - 1)
		handle_ipi(__ffs(kinds));
}

static void l1_handle_irq(struct pt_regs *regs)
{
	unsigned int core = core_of(smp_processor_id());
	u32 source;

	while ((source = readl(l1_base + L1_SOURCE(core)) & (BIT(NR_SOURCES) - 1))) {
		unsigned int hwirq = __ffs(source);

		if (hwirq == SOURCE_MAILBOX0)
			handle_mailbox(core);
		else if (generic_handle_domain_irq(l1_domain, hwirq))
			return;		/* cannot be silenced from here; irq core has counted it */
	}
}

static void l1_send_ipi(const struct cpumask *mask, unsigned int kind)
{
	unsigned int cpu;

	wmb();			/* earlier stores are visible before the interrupt */
	for_each_cpu(cpu, mask)
		writel(BIT(kind), l1_base + L1_MAILBOX0_SET(core_of(cpu)));
}

static const struct ipi_ops l1_ipi_ops = { .send = l1_send_ipi };

static void l1_cpu_init(unsigned int cpu)
{
	unsigned int core = core_of(cpu);

	writel(0, l1_base + L1_TIMER_CONTROL(core));
	writel(U32_MAX, l1_base + L1_MAILBOX0_CLEAR(core));
	writel(BIT(0), l1_base + L1_MAILBOX_CONTROL(core));
}

static struct cpu_starting_hook l1_hook = { .starting = l1_cpu_init };

static int l1_probe(struct device *dev)
{
	l1_base = of_iomap(dev->of_node, 0);
	if (!l1_base)
		return -ENOMEM;
	l1_domain = irq_domain_create(dev->of_node, NR_SOURCES, &l1_domain_ops, NULL);
	if (!l1_domain) {
		iounmap(l1_base);
		return -ENOMEM;
	}
	writel(0, l1_base + L1_CONTROL);	/* generic timers run from the crystal, undivided */
	writel(PRESCALER_1_TO_1, l1_base + L1_PRESCALER);
	writel(core_of(smp_processor_id()), l1_base + L1_GPU_ROUTING);
	l1_cpu_init(smp_processor_id());
	set_root_irq_handler(l1_handle_irq);
	set_ipi_ops(&l1_ipi_ops);
	register_cpu_starting_hook(&l1_hook);
	pr_info("bcm2836-l1: per-core interrupts and mailboxes\n");
	return 0;
}

static const char *const l1_match[] = { "brcm,bcm2836-l1-intc", NULL };
DRIVER(bcm2836_l1, DRIVER_IRQCHIP, l1_match, l1_probe);
