// SPDX-License-Identifier: GPL-2.0-only
/* t_timens.c: time namespaces: how one is made, set and joined, and what all the clocks show in it. */
#include "tap.h"

#include <linux/futex.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/sysinfo.h>
#include <sys/timerfd.h>

#define MONO	1000000LL		/* seconds that the tests' namespaces are ahead */
#define BOOT	3000000LL
#define OFFSETS	"/proc/self/timens_offsets"

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x80
#endif

static void need_timens(void)
{
	if (access(OFFSETS, F_OK))
		skip("no time namespaces");
}

/* The clock, in seconds; asked of the kernel, or by libc, which asks the vDSO. */
static long long kernel_clock(clockid_t clock)
{
	struct { long long sec, nsec; } ts64 = { -1, -1 };
	long ts[2] = { -1, -1 };

#ifdef SYS_clock_gettime64
	CHECK_OK(syscall(SYS_clock_gettime64, clock, &ts64));
	CHECK_OK(syscall(SYS_clock_gettime, clock, ts));
	CHECK(ts[0] - ts64.sec >= 0 && ts[0] - ts64.sec <= 1);
	return ts64.sec;
#else
	(void)ts64;
	CHECK_OK(syscall(SYS_clock_gettime, clock, ts));
	return ts[0];
#endif
}

static long long vdso_clock(clockid_t clock)
{
	struct timespec ts = { -1, -1 };

	CHECK_OK(clock_gettime(clock, &ts));
	CHECK(ts.tv_nsec >= 0 && ts.tv_nsec < 1000000000);
	return ts.tv_sec;
}

static bool near(long long got, long long want)
{
	if (got - want >= -1 && got - want < 60)
		return true;
	note("%lld, not %lld", got, want);
	return false;
}

static void name_of(const char *which, char *buf, size_t size)
{
	char path[64];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/self/ns/%s", which);
	n = readlink(path, buf, size - 1);
	REQUIRE(n > 0);
	buf[n] = '\0';
}

static void make_namespace(void)
{
	REQUIRE(unshare(CLONE_NEWTIME) == 0);
	write_file(OFFSETS, "monotonic 1000000 0\nboottime 3000000 0\n");
}

static const clockid_t all_clocks[] = {
	CLOCK_MONOTONIC, CLOCK_MONOTONIC_RAW, CLOCK_MONOTONIC_COARSE, CLOCK_BOOTTIME, CLOCK_REALTIME,
	CLOCK_REALTIME_COARSE, CLOCK_TAI,
};
static long long host[ARRAY_SIZE(all_clocks)];

static long long ahead(clockid_t clock)
{
	return clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_RAW || clock == CLOCK_MONOTONIC_COARSE ? MONO :
	       clock == CLOCK_BOOTTIME ? BOOT : 0;
}

static void read_host(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(all_clocks); i++)
		host[i] = kernel_clock(all_clocks[i]);
}

/* All clocks are what read_host() read, and what the namespace adds if we are @inside. */
static void check_clocks(bool inside)
{
	for (size_t i = 0; i < ARRAY_SIZE(all_clocks); i++) {
		long long want = host[i] + (inside ? ahead(all_clocks[i]) : 0);

		if (!CHECK(near(kernel_clock(all_clocks[i]), want)) || !CHECK(near(vdso_clock(all_clocks[i]), want)))
			note("clock %d", all_clocks[i]);
	}
}

/* ---- making and joining ------------------------------------------------------------------------ */

TEST(unshare_is_for_the_children)
{
	char before[64], own[64], children[64], child[64];
	pid_t pid;

	need_timens();
	read_host();
	vdso_clock(CLOCK_MONOTONIC);
	name_of("time", before, sizeof(before));
	name_of("time_for_children", children, sizeof(children));
	CHECK_STR(children, before);
	CHECK(!strncmp(before, "time:[", 6));
	make_namespace();
	name_of("time", own, sizeof(own));
	name_of("time_for_children", children, sizeof(children));
	CHECK_STR(own, before);
	CHECK(strcmp(children, before) && !strncmp(children, "time:[", 6));
	check_clocks(false);
	pid = fork();
	if (pid == 0) {
		name_of("time", child, sizeof(child));
		CHECK_STR(child, children);
		name_of("time_for_children", child, sizeof(child));
		CHECK_STR(child, children);
		check_clocks(true);
		pid = fork();
		if (pid == 0) {
			check_clocks(true);
			finish();
		}
		expect_exit(pid, 0);
		finish();
	}
	expect_exit(pid, 0);
	check_clocks(false);
}

