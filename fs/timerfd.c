// SPDX-License-Identifier: GPL-2.0-only
/*
 * timerfd(2): a timer whose expiries are counted in a file.
 *
 * A periodic timer is not re-armed by its callback: read(2) and timerfd_gettime(2) work out how many periods have
 * passed and start it again, so an unread timer costs one interrupt.
 *
 * Locking: ctx->wqh.lock (irqs off) for the state; cancel_lock for the list of those that the setting of
 * CLOCK_REALTIME cancels, outside of wqh.lock.
 */
#include <fs/timerfd.h>

#include <fs/file.h>
#include <fs/poll.h>
#include <fs/seq_file.h>
#include <fs/time32_syscalls.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/time/hrtimer.h>
#include <kernel/time/timekeeping.h>
#include <kernel/time_namespace.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

struct timerfd_ctx {
	struct hrtimer		timer;
	wait_queue_head_t	wqh;
	clockid_t		clockid;	/* [I] as asked for, with _ALARM */
	u64			interval;	/* [wqh.lock] ns; 0: once */
	u64			ticks;		/* [wqh.lock] expiries not yet read */
	bool			expired;	/* [wqh.lock] the timer fired and was not re-armed */
	unsigned int		settime_flags;	/* [wqh.lock] */
	bool			clock_set;	/* [wqh.lock] CLOCK_REALTIME jumped: ECANCELED is due */
	bool			may_cancel;	/* [cancel_lock] on the list */
	struct list_head	cancel_list;	/* [cancel_lock] */
};

static DEFINE_SPINLOCK(cancel_lock);
static LIST_HEAD(cancel_list);		/* cancel_lock */

static enum hrtimer_restart timerfd_expired(struct hrtimer *timer)
{
	struct timerfd_ctx *ctx = container_of(timer, struct timerfd_ctx, timer);
	unsigned long flags;

	spin_lock_irqsave(&ctx->wqh.lock, flags);
	ctx->expired = true;
	ctx->ticks++;
	wake_up_locked_poll(&ctx->wqh, EPOLLIN);
	spin_unlock_irqrestore(&ctx->wqh.lock, flags);
	return HRTIMER_NORESTART;
}

/* ---- cancellation ---------------------------------------------------------------------------- */

void timerfd_clock_was_set(void)
{
	struct timerfd_ctx *ctx;
	unsigned long flags;

	spin_lock_irqsave(&cancel_lock, flags);
	list_for_each_entry(ctx, &cancel_list, cancel_list) {
		spin_lock(&ctx->wqh.lock);
		ctx->clock_set = true;
		ctx->ticks++;
		wake_up_locked_poll(&ctx->wqh, EPOLLIN);
		spin_unlock(&ctx->wqh.lock);
	}
	spin_unlock_irqrestore(&cancel_lock, flags);
}

static void set_may_cancel(struct timerfd_ctx *ctx, bool may)
{
	unsigned long flags;

	spin_lock_irqsave(&cancel_lock, flags);
	if (may && !ctx->may_cancel)
		list_add(&ctx->cancel_list, &cancel_list);
	else if (!may && ctx->may_cancel)
		list_del(&ctx->cancel_list);
	ctx->may_cancel = may;
	spin_unlock_irqrestore(&cancel_lock, flags);
}

/* wqh.lock held. Reports a jump of the clock once. */
static bool was_cancelled(struct timerfd_ctx *ctx)
{
	bool set = ctx->clock_set;

	ctx->clock_set = false;
	return set;
}

/* ---- state: wqh.lock held -------------------------------------------------------------------- */

/* Count the periods that passed since the timer fired, and start it again. */
static void catch_up(struct timerfd_ctx *ctx)
{
	if (!ctx->expired || !ctx->interval)
		return;
	/* The clock may have been set back behind the expiry: then even that one has not happened. */
	ctx->ticks += hrtimer_forward_now(&ctx->timer, ctx->interval) - 1;
	hrtimer_start(&ctx->timer, ctx->timer.expires, HRTIMER_MODE_ABS);
	ctx->expired = false;
}

static void current_setting(struct timerfd_ctx *ctx, struct itimerspec64 *it)
{
	/* Disarmed, its expiry is zero. */
	it->it_value = ns_to_timespec64(hrtimer_get_remaining(&ctx->timer));
	it->it_interval = ns_to_timespec64(ctx->interval);
}

/* ---- file operations ------------------------------------------------------------------------- */

