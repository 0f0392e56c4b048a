// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtio over memory-mapped registers (virtio 1.1, 4.2; version 1 is the legacy interface of
 * 4.2.4). QEMU's virt has 32 of these, most of them empty (device id 0).
 *
 * Locking: queue registers are selected and then accessed only while a device is set up, by one
 * CPU.
 */
#include <drivers/base/driver.h>
#include <drivers/virtio/virtio.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <asm/io.h>
#include <linux/virtio_mmio.h>

#define MMIO_MAGIC	0x74726976	/* "virt" */
#define RESET_ROUNDS	100		/* milliseconds to wait for a reset */

struct mmio_device {
	struct virtio_device	vdev;
	void __iomem		*base;		/* [I] */
	int			irq;		/* [I] */
};

static void __iomem *base_of(struct virtio_device *vdev)
{
	return container_of(vdev, struct mmio_device, vdev)->base;
}

static u8 mmio_get_status(struct virtio_device *vdev)
{
	return readl(base_of(vdev) + VIRTIO_MMIO_STATUS);
}

static void mmio_set_status(struct virtio_device *vdev, u8 status)
{
	writel(status, base_of(vdev) + VIRTIO_MMIO_STATUS);
	for (int i = 0; !status && i < RESET_ROUNDS && mmio_get_status(vdev); i++)
		msleep(1);
}

static u64 mmio_get_features(struct virtio_device *vdev)
{
	void __iomem *base = base_of(vdev);
	u64 features;

	writel(0, base + VIRTIO_MMIO_DEVICE_FEATURES_SEL);
	features = readl(base + VIRTIO_MMIO_DEVICE_FEATURES);
	if (vdev->legacy)
		return features;
	writel(1, base + VIRTIO_MMIO_DEVICE_FEATURES_SEL);
	return features | (u64)readl(base + VIRTIO_MMIO_DEVICE_FEATURES) << 32;
}

static void mmio_set_features(struct virtio_device *vdev, u64 features)
{
	void __iomem *base = base_of(vdev);

	writel(0, base + VIRTIO_MMIO_DRIVER_FEATURES_SEL);
	writel((u32)features, base + VIRTIO_MMIO_DRIVER_FEATURES);
	if (!vdev->legacy) {
		writel(1, base + VIRTIO_MMIO_DRIVER_FEATURES_SEL);
		writel((u32)(features >> 32), base + VIRTIO_MMIO_DRIVER_FEATURES);
		return;
	}
	writel(PAGE_SIZE, base + VIRTIO_MMIO_GUEST_PAGE_SIZE);
}

/* Fields are accessed in their own width; a 64-bit one in two halves (4.2.2.2). */
static void mmio_get_config(struct virtio_device *vdev, unsigned int offset, void *buf,
			    unsigned int len)
{
	void __iomem *p = base_of(vdev) + VIRTIO_MMIO_CONFIG + offset;
	u8 *out = buf;

	if (len == 2) {
		u16 v = readw(p);

		memcpy(out, &v, 2);
	} else if (len == 4 || len == 8) {
		for (unsigned int i = 0; i < len; i += 4) {
			u32 v = readl(p + i);

			memcpy(out + i, &v, 4);
		}
	} else {
		for (unsigned int i = 0; i < len; i++)
			out[i] = readb(p + i);
	}
}

static u32 mmio_generation(struct virtio_device *vdev)
{
	return vdev->legacy ? 0 : readl(base_of(vdev) + VIRTIO_MMIO_CONFIG_GENERATION);
}

static bool queue_in_use(struct virtio_device *vdev)
{
	return readl(base_of(vdev) + (vdev->legacy ? VIRTIO_MMIO_QUEUE_PFN
				      : VIRTIO_MMIO_QUEUE_READY));
}

static unsigned int mmio_queue_size(struct virtio_device *vdev, unsigned int index)
{
	void __iomem *base = base_of(vdev);

	writel(index, base + VIRTIO_MMIO_QUEUE_SEL);
	return queue_in_use(vdev) ? 0 : readl(base + VIRTIO_MMIO_QUEUE_NUM_MAX);
}

static void write_address(void __iomem *low, u64 addr)
{
	writel((u32)addr, low);
	writel((u32)(addr >> 32), low + 4);
}