HELPER(clocks)
{
	for (size_t i = 0; i < ARRAY_SIZE(all_clocks); i++)
		host[i] = atoll(argv[1 + i]);
	check_clocks(true);
	finish();
	return 0;
}

static void exec_clocks(void)
{
	static char text[ARRAY_SIZE(all_clocks)][24];
	char *argv[ARRAY_SIZE(all_clocks) + 3] = { (char *)self_path, "@t_timens.clocks" };

	for (size_t i = 0; i < ARRAY_SIZE(all_clocks); i++) {
		snprintf(text[i], sizeof(text[i]), "%lld", host[i]);
		argv[2 + i] = text[i];
	}
	execv(self_path, argv);
	_exit(99);
}

TEST(exec_stays_in_it)
{
	pid_t pid;

	need_timens();
	read_host();
	make_namespace();
	pid = fork();
	if (pid == 0)
		exec_clocks();
	expect_exit(pid, 0);
}

static pid_t clone3_flags(unsigned long flags)
{
	struct clone_args args = { .flags = flags, .exit_signal = SIGCHLD };

	return syscall(SYS_clone3, &args, sizeof(args));
}

TEST(clone3)
{
	pid_t pid;

	need_timens();
	read_host();
	vdso_clock(CLOCK_MONOTONIC);
	pid = clone3_flags(CLONE_NEWTIME);
	if (pid == 0) {
		CHECK_EQ(try_write(OFFSETS, "monotonic 1 0\n"), EACCES);
		check_clocks(false);	/* a namespace, whose clocks are those of the old one */
		finish();
	}
	REQUIRE(pid > 0);
	expect_exit(pid, 0);
	/* In clone(2) this bit is part of the signal's number. */
	pid = syscall(SYS_clone, CLONE_NEWTIME | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0)
		_exit(0);
	if (pid > 0)
		waitpid(pid, NULL, __WALL);
}

static void *thread_ends(void *arg)
{
	return arg;
}

