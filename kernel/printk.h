/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The kernel log.
 *
 * printk() works in any context, interrupts and panics included.  A message goes into a ring of
 * records with sequence numbers (dmesg, /dev/kmsg) and from there to the registered consoles.
 * Whoever prints also feeds the consoles unless another CPU is doing so, which then takes the new
 * records along.
 *
 * A level is a prefix of the format: KERN_ERR "text\n".  KERN_CONT continues the line before.
 */
#pragma once

#include <stdarg.h>
#include <kernel/lib/compiler.h>
#include <kernel/lib/list.h>
#include <kernel/lib/ratelimit.h>
#include <kernel/lib/types.h>

#define KERN_SOH	"\001"
#define KERN_EMERG	KERN_SOH "0"
#define KERN_ALERT	KERN_SOH "1"
#define KERN_CRIT	KERN_SOH "2"
#define KERN_ERR	KERN_SOH "3"
#define KERN_WARNING	KERN_SOH "4"
#define KERN_NOTICE	KERN_SOH "5"
#define KERN_INFO	KERN_SOH "6"
#define KERN_DEBUG	KERN_SOH "7"
#define KERN_DEFAULT	""
#define KERN_CONT	KERN_SOH "c"

#define LOGLEVEL_EMERG		0
#define LOGLEVEL_ALERT		1
#define LOGLEVEL_CRIT		2
#define LOGLEVEL_ERR		3
#define LOGLEVEL_WARNING	4
#define LOGLEVEL_NOTICE		5
#define LOGLEVEL_INFO		6
#define LOGLEVEL_DEBUG		7

/* Longest text of a record; longer messages are cut. */
#define LOG_LINE_MAX		1000

int printk(const char *fmt, ...) __printf(1, 2);
int vprintk(const char *fmt, va_list args) __printf(1, 0);
/* facility 1 (user) for what comes through /dev/kmsg; len bytes of text without a prefix. */
int log_store(unsigned int facility, unsigned int level, const char *text, size_t len);

/* A file may define pr_fmt before its first include to put its name before each message. */
#ifndef pr_fmt
#define pr_fmt(fmt) fmt
#endif
#define pr_emerg(fmt, ...)	printk(KERN_EMERG pr_fmt(fmt), ##__VA_ARGS__)
#define pr_alert(fmt, ...)	printk(KERN_ALERT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_crit(fmt, ...)	printk(KERN_CRIT pr_fmt(fmt), ##__VA_ARGS__)
#define pr_err(fmt, ...)	printk(KERN_ERR pr_fmt(fmt), ##__VA_ARGS__)
#define pr_warn(fmt, ...)	printk(KERN_WARNING pr_fmt(fmt), ##__VA_ARGS__)
#define pr_notice(fmt, ...)	printk(KERN_NOTICE pr_fmt(fmt), ##__VA_ARGS__)
#define pr_info(fmt, ...)	printk(KERN_INFO pr_fmt(fmt), ##__VA_ARGS__)
#define pr_cont(fmt, ...)	printk(KERN_CONT fmt, ##__VA_ARGS__)
#define pr_debug(fmt, ...) do {						\
	if (IS_ENABLED(CONFIG_DEBUG))					\
		printk(KERN_DEBUG pr_fmt(fmt), ##__VA_ARGS__);		\
} while (0)

#define __pr_limited(pr, fmt, ...) do {					\
	static DEFINE_RATELIMIT_STATE(__pr_rs, DEFAULT_RATELIMIT_INTERVAL_NS, \
				      DEFAULT_RATELIMIT_BURST);		\
	if (__ratelimit(&__pr_rs))					\
		pr(fmt, ##__VA_ARGS__);					\
} while (0)
#define pr_err_ratelimited(fmt, ...)	__pr_limited(pr_err, fmt, ##__VA_ARGS__)
#define pr_warn_ratelimited(fmt, ...)	__pr_limited(pr_warn, fmt, ##__VA_ARGS__)
#define pr_info_ratelimited(fmt, ...)	__pr_limited(pr_info, fmt, ##__VA_ARGS__)

