// SPDX-License-Identifier: GPL-2.0-only
/*
 * Pseudo terminals.  What is written to one side is what the other receives.
 *
 * An open of ptmx makes the pair; the slave is opened through its node in devpts.  Both
 * tty_structs share one reference count (tty->owner) and are freed together; the pair's number
 * goes back to devpts when both sides are closed.
 *
 * Locks: pty_mutex makes finding a slave through its node and taking the node away exclusive.
 * The users count of the pair is atomic.  TTY_OTHER_CLOSED of a slave is set under its tty->lock,
 * which its opens hold.
 */
#include <drivers/tty/pty.h>
#include <drivers/tty/pty_internal.h>
#include <drivers/tty/tty.h>
#include <drivers/tty/tty_driver.h>
#include <fs/file.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/signal.h>
#include <mm/slab.h>
#include <asm/uaccess.h>

struct pty_pair {
	/* [a] the master's file, and the slave while it has files */
	refcount_t		users;
	struct pts_fs_info	*fsi;		/* [I] */
	struct dentry		*node;		/* [I] the slave's, until the master closes */
	int			index;		/* [I] */
};

static const struct devpts_ops *devpts;	/* [I] once set */
static DEFINE_MUTEX_RANK(pty_mutex, LOCK_RANK_TTY_DEVICE);

void pty_set_devpts(const struct devpts_ops *ops)
{
	WRITE_ONCE(devpts, ops);
}

static void pair_put(struct pty_pair *pair)
{
	if (!refcount_dec_and_test(&pair->users))
		return;
	devpts->kill_index(pair->fsi, pair->index);
	devpts->put(pair->fsi);
	kfree(pair);
}

/* ---- data ---------------------------------------------------------------------------------- */

static size_t pty_write(struct tty_struct *tty, const u8 *buf, size_t n)
{
	struct tty_struct *to = tty->link;

	if (READ_ONCE(tty->stopped))
		return 0;
	n = tty_insert_flip_string(to, buf, n);
	if (n)
		tty_flip_buffer_push(to);
	return n;
}

static size_t pty_write_room(struct tty_struct *tty)
{
	return READ_ONCE(tty->stopped) ? 0 : tty_buffer_room(tty->link);
}

/* This side's ring was read: who writes from the other side may go on. */
static void pty_rx_room(struct tty_struct *tty)
{
	tty_wakeup(tty->link);
}

static void pty_flush_buffer(struct tty_struct *tty)
{
	tty_buffer_flush(tty->link);
	tty_packet_event(tty, TIOCPKT_FLUSHWRITE, 0);
	tty_wakeup(tty);
}

static void pty_stop(struct tty_struct *tty)
{
	tty_packet_event(tty, TIOCPKT_STOP, TIOCPKT_START);
}

static void pty_start(struct tty_struct *tty)
{
	tty_packet_event(tty, TIOCPKT_START, TIOCPKT_STOP);
}

/* ---- modes --------------------------------------------------------------------------------- */

static bool stops_by_standard_keys(const struct ktermios *t)
{
	return (t->c_iflag & IXON) && t->c_cc[VSTOP] == ('S' - '@') &&
		t->c_cc[VSTART] == ('Q' - '@');
}

static void pty_set_termios(struct tty_struct *tty, const struct ktermios *old)
{
	bool was = stops_by_standard_keys(old), is = stops_by_standard_keys(&tty->termios);

	tty->termios.c_cflag &= ~(CSIZE | PARENB);
	tty->termios.c_cflag |= CS8 | CREAD;
	if ((old->c_lflag ^ tty->termios.c_lflag) & EXTPROC)
		tty_packet_event(tty, TIOCPKT_IOCTL, 0);
	if (was != is)
		tty_packet_event(tty, is ? TIOCPKT_DOSTOP : TIOCPKT_NOSTOP,
				 is ? TIOCPKT_NOSTOP : TIOCPKT_DOSTOP);
}

/* ---- open and close ------------------------------------------------------------------------ */

/* tty->lock of the slave held. */
static int pts_open(struct tty_struct *tty, struct file *file)
{
	struct pty_pair *pair = tty->driver_data;

	if (test_bit(TTY_OTHER_CLOSED, &tty->flags) || test_bit(TTY_PTY_LOCK, &tty->flags))
		return -EIO;
	if (!tty->count)
		refcount_inc(&pair->users);	/* the master is open, so the pair is alive */
	clear_bit(TTY_OTHER_CLOSED, &tty->link->flags);
	return 0;
}

