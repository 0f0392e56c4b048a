// SPDX-License-Identifier: GPL-2.0-only
/*
 * Drivers of terminals: their registration, their tables, and making and freeing tty_structs.
 *
 * Locks: tty_mutex guards the list of drivers and their tables; it is the innermost sleeping lock
 * here.
 */
#include <drivers/tty/tty_driver.h>
#include <drivers/tty/tty.h>
#include <fs/seq_file.h>
#include <kernel/lib/err.h>
#include <kernel/lib/string.h>
#include <kernel/lib/vsprintf.h>
#include <kernel/pid.h>
#include <mm/slab.h>

DEFINE_MUTEX(tty_mutex);
static LIST_HEAD(tty_drivers);		/* [tty_mutex] */

const struct ktermios tty_std_termios = {
	.c_iflag = ICRNL | IXON,
	.c_oflag = OPOST | ONLCR,
	.c_cflag = B38400 | CS8 | CREAD | HUPCL,
	.c_lflag = ISIG | ICANON | ECHO | ECHOE | ECHOK | ECHOCTL | ECHOKE | IEXTEN,
	.c_cc = {
		[VINTR] = 'C' - '@', [VQUIT] = '\\' - '@', [VERASE] = 0x7f, [VKILL] = 'U' - '@',
		[VEOF] = 'D' - '@', [VTIME] = 0, [VMIN] = 1, [VSTART] = 'Q' - '@',
		[VSTOP] = 'S' - '@', [VSUSP] = 'Z' - '@', [VREPRINT] = 'R' - '@',
		[VDISCARD] = 'O' - '@', [VWERASE] = 'W' - '@', [VLNEXT] = 'V' - '@',
	},
	.c_ispeed = 38400,
	.c_ospeed = 38400,
};

/* ---- baud rates ---------------------------------------------------------------------------- */

static const struct {
	speed_t		rate;
	tcflag_t	code;
} baud_table[] = {
	{ 0, B0 }, { 50, B50 }, { 75, B75 }, { 110, B110 }, { 134, B134 }, { 150, B150 },
	{ 200, B200 }, { 300, B300 }, { 600, B600 }, { 1200, B1200 }, { 1800, B1800 },
	{ 2400, B2400 }, { 4800, B4800 }, { 9600, B9600 }, { 19200, B19200 }, { 38400, B38400 },
	{ 57600, B57600 }, { 115200, B115200 }, { 230400, B230400 }, { 460800, B460800 },
	{ 500000, B500000 }, { 576000, B576000 }, { 921600, B921600 }, { 1000000, B1000000 },
	{ 1152000, B1152000 }, { 1500000, B1500000 }, { 2000000, B2000000 },
	{ 2500000, B2500000 }, { 3000000, B3000000 }, { 3500000, B3500000 }, { 4000000, B4000000 },
};

speed_t tty_termios_baud_rate(const struct ktermios *t)
{
	tcflag_t code = t->c_cflag & CBAUD;

	if (code == BOTHER)
		return t->c_ospeed;
	for (size_t i = 0; i < ARRAY_SIZE(baud_table); i++)
		if (baud_table[i].code == code)
			return baud_table[i].rate;
	return 9600;
}

static tcflag_t baud_code(speed_t rate)
{
	for (size_t i = 0; i < ARRAY_SIZE(baud_table); i++)
		if (baud_table[i].rate == rate)
			return baud_table[i].code;
	return BOTHER;
}

void tty_termios_encode_baud_rate(struct ktermios *t, speed_t in, speed_t out)
{
	bool in_given = t->c_cflag & (CBAUD << IBSHIFT);

	t->c_ispeed = in;
	t->c_ospeed = out;
	t->c_cflag &= ~(CBAUD | CBAUD << IBSHIFT);
	t->c_cflag |= baud_code(out);
	if (in_given)
		t->c_cflag |= baud_code(in) << IBSHIFT;
}

