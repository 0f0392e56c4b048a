// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel log: printk(), the ring of records, its readers' interface.  Consoles are in
 * console.c.
 *
 * Records lie one after the other in a ring of bytes, each a header and its text, and have
 * consecutive numbers; the oldest go when there is no room.  A message without a newline leaves its
 * record open, and a KERN_CONT from the same task goes on in it.
 *
 * ring_lock is the innermost lock of all, taken with irqs off, for copying only.  After a panic it
 * is waited for only so long.
 */
#include <kernel/printk.h>

#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/math64.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/locking/spinlock.h>
#include <kernel/printk_internal.h>
#include <kernel/sched/wait.h>
#include <kernel/time/timekeeping.h>

#define RING_SIZE	(1U << CONFIG_LOG_BUF_SHIFT)
#define PANIC_SPINS	(1U << 22)

struct record {
	u64			ts_ns;
	struct task_struct	*owner;		/* who may continue it; only compared */
	unsigned short		len;		/* of the text */
	unsigned short		size;		/* whole, in the ring; 0: go on at the ring's start */
	unsigned char		facility, level;
	bool			open;		/* no newline yet */
	char			text[];
};
#define RECORD_ALIGN	__alignof__(struct record)

static char ring[RING_SIZE] __aligned(8);	/* [ring_lock] */
static u64 first_seq, next_seq, clear_seq;	/* [ring_lock] */
static unsigned int first_idx, next_idx;	/* [ring_lock] */
static struct record *last_record;		/* [ring_lock] NULL: none, or gone */
static DEFINE_SPINLOCK_RANK(ring_lock, LOCK_RANK_PRINTK);

static bool readers_to_wake;			/* [a] */
DECLARE_WAIT_QUEUE_HEAD(log_wait);
bool panic_in_progress;				/* [a] set once */
int dmesg_restrict = 1;		/* as on Debian */

/* ---- the ring: ring_lock held -------------------------------------------------------------- */

/* Raw: printk's own lock stays out of the lock checker, which prints. False: given up, in a
 * panic. */
static bool lock_ring(unsigned long *flags)
{
	unsigned int spins = 0;

	*flags = irq_save();
	while (!raw_spin_trylock(&ring_lock)) {
		cpu_relax();
		if (panic_in_progress && ++spins > PANIC_SPINS)
			return false;
	}
	return true;
}

static void unlock_ring(unsigned long flags, bool locked)
{
	if (locked)
		raw_spin_unlock(&ring_lock);
	irq_restore(flags);
}

static struct record *record_at(unsigned int idx)
{
	return (struct record *)(ring + idx);
}

/* The record at @idx, or the first one of the ring if the rest of it is unused. */
static unsigned int skip_to_record(unsigned int idx)
{
	if (RING_SIZE - idx < sizeof(struct record) || !record_at(idx)->size)
		return 0;
	return idx;
}

static void drop_oldest(void)
{
	first_idx = skip_to_record(first_idx);
	first_idx += record_at(first_idx)->size;
	first_seq++;
	if (clear_seq < first_seq)
		clear_seq = first_seq;
	if (first_seq == next_seq)
		last_record = NULL;
}

/*
 * Where @size bytes for a new record go.  The used part is [first, next), or [first, end) and [0,
 * next) when it wraps; a gap of a byte at least stays between next and first, so that equal indices
 * mean empty.
 */
static unsigned int make_room(unsigned int size)
{
	for (;;) {
		if (first_seq == next_seq)
			first_idx = next_idx = 0;
		if (first_idx <= next_idx) {
			if (next_idx + size <= RING_SIZE)
				return next_idx;
			if (size < first_idx) {
				if (RING_SIZE - next_idx >= sizeof(struct record))
					record_at(next_idx)->size = 0;
				return 0;
			}
		} else if (next_idx + size < first_idx) {
			return next_idx;
		}
		drop_oldest();
	}
}

static void close_last(void)
{
	if (last_record)
		last_record->open = false;
}

