// SPDX-License-Identifier: GPL-2.0-only
/*
 * The VideoCore mailbox (BCM2835, registers at 0xb880).  Calls are rare and short (clock rates,
 * power), so they are polled: mailbox 1 towards the VideoCore, mailbox 0 for its answers.
 *
 * Locking: mailbox_mutex: one call at a time, so an answer belongs to the caller.
 */
#include <drivers/base/driver.h>
#include <drivers/firmware/rpi_mailbox.h>
#include <kernel/arch.h>
#include <kernel/lib/err.h>
#include <kernel/locking/mutex.h>
#include <kernel/sched/sched.h>
#include <kernel/time/timekeeping.h>
#include <asm/io.h>

#define MBOX0_READ	0x00
#define MBOX0_STATUS	0x18
#define MBOX1_WRITE	0x20
#define MBOX1_STATUS	0x38
#define STATUS_FULL	(1u << 31)
#define STATUS_EMPTY	(1u << 30)
#define CHANNEL_MASK	0xf

#define TIMEOUT_NS	(1000 * NSEC_PER_MSEC)

static void __iomem *mailbox_regs;	/* [I] after probe */
static DEFINE_MUTEX_RANK(mailbox_mutex, LOCK_RANK_MUTEX);

/* Until @bit of the status register is clear. */
static int wait_status(unsigned int reg, u32 bit, u64 deadline)
{
	while (readl(mailbox_regs + reg) & bit) {
		if (ktime_get_ns() > deadline)
			return -ETIMEDOUT;
		cond_resched();
		cpu_relax();
	}
	return 0;
}

static int call_locked(unsigned int channel, u32 data, u32 *answer)
{
	u64 deadline = ktime_get_ns() + TIMEOUT_NS;
	int error = wait_status(MBOX1_STATUS, STATUS_FULL, deadline);
	u32 val;

	if (error)
		return error;
	writel((data & ~CHANNEL_MASK) | channel, mailbox_regs + MBOX1_WRITE);
	do {
		error = wait_status(MBOX0_STATUS, STATUS_EMPTY, deadline);
		if (error)
			return error;
		val = readl(mailbox_regs + MBOX0_READ);
	} while ((val & CHANNEL_MASK) != channel);	/* an answer to a call that timed out */
	*answer = val & ~CHANNEL_MASK;
	return 0;
}

int rpi_mailbox_call(unsigned int channel, u32 data, u32 *answer)
{
	int error;

	if (!mailbox_regs)
		return -ENXIO;
	mutex_lock(&mailbox_mutex);
	error = call_locked(channel, data, answer);
	mutex_unlock(&mailbox_mutex);
	return error;
}

static int mailbox_probe(struct device *dev)
{
	mailbox_regs = of_iomap(dev->of_node, 0);
	return mailbox_regs ? 0 : -ENOMEM;
}

static const char *const mailbox_match[] = { "brcm,bcm2835-mbox", NULL };
DRIVER(rpi_mailbox, DRIVER_FIRMWARE, mailbox_match, mailbox_probe);
