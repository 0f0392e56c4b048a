// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arm Generic Interrupt Controller, version 2 (IHI 0048): GIC-400, the one in Cortex-A7/A15,
 * QEMU's virt.
 *
 * One distributor for all CPUs and a banked CPU interface. SGIs 0-15 are IPIs, 16-31 are private
 * to each CPU, the rest go to the CPU in ITARGETSR.  Acknowledge returns the interrupt, which
 * goes back to EOIR.
 *
 * Locking: mask, unmask and end-of-interrupt are single writes to set/clear registers; what is
 * read, changed and written back is done under gic_lock.
 */
#include <drivers/base/driver.h>
#include <drivers/irqchip/gic_common.h>
#include <kernel/arch.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <mm/vmalloc.h>
#include <asm/io.h>

/* CPU interface: IHI 0048, 4.4 */
#define GICC_CTLR	0x00
#define GICC_PMR	0x04
#define GICC_BPR	0x08
#define GICC_IAR	0x0c
#define GICC_EOIR	0x10

#define GICC_CTLR_ENABLE	0x1
#define GICD_CTLR_ENABLE	0x1
#define IAR_HWIRQ		0x3ff
#define PMR_ALL			0xf0
#define SGIR_TARGETS_SHIFT	16

static void __iomem *gic_dist, *gic_cpu;	/* [I] after probe */
static struct irq_domain *gic_domain;		/* [I] after probe */
/* written by each CPU at its start: its bit in ITARGETSR */
static u8 gic_cpu_mask[NR_CPUS];
static DEFINE_SPINLOCK_RANK(gic_lock, LOCK_RANK_IRQCHIP);

static void gic_mask(struct irq_data *d)
{
	writel_relaxed(BIT(d->hwirq % 32), gic_dist + gic_bit_reg(GICD_ICENABLER, d->hwirq));
}

static void gic_unmask(struct irq_data *d)
{
	writel_relaxed(BIT(d->hwirq % 32), gic_dist + gic_bit_reg(GICD_ISENABLER, d->hwirq));
}

static void gic_eoi(struct irq_data *d)
{
	writel(d->hwirq, gic_cpu + GICC_EOIR);
}

static int gic_set_type(struct irq_data *d, unsigned int type)
{
	int error;

	spin_lock(&gic_lock);
	error = gic_configure(gic_dist, d->hwirq, type);
	spin_unlock(&gic_lock);
	return error;
}

static int gic_set_affinity(struct irq_data *d, const struct cpumask *mask)
{
	unsigned int cpu = cpumask_any_and(mask, cpu_online_mask);

	if (cpu >= NR_CPUS || d->hwirq < GIC_FIRST_SPI || !gic_cpu_mask[cpu])
		return -EINVAL;
	writeb_relaxed(gic_cpu_mask[cpu], gic_dist + GICD_ITARGETSR + d->hwirq);
	return 0;
}

static const struct irq_chip gic_chip = {
	.name = "GICv2",
	.mask = gic_mask,
	.unmask = gic_unmask,
	.eoi = gic_eoi,
	.set_type = gic_set_type,
	.set_affinity = gic_set_affinity,
};

static int gic_map(struct irq_domain *d, unsigned int virq, unsigned long hwirq)
{
	if (hwirq < GIC_NR_SGI)
		return -EINVAL;
	irq_domain_set_info(d, virq, hwirq, &gic_chip, NULL, hwirq < GIC_FIRST_SPI);
	return 0;
}

static const struct irq_domain_ops gic_domain_ops = {
	.map = gic_map,
	.xlate = gic_irq_xlate,
};