/* tty->lock of the slave held. The master reads what is left, then gets -EIO. */
static void pts_close(struct tty_struct *tty)
{
	struct tty_struct *master = tty->link;

	set_bit(TTY_OTHER_CLOSED, &master->flags);
	tty_wake_all(&master->read_wait, EPOLLIN | EPOLLHUP);
	tty_wake_all(&master->write_wait, EPOLLOUT | EPOLLHUP);
	pair_put(tty->driver_data);
}

/* The master is gone for good: no more opens of the slave, and those who have it open lose it. */
void pty_last_close(struct tty_struct *tty)
{
	struct tty_struct *slave = tty->link;
	struct pty_pair *pair = tty->driver_data;

	if (!(tty->driver->flags & TTY_DRIVER_PTY_MASTER))
		return;
	mutex_lock(&pty_mutex);
	devpts->kill_node(pair->node);
	mutex_unlock(&pty_mutex);
	mutex_lock(&slave->lock);
	set_bit(TTY_OTHER_CLOSED, &slave->flags);
	mutex_unlock(&slave->lock);
	tty_vhangup(slave);
	pair_put(pair);
}

struct tty_struct *pty_find_slave(struct file *file)
{
	struct tty_struct *slave = NULL;

	mutex_lock(&pty_mutex);
	if (devpts)
		slave = devpts->get_private(file->f_path.dentry);
	tty_kref_get(slave);
	mutex_unlock(&pty_mutex);
	return slave ? slave : ERR_PTR(-EIO);
}

/* ---- ioctls -------------------------------------------------------------------------------- */

static int set_lock(struct tty_struct *slave, const int __user *arg)
{
	int locked;

	if (get_user(locked, arg))
		return -EFAULT;
	if (locked)
		set_bit(TTY_PTY_LOCK, &slave->flags);
	else
		clear_bit(TTY_PTY_LOCK, &slave->flags);
	return 0;
}

static int set_packet_mode(struct tty_struct *master, const int __user *arg)
{
	struct tty_struct *slave = master->link;
	int on;

	if (get_user(on, arg))
		return -EFAULT;
	spin_lock_irq(&slave->ctrl_lock);
	if (on && !master->packet)
		slave->pktstatus = 0;
	WRITE_ONCE(master->packet, !!on);
	spin_unlock_irq(&slave->ctrl_lock);
	return 0;
}

static int signal_slave(struct tty_struct *slave, unsigned long sig)
{
	struct pid *pgrp;

	if (sig != SIGINT && sig != SIGQUIT && sig != SIGTSTP)
		return -EINVAL;
	pgrp = tty_get_pgrp(slave);
	if (pgrp)
		kill_pgrp(pgrp, sig, 1);
	put_pid(pgrp);
	return 0;
}

/* TIOCGPTPEER: the master's file, to find the mount by. */
static struct file *master_file(struct tty_struct *master)
{
	struct tty_file *tf;
	struct file *file = NULL;

	spin_lock(&master->files_lock);
	tf = list_first_entry_or_null(&master->files, struct tty_file, list);
	if (tf)
		file = tf->file;	/* the ioctl's caller holds it open */
	spin_unlock(&master->files_lock);
	return file;
}

static int open_peer(struct tty_struct *master, unsigned int flags)
{
	struct pty_pair *pair = master->driver_data;
	struct file *file = master_file(master);
	struct path path = { .dentry = pair->node };
	int fd;

	if (!file)
		return -EIO;
	path.mnt = devpts->mount(file, pair->fsi);
	if (IS_ERR(path.mnt))
		return PTR_ERR(path.mnt);
	fd = get_unused_fd_flags(flags & O_CLOEXEC);
	if (fd < 0)
		goto put;
	file = dentry_open(&path, flags, current_cred());
	if (IS_ERR(file)) {
		put_unused_fd(fd);
		fd = PTR_ERR(file);
	} else {
		fd_install(fd, file);
	}
put:
	mntput(path.mnt);
	return fd;
}

static int ptm_ioctl(struct tty_struct *tty, unsigned int cmd, unsigned long arg)
{
	struct tty_struct *slave = tty->link;
	int __user *p = (int __user *)arg;

	switch (cmd) {
	case TIOCSPTLCK:
		return set_lock(slave, p);
	case TIOCGPTLCK:
		return put_user(test_bit(TTY_PTY_LOCK, &slave->flags) ? 1 : 0, p);
	case TIOCPKT:
		return set_packet_mode(tty, p);
	case TIOCGPKT:
		return put_user(READ_ONCE(tty->packet) ? 1 : 0, p);
	case TIOCGPTN:
		return put_user(tty->index, (unsigned int __user *)p);
	case TIOCGPTPEER:
		return open_peer(tty, arg);
	case TIOCSIG:
		return signal_slave(slave, arg);
	default:
		return -ENOIOCTLCMD;
	}
}

