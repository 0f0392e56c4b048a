/* SPDX-License-Identifier: GPL-2.0-only */
/* Shared by the files of drivers/block. */
#pragma once

#include <drivers/block/blk.h>

/* bdev.c */
void bdev_cache_init(void);
/* A block device without disk membership yet; NULL: no memory. */
struct block_device *bdev_alloc(struct gendisk *disk, unsigned int partno);
void bdev_free(struct block_device *bdev);		/* drops its page cache */
void bdev_set_size(struct block_device *bdev, sector_t start, sector_t sectors);
static inline struct block_device *file_bdev(const struct file *file)
{
	return file->private_data;
}

/* genhd.c */
extern spinlock_t block_lock;
struct gendisk *get_disk_of(dev_t dev, unsigned int *partno);	/* counted; NULL */
void put_disk(struct gendisk *disk);

/* blk_ioctl.c */
long blkdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
long blkdev_compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
