/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Terminals: what a driver of terminals fills in, and the structures that the files in
 * drivers/tty share.
 *
 * Data that arrives goes from the driver's interrupt into tty->buf (a ring) and from there, in a
 * work item, through the line discipline (always N_TTY) into its read buffer.  Data that is
 * written goes through the line discipline's output processing into ops->write(), which takes
 * what fits and never waits.
 *
 * Locks, outer to inner:
 *	[l] tty->lock		open, close, hangup: count, files, flags TTY_CLOSED
 *	[w] tty->write_mutex	one write(2) at a time; tty->write_buf
 *	    tty->read_mutex	one read(2) at a time (n_tty)
 *	[m] tty->termios_rwsem	termios, winsize; held for reading by whoever uses the line
 *				discipline, for writing by what changes its mode or throws data
 *				away. Not held while waiting.
 *	    n_tty's output_mutex; tty_mutex: the tables of drivers
 *	[c] tty->ctrl_lock	(spin, irqs off) session, foreground group, packet mode; inside
 *				siglock
 *	[f] tty->flow_lock	(spin, irqs off) stopped
 * A tty_struct lives while tty->refs > 0: one of the driver's table, one per open file, one per
 * signal_struct whose controlling terminal it is, one per queued work item.  The two sides of a
 * pty live and die together: the master's count is the pair's.
 */
#pragma once

#include <drivers/base/device.h>
#include <fs/poll.h>
#include <fs/vfs.h>
#include <kernel/lib/bitops.h>
#include <kernel/lib/list.h>
#include <kernel/lib/refcount.h>
#include <kernel/locking/mutex.h>
#include <kernel/locking/rwsem.h>
#include <kernel/sched/wait.h>
#include <kernel/uapi.h>
#include <kernel/workqueue.h>
#include <linux/tty.h>

struct n_tty_data;
struct pid;
struct tty_driver;
struct tty_struct;

struct tty_operations {
	/* Each open, tty->lock held; tty->count is the number before it. */
	int (*open)(struct tty_struct *tty, struct file *file);
	/* The last close (drain first if that is what the device wants), tty->lock held. */
	void (*close)(struct tty_struct *tty);
	void (*hangup)(struct tty_struct *tty);		/* stop the device; tty->lock held */
	/* Take at most @n bytes, return how many. Any process context, does not wait. */
	size_t (*write)(struct tty_struct *tty, const u8 *buf, size_t n);
	size_t (*write_room)(struct tty_struct *tty);
	size_t (*chars_in_buffer)(struct tty_struct *tty);	/* default 0 */
	void (*flush_buffer)(struct tty_struct *tty);	/* throw away what is not sent yet */
	void (*stop)(struct tty_struct *tty);		/* flow control: [f] held, irqs off */
	void (*start)(struct tty_struct *tty);
	void (*throttle)(struct tty_struct *tty);	/* the sender should pause */
	void (*unthrottle)(struct tty_struct *tty);
	/* The ring has room again after tty_insert_flip_string() took less than it was given. */
	void (*rx_room)(struct tty_struct *tty);
	/* [m] held for writing */
	void (*set_termios)(struct tty_struct *tty, const struct ktermios *old);
	void (*send_xchar)(struct tty_struct *tty, char c);	/* ahead of everything else */
	int (*break_ctl)(struct tty_struct *tty, bool on);	/* default -ENOTTY */
	void (*wait_until_sent)(struct tty_struct *tty, u64 timeout_ns);
	/* TIOCM_* or -errno; default -ENOTTY */
	int (*tiocmget)(struct tty_struct *tty);
	int (*tiocmset)(struct tty_struct *tty, unsigned int set, unsigned int clear);
	/* default tty_do_resize */
	int (*resize)(struct tty_struct *tty, const struct winsize *ws);
	/* -ENOIOCTLCMD: not mine */
	int (*ioctl)(struct tty_struct *tty, unsigned int cmd, unsigned long arg);
};

struct tty_driver {
	const char		*name;		/* [I] "ttyAMA" */
	const char		*driver_name;	/* [I] for /proc/tty/drivers: "ttyAMA" */
	const char		*proc_type;	/* [I] ditto: "serial", "pty:slave", "console" */
	unsigned int		major, minor_start, num; /* [I] */
	unsigned int		flags;		/* [I] TTY_DRIVER_* */
	struct ktermios		init_termios;	/* [I] */
	const struct tty_operations *ops;	/* [I] */
	struct tty_struct	**ttys;		/* [tty_mutex] by index; NULL for ptys */
	struct ktermios		**saved_termios; /* [tty_mutex] of closed terminals */
	struct list_head	list;		/* [tty_mutex] */
};
#define TTY_DRIVER_PTY_MASTER	0x01
#define TTY_DRIVER_PTY_SLAVE	0x02
#define TTY_DRIVER_PTY		(TTY_DRIVER_PTY_MASTER | TTY_DRIVER_PTY_SLAVE)
#define TTY_DRIVER_DYNAMIC_DEV	0x04	/* nodes come with tty_register_device() */
#define TTY_DRIVER_RESET_TERMIOS 0x08	/* do not keep termios over a last close */

