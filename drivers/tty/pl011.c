// SPDX-License-Identifier: GPL-2.0-only
/*
 * Arm PrimeCell UART PL011 (Arm DDI 0183): QEMU's virt, the first UART of every Raspberry Pi.
 * Locking: registers under port->lock (serial_core.h).
 */
#include <drivers/tty/serial_core.h>
#include <drivers/tty/pl011.h>
#include <drivers/base/driver.h>
#include <drivers/clk/clk.h>
#include <drivers/gpio/pinctrl.h>
#include <kernel/lib/err.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <asm/io.h>

#define MAX_PORTS	14
/* status reads: a transmitter that never empties is not waited for */
#define SPIN_LIMIT	1000000

struct pl011_port {
	struct uart_port	port;
	u32			imsc;		/* [p] interrupts that are unmasked */
};

static struct pl011_port *to_pl011(struct uart_port *port)
{
	return container_of(port, struct pl011_port, port);
}

static u32 rd(const struct uart_port *port, unsigned int reg)
{
	return readl_relaxed(port->membase + reg);
}

static void wr(struct uart_port *port, unsigned int reg, u32 val)
{
	writel_relaxed(val, port->membase + reg);
}

static void change_imsc(struct uart_port *port, u32 set, u32 clear)
{
	struct pl011_port *p = to_pl011(port);

	p->imsc = (p->imsc & ~clear) | set;
	wr(port, UART_IMSC, p->imsc);
}

/* ---- data ---------------------------------------------------------------------------------- */

static u8 error_flag(struct uart_port *port, u32 dr)
{
	if (dr & DR_BREAK) {
		port->icount.brk++;
		return TTY_BREAK;
	}
	if (dr & DR_PARITY) {
		port->icount.parity++;
		return TTY_PARITY;
	}
	if (dr & DR_FRAME) {
		port->icount.frame++;
		return TTY_FRAME;
	}
	return TTY_NORMAL;
}

static void pl011_receive(struct uart_port *port, struct uart_rx *rx)
{
	/* An overrun takes two entries: the character, and the mark after it. */
	while (rx->n + 2 <= UART_RX_BATCH && !(rd(port, UART_FR) & FR_RXFE)) {
		u32 dr = rd(port, UART_DR);

		uart_rx_add(rx, dr, dr & DR_ERRORS ? error_flag(port, dr) : TTY_NORMAL);
		if (dr & DR_OVERRUN) {
			port->icount.overrun++;
			uart_rx_add(rx, 0, TTY_OVERRUN);
		}
	}
	wr(port, UART_ICR, INT_RX_TIMEOUT);
}

/* The transmit interrupt comes when the FIFO drains: it has to be filled first. */
static void pl011_transmit(struct uart_port *port)
{
	int c = 0;

	while (!(rd(port, UART_FR) & FR_TXFF) && (c = uart_tx_next(port)) >= 0)
		wr(port, UART_DR, c);
	if (c < 0)
		change_imsc(port, 0, INT_TX);
}

static void pl011_start_tx(struct uart_port *port)
{
	change_imsc(port, INT_TX, 0);
	pl011_transmit(port);
}

static void pl011_stop_tx(struct uart_port *port)
{
	change_imsc(port, 0, INT_TX);
}

static void pl011_set_rx(struct uart_port *port, bool on)
{
	change_imsc(port, on ? INT_RECEIVE : 0, INT_RECEIVE);
}

static bool pl011_tx_empty(struct uart_port *port)
{
	return !(rd(port, UART_FR) & (FR_BUSY | FR_TXFF));
}

static void wait_flag(struct uart_port *port, u32 flag)
{
	for (int i = 0; i < SPIN_LIMIT && (rd(port, UART_FR) & flag); i++)
		cpu_relax();
}

static void pl011_putc(struct uart_port *port, char c)
{
	wait_flag(port, FR_TXFF);
	wr(port, UART_DR, (u8)c);
}

static irqreturn_t pl011_interrupt(int virq, void *dev)
{
	struct uart_port *port = dev;
	u32 status = rd(port, UART_MIS);

	if (!status)
		return IRQ_NONE;
	return uart_handle_irq(port, status & INT_RECEIVE, status & INT_TX);
}

/* ---- line ---------------------------------------------------------------------------------- */

static void pl011_break_ctl(struct uart_port *port, bool on)
{
	u32 lcrh = rd(port, UART_LCRH);

	wr(port, UART_LCRH, on ? lcrh | LCRH_BREAK : lcrh & ~LCRH_BREAK);
}

static unsigned int pl011_get_mctrl(struct uart_port *port)
{
	u32 fr = rd(port, UART_FR);

	return (fr & FR_CTS ? TIOCM_CTS : 0) | (fr & FR_DSR ? TIOCM_DSR : 0) |
	       (fr & FR_DCD ? TIOCM_CAR : 0);
}

static void pl011_set_mctrl(struct uart_port *port, unsigned int mctrl)
{
	u32 cr = rd(port, UART_CR) & ~(CR_DTR | CR_RTS | CR_OUT1 | CR_OUT2);

	cr |= (mctrl & TIOCM_DTR ? CR_DTR : 0) | (mctrl & TIOCM_RTS ? CR_RTS : 0) |
	      (mctrl & TIOCM_OUT1 ? CR_OUT1 : 0) | (mctrl & TIOCM_OUT2 ? CR_OUT2 : 0);
	wr(port, UART_CR, cr);
}

