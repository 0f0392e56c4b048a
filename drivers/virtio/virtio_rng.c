// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtio entropy device (virtio 1.1, 5.4): fills the buffers it is given.
 * Locking: hwrng.c calls read() one at a time; the queue is shared with the interrupt through
 * done only.
 */
#include <drivers/char/char.h>
#include <drivers/virtio/virtio.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/locking/spinlock.h>
#include <kernel/sched/completion.h>
#include <kernel/time/timekeeping.h>
#include <mm/slab.h>
#include <asm/cache.h>

#define BUF_SIZE	ARCH_DMA_MINALIGN
#define WAIT_NS		(1 * NSEC_PER_SEC)

struct vrng {
	struct hwrng		rng;
	struct virtqueue	*vq;		/* [I] */
	spinlock_t		lock;		/* the queue */
	/* BUF_SIZE, its own allocation; the device's while busy */
	u8			*buf;
	unsigned int		filled, used;	/* [reader] of buf */
	bool			busy;		/* [reader] a request is out */
	struct completion	done;
};

static void vrng_done(struct virtqueue *vq)
{
	struct vrng *r = vq->vdev->priv;

	complete(&r->done);
}

static int ask(struct vrng *r)
{
	struct virtio_sg sg = { r->buf, BUF_SIZE };
	unsigned long flags;
	int error;

	reinit_completion(&r->done);
	spin_lock_irqsave(&r->lock, flags);
	error = virtqueue_add(r->vq, &sg, 0, 1, r);
	if (!error)
		virtqueue_kick(r->vq);
	spin_unlock_irqrestore(&r->lock, flags);
	r->busy = !error;
	return error;
}

static void collect(struct vrng *r)
{
	unsigned long flags;
	unsigned int len;

	spin_lock_irqsave(&r->lock, flags);
	if (virtqueue_get_buf(r->vq, &len)) {
		r->filled = len;
		r->used = 0;
		r->busy = false;
	}
	spin_unlock_irqrestore(&r->lock, flags);
}

static ssize_t vrng_read(struct hwrng *rng, void *buf, size_t n, bool wait)
{
	struct vrng *r = rng->priv;
	int error;

	if (r->used == r->filled && !r->busy) {
		error = ask(r);
		if (error)
			return error;
	}
	if (r->busy) {
		if (wait)
			wait_for_completion_timeout(&r->done, WAIT_NS);
		collect(r);
	}
	n = min_t(size_t, n, r->filled - r->used);
	memcpy(buf, r->buf + r->used, n);
	memzero_explicit(r->buf + r->used, n);
	r->used += n;
	return n;
}

static int vrng_probe(struct virtio_device *vdev)
{
	struct vrng *r = kzalloc(sizeof(*r), GFP_KERNEL);
	int error = -ENOMEM;

	if (!r)
		return -ENOMEM;
	r->buf = kmalloc(BUF_SIZE, GFP_KERNEL);
	if (!r->buf)
		goto free;
	spin_lock_init(&r->lock);
	init_completion(&r->done);
	r->rng.name = "virtio_rng";
	r->rng.read = vrng_read;
	r->rng.quality = 1000;
	r->rng.priv = r;
	vdev->priv = r;
	r->vq = virtio_find_vq(vdev, 0, "input", vrng_done);
	if (IS_ERR(r->vq)) {
		error = PTR_ERR(r->vq);
		goto free;
	}
	virtio_device_ready(vdev);
	return hwrng_register(&r->rng);
free:
	kfree(r->buf);
	kfree(r);
	return error;
}

const struct virtio_driver virtio_rng_driver = {
	.name = "virtio_rng",
	.id = VIRTIO_ID_RNG,
	.probe = vrng_probe,
};
