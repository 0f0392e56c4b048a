// SPDX-License-Identifier: GPL-2.0-only
/*
 * Terminals as files: open, close, read, write, poll; /dev/tty and /dev/console.
 *
 * An open finds or makes the tty_struct under tty_mutex, then takes tty->lock; when the terminal
 * was closed for good in between (TTY_CLOSED) it starts again.  The structures and locks are
 * described in tty_driver.h.
 */
#include <drivers/tty/tty_driver.h>
#include <drivers/tty/pty.h>
#include <drivers/tty/pty_internal.h>
#include <drivers/tty/tty.h>
#include <kernel/cred.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/pid.h>
#include <kernel/printk.h>
#include <kernel/signal.h>
#include <mm/slab.h>

#define TTY_MAJOR_SYSTEM	5
#define DEV_TTY			MKDEV(TTY_MAJOR_SYSTEM, 0)
#define DEV_CONSOLE		MKDEV(TTY_MAJOR_SYSTEM, 1)
#define WRITE_CHUNK		2048	/* of PAGE_SIZE: what one n_tty_write() gets */

/* ---- finding the terminal ------------------------------------------------------------------ */

/* [tty_mutex] A new terminal in the table, with the settings it was left with. */
static struct tty_struct *make_tty(struct tty_driver *driver, int index)
{
	struct tty_struct *tty = tty_alloc(driver, index, true);

	if (!tty)
		return ERR_PTR(-ENOMEM);
	if (driver->saved_termios[index]) {
		tty->termios = *driver->saved_termios[index];
		n_tty_set_termios(tty, NULL);
	}
	driver->ttys[index] = tty;
	return tty;
}

static struct tty_struct *find_or_make(struct tty_driver *driver, int index)
{
	struct tty_struct *tty;

	mutex_lock(&tty_mutex);
	tty = driver->ttys[index];
	if (!tty)
		tty = make_tty(driver, index);
	if (!IS_ERR(tty))
		tty_kref_get(tty);
	mutex_unlock(&tty_mutex);
	return tty;
}

static struct tty_driver *console_driver(int *index)
{
	struct console *con = console_preferred();

	return con && con->device ? con->device(con, index) : NULL;
}

/* The terminal that an open of @inode means, with a reference. @tf->console is set for
 * /dev/console. */
static struct tty_struct *find_tty(struct inode *inode, struct file *file, struct tty_file *tf)
{
	struct tty_driver *driver;
	struct tty_struct *tty;
	int index = 0;

	if (inode->i_rdev == DEV_TTY) {
		tty = get_current_tty();
		return tty ? tty : ERR_PTR(-ENXIO);
	}
	if (inode->i_rdev == DEV_CONSOLE) {
		driver = console_driver(&index);
		tf->console = true;
		return driver ? find_or_make(driver, index) : ERR_PTR(-ENODEV);
	}
	driver = tty_find_driver(inode->i_rdev, &index);
	if (!driver)
		return ERR_PTR(-ENODEV);
	if (driver->flags & TTY_DRIVER_PTY_SLAVE)
		return pty_find_slave(file);
	return find_or_make(driver, index);
}

/* [l] Nobody has it open: out of the table. */
static void remove_from_table(struct tty_struct *tty)
{
	struct tty_driver *driver = tty->driver;

	if (driver->flags & TTY_DRIVER_PTY)
		return;
	set_bit(TTY_CLOSED, &tty->flags);
	mutex_lock(&tty_mutex);
	tty_save_termios(tty);
	driver->ttys[tty->index] = NULL;
	mutex_unlock(&tty_mutex);
	tty_kref_put(tty);		/* the table's; the caller has one */
}

/* ---- files --------------------------------------------------------------------------------- */

struct tty_file *tty_alloc_file(void)
{
	struct tty_file *tf = kzalloc(sizeof(*tf), GFP_KERNEL);

	if (tf)
		INIT_LIST_HEAD(&tf->list);
	return tf;
}

/* Takes over the caller's reference to @tty. */
void tty_add_file(struct tty_struct *tty, struct tty_file *tf, struct file *file)
{
	tf->tty = tty;
	tf->file = file;
	file->private_data = tf;
	spin_lock(&tty->files_lock);
	list_add(&tf->list, &tty->files);
	spin_unlock(&tty->files_lock);
}

