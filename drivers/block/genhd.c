// SPDX-License-Identifier: GPL-2.0-only
/*
 * Disks: registration, partitions as block devices, look-up by number and name.
 *
 * Locks: block_lock (spin) for the list of disks and their users counts; disk->open_mutex for the
 * parts.
 */
#include <drivers/block/internal.h>
#include <fs/seq_file.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/ctype.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>
#include <mm/slab.h>

DEFINE_SPINLOCK_RANK(block_lock, LOCK_RANK_OBJECT_INNER);
static LIST_HEAD(disks);		/* [block_lock] */

void block_init(void)
{
	bdev_cache_init();
}

/* ---- counting ------------------------------------------------------------------------------ */

struct gendisk *alloc_disk(void)
{
	struct gendisk *disk = kzalloc(sizeof(*disk), GFP_KERNEL);

	if (!disk)
		return NULL;
	disk->users = 1;
	disk->max_parts = DISK_MAX_PARTS;
	disk->logical_block_size = disk->physical_block_size = SECTOR_SIZE;
	mutex_init_rank(&disk->open_mutex, (enum lock_rank)(LOCK_RANK_SETUP + 1));
	INIT_LIST_HEAD(&disk->list);
	return disk;
}

void put_disk(struct gendisk *disk)
{
	bool last;

	spin_lock(&block_lock);
	last = --disk->users == 0;
	spin_unlock(&block_lock);
	if (last)
		kfree(disk);
}

struct gendisk *get_disk_of(dev_t dev, unsigned int *partno)
{
	struct gendisk *disk, *found = NULL;

	spin_lock(&block_lock);
	list_for_each_entry(disk, &disks, list) {
		if (MAJOR(dev) == (unsigned int)disk->major &&
		    MINOR(dev) - (unsigned int)disk->first_minor < disk->max_parts) {
			*partno = MINOR(dev) - disk->first_minor;
			disk->users++;
			found = disk;
			break;
		}
	}
	spin_unlock(&block_lock);
	return found;
}

/* The disk after @disk (NULL: the first), counted; drops the count of @disk. */
static struct gendisk *next_disk(struct gendisk *disk)
{
	struct list_head *next;
	struct gendisk *found = NULL;

	spin_lock(&block_lock);
	next = disk ? disk->list.next : disks.next;
	/* An entry that left the list points to itself. */
	if (next != &disks && (!disk || next != &disk->list)) {
		found = list_entry(next, struct gendisk, list);
		found->users++;
	}
	spin_unlock(&block_lock);
	if (disk)
		put_disk(disk);
	return found;
}

/* ---- parts --------------------------------------------------------------------------------- */

static void name_part(struct block_device *bdev)
{
	const char *disk = bdev->bd_disk->name;
	size_t len = strlen(disk);

	if (!bdev->bd_partno)
		device_set_name(&bdev->bd_device, "%s", disk);
	else if (isdigit(disk[len - 1]))
		device_set_name(&bdev->bd_device, "%sp%u", disk, bdev->bd_partno);
	else
		device_set_name(&bdev->bd_device, "%s%u", disk, bdev->bd_partno);
}

/* [o] The block device becomes visible. */
static int show_part(struct block_device *bdev)
{
	struct device *dev = &bdev->bd_device;

	name_part(bdev);
	dev->class = "block";
	dev->devt = bdev->bd_dev;
	dev->is_block = true;
	dev->mode = 0600;
	dev->parent = bdev->bd_partno ? &bdev->bd_disk->part[0]->bd_device : bdev->bd_disk->parent;
	dev->driver_data = bdev;
	return device_register(dev);
}

/* [o] */
static void hide_part(struct block_device *bdev)
{
	struct device *parent = bdev->bd_device.parent;

	device_unregister(&bdev->bd_device);
	bdev->bd_device.parent = NULL;
	put_device(parent);
	bdev->bd_disk->part[bdev->bd_partno] = NULL;
}

int add_partition(struct gendisk *disk, unsigned int partno, sector_t start, sector_t sectors,
		  const char *uuid)
{
	struct block_device *bdev;
	int error;

	if (partno >= disk->max_parts || disk->part[partno])
		return -EINVAL;
	bdev = bdev_alloc(disk, partno);
	if (!bdev)
		return -ENOMEM;
	bdev_set_size(bdev, start, sectors);
	if (uuid)
		strscpy(bdev->bd_partuuid, uuid, sizeof(bdev->bd_partuuid));
	disk->part[partno] = bdev;
	error = show_part(bdev);
	if (error) {
		disk->part[partno] = NULL;
		bdev_free(bdev);
	}
	return error;
}

/* [o] All partitions go, or -EBUSY. */
static int drop_partitions(struct gendisk *disk)
{
	for (unsigned int i = 1; i < disk->max_parts; i++)
		if (disk->part[i] && disk->part[i]->bd_openers)
			return -EBUSY;
	for (unsigned int i = 1; i < disk->max_parts; i++) {
		struct block_device *bdev = disk->part[i];

		if (!bdev)
			continue;
		hide_part(bdev);
		bdev_free(bdev);
	}
	return 0;
}

