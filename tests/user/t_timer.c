// SPDX-License-Identifier: GPL-2.0-only
/* t_timer.c: setitimer, alarm, POSIX timers. */
#include "tap.h"

#include <sys/time.h>
#include <sys/timex.h>

static volatile int count;
static volatile siginfo_t last;

static void on_signal(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	last = *info;
	count++;
}

static void catch(int sig)
{
	struct sigaction act = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_RESTART };

	REQUIRE(sigaction(sig, &act, NULL) == 0);
}

TEST(itimer_real)
{
	struct itimerval it = { { 0, 5000 }, { 0, 10000 } }, old, off = { 0 };
	long long start = now_ms();

	catch(SIGALRM);
	CHECK_OK(setitimer(ITIMER_REAL, &it, NULL));
	while (count < 5)
		sleep_ms(1);
	CHECK(now_ms() - start >= 29);
	CHECK_OK(getitimer(ITIMER_REAL, &old));
	CHECK_EQ(old.it_interval.tv_usec, 5000);
	CHECK_OK(setitimer(ITIMER_REAL, &off, &old));
	CHECK_EQ(old.it_interval.tv_usec, 5000);
	count = 0;
	sleep_ms(20);
	CHECK_EQ(count, 0);
	CHECK_EQ(last.si_code, SI_KERNEL);
}

TEST(itimer_virtual_and_prof)
{
	struct itimerval it = { { 0, 0 }, { 0, 20000 } };
	long long end = now_ms() + 5000;

	catch(SIGVTALRM);
	catch(SIGPROF);
	CHECK_OK(setitimer(ITIMER_VIRTUAL, &it, NULL));
	sleep_ms(60);
	CHECK_EQ(count, 0);			/* sleeping costs no CPU time */
	while (count < 1 && now_ms() < end)
		;
	CHECK_EQ(last.si_signo, SIGVTALRM);
	CHECK_OK(setitimer(ITIMER_PROF, &it, NULL));
	while (count < 2 && now_ms() < end)
		;
	CHECK_EQ(last.si_signo, SIGPROF);
}

TEST(itimer_refusals)
{
	struct itimerval it = { { 0, 0 }, { 0, 1000000 } };

	CHECK_ERR(setitimer(9, &it, NULL), EINVAL);
	CHECK_ERR(setitimer(ITIMER_REAL, &it, NULL), EINVAL);
	it.it_value.tv_usec = -1;
	CHECK_ERR(setitimer(ITIMER_REAL, &it, NULL), EINVAL);
	CHECK_ERR(getitimer(9, &it), EINVAL);
}

TEST(alarm)
{
	catch(SIGALRM);
	CHECK_EQ(alarm(100), 0);
	CHECK(alarm(50) >= 99);
	CHECK(alarm(0) >= 49);
	CHECK_EQ(alarm(0), 0);
	CHECK_EQ(count, 0);
}

static timer_t make_timer(clockid_t clock, int notify, int sig, int value)
{
	struct sigevent ev = { .sigev_notify = notify, .sigev_signo = sig,
			       .sigev_value.sival_int = value };
	timer_t timer = NULL;

	CHECK_OK(timer_create(clock, &ev, &timer));
	return timer;
}

TEST(posix_timer)
{
	struct itimerspec its = { { 0, 0 }, { 0, 10000000 } }, left;
	timer_t timer;

	catch(SIGUSR1);
	timer = make_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 4711);
	CHECK_OK(timer_gettime(timer, &left));
	CHECK(left.it_value.tv_sec == 0 && left.it_value.tv_nsec == 0);
	CHECK_OK(timer_settime(timer, 0, &its, NULL));
	CHECK(wait_flag(&count));
	CHECK_EQ(last.si_code, SI_TIMER);
	CHECK_EQ(last.si_value.sival_int, 4711);
	CHECK_EQ(last.si_overrun, 0);
	CHECK_OK(timer_delete(timer));
	CHECK_ERR(timer_delete(timer), EINVAL);
	CHECK_ERR(timer_settime(timer, 0, &its, NULL), EINVAL);
}

