// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arm Generic Interrupt Controller, version 3 (IHI 0069), without the ITS.
 *
 * The distributor routes shared interrupts by affinity; each CPU has a redistributor, two 64 KiB
 * frames found by its affinity, for SGIs and PPIs; the CPU interface is system registers
 * (<asm/arch_gicv3.h>).
 *
 * Locking: gic3_lock for read-modify-write of configuration; the rest are set/clear registers.
 */
#include <drivers/base/driver.h>
#include <drivers/irqchip/gic_common.h>
#include <kernel/arch.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/printk.h>
#include <kernel/smp.h>
#include <mm/vmalloc.h>
#include <asm/arch_gicv3.h>
#include <asm/io.h>

/* GICD_CTLR, seen from non-secure state: 12.9.4 */
#define GICD_CTLR_ENABLE_G1	BIT(0)
#define GICD_CTLR_ENABLE_G1A	BIT(1)
#define GICD_CTLR_ARE_NS	BIT(4)
#define GICD_CTLR_RWP		BIT(31)

/* Redistributor: 12.11 */
#define GICR_CTLR		0x0000
#define GICR_TYPER		0x0008
#define GICR_WAKER		0x0014
#define GICR_SGI_FRAME		0x10000
#define GICR_TYPER_VLPIS	BIT_ULL(1)
#define GICR_TYPER_LAST		BIT_ULL(4)
#define GICR_WAKER_SLEEP	BIT(1)
#define GICR_WAKER_CHILDREN	BIT(2)
#define GICR_CTLR_RWP		BIT(3)

/* CPU interface */
#define ICC_SRE_SRE		0x1
#define ICC_PMR_ALL		0xf0
#define IAR_HWIRQ		0xffffff

#define MAX_REGIONS	4
#define SPIN_LIMIT	1000000		/* reads before we call a register stuck */

struct redist_region {
	void __iomem	*base;
	phys_addr_t	size;
};
static struct redist_region regions[MAX_REGIONS];	/* [I] after probe */
static unsigned int nr_regions;
static void __iomem *gic3_dist;				/* [I] after probe */
static void __iomem *gic3_rdist[NR_CPUS];		/* written by each CPU at its start */
static struct irq_domain *gic3_domain;			/* [I] after probe */
static DEFINE_SPINLOCK_RANK(gic3_lock, LOCK_RANK_IRQCHIP);

static void wait_clear(void __iomem *reg, u32 mask)
{
	for (int i = 0; i < SPIN_LIMIT; i++) {
		if (!(readl_relaxed(reg) & mask))
			return;
		cpu_relax();
	}
	pr_err_ratelimited("GICv3: a register write does not finish\n");
}

static bool is_private(unsigned long hwirq)
{
	return hwirq < GIC_FIRST_SPI;
}

/* The frame whose registers hold @hwirq; for a private one that of this CPU. */
static void __iomem *frame_of(unsigned long hwirq)
{
	return is_private(hwirq) ? gic3_rdist[smp_processor_id()] + GICR_SGI_FRAME : gic3_dist;
}

static void wait_write(unsigned long hwirq)
{
	if (is_private(hwirq))
		wait_clear(gic3_rdist[smp_processor_id()] + GICR_CTLR, GICR_CTLR_RWP);
	else
		wait_clear(gic3_dist + GICD_CTLR, GICD_CTLR_RWP);
}

static void gic3_mask(struct irq_data *d)
{
	writel_relaxed(BIT(d->hwirq % 32),
		       frame_of(d->hwirq) + gic_bit_reg(GICD_ICENABLER, d->hwirq));
	wait_write(d->hwirq);
}

static void gic3_unmask(struct irq_data *d)
{
	writel_relaxed(BIT(d->hwirq % 32),
		       frame_of(d->hwirq) + gic_bit_reg(GICD_ISENABLER, d->hwirq));
}

static void gic3_eoi(struct irq_data *d)
{
	gic_write_eoir(d->hwirq);
}

static int gic3_set_type(struct irq_data *d, unsigned int type)
{
	int error;

	spin_lock(&gic3_lock);
	error = gic_configure(frame_of(d->hwirq), d->hwirq, type);
	spin_unlock(&gic3_lock);
	return error;
}

