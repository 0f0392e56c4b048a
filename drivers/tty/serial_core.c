// SPDX-License-Identifier: GPL-2.0-only
/*
 * Serial ports as terminals and consoles.
 *
 * Sending: write() copies into the port's ring and starts the transmitter, whose interrupt
 * empties the ring. Receiving: the interrupt takes characters under the port's lock into a batch,
 * then passes the batch on to the terminal's ring without it.  When that ring is full the receive
 * interrupt is masked and the characters wait in the UART (and, with flow control, at the sender)
 * until the reader has caught up: nothing is dropped here.
 *
 * Locks: serial_core.h.
 */
#include <drivers/tty/serial_core.h>
#include <drivers/tty/tty.h>
#include <drivers/base/of.h>
#include <drivers/base/of_fdt.h>
#include <kernel/lib/err.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <kernel/time/timekeeping.h>
#include <mm/slab.h>

#define WAKEUP_CHARS	256	/* fewer than that to send: writers may go on */
#define DEFAULT_BAUD	115200
#define DRAIN_NS	(30 * NSEC_PER_SEC)	/* a close waits at most that long for the line */

static struct uart_port *to_port(const struct tty_struct *tty)
{
	return tty->driver_data;
}

/* ---- interrupt side ------------------------------------------------------------------------ */

static unsigned int pending(const struct uart_port *port)
{
	return port->head - port->tail;
}

int uart_tx_next(struct uart_port *port)
{
	int c;

	if (port->x_char) {
		c = port->x_char;
		port->x_char = 0;
	} else if (port->head == port->tail || port->tx_stopped) {
		return -1;
	} else {
		c = port->xmit[port->tail++ % UART_XMIT_SIZE];
	}
	port->icount.tx++;
	return c;
}

/* [p] Whoever waits for room is to be woken when that is enough, and when all is sent. */
static bool transmit_locked(struct uart_port *port)
{
	unsigned int before = pending(port);

	port->ops->transmit(port);
	return before && pending(port) < WAKEUP_CHARS && pending(port) != before;
}

static void pass_on(struct tty_struct *tty, const struct uart_rx *rx)
{
	bool plain = true;

	for (unsigned int i = 0; i < rx->n && plain; i++)
		plain = rx->flags[i] == TTY_NORMAL;
	if (plain)
		tty_insert_flip_string(tty, rx->data, rx->n);
	else
		for (unsigned int i = 0; i < rx->n; i++)
			tty_insert_flip_char(tty, rx->data[i], rx->flags[i]);
	tty_flip_buffer_push(tty);
}

/* The ring may have been read between our look at it and the masking: then nobody would unmask. */
static void recheck_room(struct uart_port *port, struct tty_struct *tty)
{
	unsigned long flags;

	if (tty_buffer_room(tty) < UART_RX_BATCH)
		return;
	spin_lock_irqsave(&port->lock, flags);
	if (port->rx_stopped) {
		port->rx_stopped = false;
		port->ops->set_rx(port, true);
	}
	spin_unlock_irqrestore(&port->lock, flags);
}

irqreturn_t uart_handle_irq(struct uart_port *port, bool rx, bool tx)
{
	struct tty_struct *tty = READ_ONCE(port->tty);
	struct uart_rx batch = { .n = 0 };
	bool room = tty && tty_buffer_room(tty) >= UART_RX_BATCH;
	bool wake = false;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (rx && (room || !tty)) {
		port->ops->receive(port, &batch);
	} else if (rx) {
		port->rx_stopped = true;
		port->ops->set_rx(port, false);
	}
	if (tx)
		wake = transmit_locked(port);
	port->icount.rx += batch.n;
	spin_unlock_irqrestore(&port->lock, flags);

	if (!tty)
		return IRQ_HANDLED;
	if (batch.n)
		pass_on(tty, &batch);
	if (rx && !room)
		recheck_room(port, tty);
	if (wake)
		tty_wakeup(tty);
	return IRQ_HANDLED;
}

/* ---- terminal operations ------------------------------------------------------------------- */

