// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ioctls of terminals: termios, flow control, window size, breaks, queues.  Job control's are
 * in tty_jobctrl.c, the pty's own in pty.c.
 *
 * On the master of a pty, modes and window size are those of the slave ("real").  Locks:
 * tty_driver.h; user memory is copied with none of them held.
 */
#include <drivers/tty/tty_driver.h>
#include <drivers/tty/tty.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/sched/sched.h>
#include <kernel/signal.h>
#include <kernel/time/timekeeping.h>
#include <asm/uaccess.h>

#define BREAK_NS	(250 * NSEC_PER_MSEC)

/* ---- flow control -------------------------------------------------------------------------- */

void __stop_tty(struct tty_struct *tty)
{
	if (tty->stopped)
		return;
	tty->stopped = true;
	if (tty->ops->stop)
		tty->ops->stop(tty);
}

void stop_tty(struct tty_struct *tty)
{
	unsigned long flags;

	spin_lock_irqsave(&tty->flow_lock, flags);
	__stop_tty(tty);
	spin_unlock_irqrestore(&tty->flow_lock, flags);
}

void __start_tty(struct tty_struct *tty)
{
	if (!tty->stopped || tty->tco_stopped)
		return;
	tty->stopped = false;
	if (tty->ops->start)
		tty->ops->start(tty);
	tty_wakeup(tty);
}

void start_tty(struct tty_struct *tty)
{
	unsigned long flags;

	spin_lock_irqsave(&tty->flow_lock, flags);
	__start_tty(tty);
	spin_unlock_irqrestore(&tty->flow_lock, flags);
}

void tty_throttle(struct tty_struct *tty)
{
	if (!test_and_set_bit(TTY_THROTTLED, &tty->flags) && tty->ops->throttle)
		tty->ops->throttle(tty);
}

void tty_unthrottle(struct tty_struct *tty)
{
	if (test_and_clear_bit(TTY_THROTTLED, &tty->flags) && tty->ops->unthrottle)
		tty->ops->unthrottle(tty);
}

void tty_send_xchar(struct tty_struct *tty, char c)
{
	if (tty->ops->send_xchar)
		tty->ops->send_xchar(tty, c);
	else
		tty->ops->write(tty, (const u8 *)&c, 1);
}

void tty_packet_event(struct tty_struct *slave, u8 set, u8 clear)
{
	struct tty_struct *master = slave->link;
	unsigned long flags;
	bool told;

	spin_lock_irqsave(&slave->ctrl_lock, flags);
	told = master && READ_ONCE(master->packet);
	if (told) {
		slave->pktstatus &= ~clear;
		slave->pktstatus |= set;
	}
	spin_unlock_irqrestore(&slave->ctrl_lock, flags);
	if (told)
		wake_up_interruptible_poll(&master->read_wait, EPOLLPRI | EPOLLIN | EPOLLRDNORM);
}

static int tcxonc(struct tty_struct *tty, unsigned long arg)
{
	int ret = tty_check_change(tty);

	if (ret)
		return ret;
	switch (arg) {
	case TCOOFF:
	case TCOON:
		spin_lock_irq(&tty->flow_lock);
		tty->tco_stopped = arg == TCOOFF;
		if (tty->tco_stopped)
			__stop_tty(tty);
		else
			__start_tty(tty);
		spin_unlock_irq(&tty->flow_lock);
		return 0;
	case TCIOFF:
		if (TTY_CC(tty, VSTOP) != DISABLED_CHAR)
			tty_send_xchar(tty, TTY_CC(tty, VSTOP));
		return 0;
	case TCION:
		if (TTY_CC(tty, VSTART) != DISABLED_CHAR)
			tty_send_xchar(tty, TTY_CC(tty, VSTART));
		return 0;
	default:
		return -EINVAL;
	}
}

/* ---- queues -------------------------------------------------------------------------------- */

