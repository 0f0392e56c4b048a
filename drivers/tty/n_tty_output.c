// SPDX-License-Identifier: GPL-2.0-only
/*
 * N_TTY's way out: output processing (OPOST), echoes, write().
 *
 * Echoes are made by the receiving work, which must not wait: they go into a ring and leave it as
 * the driver has room.  output_mutex covers the cursor column and the ring, so that echoes and
 * output do not mix within a character.  Nobody sleeps for room with output_mutex or
 * termios_rwsem held.
 */
#include <drivers/tty/n_tty.h>
#include <drivers/tty/tty.h>
#include <kernel/lib/ctype.h>
#include <kernel/lib/err.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>

#define TAB_WIDTH	8

/* ---- output processing --------------------------------------------------------------------- */

static bool put(struct tty_struct *tty, const char *s, size_t n, size_t room)
{
	if (room < n)
		return false;
	tty->ops->write(tty, (const u8 *)s, n);
	return true;
}

static bool put_newline(struct tty_struct *tty, size_t room)
{
	struct n_tty_data *d = tty->disc;
	bool done;

	if (_O_FLAG(tty, ONLRET))
		d->column = 0;
	if (!_O_FLAG(tty, ONLCR))
		return put(tty, "\n", 1, room);
	done = put(tty, "\r\n", 2, room);
	if (done)
		d->column = d->canon_column = 0;
	return done;
}

static bool put_return(struct tty_struct *tty, size_t room)
{
	struct n_tty_data *d = tty->disc;
	bool done;

	if (_O_FLAG(tty, ONOCR) && d->column == 0)
		return true;
	if (_O_FLAG(tty, OCRNL)) {
		done = put(tty, "\n", 1, room);
		if (done && _O_FLAG(tty, ONLRET))
			d->column = d->canon_column = 0;
		return done;
	}
	done = put(tty, "\r", 1, room);
	if (done)
		d->column = d->canon_column = 0;
	return done;
}

static bool put_tab(struct tty_struct *tty, size_t room)
{
	struct n_tty_data *d = tty->disc;
	unsigned int width = TAB_WIDTH - d->column % TAB_WIDTH;
	bool done;

	if (_O_FLAG(tty, TABDLY) == XTABS)
		done = put(tty, "        ", width, room);
	else
		done = put(tty, "\t", 1, room);
	if (done)
		d->column += width;
	return done;
}

static bool put_plain(struct tty_struct *tty, u8 c, size_t room)
{
	struct n_tty_data *d = tty->disc;
	char out = c;

	if (_O_FLAG(tty, OLCUC))
		out = toupper(c);
	if (!put(tty, &out, 1, room))
		return false;
	if (c == '\b')
		d->column -= d->column > 0;
	else if (!is_control(c) && !is_continuation(tty, c))
		d->column++;
	return true;
}

/* [o] One character with OPOST; false: it did not fit, nothing was sent. */
static bool output_char(struct tty_struct *tty, u8 c)
{
	size_t room = tty_write_room(tty);

	if (!_O_FLAG(tty, OPOST))
		return put(tty, (const char *)&c, 1, room);
	switch (c) {
	case '\n':
		return put_newline(tty, room);
	case '\r':
		return put_return(tty, room);
	case '\t':
		return put_tab(tty, room);
	default:
		return put_plain(tty, c, room);
	}
}

/* [o] The beginning of @buf that needs no processing, in one go; how much was taken. */
static size_t output_plain_run(struct tty_struct *tty, const u8 *buf, size_t n)
{
	struct n_tty_data *d = tty->disc;
	unsigned int width = 0;
	size_t i;

	if (_O_FLAG(tty, OLCUC))
		return 0;
	n = min(n, tty_write_room(tty));
	for (i = 0; i < n; i++) {
		u8 c = buf[i];

		if (c == '\n' || c == '\r' || c == '\t' || c == '\b')
			break;
		if (!is_control(c) && !is_continuation(tty, c))
			width++;
	}
	n = i ? tty->ops->write(tty, buf, i) : 0;
	if (n < i) {			/* rare: count again what really went */
		for (i = 0, width = 0; i < n; i++)
			width += !is_control(buf[i]) && !is_continuation(tty, buf[i]);
	}
	d->column += width;
	return n;
}

static size_t output_processed(struct tty_struct *tty, const u8 *buf, size_t n)
{
	size_t done = 0;

	while (done < n) {
		size_t run = output_plain_run(tty, buf + done, n - done);

		done += run;
		if (done < n && !run) {
			if (!output_char(tty, buf[done]))
				break;
			done++;
		}
	}
	return done;
}

/* ---- echoes -------------------------------------------------------------------------------- */

void n_tty_echo(struct tty_struct *tty, enum echo_op op, u8 arg)
{
	struct n_tty_data *d = tty->disc;

	mutex_lock(&d->output_mutex);
	if (d->echo_head - d->echo_tail < N_TTY_ECHO_SIZE)
		d->echo[d->echo_head++ % N_TTY_ECHO_SIZE] = op << 8 | arg;
	mutex_unlock(&d->output_mutex);
}

