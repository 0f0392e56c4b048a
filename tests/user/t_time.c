// SPDX-License-Identifier: GPL-2.0-only
/* t_time.c: clocks, vDSO against system call, sleeping, setting the time. */
#include "tap.h"

#include <sys/auxv.h>
#include <sys/time.h>
#include <sys/times.h>

static long long to_ns(const struct timespec *ts)
{
	return ts->tv_sec * 1000000000LL + ts->tv_nsec;
}

static long long clock_ns(clockid_t clock)
{
	struct timespec ts;

	CHECK_OK(clock_gettime(clock, &ts));
	CHECK(ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000);
	return to_ns(&ts);
}

/* The same by system call, around the vDSO; 64-bit times on both ABIs. */
static long long syscall_ns(clockid_t clock)
{
	long long ts[2] = { 0 };

#ifdef SYS_clock_gettime64
	CHECK_OK(syscall(SYS_clock_gettime64, clock, ts));
#else
	CHECK_OK(syscall(SYS_clock_gettime, clock, ts));
#endif
	return ts[0] * 1000000000LL + ts[1];
}

TEST(every_clock)
{
	static const clockid_t clocks[] = {
		CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID,
		CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME,
	};
	struct timespec ts;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		long long first = clock_ns(clocks[i]);

		CHECK(clock_ns(clocks[i]) >= first);
		CHECK_OK(clock_getres(clocks[i], &ts));
		CHECK(ts.tv_sec == 0 && ts.tv_nsec >= 1 && ts.tv_nsec <= 10000000);
	}
	CHECK_ERR(clock_gettime(12345, &ts), EINVAL);
	CHECK_ERR(clock_getres(12345, &ts), EINVAL);
	CHECK_OK(clock_getres(CLOCK_MONOTONIC, NULL));
}

TEST(monotonic_never_goes_back)
{
	long long last = 0, now;
	int i, bad = 0;

	for (i = 0; i < 20000; i++) {
		struct timespec ts;

		clock_gettime(CLOCK_MONOTONIC, &ts);
		now = to_ns(&ts);
		bad += now < last;
		last = now;
	}
	CHECK_EQ(bad, 0);
}

TEST(vdso_agrees_with_the_kernel)
{
	static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME,
					    CLOCK_MONOTONIC_RAW };
	size_t i;
	int n;

	for (i = 0; i < ARRAY_SIZE(clocks); i++)
		for (n = 0; n < 50; n++) {
			long long a = syscall_ns(clocks[i]), b = clock_ns(clocks[i]),
				  c = syscall_ns(clocks[i]);

			if (a > b || b > c) {
				note("clock %d: %lld %lld %lld", clocks[i], a, b, c);
				REQUIRE(!"in order");
			}
		}
}

TEST(vdso_is_there)
{
#if defined(__aarch64__)
	CHECK(getauxval(AT_SYSINFO_EHDR) != 0);
	CHECK(file_has("/proc/self/maps", "[vdso]"));
#else
	skip("a vDSO is optional on this ABI");
#endif
}

TEST(time_and_gettimeofday)
{
	struct timeval tv;
	time_t t;

	CHECK_OK(gettimeofday(&tv, NULL));
	t = time(NULL);
	CHECK(llabs(t - tv.tv_sec) <= 1);
	CHECK(tv.tv_usec >= 0 && tv.tv_usec < 1000000);
	CHECK(llabs(clock_ns(CLOCK_REALTIME) / 1000000000 - t) <= 1);
}

TEST(nanosleep)
{
	struct timespec ts = { 0, 30000000 };
	long long start = clock_ns(CLOCK_MONOTONIC), took;

	CHECK_OK(nanosleep(&ts, NULL));
	took = clock_ns(CLOCK_MONOTONIC) - start;
	CHECK(took >= 30000000);
	CHECK(took < 10000000000LL);
	ts.tv_nsec = 0;
	CHECK_OK(nanosleep(&ts, NULL));
	ts.tv_nsec = 1000000000;
	CHECK_ERR(nanosleep(&ts, NULL), EINVAL);
	ts.tv_nsec = -1;
	CHECK_ERR(nanosleep(&ts, NULL), EINVAL);
	ts.tv_sec = -1;
	ts.tv_nsec = 0;
	CHECK_ERR(nanosleep(&ts, NULL), EINVAL);
}