static size_t uart_write(struct tty_struct *tty, const u8 *buf, size_t n)
{
	struct uart_port *port = to_port(tty);
	unsigned long flags;
	size_t room, pos, first;

	spin_lock_irqsave(&port->lock, flags);
	if (!port->xmit) {
		spin_unlock_irqrestore(&port->lock, flags);
		return n;		/* hung up: into the void */
	}
	room = UART_XMIT_SIZE - pending(port);
	n = min(n, room);
	pos = port->head % UART_XMIT_SIZE;
	first = min_t(size_t, n, UART_XMIT_SIZE - pos);
	memcpy(port->xmit + pos, buf, first);
	memcpy(port->xmit, buf + first, n - first);
	port->head += n;
	if (n && !port->tx_stopped)
		port->ops->start_tx(port);
	spin_unlock_irqrestore(&port->lock, flags);
	return n;
}

static size_t uart_write_room(struct tty_struct *tty)
{
	struct uart_port *port = to_port(tty);

	return UART_XMIT_SIZE - (READ_ONCE(port->head) - READ_ONCE(port->tail));
}

static size_t uart_chars_in_buffer(struct tty_struct *tty)
{
	struct uart_port *port = to_port(tty);

	return READ_ONCE(port->head) - READ_ONCE(port->tail);
}

static void uart_flush_buffer(struct tty_struct *tty)
{
	struct uart_port *port = to_port(tty);
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	port->tail = port->head;
	spin_unlock_irqrestore(&port->lock, flags);
	tty_wakeup(tty);
}

static void uart_stop(struct tty_struct *tty)
{
	struct uart_port *port = to_port(tty);

	spin_lock(&port->lock);
	port->tx_stopped = true;
	port->ops->stop_tx(port);
	spin_unlock(&port->lock);
}

static void uart_start(struct tty_struct *tty)
{
	struct uart_port *port = to_port(tty);

	spin_lock(&port->lock);
	port->tx_stopped = false;
	if (port->started)
		port->ops->start_tx(port);
	spin_unlock(&port->lock);
}

static void uart_send_xchar(struct tty_struct *tty, char c)
{
	struct uart_port *port = to_port(tty);
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	port->x_char = c;
	port->ops->start_tx(port);
	spin_unlock_irqrestore(&port->lock, flags);
}

/* [p] */
static void set_mctrl(struct uart_port *port, unsigned int set, unsigned int clear)
{
	port->mctrl = (port->mctrl & ~clear) | set;
	if (port->ops->set_mctrl)
		port->ops->set_mctrl(port, port->mctrl);
}

static void change_mctrl(struct uart_port *port, unsigned int set, unsigned int clear)
{
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	set_mctrl(port, set, clear);
	spin_unlock_irqrestore(&port->lock, flags);
}

static void uart_throttle(struct tty_struct *tty)
{
	if (_I_FLAG(tty, IXOFF))
		uart_send_xchar(tty, TTY_CC(tty, VSTOP));
	if (_C_FLAG(tty, CRTSCTS))
		change_mctrl(to_port(tty), 0, TIOCM_RTS);
}

static void uart_unthrottle(struct tty_struct *tty)
{
	if (_I_FLAG(tty, IXOFF))
		uart_send_xchar(tty, TTY_CC(tty, VSTART));
	if (_C_FLAG(tty, CRTSCTS))
		change_mctrl(to_port(tty), TIOCM_RTS, 0);
}

static void uart_rx_room(struct tty_struct *tty)
{
	recheck_room(to_port(tty), tty);
}

static int uart_tiocmget(struct tty_struct *tty)
{
	struct uart_port *port = to_port(tty);
	unsigned int lines = TIOCM_CTS | TIOCM_CAR | TIOCM_DSR;
	unsigned long flags;

	spin_lock_irqsave(&port->lock, flags);
	if (port->ops->get_mctrl)
		lines = port->ops->get_mctrl(port);
	lines |= port->mctrl;
	spin_unlock_irqrestore(&port->lock, flags);
	return lines;
}

static int uart_tiocmset(struct tty_struct *tty, unsigned int set, unsigned int clear)
{
	change_mctrl(to_port(tty), set, clear);
	return 0;
}

static int uart_break_ctl(struct tty_struct *tty, bool on)
{
	struct uart_port *port = to_port(tty);
	unsigned long flags;

	if (!port->ops->break_ctl)
		return -ENOTTY;
	spin_lock_irqsave(&port->lock, flags);
	port->ops->break_ctl(port, on);
	spin_unlock_irqrestore(&port->lock, flags);
	return 0;
}

static bool line_is_idle(struct uart_port *port)
{
	unsigned long flags;
	bool idle;

	spin_lock_irqsave(&port->lock, flags);
	idle = port->ops->tx_empty(port);
	spin_unlock_irqrestore(&port->lock, flags);
	return idle;
}

