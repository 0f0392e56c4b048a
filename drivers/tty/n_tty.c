// SPDX-License-Identifier: GPL-2.0-only
/*
 * The line discipline N_TTY: reading, modes, polling.  n_tty_input.c receives, n_tty_output.c
 * sends; data structure and locking are described in n_tty.h.
 */
#include <drivers/tty/n_tty.h>
#include <drivers/tty/tty.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <mm/slab.h>

#define NS_PER_VTIME	(100 * NSEC_PER_MSEC)

struct n_tty_data *n_tty_alloc(void)
{
	struct n_tty_data *d = kvmalloc(sizeof(*d), GFP_KERNEL | __GFP_ZERO);

	if (d)
		mutex_init_rank(&d->output_mutex, LOCK_RANK_DEVICE);
	return d;
}

void n_tty_free(struct n_tty_data *d)
{
	kvfree(d);
}

/* ---- modes --------------------------------------------------------------------------------- */

/* What there is becomes one unfinished line, or plain data. */
static void switch_canonical(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;

	bitmap_zero(d->line_ends, N_TTY_BUF_SIZE);
	d->commit_head = d->read_head;
	d->lnext = d->erasing = false;
	if (!_L_FLAG(tty, ICANON) || d->read_head == d->read_tail) {
		d->canon_head = d->read_tail;
		return;
	}
	set_bit((d->read_head - 1) % N_TTY_BUF_SIZE, d->line_ends);
	d->canon_head = d->read_head;
}

static void mark_special(struct tty_struct *tty, int cc)
{
	u8 c = TTY_CC(tty, cc);

	if (c != DISABLED_CHAR)
		__set_bit(c, tty->disc->special);
}

static void collect_specials(struct tty_struct *tty)
{
	static const u8 canonical[] = { VERASE, VKILL, VEOF, VEOL };
	static const u8 extended[] = { VWERASE, VLNEXT, VREPRINT, VEOL2 };
	struct n_tty_data *d = tty->disc;

	bitmap_zero(d->special, 256);
	if (_I_FLAG(tty, IGNCR | ICRNL))
		__set_bit('\r', d->special);
	if (_I_FLAG(tty, INLCR) || _L_FLAG(tty, ICANON))
		__set_bit('\n', d->special);
	if (_I_FLAG(tty, IXON)) {
		mark_special(tty, VSTART);
		mark_special(tty, VSTOP);
	}
	if (_L_FLAG(tty, ISIG)) {
		mark_special(tty, VINTR);
		mark_special(tty, VQUIT);
		mark_special(tty, VSUSP);
	}
	if (!_L_FLAG(tty, ICANON))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(canonical); i++)
		mark_special(tty, canonical[i]);
	for (size_t i = 0; i < ARRAY_SIZE(extended) && _L_FLAG(tty, IEXTEN); i++)
		mark_special(tty, extended[i]);
}

static bool needs_no_processing(const struct tty_struct *tty)
{
	return !_I_FLAG(tty, IGNBRK | BRKINT | PARMRK | INPCK | ISTRIP | INLCR | IGNCR | ICRNL |
			IUCLC | IXON) &&
	       !_L_FLAG(tty, ICANON | ISIG | ECHO | ECHONL | EXTPROC);
}

void n_tty_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
	struct n_tty_data *d = tty->disc;

	if (!old || (old->c_lflag ^ tty->termios.c_lflag) & (ICANON | EXTPROC))
		switch_canonical(tty);
	collect_specials(tty);
	d->raw = needs_no_processing(tty);
	/* Stopped by ^S, and now nobody would hear ^Q. */
	if (old && (old->c_iflag & IXON) && !_I_FLAG(tty, IXON) && !READ_ONCE(tty->tco_stopped))
		start_tty(tty);
	wake_up_interruptible_all(&tty->write_wait);
	wake_up_interruptible_all(&tty->read_wait);
}

void n_tty_flush_input(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;

	d->read_tail = d->read_head = d->canon_head = d->commit_head = 0;
	d->lnext = d->erasing = false;
	bitmap_zero(d->line_ends, N_TTY_BUF_SIZE);
	if (tty->link)
		tty_packet_event(tty, TIOCPKT_FLUSHREAD, 0);
	if (test_and_clear_bit(TTY_NO_SPACE, &tty->flags))
		tty_buffer_restart(tty);
	tty_unthrottle(tty);
}

void n_tty_hangup(struct tty_struct *tty)
{
	n_tty_discard_echoes(tty);
	n_tty_flush_input(tty);
}

/* ---- what there is to read ----------------------------------------------------------------- */

static bool is_canonical(const struct tty_struct *tty)
{
	return _L_FLAG(tty, ICANON) && !_L_FLAG(tty, EXTPROC);
}

bool n_tty_input_available(struct tty_struct *tty, bool poll)
{
	struct n_tty_data *d = tty->disc;
	unsigned int want = 1;

	if (is_canonical(tty))
		return load_acquire(&d->canon_head) != READ_ONCE(d->read_tail);
	/* With VMIN alone, poll reports data when read would not wait. */
	if (poll && !TTY_CC(tty, VTIME) && TTY_CC(tty, VMIN))
		want = TTY_CC(tty, VMIN);
	return load_acquire(&d->commit_head) - READ_ONCE(d->read_tail) >= want;
}

