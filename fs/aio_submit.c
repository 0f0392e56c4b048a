// SPDX-License-Identifier: GPL-2.0-only
/*
 * io_submit(2), io_cancel(2): requests of asynchronous I/O.
 *
 * Reads, writes and syncs are done when they are asked for; only their outcome comes as an event.  IOCB_CMD_POLL is
 * what can wait: it has an entry in the one wait queue of its file.
 *
 * A poll request is ARMING while the caller looks at the file, then ARMED.  A wake-up that says what happened, for
 * a request that has no eventfd to tell, posts the event on the spot and leaves to a work item to let go of the
 * files.  Any other makes the request BUSY: the work item asks the file and posts, or arms it anew.  To cancel is to
 * make it BUSY with its result settled.  Who finds a request on ctx->waiting, under ctx->lock, may look at it: it is
 * not DONE.
 *
 * Locking: see <fs/aio_internal.h>; a request's fields belong to ctx->lock [l].
 */
#include <fs/aio_internal.h>

#include <fs/eventfd.h>
#include <fs/eventpoll.h>
#include <fs/file.h>
#include <fs/internal.h>
#include <fs/poll.h>
#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/ioprio.h>
#include <kernel/lib/err.h>
#include <kernel/workqueue.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define FAST_IOV	8
#define AIO_RWF		(RWF_HIPRI | RWF_DSYNC | RWF_SYNC | RWF_APPEND)	/* nothing here can do RWF_NOWAIT */

/* What a request is to tell, and to whom; the references go with the event. */
struct aio_request {
	struct kioctx	*ctx;
	struct file	*file;
	struct file	*eventfd;	/* or NULL */
	u64		obj, data;
};

enum poll_state { ARMING, ARMED, BUSY, DONE };

struct aio_poll {
	struct aio_request	req;		/* [I] */
	struct wait_queue_entry	wait;		/* [its queue] */
	wait_queue_head_t	*queue;		/* [I] once armed; NULL: it will never be woken */
	struct work_struct	work;
	struct list_head	link;		/* [l] in ctx->waiting */
	__poll_t		events;		/* [I] */
	enum poll_state		state;		/* [l] */
	__poll_t		result;		/* [l] what a wake-up said; 0: ask the file */
	bool			woken;		/* [l] while ARMING or BUSY */
	bool			cancelled;	/* [l] */
};

static void put_files(const struct aio_request *req)
{
	if (req->eventfd)
		fput(req->eventfd);
	fput(req->file);
}

/* Process context. */
static void finish(const struct aio_request *req, s64 res)
{
	spin_lock_irq(&req->ctx->lock);
	aio_post(req->ctx, req->obj, req->data, res);
	spin_unlock_irq(&req->ctx->lock);
	if (req->eventfd)
		eventfd_signal(req->eventfd);
	put_files(req);
}

/* ---- poll -------------------------------------------------------------------------------------- */

static void free_poll(struct aio_poll *poll)
{
	struct kioctx *ctx = poll->req.ctx;

	kfree(poll);
	aio_put(ctx);
}

static void unhook(struct aio_poll *poll)
{
	if (poll->queue)
		remove_wait_queue(poll->queue, &poll->wait);
}

/* [l] held. ARMED becomes BUSY. */
static void make_busy(struct aio_poll *poll)
{
	poll->state = BUSY;
	schedule_work(&poll->work);
}

/* [l] held. */
static void cancel(struct aio_poll *poll)
{
	list_del_init(&poll->link);
	poll->cancelled = true;
	if (poll->state == ARMED)
		make_busy(poll);
}