TEST(overrun)
{
	struct itimerspec its = { { 0, 2000000 }, { 0, 2000000 } }, off = { 0 };
	timer_t timer;
	sigset_t set;

	catch(SIGUSR1);
	block_signal(SIGUSR1);
	timer = make_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 1);
	timer_settime(timer, 0, &its, NULL);
	sleep_ms(50);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	CHECK(count >= 1);			/* queued once, the rest counted */
	timer_settime(timer, 0, &off, NULL);
	CHECK(timer_getoverrun(timer) >= 0);
	timer_delete(timer);
}

TEST(no_notification)
{
	struct itimerspec its = { { 0, 0 }, { 1, 0 } }, left;
	timer_t timer = make_timer(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0);

	timer_settime(timer, 0, &its, NULL);
	CHECK_OK(timer_gettime(timer, &left));
	CHECK(left.it_value.tv_nsec > 0);
	its.it_value = (struct timespec){ 0, 1000000 };
	timer_settime(timer, 0, &its, NULL);
	sleep_ms(2);
	timer_gettime(timer, &left);
	CHECK_EQ(left.it_value.tv_nsec, 0);
	timer_delete(timer);
}

TEST(to_a_thread)
{
	struct sigevent ev = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	struct itimerspec its = { { 0, 0 }, { 0, 1000000 } };
	timer_t timer;

	catch(SIGUSR1);
	ev._sigev_un._tid = syscall(SYS_gettid);
	CHECK_OK(timer_create(CLOCK_MONOTONIC, &ev, &timer));
	timer_settime(timer, 0, &its, NULL);
	CHECK(wait_flag(&count));
	timer_delete(timer);
	ev._sigev_un._tid = 1;
	CHECK_ERR(timer_create(CLOCK_MONOTONIC, &ev, &timer), EINVAL);
}

TEST(absolute)
{
	struct itimerspec its = { 0 };
	timer_t timer;

	catch(SIGUSR1);
	timer = make_timer(CLOCK_REALTIME, SIGEV_SIGNAL, SIGUSR1, 0);
	clock_gettime(CLOCK_REALTIME, &its.it_value);
	its.it_value.tv_nsec += 10000000;
	its.it_value.tv_sec += its.it_value.tv_nsec / 1000000000;
	its.it_value.tv_nsec %= 1000000000;
	CHECK_OK(timer_settime(timer, TIMER_ABSTIME, &its, NULL));
	CHECK(wait_flag(&count));
	timer_delete(timer);
}

TEST(cpu_clock)
{
	struct itimerspec its = { { 0, 0 }, { 0, 20000000 } };
	long long end = now_ms() + 5000;
	timer_t timer;

	catch(SIGUSR1);
	timer = make_timer(CLOCK_PROCESS_CPUTIME_ID, SIGEV_SIGNAL, SIGUSR1, 0);
	CHECK_OK(timer_settime(timer, 0, &its, NULL));
	while (!count && now_ms() < end)
		;
	CHECK_EQ(count, 1);
	timer_delete(timer);
}

TEST(refusals)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = 99 };
	struct itimerspec its = { { 0, 0 }, { 0, 1000000000 } };
	timer_t timer;

	CHECK_ERR(timer_create(999, NULL, &timer), EINVAL);
	CHECK_ERR(timer_create(CLOCK_MONOTONIC, &ev, &timer), EINVAL);
	ev.sigev_notify = 77;
	CHECK_ERR(timer_create(CLOCK_MONOTONIC, &ev, &timer), EINVAL);
	CHECK_OK(timer_create(CLOCK_MONOTONIC, NULL, &timer));
	CHECK_ERR(timer_settime(timer, 0, &its, NULL), EINVAL);
	CHECK_ERR(timer_gettime((timer_t)9999, &its), EINVAL);
}

/* The clock of a process, as clock_getcpuclockid(3) makes it. */
static clockid_t clock_of(pid_t pid)
{
	clockid_t clock = -1;

	CHECK_EQ(clock_getcpuclockid(pid, &clock), 0);
	return clock;
}

