// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a virtio device: status, features, driver (virtio 1.1, chapter 3).  Interface:
 * virtio.h.
 * Locking: adding a device is serialised by the probing of its transport; interrupts only read
 * what is [I].
 */
#include <drivers/virtio/virtio.h>
#include <drivers/base/of.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>

static const struct virtio_driver *const virtio_drivers[] = {
	&virtio_blk_driver, &virtio_console_driver, &virtio_rng_driver,
};

static unsigned int next_index;		/* [probing] virtio0, virtio1 ... */

static void add_status(struct virtio_device *vdev, u8 bits)
{
	vdev->ops->set_status(vdev, vdev->ops->get_status(vdev) | bits);
}

void virtio_reset_device(struct virtio_device *vdev)
{
	vdev->ops->set_status(vdev, 0);
}

void virtio_device_ready(struct virtio_device *vdev)
{
	add_status(vdev, VIRTIO_CONFIG_S_DRIVER_OK);
}

void virtio_read_config(struct virtio_device *vdev, unsigned int offset, void *buf,
			unsigned int len)
{
	u32 before;
	int tries = 10;

	do {
		before = vdev->ops->config_generation(vdev);
		vdev->ops->get_config(vdev, offset, buf, len);
	} while (vdev->ops->config_generation(vdev) != before && --tries);
}

static const struct virtio_driver *find_driver(u32 id)
{
	for (size_t i = 0; i < ARRAY_SIZE(virtio_drivers); i++)
		if (virtio_drivers[i]->id == id)
			return virtio_drivers[i];
	return NULL;
}

/* 3.1.1, steps 4 to 6. */
static int negotiate(struct virtio_device *vdev)
{
	u64 offered = vdev->ops->get_features(vdev);
	u64 wanted = vdev->driver->features;

	if (!vdev->legacy) {
		if (!(offered & VIRTIO_FEATURE(VIRTIO_F_VERSION_1)))
			return -EINVAL;
		wanted |= VIRTIO_FEATURE(VIRTIO_F_VERSION_1) |
			  VIRTIO_FEATURE(VIRTIO_F_ACCESS_PLATFORM);
	}
	vdev->features = offered & wanted;
	vdev->ops->set_features(vdev, vdev->features);
	if (vdev->legacy)
		return 0;
	add_status(vdev, VIRTIO_CONFIG_S_FEATURES_OK);
	return vdev->ops->get_status(vdev) & VIRTIO_CONFIG_S_FEATURES_OK ? 0 : -EOPNOTSUPP;
}

static int start_device(struct virtio_device *vdev)
{
	int error;

	virtio_reset_device(vdev);
	add_status(vdev, VIRTIO_CONFIG_S_ACKNOWLEDGE);
	vdev->driver = find_driver(vdev->id);
	if (!vdev->driver)
		return -ENODEV;
	add_status(vdev, VIRTIO_CONFIG_S_DRIVER);
	error = negotiate(vdev);
	if (!error)
		error = vdev->driver->probe(vdev);
	if (error)
		add_status(vdev, VIRTIO_CONFIG_S_FAILED);
	return error;
}

int virtio_device_add(struct virtio_device *vdev)
{
	int error;

	device_set_name(&vdev->dev, "virtio%u", next_index++);
	vdev->dev.bus = "virtio";
	error = start_device(vdev);
	if (error == -ENODEV) {
		pr_debug("%s: no driver for device type %u\n", vdev->dev.name, vdev->id);
		return error;
	}
	if (error) {
		pr_err("%s: %s: probe failed with error %d, device is not used\n", vdev->dev.name,
		       vdev->driver->name, error);
		virtio_reset_device(vdev);
		virtio_del_vqs(vdev);
		return error;
	}
	if (device_register(&vdev->dev))
		pr_debug("%s: not shown in /sys\n", vdev->dev.name);
	return 0;
}

void virtio_queue_interrupt(struct virtio_device *vdev)
{
	for (unsigned int i = 0; i < VIRTIO_MAX_VQS; i++) {
		struct virtqueue *vq = READ_ONCE(vdev->vqs[i]);

		if (vq && vq->callback && virtqueue_more_used(vq))
			vq->callback(vq);
	}
}

void virtio_config_interrupt(struct virtio_device *vdev)
{
	const struct virtio_driver *driver = READ_ONCE(vdev->driver);

	if (driver && driver->config_changed)
		driver->config_changed(vdev);
}

void virtio_init_dma(struct virtio_device *vdev, const struct device_node *np)
{
	vdev->dma = (struct dma_dev){ .offset = 0, .mask = DMA_BIT_MASK(64), .coherent = false };
	for (; np && !vdev->dma.coherent; np = np->parent)
		vdev->dma.coherent = of_property_read_bool(np, "dma-coherent");
}