void n_tty_echo_char(struct tty_struct *tty, u8 c)
{
	bool as_ctrl = _L_FLAG(tty, ECHOCTL) && is_control(c) && c != '\t';

	n_tty_echo(tty, as_ctrl ? ECHO_CTRL : ECHO_CHAR, c);
}

static bool erase_tab(struct tty_struct *tty, u8 arg)
{
	struct n_tty_data *d = tty->disc;
	unsigned int width = arg & (TAB_WIDTH - 1);
	unsigned int n;

	if (!(arg & ECHO_AFTER_TAB))
		width += d->canon_column;
	n = TAB_WIDTH - width % TAB_WIDTH;
	if (!put(tty, "\b\b\b\b\b\b\b\b", n, tty_write_room(tty)))
		return false;
	d->column -= min(d->column, n);
	return true;
}

static bool echo_control(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *d = tty->disc;
	char text[2] = { '^', c ^ 0x40 };

	if (!put(tty, text, 2, tty_write_room(tty)))
		return false;
	d->column += 2;
	return true;
}

/* [o] */
static bool echo_one(struct tty_struct *tty, u16 entry)
{
	struct n_tty_data *d = tty->disc;
	u8 arg = entry;

	switch ((enum echo_op)(entry >> 8)) {
	case ECHO_CTRL:
		return echo_control(tty, arg);
	case ECHO_SET_CANON_COLUMN:
		d->canon_column = d->column;
		return true;
	case ECHO_MOVE_BACK:
		d->column -= d->column > 0;
		return true;
	case ECHO_ERASE_TAB:
		return erase_tab(tty, arg);
	case ECHO_CHAR:
	default:
		return output_char(tty, arg);
	}
}

/* [o] */
static void process_echoes_locked(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;

	while (d->echo_tail != d->echo_head) {
		if (!echo_one(tty, d->echo[d->echo_tail % N_TTY_ECHO_SIZE]))
			break;
		d->echo_tail++;
	}
}

void n_tty_process_echoes(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;

	mutex_lock(&d->output_mutex);
	process_echoes_locked(tty);
	mutex_unlock(&d->output_mutex);
}

void n_tty_discard_echoes(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;

	mutex_lock(&d->output_mutex);
	d->echo_tail = d->echo_head;
	mutex_unlock(&d->output_mutex);
}

/* The driver has room: the receiving work also sends echoes. */
void n_tty_write_wakeup(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;

	if (READ_ONCE(d->echo_tail) != READ_ONCE(d->echo_head))
		tty_flip_buffer_push(tty);
}

/* ---- write --------------------------------------------------------------------------------- */

/* [m] What fits now. */
static size_t write_some(struct tty_struct *tty, const u8 *buf, size_t n)
{
	struct n_tty_data *d = tty->disc;

	mutex_lock(&d->output_mutex);
	process_echoes_locked(tty);
	if (_O_FLAG(tty, OPOST))
		n = output_processed(tty, buf, n);
	else
		n = tty->ops->write(tty, buf, n);
	mutex_unlock(&d->output_mutex);
	return n;
}

static bool writer_must_give_up(struct tty_struct *tty, struct file *file)
{
	return READ_ONCE(file_tty_file(file)->hung_up) || test_bit(TTY_HUPPING, &tty->flags) ||
	       ((tty->driver->flags & TTY_DRIVER_PTY) && test_bit(TTY_OTHER_CLOSED, &tty->flags));
}

/* [m] Waits for room, without [m] meanwhile. 0, or what ends the write. */
static int wait_for_room(struct tty_struct *tty, struct file *file)
{
	DEFINE_WAIT(wait);
	int ret = 0;

	if (file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	up_read(&tty->termios_rwsem);
	prepare_to_wait(&tty->write_wait, &wait, TASK_INTERRUPTIBLE);
	if (signal_pending(current))
		ret = -ERESTARTSYS;
	else if (tty_write_room(tty) < TAB_WIDTH && !writer_must_give_up(tty, file))
		schedule();
	finish_wait(&tty->write_wait, &wait);
	down_read(&tty->termios_rwsem);
	return ret;
}

ssize_t n_tty_write(struct tty_struct *tty, struct file *file, const u8 *buf, size_t n)
{
	size_t done = 0;
	ssize_t ret = 0;

	if (_L_FLAG(tty, TOSTOP) && !file_tty_file(file)->console) {
		ret = tty_check_change(tty);
		if (ret)
			return ret;
	}
	down_read(&tty->termios_rwsem);
	while (done < n) {
		size_t sent;

		if (signal_pending(current)) {
			ret = -ERESTARTSYS;
			break;
		}
		if (writer_must_give_up(tty, file)) {
			ret = -EIO;
			break;
		}
		sent = write_some(tty, buf + done, n - done);
		done += sent;
		if (!sent) {
			ret = wait_for_room(tty, file);
			if (ret)
				break;
		}
	}
	up_read(&tty->termios_rwsem);
	return done ? (ssize_t)done : ret;
}