TEST(cpu_clock_of_another)
{
	struct itimerspec its = { { 0, 10000000 }, { 0, 20000000 } }, left;
	long long end = now_ms() + 20000;
	pid_t busy = fork(), idle;
	timer_t timer, never;

	if (!busy)
		for (;;)
			;
	idle = fork();
	if (!idle)
		for (;;)
			pause();
	catch(SIGALRM);
	CHECK_OK(timer_create(clock_of(idle), &(struct sigevent){ .sigev_notify = SIGEV_SIGNAL,
								  .sigev_signo = SIGUSR1 }, &never));
	CHECK_OK(timer_create(clock_of(busy), NULL, &timer));
	CHECK_OK(timer_settime(timer, 0, &its, NULL));
	its.it_value.tv_sec = 10;		/* the idle one never gets there: its signal would kill */
	CHECK_OK(timer_settime(never, 0, &its, NULL));
	while (count < 3 && now_ms() < end)
		sleep_ms(1);
	CHECK(count >= 3);
	CHECK_EQ(last.si_code, SI_TIMER);
	CHECK_OK(timer_gettime(never, &left));
	CHECK(left.it_value.tv_sec >= 9);
	CHECK_OK(timer_settime(timer, 0, &(struct itimerspec){ 0 }, NULL));
	count = 0;
	sleep_ms(50);
	CHECK_EQ(count, 0);
	kill(busy, SIGKILL);
	kill(idle, SIGKILL);
	CHECK_OK(waitpid(busy, NULL, 0));
	CHECK_OK(waitpid(idle, NULL, 0));
	CHECK_OK(timer_delete(never));		/* outlives whose clock it is on */
	CHECK_OK(timer_delete(timer));
}

TEST(alarm_clocks)
{
	struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	struct itimerspec its = { { 0, 0 }, { 0, 1000000 } };
	clockid_t clocks[] = { CLOCK_REALTIME_ALARM, CLOCK_BOOTTIME_ALARM };
	timer_t timer;

	catch(SIGALRM);
	for (int i = 0; i < 2; i++) {
		pid_t pid;

		if (timer_create(clocks[i], &ev, &timer) && errno == EOPNOTSUPP)
			skip("no clock that could wake the machine");
		CHECK_OK(timer_settime(timer, 0, &its, NULL));
		while (count <= i)
			sleep_ms(1);
		CHECK_EQ(last.si_code, SI_TIMER);
		CHECK_OK(timer_delete(timer));
		CHECK_EQ(clock_nanosleep(clocks[i], 0, &its.it_value, NULL), 0);
		CHECK_EQ(clock_nanosleep(clocks[i], 2, &its.it_value, NULL), EINVAL);
		pid = fork();
		if (!pid) {
			become_user();
			CHECK_ERR(timer_create(clocks[i], &ev, &timer), EPERM);
			CHECK_EQ(clock_nanosleep(clocks[i], 0, &its.it_value, NULL), EPERM);
			finish();
		}
		expect_exit(pid, 0);
	}
}

