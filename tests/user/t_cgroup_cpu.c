// SPDX-License-Identifier: GPL-2.0-only
/* The cpu controller: weights, quotas, and what cpu.stat tells. */
#include "cgroup.h"

#include <sys/resource.h>

static void pin_to_cpu0(void)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	CHECK_OK(sched_setaffinity(0, sizeof(set), &set));
}

/* A child in @group that spins on CPU 0. */
static pid_t spinner(const char *group)
{
	volatile int *there = shared_page();
	pid_t pid = fork();

	if (!pid) {
		pin_to_cpu0();
		CHECK_EQ(cg_write(group, "cgroup.procs", "0"), 0);
		*there = 1;
		for (;;)
			;
	}
	CHECK(wait_flag(there));
	return pid;
}

static long long usage(const char *group)
{
	return cg_value(group, "cpu.stat", "usage_usec");
}

TEST(files)
{
	cg_begin("cpu");
	CHECK_STR(cg_read("t", "cpu.weight"), "100\n");
	CHECK_STR(cg_read("t", "cpu.weight.nice"), "0\n");
	CHECK_STR(cg_read("t", "cpu.max"), "max 100000\n");
	CHECK_STR(cg_read("t", "cpu.max.burst"), "0\n");
	CHECK_STR(cg_read("t", "cpu.idle"), "0\n");
	CHECK_EQ(cg_write("t", "cpu.weight", "0"), ERANGE);
	CHECK_EQ(cg_write("t", "cpu.weight", "10001"), ERANGE);
	CHECK_EQ(cg_write("t", "cpu.weight", "x"), EINVAL);
	CHECK_EQ(cg_write("t", "cpu.weight", "10000"), 0);
	CHECK_STR(cg_read("t", "cpu.weight"), "10000\n");
	CHECK_EQ(cg_write("t", "cpu.weight.nice", "20"), ERANGE);
	CHECK_EQ(cg_write("t", "cpu.weight.nice", "-21"), ERANGE);
	CHECK_EQ(cg_write("t", "cpu.weight.nice", "5"), 0);
	CHECK_STR(cg_read("t", "cpu.weight.nice"), "5\n");
	CHECK_STR(cg_read("t", "cpu.weight"), "33\n");
	CHECK_EQ(cg_write("t", "cpu.idle", "2"), EINVAL);
	CHECK_EQ(cg_write("t", "cpu.idle", "1"), 0);
	CHECK_EQ(cg_write("t", "cpu.weight", "100"), EINVAL);
	CHECK_STR(cg_read("t", "cpu.weight"), "0\n");
	CHECK_EQ(cg_write("t", "cpu.idle", "0"), 0);
	CHECK_EQ(cg_read_errno("", "cpu.weight"), ENOENT);
	CHECK(usage("") > 0);			/* the root has cpu.stat */
	cg_end();
}

TEST(max_file)
{
	cg_begin("cpu");
	CHECK_EQ(cg_write("t", "cpu.max", "x"), EINVAL);
	CHECK_EQ(cg_write("t", "cpu.max", ""), 0);	/* nothing was written */
	CHECK_EQ(cg_write("t", "cpu.max", "999"), EINVAL);
	CHECK_EQ(cg_write("t", "cpu.max", "5000 999"), EINVAL);
	CHECK_EQ(cg_write("t", "cpu.max", "5000 1000001"), EINVAL);
	CHECK_EQ(cg_write("t", "cpu.max", "5000"), 0);
	CHECK_STR(cg_read("t", "cpu.max"), "5000 100000\n");
	CHECK_EQ(cg_write("t", "cpu.max", "6000 20000\n"), 0);
	CHECK_STR(cg_read("t", "cpu.max"), "6000 20000\n");
	CHECK_EQ(cg_write("t", "cpu.max.burst", "7000"), EINVAL);
	CHECK_EQ(cg_write("t", "cpu.max.burst", "3000"), 0);
	CHECK_STR(cg_read("t", "cpu.max.burst"), "3000\n");
	CHECK_EQ(cg_write("t", "cpu.max.burst", "0"), 0);
	CHECK_EQ(cg_write("t", "cpu.max", "max"), 0);
	CHECK_STR(cg_read("t", "cpu.max"), "max 20000\n");
	cg_end();
}

