// SPDX-License-Identifier: GPL-2.0-only
/*
 * Consoles: which there are, and bringing the log's records to them.
 *
 * Whoever holds the console lock (a try-lock: nobody waits for output) prints for all; a record
 * that comes meanwhile is seen by the holder when it looks again after letting go.  The lock also
 * covers the list and each console's place in the log.  A panic takes it from whoever has it.
 */
#include <kernel/printk_internal.h>

#include <kernel/lib/atomic.h>
#include <kernel/lib/cmdline.h>
#include <kernel/lib/err.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>
#include <kernel/lib/ctype.h>
#include <kernel/sched/preempt.h>
#include <asm/barrier.h>
#include <asm/irqflags.h>
#include <asm/processor.h>

#define MAX_WANTED	8

/* A console= of the command line. */
struct wanted_console {
	char	name[16];
	int	index;
	char	options[24];
};

int console_printk[4] = { LOGLEVEL_DEBUG, LOGLEVEL_WARNING, 1, LOGLEVEL_DEBUG };

static u32 console_locked;			/* [a] 1: held */
static LIST_HEAD(consoles);			/* [console lock] */
static struct wanted_console wanted[MAX_WANTED]; /* [I] after the first registration */
static unsigned int nr_wanted;			/* [I] ditto */
static bool ignore_loglevel, keep_bootcon, parsed;
static struct kmsg_record rec;			/* [console lock] what is being printed */

/* ---- lock ---------------------------------------------------------------------------------- */

static bool console_trylock(void)
{
	preempt_disable();
	if (!__atomic_exchange_n(&console_locked, 1, __ATOMIC_ACQUIRE))
		return true;
	preempt_enable();
	return false;
}

static void console_unlock(void)
{
	__atomic_store_n(&console_locked, 0, __ATOMIC_RELEASE);
	preempt_enable();
}

/* For the list: the holder prints with preemption off, so it is not long. */
static void console_lock(void)
{
	while (!console_trylock())
		cpu_relax();
}

/* ---- output: lock held --------------------------------------------------------------------- */

static void con_write(struct console *con, const char *s, size_t n)
{
	if (n)
		con->write(con, s, n);
}

/* What of rec is not out yet, with a prefix at the beginning of each line. */
static void print_record(struct console *con)
{
	const char *p = rec.text + con->pos, *end = rec.text + rec.len;
	char prefix[48];
	size_t plen = kmsg_prefix(&rec, prefix, sizeof(prefix), false);

	if (!con->pos)
		con_write(con, prefix, plen);
	while (p < end) {
		const char *nl = memchr(p, '\n', end - p);

		con_write(con, p, (nl ? nl + 1 : end) - p);
		if (nl)
			con_write(con, prefix, plen);
		p = nl ? nl + 1 : end;
	}
	con->pos = rec.len;
}

/* One record; false: there is none, or it goes on later. */
static bool print_next(struct console *con)
{
	unsigned long flags = irq_save();
	bool more = true;

	switch (console_read_record(con->seq, &rec)) {
	case 0:
		if (rec.open && rec.len == con->pos) {
			more = false;
			break;
		}
		if (rec.level < console_loglevel || ignore_loglevel) {
			print_record(con);
			if (!rec.open)
				con_write(con, "\n", 1);
		}
		if (rec.open) {
			con->pos = rec.len;
		} else {
			con->seq++;
			con->pos = 0;
		}
		break;
	case -EPIPE:
		con->seq = rec.seq;
		con->pos = 0;
		break;
	default:
		more = false;
	}
	irq_restore(flags);
	return more;
}

static bool flush_locked(void)
{
	struct console *con;
	bool any = false;

	list_for_each_entry(con, &consoles, list) {
		while (print_next(con))
			any = true;
	}
	return any;
}

void console_flush(void)
{
	bool any;

	do {
		if (!console_trylock())
			return;
		any = flush_locked();
		console_unlock();
		smp_mb();
	} while (any);	/* a record may have come before the lock was let go */
}

void console_flush_on_panic(void)
{
	__atomic_store_n(&console_locked, 0, __ATOMIC_RELEASE);
	console_flush();
}

/* ---- choosing ------------------------------------------------------------------------------ */