static u32 line_format(const struct ktermios *t)
{
	u32 bits = (t->c_cflag & CSIZE) == CS5 ? 5 : (t->c_cflag & CSIZE) == CS6 ? 6 :
		   (t->c_cflag & CSIZE) == CS7 ? 7 : 8;
	u32 lcrh = LCRH_FIFO | LCRH_WLEN(bits);

	if (t->c_cflag & CSTOPB)
		lcrh |= LCRH_TWO_STOP;
	if (t->c_cflag & PARENB)
		lcrh |= LCRH_PARITY | (t->c_cflag & PARODD ? 0 : LCRH_EVEN);
	return lcrh;
}

/* 3.3.6: the divisor in 1/64, of 16 samples a bit. The write of LCRH takes it over. */
static void set_divisor(struct uart_port *port, unsigned int baud)
{
	u32 divisor;

	if (!port->uartclk || !baud || baud > port->uartclk / 16)
		return;
	divisor = (u32)(((u64)port->uartclk * 4 + baud / 2) / baud);
	if (divisor >> 22)
		return;
	wr(port, UART_IBRD, divisor >> 6);
	wr(port, UART_FBRD, divisor & 0x3f);
}

static void pl011_set_termios(struct uart_port *port, const struct ktermios *t, unsigned int baud)
{
	unsigned long flags;
	u32 cr;

	spin_lock_irqsave(&port->lock, flags);
	wait_flag(port, FR_BUSY);
	cr = rd(port, UART_CR) & ~(CR_RTSEN | CR_CTSEN);
	wr(port, UART_CR, cr & ~CR_ENABLE);
	set_divisor(port, baud);
	wr(port, UART_LCRH, line_format(t));
	if (t->c_cflag & CRTSCTS)
		cr |= CR_RTSEN | CR_CTSEN;
	wr(port, UART_CR, cr | CR_ENABLE | CR_TXE | CR_RXE);
	spin_unlock_irqrestore(&port->lock, flags);
}

/* ---- life ---------------------------------------------------------------------------------- */

static int pl011_startup(struct uart_port *port)
{
	int error;

	wr(port, UART_IMSC, 0);
	wr(port, UART_ICR, INT_ALL);
	error = request_irq(port->irq, pl011_interrupt, port->irqflags, "uart-pl011", port);
	if (error)
		return error;
	spin_lock_irq(&port->lock);
	wr(port, UART_IFLS, IFLS_TX_1_8 | IFLS_RX_1_2);
	wr(port, UART_RSR, 0);
	wr(port, UART_CR, rd(port, UART_CR) | CR_ENABLE | CR_TXE | CR_RXE);
	to_pl011(port)->imsc = 0;
	change_imsc(port, INT_RECEIVE, 0);
	spin_unlock_irq(&port->lock);
	return 0;
}

static void pl011_shutdown(struct uart_port *port)
{
	spin_lock_irq(&port->lock);
	change_imsc(port, 0, INT_ALL);
	wr(port, UART_ICR, INT_ALL);
	spin_unlock_irq(&port->lock);
	free_irq(port->irq, port);
	/* The transmitter stays on when the port is a console; it harms nobody otherwise. */
}

static const struct uart_ops pl011_ops = {
	.startup = pl011_startup,
	.shutdown = pl011_shutdown,
	.set_termios = pl011_set_termios,
	.start_tx = pl011_start_tx,
	.stop_tx = pl011_stop_tx,
	.set_rx = pl011_set_rx,
	.tx_empty = pl011_tx_empty,
	.receive = pl011_receive,
	.transmit = pl011_transmit,
	.putc = pl011_putc,
	.break_ctl = pl011_break_ctl,
	.get_mctrl = pl011_get_mctrl,
	.set_mctrl = pl011_set_mctrl,
};

static struct uart_driver pl011_driver = {
	.tty = {
		.name = "ttyAMA",
		.driver_name = "ttyAMA",
		.proc_type = "serial",
		.major = 204,		/* Linux's low-density serial ports */
		.minor_start = 64,
		.num = MAX_PORTS,
	},
};

static int init_port(struct uart_port *port, struct device *dev)
{
	int error = of_clk_get_rate(dev->of_node, 0, &port->uartclk);

	if (error == -EPROBE_DEFER)
		return error;
	if (error)
		port->uartclk = 0;	/* the firmware's rate has to do */
	error = pinctrl_apply_default(dev->of_node);
	if (error)
		return error;
	port->irq = of_irq_get(dev->of_node, 0);
	if (port->irq < 0)
		return port->irq;
	error = uart_pick_line(&pl011_driver, dev->of_node);
	if (error < 0)
		return error;
	port->line = error;
	port->ops = &pl011_ops;
	port->dev = dev;
	port->irqflags = IRQF_SHARED;	/* the 2711's five share one line */
	port->fifosize = 16;
	port->membase = of_iomap(dev->of_node, 0);
	return port->membase ? 0 : -ENOMEM;
}

static int pl011_probe(struct device *dev)
{
	struct pl011_port *p = kzalloc(sizeof(*p), GFP_KERNEL);
	int error;

	if (!p)
		return -ENOMEM;
	error = init_port(&p->port, dev);
	if (!error) {
		wr(&p->port, UART_IMSC, 0);
		error = uart_add_port(&pl011_driver, &p->port);
	}
	if (!error)
		return 0;
	if (p->port.membase)
		iounmap(p->port.membase);
	kfree(p);
	return error;
}

static const char *const pl011_match[] = { "arm,pl011", "arm,pl011-axi", "arm,sbsa-uart", NULL };
DRIVER(pl011, DRIVER_DEVICE, pl011_match, pl011_probe);
