// SPDX-License-Identifier: GPL-2.0-only
/*
 * Files whose text is made on the fly, record by record.
 *
 * Interface: <fs/seq_file.h>.  buf holds whole records: [from, from + count) are bytes that were made but not
 * read yet, index is the record after them, read_pos the position they belong to.  A record that does not
 * fit is made again with a buffer of twice the size.  Locking: seq_file->lock during each call.
 */
#include <fs/seq_file.h>

#include <fs/internal.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>

struct single_file {
	struct seq_file		m;		/* first: seq_release() frees the whole */
	struct seq_operations	op;
};

/* ---- opening --------------------------------------------------------------------------------- */

static void seq_init(struct seq_file *m, struct file *f, const struct seq_operations *op)
{
	mutex_init_rank(&m->lock, LOCK_RANK_SEQ_FILE);
	m->op = op;
	m->file = f;
	f->private_data = m;
	f->f_mode &= ~FMODE_PWRITE;
}

int seq_open(struct file *f, const struct seq_operations *op)
{
	struct seq_file *m = kzalloc(sizeof(*m), GFP_KERNEL);

	if (!m)
		return -ENOMEM;
	seq_init(m, f, op);
	return 0;
}

void *__seq_open_private(struct file *f, const struct seq_operations *op, int psize)
{
	void *private = kzalloc(psize, GFP_KERNEL);

	if (!private)
		return NULL;
	if (seq_open(f, op)) {
		kfree(private);
		return NULL;
	}
	((struct seq_file *)f->private_data)->private = private;
	return private;
}

int seq_release(struct inode *inode, struct file *f)
{
	struct seq_file *m = f->private_data;

	kvfree(m->buf);
	kfree(m);
	return 0;
}

int seq_release_private(struct inode *inode, struct file *f)
{
	struct seq_file *m = f->private_data;

	kfree(m->private);
	m->private = NULL;
	return seq_release(inode, f);
}

static void *single_start(struct seq_file *m, loff_t *pos)
{
	return *pos ? NULL : m;
}

static void *single_next(struct seq_file *m, void *v, loff_t *pos)
{
	++*pos;
	return NULL;
}

static void single_stop(struct seq_file *m, void *v)
{
}

int single_open(struct file *f, int (*show)(struct seq_file *, void *), void *data)
{
	struct single_file *s = kzalloc(sizeof(*s), GFP_KERNEL);

	if (!s)
		return -ENOMEM;
	s->op.start = single_start;
	s->op.next = single_next;
	s->op.stop = single_stop;
	s->op.show = show;
	seq_init(&s->m, f, &s->op);
	s->m.private = data;
	return 0;
}

int single_open_size(struct file *f, int (*show)(struct seq_file *, void *), void *data, size_t size)
{
	char *buf = kvmalloc(size, GFP_KERNEL);
	struct seq_file *m;
	int err;

	if (!buf)
		return -ENOMEM;
	err = single_open(f, show, data);
	if (err) {
		kvfree(buf);
		return err;
	}
	m = f->private_data;
	m->buf = buf;
	m->size = size;
	return 0;
}

int single_release(struct inode *inode, struct file *f)
{
	return seq_release(inode, f);
}

/* ---- reading --------------------------------------------------------------------------------- */

static int seq_need_buf(struct seq_file *m)
{
	if (m->buf)
		return 0;
	m->size = m->size ?: PAGE_SIZE;
	m->buf = kvmalloc(m->size, GFP_KERNEL);
	return m->buf ? 0 : -ENOMEM;
}

/* The record at m->index did not fit: stop, and be ready to begin again with more room. */
static int seq_grow(struct seq_file *m, void *p)
{
	m->op->stop(m, p);
	kvfree(m->buf);
	m->buf = NULL;
	m->count = 0;
	m->size *= 2;
	return seq_need_buf(m);
}

/* Make the first record at or after m->index that has any text. 1: made, @p is on it; 0: end; -errno. */
static int seq_first_record(struct seq_file *m, void **pp)
{
	int err = 0;
	void *p = m->op->start(m, &m->index);

	while (p && !IS_ERR(p)) {
		err = m->op->show(m, p);
		if (err < 0)
			break;
		if (err > 0)		/* the record is to be skipped */
			m->count = 0;
		if (!m->count) {
			p = m->op->next(m, p, &m->index);
		} else if (!seq_has_overflowed(m)) {
			*pp = p;
			return 1;
		} else {
			err = seq_grow(m, p);
			if (err)
				return err;
			p = m->op->start(m, &m->index);
		}
		err = 0;
	}
	if (IS_ERR(p)) {
		err = PTR_ERR(p);
		p = NULL;
	}
	m->op->stop(m, p);
	m->count = 0;
	return err;
}

/* More records while they fit and are wanted. */
static void seq_more_records(struct seq_file *m, void *p, size_t wanted)
{
	for (;;) {
		size_t before = m->count;
		int err;

		p = m->op->next(m, p, &m->index);
		if (!p || IS_ERR(p) || m->count >= wanted)
			break;
		err = m->op->show(m, p);
		if (err > 0) {
			m->count = before;
		} else if (err < 0 || seq_has_overflowed(m)) {
			m->count = before;	/* it comes first next time */
			break;
		}
	}
	m->op->stop(m, IS_ERR(p) ? NULL : p);
}