static void poll_work(struct work_struct *work)
{
	struct aio_poll *poll = container_of(work, struct aio_poll, work);
	poll_table table = { .key = poll->events };
	struct kioctx *ctx = poll->req.ctx;
	__poll_t mask;

	spin_lock_irq(&ctx->lock);
	mask = poll->result;
	if (poll->state == DONE) {		/* only the references are left */
		spin_unlock_irq(&ctx->lock);
		put_files(&poll->req);
		free_poll(poll);
		return;
	}
	while (!poll->cancelled && !mask) {
		poll->woken = false;
		spin_unlock_irq(&ctx->lock);
		mask = vfs_poll(poll->req.file, &table) & poll->events;
		spin_lock_irq(&ctx->lock);
		if (!mask && !poll->woken && !poll->cancelled) {
			poll->state = ARMED;
			spin_unlock_irq(&ctx->lock);
			return;
		}
	}
	poll->state = DONE;
	list_del_init(&poll->link);
	spin_unlock_irq(&ctx->lock);
	unhook(poll);
	finish(&poll->req, mask);
	free_poll(poll);
}

/* The watched queue's lock is held, irqs off. */
static int poll_wake(struct wait_queue_entry *wait, unsigned int mode, int flags, void *key)
{
	struct aio_poll *poll = container_of(wait, struct aio_poll, wait);
	__poll_t mask = key_to_poll(key);
	struct kioctx *ctx = poll->req.ctx;

	if (mask && !(mask & poll->events))
		return 0;
	if (mask & (EPOLLHUP | EPOLLERR))
		mask = 0;		/* ends are told apart by the file, as on Linux */
	spin_lock(&ctx->lock);
	poll->woken = true;
	if (poll->state == ARMED) {
		poll->result = mask;
		make_busy(poll);
		if (mask && !poll->req.eventfd) {
			poll->state = DONE;
			list_del_init(&poll->link);
			list_del_init(&wait->entry);
			aio_post(ctx, poll->req.obj, poll->req.data, mask);
		}
	}
	spin_unlock(&ctx->lock);
	return 1;
}

struct aio_poll_table {
	poll_table	pt;
	struct aio_poll	*poll;
	int		queues;
};

/* A signalfd's wake-ups tell a work item nothing about its owner's signals: as on Linux, only the first look does. */
static void hook_in(struct file *file, wait_queue_head_t *queue, poll_table *pt)
{
	struct aio_poll_table *table = container_of(pt, struct aio_poll_table, pt);

	if (table->queues++ || file_is_signalfd(file))
		return;
	table->poll->queue = queue;
	add_wait_queue(queue, &table->poll->wait);
}

/* The caller has looked: there is @mask. True: it is settled, and the caller's to end. */
static bool arm_poll(struct aio_poll *poll, __poll_t mask, int queues)
{
	struct kioctx *ctx = poll->req.ctx;
	bool settled = mask || queues != 1;

	spin_lock_irq(&ctx->lock);
	if (!settled) {
		poll->state = ARMED;
		list_add_tail(&poll->link, &ctx->waiting);
		if (ctx->dead)
			cancel(poll);
		else if (poll->woken)
			make_busy(poll);
	} else {
		poll->state = DONE;
	}
	spin_unlock_irq(&ctx->lock);
	return settled;
}

/* Takes over the files if it returns 0. */
static int submit_poll(const struct aio_request *req, const struct iocb *iocb)
{
	struct aio_poll_table table = { .pt.qproc = hook_in };
	struct aio_poll *poll;
	__poll_t mask;

	if ((u16)iocb->aio_buf != iocb->aio_buf || iocb->aio_offset || iocb->aio_nbytes || iocb->aio_rw_flags)
		return -EINVAL;
	poll = kzalloc(sizeof(*poll), GFP_KERNEL);
	if (!poll)
		return -EAGAIN;
	poll->req = *req;
	poll->events = (u16)iocb->aio_buf | EPOLLERR | EPOLLHUP;
	init_waitqueue_func_entry(&poll->wait, poll_wake);
	INIT_WORK(&poll->work, poll_work);
	INIT_LIST_HEAD(&poll->link);
	atomic_inc(&req->ctx->refs);
	table.poll = poll;
	table.pt.key = poll->events;
	mask = vfs_poll(req->file, &table.pt) & poll->events;
	if (!arm_poll(poll, mask, table.queues))
		return 0;
	unhook(poll);
	free_poll(poll);
	if (!mask)
		return -EINVAL;
	finish(req, mask);
	return 0;
}