/* What came with a received character. */
enum { TTY_NORMAL, TTY_BREAK, TTY_FRAME, TTY_PARITY, TTY_OVERRUN };

/* Received, not yet processed: a ring, one producer at a time (the lock), one consumer (the
 * work). */
#define TTY_BUF_SIZE	16384
struct tty_bufhead {
	spinlock_t		lock;		/* irqs off */
	u8			*data;		/* [I] TTY_BUF_SIZE */
	u8			*flags;		/* [I] TTY_NORMAL...; NULL: always normal (ptys) */
	unsigned int		head, tail;	/* [lock] free-running */
	/* [lock] how often it was emptied under the consumer's feet */
	unsigned int		flushes;
	/* [lock] the producer found no room: tell it later */
	bool			starved;
	struct work_struct	work;
};

/* All waiters, with the events that poll should see. */
#define tty_wake_all(wq, events)	\
	__wake_up(wq, TASK_INTERRUPTIBLE, 0, poll_to_key(events))

/* tty->flags, bit numbers [a] */
enum tty_flag {
	TTY_THROTTLED,		/* throttle() was called */
	TTY_EXCLUSIVE,		/* TIOCEXCL */
	TTY_CLOSED,		/* [l] left the table: an opener must look again */
	TTY_OTHER_CLOSED,	/* pty: the other side has no file */
	TTY_HUPPING,		/* hangup in progress: writers give up */
	TTY_PTY_LOCK,		/* pty slave: not unlocked yet */
	TTY_IO_ERROR,		/* device failed */
	TTY_NO_SPACE,		/* receiving waits for room in the read buffer */
};

struct tty_struct {
	refcount_t		refs;		/* [a] */
	struct tty_driver	*driver;	/* [I] */
	const struct tty_operations *ops;	/* [I] */
	int			index;		/* [I] */
	char			name[32];	/* [I] "ttyAMA0", "pts/3" */
	unsigned long		flags;		/* [a] enum tty_flag */
	struct mutex		lock;
	unsigned int		count;		/* [l] open files */
	spinlock_t		files_lock;
	struct list_head	files;		/* [files_lock] of struct tty_file */
	struct rw_semaphore	termios_rwsem;
	struct ktermios		termios;	/* [m] */
	struct winsize		winsize;	/* [m] */
	struct mutex		write_mutex;
	u8			*write_buf;	/* [w] */
	struct mutex		read_mutex;
	spinlock_t		ctrl_lock;
	struct pid		*pgrp;		/* [c] foreground group */
	struct pid		*session;	/* [c] whose controlling terminal it is */
	u8			pktstatus;	/* [c] TIOCPKT_* waiting for the master */
	bool			packet;		/* [c] master: packet mode */
	spinlock_t		flow_lock;
	bool			stopped;	/* [f] by ^S */
	bool			tco_stopped;	/* [f] by TCOOFF */
	struct wait_queue_head	read_wait, write_wait;
	struct work_struct	hangup_work;
	struct tty_bufhead	buf;
	struct n_tty_data	*disc;		/* [I] */
	struct tty_struct	*link;		/* [I] pty: the other side */
	/* [I] whose refs count for it: itself, or a slave's master */
	struct tty_struct	*owner;
	void			*driver_data;	/* [I] after the first open */
	struct list_head	driver_entry;	/* the driver's own list */
};

struct tty_file {
	struct tty_struct	*tty;		/* [I] counted */
	struct file		*file;		/* [I] */
	struct list_head	list;		/* [tty->files_lock] */
	bool			hung_up;	/* [files_lock] write; read anywhere */
	bool			console;	/* [I] opened as /dev/console: survives hangups */
};

static inline struct tty_file *file_tty_file(const struct file *file)
{
	return file->private_data;
}
static inline struct tty_struct *file_tty(const struct file *file)
{
	return file_tty_file(file)->tty;
}

/* termios, under [m] */
#define _I_FLAG(tty, f)		((tty)->termios.c_iflag & (f))
#define _O_FLAG(tty, f)		((tty)->termios.c_oflag & (f))
#define _C_FLAG(tty, f)		((tty)->termios.c_cflag & (f))
#define _L_FLAG(tty, f)		((tty)->termios.c_lflag & (f))
#define TTY_CC(tty, i)		((tty)->termios.c_cc[i])
#define DISABLED_CHAR		'\0'	/* a c_cc that is switched off */

extern const struct ktermios tty_std_termios;	/* what init finds: cooked, echo, 9600 */
extern struct mutex tty_mutex;
extern const struct file_operations tty_fops, console_fops;

/* ---- tty_driver.c: drivers and their terminals --------------------------------------------- */
/* chrdev region, nodes unless DYNAMIC_DEV */
int __must_check tty_register_driver(struct tty_driver *driver);
/* /dev node and class device of one terminal. ERR_PTR. */
struct device *tty_register_device(struct tty_driver *driver, unsigned int index,
				   struct device *parent);
