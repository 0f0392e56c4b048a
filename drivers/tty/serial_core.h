/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Serial ports: what a UART driver fills in.  serial_core.c makes terminals and consoles of them.
 *
 * Locks:  [p] port->lock (spin, irqs off, rank of consoles: printk may be anywhere when it takes
 * it; so nothing is woken and no work queued while it is held)   [l] the tty's lock   [I]
 * immutable after uart_add_port()
 */
#pragma once

#include <drivers/tty/tty_driver.h>
#include <kernel/irq/irq.h>
#include <kernel/printk.h>

struct uart_port;

#define UART_XMIT_SIZE	4096
#define UART_RX_BATCH	64	/* characters taken in one pass under the lock */

/* One pass of the interrupt handler: what was received, to be passed on without the lock. */
struct uart_rx {
	unsigned int	n;
	u8		data[UART_RX_BATCH];
	u8		flags[UART_RX_BATCH];	/* TTY_NORMAL ... */
};

/* All but startup, shutdown and set_termios with [p] held. */
struct uart_ops {
	/* clears errors, enables receiving; may sleep */
	int (*startup)(struct uart_port *port);
	void (*shutdown)(struct uart_port *port);	/* masks all interrupts; may sleep */
	/* Rate and format: as near as it gets. Must not lose what is being sent. */
	void (*set_termios)(struct uart_port *port, const struct ktermios *t, unsigned int baud);
	/* pump what fits (uart_tx_next), enable the interrupt */
	void (*start_tx)(struct uart_port *port);
	void (*stop_tx)(struct uart_port *port);
	/* mask or unmask receive interrupts */
	void (*set_rx)(struct uart_port *port, bool on);
	bool (*tx_empty)(struct uart_port *port);	/* the last bit is on the line */
	/* what is there, UART_RX_BATCH at most */
	void (*receive)(struct uart_port *port, struct uart_rx *rx);
	void (*transmit)(struct uart_port *port);	/* the transmitter has room: pump */
	void (*putc)(struct uart_port *port, char c);	/* polled: waits for room */
	void (*break_ctl)(struct uart_port *port, bool on);
	unsigned int (*get_mctrl)(struct uart_port *port);	/* TIOCM_*; default CTS, CD, DSR */
	void (*set_mctrl)(struct uart_port *port, unsigned int mctrl);
};

struct uart_driver {
	struct tty_driver	tty;
	struct uart_port	**ports;	/* [I] tty.num of them; NULL: not there */
	bool			registered;
};

struct uart_port {
	spinlock_t		lock;
	const struct uart_ops	*ops;		/* [I] */
	struct uart_driver	*driver;	/* [I] */
	void __iomem		*membase;	/* [I] */
	struct device		*dev;		/* [I] */
	int			irq;		/* [I] virq */
	unsigned long		irqflags;	/* [I] IRQF_SHARED... */
	unsigned int		line;		/* [I] number in the driver */
	unsigned int		uartclk;	/* [I] Hz; 0: unknown, the rate stays as it is */
	unsigned int		fifosize;	/* [I] */
	/* [I] what firmware or command line set; 0: 115200 */
	unsigned int		boot_baud;
	struct console		console;	/* ours when registered */
	bool			is_console;	/* [I] */
	struct tty_struct	*tty;		/* [p] NULL: not open */
	bool			started;	/* [l] */
	u8			*xmit;		/* [p] ring to send; pointer [l] */
	unsigned int		head, tail;	/* [p] free-running */
	u8			x_char;		/* [p] goes first; 0: none */
	bool			rx_stopped;	/* [p] the terminal's ring is full */
	bool			tx_stopped;	/* [p] by ^S or CTS */
	unsigned int		mctrl;		/* [p] what we set */
	struct {
		u32 rx, tx, frame, parity, overrun, brk;
	} icount;				/* [p] */
};

int __must_check uart_add_port(struct uart_driver *driver, struct uart_port *port);
/* [p] The next byte to send, or -1. */
int uart_tx_next(struct uart_port *port);
static inline void uart_rx_add(struct uart_rx *rx, u8 c, u8 flag)
{
	rx->data[rx->n] = c;
	rx->flags[rx->n++] = flag;
}
/* The driver's interrupt handler: receive and transmit by the ops. */
irqreturn_t uart_handle_irq(struct uart_port *port, bool rx, bool tx);
/* A free line number: of the alias, else the lowest. -ENOSPC. */
int uart_pick_line(struct uart_driver *driver, const struct device_node *np);