/* ---- drivers ------------------------------------------------------------------------------- */

static int alloc_tables(struct tty_driver *driver)
{
	if (driver->flags & TTY_DRIVER_PTY)
		return 0;
	driver->ttys = kcalloc(driver->num, sizeof(*driver->ttys), GFP_KERNEL);
	driver->saved_termios = kcalloc(driver->num, sizeof(*driver->saved_termios), GFP_KERNEL);
	if (driver->ttys && driver->saved_termios)
		return 0;
	kfree(driver->ttys);
	kfree(driver->saved_termios);
	return -ENOMEM;
}

int tty_register_driver(struct tty_driver *driver)
{
	int error = alloc_tables(driver);

	if (error)
		return error;
	if (driver->major && !(driver->flags & TTY_DRIVER_PTY_MASTER)) {
		error = register_chrdev(driver->major, driver->minor_start, driver->num,
					driver->name, &tty_fops);
		if (error) {
			kfree(driver->ttys);
			kfree(driver->saved_termios);
			return error;
		}
	}
	mutex_lock(&tty_mutex);
	list_add_tail(&driver->list, &tty_drivers);
	mutex_unlock(&tty_mutex);
	return 0;
}

struct device *tty_register_device(struct tty_driver *driver, unsigned int index,
				   struct device *parent)
{
	if (index >= driver->num)
		return ERR_PTR(-EINVAL);
	return device_create("tty", parent, MKDEV(driver->major, driver->minor_start + index), 0600,
			     NULL, "%s%u", driver->name, index);
}

struct tty_driver *tty_find_driver(dev_t dev, int *index)
{
	struct tty_driver *driver, *found = NULL;

	mutex_lock(&tty_mutex);
	list_for_each_entry(driver, &tty_drivers, list) {
		if (MAJOR(dev) != driver->major || MINOR(dev) < driver->minor_start ||
		    MINOR(dev) - driver->minor_start >= driver->num ||
		    (driver->flags & TTY_DRIVER_PTY_MASTER))
			continue;
		*index = MINOR(dev) - driver->minor_start;
		found = driver;
		break;
	}
	mutex_unlock(&tty_mutex);
	return found;
}

/* ---- tty_structs --------------------------------------------------------------------------- */

static void make_name(struct tty_struct *tty)
{
	if (tty->driver->flags & TTY_DRIVER_PTY_MASTER)
		strscpy(tty->name, "ptm", sizeof(tty->name));
	else if (tty->driver->flags & TTY_DRIVER_PTY_SLAVE)
		snprintf(tty->name, sizeof(tty->name), "pts%d", tty->index);
	else
		snprintf(tty->name, sizeof(tty->name), "%s%d", tty->driver->name, tty->index);
}

static void init_locks(struct tty_struct *tty)
{
	mutex_init_rank(&tty->lock, LOCK_RANK_TTY_DEVICE);
	mutex_init_rank(&tty->write_mutex, LOCK_RANK_TTY_LDISC);
	mutex_init_rank(&tty->read_mutex, LOCK_RANK_TTY_LDISC);
	init_rwsem_rank(&tty->termios_rwsem, (enum lock_rank)(LOCK_RANK_TTY_LDISC + 1));
	spin_lock_init_rank(&tty->ctrl_lock, LOCK_RANK_OBJECT_INNER);
	spin_lock_init_rank(&tty->flow_lock, LOCK_RANK_OBJECT);
	spin_lock_init_rank(&tty->files_lock, LOCK_RANK_OBJECT);
	init_waitqueue_head(&tty->read_wait);
	init_waitqueue_head(&tty->write_wait);
	INIT_LIST_HEAD(&tty->files);
	INIT_LIST_HEAD(&tty->driver_entry);
}

static void hangup_work(struct work_struct *work)
{
	struct tty_struct *tty = container_of(work, struct tty_struct, hangup_work);

	__tty_hangup(tty, false);
	tty_kref_put(tty);
}

