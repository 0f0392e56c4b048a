// SPDX-License-Identifier: GPL-2.0-only
/* Tests of clocks, timers and work queues. */
#include <kernel/lib/err.h>
#include <kernel/lib/unit.h>
#include <kernel/sched/sched.h>
#include <kernel/time/clocksource.h>
#include <kernel/time/timekeeping.h>
#include <kernel/workqueue.h>

UNIT_TEST(timespec_conversion)
{
	struct timespec64 ts = ns_to_timespec64(-1);

	EXPECT_EQ(ts.tv_sec, -1);
	EXPECT_EQ(ts.tv_nsec, 999999999);
	EXPECT_EQ(timespec64_to_ns(&ts), -1);
	ts = ns_to_timespec64(-NSEC_PER_SEC);
	EXPECT_EQ(ts.tv_sec, -1);
	EXPECT_EQ(ts.tv_nsec, 0);
	ts = ns_to_timespec64(5 * NSEC_PER_SEC + 7);
	EXPECT_EQ(ts.tv_sec, 5);
	EXPECT_EQ(ts.tv_nsec, 7);
	ts.tv_sec = S64_MAX;
	EXPECT_EQ(timespec64_to_ns(&ts), KTIME_MAX);
}

UNIT_TEST(mult_shift_precision)
{
	u32 mult, shift;

	clocks_calc_mult_shift(&mult, &shift, 62500000, NSEC_PER_SEC, 600);
	EXPECT_EQ((62500000ULL * 600 * mult) >> shift, 600ULL * NSEC_PER_SEC);
	clocks_calc_mult_shift(&mult, &shift, 1000000, NSEC_PER_SEC, 600);
	EXPECT_EQ((1000000ULL * 600 * mult) >> shift, 600ULL * NSEC_PER_SEC);
	clocks_calc_mult_shift(&mult, &shift, 19200000, NSEC_PER_SEC, 600);
	EXPECT((19200000ULL * 600 * mult >> shift) - 600ULL * NSEC_PER_SEC + 10000 < 20000);
}

UNIT_TEST(clocks_go_forward)
{
	u64 last = ktime_get_ns(), now;
	unsigned int i;

	for (i = 0; i < 1000; i++) {
		now = ktime_get_ns();
		EXPECT(now >= last);
		last = now;
	}
	udelay(100);
	EXPECT(ktime_get_ns() - last >= 100000);
	EXPECT_EQ(ktime_get_clock(12345, &now), -EINVAL);
}

#define TIMERS	16

struct fired {
	struct hrtimer	timer;
	unsigned int	order;
	u64		at;
};
static unsigned int fire_count;

static enum hrtimer_restart note_fired(struct hrtimer *t)
{
	struct fired *f = container_of(t, struct fired, timer);

	f->order = ++fire_count;
	f->at = ktime_get_ns();
	return HRTIMER_NORESTART;
}

UNIT_TEST(hrtimers_fire_in_order)
{
	static struct fired f[TIMERS];
	u64 base;
	unsigned int i;

	fire_count = 0;
	base = ktime_get_ns() + 3 * NSEC_PER_MSEC;
	for (i = 0; i < TIMERS; i++) {
		f[i].order = 0;
		hrtimer_init(&f[i].timer, CLOCK_MONOTONIC, note_fired);
		hrtimer_start(&f[i].timer, base + (TIMERS - i) * 100000, HRTIMER_MODE_ABS);
	}
	EXPECT(hrtimer_active(&f[3].timer));
	EXPECT_EQ(hrtimer_cancel(&f[3].timer), 1);
	EXPECT_EQ(hrtimer_cancel(&f[3].timer), 0);
	msleep(10);
	EXPECT_EQ(f[3].order, 0);
	EXPECT_EQ(fire_count, TIMERS - 1);
	for (i = 0; i < TIMERS; i++) {
		if (i == 3)
			continue;
		EXPECT(f[i].at >= base + (TIMERS - i) * 100000);
		EXPECT_EQ(f[i].order, i < 3 ? TIMERS - 1 - i : TIMERS - i);
	}
}

static unsigned int restarts;

static enum hrtimer_restart periodic(struct hrtimer *t)
{
	hrtimer_forward_now(t, NSEC_PER_MSEC);
	return ++restarts < 5 ? HRTIMER_RESTART : HRTIMER_NORESTART;
}

UNIT_TEST(hrtimer_restarts)
{
	struct hrtimer t;

	restarts = 0;
	hrtimer_init(&t, CLOCK_MONOTONIC, periodic);
	hrtimer_start(&t, NSEC_PER_MSEC, HRTIMER_MODE_REL);
	/* Under a loaded emulator the five may come late; the timer may not outlive this stack in any case. */
	for (unsigned int i = 0; i < 1000 && hrtimer_active(&t); i++)
		msleep(5);
	EXPECT_EQ(hrtimer_cancel(&t), 0);
	EXPECT_EQ(READ_ONCE(restarts), 5);
}

UNIT_TEST(sleeps_last)
{
	u64 before = ktime_get_ns();

	msleep(5);
	EXPECT(ktime_get_ns() - before >= 5 * NSEC_PER_MSEC);
	before = ktime_get_ns() + 1;
	set_current_state(TASK_UNINTERRUPTIBLE);
	EXPECT_EQ(schedule_hrtimeout(&before, CLOCK_MONOTONIC), 0);
}

static unsigned int work_runs;

static void count_work(struct work_struct *work)
{
	__atomic_fetch_add(&work_runs, 1, __ATOMIC_RELAXED);
}

UNIT_TEST(work_runs_once_per_queueing)
{
	static DECLARE_WORK(work, count_work);
	static struct delayed_work delayed;
	u64 before = ktime_get_ns();

	work_runs = 0;
	EXPECT(schedule_work(&work));
	flush_work(&work);
	EXPECT_EQ(work_runs, 1);
	EXPECT(schedule_work(&work));
	flush_workqueue(system_wq);
	EXPECT_EQ(work_runs, 2);
	EXPECT(!work_pending(&work));

	INIT_DELAYED_WORK(&delayed, count_work);
	EXPECT(schedule_delayed_work(&delayed, 3 * NSEC_PER_MSEC));
	EXPECT(!schedule_delayed_work(&delayed, 0));
	while (READ_ONCE(work_runs) == 2 && ktime_get_ns() - before < NSEC_PER_SEC)
		msleep(1);
	EXPECT_EQ(work_runs, 3);
	EXPECT(schedule_delayed_work(&delayed, NSEC_PER_SEC));
	EXPECT(cancel_delayed_work_sync(&delayed));
	EXPECT_EQ(work_runs, 3);
}