static void del_file(struct tty_file *tf)
{
	spin_lock(&tf->tty->files_lock);
	list_del_init(&tf->list);
	spin_unlock(&tf->tty->files_lock);
}

bool file_is_tty(const struct file *file)
{
	return file->f_op == &tty_fops || file->f_op == &console_fops || file->f_op == &ptmx_fops;
}

/* [l] Takes over the reference on success. */
int tty_open_locked(struct tty_struct *tty, struct tty_file *tf, struct file *file)
{
	int error = 0;

	if (test_bit(TTY_EXCLUSIVE, &tty->flags) && tty->count && !capable(CAP_SYS_ADMIN))
		return -EBUSY;
	if (tty->ops->open)
		error = tty->ops->open(tty, file);
	if (error) {
		if (!tty->count)
			remove_from_table(tty);
		return error;
	}
	tty->count++;
	tty_add_file(tty, tf, file);
	return 0;
}

static int open_once(struct inode *inode, struct file *file, struct tty_file *tf)
{
	struct tty_struct *tty = find_tty(inode, file, tf);
	int error;

	if (IS_ERR(tty))
		return PTR_ERR(tty);
	error = mutex_lock_interruptible(&tty->lock) ? -ERESTARTSYS : 0;
	if (!error) {
		if (test_bit(TTY_CLOSED, &tty->flags))
			error = -EAGAIN;
		else
			error = tty_open_locked(tty, tf, file);
		mutex_unlock(&tty->lock);
	}
	if (error)
		tty_kref_put(tty);
	return error;
}

static int tty_open(struct inode *inode, struct file *file)
{
	struct tty_file *tf = tty_alloc_file();
	int error;

	if (!tf)
		return -ENOMEM;
	do {
		error = open_once(inode, file, tf);
	} while (error == -EAGAIN);	/* it was closed while we waited for its lock */
	if (error) {
		kfree(tf);
		return error;
	}
	stream_open(inode, file);
	if (!(file->f_flags & O_NOCTTY) && inode->i_rdev != DEV_TTY && !tf->console)
		tty_open_proc_set_tty(file, tf->tty);
	return 0;
}

/* [l] The last file went. Whoever had it as controlling terminal has none any more. */
static void last_close(struct tty_struct *tty)
{
	struct pid *session;

	if (tty->ops->close)
		tty->ops->close(tty);
	spin_lock_irq(&tty->ctrl_lock);
	session = get_pid(tty->session);
	spin_unlock_irq(&tty->ctrl_lock);
	if (session)
		session_clear_tty(session);
	put_pid(session);
	remove_from_table(tty);
}

static int tty_release(struct inode *inode, struct file *file)
{
	struct tty_file *tf = file_tty_file(file);
	struct tty_struct *tty = tf->tty;
	bool last;

	mutex_lock(&tty->lock);
	del_file(tf);
	last = --tty->count == 0;
	if (last)
		last_close(tty);
	mutex_unlock(&tty->lock);
	if (last && (tty->driver->flags & TTY_DRIVER_PTY))
		pty_last_close(tty);	/* concerns the other side: without our lock */
	kfree(tf);
	tty_kref_put(tty);
	return 0;
}

/* ---- read, write, poll --------------------------------------------------------------------- */

/* "w" shows idle times from these stamps; coarse, so that they do not tell key strokes apart. */
static void stamp_inode(struct inode *inode, struct timespec64 *stamp)
{
	time64_t now = ktime_get_real_seconds();

	spin_lock(&inode->i_lock);
	if ((u64)(now - stamp->tv_sec) >= 8)
		*stamp = (struct timespec64){ .tv_sec = now };
	spin_unlock(&inode->i_lock);
}

