/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What GICv2 and GICv3 have in common: the distributor's registers and the device-tree specifier.
 * Arm IHI 0048 (GICv2) chapter 4.3, IHI 0069 (GICv3) chapter 12.9.
 */
#pragma once

#include <kernel/irq/irq.h>

/* Distributor, and the SGI frame of a GICv3 redistributor (same offsets for interrupts 0-31). */
#define GICD_CTLR		0x000
#define GICD_TYPER		0x004
#define GICD_IGROUPR		0x080
#define GICD_ISENABLER		0x100
#define GICD_ICENABLER		0x180
#define GICD_ICPENDR		0x280
#define GICD_ICACTIVER		0x380
#define GICD_IPRIORITYR		0x400
#define GICD_ITARGETSR		0x800	/* v2 */
#define GICD_ICFGR		0xc00
#define GICD_IGRPMODR		0xd00	/* v3 */
#define GICD_SGIR		0xf00	/* v2 */
#define GICD_IROUTER		0x6000	/* v3, 64 bits each */

#define GIC_NR_SGI		16
#define GIC_FIRST_PPI		16
#define GIC_FIRST_SPI		32
#define GIC_MAX_IRQ		1020	/* 1020-1023 are special */
#define GIC_PRIORITY		0xa0
#define GIC_PRIORITY_X4		0xa0a0a0a0u

/* Interrupts that GICD_TYPER says there are. */
unsigned int gic_nr_irqs(void __iomem *dist);
/* One bit per interrupt in a register array at @offset. */
static inline unsigned int gic_bit_reg(unsigned int offset, unsigned int hwirq)
{
	return offset + hwirq / 32 * 4;
}
/* Trigger type of @hwirq, in the frame at @base. -EINVAL: the hardware cannot. */
int gic_configure(void __iomem *base, unsigned int hwirq, unsigned int type);
/* Everything off, level, one priority: [first, first + n), multiples of 32. */
void gic_reset_range(void __iomem *base, unsigned int first, unsigned int n);
/* Three cells: 0 SPI / 1 PPI, number, flags. */
int gic_irq_xlate(struct irq_domain *d, const struct irq_fwspec *spec, unsigned long *hwirq,
		  unsigned int *type);