/* ---- drivers ------------------------------------------------------------------------------- */

static const struct tty_operations ptm_ops = {
	.write = pty_write,
	.write_room = pty_write_room,
	.rx_room = pty_rx_room,
	.flush_buffer = pty_flush_buffer,
	.ioctl = ptm_ioctl,
};

static const struct tty_operations pts_ops = {
	.open = pts_open,
	.close = pts_close,
	.write = pty_write,
	.write_room = pty_write_room,
	.rx_room = pty_rx_room,
	.flush_buffer = pty_flush_buffer,
	.stop = pty_stop,
	.start = pty_start,
	.set_termios = pty_set_termios,
};

static struct tty_driver ptm_driver = {
	.name = "ptm",
	.driver_name = "pty_master",
	.proc_type = "pty:master",
	.major = UNIX98_PTY_MASTER_MAJOR,
	.num = UNIX98_PTY_MAX,
	.flags = TTY_DRIVER_PTY_MASTER | TTY_DRIVER_RESET_TERMIOS,
	.ops = &ptm_ops,
};

static struct tty_driver pts_driver = {
	.name = "pts",
	.driver_name = "pty_slave",
	.proc_type = "pty:slave",
	.major = UNIX98_PTY_SLAVE_MAJOR,
	.num = UNIX98_PTY_MAX,
	.flags = TTY_DRIVER_PTY_SLAVE | TTY_DRIVER_RESET_TERMIOS,
	.ops = &pts_ops,
};

/* ---- ptmx ---------------------------------------------------------------------------------- */

/* Two linked terminals with one reference between them: the master's file's. */
static struct tty_struct *make_pair(struct pty_pair *pair)
{
	struct tty_struct *master = tty_alloc(&ptm_driver, pair->index, false);
	struct tty_struct *slave = tty_alloc(&pts_driver, pair->index, false);

	if (!master || !slave) {
		tty_kref_put(master);
		tty_kref_put(slave);
		return NULL;
	}
	master->link = slave;
	slave->link = master;
	slave->owner = master;
	master->driver_data = slave->driver_data = pair;
	set_bit(TTY_PTY_LOCK, &slave->flags);
	return master;
}

static struct tty_struct *open_pair(struct file *file, struct pty_pair *pair)
{
	struct tty_struct *master;
	struct dentry *node;
	int error;

	pair->fsi = devpts->acquire(file);
	if (IS_ERR(pair->fsi))
		return ERR_CAST(pair->fsi);
	error = pair->index = devpts->new_index(pair->fsi);
	if (error < 0)
		goto put;
	error = -ENOMEM;
	master = make_pair(pair);
	if (!master)
		goto kill_index;
	node = devpts->new_node(pair->fsi, pair->index, master->link);
	if (!IS_ERR(node)) {
		pair->node = node;
		return master;
	}
	error = PTR_ERR(node);
	tty_kref_put(master);
kill_index:
	devpts->kill_index(pair->fsi, pair->index);
put:
	devpts->put(pair->fsi);
	return ERR_PTR(error);
}

int ptmx_open(struct inode *inode, struct file *file)
{
	struct tty_struct *master;
	struct pty_pair *pair;
	struct tty_file *tf;
	int error = -ENOMEM;

	if (!READ_ONCE(devpts))
		return -ENODEV;
	tf = tty_alloc_file();
	pair = kzalloc(sizeof(*pair), GFP_KERNEL);
	if (!tf || !pair)
		goto free;
	refcount_set(&pair->users, 1);
	master = open_pair(file, pair);
	if (IS_ERR(master)) {
		error = PTR_ERR(master);
		goto free;
	}
	stream_open(inode, file);
	master->count = 1;
	tty_add_file(master, tf, file);
	return 0;
free:
	kfree(pair);
	kfree(tf);
	return error;
}

void pty_init(void)
{
	struct device *dev;

	ptm_driver.init_termios = tty_std_termios;
	ptm_driver.init_termios.c_iflag = 0;
	ptm_driver.init_termios.c_oflag = 0;
	ptm_driver.init_termios.c_lflag = 0;
	pts_driver.init_termios = tty_std_termios;
	if (tty_register_driver(&ptm_driver) || tty_register_driver(&pts_driver) ||
	    register_chrdev(MAJOR(PTMX_DEV), MINOR(PTMX_DEV), 1, "ptmx", &ptmx_fops)) {
		pr_err("pty: registration failed, there will be no pseudo terminals\n");
		return;
	}
	dev = device_create("tty", NULL, PTMX_DEV, 0666, NULL, "ptmx");
	if (IS_ERR(dev))
		pr_err("pty: no node for /dev/ptmx\n");
}
