// SPDX-License-Identifier: GPL-2.0-only
/*
 * splice(2), tee(2), vmsplice(2): data between a pipe and a file, another pipe, or user memory.
 *
 * Pages of the page cache go into a pipe as they are; pages that are in a pipe are written from where they lie;
 * between pipes only references move.  User memory is copied.
 *
 * Locking: pipe->mutex; of two pipes the one with the lower address first.  It is held while a pipe's pages are
 * written to a file, so that nobody else can take the same data, but not while a file is read.
 */
#include <fs/internal.h>

#include <fs/pipe_fs_i.h>
#include <generated/syscalls.h>
#include <kernel/signal.h>

#define SPLICE_F_MOVE		1
#define SPLICE_F_NONBLOCK	2
#define SPLICE_F_MORE		4
#define SPLICE_F_GIFT		8
#define SPLICE_F_ALL		(SPLICE_F_MOVE | SPLICE_F_NONBLOCK | SPLICE_F_MORE | SPLICE_F_GIFT)

#define SPLICE_BATCH		16	/* pages of a file that are read before the pipe is locked */
#define FAST_IOV		8

/* ---- waiting: pipe->mutex held, dropped to sleep --------------------------------------------- */

static int wait_for_room(struct pipe_inode_info *pipe, bool nonblock)
{
	int err;

	for (;;) {
		if (!pipe->readers) {
			send_sig(SIGPIPE, current, 0);
			return -EPIPE;
		}
		if (!pipe_full(pipe))
			return 0;
		if (nonblock)
			return -EAGAIN;
		mutex_unlock(&pipe->mutex);
		err = wait_event_interruptible(pipe->wr_wait, pipe_writable(pipe));
		mutex_lock(&pipe->mutex);
		if (err)
			return -ERESTARTSYS;
	}
}

/* 1: there is data; 0: end of file. */
static int wait_for_data(struct pipe_inode_info *pipe, bool nonblock)
{
	int err;

	for (;;) {
		if (!pipe_empty(pipe))
			return 1;
		if (!pipe->writers)
			return 0;
		if (nonblock)
			return -EAGAIN;
		mutex_unlock(&pipe->mutex);
		err = wait_event_interruptible(pipe->rd_wait, pipe_readable(pipe));
		mutex_lock(&pipe->mutex);
		if (err)
			return -ERESTARTSYS;
	}
}

/* ---- file to pipe ---------------------------------------------------------------------------- */

/* Pages on their way from a file into a pipe. */
struct splice_pages {
	struct pipe_buffer	buf[SPLICE_BATCH];
	unsigned int		nr;
};

static void add_page(struct splice_pages *s, struct page *page, unsigned int offset, unsigned int len,
		     unsigned int flags)
{
	s->buf[s->nr++] = (struct pipe_buffer){ .page = page, .offset = offset, .len = len, .flags = flags };
}

/* From the page cache. Bytes gathered, or -errno if none. */
static ssize_t gather_cached(struct file *in, loff_t pos, size_t len, struct splice_pages *s)
{
	ssize_t done = 0;

	while (len && s->nr < SPLICE_BATCH) {
		unsigned int offset = pos & (PAGE_SIZE - 1);
		loff_t size = i_size_read(in->f_mapping->host);
		struct page *page;
		size_t n;

		if (pos >= size)
			break;
		n = min3((u64)len, (u64)PAGE_SIZE - offset, (u64)(size - pos));
		page = read_mapping_page(in->f_mapping, pos >> PAGE_SHIFT, in);
		if (IS_ERR(page))
			return done ? done : PTR_ERR(page);
		add_page(s, page, offset, n, 0);
		pos += n;
		len -= n;
		done += n;
	}
	return done;
}

/* From anything that can be read into kernel memory. The first read may wait, later ones are not begun. */
static ssize_t gather_copied(struct file *in, loff_t *pos, size_t len, struct splice_pages *s)
{
	ssize_t done = 0;

	while (len && s->nr < SPLICE_BATCH) {
		struct page *page = alloc_page(GFP_USER);
		size_t want = min_t(size_t, len, PAGE_SIZE);
		ssize_t n = -ENOMEM;

		if (page)
			n = kernel_read(in, page_address(page), want, pos);
		if (n <= 0) {
			if (page)
				put_page(page);
			return done ? done : n;
		}
		add_page(s, page, 0, n, PIPE_BUF_CAN_MERGE);
		len -= n;
		done += n;
		if ((size_t)n < want || !(in->f_mode & FMODE_PREAD))
			break;
	}
	return done;
}

