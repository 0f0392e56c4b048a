// SPDX-License-Identifier: GPL-2.0-only
/*
 * The mini UART of BCM2835 (ARM Peripherals manual, 2.2): like a 16550 with 8-deep FIFOs, but no
 * parity, no modem lines, and a baud rate from the core clock.  It is the console of the Pi 3.
 * Locking: registers under port->lock (serial_core.h).
 */
#include <drivers/tty/serial_core.h>
#include <drivers/tty/bcm2835_aux.h>
#include <drivers/base/driver.h>
#include <drivers/clk/clk.h>
#include <drivers/gpio/pinctrl.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <mm/slab.h>
#include <mm/vmalloc.h>
#include <asm/io.h>

#define MAX_PORTS	4
#define SPIN_LIMIT	1000000

struct mu_port {
	struct uart_port	port;
	u32			ier;		/* [p] */
};

static u32 rd(const struct uart_port *port, unsigned int reg)
{
	return readl_relaxed(port->membase + reg);
}

static void wr(struct uart_port *port, unsigned int reg, u32 val)
{
	writel_relaxed(val, port->membase + reg);
}

static void change_ier(struct uart_port *port, u32 set, u32 clear)
{
	struct mu_port *mu = container_of(port, struct mu_port, port);

	mu->ier = (mu->ier & ~clear) | set;
	wr(port, MU_IER, mu->ier ? mu->ier | IER_REQUIRED : 0);
}

static void mu_receive(struct uart_port *port, struct uart_rx *rx)
{
	u32 lsr;

	while (rx->n + 2 <= UART_RX_BATCH && ((lsr = rd(port, MU_LSR)) & LSR_DATA)) {
		uart_rx_add(rx, rd(port, MU_IO), TTY_NORMAL);
		if (lsr & LSR_OVERRUN) {
			port->icount.overrun++;
			uart_rx_add(rx, 0, TTY_OVERRUN);
		}
	}
}

static void mu_transmit(struct uart_port *port)
{
	int c = 0;

	while ((rd(port, MU_LSR) & LSR_TX_ROOM) && (c = uart_tx_next(port)) >= 0)
		wr(port, MU_IO, c);
	if (c < 0)
		change_ier(port, 0, IER_TX);
}

static void mu_start_tx(struct uart_port *port)
{
	change_ier(port, IER_TX, 0);
	mu_transmit(port);
}

static void mu_stop_tx(struct uart_port *port)
{
	change_ier(port, 0, IER_TX);
}

static void mu_set_rx(struct uart_port *port, bool on)
{
	change_ier(port, on ? IER_RX : 0, IER_RX);
}

static bool mu_tx_empty(struct uart_port *port)
{
	return rd(port, MU_LSR) & LSR_TX_IDLE;
}

static void mu_putc(struct uart_port *port, char c)
{
	for (int i = 0; i < SPIN_LIMIT && !(rd(port, MU_LSR) & LSR_TX_ROOM); i++)
		cpu_relax();
	wr(port, MU_IO, (u8)c);
}

/* IIR tells only the more urgent of the two: look at the line status instead. */
static irqreturn_t mu_interrupt(int virq, void *dev)
{
	struct uart_port *port = dev;
	struct mu_port *mu = container_of(port, struct mu_port, port);
	u32 ier = READ_ONCE(mu->ier);
	u32 lsr;

	if (rd(port, MU_IIR) & IIR_NONE)
		return IRQ_NONE;
	lsr = rd(port, MU_LSR);
	return uart_handle_irq(port, (ier & IER_RX) && (lsr & LSR_DATA),
			       (ier & IER_TX) && (lsr & LSR_TX_ROOM));
}

static void mu_break_ctl(struct uart_port *port, bool on)
{
	wr(port, MU_LCR, on ? LCR_8BIT | LCR_BREAK : LCR_8BIT);
}

static void mu_set_mctrl(struct uart_port *port, unsigned int mctrl)
{
	wr(port, MU_MCR, mctrl & TIOCM_RTS ? 0 : MCR_RTS);
}

