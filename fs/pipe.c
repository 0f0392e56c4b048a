// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pipes and FIFOs: pipe(2), opening a FIFO, reading, writing, resizing.  Interface: pipe_fs_i.h.
 *
 * Small writes fill the last page up, and a page that was read empty stays with the pipe as a spare, so a
 * ping-pong of small messages allocates nothing.  Sleepers are exclusive; somebody is woken only when the pipe
 * stops being empty (or full), and a woken one that leaves data (or room) behind wakes the next.
 *
 * Locking: pipe->mutex for everything; wake-ups happen after it was dropped.  What poll and the sleepers'
 * conditions read without it is checked again under it.
 */
#include <fs/pipe_fs_i.h>

#include <fs/file.h>
#include <fs/internal.h>
#include <fs/poll.h>
#include <fs/pseudofs.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/log2.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

unsigned int pipe_max_size = 1048576;
unsigned long pipe_user_pages_hard;
unsigned long pipe_user_pages_soft = PIPE_DEF_BUFFERS * 1024;

static struct kmem_cache *pipe_cache;

static char *pipefs_dname(struct dentry *dentry, char *buf, int len)
{
	return pseudo_dname("pipe", dentry, buf, len);
}

static const struct dentry_operations pipefs_dentry_operations = {
	.d_dname	= pipefs_dname,
};
static struct pseudo_fs pipe_fs = {
	.type		= { .name = "pipefs" },
	.magic		= PIPEFS_MAGIC,
	.d_op		= &pipefs_dentry_operations,
};

/* ---- buffers --------------------------------------------------------------------------------- */

/* A page that only the pipe has is kept for the next write. */
static void put_pipe_page(struct pipe_inode_info *pipe, struct page *page, bool own)
{
	unsigned int i;

	if (own && page_count(page) == 1) {
		for (i = 0; i < PIPE_TMP_PAGES; i++) {
			if (!pipe->tmp_page[i]) {
				pipe->tmp_page[i] = page;
				return;
			}
		}
	}
	put_page(page);
}

static struct page *get_pipe_page(struct pipe_inode_info *pipe)
{
	struct page *page;
	unsigned int i;

	for (i = 0; i < PIPE_TMP_PAGES; i++) {
		page = pipe->tmp_page[i];
		if (page) {
			pipe->tmp_page[i] = NULL;
			return page;
		}
	}
	return alloc_page(GFP_HIGHUSER);
}

void pipe_release_tail(struct pipe_inode_info *pipe)
{
	struct pipe_buffer *buf = pipe_buf(pipe, pipe->tail);

	put_pipe_page(pipe, buf->page, buf->flags & (PIPE_BUF_CAN_MERGE | PIPE_BUF_PACKET));
	buf->page = NULL;
	WRITE_ONCE(pipe->tail, pipe->tail + 1);
}

void pipe_push(struct pipe_inode_info *pipe, struct page *page, unsigned int offset, unsigned int len,
	       unsigned int flags)
{
	struct pipe_buffer *buf = pipe_buf(pipe, pipe->head);

	buf->page = page;
	buf->offset = offset;
	buf->len = len;
	buf->flags = flags;
	WRITE_ONCE(pipe->head, pipe->head + 1);
}

void pipe_wake_readers(struct pipe_inode_info *pipe)
{
	if (wq_has_sleeper(&pipe->rd_wait))
		wake_up_interruptible_sync_poll(&pipe->rd_wait, EPOLLIN | EPOLLRDNORM);
	kill_fasync(&pipe->rd_fasync, POLL_IN);
}

void pipe_wake_writers(struct pipe_inode_info *pipe)
{
	if (wq_has_sleeper(&pipe->wr_wait))
		wake_up_interruptible_sync_poll(&pipe->wr_wait, EPOLLOUT | EPOLLWRNORM);
	kill_fasync(&pipe->wr_fasync, POLL_OUT);
}

/* ---- the user's side ------------------------------------------------------------------------------ */

/* Where data goes to or comes from: one piece of user memory (read, write), or what an iterator says. */
struct pipe_user {
	char __user	*buf;
	size_t		count;		/* bytes left */
	struct iov_iter	*iter;		/* NULL: buf */
};

static size_t copy_to_reader(struct pipe_user *u, const struct pipe_buffer *buf, size_t n)
{
	if (unlikely(u->iter))
		n = copy_page_to_iter(buf->page, buf->offset, n, u->iter);
	else
		n -= copy_to_user(u->buf, (char *)page_address(buf->page) + buf->offset, n);
	u->buf += n;
	u->count -= n;
	return n;
}