static void new_record(unsigned int facility, unsigned int level, bool open, const char *text,
		       size_t len)
{
	unsigned int size = ALIGN(sizeof(struct record) + len, RECORD_ALIGN), idx;
	struct record *r;

	close_last();
	idx = make_room(size);
	r = record_at(idx);
	r->ts_ns = sched_clock();
	r->owner = current;
	r->len = len;
	r->size = size;
	r->facility = facility;
	r->level = level;
	r->open = open;
	memcpy(r->text, text, len);
	next_idx = idx + size;
	next_seq++;
	last_record = r;
}

/* Continue the last record in place, if it is ours, open, and the ring goes on free behind it. */
static bool continue_record(bool open, const char *text, size_t len)
{
	struct record *r = last_record;
	unsigned int idx, size;

	if (!r || !r->open || r->owner != current || r->len + len > LOG_LINE_MAX)
		return false;
	idx = (char *)r - ring;
	size = ALIGN(sizeof(struct record) + r->len + len, RECORD_ALIGN);
	if (idx + size > RING_SIZE || (first_idx > idx && idx + size >= first_idx))
		return false;
	memcpy(r->text + r->len, text, len);
	r->len += len;
	r->size = size;
	r->open = open;
	next_idx = idx + size;
	return true;
}

/* ---- writing ------------------------------------------------------------------------------- */

static void news(void)
{
	WRITE_ONCE(readers_to_wake, true);
	console_flush();
	/* Where the caller may hold scheduler locks, the next tick or the idle loop wakes them. */
	if (!in_atomic() && !irqs_disabled() && !panic_in_progress)
		printk_wake_readers();
}

void printk_wake_readers(void)
{
	if (unlikely(READ_ONCE(readers_to_wake)) && xchg(&readers_to_wake, false) &&
	    wq_has_sleeper(&log_wait))
		wake_up_interruptible_poll(&log_wait, EPOLLIN | EPOLLRDNORM);
}

int log_store(unsigned int facility, unsigned int level, const char *text, size_t len)
{
	unsigned long flags;
	bool locked;

	len = min_t(size_t, len, LOG_LINE_MAX);
	if (len && text[len - 1] == '\n')
		len--;
	locked = lock_ring(&flags);
	new_record(facility, level, false, text, len);
	unlock_ring(flags, locked);
	news();
	return len;
}

/* Reads the "\001" prefix: a level, -1 for none; *cont. Returns what follows. */
static const char *parse_prefix(const char *text, int *level, bool *cont)
{
	*level = -1;
	*cont = false;
	while (text[0] == KERN_SOH[0] && text[1]) {
		if (text[1] >= '0' && text[1] <= '7')
			*level = text[1] - '0';
		else if (text[1] == 'c')
			*cont = true;
		text += 2;
	}
	return text;
}

int vprintk(const char *fmt, va_list args)
{
	char buf[LOG_LINE_MAX + 8];
	size_t len = vscnprintf(buf, sizeof(buf), fmt, args);
	unsigned long flags;
	const char *text;
	bool open, cont, locked;
	int level;

	text = parse_prefix(buf, &level, &cont);
	len = min_t(size_t, len - (text - buf), LOG_LINE_MAX);
	open = !len || text[len - 1] != '\n';
	if (!open)
		len--;
	locked = lock_ring(&flags);
	if (!cont || !continue_record(open, text, len))
		new_record(0, level < 0 ? default_message_loglevel : level, open, text, len);
	unlock_ring(flags, locked);
	news();
	return len;
}

