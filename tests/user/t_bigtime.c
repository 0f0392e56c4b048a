// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_bigtime.c: the ends of the range of times, in every call that takes one.
 *
 * A time that is valid however large means "practically for ever" and must sleep; one that is not
 * is EINVAL. The calls are made directly, with 64-bit times on both ABIs.
 */
#include "tap.h"

#include <limits.h>
#include <linux/futex.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/timex.h>

#ifndef SYS_ppoll_time64
#define SYS_clock_settime64		SYS_clock_settime
#define SYS_clock_gettime64		SYS_clock_gettime
#define SYS_clock_nanosleep_time64	SYS_clock_nanosleep
#define SYS_timer_settime64		SYS_timer_settime
#define SYS_timer_gettime64		SYS_timer_gettime
#define SYS_timerfd_settime64		SYS_timerfd_settime
#define SYS_timerfd_gettime64		SYS_timerfd_gettime
#define SYS_utimensat_time64		SYS_utimensat
#define SYS_pselect6_time64		SYS_pselect6
#define SYS_ppoll_time64		SYS_ppoll
#define SYS_recvmmsg_time64		SYS_recvmmsg
#define SYS_rt_sigtimedwait_time64	SYS_rt_sigtimedwait
#define SYS_futex_time64		SYS_futex
#define SYS_clock_adjtime64		SYS_clock_adjtime
#endif

#define NSEC		1000000000LL
#define SEC_MAX		(INT64_MAX / NSEC)	/* seconds whose ns fit 64 bits */
#define FOR_EVER	(INT64_C(1) << 32)	/* longer than any of the relative times that are less */

struct ts64 {
	int64_t	sec;
	int64_t	nsec;
};

struct its64 {
	struct ts64 interval;
	struct ts64 value;
};

static const struct ts64 valid[] = {
	{ INT64_MAX, NSEC - 1 }, { INT64_MAX, 0 }, { INT64_MAX / 2, 1 }, { SEC_MAX + 1, 0 },
	{ SEC_MAX, NSEC - 1 }, { SEC_MAX - 1, NSEC - 1 }, { SEC_MAX / 2, 0 }, { 2 * FOR_EVER, 5 },
};

static const struct ts64 invalid[] = {
	{ INT64_MIN, 0 }, { INT64_MIN, NSEC - 1 }, { -SEC_MAX - 1, 0 }, { -1, 0 }, { -1, NSEC - 1 },
	{ 0, -1 }, { 0, NSEC }, { INT64_MAX, NSEC }, { INT64_MAX, -1 }, { 0, INT32_MIN },
	{ 0, INT32_MAX },
};

static void on_alarm(int sig)
{
	(void)sig;
}

/* Signals that end any sleep, every few milliseconds. */
static void start_alarms(void)
{
	struct itimerval it = { { 0, 5000 }, { 0, 5000 } };

	set_handler(SIGALRM, on_alarm, 0);
	REQUIRE(setitimer(ITIMER_REAL, &it, NULL) == 0);
}

/* Each sleeps for *ts, in a way of its own. */
static long sleep_relative(struct ts64 *ts)
{
	return syscall(SYS_clock_nanosleep_time64, CLOCK_MONOTONIC, 0, ts, NULL);
}

static long sleep_realtime(struct ts64 *ts)
{
	return syscall(SYS_clock_nanosleep_time64, CLOCK_REALTIME, 0, ts, NULL);
}

static long sleep_until(struct ts64 *ts)
{
	return syscall(SYS_clock_nanosleep_time64, CLOCK_REALTIME, TIMER_ABSTIME, ts, NULL);
}

static long sleep_cputime(struct ts64 *ts)
{
	return syscall(SYS_clock_nanosleep_time64, CLOCK_PROCESS_CPUTIME_ID, 0, ts, NULL);
}

static long sleep_futex(struct ts64 *ts)
{
	int word = 0;

	return syscall(SYS_futex_time64, &word, FUTEX_WAIT, 0, ts, NULL, 0);
}

static long sleep_futex_realtime(struct ts64 *ts)
{
	int word = 0;

	return syscall(SYS_futex_time64, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, ts, NULL, ~0);
}

static long sleep_ppoll(struct ts64 *ts)
{
	return syscall(SYS_ppoll_time64, NULL, 0, ts, NULL, 8);
}

static long sleep_pselect(struct ts64 *ts)
{
	return syscall(SYS_pselect6_time64, 0, NULL, NULL, NULL, ts, NULL);
}

static long sleep_epoll(struct ts64 *ts)
{
	int ep = epoll_create1(0), err;
	struct epoll_event event;
	long result = syscall(SYS_epoll_pwait2, ep, &event, 1, ts, NULL, 8);

	err = errno;
	close(ep);
	errno = err;
	return result;
}

