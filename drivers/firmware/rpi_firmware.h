/* SPDX-License-Identifier: GPL-2.0-only */
/* Properties of the Raspberry Pi firmware ("Mailbox property interface" of the firmware's
 * documentation). */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>

enum rpi_property_tag {
	RPI_FIRMWARE_REVISION		= 0x00000001,
	RPI_BOARD_MODEL			= 0x00010001,
	RPI_BOARD_REVISION		= 0x00010002,
	RPI_BOARD_MAC			= 0x00010003,
	RPI_BOARD_SERIAL		= 0x00010004,
	RPI_ARM_MEMORY			= 0x00010005,
	RPI_VC_MEMORY			= 0x00010006,
	RPI_GET_POWER_STATE		= 0x00020001,
	RPI_GET_CLOCK_RATE		= 0x00030002,
	RPI_GET_MAX_CLOCK_RATE		= 0x00030004,
	RPI_GET_TEMPERATURE		= 0x00030006,
	RPI_SET_POWER_STATE		= 0x00028001,
	RPI_SET_CLOCK_STATE		= 0x00038001,
	RPI_SET_CLOCK_RATE		= 0x00038002,
};

enum rpi_clock {
	RPI_CLOCK_EMMC = 1, RPI_CLOCK_UART, RPI_CLOCK_ARM, RPI_CLOCK_CORE, RPI_CLOCK_V3D,
	RPI_CLOCK_H264, RPI_CLOCK_ISP, RPI_CLOCK_SDRAM, RPI_CLOCK_PIXEL, RPI_CLOCK_PWM,
	RPI_CLOCK_HEVC, RPI_CLOCK_EMMC2, RPI_CLOCK_M2MC,
};

/* One property: @data (@size bytes, a multiple of 4) goes out and comes back. May sleep; -ENXIO:
 * there is no firmware (yet), -EIO: it refused. */
int __must_check rpi_firmware_property(u32 tag, void *data, size_t size);
int __must_check rpi_firmware_clock_rate(enum rpi_clock clock, u32 *hz);
/* Switch one of the firmware's power domains (0 SD, 3 USB ...) and wait until it is stable. */
int __must_check rpi_firmware_set_power(u32 device, bool on);
bool rpi_firmware_ready(void);
