// SPDX-License-Identifier: GPL-2.0-only
/*
 * POSIX message queues: mq_open(2), mq_timedsend(2) and their relatives.
 *
 * A sender gives its message to the most important of the sleeping receivers, or puts it into the queue; a
 * receiver makes room, which the message of the most important sleeping sender takes at once.  Sleepers are on
 * the queue's lists and are taken off by whoever serves them.
 *
 * Interface: mqueue.h.  Locking: the queue's lock; a notifying signal is sent without it.
 */
#include <kernel/ipc/mqueue.h>

#include <fs/file.h>
#include <fs/fs_struct.h>
#include <generated/syscalls.h>
#include <kernel/compat.h>
#include <kernel/cred.h>
#include <kernel/ipc/internal.h>
#include <kernel/lib/string.h>
#include <kernel/signal.h>
#include <mm/mm.h>
#include <mm/slab.h>
#include <net/socket.h>
#include <asm/uaccess.h>

struct mq_waiter {
	struct list_head	list;		/* [l] empty: served */
	struct task_struct	*task;		/* [I] */
	struct mq_message	*msg;		/* [l] a sender's, or what a receiver got */
};

/* ---- messages ------------------------------------------------------------------------------ */

static struct mq_message *load_message(const char __user *text, size_t size, unsigned int priority)
{
	struct mq_message *msg = kvmalloc(sizeof(*msg) + size, GFP_KERNEL);

	if (!msg)
		return ERR_PTR(-ENOMEM);
	msg->priority = priority;
	msg->size = size;
	if (!copy_from_user(msg->text, text, size))
		return msg;
	kvfree(msg);
	return ERR_PTR(-EFAULT);
}

static void insert_message(struct mq_queue *q, struct mq_message *msg)
{
	struct rb_node **link = &q->messages.rb_root.rb_node, *parent = NULL;
	bool first = true;

	while (*link) {
		parent = *link;
		if (msg->priority > rb_entry(parent, struct mq_message, node)->priority) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			first = false;
		}
	}
	rb_link_node(&msg->node, parent, link);
	rb_insert_color_cached(&msg->node, &q->messages, first);
	q->attr.mq_curmsgs++;
	q->bytes += msg->size;
}

static struct mq_message *take_message(struct mq_queue *q)
{
	struct mq_message *msg = rb_entry(rb_first_cached(&q->messages), struct mq_message, node);

	rb_erase_cached(&msg->node, &q->messages);
	q->attr.mq_curmsgs--;
	q->bytes -= msg->size;
	return msg;
}

/* ---- sleepers ------------------------------------------------------------------------------ */

/* Behind those that are as important. */
static void add_waiter(struct list_head *waiters, struct mq_waiter *w)
{
	struct mq_waiter *other;

	list_for_each_entry(other, waiters, list)
		if (other->task->prio > w->task->prio)
			break;
	list_add_tail(&w->list, &other->list);
}

/* The most important one, now served. NULL: nobody sleeps. */
static struct mq_waiter *pop_waiter(struct list_head *waiters)
{
	struct mq_waiter *w = list_first_entry_or_null(waiters, struct mq_waiter, list);

	if (w)
		list_del_init(&w->list);
	return w;
}

/* The queue's lock is held, and again on return. 0: served. @expires: real time, NULL: never. */
static int wait_until_served(struct mq_queue *q, struct list_head *waiters, struct mq_waiter *w, const u64 *expires)
{
	int timed_out;

	w->task = current;
	add_waiter(waiters, w);
	do {
		set_current_state(TASK_INTERRUPTIBLE);
		spin_unlock(&q->lock);
		timed_out = !schedule_hrtimeout(expires, CLOCK_REALTIME);
		spin_lock(&q->lock);
		if (list_empty(&w->list))
			return 0;
	} while (!timed_out && !signal_pending(current));
	list_del(&w->list);
	return signal_pending(current) ? -ERESTARTSYS : -ETIMEDOUT;
}

/* ---- telling of a message ------------------------------------------------------------------ */

/* What is to be sent when the queue's lock is dropped: a signal, or a message to a netlink socket. */
struct mq_notice {
	struct netlink_note	*note;	/* or NULL */
	struct pid		*to;	/* reference; NULL: none */
	struct mm_struct	*mm;	/* grabbed */
	siginfo_t		info;
};

