// SPDX-License-Identifier: GPL-2.0-only
/* Shared parts of the GIC drivers. Callers serialise: the descriptor's lock, or boot. */
#include <drivers/irqchip/gic_common.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <asm/io.h>

#define TYPER_ITLINES	0x1f	/* 32 * (n + 1) interrupts */
#define ICFG_EDGE	0x2

unsigned int gic_nr_irqs(void __iomem *dist)
{
	unsigned int n = 32 * ((readl_relaxed(dist + GICD_TYPER) & TYPER_ITLINES) + 1);

	return min(n, (unsigned int)GIC_MAX_IRQ);
}

int gic_configure(void __iomem *base, unsigned int hwirq, unsigned int type)
{
	void __iomem *reg = base + GICD_ICFGR + hwirq / 16 * 4;
	u32 mask = ICFG_EDGE << hwirq % 16 * 2;
	u32 val = readl_relaxed(reg);

	if (type == IRQ_TYPE_LEVEL_HIGH)
		val &= ~mask;
	else if (type == IRQ_TYPE_EDGE_RISING)
		val |= mask;
	else if (hwirq >= GIC_FIRST_SPI)
		return -EINVAL;		/* a PPI's polarity is wired, trees say "low" for some */
	writel_relaxed(val, reg);
	return 0;
}

void gic_reset_range(void __iomem *base, unsigned int first, unsigned int n)
{
	for (unsigned int i = first; i < first + n; i += 32) {
		writel_relaxed(U32_MAX, base + gic_bit_reg(GICD_ICENABLER, i));
		writel_relaxed(U32_MAX, base + gic_bit_reg(GICD_ICACTIVER, i));
		writel_relaxed(U32_MAX, base + gic_bit_reg(GICD_ICPENDR, i));
	}
	for (unsigned int i = first; i < first + n; i += 4)
		writel_relaxed(GIC_PRIORITY_X4, base + GICD_IPRIORITYR + i);
	for (unsigned int i = max(first, 32u); i < first + n; i += 16)
		writel_relaxed(0, base + GICD_ICFGR + i / 16 * 4);
}

int gic_irq_xlate(struct irq_domain *d, const struct irq_fwspec *spec, unsigned long *hwirq,
		  unsigned int *type)
{
	if (spec->param_count < 3)
		return -EINVAL;
	if (spec->param[0] == 0 && spec->param[1] < GIC_MAX_IRQ - GIC_FIRST_SPI)
		*hwirq = spec->param[1] + GIC_FIRST_SPI;
	else if (spec->param[0] == 1 && spec->param[1] < 16)
		*hwirq = spec->param[1] + GIC_FIRST_PPI;
	else
		return -EINVAL;
	*type = spec->param[2] & IRQ_TYPE_SENSE_MASK;
	return 0;
}
