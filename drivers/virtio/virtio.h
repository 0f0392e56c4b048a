/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Virtio (OASIS virtio 1.1): devices that a hypervisor offers, behind one of the transports
 * (mmio, PCI).
 *
 * A transport finds a device, fills in struct virtio_device and calls virtio_device_add(), which
 * matches it with a driver, negotiates features and probes.  A driver sets up its queues with
 * virtio_find_vq() and talks through them.  Devices are not trusted: what they write into a ring
 * is checked, and a device that breaks the rules is not used any more (vq->broken).
 *
 * Locks:  [I] immutable after probe   [v] the queue's user serialises: its driver's lock
 */
#pragma once

#include <drivers/base/device.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/types.h>
#include <mm/dma.h>
#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>

struct virtio_device;
struct virtqueue;

/* The ring's parts, as memory holds them (virtio 1.1, 2.6.5 to 2.6.8). <linux/virtio_ring.h> has
 * them too, but takes in <stdint.h>. */
struct vring_desc {
	__le64	addr;
	__le32	len;
	__le16	flags;
	__le16	next;
};
#define VRING_DESC_F_NEXT		1
#define VRING_DESC_F_WRITE		2
struct vring_avail {
	__le16	flags;
	__le16	idx;
	__le16	ring[];
};
#define VRING_AVAIL_F_NO_INTERRUPT	1
struct vring_used_elem {
	__le32	id;
	__le32	len;
};
struct vring_used {
	__le16	flags;
	__le16	idx;
	struct vring_used_elem ring[];
};
#define VRING_USED_F_NO_NOTIFY		1
static_assert(sizeof(struct vring_desc) == 16);

#define VIRTIO_MAX_VQS		4
#define VIRTQUEUE_MAX_SIZE	256
#define VIRTIO_FEATURE(bit)	BIT_ULL(bit)

/* May sleep, except notify. */
struct virtio_transport_ops {
	u8 (*get_status)(struct virtio_device *vdev);
	/* 0: reset, and wait for it */
	void (*set_status)(struct virtio_device *vdev, u8 status);
	u64 (*get_features)(struct virtio_device *vdev);
	void (*set_features)(struct virtio_device *vdev, u64 features);
	void (*get_config)(struct virtio_device *vdev, unsigned int offset, void *buf,
			   unsigned int len);
	u32 (*config_generation)(struct virtio_device *vdev);
	/* Entries that queue @index may have at most; 0: there is none. */
	unsigned int (*queue_size)(struct virtio_device *vdev, unsigned int index);
	/* Tell the device where the ring is, and switch it on. */
	int (*start_queue)(struct virtio_device *vdev, struct virtqueue *vq);
	void (*notify)(struct virtqueue *vq);				/* any context */
	void (*stop_queue)(struct virtio_device *vdev, struct virtqueue *vq);
};

struct virtio_driver {
	const char	*name;
	u32		id;			/* VIRTIO_ID_* */
	u64		features;		/* wanted beside VIRTIO_F_VERSION_1 */
	int		(*probe)(struct virtio_device *vdev);
	void		(*config_changed)(struct virtio_device *vdev);	/* optional; irqs off */
};

struct virtio_device {
	struct device		dev;		/* bus "virtio" */
	u32			id;		/* [I] VIRTIO_ID_* */
	u64			features;	/* [I] negotiated */
	bool			legacy;		/* [I] before 1.0: no VERSION_1 */
	struct dma_dev		dma;		/* [I] */
	const struct virtio_transport_ops *ops;	/* [I] */
	const struct virtio_driver *driver;	/* [I] */
	struct virtqueue	*vqs[VIRTIO_MAX_VQS]; /* [I] */
	void			*priv;		/* the driver's */
};

/* One piece of a request: linear-map memory. */
struct virtio_sg {
	void		*addr;
	unsigned int	len;
};

/* What the device cannot change: our own copy of each descriptor. */
struct vring_shadow {
	dma_addr_t	addr;
	u32		len;
	bool		in;		/* the device writes it */
	u16		next;		/* of the chain or of the free list */
};

