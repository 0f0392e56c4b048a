// SPDX-License-Identifier: GPL-2.0-only
/*
 * N_TTY's way in: what the receiving work does with each character - signals, flow control, line
 * editing, echo - as termios(3) describes it.  Locking: n_tty.h; the work is the producer and
 * holds termios_rwsem.
 */
#include <drivers/tty/n_tty.h>
#include <drivers/tty/tty.h>
#include <kernel/lib/ctype.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/signal.h>

/* ---- the buffer ---------------------------------------------------------------------------- */

static unsigned int used(const struct n_tty_data *d)
{
	return d->read_head - load_acquire(&d->read_tail);
}

static void store(struct n_tty_data *d, u8 c)
{
	*n_tty_slot(d, d->read_head) = c;
	d->read_head++;
}

/* The last slot is kept for the character that ends a line. */
static bool put_char(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *d = tty->disc;

	if (used(d) >= N_TTY_BUF_SIZE - 1) {
		if (_I_FLAG(tty, IMAXBEL))
			n_tty_echo(tty, ECHO_CHAR, '\a');
		return false;
	}
	store(d, c);
	return true;
}

/* \377 is doubled where \377 \0 marks an error. */
static void put_data(struct tty_struct *tty, u8 c)
{
	if (c == 0xff && _I_FLAG(tty, PARMRK))
		put_char(tty, c);
	put_char(tty, c);
}

static void end_line(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *d = tty->disc;

	if (used(d) >= N_TTY_BUF_SIZE)
		d->read_head--;
	set_bit(d->read_head % N_TTY_BUF_SIZE, d->line_ends);
	store(d, c);
	store_release(&d->canon_head, d->read_head);
	tty_wake_all(&tty->read_wait, EPOLLIN | EPOLLRDNORM);
}

/* [m] What fits; when that is nothing, readers restart the work. A line without end must not
 * block: its surplus is read and dropped, so that the newline or an erase gets through. */
static size_t room_now(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;
	unsigned int n = used(d);
	size_t room = n < N_TTY_BUF_SIZE - 1 ? N_TTY_BUF_SIZE - 1 - n : 0;

	if (_I_FLAG(tty, PARMRK))
		room /= 3;
	if (!room && _L_FLAG(tty, ICANON) && d->canon_head == load_acquire(&d->read_tail))
		room = 1;
	return room;
}

size_t n_tty_receive_room(struct tty_struct *tty)
{
	size_t room = room_now(tty);

	if (room)
		return room;
	set_bit(TTY_NO_SPACE, &tty->flags);
	smp_mb();		/* against the reader: tail first, then the flag */
	return room_now(tty);
}

/* ---- echo ---------------------------------------------------------------------------------- */

static void echo_raw(struct tty_struct *tty, u8 c)
{
	n_tty_echo(tty, ECHO_CHAR, c);
}

static void finish_erasing(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;

	if (d->erasing) {
		echo_raw(tty, '/');
		d->erasing = false;
	}
}

static void echo_input(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *d = tty->disc;

	if (!_L_FLAG(tty, ECHO))
		return;
	finish_erasing(tty);
	if (c == '\n') {
		echo_raw(tty, '\n');
		return;
	}
	/* At the beginning of a line remember where on the screen it is. */
	if (d->canon_head == d->read_head)
		n_tty_echo(tty, ECHO_SET_CANON_COLUMN, 0);
	n_tty_echo_char(tty, c);
}

/* ---- erase, word erase, kill --------------------------------------------------------------- */

/* The index of the first byte of the last character; canon_head if only half a character is
 * there. */
static unsigned int last_char_start(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;
	unsigned int head = d->read_head;

	do {
		head--;
	} while (is_continuation(tty, *n_tty_slot(d, head)) && head != d->canon_head);
	return head;
}

static void erase_tab(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;
	unsigned int width = 0;
	u8 after_tab = 0;

	for (unsigned int i = d->read_head; i != d->canon_head; ) {
		u8 c = *n_tty_slot(d, --i);

		if (c == '\t') {
			after_tab = ECHO_AFTER_TAB;
			break;
		}
		if (is_control(c))
			width += _L_FLAG(tty, ECHOCTL) ? 2 : 0;
		else if (!is_continuation(tty, c))
			width++;
	}
	n_tty_echo(tty, ECHO_ERASE_TAB, width % 8 | after_tab);
}