/* MPIDR affinity as IROUTER and GICR_TYPER hold it: Aff3 in bits 39:32 of the former. */
static int gic3_set_affinity(struct irq_data *d, const struct cpumask *mask)
{
	unsigned int cpu = cpumask_any_and(mask, cpu_online_mask);

	if (cpu >= NR_CPUS || is_private(d->hwirq))
		return -EINVAL;
	writeq_relaxed(cpu_hwid(cpu), gic3_dist + GICD_IROUTER + d->hwirq * 8);
	return 0;
}

static const struct irq_chip gic3_chip = {
	.name = "GICv3",
	.mask = gic3_mask,
	.unmask = gic3_unmask,
	.eoi = gic3_eoi,
	.set_type = gic3_set_type,
	.set_affinity = gic3_set_affinity,
};

static int gic3_map(struct irq_domain *d, unsigned int virq, unsigned long hwirq)
{
	if (hwirq < GIC_NR_SGI)
		return -EINVAL;
	irq_domain_set_info(d, virq, hwirq, &gic3_chip, NULL, is_private(hwirq));
	return 0;
}

static const struct irq_domain_ops gic3_domain_ops = {
	.map = gic3_map,
	.xlate = gic_irq_xlate,
};

static void gic3_handle_irq(struct pt_regs *regs)
{
	for (;;) {
		u32 hwirq = gic_read_iar() & IAR_HWIRQ;

		if (hwirq >= GIC_MAX_IRQ)
			return;
		if (hwirq < GIC_NR_SGI) {
			gic_write_eoir(hwirq);
			handle_ipi(hwirq);
		} else if (generic_handle_domain_irq(gic3_domain, hwirq)) {
			gic_write_eoir(hwirq);		/* nobody's: spurious */
		}
	}
}

/* ICC_SGI1R: 12.2.26. One write reaches 16 CPUs that share Aff3.Aff2.Aff1. */
static u64 sgi1r(u64 hwid, unsigned int kind)
{
	u64 aff0 = hwid & 0xff, aff1 = hwid >> 8 & 0xff, aff2 = hwid >> 16 & 0xff;
	u64 aff3 = hwid >> 32 & 0xff;

	return aff3 << 48 | (aff0 >> 4) << 44 | aff2 << 32 | (u64)kind << 24 | aff1 << 16 |
	       BIT_ULL(aff0 & 0xf);
}

static void gic3_send_ipi(const struct cpumask *mask, unsigned int kind)
{
	unsigned int cpu;

	wmb();		/* earlier stores are visible before the interrupt */
	for_each_cpu(cpu, mask)
		gic_write_sgi1r(sgi1r(cpu_hwid(cpu), kind));
	isb();
}

static const struct ipi_ops gic3_ipi_ops = { .send = gic3_send_ipi };

/* The redistributor whose TYPER has this affinity. */
static void __iomem *find_rdist(u64 hwid)
{
	u32 want = (hwid & 0xffffff) | (u32)(hwid >> 32 & 0xff) << 24;

	for (unsigned int i = 0; i < nr_regions; i++) {
		phys_addr_t off = 0;
		u64 typer;

		do {
			void __iomem *frame = regions[i].base + off;

			typer = readq_relaxed(frame + GICR_TYPER);
			if ((u32)(typer >> 32) == want)
				return frame;
			off += typer & GICR_TYPER_VLPIS ? 4 * 0x10000 : 2 * 0x10000;
		} while (!(typer & GICR_TYPER_LAST) && off + 2 * 0x10000 <= regions[i].size);
	}
	return NULL;
}

static void wake_rdist(void __iomem *rdist)
{
	u32 val = readl_relaxed(rdist + GICR_WAKER);

	writel_relaxed(val & ~GICR_WAKER_SLEEP, rdist + GICR_WAKER);
	wait_clear(rdist + GICR_WAKER, GICR_WAKER_CHILDREN);
}