struct tty_driver *tty_find_driver(dev_t dev, int *index);
struct tty_struct *tty_alloc(struct tty_driver *driver, int index, bool input_flags);	/* NULL */
void tty_save_termios(struct tty_struct *tty);
speed_t tty_termios_baud_rate(const struct ktermios *t);
void tty_termios_encode_baud_rate(struct ktermios *t, speed_t in, speed_t out);

/* ---- tty_buffer.c: from drivers ------------------------------------------------------------ */
/* Any context; bytes taken. Follow with tty_flip_buffer_push(). */
size_t tty_insert_flip_string(struct tty_struct *tty, const u8 *data, size_t n);
bool tty_insert_flip_char(struct tty_struct *tty, u8 c, u8 flag);
/* Room for the producer; when that is little, ops->rx_room() will tell of more. Any context. */
size_t tty_buffer_room(struct tty_struct *tty);
size_t tty_buffer_used(struct tty_struct *tty);
/* any context, but not under LOCK_RANK_WORK */
void tty_flip_buffer_push(struct tty_struct *tty);
int tty_buffer_init(struct tty_struct *tty, bool flags);
/* drop what is in the ring; process context */
void tty_buffer_flush(struct tty_struct *tty);
/* wait until what came is processed; not under [m] */
void tty_buffer_flush_work(struct tty_struct *tty);
void tty_buffer_restart(struct tty_struct *tty);	/* the read buffer has room again */
void tty_wakeup(struct tty_struct *tty);		/* room to write; any context */

/* ---- tty_core.c, tty_hangup.c, tty_ioctl.c ------------------------------------------------- */
void tty_add_file(struct tty_struct *tty, struct tty_file *tf, struct file *file);
struct tty_file *tty_alloc_file(void);
int tty_open_locked(struct tty_struct *tty, struct tty_file *tf, struct file *file);
void tty_hangup(struct tty_struct *tty);		/* from any context: later */
void tty_vhangup(struct tty_struct *tty);		/* now; may sleep, no tty locks */
void __tty_hangup(struct tty_struct *tty, bool exit_session);
void stop_tty(struct tty_struct *tty);
void start_tty(struct tty_struct *tty);
void __stop_tty(struct tty_struct *tty);		/* [f] held */
void __start_tty(struct tty_struct *tty);
void tty_throttle(struct tty_struct *tty);
void tty_unthrottle(struct tty_struct *tty);
void tty_send_xchar(struct tty_struct *tty, char c);
int tty_do_resize(struct tty_struct *tty, const struct winsize *ws);
int tty_set_termios(struct tty_struct *tty, const struct ktermios *new);
/* 0: no limit; signals end it */
void tty_wait_until_sent(struct tty_struct *tty, u64 timeout_ns);
void tty_driver_flush_buffer(struct tty_struct *tty);
size_t tty_write_room(struct tty_struct *tty);
size_t tty_chars_in_buffer(struct tty_struct *tty);
void tty_flush_input(struct tty_struct *tty);		/* TCIFLUSH; takes [m] */
long tty_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
long tty_compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg);
int tty_mode_ioctl(struct tty_struct *tty, unsigned int cmd, void __user *arg); /* -ENOIOCTLCMD */
/* A packet-mode event on a slave, told to its master. */
void tty_packet_event(struct tty_struct *slave, u8 set, u8 clear);

/* ---- tty_jobctrl.c ------------------------------------------------------------------------- */
int tty_check_change(struct tty_struct *tty);		/* 0, -EIO, -ERESTARTSYS after SIGTTOU */
int __tty_check_change(struct tty_struct *tty, int sig);
void tty_open_proc_set_tty(struct file *file, struct tty_struct *tty);
unsigned int tty_signal_session_leader(struct tty_struct *tty, bool exit_session);
long tty_jobctrl_ioctl(struct tty_struct *tty, struct tty_struct *real, struct file *file,
		       unsigned int cmd, unsigned long arg);
void session_clear_tty(struct pid *session);
bool current_is_tty(const struct tty_struct *tty);

/* ---- n_tty: the line discipline ------------------------------------------------------------ */
struct n_tty_data *n_tty_alloc(void);
void n_tty_free(struct n_tty_data *disc);
/* [m] for writing; NULL: reset */
void n_tty_set_termios(struct tty_struct *tty, const struct ktermios *old);
/* the work only */
size_t n_tty_receive(struct tty_struct *tty, const u8 *data, const u8 *flags, size_t n);
size_t n_tty_receive_room(struct tty_struct *tty);
ssize_t n_tty_read(struct tty_struct *tty, struct file *file, struct iov_iter *to);
ssize_t n_tty_write(struct tty_struct *tty, struct file *file, const u8 *buf, size_t n);
__poll_t n_tty_poll(struct tty_struct *tty, struct file *file, poll_table *wait);
void n_tty_flush_input(struct tty_struct *tty);		/* [m] held for writing */
void n_tty_write_wakeup(struct tty_struct *tty);	/* any context: echoes may go on */
size_t n_tty_inq(struct tty_struct *tty);		/* FIONREAD; [m] held */
void n_tty_hangup(struct tty_struct *tty);		/* [m] held for writing */
void n_tty_process_echoes(struct tty_struct *tty);	/* [m] held */