static size_t copy_from_writer(struct pipe_user *u, struct page *page, size_t offset, size_t n)
{
	if (unlikely(u->iter))
		n = copy_page_from_iter(page, offset, n, u->iter);
	else
		n -= copy_from_user((char *)page_address(page) + offset, u->buf, n);
	u->buf += n;
	u->count -= n;
	return n;
}

static bool must_not_wait(const struct kiocb *iocb)
{
	return (iocb->ki_filp->f_flags & O_NONBLOCK) || (iocb->ki_flags & IOCB_NOWAIT);
}

/* ---- reading ------------------------------------------------------------------------------------ */

/* Take what is there, up to what the reader wants; a packet ends the read. Bytes or -EFAULT. */
static ssize_t pipe_take(struct pipe_inode_info *pipe, struct pipe_user *to)
{
	ssize_t ret = 0;

	while (!pipe_empty(pipe) && to->count) {
		struct pipe_buffer *buf = pipe_buf(pipe, pipe->tail);
		size_t chars = min_t(size_t, to->count, buf->len);

		if (copy_to_reader(to, buf, chars) < chars)
			return ret ? ret : -EFAULT;
		ret += chars;
		buf->offset += chars;
		buf->len -= chars;
		if (!buf->len) {
			pipe_release_tail(pipe);
		} else if (buf->flags & PIPE_BUF_PACKET) {
			pipe_release_tail(pipe);	/* the rest of it is lost */
			break;
		}
		if (buf->flags & PIPE_BUF_PACKET)
			break;
	}
	return ret;
}

static ssize_t do_pipe_read(struct file *file, struct pipe_user *to, bool nowait)
{
	struct pipe_inode_info *pipe = file->private_data;
	bool was_full, slept = false, wake_writers, wake_next;
	ssize_t ret;

	if (unlikely(!to->count))
		return 0;
	for (;;) {
		/* Before the mutex: whoever waits for an answer finds nothing, and need not lock for it. */
		if (!nowait && !pipe_readable(pipe)) {
			if (wait_event_interruptible_exclusive(pipe->rd_wait, pipe_readable(pipe)))
				return -ERESTARTSYS;
			slept = true;
		}
		mutex_lock(&pipe->mutex);
		was_full = pipe_full(pipe);
		ret = pipe_take(pipe, to);
		if (ret || !pipe->writers)
			break;
		if (nowait) {
			ret = -EAGAIN;
			break;
		}
		mutex_unlock(&pipe->mutex);
	}
	wake_writers = was_full && !pipe_full(pipe);
	wake_next = slept && !pipe_empty(pipe);
	mutex_unlock(&pipe->mutex);
	if (wake_writers)
		pipe_wake_writers(pipe);
	if (wake_next)
		pipe_wake_readers(pipe);
	if (pipe->named && ret > 0)
		file_accessed(file);
	return ret;
}

static ssize_t pipe_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct pipe_user to = { .buf = buf, .count = count };

	return do_pipe_read(file, &to, file->f_flags & O_NONBLOCK);
}

static ssize_t pipe_read_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	struct pipe_user to = { .count = iov_iter_count(iter), .iter = iter };

	return do_pipe_read(iocb->ki_filp, &to, must_not_wait(iocb));
}

/* ---- writing -------------------------------------------------------------------------------------- */

/*
 * The odd bytes of a write go to the end of the last page if all of them fit: up to PIPE_BUF bytes stay
 * together that way, too. Bytes copied, or -EFAULT.
 */
static ssize_t pipe_merge(struct pipe_inode_info *pipe, struct pipe_user *from)
{
	size_t chars = from->count & (PAGE_SIZE - 1);
	struct pipe_buffer *buf;

	if (!chars || pipe_empty(pipe))
		return 0;
	buf = pipe_buf(pipe, pipe->head - 1);
	if (!(buf->flags & PIPE_BUF_CAN_MERGE) || buf->offset + buf->len + chars > PAGE_SIZE)
		return 0;
	if (copy_from_writer(from, buf->page, buf->offset + buf->len, chars) < chars)
		return -EFAULT;		/* nothing of it counts */
	buf->len += chars;
	return chars;
}

