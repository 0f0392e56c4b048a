// SPDX-License-Identifier: GPL-2.0-only
/*
 * The power manager of BCM2835: the watchdog restarts the board; a restart into partition 63
 * makes the firmware halt instead, which is as off as a Pi gets.  Register writes carry a
 * password.
 *
 * Locking: /dev/watchdog calls one at a time; a restart happens with the other CPUs stopped.
 */
#include <drivers/base/driver.h>
#include <drivers/char/watchdog.h>
#include <kernel/lib/err.h>
#include <kernel/printk.h>
#include <kernel/reboot.h>
#include <kernel/time/timekeeping.h>
#include <asm/io.h>

#define PM_RSTC			0x1c
#define PM_RSTS			0x20
#define PM_WDOG			0x24
#define PM_PASSWORD		0x5a000000u
#define RSTC_CONFIG_MASK	0x00000030u
#define RSTC_STOPPED		0x00000102u	/* the reset value: no reset when it expires */
#define WDOG_TICKS_MASK		0x000fffffu
#define TICKS_PER_SECOND	65536u
#define RSTC_FULL_RESET		0x00000020u
#define RSTS_PARTITION_MASK	0x00000555u	/* bits of a number in every second place */
#define RSTS_HALT_PARTITION	0x00000555u	/* 63 */
#define WDOG_TICKS		10		/* of 1/65536 s */

static void __iomem *pm_base;		/* [I] after probe */

static void pm_write(u32 val, unsigned int reg)
{
	writel(PM_PASSWORD | (val & 0x00ffffff), pm_base + reg);
}

static void start_watchdog(u32 ticks)
{
	pm_write(ticks & WDOG_TICKS_MASK, PM_WDOG);
	pm_write((readl(pm_base + PM_RSTC) & ~RSTC_CONFIG_MASK) | RSTC_FULL_RESET, PM_RSTC);
}

static void fire_watchdog(void)
{
	start_watchdog(WDOG_TICKS);
	mdelay(1000);
}

static void wdt_start(unsigned int seconds)
{
	start_watchdog(seconds * TICKS_PER_SECOND);
}

static void wdt_stop(void)
{
	pm_write(RSTC_STOPPED, PM_RSTC);
}

static unsigned int wdt_time_left(void)
{
	return (readl(pm_base + PM_WDOG) & WDOG_TICKS_MASK) / TICKS_PER_SECOND;
}

static const struct watchdog_ops wdt_ops = {
	.identity = "Broadcom BCM2835 Watchdog timer",
	.max_timeout = WDOG_TICKS_MASK / TICKS_PER_SECOND,
	.start = wdt_start,
	.stop = wdt_stop,
	.time_left = wdt_time_left,
};

static void pm_restart(const char *cmd)
{
	pm_write(readl(pm_base + PM_RSTS) & ~RSTS_PARTITION_MASK, PM_RSTS);
	fire_watchdog();
}

static void pm_power_off(void)
{
	pm_write(readl(pm_base + PM_RSTS) | RSTS_HALT_PARTITION, PM_RSTS);
	fire_watchdog();
}

static int pm_probe(struct device *dev)
{
	if (pm_base)
		return -EBUSY;
	pm_base = of_iomap(dev->of_node, 0);
	if (!pm_base)
		return -ENOMEM;
	register_power_off_handler(pm_power_off);
	register_restart_handler(pm_restart);
	if (watchdog_register(&wdt_ops))
		pr_warn("bcm2835-pm: no /dev/watchdog\n");
	return 0;
}

static const char *const pm_match[] = {
	"brcm,bcm2835-pm", "brcm,bcm2711-pm", "brcm,bcm2835-pm-wdt", NULL,
};
DRIVER(bcm2835_pm, DRIVER_DEVICE, pm_match, pm_probe);