/* All of them into the pipe; waits for room that others may have taken. Bytes that made it. */
static ssize_t push_pages(struct pipe_inode_info *pipe, struct splice_pages *s, bool may_drop)
{
	ssize_t done = 0;
	unsigned int i;
	int err = 0;

	mutex_lock(&pipe->mutex);
	for (i = 0; i < s->nr; i++) {
		struct pipe_buffer *b = &s->buf[i];

		if (!err)
			err = wait_for_room(pipe, may_drop && done);
		if (err) {
			put_page(b->page);
			continue;
		}
		pipe_push(pipe, b->page, b->offset, b->len, b->flags);
		done += b->len;
	}
	mutex_unlock(&pipe->mutex);
	if (done)
		pipe_wake_readers(pipe);
	return done ? done : err;
}

static ssize_t splice_file_to_pipe(struct file *in, loff_t *ppos, struct pipe_inode_info *pipe, size_t len,
				   unsigned int flags)
{
	bool cached = in->f_op->read_iter == generic_file_read_iter;
	struct splice_pages s = { .nr = 0 };
	loff_t pos = ppos ? *ppos : 0;
	unsigned int room;
	ssize_t n;
	int err;

	if (in->f_op->splice_read)
		return in->f_op->splice_read(in, ppos, pipe, len, flags);
	if (!in->f_op->read_iter)
		return -EINVAL;
	mutex_lock(&pipe->mutex);
	err = wait_for_room(pipe, flags & SPLICE_F_NONBLOCK);
	room = err ? 0 : pipe->ring_size - pipe_occupancy(pipe);
	mutex_unlock(&pipe->mutex);
	if (err)
		return err;
	len = min_t(size_t, len, (size_t)room * PAGE_SIZE);
	n = cached ? gather_cached(in, pos, len, &s) : gather_copied(in, ppos ? &pos : NULL, len, &s);
	if (n <= 0)
		return n;
	/* What came from a position can be read again; a stream's data must not get lost. */
	n = push_pages(pipe, &s, ppos);
	if (n > 0 && ppos)
		*ppos += n;
	return n;
}

/* ---- pipe to file ---------------------------------------------------------------------------- */

/* Write one buffer's worth. Bytes or -errno. pipe->mutex held. */
static ssize_t write_buf(struct pipe_buffer *buf, struct file *out, loff_t *ppos, size_t len)
{
	struct kvec vec = {
		.iov_base = (char *)page_address(buf->page) + buf->offset,
		.iov_len = min_t(size_t, len, buf->len),
	};
	struct iov_iter iter;

	iov_iter_kvec(&iter, true, &vec, 1, vec.iov_len);
	return vfs_iter_write(out, &iter, ppos);
}

/* What is in the pipe now, at most @len. */
static ssize_t drain_to_file(struct pipe_inode_info *pipe, struct file *out, loff_t *ppos, size_t len)
{
	ssize_t done = 0, n = 0;

	while (len && !pipe_empty(pipe)) {
		struct pipe_buffer *buf = pipe_buf(pipe, pipe->tail);
		size_t want = min_t(size_t, len, buf->len);

		n = write_buf(buf, out, ppos, want);
		if (n <= 0)
			break;
		buf->offset += n;
		buf->len -= n;
		len -= n;
		done += n;
		if (!buf->len)
			pipe_release_tail(pipe);
		if ((size_t)n < want || signal_pending(current))
			break;
	}
	return done ? done : n;
}

static ssize_t splice_pipe_to_file(struct pipe_inode_info *pipe, struct file *out, loff_t *ppos, size_t len,
				   unsigned int flags)
{
	bool was_full;
	ssize_t ret;

	if (out->f_op->splice_write)
		return out->f_op->splice_write(pipe, out, ppos, len, flags);
	if (!out->f_op->write_iter)
		return -EINVAL;
	mutex_lock(&pipe->mutex);
	ret = wait_for_data(pipe, flags & SPLICE_F_NONBLOCK);
	was_full = pipe_full(pipe);
	if (ret > 0)
		ret = drain_to_file(pipe, out, ppos, len);
	was_full = was_full && !pipe_full(pipe);
	mutex_unlock(&pipe->mutex);
	if (was_full)
		pipe_wake_writers(pipe);
	return ret;
}

/* ---- pipe to pipe ---------------------------------------------------------------------------- */

static void lock_two(struct pipe_inode_info *a, struct pipe_inode_info *b)
{
	if (a > b)
		swap(a, b);
	mutex_lock(&a->mutex);
	mutex_lock_nested(&b->mutex);	/* the lower address first */
}

