// SPDX-License-Identifier: GPL-2.0-only
/*
 * Virtio console (virtio 1.1, 5.3), one port: /dev/hvc0.
 *
 * Received buffers are copied into the terminal's ring; when that is full they stay with us, and
 * the device, out of buffers, holds the rest back.  Sending uses a pool of small buffers; the
 * terminal is woken when one returns.
 *
 * Locking: vcon->lock (irqs off, rank of consoles: printk comes from anywhere, so nothing is
 * woken under it) covers both queues and the pools.
 */
#include <drivers/tty/tty.h>
#include <drivers/tty/tty_driver.h>
#include <drivers/virtio/virtio.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/printk.h>
#include <mm/slab.h>

#define HVC_MAJOR	229
#define BUF_SIZE	256
#define NR_BUFS		16		/* each way */
#define SPIN_LIMIT	1000000

enum { RX_QUEUE, TX_QUEUE };

struct vcon_buf {
	u8			*data;		/* [I] BUF_SIZE, its own allocation */
	unsigned int		len, taken;	/* [lock] received, and passed on of it */
	struct list_head	list;		/* [lock] in a pool */
};

struct vcon {
	struct virtio_device	*vdev;		/* [I] */
	struct virtqueue	*rx, *tx;	/* [I] */
	spinlock_t		lock;
	struct vcon_buf		rx_bufs[NR_BUFS], tx_bufs[NR_BUFS];
	/* [lock] rx_bufs with data that the terminal has no room for */
	struct list_head	received;
	struct list_head	tx_free;	/* [lock] */
	unsigned int		nr_tx_free;	/* [lock] */
	struct tty_struct	*tty;		/* [lock] NULL: not open; one reference */
	struct console		console;
};

static struct vcon *the_vcon;		/* [I] once set: there is one port */

/* ---- receiving ----------------------------------------------------------------------------- */

/* [lock] */
static void give_rx(struct vcon *c, struct vcon_buf *buf)
{
	struct virtio_sg sg = { buf->data, BUF_SIZE };

	if (virtqueue_add(c->rx, &sg, 0, 1, buf))
		list_add(&buf->list, &c->received);	/* broken: nothing comes any more */
}

/* [lock] */
static void collect_rx(struct vcon *c)
{
	struct vcon_buf *buf;
	unsigned int len;

	while ((buf = virtqueue_get_buf(c->rx, &len))) {
		buf->len = len;
		buf->taken = 0;
		list_add_tail(&buf->list, &c->received);
	}
}

/*
 * Pass received data on. The buffer at hand is off the list while the lock is not held, so only
 * one context works on it; order is kept because what is left goes back to the front.
 */
static void pass_received(struct vcon *c, struct tty_struct *tty)
{
	unsigned long flags;
	bool any = false;

	for (;;) {
		struct vcon_buf *buf;
		bool empty;

		spin_lock_irqsave(&c->lock, flags);
		collect_rx(c);
		buf = list_first_entry_or_null(&c->received, struct vcon_buf, list);
		if (buf)
			list_del_init(&buf->list);
		spin_unlock_irqrestore(&c->lock, flags);
		if (!buf)
			break;
		if (tty)
			buf->taken += tty_insert_flip_string(tty, buf->data + buf->taken,
							     buf->len - buf->taken);
		else
			buf->taken = buf->len;		/* nobody listens */
		any = true;
		spin_lock_irqsave(&c->lock, flags);
		empty = buf->taken == buf->len;
		if (empty)
			give_rx(c, buf);
		else
			list_add(&buf->list, &c->received);
		virtqueue_kick(c->rx);
		spin_unlock_irqrestore(&c->lock, flags);
		if (!empty || c->rx->broken)
			break;
	}
	if (any && tty)
		tty_flip_buffer_push(tty);
}

static struct tty_struct *get_tty(struct vcon *c)
{
	struct tty_struct *tty;
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	tty = tty_kref_get(c->tty);
	spin_unlock_irqrestore(&c->lock, flags);
	return tty;
}

static void rx_interrupt(struct virtqueue *vq)
{
	struct vcon *c = vq->vdev->priv;
	struct tty_struct *tty = get_tty(c);

	pass_received(c, tty);
	tty_kref_put(tty);
}

static void vcon_rx_room(struct tty_struct *tty)
{
	pass_received(tty->driver_data, tty);
}

/* ---- sending ------------------------------------------------------------------------------- */