TEST(address_spaces_are_in_one)
{
	pthread_t thread;
	pid_t pid;

	need_timens();
	CHECK_OK(unshare(CLONE_NEWTIME));
	CHECK_EQ(pthread_create(&thread, NULL, thread_ends, NULL), EINVAL);
	CHECK_ERR(clone3_flags(CLONE_VM | CLONE_VFORK), EINVAL);
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(pthread_create(&thread, NULL, thread_ends, NULL), 0);
		CHECK_EQ(pthread_join(thread, NULL), 0);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(setns_by_file)
{
	int first = open("/proc/self/ns/time", O_RDONLY), own;

	need_timens();
	read_host();
	make_namespace();
	own = open("/proc/self/ns/time_for_children", O_RDONLY);
	REQUIRE(own >= 0);
	check_clocks(false);
	CHECK_ERR(setns(own, CLONE_NEWUTS), EINVAL);
	CHECK_OK(setns(own, CLONE_NEWTIME));
	check_clocks(true);
	CHECK_EQ(try_write(OFFSETS, "monotonic 1 0\n"), EACCES);
	CHECK_OK(setns(first, 0));
	check_clocks(false);
	CHECK_OK(setns(own, 0));
	become_user();
	CHECK_ERR(setns(first, 0), EPERM);
	check_clocks(true);
}

TEST(setns_by_pidfd)
{
	struct gate go;
	int pidfd;
	pid_t pid;

	need_timens();
	read_host();
	vdso_clock(CLOCK_MONOTONIC);
	gate_init(&go);
	make_namespace();
	pid = fork();
	if (pid == 0) {
		char c;

		close(go.fd[1]);
		(void)!read(go.fd[0], &c, 1);
		_exit(0);
	}
	pidfd = syscall(SYS_pidfd_open, pid, 0);
	REQUIRE(pidfd >= 0);
	CHECK_OK(setns(pidfd, CLONE_NEWTIME | CLONE_NEWUTS));
	check_clocks(true);
	close(go.fd[1]);
	expect_exit(pid, 0);
}

static int setns_result, own_fd;

static void *try_setns(void *arg)
{
	setns_result = setns(own_fd, 0) ? errno : 0;
	return arg;
}

TEST(setns_not_with_threads)
{
	pthread_t thread;

	need_timens();
	own_fd = open("/proc/self/ns/time", O_RDONLY);
	REQUIRE(pthread_create(&thread, NULL, try_setns, NULL) == 0);
	pthread_join(thread, NULL);
	CHECK_EQ(setns_result, EUSERS);
}

TEST(privilege)
{
	need_timens();
	become_user();
	CHECK_ERR(unshare(CLONE_NEWTIME), EPERM);
	CHECK_ERR(clone3_flags(CLONE_NEWTIME), EPERM);
	CHECK_ERR(unshare(CLONE_NEWTIME | 1 << 6), EINVAL);
}

TEST(max_time_namespaces)
{
	pid_t pid;

	need_timens();
	pid = fork();
	if (pid == 0) {
		write_file("/proc/sys/user/max_time_namespaces", "0");
		CHECK_ERR(unshare(CLONE_NEWTIME), ENOSPC);
		write_file("/proc/sys/user/max_time_namespaces", "1000");
		CHECK_OK(unshare(CLONE_NEWTIME));
		finish();
	}
	expect_exit(pid, 0);
}

/* ---- timens_offsets ---------------------------------------------------------------------------- */

static void check_offsets(const char *want)
{
	char text[256];

	read_file(OFFSETS, text, sizeof(text));
	CHECK_STR(text, want);
}

TEST(offsets_file)
{
	struct stat st;
	pid_t pid;

	need_timens();
	CHECK_OK(stat(OFFSETS, &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0644);
	check_offsets("monotonic           0         0\nboottime            0         0\n");
	CHECK_EQ(try_write(OFFSETS, "monotonic 1 0\n"), EACCES);	/* the first one's, for ever */
	CHECK_OK(unshare(CLONE_NEWTIME));
	check_offsets("monotonic           0         0\nboottime            0         0\n");
	write_file(OFFSETS, "monotonic 86400 5\nboottime -1 999999999\n");
	check_offsets("monotonic       86400         5\nboottime           -1 999999999\n");
	write_file(OFFSETS, "1 7 0");
	write_file(OFFSETS, "7 \t8 0\n");
	check_offsets("monotonic           7         0\nboottime            8         0\n");
	CHECK_OK(unshare(CLONE_NEWTIME));	/* like the one before */
	check_offsets("monotonic           7         0\nboottime            8         0\n");
	pid = fork();
	if (pid == 0)
		_exit(0);
	expect_exit(pid, 0);
	CHECK_EQ(try_write(OFFSETS, "monotonic 1 0\n"), EACCES);
	check_offsets("monotonic           7         0\nboottime            8         0\n");
}

TEST(offsets_refused)
{
	static const char *const bad[] = {
		"", "\n", "monotonic", "monotonic 1", "monotonic x 0", "monotonic 1 -1",
		"monotonic 1 1000000000", "realtime 1 0",
		"0 1 0", "monotonicity 1 0", "monotonic 1 0\n\nboottime 1 0", "monotonic 1 0\nboottime", "11 5 0",
	};
	static const char *const far[] = {
		"monotonic -10000000 0", "boottime -10000000 0", "monotonic 9223372037 0", "boottime -9223372037 0",
		"monotonic 4611686019 0", "monotonic 9223372036854775807 0", "monotonic 1 0\nboottime -10000000 0",
	};
	char page[4096 + 1];
	int fd;

	need_timens();
	CHECK_EQ(try_write(OFFSETS, "nonsense"), EINVAL);
	CHECK_EQ(try_write(OFFSETS, "monotonic 9223372037 0"), ERANGE);	/* before it is found frozen */
	CHECK_OK(unshare(CLONE_NEWTIME));
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		if (bad[i][0] && !CHECK_EQ(try_write(OFFSETS, bad[i]), EINVAL))
			note("%s", bad[i]);
	for (size_t i = 0; i < ARRAY_SIZE(far); i++)
		if (!CHECK_EQ(try_write(OFFSETS, far[i]), ERANGE))
			note("%s", far[i]);
	fd = open(OFFSETS, O_RDWR);
	memset(page, ' ', sizeof(page));
	memcpy(page, "monotonic 1 0", 13);
	CHECK_ERR(pwrite(fd, "monotonic 1 0", 13, 0), ESPIPE);
	CHECK_ERR(write(fd, page, 4096), EINVAL);
	CHECK_ERR(write(fd, NULL, 10), EFAULT);
	check_offsets("monotonic           0         0\nboottime            0         0\n");
	CHECK_EQ(write(fd, page, 4095), 4095);
	CHECK_OK(lseek(fd, 5, SEEK_SET));
	CHECK_ERR(write(fd, "1 1 0\n", 6), EINVAL);
	CHECK_OK(lseek(fd, 0, SEEK_SET));
	/* Two lines at most: the rest is for another write. */
	CHECK_EQ(write(fd, "1 1 0\n7 1 0\nfoo\n", 16), 12);
	close(fd);
}

TEST(offsets_need_cap_sys_time)
{
	int fd;

	need_timens();
	CHECK_OK(unshare(CLONE_NEWTIME));
	fd = open(OFFSETS, O_RDWR);
	REQUIRE(fd >= 0);
	become_user();
	CHECK_EQ(write(fd, "1 1 0\n", 6), 6);	/* who opened it counts */
	CHECK_ERR(open(OFFSETS, O_WRONLY), EACCES);	/* root's file: not dumpable */
}

TEST(in_a_user_namespace)
{
	pid_t pid;

	need_timens();
	pid = fork();
	if (pid == 0) {
		become_user();
		if (unshare(CLONE_NEWUSER | CLONE_NEWTIME))
			skip("no user namespaces for users");
		CHECK_OK(prctl(PR_SET_DUMPABLE, 1));	/* else the file is root's */
		CHECK_EQ(try_write(OFFSETS, "monotonic 1000000 0\nboottime 3000000 0\n"), 0);
		finish();
	}
	expect_exit(pid, 0);
}

/* ---- what else tells or takes a time ----------------------------------------------------------- */

static void inside(void (*fn)(void))
{
	pid_t pid;

	need_timens();
	read_host();
	make_namespace();
	pid = fork();
	if (pid == 0) {
		fn();
		finish();
	}
	expect_exit(pid, 0);
}

static double first_number(const char *path)
{
	char text[256];

	read_file(path, text, sizeof(text));
	return atof(text);
}

static long long start_seconds(const char *path)
{
	char text[1024], *p;
	int field;

	read_file(path, text, sizeof(text));
	p = strrchr(text, ')');
	REQUIRE(p);
	for (field = 2; field < 22; field++)
		p = strchr(p, ' ') + 1;
	return atoll(p) / sysconf(_SC_CLK_TCK);
}

static long long boot_second(void)
{
	static char text[64 * 1024];
	char *p;

	read_file("/proc/stat", text, sizeof(text));
	p = strstr(text, "btime ");
	REQUIRE(p);
	return (long long)strtoull(p + 6, NULL, 10);	/* before 1970 where nobody has set the clock */
}

static long long boot_before;

static void uptime_inside(void)
{
	struct sysinfo info;

	CHECK(near(first_number("/proc/uptime"), host[3] + BOOT));
	CHECK_OK(sysinfo(&info));
	CHECK(near(info.uptime, host[3] + BOOT));
	CHECK(near(start_seconds("/proc/self/stat"), host[3] + BOOT));
	CHECK(near(start_seconds("/proc/1/stat") + 30, BOOT));
	CHECK(boot_second() - (boot_before - BOOT) >= -1 && boot_second() - (boot_before - BOOT) <= 1);
}

TEST(uptime_and_start_times)
{
	boot_before = boot_second();
	inside(uptime_inside);
}

static struct timespec in_ms(clockid_t clock, int ms)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	ts.tv_sec += ms / 1000;
	ts.tv_nsec += ms % 1000 * 1000000;
	if (ts.tv_nsec >= 1000000000) {
		ts.tv_nsec -= 1000000000;
		ts.tv_sec++;
	}
	return ts;
}

static const clockid_t sleep_clocks[] = { CLOCK_MONOTONIC, CLOCK_BOOTTIME, CLOCK_REALTIME };

static void sleep_inside(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(sleep_clocks); i++) {
		struct timespec end = in_ms(sleep_clocks[i], 100), past = { 0, 1 }, now;

		CHECK_EQ(clock_nanosleep(sleep_clocks[i], TIMER_ABSTIME, &end, NULL), 0);
		clock_gettime(sleep_clocks[i], &now);
		CHECK(now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec));
		CHECK(near(now.tv_sec, end.tv_sec));
		CHECK_EQ(clock_nanosleep(sleep_clocks[i], TIMER_ABSTIME, &past, NULL), 0);
	}
}

