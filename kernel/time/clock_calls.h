/* SPDX-License-Identifier: GPL-2.0-only */
/* What the clock system calls do, for both layouts of time structures: timer_syscalls.c,
 * time32.c. */
#pragma once

#include <kernel/time/timekeeping.h>

struct timezone;

/* How the remainder of a sleep is written. */
#define SLEEP_TIME64	0
#define SLEEP_TIME32	1

/* What is known before the arguments are looked at: 0, -EINVAL: no such clock, -EOPNOTSUPP: it cannot do that. */
int clock_check_set(clockid_t clock);
int clock_check_timers(clockid_t clock);
int clock_check_adjust(clockid_t clock);
static inline int clock_check_sleep(clockid_t clock)
{
	return clock == CLOCK_THREAD_CPUTIME_ID ? -EOPNOTSUPP : clock_check_timers(clock);
}
int clock_get(clockid_t clock, struct timespec64 *ts);
int clock_set(clockid_t clock, const struct timespec64 *ts);
int clock_res(clockid_t clock, struct timespec64 *ts);
long clock_sleep(clockid_t clock, int flags, const struct timespec64 *req, int type,
		 void __user *rmtp);
int put_timezone(struct timezone __user *utz);
int set_time_of_day(const struct timespec64 *ts, const struct timezone __user *utz);