static long sleep_sigtimedwait(struct ts64 *ts)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	return syscall(SYS_rt_sigtimedwait_time64, &set, NULL, ts, 8);
}

static long sleep_recvmmsg(struct ts64 *ts)
{
	struct mmsghdr msg = { 0 };
	int sv[2], err;
	long result;

	REQUIRE(socketpair(AF_UNIX, SOCK_DGRAM, 0, sv) == 0);
	result = syscall(SYS_recvmmsg_time64, sv[0], &msg, 1, 0, ts);
	err = errno;
	close(sv[0]);
	close(sv[1]);
	errno = err;
	return result;
}

static const struct {
	const char	*name;
	long		(*sleep)(struct ts64 *ts);
} sleepers[] = {
	{ "nanosleep", sleep_relative }, { "nanosleep on CLOCK_REALTIME", sleep_realtime },
	{ "nanosleep until", sleep_until }, { "nanosleep of CPU time", sleep_cputime },
	{ "futex", sleep_futex }, { "futex until", sleep_futex_realtime }, { "ppoll", sleep_ppoll },
	{ "pselect6", sleep_pselect }, { "epoll_pwait2", sleep_epoll },
	{ "rt_sigtimedwait", sleep_sigtimedwait }, { "recvmmsg", sleep_recvmmsg },
};

static void try_sleep(size_t how, const struct ts64 *given, int want)
{
	struct ts64 ts = *given;
	long result = sleepers[how].sleep(&ts);
	int err = errno;

	if (result == -1 && err == want)
		return;
	note("%s for %lld s %lld ns: %ld, %s", sleepers[how].name, (long long)given->sec,
	     (long long)given->nsec, result, result == -1 ? strerror(err) : "-");
	CHECK(!"the time was taken right");
}

TEST(sleeps)
{
	size_t how, i;

	start_alarms();
	for (how = 0; how < ARRAY_SIZE(sleepers); how++) {
		for (i = 0; i < ARRAY_SIZE(valid); i++)
			try_sleep(how, &valid[i], EINTR);
		for (i = 0; i < ARRAY_SIZE(invalid); i++)
			try_sleep(how, &invalid[i], EINVAL);
	}
}

TEST(rest_of_a_sleep)
{
	size_t i;

	start_alarms();
	for (i = 0; i < ARRAY_SIZE(valid); i++) {
		struct ts64 ts = valid[i], left = { 0 };

		CHECK_ERR(syscall(SYS_clock_nanosleep_time64, CLOCK_MONOTONIC, 0, &ts, &left), EINTR);
		CHECK(left.sec > FOR_EVER && left.sec <= SEC_MAX);
	}
}

TEST(timeouts_in_ms)
{
	struct epoll_event event;
	int ep = epoll_create1(0);

	start_alarms();
	CHECK_ERR(poll(NULL, 0, INT_MAX), EINTR);
	CHECK_ERR(poll(NULL, 0, INT_MIN), EINTR);
	CHECK_ERR(epoll_wait(ep, &event, 1, INT_MAX), EINTR);
	CHECK_ERR(epoll_wait(ep, &event, 1, INT_MIN), EINTR);
}

/* After setting @its the timer has practically for ever to go. */
static void check_left(long nr_get, int timer, const struct its64 *its)
{
	struct its64 left = { 0 };

	CHECK_OK(syscall(nr_get, timer, &left));
	CHECK(left.value.sec > FOR_EVER / 2 && left.value.sec <= SEC_MAX);
	CHECK_EQ(left.interval.sec, its->interval.sec > SEC_MAX ? SEC_MAX : its->interval.sec);
}

/* Set timer to all those times, with a first expiry now and then, and as interval. */
static void set_all(long nr_set, long nr_get, int timer, int absolute)
{
	struct its64 old;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(valid); i++) {
		struct its64 its = { valid[i], valid[i] };

		CHECK_OK(syscall(nr_set, timer, 0, &its, &old));
		check_left(nr_get, timer, &its);
		CHECK_OK(syscall(nr_set, timer, absolute, &its, &old));
		CHECK(old.value.sec > FOR_EVER);
		check_left(nr_get, timer, &its);
		its.value = (struct ts64){ 0, 1 };	/* due at once, and then not for ever */
		CHECK_OK(syscall(nr_set, timer, 0, &its, NULL));
		sleep_ms(2);
		check_left(nr_get, timer, &its);
		CHECK_OK(syscall(nr_set, timer, 0, &its, &old));
	}
	for (i = 0; i < ARRAY_SIZE(invalid); i++) {
		struct its64 its = { { 0, 0 }, invalid[i] };

		CHECK_ERR(syscall(nr_set, timer, 0, &its, NULL), EINVAL);
		CHECK_ERR(syscall(nr_set, timer, absolute, &its, NULL), EINVAL);
		its = (struct its64){ invalid[i], { 1, 0 } };
		CHECK_ERR(syscall(nr_set, timer, 0, &its, NULL), EINVAL);
	}
}

