/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of the mini UART (BCM2835 ARM Peripherals, 2.2), for bcm2835_aux.c and earlycon.c. */
#pragma once

#define AUX_ENABLES		0x04	/* in the aux block, not in the UART's */
#define AUX_ENABLE_UART		(1u << 0)

#define MU_IO			0x00
#define MU_IER			0x04
#define MU_IIR			0x08
#define MU_LCR			0x0c
#define MU_MCR			0x10
#define MU_LSR			0x14
#define MU_MSR			0x18
#define MU_CNTL			0x20
#define MU_STAT			0x24
#define MU_BAUD			0x28

/* The manual's names of the two are swapped (errata page). */
#define IER_RX			(1u << 0)
#define IER_TX			(1u << 1)
#define IER_REQUIRED		(3u << 2)	/* without them no interrupt arrives (errata) */
#define IIR_NONE		(1u << 0)
#define IIR_CLEAR_FIFOS		(3u << 1)
#define LCR_8BIT		3u
#define LCR_BREAK		(1u << 6)
#define LSR_DATA		(1u << 0)
#define LSR_OVERRUN		(1u << 1)
#define LSR_TX_ROOM		(1u << 5)
#define LSR_TX_IDLE		(1u << 6)
#define MCR_RTS			(1u << 1)	/* low when set */
#define CNTL_RX			(1u << 0)
#define CNTL_TX			(1u << 1)