/* One more buffer, with at most a page of data. Bytes, -EFAULT, -ENOMEM. */
static ssize_t pipe_append(struct pipe_inode_info *pipe, struct pipe_user *from, bool packet)
{
	size_t chars = min_t(size_t, from->count, PAGE_SIZE);
	struct page *page = get_pipe_page(pipe);

	if (unlikely(!page))
		return -ENOMEM;
	if (unlikely(copy_from_writer(from, page, 0, chars) < chars)) {
		put_pipe_page(pipe, page, true);
		return -EFAULT;
	}
	pipe_push(pipe, page, 0, chars, packet ? PIPE_BUF_PACKET : PIPE_BUF_CAN_MERGE);
	return chars;
}

static ssize_t fill(struct pipe_inode_info *pipe, struct pipe_user *from, bool packet)
{
	ssize_t n, ret = 0;

	while (from->count && !pipe_full(pipe)) {
		n = pipe_append(pipe, from, packet);
		if (n < 0)
			return ret ? ret : n;
		ret += n;
	}
	return ret;
}

ssize_t pipe_fill(struct pipe_inode_info *pipe, struct iov_iter *iter, bool packet)
{
	struct pipe_user from = { .count = iov_iter_count(iter), .iter = iter };

	return fill(pipe, &from, packet);
}

/* The mutex was dropped: wait for room, unless that may not be. 0: try again. */
static int wait_for_room(struct pipe_inode_info *pipe, bool nowait)
{
	if (nowait)
		return -EAGAIN;
	if (wait_event_interruptible_exclusive(pipe->wr_wait, pipe_writable(pipe)))
		return -ERESTARTSYS;
	return 0;
}

static ssize_t do_pipe_write(struct file *file, struct pipe_user *from, bool nowait)
{
	struct pipe_inode_info *pipe = file->private_data;
	bool was_empty, slept = false, wake_next;
	ssize_t done = 0, n;

	if (unlikely(!from->count))
		return 0;
	mutex_lock(&pipe->mutex);
	was_empty = pipe_empty(pipe);
	n = likely(pipe->readers) ? pipe_merge(pipe, from) : 0;
	for (;;) {
		if (n > 0)
			done += n;
		if (unlikely(!pipe->readers)) {
			send_sig(SIGPIPE, current, 0);
			n = -EPIPE;
		}
		if (n < 0)
			break;
		n = fill(pipe, from, file->f_flags & O_DIRECT);
		if (n > 0)
			done += n;
		if (n < 0 || !from->count)
			break;
		mutex_unlock(&pipe->mutex);
		if (was_empty && done)
			pipe_wake_readers(pipe);
		n = wait_for_room(pipe, nowait);
		slept = true;
		mutex_lock(&pipe->mutex);
		was_empty = pipe_empty(pipe);
	}
	was_empty = (was_empty || pipe->poll_usage) && done;
	wake_next = slept && !pipe_full(pipe);
	mutex_unlock(&pipe->mutex);
	if (was_empty)
		pipe_wake_readers(pipe);
	if (wake_next)
		pipe_wake_writers(pipe);
	if (pipe->named && done)
		file_update_time(file);
	return done ? done : n;
}

static ssize_t pipe_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct pipe_user from = { .buf = (char __user *)buf, .count = count };

	return do_pipe_write(file, &from, file->f_flags & O_NONBLOCK);
}

static ssize_t pipe_write_iter(struct kiocb *iocb, struct iov_iter *iter)
{
	struct pipe_user from = { .count = iov_iter_count(iter), .iter = iter };

	return do_pipe_write(iocb->ki_filp, &from, must_not_wait(iocb));
}

/* ---- the rest of the file operations --------------------------------------------------------- */

static long pipe_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pipe_inode_info *pipe = file->private_data;
	unsigned int slot;
	int count = 0;

	if (cmd != FIONREAD)
		return -ENOTTY;
	mutex_lock(&pipe->mutex);
	for (slot = pipe->tail; slot != pipe->head; slot++)
		count += pipe_buf(pipe, slot)->len;
	mutex_unlock(&pipe->mutex);
	return put_user(count, (int __user *)arg);
}

