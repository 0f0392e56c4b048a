/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Time of day.
 *
 * One writer (irqs off, under timekeeper.lock), lock-free readers (sequence counter).
 * CLOCK_MONOTONIC starts at zero at boot and never jumps; CLOCK_REALTIME is monotonic plus an
 * offset that clock_settime() changes; CLOCK_BOOTTIME equals monotonic (there is no suspend);
 * CLOCK_TAI is real time plus the TAI offset of adjtimex().
 */
#pragma once

#include <kernel/lib/compiler.h>
#include <kernel/lib/types.h>
#include <kernel/uapi.h>

#define NSEC_PER_SEC	1000000000LL
#define NSEC_PER_MSEC	1000000LL
#define NSEC_PER_USEC	1000LL
#define USEC_PER_SEC	1000000L
#define MSEC_PER_SEC	1000L
#define KTIME_MAX	S64_MAX
#define KTIME_SEC_MAX	(KTIME_MAX / NSEC_PER_SEC)

/* What times(2), /proc and the ABI count in. */
#define USER_HZ		100
#define NSEC_PER_USER_TICK (NSEC_PER_SEC / USER_HZ)

/* The kernel's own time structures: 64-bit seconds on both ports. */
struct timespec64 {
	time64_t	tv_sec;
	long		tv_nsec;
};
struct itimerspec64 {
	struct timespec64 it_interval;
	struct timespec64 it_value;
};

u64 ktime_get_ns(void);			/* CLOCK_MONOTONIC; any context */
u64 ktime_get_real_ns(void);
u64 ktime_get_boottime_ns(void);
u64 ktime_get_tai_ns(void);
u64 ktime_get_raw_ns(void);
u64 ktime_get_coarse_ns(void);		/* of the last tick: cheap */
u64 ktime_get_coarse_real_ns(void);
time64_t ktime_get_real_seconds(void);	/* coarse */
time64_t ktime_get_seconds(void);
static inline u64 ktime_get(void)
{
	return ktime_get_ns();
}
/* ns on @clock (MONOTONIC, REALTIME, BOOTTIME, TAI, _RAW, _COARSE...); -EINVAL for another. */
int ktime_get_clock(clockid_t clock, u64 *ns);
/* What to add to monotonic time for @clock. */
s64 ktime_clock_offset(clockid_t clock);

void ktime_get_ts64(struct timespec64 *ts);
void ktime_get_real_ts64(struct timespec64 *ts);
void ktime_get_coarse_real_ts64(struct timespec64 *ts);		/* for time stamps of inodes */

/* For printk and the scheduler: ns since boot, works before timekeeping does; any context. */
u64 sched_clock(void);

void timekeeping_init(void);		/* boot CPU, before the timer drivers */
/* An RTC driver tells the time at boot. */
void timekeeping_set_boot_time(time64_t real_seconds);
int do_settimeofday64(const struct timespec64 *ts);	/* -EINVAL */
struct __kernel_timex;
int do_adjtimex(struct __kernel_timex *tx);		/* TIME_*, -EINVAL, -EPERM */
void timekeeping_tick(void);		/* tick: keep the last read fresh, update coarse time and vDSO */

/* Periodic counter in HZ units since boot, from the clock (there may be no ticks). */
unsigned long jiffies_now(void);
u64 nsec_to_clock_t(u64 ns);		/* to USER_HZ */
void ndelay(u64 ns);			/* busy */
void udelay(unsigned long us);
void mdelay(unsigned long ms);

struct timespec64 ns_to_timespec64(s64 ns);
s64 timespec64_to_ns(const struct timespec64 *ts);	/* saturates at KTIME_MAX */
static inline bool timespec64_valid(const struct timespec64 *ts)
{
	return ts->tv_sec >= 0 && (unsigned long)ts->tv_nsec < NSEC_PER_SEC;
}

/* User copies, both layouts: -EFAULT. The 64-bit one ignores the padding of 32-bit user space. */
int get_timespec64(struct timespec64 *ts, const struct __kernel_timespec __user *uts);
int put_timespec64(const struct timespec64 *ts, struct __kernel_timespec __user *uts);
int get_itimerspec64(struct itimerspec64 *it, const struct __kernel_itimerspec __user *uit);
int put_itimerspec64(const struct itimerspec64 *it, struct __kernel_itimerspec __user *uit);
struct old_timespec32;
struct old_itimerspec32;
int get_old_timespec32(struct timespec64 *ts, const void __user *uts);
int put_old_timespec32(const struct timespec64 *ts, void __user *uts);
int get_old_itimerspec32(struct itimerspec64 *it, const struct old_itimerspec32 __user *uit);
int put_old_itimerspec32(const struct itimerspec64 *it, struct old_itimerspec32 __user *uit);

struct old_timespec32 {
	s32	tv_sec;
	s32	tv_nsec;
};
struct old_itimerspec32 {
	struct old_timespec32 it_interval;
	struct old_timespec32 it_value;
};
struct old_timeval32 {
	s32	tv_sec;
	s32	tv_usec;
};
struct old_itimerval32 {
	struct old_timeval32 it_interval;
	struct old_timeval32 it_value;
};