/* Which error wins: what the clock cannot do is said before a pointer is looked at, and the other way round. */
TEST(order_of_refusals)
{
	void *bad = (void *)8;
	clockid_t dead = (clockid_t)((~99999u << 3) | 2), device = (clockid_t)((~0u << 3) | 3);
	int id;

	CHECK_ERR(syscall(SYS_timer_create, CLOCK_MONOTONIC_RAW, NULL, bad), EOPNOTSUPP);
	CHECK_ERR(syscall(SYS_timer_create, device, NULL, &id), EOPNOTSUPP);
	CHECK_ERR(syscall(SYS_timer_create, 10, NULL, bad), EINVAL);
	CHECK_ERR(syscall(SYS_timer_create, dead, NULL, bad), EFAULT);
	CHECK_ERR(syscall(SYS_timer_create, dead, NULL, &id), EINVAL);
	CHECK_ERR(syscall(SYS_clock_settime, CLOCK_MONOTONIC, bad), EINVAL);
	CHECK_ERR(syscall(SYS_clock_settime, CLOCK_REALTIME, bad), EFAULT);
	CHECK_ERR(syscall(SYS_clock_nanosleep, CLOCK_THREAD_CPUTIME_ID, 0, bad, NULL), EOPNOTSUPP);
	CHECK_ERR(syscall(SYS_clock_nanosleep, CLOCK_REALTIME_COARSE, 0, bad, NULL), EOPNOTSUPP);
	CHECK_ERR(syscall(SYS_clock_nanosleep, device, 0, bad, NULL), EOPNOTSUPP);
	CHECK_ERR(syscall(SYS_clock_nanosleep, 10, 0, bad, NULL), EINVAL);
	CHECK_ERR(syscall(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, bad, NULL), EFAULT);
	CHECK_ERR(syscall(SYS_clock_adjtime, CLOCK_MONOTONIC, bad), EFAULT);
	CHECK_ERR(clock_adjtime(CLOCK_MONOTONIC, &(struct timex){ 0 }), EOPNOTSUPP);
	CHECK_ERR(clock_adjtime(10, &(struct timex){ 0 }), EINVAL);
	CHECK_ERR(clock_adjtime(dead, &(struct timex){ 0 }), EOPNOTSUPP);
	CHECK_ERR(clock_adjtime(device, &(struct timex){ 0 }), EINVAL);
}

/* The coarse kinds of CPU clocks tick. */
TEST(cpu_clock_resolution)
{
	struct timespec ts;

	CHECK_OK(clock_getres((clockid_t)(~0u << 3), &ts));
	CHECK(ts.tv_nsec >= 1000000);
	CHECK_OK(clock_getres((clockid_t)(~0u << 3 | 1), &ts));
	CHECK(ts.tv_nsec >= 1000000);
	CHECK_OK(clock_getres((clockid_t)(~0u << 3 | 2), &ts));
	CHECK_EQ(ts.tv_nsec, 1);
}

TEST(adjtimex_limits)
{
	struct timex old = { 0 }, tx = { .modes = ADJ_MAXERROR | ADJ_ESTERROR, .maxerror = 1 << 30, .esterror = -5 };

	CHECK(adjtimex(&old) >= 0);
	CHECK(adjtimex(&tx) >= 0);
	CHECK_EQ(tx.maxerror, 16000000);
	CHECK_EQ(tx.esterror, 0);
	tx = (struct timex){ .modes = ADJ_TIMECONST | ADJ_MICRO, .constant = 3 };
	CHECK(adjtimex(&tx) >= 0);
	CHECK_EQ(tx.constant, 7);
	tx.constant = 9;
	CHECK(adjtimex(&tx) >= 0);
	CHECK_EQ(tx.constant, 10);
	tx = (struct timex){ .modes = ADJ_TIMECONST | ADJ_NANO, .constant = 2 };
	CHECK(adjtimex(&tx) >= 0);
	CHECK_EQ(tx.constant, 2);
	tx = (struct timex){ .modes = ADJ_MICRO };
	CHECK(adjtimex(&tx) >= 0);
	tx = (struct timex){ .modes = ADJ_TAI, .constant = 100001 };
	CHECK(adjtimex(&tx) >= 0);
	CHECK_EQ(tx.tai, old.tai);
}

TEST(many)
{
	timer_t timers[100];
	struct itimerspec its = { { 0, 0 }, { 0, 1000000 } };
	int i;

	catch(SIGRTMIN);
	for (i = 0; i < 100; i++) {
		timers[i] = make_timer(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGRTMIN, i);
		its.it_value.tv_nsec = 1000000 + (i * 37 % 100) * 100000;
		timer_settime(timers[i], 0, &its, NULL);
	}
	for (i = 0; i < 2000 && count < 100; i++)
		sleep_ms(1);
	CHECK_EQ(count, 100);
	for (i = 0; i < 100; i++)
		CHECK_OK(timer_delete(timers[i]));
}
