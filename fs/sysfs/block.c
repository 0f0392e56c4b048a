// SPDX-License-Identifier: GPL-2.0-only
/*
 * The files of disks and partitions: what lsblk, fdisk and mount read.
 *
 * Locking: sizes and counts are read as they are.
 */
#include <fs/sysfs/internal.h>

#include <drivers/base/device.h>
#include <drivers/block/blk.h>
#include <kernel/lib/vsprintf.h>

static struct block_device *bdev_of(const struct device *dev)
{
	return container_of((struct device *)dev, struct block_device, bd_device);
}

bool sysfs_is_disk(const struct device *dev)
{
	return dev->is_block && !bdev_of(dev)->bd_partno;
}

int sysfs_block_uevent(const struct device *dev, char *buf, size_t size)
{
	unsigned int part = bdev_of(dev)->bd_partno;

	if (!part)
		return scnprintf(buf, size, "DEVTYPE=disk\n");
	return scnprintf(buf, size, "DEVTYPE=partition\nPARTN=%u\n", part);
}

static ssize_t show_size(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "%llu\n", (u64)bdev_of(n->dev)->bd_sectors);
}

static ssize_t show_ro(struct sysfs_node *n, char *buf, size_t size)
{
	const struct block_device *bdev = bdev_of(n->dev);

	return scnprintf(buf, size, "%d\n", bdev->bd_read_only || bdev->bd_disk->read_only);
}

/* reads, merged, sectors, ms; the same of writes; in flight, ms, weighted ms; discards; flushes */
static ssize_t show_stat(struct sysfs_node *n, char *buf, size_t size)
{
	const struct block_device *b = bdev_of(n->dev);

	return scnprintf(buf, size, "%8llu %8u %8llu %8u %8llu %8u %8llu %8u %8u %8u %8u "
			 "%8u %8u %8u %8u %8u %8u\n",
			 b->bd_ios[0], 0, b->bd_io_sectors[0], 0, b->bd_ios[1], 0,
			 b->bd_io_sectors[1], 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}

static ssize_t show_partition(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "%u\n", bdev_of(n->dev)->bd_partno);
}

static ssize_t show_start(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "%llu\n", (u64)bdev_of(n->dev)->bd_start);
}

static ssize_t show_range(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "%u\n", bdev_of(n->dev)->bd_disk->max_parts);
}

static ssize_t show_removable(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "0\n");
}

static ssize_t show_logical(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "%u\n", bdev_of(n->dev)->bd_disk->logical_block_size);
}

static ssize_t show_physical(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "%u\n", bdev_of(n->dev)->bd_disk->physical_block_size);
}

static ssize_t show_scheduler(struct sysfs_node *n, char *buf, size_t size)
{
	return scnprintf(buf, size, "none\n");
}

static const struct sysfs_attr common_attrs[] = {
	{ "size", 0444, show_size },
	{ "ro", 0444, show_ro },
	{ "stat", 0444, show_stat },
};
static const struct sysfs_attr disk_attrs[] = {
	{ "range", 0444, show_range },
	{ "removable", 0444, show_removable },
};
static const struct sysfs_attr part_attrs[] = {
	{ "partition", 0444, show_partition },
	{ "start", 0444, show_start },
};
static const struct sysfs_attr queue_attrs[] = {
	{ "hw_sector_size", 0444, show_logical },
	{ "logical_block_size", 0444, show_logical },
	{ "physical_block_size", 0444, show_physical },
	{ "scheduler", 0444, show_scheduler },
};

static void add_all(struct sysfs_node *dir, const struct sysfs_attr *attrs, unsigned int n,
		    struct device *dev)
{
	while (n--)
		sysfs_add_file(dir, attrs++, dev, 0);
}

void sysfs_add_block_files(struct sysfs_node *dir, struct device *dev)
{
	add_all(dir, common_attrs, ARRAY_SIZE(common_attrs), dev);
	sysfs_mkdir(dir, "holders");
	if (!sysfs_is_disk(dev)) {
		add_all(dir, part_attrs, ARRAY_SIZE(part_attrs), dev);
		return;
	}
	add_all(dir, disk_attrs, ARRAY_SIZE(disk_attrs), dev);
	sysfs_mkdir(dir, "slaves");
	add_all(sysfs_mkdir(dir, "queue"), queue_attrs, ARRAY_SIZE(queue_attrs), dev);
}
