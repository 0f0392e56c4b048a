// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pins of BCM2835 (ARM Peripherals manual, chapter 6) and BCM2711 (its manual, chapter 5):
 * functions and pulls, as pinctrl nodes with brcm,pins ask for them.  GPIO lines themselves have
 * no user yet.
 *
 * Locking: gpio_lock: the function registers are read, changed and written back.
 */
#include <drivers/base/driver.h>
#include <drivers/gpio/pinctrl.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/locking/spinlock.h>
#include <kernel/time/timekeeping.h>
#include <asm/io.h>

#define GPFSEL(pin)		((pin) / 10 * 4)	/* 3 bits per pin */
#define GPPUD			0x94			/* BCM2835: value, then a clock pulse */
#define GPPUDCLK(pin)		(0x98 + (pin) / 32 * 4)
#define GPPUPPDN(pin)		(0xe4 + (pin) / 16 * 4)	/* BCM2711: 2 bits per pin */
#define NR_PINS			58
#define PUD_SETTLE_US		5			/* 150 cycles of the core clock */

static void __iomem *gpio_base;		/* [I] after probe */
static bool gpio_is_2711;		/* [I] after probe */
static DEFINE_SPINLOCK_RANK(gpio_lock, LOCK_RANK_OBJECT);

static void set_function(unsigned int pin, unsigned int function)
{
	void __iomem *reg = gpio_base + GPFSEL(pin);
	unsigned int shift = pin % 10 * 3;
	u32 val;

	spin_lock(&gpio_lock);
	val = readl(reg) & ~(7u << shift);
	writel(val | (function & 7) << shift, reg);
	spin_unlock(&gpio_lock);
}

static void set_pull_2835(unsigned int pin, unsigned int pull)
{
	writel(pull, gpio_base + GPPUD);
	udelay(PUD_SETTLE_US);
	writel(BIT(pin % 32), gpio_base + GPPUDCLK(pin));
	udelay(PUD_SETTLE_US);
	writel(0, gpio_base + GPPUD);
	writel(0, gpio_base + GPPUDCLK(pin));
}

static void set_pull_2711(unsigned int pin, unsigned int pull)
{
	static const u8 code[] = { 0, 2, 1 };	/* off, down, up: the 2711 counts the other way */
	void __iomem *reg = gpio_base + GPPUPPDN(pin);
	unsigned int shift = pin % 16 * 2;

	writel((readl(reg) & ~(3u << shift)) | (u32)code[pull] << shift, reg);
}

static void set_pull(unsigned int pin, unsigned int pull)
{
	if (pull > 2)
		return;
	spin_lock(&gpio_lock);
	if (gpio_is_2711)
		set_pull_2711(pin, pull);
	else
		set_pull_2835(pin, pull);
	spin_unlock(&gpio_lock);
}

/* A value for pin number @i of a group: one for all, or one each. */
static bool group_value(const struct device_node *group, const char *name, int i, u32 *val)
{
	int n = of_property_count_u32(group, name);

	return n > 0 && !of_property_read_u32_index(group, name, n == 1 ? 0 : i, val);
}

static void apply_group(const struct device_node *group)
{
	u32 pin, val;

	for (int i = 0; !of_property_read_u32_index(group, "brcm,pins", i, &pin); i++) {
		if (pin >= NR_PINS)
			continue;
		if (group_value(group, "brcm,function", i, &val))
			set_function(pin, val);
		if (group_value(group, "brcm,pull", i, &val))
			set_pull(pin, val);
	}
}

int pinctrl_apply_default(const struct device_node *np)
{
	struct device_node *group;

	for (int i = 0; (group = of_parse_phandle(np, "pinctrl-0", i)); i++) {
		if (!of_property_read_bool(group, "brcm,pins"))
			continue;		/* generic bindings: the firmware has set them */
		if (!gpio_base)
			return -EPROBE_DEFER;
		apply_group(group);
	}
	return 0;
}

static int gpio_probe(struct device *dev)
{
	if (gpio_base)
		return -EBUSY;
	gpio_is_2711 = !strcmp(dev->compatible, "brcm,bcm2711-gpio");
	gpio_base = of_iomap(dev->of_node, 0);
	return gpio_base ? 0 : -ENOMEM;
}

static const char *const gpio_match[] = { "brcm,bcm2711-gpio", "brcm,bcm2835-gpio", NULL };
DRIVER(bcm2835_gpio, DRIVER_FIRMWARE, gpio_match, gpio_probe);
