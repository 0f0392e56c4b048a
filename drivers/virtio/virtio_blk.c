// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtio block device (virtio 1.1, 5.2): /dev/vda and its partitions.
 *
 * A bio becomes one request: a header that says what and where, the pages, a status byte.  When
 * the ring is full bios wait in order and go out as requests finish.  Locking: vblk->lock (irqs
 * off) covers queue and list; bios are ended without it.
 */
#include <drivers/block/blk.h>
#include <drivers/virtio/virtio.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>
#include <mm/slab.h>
#include <asm/cache.h>
#include <linux/virtio_blk.h>

#define VBLK_MAJOR	254	/* of the range for dynamic majors, as Linux usually chooses */
#define MAX_DISKS	26

/* Header and status are mapped for DMA one by one: each has its own cache lines. */
struct vblk_request {
	struct virtio_blk_outhdr header __aligned(ARCH_DMA_MINALIGN);
	u8			status __aligned(ARCH_DMA_MINALIGN);
	struct bio		*bio __aligned(ARCH_DMA_MINALIGN);
	struct list_head	list;
};

struct vblk {
	struct virtio_device	*vdev;		/* [I] */
	struct virtqueue	*vq;		/* [I] */
	struct gendisk		*disk;		/* [I] */
	bool			can_flush;	/* [I] */
	spinlock_t		lock;
	struct list_head	waiting;	/* [lock] requests that found the ring full */
	struct virtio_sg	sgs[BIO_MAX_VECS + 2];	/* [lock] scratch for one virtqueue_add() */
};

static unsigned int next_disk;		/* [probing] vda, vdb ... */

/* ---- requests ------------------------------------------------------------------------------ */

/* [lock] 0, -ENOSPC: ring full, or what is wrong for good. */
static int send_request(struct vblk *b, struct vblk_request *req)
{
	struct bio *bio = req->bio;
	unsigned int n = 0, data_out = 0;

	b->sgs[n++] = (struct virtio_sg){ &req->header, sizeof(req->header) };
	for (unsigned int i = 0; i < bio->bi_vcnt; i++) {
		struct bio_vec *v = &bio->bi_io_vec[i];

		b->sgs[n++] = (struct virtio_sg){ page_address(v->bv_page) + v->bv_offset,
			v->bv_len };
	}
	if (bio->bi_op == BIO_WRITE)
		data_out = bio->bi_vcnt;
	b->sgs[n++] = (struct virtio_sg){ &req->status, sizeof(req->status) };
	return virtqueue_add(b->vq, b->sgs, 1 + data_out, n - 1 - data_out, req);
}

static void finish(struct vblk_request *req, int error)
{
	struct bio *bio = req->bio;

	kfree(req);
	bio_endio(bio, error);
}

static int status_error(u8 status)
{
	switch (status) {
	case VIRTIO_BLK_S_OK:
		return 0;
	case VIRTIO_BLK_S_UNSUPP:
		return -EOPNOTSUPP;
	default:
		return -EIO;
	}
}

/* [lock] Send what waits; what cannot be sent at all goes to @failed. */
static void send_waiting(struct vblk *b, struct list_head *failed)
{
	bool sent = false;

	while (!list_empty(&b->waiting)) {
		struct vblk_request *req = list_first_entry(&b->waiting, struct vblk_request, list);
		int error = send_request(b, req);

		if (error == -ENOSPC)
			break;
		if (error)
			list_move_tail(&req->list, failed);
		else
			list_del_init(&req->list);
		sent |= !error;
	}
	if (sent)
		virtqueue_kick(b->vq);
}

static void fail_all(struct list_head *failed)
{
	while (!list_empty(failed)) {
		struct vblk_request *req = list_first_entry(failed, struct vblk_request, list);

		list_del(&req->list);
		finish(req, -EIO);
	}
}

static struct vblk_request *make_request(struct vblk *b, struct bio *bio)
{
	struct vblk_request *req = kzalloc(sizeof(*req), GFP_KERNEL);
	u32 type = bio->bi_op == BIO_READ ? VIRTIO_BLK_T_IN :
		   bio->bi_op == BIO_WRITE ? VIRTIO_BLK_T_OUT : VIRTIO_BLK_T_FLUSH;

	if (!req)
		return NULL;
	req->bio = bio;
	req->header.type = cpu_to_le32(type);
	req->header.sector = cpu_to_le64(bio->bi_op == BIO_FLUSH ? 0 : bio->bi_sector);
	req->status = VIRTIO_BLK_S_IOERR;
	INIT_LIST_HEAD(&req->list);
	return req;
}