static __poll_t poll_state(const struct file *file, const struct pipe_inode_info *pipe)
{
	__poll_t mask = 0;

	if (file->f_mode & FMODE_READ) {
		if (!pipe_empty(pipe))
			mask |= EPOLLIN | EPOLLRDNORM;
		/* A FIFO that no writer has opened yet is not at its end. */
		if (!READ_ONCE(pipe->writers) && file->f_version != READ_ONCE(pipe->w_counter))
			mask |= EPOLLHUP;
	}
	if (file->f_mode & FMODE_WRITE) {
		if (!pipe_full(pipe))
			mask |= EPOLLOUT | EPOLLWRNORM;
		if (!READ_ONCE(pipe->readers))
			mask |= EPOLLERR;
	}
	return mask;
}

static noinline __poll_t poll_and_hook(struct file *file, struct pipe_inode_info *pipe, poll_table *table)
{
	WRITE_ONCE(pipe->poll_usage, true);
	if (file->f_mode & FMODE_READ)
		poll_wait(file, &pipe->rd_wait, table);
	if (file->f_mode & FMODE_WRITE)
		poll_wait(file, &pipe->wr_wait, table);
	return poll_state(file, pipe);
}

static __poll_t pipe_poll(struct file *file, poll_table *table)
{
	struct pipe_inode_info *pipe = file->private_data;

	if (unlikely(table && table->qproc))
		return poll_and_hook(file, pipe, table);
	return poll_state(file, pipe);
}

static void wake_everybody(struct pipe_inode_info *pipe)
{
	__poll_t mask = EPOLLIN | EPOLLOUT | EPOLLRDNORM | EPOLLWRNORM | EPOLLERR | EPOLLHUP;

	if (wq_has_sleeper(&pipe->rd_wait))
		__wake_up(&pipe->rd_wait, TASK_NORMAL, 0, poll_to_key(mask));
	if (wq_has_sleeper(&pipe->wr_wait))
		__wake_up(&pipe->wr_wait, TASK_NORMAL, 0, poll_to_key(mask));
	kill_fasync(&pipe->rd_fasync, POLL_IN);
	kill_fasync(&pipe->wr_fasync, POLL_OUT);
}

static int pipe_fasync(int fd, struct file *file, int on)
{
	struct pipe_inode_info *pipe = file->private_data;
	int ret = 0;

	if (file->f_mode & FMODE_READ)
		ret = fasync_update(fd, file, on, &pipe->rd_fasync);
	if (ret >= 0 && (file->f_mode & FMODE_WRITE)) {
		ret = fasync_update(fd, file, on, &pipe->wr_fasync);
		if (ret < 0 && (file->f_mode & FMODE_READ))
			fasync_update(-1, file, 0, &pipe->rd_fasync);
	}
	return ret;
}

static void free_pipe_info(struct pipe_inode_info *pipe)
{
	unsigned int i;

	while (!pipe_empty(pipe))
		pipe_release_tail(pipe);
	for (i = 0; i < PIPE_TMP_PAGES; i++)
		if (pipe->tmp_page[i])
			put_page(pipe->tmp_page[i]);
	atomic_long_sub(pipe->ring_size, &pipe->user->pipe_bufs);
	free_uid(pipe->user);
	if (unlikely(pipe->bufs != pipe->first_bufs))
		kfree(pipe->bufs);
	kmem_cache_free(pipe_cache, pipe);
}

static void put_pipe_info(struct inode *inode, struct pipe_inode_info *pipe)
{
	bool last;

	spin_lock(&inode->i_lock);
	last = !--pipe->files;
	if (last)
		inode->i_pipe = NULL;
	spin_unlock(&inode->i_lock);
	if (last)
		free_pipe_info(pipe);
}

static int pipe_release(struct inode *inode, struct file *file)
{
	struct pipe_inode_info *pipe = file->private_data;
	bool half;

	mutex_lock(&pipe->mutex);
	if (file->f_mode & FMODE_READ)
		WRITE_ONCE(pipe->readers, pipe->readers - 1);
	if (file->f_mode & FMODE_WRITE)
		WRITE_ONCE(pipe->writers, pipe->writers - 1);
	half = !pipe->readers != !pipe->writers;
	mutex_unlock(&pipe->mutex);
	if (half)			/* those at the other end get EOF or EPIPE */
		wake_everybody(pipe);
	put_pipe_info(inode, pipe);
	return 0;
}

/* ---- making pipes ---------------------------------------------------------------------------- */

static bool is_unprivileged(void)
{
	return !capable(CAP_SYS_RESOURCE) && !capable(CAP_SYS_ADMIN);
}

static bool over_limit(unsigned long limit, long pages)
{
	return limit && pages > (long)limit;
}