static int wait_for_ticks(struct timerfd_ctx *ctx)
{
	DECLARE_WAITQUEUE(wait, current);
	int err = 0;

	__add_wait_queue(&ctx->wqh, &wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (ctx->ticks)
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

static ssize_t timerfd_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct timerfd_ctx *ctx = file->private_data;
	u64 ticks = 0;
	ssize_t ret = 0;

	if (count < sizeof(ticks))
		return -EINVAL;
	spin_lock_irq(&ctx->wqh.lock);
	if (!ctx->ticks)
		ret = (file->f_flags & O_NONBLOCK) ? -EAGAIN : wait_for_ticks(ctx);
	if (!ret && was_cancelled(ctx)) {
		ctx->ticks = 0;
		ctx->expired = false;
		ret = -ECANCELED;
	}
	if (!ret) {
		catch_up(ctx);
		ctx->expired = false;
		ticks = ctx->ticks;
		ctx->ticks = 0;
	}
	spin_unlock_irq(&ctx->wqh.lock);
	if (!ticks)
		return ret;
	return put_user(ticks, (u64 __user *)buf) ? -EFAULT : (ssize_t)sizeof(ticks);
}

static __poll_t timerfd_poll(struct file *file, poll_table *table)
{
	struct timerfd_ctx *ctx = file->private_data;
	__poll_t mask;

	poll_wait(file, &ctx->wqh, table);
	spin_lock_irq(&ctx->wqh.lock);
	mask = ctx->ticks ? EPOLLIN : 0;
	spin_unlock_irq(&ctx->wqh.lock);
	return mask;
}

static long timerfd_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct timerfd_ctx *ctx = file->private_data;
	long ret = 0;
	u64 ticks;

	if (cmd != TFD_IOC_SET_TICKS)
		return -ENOTTY;
	if (copy_from_user(&ticks, (void __user *)arg, sizeof(ticks)))
		return -EFAULT;
	if (!ticks)
		return -EINVAL;
	spin_lock_irq(&ctx->wqh.lock);
	if (ctx->clock_set) {
		ret = -ECANCELED;
	} else {
		ctx->ticks = ticks;
		wake_up_locked_poll(&ctx->wqh, EPOLLIN);
	}
	spin_unlock_irq(&ctx->wqh.lock);
	return ret;
}

static int timerfd_release(struct inode *inode, struct file *file)
{
	struct timerfd_ctx *ctx = file->private_data;

	set_may_cancel(ctx, false);
	hrtimer_cancel(&ctx->timer);
	kfree(ctx);
	return 0;
}

static void timerfd_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct timerfd_ctx *ctx = file->private_data;
	struct itimerspec64 it;
	unsigned int settime_flags;
	u64 ticks;

	spin_lock_irq(&ctx->wqh.lock);
	current_setting(ctx, &it);
	ticks = ctx->ticks;
	settime_flags = ctx->settime_flags;
	spin_unlock_irq(&ctx->wqh.lock);
	seq_printf(m, "clockid: %d\nticks: %llu\nsettime flags: 0%o\n"
		   "it_value: (%llu, %llu)\nit_interval: (%llu, %llu)\n",
		   ctx->clockid, ticks, settime_flags,
		   (u64)it.it_value.tv_sec, (u64)it.it_value.tv_nsec,
		   (u64)it.it_interval.tv_sec, (u64)it.it_interval.tv_nsec);
}

static const struct file_operations timerfd_fops = {
	.read		= timerfd_read,
	.poll		= timerfd_poll,
	.unlocked_ioctl	= timerfd_ioctl,
	.release	= timerfd_release,
	.llseek		= noop_llseek,
	.show_fdinfo	= timerfd_show_fdinfo,
};

/* ---- the calls ------------------------------------------------------------------------------- */

static bool is_alarm(clockid_t clockid)
{
	return clockid == CLOCK_REALTIME_ALARM || clockid == CLOCK_BOOTTIME_ALARM;
}

static clockid_t timer_clock(clockid_t clockid)
{
	switch (clockid) {
	case CLOCK_REALTIME_ALARM:
		return CLOCK_REALTIME;
	case CLOCK_BOOTTIME_ALARM:
		return CLOCK_BOOTTIME;
	default:
		return clockid;
	}
}

long sys_timerfd_create(int clockid, int flags)
{
	struct timerfd_ctx *ctx;
	int fd;

	if (flags & ~(TFD_CLOEXEC | TFD_NONBLOCK))
		return -EINVAL;
	if (clockid != CLOCK_MONOTONIC && clockid != CLOCK_REALTIME && clockid != CLOCK_BOOTTIME && !is_alarm(clockid))
		return -EINVAL;
	if (is_alarm(clockid) && !capable(CAP_WAKE_ALARM))
		return -EPERM;
	ctx = kzalloc(sizeof(*ctx), GFP_KERNEL);
	if (!ctx)
		return -ENOMEM;
	init_waitqueue_head(&ctx->wqh);
	ctx->clockid = clockid;
	hrtimer_init(&ctx->timer, timer_clock(clockid), timerfd_expired);
	fd = anon_inode_getfd("[timerfd]", &timerfd_fops, ctx, O_RDWR | (flags & (O_CLOEXEC | O_NONBLOCK)));
	if (fd < 0)
		kfree(ctx);
	return fd;
}