static int mmio_start_queue(struct virtio_device *vdev, struct virtqueue *vq)
{
	void __iomem *base = base_of(vdev);
	u64 pa = vq->ring_dma;

	writel(vq->index, base + VIRTIO_MMIO_QUEUE_SEL);
	writel(vq->num, base + VIRTIO_MMIO_QUEUE_NUM);
	if (vdev->legacy) {
		if (pa >> PAGE_SHIFT > U32_MAX)
			return -ENXIO;
		writel(PAGE_SIZE, base + VIRTIO_MMIO_QUEUE_ALIGN);
		writel((u32)(pa >> PAGE_SHIFT), base + VIRTIO_MMIO_QUEUE_PFN);
		return 0;
	}
	write_address(base + VIRTIO_MMIO_QUEUE_DESC_LOW, pa);
	write_address(base + VIRTIO_MMIO_QUEUE_AVAIL_LOW, pa + ((void *)vq->avail - vq->ring));
	write_address(base + VIRTIO_MMIO_QUEUE_USED_LOW, pa + ((void *)vq->used - vq->ring));
	writel(1, base + VIRTIO_MMIO_QUEUE_READY);
	return 0;
}

static void mmio_notify(struct virtqueue *vq)
{
	writel(vq->index, base_of(vq->vdev) + VIRTIO_MMIO_QUEUE_NOTIFY);
}

static void mmio_stop_queue(struct virtio_device *vdev, struct virtqueue *vq)
{
	void __iomem *base = base_of(vdev);

	writel(vq->index, base + VIRTIO_MMIO_QUEUE_SEL);
	writel(0, base + (vdev->legacy ? VIRTIO_MMIO_QUEUE_PFN : VIRTIO_MMIO_QUEUE_READY));
}

static const struct virtio_transport_ops mmio_ops = {
	.get_status = mmio_get_status,
	.set_status = mmio_set_status,
	.get_features = mmio_get_features,
	.set_features = mmio_set_features,
	.get_config = mmio_get_config,
	.config_generation = mmio_generation,
	.queue_size = mmio_queue_size,
	.start_queue = mmio_start_queue,
	.notify = mmio_notify,
	.stop_queue = mmio_stop_queue,
};

static irqreturn_t mmio_interrupt(int virq, void *dev)
{
	struct mmio_device *m = dev;
	u32 status = readl(m->base + VIRTIO_MMIO_INTERRUPT_STATUS);

	if (!status)
		return IRQ_NONE;
	writel(status, m->base + VIRTIO_MMIO_INTERRUPT_ACK);
	if (status & VIRTIO_MMIO_INT_VRING)
		virtio_queue_interrupt(&m->vdev);
	if (status & VIRTIO_MMIO_INT_CONFIG)
		virtio_config_interrupt(&m->vdev);
	return IRQ_HANDLED;
}

static void mmio_release(struct device *dev)
{
	struct virtio_device *vdev = container_of(dev, struct virtio_device, dev);

	kfree(container_of(vdev, struct mmio_device, vdev));
}

/* -ENODEV: an empty slot. */
static int identify(struct mmio_device *m)
{
	u32 version = readl(m->base + VIRTIO_MMIO_VERSION);

	if (readl(m->base + VIRTIO_MMIO_MAGIC_VALUE) != MMIO_MAGIC || version < 1 || version > 2)
		return -EINVAL;
	m->vdev.id = readl(m->base + VIRTIO_MMIO_DEVICE_ID);
	m->vdev.legacy = version == 1;
	return m->vdev.id ? 0 : -ENODEV;
}

static int start(struct mmio_device *m, struct device *dev)
{
	int error;

	m->irq = of_irq_get(dev->of_node, 0);
	if (m->irq < 0)
		return m->irq;
	virtio_init_dma(&m->vdev, dev->of_node);
	error = request_irq(m->irq, mmio_interrupt, IRQF_SHARED, "virtio-mmio", m);
	if (error)
		return error;
	error = virtio_device_add(&m->vdev);
	if (error)
		free_irq(m->irq, m);
	return error;
}

static int mmio_probe(struct device *dev)
{
	struct mmio_device *m = kzalloc(sizeof(*m), GFP_KERNEL);
	int error;

	if (!m)
		return -ENOMEM;
	device_initialize(&m->vdev.dev);
	m->vdev.dev.parent = dev;
	m->vdev.dev.release = mmio_release;
	m->vdev.ops = &mmio_ops;
	m->base = of_iomap(dev->of_node, 0);
	error = m->base ? identify(m) : -ENOMEM;
	if (!error)
		error = start(m, dev);
	if (!error)
		return 0;
	if (m->base)
		iounmap(m->base);
	kfree(m);
	return error;
}

static const char *const mmio_match[] = { "virtio,mmio", NULL };
DRIVER(virtio_mmio, DRIVER_BUS, mmio_match, mmio_probe);
