// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtio over PCI, the modern interface (virtio 1.1, 4.1): four structures in memory BARs, found
 * through vendor capabilities; one INTx interrupt for everything.
 *
 * Locking: queue registers are selected and then accessed only while a device is set up, by one
 * CPU.
 */
#include <drivers/pci/pci.h>
#include <drivers/virtio/virtio.h>
#include <kernel/irq/irq.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <kernel/sched/sched.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <asm/io.h>
#include <linux/pci_regs.h>
#include <linux/virtio_pci.h>

#define VIRTIO_VENDOR		0x1af4
#define MODERN_DEVICE_BASE	0x1040		/* device id = this + virtio id */
#define TRANSITIONAL_FIRST	0x1000
#define TRANSITIONAL_LAST	0x103f		/* the virtio id is the subsystem id */
#define RESET_ROUNDS		100		/* milliseconds */
#define MAX_STRUCT_LEN		(64 * 1024)

struct vpci {
	struct virtio_device	vdev;
	struct pci_dev		*pdev;		/* [I] */
	void __iomem		*common, *isr, *notify, *device; /* [I] */
	u32			notify_len, device_len;	/* [I] */
	u32			notify_multiplier; /* [I] */
};

static struct vpci *to_vpci(struct virtio_device *vdev)
{
	return container_of(vdev, struct vpci, vdev);
}

#define COMMON(v, field)	(to_vpci(v)->common + offsetof(struct virtio_pci_common_cfg, field))

static u8 vpci_get_status(struct virtio_device *vdev)
{
	return readb(COMMON(vdev, device_status));
}

static void vpci_set_status(struct virtio_device *vdev, u8 status)
{
	writeb(status, COMMON(vdev, device_status));
	for (int i = 0; !status && i < RESET_ROUNDS && vpci_get_status(vdev); i++)
		msleep(1);
}

static u64 vpci_get_features(struct virtio_device *vdev)
{
	u64 features;

	writel(0, COMMON(vdev, device_feature_select));
	features = readl(COMMON(vdev, device_feature));
	writel(1, COMMON(vdev, device_feature_select));
	return features | (u64)readl(COMMON(vdev, device_feature)) << 32;
}

static void vpci_set_features(struct virtio_device *vdev, u64 features)
{
	writel(0, COMMON(vdev, guest_feature_select));
	writel((u32)features, COMMON(vdev, guest_feature));
	writel(1, COMMON(vdev, guest_feature_select));
	writel((u32)(features >> 32), COMMON(vdev, guest_feature));
}

static void vpci_get_config(struct virtio_device *vdev, unsigned int offset, void *buf,
			    unsigned int len)
{
	struct vpci *v = to_vpci(vdev);
	u8 *out = buf;

	memset(buf, 0, len);
	if (!v->device || offset > v->device_len || len > v->device_len - offset)
		return;
	for (unsigned int i = 0; i < len; ) {
		void __iomem *p = v->device + offset + i;

		if (len - i >= 4 && (offset + i) % 4 == 0) {
			u32 val = readl(p);

			memcpy(out + i, &val, 4);
			i += 4;
		} else if (len - i >= 2 && (offset + i) % 2 == 0) {
			u16 val = readw(p);

			memcpy(out + i, &val, 2);
			i += 2;
		} else {
			out[i++] = readb(p);
		}
	}
}

static u32 vpci_generation(struct virtio_device *vdev)
{
	return readb(COMMON(vdev, config_generation));
}

static unsigned int vpci_queue_size(struct virtio_device *vdev, unsigned int index)
{
	if (index >= readw(COMMON(vdev, num_queues)))
		return 0;
	writew(index, COMMON(vdev, queue_select));
	return readw(COMMON(vdev, queue_enable)) ? 0 : readw(COMMON(vdev, queue_size));
}

static void write_address(void __iomem *low, u64 addr)
{
	writel((u32)addr, low);
	writel((u32)(addr >> 32), low + 4);
}

static int vpci_start_queue(struct virtio_device *vdev, struct virtqueue *vq)
{
	struct vpci *v = to_vpci(vdev);
	u64 offset;

	writew(vq->index, COMMON(vdev, queue_select));
	offset = (u64)readw(COMMON(vdev, queue_notify_off)) * v->notify_multiplier;
	if (offset + sizeof(u16) > v->notify_len)
		return -EINVAL;
	vq->transport = (void __force *)(v->notify + offset);
	writew(vq->num, COMMON(vdev, queue_size));
	write_address(COMMON(vdev, queue_desc_lo), vq->ring_dma);
	write_address(COMMON(vdev, queue_avail_lo), vq->ring_dma + ((void *)vq->avail - vq->ring));
	write_address(COMMON(vdev, queue_used_lo), vq->ring_dma + ((void *)vq->used - vq->ring));
	writew(1, COMMON(vdev, queue_enable));
	return 0;
}

static void vpci_notify(struct virtqueue *vq)
{
	writew(vq->index, (void __iomem *)vq->transport);
}

/* Only a reset switches a queue off; that has been done. */
static void vpci_stop_queue(struct virtio_device *vdev, struct virtqueue *vq)
{
	vq->transport = NULL;
}

