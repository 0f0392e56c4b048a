// SPDX-License-Identifier: GPL-2.0-only
/*
 * seccomp's user notification: a filter answers SECCOMP_RET_USER_NOTIF, and the process that holds the filter's
 * listener, a descriptor, decides about the call in the caller's place: seccomp_unotify(2).
 *
 * The caller puts a notification, on its own stack, into the filter's list and sleeps until it is replied to.
 * A descriptor that the listener sends (ADDFD) is installed by the caller itself, which is woken for that.
 *
 * Locking: filter->notify_lock for the list and all that hangs on it.
 */
#include <kernel/seccomp_internal.h>

#include <fs/file.h>
#include <fs/poll.h>
#include <kernel/pid.h>
#include <kernel/random.h>
#include <kernel/sched/completion.h>
#include <kernel/signal.h>
#include <kernel/usercopy.h>
#include <asm/uaccess.h>

enum notify_state { NOTIFY_INIT, NOTIFY_SENT, NOTIFY_REPLIED };

struct notification {
	struct list_head	entry;		/* [n] */
	struct task_struct	*task;		/* [I] */
	const struct seccomp_data *data;	/* [I] */
	u64			id;		/* [I] */
	enum notify_state	state;		/* [n] */
	s64			val;		/* [n] of the reply, with the next two */
	int			error;
	u32			flags;
	struct list_head	addfds;		/* [n] of struct addfd */
	struct completion	ready;		/* there is a reply or a descriptor */
};

/* On the stack of the listener, which waits for it. */
struct addfd {
	struct list_head	entry;		/* [n] */
	struct file		*file;		/* [I] */
	u32			flags;		/* [I] SECCOMP_ADDFD_FLAG_* */
	u32			newfd, newfd_flags; /* [I] */
	int			result;		/* [n] */
	struct completion	done;
};

/* ---- the caller ------------------------------------------------------------------------------ */

/* Once the listener has seen the call, only death interrupts it, if the filter says so. */
static bool sleeps_killable(const struct seccomp_filter *filter, const struct notification *n)
{
	return filter->wait_killable && n->state == NOTIFY_SENT;
}

static void install_fd(struct notification *n, struct addfd *a)
{
	int fd;

	list_del_init(&a->entry);
	if (a->flags & SECCOMP_ADDFD_FLAG_SETFD)
		fd = replace_fd(a->newfd, a->file, a->newfd_flags);
	else
		fd = receive_fd(a->file, a->newfd_flags);
	if (a->flags & SECCOMP_ADDFD_FLAG_SETFD && fd >= 0)
		fd = a->newfd;
	a->result = fd;
	if (a->flags & SECCOMP_ADDFD_FLAG_SEND) {
		if (fd < 0)
			n->state = NOTIFY_SENT;	/* not replied to after all */
		else
			n->val = fd;
	}
	complete(&a->done);			/* it is gone from here on */
}

/* notify_lock held, dropped while asleep. 0: replied to. */
static int wait_for_reply(struct seccomp_filter *filter, struct notification *n)
{
	struct addfd *a;
	bool killable;
	int err;

	do {
		killable = sleeps_killable(filter, n);
		mutex_unlock(&filter->notify_lock);
		err = killable ? wait_for_completion_killable(&n->ready) : wait_for_completion_interruptible(&n->ready);
		mutex_lock(&filter->notify_lock);
		if (err && (killable || !sleeps_killable(filter, n) || fatal_signal_pending(current)))
			return err;
		a = list_first_entry_or_null(&n->addfds, struct addfd, entry);
		if (a)
			install_fd(n, a);
	} while (n->state != NOTIFY_REPLIED);
	return 0;
}

static void cancel_addfds(struct notification *n)
{
	struct addfd *a, *next;

	list_for_each_entry_safe(a, next, &n->addfds, entry) {
		a->result = -ESRCH;
		list_del_init(&a->entry);
		complete(&a->done);
	}
}

bool seccomp_ask_listener(struct seccomp_filter *filter, struct pt_regs *regs, const struct seccomp_data *data)
{
	struct notification n = { .task = current, .data = data, .state = NOTIFY_INIT };
	int err = -ENOSYS;

	INIT_LIST_HEAD(&n.addfds);
	init_completion(&n.ready);
	mutex_lock(&filter->notify_lock);
	if (filter->has_listener) {
		n.id = filter->next_id++;
		list_add_tail(&n.entry, &filter->notifications);
		filter->requests++;
		wake_up_poll(&filter->wait, EPOLLIN | EPOLLRDNORM);
		err = wait_for_reply(filter, &n);
		cancel_addfds(&n);
		list_del(&n.entry);
	}
	mutex_unlock(&filter->notify_lock);
	if (!err && (n.flags & SECCOMP_USER_NOTIF_FLAG_CONTINUE))
		return true;
	if (!err)
		err = n.error;
	syscall_set_return(regs, err ? err : (long)n.val);
	return false;
}

