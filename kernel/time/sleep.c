// SPDX-License-Identifier: GPL-2.0-only
/* Sleeping for a time: a timer on the sleeper's stack wakes it. */
#include <kernel/lib/err.h>
#include <kernel/sched/sched.h>
#include <kernel/time/timekeeping.h>

struct sleeper {
	struct hrtimer		timer;
	struct task_struct	*task;		/* [a] NULL: time is up */
};

static enum hrtimer_restart sleeper_wake(struct hrtimer *timer)
{
	struct sleeper *s = container_of(timer, struct sleeper, timer);
	struct task_struct *t = s->task;

	WRITE_ONCE(s->task, NULL);
	wake_up_process(t);
	return HRTIMER_NORESTART;
}

int schedule_hrtimeout(const u64 *expires, clockid_t clock)
{
	struct sleeper s = { .task = current };

	if (!expires) {
		schedule();
		return -EINTR;
	}
	hrtimer_init(&s.timer, clock, sleeper_wake);
	hrtimer_start(&s.timer, *expires, HRTIMER_MODE_ABS);
	schedule();
	hrtimer_cancel(&s.timer);
	__set_current_state(TASK_RUNNING);
	return READ_ONCE(s.task) ? -EINTR : 0;
}

u64 schedule_timeout_ns(u64 ns)
{
	u64 now, end;

	if (ns == MAX_SCHEDULE_TIMEOUT_NS) {
		schedule();
		return ns;
	}
	end = ktime_get_ns() + min_t(u64, ns, KTIME_MAX / 2);
	schedule_hrtimeout(&end, CLOCK_MONOTONIC);
	now = ktime_get_ns();
	return end > now ? end - now : 0;
}

void msleep(unsigned int ms)
{
	u64 left = ms * (u64)NSEC_PER_MSEC;

	while (left) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		left = schedule_timeout_ns(left);
	}
}