static void uart_wait_until_sent(struct tty_struct *tty, u64 timeout_ns)
{
	struct uart_port *port = to_port(tty);
	u64 end = ktime_get_ns() + min(timeout_ns, (u64)DRAIN_NS);

	while (port->started && !line_is_idle(port) && !signal_pending(current) &&
	       ktime_get_ns() < end) {
		__set_current_state(TASK_INTERRUPTIBLE);
		schedule_timeout_ns(NSEC_PER_MSEC);
	}
}

/* ---- settings ------------------------------------------------------------------------------ */

static void apply_termios(struct uart_port *port, const struct ktermios *t)
{
	unsigned int baud = tty_termios_baud_rate(t);

	if (!baud) {			/* B0: hang up, the rate stays */
		change_mctrl(port, 0, TIOCM_DTR | TIOCM_RTS);
		baud = DEFAULT_BAUD;
	}
	port->ops->set_termios(port, t, baud);
}

static bool same_line_settings(const struct ktermios *a, const struct ktermios *b)
{
	return a->c_cflag == b->c_cflag && a->c_ospeed == b->c_ospeed &&
	       !((a->c_iflag ^ b->c_iflag) & (INPCK | IGNPAR | BRKINT | PARMRK | IGNBRK));
}

static void uart_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
	struct uart_port *port = to_port(tty);

	if (port->started && !same_line_settings(old, &tty->termios))
		apply_termios(port, &tty->termios);
}

/* ---- open and close ------------------------------------------------------------------------ */

/* [l] */
static int start_port(struct uart_port *port, struct tty_struct *tty)
{
	u8 *xmit = kmalloc(UART_XMIT_SIZE, GFP_KERNEL);
	int error;

	if (!xmit)
		return -ENOMEM;
	spin_lock_irq(&port->lock);
	port->xmit = xmit;
	port->head = port->tail = 0;
	port->x_char = 0;
	port->rx_stopped = port->tx_stopped = false;
	port->tty = tty;
	spin_unlock_irq(&port->lock);
	error = port->ops->startup(port);
	if (error) {
		spin_lock_irq(&port->lock);
		port->tty = NULL;
		port->xmit = NULL;
		spin_unlock_irq(&port->lock);
		kfree(xmit);
		return error;
	}
	apply_termios(port, &tty->termios);
	change_mctrl(port, TIOCM_DTR | TIOCM_RTS, 0);
	port->started = true;
	return 0;
}

/* [l] After this no interrupt of the port runs or will run. */
static void stop_port(struct uart_port *port)
{
	u8 *xmit;

	if (!port->started)
		return;
	port->started = false;
	spin_lock_irq(&port->lock);
	port->tty = NULL;
	spin_unlock_irq(&port->lock);
	port->ops->shutdown(port);
	spin_lock_irq(&port->lock);
	xmit = port->xmit;
	port->xmit = NULL;
	port->head = port->tail = 0;
	spin_unlock_irq(&port->lock);
	kfree(xmit);
}

static int uart_open(struct tty_struct *tty, struct file *file)
{
	struct uart_driver *driver = container_of(tty->driver, struct uart_driver, tty);
	struct uart_port *port = driver->ports[tty->index];

	if (!port)
		return -ENODEV;
	tty->driver_data = port;
	return port->started ? 0 : start_port(port, tty);
}

static void uart_close(struct tty_struct *tty)
{
	struct uart_port *port = to_port(tty);

	if (!port)
		return;
	tty_wait_until_sent(tty, DRAIN_NS);
	if (_C_FLAG(tty, HUPCL))
		change_mctrl(port, 0, TIOCM_DTR | TIOCM_RTS);
	stop_port(port);
}

static void uart_hangup(struct tty_struct *tty)
{
	struct uart_port *port = to_port(tty);

	if (port)
		stop_port(port);
}

static const struct tty_operations uart_tty_ops = {
	.open = uart_open,
	.close = uart_close,
	.hangup = uart_hangup,
	.write = uart_write,
	.write_room = uart_write_room,
	.chars_in_buffer = uart_chars_in_buffer,
	.flush_buffer = uart_flush_buffer,
	.stop = uart_stop,
	.start = uart_start,
	.throttle = uart_throttle,
	.unthrottle = uart_unthrottle,
	.rx_room = uart_rx_room,
	.set_termios = uart_set_termios,
	.send_xchar = uart_send_xchar,
	.break_ctl = uart_break_ctl,
	.wait_until_sent = uart_wait_until_sent,
	.tiocmget = uart_tiocmget,
	.tiocmset = uart_tiocmset,
};