static const struct virtio_transport_ops vpci_ops = {
	.get_status = vpci_get_status,
	.set_status = vpci_set_status,
	.get_features = vpci_get_features,
	.set_features = vpci_set_features,
	.get_config = vpci_get_config,
	.config_generation = vpci_generation,
	.queue_size = vpci_queue_size,
	.start_queue = vpci_start_queue,
	.notify = vpci_notify,
	.stop_queue = vpci_stop_queue,
};

/* Reading the status register clears it. */
static irqreturn_t vpci_interrupt(int virq, void *dev)
{
	struct vpci *v = dev;
	u8 status = readb(v->isr);

	if (!status)
		return IRQ_NONE;
	if (status & 1)
		virtio_queue_interrupt(&v->vdev);
	if (status & VIRTIO_PCI_ISR_CONFIG)
		virtio_config_interrupt(&v->vdev);
	return IRQ_HANDLED;
}

/* ---- finding the structures ---------------------------------------------------------------- */

/* Map the structure that the capability at @pos describes; *len is its length. */
static void __iomem *map_structure(struct pci_dev *pdev, unsigned int pos, u32 min_len, u32 *len)
{
	u8 bar = pci_read_config8(pdev, pos + offsetof(struct virtio_pci_cap, bar));
	u32 offset = pci_read_config32(pdev, pos + offsetof(struct virtio_pci_cap, offset));
	u32 length = pci_read_config32(pdev, pos + offsetof(struct virtio_pci_cap, length));

	if (bar >= PCI_NR_BARS || !pdev->bars[bar].size || length < min_len ||
	    offset > pdev->bars[bar].size || length > pdev->bars[bar].size - offset)
		return NULL;
	*len = min(length, (u32)MAX_STRUCT_LEN);
	return ioremap(pdev->bars[bar].start + offset, *len);
}

static void map_capability(struct vpci *v, unsigned int pos)
{
	u32 len;

	switch (pci_read_config8(v->pdev, pos + offsetof(struct virtio_pci_cap, cfg_type))) {
	case VIRTIO_PCI_CAP_COMMON_CFG:
		if (!v->common)
			v->common = map_structure(v->pdev, pos,
						  sizeof(struct virtio_pci_common_cfg), &len);
		break;
	case VIRTIO_PCI_CAP_ISR_CFG:
		if (!v->isr)
			v->isr = map_structure(v->pdev, pos, 1, &len);
		break;
	case VIRTIO_PCI_CAP_NOTIFY_CFG:
		if (!v->notify)
			v->notify = map_structure(v->pdev, pos, sizeof(u16), &v->notify_len);
		v->notify_multiplier = pci_read_config32(v->pdev,
							 pos + sizeof(struct virtio_pci_cap));
		break;
	case VIRTIO_PCI_CAP_DEVICE_CFG:
		if (!v->device)
			v->device = map_structure(v->pdev, pos, 1, &v->device_len);
		break;
	default:
		break;
	}
}

static int map_structures(struct vpci *v)
{
	unsigned int pos = 0;

	while ((pos = pci_next_capability(v->pdev, pos, PCI_CAP_ID_VNDR)))
		map_capability(v, pos);
	return v->common && v->isr && v->notify ? 0 : -ENODEV;
}

static void unmap_structures(struct vpci *v)
{
	void __iomem *maps[] = { v->common, v->isr, v->notify, v->device };

	for (size_t i = 0; i < ARRAY_SIZE(maps); i++)
		if (maps[i])
			iounmap(maps[i]);
}

static void vpci_release(struct device *dev)
{
	struct virtio_device *vdev = container_of(dev, struct virtio_device, dev);

	kfree(to_vpci(vdev));
}

static u32 virtio_id_of(const struct pci_dev *pdev)
{
	if (pdev->device >= TRANSITIONAL_FIRST && pdev->device <= TRANSITIONAL_LAST)
		return pci_read_config16(pdev, PCI_SUBSYSTEM_ID);
	return pdev->device - MODERN_DEVICE_BASE;
}

static int vpci_probe(struct pci_dev *pdev)
{
	struct vpci *v;
	int error;

	if (pdev->vendor != VIRTIO_VENDOR || pdev->device < TRANSITIONAL_FIRST ||
	    pdev->device > MODERN_DEVICE_BASE + 0x3f)
		return -ENODEV;
	v = kzalloc(sizeof(*v), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	v->pdev = pdev;
	v->vdev.ops = &vpci_ops;
	v->vdev.id = virtio_id_of(pdev);
	device_initialize(&v->vdev.dev);
	v->vdev.dev.parent = &pdev->dev;
	v->vdev.dev.release = vpci_release;
	virtio_init_dma(&v->vdev, pdev->host->np);
	pci_enable(pdev);
	error = map_structures(v);
	if (error)
		goto unmap;
	error = pdev->irq > 0 ? request_irq(pdev->irq, vpci_interrupt, IRQF_SHARED, "virtio-pci", v)
			      : -ENXIO;
	if (error)
		goto unmap;
	error = virtio_device_add(&v->vdev);
	if (!error)
		return 0;
	free_irq(pdev->irq, v);
unmap:
	unmap_structures(v);
	kfree(v);
	return error;
}

const struct pci_driver virtio_pci_driver = {
	.name = "virtio_pci",
	.probe = vpci_probe,
};
