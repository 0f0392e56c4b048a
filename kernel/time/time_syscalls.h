/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Handlers of time system calls that only one of the ABIs has; <generated/syscalls.h> declares only
 * those of the ABI that is built, and the other ones are needed for 32-bit programs on a 64-bit
 * kernel.
 */
#pragma once

#include <kernel/uapi.h>

struct timezone;

long sys_gettimeofday(struct timeval __user *tv, struct timezone __user *tz);
long sys_settimeofday(struct timeval __user *tv, struct timezone __user *tz);
long sys_getitimer(int which, struct itimerval __user *val);
long sys_setitimer(int which, struct itimerval __user *val, struct itimerval __user *old);
long sys_adjtimex(void __user *tx);
long sys_nanosleep(const struct __kernel_timespec __user *req, struct __kernel_timespec __user *rem);

long sys_clock_gettime_time32(clockid_t clock, void __user *ts);
long sys_clock_settime_time32(clockid_t clock, const void __user *ts);
long sys_clock_getres_time32(clockid_t clock, void __user *ts);
long sys_clock_nanosleep_time32(clockid_t clock, int flags, const void __user *req, void __user *rem);
long sys_nanosleep_time32(const void __user *req, void __user *rem);
long sys_gettimeofday_time32(void __user *tv, struct timezone __user *tz);
long sys_settimeofday_time32(void __user *tv, struct timezone __user *tz);
long sys_adjtimex_time32(void __user *tx);
long sys_clock_adjtime_time32(clockid_t clock, void __user *tx);
long sys_getitimer_time32(int which, void __user *val);
long sys_setitimer_time32(int which, void __user *val, void __user *old);
long sys_timer_settime_time32(__kernel_timer_t id, int flags, const void __user *val, void __user *old);
long sys_timer_gettime_time32(__kernel_timer_t id, void __user *val);
long sys_sched_rr_get_interval_time32(pid_t pid, void __user *ts);
