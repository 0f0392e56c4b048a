// SPDX-License-Identifier: GPL-2.0-only
/* t_rlimit.c: getrlimit, setrlimit, prlimit, getrusage. */
#include "tap.h"

#include <sys/resource.h>

TEST(get_and_set)
{
	struct rlimit lim = { 10, 20 }, got;
	int i;

	for (i = 0; i < RLIM_NLIMITS; i++) {
		CHECK_OK(getrlimit(i, &got));
		CHECK(got.rlim_cur <= got.rlim_max);
	}
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &lim));
	CHECK_OK(getrlimit(RLIMIT_NOFILE, &got));
	CHECK(got.rlim_cur == 10 && got.rlim_max == 20);
	lim.rlim_cur = 21;
	CHECK_ERR(setrlimit(RLIMIT_NOFILE, &lim), EINVAL);
	CHECK_ERR(setrlimit(99, &lim), EINVAL);
	CHECK_ERR(getrlimit(99, &lim), EINVAL);
	CHECK_ERR(getrlimit(RLIMIT_CPU, (struct rlimit *)8), EFAULT);
}

TEST(hard_limit)
{
	struct rlimit lim = { 10, 20 };
	pid_t pid;

	setrlimit(RLIMIT_NOFILE, &lim);
	pid = fork();
	if (pid == 0) {
		become_user();
		lim = (struct rlimit){ 20, 20 };
		CHECK_OK(setrlimit(RLIMIT_NOFILE, &lim));
		lim = (struct rlimit){ 15, 18 };
		CHECK_OK(setrlimit(RLIMIT_NOFILE, &lim));
		lim.rlim_max = 19;
		CHECK_ERR(setrlimit(RLIMIT_NOFILE, &lim), EPERM);
		finish();
	}
	expect_exit(pid, 0);
	lim = (struct rlimit){ 30, 40 };
	CHECK_OK(setrlimit(RLIMIT_NOFILE, &lim));	/* root may raise */
	lim.rlim_max = 1UL << 30;
	CHECK_ERR(setrlimit(RLIMIT_NOFILE, &lim), EPERM);	/* but not beyond nr_open */
}

TEST(prlimit)
{
	struct rlimit new = { 5, 6 }, old;
	struct gate gate;
	pid_t pid;

	gate_init(&gate);
	pid = fork();
	if (pid == 0) {
		gate_wait(&gate);
		getrlimit(RLIMIT_CORE, &old);
		CHECK(old.rlim_cur == 5 && old.rlim_max == 6);
		finish();
	}
	CHECK_OK(prlimit(pid, RLIMIT_CORE, &new, &old));
	CHECK_OK(prlimit(pid, RLIMIT_CORE, NULL, &old));
	CHECK(old.rlim_cur == 5 && old.rlim_max == 6);
	CHECK_ERR(prlimit(999999, RLIMIT_CORE, NULL, &old), ESRCH);
	gate_open(&gate);
	expect_exit(pid, 0);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(prlimit(1, RLIMIT_CORE, NULL, &old), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(cpu_time_limit)
{
	struct rlimit lim = { 1, 2 };
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_CPU, &lim);
		for (;;)
			;
	}
	expect_signal(pid, SIGXCPU);
	pid = fork();
	if (pid == 0) {
		signal(SIGXCPU, SIG_IGN);
		lim = (struct rlimit){ 1, 1 };
		setrlimit(RLIMIT_CPU, &lim);
		for (;;)
			;
	}
	expect_signal(pid, SIGKILL);
}

TEST(usage)
{
	struct rusage a, b;
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 100 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	CHECK_OK(getrusage(RUSAGE_SELF, &a));
	for (i = 0; i < 100; i++)
		p[i * page] = 1;
	sleep_ms(5);
	CHECK_OK(getrusage(RUSAGE_SELF, &b));
	CHECK(b.ru_minflt - a.ru_minflt >= 100);
	CHECK(b.ru_nvcsw > a.ru_nvcsw);
	CHECK(b.ru_maxrss >= 400);
	CHECK_OK(getrusage(RUSAGE_THREAD, &b));
	CHECK_OK(getrusage(RUSAGE_CHILDREN, &b));
	CHECK_EQ(b.ru_minflt, 0);
	CHECK_ERR(getrusage(99, &b), EINVAL);
}