struct virtqueue {
	struct virtio_device	*vdev;		/* [I] */
	unsigned int		index;		/* [I] */
	const char		*name;		/* [I] */
	/* [I] irqs off; may be NULL */
	void			(*callback)(struct virtqueue *vq);
	unsigned int		num;		/* [I] entries, a power of two */
	void			*ring;		/* [I] the memory of all three parts */
	dma_addr_t		ring_dma;	/* [I] */
	size_t			ring_size;	/* [I] */
	struct vring_desc	*desc;		/* [I] */
	struct vring_avail	*avail;		/* [I] */
	struct vring_used	*used;		/* [I] */
	struct vring_shadow	shadow[VIRTQUEUE_MAX_SIZE]; /* [v] */
	/* [v] of the chain that begins here; NULL: none */
	void			*token[VIRTQUEUE_MAX_SIZE];
	/* [v] descriptors of the chain that begins here */
	u16			chain[VIRTQUEUE_MAX_SIZE];
	unsigned int		num_free;	/* [v] */
	u16			free_head;	/* [v] */
	u16			avail_idx;	/* [v] what we have published */
	u16			last_used;	/* [v] what we have taken */
	bool			broken;		/* [v] the device broke the rules */
	/* [I] says nothing about it: it is a console itself */
	bool			quiet;
	void			*transport;	/* the transport's: where to notify */
};

/* ---- drivers of devices -------------------------------------------------------------------- */
static inline bool virtio_has_feature(const struct virtio_device *vdev, unsigned int bit)
{
	return vdev->features & VIRTIO_FEATURE(bit);
}
/* Queue @index, ready to use. ERR_PTR(-ENOENT, -ENOMEM). */
struct virtqueue *virtio_find_vq(struct virtio_device *vdev, unsigned int index, const char *name,
				 void (*callback)(struct virtqueue *vq));
void virtio_del_vqs(struct virtio_device *vdev);	/* the device is reset already */
/* Configuration space, one consistent look; fields are little endian. */
void virtio_read_config(struct virtio_device *vdev, unsigned int offset, void *buf,
			unsigned int len);
#define virtio_cread(vdev, type, field, ptr)	\
	virtio_read_config(vdev, offsetof(type, field), ptr, sizeof(((type *)0)->field))
/* DRIVER_OK: probe is done, or it uses its queues */
void virtio_device_ready(struct virtio_device *vdev);
void virtio_reset_device(struct virtio_device *vdev);

/* [v] @out pieces that the device reads, then @in that it writes. 0; -ENOSPC: too few descriptors
 * free; -EIO: broken; -ENXIO: not reachable by DMA. @token (non-NULL) comes back from
 * virtqueue_get_buf(). */
int __must_check virtqueue_add(struct virtqueue *vq, const struct virtio_sg *sgs, unsigned int out,
			       unsigned int in, void *token);
/* [v] tell the device, unless it does not want to know */
void virtqueue_kick(struct virtqueue *vq);
/* [v] The next finished request, or NULL; *len: bytes the device says it wrote, at most what it
 * was given. */
void *virtqueue_get_buf(struct virtqueue *vq, unsigned int *len);
bool virtqueue_more_used(const struct virtqueue *vq);	/* any context, a hint */
/* [v] Interrupts off (a hint to the device); enable returns false if something is there already. */
void virtqueue_disable_cb(struct virtqueue *vq);
bool virtqueue_enable_cb(struct virtqueue *vq);

/* ---- transports ---------------------------------------------------------------------------- */
/* @vdev->dev has name, parent, release. Matches and probes; -ENODEV: no driver (the device stays
 * known). */
int virtio_device_add(struct virtio_device *vdev);
void virtio_queue_interrupt(struct virtio_device *vdev);	/* some queue has news; irqs off */
void virtio_config_interrupt(struct virtio_device *vdev);
struct device_node;
/* How the devices of this node see memory. */
void virtio_init_dma(struct virtio_device *vdev, const struct device_node *np);

extern const struct virtio_driver virtio_blk_driver, virtio_console_driver, virtio_rng_driver;
