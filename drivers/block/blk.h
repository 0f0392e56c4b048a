/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Block devices: disks, partitions, bios.
 *
 * A driver describes its disk in a struct gendisk, adds it (which reads the partition table) and
 * gets each transfer as a struct bio in ops->submit().  File systems open a block device, use the
 * page cache of its inode or submit bios; sectors are 512 bytes everywhere.
 *
 * Locks:  [I] immutable after add_disk()   [o] disk->open_mutex   [b] block_lock (spin)
 * open_mutex is an outer lock: with it held partitions are read and device nodes made.
 */
#pragma once

#include <drivers/base/device.h>
#include <fs/vfs.h>
#include <kernel/lib/atomic.h>
#include <kernel/lib/list.h>
#include <kernel/lib/types.h>
#include <kernel/locking/mutex.h>

#define SECTOR_SHIFT	9
#define SECTOR_SIZE	(1 << SECTOR_SHIFT)
#define DISK_MAX_PARTS	16		/* minors of a disk: itself and 15 partitions */

struct bio;
struct block_device;
struct gendisk;
struct hd_geometry;

struct bio_vec {
	struct page		*bv_page;
	unsigned int		bv_len;
	unsigned int		bv_offset;
};

enum bio_op { BIO_READ, BIO_WRITE, BIO_FLUSH };

#define BIO_MAX_VECS	64

/* One transfer of consecutive sectors. The owner keeps it (and the pages) until end_io. */
struct bio {
	struct block_device	*bi_bdev;
	enum bio_op		bi_op;
	/* relative to bi_bdev; submit_bio() makes it the disk's */
	sector_t		bi_sector;
	unsigned int		bi_size;	/* bytes, a multiple of 512 */
	unsigned short		bi_vcnt, bi_max_vecs;
	int			bi_status;	/* 0 or -errno */
	void			(*bi_end_io)(struct bio *bio);	/* any context, once */
	void			*bi_private;
	struct list_head	bi_list;	/* the driver's queue */
	struct bio_vec		bi_io_vec[];
};
/* NULL without memory. */
struct bio *bio_alloc(struct block_device *bdev, unsigned int max_vecs, enum bio_op op, gfp_t gfp);
void bio_put(struct bio *bio);
/* Bytes added: @len, or 0 when the bio is full. */
unsigned int bio_add_page(struct bio *bio, struct page *page, unsigned int len, unsigned int off);
/* Check against the device's end and hand to the driver; errors arrive through end_io. May
 * sleep. */
void submit_bio(struct bio *bio);
int __must_check submit_bio_wait(struct bio *bio);
void bio_endio(struct bio *bio, int status);		/* the driver: done */

struct gendisk_ops {
	/* Takes the bio; calls bio_endio() sooner or later. May sleep (not in atomic context). */
	void (*submit)(struct gendisk *disk, struct bio *bio);
	int (*open)(struct gendisk *disk, fmode_t mode);	/* optional */
	void (*release)(struct gendisk *disk);			/* optional; last close */
	int (*ioctl)(struct block_device *bdev, fmode_t mode, unsigned int cmd, unsigned long arg);
	int (*getgeo)(struct block_device *bdev, struct hd_geometry *geo);
};

struct block_device {
	dev_t			bd_dev;		/* [I] */
	struct gendisk		*bd_disk;	/* [I] */
	unsigned int		bd_partno;	/* [I] 0: the whole disk */
	sector_t		bd_start;	/* [o] first sector on the disk */
	sector_t		bd_sectors;	/* [o] */
	struct inode		*bd_inode;	/* [I] page cache, size */
	unsigned int		bd_openers;	/* [o] */
	void			*bd_holder;	/* [o] exclusive owner */
	unsigned int		bd_holders;	/* [o] */
	bool			bd_read_only;	/* [o] */
	char			bd_partuuid[37]; /* [o] "" or PARTUUID= text */
	struct device		bd_device;	/* class "block" */
	u64			bd_ios[2], bd_io_sectors[2]; /* [b] read, write: /proc/diskstats */
};

struct gendisk {
	char			name[32];	/* [I] "vda" */
	int			major, first_minor; /* [I] */
	unsigned int		max_parts;	/* [I] 1: cannot be partitioned */
	unsigned int		logical_block_size, physical_block_size; /* [I] */
	/* [I] of one bio, obeyed by bio_add_page(); 0: no limit */
	unsigned int		max_sectors;
	bool			read_only;	/* [I] */
	bool			dead;		/* [o] removed: everything fails with -EIO */
	const struct gendisk_ops *ops;		/* [I] */
	void			*private_data;
	struct device		*parent;	/* [I] */
	struct mutex		open_mutex;
	struct block_device	*part[DISK_MAX_PARTS]; /* [o] part[0]: the whole disk */
	struct list_head	list;		/* [b] */
	/* [b] the creator, and whoever looks at or has open a part */
	unsigned int		users;
};
struct gendisk *alloc_disk(void);			/* NULL */
int __must_check add_disk(struct gendisk *disk, sector_t sectors);
void del_gendisk(struct gendisk *disk);			/* drops the creator's hold */
void set_capacity(struct gendisk *disk, sector_t sectors);
/* "NAMEp1" or "NAME1". */
const char *bdev_name(const struct block_device *bdev);

/* ---- for file systems ---------------------------------------------------------------------- */
/* Open; @mode FMODE_*; @holder non-NULL: exclusive. ERR_PTR(-ENXIO, -EBUSY, -EROFS). */
struct block_device *blkdev_get_by_dev(dev_t dev, fmode_t mode, void *holder);
struct block_device *blkdev_get_by_path(const char *path, fmode_t mode, void *holder);
void blkdev_put(struct block_device *bdev, fmode_t mode, void *holder);
static inline loff_t bdev_size(const struct block_device *bdev)
{
	return (loff_t)bdev->bd_sectors << SECTOR_SHIFT;
}
int sync_blockdev(struct block_device *bdev);		/* write the page cache back and wait */
int blkdev_issue_flush(struct block_device *bdev);	/* the device's own cache */
void invalidate_bdev(struct block_device *bdev);
/* root=: "/dev/vda1", "vda1", "254:1", "PARTUUID=...": a device number or 0. */
dev_t name_to_dev_t(const char *name);

void block_init(void);					/* from drivers_init(); after vfs_init() */
void show_partitions(struct seq_file *m), show_diskstats(struct seq_file *m);
/* Read the table of a whole disk again; [o] held. -EBUSY: a partition is open. */
int rescan_partitions(struct gendisk *disk);
/* block/partition.c: add what the table of part[0] lists; [o] held. 0 (also without a table) or
 * -errno. */
int read_partitions(struct gendisk *disk);
/* For partition.c, [o] held: make part[partno]; 0 or -errno. */
int __must_check add_partition(struct gendisk *disk, unsigned int partno, sector_t start,
			       sector_t sectors, const char *uuid);