TEST(in_proc)
{
	struct rlimit lim = { 1234, 2345 };

	setrlimit(RLIMIT_NOFILE, &lim);
	CHECK(file_has("/proc/self/limits",
		       "Max open files            1234                 2345                 files"));
}

/* Fork children that wait, until the limit is reached; their number. */
static int fork_up_to_limit(struct gate *gate)
{
	int n = 0;
	pid_t pid;

	while ((pid = fork()) > 0)
		n++;
	if (pid == 0) {
		gate_wait(gate);
		_exit(0);
	}
	CHECK_EQ(errno, EAGAIN);
	return n;
}

/* Many who fork at once, on every CPU, do not get in above the limit. */
TEST(number_of_processes)
{
	enum { FORKERS = 8, LIMIT = 60 };
	struct rlimit lim = { LIMIT, LIMIT };
	struct gate start, end;
	int *count = shared_page(), i, sum = 0;
	pid_t pid = fork(), forkers[FORKERS];

	if (pid == 0) {
		become_user();
		CHECK_OK(setrlimit(RLIMIT_NPROC, &lim));
		gate_init(&start);
		gate_init(&end);
		for (i = 0; i < FORKERS; i++) {
			forkers[i] = fork();
			if (forkers[i] == 0) {
				gate_wait(&start);
				count[i] = fork_up_to_limit(&end) + 1;
				gate_wait(&end);
				while (wait(NULL) > 0)
					;
				finish();
			}
		}
		gate_open(&start);
		for (i = 0; i < FORKERS; i++)
			while (!*(volatile int *)&count[i])
				sleep_ms(1);
		for (i = 0; i < FORKERS; i++)
			sum += count[i];
		CHECK_EQ(sum, LIMIT - 1);	/* with the forkers; all but this process */
		gate_open(&end);
		for (i = 0; i < FORKERS; i++)
			expect_exit(forkers[i], 0);
		finish();
	}
	expect_exit(pid, 0);
}

static bool write_sysctl(const char *path, const char *value)
{
	int fd = open(path, O_WRONLY);
	bool good = write(fd, value, strlen(value)) == (ssize_t)strlen(value);

	close(fd);
	return good;
}

TEST(bounds_of_threads_and_pids)
{
	char threads[16], pids[16];

	read_file("/proc/sys/kernel/threads-max", threads, sizeof(threads));
	read_file("/proc/sys/kernel/pid_max", pids, sizeof(pids));
	CHECK(!write_sysctl("/proc/sys/kernel/threads-max", "0") && errno == EINVAL);
	CHECK(!write_sysctl("/proc/sys/kernel/threads-max", "1073741824") && errno == EINVAL);
	CHECK(write_sysctl("/proc/sys/kernel/threads-max", "1073741823"));
	CHECK(write_sysctl("/proc/sys/kernel/threads-max", threads));
	CHECK(!write_sysctl("/proc/sys/kernel/pid_max", "300") && errno == EINVAL);
	CHECK(write_sysctl("/proc/sys/kernel/pid_max", "301"));
	CHECK(!write_sysctl("/proc/sys/kernel/pid_max", "4194305") && errno == EINVAL);
	CHECK(write_sysctl("/proc/sys/kernel/pid_max", pids));
}

/* A limit that no file can reach is none. */
TEST(huge_file_size_limit)
{
	struct rlimit lim = { (rlim_t)-2, (rlim_t)-2 };
	int fd = open("f", O_CREAT | O_RDWR, 0600);

	CHECK_OK(setrlimit(RLIMIT_FSIZE, &lim));
	CHECK_OK(ftruncate(fd, 4096));
}