/* cpu.stat is there without the controller, and keeps what the dead have used. */
TEST(usage)
{
	long long before, after;
	pid_t pid;

	cg_begin(NULL);
	CHECK_EQ(usage("t"), 0);
	CHECK_EQ(cg_value("t", "cpu.stat", "nr_periods"), -1);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	pid = spinner("t/a");
	sleep_ms(100);
	before = usage("t/a");
	CHECK(before > 10000);
	sleep_ms(100);
	after = usage("t/a");
	CHECK(after > before);
	CHECK(usage("t") > before);
	CHECK(cg_value("t/a", "cpu.stat", "user_usec") > 10000);
	CHECK_EQ(cg_write_number("", "cgroup.procs", pid), 0);
	after = usage("t/a");
	sleep_ms(50);
	CHECK_EQ(usage("t/a"), after);		/* it runs elsewhere now */
	CHECK_EQ(cg_write_number("t/a", "cgroup.procs", pid), 0);
	cg_kill(pid);
	CHECK(usage("t/a") >= after);
	CHECK(usage("t") >= after);
	cg_remove("t/a");
	cg_end();
}

/* Two groups share as their weights are, however many processes are in each. */
TEST(weights)
{
	long long a, b;
	pid_t pid[4];
	int i;

	cg_begin("cpu");
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+cpu"), 0);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/b"), 0);
	CHECK_EQ(cg_write("t/a", "cpu.weight", "300"), 0);
	pid[0] = spinner("t/a");
	for (i = 1; i < 4; i++)
		pid[i] = spinner("t/b");
	sleep_ms(50);
	a = usage("t/a");
	b = usage("t/b");
	sleep_ms(1500);
	a = usage("t/a") - a;
	b = usage("t/b") - b;
	note("a %lld b %lld", a, b);
	CHECK(a > 2 * b && a < 4 * b);
	/* Equal from now on. */
	CHECK_EQ(cg_write("t/a", "cpu.weight", "100"), 0);
	sleep_ms(50);
	a = usage("t/a");
	b = usage("t/b");
	sleep_ms(1500);
	a = usage("t/a") - a;
	b = usage("t/b") - b;
	note("a %lld b %lld", a, b);
	CHECK(3 * a > 2 * b && 2 * a < 3 * b);
	for (i = 0; i < 4; i++)
		cg_kill(pid[i]);
	cg_remove("t/a");
	cg_remove("t/b");
	cg_end();
}

TEST(quota)
{
	long long used;
	pid_t pid;

	cg_begin("cpu");
	CHECK_EQ(cg_write("t", "cpu.max", "10000 50000"), 0);
	pid = spinner("t");
	used = usage("t");
	sleep_ms(1000);
	used = usage("t") - used;
	note("used %lld", used);
	CHECK(used > 100000 && used < 330000);		/* a fifth */
	CHECK(cg_value("t", "cpu.stat", "nr_periods") > 5);
	CHECK(cg_value("t", "cpu.stat", "nr_throttled") > 5);
	CHECK(cg_value("t", "cpu.stat", "throttled_usec") > 100000);
	CHECK_EQ(cg_write("t", "cpu.max", "max"), 0);
	used = usage("t");
	sleep_ms(300);
	CHECK(usage("t") - used > 150000);
	cg_kill(pid);
	cg_end();
}

/* All CPUs together, and those below with it. */
TEST(quota_of_many)
{
	long long used;
	pid_t pid[4];
	int i;

	cg_begin("cpu");
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+cpu"), 0);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/b"), 0);
	CHECK_EQ(cg_write("t", "cpu.max", "20000 50000"), 0);
	CHECK_EQ(cg_write("t/b", "cpu.max", "5000 50000"), 0);
	for (i = 0; i < 4; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			cg_write(i & 1 ? "t/a" : "t/b", "cgroup.procs", "0");
			for (;;)
				;
		}
	}
	sleep_ms(200);
	used = usage("t");
	sleep_ms(1000);
	used = usage("t") - used;
	note("used %lld", used);
	CHECK(used > 200000 && used < 700000);
	for (i = 0; i < 4; i++)
		cg_kill(pid[i]);
	cg_remove("t/a");
	cg_remove("t/b");
	cg_end();
}

