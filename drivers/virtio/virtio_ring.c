// SPDX-License-Identifier: GPL-2.0-only
/*
 * Split virtqueues (virtio 1.1, 2.6).
 *
 * The ring is shared with the device, which may write anything at any time.  So the free list,
 * the chains and the lengths are kept in vq->shadow, the ring's descriptors are only ever
 * written, and each field that the device writes is read once and checked.
 *
 * Locking: the queue's driver serialises all calls but virtqueue_more_used().
 */
#include <drivers/virtio/virtio.h>
#include <kernel/arch.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/err.h>
#include <kernel/lib/log2.h>
#include <kernel/printk.h>
#include <mm/slab.h>

/* where the used ring begins in the layout of legacy devices; good for all */
#define LEGACY_ALIGN	4096

/* The barriers between us and the device: a coherent one is like another CPU. */
static void ring_wmb(const struct virtqueue *vq)
{
	if (vq->vdev->dma.coherent)
		smp_wmb();
	else
		wmb();
}

static void ring_rmb(const struct virtqueue *vq)
{
	if (vq->vdev->dma.coherent)
		smp_rmb();
	else
		rmb();
}

static void ring_mb(const struct virtqueue *vq)
{
	if (vq->vdev->dma.coherent)
		smp_mb();
	else
		mb();
}

/* ---- set-up -------------------------------------------------------------------------------- */

static size_t used_offset(unsigned int num)
{
	return ALIGN(num * sizeof(struct vring_desc) + (3 + num) * sizeof(u16), LEGACY_ALIGN);
}

static size_t ring_bytes(unsigned int num)
{
	return used_offset(num) + 3 * sizeof(u16) + num * sizeof(struct vring_used_elem);
}

static int alloc_ring(struct virtqueue *vq)
{
	vq->ring_size = ALIGN(ring_bytes(vq->num), PAGE_SIZE);
	vq->ring = dma_alloc_coherent(&vq->vdev->dma, vq->ring_size, &vq->ring_dma, GFP_KERNEL);
	if (!vq->ring)
		return -ENOMEM;
	vq->desc = vq->ring;
	vq->avail = vq->ring + vq->num * sizeof(struct vring_desc);
	vq->used = vq->ring + used_offset(vq->num);
	for (unsigned int i = 0; i < vq->num; i++)
		vq->shadow[i].next = i + 1;
	vq->num_free = vq->num;
	return 0;
}

static void free_vq(struct virtqueue *vq)
{
	dma_free_coherent(&vq->vdev->dma, vq->ring_size, vq->ring, vq->ring_dma);
	kfree(vq);
}

struct virtqueue *virtio_find_vq(struct virtio_device *vdev, unsigned int index, const char *name,
				 void (*callback)(struct virtqueue *vq))
{
	unsigned int size = vdev->ops->queue_size(vdev, index);
	struct virtqueue *vq;
	int error = -ENOMEM;

	if (index >= VIRTIO_MAX_VQS || vdev->vqs[index])
		return ERR_PTR(-EINVAL);
	if (size < 2)
		return ERR_PTR(-ENOENT);
	vq = kzalloc(sizeof(*vq), GFP_KERNEL);
	if (!vq)
		return ERR_PTR(-ENOMEM);
	vq->vdev = vdev;
	vq->index = index;
	vq->name = name;
	vq->callback = callback;
	vq->num = 1u << ilog2(min(size, (unsigned int)VIRTQUEUE_MAX_SIZE));
	if (alloc_ring(vq))
		goto free;
	error = vdev->ops->start_queue(vdev, vq);
	if (error)
		goto free_ring;
	WRITE_ONCE(vdev->vqs[index], vq);
	return vq;
free_ring:
	free_vq(vq);
	return ERR_PTR(error);
free:
	kfree(vq);
	return ERR_PTR(error);
}

void virtio_del_vqs(struct virtio_device *vdev)
{
	for (unsigned int i = 0; i < VIRTIO_MAX_VQS; i++) {
		struct virtqueue *vq = vdev->vqs[i];

		if (!vq)
			continue;
		WRITE_ONCE(vdev->vqs[i], NULL);
		vdev->ops->stop_queue(vdev, vq);
		free_vq(vq);
	}
}

static void break_queue(struct virtqueue *vq, const char *why)
{
	vq->broken = true;
	if (vq->quiet)
		return;
	pr_err("%s: queue %s: %s: device is not used any more\n", vq->vdev->dev.name, vq->name,
	       why);
}

/* ---- adding -------------------------------------------------------------------------------- */