/* ---- the listener ---------------------------------------------------------------------------- */

static struct notification *find_notification(struct seccomp_filter *filter, u64 id)
{
	struct notification *n;

	list_for_each_entry(n, &filter->notifications, entry)
		if (n->id == id)
			return n;
	return NULL;
}

static struct notification *first_unseen(struct seccomp_filter *filter)
{
	struct notification *n;

	list_for_each_entry(n, &filter->notifications, entry)
		if (n->state == NOTIFY_INIT)
			return n;
	return NULL;
}

/* Until a call is announced, and lock. */
static int wait_for_request(struct seccomp_filter *filter)
{
	for (;;) {
		if (wait_event_interruptible(filter->wait, READ_ONCE(filter->requests)))
			return -EINTR;
		mutex_lock(&filter->notify_lock);
		if (filter->requests)
			break;
		mutex_unlock(&filter->notify_lock);
	}
	filter->requests--;
	return 0;
}

static int take_unseen(struct seccomp_filter *filter, struct seccomp_notif *notif)
{
	struct notification *n = first_unseen(filter);

	if (!n)
		return -ENOENT;			/* it was interrupted meanwhile */
	*notif = (struct seccomp_notif){ .id = n->id, .pid = task_pid_vnr(n->task), .data = *n->data };
	n->state = NOTIFY_SENT;
	if (sleeps_killable(filter, n))
		complete(&n->ready);		/* to sleep again, more deeply */
	wake_up_poll(&filter->wait, EPOLLOUT | EPOLLWRNORM);
	return 0;
}

/* It could not be told: somebody shall have another try. */
static void give_back(struct seccomp_filter *filter, u64 id)
{
	struct notification *n;

	mutex_lock(&filter->notify_lock);
	n = find_notification(filter, id);
	if (n && n->state == NOTIFY_SENT) {
		n->state = NOTIFY_INIT;
		filter->requests++;
		if (filter->wait_killable)
			complete(&n->ready);
	}
	mutex_unlock(&filter->notify_lock);
}

static long notify_recv(struct seccomp_filter *filter, void __user *buf)
{
	struct seccomp_notif notif;
	const char *byte = (const char *)&notif;
	int err;

	if (copy_from_user(&notif, buf, sizeof(notif)))
		return -EFAULT;
	for (size_t i = 0; i < sizeof(notif); i++)
		if (byte[i])
			return -EINVAL;
	err = wait_for_request(filter);
	if (err)
		return err;
	err = take_unseen(filter, &notif);
	mutex_unlock(&filter->notify_lock);
	if (!err && copy_to_user(buf, &notif, sizeof(notif))) {
		give_back(filter, notif.id);
		err = -EFAULT;
	}
	return err;
}

static long reply(struct seccomp_filter *filter, const struct seccomp_notif_resp *resp)
{
	struct notification *n = find_notification(filter, resp->id);

	if (!n)
		return -ENOENT;
	if (n->state != NOTIFY_SENT)
		return -EINPROGRESS;
	n->state = NOTIFY_REPLIED;
	n->val = resp->val;
	n->error = resp->error;
	n->flags = resp->flags;
	complete(&n->ready);
	return 0;
}

static long notify_send(struct seccomp_filter *filter, const void __user *buf)
{
	struct seccomp_notif_resp resp;
	long ret;

	if (copy_from_user(&resp, buf, sizeof(resp)))
		return -EFAULT;
	if ((resp.flags & ~SECCOMP_USER_NOTIF_FLAG_CONTINUE) || (resp.flags && (resp.error || resp.val)))
		return -EINVAL;
	mutex_lock(&filter->notify_lock);
	ret = reply(filter, &resp);
	mutex_unlock(&filter->notify_lock);
	return ret;
}

static long notify_id_valid(struct seccomp_filter *filter, const void __user *buf)
{
	struct notification *n;
	long ret = -ENOENT;
	u64 id;

	if (copy_from_user(&id, buf, sizeof(id)))
		return -EFAULT;
	mutex_lock(&filter->notify_lock);
	n = find_notification(filter, id);
	if (n && n->state == NOTIFY_SENT)
		ret = 0;
	mutex_unlock(&filter->notify_lock);
	return ret;
}

static int queue_addfd(struct seccomp_filter *filter, u64 id, struct addfd *a)
{
	struct notification *n = find_notification(filter, id);

	if (!n)
		return -ENOENT;
	if (n->state != NOTIFY_SENT)
		return -EINPROGRESS;
	if (a->flags & SECCOMP_ADDFD_FLAG_SEND) {
		if (!list_empty(&n->addfds))
			return -EBUSY;
		n->state = NOTIFY_REPLIED;
		n->val = n->error = n->flags = 0;
	}
	list_add(&a->entry, &n->addfds);
	complete(&n->ready);
	return 0;
}

