// SPDX-License-Identifier: GPL-2.0-only
/*
 * signalfd(2): signals as records of a file.  A read takes pending signals of the mask from whoever reads, which
 * is not always who made the descriptor.
 *
 * Locking: sighand->siglock for the mask and for dequeuing; sleepers and pollers wait on sighand->signalfd_wqh,
 * which every queued signal wakes.
 */
#include <fs/eventpoll.h>
#include <fs/file.h>
#include <fs/poll.h>
#include <fs/seq_file.h>
#include <generated/syscalls.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

#define UNCATCHABLE	(sigmask(SIGKILL) | sigmask(SIGSTOP))

struct signalfd_ctx {
	ksigset_t	wanted;		/* [siglock of whoever changes it] */
};

static_assert(sizeof(struct signalfd_siginfo) == 128);

static void fill_record(struct signalfd_siginfo *r, const siginfo_t *info)
{
	memset(r, 0, sizeof(*r));
	r->ssi_signo = info->si_signo;
	r->ssi_errno = info->si_errno;
	r->ssi_code = info->si_code;
	switch (siginfo_kind(info->si_signo, info->si_code)) {
	case INFO_RT:
		r->ssi_ptr = (unsigned long)info->si_ptr;
		r->ssi_int = info->si_int;
		fallthrough;
	case INFO_KILL:
		r->ssi_pid = info->si_pid;
		r->ssi_uid = info->si_uid;
		break;
	case INFO_TIMER:
		r->ssi_tid = info->si_tid;
		r->ssi_overrun = info->si_overrun;
		r->ssi_ptr = (unsigned long)info->si_ptr;
		r->ssi_int = info->si_int;
		break;
	case INFO_POLL:
		r->ssi_band = info->si_band;
		r->ssi_fd = info->si_fd;
		break;
	case INFO_FAULT:
		r->ssi_addr = (unsigned long)info->si_addr;
		break;
	case INFO_CHLD:
		r->ssi_pid = info->si_pid;
		r->ssi_uid = info->si_uid;
		r->ssi_status = info->si_status;
		r->ssi_utime = info->si_utime;
		r->ssi_stime = info->si_stime;
		break;
	case INFO_SYS:
		r->ssi_call_addr = (unsigned long)info->si_call_addr;
		r->ssi_syscall = info->si_syscall;
		r->ssi_arch = info->si_arch;
		break;
	}
}

static int take_one(struct signalfd_ctx *ctx, siginfo_t *info)
{
	enum pid_type type;

	return dequeue_signal(current, ~ctx->wanted, info, &type);
}

/* The next signal; sleeps unless @nowait. Its number, -EAGAIN, -ERESTARTSYS. */
static int signalfd_dequeue(struct signalfd_ctx *ctx, siginfo_t *info, bool nowait)
{
	struct sighand_struct *sighand = current->sighand;
	DECLARE_WAITQUEUE(wait, current);
	int sig;

	spin_lock_irq(&sighand->siglock);
	sig = take_one(ctx, info);
	if (sig || nowait) {
		spin_unlock_irq(&sighand->siglock);
		return sig ? sig : -EAGAIN;
	}
	add_wait_queue(&sighand->signalfd_wqh, &wait);
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		sig = take_one(ctx, info);
		if (sig)
			break;
		if (signal_pending(current)) {
			sig = -ERESTARTSYS;
			break;
		}
		spin_unlock_irq(&sighand->siglock);
		schedule();
		spin_lock_irq(&sighand->siglock);
	}
	spin_unlock_irq(&sighand->siglock);
	remove_wait_queue(&sighand->signalfd_wqh, &wait);
	__set_current_state(TASK_RUNNING);
	return sig;
}

