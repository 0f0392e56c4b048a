// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPU clocks, and what the tick expires on them: POSIX timers, ITIMER_PROF and ITIMER_VIRTUAL,
 * RLIMIT_CPU, RLIMIT_RTTIME.
 *
 * Resolution is the tick: a group that runs takes ticks, one that does not run uses no CPU time.  A
 * timer on the CPU clock of another process, and clock_nanosleep() on any, look again after the least
 * time in which the clock could get there. Locks: siglock for the group's list of timers and values.
 */
#include <kernel/time/cpu_timer.h>

#include <kernel/lib/err.h>
#include <kernel/pid.h>
#include <kernel/signal.h>
#include <kernel/time/internal.h>
#include <kernel/time/k_itimer.h>
#include <kernel/time/posix_timer.h>
#include <kernel/time/tick.h>

/* ---- clocks -------------------------------------------------------------------------------- */

int cpu_clock_find(clockid_t clock, struct cpu_clock *cc, struct task_struct **task)
{
	struct task_struct *t;
	pid_t pid;

	if (clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID) {
		*cc = (struct cpu_clock) { clock == CLOCK_THREAD_CPUTIME_ID, CPUCLOCK_SCHED };
		*task = get_task_struct(cc->thread ? current : current->group_leader);
		return 0;
	}
	*cc = (struct cpu_clock) { clock & CPUCLOCK_PERTHREAD, clock & 3 };
	if (clock >= 0 || cc->type > CPUCLOCK_SCHED)
		return -EINVAL;
	pid = ~(clock >> 3);
	if (pid)
		t = find_get_task_by_vpid(pid);
	else
		t = get_task_struct(cc->thread ? current : current->group_leader);
	if (!t)
		return -EINVAL;
	/* Threads only of one's own group; processes by the number of their leader. */
	if (cc->thread ? t->tgid != current->tgid : !thread_group_leader(t)) {
		put_task_struct(t);
		return -EINVAL;
	}
	*task = t;
	return 0;
}

static u64 by_type(unsigned int type, u64 utime, u64 stime)
{
	return type == CPUCLOCK_VIRT ? utime : utime + stime;
}

u64 cpu_clock_sample(const struct cpu_clock *cc, struct task_struct *task)
{
	struct sighand_struct *sighand;
	unsigned long flags;
	u64 utime, stime;

	if (cc->thread) {
		if (cc->type == CPUCLOCK_SCHED)
			return task_sched_runtime(task);
		task_cputime(task, &utime, &stime);
		return by_type(cc->type, utime, stime);
	}
	sighand = lock_task_sighand(task, &flags);
	if (!sighand)
		return 0;
	thread_group_cputime(task, &utime, &stime);
	unlock_task_sighand(task, &flags);
	return by_type(cc->type, utime, stime);
}

long cpu_clock_nanosleep(clockid_t clock, bool absolute, u64 ns, u64 *left)
{
	struct task_struct *task;
	struct cpu_clock cc;
	u64 now;
	int err = cpu_clock_find(clock, &cc, &task);

	if (err)
		return err;
	if (cc.thread && task == current)
		err = -EINVAL;
	now = err ? 0 : cpu_clock_sample(&cc, task);
	if (!absolute)
		ns += now;
	while (!err && now < ns) {
		/* At the most all CPUs work for it. */
		u64 wait = max_t(u64, (ns - now) / NR_CPUS, TICK_NSEC);

		set_current_state(TASK_INTERRUPTIBLE);
		schedule_timeout_ns(wait);
		now = cpu_clock_sample(&cc, task);
		if (now < ns && signal_pending(current))
			err = -EINTR;
	}
	*left = now < ns ? ns - now : 0;
	put_task_struct(task);
	return err;
}

/* ---- expiry -------------------------------------------------------------------------------- */

/* A timer that has fired moves forward by whole intervals past @now. */
static void check_itimer(struct task_struct *t, struct cpu_itimer *ct, u64 now, int sig)
{
	if (!ct->expires || now < ct->expires)
		return;
	ct->expires = ct->incr ? max(ct->expires + ct->incr, now) : 0;
	send_signal_locked(sig, SEND_SIG_PRIV, t, PIDTYPE_TGID);
}