/* Unmap the @n descriptors from @head on and put them back on the free list. */
static void release_chain(struct virtqueue *vq, u16 head, unsigned int n)
{
	struct vring_shadow *s = NULL;
	u16 i = head;

	for (unsigned int k = 0; k < n; k++, i = s->next) {
		s = &vq->shadow[i];
		dma_unmap_single(&vq->vdev->dma, s->addr, s->len,
				 s->in ? DMA_FROM_DEVICE : DMA_TO_DEVICE);
	}
	if (!s)
		return;
	s->next = vq->free_head;
	vq->free_head = head;
	vq->num_free += n;
}

static void write_desc(struct virtqueue *vq, u16 i, bool more)
{
	const struct vring_shadow *s = &vq->shadow[i];
	struct vring_desc *d = &vq->desc[i];

	d->addr = cpu_to_le64(s->addr);
	d->len = cpu_to_le32(s->len);
	d->flags = cpu_to_le16((s->in ? VRING_DESC_F_WRITE : 0) | (more ? VRING_DESC_F_NEXT : 0));
	d->next = cpu_to_le16(more ? s->next : 0);
}

static void publish(struct virtqueue *vq, u16 head)
{
	vq->avail->ring[vq->avail_idx % vq->num] = cpu_to_le16(head);
	ring_wmb(vq);		/* the chain before the index that shows it */
	vq->avail_idx++;
	WRITE_ONCE(vq->avail->idx, cpu_to_le16(vq->avail_idx));
}

int virtqueue_add(struct virtqueue *vq, const struct virtio_sg *sgs, unsigned int out,
		  unsigned int in,
		  void *token)
{
	unsigned int n = out + in;
	u16 head = vq->free_head, i = head;

	if (vq->broken)
		return -EIO;
	if (!n || n > vq->num)
		return -EINVAL;
	if (n > vq->num_free)
		return -ENOSPC;
	for (unsigned int k = 0; k < n; k++, i = vq->shadow[i].next) {
		struct vring_shadow *s = &vq->shadow[i];

		s->in = k >= out;
		s->len = sgs[k].len;
		s->addr = dma_map_single(&vq->vdev->dma, sgs[k].addr, s->len,
					 s->in ? DMA_FROM_DEVICE : DMA_TO_DEVICE);
		if (s->addr == DMA_MAPPING_ERROR) {
			vq->free_head = i;
			vq->num_free -= k;
			/* the order of the free list is as it was */
			release_chain(vq, head, k);
			return -ENXIO;
		}
		write_desc(vq, i, k + 1 < n);
	}
	vq->free_head = i;
	vq->num_free -= n;
	vq->token[head] = token;
	vq->chain[head] = n;
	publish(vq, head);
	return 0;
}

void virtqueue_kick(struct virtqueue *vq)
{
	ring_mb(vq);		/* the index before the look at the flag */
	if (!(le16_to_cpu(READ_ONCE(vq->used->flags)) & VRING_USED_F_NO_NOTIFY) && !vq->broken)
		vq->vdev->ops->notify(vq);
}

/* ---- getting back -------------------------------------------------------------------------- */

bool virtqueue_more_used(const struct virtqueue *vq)
{
	return READ_ONCE(vq->last_used) != le16_to_cpu(READ_ONCE(vq->used->idx));
}

/* How much of the chain at @head the device was allowed to write. */
static u32 writable_bytes(const struct virtqueue *vq, u16 head)
{
	u32 total = 0;
	u16 i = head;

	for (unsigned int k = 0; k < vq->chain[head]; k++, i = vq->shadow[i].next)
		total += vq->shadow[i].in ? vq->shadow[i].len : 0;
	return total;
}

void *virtqueue_get_buf(struct virtqueue *vq, unsigned int *len)
{
	const struct vring_used_elem *elem;
	u32 id, written;
	void *token;

	if (vq->broken || !virtqueue_more_used(vq))
		return NULL;
	ring_rmb(vq);		/* the index before the entry that it shows */
	elem = &vq->used->ring[vq->last_used % vq->num];
	id = le32_to_cpu(READ_ONCE(elem->id));
	written = le32_to_cpu(READ_ONCE(elem->len));
	if (id >= vq->num || !vq->token[id]) {
		break_queue(vq, "it returned a request that we did not make");
		return NULL;
	}
	token = vq->token[id];
	vq->token[id] = NULL;
	*len = min(written, writable_bytes(vq, id));
	release_chain(vq, id, vq->chain[id]);
	WRITE_ONCE(vq->last_used, (u16)(vq->last_used + 1));
	return token;
}

void virtqueue_disable_cb(struct virtqueue *vq)
{
	WRITE_ONCE(vq->avail->flags, cpu_to_le16(VRING_AVAIL_F_NO_INTERRUPT));
}

bool virtqueue_enable_cb(struct virtqueue *vq)
{
	WRITE_ONCE(vq->avail->flags, 0);
	ring_mb(vq);		/* the flag before the look at the index */
	return !virtqueue_more_used(vq);
}