void aio_cancel_all(struct kioctx *ctx)
{
	spin_lock_irq(&ctx->lock);
	while (!list_empty(&ctx->waiting))
		cancel(list_first_entry(&ctx->waiting, struct aio_poll, link));
	spin_unlock_irq(&ctx->lock);
}

/* ---- read, write, sync --------------------------------------------------------------------------- */

/* Can @file be read or written so? Pipes and devices of ours that lack the iterator have it on Linux. */
static int check_file(const struct file *file, bool write)
{
	const struct file_operations *op = file->f_op;
	umode_t mode = file->f_inode->i_mode;

	if (!(file->f_mode & (write ? FMODE_WRITE : FMODE_READ)))
		return -EBADF;
	if (write ? op->write_iter != NULL : op->read_iter != NULL)
		return 0;
	return (S_ISFIFO(mode) || S_ISCHR(mode)) && (write ? op->write != NULL : op->read != NULL) ? 0 : -EINVAL;
}

static int check_rw(const struct file *file, const struct iocb *iocb, bool write)
{
	int err = iocb->aio_flags & IOCB_FLAG_IOPRIO ? ioprio_check(iocb->aio_reqprio) : 0;

	if (!err && (iocb->aio_rw_flags & ~AIO_RWF))
		err = -EOPNOTSUPP;
	return err ?: check_file(file, write);
}

/* *@iov is to be kfree()d. */
static int import(const struct iocb *iocb, bool write, bool vectored, struct iovec **iov, struct iov_iter *iter)
{
	void __user *buf = (void __user *)(unsigned long)iocb->aio_buf;
	size_t len = iocb->aio_nbytes;
	struct iovec *seg = *iov;

	if (vectored)
		return import_iovec(write, buf, len, FAST_IOV, iov, iter);
	*iov = NULL;
	len = min(len, MAX_RW_COUNT);
	if (!access_ok(buf, len))
		return -EFAULT;
	iov_iter_ubuf(iter, write, seg, buf, len);
	return 0;
}

static ssize_t transfer(struct file *file, struct iov_iter *iter, loff_t pos, bool write, int rwf)
{
	ssize_t n;

	if (!iov_iter_count(iter))
		return 0;
	if (write ? !file->f_op->write_iter : !file->f_op->read_iter)
		n = do_iter_rw(file, iter, &pos, write, 0);
	else
		n = iter_transfer(file, iter, &pos, write, rwf_to_iocb(file, true, rwf));
	return n <= -ERESTARTSYS && n >= -ERESTART_RESTARTBLOCK ? -EINTR : n;
}

static int do_rw(struct file *file, const struct iocb *iocb, bool write, bool vectored, s64 *res)
{
	struct iovec fast[FAST_IOV], *iov = fast;
	struct iov_iter iter;
	int err = check_rw(file, iocb, write);

	if (err)
		return err;
	err = import(iocb, write, vectored, &iov, &iter);
	if (err >= 0)
		err = rw_verify_area(file, iocb->aio_offset, iov_iter_count(&iter));
	if (!err)
		*res = transfer(file, &iter, iocb->aio_offset, write, iocb->aio_rw_flags);
	kfree(iov);
	return err;
}

static int do_sync(struct file *file, const struct iocb *iocb, int datasync, s64 *res)
{
	if (iocb->aio_buf || iocb->aio_offset || iocb->aio_nbytes || iocb->aio_rw_flags || !file->f_op->fsync)
		return -EINVAL;
	*res = vfs_fsync(file, datasync);
	return 0;
}

/* ---- the calls ----------------------------------------------------------------------------------- */