static ssize_t signalfd_read(struct file *file, char __user *buf, size_t count, loff_t *ppos)
{
	struct signalfd_ctx *ctx = file->private_data;
	bool nowait = file->f_flags & O_NONBLOCK;
	struct signalfd_siginfo record;
	ssize_t total = 0;
	siginfo_t info;
	int sig;

	if (count < sizeof(record))
		return -EINVAL;
	for (; count - total >= sizeof(record); total += sizeof(record)) {
		sig = signalfd_dequeue(ctx, &info, nowait);
		if (sig < 0)
			return total ? total : sig;
		fill_record(&record, &info);
		if (copy_to_user(buf + total, &record, sizeof(record)))
			return total ? total : -EFAULT;
		nowait = true;
	}
	return total;
}

static __poll_t signalfd_poll(struct file *file, poll_table *table)
{
	struct signalfd_ctx *ctx = file->private_data;
	struct sighand_struct *sighand = current->sighand;
	ksigset_t pending;

	poll_wait(file, &sighand->signalfd_wqh, table);
	spin_lock_irq(&sighand->siglock);
	pending = (current->pending.signal | current->signal->shared_pending.signal) & ctx->wanted;
	spin_unlock_irq(&sighand->siglock);
	return pending ? EPOLLIN : 0;
}

static int signalfd_release(struct inode *inode, struct file *file)
{
	kfree(file->private_data);
	return 0;
}

static void signalfd_show_fdinfo(struct seq_file *m, struct file *file)
{
	struct signalfd_ctx *ctx = file->private_data;

	seq_printf(m, "sigmask:\t%016llx\n", READ_ONCE(ctx->wanted));
}

static const struct file_operations signalfd_fops = {
	.read		= signalfd_read,
	.poll		= signalfd_poll,
	.release	= signalfd_release,
	.llseek		= noop_llseek,
	.show_fdinfo	= signalfd_show_fdinfo,
};

bool file_is_signalfd(const struct file *file)
{
	return file->f_op == &signalfd_fops;
}

/* An epoll set may still be hooked into the queue: its items are unhooked before the queue goes. */
void signalfd_cleanup(struct sighand_struct *sighand)
{
	if (unlikely(waitqueue_active(&sighand->signalfd_wqh)))
		eventpoll_forget_queue(&sighand->signalfd_wqh);
}

static int signalfd_create(ksigset_t wanted, int flags)
{
	struct signalfd_ctx *ctx = kmalloc(sizeof(*ctx), GFP_KERNEL);
	int fd;

	if (!ctx)
		return -ENOMEM;
	ctx->wanted = wanted;
	fd = anon_inode_getfd("[signalfd]", &signalfd_fops, ctx, O_RDWR | (flags & (O_CLOEXEC | O_NONBLOCK)));
	if (fd < 0)
		kfree(ctx);
	return fd;
}

static int signalfd_change(int ufd, ksigset_t wanted)
{
	struct fd f = fdget(ufd);
	struct signalfd_ctx *ctx;

	if (!f.file)
		return -EBADF;
	if (!file_is_signalfd(f.file)) {
		fdput(f);
		return -EINVAL;
	}
	ctx = f.file->private_data;
	spin_lock_irq(&current->sighand->siglock);
	ctx->wanted = wanted;
	spin_unlock_irq(&current->sighand->siglock);
	wake_up(&current->sighand->signalfd_wqh);
	fdput(f);
	return ufd;
}

long sys_signalfd4(int fd, ksigset_t __user *mask, size_t sizemask, int flags)
{
	ksigset_t wanted;

	if (sizemask != sizeof(wanted))
		return -EINVAL;
	if (copy_from_user(&wanted, mask, sizeof(wanted)))
		return -EFAULT;
	if (flags & ~(SFD_CLOEXEC | SFD_NONBLOCK))
		return -EINVAL;
	wanted &= ~UNCATCHABLE;
	return fd == -1 ? signalfd_create(wanted, flags) : signalfd_change(fd, wanted);
}

long sys_signalfd(int fd, ksigset_t __user *mask, size_t sizemask)
{
	return sys_signalfd4(fd, mask, sizemask, 0);
}