/* "ttyAMA0,115200n8" */
static void add_wanted(const char *arg)
{
	struct wanted_console *w = &wanted[nr_wanted];
	const char *comma = strchrnul(arg, ','), *digits = comma;
	char number[12];

	if (nr_wanted == MAX_WANTED)
		return;
	while (digits > arg && isdigit(digits[-1]))
		digits--;
	strscpy(w->name, arg, min_t(size_t, sizeof(w->name), digits - arg + 1));
	strscpy(number, digits, min_t(size_t, sizeof(number), comma - digits + 1));
	if (kstrtoint(number, 10, &w->index))
		w->index = 0;
	strscpy(w->options, *comma ? comma + 1 : "", sizeof(w->options));
	nr_wanted++;
}

/* Once, at the first registration: the command line is there then. */
static void parse_command_line(void)
{
	const char *key, *value;
	unsigned int i;

	if (parsed)
		return;
	parsed = true;
	for (i = 0; (key = cmdline_word(i, &value)); i++) {
		if (value && !strcmp(key, "console"))
			add_wanted(value);
	}
	if (cmdline_bool("quiet"))
		console_loglevel = LOGLEVEL_WARNING;
	if (cmdline_bool("debug"))
		console_loglevel = LOGLEVEL_DEBUG + 1;
	console_loglevel = cmdline_number("loglevel", console_loglevel);
	ignore_loglevel = cmdline_bool("ignore_loglevel");
	keep_bootcon = cmdline_bool("keep_bootcon");
}

static bool has_console(unsigned int flag)
{
	struct console *con;

	list_for_each_entry(con, &consoles, list) {
		if (con->flags & flag)
			return true;
	}
	return false;
}

/* Does the command line name @con? Sets up index and flags. 0, -ENOENT or what setup said. */
static int match_wanted(struct console *con)
{
	unsigned int i;
	int err;

	for (i = nr_wanted; i-- > 0;) {
		const struct wanted_console *w = &wanted[i];

		if (strcmp(w->name, con->name) || (con->index >= 0 && con->index != w->index))
			continue;
		con->index = w->index;
		err = con->setup ? con->setup(con, w->options) : 0;
		if (err)
			return err;
		if (i == nr_wanted - 1)
			con->flags |= CON_CONSDEV;
		return 0;
	}
	return -ENOENT;
}

static int choose(struct console *con)
{
	if (con->flags & CON_BOOT)
		return has_console(~CON_BOOT & CON_ENABLED) ? -EEXIST : 0;
	if (nr_wanted) {
		con->flags &= ~CON_CONSDEV;
		return match_wanted(con);
	}
	/* The port that the device tree names may still come: the early console tells that there is one. */
	if (!(con->flags & CON_CONSDEV) && (console_preferred() || has_console(CON_CONSDEV)))
		return -ENOENT;
	if (con->index < 0)
		con->index = 0;
	return con->setup ? con->setup(con, "") : 0;
}

/* A real console takes over where the early ones are. */
static void retire_boot_consoles(struct console *heir)
{
	struct console *con, *next;

	list_for_each_entry_safe(con, next, &consoles, list) {
		if (!(con->flags & CON_BOOT))
			continue;
		heir->seq = con->seq;
		heir->pos = con->pos;
		list_del(&con->list);
		con->flags &= ~CON_ENABLED;
	}
}

void register_console(struct console *con)
{
	bool boot = con->flags & CON_BOOT;

	parse_command_line();
	console_lock();
	if (choose(con)) {
		console_unlock();
		return;
	}
	con->flags |= CON_ENABLED;
	con->seq = con->flags & CON_PRINTBUFFER || boot ? kmsg_first_seq() : kmsg_next_seq();
	con->pos = 0;
	if (!boot && !keep_bootcon) {
		flush_locked();		/* the early consoles finish */
		retire_boot_consoles(con);
	}
	if (con->flags & CON_CONSDEV)
		list_add(&con->list, &consoles);
	else
		list_add_tail(&con->list, &consoles);
	console_unlock();
	if (!boot)
		pr_info("console [%s%d] enabled\n", con->name, con->index);
	console_flush();
}

int unregister_console(struct console *con)
{
	int err = -ENODEV;

	console_lock();
	if (con->flags & CON_ENABLED) {
		list_del(&con->list);
		con->flags &= ~CON_ENABLED;
		err = 0;
	}
	console_unlock();
	return err;
}

struct console *console_preferred(void)
{
	struct console *con;

	list_for_each_entry(con, &consoles, list) {
		if (!(con->flags & CON_BOOT))
			return con;
	}
	return NULL;
}

struct console *console_nth(unsigned int n)
{
	struct console *con, *found = NULL;

	console_lock();
	list_for_each_entry(con, &consoles, list) {
		if (!n--) {
			found = con;
			break;
		}
	}
	console_unlock();
	return found;
}
