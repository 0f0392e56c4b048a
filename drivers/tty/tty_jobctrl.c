// SPDX-License-Identifier: GPL-2.0-only
/*
 * Job control: sessions, foreground process groups, controlling terminals.
 *
 * Locks: tasklist_lock to follow sessions; signal->tty is under siglock; a terminal's session and
 * group under tty->ctrl_lock, which nests inside siglock.  Signals to groups are sent with
 * neither held.
 */
#include <drivers/tty/tty_driver.h>
#include <drivers/tty/tty.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <asm/uaccess.h>

#define HANDLER_IGNORE	1	/* SIG_IGN as struct ksigaction holds it */

struct pid *tty_get_pgrp(struct tty_struct *tty)
{
	unsigned long flags;
	struct pid *pgrp;

	spin_lock_irqsave(&tty->ctrl_lock, flags);
	pgrp = get_pid(tty->pgrp);
	spin_unlock_irqrestore(&tty->ctrl_lock, flags);
	return pgrp;
}

struct tty_struct *get_current_tty(void)
{
	struct tty_struct *tty;

	spin_lock_irq(&current->sighand->siglock);
	tty = tty_kref_get(current->signal->tty);
	spin_unlock_irq(&current->sighand->siglock);
	return tty;
}

bool current_is_tty(const struct tty_struct *tty)
{
	return READ_ONCE(current->signal->tty) == tty;
}

void proc_inherit_tty(struct signal_struct *sig)
{
	sig->tty = get_current_tty();
}

/* ---- background processes ------------------------------------------------------------------ */

static bool signal_is_ignored(int sig)
{
	return sigismember(current->blocked, sig) ||
	       current->sighand->action[sig - 1].handler == HANDLER_IGNORE;
}

static int stop_background(struct pid *pgrp, int sig)
{
	if (signal_is_ignored(sig))
		return sig == SIGTTIN ? -EIO : 0;
	if (is_current_pgrp_orphaned())
		return -EIO;
	kill_pgrp(pgrp, sig, 1);
	set_task_flag(current, TIF_SIGPENDING);
	return -ERESTARTSYS;
}

int __tty_check_change(struct tty_struct *tty, int sig)
{
	struct pid *own, *foreground;
	int ret = 0;

	if (!current_is_tty(tty))
		return 0;
	own = get_task_pid(current, PIDTYPE_PGID);
	foreground = tty_get_pgrp(tty);
	if (foreground && own && own != foreground)
		ret = stop_background(own, sig);
	put_pid(foreground);
	put_pid(own);
	return ret;
}

int tty_check_change(struct tty_struct *tty)
{
	return __tty_check_change(tty, SIGTTOU);
}

/* ---- getting a controlling terminal -------------------------------------------------------- */

/* [t] read, siglock. Returns the terminal that current had before, whose reference the caller
 * drops. */
static struct tty_struct *set_ctty_locked(struct tty_struct *tty, struct pid *old_pids[3])
{
	struct tty_struct *old = current->signal->tty;

	spin_lock(&tty->ctrl_lock);
	old_pids[0] = tty->session;
	old_pids[1] = tty->pgrp;
	tty->session = get_pid(task_session(current));
	tty->pgrp = get_pid(task_pgrp(current));
	spin_unlock(&tty->ctrl_lock);
	current->signal->tty = tty_kref_get(tty);
	old_pids[2] = current->signal->tty_old_pgrp;
	current->signal->tty_old_pgrp = NULL;
	return old;
}

static void set_ctty(struct tty_struct *tty,
		     bool (*allowed)(struct tty_struct *tty, struct file *file),
		     struct file *file)
{
	struct pid *old_pids[3] = { NULL };
	struct tty_struct *old = NULL;

	read_lock(&tasklist_lock);
	spin_lock_irq(&current->sighand->siglock);
	if (!allowed || allowed(tty, file))
		old = set_ctty_locked(tty, old_pids);
	spin_unlock_irq(&current->sighand->siglock);
	read_unlock(&tasklist_lock);
	tty_kref_put(old);
	for (size_t i = 0; i < ARRAY_SIZE(old_pids); i++)
		put_pid(old_pids[i]);
}

/* A session leader without a terminal that opens one nobody's session has, for reading, gets it. */
static bool open_gives_ctty(struct tty_struct *tty, struct file *file)
{
	return current->signal->leader && !current->signal->tty && !READ_ONCE(tty->session) &&
	       (file->f_mode & FMODE_READ);
}

void tty_open_proc_set_tty(struct file *file, struct tty_struct *tty)
{
	mutex_lock(&tty->lock);			/* two leaders at once: one gets it */
	if (open_gives_ctty(tty, file))
		set_ctty(tty, open_gives_ctty, file);
	mutex_unlock(&tty->lock);
}

