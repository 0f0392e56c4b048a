/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Files whose text is made on the fly.  Interface: single_open() for one show function, seq_open() for an
 * iterator.  A buffer that is too small is doubled and the record shown again.  seq_file->lock covers all.
 */
#pragma once

#include <stdarg.h>

#include <fs/vfs.h>

struct seq_operations {
	void *(*start)(struct seq_file *m, loff_t *pos);
	void (*stop)(struct seq_file *m, void *v);
	void *(*next)(struct seq_file *m, void *v, loff_t *pos);
	int (*show)(struct seq_file *m, void *v);
};
struct seq_file {
	char		*buf;
	size_t		size, from, count, pad_until;
	loff_t		index, read_pos;
	struct mutex	lock;
	const struct seq_operations *op;
	struct file	*file;
	void		*private;
};
int seq_open(struct file *f, const struct seq_operations *op);
void *__seq_open_private(struct file *f, const struct seq_operations *op, int psize);
ssize_t seq_read_iter(struct kiocb *iocb, struct iov_iter *to);
loff_t seq_lseek(struct file *f, loff_t off, int whence);
int seq_release(struct inode *inode, struct file *f);
int seq_release_private(struct inode *inode, struct file *f);
int single_open(struct file *f, int (*show)(struct seq_file *, void *), void *data);
int single_open_size(struct file *f, int (*show)(struct seq_file *, void *), void *data, size_t size);
int single_release(struct inode *inode, struct file *f);
void seq_printf(struct seq_file *m, const char *fmt, ...) __printf_like(2, 3);
void seq_vprintf(struct seq_file *m, const char *fmt, va_list args);
void seq_puts(struct seq_file *m, const char *s);
void seq_putc(struct seq_file *m, char c);
void seq_write(struct seq_file *m, const void *data, size_t n);
void seq_pad(struct seq_file *m, char c);
void seq_setwidth(struct seq_file *m, size_t size);
void seq_escape(struct seq_file *m, const char *s, const char *esc);	/* octal, as /proc/mounts */
int seq_path(struct seq_file *m, const struct path *path, const char *esc);
int seq_file_path(struct seq_file *m, struct file *f, const char *esc);
static inline bool seq_has_overflowed(struct seq_file *m) { return m->count == m->size; }
