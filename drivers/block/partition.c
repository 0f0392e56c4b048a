// SPDX-License-Identifier: GPL-2.0-only
/*
 * Partition tables: MBR with extended partitions, and GPT (UEFI specification, chapter 5).
 *
 * A table is what somebody put on a disk and not trusted: every range is checked against the
 * disk, chains are bounded.  Called with the disk's open_mutex held; sectors are read through the
 * page cache of part[0].
 */
#include <drivers/block/internal.h>
#include <kernel/lib/byteorder.h>
#include <kernel/lib/crc32.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/printk.h>
#include <mm/filemap.h>

/* MBR */
#define MBR_SERIAL		440
#define MBR_TABLE		446
#define MBR_SIGNATURE		510
#define MBR_MAGIC		0xaa55
#define MBR_ENTRIES		4
#define TYPE_EXTENDED_CHS	0x05
#define TYPE_EXTENDED_LBA	0x0f
#define TYPE_EXTENDED_LINUX	0x85
#define TYPE_GPT_PROTECTIVE	0xee

struct mbr_entry {
	u8	active;
	u8	first_chs[3];
	u8	type;
	u8	last_chs[3];
	__le32	start;
	__le32	sectors;
} __packed;
static_assert(sizeof(struct mbr_entry) == 16);

/* GPT */
#define GPT_SIGNATURE		0x5452415020494645ULL	/* "EFI PART" */
#define GPT_MAX_ENTRY_SIZE	4096
#define GPT_MAX_ENTRIES		1024

struct gpt_header {
	__le64	signature;
	__le32	revision;
	__le32	header_size;
	__le32	header_crc;
	__le32	reserved;
	__le64	my_lba;
	__le64	alternate_lba;
	__le64	first_usable;
	__le64	last_usable;
	u8	disk_guid[16];
	__le64	entries_lba;
	__le32	entries;
	__le32	entry_size;
	__le32	entries_crc;
} __packed;
static_assert(sizeof(struct gpt_header) == 92);

struct gpt_entry {
	u8	type[16];
	u8	guid[16];
	__le64	first;
	__le64	last;
	__le64	attributes;
	__le16	name[36];
} __packed;
static_assert(sizeof(struct gpt_entry) == 128);

/* ---- reading ------------------------------------------------------------------------------- */

/* @n bytes at byte @pos, within one page. */
static int read_bytes(struct gendisk *disk, u64 pos, void *buf, size_t n)
{
	struct page *page;

	if (pos + n > (u64)bdev_size(disk->part[0]))
		return -EIO;
	page = read_mapping_page(disk->part[0]->bd_inode->i_mapping, pos >> PAGE_SHIFT, NULL);
	if (IS_ERR(page))
		return PTR_ERR(page);
	memcpy(buf, page_address(page) + (pos & ~PAGE_MASK), n);
	put_page(page);
	return 0;
}

static int read_sector(struct gendisk *disk, sector_t sector, u8 *buf)
{
	return read_bytes(disk, sector << SECTOR_SHIFT, buf, SECTOR_SIZE);
}

static bool range_on_disk(const struct gendisk *disk, u64 start, u64 sectors)
{
	u64 size = disk->part[0]->bd_sectors;

	return sectors && start < size && sectors <= size - start;
}

static int add(struct gendisk *disk, unsigned int partno, u64 start, u64 sectors, const char *uuid)
{
	if (partno >= disk->max_parts)
		return 0;		/* more than we have minors for */
	if (!range_on_disk(disk, start, sectors)) {
		pr_warn("%s: partition %u lies beyond the end of the disk, ignored\n", disk->name,
			partno);
		return 0;
	}
	return add_partition(disk, partno, start, sectors, uuid);
}

/* ---- MBR ----------------------------------------------------------------------------------- */

static bool is_extended(u8 type)
{
	return type == TYPE_EXTENDED_CHS || type == TYPE_EXTENDED_LBA ||
		type == TYPE_EXTENDED_LINUX;
}

static bool has_mbr(const u8 *sector)
{
	return get_unaligned_le16(sector + MBR_SIGNATURE) == MBR_MAGIC;
}

static void get_entry(const u8 *sector, int i, struct mbr_entry *e)
{
	memcpy(e, sector + MBR_TABLE + i * sizeof(*e), sizeof(*e));
}

static int add_mbr_part(struct gendisk *disk, unsigned int partno, u64 start, u64 sectors,
			u32 serial)
{
	char uuid[16];

	snprintf(uuid, sizeof(uuid), "%08x-%02x", serial, partno);
	return add(disk, partno, start, sectors, uuid);
}

/*
 * Logical partitions: each link of the chain is a table whose first entry is the partition,
 * relative to the link, and whose second is the next link, relative to the extended partition.
 */
static int read_extended(struct gendisk *disk, u64 first, u64 sectors, u32 serial)
{
	u8 sector[SECTOR_SIZE];
	unsigned int partno = MBR_ENTRIES + 1;
	u64 link = first;

	for (; partno < disk->max_parts; partno++) {
		struct mbr_entry data, next;
		int error = read_sector(disk, link, sector);

		if (error || !has_mbr(sector))
			return error;
		get_entry(sector, 0, &data);
		get_entry(sector, 1, &next);
		if (le32_to_cpu(data.sectors)) {
			error = add_mbr_part(disk, partno, link + le32_to_cpu(data.start),
					     le32_to_cpu(data.sectors), serial);
			if (error)
				return error;
		}
		if (!is_extended(next.type) || !le32_to_cpu(next.sectors) ||
		    le32_to_cpu(next.start) >= sectors)
			return 0;
		link = first + le32_to_cpu(next.start);
	}
	return 0;
}