TEST(sleeping)
{
	alarm(60);
	inside(sleep_inside);
}

static void timerfd_inside(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(sleep_clocks); i++) {
		int fd = timerfd_create(sleep_clocks[i], 0);
		struct itimerspec it = { .it_value = in_ms(sleep_clocks[i], 50000) }, left;
		uint64_t ticks;

		CHECK_OK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &it, NULL));
		CHECK_OK(timerfd_gettime(fd, &left));
		CHECK(left.it_value.tv_sec > 20 && left.it_value.tv_sec <= 50);
		it.it_value = in_ms(sleep_clocks[i], 50);
		CHECK_OK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &it, NULL));
		CHECK_EQ(read(fd, &ticks, 8), 8);
		CHECK_EQ(ticks, 1);
		it.it_value = (struct timespec){ 0, 1 };	/* long ago */
		CHECK_OK(timerfd_settime(fd, TFD_TIMER_ABSTIME, &it, NULL));
		CHECK_EQ(read(fd, &ticks, 8), 8);
		close(fd);
	}
}

TEST(timerfd)
{
	inside(timerfd_inside);
}

static void timer_inside(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(sleep_clocks); i++) {
		struct sigevent ev = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
		struct itimerspec it = { .it_value = in_ms(sleep_clocks[i], 50000) }, left;
		struct timespec limit = { 20, 0 };
		sigset_t set;
		timer_t t;

		block_signal(SIGUSR1);
		sigemptyset(&set);
		sigaddset(&set, SIGUSR1);
		REQUIRE(timer_create(sleep_clocks[i], &ev, &t) == 0);
		CHECK_OK(timer_settime(t, TIMER_ABSTIME, &it, NULL));
		CHECK_OK(timer_gettime(t, &left));
		CHECK(left.it_value.tv_sec > 20 && left.it_value.tv_sec <= 50);
		it.it_value = in_ms(sleep_clocks[i], 50);
		CHECK_OK(timer_settime(t, TIMER_ABSTIME, &it, NULL));
		CHECK_EQ(sigtimedwait(&set, NULL, &limit), SIGUSR1);
		it.it_value = (struct timespec){ 5, 0 };
		CHECK_OK(timer_settime(t, TIMER_ABSTIME, &it, NULL));
		CHECK_EQ(sigtimedwait(&set, NULL, &limit), SIGUSR1);
		timer_delete(t);
	}
}

