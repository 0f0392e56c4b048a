// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/kmsg: the kernel log as records, and a way to add to it.
 *
 * Each read returns one record, "level,sequence,microseconds,-;text"; each write is one message,
 * with an optional "<level>" in front.  Locking: reader->lock covers the place of one open file.
 */
#include <drivers/char/char.h>
#include <fs/poll.h>
#include <kernel/lib/err.h>
#include <kernel/lib/kstrtox.h>
#include <kernel/lib/string.h>
#include <kernel/locking/mutex.h>
#include <kernel/printk.h>
#include <kernel/sched/wait.h>
#include <mm/slab.h>

#define FACILITY_USER	1
#define DEFAULT_LEVEL	LOGLEVEL_WARNING
#define TEXT_SIZE	(4 * LOG_LINE_MAX + 128)	/* escaped, with the prefix */

struct kmsg_reader {
	struct mutex		lock;
	u64			seq;		/* [lock] the next record */
	struct kmsg_record	rec;		/* [lock] */
	char			text[TEXT_SIZE]; /* [lock] */
};

static int kmsg_open(struct inode *inode, struct file *file)
{
	struct kmsg_reader *reader;
	int error;

	if (!(file->f_mode & FMODE_READ))
		return 0;
	error = kmsg_check_permission();
	if (error)
		return error;
	reader = kmalloc(sizeof(*reader), GFP_KERNEL);
	if (!reader)
		return -ENOMEM;
	mutex_init_rank(&reader->lock, LOCK_RANK_FILE_POS);
	reader->seq = kmsg_first_seq();
	file->private_data = reader;
	return 0;
}

static int kmsg_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

/* [lock] */
static int next_record(struct kmsg_reader *reader, bool nonblock)
{
	int error;

	for (;;) {
		error = kmsg_read(reader->seq, &reader->rec);
		if (error == -EPIPE)
			reader->seq = reader->rec.seq;
		if (error != -EAGAIN || nonblock)
			return error;
		error = wait_event_interruptible(log_wait, reader->seq < kmsg_next_seq());
		if (error)
			return error;
	}
}

static ssize_t read_record(struct kmsg_reader *reader, struct iov_iter *to, bool nonblock)
{
	int error = next_record(reader, nonblock);
	size_t n;

	if (error)
		return error;
	n = kmsg_format_ext(&reader->rec, reader->text, sizeof(reader->text));
	if (n > iov_iter_count(to))
		return -EINVAL;
	if (copy_to_iter(reader->text, n, to) != n)
		return -EFAULT;
	reader->seq = reader->rec.seq + 1;
	return n;
}

static ssize_t kmsg_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct kmsg_reader *reader = iocb->ki_filp->private_data;
	ssize_t ret;

	if (!reader)
		return -EBADF;
	if (mutex_lock_interruptible(&reader->lock))
		return -ERESTARTSYS;
	ret = read_record(reader, to, iocb->ki_filp->f_flags & O_NONBLOCK);
	mutex_unlock(&reader->lock);
	return ret;
}

static void log_line(char *line)
{
	unsigned int priority = FACILITY_USER << 3 | DEFAULT_LEVEL;
	char *text = line, *end;
	unsigned long n;

	if (line[0] == '<') {
		n = simple_strtoul(line + 1, &end, 10);
		if (end != line + 1 && *end == '>') {
			priority = n;
			text = end + 1;
		}
	}
	/* Only the kernel itself speaks as facility 0. */
	log_store(priority >> 3 ? priority >> 3 : FACILITY_USER, priority & 7, text, strlen(text));
}

static ssize_t kmsg_write_iter(struct kiocb *iocb, struct iov_iter *from)
{
	size_t n = iov_iter_count(from);
	char *line;

	if (n > LOG_LINE_MAX)
		return -EINVAL;
	line = kmalloc(n + 1, GFP_KERNEL);
	if (!line)
		return -ENOMEM;
	if (copy_from_iter(line, n, from) != n) {
		kfree(line);
		return -EFAULT;
	}
	line[n] = '\0';
	if (n && line[n - 1] == '\n')
		line[n - 1] = '\0';
	log_line(line);
	kfree(line);
	return n;
}

static loff_t kmsg_llseek(struct file *file, loff_t off, int whence)
{
	struct kmsg_reader *reader = file->private_data;
	int error = 0;

	if (!reader)
		return -EBADF;
	if (off)
		return -ESPIPE;
	mutex_lock(&reader->lock);
	switch (whence) {
	case SEEK_SET:
		reader->seq = kmsg_first_seq();
		break;
	case SEEK_DATA:		/* after the last "dmesg -c" */
		reader->seq = kmsg_clear_seq();
		break;
	case SEEK_END:
		reader->seq = kmsg_next_seq();
		break;
	default:
		error = -EINVAL;
	}
	mutex_unlock(&reader->lock);
	return error;
}

static __poll_t kmsg_poll(struct file *file, poll_table *wait)
{
	struct kmsg_reader *reader = file->private_data;
	u64 seq;

	if (!reader)
		return EPOLLERR | EPOLLNVAL;
	poll_wait(file, &log_wait, wait);
	seq = READ_ONCE(reader->seq);
	if (seq < kmsg_first_seq())
		return EPOLLIN | EPOLLRDNORM | EPOLLERR | EPOLLPRI;
	return seq < kmsg_next_seq() ? EPOLLIN | EPOLLRDNORM : 0;
}

const struct file_operations kmsg_fops = {
	.open = kmsg_open,
	.release = kmsg_release,
	.read_iter = kmsg_read_iter,
	.write_iter = kmsg_write_iter,
	.llseek = kmsg_llseek,
	.poll = kmsg_poll,
};