static int read_mbr(struct gendisk *disk, const u8 *sector)
{
	u32 serial = get_unaligned_le32(sector + MBR_SERIAL);

	for (int i = 0; i < MBR_ENTRIES; i++) {
		struct mbr_entry e;
		u64 start, sectors;
		int error;

		get_entry(sector, i, &e);
		start = le32_to_cpu(e.start);
		sectors = le32_to_cpu(e.sectors);
		if (!sectors || !e.type)
			continue;
		/* An extended partition shows two sectors: room for a boot loader, no more. */
		error = add_mbr_part(disk, i + 1, start,
				     is_extended(e.type) ? min(sectors, 2ull) : sectors, serial);
		if (!error && is_extended(e.type) && range_on_disk(disk, start, sectors))
			error = read_extended(disk, start, sectors, serial);
		if (error)
			return error;
	}
	return 0;
}

static bool is_protective(const u8 *sector)
{
	struct mbr_entry e;

	for (int i = 0; i < MBR_ENTRIES; i++) {
		get_entry(sector, i, &e);
		if (e.type == TYPE_GPT_PROTECTIVE)
			return true;
	}
	return false;
}

/* ---- GPT ----------------------------------------------------------------------------------- */

/* The CRC is over the header with its CRC field zero. */
static bool header_crc_ok(const u8 *block, u32 size)
{
	u8 copy[SECTOR_SIZE];
	u32 want = get_unaligned_le32(block + offsetof(struct gpt_header, header_crc));

	memcpy(copy, block, size);
	put_unaligned_le32(0, copy + offsetof(struct gpt_header, header_crc));
	return crc32_le(~0u, copy, size) == ~want;
}

static bool valid_header(const struct gendisk *disk, const struct gpt_header *h, const u8 *block,
			 u64 lba)
{
	u32 size = le32_to_cpu(h->header_size);
	u32 entry_size = le32_to_cpu(h->entry_size);

	return le64_to_cpu(h->signature) == GPT_SIGNATURE && size >= sizeof(*h) &&
	       size <= SECTOR_SIZE &&
	       header_crc_ok(block, size) && le64_to_cpu(h->my_lba) == lba &&
	       entry_size >= sizeof(struct gpt_entry) && entry_size <= GPT_MAX_ENTRY_SIZE &&
	       !(entry_size & (entry_size - 1)) && le32_to_cpu(h->entries) <= GPT_MAX_ENTRIES &&
	       le64_to_cpu(h->entries_lba) < disk->part[0]->bd_sectors;
}

/* The first copy, or the one at the end of the disk. */
static int read_header(struct gendisk *disk, struct gpt_header *h)
{
	unsigned int per_block = disk->logical_block_size >> SECTOR_SHIFT;
	u64 last = disk->part[0]->bd_sectors / per_block - 1;
	u64 lbas[] = { 1, last };

	for (size_t i = 0; i < ARRAY_SIZE(lbas); i++) {
		u8 block[SECTOR_SIZE];
		int error = read_sector(disk, lbas[i] * per_block, block);

		if (error)
			return error;
		memcpy(h, block, sizeof(*h));
		if (valid_header(disk, h, block, lbas[i]))
			return 0;
	}
	return -EINVAL;
}

/* The first three fields of a GUID are little endian. */
static void format_guid(char *buf, size_t size, const u8 *g)
{
	snprintf(buf, size, "%08x-%04x-%04x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		 get_unaligned_le32(g), get_unaligned_le16(g + 4), get_unaligned_le16(g + 6),
		 g[8], g[9], g[10], g[11], g[12], g[13], g[14], g[15]);
}

static int add_gpt_part(struct gendisk *disk, unsigned int partno, const struct gpt_entry *e)
{
	unsigned int per_block = disk->logical_block_size >> SECTOR_SHIFT;
	u64 first = le64_to_cpu(e->first), last = le64_to_cpu(e->last);
	char uuid[37];

	if (!memchr_inv(e->type, 0, sizeof(e->type)))
		return 0;		/* unused */
	if (last < first || last >= disk->part[0]->bd_sectors)
		return add(disk, partno, U64_MAX, 0, NULL);	/* says that it is ignored */
	format_guid(uuid, sizeof(uuid), e->guid);
	return add(disk, partno, first * per_block, (last - first + 1) * per_block, uuid);
}

static int read_gpt(struct gendisk *disk)
{
	struct gpt_header h;
	u64 pos;
	int error = read_header(disk, &h);

	if (error)
		return error;
	pos = le64_to_cpu(h.entries_lba) * disk->logical_block_size;
	for (u32 i = 0; i < le32_to_cpu(h.entries) && i + 1 < disk->max_parts; i++) {
		struct gpt_entry e;

		error = read_bytes(disk, pos + (u64)i * le32_to_cpu(h.entry_size), &e, sizeof(e));
		if (!error)
			error = add_gpt_part(disk, i + 1, &e);
		if (error)
			return error;
	}
	return 0;
}

int read_partitions(struct gendisk *disk)
{
	u8 sector[SECTOR_SIZE];
	int error = read_sector(disk, 0, sector);

	if (error)
		return error;
	if (!has_mbr(sector))
		return 0;
	return is_protective(sector) ? read_gpt(disk) : read_mbr(disk, sector);
}
