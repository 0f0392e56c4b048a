/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct k_itimer, a timer made by timer_create(2): private to kernel/time.
 *
 * Locks: [s] siglock of the owning group; [l] timer->lock, which nests outside siglock (sending the
 * signal takes that).  A lookup takes a reference under siglock and then the timer's lock.
 */
#pragma once

#include <kernel/lib/refcount.h>
#include <kernel/locking/spinlock.h>
#include <kernel/pid_types.h>
#include <kernel/time/cpu_timer.h>
#include <kernel/time/hrtimer.h>

struct pid;
struct sigqueue;
struct signal_struct;

struct k_itimer {
	spinlock_t		lock;
	refcount_t		refs;		/* [a] the list's, and one for each user at the moment */
	struct list_head	list;		/* [s] signal->posix_timers */
	bool			deleted;	/* [l] */
	int			id;		/* [I] */
	clockid_t		clock;		/* [I] */
	int			notify;		/* [I] SIGEV_* */
	struct pid		*target;	/* [I] whom to signal, reference; NULL for SIGEV_NONE */
	enum pid_type		type;		/* [I] */
	struct sigqueue		*sigq;		/* [I] */
	u64			interval;	/* [l] ns; 0: once */
	int			sequence;	/* [l] si_sys_private of the signal that may re-arm it */
	s64			overrun;	/* [l] expirations since the signal was sent */
	s64			overrun_last;	/* [l] of the last signal delivered */
	struct hrtimer		hrtimer;	/* for the other clocks, and to poll */

	bool			on_cpu_clock;	/* [I] */
	struct cpu_clock	cpu_clock;	/* [I] */
	struct task_struct	*cpu_task;	/* [I] whose clock; reference */
	bool			polls;		/* [I] cpu_task is of another process: hrtimer looks at its clock */
	u64			cpu_expires;	/* [l] ns of CPU time; 0: not armed */
	u64			cpu_base;	/* [l] the last expiry: a periodic timer goes on from there */
	bool			firing;		/* [s] on the tick's list */
	struct list_head	firing_entry;	/* [that list] */
};

void k_itimer_cpu_fire(struct k_itimer *timer);		/* consumes a reference */