int rescan_partitions(struct gendisk *disk)
{
	int error = drop_partitions(disk);

	if (error || disk->max_parts <= 1 || !disk->part[0]->bd_sectors)
		return error;
	return read_partitions(disk);
}

void set_capacity(struct gendisk *disk, sector_t sectors)
{
	mutex_lock(&disk->open_mutex);
	if (disk->part[0])
		bdev_set_size(disk->part[0], 0, sectors);
	mutex_unlock(&disk->open_mutex);
}

/* ---- disks --------------------------------------------------------------------------------- */

int add_disk(struct gendisk *disk, sector_t sectors)
{
	int error;

	if (disk->max_parts > DISK_MAX_PARTS || !disk->ops || !disk->ops->submit ||
	    disk->logical_block_size < SECTOR_SIZE || disk->logical_block_size > PAGE_SIZE)
		return -EINVAL;
	spin_lock(&block_lock);
	list_add_tail(&disk->list, &disks);
	spin_unlock(&block_lock);
	mutex_lock(&disk->open_mutex);
	error = add_partition(disk, 0, 0, sectors, NULL);
	if (!error && rescan_partitions(disk))
		pr_warn("%s: the partition table cannot be read\n", disk->name);
	mutex_unlock(&disk->open_mutex);
	if (error) {
		spin_lock(&block_lock);
		list_del_init(&disk->list);
		spin_unlock(&block_lock);
	}
	return error;
}

void del_gendisk(struct gendisk *disk)
{
	mutex_lock(&disk->open_mutex);
	WRITE_ONCE(disk->dead, true);
	spin_lock(&block_lock);
	list_del_init(&disk->list);
	spin_unlock(&block_lock);
	for (int i = (int)disk->max_parts - 1; i >= 0; i--) {
		struct block_device *bdev = disk->part[i];
		bool in_use = bdev && bdev->bd_openers;

		if (!bdev)
			continue;
		hide_part(bdev);
		if (!in_use)
			bdev_free(bdev);	/* else the last close does */
	}
	mutex_unlock(&disk->open_mutex);
	put_disk(disk);
}

/* ---- names --------------------------------------------------------------------------------- */

static bool part_matches(const struct block_device *bdev, const char *name, bool by_uuid)
{
	if (by_uuid)
		return bdev->bd_partuuid[0] && !strcasecmp(bdev->bd_partuuid, name);
	return !strcmp(bdev_name(bdev), name);
}

static dev_t find_part(const char *name, bool by_uuid)
{
	struct gendisk *disk;
	dev_t found = 0;

	for (disk = next_disk(NULL); disk; disk = next_disk(disk)) {
		mutex_lock(&disk->open_mutex);
		for (unsigned int i = 0; i < disk->max_parts && !found; i++)
			if (disk->part[i] && part_matches(disk->part[i], name, by_uuid))
				found = disk->part[i]->bd_dev;
		mutex_unlock(&disk->open_mutex);
	}
	return found;
}

dev_t name_to_dev_t(const char *name)
{
	unsigned int major, minor;
	char rest;

	if (!strncmp(name, "PARTUUID=", 9))
		return find_part(name + 9, true);
	if (sscanf(name, "%u:%u%c", &major, &minor, &rest) == 2)
		return MKDEV(major, minor);
	if (!strncmp(name, "/dev/", 5))
		name += 5;
	return find_part(name, false);
}

/* ---- /proc --------------------------------------------------------------------------------- */

static void for_each_part(struct seq_file *m,
			  void (*show)(struct seq_file *m, const struct block_device *b))
{
	struct gendisk *disk;

	for (disk = next_disk(NULL); disk; disk = next_disk(disk)) {
		mutex_lock(&disk->open_mutex);
		for (unsigned int i = 0; i < disk->max_parts; i++)
			if (disk->part[i])
				show(m, disk->part[i]);
		mutex_unlock(&disk->open_mutex);
	}
}

static void show_partition(struct seq_file *m, const struct block_device *b)
{
	seq_printf(m, "%4u  %7u %10llu %s\n", MAJOR(b->bd_dev), MINOR(b->bd_dev),
		   (unsigned long long)b->bd_sectors / 2, bdev_name(b));
}

void show_partitions(struct seq_file *m)
{
	seq_puts(m, "major minor  #blocks  name\n\n");
	for_each_part(m, show_partition);
}

static void show_stats(struct seq_file *m, const struct block_device *b)
{
	u64 ios[2], sectors[2];

	spin_lock(&block_lock);
	memcpy(ios, b->bd_ios, sizeof(ios));
	memcpy(sectors, b->bd_io_sectors, sizeof(sectors));
	spin_unlock(&block_lock);
	seq_printf(m, "%4u %7u %s %llu 0 %llu 0 %llu 0 %llu 0 0 0 0 0 0 0 0 0 0\n",
		   MAJOR(b->bd_dev),
		   MINOR(b->bd_dev), bdev_name(b), ios[0], sectors[0], ios[1], sectors[1]);
}

void show_diskstats(struct seq_file *m)
{
	for_each_part(m, show_stats);
}
