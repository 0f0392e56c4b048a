// SPDX-License-Identifier: GPL-2.0-only
/* t_sched.c: priorities, policies, affinity, yielding, real time over fair. */
#include "tap.h"

#include <sched.h>
#include <sys/resource.h>

TEST(nice_range)
{
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 0);
	CHECK_EQ(nice(5), 5);
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 5);
	CHECK_OK(setpriority(PRIO_PROCESS, 0, 100));	/* clipped */
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 19);
	CHECK_OK(setpriority(PRIO_PROCESS, 0, -100));
	errno = 0;
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), -20);
	CHECK_ERR(setpriority(PRIO_PROCESS, 999999, 0), ESRCH);
	CHECK_ERR(setpriority(77, 0, 0), EINVAL);
	CHECK_ERR(getpriority(77, 0), EINVAL);
	CHECK_OK(setpriority(PRIO_PGRP, 0, 3));
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 3);
}

TEST(nice_needs_privilege)
{
	pid_t pid = fork();

	if (pid == 0) {
		become_user();
		CHECK_OK(setpriority(PRIO_PROCESS, 0, 10));
		CHECK_ERR(setpriority(PRIO_PROCESS, 0, 5), EACCES);
		CHECK_ERR(nice(-1), EPERM);
		CHECK_ERR(setpriority(PRIO_PROCESS, 1, 10), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(policies)
{
	struct sched_param param = { .sched_priority = 7 };

	CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
	CHECK_OK(sched_setscheduler(0, SCHED_FIFO, &param));
	CHECK_EQ(sched_getscheduler(0), SCHED_FIFO);
	CHECK_OK(sched_getparam(0, &param));
	CHECK_EQ(param.sched_priority, 7);
	param.sched_priority = 50;
	CHECK_OK(sched_setparam(0, &param));
	CHECK_OK(sched_setscheduler(0, SCHED_RR, &param));
	CHECK_EQ(sched_getscheduler(0), SCHED_RR);
	param.sched_priority = 0;
	CHECK_OK(sched_setscheduler(0, SCHED_BATCH, &param));
	CHECK_OK(sched_setscheduler(0, SCHED_IDLE, &param));
	CHECK_EQ(sched_getscheduler(0), SCHED_IDLE);
	CHECK_OK(sched_setscheduler(0, SCHED_OTHER, &param));
}

TEST(policy_refusals)
{
	struct sched_param zero = { 0 }, high = { .sched_priority = 100 };
	pid_t pid;

	CHECK_ERR(sched_setscheduler(0, SCHED_FIFO, &zero), EINVAL);
	CHECK_ERR(sched_setscheduler(0, SCHED_FIFO, &high), EINVAL);
	CHECK_ERR(sched_setscheduler(0, SCHED_OTHER, &high), EINVAL);
	CHECK_ERR(sched_setscheduler(0, 77, &zero), EINVAL);
	CHECK_ERR(sched_setscheduler(-1, SCHED_OTHER, &zero), EINVAL);
	CHECK_ERR(sched_setscheduler(999999, SCHED_OTHER, &zero), ESRCH);
	CHECK_ERR(sched_getscheduler(-1), EINVAL);
	CHECK_EQ(sched_get_priority_max(SCHED_FIFO), 99);
	CHECK_EQ(sched_get_priority_min(SCHED_RR), 1);
	CHECK_EQ(sched_get_priority_max(SCHED_OTHER), 0);
	CHECK_ERR(sched_get_priority_max(77), EINVAL);
	pid = fork();
	if (pid == 0) {
		become_user();
		high.sched_priority = 1;
		CHECK_ERR(sched_setscheduler(0, SCHED_FIFO, &high), EPERM);
		CHECK_OK(sched_setscheduler(0, SCHED_BATCH, &zero));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(inherited_and_reset_on_fork)
{
	struct sched_param param = { .sched_priority = 5 };
	pid_t pid;

	CHECK_OK(sched_setscheduler(0, SCHED_FIFO, &param));
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(sched_getscheduler(0), SCHED_FIFO);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &param));
	CHECK_EQ(sched_getscheduler(0), SCHED_FIFO | SCHED_RESET_ON_FORK);
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(rr_interval)
{
	struct sched_param param = { .sched_priority = 5 };
	struct timespec ts;

	sched_setscheduler(0, SCHED_RR, &param);
	CHECK_OK(sched_rr_get_interval(0, &ts));
	CHECK(ts.tv_sec == 0 && ts.tv_nsec > 0);
	CHECK_ERR(sched_rr_get_interval(-1, &ts), EINVAL);
	CHECK_ERR(sched_rr_get_interval(999999, &ts), ESRCH);
}

TEST(rr_timeslice_is_a_variable)
{
	static const char path[] = "/proc/sys/kernel/sched_rr_timeslice_ms";
	struct sched_param param = { .sched_priority = 5 };
	struct timespec ts;

	sched_setscheduler(0, SCHED_RR, &param);
	CHECK(file_has(path, "100\n"));
	CHECK_EQ(try_write(path, "200"), 0);
	CHECK_OK(sched_rr_get_interval(0, &ts));
	CHECK_EQ(ts.tv_sec * 1000 + ts.tv_nsec / 1000000, 200);
	CHECK_EQ(try_write(path, "1"), 0);		/* rounded up to a tick */
	CHECK_OK(sched_rr_get_interval(0, &ts));
	CHECK(ts.tv_sec == 0 && ts.tv_nsec >= 1000000);
	CHECK_EQ(try_write(path, "x"), EINVAL);
	CHECK_EQ(try_write(path, "-1"), 0);		/* the default */
	CHECK_OK(sched_rr_get_interval(0, &ts));
	CHECK_EQ(ts.tv_sec * 1000 + ts.tv_nsec / 1000000, 100);
	CHECK(file_has(path, "100\n"));
}

struct attr {
	uint32_t	size;
	uint32_t	policy;
	uint64_t	flags;
	int32_t		nice;
	uint32_t	priority;
	uint64_t	runtime, deadline, period;
	uint32_t	util_min, util_max;
};

TEST(sched_attr)
{
	struct attr attr = { .size = sizeof(attr), .policy = SCHED_OTHER, .nice = 7 };

	CHECK_OK(syscall(SYS_sched_setattr, 0, &attr, 0));
	memset(&attr, 0xff, sizeof(attr));
	CHECK_OK(syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0));
	CHECK_EQ(attr.policy, SCHED_OTHER);
	CHECK_EQ(attr.nice, 7);
	CHECK_ERR(syscall(SYS_sched_getattr, 0, &attr, 10, 0), EINVAL);
	CHECK_ERR(syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 1), EINVAL);
	attr.size = 10;
	CHECK_ERR(syscall(SYS_sched_setattr, 0, &attr, 0), E2BIG);
}

TEST(affinity)
{
	cpu_set_t all, one, now;
	int cpu, cpus;

	CPU_ZERO(&all);
	CHECK_OK(sched_getaffinity(0, sizeof(all), &all));
	cpus = CPU_COUNT(&all);
	CHECK_EQ(cpus, sysconf(_SC_NPROCESSORS_ONLN));
	for (cpu = 0; cpu < cpus; cpu++) {
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		CHECK_OK(sched_setaffinity(0, sizeof(one), &one));
		CHECK_EQ(sched_getcpu(), cpu);	/* moved before the call returned */
		CHECK_OK(sched_getaffinity(0, sizeof(now), &now));
		CHECK(CPU_EQUAL(&now, &one));
	}
	CPU_ZERO(&one);
	CHECK_ERR(sched_setaffinity(0, sizeof(one), &one), EINVAL);
	CPU_SET(1000, &one);
	CHECK_ERR(sched_setaffinity(0, sizeof(one), &one), EINVAL);
	CHECK_ERR(sched_getaffinity(0, 1, &now), EINVAL);
	CHECK_ERR(sched_getaffinity(999999, sizeof(now), &now), ESRCH);
}

TEST(affinity_is_inherited)
{
	cpu_set_t one, now;
	pid_t pid;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	sched_setaffinity(0, sizeof(one), &one);
	pid = fork();
	if (pid == 0) {
		sched_getaffinity(0, sizeof(now), &now);
		CHECK(CPU_EQUAL(&now, &one));
		finish();
	}
	expect_exit(pid, 0);
}

static void pin_to_cpu0(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	REQUIRE(sched_setaffinity(0, sizeof(one), &one) == 0);
}

/* On one CPU a real-time task runs before any fair one, and keeps the CPU until it sleeps. */
TEST(fifo_preempts_fair)
{
	struct sched_param param = { .sched_priority = 10 };
	volatile int *page = shared_page();
	int before;
	long long end;
	pid_t pid;

	pin_to_cpu0();
	pid = fork();
	if (pid == 0)
		for (;;)
			page[0]++;
	CHECK(wait_flag(&page[0]));
	CHECK_OK(sched_setscheduler(0, SCHED_FIFO, &param));
	before = page[0];
	end = now_ms() + 30;
	while (now_ms() < end)
		;
	CHECK_EQ(page[0], before);
	for (end = now_ms() + 5000; page[0] == before && now_ms() < end; )
		sleep_ms(20);
	CHECK(page[0] != before);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

TEST(fair_share_follows_nice)
{
	volatile long *page = shared_page();
	pid_t pids[2];
	int i;

	pin_to_cpu0();
	for (i = 0; i < 2; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			setpriority(PRIO_PROCESS, 0, i * 10);
			for (;;)
				page[i * 8]++;
		}
	}
	/* Ten steps of nice are a factor of about nine; three is a safe bound. What one of them is charged for
	 * while the host runs something else evens out in time. */
	for (i = 0; i < 40 && !(page[8] > 0 && page[0] > 3 * page[8]); i++)
		sleep_ms(300);
	for (i = 0; i < 2; i++) {
		kill(pids[i], SIGKILL);
		expect_signal(pids[i], SIGKILL);
	}
	CHECK(page[8] > 0);
	CHECK(page[0] > 3 * page[8]);
}

TEST(equal_shares)
{
	volatile long *page = shared_page();
	pid_t pids[3];
	int i;

	pin_to_cpu0();
	for (i = 0; i < 3; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			for (;;)
				page[i * 8]++;
	}
	for (i = 0; i < 40; i++) {
		long sum = page[0] + page[8] + page[16];

		sleep_ms(300);
		if (page[0] * 9 > sum && page[8] * 9 > sum && page[16] * 9 > sum)
			break;
	}
	for (i = 0; i < 3; i++) {
		kill(pids[i], SIGKILL);
		expect_signal(pids[i], SIGKILL);
	}
	for (i = 0; i < 3; i++)
		CHECK(page[i * 8] * 3 > (page[0] + page[8] + page[16]) / 3);
}

TEST(yield)
{
	int i;

	for (i = 0; i < 1000; i++)
		CHECK_OK(sched_yield());
}

TEST(uses_all_cpus)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	volatile int *page = shared_page();
	long long end;
	pid_t pid;
	int i;

	if (cpus < 2)
		skip("one CPU");
	pid = fork();
	if (pid == 0)
		for (;;)
			page[0] |= 1 << sched_getcpu();
	for (i = 0, end = now_ms() + 15000; now_ms() < end; i++) {
		page[1] |= 1 << sched_getcpu();
		if ((page[0] & ~page[1]) || (page[1] & ~page[0]))
			break;			/* each seen where the other was not */
	}
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
	CHECK(page[0] | page[1]);
	CHECK(now_ms() < end);
}

TEST(load_is_spread)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN), i;
	volatile int *page = shared_page();
	pid_t pids[8];
	int used = 0, round;

	if (cpus < 2)
		skip("one CPU");
	if (cpus > 8)
		cpus = 8;
	for (i = 0; i < cpus; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			for (;;)
				page[i] = 1 << sched_getcpu();
	}
	/* As many busy loops as CPUs: they do not all sit on one. */
	for (round = 0; round < 40 && __builtin_popcount(used) < 2; round++) {
		sleep_ms(300);
		for (i = 0, used = 0; i < cpus; i++)
			used |= page[i];
	}
	for (i = 0; i < cpus; i++) {
		kill(pids[i], SIGKILL);
		expect_signal(pids[i], SIGKILL);
	}
	CHECK(__builtin_popcount(used) >= 2);
}