TEST(posix_timers)
{
	inside(timer_inside);
}

static void futex_inside(void)
{
	struct timespec end = in_ms(CLOCK_MONOTONIC, 100), now;
	struct { long long sec, nsec; } end64 = { end.tv_sec, end.tv_nsec };
	uint32_t word = 0;
	struct futex_waitv wait = { .uaddr = (uintptr_t)&word, .flags = FUTEX_32 };

#ifdef SYS_futex_time64
	CHECK_ERR(syscall(SYS_futex_time64, &word, FUTEX_WAIT_BITSET, 0, &end64, NULL, -1), ETIMEDOUT);
#else
	CHECK_ERR(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET, 0, &end64, NULL, -1), ETIMEDOUT);
#endif
	clock_gettime(CLOCK_MONOTONIC, &now);
	CHECK(now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec));
	CHECK(near(now.tv_sec, end.tv_sec));
	end = in_ms(CLOCK_MONOTONIC, 100);
	end64.sec = end.tv_sec;
	end64.nsec = end.tv_nsec;
	CHECK_ERR(syscall(SYS_futex_waitv, &wait, 1, 0, &end64, CLOCK_MONOTONIC), ETIMEDOUT);
	clock_gettime(CLOCK_MONOTONIC, &now);
	CHECK(now.tv_sec > end.tv_sec || (now.tv_sec == end.tv_sec && now.tv_nsec >= end.tv_nsec));
}

TEST(futex_timeout)
{
	alarm(60);
	inside(futex_inside);
}

static void fork_back_inside(void)
{
	int first = open("/proc/1/ns/time", O_RDONLY);

	check_clocks(true);
	CHECK_OK(setns(first, 0));
	check_clocks(false);
	for (int i = 0; i < 50; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			if (i & 1)
				CHECK_OK(unshare(CLONE_NEWTIME));
			check_clocks(false);
			finish();
		}
		expect_exit(pid, 0);
	}
}

TEST(back_and_forth)
{
	inside(fork_back_inside);
}