/* Charges @user and returns how many slots a new pipe may have; 0: none. */
static unsigned int charge_new_pipe(struct user_struct *user)
{
	unsigned int slots = PIPE_DEF_BUFFERS;
	long pages;

	if (slots > pipe_max_size >> PAGE_SHIFT && !capable(CAP_SYS_RESOURCE))
		slots = pipe_max_size >> PAGE_SHIFT;
	pages = atomic_long_add_return(slots, &user->pipe_bufs);
	if (over_limit(pipe_user_pages_soft, pages) && slots > PIPE_MIN_DEF_BUFFERS && is_unprivileged()) {
		pages = atomic_long_add_return((long)PIPE_MIN_DEF_BUFFERS - (long)slots, &user->pipe_bufs);
		slots = PIPE_MIN_DEF_BUFFERS;
	}
	if (over_limit(pipe_user_pages_hard, pages) && is_unprivileged()) {
		atomic_long_sub(slots, &user->pipe_bufs);
		return 0;
	}
	return slots;
}

static struct pipe_inode_info *alloc_pipe_info(void)
{
	struct user_struct *user = current_cred()->user;
	unsigned int slots = charge_new_pipe(user);
	struct pipe_inode_info *pipe;

	if (!slots)
		return NULL;
	pipe = kmem_cache_alloc(pipe_cache, GFP_KERNEL);
	if (!pipe) {
		atomic_long_sub(slots, &user->pipe_bufs);
		return NULL;
	}
	memset(pipe, 0, offsetof(struct pipe_inode_info, first_bufs));
	mutex_init_rank(&pipe->mutex, LOCK_RANK_PIPE);
	init_waitqueue_head(&pipe->rd_wait);
	init_waitqueue_head(&pipe->wr_wait);
	fasync_queue_init(&pipe->rd_fasync);
	fasync_queue_init(&pipe->wr_fasync);
	pipe->ring_size = slots;
	pipe->bufs = pipe->first_bufs;
	pipe->user = get_uid(user);
	return pipe;
}

static struct inode *get_pipe_inode(void)
{
	struct inode *inode = pseudo_inode(&pipe_fs, S_IFIFO | 0600);
	struct pipe_inode_info *pipe;

	if (!inode)
		return NULL;
	pipe = alloc_pipe_info();
	if (!pipe) {
		iput(inode);
		return NULL;
	}
	pipe->files = 2;
	pipe->readers = pipe->writers = 1;
	pipe->r_counter = pipe->w_counter = 1;
	inode->i_pipe = pipe;
	inode->i_fop = &pipefifo_fops;
	return inode;
}

/* The read end shares the write end's dentry. */
static struct file *clone_as_reader(struct file *writer, int flags)
{
	struct file *f = alloc_empty_file(flags, current_cred());

	if (IS_ERR(f))
		return f;
	f->f_path = writer->f_path;
	path_get(&f->f_path);
	f->f_inode = writer->f_inode;
	f->f_mapping = writer->f_mapping;
	f->f_op = writer->f_op;
	f->f_mode |= FMODE_OPENED;
	return f;
}

int create_pipe_files(struct file *files[2], int flags)
{
	struct inode *inode = get_pipe_inode();
	struct pipe_inode_info *pipe;
	struct file *r, *w;

	if (!inode)
		return -ENFILE;
	pipe = inode->i_pipe;
	w = alloc_file_pseudo(inode, pipe_fs.mnt, "", O_WRONLY | (flags & (O_NONBLOCK | O_DIRECT)),
			      &pipefifo_fops);
	if (IS_ERR(w)) {
		free_pipe_info(pipe);
		iput(inode);
		return PTR_ERR(w);
	}
	w->private_data = pipe;
	r = clone_as_reader(w, O_RDONLY | (flags & O_NONBLOCK));
	if (IS_ERR(r)) {
		put_pipe_info(inode, pipe);	/* the reader's share; the release below drops the writer's */
		__fput_sync(w);
		return PTR_ERR(r);
	}
	r->private_data = pipe;
	/* Positions mean nothing here, and nobody can watch what has no name. */
	w->f_mode = (w->f_mode & ~(FMODE_PREAD | FMODE_PWRITE)) | FMODE_STREAM | FMODE_NONOTIFY;
	r->f_mode |= FMODE_STREAM | FMODE_NONOTIFY;
	files[0] = r;
	files[1] = w;
	return 0;
}

