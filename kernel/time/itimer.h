/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interval timers and POSIX timers of a process.
 *
 * ITIMER_REAL is an hrtimer in signal_struct; ITIMER_VIRTUAL and ITIMER_PROF, RLIMIT_CPU and POSIX timers
 * on CPU clocks are checked by the tick of the CPU that a thread of the group runs on.
 */
#pragma once

#include <kernel/time/hrtimer.h>
#include <kernel/time/timekeeping.h>

struct signal_struct;
struct task_struct;

/* A timer_create(2) timer. */
struct k_itimer;

enum hrtimer_restart it_real_fn(struct hrtimer *timer);	/* copy_signal: hrtimer_init(&sig->real_timer, ...) */
void exit_itimers(struct task_struct *t);	/* exit of a group, exec: delete POSIX timers; may sleep */
void itimers_init_signal(struct signal_struct *sig);	/* a new group: nothing armed */
/* Each tick that hits @t in irq context: expire CPU timers. */
void run_posix_cpu_timers(struct task_struct *t);
/* @rearm: the signal of @timer was taken by dequeue_signal(); fills si_overrun. siglock not held. */
struct kernel_siginfo;
void posixtimer_rearm(siginfo_t *info);
void update_rlimit_cpu(struct task_struct *t, unsigned long rlim_new);	/* setrlimit(RLIMIT_CPU) */

/* CPU clocks: clockids made by clock_getcpuclockid(), and CLOCK_*_CPUTIME_ID. */
bool clockid_is_cpu(clockid_t clock);
int cpu_clock_get(clockid_t clock, u64 *ns);		/* -EINVAL */