/* Linux does not hurry to run who has been moved to an idle CPU's queue. */
static bool goes_on(volatile long *count, long before)
{
	long long end = now_ms() + 5000;

	while (*count == before && now_ms() < end)
		sleep_ms(5);
	return *count != before;
}

/* A throttled process may be moved out, killed, stopped, renice'd and pinned. */
TEST(throttled)
{
	volatile long *count = shared_page();
	struct sched_param param = { .sched_priority = 1 };
	long before;
	pid_t pid;

	cg_begin("cpu");
	CHECK_EQ(cg_write("t", "cpu.max", "1000 1000000"), 0);
	pid = fork();
	if (!pid) {
		for (;;)
			++*count;
	}
	CHECK_EQ(cg_write_number("t", "cgroup.procs", pid), 0);
	sleep_ms(100);
	before = *count;
	sleep_ms(100);
	CHECK_EQ(*count, before);
	CHECK_OK(setpriority(0, pid, 5));
	CHECK_EQ(cg_write_number("", "cgroup.procs", pid), 0);
	CHECK(goes_on(count, before));
	CHECK_EQ(cg_write_number("t", "cgroup.procs", pid), 0);
	sleep_ms(100);
	before = *count;
	sleep_ms(50);
	CHECK_EQ(*count, before);
	if (sysconf(_SC_NPROCESSORS_ONLN) > 1) {	/* it will not let go of its CPU */
		CHECK_OK(sched_setscheduler(pid, SCHED_FIFO, &param));	/* no fair time is needed */
		CHECK(goes_on(count, before));
		param.sched_priority = 0;
		CHECK_OK(sched_setscheduler(pid, SCHED_OTHER, &param));
	}
	CHECK_OK(kill(pid, SIGKILL));
	CHECK_EQ(cg_write("t", "cpu.max", "max"), 0);
	expect_signal(pid, SIGKILL);
	cg_end();
}

/* Turning the controller on and off, and moving, under processes that sleep, run and fork. */
TEST(storm)
{
	static const char *const where[] = { "t/a", "t/a/c", "t/b", "t", "" };
	long long end = now_ms() + 3000;
	pid_t pid[6];
	int i;

	cg_begin("cpu");
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/a/c"), 0);
	CHECK_EQ(cg_mkdir("t/b"), 0);
	for (i = 0; i < 6; i++) {
		pid[i] = fork();
		if (!pid[i] && i < 2) {
			for (;;)
				;
		} else if (!pid[i] && i < 4) {
			for (;;)
				usleep(300);
		} else if (!pid[i]) {
			for (;;) {
				pid_t child = fork();

				if (!child)
					_exit(0);
				waitpid(child, NULL, 0);
			}
		}
	}
	for (i = 0; now_ms() < end; i++) {
		CHECK_EQ(cg_write_number(where[i * 7 % 5], "cgroup.procs", pid[i % 6]), 0);
		if (i % 5 == 0)
			cg_write("t", "cgroup.subtree_control", i % 2 ? "+cpu" : "-cpu");
		if (i % 7 == 0)
			cg_write("t/a", "cgroup.subtree_control", i % 3 ? "+cpu" : "-cpu");
		cg_write("t/a", "cpu.max", i % 4 ? "2000 10000" : "max");
		cg_write("t/b", "cpu.weight", i % 2 ? "1" : "10000");
		cg_write("t", "cpu.max", i % 3 ? "8000 10000" : "max");
	}
	cg_write("t", "cpu.max", "max");
	for (i = 0; i < 6; i++)
		cg_kill(pid[i]);
	cg_write("t/a", "cgroup.subtree_control", "-cpu");
	CHECK(cg_wait("t", "cgroup.events", "populated", 0));
	cg_remove("t/a/c");
	cg_remove("t/a");
	cg_remove("t/b");
	cg_end();
}
