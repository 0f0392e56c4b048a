/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The inside of the line discipline N_TTY, shared by n_tty.c (readers, modes), n_tty_input.c (the
 * receiving work) and n_tty_output.c (output processing, echoes).
 *
 * The read buffer is a ring with free-running indices, one producer and one consumer. What readers
 * see of it:
 *
 *	read_tail <= canon_head <= read_head	canonical: up to the last line's end
 *	read_tail <= commit_head <= read_head	raw: up to commit_head
 *
 * The producer (the work, one at a time) moves the heads and only ever takes back what it has not
 * published; the consumer (holder of tty->read_mutex) moves the tail.  Both hold termios_rwsem
 * for reading; whoever changes the mode or empties the buffer holds it for writing and so
 * excludes both.
 *
 * Tags: [p] producer  [r] consumer  [a] published with release, read with acquire  [m]
 * termios_rwsem
 *	 [o] output_mutex
 */
#pragma once

#include <drivers/tty/tty_driver.h>
#include <kernel/lib/bitops.h>

#define N_TTY_BUF_SIZE	4096
#define N_TTY_ECHO_SIZE	2048
#define THROTTLE_ROOM	128	/* less room than that: ask the sender to pause */
#define UNTHROTTLE_CHARS 128	/* fewer characters than that: go on */

/* Echo ring entries: operation in the high byte, its argument below. */
enum echo_op {
	ECHO_CHAR,		/* through output processing */
	ECHO_CTRL,		/* as ^X */
	ECHO_SET_CANON_COLUMN,	/* a new line of input begins here */
	ECHO_MOVE_BACK,		/* column--, nothing is sent */
	ECHO_ERASE_TAB,		/* argument: width before it mod 8, bit 7: since an earlier tab */
};
#define ECHO_AFTER_TAB	0x80

struct n_tty_data {
	unsigned int		read_head;	/* [p] */
	unsigned int		commit_head;	/* [a] */
	unsigned int		canon_head;	/* [a] */
	unsigned int		read_tail;	/* [a] */
	bool			lnext;		/* [p] the next character is literal */
	bool			erasing;	/* [p] inside \...\ of ECHOPRT */
	bool			raw;		/* [m] no input processing at all */
	/* [m] characters that need more than storing and echo */
	DECLARE_BITMAP(special, 256);
	DECLARE_BITMAP(line_ends, N_TTY_BUF_SIZE); /* atomic bits: this character ends a line */
	/* [p] between tail and head, [r] what is published */
	u8			buf[N_TTY_BUF_SIZE];
	unsigned int		overruns;	/* [p] */

	struct mutex		output_mutex;
	unsigned int		column;		/* [o] of the cursor */
	unsigned int		canon_column;	/* [o] where this line of input began */
	unsigned int		echo_head;	/* [o] */
	unsigned int		echo_tail;	/* [o] */
	u16			echo[N_TTY_ECHO_SIZE]; /* [o] */
};

static inline u8 *n_tty_slot(struct n_tty_data *d, unsigned int i)
{
	return &d->buf[i % N_TTY_BUF_SIZE];
}
static inline unsigned int load_acquire(const unsigned int *p)
{
	return __atomic_load_n(p, __ATOMIC_ACQUIRE);
}
static inline void store_release(unsigned int *p, unsigned int v)
{
	__atomic_store_n(p, v, __ATOMIC_RELEASE);
}
/* UTF-8: a byte that continues the character before. */
static inline bool is_continuation(const struct tty_struct *tty, u8 c)
{
	return _I_FLAG(tty, IUTF8) && (c & 0xc0) == 0x80;
}
static inline bool is_control(u8 c)
{
	return c < 0x20 || c == 0x7f;
}

/* n_tty.c */
bool n_tty_input_available(struct tty_struct *tty, bool poll);

/* n_tty_output.c; [m] held for reading unless said */
void n_tty_echo(struct tty_struct *tty, enum echo_op op, u8 arg);
void n_tty_echo_char(struct tty_struct *tty, u8 c);	/* ^X if ECHOCTL says so */
void n_tty_discard_echoes(struct tty_struct *tty);
