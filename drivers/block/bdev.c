// SPDX-License-Identifier: GPL-2.0-only
/*
 * Block devices as files: opening, reading and writing through the page cache of the device's own
 * inode.
 *
 * The inode of a node in /dev only names the device number; data, size and write lock are those of
 * bd_inode, one per block device, in a file system that nobody sees.  Locks: blk.h; the disk's
 * open_mutex for openers and holders.
 */
#include <drivers/block/internal.h>
#include <fs/pseudofs.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/log2.h>
#include <kernel/lib/string.h>
#include <mm/filemap.h>
#include <mm/slab.h>

#define BDEV_FS_MAGIC	0x62646576	/* "bdev" */

static struct pseudo_fs bdev_fs = { .type.name = "bdev", .magic = BDEV_FS_MAGIC };

/* ---- page cache ---------------------------------------------------------------------------- */

static void read_done(struct bio *bio)
{
	struct page *page = bio->bi_io_vec[0].bv_page;

	if (!bio->bi_status)
		SetPageUptodate(page);
	else
		mapping_set_error(page->mapping, bio->bi_status);
	unlock_page(page);
	bio_put(bio);
}

static void write_done(struct bio *bio)
{
	struct page *page = bio->bi_io_vec[0].bv_page;

	if (bio->bi_status)
		mapping_set_error(page->mapping, bio->bi_status);
	end_page_writeback(page);
	bio_put(bio);
}

/* How many bytes of the page lie on the device, whole logical blocks; 0: none. */
static unsigned int bytes_on_device(const struct block_device *bdev, const struct page *page)
{
	loff_t pos = (loff_t)page->index << PAGE_SHIFT;
	loff_t size = bdev_size(bdev);

	if (pos >= size)
		return 0;
	return ALIGN_DOWN((unsigned int)min_t(loff_t, size - pos, PAGE_SIZE),
			  bdev->bd_disk->logical_block_size);
}

static struct bio *page_bio(struct block_device *bdev, struct page *page, enum bio_op op,
			    unsigned int n)
{
	struct bio *bio = bio_alloc(bdev, 1, op, GFP_KERNEL);

	if (!bio)
		return NULL;
	bio->bi_sector = (sector_t)page->index << (PAGE_SHIFT - SECTOR_SHIFT);
	bio_add_page(bio, page, n, 0);
	return bio;
}

static int bdev_readpage(struct file *file, struct page *page)
{
	struct block_device *bdev = page->mapping->host->i_private;
	unsigned int n = bytes_on_device(bdev, page);
	struct bio *bio;

	if (n < PAGE_SIZE)
		memset(page_address(page) + n, 0, PAGE_SIZE - n);
	if (!n) {
		SetPageUptodate(page);
		unlock_page(page);
		return 0;
	}
	bio = page_bio(bdev, page, BIO_READ, n);
	if (!bio) {
		unlock_page(page);
		return -ENOMEM;
	}
	bio->bi_end_io = read_done;
	submit_bio(bio);
	return 0;
}

static int bdev_writepage(struct page *page, struct writeback_control *wbc)
{
	struct block_device *bdev = page->mapping->host->i_private;
	unsigned int n = bytes_on_device(bdev, page);
	struct bio *bio = n ? page_bio(bdev, page, BIO_WRITE, n) : NULL;

	if (n && !bio) {
		set_page_dirty(page);
		unlock_page(page);
		return -ENOMEM;
	}
	set_page_writeback(page);
	unlock_page(page);
	if (!bio) {
		end_page_writeback(page);
		return 0;
	}
	bio->bi_end_io = write_done;
	submit_bio(bio);
	return 0;
}

static const struct address_space_operations bdev_aops = {
	.readpage = bdev_readpage,
	.writepage = bdev_writepage,
};

int sync_blockdev(struct block_device *bdev)
{
	return filemap_write_and_wait_range(bdev->bd_inode->i_mapping, 0, S64_MAX);
}