/* The session that has @tty loses it to a root process that insists. */
static int steal_ctty(struct tty_struct *tty, unsigned long arg)
{
	struct pid *session;

	spin_lock_irq(&tty->ctrl_lock);
	session = get_pid(tty->session);
	spin_unlock_irq(&tty->ctrl_lock);
	if (!session)
		return 0;
	if (arg != 1 || !capable(CAP_SYS_ADMIN)) {
		put_pid(session);
		return -EPERM;
	}
	session_clear_tty(session);
	put_pid(session);
	return 0;
}

static int tiocsctty(struct tty_struct *tty, struct file *file, unsigned long arg)
{
	int ret = 0;

	mutex_lock(&tty->lock);
	if (current->signal->leader && READ_ONCE(tty->session) == task_session(current))
		goto unlock;
	ret = -EPERM;
	if (!current->signal->leader || READ_ONCE(current->signal->tty))
		goto unlock;
	ret = steal_ctty(tty, arg);
	if (ret)
		goto unlock;
	ret = -EPERM;
	if (!(file->f_mode & FMODE_READ) && !capable(CAP_SYS_ADMIN))
		goto unlock;
	set_ctty(tty, NULL, file);
	ret = 0;
unlock:
	mutex_unlock(&tty->lock);
	return ret;
}

/* ---- losing it ----------------------------------------------------------------------------- */

void proc_clear_tty(struct task_struct *t)
{
	struct tty_struct *tty = NULL;
	unsigned long flags;

	if (!lock_task_sighand(t, &flags))
		return;
	swap(tty, t->signal->tty);
	unlock_task_sighand(t, &flags);
	tty_kref_put(tty);
}

void session_clear_tty(struct pid *session)
{
	struct task_struct *t;

	read_lock(&tasklist_lock);
	do_each_pid_task(session, PIDTYPE_SID, t)
		proc_clear_tty(t);
	read_unlock(&tasklist_lock);
}

/* [t] read. One member of the session whose terminal hangs up; true: it held a reference to
 * @tty. */
static bool hang_up_member(struct tty_struct *tty, struct task_struct *t)
{
	struct pid *old_pgrp = NULL;
	bool had;
	unsigned long flags;

	if (!lock_task_sighand(t, &flags))
		return false;
	had = t->signal->tty == tty;
	if (had)
		t->signal->tty = NULL;
	if (t->signal->leader) {
		send_signal_locked(SIGHUP, SEND_SIG_PRIV, t, PIDTYPE_TGID);
		send_signal_locked(SIGCONT, SEND_SIG_PRIV, t, PIDTYPE_TGID);
		old_pgrp = t->signal->tty_old_pgrp;
		spin_lock(&tty->ctrl_lock);
		t->signal->tty_old_pgrp = get_pid(tty->pgrp);
		spin_unlock(&tty->ctrl_lock);
	}
	unlock_task_sighand(t, &flags);
	put_pid(old_pgrp);
	return had;
}

/* Returns how many references to @tty the caller has to drop. */
unsigned int tty_signal_session_leader(struct tty_struct *tty, bool exit_session)
{
	struct pid *pgrp = tty_get_pgrp(tty);
	struct task_struct *t;
	struct pid *session;
	unsigned int refs = 0;

	spin_lock_irq(&tty->ctrl_lock);
	session = get_pid(tty->session);
	spin_unlock_irq(&tty->ctrl_lock);
	if (session) {
		read_lock(&tasklist_lock);
		do_each_pid_task(session, PIDTYPE_SID, t)
			refs += hang_up_member(tty, t);
		read_unlock(&tasklist_lock);
	}
	if (pgrp && exit_session)
		kill_pgrp(pgrp, SIGHUP, 1);
	put_pid(session);
	put_pid(pgrp);
	return refs;
}

static void hang_up_group(struct pid *pgrp, bool on_exit)
{
	if (!pgrp)
		return;
	kill_pgrp(pgrp, SIGHUP, on_exit);
	kill_pgrp(pgrp, SIGCONT, on_exit);
}

/* The leader lets go of a terminal that is still there. */
static void leave_tty(struct tty_struct *tty, bool on_exit)
{
	struct pid *pgrp;

	if (on_exit && !(tty->driver->flags & TTY_DRIVER_PTY)) {
		__tty_hangup(tty, true);
		return;
	}
	pgrp = tty_get_pgrp(tty);
	if (pgrp) {
		kill_pgrp(pgrp, SIGHUP, on_exit);
		if (!on_exit)
			kill_pgrp(pgrp, SIGCONT, on_exit);
	}
	put_pid(pgrp);
}

static struct pid *take_old_pgrp(void)
{
	struct pid *pgrp;

