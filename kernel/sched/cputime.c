// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPU time of tasks, groups and CPUs.
 *
 * What a task ran in all is known to the nanosecond (se.sum_exec_runtime).  How it divides into
 * user and system time is sampled by the tick; the figures told are the exact total divided in the
 * sampled ratio, and never go back.
 */
#include <kernel/sched/internal.h>

#include <kernel/lib/math64.h>
#include <kernel/signal.h>
#include <kernel/time/tick.h>

void account_tick(struct rq *rq, struct task_struct *t, bool user)
{
	if (t == rq->idle)
		return;
	if (user) {
		t->utime += TICK_NSEC;
		*(task_nice(t) > 0 ? &rq->stat.nice : &rq->stat.user) += TICK_NSEC;
	} else {
		t->stime += TICK_NSEC;
		rq->stat.system += TICK_NSEC;
	}
}

void account_idle_begin(struct rq *rq)
{
	WRITE_ONCE(rq->idle_since, rq->clock);
}

static u64 *idle_account(struct rq *rq)
{
	return atomic_read(&rq->nr_iowait) ? &rq->stat.iowait : &rq->stat.idle;
}

void account_idle_end(struct rq *rq)
{
	*idle_account(rq) += rq->clock - rq->idle_since;
	rq->idle_since = 0;
}

void get_cpu_stat(unsigned int cpu, struct cpu_stat *st)
{
	struct rq *rq = cpu_rq(cpu);
	unsigned long flags = irq_save();

	rq_lock(rq);
	*st = rq->stat;
	if (rq->idle_since) {
		u64 idle = sched_clock() - rq->idle_since;

		*(atomic_read(&rq->nr_iowait) ? &st->iowait : &st->idle) += idle;
	}
	rq_unlock(rq);
	irq_restore(flags);
}

void io_schedule(void)
{
	io_schedule_timeout_ns(MAX_SCHEDULE_TIMEOUT_NS);
}

u64 io_schedule_timeout_ns(u64 ns)
{
	struct rq *rq = cpu_rq(READ_ONCE(current->cpu));
	u64 left;

	atomic_inc(&rq->nr_iowait);
	left = schedule_timeout_ns(ns);
	atomic_dec(&rq->nr_iowait);
	return left;
}

u64 task_sched_runtime(struct task_struct *t)
{
	unsigned long flags;
	struct rq *rq = task_rq_lock(t, &flags);
	u64 ns;

	if (task_running(rq, t)) {
		update_rq_clock(rq);
		t->sched_class->update(rq);
	}
	ns = t->se.sum_exec_runtime;
	task_rq_unlock(rq, t, flags);
	return ns;
}

/* Divide @total as utime : stime were sampled. */
static u64 user_part(u64 total, u64 utime, u64 stime)
{
	if (!stime)
		return total;
	if (!utime)
		return 0;
	return mul_u64_u64_div_u64(total, utime, utime + stime);
}

void task_cputime(struct task_struct *t, u64 *utime, u64 *stime)
{
	u64 total = task_sched_runtime(t), user;
	unsigned long flags;

	user = user_part(total, READ_ONCE(t->utime), READ_ONCE(t->stime));
	spin_lock_irqsave(&t->pi_lock, flags);
	/* Whatever the samples say now: neither part goes back, and their sum is the total. */
	user = clamp(user, t->prev_utime, total - min(t->prev_stime, total));
	if (total >= t->prev_utime + t->prev_stime) {
		t->prev_utime = user;
		t->prev_stime = total - user;
	}
	*utime = t->prev_utime;
	*stime = t->prev_stime;
	spin_unlock_irqrestore(&t->pi_lock, flags);
}

/* siglock or tasklist_lock held: the list of threads stands still. */
void thread_group_cputime(struct task_struct *t, u64 *utime, u64 *stime)
{
	struct signal_struct *sig = t->signal;
	struct task_struct *thread;
	u64 u = sig->utime, s = sig->stime;

	for_each_thread(t, thread) {
		u64 tu, ts;

		task_cputime(thread, &tu, &ts);
		u += tu;
		s += ts;
	}
	*utime = u;
	*stime = s;
}