void invalidate_bdev(struct block_device *bdev)
{
	invalidate_mapping_pages(bdev->bd_inode->i_mapping, 0, ~(pgoff_t)0);
}

/* ---- life of a block_device ---------------------------------------------------------------- */

void bdev_set_size(struct block_device *bdev, sector_t start, sector_t sectors)
{
	bdev->bd_start = start;
	bdev->bd_sectors = sectors;
	inode_lock(bdev->bd_inode);
	i_size_write(bdev->bd_inode, (loff_t)sectors << SECTOR_SHIFT);
	inode_unlock(bdev->bd_inode);
}

struct block_device *bdev_alloc(struct gendisk *disk, unsigned int partno)
{
	struct block_device *bdev = kzalloc(sizeof(*bdev), GFP_KERNEL);
	struct inode *inode;

	if (!bdev)
		return NULL;
	inode = pseudo_inode(&bdev_fs, S_IFBLK | 0600);
	if (!inode) {
		kfree(bdev);
		return NULL;
	}
	bdev->bd_dev = MKDEV(disk->major, disk->first_minor + partno);
	bdev->bd_disk = disk;
	bdev->bd_partno = partno;
	bdev->bd_inode = inode;
	bdev->bd_read_only = disk->read_only;
	device_initialize(&bdev->bd_device);
	inode->i_rdev = bdev->bd_dev;
	inode->i_private = bdev;
	inode->i_blkbits = ilog2(disk->logical_block_size);
	inode->i_data.a_ops = &bdev_aops;
	return bdev;
}

void bdev_free(struct block_device *bdev)
{
	truncate_inode_pages(bdev->bd_inode->i_mapping, 0);
	iput(bdev->bd_inode);
	kfree(bdev);
}

const char *bdev_name(const struct block_device *bdev)
{
	return bdev->bd_device.name;
}

/* ---- open and close ------------------------------------------------------------------------ */

/* [o] */
static int claim(struct block_device *bdev, void *holder)
{
	if (!holder)
		return 0;
	if (bdev->bd_holder && bdev->bd_holder != holder)
		return -EBUSY;
	bdev->bd_holder = holder;
	bdev->bd_holders++;
	return 0;
}

/* [o] */
static int open_part(struct gendisk *disk, unsigned int partno, fmode_t mode, void *holder,
		     struct block_device **out)
{
	struct block_device *bdev = disk->part[partno];
	int error;

	if (!bdev || disk->dead)
		return -ENXIO;
	if ((mode & FMODE_WRITE) && bdev->bd_read_only)
		return -EROFS;
	if (disk->ops->open && !bdev->bd_openers) {
		error = disk->ops->open(disk, mode);
		if (error)
			return error;
	}
	error = claim(bdev, holder);
	if (error) {
		if (disk->ops->release && !bdev->bd_openers)
			disk->ops->release(disk);
		return error;
	}
	bdev->bd_openers++;
	*out = bdev;
	return 0;
}

struct block_device *blkdev_get_by_dev(dev_t dev, fmode_t mode, void *holder)
{
	struct block_device *bdev = NULL;
	unsigned int partno;
	struct gendisk *disk = get_disk_of(dev, &partno);
	int error;

	if (!disk)
		return ERR_PTR(-ENXIO);
	mutex_lock(&disk->open_mutex);
	error = open_part(disk, partno, mode, holder, &bdev);
	mutex_unlock(&disk->open_mutex);
	if (!error)
		return bdev;		/* the open keeps our count of the disk */
	put_disk(disk);
	return ERR_PTR(error);
}

