// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hardware random number generators: a thread reads from the best one and feeds the pool, quickly
 * until the pool is ready and once a minute afterwards.  /dev/hwrng gives the raw numbers.
 * Locking: rng_mutex for the list and for reading a generator.
 */
#include <drivers/char/char.h>
#include <kernel/kthread.h>
#include <kernel/lib/err.h>
#include <kernel/locking/mutex.h>
#include <kernel/printk.h>
#include <kernel/random.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <asm/uaccess.h>

#define FEED_BYTES	64
#define FAST_NS		(10 * NSEC_PER_MSEC)
#define SLOW_NS		(60 * NSEC_PER_SEC)
#define HWRNG_MINOR	183

static DEFINE_MUTEX_RANK(rng_mutex, LOCK_RANK_DEVICE);
static LIST_HEAD(rng_list);		/* [rng_mutex] best first */

/* Bytes, or -errno; *bits what they are worth. */
static ssize_t read_best(void *buf, size_t n, bool wait, unsigned int *bits)
{
	struct hwrng *rng;
	ssize_t got;

	mutex_lock(&rng_mutex);
	rng = list_first_entry_or_null(&rng_list, struct hwrng, list);
	got = rng ? rng->read(rng, buf, n, wait) : -ENODEV;
	if (got > 0)
		*bits = got * 8 * rng->quality / 1024;
	mutex_unlock(&rng_mutex);
	return got;
}

static int feed(void *unused)
{
	while (!kthread_should_stop()) {
		u8 data[FEED_BYTES];
		unsigned int bits = 0;
		ssize_t got = read_best(data, sizeof(data), true, &bits);

		if (got > 0)
			add_hwgenerator_randomness(data, got, bits);
		__set_current_state(TASK_INTERRUPTIBLE | TASK_NOLOAD);
		schedule_timeout_ns(rng_is_initialized() || got <= 0 ? SLOW_NS : FAST_NS);
	}
	return 0;
}

static ssize_t hwrng_read(struct file *file, char __user *buf, size_t n, loff_t *pos)
{
	size_t done = 0;

	while (done < n) {
		u8 data[FEED_BYTES];
		unsigned int bits;
		ssize_t got = read_best(data, min(n - done, sizeof(data)),
					!(file->f_flags & O_NONBLOCK), &bits);

		if (got <= 0)
			return done ? (ssize_t)done : got ? got : -EAGAIN;
		if (copy_to_user(buf + done, data, got))
			return -EFAULT;
		done += got;
		if (signal_pending(current))
			break;
		cond_resched();
	}
	return done;
}

static const struct file_operations hwrng_fops = {
	.read = hwrng_read,
	.llseek = noop_llseek,
};

static struct miscdevice hwrng_misc = {
	.minor = HWRNG_MINOR,
	.name = "hwrng",
	.fops = &hwrng_fops,
	.mode = 0600,
};

/* [rng_mutex] */
static void insert_by_quality(struct hwrng *rng)
{
	struct hwrng *other;

	list_for_each_entry(other, &rng_list, list)
		if (other->quality < rng->quality)
			break;
	list_add_tail(&rng->list, &other->list);
}

int hwrng_register(struct hwrng *rng)
{
	struct task_struct *thread;
	bool first;

	mutex_lock(&rng_mutex);
	first = list_empty(&rng_list);
	insert_by_quality(rng);
	mutex_unlock(&rng_mutex);
	if (!first)
		return 0;
	if (misc_register(&hwrng_misc))
		pr_warn("hwrng: no /dev/hwrng\n");
	thread = kthread_run(feed, NULL, "hwrng");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	return 0;
}