size_t n_tty_inq(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;
	unsigned int tail = READ_ONCE(d->read_tail);
	unsigned int head;
	size_t n;

	if (!is_canonical(tty))
		return load_acquire(&d->commit_head) - tail;
	head = load_acquire(&d->canon_head);
	n = head - tail;
	for (; tail != head; tail++)	/* end-of-file marks are not data */
		if (test_bit(tail % N_TTY_BUF_SIZE, d->line_ends) &&
		    *n_tty_slot(d, tail) == DISABLED_CHAR)
			n--;
	return n;
}

static bool packet_pending(struct tty_struct *tty)
{
	return READ_ONCE(tty->packet) && tty->link && READ_ONCE(tty->link->pktstatus);
}

/* ---- reading ------------------------------------------------------------------------------- */

/* [r] The tail moves: a stalled receiver may go on. */
static void advance_tail(struct tty_struct *tty, unsigned int tail)
{
	store_release(&tty->disc->read_tail, tail);
}

/* [r] Copies [tail, tail + n) out; bytes done. */
static size_t copy_ring(struct n_tty_data *d, unsigned int tail, size_t n, struct iov_iter *to)
{
	unsigned int pos = tail % N_TTY_BUF_SIZE;
	size_t first = min_t(size_t, n, N_TTY_BUF_SIZE - pos);
	size_t done = copy_to_iter(&d->buf[pos], first, to);

	if (done == first && n > first)
		done += copy_to_iter(d->buf, n - first, to);
	return done;
}

/* Where the line that begins at @tail ends: index of its last character, or @head if it has no
 * end yet. */
static unsigned int find_line_end(struct n_tty_data *d, unsigned int tail, unsigned int head)
{
	while (tail != head && !test_bit(tail % N_TTY_BUF_SIZE, d->line_ends))
		tail++;
	return tail;
}

/*
 * At most one line.  An end-of-file mark is swallowed with the data before it, also when that
 * data fills the caller's buffer exactly: only a mark that stands alone gives an empty read.
 */
static ssize_t read_line(struct tty_struct *tty, struct iov_iter *to)
{
	struct n_tty_data *d = tty->disc;
	unsigned int tail = d->read_tail, head = load_acquire(&d->canon_head);
	unsigned int end = find_line_end(d, tail, head);
	bool found = end != head;
	bool mark = found && *n_tty_slot(d, end) == DISABLED_CHAR;
	size_t line = end - tail + (found && !mark);
	size_t n = min_t(size_t, line, iov_iter_count(to));
	size_t done = copy_ring(d, tail, n, to);

	if (done < n && !done)
		return -EFAULT;
	tail += done;
	if (found && done == line) {
		clear_bit(end % N_TTY_BUF_SIZE, d->line_ends);
		tail = end + 1;
	}
	advance_tail(tty, tail);
	return done;
}

static ssize_t read_raw(struct tty_struct *tty, struct iov_iter *to)
{
	struct n_tty_data *d = tty->disc;
	unsigned int tail = d->read_tail;
	size_t n = min_t(size_t, load_acquire(&d->commit_head) - tail, iov_iter_count(to));
	size_t done = copy_ring(d, tail, n, to);

	advance_tail(tty, tail + done);
	/* An EOF typed before the switch to raw mode counts for nothing any more. */
	return done || !n ? (ssize_t)done : -EFAULT;
}

/* A background process may not read its terminal. */
static int check_foreground(struct tty_struct *tty, struct file *file)
{
	if (file_tty_file(file)->console)
		return 0;
	return __tty_check_change(tty, SIGTTIN);
}

static int lock_reader(struct tty_struct *tty, struct file *file)
{
	if (file->f_flags & O_NONBLOCK)
		return mutex_trylock(&tty->read_mutex) ? 0 : -EAGAIN;
	return mutex_lock_interruptible(&tty->read_mutex) ? -ERESTARTSYS : 0;
}

/* Nothing is there: should the reader end, and how? 1: wait. */
static int why_not_wait(struct tty_struct *tty, struct file *file, u64 timeout)
{
	if (test_bit(TTY_OTHER_CLOSED, &tty->flags))
		return -EIO;
	if (READ_ONCE(file_tty_file(file)->hung_up) || !timeout)
		return 0;
	if (file->f_flags & O_NONBLOCK)
		return -EAGAIN;
	if (signal_pending(current))
		return -ERESTARTSYS;
	return 1;
}

static bool reader_can_go(struct tty_struct *tty)
{
	return n_tty_input_available(tty, false) || packet_pending(tty);
}

/* [m] Wait for input, without [m] meanwhile. 1: there is something (or look again); else the
 * read's result. */