/* At the soft limit SIGXCPU, once in each further second; SIGKILL at the hard one. */
static void check_rlimit(struct task_struct *t, u64 ns)
{
	struct rlimit *rlim = &t->signal->rlim[RLIMIT_CPU];

	if (likely(rlim->rlim_cur == RLIM_INFINITY))
		return;
	if (rlim->rlim_max != RLIM_INFINITY && ns >= rlim->rlim_max * (u64)NSEC_PER_SEC) {
		send_signal_locked(SIGKILL, SEND_SIG_PRIV, t, PIDTYPE_TGID);
	} else if (ns >= rlim->rlim_cur * (u64)NSEC_PER_SEC) {
		send_signal_locked(SIGXCPU, SEND_SIG_PRIV, t, PIDTYPE_TGID);
		WRITE_ONCE(rlim->rlim_cur, rlim->rlim_cur + 1);
	}
}

/*
 * What a real-time task runs without sleeping, in us: the same signals, the soft one again after each second.
 * Counted in ticks, of each thread by itself.
 */
static void check_rttime(struct task_struct *t)
{
	struct rlimit *rlim = &t->signal->rlim[RLIMIT_RTTIME];
	u64 us = READ_ONCE(t->rt.awake) * (u64)(TICK_NSEC / NSEC_PER_USEC);

	if (likely(rlim->rlim_cur == RLIM_INFINITY) || (t->policy != SCHED_FIFO && t->policy != SCHED_RR))
		return;
	if (rlim->rlim_max != RLIM_INFINITY && us >= rlim->rlim_max) {
		send_signal_locked(SIGKILL, SEND_SIG_PRIV, t, PIDTYPE_TGID);
	} else if (us >= rlim->rlim_cur) {
		send_signal_locked(SIGXCPU, SEND_SIG_PRIV, t, PIDTYPE_TGID);
		WRITE_ONCE(rlim->rlim_cur, rlim->rlim_cur + USEC_PER_SEC);
	}
}

/* Nothing of the group depends on CPU time: what nearly every tick finds. Racy: the next tick
 * sees it. */
static bool nothing_armed(const struct signal_struct *sig)
{
	return !READ_ONCE(sig->it[0].expires) && !READ_ONCE(sig->it[1].expires) &&
	       READ_ONCE(sig->rlim[RLIMIT_CPU].rlim_cur) == RLIM_INFINITY &&
	       READ_ONCE(sig->rlim[RLIMIT_RTTIME].rlim_cur) == RLIM_INFINITY &&
	       list_empty(&sig->posix_timers);
}

/* siglock held: moves the timers that are due to @due, each with a reference. */
static void collect_due(struct task_struct *t, u64 utime, u64 stime, struct list_head *due)
{
	struct k_itimer *timer;

	list_for_each_entry(timer, &t->signal->posix_timers, list) {
		u64 now;

		if (!timer->on_cpu_clock || timer->polls || !READ_ONCE(timer->cpu_expires))
			continue;
		if (!timer->cpu_clock.thread)
			now = by_type(timer->cpu_clock.type, utime, stime);
		else if (timer->cpu_task == t)
			now = t->se.sum_exec_runtime;
		else
			continue;	/* it is not this thread whose time goes by */
		if (now < timer->cpu_expires || timer->firing)
			continue;
		timer->firing = true;
		refcount_inc(&timer->refs);
		list_add_tail(&timer->firing_entry, due);
	}
}

void run_posix_cpu_timers(struct task_struct *t)
{
	struct k_itimer *timer, *next;
	unsigned long flags;
	u64 utime, stime;
	LIST_HEAD(due);

	if ((t->flags & PF_KTHREAD) || nothing_armed(t->signal) || !lock_task_sighand(t, &flags))
		return;
	thread_group_cputime(t, &utime, &stime);
	check_itimer(t, &t->signal->it[0], utime + stime, SIGPROF);
	check_itimer(t, &t->signal->it[1], utime, SIGVTALRM);
	check_rlimit(t, utime + stime);
	check_rttime(t);
	collect_due(t, utime, stime, &due);
	unlock_task_sighand(t, &flags);
	list_for_each_entry_safe(timer, next, &due, firing_entry) {
		list_del(&timer->firing_entry);
		k_itimer_cpu_fire(timer);
	}
}