static long do_pipe2(int __user *ufds, int flags)
{
	struct file *files[2];
	int fds[2], err;

	if (flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT))
		/* O_EXCL: a queue of notifications, which Debian's Linux, too, is built without */
		return flags & ~(O_CLOEXEC | O_NONBLOCK | O_DIRECT | O_EXCL) ? -EINVAL : -ENOPKG;
	err = create_pipe_files(files, flags);
	if (err)
		return err;
	err = fds[0] = get_unused_fd_flags(flags);
	if (err < 0)
		goto err_files;
	err = fds[1] = get_unused_fd_flags(flags);
	if (err < 0)
		goto err_fd0;
	err = -EFAULT;
	if (copy_to_user(ufds, fds, sizeof(fds)))
		goto err_fd1;
	fd_install(fds[0], files[0]);
	fd_install(fds[1], files[1]);
	return 0;
err_fd1:
	put_unused_fd(fds[1]);
err_fd0:
	put_unused_fd(fds[0]);
err_files:
	__fput_sync(files[0]);
	__fput_sync(files[1]);
	return err;
}

long sys_pipe2(int __user *fds, int flags)
{
	return do_pipe2(fds, flags);
}

long sys_pipe(int __user *fds)
{
	return do_pipe2(fds, 0);
}

/* ---- opening a FIFO -------------------------------------------------------------------------- */

/* The pipe of @inode, made if this is the first open; counted in pipe->files. */
static struct pipe_inode_info *fifo_get_pipe(struct inode *inode)
{
	struct pipe_inode_info *pipe, *fresh = NULL;

	spin_lock(&inode->i_lock);
	pipe = inode->i_pipe;
	if (!pipe) {
		spin_unlock(&inode->i_lock);
		fresh = alloc_pipe_info();
		if (!fresh)
			return NULL;
		fresh->named = true;
		spin_lock(&inode->i_lock);
		pipe = inode->i_pipe;
		if (!pipe) {
			pipe = inode->i_pipe = fresh;
			fresh = NULL;
		}
	}
	pipe->files++;
	spin_unlock(&inode->i_lock);
	if (fresh)
		free_pipe_info(fresh);
	return pipe;
}

/* Until the other side was opened, even if it is closed again at once. The mutex is dropped meanwhile. */
static int wait_for_partner(struct pipe_inode_info *pipe, wait_queue_head_t *wq, unsigned int *counter)
{
	unsigned int seen = *counter;
	int err;

	mutex_unlock(&pipe->mutex);
	err = wait_event_interruptible(*wq, READ_ONCE(*counter) != seen);
	mutex_lock(&pipe->mutex);
	return err;
}

static int open_reader(struct pipe_inode_info *pipe, struct file *file, bool anonymous)
{
	int err = 0;

	pipe->r_counter++;
	if (!pipe->readers++)
		wake_up_interruptible_all(&pipe->wr_wait);
	if (anonymous || pipe->writers)
		return 0;
	if (file->f_flags & O_NONBLOCK)
		file->f_version = pipe->w_counter;	/* no hang-up until a writer came and went */
	else
		err = wait_for_partner(pipe, &pipe->rd_wait, &pipe->w_counter);
	if (err && !--pipe->readers)
		wake_up_interruptible_all(&pipe->wr_wait);
	return err;
}

static int open_writer(struct pipe_inode_info *pipe, struct file *file, bool anonymous)
{
	int err = 0;

	if (!anonymous && (file->f_flags & O_NONBLOCK) && !pipe->readers)
		return -ENXIO;
	pipe->w_counter++;
	if (!pipe->writers++)
		wake_up_interruptible_all(&pipe->rd_wait);
	if (!anonymous && !pipe->readers)
		err = wait_for_partner(pipe, &pipe->wr_wait, &pipe->r_counter);
	if (err && !--pipe->writers)
		wake_up_interruptible_all(&pipe->rd_wait);
	return err;
}

static void open_both(struct pipe_inode_info *pipe)
{
	pipe->r_counter++;
	pipe->w_counter++;
	if (!pipe->readers++)
		wake_up_interruptible_all(&pipe->wr_wait);
	if (!pipe->writers++)
		wake_up_interruptible_all(&pipe->rd_wait);
}

