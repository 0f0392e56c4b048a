// SPDX-License-Identifier: GPL-2.0-only
/*
 * bios: transfers of sectors between pages and a disk.  Interface: blk.h.
 * Locking: a bio belongs to its submitter, then to the driver until bio_endio(); counters under
 * block_lock.
 */
#include <drivers/block/internal.h>
#include <kernel/lib/err.h>
#include <kernel/sched/completion.h>
#include <mm/slab.h>

struct bio *bio_alloc(struct block_device *bdev, unsigned int max_vecs, enum bio_op op, gfp_t gfp)
{
	struct bio *bio;

	if (max_vecs > BIO_MAX_VECS)
		return NULL;
	bio = kzalloc(sizeof(*bio) + max_vecs * sizeof(struct bio_vec), gfp);
	if (!bio)
		return NULL;
	bio->bi_bdev = bdev;
	bio->bi_op = op;
	bio->bi_max_vecs = max_vecs;
	INIT_LIST_HEAD(&bio->bi_list);
	return bio;
}

void bio_put(struct bio *bio)
{
	kfree(bio);
}

unsigned int bio_add_page(struct bio *bio, struct page *page, unsigned int len, unsigned int off)
{
	unsigned int max_sectors = bio->bi_bdev->bd_disk->max_sectors;

	if (bio->bi_vcnt == bio->bi_max_vecs)
		return 0;
	if (max_sectors && bio->bi_vcnt && (bio->bi_size + len) >> SECTOR_SHIFT > max_sectors)
		return 0;
	bio->bi_io_vec[bio->bi_vcnt++] = (struct bio_vec){ .bv_page = page, .bv_len = len,
							   .bv_offset = off };
	bio->bi_size += len;
	return len;
}

void bio_endio(struct bio *bio, int status)
{
	bio->bi_status = status;
	bio->bi_end_io(bio);
}

static int check_bio(const struct bio *bio)
{
	const struct block_device *bdev = bio->bi_bdev;
	sector_t sectors = bio->bi_size >> SECTOR_SHIFT;

	if (READ_ONCE(bdev->bd_disk->dead))
		return -EIO;
	if (bio->bi_op == BIO_FLUSH)
		return 0;
	if (bio->bi_op == BIO_WRITE && bdev->bd_read_only)
		return -EROFS;
	if (bio->bi_size % bdev->bd_disk->logical_block_size || !sectors)
		return -EINVAL;
	if (bio->bi_sector > bdev->bd_sectors || sectors > bdev->bd_sectors - bio->bi_sector)
		return -EIO;
	return 0;
}

static void account(const struct bio *bio)
{
	struct block_device *bdev = bio->bi_bdev;
	int write = bio->bi_op == BIO_WRITE;

	if (bio->bi_op == BIO_FLUSH)
		return;
	spin_lock(&block_lock);
	bdev->bd_ios[write]++;
	bdev->bd_io_sectors[write] += bio->bi_size >> SECTOR_SHIFT;
	spin_unlock(&block_lock);
}

void submit_bio(struct bio *bio)
{
	struct gendisk *disk = bio->bi_bdev->bd_disk;
	int error = check_bio(bio);

	if (error) {
		bio_endio(bio, error);
		return;
	}
	account(bio);
	bio->bi_sector += bio->bi_bdev->bd_start;
	disk->ops->submit(disk, bio);
}

static void wake_waiter(struct bio *bio)
{
	complete(bio->bi_private);
}

int submit_bio_wait(struct bio *bio)
{
	DECLARE_COMPLETION_ONSTACK(done);

	bio->bi_private = &done;
	bio->bi_end_io = wake_waiter;
	submit_bio(bio);
	wait_for_completion(&done);
	return bio->bi_status;
}

int blkdev_issue_flush(struct block_device *bdev)
{
	struct bio *bio = bio_alloc(bdev, 0, BIO_FLUSH, GFP_KERNEL);
	int error;

	if (!bio)
		return -ENOMEM;
	error = submit_bio_wait(bio);
	bio_put(bio);
	return error == -EOPNOTSUPP ? 0 : error;	/* no cache, nothing to flush */
}