/* Until there is something to take, and room for it. 1; 0: end of file; -errno. */
static int wait_for_both(struct pipe_inode_info *in, struct pipe_inode_info *out, bool nonblock)
{
	int ret;

	mutex_lock(&in->mutex);
	ret = wait_for_data(in, nonblock);
	mutex_unlock(&in->mutex);
	if (ret <= 0)
		return ret;
	mutex_lock(&out->mutex);
	ret = wait_for_room(out, nonblock);
	mutex_unlock(&out->mutex);
	return ret ? ret : 1;
}

/* Part of a buffer, sharing its page: neither may be appended to any more. */
static void share_buf(struct pipe_inode_info *out, struct pipe_buffer *buf, size_t len)
{
	get_page(buf->page);
	pipe_push(out, buf->page, buf->offset, len, buf->flags & ~PIPE_BUF_CAN_MERGE);
}

/* Both locked. */
static size_t move_bufs(struct pipe_inode_info *in, struct pipe_inode_info *out, size_t len)
{
	size_t done = 0;

	while (len && !pipe_empty(in) && !pipe_full(out)) {
		struct pipe_buffer *buf = pipe_buf(in, in->tail);
		size_t n = min_t(size_t, len, buf->len);

		if (n == buf->len) {
			pipe_push(out, buf->page, buf->offset, n, buf->flags);
			buf->page = NULL;
			WRITE_ONCE(in->tail, in->tail + 1);
		} else {
			buf->flags &= ~PIPE_BUF_CAN_MERGE;
			share_buf(out, buf, n);
			buf->offset += n;
			buf->len -= n;
		}
		len -= n;
		done += n;
	}
	return done;
}

static size_t copy_bufs(struct pipe_inode_info *in, struct pipe_inode_info *out, size_t len)
{
	unsigned int slot;
	size_t done = 0;

	for (slot = in->tail; len && slot != in->head && !pipe_full(out); slot++) {
		struct pipe_buffer *buf = pipe_buf(in, slot);
		size_t n = min_t(size_t, len, buf->len);

		share_buf(out, buf, n);
		len -= n;
		done += n;
	}
	return done;
}

typedef size_t (*transfer_fn)(struct pipe_inode_info *in, struct pipe_inode_info *out, size_t len);

static ssize_t pipe_to_pipe(struct pipe_inode_info *in, struct pipe_inode_info *out, size_t len, unsigned int flags,
			    transfer_fn transfer)
{
	bool in_was_full;
	size_t n;
	int ret;

	do {
		ret = wait_for_both(in, out, flags & SPLICE_F_NONBLOCK);
		if (ret <= 0)
			return ret;
		lock_two(in, out);
		in_was_full = pipe_full(in);
		n = out->readers ? transfer(in, out, len) : 0;
		in_was_full = in_was_full && !pipe_full(in);
		mutex_unlock(&in->mutex);
		mutex_unlock(&out->mutex);
	} while (!n);			/* others were faster */
	pipe_wake_readers(out);
	if (in_was_full)
		pipe_wake_writers(in);
	return n;
}

/* ---- the calls ------------------------------------------------------------------------------- */

/* The position that a call works at: @uoff's, the file's own (NULL for streams). */
static int get_position(struct file *f, loff_t __user *uoff, loff_t *pos, loff_t **ppos)
{
	if (!uoff) {
		*ppos = (f->f_mode & FMODE_STREAM) ? NULL : &f->f_pos;
		return 0;
	}
	if (!(f->f_mode & (FMODE_PREAD | FMODE_PWRITE)))
		return -EINVAL;
	*ppos = pos;
	return copy_from_user(pos, uoff, sizeof(*pos)) ? -EFAULT : 0;
}

static ssize_t splice_from_file(struct file *in, loff_t __user *uoff, struct pipe_inode_info *pipe, size_t len,
				unsigned int flags)
{
	loff_t pos, *ppos;
	ssize_t n;

	n = get_position(in, uoff, &pos, &ppos);
	if (!n && ppos)
		n = rw_verify_area(in, *ppos, len);
	if (n)
		return n;
	n = splice_file_to_pipe(in, ppos, pipe, len, flags);
	if (n > 0)
		fsnotify_file(in, IN_ACCESS);
	if (n >= 0 && uoff && copy_to_user(uoff, &pos, sizeof(pos)))
		n = -EFAULT;
	return n;
}

static ssize_t splice_to_file(struct pipe_inode_info *pipe, struct file *out, loff_t __user *uoff, size_t len,
			      unsigned int flags)
{
	loff_t pos, *ppos;
	ssize_t n;

	if (out->f_flags & O_APPEND)
		return -EINVAL;
	n = get_position(out, uoff, &pos, &ppos);
	if (!n && ppos)
		n = rw_verify_area(out, *ppos, len);
	if (n)
		return n;
	n = splice_pipe_to_file(pipe, out, ppos, len, flags);
	if (n >= 0 && uoff && copy_to_user(uoff, &pos, sizeof(pos)))
		n = -EFAULT;
	return n;
}

