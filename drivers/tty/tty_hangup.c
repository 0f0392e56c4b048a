// SPDX-License-Identifier: GPL-2.0-only
/*
 * Hangup: the line went away, or its session's leader did.  Every open file of the terminal
 * becomes a dead one (reads give end of file, writes -EIO), the session gets SIGHUP, and the
 * device is stopped; a later open starts it anew.  Files opened as /dev/console are spared.
 */
#include <drivers/tty/tty_driver.h>
#include <drivers/tty/tty.h>
#include <generated/syscalls.h>
#include <kernel/cred.h>
#include <kernel/pid.h>
#include <kernel/signal.h>

static void mark_files(struct tty_struct *tty)
{
	struct tty_file *tf;

	spin_lock(&tty->files_lock);
	list_for_each_entry(tf, &tty->files, list)
		if (!tf->console)
			WRITE_ONCE(tf->hung_up, true);
	spin_unlock(&tty->files_lock);
}

static bool any_live_file(struct tty_struct *tty)
{
	struct tty_file *tf;
	bool live = false;

	spin_lock(&tty->files_lock);
	list_for_each_entry(tf, &tty->files, list)
		live |= !tf->hung_up;
	spin_unlock(&tty->files_lock);
	return live;
}

/* Settings and input of the old session are not for the next one. */
static void reset_discipline(struct tty_struct *tty)
{
	struct ktermios old;

	down_write(&tty->termios_rwsem);
	tty_buffer_flush(tty);
	n_tty_hangup(tty);
	if (tty->driver->flags & TTY_DRIVER_RESET_TERMIOS) {
		old = tty->termios;
		tty->termios = tty->driver->init_termios;
		n_tty_set_termios(tty, &old);
	}
	up_write(&tty->termios_rwsem);
}

static void forget_session(struct tty_struct *tty)
{
	struct pid *session, *pgrp;

	spin_lock_irq(&tty->ctrl_lock);
	session = tty->session;
	pgrp = tty->pgrp;
	tty->session = NULL;
	tty->pgrp = NULL;
	tty->pktstatus = 0;
	spin_unlock_irq(&tty->ctrl_lock);
	put_pid(session);
	put_pid(pgrp);
}

void __tty_hangup(struct tty_struct *tty, bool exit_session)
{
	unsigned int refs;

	mutex_lock(&tty->lock);
	set_bit(TTY_HUPPING, &tty->flags);
	mark_files(tty);
	wake_up_interruptible_all(&tty->write_wait);
	wake_up_interruptible_all(&tty->read_wait);
	refs = tty_signal_session_leader(tty, exit_session);
	tty_driver_flush_buffer(tty);
	reset_discipline(tty);
	forget_session(tty);
	clear_bit(TTY_THROTTLED, &tty->flags);
	if (tty->ops->hangup && !any_live_file(tty))
		tty->ops->hangup(tty);
	clear_bit(TTY_HUPPING, &tty->flags);
	wake_up_poll_all(&tty->write_wait, EPOLLOUT | EPOLLHUP);
	wake_up_poll_all(&tty->read_wait, EPOLLIN | EPOLLHUP);
	mutex_unlock(&tty->lock);
	while (refs--)
		tty_kref_put(tty);
}

void tty_vhangup(struct tty_struct *tty)
{
	__tty_hangup(tty, false);
}

void tty_vhangup_self(void)
{
	struct tty_struct *tty = get_current_tty();

	if (tty) {
		tty_vhangup(tty);
		tty_kref_put(tty);
	}
}

long sys_vhangup(void)
{
	if (!capable(CAP_SYS_TTY_CONFIG))
		return -EPERM;
	tty_vhangup_self();
	return 0;
}