static int fifo_open(struct inode *inode, struct file *file)
{
	bool anonymous = inode->i_sb->s_magic == PIPEFS_MAGIC;	/* through /proc/<pid>/fd */
	struct pipe_inode_info *pipe = fifo_get_pipe(inode);
	int err = 0;

	if (!pipe)
		return -ENOMEM;
	stream_open(inode, file);
	file->private_data = pipe;
	file->f_version = 0;
	mutex_lock(&pipe->mutex);
	switch (file->f_mode & (FMODE_READ | FMODE_WRITE)) {
	case FMODE_READ:
		err = open_reader(pipe, file, anonymous);
		break;
	case FMODE_WRITE:
		err = open_writer(pipe, file, anonymous);
		break;
	case FMODE_READ | FMODE_WRITE:
		open_both(pipe);	/* POSIX leaves it open; here it never waits */
		break;
	default:
		err = -EINVAL;
	}
	mutex_unlock(&pipe->mutex);
	if (err)
		put_pipe_info(inode, pipe);
	return err;
}

const struct file_operations pipefifo_fops = {
	.open		= fifo_open,
	.read		= pipe_read,
	.write		= pipe_write,
	.read_iter	= pipe_read_iter,
	.write_iter	= pipe_write_iter,
	.poll		= pipe_poll,
	.unlocked_ioctl	= pipe_ioctl,
	.fasync		= pipe_fasync,
	.release	= pipe_release,
};

struct pipe_inode_info *get_pipe_info(const struct file *file)
{
	return file->f_op == &pipefifo_fops ? file->private_data : NULL;
}

/* ---- resizing -------------------------------------------------------------------------------- */

static int pipe_resize(struct pipe_inode_info *pipe, unsigned int slots)
{
	unsigned int n = pipe_occupancy(pipe), i;
	struct pipe_buffer *bufs;

	if (slots < n)
		return -EBUSY;
	bufs = kmalloc_array(slots, sizeof(*bufs), GFP_KERNEL | __GFP_NOWARN);
	if (!bufs)
		return -ENOMEM;
	for (i = 0; i < n; i++)
		bufs[i] = *pipe_buf(pipe, pipe->tail + i);
	if (pipe->bufs != pipe->first_bufs)
		kfree(pipe->bufs);
	pipe->bufs = bufs;
	WRITE_ONCE(pipe->ring_size, slots);
	WRITE_ONCE(pipe->tail, 0);
	WRITE_ONCE(pipe->head, n);
	return 0;
}

static long pipe_set_size(struct pipe_inode_info *pipe, unsigned long size)
{
	unsigned int slots, old = pipe->ring_size;
	long pages;
	int err;

	if (size > 1UL << 31)
		return -EINVAL;
	slots = size <= PAGE_SIZE ? 1 : roundup_pow_of_two(size) >> PAGE_SHIFT;
	if (slots > old && slots > pipe_max_size >> PAGE_SHIFT && !capable(CAP_SYS_RESOURCE))
		return -EPERM;
	pages = atomic_long_add_return((long)slots - (long)old, &pipe->user->pipe_bufs);
	err = -EPERM;
	if (slots > old && (over_limit(pipe_user_pages_hard, pages) || over_limit(pipe_user_pages_soft, pages)) &&
	    is_unprivileged())
		goto uncharge;
	err = pipe_resize(pipe, slots);
	if (err)
		goto uncharge;
	return (long)slots * PAGE_SIZE;
uncharge:
	atomic_long_add((long)old - (long)slots, &pipe->user->pipe_bufs);
	return err;
}

long pipe_fcntl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct pipe_inode_info *pipe = get_pipe_info(file);
	long ret;

	if (!pipe)
		return -EBADF;
	mutex_lock(&pipe->mutex);
	switch (cmd) {
	case F_SETPIPE_SZ:
		ret = pipe_set_size(pipe, arg);
		break;
	case F_GETPIPE_SZ:
		ret = (long)pipe->ring_size * PAGE_SIZE;
		break;
	default:
		ret = -EINVAL;
	}
	mutex_unlock(&pipe->mutex);
	if (cmd == F_SETPIPE_SZ && ret > 0)
		pipe_wake_writers(pipe);
	return ret;
}

void __init pipe_init(void)
{
	pipe_cache = kmem_cache_create("pipe_inode_info", sizeof(struct pipe_inode_info), 0,
				       SLAB_HWCACHE_ALIGN | SLAB_PANIC, NULL);
	pseudo_fs_mount(&pipe_fs);
}
