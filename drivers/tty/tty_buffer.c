// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring between a terminal driver's interrupt and the line discipline.
 *
 * Producers copy in under buf->lock (irqs off) and queue the work; the work copies out what the
 * line discipline has room for, and stops when that is nothing: readers restart it.  So nothing
 * is lost as long as the producer stops when the ring is full; it is told by ops->rx_room() when
 * there is room again.
 */
#include <drivers/tty/tty_driver.h>
#include <drivers/tty/tty.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <mm/slab.h>

#define CHUNK		256	/* bytes handed to the line discipline at once */
#define LOW_ROOM	256	/* less than that, and the producer may have to stop */

static unsigned int ring_used(const struct tty_bufhead *buf)
{
	return buf->head - buf->tail;
}

size_t tty_buffer_used(struct tty_struct *tty)
{
	return READ_ONCE(tty->buf.head) - READ_ONCE(tty->buf.tail);
}

size_t tty_buffer_room(struct tty_struct *tty)
{
	struct tty_bufhead *buf = &tty->buf;
	unsigned long flags;
	size_t room;

	spin_lock_irqsave(&buf->lock, flags);
	room = TTY_BUF_SIZE - ring_used(buf);
	if (room < LOW_ROOM)
		buf->starved = true;
	spin_unlock_irqrestore(&buf->lock, flags);
	return room;
}

/* [buf->lock] @n fits. */
static void copy_in(struct tty_bufhead *buf, const u8 *data, size_t n)
{
	unsigned int pos = buf->head % TTY_BUF_SIZE;
	size_t first = min_t(size_t, n, TTY_BUF_SIZE - pos);

	memcpy(buf->data + pos, data, first);
	memcpy(buf->data, data + first, n - first);
	if (buf->flags) {
		memset(buf->flags + pos, TTY_NORMAL, first);
		memset(buf->flags, TTY_NORMAL, n - first);
	}
	buf->head += n;
}

size_t tty_insert_flip_string(struct tty_struct *tty, const u8 *data, size_t n)
{
	struct tty_bufhead *buf = &tty->buf;
	unsigned long flags;
	size_t room;

	spin_lock_irqsave(&buf->lock, flags);
	room = TTY_BUF_SIZE - ring_used(buf);
	if (n > room) {
		n = room;
		buf->starved = true;
	}
	copy_in(buf, data, n);
	spin_unlock_irqrestore(&buf->lock, flags);
	return n;
}

bool tty_insert_flip_char(struct tty_struct *tty, u8 c, u8 flag)
{
	struct tty_bufhead *buf = &tty->buf;
	unsigned long flags;
	bool room;

	spin_lock_irqsave(&buf->lock, flags);
	room = ring_used(buf) < TTY_BUF_SIZE;
	if (room) {
		buf->data[buf->head % TTY_BUF_SIZE] = c;
		if (buf->flags)
			buf->flags[buf->head % TTY_BUF_SIZE] = flag;
		buf->head++;
	} else {
		buf->starved = true;
	}
	spin_unlock_irqrestore(&buf->lock, flags);
	return room;
}

/* A queued work item holds a reference: the terminal may lose its last user meanwhile. */
void tty_flip_buffer_push(struct tty_struct *tty)
{
	tty_kref_get(tty);
	if (!schedule_work(&tty->buf.work))
		tty_kref_put(tty);
}

/* At most @max bytes in one piece without wrapping; the work is the only one that moves the
 * tail. */
static size_t copy_out(struct tty_bufhead *buf, u8 *data, u8 *flags, size_t max, unsigned int *seq)
{
	unsigned long irqflags;
	unsigned int pos;
	size_t n;

	spin_lock_irqsave(&buf->lock, irqflags);
	*seq = buf->flushes;
	pos = buf->tail % TTY_BUF_SIZE;
	n = min_t(size_t, max, min_t(size_t, ring_used(buf), TTY_BUF_SIZE - pos));
	memcpy(data, buf->data + pos, n);
	if (buf->flags)
		memcpy(flags, buf->flags + pos, n);
	spin_unlock_irqrestore(&buf->lock, irqflags);
	return n;
}

/* True if a producer waits for the room. */
static bool consume(struct tty_bufhead *buf, size_t n, unsigned int seq)
{
	unsigned long flags;
	bool starved;

	spin_lock_irqsave(&buf->lock, flags);
	if (buf->flushes == seq)
		buf->tail += n;
	starved = buf->starved && ring_used(buf) <= TTY_BUF_SIZE / 2;
	if (starved)
		buf->starved = false;
	spin_unlock_irqrestore(&buf->lock, flags);
	return starved;
}

/* Bytes processed; 0: nothing there, or no room for it. */
static size_t receive_some(struct tty_struct *tty)
{
	struct tty_bufhead *buf = &tty->buf;
	u8 data[CHUNK], flags[CHUNK];
	unsigned int seq;
	size_t room, n;

	down_read(&tty->termios_rwsem);
	room = n_tty_receive_room(tty);
	n = copy_out(buf, data, flags, min_t(size_t, room, CHUNK), &seq);
	if (n)
		n = n_tty_receive(tty, data, buf->flags ? flags : NULL, n);
	up_read(&tty->termios_rwsem);
	if (n && consume(buf, n, seq) && tty->ops->rx_room)
		tty->ops->rx_room(tty);
	return n;
}

static void flush_to_ldisc(struct work_struct *work)
{
	struct tty_struct *tty = container_of(work, struct tty_struct, buf.work);

	down_read(&tty->termios_rwsem);
	n_tty_process_echoes(tty);
	up_read(&tty->termios_rwsem);
	while (receive_some(tty))
		cond_resched();
	tty_kref_put(tty);
}

int tty_buffer_init(struct tty_struct *tty, bool flags)
{
	struct tty_bufhead *buf = &tty->buf;

	spin_lock_init_rank(&buf->lock, LOCK_RANK_OBJECT_INNER);
	INIT_WORK(&buf->work, flush_to_ldisc);
	buf->data = kmalloc(TTY_BUF_SIZE, GFP_KERNEL);
	if (!buf->data)
		return -ENOMEM;
	if (!flags)
		return 0;
	buf->flags = kmalloc(TTY_BUF_SIZE, GFP_KERNEL);
	return buf->flags ? 0 : -ENOMEM;	/* tty_free() frees data */
}

/* A chunk that the work has copied out already is still processed. */
void tty_buffer_flush(struct tty_struct *tty)
{
	struct tty_bufhead *buf = &tty->buf;
	unsigned long flags;
	bool starved;

	spin_lock_irqsave(&buf->lock, flags);
	buf->tail = buf->head;
	buf->flushes++;
	starved = buf->starved;
	buf->starved = false;
	spin_unlock_irqrestore(&buf->lock, flags);
	if (starved && tty->ops->rx_room)
		tty->ops->rx_room(tty);
}

void tty_buffer_flush_work(struct tty_struct *tty)
{
	flush_work(&tty->buf.work);
}

void tty_buffer_restart(struct tty_struct *tty)
{
	if (tty_buffer_used(tty))
		tty_flip_buffer_push(tty);
}

void tty_wakeup(struct tty_struct *tty)
{
	n_tty_write_wakeup(tty);
	wake_up_interruptible_poll(&tty->write_wait, EPOLLOUT | EPOLLWRNORM);
}