static void rub_out(struct tty_struct *tty)
{
	echo_raw(tty, '\b');
	echo_raw(tty, ' ');
	echo_raw(tty, '\b');
}

/* Printing terminals: \ then the erased characters backwards, / at the end. */
static void echo_erased_printing(struct tty_struct *tty, unsigned int start, unsigned int end)
{
	struct n_tty_data *d = tty->disc;

	if (!d->erasing) {
		echo_raw(tty, '\\');
		d->erasing = true;
	}
	n_tty_echo_char(tty, *n_tty_slot(d, start));
	while (++start != end) {
		echo_raw(tty, *n_tty_slot(d, start));
		n_tty_echo(tty, ECHO_MOVE_BACK, 0);
	}
}

/* The character [start, end) is gone from the buffer: make it go from the screen. */
static void echo_erased(struct tty_struct *tty, u8 key, unsigned int start, unsigned int end)
{
	u8 c = *n_tty_slot(tty->disc, start);

	if (!_L_FLAG(tty, ECHO))
		return;
	if (_L_FLAG(tty, ECHOPRT)) {
		echo_erased_printing(tty, start, end);
	} else if (key == TTY_CC(tty, VERASE) && !_L_FLAG(tty, ECHOE)) {
		n_tty_echo_char(tty, key);
	} else if (c == '\t') {
		erase_tab(tty);
	} else if (!is_control(c)) {
		rub_out(tty);
	} else if (_L_FLAG(tty, ECHOCTL)) {
		rub_out(tty);
		rub_out(tty);
	}
}

static void kill_line_simply(struct tty_struct *tty, u8 key)
{
	struct n_tty_data *d = tty->disc;

	d->read_head = d->canon_head;
	if (!_L_FLAG(tty, ECHO))
		return;
	finish_erasing(tty);
	n_tty_echo_char(tty, key);
	if (_L_FLAG(tty, ECHOK))
		echo_raw(tty, '\n');
}

static void erase(struct tty_struct *tty, u8 key)
{
	struct n_tty_data *d = tty->disc;
	bool word = key == TTY_CC(tty, VWERASE) && _L_FLAG(tty, IEXTEN);
	bool one = key == TTY_CC(tty, VERASE);
	bool in_word = false;

	if (d->read_head == d->canon_head)
		return;
	if (!one && !word &&
	    (!_L_FLAG(tty, ECHO) || !_L_FLAG(tty, ECHOK) || !_L_FLAG(tty, ECHOKE) ||
	     !_L_FLAG(tty, ECHOE))) {
		kill_line_simply(tty, key);
		return;
	}
	while (d->read_head != d->canon_head) {
		unsigned int start = last_char_start(tty), end = d->read_head;
		u8 c = *n_tty_slot(d, start);

		if (is_continuation(tty, c))
			break;		/* half a character at the beginning: leave it */
		if (word) {
			if (isalnum(c) || c == '_')
				in_word = true;
			else if (in_word)
				break;
		}
		d->read_head = start;
		echo_erased(tty, key, start, end);
		if (one)
			break;
	}
	if (d->read_head == d->canon_head && _L_FLAG(tty, ECHO))
		finish_erasing(tty);
}

static void reprint(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *d = tty->disc;

	finish_erasing(tty);
	n_tty_echo_char(tty, c);
	echo_raw(tty, '\n');
	for (unsigned int i = d->canon_head; i != d->read_head; i++)
		n_tty_echo_char(tty, *n_tty_slot(d, i));
}

/* ---- signals and flow control -------------------------------------------------------------- */

static void send_signal(struct tty_struct *tty, int sig)
{
	struct pid *pgrp = tty_get_pgrp(tty);

	if (pgrp)
		kill_pgrp(pgrp, sig, 1);
	put_pid(pgrp);
}