static void gic_handle_irq(struct pt_regs *regs)
{
	for (;;) {
		u32 iar = readl(gic_cpu + GICC_IAR);
		u32 hwirq = iar & IAR_HWIRQ;

		if (hwirq >= GIC_MAX_IRQ)
			return;
		if (hwirq < GIC_NR_SGI) {
			writel_relaxed(iar, gic_cpu + GICC_EOIR);
			handle_ipi(hwirq);
		} else if (generic_handle_domain_irq(gic_domain, hwirq)) {
			writel_relaxed(iar, gic_cpu + GICC_EOIR);	/* nobody's: spurious */
		}
	}
}

static void gic_send_ipi(const struct cpumask *mask, unsigned int kind)
{
	unsigned int cpu;
	u32 targets = 0;

	for_each_cpu(cpu, mask)
		targets |= gic_cpu_mask[cpu];
	if (targets)		/* writel: earlier stores are visible before the interrupt */
		writel(targets << SGIR_TARGETS_SHIFT | kind, gic_dist + GICD_SGIR);
}

static const struct ipi_ops gic_ipi_ops = { .send = gic_send_ipi };

/* Which bit of ITARGETSR is this CPU: the banked registers 0-7 read as it. */
static u8 read_own_mask(void)
{
	u32 mask = 0;

	for (unsigned int i = 0; i < GIC_FIRST_SPI && !mask; i += 4)
		mask = readl_relaxed(gic_dist + GICD_ITARGETSR + i);
	mask |= mask >> 16;
	mask |= mask >> 8;
	return mask ? (u8)mask : 1;	/* reads as zero on a uniprocessor */
}

static void gic_cpu_init(unsigned int cpu)
{
	gic_reset_range(gic_dist, 0, 32);
	writel_relaxed(0xffff, gic_dist + GICD_ISENABLER);	/* SGIs */
	gic_cpu_mask[cpu] = read_own_mask();
	writel_relaxed(PMR_ALL, gic_cpu + GICC_PMR);
	writel_relaxed(0, gic_cpu + GICC_BPR);
	writel(GICC_CTLR_ENABLE, gic_cpu + GICC_CTLR);
}

static void gic_dist_init(unsigned int nr)
{
	u32 target = read_own_mask() * 0x01010101u;

	writel_relaxed(0, gic_dist + GICD_CTLR);
	gic_reset_range(gic_dist, GIC_FIRST_SPI, ALIGN_DOWN(nr, 32) - GIC_FIRST_SPI);
	for (unsigned int i = GIC_FIRST_SPI; i < nr; i += 4)
		writel_relaxed(target, gic_dist + GICD_ITARGETSR + i);
	writel(GICD_CTLR_ENABLE, gic_dist + GICD_CTLR);
}

static struct cpu_starting_hook gic_hook = { .starting = gic_cpu_init };

static int gic_probe(struct device *dev)
{
	unsigned int nr;

	if (gic_domain)
		return -EBUSY;		/* a second one, cascaded: nobody builds that */
	gic_dist = of_iomap(dev->of_node, 0);
	gic_cpu = of_iomap(dev->of_node, 1);
	if (!gic_dist || !gic_cpu)
		goto unmap;
	nr = gic_nr_irqs(gic_dist);
	gic_domain = irq_domain_create(dev->of_node, nr, &gic_domain_ops, NULL);
	if (!gic_domain)
		goto unmap;
	gic_dist_init(nr);
	gic_cpu_init(smp_processor_id());
	set_root_irq_handler(gic_handle_irq);
	set_ipi_ops(&gic_ipi_ops);
	register_cpu_starting_hook(&gic_hook);
	pr_info("GICv2: %u interrupts\n", nr);
	return 0;
unmap:
	if (gic_dist)
		iounmap(gic_dist);
	if (gic_cpu)
		iounmap(gic_cpu);
	return -ENOMEM;
}

static const char *const gic_match[] = {
	"arm,gic-400", "arm,cortex-a15-gic", "arm,cortex-a7-gic", "arm,cortex-a9-gic", NULL,
};
DRIVER(gic_v2, DRIVER_IRQCHIP, gic_match, gic_probe);