static int wait_for_input(struct tty_struct *tty, struct file *file, u64 *timeout)
{
	DEFINE_WAIT(wait);
	int ret = 1;

	if (reader_can_go(tty))
		return 1;
	up_read(&tty->termios_rwsem);
	if (tty_buffer_used(tty))
		tty_buffer_flush_work(tty);
	prepare_to_wait(&tty->read_wait, &wait, TASK_INTERRUPTIBLE);
	if (!reader_can_go(tty)) {
		ret = why_not_wait(tty, file, *timeout);
		if (ret == 1)
			*timeout = schedule_timeout_ns(*timeout);
	}
	finish_wait(&tty->read_wait, &wait);
	down_read(&tty->termios_rwsem);
	return ret;
}

/* A master in packet mode gets events ahead of data, and a zero byte before data. */
static int read_packet_status(struct tty_struct *tty, struct iov_iter *to)
{
	struct tty_struct *slave = tty->link;
	u8 status;

	spin_lock_irq(&slave->ctrl_lock);
	status = slave->pktstatus;
	slave->pktstatus = 0;
	spin_unlock_irq(&slave->ctrl_lock);
	return copy_to_iter(&status, 1, to) == 1 ? 1 : -EFAULT;
}

/* How many bytes end a raw read, and the two times of VMIN and VTIME. */
struct read_limits {
	size_t	minimum;
	u64	first;		/* ns to wait for the first byte */
	u64	between;	/* ns between bytes; 0: no limit */
};

static struct read_limits raw_limits(const struct tty_struct *tty)
{
	u64 vtime = TTY_CC(tty, VTIME) * NS_PER_VTIME;
	struct read_limits l = { .minimum = 1, .first = MAX_SCHEDULE_TIMEOUT_NS };

	if (is_canonical(tty))
		return l;
	if (TTY_CC(tty, VMIN)) {
		l.minimum = TTY_CC(tty, VMIN);
		l.between = vtime;
	} else {
		l.first = vtime;	/* 0: what is there, if anything */
	}
	return l;
}

static void after_read(struct tty_struct *tty)
{
	struct n_tty_data *d = tty->disc;

	smp_mb();		/* the tail is out; now who waits for it? */
	if (test_and_clear_bit(TTY_NO_SPACE, &tty->flags))
		tty_buffer_restart(tty);
	if (test_bit(TTY_THROTTLED, &tty->flags) &&
	    load_acquire(&d->commit_head) - d->read_tail <= UNTHROTTLE_CHARS)
		tty_unthrottle(tty);
}

/* [m], [r] */
static ssize_t read_locked(struct tty_struct *tty, struct file *file, struct iov_iter *to)
{
	struct read_limits limits = raw_limits(tty);
	u64 timeout = limits.first;
	ssize_t copied = 0;
	ssize_t ret = 0;

	while (iov_iter_count(to)) {
		ret = wait_for_input(tty, file, &timeout);
		if (ret <= 0)
			break;
		if (packet_pending(tty)) {
			ret = copied ? 0 : read_packet_status(tty, to);
			copied += max_t(ssize_t, ret, 0);
			break;
		}
		if (!n_tty_input_available(tty, false))
			continue;
		if (READ_ONCE(tty->packet) && !copied) {
			if (copy_to_iter("", 1, to) != 1)
				return -EFAULT;
			copied = 1;
		}
		ret = is_canonical(tty) ? read_line(tty, to) : read_raw(tty, to);
		after_read(tty);
		if (ret < 0)
			break;
		copied += ret;
		if (is_canonical(tty) || (size_t)copied >= limits.minimum || READ_ONCE(tty->packet))
			break;
		if (limits.between)
			timeout = limits.between;
	}
	return copied ? copied : ret;
}

ssize_t n_tty_read(struct tty_struct *tty, struct file *file, struct iov_iter *to)
{
	ssize_t ret = check_foreground(tty, file);

	if (ret)
		return ret;
	ret = lock_reader(tty, file);
	if (ret)
		return ret;
	down_read(&tty->termios_rwsem);
	ret = read_locked(tty, file, to);
	up_read(&tty->termios_rwsem);
	mutex_unlock(&tty->read_mutex);
	return ret;
}

/* ---- poll ---------------------------------------------------------------------------------- */

__poll_t n_tty_poll(struct tty_struct *tty, struct file *file, poll_table *wait)
{
	__poll_t mask = 0;

	poll_wait(file, &tty->read_wait, wait);
	poll_wait(file, &tty->write_wait, wait);
	if (n_tty_input_available(tty, true))
		mask |= EPOLLIN | EPOLLRDNORM;
	if (packet_pending(tty))
		mask |= EPOLLPRI | EPOLLIN | EPOLLRDNORM;
	if (test_bit(TTY_OTHER_CLOSED, &tty->flags) || READ_ONCE(file_tty_file(file)->hung_up))
		mask |= EPOLLHUP;
	if (!mutex_is_locked(&tty->write_mutex) && tty_chars_in_buffer(tty) < 256 &&
	    tty_write_room(tty) > 0)
		mask |= EPOLLOUT | EPOLLWRNORM;
	return mask;
}