void tty_flush_input(struct tty_struct *tty)
{
	tty_buffer_flush(tty);
	down_write(&tty->termios_rwsem);
	n_tty_flush_input(tty);
	up_write(&tty->termios_rwsem);
}

static int tcflsh(struct tty_struct *tty, unsigned long arg)
{
	int ret = tty_check_change(tty);

	if (ret)
		return ret;
	if (arg != TCIFLUSH && arg != TCOFLUSH && arg != TCIOFLUSH)
		return -EINVAL;
	if (arg != TCOFLUSH)
		tty_flush_input(tty);
	if (arg != TCIFLUSH)
		tty_driver_flush_buffer(tty);
	return 0;
}

void tty_wait_until_sent(struct tty_struct *tty, u64 timeout_ns)
{
	u64 timeout = timeout_ns ? timeout_ns : MAX_SCHEDULE_TIMEOUT_NS;

	if (wait_event_interruptible_timeout(tty->write_wait, !tty_chars_in_buffer(tty),
					     timeout) < 0)
		return;
	if (tty->ops->wait_until_sent)
		tty->ops->wait_until_sent(tty, timeout);
}

static int put_inq(struct tty_struct *tty, int __user *p)
{
	int n;

	down_read(&tty->termios_rwsem);
	n = n_tty_inq(tty);
	up_read(&tty->termios_rwsem);
	return put_user(n, p);
}

/* ---- termios ------------------------------------------------------------------------------- */

int tty_set_termios(struct tty_struct *tty, const struct ktermios *new)
{
	struct ktermios old;

	down_write(&tty->termios_rwsem);
	old = tty->termios;
	tty->termios = *new;
	if (tty->ops->set_termios)
		tty->ops->set_termios(tty, &old);
	n_tty_set_termios(tty, &old);
	up_write(&tty->termios_rwsem);
	return 0;
}

static struct ktermios get_termios(struct tty_struct *tty)
{
	struct ktermios t;

	down_read(&tty->termios_rwsem);
	t = tty->termios;
	up_read(&tty->termios_rwsem);
	return t;
}

/* The three user layouts. */
enum termios_kind { OLD_TERMIO, TERMIOS, TERMIOS2 };

static void termio_to_termios(struct ktermios *t, const struct termio *old)
{
	t->c_iflag = (t->c_iflag & 0xffff0000u) | old->c_iflag;
	t->c_oflag = (t->c_oflag & 0xffff0000u) | old->c_oflag;
	t->c_cflag = (t->c_cflag & 0xffff0000u) | old->c_cflag;
	t->c_lflag = (t->c_lflag & 0xffff0000u) | old->c_lflag;
	t->c_line = old->c_line;
	memcpy(t->c_cc, old->c_cc, NCC);
}

static void termios_to_termio(struct termio *old, const struct ktermios *t)
{
	memset(old, 0, sizeof(*old));
	old->c_iflag = t->c_iflag;
	old->c_oflag = t->c_oflag;
	old->c_cflag = t->c_cflag;
	old->c_lflag = t->c_lflag;
	old->c_line = t->c_line;
	memcpy(old->c_cc, t->c_cc, NCC);
}

static int copy_termios_in(struct ktermios *t, const void __user *arg, enum termios_kind kind)
{
	struct termio old;

	static_assert(sizeof(struct termios2) == sizeof(struct ktermios));
	static_assert(offsetof(struct ktermios, c_ispeed) >= sizeof(struct termios) - 3);
	switch (kind) {
	case OLD_TERMIO:
		if (copy_from_user(&old, arg, sizeof(old)))
			return -EFAULT;
		termio_to_termios(t, &old);
		break;
	case TERMIOS:
		if (copy_from_user(t, arg, sizeof(struct termios)))
			return -EFAULT;
		break;
	case TERMIOS2:
		if (copy_from_user(t, arg, sizeof(struct termios2)))
			return -EFAULT;
		break;
	}
	/* A rate by code alone: the numbers follow it. */
	if (kind != TERMIOS2 || (t->c_cflag & CBAUD) != BOTHER)
		t->c_ospeed = tty_termios_baud_rate(t);
	if (kind != TERMIOS2 || !(t->c_cflag & (CBAUD << IBSHIFT)))
		t->c_ispeed = t->c_ospeed;
	return 0;
}