/* 0: there will be, or is, an event, and the files are gone. */
static int run(const struct aio_request *req, const struct iocb *iocb)
{
	unsigned int op = iocb->aio_lio_opcode;
	struct file *file = req->file;
	s64 res;
	int err;

	switch (op) {
	case IOCB_CMD_PREAD:
	case IOCB_CMD_PREADV:
	case IOCB_CMD_PWRITE:
	case IOCB_CMD_PWRITEV:
		err = do_rw(file, iocb, op == IOCB_CMD_PWRITE || op == IOCB_CMD_PWRITEV, op >= IOCB_CMD_PREADV, &res);
		break;
	case IOCB_CMD_FSYNC:
	case IOCB_CMD_FDSYNC:
		err = do_sync(file, iocb, op == IOCB_CMD_FDSYNC, &res);
		break;
	case IOCB_CMD_POLL:
		return submit_poll(req, iocb);
	default:
		err = -EINVAL;
	}
	if (!err)
		finish(req, res);
	return err;
}

static int get_files(struct aio_request *req, const struct iocb *iocb)
{
	req->file = fget(iocb->aio_fildes);
	req->eventfd = NULL;
	if (!req->file)
		return -EBADF;
	if (!(iocb->aio_flags & IOCB_FLAG_RESFD))
		return 0;
	req->eventfd = fget(iocb->aio_resfd);
	if (!req->eventfd)
		return -EBADF;
	return file_is_eventfd(req->eventfd) ? 0 : -EINVAL;
}

/* A place for the event is taken. */
static int submit(struct kioctx *ctx, const struct iocb *iocb, struct iocb __user *uiocb)
{
	struct aio_request req = { .ctx = ctx, .obj = (unsigned long)uiocb, .data = iocb->aio_data };
	int err = get_files(&req, iocb);

	if (!err && put_user(0, &uiocb->aio_key))
		err = -EFAULT;
	if (!err)
		err = run(&req, iocb);
	if (err && req.file)
		put_files(&req);
	return err;
}

static int submit_one(struct kioctx *ctx, struct iocb __user *uiocb)
{
	struct iocb iocb;
	int err;

	if (copy_from_user(&iocb, uiocb, sizeof(iocb)))
		return -EFAULT;
	if (iocb.aio_reserved2 || iocb.aio_buf != (unsigned long)iocb.aio_buf ||
	    iocb.aio_nbytes != (size_t)iocb.aio_nbytes || (ssize_t)iocb.aio_nbytes < 0)
		return -EINVAL;
	if (!aio_take_slot(ctx))
		return -EAGAIN;
	err = submit(ctx, &iocb, uiocb);
	if (err)
		aio_return_slot(ctx);
	return err;
}

long sys_io_submit(unsigned long id, long nr, const void __user *iocbs)
{
	struct kioctx *ctx = nr < 0 ? NULL : aio_lookup(id);
	unsigned long uiocb;
	long i, err = 0;

	if (!ctx)
		return -EINVAL;
	nr = min_t(long, nr, ctx->nr);
	for (i = 0; i < nr; i++) {
		err = get_user_word(&uiocb, iocbs + i * user_word_size());
		if (!err)
			err = submit_one(ctx, (struct iocb __user *)uiocb);
		if (err)
			break;
	}
	aio_put(ctx);
	return i ?: err;
}

long sys_io_cancel(unsigned long id, struct iocb __user *uiocb, void __user *result)
{
	struct kioctx *ctx;
	struct aio_poll *poll;
	long ret = -EINVAL;
	u32 key;

	if (get_user(key, &uiocb->aio_key))
		return -EFAULT;
	ctx = key ? NULL : aio_lookup(id);
	if (!ctx)
		return -EINVAL;
	spin_lock_irq(&ctx->lock);
	list_for_each_entry(poll, &ctx->waiting, link)
		if (poll->req.obj == (unsigned long)uiocb) {
			cancel(poll);
			ret = -EINPROGRESS;	/* the event is on its way */
			break;
		}
	spin_unlock_irq(&ctx->lock);
	aio_put(ctx);
	return ret;
}