int printk(const char *fmt, ...)
{
	va_list args;
	int len;

	va_start(args, fmt);
	len = vprintk(fmt, args);
	va_end(args);
	return len;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* Readers mostly go on where they were: remember the place of one record. */
static u64 cursor_seq;			/* [ring_lock] */
static unsigned int cursor_idx;		/* [ring_lock] */

static struct record *find_record(u64 seq)
{
	u64 at = first_seq;
	unsigned int idx = first_idx;

	if (cursor_seq >= first_seq && cursor_seq <= seq) {
		at = cursor_seq;
		idx = cursor_idx;
	}
	for (;; at++) {
		idx = skip_to_record(idx);
		if (at == seq)
			break;
		idx += record_at(idx)->size;
	}
	cursor_seq = seq;
	cursor_idx = idx;
	return record_at(idx);
}

static int read_locked(u64 seq, struct kmsg_record *rec, bool unfinished)
{
	const struct record *r;

	if (seq < first_seq) {
		rec->seq = first_seq;
		return -EPIPE;
	}
	if (seq >= next_seq)
		return -EAGAIN;
	r = find_record(seq);
	if (r->open && !unfinished)
		return -EAGAIN;
	rec->seq = seq;
	rec->ts_ns = r->ts_ns;
	rec->facility = r->facility;
	rec->level = r->level;
	rec->open = r->open;
	rec->len = r->len;
	memcpy(rec->text, r->text, r->len);
	return 0;
}

int console_read_record(u64 seq, struct kmsg_record *rec)
{
	unsigned long flags;
	bool locked = lock_ring(&flags);
	int err = read_locked(seq, rec, true);

	unlock_ring(flags, locked);
	return err;
}

int kmsg_read(u64 seq, struct kmsg_record *rec)
{
	unsigned long flags;
	bool locked = lock_ring(&flags);
	int err = read_locked(seq, rec, false);

	unlock_ring(flags, locked);
	return err;
}

static u64 read_seq(const u64 *seq)
{
	unsigned long flags;
	bool locked = lock_ring(&flags);
	u64 val = *seq;

	unlock_ring(flags, locked);
	return val;
}

u64 kmsg_first_seq(void)
{
	return read_seq(&first_seq);
}

u64 kmsg_next_seq(void)
{
	return read_seq(&next_seq);
}

u64 kmsg_clear_seq(void)
{
	return read_seq(&clear_seq);
}

void kmsg_clear(void)
{
	unsigned long flags;
	bool locked = lock_ring(&flags);

	clear_seq = next_seq;
	unlock_ring(flags, locked);
}

size_t kmsg_prefix(const struct kmsg_record *rec, char *buf, size_t size, bool syslog)
{
	u32 ns;
	u64 sec = div_u64_rem(rec->ts_ns, NSEC_PER_SEC, &ns);
	size_t n = 0;

	if (syslog)
		n = scnprintf(buf, size, "<%u>", rec->facility << 3 | rec->level);
	return n + scnprintf(buf + n, size - n, "[%5llu.%06u] ", sec, ns / 1000);
}

/* Each line of the text gets the prefix. */
size_t kmsg_format(const struct kmsg_record *rec, char *buf, size_t size, bool syslog)
{
	const char *line = rec->text, *end = rec->text + rec->len;
	char prefix[48];
	size_t plen = kmsg_prefix(rec, prefix, sizeof(prefix), syslog), n = 0;

	do {
		const char *nl = memchr(line, '\n', end - line);
		size_t len = (nl ? nl : end) - line;

		if (n + plen + len + 1 > size)
			break;
		memcpy(buf + n, prefix, plen);
		memcpy(buf + n + plen, line, len);
		n += plen + len;
		buf[n++] = '\n';
		line += len + 1;
	} while (line < end);
	return n;
}

size_t kmsg_format_ext(const struct kmsg_record *rec, char *buf, size_t size)
{
	size_t n = scnprintf(buf, size, "%u,%llu,%llu,-;", rec->facility << 3 | rec->level, rec->seq,
			     div_u64(rec->ts_ns, 1000));
	unsigned int i;

	for (i = 0; i < rec->len; i++) {
		unsigned char c = rec->text[i];

		if (c < ' ' || c >= 127 || c == '\\')
			n += scnprintf(buf + n, size - n, "\\x%02x", c);
		else if (n + 1 < size)
			buf[n++] = c;
	}
	if (n < size)
		buf[n++] = '\n';
	return n;
}

int kmsg_check_permission(void)
{
	return !dmesg_restrict || capable(CAP_SYSLOG) ? 0 : -EPERM;
}