static int copy_termios_out(void __user *arg, const struct ktermios *t, enum termios_kind kind)
{
	struct termio old;

	switch (kind) {
	case OLD_TERMIO:
		termios_to_termio(&old, t);
		return copy_to_user(arg, &old, sizeof(old)) ? -EFAULT : 0;
	case TERMIOS:
		return copy_to_user(arg, t, sizeof(struct termios)) ? -EFAULT : 0;
	case TERMIOS2:
	default:
		return copy_to_user(arg, t, sizeof(struct termios2)) ? -EFAULT : 0;
	}
}

#define SET_FLUSH	1	/* throw input away first */
#define SET_WAIT	2	/* let output drain first */

static int ioctl_set_termios(struct tty_struct *tty, const void __user *arg, enum termios_kind kind,
			     int how)
{
	struct ktermios new;
	int ret = tty_check_change(tty);

	if (ret)
		return ret;
	new = get_termios(tty);
	ret = copy_termios_in(&new, arg, kind);
	if (ret)
		return ret;
	if (how & SET_FLUSH)
		tty_flush_input(tty);
	if (how & SET_WAIT) {
		tty_wait_until_sent(tty, 0);
		if (signal_pending(current))
			return -ERESTARTSYS;
	}
	return tty_set_termios(tty, &new);
}

static int ioctl_get_termios(struct tty_struct *tty, void __user *arg, enum termios_kind kind)
{
	struct ktermios t = get_termios(tty);

	return copy_termios_out(arg, &t, kind);
}

static int set_soft_carrier(struct tty_struct *tty, unsigned int __user *arg)
{
	struct ktermios t = get_termios(tty);
	unsigned int on;

	if (get_user(on, arg))
		return -EFAULT;
	t.c_cflag = on ? t.c_cflag | CLOCAL : t.c_cflag & ~CLOCAL;
	return tty_set_termios(tty, &t);
}

/* @tty is the real terminal. */
int tty_mode_ioctl(struct tty_struct *tty, unsigned int cmd, void __user *arg)
{
	switch (cmd) {
	case TCGETS:
		return ioctl_get_termios(tty, arg, TERMIOS);
	case TCGETS2:
		return ioctl_get_termios(tty, arg, TERMIOS2);
	case TCGETA:
		return ioctl_get_termios(tty, arg, OLD_TERMIO);
	case TCSETS:
		return ioctl_set_termios(tty, arg, TERMIOS, 0);
	case TCSETSW:
		return ioctl_set_termios(tty, arg, TERMIOS, SET_WAIT);
	case TCSETSF:
		return ioctl_set_termios(tty, arg, TERMIOS, SET_WAIT | SET_FLUSH);
	case TCSETS2:
		return ioctl_set_termios(tty, arg, TERMIOS2, 0);
	case TCSETSW2:
		return ioctl_set_termios(tty, arg, TERMIOS2, SET_WAIT);
	case TCSETSF2:
		return ioctl_set_termios(tty, arg, TERMIOS2, SET_WAIT | SET_FLUSH);
	case TCSETA:
		return ioctl_set_termios(tty, arg, OLD_TERMIO, 0);
	case TCSETAW:
		return ioctl_set_termios(tty, arg, OLD_TERMIO, SET_WAIT);
	case TCSETAF:
		return ioctl_set_termios(tty, arg, OLD_TERMIO, SET_WAIT | SET_FLUSH);
	case TIOCGSOFTCAR:
		return put_user(_C_FLAG(tty, CLOCAL) ? 1 : 0, (int __user *)arg);
	case TIOCSSOFTCAR:
		return set_soft_carrier(tty, arg);
	default:
		return -ENOIOCTLCMD;
	}
}