static void vblk_submit(struct gendisk *disk, struct bio *bio)
{
	struct vblk *b = disk->private_data;
	struct vblk_request *req;
	LIST_HEAD(failed);
	unsigned long flags;

	if (bio->bi_op == BIO_FLUSH && !b->can_flush) {
		bio_endio(bio, 0);		/* it writes through */
		return;
	}
	req = make_request(b, bio);
	if (!req) {
		bio_endio(bio, -ENOMEM);
		return;
	}
	spin_lock_irqsave(&b->lock, flags);
	list_add_tail(&req->list, &b->waiting);
	send_waiting(b, &failed);
	spin_unlock_irqrestore(&b->lock, flags);
	fail_all(&failed);
}

/* [lock] The finished ones, and what may go out now. */
static void reap(struct vblk *b, struct list_head *done, struct list_head *failed)
{
	struct vblk_request *req;
	unsigned int len;

	do {
		virtqueue_disable_cb(b->vq);
		while ((req = virtqueue_get_buf(b->vq, &len)))
			list_add_tail(&req->list, done);
	} while (!virtqueue_enable_cb(b->vq) && !b->vq->broken);
	send_waiting(b, failed);
}

static void vblk_done(struct virtqueue *vq)
{
	struct vblk *b = vq->vdev->priv;
	LIST_HEAD(done);
	LIST_HEAD(failed);
	unsigned long flags;

	spin_lock_irqsave(&b->lock, flags);
	reap(b, &done, &failed);
	spin_unlock_irqrestore(&b->lock, flags);
	while (!list_empty(&done)) {
		struct vblk_request *req = list_first_entry(&done, struct vblk_request, list);

		list_del(&req->list);
		finish(req, status_error(READ_ONCE(req->status)));
	}
	fail_all(&failed);
}

static const struct gendisk_ops vblk_ops = { .submit = vblk_submit };

/* ---- set-up -------------------------------------------------------------------------------- */

static sector_t read_capacity(struct virtio_device *vdev)
{
	__le64 capacity;

	virtio_cread(vdev, struct virtio_blk_config, capacity, &capacity);
	return le64_to_cpu(capacity);
}

static void read_limits(struct vblk *b, struct gendisk *disk)
{
	__le32 size = 0;
	u32 bytes;

	disk->read_only = virtio_has_feature(b->vdev, VIRTIO_BLK_F_RO);
	if (!virtio_has_feature(b->vdev, VIRTIO_BLK_F_BLK_SIZE))
		return;
	virtio_cread(b->vdev, struct virtio_blk_config, blk_size, &size);
	bytes = le32_to_cpu(size);
	if (bytes >= SECTOR_SIZE && bytes <= PAGE_SIZE && !(bytes & (bytes - 1)))
		disk->logical_block_size = disk->physical_block_size = bytes;
}

static int add_vblk_disk(struct vblk *b)
{
	struct gendisk *disk = alloc_disk();
	sector_t capacity = read_capacity(b->vdev);
	int error;

	if (!disk)
		return -ENOMEM;
	snprintf(disk->name, sizeof(disk->name), "vd%c", 'a' + next_disk);
	disk->major = VBLK_MAJOR;
	disk->first_minor = next_disk * DISK_MAX_PARTS;
	disk->ops = &vblk_ops;
	disk->private_data = b;
	disk->parent = &b->vdev->dev;
	read_limits(b, disk);
	b->disk = disk;
	error = add_disk(disk, capacity);
	if (error) {
		del_gendisk(disk);
		return error;
	}
	next_disk++;
	pr_info("%s: %llu MiB%s\n", disk->name, (unsigned long long)capacity >> 11,
		disk->read_only ? ", read-only" : "");
	return 0;
}

static int vblk_probe(struct virtio_device *vdev)
{
	struct vblk *b;
	int error;

	if (next_disk == MAX_DISKS)
		return -ENOSPC;
	b = kzalloc(sizeof(*b), GFP_KERNEL);
	if (!b)
		return -ENOMEM;
	b->vdev = vdev;
	b->can_flush = virtio_has_feature(vdev, VIRTIO_BLK_F_FLUSH);
	spin_lock_init_rank(&b->lock, LOCK_RANK_OBJECT);
	INIT_LIST_HEAD(&b->waiting);
	vdev->priv = b;
	b->vq = virtio_find_vq(vdev, 0, "requests", vblk_done);
	if (IS_ERR(b->vq)) {
		error = PTR_ERR(b->vq);
		goto free;
	}
	virtio_device_ready(vdev);
	error = add_vblk_disk(b);
	if (!error)
		return 0;
	virtio_reset_device(vdev);
	virtio_del_vqs(vdev);
free:
	kfree(b);
	return error;
}

const struct virtio_driver virtio_blk_driver = {
	.name = "virtio_blk",
	.id = VIRTIO_ID_BLOCK,
	.features = VIRTIO_FEATURE(VIRTIO_BLK_F_RO) | VIRTIO_FEATURE(VIRTIO_BLK_F_BLK_SIZE) |
		    VIRTIO_FEATURE(VIRTIO_BLK_F_FLUSH),
	.probe = vblk_probe,
};
