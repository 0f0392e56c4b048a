/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers of the Arm PrimeCell UART PL011 (Arm DDI 0183, 3.2), for pl011.c and earlycon.c. */
#pragma once

#define UART_DR			0x00
#define UART_RSR		0x04
#define UART_FR			0x18
#define UART_IBRD		0x24
#define UART_FBRD		0x28
#define UART_LCRH		0x2c
#define UART_CR			0x30
#define UART_IFLS		0x34
#define UART_IMSC		0x38
#define UART_RIS		0x3c
#define UART_MIS		0x40
#define UART_ICR		0x44

#define DR_FRAME		(1u << 8)
#define DR_PARITY		(1u << 9)
#define DR_BREAK		(1u << 10)
#define DR_OVERRUN		(1u << 11)
#define DR_ERRORS		(DR_FRAME | DR_PARITY | DR_BREAK | DR_OVERRUN)

#define FR_CTS			(1u << 0)
#define FR_DSR			(1u << 1)
#define FR_DCD			(1u << 2)
#define FR_BUSY			(1u << 3)
#define FR_RXFE			(1u << 4)
#define FR_TXFF			(1u << 5)
#define FR_TXFE			(1u << 7)

#define LCRH_BREAK		(1u << 0)
#define LCRH_PARITY		(1u << 1)
#define LCRH_EVEN		(1u << 2)
#define LCRH_TWO_STOP		(1u << 3)
#define LCRH_FIFO		(1u << 4)
#define LCRH_WLEN(bits)		(((bits) - 5u) << 5)

#define CR_ENABLE		(1u << 0)
#define CR_TXE			(1u << 8)
#define CR_RXE			(1u << 9)
#define CR_DTR			(1u << 10)
#define CR_RTS			(1u << 11)
#define CR_OUT1			(1u << 12)
#define CR_OUT2			(1u << 13)
#define CR_RTSEN		(1u << 14)
#define CR_CTSEN		(1u << 15)

#define IFLS_TX_1_8		(0u << 0)
#define IFLS_RX_1_2		(2u << 3)

#define INT_RX			(1u << 4)
#define INT_TX			(1u << 5)
#define INT_RX_TIMEOUT		(1u << 6)
#define INT_OVERRUN		(1u << 10)
#define INT_RECEIVE		(INT_RX | INT_RX_TIMEOUT)
#define INT_ALL			0x7ffu