/* The queue was empty and has a message: its owner is told, once. The queue's lock is held. */
static void prepare_notice(struct mq_queue *q, struct mq_notice *notice)
{
	if (!q->notify_owner || q->attr.mq_curmsgs != 1)
		return;
	if (q->notify.sigev_notify == SIGEV_SIGNAL) {
		clear_siginfo(&notice->info);
		notice->info.si_signo = q->notify.sigev_signo;
		notice->info.si_code = SI_MESGQ;
		notice->info.si_value = q->notify.sigev_value;
		notice->info.si_pid = pid_nr_ns(task_tgid(current), ns_of_pid(q->notify_owner));
		notice->info.si_uid = current_uid();
		notice->to = get_pid(q->notify_owner);
		notice->mm = q->notify_mm;
		mmgrab(notice->mm);
	}
	notice->note = mq_drop_notification(q);
}

/* Has @t, which once had the address space @mm, not run another program since?  That could be set-user-id. */
static bool is_same_program(struct task_struct *t, const struct mm_struct *mm)
{
	bool same;

	task_lock(t);
	same = !t->mm || t->mm == mm;	/* none: the first thread has ended */
	task_unlock(t);
	return same;
}

static void send_notice(struct mq_notice *notice)
{
	struct task_struct *t;

	netlink_note_send(notice->note, NOTIFY_WOKENUP);
	if (!notice->to)
		return;
	t = get_pid_task(notice->to, PIDTYPE_TGID);
	if (t) {
		if (is_same_program(t, notice->mm))
			do_send_sig_info(notice->info.si_signo, &notice->info, t, PIDTYPE_TGID);
		put_task_struct(t);
	}
	mmdrop(notice->mm);
	put_pid(notice->to);
}

/* ---- sending ------------------------------------------------------------------------------- */

/* The queue's lock is held; there is room. */
static void deliver(struct mq_queue *q, struct mq_message *msg, struct mq_notice *notice)
{
	struct mq_waiter *receiver = pop_waiter(&q->receivers);

	if (receiver) {
		receiver->msg = msg;
		wake_up_process(receiver->task);
		return;
	}
	insert_message(q, msg);
	prepare_notice(q, notice);
	wake_up_interruptible(&q->poll_wait);
}

/* 0: the message is the queue's. */
static int send_message(struct mq_queue *q, struct mq_message *msg, bool nonblock, const u64 *expires)
{
	struct mq_waiter w = { .msg = msg };
	struct mq_notice notice = { .note = NULL };
	int err = 0;

	spin_lock(&q->lock);
	if (q->attr.mq_curmsgs < q->attr.mq_maxmsg)
		deliver(q, msg, &notice);
	else
		err = nonblock ? -EAGAIN : wait_until_served(q, &q->senders, &w, expires);
	spin_unlock(&q->lock);
	send_notice(&notice);
	if (!err)
		mq_touch(q, true, true);
	return err;
}

static int send_to_file(struct file *file, const char __user *text, size_t size, unsigned int priority,
			const u64 *expires)
{
	struct mq_queue *q = mq_of_file(file);
	struct mq_message *msg;
	int err;

	if (!q || !(file->f_mode & FMODE_WRITE))
		return -EBADF;
	if (size > (size_t)q->attr.mq_msgsize)
		return -EMSGSIZE;
	msg = load_message(text, size, priority);
	if (IS_ERR(msg))
		return PTR_ERR(msg);
	err = send_message(q, msg, file->f_flags & O_NONBLOCK, expires);
	if (err)
		kvfree(msg);
	return err;
}

static long timedsend(int fd, const char __user *text, size_t size, unsigned int priority,
		      const struct timespec64 *timeout)
{
	u64 expires;
	struct fd f;
	int err;

	if (timeout && !timespec64_valid(timeout))
		return -EINVAL;
	if (timeout)
		expires = timespec64_to_ns(timeout);
	if (priority >= MQ_PRIO_MAX)
		return -EINVAL;
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	err = send_to_file(f.file, text, size, priority, timeout ? &expires : NULL);
	fdput(f);
	return err;
}