#define __pr_once(pr, fmt, ...) do {					\
	static bool __pr_done;						\
	if (!__atomic_exchange_n(&__pr_done, true, __ATOMIC_RELAXED))	\
		pr(fmt, ##__VA_ARGS__);					\
} while (0)
#define pr_err_once(fmt, ...)	__pr_once(pr_err, fmt, ##__VA_ARGS__)
#define pr_warn_once(fmt, ...)	__pr_once(pr_warn, fmt, ##__VA_ARGS__)
#define pr_info_once(fmt, ...)	__pr_once(pr_info, fmt, ##__VA_ARGS__)
#define pr_notice_once(fmt, ...) __pr_once(pr_notice, fmt, ##__VA_ARGS__)

/* ---- consoles ------------------------------------------------------------------------------ */

#define CON_ENABLED	0x01
#define CON_BOOT	0x02	/* an early console: goes when a real one comes */
#define CON_CONSDEV	0x04	/* the last console= of the command line: /dev/console */
#define CON_ANYTIME	0x08
#define CON_PRINTBUFFER	0x10	/* wants the log from its beginning */

struct tty_driver;

struct console {
	char	name[16];			/* [I] "ttyAMA" */
	int	index;				/* [console list] the number in ttyAMA0; -1: first free */
	/* @s has plain "\n": the console adds "\r" where it needs it.  irqs off, one call at a time
	 * per console, except in a panic when the lock is ignored.  May not sleep or printk. */
	void	(*write)(struct console *con, const char *s, size_t n);
	/* Match a console=name<index>,options argument; optional. 0 or -errno. */
	int	(*setup)(struct console *con, const char *options);
	/* Which terminal /dev/console is: optional. */
	struct tty_driver *(*device)(struct console *con, int *index);
	unsigned int flags;			/* [console list] CON_* */
	void	*data;				/* driver's */
	struct list_head list;			/* [console list] */
	u64	seq;				/* [console output] next record to print */
	unsigned int pos;			/* [console output] bytes of it that are out already */
};

/*
 * A console is used when the command line names it (console=ttyAMA0), or when it names none and
 * this is the first that comes (or @con has CON_CONSDEV set: the device tree's stdout-path). Early
 * consoles are taken as they come and leave when the first real console is registered.
 */
void register_console(struct console *con);
int unregister_console(struct console *con);
/* The console that /dev/console is: the last console= that exists; NULL if none. */
struct console *console_preferred(void);
/* n-th registered console, or NULL: for /proc/consoles. */
struct console *console_nth(unsigned int n);
/* Print what the consoles have not shown yet; panics call it with irqs off to ignore locks. */
void console_flush_on_panic(void);

/* Wake the readers of the log if there is news: the tick and the idle loop do; no locks held. */
void printk_wake_readers(void);

extern int console_printk[4];		/* console level, default level, minimum, default console level */
#define console_loglevel	(console_printk[0])
#define default_message_loglevel (console_printk[1])
#define minimum_console_loglevel (console_printk[2])
#define default_console_loglevel (console_printk[3])
extern int dmesg_restrict;		/* kernel.dmesg_restrict */
extern bool panic_in_progress;		/* locks of consoles are ignored */

/* ---- readers of the log: /dev/kmsg, syslog(2) ---------------------------------------------- */

struct kmsg_record {
	u64		seq;
	u64		ts_ns;			/* monotonic */
	unsigned char	facility, level;
	bool		open;			/* its newline is still to come */
	unsigned short	len;
	char		text[LOG_LINE_MAX + 24];
};

/* First record with a number >= @seq. 0, -EAGAIN: not written yet; -EPIPE: it was overwritten
 * (rec->seq is then the oldest there is). */
int kmsg_read(u64 seq, struct kmsg_record *rec);
u64 kmsg_first_seq(void);		/* oldest record */
u64 kmsg_next_seq(void);		/* the one that comes next */
u64 kmsg_clear_seq(void);		/* where "dmesg -c" put the beginning */
void kmsg_clear(void);
struct wait_queue_head;
extern struct wait_queue_head log_wait;	/* woken (from a work item or the next tick) by new records */
/* "<6>[    1.234567] text\n" as consoles and syslog(2) show it; returns the length (<= size). */
size_t kmsg_format(const struct kmsg_record *rec, char *buf, size_t size, bool syslog);
/* "6,123,456789,-;text\n" of /dev/kmsg. */
size_t kmsg_format_ext(const struct kmsg_record *rec, char *buf, size_t size);
/* May current read the log? 0 or -EPERM. */
int kmsg_check_permission(void);
/* syslog(2)'s actions: SYSLOG_ACTION_*. */
long do_syslog(int type, char __user *buf, int len);
