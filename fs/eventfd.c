// SPDX-License-Identifier: GPL-2.0-only
/*
 * eventfd(2): a 64-bit counter in a file.  Writes add, a read takes it all (or 1, EFD_SEMAPHORE); readers wait
 * for it to become non-zero, writers for room below the maximum.
 *
 * Locking: the wait queue's lock guards the counter, so a wake-up and the change it tells of are one step.
 */
#include <fs/eventfd.h>

#include <fs/file.h>
#include <fs/poll.h>
#include <fs/seq_file.h>
#include <generated/syscalls.h>
#include <kernel/lib/err.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define EFD_SEMAPHORE	1
#define EFD_CLOEXEC	O_CLOEXEC
#define EFD_NONBLOCK	O_NONBLOCK

struct eventfd_ctx {
	wait_queue_head_t	wqh;
	u64			count;		/* [wqh.lock] */
	unsigned int		flags;		/* [I] EFD_SEMAPHORE */
};

/* The counter never reaches U64_MAX by a write. */
static bool fits(const struct eventfd_ctx *ctx, u64 add)
{
	return U64_MAX - ctx->count > add;
}

/* wqh.lock held, dropped to sleep: until there is a count (@add 0), or room for @add. */
static int wait_locked(struct eventfd_ctx *ctx, u64 add)
{
	DECLARE_WAITQUEUE(wait, current);
	int err = 0;

	__add_wait_queue(&ctx->wqh, &wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (add ? fits(ctx, add) : ctx->count > 0)
			break;
		if (signal_pending(current)) {
			err = -ERESTARTSYS;
			break;
		}
		spin_unlock_irq(&ctx->wqh.lock);
		schedule();
		spin_lock_irq(&ctx->wqh.lock);
	}
	__remove_wait_queue(&ctx->wqh, &wait);
	__set_current_state(TASK_RUNNING);
	return err;
}

static ssize_t eventfd_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct eventfd_ctx *ctx = iocb->ki_filp->private_data;
	bool nowait = (iocb->ki_filp->f_flags & O_NONBLOCK) || (iocb->ki_flags & IOCB_NOWAIT);
	u64 value = 0;
	int err = 0;

	if (iov_iter_count(to) < sizeof(value))
		return -EINVAL;
	spin_lock_irq(&ctx->wqh.lock);
	if (!ctx->count)
		err = nowait ? -EAGAIN : wait_locked(ctx, 0);
	if (!err) {
		value = (ctx->flags & EFD_SEMAPHORE) ? 1 : ctx->count;
		ctx->count -= value;
		if (waitqueue_active(&ctx->wqh))
			wake_up_locked_poll(&ctx->wqh, EPOLLOUT);
	}
	spin_unlock_irq(&ctx->wqh.lock);
	if (err)
		return err;
	return copy_to_iter(&value, sizeof(value), to) == sizeof(value) ? (ssize_t)sizeof(value) : -EFAULT;
}

static ssize_t eventfd_write(struct file *file, const char __user *buf, size_t count, loff_t *ppos)
{
	struct eventfd_ctx *ctx = file->private_data;
	u64 add;
	int err = 0;

	if (count < sizeof(add))
		return -EINVAL;
	if (copy_from_user(&add, buf, sizeof(add)))
		return -EFAULT;
	if (add == U64_MAX)
		return -EINVAL;
	spin_lock_irq(&ctx->wqh.lock);
	if (!fits(ctx, add))
		err = (file->f_flags & O_NONBLOCK) ? -EAGAIN : wait_locked(ctx, add);
	if (!err) {
		ctx->count += add;
		if (waitqueue_active(&ctx->wqh))
			wake_up_locked_poll(&ctx->wqh, EPOLLIN);
	}
	spin_unlock_irq(&ctx->wqh.lock);
	return err ? err : (ssize_t)sizeof(add);
}

static __poll_t eventfd_poll(struct file *file, poll_table *table)
{
	struct eventfd_ctx *ctx = file->private_data;
	__poll_t mask = 0;
	u64 count;

	poll_wait(file, &ctx->wqh, table);
	spin_lock_irq(&ctx->wqh.lock);
	count = ctx->count;
	spin_unlock_irq(&ctx->wqh.lock);
	if (count > 0)
		mask |= EPOLLIN;
	if (count == U64_MAX)
		mask |= EPOLLERR;
	if (count < U64_MAX - 1)
		mask |= EPOLLOUT;
	return mask;
}

static int eventfd_release(struct inode *inode, struct file *file)
{
	struct eventfd_ctx *ctx = file->private_data;

	wake_up_poll(&ctx->wqh, EPOLLHUP);
	kfree(ctx);
	return 0;
}

static void eventfd_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct eventfd_ctx *ctx = file->private_data;
	u64 count;

	spin_lock_irq(&ctx->wqh.lock);
	count = ctx->count;
	spin_unlock_irq(&ctx->wqh.lock);
	seq_printf(m, "eventfd-count: %16llx\n", count);
}

static const struct file_operations eventfd_fops = {
	.read_iter	= eventfd_read,
	.write		= eventfd_write,
	.poll		= eventfd_poll,
	.release	= eventfd_release,
	.llseek		= noop_llseek,
	.show_fdinfo	= eventfd_show_fdinfo,
};

bool file_is_eventfd(const struct file *file)
{
	return file->f_op == &eventfd_fops;
}

void eventfd_signal(struct file *file)
{
	struct eventfd_ctx *ctx = file->private_data;

	spin_lock_irq(&ctx->wqh.lock);
	if (ctx->count < U64_MAX)
		ctx->count++;
	if (waitqueue_active(&ctx->wqh))
		wake_up_locked_poll(&ctx->wqh, EPOLLIN);
	spin_unlock_irq(&ctx->wqh.lock);
}

long sys_eventfd2(unsigned int count, int flags)
{
	struct eventfd_ctx *ctx;
	int fd;

	if (flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK))
		return -EINVAL;
	ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head(&ctx->wqh);
	ctx->count = count;
	ctx->flags = flags & EFD_SEMAPHORE;
	fd = anon_inode_getfd("[eventfd]", &eventfd_fops, ctx, O_RDWR | (flags & (EFD_CLOEXEC | EFD_NONBLOCK)));
	if (fd < 0)
		kfree(ctx);
	return fd;
}

long sys_eventfd(unsigned int count)
{
	return sys_eventfd2(count, 0);
}
