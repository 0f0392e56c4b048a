// SPDX-License-Identifier: GPL-2.0-only
/*
 * The system timer of BCM2835 (ARM Peripherals manual, chapter 12): a 64-bit counter at 1 MHz
 * with four comparators, of which the VideoCore uses 0 and 2.  It is the clock of the boards with
 * an ARM1176; where there is a generic timer, that one has the higher rating.
 *
 * Locking: comparator 3 belongs to the boot CPU's clockevent, irqs off.
 */
#include <drivers/base/driver.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/printk.h>
#include <kernel/time/clockevent.h>
#include <kernel/time/clocksource.h>
#include <kernel/time/timekeeping.h>
#include <mm/vmalloc.h>
#include <asm/io.h>

/* 12.1 */
#define ST_CS		0x00	/* match flags, write 1 to clear */
#define ST_CLO		0x04
#define ST_CHI		0x08
#define ST_C(n)		(0x0c + 4 * (n))

#define CHANNEL		3
#define TIMER_HZ	1000000
#define MIN_TICKS	5		/* nearer matches may be passed before they are set */

static void __iomem *timer_base;	/* [I] after probe */

/* The halves are read in the order that shows a carry between them. */
static u64 read_counter(struct clocksource *cs)
{
	u32 high, low;

	do {
		high = readl_relaxed(timer_base + ST_CHI);
		low = readl_relaxed(timer_base + ST_CLO);
	} while (high != readl_relaxed(timer_base + ST_CHI));
	return (u64)high << 32 | low;
}

static struct clocksource bcm2835_source = {
	.name = "bcm2835_timer",
	.read = read_counter,
	.mask = CLOCKSOURCE_MASK(64),
	.rating = 300,
	.vdso_clock_mode = VDSO_CLOCKMODE_NONE,
};

static void set_next_ns(struct clock_event_device *dev, u64 delta)
{
	u32 ticks = max_t(u64, DIV_U64_ROUND_UP(delta, NSEC_PER_USEC), MIN_TICKS);

	writel(readl_relaxed(timer_base + ST_CLO) + ticks, timer_base + ST_C(CHANNEL));
}

static void timer_shutdown(struct clock_event_device *dev)
{
	/* A comparator cannot be switched off: the match comes, and finds nothing to do. */
	writel(BIT(CHANNEL), timer_base + ST_CS);
}

static struct clock_event_device bcm2835_event = {
	.name = "bcm2835_timer",
	.rating = 300,
	.min_delta_ns = MIN_TICKS * NSEC_PER_USEC,
	.max_delta_ns = 0x7fffffffULL * NSEC_PER_USEC,
	.set_next_ns = set_next_ns,
	.shutdown = timer_shutdown,
};

static irqreturn_t timer_interrupt(int virq, void *data)
{
	struct clock_event_device *dev = data;

	if (!(readl(timer_base + ST_CS) & BIT(CHANNEL)))
		return IRQ_NONE;
	writel(BIT(CHANNEL), timer_base + ST_CS);
	if (dev->event_handler)
		dev->event_handler(dev);
	return IRQ_HANDLED;
}

static int timer_probe(struct device *dev)
{
	int virq = of_irq_get(dev->of_node, CHANNEL);
	int error;

	if (virq < 0)
		return virq;
	timer_base = of_iomap(dev->of_node, 0);
	if (!timer_base)
		return -ENOMEM;
	writel(BIT(CHANNEL), timer_base + ST_CS);
	error = request_irq(virq, timer_interrupt, 0, "bcm2835_timer", &bcm2835_event);
	if (error) {
		iounmap(timer_base);
		return error;
	}
	bcm2835_event.irq = virq;
	clocksource_register_hz(&bcm2835_source, TIMER_HZ);
	clockevents_register_device(&bcm2835_event);
	return 0;
}

static const char *const timer_match[] = { "brcm,bcm2835-system-timer", NULL };
DRIVER(bcm2835_timer, DRIVER_TIMER, timer_match, timer_probe);