static ssize_t do_splice(struct file *in, loff_t __user *off_in, struct file *out, loff_t __user *off_out, size_t len,
			 unsigned int flags)
{
	struct pipe_inode_info *ipipe = get_pipe_info(in), *opipe = get_pipe_info(out);

	if ((ipipe && off_in) || (opipe && off_out))
		return -ESPIPE;
	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if (file_has_no_type(in) || file_has_no_type(out))
		return -EINVAL;
	if ((ipipe && (in->f_flags & O_NONBLOCK)) || (opipe && (out->f_flags & O_NONBLOCK)))
		flags |= SPLICE_F_NONBLOCK;
	len = min_t(size_t, len, INT_MAX & ~(PAGE_SIZE - 1));
	if (ipipe && opipe)
		return ipipe == opipe ? -EINVAL : pipe_to_pipe(ipipe, opipe, len, flags, move_bufs);
	if (ipipe)
		return splice_to_file(ipipe, out, off_out, len, flags);
	return opipe ? splice_from_file(in, off_in, opipe, len, flags) : -EINVAL;
}

static ssize_t do_tee(struct file *in, struct file *out, size_t len, unsigned int flags)
{
	struct pipe_inode_info *ipipe = get_pipe_info(in), *opipe = get_pipe_info(out);

	if (!(in->f_mode & FMODE_READ) || !(out->f_mode & FMODE_WRITE))
		return -EBADF;
	if (!ipipe || !opipe || ipipe == opipe)
		return -EINVAL;
	if ((in->f_flags | out->f_flags) & O_NONBLOCK)
		flags |= SPLICE_F_NONBLOCK;
	return pipe_to_pipe(ipipe, opipe, len, flags, copy_bufs);
}

long sys_splice(int fd_in, loff_t __user *off_in, int fd_out, loff_t __user *off_out, size_t len, unsigned int flags)
{
	struct fd in, out;
	ssize_t n = -EBADF;

	if (!len)
		return 0;
	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	in = fdget(fd_in);
	if (!in.file)
		return -EBADF;
	out = fdget(fd_out);
	if (out.file) {
		n = do_splice(in.file, off_in, out.file, off_out, len, flags);
		fdput(out);
	}
	fdput(in);
	return n;
}

long sys_tee(int fd_in, int fd_out, size_t len, unsigned int flags)
{
	struct fd in, out;
	ssize_t n = -EBADF;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	if (!len)
		return 0;
	in = fdget(fd_in);
	if (!in.file)
		return -EBADF;
	out = fdget(fd_out);
	if (out.file) {
		n = do_tee(in.file, out.file, len, flags);
		fdput(out);
	}
	fdput(in);
	return n;
}

/* User memory into the pipe, as far as there is room at once. */
static ssize_t vmsplice_to_pipe(struct pipe_inode_info *pipe, struct iov_iter *from, unsigned int flags)
{
	ssize_t n;

	if (!iov_iter_count(from))
		return 0;
	mutex_lock(&pipe->mutex);
	n = wait_for_room(pipe, flags & SPLICE_F_NONBLOCK);
	if (!n)
		n = pipe_fill(pipe, from, false);
	mutex_unlock(&pipe->mutex);
	if (n > 0)
		pipe_wake_readers(pipe);
	return n;
}

static ssize_t do_vmsplice(struct file *file, const struct iovec __user *uiov, unsigned long nr, unsigned int flags)
{
	struct pipe_inode_info *pipe = get_pipe_info(file);
	struct iovec fast[FAST_IOV], *iov = fast;
	bool to_pipe = file->f_mode & FMODE_WRITE;
	struct iov_iter iter;
	ssize_t n;

	if (!pipe || !(file->f_mode & (FMODE_READ | FMODE_WRITE)))
		return -EBADF;
	n = import_iovec(to_pipe, uiov, nr, FAST_IOV, &iov, &iter);
	if (n < 0)
		return n;
	if (to_pipe) {
		n = vmsplice_to_pipe(pipe, &iter, flags);
	} else {
		struct kiocb kiocb = {
			.ki_filp = file,
			.ki_flags = (flags & SPLICE_F_NONBLOCK) ? IOCB_NOWAIT : 0,
		};

		n = file->f_op->read_iter(&kiocb, &iter);
	}
	kfree(iov);
	return n;
}

long sys_vmsplice(int fd, const struct iovec __user *iov, unsigned long nr, unsigned int flags)
{
	struct fd f;
	ssize_t n;

	if (flags & ~SPLICE_F_ALL)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	n = do_vmsplice(f.file, iov, nr, flags);
	fdput(f);
	return n;
}