/* ---- window size --------------------------------------------------------------------------- */

int tty_do_resize(struct tty_struct *tty, const struct winsize *ws)
{
	struct pid *pgrp;
	bool same;

	down_write(&tty->termios_rwsem);
	same = !memcmp(ws, &tty->winsize, sizeof(*ws));
	tty->winsize = *ws;
	up_write(&tty->termios_rwsem);
	if (same)
		return 0;
	pgrp = tty_get_pgrp(tty);
	if (pgrp)
		kill_pgrp(pgrp, SIGWINCH, 1);
	put_pid(pgrp);
	return 0;
}

static int tiocgwinsz(struct tty_struct *tty, struct winsize __user *arg)
{
	struct winsize ws;

	down_read(&tty->termios_rwsem);
	ws = tty->winsize;
	up_read(&tty->termios_rwsem);
	return copy_to_user(arg, &ws, sizeof(ws)) ? -EFAULT : 0;
}

static int tiocswinsz(struct tty_struct *tty, const struct winsize __user *arg)
{
	struct winsize ws;

	if (copy_from_user(&ws, arg, sizeof(ws)))
		return -EFAULT;
	return tty->ops->resize ? tty->ops->resize(tty, &ws) : tty_do_resize(tty, &ws);
}

/* ---- breaks, modem lines ------------------------------------------------------------------- */

static int set_break(struct tty_struct *tty, bool on)
{
	return tty->ops->break_ctl ? tty->ops->break_ctl(tty, on) : 0;	/* a pseudo-terminal has no line */
}

static int send_break(struct tty_struct *tty, u64 ns)
{
	int ret;

	if (!tty->ops->break_ctl)
		return 0;
	if (mutex_lock_interruptible(&tty->write_mutex))
		return -EINTR;
	ret = set_break(tty, true);
	if (!ret) {
		__set_current_state(TASK_INTERRUPTIBLE);
		schedule_timeout_ns(ns);
		ret = set_break(tty, false);
	}
	mutex_unlock(&tty->write_mutex);
	return signal_pending(current) ? -EINTR : ret;
}

/* Breaks wait until what was written is out; a background process is stopped. */
static int break_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	int ret = tty_check_change(tty);

	if (ret)
		return ret;
	if (cmd != TIOCCBRK) {
		tty_wait_until_sent(tty, 0);
		if (signal_pending(current))
			return -EINTR;
	}
	switch (cmd) {
	case TIOCSBRK:
		return set_break(tty, true);
	case TIOCCBRK:
		return set_break(tty, false);
	case TCSBRK:
		return arg ? 0 : send_break(tty, BREAK_NS);	/* non-zero: tcdrain() */
	case TCSBRKP:
	default:
		return send_break(tty, arg ? min(arg, 600ul) * 100 * NSEC_PER_MSEC : BREAK_NS);
	}
}

static int modem_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned int __user *arg)
{
	unsigned int val, set, clear;
	int lines;

	if (cmd == TIOCMGET) {
		lines = tty->ops->tiocmget ? tty->ops->tiocmget(tty) : -ENOTTY;
		return lines < 0 ? lines : put_user(lines, arg);
	}
	if (!tty->ops->tiocmset)
		return -ENOTTY;
	if (get_user(val, arg))
		return -EFAULT;
	set = cmd == TIOCMBIC ? 0 : val;
	clear = cmd == TIOCMBIC ? val : cmd == TIOCMSET ? ~val : 0;
	set &= TIOCM_DTR | TIOCM_RTS | TIOCM_OUT1 | TIOCM_OUT2 | TIOCM_LOOP;
	clear &= TIOCM_DTR | TIOCM_RTS | TIOCM_OUT1 | TIOCM_OUT2 | TIOCM_LOOP;
	return tty->ops->tiocmset(tty, set, clear);
}

