// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Arm generic timer (Arm ARM D11, ARMv7 B8): one counter for all CPUs, a comparator in each.
 *
 * We use the virtual counter and timer, which user space may read too (vDSO) and which work at
 * EL1 with and without a hypervisor; if the tree names no virtual interrupt, the non-secure
 * physical ones.  The registers are reached through <asm/arch_timer.h>.
 *
 * Locking: comparator registers are banked; each CPU programs its own with irqs off.
 */
#include <drivers/base/driver.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/percpu.h>
#include <kernel/printk.h>
#include <kernel/time/clockevent.h>
#include <kernel/time/clocksource.h>
#include <kernel/time/timekeeping.h>
#include <asm/arch_timer.h>

/* CNTV_CTL, CNTP_CTL */
#define CTL_ENABLE	BIT(0)
#define CTL_IMASK	BIT(1)
#define CTL_ISTATUS	BIT(2)

/* Order of the interrupts property. */
enum { PPI_SECURE_PHYS, PPI_PHYS, PPI_VIRT };

#define COUNTER_BITS	56	/* at least; D11.1.2 */
#define MIN_DELTA_NS	1000
#define MAX_DELTA_NS	(100ULL * 86400 * NSEC_PER_SEC)

static bool use_virtual;		/* [I] after probe */
static int timer_virq;			/* [I] after probe; 0: no timer */
static u32 to_cycles_mult, to_cycles_shift; /* [I] after probe */
static DEFINE_PER_CPU(struct clock_event_device, arch_timer_event);

static u64 read_counter(struct clocksource *cs)
{
	return use_virtual ? arch_timer_read_cntvct() : arch_timer_read_cntpct();
}

static struct clocksource arch_timer_source = {
	.name = "arch_sys_counter",
	.read = read_counter,
	.mask = CLOCKSOURCE_MASK(COUNTER_BITS),
	.rating = 400,
};

static u32 read_ctl(void)
{
	return use_virtual ? arch_timer_read_ctl_virt() : arch_timer_read_ctl_phys();
}

static void write_ctl(u32 ctl)
{
	if (use_virtual)
		arch_timer_write_ctl_virt(ctl);
	else
		arch_timer_write_ctl_phys(ctl);
}

static void set_next_ns(struct clock_event_device *dev, u64 delta)
{
	u64 when = read_counter(NULL) + mul_u64_u32_shr(delta, to_cycles_mult, to_cycles_shift) + 1;

	if (use_virtual)
		arch_timer_write_cval_virt(when);
	else
		arch_timer_write_cval_phys(when);
	write_ctl(CTL_ENABLE);
}

static void timer_shutdown(struct clock_event_device *dev)
{
	write_ctl(CTL_IMASK);
}

static irqreturn_t timer_interrupt(int virq, void *data)
{
	struct clock_event_device *dev = data;

	if (!(read_ctl() & CTL_ISTATUS))
		return IRQ_NONE;
	write_ctl(CTL_ENABLE | CTL_IMASK);	/* quiet until it is programmed again */
	dev->event_handler(dev);
	return IRQ_HANDLED;
}

static void timer_cpu_init(unsigned int cpu)
{
	struct clock_event_device *dev = this_cpu_ptr(&arch_timer_event);

	dev->name = "arch_timer";
	dev->rating = 400;
	dev->min_delta_ns = MIN_DELTA_NS;
	dev->max_delta_ns = MAX_DELTA_NS;
	dev->set_next_ns = set_next_ns;
	dev->shutdown = timer_shutdown;
	dev->irq = timer_virq;
	write_ctl(CTL_IMASK);
	clockevents_register_device(dev);
	enable_percpu_irq(timer_virq, IRQ_TYPE_NONE);
}

static struct cpu_starting_hook timer_hook = { .starting = timer_cpu_init };

static u32 timer_frequency(const struct device_node *np)
{
	u32 freq = arch_timer_read_cntfrq();

	/* Firmware that forgot CNTFRQ says it in the tree. */
	of_property_read_u32(np, "clock-frequency", &freq);
	return freq;
}

static int find_interrupt(const struct device_node *np)
{
	int virq = of_irq_get(np, PPI_VIRT);

	use_virtual = virq > 0;
	if (virq <= 0 && virq != -EPROBE_DEFER)
		virq = of_irq_get(np, PPI_PHYS);
	if (virq <= 0 && virq != -EPROBE_DEFER)
		virq = of_irq_get(np, PPI_SECURE_PHYS);
	return virq;
}

static int timer_probe(struct device *dev)
{
	u32 freq = timer_frequency(dev->of_node);
	int virq, error;

	if (timer_virq)
		return -EBUSY;
	if (!freq)
		return -EINVAL;
	virq = find_interrupt(dev->of_node);
	if (virq < 0)
		return virq;
	error = request_percpu_irq(virq, timer_interrupt, "arch_timer",
				   (__force void __percpu *)&arch_timer_event);
	if (error)
		return error;
	timer_virq = virq;
	clocks_calc_mult_shift(&to_cycles_mult, &to_cycles_shift, NSEC_PER_SEC, freq, 0);
	arch_timer_source.vdso_clock_mode = use_virtual ? VDSO_CLOCKMODE_ARCHTIMER
		: VDSO_CLOCKMODE_NONE;
	clocksource_register_hz(&arch_timer_source, freq);
	timer_cpu_init(smp_processor_id());
	register_cpu_starting_hook(&timer_hook);
	pr_info("arch_timer: %u.%02u MHz, %s\n", freq / 1000000, freq / 10000 % 100,
		use_virtual ? "virtual" : "physical");
	return 0;
}

static const char *const timer_match[] = { "arm,armv8-timer", "arm,armv7-timer", NULL };
DRIVER(arm_arch_timer, DRIVER_TIMER, timer_match, timer_probe);