TEST(short_sleeps)
{
	struct timespec ts = { 0, 50000 };
	long long end = clock_ns(CLOCK_MONOTONIC) + 10000000000LL, start, took;
	int i;

	/* High-resolution timers: not 50 ticks of 4 or 10 ms; when the host has time for us. */
	do {
		start = clock_ns(CLOCK_MONOTONIC);
		for (i = 0; i < 50; i++)
			nanosleep(&ts, NULL);
		took = clock_ns(CLOCK_MONOTONIC) - start;
		CHECK(took >= 50 * 50000);
	} while (took >= 200000000 && start < end);
	CHECK(took < 200000000);
}

static void on_signal(int sig)
{
	(void)sig;
}

TEST(remaining_time)
{
	struct timespec ts = { 10, 0 }, left = { 0 };
	pid_t me = getpid(), pid;

	set_handler(SIGUSR1, on_signal, SA_RESTART);
	pid = fork();
	if (pid == 0) {
		wait_state(me, 'S');
		kill(me, SIGUSR1);
		_exit(0);
	}
	CHECK_ERR(nanosleep(&ts, &left), EINTR);
	CHECK(left.tv_sec >= 4 && left.tv_sec < 10);
	expect_exit(pid, 0);
}

TEST(clock_nanosleep)
{
	struct timespec ts;
	long long until;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	ts.tv_nsec += 20000000;
	ts.tv_sec += ts.tv_nsec / 1000000000;
	ts.tv_nsec %= 1000000000;
	until = to_ns(&ts);
	CHECK_EQ(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) >= until);
	ts = (struct timespec){ 1, 0 };
	CHECK_EQ(clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &ts, NULL), 0);	/* past */
	CHECK_EQ(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &ts, NULL), EINVAL);
	CHECK_EQ(clock_nanosleep(99, 0, &ts, NULL), EINVAL);
	ts = (struct timespec){ 0, 1000 };
	CHECK_EQ(clock_nanosleep(CLOCK_BOOTTIME, 0, &ts, NULL), 0);
}

TEST(cpu_time_stands_still_in_sleep)
{
	long long start, end;
	int i = 0;

	/* A CPU that the host stops in the middle of our instructions is charged to us: not every time. */
	do {
		start = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
		sleep_ms(50);
		end = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
	} while (end - start >= 30000000 && ++i < 100);
	CHECK(end - start < 30000000);
	while (clock_ns(CLOCK_PROCESS_CPUTIME_ID) - end < 20000000)
		;
	CHECK(clock_ns(CLOCK_THREAD_CPUTIME_ID) > 0);
}

TEST(set_clock)
{
	struct timespec ts, back;
	long long mono, real;
	pid_t pid;

	clock_gettime(CLOCK_REALTIME, &back);
	mono = clock_ns(CLOCK_MONOTONIC);
	ts = back;
	ts.tv_sec += 100000;
	CHECK_OK(clock_settime(CLOCK_REALTIME, &ts));
	real = clock_ns(CLOCK_REALTIME);
	CHECK(real >= to_ns(&ts) && real < to_ns(&ts) + 5000000000LL);
	CHECK(clock_ns(CLOCK_MONOTONIC) - mono < 5000000000LL);
	back.tv_sec += 5;	/* without a battery clock 1970 began with the boot: not before that */
	CHECK_OK(clock_settime(CLOCK_REALTIME, &back));
	CHECK_ERR(clock_settime(CLOCK_MONOTONIC, &ts), EINVAL);
	ts.tv_nsec = 2000000000;
	CHECK_ERR(clock_settime(CLOCK_REALTIME, &ts), EINVAL);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(clock_settime(CLOCK_REALTIME, &back), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(times)
{
	struct tms tms;
	clock_t a = times(&tms), b;

	CHECK(a != (clock_t)-1);
	sleep_ms(30);
	b = times(&tms);
	CHECK(b - a >= 2 && b - a < 500);
	CHECK_EQ(sysconf(_SC_CLK_TCK), 100);
}

TEST(getcpu)
{
	unsigned int cpu = 99, node = 99;

	CHECK_OK(syscall(SYS_getcpu, &cpu, &node, NULL));
	CHECK(cpu < 64);
	CHECK_EQ(node, 0);
}