/* [lock] Buffers that the device has sent. */
static void collect_tx(struct vcon *c)
{
	struct vcon_buf *buf;
	unsigned int len;

	while ((buf = virtqueue_get_buf(c->tx, &len))) {
		list_add(&buf->list, &c->tx_free);
		c->nr_tx_free++;
	}
}

/* [lock] One buffer's worth; bytes taken. */
static size_t send_one(struct vcon *c, const u8 *data, size_t n)
{
	struct vcon_buf *buf = list_first_entry_or_null(&c->tx_free, struct vcon_buf, list);
	struct virtio_sg sg;

	if (!buf)
		return 0;
	n = min_t(size_t, n, BUF_SIZE);
	memcpy(buf->data, data, n);
	sg = (struct virtio_sg){ buf->data, n };
	if (virtqueue_add(c->tx, &sg, 1, 0, buf))
		return c->tx->broken ? n : 0;	/* a broken one swallows everything */
	list_del_init(&buf->list);
	c->nr_tx_free--;
	return n;
}

static size_t vcon_write(struct tty_struct *tty, const u8 *data, size_t n)
{
	struct vcon *c = tty->driver_data;
	unsigned long flags;
	size_t done = 0, part;

	if (READ_ONCE(tty->stopped))
		return 0;
	spin_lock_irqsave(&c->lock, flags);
	collect_tx(c);
	while (done < n && (part = send_one(c, data + done, n - done)))
		done += part;
	if (done)
		virtqueue_kick(c->tx);
	spin_unlock_irqrestore(&c->lock, flags);
	return done;
}

static size_t vcon_write_room(struct tty_struct *tty)
{
	struct vcon *c = tty->driver_data;

	return READ_ONCE(tty->stopped) ? 0 : READ_ONCE(c->nr_tx_free) * BUF_SIZE;
}

static size_t vcon_chars_in_buffer(struct tty_struct *tty)
{
	struct vcon *c = tty->driver_data;

	return (NR_BUFS - READ_ONCE(c->nr_tx_free));		/* at least one in each */
}

static void tx_interrupt(struct virtqueue *vq)
{
	struct vcon *c = vq->vdev->priv;
	struct tty_struct *tty;
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	collect_tx(c);
	spin_unlock_irqrestore(&c->lock, flags);
	tty = get_tty(c);
	if (tty)
		tty_wakeup(tty);
	tty_kref_put(tty);
}

/* ---- terminal ------------------------------------------------------------------------------ */

static int vcon_open(struct tty_struct *tty, struct file *file)
{
	struct vcon *c = the_vcon;
	bool first;

	if (!c)
		return -ENODEV;
	tty->driver_data = c;
	spin_lock_irq(&c->lock);
	first = !c->tty;
	if (first)
		c->tty = tty_kref_get(tty);
	spin_unlock_irq(&c->lock);
	if (first)
		pass_received(c, tty);
	return 0;
}

static void vcon_detach(struct tty_struct *tty)
{
	struct vcon *c = tty->driver_data;
	struct tty_struct *old;

	spin_lock_irq(&c->lock);
	old = c->tty;
	c->tty = NULL;
	spin_unlock_irq(&c->lock);
	tty_kref_put(old);
}

static const struct tty_operations vcon_tty_ops = {
	.open = vcon_open,
	.close = vcon_detach,
	.hangup = vcon_detach,
	.write = vcon_write,
	.write_room = vcon_write_room,
	.chars_in_buffer = vcon_chars_in_buffer,
	.rx_room = vcon_rx_room,
};

static struct tty_driver vcon_tty_driver = {
	.name = "hvc",
	.driver_name = "hvc",
	.proc_type = "system",
	.major = HVC_MAJOR,
	.num = 1,
	.ops = &vcon_tty_ops,
};

/* ---- console ------------------------------------------------------------------------------- */

/* [lock] Wait, polling, until everything is in the ring; a device that does not take it is given
 * up. */
static void send_polled(struct vcon *c, const u8 *data, size_t n)
{
	for (int i = 0; n && i < SPIN_LIMIT; i++) {
		size_t part = send_one(c, data, n);

		data += part;
		n -= part;
		if (part) {
			virtqueue_kick(c->tx);
			i = 0;
		} else {
			collect_tx(c);
			cpu_relax();
		}
	}
}

