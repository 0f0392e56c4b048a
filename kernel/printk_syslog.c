// SPDX-License-Identifier: GPL-2.0-only
/* syslog(2): dmesg's and klogd's interface to the log. */
#include <kernel/printk.h>

#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/locking/mutex.h>
#include <kernel/sched/wait.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

enum {
	ACTION_CLOSE, ACTION_OPEN, ACTION_READ, ACTION_READ_ALL, ACTION_READ_CLEAR, ACTION_CLEAR,
	ACTION_CONSOLE_OFF, ACTION_CONSOLE_ON, ACTION_CONSOLE_LEVEL, ACTION_SIZE_UNREAD,
	ACTION_SIZE_BUFFER,
};

#define LINE_SIZE	(LOG_LINE_MAX * 2 + 64)

/* A record and its text form: too large for the stack. */
struct log_reader {
	struct kmsg_record	rec;
	char			line[LINE_SIZE];
};

static DEFINE_MUTEX(syslog_mutex);
static u64 syslog_seq;			/* syslog_mutex: where ACTION_READ goes on */
static size_t syslog_partial;		/* syslog_mutex: bytes of that record that were read */
static int saved_level = -1;		/* syslog_mutex: level before ACTION_CONSOLE_OFF */

/* The next record at or after *seq as text: its length, 0 when there is none. */
static size_t next_line(struct log_reader *r, u64 *seq)
{
	int err = kmsg_read(*seq, &r->rec);

	if (err == -EPIPE) {
		*seq = r->rec.seq;
		err = kmsg_read(*seq, &r->rec);
	}
	return err ? 0 : kmsg_format(&r->rec, r->line, sizeof(r->line), true);
}

static bool has_news(void)
{
	return kmsg_next_seq() > READ_ONCE(syslog_seq);
}

/* syslog_mutex held: copy what is there, as much as fits. */
static long copy_unread(struct log_reader *r, char __user *buf, size_t size)
{
	size_t done = 0, len;

	while (done < size && (len = next_line(r, &syslog_seq))) {
		size_t n;

		if (syslog_partial > len)
			syslog_partial = 0;
		n = min(len - syslog_partial, size - done);
		if (copy_to_user(buf + done, r->line + syslog_partial, n))
			return done ? (long)done : -EFAULT;
		done += n;
		syslog_partial += n;
		if (syslog_partial < len)
			break;
		syslog_partial = 0;
		syslog_seq++;
	}
	return done;
}

static long read_unread(struct log_reader *r, char __user *buf, size_t size)
{
	long n;
	int err;

	do {
		err = wait_event_interruptible(log_wait, has_news());
		if (err)
			return err;
		err = mutex_lock_interruptible(&syslog_mutex);
		if (err)
			return err;
		n = copy_unread(r, buf, size);
		mutex_unlock(&syslog_mutex);
	} while (!n);
	return n;
}

/* The last @size bytes of the log, whole lines. */
static long read_all(struct log_reader *r, char __user *buf, size_t size, bool clear)
{
	u64 begin = kmsg_clear_seq(), seq;
	size_t total = 0, done = 0, len;

	for (seq = begin; (len = next_line(r, &seq)); seq++)
		total += len;
	for (seq = begin; total > size && (len = next_line(r, &seq)); seq++)
		total -= len;
	for (; (len = next_line(r, &seq)) && done + len <= size; seq++) {
		if (copy_to_user(buf + done, r->line, len))
			return -EFAULT;
		done += len;
	}
	if (clear)
		kmsg_clear();
	return done;
}

static long size_unread(struct log_reader *r)
{
	size_t total = 0, len;
	u64 seq;

	mutex_lock(&syslog_mutex);
	for (seq = syslog_seq; (len = next_line(r, &seq)); seq++)
		total += len;
	total -= min(total, syslog_partial);
	mutex_unlock(&syslog_mutex);
	return total;
}

static long set_console_level(int type, int level)
{
	if (type == ACTION_CONSOLE_LEVEL && (level < 1 || level > 8))
		return -EINVAL;
	mutex_lock(&syslog_mutex);
	if (type == ACTION_CONSOLE_OFF) {
		if (saved_level < 0)
			saved_level = console_loglevel;
		console_loglevel = minimum_console_loglevel;
	} else if (type == ACTION_CONSOLE_ON) {
		if (saved_level >= 0)
			console_loglevel = saved_level;
		saved_level = -1;
	} else {
		console_loglevel = max(level, minimum_console_loglevel);
		saved_level = -1;
	}
	mutex_unlock(&syslog_mutex);
	return 0;
}

static int check_permission(int type)
{
	if (!dmesg_restrict && (type == ACTION_READ_ALL || type == ACTION_SIZE_BUFFER))
		return 0;
	return capable(CAP_SYSLOG) || capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

static long read_action(int type, char __user *buf, int len)
{
	struct log_reader *r;
	long ret;

	if (type != ACTION_SIZE_UNREAD && (!buf || len < 0))
		return -EINVAL;
	if (type != ACTION_SIZE_UNREAD && !len)
		return 0;
	r = kmalloc(sizeof(*r), GFP_KERNEL);
	if (!r)
		return -ENOMEM;
	if (type == ACTION_READ)
		ret = read_unread(r, buf, len);
	else if (type == ACTION_SIZE_UNREAD)
		ret = size_unread(r);
	else
		ret = read_all(r, buf, len, type == ACTION_READ_CLEAR);
	kfree(r);
	return ret;
}

long do_syslog(int type, char __user *buf, int len)
{
	int err = check_permission(type);

	if (err)
		return err;
	switch (type) {
	case ACTION_CLOSE:
	case ACTION_OPEN:
		return 0;
	case ACTION_READ:
	case ACTION_READ_ALL:
	case ACTION_READ_CLEAR:
	case ACTION_SIZE_UNREAD:
		return read_action(type, buf, len);
	case ACTION_CLEAR:
		kmsg_clear();
		return 0;
	case ACTION_CONSOLE_OFF:
	case ACTION_CONSOLE_ON:
	case ACTION_CONSOLE_LEVEL:
		return set_console_level(type, len);
	case ACTION_SIZE_BUFFER:
		return 1L << CONFIG_LOG_BUF_SHIFT;
	default:
		return -EINVAL;
	}
}

long sys_syslog(int type, char __user *buf, int len)
{
	return do_syslog(type, buf, len);
}