void blkdev_put(struct block_device *bdev, fmode_t mode, void *holder)
{
	struct gendisk *disk = bdev->bd_disk;
	bool gone;

	if (mode & FMODE_WRITE)
		sync_blockdev(bdev);
	mutex_lock(&disk->open_mutex);
	if (holder && --bdev->bd_holders == 0)
		bdev->bd_holder = NULL;
	bdev->bd_openers--;
	if (!bdev->bd_openers && disk->ops->release)
		disk->ops->release(disk);
	gone = !bdev->bd_openers && disk->dead;
	mutex_unlock(&disk->open_mutex);
	if (gone)
		bdev_free(bdev);	/* its disk left while it was open */
	put_disk(disk);
}

struct block_device *blkdev_get_by_path(const char *name, fmode_t mode, void *holder)
{
	struct path path;
	struct inode *inode;
	dev_t dev;
	int error = kern_path(name, LOOKUP_FOLLOW, &path);

	if (error)
		return ERR_PTR(error);
	inode = d_inode(path.dentry);
	error = S_ISBLK(inode->i_mode) ? 0 : -ENOTBLK;
	if (!error && (path.mnt->mnt_flags & MNT_NODEV))
		error = -EACCES;
	dev = inode->i_rdev;
	path_put(&path);
	return error ? ERR_PTR(error) : blkdev_get_by_dev(dev, mode, holder);
}

/* ---- file operations ----------------------------------------------------------------------- */

static int blkdev_open(struct inode *inode, struct file *file)
{
	void *holder = file->f_flags & O_EXCL ? file : NULL;
	struct block_device *bdev = blkdev_get_by_dev(inode->i_rdev, file->f_mode, holder);

	if (IS_ERR(bdev))
		return PTR_ERR(bdev);
	file->private_data = bdev;
	file->f_mapping = bdev->bd_inode->i_mapping;
	return 0;
}

static int blkdev_release(struct inode *inode, struct file *file)
{
	blkdev_put(file_bdev(file), file->f_mode, file->f_flags & O_EXCL ? file : NULL);
	return 0;
}

static loff_t blkdev_llseek(struct file *file, loff_t off, int whence)
{
	loff_t size = i_size_read(file_bdev(file)->bd_inode);

	return generic_file_llseek_size(file, off, whence, size, size);
}

/* Up to the end of the device; there is no growing. */
static ssize_t blkdev_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	struct block_device *bdev = file_bdev(iocb->ki_filp);
	struct inode *inode = bdev->bd_inode;
	ssize_t ret;

	inode_lock(inode);
	if (iocb->ki_flags & IOCB_APPEND)
		iocb->ki_pos = i_size_read(inode);
	if (bdev->bd_read_only) {
		ret = -EPERM;
	} else if (!iov_iter_count(from)) {
		ret = 0;
	} else if (iocb->ki_pos >= i_size_read(inode)) {
		ret = -ENOSPC;
	} else {
		iov_iter_truncate(from, min_t(u64, i_size_read(inode) - iocb->ki_pos, SIZE_MAX));
		ret = generic_perform_write(iocb, from);
	}
	inode_unlock(inode);
	if (ret > 0 && (iocb->ki_flags & IOCB_DSYNC)) {
		int error = sync_blockdev(bdev);

		if (!error)
			error = blkdev_issue_flush(bdev);
		ret = error ? error : ret;
	}
	return ret;
}

static int blkdev_fsync(struct file *file, loff_t start, loff_t end, int datasync)
{
	int error = filemap_write_and_wait_range(file->f_mapping, start, end);

	return error ? error : blkdev_issue_flush(file_bdev(file));
}

const struct file_operations def_blk_fops = {
	.open = blkdev_open,
	.release = blkdev_release,
	.llseek = blkdev_llseek,
	.read_iter = generic_file_read_iter,
	.write_iter = blkdev_write_iter,
	.mmap = generic_file_mmap,
	.fsync = blkdev_fsync,
	.unlocked_ioctl = blkdev_ioctl,
	.compat_ioctl = blkdev_compat_ioctl,
};

void bdev_cache_init(void)
{
	pseudo_fs_mount(&bdev_fs);
}
