// SPDX-License-Identifier: GPL-2.0-only
/*
 * The interrupt controller of BCM2835 (ARM Peripherals manual, chapter 7), for all Pis up to 3.
 *
 * Three banks: 0 holds 8 interrupts of the ARM side, 1 and 2 the 64 of the VideoCore.  On BCM2835
 * it is the root; on BCM2836/7 one input of the per-core controller (bcm2836_l1.c).  No end of
 * interrupt, all level.
 *
 * Locking: enable and disable are set/clear registers; nothing else is written.
 */
#include <drivers/base/driver.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/printk.h>
#include <mm/vmalloc.h>
#include <asm/io.h>

/* 7.5, relative to 0xb200. Banks are in the order basic, 1, 2. */
static const u8 reg_pending[3] = { 0x00, 0x04, 0x08 };
static const u8 reg_enable[3] = { 0x18, 0x10, 0x14 };
static const u8 reg_disable[3] = { 0x24, 0x1c, 0x20 };
#define REG_FIQ_CONTROL		0x0c
/* of the pending bits only these are interrupts, not summaries */
#define BASIC_MASK		0xff

#define NR_BANKS		3

static void __iomem *ic_base;		/* [I] after probe */
static struct irq_domain *ic_domain;	/* [I] after probe */

static void ic_mask(struct irq_data *d)
{
	writel(BIT(d->hwirq % 32), ic_base + reg_disable[d->hwirq / 32]);
}

static void ic_unmask(struct irq_data *d)
{
	writel(BIT(d->hwirq % 32), ic_base + reg_enable[d->hwirq / 32]);
}

static const struct irq_chip ic_chip = {
	.name = "BCM2835",
	.mask = ic_mask,
	.unmask = ic_unmask,
};

static int ic_map(struct irq_domain *d, unsigned int virq, unsigned long hwirq)
{
	if (hwirq >= 8 && hwirq < 32)
		return -EINVAL;
	irq_domain_set_info(d, virq, hwirq, &ic_chip, NULL, false);
	return 0;
}

/* Two cells: bank, bit. */
static int ic_xlate(struct irq_domain *d, const struct irq_fwspec *spec, unsigned long *hwirq,
		    unsigned int *type)
{
	if (spec->param_count < 2 || spec->param[0] >= NR_BANKS || spec->param[1] >= 32)
		return -EINVAL;
	*hwirq = spec->param[0] * 32 + spec->param[1];
	*type = IRQ_TYPE_LEVEL_HIGH;
	return 0;
}

static const struct irq_domain_ops ic_domain_ops = {
	.map = ic_map,
	.xlate = ic_xlate,
};

/* An interrupt without a driver cannot be acknowledged: switch it off. */
static void handle_one(unsigned int hwirq)
{
	if (generic_handle_domain_irq(ic_domain, hwirq))
		writel(BIT(hwirq % 32), ic_base + reg_disable[hwirq / 32]);
}

static bool handle_pending(void)
{
	bool any = false;

	for (unsigned int bank = 0; bank < NR_BANKS; bank++) {
		u32 pending = readl(ic_base + reg_pending[bank]);

		if (bank == 0)
			pending &= BASIC_MASK;
		for (; pending; pending &= pending - 1, any = true)
			handle_one(bank * 32 + __ffs(pending));
	}
	return any;
}

static void ic_handle_root(struct pt_regs *regs)
{
	while (handle_pending())
		;
}

static irqreturn_t ic_handle_chained(int virq, void *dev)
{
	return IRQ_RETVAL(handle_pending());
}

static void ic_reset(void)
{
	for (unsigned int bank = 0; bank < NR_BANKS; bank++)
		writel(U32_MAX, ic_base + reg_disable[bank]);
	writel(0, ic_base + REG_FIQ_CONTROL);
}

static int ic_attach(struct device *dev)
{
	int virq;

	if (of_device_is_compatible(dev->of_node, "brcm,bcm2835-armctrl-ic")) {
		set_root_irq_handler(ic_handle_root);
		return 0;
	}
	virq = of_irq_get(dev->of_node, 0);
	if (virq < 0)
		return virq;
	return request_irq(virq, ic_handle_chained, 0, "bcm2835-ic", ic_domain);
}

static int ic_probe(struct device *dev)
{
	int error;

	if (!ic_base)
		ic_base = of_iomap(dev->of_node, 0);
	if (!ic_base)
		return -ENOMEM;
	if (!ic_domain)
		ic_domain = irq_domain_create(dev->of_node, NR_BANKS * 32, &ic_domain_ops, NULL);
	if (!ic_domain)
		return -ENOMEM;
	ic_reset();
	error = ic_attach(dev);		/* when deferred, base and domain serve the next try */
	if (!error)
		pr_info("bcm2835-ic: 72 interrupts\n");
	return error;
}

static const char *const ic_match[] = {
	"brcm,bcm2835-armctrl-ic", "brcm,bcm2836-armctrl-ic", NULL,
};
DRIVER(bcm2835_ic, DRIVER_IRQCHIP, ic_match, ic_probe);