void tty_hangup(struct tty_struct *tty)
{
	tty_kref_get(tty);
	if (!schedule_work(&tty->hangup_work))
		tty_kref_put(tty);
}

static void free_one(struct tty_struct *tty)
{
	n_tty_free(tty->disc);
	kfree(tty->buf.data);
	kfree(tty->buf.flags);
	kfree(tty->write_buf);
	put_pid(tty->pgrp);
	put_pid(tty->session);
	kfree(tty);
}

/* The last reference to the terminal, or to the pair, went. */
static void tty_free(struct tty_struct *tty)
{
	if (tty->link)
		free_one(tty->link);
	free_one(tty);
}

struct tty_struct *tty_alloc(struct tty_driver *driver, int index, bool input_flags)
{
	struct tty_struct *tty = kzalloc(sizeof(*tty), GFP_KERNEL);

	if (!tty)
		return NULL;
	refcount_set(&tty->refs, 1);
	tty->owner = tty;
	tty->driver = driver;
	tty->ops = driver->ops;
	tty->index = index;
	tty->termios = driver->init_termios;
	make_name(tty);
	init_locks(tty);
	INIT_WORK(&tty->hangup_work, hangup_work);
	tty->disc = n_tty_alloc();
	tty->write_buf = kmalloc(PAGE_SIZE, GFP_KERNEL);
	if (tty_buffer_init(tty, input_flags) || !tty->disc || !tty->write_buf) {
		tty_free(tty);
		return NULL;
	}
	n_tty_set_termios(tty, NULL);
	return tty;
}

struct tty_struct *tty_kref_get(struct tty_struct *tty)
{
	if (tty)
		refcount_inc(&tty->owner->refs);
	return tty;
}

void tty_kref_put(struct tty_struct *tty)
{
	struct tty_struct *owner = tty ? tty->owner : NULL;

	if (owner && refcount_dec_and_test(&owner->refs))
		tty_free(owner);
}

/* [tty_mutex] What the next first open finds. */
void tty_save_termios(struct tty_struct *tty)
{
	struct tty_driver *driver = tty->driver;
	struct ktermios *saved;

	if (!driver->saved_termios || (driver->flags & TTY_DRIVER_RESET_TERMIOS))
		return;
	saved = driver->saved_termios[tty->index];
	if (!saved)
		saved = kmalloc(sizeof(*saved), GFP_KERNEL);
	if (saved)
		*saved = tty->termios;
	driver->saved_termios[tty->index] = saved;
}

const char *tty_name(const struct tty_struct *tty)
{
	return tty ? tty->name : "NULL tty";
}

dev_t tty_devnum(const struct tty_struct *tty)
{
	const struct tty_driver *driver;

	if (!tty)
		return 0;
	driver = tty->driver;
	return MKDEV(driver->major, driver->minor_start + tty->index);
}

/* Columns as Linux prints them. */
static void show_driver(struct seq_file *m, const struct tty_driver *driver)
{
	unsigned int first = driver->minor_start;
	unsigned int last = first + driver->num - 1;

	seq_printf(m, "%-20s /dev/%-8s %3u ", driver->driver_name, driver->name, driver->major);
	if (first == last)
		seq_printf(m, "%7u %s\n", first, driver->proc_type);
	else
		seq_printf(m, "%u-%u %s\n", first, last, driver->proc_type);
}

void show_tty_drivers(struct seq_file *m)
{
	struct tty_driver *driver;

	seq_puts(m, "/dev/tty             /dev/tty        5       0 system:/dev/tty\n");
	seq_puts(m, "/dev/console         /dev/console    5       1 system:console\n");
	seq_puts(m, "/dev/ptmx            /dev/ptmx       5       2 system\n");
	mutex_lock(&tty_mutex);
	list_for_each_entry(driver, &tty_drivers, list)
		show_driver(m, driver);
	mutex_unlock(&tty_mutex);
}