/* ---- receiving ----------------------------------------------------------------------------- */

/* The queue's lock is held; a message was taken out. */
static void refill(struct mq_queue *q)
{
	struct mq_waiter *sender = pop_waiter(&q->senders);

	if (!sender) {
		wake_up_interruptible(&q->poll_wait);
		return;
	}
	insert_message(q, sender->msg);
	wake_up_process(sender->task);
}

static struct mq_message *receive_message(struct mq_queue *q, bool nonblock, const u64 *expires)
{
	struct mq_waiter w = { .msg = NULL };
	int err = 0;

	spin_lock(&q->lock);
	if (q->attr.mq_curmsgs) {
		w.msg = take_message(q);
		refill(q);
	} else {
		err = nonblock ? -EAGAIN : wait_until_served(q, &q->receivers, &w, expires);
	}
	spin_unlock(&q->lock);
	if (err)
		return ERR_PTR(err);
	mq_touch(q, true, false);
	return w.msg;
}

static ssize_t receive_from_file(struct file *file, char __user *text, size_t size, unsigned int __user *priority,
				 const u64 *expires)
{
	struct mq_queue *q = mq_of_file(file);
	struct mq_message *msg;
	ssize_t ret;

	if (!q || !(file->f_mode & FMODE_READ))
		return -EBADF;
	if (size < (size_t)q->attr.mq_msgsize)
		return -EMSGSIZE;
	msg = receive_message(q, file->f_flags & O_NONBLOCK, expires);
	if (IS_ERR(msg))
		return PTR_ERR(msg);
	ret = msg->size;
	if ((priority && put_user(msg->priority, priority)) || copy_to_user(text, msg->text, msg->size))
		ret = -EFAULT;
	kvfree(msg);
	return ret;
}

static long timedreceive(int fd, char __user *text, size_t size, unsigned int __user *priority,
			 const struct timespec64 *timeout)
{
	u64 expires;
	struct fd f;
	ssize_t ret;

	if (timeout && !timespec64_valid(timeout))
		return -EINVAL;
	if (timeout)
		expires = timespec64_to_ns(timeout);
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	ret = receive_from_file(f.file, text, size, priority, timeout ? &expires : NULL);
	fdput(f);
	return ret;
}

/* ---- the calls with a time, in both layouts ------------------------------------------------ */

long sys_mq_timedsend(int fd, const char __user *text, size_t size, unsigned int priority,
		      const struct __kernel_timespec __user *utimeout)
{
	struct timespec64 timeout;

	if (utimeout && get_timespec64(&timeout, utimeout))
		return -EFAULT;
	return timedsend(fd, text, size, priority, utimeout ? &timeout : NULL);
}

long sys_mq_timedreceive(int fd, char __user *text, size_t size, unsigned int __user *priority,
			 const struct __kernel_timespec __user *utimeout)
{
	struct timespec64 timeout;

	if (utimeout && get_timespec64(&timeout, utimeout))
		return -EFAULT;
	return timedreceive(fd, text, size, priority, utimeout ? &timeout : NULL);
}

long sys_mq_timedsend_time32(int fd, const char __user *text, size_t size, unsigned int priority,
			     const void __user *utimeout)
{
	struct timespec64 timeout;

	if (utimeout && get_old_timespec32(&timeout, utimeout))
		return -EFAULT;
	return timedsend(fd, text, size, priority, utimeout ? &timeout : NULL);
}

long sys_mq_timedreceive_time32(int fd, char __user *text, size_t size, unsigned int __user *priority,
				const void __user *utimeout)
{
	struct timespec64 timeout;

	if (utimeout && get_old_timespec32(&timeout, utimeout))
		return -EFAULT;
	return timedreceive(fd, text, size, priority, utimeout ? &timeout : NULL);
}

/* ---- opening and unlinking ----------------------------------------------------------------- */