struct sched_attr_v1 {
	uint32_t	size, policy;
	uint64_t	flags;
	int32_t		nice;
	uint32_t	priority;
	uint64_t	deadline[3];
	uint32_t	util_min, util_max;
};

TEST(attributes_that_are_left_alone)
{
	struct sched_attr_v1 attr = { .size = 48, .policy = SCHED_IDLE, .nice = 7 };

	CHECK_OK(syscall(SYS_sched_setattr, 0, &attr, 0));
	memset(&attr, 0xff, sizeof(attr));
	CHECK_OK(syscall(SYS_sched_getattr, 0, &attr, sizeof(attr), 0));
	CHECK_EQ(attr.policy, SCHED_IDLE);
	CHECK_EQ(attr.nice, 0);			/* not for the idle policy */
	CHECK_EQ(attr.util_max, 0);		/* nothing is clamped */
	CHECK(file_has("/proc/self/limits", "Max nice priority         0                    0                    \n"));
}

static long set_attr(uint32_t policy, uint64_t flags, uint32_t priority)
{
	struct sched_attr_v1 attr = { .size = 56, .policy = policy, .flags = flags, .priority = priority };

	return syscall(SYS_sched_setattr, 0, &attr, 0);
}

TEST(flags_of_attributes)
{
	enum { RESET = 1, RECLAIM = 2, OVERRUN = 4, KEEP_POLICY = 8, KEEP_PARAMS = 16, UTIL_MIN = 32, UTIL_MAX = 64 };

	CHECK_OK(set_attr(SCHED_OTHER, RECLAIM, 0));	/* for the deadline class: no matter here */
	CHECK_OK(set_attr(SCHED_OTHER, OVERRUN, 0));
	CHECK_ERR(set_attr(SCHED_OTHER, UTIL_MIN, 0), EOPNOTSUPP);
	CHECK_ERR(set_attr(SCHED_OTHER, UTIL_MAX, 0), EOPNOTSUPP);
	CHECK_ERR(set_attr(SCHED_OTHER, UTIL_MAX, 1), EINVAL);
	CHECK_ERR(set_attr(SCHED_OTHER, 128, 0), EINVAL);
	CHECK_OK(set_attr(SCHED_FIFO, KEEP_PARAMS, 5));
	CHECK_EQ(sched_getscheduler(0), SCHED_OTHER);
	CHECK_ERR(set_attr(SCHED_OTHER, KEEP_PARAMS, 5), EINVAL);
	CHECK_OK(set_attr(SCHED_FIFO, RESET, 5));
	CHECK_OK(set_attr(SCHED_OTHER, KEEP_POLICY, 6));
	CHECK_EQ(sched_getscheduler(0), SCHED_FIFO | SCHED_RESET_ON_FORK);
	become_user();
	CHECK_OK(set_attr(SCHED_OTHER, KEEP_POLICY, 6));
	CHECK_ERR(set_attr(SCHED_FIFO, UTIL_MIN | RESET, 7), EPERM);
}