static ssize_t tty_read(struct kiocb *iocb, struct iov_iter *to)
{
	struct file *file = iocb->ki_filp;
	struct tty_file *tf = file_tty_file(file);
	ssize_t ret;

	if (READ_ONCE(tf->hung_up))
		return 0;
	if (test_bit(TTY_IO_ERROR, &tf->tty->flags))
		return -EIO;
	ret = n_tty_read(tf->tty, file, to);
	if (ret > 0)
		stamp_inode(file_inode(file), &file_inode(file)->i_atime);
	return ret;
}

/* [w] */
static ssize_t write_chunks(struct tty_struct *tty, struct file *file, struct iov_iter *from)
{
	ssize_t written = 0;
	ssize_t ret = 0;

	while (iov_iter_count(from)) {
		size_t n = min_t(size_t, iov_iter_count(from), WRITE_CHUNK);

		n = copy_from_iter(tty->write_buf, n, from);
		if (!n) {
			ret = -EFAULT;
			break;
		}
		ret = n_tty_write(tty, file, tty->write_buf, n);
		if (ret < 0) {
			iov_iter_revert(from, n);
			break;
		}
		written += ret;
		if ((size_t)ret < n) {
			iov_iter_revert(from, n - ret);
			break;
		}
		cond_resched();
	}
	return written ? written : ret;
}

static ssize_t tty_write(struct kiocb *iocb, struct iov_iter *from)
{
	struct file *file = iocb->ki_filp;
	struct tty_file *tf = file_tty_file(file);
	struct tty_struct *tty = tf->tty;
	ssize_t ret;

	if (READ_ONCE(tf->hung_up) || test_bit(TTY_IO_ERROR, &tty->flags))
		return -EIO;
	if (file->f_flags & O_NONBLOCK) {
		if (!mutex_trylock(&tty->write_mutex))
			return -EAGAIN;
	} else if (mutex_lock_interruptible(&tty->write_mutex)) {
		return -ERESTARTSYS;
	}
	ret = write_chunks(tty, file, from);
	mutex_unlock(&tty->write_mutex);
	if (ret > 0)
		stamp_inode(file_inode(file), &file_inode(file)->i_mtime);
	return ret;
}

static __poll_t tty_poll(struct file *file, poll_table *wait)
{
	struct tty_file *tf = file_tty_file(file);

	if (READ_ONCE(tf->hung_up))
		return EPOLLIN | EPOLLOUT | EPOLLERR | EPOLLHUP | EPOLLRDNORM | EPOLLWRNORM;
	return n_tty_poll(tf->tty, file, wait);
}

size_t tty_write_room(struct tty_struct *tty)
{
	return tty->ops->write_room ? tty->ops->write_room(tty) : 2048;
}

size_t tty_chars_in_buffer(struct tty_struct *tty)
{
	return tty->ops->chars_in_buffer ? tty->ops->chars_in_buffer(tty) : 0;
}

void tty_driver_flush_buffer(struct tty_struct *tty)
{
	if (tty->ops->flush_buffer)
		tty->ops->flush_buffer(tty);
}

#define TTY_FILE_OPERATIONS				\
	.llseek = no_llseek,				\
	.read_iter = tty_read,				\
	.write_iter = tty_write,			\
	.poll = tty_poll,				\
	.unlocked_ioctl = tty_ioctl,			\
	.compat_ioctl = tty_compat_ioctl,		\
	.release = tty_release

const struct file_operations tty_fops = { TTY_FILE_OPERATIONS, .open = tty_open };
const struct file_operations console_fops = { TTY_FILE_OPERATIONS, .open = tty_open };
const struct file_operations ptmx_fops = { TTY_FILE_OPERATIONS, .open = ptmx_open };

static void add_system_node(dev_t dev, const char *name, umode_t mode,
			    const struct file_operations *fops)
{
	struct device *d;

	if (register_chrdev(MAJOR(dev), MINOR(dev), 1, name, fops)) {
		pr_err("tty: cannot register /dev/%s\n", name);
		return;
	}
	d = device_create("tty", NULL, dev, mode, NULL, "%s", name);
	if (IS_ERR(d))
		pr_err("tty: no node for /dev/%s\n", name);
}

void tty_init(void)
{
	add_system_node(DEV_TTY, "tty", 0666, &tty_fops);
	add_system_node(DEV_CONSOLE, "console", 0600, &console_fops);
}