/* ---- the rest ------------------------------------------------------------------------------ */

static int set_discipline(const int __user *arg)
{
	int n;

	if (get_user(n, arg))
		return -EFAULT;
	return n == N_TTY ? 0 : -EINVAL;
}

/* As if it had been typed: by the terminal's own session, or root. */
static int fake_input(struct tty_struct *tty, const char __user *arg)
{
	char c;

	if (!current_is_tty(tty) && !capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (get_user(c, arg))
		return -EFAULT;
	tty_insert_flip_char(tty, c, TTY_NORMAL);
	tty_flip_buffer_push(tty);
	return 0;
}

static int vhangup_ioctl(struct tty_struct *tty)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	tty_vhangup(tty);
	return 0;
}

static long core_ioctl(struct tty_struct *tty, struct tty_struct *real, unsigned int cmd,
		       unsigned long arg)
{
	void __user *p = (void __user *)arg;

	switch (cmd) {
	case TIOCSTI:
		return fake_input(tty, p);
	case TIOCGWINSZ:
		return tiocgwinsz(real, p);
	case TIOCSWINSZ:
		return tiocswinsz(real, p);
	case TIOCEXCL:
		set_bit(TTY_EXCLUSIVE, &tty->flags);
		return 0;
	case TIOCNXCL:
		clear_bit(TTY_EXCLUSIVE, &tty->flags);
		return 0;
	case TIOCGEXCL:
		return put_user(test_bit(TTY_EXCLUSIVE, &tty->flags) ? 1 : 0, (int __user *)p);
	case TIOCGETD:
		return put_user(N_TTY, (int __user *)p);
	case TIOCSETD:
		return set_discipline(p);
	case TIOCCONS:			/* taking the console's output away is not built */
		return tty != real ? -EINVAL : capable(CAP_SYS_ADMIN) ? -ENOTTY : -EPERM;
	case TIOCVHANGUP:
		return vhangup_ioctl(tty);
	case TIOCGDEV:
		return put_user(new_encode_dev(tty_devnum(real)), (unsigned int __user *)p);
	case TIOCSBRK:
	case TIOCCBRK:
	case TCSBRK:
	case TCSBRKP:
		return break_ioctl(tty, cmd, arg);
	case TIOCMGET:
	case TIOCMSET:
	case TIOCMBIS:
	case TIOCMBIC:
		return modem_ioctl(tty, cmd, p);
	case TCFLSH:
		return tcflsh(tty, arg);
	case TCXONC:
		return tcxonc(tty, arg);
	case FIONREAD:
		return put_inq(tty, p);
	case TIOCOUTQ:
		return put_user((int)tty_chars_in_buffer(tty), (int __user *)p);
	default:
		return -ENOIOCTLCMD;
	}
}

long tty_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct tty_file *tf = file_tty_file(file);
	struct tty_struct *tty = tf->tty, *real = tty;
	long ret;

	if (READ_ONCE(tf->hung_up))
		return cmd == TIOCSPGRP ? -ENOTTY : -EIO;
	if (tty->driver->flags & TTY_DRIVER_PTY_MASTER)
		real = tty->link;
	ret = core_ioctl(tty, real, cmd, arg);
	if (ret == -ENOIOCTLCMD)
		ret = tty_jobctrl_ioctl(tty, real, file, cmd, arg);
	if (ret == -ENOIOCTLCMD && tty->ops->ioctl)
		ret = tty->ops->ioctl(tty, cmd, arg);
	if (ret == -ENOIOCTLCMD)
		ret = tty_mode_ioctl(real, cmd, (void __user *)arg);
	return ret == -ENOIOCTLCMD ? -ENOTTY : ret;
}

/* The layouts are the same for 32-bit programs. */
long tty_compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	return tty_ioctl(file, cmd, (u32)arg);
}