static int check_or_create(struct inode *root, struct dentry *dentry, int flags, umode_t mode,
			   const struct mq_attr *attr)
{
	static const int access[] = { MAY_READ, MAY_WRITE, MAY_READ | MAY_WRITE };
	int err;

	if (d_is_positive(dentry)) {
		if ((flags & O_CREAT) && (flags & O_EXCL))
			return -EEXIST;
		if ((flags & O_ACCMODE) == O_ACCMODE)
			return -EINVAL;
		return inode_permission(d_inode(dentry), access[flags & O_ACCMODE]);
	}
	if (!(flags & O_CREAT))
		return -ENOENT;
	err = inode_permission(root, MAY_WRITE | MAY_EXEC);
	return err ? err : mqueue_create_attr(root, dentry, mode & ~current_umask(), attr);
}

static struct file *open_queue(const char *name, int flags, umode_t mode, const struct mq_attr *attr)
{
	struct vfsmount *mnt = mq_namespace_mount(current_ipc_ns());
	struct inode *root;
	struct path path;
	struct file *file;
	int err;

	if (IS_ERR(mnt))
		return ERR_CAST(mnt);
	root = d_inode(mnt->mnt_root);
	path.mnt = mnt;
	inode_lock(root);
	path.dentry = lookup_one_len(name, mnt->mnt_root, strlen(name));
	err = PTR_ERR_OR_ZERO(path.dentry);
	if (!err) {
		err = check_or_create(root, path.dentry, flags, mode, attr);
		if (err)
			dput(path.dentry);
	}
	inode_unlock(root);
	if (err)
		return ERR_PTR(err);
	file = dentry_open(&path, flags, current_cred());
	dput(path.dentry);
	return file;
}

static long open_named(const char *name, int flags, umode_t mode, const struct mq_attr *attr)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);
	struct file *file;

	if (fd < 0)
		return fd;
	file = open_queue(name, flags, mode, attr);
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		return PTR_ERR(file);
	}
	fd_install(fd, file);
	return fd;
}

/* struct mq_attr of 32-bit programs: the same eight words, narrower. */
struct compat_mq_attr {
	compat_long_t	words[8];
};
static_assert(sizeof(struct mq_attr) == 8 * sizeof(long));

static int get_attr(struct mq_attr *attr, const void __user *from)
{
	struct compat_mq_attr c;

	if (!is_compat_task())
		return copy_from_user(attr, from, sizeof(*attr)) ? -EFAULT : 0;
	if (copy_from_user(&c, from, sizeof(c)))
		return -EFAULT;
	for (unsigned int i = 0; i < ARRAY_SIZE(c.words); i++)
		((long *)attr)[i] = c.words[i];
	return 0;
}

static int put_attr(void __user *to, const struct mq_attr *attr)
{
	struct compat_mq_attr c;

	if (!is_compat_task())
		return copy_to_user(to, attr, sizeof(*attr)) ? -EFAULT : 0;
	for (unsigned int i = 0; i < ARRAY_SIZE(c.words); i++)
		c.words[i] = ((const long *)attr)[i];
	return copy_to_user(to, &c, sizeof(c)) ? -EFAULT : 0;
}

long sys_mq_open(const char __user *uname, int flags, umode_t mode, const struct mq_attr __user *uattr)
{
	struct mq_attr attr;
	char *name;
	long fd;

	if (uattr && get_attr(&attr, uattr))
		return -EFAULT;
	name = getname(uname);
	if (IS_ERR(name))
		return PTR_ERR(name);
	fd = open_named(name, flags, mode, uattr ? &attr : NULL);
	putname(name);
	return fd;
}

static int unlink_queue(const char *name)
{
	struct vfsmount *mnt = mq_namespace_mount(current_ipc_ns());
	struct dentry *dentry;
	struct inode *root, *inode = NULL;
	int err;

	if (IS_ERR(mnt))
		return PTR_ERR(mnt);
	root = d_inode(mnt->mnt_root);
	inode_lock(root);
	dentry = lookup_one_len(name, mnt->mnt_root, strlen(name));
	err = PTR_ERR_OR_ZERO(dentry);
	if (!err) {
		inode = d_inode(dentry);
		err = -ENOENT;
		if (inode) {
			ihold(inode);		/* its end does not have to be under the lock */
			err = vfs_unlink(root, dentry);
		}
		dput(dentry);
	}
	inode_unlock(root);
	if (inode)
		iput(inode);
	return err;
}