/* ---- console ------------------------------------------------------------------------------- */

/* In a panic the lock's holder may never come back. */
static void uart_console_write(struct console *con, const char *s, size_t n)
{
	struct uart_port *port = con->data;
	unsigned long flags = 0;
	bool locked = true;

	if (panic_in_progress)
		locked = spin_trylock_irqsave(&port->lock, flags);
	else
		spin_lock_irqsave(&port->lock, flags);
	for (; n; n--, s++) {
		if (*s == '\n')
			port->ops->putc(port, '\r');
		port->ops->putc(port, *s);
	}
	if (locked)
		spin_unlock_irqrestore(&port->lock, flags);
}

static struct tty_driver *uart_console_device(struct console *con, int *index)
{
	struct uart_port *port = con->data;

	*index = port->line;
	return &port->driver->tty;
}

/* "115200n8": only the rate matters, the format is 8n1 as everybody's. */
static unsigned int parse_baud(const char *options)
{
	unsigned int baud = options ? simple_strtoul(options, NULL, 10) : 0;

	return baud ? baud : DEFAULT_BAUD;
}

/* Does the device tree's stdout-path (without its options) name this port? */
static bool is_stdout(const struct uart_port *port)
{
	return port->dev->of_node && boot_params.stdout_path[0] &&
	       of_find_node_by_path(boot_params.stdout_path) == port->dev->of_node;
}

static int uart_console_setup(struct console *con, const char *options)
{
	struct uart_port *port = con->data;
	struct ktermios t = port->driver->tty.init_termios;

	if (!options || !*options)
		options = is_stdout(port) ? boot_params.stdout_options : NULL;
	port->boot_baud = parse_baud(options);
	tty_termios_encode_baud_rate(&t, port->boot_baud, port->boot_baud);
	port->ops->set_termios(port, &t, port->boot_baud);
	return 0;
}

static void add_console(struct uart_port *port)
{
	struct console *con = &port->console;

	strscpy(con->name, port->driver->tty.name, sizeof(con->name));
	con->index = port->line;
	con->write = uart_console_write;
	con->setup = uart_console_setup;
	con->device = uart_console_device;
	con->data = port;
	con->flags = CON_PRINTBUFFER | (is_stdout(port) ? CON_CONSDEV : 0);
	register_console(con);
}

/* ---- registration -------------------------------------------------------------------------- */

int uart_pick_line(struct uart_driver *driver, const struct device_node *np)
{
	int line = of_alias_get_id(np, "serial");

	if (line >= 0 && line < (int)driver->tty.num && (!driver->ports || !driver->ports[line]))
		return line;
	for (line = 0; line < (int)driver->tty.num; line++)
		if (!driver->ports || !driver->ports[line])
			return line;
	return -ENOSPC;
}

static int register_driver(struct uart_driver *driver)
{
	int error;

	if (driver->registered)
		return 0;
	driver->tty.ops = &uart_tty_ops;
	driver->tty.init_termios = tty_std_termios;
	driver->tty.init_termios.c_cflag = CS8 | CREAD | HUPCL | CLOCAL;
	tty_termios_encode_baud_rate(&driver->tty.init_termios, DEFAULT_BAUD, DEFAULT_BAUD);
	driver->ports = kcalloc(driver->tty.num, sizeof(*driver->ports), GFP_KERNEL);
	if (!driver->ports)
		return -ENOMEM;
	error = tty_register_driver(&driver->tty);
	if (error) {
		kfree(driver->ports);
		driver->ports = NULL;
		return error;
	}
	driver->registered = true;
	return 0;
}

int uart_add_port(struct uart_driver *driver, struct uart_port *port)
{
	struct device *node;
	int error = register_driver(driver);

	if (error)
		return error;
	spin_lock_init_rank(&port->lock, LOCK_RANK_CONSOLE);
	port->driver = driver;
	driver->ports[port->line] = port;
	node = tty_register_device(&driver->tty, port->line, port->dev);
	if (IS_ERR(node)) {
		driver->ports[port->line] = NULL;
		return PTR_ERR(node);
	}
	pr_info("%s%u: %s, irq %d, clock %u Hz\n", driver->tty.name, port->line, port->dev->name,
		port->irq, port->uartclk);
	add_console(port);
	return 0;
}