/* What is in flight in either direction belongs to the past. Drops [m] for a moment. */
static void flush_both_ways(struct tty_struct *tty)
{
	up_read(&tty->termios_rwsem);
	down_write(&tty->termios_rwsem);
	n_tty_discard_echoes(tty);
	tty_driver_flush_buffer(tty);
	n_tty_flush_input(tty);
	up_write(&tty->termios_rwsem);
	down_read(&tty->termios_rwsem);
}

static void signal_key(struct tty_struct *tty, int sig, u8 c)
{
	send_signal(tty, sig);
	if (!_L_FLAG(tty, NOFLSH))
		flush_both_ways(tty);
	if (_I_FLAG(tty, IXON))
		start_tty(tty);
	if (_L_FLAG(tty, ECHO))
		n_tty_echo_char(tty, c);
}

static bool is_cc(struct tty_struct *tty, int index, u8 c)
{
	return c == TTY_CC(tty, index) && c != DISABLED_CHAR;
}

static bool flow_key(struct tty_struct *tty, u8 c)
{
	if (is_cc(tty, VSTART, c))
		start_tty(tty);
	else if (is_cc(tty, VSTOP, c))
		stop_tty(tty);
	else
		return false;
	return true;
}

static int signal_of_key(struct tty_struct *tty, u8 c)
{
	if (is_cc(tty, VINTR, c))
		return SIGINT;
	if (is_cc(tty, VQUIT, c))
		return SIGQUIT;
	if (is_cc(tty, VSUSP, c))
		return SIGTSTP;
	return 0;
}

/* ---- canonical mode ------------------------------------------------------------------------ */

static bool edit_key(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *d = tty->disc;
	bool extended = _L_FLAG(tty, IEXTEN);

	if (is_cc(tty, VERASE, c) || is_cc(tty, VKILL, c) || (extended && is_cc(tty, VWERASE, c))) {
		erase(tty, c);
		return true;
	}
	if (extended && is_cc(tty, VLNEXT, c)) {
		d->lnext = true;
		if (_L_FLAG(tty, ECHO)) {
			finish_erasing(tty);
			if (_L_FLAG(tty, ECHOCTL)) {
				echo_raw(tty, '^');
				echo_raw(tty, '\b');
			}
		}
		return true;
	}
	if (extended && is_cc(tty, VREPRINT, c) && _L_FLAG(tty, ECHO)) {
		reprint(tty, c);
		return true;
	}
	return false;
}

static bool line_end_key(struct tty_struct *tty, u8 c)
{
	if (c == '\n') {
		if (_L_FLAG(tty, ECHO) || _L_FLAG(tty, ECHONL)) {
			finish_erasing(tty);
			echo_raw(tty, '\n');
		}
		end_line(tty, c);
		return true;
	}
	if (is_cc(tty, VEOF, c)) {
		end_line(tty, DISABLED_CHAR);	/* readers skip it: a line end of no length */
		return true;
	}
	if (is_cc(tty, VEOL, c) || (is_cc(tty, VEOL2, c) && _L_FLAG(tty, IEXTEN))) {
		echo_input(tty, c);
		end_line(tty, c);
		return true;
	}
	return false;
}

/* ---- one character ------------------------------------------------------------------------- */

static void receive_plain(struct tty_struct *tty, u8 c)
{
	echo_input(tty, c);
	put_data(tty, c);
}

/* @c is one of d->special. */
static void receive_special(struct tty_struct *tty, u8 c)
{
	int sig;

	if (_I_FLAG(tty, IXON) && flow_key(tty, c))
		return;
	if (_L_FLAG(tty, ISIG)) {
		sig = signal_of_key(tty, c);
		if (sig) {
			signal_key(tty, sig, c);
			return;
		}
	}
	if (c == '\r') {
		if (_I_FLAG(tty, IGNCR))
			return;
		if (_I_FLAG(tty, ICRNL))
			c = '\n';
	} else if (c == '\n' && _I_FLAG(tty, INLCR)) {
		c = '\r';
	}
	if (_L_FLAG(tty, ICANON) && (edit_key(tty, c) || line_end_key(tty, c)))
		return;
	receive_plain(tty, c);
}