static const clockid_t clocks[] = { CLOCK_REALTIME, CLOCK_MONOTONIC, CLOCK_BOOTTIME };

TEST(posix_timers)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	size_t i;
	int id;

	set_handler(SIGUSR1, on_alarm, SA_RESTART);
	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		CHECK_OK(syscall(SYS_timer_create, clocks[i], &ev, &id));
		set_all(SYS_timer_settime64, SYS_timer_gettime64, id, TIMER_ABSTIME);
		CHECK_OK(syscall(SYS_timer_delete, id));
	}
}

TEST(timers_of_cpu_time)
{
	static const clockid_t cpu_clocks[] = { CLOCK_PROCESS_CPUTIME_ID, CLOCK_THREAD_CPUTIME_ID };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	size_t i, n;
	int id;

	set_handler(SIGUSR1, on_alarm, SA_RESTART);
	for (n = 0; n < ARRAY_SIZE(cpu_clocks); n++) {
		CHECK_OK(syscall(SYS_timer_create, cpu_clocks[n], &ev, &id));
		for (i = 0; i < ARRAY_SIZE(valid); i++) {
			struct its64 its = { valid[i], valid[i] };

			CHECK_OK(syscall(SYS_timer_settime64, id, 0, &its, NULL));
			check_left(SYS_timer_gettime64, id, &its);
		}
		CHECK_OK(syscall(SYS_timer_delete, id));
	}
}

TEST(timerfds)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(clocks); i++) {
		int fd = timerfd_create(clocks[i], TFD_NONBLOCK);

		REQUIRE(fd >= 0);
		set_all(SYS_timerfd_settime64, SYS_timerfd_gettime64, fd, TFD_TIMER_ABSTIME);
		close(fd);
	}
}

TEST(interval_timers)
{
	static const int kinds[] = { ITIMER_REAL, ITIMER_VIRTUAL, ITIMER_PROF };
	struct itimerval it, old;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		/* Raw: the C library of 32-bit programs may refuse large times by itself. */
		long big[4] = { LONG_MAX, 999999, LONG_MAX, 999999 }, left[4] = { 0 };
		long bad[4] = { 0, 0, LONG_MIN, 0 };

		CHECK_OK(syscall(SYS_setitimer, kinds[i], big, NULL));
		CHECK_OK(syscall(SYS_getitimer, kinds[i], left));
		CHECK(left[2] > 1000000000 || kinds[i] != ITIMER_REAL);	/* Linux's sum overflows there */
		CHECK_ERR(syscall(SYS_setitimer, kinds[i], bad, NULL), EINVAL);
		bad[2] = 0;
		bad[3] = LONG_MAX;
		CHECK_ERR(syscall(SYS_setitimer, kinds[i], bad, NULL), EINVAL);
		it = (struct itimerval){ 0 };
		CHECK_OK(setitimer(kinds[i], &it, &old));
	}
}