/* 2.2.1: rate = clock / (8 * (register + 1)) */
static void mu_set_termios(struct uart_port *port, const struct ktermios *t, unsigned int baud)
{
	unsigned long flags;
	u32 divisor;

	spin_lock_irqsave(&port->lock, flags);
	wr(port, MU_LCR, LCR_8BIT);
	if (port->uartclk && baud && baud <= port->uartclk / 8) {
		divisor = (port->uartclk / 8 + baud / 2) / baud;
		if (divisor && divisor <= 0x10000)
			wr(port, MU_BAUD, divisor - 1);
	}
	wr(port, MU_CNTL, CNTL_RX | CNTL_TX);
	spin_unlock_irqrestore(&port->lock, flags);
}

static int mu_startup(struct uart_port *port)
{
	int error;

	wr(port, MU_IER, 0);
	error = request_irq(port->irq, mu_interrupt, port->irqflags, "bcm2835-aux", port);
	if (error)
		return error;
	spin_lock_irq(&port->lock);
	wr(port, MU_CNTL, CNTL_RX | CNTL_TX);
	change_ier(port, IER_RX, IER_TX);
	spin_unlock_irq(&port->lock);
	return 0;
}

static void mu_shutdown(struct uart_port *port)
{
	spin_lock_irq(&port->lock);
	change_ier(port, 0, IER_RX | IER_TX);
	spin_unlock_irq(&port->lock);
	free_irq(port->irq, port);
}

static const struct uart_ops mu_ops = {
	.startup = mu_startup,
	.shutdown = mu_shutdown,
	.set_termios = mu_set_termios,
	.start_tx = mu_start_tx,
	.stop_tx = mu_stop_tx,
	.set_rx = mu_set_rx,
	.tx_empty = mu_tx_empty,
	.receive = mu_receive,
	.transmit = mu_transmit,
	.putc = mu_putc,
	.break_ctl = mu_break_ctl,
	.set_mctrl = mu_set_mctrl,
};

static struct uart_driver mu_driver = {
	.tty = {
		.name = "ttyS",
		.driver_name = "serial",
		.proc_type = "serial",
		.major = 4,
		.minor_start = 64,
		.num = MAX_PORTS,
	},
};

/* The UART is one of three devices behind an enable register. */
static int enable_block(const struct device_node *np)
{
	struct device_node *aux = of_parse_phandle(np, "clocks", 0);
	void __iomem *base;

	if (!aux || !of_device_is_compatible(aux, "brcm,bcm2835-aux"))
		return 0;		/* somebody else's way of gating it */
	base = of_iomap(aux, 0);
	if (!base)
		return -ENOMEM;
	writel(readl(base + AUX_ENABLES) | AUX_ENABLE_UART, base + AUX_ENABLES);
	iounmap(base);
	return 0;
}

static int init_port(struct uart_port *port, struct device *dev)
{
	int error = of_clk_get_rate(dev->of_node, 0, &port->uartclk);

	if (error == -EPROBE_DEFER)
		return error;
	if (error)
		port->uartclk = 0;
	error = pinctrl_apply_default(dev->of_node);
	if (error)
		return error;
	port->irq = of_irq_get(dev->of_node, 0);
	if (port->irq < 0)
		return port->irq;
	error = uart_pick_line(&mu_driver, dev->of_node);
	if (error < 0)
		return error;
	port->line = error;
	port->ops = &mu_ops;
	port->dev = dev;
	port->irqflags = IRQF_SHARED;	/* with the two SPI masters of the block */
	port->fifosize = 8;
	port->membase = of_iomap(dev->of_node, 0);
	return port->membase ? enable_block(dev->of_node) : -ENOMEM;
}

static int mu_probe(struct device *dev)
{
	struct mu_port *mu = kzalloc(sizeof(*mu), GFP_KERNEL);
	int error;

	if (!mu)
		return -ENOMEM;
	error = init_port(&mu->port, dev);
	if (!error) {
		wr(&mu->port, MU_IER, 0);
		error = uart_add_port(&mu_driver, &mu->port);
	}
	if (!error)
		return 0;
	if (mu->port.membase)
		iounmap(mu->port.membase);
	kfree(mu);
	return error;
}

static const char *const mu_match[] = { "brcm,bcm2835-aux-uart", NULL };
DRIVER(bcm2835_aux, DRIVER_DEVICE, mu_match, mu_probe);
