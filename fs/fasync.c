// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signals for input and output: O_ASYNC.  Interface and locking: fasync.h.
 *
 * A file is on a queue exactly while FASYNC is set in its f_flags; the last fput() takes it off.
 */
#include <fs/fasync.h>

#include <fs/internal.h>
#include <kernel/pid.h>
#include <kernel/signal.h>

struct fasync_entry {
	struct list_head	node;		/* [q] */
	struct file		*file;		/* [I] no reference: it leaves before it dies */
	int			fd;		/* [q] */
};

static struct fasync_entry *find_entry(struct fasync_queue *q, const struct file *f)
{
	struct fasync_entry *e;

	list_for_each_entry(e, &q->entries, node)
		if (e->file == f)
			return e;
	return NULL;
}

static void set_fasync_flag(struct file *f, bool on)
{
	spin_lock(&f->f_lock);
	if (on)
		f->f_flags |= FASYNC;
	else
		f->f_flags &= ~FASYNC;
	spin_unlock(&f->f_lock);
}

static int fasync_add(int fd, struct file *f, struct fasync_queue *q)
{
	struct fasync_entry *fresh = kmalloc(sizeof(*fresh), GFP_KERNEL), *e;

	if (!fresh)
		return -ENOMEM;
	fresh->file = f;
	fresh->fd = fd;
	mutex_lock(&q->lock);
	e = find_entry(q, f);
	if (e) {
		e->fd = fd;
	} else {
		list_add(&fresh->node, &q->entries);
		set_fasync_flag(f, true);
	}
	mutex_unlock(&q->lock);
	if (e)
		kfree(fresh);
	return !e;
}

static int fasync_remove(struct file *f, struct fasync_queue *q)
{
	struct fasync_entry *e;

	mutex_lock(&q->lock);
	e = find_entry(q, f);
	if (e) {
		list_del(&e->node);
		set_fasync_flag(f, false);
	}
	mutex_unlock(&q->lock);
	kfree(e);
	return e != NULL;
}

int fasync_update(int fd, struct file *f, int on, struct fasync_queue *q)
{
	return on ? fasync_add(fd, f, q) : fasync_remove(f, q);
}

/* F_SETOWN does not give the right to signal others: as kill(2), with the ids of who called it. */
static bool owner_may_signal(const struct fown_struct *own, struct task_struct *t)
{
	const struct cred *c = get_task_cred(t);
	bool ok = !own->euid || own->euid == c->suid || own->euid == c->uid ||
		  own->uid == c->suid || own->uid == c->uid;

	put_cred(c);
	return ok;
}

/* A signal that has codes of its own says SI_SIGIO instead of what happened. */
static void sigio_to_task(struct task_struct *t, const struct fown_struct *own, int fd, int band)
{
	static const long events[NSIGPOLL] = {
		POLLIN | POLLRDNORM,				/* POLL_IN */
		POLLOUT | POLLWRNORM | POLLWRBAND,		/* POLL_OUT */
		POLLIN | POLLRDNORM | POLLMSG,			/* POLL_MSG */
		POLLERR,					/* POLL_ERR */
		POLLPRI | POLLRDBAND,				/* POLL_PRI */
		POLLHUP | POLLERR,				/* POLL_HUP */
	};
	siginfo_t info;

	if (!owner_may_signal(own, t))
		return;
	if (!band) {
		do_send_sig_info(SIGURG, SEND_SIG_PRIV, t, own->pid_type);
		return;
	}
	if (own->signum) {
		clear_siginfo(&info);
		info.si_signo = own->signum;
		info.si_code = siginfo_kind(own->signum, POLL_IN) == INFO_POLL ? band : SI_SIGIO;
		info.si_band = events[band - POLL_IN];
		info.si_fd = fd;
		if (!do_send_sig_info(own->signum, &info, t, own->pid_type))
			return;
	}
	/* No signal was chosen, or its queue is full. */
	do_send_sig_info(SIGIO, SEND_SIG_PRIV, t, own->pid_type);
}

/* The callers of this and the next two may have the lock of what signals, of the same rank: f_lock is inside it. */
struct fown_struct fasync_owner(struct file *f)
{
	struct fown_struct own;

	spin_lock_nested(&f->f_lock);
	own = f->f_owner;
	get_pid(own.pid);
	spin_unlock(&f->f_lock);
	return own;
}

struct pid *fasync_set_owner(struct file *f, struct pid *pid, int pid_type)
{
	struct pid *old = f->f_owner.pid;

	f->f_owner.pid = pid;
	f->f_owner.pid_type = pid_type;
	f->f_owner.uid = current_uid();
	f->f_owner.euid = current_euid();
	return old;
}

void fasync_default_owner(struct file *f, struct pid *pid, unsigned int flag)
{
	spin_lock_nested(&f->f_lock);
	f->f_flags |= flag;
	if (!f->f_owner.pid)
		fasync_set_owner(f, get_pid(pid), PIDTYPE_TGID);
	spin_unlock(&f->f_lock);
}

void fasync_forget_owner(struct file *f)
{
	struct pid *old;

	spin_lock_nested(&f->f_lock);
	f->f_flags &= ~FASYNC;
	old = f->f_owner.pid;
	f->f_owner = (struct fown_struct){ 0 };
	spin_unlock(&f->f_lock);
	put_pid(old);
}

void send_sigio_to(const struct fown_struct *own, int fd, int band)
{
	struct task_struct *t;

	if (!own->pid)
		return;
	if (own->pid_type == PIDTYPE_PGID) {
		read_lock(&tasklist_lock);
		do_each_pid_task(own->pid, PIDTYPE_PGID, t)
			sigio_to_task(t, own, fd, band);
		read_unlock(&tasklist_lock);
	} else {
		t = get_pid_task(own->pid, own->pid_type);
		if (t) {
			sigio_to_task(t, own, fd, band);
			put_task_struct(t);
		}
	}
}

void send_sigio(struct file *f, int fd, int band)
{
	struct fown_struct own = fasync_owner(f);

	send_sigio_to(&own, fd, band);
	put_pid(own.pid);
}

void __kill_fasync(struct fasync_queue *q, int band)
{
	struct fasync_entry *e;

	mutex_lock(&q->lock);
	list_for_each_entry(e, &q->entries, node)
		send_sigio(e->file, e->fd, band);
	mutex_unlock(&q->lock);
}