/* The timer is idle and wqh.lock held. */
static int start_timer(struct timerfd_ctx *ctx, int flags, const struct itimerspec64 *it)
{
	u64 expires = timespec64_to_ns(&it->it_value);

	ctx->expired = false;
	ctx->ticks = 0;
	ctx->interval = timespec64_to_ns(&it->it_interval);
	ctx->settime_flags = flags & (TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET);
	ctx->timer.expires = expires;
	if (!expires)
		return 0;
	if (flags & TFD_TIMER_ABSTIME)
		expires = timens_to_host(ctx->clockid, expires);
	hrtimer_start(&ctx->timer, expires, (flags & TFD_TIMER_ABSTIME) ? HRTIMER_MODE_ABS : HRTIMER_MODE_REL);
	return was_cancelled(ctx) ? -ECANCELED : 0;
}

static int set_timer(struct timerfd_ctx *ctx, int flags, const struct itimerspec64 *it, struct itimerspec64 *old)
{
	int err;

	set_may_cancel(ctx, timer_clock(ctx->clockid) == CLOCK_REALTIME && (flags & TFD_TIMER_ABSTIME) &&
			    (flags & TFD_TIMER_CANCEL_ON_SET));
	for (;;) {
		spin_lock_irq(&ctx->wqh.lock);
		if (ctx->expired && ctx->interval)
			hrtimer_forward_now(&ctx->timer, ctx->interval);	/* for the old setting */
		current_setting(ctx, old);
		if (hrtimer_try_to_cancel(&ctx->timer) >= 0)
			break;
		spin_unlock_irq(&ctx->wqh.lock);	/* the callback wants the lock */
		cpu_relax();
	}
	err = start_timer(ctx, flags, it);
	spin_unlock_irq(&ctx->wqh.lock);
	return err;
}

/* The timer behind @fd, which the caller puts back; ERR_PTR. */
static struct timerfd_ctx *get_timerfd(struct fd f)
{
	if (!f.file)
		return ERR_PTR(-EBADF);
	return f.file->f_op == &timerfd_fops ? f.file->private_data : ERR_PTR(-EINVAL);
}

static int do_timerfd_settime(int ufd, int flags, const struct itimerspec64 *it, struct itimerspec64 *old)
{
	struct timerfd_ctx *ctx;
	struct fd f;
	int err;

	if ((flags & ~(TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET)) || !timespec64_valid(&it->it_value) ||
	    !timespec64_valid(&it->it_interval))
		return -EINVAL;
	f = fdget(ufd);
	ctx = get_timerfd(f);
	err = PTR_ERR_OR_ZERO(ctx);
	if (!err && is_alarm(ctx->clockid) && !capable(CAP_WAKE_ALARM))
		err = -EPERM;
	if (!err)
		err = set_timer(ctx, flags, it, old);
	fdput(f);
	return err;
}

static int do_timerfd_gettime(int ufd, struct itimerspec64 *it)
{
	struct fd f = fdget(ufd);
	struct timerfd_ctx *ctx = get_timerfd(f);
	int err = PTR_ERR_OR_ZERO(ctx);

	if (!err) {
		spin_lock_irq(&ctx->wqh.lock);
		catch_up(ctx);
		current_setting(ctx, it);
		spin_unlock_irq(&ctx->wqh.lock);
	}
	fdput(f);
	return err;
}

long sys_timerfd_settime(int fd, int flags, const struct __kernel_itimerspec __user *val,
			 struct __kernel_itimerspec __user *old)
{
	struct itimerspec64 it, was;
	int err;

	if (get_itimerspec64(&it, val))
		return -EFAULT;
	err = do_timerfd_settime(fd, flags, &it, &was);
	if (!err && old && put_itimerspec64(&was, old))
		err = -EFAULT;
	return err;
}

long sys_timerfd_gettime(int fd, struct __kernel_itimerspec __user *val)
{
	struct itimerspec64 it;
	int err = do_timerfd_gettime(fd, &it);

	return err ? err : put_itimerspec64(&it, val);
}

long sys_timerfd_settime_time32(int fd, int flags, const void __user *val, void __user *old)
{
	struct itimerspec64 it, was;
	int err;

	if (get_old_itimerspec32(&it, val))
		return -EFAULT;
	err = do_timerfd_settime(fd, flags, &it, &was);
	if (!err && old && put_old_itimerspec32(&was, old))
		err = -EFAULT;
	return err;
}

long sys_timerfd_gettime_time32(int fd, void __user *val)
{
	struct itimerspec64 it;
	int err = do_timerfd_gettime(fd, &it);

	return err ? err : put_old_itimerspec32(&it, val);
}
