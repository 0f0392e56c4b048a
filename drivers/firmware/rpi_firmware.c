// SPDX-License-Identifier: GPL-2.0-only
/*
 * Raspberry Pi firmware properties: a buffer of tags that the VideoCore reads and answers in place.
 *
 * The buffer is one page below the VideoCore's 1 GiB limit, handed over by its bus address;
 * caches are cleaned before and invalidated after the call.  Locking: property_mutex owns the
 * buffer.
 */
#include <drivers/base/driver.h>
#include <drivers/firmware/rpi_firmware.h>
#include <drivers/firmware/rpi_mailbox.h>
#include <kernel/arch.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/locking/mutex.h>
#include <kernel/printk.h>
#include <mm/page_alloc.h>

#define STATUS_REQUEST	0u
#define STATUS_SUCCESS	0x80000000u
#define TAG_ANSWERED	0x80000000u
#define HEADER_WORDS	5		/* size, status; tag, value size, answer size */

static u32 *buffer;			/* [property_mutex]; [I] pointer after probe */
static u32 buffer_bus;			/* [I] after probe: as the VideoCore sees it */
static DEFINE_MUTEX_RANK(property_mutex, LOCK_RANK_DEVICE);

bool rpi_firmware_ready(void)
{
	return buffer != NULL;
}

static int property_locked(u32 tag, void *data, size_t size)
{
	u32 answer;
	int error;

	buffer[0] = (HEADER_WORDS + 1) * 4 + size;
	buffer[1] = STATUS_REQUEST;
	buffer[2] = tag;
	buffer[3] = size;
	buffer[4] = 0;
	memcpy(&buffer[HEADER_WORDS], data, size);
	buffer[HEADER_WORDS + size / 4] = 0;		/* end of tags */
	cache_clean_invalidate(buffer, PAGE_SIZE);
	error = rpi_mailbox_call(RPI_MBOX_CHAN_PROPERTY, buffer_bus, &answer);
	if (error)
		return error;
	cache_invalidate(buffer, PAGE_SIZE);
	if (READ_ONCE(buffer[1]) != STATUS_SUCCESS || !(READ_ONCE(buffer[4]) & TAG_ANSWERED))
		return -EIO;
	memcpy(data, &buffer[HEADER_WORDS], size);
	return 0;
}

int rpi_firmware_property(u32 tag, void *data, size_t size)
{
	int error;

	if (!buffer)
		return -ENXIO;
	if (size % 4 || size > PAGE_SIZE - (HEADER_WORDS + 1) * 4)
		return -EINVAL;
	mutex_lock(&property_mutex);
	error = property_locked(tag, data, size);
	mutex_unlock(&property_mutex);
	return error;
}

int rpi_firmware_clock_rate(enum rpi_clock clock, u32 *hz)
{
	u32 msg[2] = { clock, 0 };
	int error = rpi_firmware_property(RPI_GET_CLOCK_RATE, msg, sizeof(msg));

	if (error)
		return error;
	*hz = msg[1];
	return msg[1] ? 0 : -EIO;
}

int rpi_firmware_set_power(u32 device, bool on)
{
	u32 msg[2] = { device, on | 2 };	/* 2: answer when it is stable */
	int error = rpi_firmware_property(RPI_SET_POWER_STATE, msg, sizeof(msg));

	if (error)
		return error;
	return (msg[1] & 3) == on ? 0 : -EIO;
}

static void report_board(void)
{
	u32 revision = 0, firmware = 0;

	if (rpi_firmware_property(RPI_BOARD_REVISION, &revision, sizeof(revision)) ||
	    rpi_firmware_property(RPI_FIRMWARE_REVISION, &firmware, sizeof(firmware)))
		pr_warn("rpi-firmware: no answer about the board\n");
	else
		pr_info("rpi-firmware: board revision %#x, firmware %u\n", revision, firmware);
}

static int firmware_probe(struct device *dev)
{
	struct page *page;
	struct device_node *mbox = of_parse_phandle(dev->of_node, "mboxes", 0);
	u64 bus;
	int error;

	if (buffer)
		return -EBUSY;
	if (!mbox)
		return -EINVAL;
	if (!mbox->dev)
		return -EPROBE_DEFER;
	page = alloc_page(GFP_DMA | __GFP_ZERO);
	if (!page)
		return -ENOMEM;
	error = of_phys_to_dma(dev->of_node, page_to_phys(page), &bus);
	if (!error && bus > U32_MAX)
		error = -ENXIO;
	if (error) {
		put_page(page);
		return error;
	}
	buffer_bus = bus;
	buffer = page_address(page);
	report_board();
	return 0;
}

static const char *const firmware_match[] = { "raspberrypi,bcm2835-firmware", NULL };
DRIVER(rpi_firmware, DRIVER_FIRMWARE, firmware_match, firmware_probe);
