// SPDX-License-Identifier: GPL-2.0-only
/*
 * The random number generators of BCM2835 (register block "RNG") and BCM2711 ("RNG200").
 * Locking: hwrng.c calls read() one at a time.
 */
#include <drivers/base/driver.h>
#include <drivers/char/char.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <asm/io.h>

/* BCM2835 */
#define RNG_CTRL		0x0
#define RNG_STATUS		0x4	/* words that are ready in bits 31:24 */
#define RNG_DATA		0x8
#define RNG_CTRL_ENABLE		0x1
#define RNG_WARMUP		0x40000	/* numbers thrown away at first */

/* BCM2711, iproc-rng200 */
#define RNG200_CTRL		0x00
#define RNG200_CTRL_MASK	0x1fff
#define RNG200_CTRL_ENABLE	0x1
#define RNG200_FIFO_DATA	0x20
#define RNG200_FIFO_COUNT	0x24
#define RNG200_COUNT_MASK	0xff

#define WAIT_ROUNDS		100	/* milliseconds */

struct bcm_rng {
	struct hwrng	rng;
	void __iomem	*base;		/* [I] */
	bool		is_200;		/* [I] */
};

static unsigned int words_ready(const struct bcm_rng *r)
{
	if (r->is_200)
		return readl(r->base + RNG200_FIFO_COUNT) & RNG200_COUNT_MASK;
	return readl(r->base + RNG_STATUS) >> 24;
}

static unsigned int wait_words(const struct bcm_rng *r, bool wait)
{
	unsigned int n = words_ready(r);

	for (int i = 0; !n && wait && i < WAIT_ROUNDS; i++) {
		msleep(1);
		n = words_ready(r);
	}
	return n;
}

static ssize_t bcm_rng_read(struct hwrng *rng, void *buf, size_t n, bool wait)
{
	struct bcm_rng *r = rng->priv;
	unsigned int words = wait_words(r, wait);
	size_t done = 0;

	while (words-- && done < n) {
		u32 word = readl(r->base + (r->is_200 ? RNG200_FIFO_DATA : RNG_DATA));
		size_t part = min(n - done, sizeof(word));

		memcpy(buf + done, &word, part);
		done += part;
	}
	return done;
}

static void start(struct bcm_rng *r)
{
	if (r->is_200) {
		u32 ctrl = readl(r->base + RNG200_CTRL) & ~RNG200_CTRL_MASK;

		writel(ctrl | RNG200_CTRL_ENABLE, r->base + RNG200_CTRL);
	} else {
		writel(RNG_WARMUP, r->base + RNG_STATUS);
		writel(RNG_CTRL_ENABLE, r->base + RNG_CTRL);
	}
}

static int bcm_rng_probe(struct device *dev)
{
	struct bcm_rng *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int error;

	if (!r)
		return -ENOMEM;
	r->is_200 = !strcmp(dev->compatible, "brcm,bcm2711-rng200");
	r->base = of_iomap(dev->of_node, 0);
	if (!r->base) {
		kfree(r);
		return -ENOMEM;
	}
	start(r);
	r->rng.name = dev->name;
	r->rng.read = bcm_rng_read;
	r->rng.quality = 900;
	r->rng.priv = r;
	error = hwrng_register(&r->rng);
	if (error)
		pr_warn("%s: not feeding the entropy pool: error %d\n", dev->name, error);
	return 0;
}

static const char *const bcm_rng_match[] = { "brcm,bcm2835-rng", "brcm,bcm2711-rng200", NULL };
DRIVER(bcm2835_rng, DRIVER_DEVICE, bcm_rng_match, bcm_rng_probe);