static void receive_char(struct tty_struct *tty, u8 c)
{
	struct n_tty_data *d = tty->disc;

	if (_I_FLAG(tty, ISTRIP))
		c &= 0x7f;
	if (_I_FLAG(tty, IUCLC) && _L_FLAG(tty, IEXTEN))
		c = tolower(c);
	if (_L_FLAG(tty, EXTPROC)) {
		put_char(tty, c);
		return;
	}
	if (d->lnext) {
		d->lnext = false;
		receive_plain(tty, c);
		return;
	}
	/* Any key starts stopped output again. */
	if (READ_ONCE(tty->stopped) && _I_FLAG(tty, IXON) && _I_FLAG(tty, IXANY) &&
	    !is_cc(tty, VSTART, c) && !is_cc(tty, VSTOP, c) && !signal_of_key(tty, c))
		start_tty(tty);
	if (test_bit(c, d->special))
		receive_special(tty, c);
	else
		receive_plain(tty, c);
}

/* ---- errors of the line -------------------------------------------------------------------- */

static void put_marked(struct tty_struct *tty, u8 c)
{
	put_char(tty, 0xff);
	put_char(tty, 0);
	put_char(tty, c);
}

static void receive_break(struct tty_struct *tty)
{
	if (_I_FLAG(tty, IGNBRK))
		return;
	if (_I_FLAG(tty, BRKINT)) {
		send_signal(tty, SIGINT);
		if (!_L_FLAG(tty, NOFLSH))
			flush_both_ways(tty);
		return;
	}
	if (_I_FLAG(tty, PARMRK))
		put_marked(tty, 0);
	else
		put_char(tty, 0);
}

static void receive_bad(struct tty_struct *tty, u8 c)
{
	if (!_I_FLAG(tty, INPCK)) {
		receive_char(tty, c);
		return;
	}
	if (_I_FLAG(tty, IGNPAR))
		return;
	if (_I_FLAG(tty, PARMRK))
		put_marked(tty, c);
	else
		put_char(tty, 0);
}

static void receive_flagged(struct tty_struct *tty, u8 c, u8 flag)
{
	struct n_tty_data *d = tty->disc;

	switch (flag) {
	case TTY_BREAK:
		receive_break(tty);
		break;
	case TTY_PARITY:
	case TTY_FRAME:
		receive_bad(tty, c);
		break;
	case TTY_OVERRUN:
		d->overruns++;
		pr_warn_ratelimited("%s: %u input overruns\n", tty->name, d->overruns);
		break;
	default:
		receive_char(tty, c);
	}
}

/* ---- the work ------------------------------------------------------------------------------ */

static void receive_raw(struct tty_struct *tty, const u8 *data, size_t n)
{
	struct n_tty_data *d = tty->disc;

	n = min_t(size_t, n, N_TTY_BUF_SIZE - 1 - used(d));
	for (size_t i = 0; i < n; i++)
		store(d, data[i]);
}

static void check_throttle(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;

	if (_L_FLAG(tty, ICANON) && d->canon_head == load_acquire(&d->read_tail))
		return;		/* a line without end: pausing would wait for ever */
	if (N_TTY_BUF_SIZE - used(d) < THROTTLE_ROOM)
		tty_throttle(tty);
}

size_t n_tty_receive(struct tty_struct *tty, const u8 *data, const u8 *flags, size_t n)
{
	struct n_tty_data *d = tty->disc;

	if (d->raw && !flags) {
		receive_raw(tty, data, n);
	} else {
		for (size_t i = 0; i < n; i++) {
			if (flags && flags[i] != TTY_NORMAL)
				receive_flagged(tty, data[i], flags[i]);
			else if (d->raw)
				put_char(tty, data[i]);
			else
				receive_char(tty, data[i]);
		}
	}
	store_release(&d->commit_head, d->read_head);
	n_tty_process_echoes(tty);
	if (n_tty_input_available(tty, true))
		tty_wake_all(&tty->read_wait, EPOLLIN | EPOLLRDNORM);
	check_throttle(tty);
	return n;
}