/* The shortest of intervals, to one who does not even listen: the machine goes on. */
TEST(shortest_intervals)
{
	struct itimerval it = { { 0, 1 }, { 0, 1 } }, off = { 0 };
	struct itimerspec its = { { 0, 1 }, { 0, 1 } };
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
	timer_t timer;

	signal(SIGALRM, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	CHECK_OK(setitimer(ITIMER_REAL, &it, NULL));
	sleep_ms(20);
	CHECK_OK(setitimer(ITIMER_REAL, &off, NULL));
	CHECK_OK(timer_create(CLOCK_MONOTONIC, &ev, &timer));
	CHECK_OK(timer_settime(timer, 0, &its, NULL));
	sleep_ms(20);
	CHECK_OK(timer_delete(timer));
}

TEST(time_of_day)
{
	struct ts64 now, last = { SEC_MAX - 31LL * 366 * 86400, 0 }, got, ns = { 0, 1000000 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(invalid); i++)
		CHECK_ERR(syscall(SYS_clock_settime64, CLOCK_REALTIME, &invalid[i]), EINVAL);
	for (i = 0; i < 6; i++)		/* too late for a clock that counts ns */
		CHECK_ERR(syscall(SYS_clock_settime64, CLOCK_REALTIME, &valid[i]), EINVAL);

	/* At the last time that can be set, timers still work. */
	CHECK_OK(syscall(SYS_clock_gettime64, CLOCK_REALTIME, &now));
	REQUIRE(syscall(SYS_clock_settime64, CLOCK_REALTIME, &last) == 0);
	CHECK_OK(syscall(SYS_clock_gettime64, CLOCK_REALTIME, &got));
	CHECK(got.sec >= last.sec && got.sec < last.sec + 100);
	CHECK_OK(syscall(SYS_clock_nanosleep_time64, CLOCK_REALTIME, 0, &ns, NULL));
	last.nsec = 1;
	CHECK_OK(syscall(SYS_clock_nanosleep_time64, CLOCK_REALTIME, TIMER_ABSTIME, &last, NULL));
	write_file("late", "");
	/* A machine without a battery clock began in 1970, and no clock can be set before the boot. */
	CHECK_OK(syscall(SYS_clock_gettime64, CLOCK_MONOTONIC, &got));
	if (now.sec < got.sec + 10)
		now.sec = got.sec + 10;
	CHECK_OK(syscall(SYS_clock_settime64, CLOCK_REALTIME, &now));
}

TEST(clock_adjustments)
{
	static const unsigned int modes[] = {
		ADJ_OFFSET, ADJ_OFFSET | ADJ_NANO, ADJ_FREQUENCY, ADJ_MAXERROR, ADJ_ESTERROR,
		ADJ_TIMECONST, ADJ_TICK, ADJ_OFFSET_SINGLESHOT, ADJ_SETOFFSET, ADJ_SETOFFSET | ADJ_NANO,
	};
	static const long values[] = { LONG_MAX, LONG_MIN, LONG_MAX / 1000, -1, 1000000000 };
	struct timex tx, old = { 0 };
	struct ts64 now;
	size_t m, v;

	CHECK_OK(syscall(SYS_clock_gettime64, CLOCK_REALTIME, &now));
	CHECK(adjtimex(&old) >= 0);
	for (m = 0; m < ARRAY_SIZE(modes); m++)
		for (v = 0; v < ARRAY_SIZE(values); v++) {
			tx = (struct timex){ .modes = modes[m], .offset = values[v], .freq = values[v],
					     .maxerror = values[v], .esterror = values[v],
					     .constant = values[v], .tick = values[v],
					     .time = { values[v], values[v] } };
			adjtimex(&tx);		/* whether refused or limited is another matter */
		}
	tx = (struct timex){ .modes = ADJ_OFFSET_SINGLESHOT };
	CHECK(adjtimex(&tx) >= 0);
	tx = (struct timex){ .modes = ADJ_FREQUENCY | ADJ_TICK | ADJ_MAXERROR | ADJ_ESTERROR |
			     ADJ_TIMECONST | ADJ_STATUS, .freq = old.freq, .tick = old.tick,
			     .maxerror = old.maxerror, .esterror = old.esterror,
			     .constant = old.constant, .status = old.status };
	CHECK(adjtimex(&tx) >= 0);
	CHECK_OK(syscall(SYS_clock_settime64, CLOCK_REALTIME, &now));
}

TEST(time_stamps)
{
	static const int64_t seconds[] = { INT64_MAX, INT64_MIN, -1, SEC_MAX + 1 };
	struct statx st;
	size_t i;

	write_file("file", "");
	for (i = 0; i < ARRAY_SIZE(seconds); i++) {
		struct ts64 times[2] = { { seconds[i], NSEC - 1 }, { seconds[i], 0 } };

		CHECK_OK(syscall(SYS_utimensat_time64, AT_FDCWD, "file", times, 0));
		CHECK_OK(statx(AT_FDCWD, "file", 0, STATX_BASIC_STATS, &st));
		CHECK_EQ(st.stx_atime.tv_sec, seconds[i]);
		/* The ends of what the file system can hold have no fraction. */
		CHECK_EQ(st.stx_atime.tv_nsec, i < 2 ? 0 : NSEC - 1);
		CHECK_EQ(st.stx_mtime.tv_sec, seconds[i]);
	}
}

TEST(socket_timeouts)
{
	long big[2] = { LONG_MAX, 999999 }, got[2] = { 7, 7 }, bad[2] = { 0, LONG_MAX };
	socklen_t size = sizeof(got);
	char byte;
	int sv[2];

	start_alarms();
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	CHECK_OK(setsockopt(sv[0], SOL_SOCKET, 20 /* SO_RCVTIMEO_OLD */, big, sizeof(big)));
	CHECK_OK(getsockopt(sv[0], SOL_SOCKET, 20, got, &size));
	/* For ever is told as 0; Linux on 64 bits rounds up, past LONG_MAX. */
	CHECK(got[0] == 0 || (unsigned long)got[0] > 1000000);
	CHECK_ERR(setsockopt(sv[0], SOL_SOCKET, 20, bad, sizeof(bad)), EDOM);
	big[0] = LONG_MIN;
	CHECK_OK(setsockopt(sv[0], SOL_SOCKET, 20, big, sizeof(big)));
	CHECK_ERR(recv(sv[0], &byte, 1, 0), EAGAIN);	/* a negative one is 0: no waiting */
}
