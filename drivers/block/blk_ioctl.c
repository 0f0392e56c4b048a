// SPDX-License-Identifier: GPL-2.0-only
/* The ioctls of block devices. Sizes and flags are read without a lock: each is one word. */
#include <drivers/block/internal.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <asm/uaccess.h>
#include <linux/hdreg.h>

/* Commands whose number holds the size of a long: as 32-bit programs have them. */
#define BLKBSZGET_32	_IOR(0x12, 112, int)
#define BLKBSZSET_32	_IOW(0x12, 113, int)
#define BLKGETSIZE64_32	_IOR(0x12, 114, int)

static int set_read_only(struct block_device *bdev, const int __user *arg)
{
	int on;

	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	if (get_user(on, arg))
		return -EFAULT;
	if (!on && bdev->bd_disk->read_only)
		return -EACCES;
	mutex_lock(&bdev->bd_disk->open_mutex);
	bdev->bd_read_only = !!on;
	mutex_unlock(&bdev->bd_disk->open_mutex);
	return 0;
}

static int flush_buffers(struct block_device *bdev)
{
	int error;

	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	error = sync_blockdev(bdev);
	invalidate_bdev(bdev);
	return error;
}

static int reread_partitions(struct block_device *bdev)
{
	struct gendisk *disk = bdev->bd_disk;
	int error;

	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	if (bdev->bd_partno || disk->max_parts <= 1)
		return -EINVAL;
	mutex_lock(&disk->open_mutex);
	error = sync_blockdev(bdev);
	invalidate_bdev(bdev);
	if (!error)
		error = rescan_partitions(disk);
	mutex_unlock(&disk->open_mutex);
	return error;
}

static int get_geometry(struct block_device *bdev, struct hd_geometry __user *arg)
{
	struct hd_geometry geo = { .heads = 255, .sectors = 63 };
	int error;

	geo.cylinders = min_t(u64, bdev->bd_sectors / (255 * 63), U16_MAX);
	if (bdev->bd_disk->ops->getgeo) {
		error = bdev->bd_disk->ops->getgeo(bdev, &geo);
		if (error)
			return error;
	}
	geo.start = bdev->bd_start;
	return copy_to_user(arg, &geo, sizeof(geo)) ? -EFAULT : 0;
}

static int set_block_size(const int __user *arg)
{
	int size;

	if (!capable(CAP_SYS_ADMIN))
		return -EACCES;
	if (get_user(size, arg))
		return -EFAULT;
	/* The page cache works in pages whatever the size is. */
	return size >= SECTOR_SIZE && size <= (int)PAGE_SIZE && !(size & (size - 1)) ? 0 : -EINVAL;
}

long blkdev_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct block_device *bdev = file_bdev(file);
	struct gendisk *disk = bdev->bd_disk;
	void __user *p = (void __user *)arg;

	switch (cmd) {
	case BLKGETSIZE64:
		return put_user((u64)bdev_size(bdev), (u64 __user *)p);
	case BLKGETSIZE:
		if (bdev->bd_sectors > ULONG_MAX)
			return -EFBIG;
		return put_user((unsigned long)bdev->bd_sectors, (unsigned long __user *)p);
	case BLKSSZGET:
	case BLKIOMIN:
		return put_user((int)disk->logical_block_size, (int __user *)p);
	case BLKPBSZGET:
		return put_user(disk->physical_block_size, (unsigned int __user *)p);
	case BLKBSZGET:
		return put_user((int)PAGE_SIZE, (int __user *)p);
	case BLKBSZSET:
		return set_block_size(p);
	case BLKIOOPT:
		return put_user(0u, (unsigned int __user *)p);
	case BLKALIGNOFF:
		return put_user(0, (int __user *)p);
	case BLKROGET:
		return put_user((int)bdev->bd_read_only, (int __user *)p);
	case BLKROSET:
		return set_read_only(bdev, p);
	case BLKRAGET:
	case BLKFRAGET:
		return put_user(256L, (long __user *)p);
	case BLKFLSBUF:
		return flush_buffers(bdev);
	case BLKRRPART:
		return reread_partitions(bdev);
	case HDIO_GETGEO:
		return get_geometry(bdev, p);
	default:
		if (disk->ops->ioctl)
			return disk->ops->ioctl(bdev, file->f_mode, cmd, arg);
		return -ENOTTY;
	}
}

long blkdev_compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct block_device *bdev = file_bdev(file);
	void __user *p = (void __user *)(unsigned long)(u32)arg;

	switch (cmd) {
	case BLKGETSIZE64_32:
		cmd = BLKGETSIZE64;
		break;
	case BLKBSZGET_32:
		cmd = BLKBSZGET;
		break;
	case BLKBSZSET_32:
		cmd = BLKBSZSET;
		break;
	case BLKGETSIZE:
		if (bdev->bd_sectors > U32_MAX)
			return -EFBIG;
		return put_user((u32)bdev->bd_sectors, (u32 __user *)p);
	case BLKRAGET:
	case BLKFRAGET:
		return put_user(256, (s32 __user *)p);
	case HDIO_GETGEO:
		return -ENOTTY;		/* its start is a long; nobody asks any more */
	default:
		break;
	}
	return blkdev_ioctl(file, cmd, (unsigned long)p);
}