static void vcon_console_write(struct console *con, const char *s, size_t n)
{
	struct vcon *c = con->data;
	unsigned long flags = 0;
	bool locked = true;

	if (panic_in_progress)
		locked = spin_trylock_irqsave(&c->lock, flags);
	else
		spin_lock_irqsave(&c->lock, flags);
	collect_tx(c);
	while (n) {
		const char *nl = memchr(s, '\n', n);
		size_t part = nl ? (size_t)(nl - s) : n;

		if (part)
			send_polled(c, (const u8 *)s, part);
		if (nl) {
			send_polled(c, (const u8 *)"\r\n", 2);
			part++;
		}
		s += part;
		n -= part;
	}
	if (locked)
		spin_unlock_irqrestore(&c->lock, flags);
}

static struct tty_driver *vcon_console_device(struct console *con, int *index)
{
	*index = 0;
	return &vcon_tty_driver;
}

static void add_console(struct vcon *c)
{
	strscpy(c->console.name, "hvc", sizeof(c->console.name));
	c->console.index = 0;
	c->console.write = vcon_console_write;
	c->console.device = vcon_console_device;
	c->console.data = c;
	c->console.flags = CON_PRINTBUFFER;
	register_console(&c->console);
}

/* ---- set-up -------------------------------------------------------------------------------- */

static int alloc_bufs(struct vcon *c)
{
	for (unsigned int i = 0; i < NR_BUFS; i++) {
		c->rx_bufs[i].data = kmalloc(BUF_SIZE, GFP_KERNEL);
		c->tx_bufs[i].data = kmalloc(BUF_SIZE, GFP_KERNEL);
		if (!c->rx_bufs[i].data || !c->tx_bufs[i].data)
			return -ENOMEM;
		INIT_LIST_HEAD(&c->rx_bufs[i].list);
		list_add_tail(&c->tx_bufs[i].list, &c->tx_free);
		c->nr_tx_free++;
	}
	return 0;
}

static void free_vcon(struct vcon *c)
{
	for (unsigned int i = 0; i < NR_BUFS; i++) {
		kfree(c->rx_bufs[i].data);
		kfree(c->tx_bufs[i].data);
	}
	kfree(c);
}

static int start_queues(struct vcon *c)
{
	unsigned long flags;

	c->rx = virtio_find_vq(c->vdev, RX_QUEUE, "receive", rx_interrupt);
	if (IS_ERR(c->rx))
		return PTR_ERR(c->rx);
	c->tx = virtio_find_vq(c->vdev, TX_QUEUE, "transmit", tx_interrupt);
	if (IS_ERR(c->tx))
		return PTR_ERR(c->tx);
	c->rx->quiet = c->tx->quiet = true;	/* printk would want the lock that we hold */
	virtio_device_ready(c->vdev);
	spin_lock_irqsave(&c->lock, flags);
	for (unsigned int i = 0; i < NR_BUFS && i < c->rx->num; i++)
		give_rx(c, &c->rx_bufs[i]);
	virtqueue_kick(c->rx);
	spin_unlock_irqrestore(&c->lock, flags);
	return 0;
}

static int register_terminal(struct virtio_device *vdev)
{
	struct device *dev;
	int error;

	vcon_tty_driver.init_termios = tty_std_termios;
	error = tty_register_driver(&vcon_tty_driver);
	if (error)
		return error;
	dev = tty_register_device(&vcon_tty_driver, 0, &vdev->dev);
	return PTR_ERR_OR_ZERO(dev);
}

static int vcon_probe(struct virtio_device *vdev)
{
	struct vcon *c;
	int error;

	if (the_vcon)
		return -EBUSY;
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	if (!c)
		return -ENOMEM;
	c->vdev = vdev;
	spin_lock_init_rank(&c->lock, LOCK_RANK_CONSOLE);
	INIT_LIST_HEAD(&c->received);
	INIT_LIST_HEAD(&c->tx_free);
	vdev->priv = c;
	error = alloc_bufs(c);
	if (!error)
		error = start_queues(c);
	if (error) {
		virtio_reset_device(vdev);
		virtio_del_vqs(vdev);
		free_vcon(c);
		return error;
	}
	the_vcon = c;
	error = register_terminal(vdev);
	if (error)
		pr_warn("hvc: no /dev/hvc0: error %d\n", error);
	add_console(c);
	return 0;
}

const struct virtio_driver virtio_console_driver = {
	.name = "virtio_console",
	.id = VIRTIO_ID_CONSOLE,
	.probe = vcon_probe,
};