	spin_lock_irq(&current->sighand->siglock);
	pgrp = current->signal->tty_old_pgrp;
	current->signal->tty_old_pgrp = NULL;
	spin_unlock_irq(&current->sighand->siglock);
	return pgrp;
}

static void tty_forget_session(struct tty_struct *tty)
{
	struct pid *session, *pgrp;

	spin_lock_irq(&tty->ctrl_lock);
	session = tty->session;
	pgrp = tty->pgrp;
	tty->session = NULL;
	tty->pgrp = NULL;
	spin_unlock_irq(&tty->ctrl_lock);
	put_pid(session);
	put_pid(pgrp);
}

void disassociate_ctty(bool on_exit)
{
	struct tty_struct *tty;
	struct pid *pgrp, *session;

	if (!current->signal->leader)
		return;
	tty = get_current_tty();
	if (tty) {
		leave_tty(tty, on_exit);
		tty_kref_put(tty);
	} else if (on_exit) {
		/* Hung up before: its last foreground group may still wait to be told. */
		pgrp = take_old_pgrp();
		hang_up_group(pgrp, on_exit);
		put_pid(pgrp);
		return;
	}
	put_pid(take_old_pgrp());
	tty = get_current_tty();	/* a hangup may have taken it meanwhile */
	if (tty) {
		tty_forget_session(tty);
		tty_kref_put(tty);
	}
	session = get_task_pid(current, PIDTYPE_SID);
	if (session)
		session_clear_tty(session);
	put_pid(session);
}

/* TIOCNOTTY */
static void no_tty(void)
{
	disassociate_ctty(false);
	proc_clear_tty(current);
}

/* ---- ioctls: @tty is the file's, @real the terminal behind it (a master's slave) ----------- */

static int tiocgpgrp(struct tty_struct *tty, struct tty_struct *real, pid_t __user *p)
{
	struct pid *pgrp;
	int ret;

	if (tty == real && !current_is_tty(real))
		return -ENOTTY;
	pgrp = tty_get_pgrp(real);
	ret = put_user(pid_vnr(pgrp), p);
	put_pid(pgrp);
	return ret;
}

/* [t] read. Is @pgrp a group of current's session? */
static bool in_own_session(struct pid *pgrp)
{
	struct task_struct *t = pid_task(pgrp, PIDTYPE_PGID);

	return t && task_session(t) == task_session(current);
}

static int set_foreground(struct tty_struct *real, struct pid *pgrp)
{
	struct pid *old = pgrp;
	int ret = -EPERM;

	read_lock(&tasklist_lock);
	spin_lock_irq(&real->ctrl_lock);
	if (!current_is_tty(real) || real->session != task_session(current)) {
		ret = -ENOTTY;
	} else if (!pgrp) {
		ret = -ESRCH;
	} else if (in_own_session(pgrp)) {
		old = real->pgrp;
		real->pgrp = get_pid(pgrp);
		ret = 0;
	}
	spin_unlock_irq(&real->ctrl_lock);
	read_unlock(&tasklist_lock);
	if (!ret)
		put_pid(old);
	return ret;
}

static int tiocspgrp(struct tty_struct *real, pid_t __user *p)
{
	int ret = tty_check_change(real);
	struct pid *pgrp;
	pid_t nr;

	if (ret == -EIO)
		return -ENOTTY;
	if (ret)
		return ret;
	if (get_user(nr, p))
		return -EFAULT;
	if (nr < 0)
		return -EINVAL;
	pgrp = find_get_pid(nr);
	ret = set_foreground(real, pgrp);
	put_pid(pgrp);
	return ret;
}

static int tiocgsid(struct tty_struct *tty, struct tty_struct *real, pid_t __user *p)
{
	struct pid *session;
	int ret = -ENOTTY;

	if (tty == real && !current_is_tty(real))
		return -ENOTTY;
	spin_lock_irq(&real->ctrl_lock);
	session = get_pid(real->session);
	spin_unlock_irq(&real->ctrl_lock);
	if (session)
		ret = put_user(pid_vnr(session), p);
	put_pid(session);
	return ret;
}

long tty_jobctrl_ioctl(struct tty_struct *tty, struct tty_struct *real, struct file *file,
		       unsigned int cmd, unsigned long arg)
{
	void __user *p = (void __user *)arg;

	switch (cmd) {
	case TIOCNOTTY:
		if (!current_is_tty(tty))
			return -ENOTTY;
		no_tty();
		return 0;
	case TIOCSCTTY:
		return tiocsctty(real, file, arg);
	case TIOCGPGRP:
		return tiocgpgrp(tty, real, p);
	case TIOCSPGRP:
		return tiocspgrp(real, p);
	case TIOCGSID:
		return tiocgsid(tty, real, p);
	default:
		return -ENOIOCTLCMD;
	}
}
