/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interval timers and POSIX timers of a process.
 *
 * ITIMER_REAL is an hrtimer in signal_struct (set up by its first use; all zero before);
 * ITIMER_VIRTUAL and ITIMER_PROF, RLIMIT_CPU and POSIX timers on CPU clocks are checked by the tick
 * of the CPU that a thread of the group runs on.
 */
#pragma once

#include <kernel/time/hrtimer.h>
#include <kernel/uapi.h>

struct pid_namespace;
struct seq_file;
struct task_struct;

void exit_itimers(struct task_struct *t);	/* exit of a group, exec: delete POSIX timers; may sleep */
/* /proc/<pid>/timers, with the numbers of @ns. 0 or -ESRCH. */
int posix_timers_show(struct seq_file *m, struct task_struct *t, struct pid_namespace *ns);
/* dequeue_signal() took a timer's signal: count overruns into it and arm the timer again.
 * siglock not held. */
void posix_timer_rearm(siginfo_t *info);
/* Each tick that hits current: expire the CPU timers of its group. irqs off. */
void run_posix_cpu_timers(struct task_struct *t);