static long send_fd(struct seccomp_filter *filter, u64 id, struct addfd *a)
{
	int err;

	init_completion(&a->done);
	mutex_lock(&filter->notify_lock);
	err = queue_addfd(filter, id, a);
	mutex_unlock(&filter->notify_lock);
	if (err)
		return err;
	err = wait_for_completion_interruptible(&a->done);
	if (!err)
		return a->result;
	mutex_lock(&filter->notify_lock);
	if (list_empty(&a->entry))		/* done in the last moment */
		err = a->result;
	else
		list_del(&a->entry);
	mutex_unlock(&filter->notify_lock);
	return err;
}

static long notify_addfd(struct seccomp_filter *filter, const void __user *buf, unsigned int size)
{
	struct seccomp_notif_addfd args;
	struct addfd a;
	long ret;

	if (size < sizeof(args) || size >= PAGE_SIZE)
		return -EINVAL;
	ret = copy_struct_from_user(&args, sizeof(args), buf, size);
	if (ret)
		return ret;
	if ((args.newfd_flags & ~O_CLOEXEC) ||
	    (args.flags & ~(SECCOMP_ADDFD_FLAG_SETFD | SECCOMP_ADDFD_FLAG_SEND)) ||
	    (args.newfd && !(args.flags & SECCOMP_ADDFD_FLAG_SETFD)))
		return -EINVAL;
	a = (struct addfd){ .flags = args.flags, .newfd = args.newfd, .newfd_flags = args.newfd_flags };
	a.file = fget(args.srcfd);
	if (!a.file)
		return -EBADF;
	ret = send_fd(filter, args.id, &a);
	fput(a.file);
	return ret;
}

/* ADDFD's structure may grow: its number does not count its size. */
#define WITHOUT_SIZE(cmd)	((cmd) & ~(_IOC_SIZEMASK << _IOC_SIZESHIFT | _IOC_DIRMASK << _IOC_DIRSHIFT))

static long notify_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct seccomp_filter *filter = file->private_data;
	void __user *buf = (void __user *)arg;

	switch (cmd) {
	case SECCOMP_IOCTL_NOTIF_RECV:
		return notify_recv(filter, buf);
	case SECCOMP_IOCTL_NOTIF_SEND:
		return notify_send(filter, buf);
	case SECCOMP_IOCTL_NOTIF_ID_VALID:
	case SECCOMP_IOR(2, __u64):		/* what it was by mistake */
		return notify_id_valid(filter, buf);
	}
	if (WITHOUT_SIZE(cmd) == WITHOUT_SIZE(SECCOMP_IOCTL_NOTIF_ADDFD))
		return notify_addfd(filter, buf, _IOC_SIZE(cmd));
	return -EINVAL;
}

static __poll_t notify_poll(struct file *file, poll_table *table)
{
	struct seccomp_filter *filter = file->private_data;
	struct notification *n;
	__poll_t mask = 0;

	poll_wait(file, &filter->wait, table);
	mutex_lock(&filter->notify_lock);
	list_for_each_entry(n, &filter->notifications, entry) {
		if (n->state == NOTIFY_INIT)
			mask |= EPOLLIN | EPOLLRDNORM;
		if (n->state == NOTIFY_SENT)
			mask |= EPOLLOUT | EPOLLWRNORM;
	}
	mutex_unlock(&filter->notify_lock);
	if (!atomic_read(&filter->users))
		mask |= EPOLLHUP;
	return mask;
}

void seccomp_forget_listener(struct seccomp_filter *filter)
{
	struct notification *n;

	mutex_lock(&filter->notify_lock);
	filter->has_listener = false;
	list_for_each_entry(n, &filter->notifications, entry) {
		if (n->state == NOTIFY_REPLIED)
			continue;
		n->state = NOTIFY_REPLIED;
		n->error = -ENOSYS;
		n->val = n->flags = 0;
		complete(&n->ready);
	}
	mutex_unlock(&filter->notify_lock);
	seccomp_put_filter(filter);
}

static int notify_release(struct inode *inode, struct file *file)
{
	if (file->private_data)
		seccomp_forget_listener(file->private_data);
	return 0;
}

static const struct file_operations notify_fops = {
	.unlocked_ioctl = notify_ioctl, .poll = notify_poll, .release = notify_release,
};

struct file *seccomp_listener_file(struct seccomp_filter *filter)
{
	struct file *file = anon_inode_getfile("seccomp notify", &notify_fops, filter, O_RDWR);

	if (!IS_ERR(file)) {
		filter->next_id = get_random_u64();
		filter->has_listener = true;
		refcount_inc(&filter->usage);
	}
	return file;
}
