// SPDX-License-Identifier: GPL-2.0-only
/*
 * The "brcm,bcm2836-smp" enable-method of 32-bit BCM2836 and BCM2837: each secondary core waits
 * for an address in its mailbox 3 of the per-core controller (QA7 rev 3.4, 4.8), clears it and
 * jumps there.
 */
#include <drivers/firmware/cpu_method.h>
#include <kernel/arch.h>
#include <kernel/lib/err.h>
#include <kernel/time/timekeeping.h>
#include <asm/io.h>

#define MAILBOX3_SET(n)		(0x8c + 16 * (n))
#define MAILBOX3_CLEAR(n)	(0xcc + 16 * (n))
#define WAIT_US			10000000	/* an emulator on a busy host takes its time */

static void __iomem *mailbox_base;	/* [I] after init */

static int bcm2836_boot(unsigned int cpu)
{
	unsigned int core = cpu_hwid(cpu) & 3;

	writel((u32)smp_secondary_entry_pa(), mailbox_base + MAILBOX3_SET(core));
	mb();
	asm volatile("sev" : : : "memory");
	for (int us = 0; us < WAIT_US; us += 10) {
		if (!readl(mailbox_base + MAILBOX3_CLEAR(core)))
			return 0;
		udelay(10);
	}
	return -ETIMEDOUT;
}

static const struct cpu_ops bcm2836_ops = {
	.name = "brcm,bcm2836-smp",
	.boot = bcm2836_boot,
};

void bcm2836_smp_init(void)
{
	struct device_node *np = of_find_compatible_node(NULL, "brcm,bcm2836-l1-intc");

	if (!np || !cpu_method_register("brcm,bcm2836-smp", &bcm2836_ops))
		return;
	mailbox_base = of_iomap(np, 0);
	if (!mailbox_base)
		cpu_method_register("brcm,bcm2836-smp", NULL);
}