static void gic3_cpu_init(unsigned int cpu)
{
	void __iomem *rdist = find_rdist(cpu_hwid(cpu));
	void __iomem *sgi;

	if (!rdist) {
		pr_err("GICv3: CPU %u (%#llx) has no redistributor\n", cpu, cpu_hwid(cpu));
		return;
	}
	gic3_rdist[cpu] = rdist;
	sgi = rdist + GICR_SGI_FRAME;
	wake_rdist(rdist);
	writel_relaxed(U32_MAX, sgi + GICD_IGROUPR);
	writel_relaxed(0, sgi + GICD_IGRPMODR);
	gic_reset_range(sgi, 0, 32);
	writel(0xffff, sgi + GICD_ISENABLER);		/* SGIs */
	wait_clear(rdist + GICR_CTLR, GICR_CTLR_RWP);
	gic_write_sre(gic_read_sre() | ICC_SRE_SRE);
	gic_write_pmr(ICC_PMR_ALL);
	gic_write_bpr1(0);
	gic_write_ctlr(0);				/* EOIR also deactivates */
	gic_write_grpen1(1);
}

static void gic3_dist_init(unsigned int nr)
{
	u64 boot_cpu = cpu_hwid(smp_processor_id());

	writel_relaxed(0, gic3_dist + GICD_CTLR);
	wait_clear(gic3_dist + GICD_CTLR, GICD_CTLR_RWP);
	for (unsigned int i = GIC_FIRST_SPI; i < nr; i += 32) {
		writel_relaxed(U32_MAX, gic3_dist + gic_bit_reg(GICD_IGROUPR, i));
		writel_relaxed(0, gic3_dist + gic_bit_reg(GICD_IGRPMODR, i));
	}
	gic_reset_range(gic3_dist, GIC_FIRST_SPI, ALIGN_DOWN(nr, 32) - GIC_FIRST_SPI);
	writel(GICD_CTLR_ARE_NS | GICD_CTLR_ENABLE_G1A | GICD_CTLR_ENABLE_G1,
	       gic3_dist + GICD_CTLR);
	wait_clear(gic3_dist + GICD_CTLR, GICD_CTLR_RWP);
	for (unsigned int i = GIC_FIRST_SPI; i < nr; i++)
		writeq_relaxed(boot_cpu, gic3_dist + GICD_IROUTER + i * 8);
}

static struct cpu_starting_hook gic3_hook = { .starting = gic3_cpu_init };

static void map_regions(struct device_node *np)
{
	u32 count = 1;

	of_property_read_u32(np, "#redistributor-regions", &count);
	for (u32 i = 0; i < count && i < MAX_REGIONS; i++) {
		struct resource res;

		if (of_address_to_resource(np, 1 + i, &res) || res.size < 2 * 0x10000)
			continue;
		regions[nr_regions].base = ioremap(res.start, res.size);
		regions[nr_regions].size = res.size;
		if (regions[nr_regions].base)
			nr_regions++;
	}
}

static int gic3_probe(struct device *dev)
{
	unsigned int nr;

	if (gic3_domain)
		return -EBUSY;
	gic3_dist = of_iomap(dev->of_node, 0);
	if (!gic3_dist)
		return -ENOMEM;
	map_regions(dev->of_node);
	nr = gic_nr_irqs(gic3_dist);
	if (nr_regions && find_rdist(cpu_hwid(smp_processor_id())))
		gic3_domain = irq_domain_create(dev->of_node, nr, &gic3_domain_ops, NULL);
	if (!gic3_domain)
		goto unmap;
	gic3_dist_init(nr);
	gic3_cpu_init(smp_processor_id());
	set_root_irq_handler(gic3_handle_irq);
	set_ipi_ops(&gic3_ipi_ops);
	register_cpu_starting_hook(&gic3_hook);
	pr_info("GICv3: %u interrupts, %u redistributor regions\n", nr, nr_regions);
	return 0;
unmap:
	while (nr_regions)
		iounmap(regions[--nr_regions].base);
	iounmap(gic3_dist);
	return -ENXIO;
}

static const char *const gic3_match[] = { "arm,gic-v3", NULL };
DRIVER(gic_v3, DRIVER_IRQCHIP, gic3_match, gic3_probe);
