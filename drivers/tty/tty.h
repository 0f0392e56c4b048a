/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the rest of the kernel sees of terminals: the controlling terminal of a session.
 * Drivers of terminals include <drivers/tty/tty_driver.h>.
 *
 * Locks: signal->tty and signal->tty_old_pgrp are [s] (siglock).  A signal_struct's tty is a
 * counted reference.
 */
#pragma once

#include <kernel/lib/types.h>

struct file;
struct pid;
struct seq_file;
struct signal_struct;
struct task_struct;
struct tty_struct;

/* chrdevs /dev/tty, /dev/console, ptmx; from drivers_init() */
void tty_init(void);
struct tty_struct *tty_kref_get(struct tty_struct *tty);	/* NULL is fine */
void tty_kref_put(struct tty_struct *tty);			/* NULL is fine; any context */
/* fork: a new signal_struct (not visible yet) inherits current's terminal. */
void proc_inherit_tty(struct signal_struct *sig);
/* setsid(2): the new session has no terminal. Takes siglock itself; process context. */
void proc_clear_tty(struct task_struct *t);
/* exit of a session leader (@on_exit) or TIOCNOTTY: hang up, SIGHUP and SIGCONT. May sleep. */
void disassociate_ctty(bool on_exit);
struct tty_struct *get_current_tty(void);	/* reference or NULL */
/* vhangup(2): hang up current's terminal. May sleep. */
void tty_vhangup_self(void);
/* /proc/<pid>/stat: device number (0: none) and foreground group (reference or NULL). */
dev_t tty_devnum(const struct tty_struct *tty);
struct pid *tty_get_pgrp(struct tty_struct *tty);
const char *tty_name(const struct tty_struct *tty);
/* Is @file a terminal? TIOCSTI, /proc/<pid>/fd and sockets ask. */
bool file_is_tty(const struct file *file);
void show_tty_drivers(struct seq_file *m);	/* /proc/tty/drivers */