long sys_mq_unlink(const char __user *uname)
{
	char *name = getname(uname);
	int err;

	if (IS_ERR(name))
		return PTR_ERR(name);
	err = unlink_queue(name);
	putname(name);
	return err;
}

/* ---- notification -------------------------------------------------------------------------- */

/* A thread is notified through a netlink socket, which is sent what @ev points to, but for the last byte. */
static int prepare_note(const struct sigevent *ev, struct netlink_note **note)
{
	char cookie[NOTIFY_COOKIE_LEN];
	struct fd f;

	if (copy_from_user(cookie, (void __user *)ev->sigev_value.sival_ptr, sizeof(cookie)))
		return -EFAULT;
	f = fdget(ev->sigev_signo);
	if (!f.file)
		return -EBADF;
	*note = netlink_note_alloc(f.file, cookie, sizeof(cookie));
	fdput(f);
	return PTR_ERR_OR_ZERO(*note);
}

static int check_notification(const struct sigevent *ev, struct netlink_note **note)
{
	switch (ev->sigev_notify) {
	case SIGEV_NONE:
		return 0;
	case SIGEV_SIGNAL:
		return (unsigned int)ev->sigev_signo > _NSIG ? -EINVAL : 0;
	case SIGEV_THREAD:
		return prepare_note(ev, note);
	default:
		return -EINVAL;
	}
}

/* @ev NULL: current's process wants to be told no more.  @note is the queue's then, unless it fails. */
static int set_notification(struct mq_queue *q, const struct sigevent *ev, struct netlink_note *note)
{
	struct netlink_note *removed = NULL;
	struct pid *me = task_tgid(current);
	int err = 0;

	spin_lock(&q->lock);
	if (ev && q->notify_owner) {
		err = -EBUSY;
	} else if (ev) {
		q->notify = *ev;
		q->notify_note = note;
		q->notify_owner = get_pid(me);
		q->notify_mm = current->mm;
		mmgrab(q->notify_mm);
	} else if (q->notify_owner == me) {
		removed = mq_drop_notification(q);
	}
	spin_unlock(&q->lock);
	netlink_note_send(removed, NOTIFY_REMOVED);
	if (!err)
		mq_touch(q, true, false);
	return err;
}

long sys_mq_notify(int fd, const struct sigevent __user *uev)
{
	struct netlink_note *note = NULL;
	struct mq_queue *q;
	struct sigevent ev;
	struct fd f;
	int err;

	if (uev) {
		if (copy_sigevent_from_user(&ev, uev))
			return -EFAULT;
		err = check_notification(&ev, &note);
		if (err)
			return err;
	}
	f = fdget(fd);
	q = f.file ? mq_of_file(f.file) : NULL;
	err = q ? set_notification(q, uev ? &ev : NULL, note) : -EBADF;
	if (f.file)
		fdput(f);
	if (err)
		netlink_note_free(note);
	return err;
}

/* ---- attributes ---------------------------------------------------------------------------- */

static int getsetattr(struct file *file, const struct mq_attr *new, struct mq_attr *old)
{
	struct mq_queue *q = mq_of_file(file);

	if (!q)
		return -EBADF;
	spin_lock(&q->lock);
	*old = q->attr;
	spin_unlock(&q->lock);
	spin_lock(&file->f_lock);
	old->mq_flags = file->f_flags & O_NONBLOCK;
	if (new)
		file->f_flags = (file->f_flags & ~O_NONBLOCK) | (new->mq_flags & O_NONBLOCK);
	spin_unlock(&file->f_lock);
	if (new)
		mq_touch(q, true, false);
	return 0;
}

long sys_mq_getsetattr(int fd, const struct mq_attr __user *unew, struct mq_attr __user *uold)
{
	struct mq_attr new, old;
	struct fd f;
	int err;

	if (unew) {
		if (get_attr(&new, unew))
			return -EFAULT;
		if (new.mq_flags & ~O_NONBLOCK)
			return -EINVAL;
	}
	f = fdget(fd);
	if (!f.file)
		return -EBADF;
	err = getsetattr(f.file, unew ? &new : NULL, &old);
	fdput(f);
	if (!err && uold)
		err = put_attr(uold, &old);
	return err;
}
