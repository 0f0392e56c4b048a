// SPDX-License-Identifier: GPL-2.0-only
/* Unit tests of partition tables: a disk in memory, good and broken tables. */
#include <drivers/block/internal.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/unit.h>
#include <mm/slab.h>

#define SECTORS		256
#define TEST_MAJOR	240	/* for experiments */

static u8 *image;

static void memory_submit(struct gendisk *disk, struct bio *bio)
{
	u8 *p = image + (bio->bi_sector << SECTOR_SHIFT);

	for (unsigned int i = 0; i < bio->bi_vcnt; i++) {
		struct bio_vec *v = &bio->bi_io_vec[i];

		if (bio->bi_op == BIO_READ)
			memcpy(page_address(v->bv_page) + v->bv_offset, p, v->bv_len);
		else
			memcpy(p, page_address(v->bv_page) + v->bv_offset, v->bv_len);
		p += v->bv_len;
	}
	bio_endio(bio, 0);
}

static const struct gendisk_ops memory_ops = { .submit = memory_submit };

static void put_entry(unsigned int sector, int i, u8 type, u32 start, u32 sectors)
{
	u8 *table = image + sector * SECTOR_SIZE;
	u8 *e = table + 446 + 16 * i;

	e[4] = type;
	put_unaligned_le32(start, e + 8);
	put_unaligned_le32(sectors, e + 12);
	put_unaligned_le16(0xaa55, table + 510);
}

static struct gendisk *make_disk(void)
{
	struct gendisk *disk = alloc_disk();

	if (!disk)
		return NULL;
	strscpy(disk->name, "unittest", sizeof(disk->name));
	disk->major = TEST_MAJOR;
	disk->ops = &memory_ops;
	if (!add_disk(disk, SECTORS))
		return disk;
	del_gendisk(disk);
	return NULL;
}

static sector_t part_size(const struct gendisk *disk, unsigned int i)
{
	return disk->part[i] ? disk->part[i]->bd_sectors : 0;
}

static void check_mbr(void)
{
	struct gendisk *disk;

	put_entry(0, 0, 0x83, 8, 16);
	put_entry(0, 1, 0x05, 32, 64);		/* extended: two logical ones, then a loop */
	put_entry(0, 2, 0x83, 200, 1000);	/* beyond the end */
	put_entry(32, 0, 0x83, 2, 10);
	put_entry(32, 1, 0x05, 16, 16);
	put_entry(48, 0, 0x83, 2, 5);
	put_entry(48, 1, 0x05, 16, 16);
	disk = make_disk();
	EXPECT(disk != NULL);
	if (!disk)
		return;
	EXPECT_EQ(part_size(disk, 0), SECTORS);
	EXPECT_EQ(part_size(disk, 1), 16);
	EXPECT_EQ(part_size(disk, 2), 2);
	EXPECT_EQ(part_size(disk, 3), 0);
	EXPECT_EQ(part_size(disk, 5), 10);
	EXPECT_EQ(part_size(disk, 6), 5);
	EXPECT_EQ(disk->part[6]->bd_start, 50);
	EXPECT_EQ(name_to_dev_t("/dev/unittest6"), MKDEV(TEST_MAJOR, 6));
	del_gendisk(disk);
}

UNIT_TEST(partition_mbr)
{
	image = kzalloc(SECTORS * SECTOR_SIZE, GFP_KERNEL);
	EXPECT(image != NULL);
	if (!image)
		return;
	check_mbr();
	kfree(image);
}

UNIT_TEST(partition_bad_gpt)
{
	struct gendisk *disk;

	image = kzalloc(SECTORS * SECTOR_SIZE, GFP_KERNEL);
	EXPECT(image != NULL);
	if (!image)
		return;
	put_entry(0, 0, 0xee, 1, SECTORS - 1);
	memcpy(image + SECTOR_SIZE, "EFI PART", 8);
	put_unaligned_le32(U32_MAX, image + SECTOR_SIZE + 12);	/* the header's size: nonsense */
	disk = make_disk();
	EXPECT(disk != NULL);		/* the disk is there, without partitions */
	if (disk) {
		EXPECT_EQ(part_size(disk, 1), 0);
		del_gendisk(disk);
	}
	kfree(image);
}