/* Position the file at @offset by making everything before it. */
static int seq_traverse(struct seq_file *m, loff_t offset)
{
	loff_t pos = 0;
	void *p;
	int err;

	m->index = 0;
	m->count = m->from = 0;
	if (!offset)
		return 0;
	err = seq_need_buf(m);
	while (!err && pos < offset) {
		err = seq_first_record(m, &p);
		if (err <= 0)
			break;
		m->op->next(m, p, &m->index);
		m->op->stop(m, p);
		err = 0;
		if (pos + (loff_t)m->count > offset) {
			m->from = offset - pos;
			m->count -= m->from;
			return 0;
		}
		pos += m->count;
		m->count = 0;
	}
	return err;
}

static size_t seq_flush(struct seq_file *m, struct iov_iter *to)
{
	size_t n = copy_to_iter(m->buf + m->from, m->count, to);

	m->count -= n;
	m->from += n;
	return n;
}

static ssize_t seq_fill(struct seq_file *m, struct iov_iter *to)
{
	size_t done = 0;
	void *p;
	int err;

	if (m->count) {
		done = seq_flush(m, to);
		if (m->count)		/* the reader has enough, or it faulted */
			return done ?: -EFAULT;
		if (!iov_iter_count(to))
			return done;
	}
	m->from = 0;
	err = seq_first_record(m, &p);
	if (err <= 0)
		return done ?: err;
	seq_more_records(m, p, iov_iter_count(to));
	done += seq_flush(m, to);
	return done ?: -EFAULT;
}

ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *to)
{
	struct seq_file *m = iocb->ki_filp->private_data;
	ssize_t n = 0;

	if (!iov_iter_count(to))
		return 0;
	mutex_lock(&m->lock);
	if (!iocb->ki_pos || iocb->ki_pos != m->read_pos)
		n = seq_traverse(m, iocb->ki_pos);
	if (!n)
		n = seq_need_buf(m);
	if (n) {
		m->read_pos = 0;
		m->index = 0;
		m->count = 0;
	} else {
		m->read_pos = iocb->ki_pos;
		n = seq_fill(m, to);
	}
	if (n > 0) {
		iocb->ki_pos += n;
		m->read_pos = iocb->ki_pos;
	}
	mutex_unlock(&m->lock);
	return n;
}

loff_t seq_lseek(struct file *f, loff_t off, int whence)
{
	struct seq_file *m = f->private_data;
	loff_t pos = -EINVAL;

	mutex_lock(&m->lock);
	if (whence == SEEK_CUR)
		off += f->f_pos;
	if ((whence == SEEK_SET || whence == SEEK_CUR) && off >= 0) {
		pos = off;
		if (off != m->read_pos) {
			int err = seq_traverse(m, off);

			m->read_pos = err ? 0 : off;
			f->f_pos = m->read_pos;
			if (err)
				pos = err;
		} else {
			f->f_pos = off;
		}
	}
	mutex_unlock(&m->lock);
	return pos;
}

/* ---- writing into the buffer ----------------------------------------------------------------- */

static void seq_set_overflow(struct seq_file *m)
{
	m->count = m->size;
}

void seq_vprintf(struct seq_file *m, const char *fmt, va_list args)
{
	int len;

	if (m->count >= m->size)
		return;
	len = vsnprintf(m->buf + m->count, m->size - m->count, fmt, args);
	if (m->count + len < m->size)
		m->count += len;
	else
		seq_set_overflow(m);
}

void seq_printf(struct seq_file *m, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	seq_vprintf(m, fmt, args);
	va_end(args);
}

void seq_write(struct seq_file *m, const void *data, size_t n)
{
	if (m->count + n >= m->size) {
		seq_set_overflow(m);
		return;
	}
	memcpy(m->buf + m->count, data, n);
	m->count += n;
}

void seq_puts(struct seq_file *m, const char *s)
{
	seq_write(m, s, strlen(s));
}

void seq_putc(struct seq_file *m, char c)
{
	if (m->count < m->size)
		m->buf[m->count++] = c;
}

void seq_setwidth(struct seq_file *m, size_t size)
{
	m->pad_until = m->count + size;
}

void seq_pad(struct seq_file *m, char c)
{
	while (m->count < m->pad_until && m->count < m->size)
		m->buf[m->count++] = ' ';
	if (c)
		seq_putc(m, c);
}

void seq_escape(struct seq_file *m, const char *s, const char *esc)
{
	for (; *s; s++) {
		if (strchr(esc, *s))
			seq_printf(m, "\\%03o", (unsigned char)*s);
		else
			seq_putc(m, *s);
	}
}

int seq_path(struct seq_file *m, const struct path *path, const char *esc)
{
	char *page = kmalloc(PATH_MAX, GFP_KERNEL), *text;

	if (!page)
		return -1;
	text = d_path(path, page, PATH_MAX);
	if (!IS_ERR(text))
		seq_escape(m, text, esc);
	kfree(page);
	return IS_ERR(text) ? -1 : 0;
}

int seq_file_path(struct seq_file *m, struct file *f, const char *esc)
{
	return seq_path(m, &f->f_path, esc);
}
