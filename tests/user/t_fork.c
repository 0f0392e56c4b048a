// SPDX-License-Identifier: GPL-2.0-only
/* t_fork.c: fork: what the child gets, shares and does not inherit. */
#include "tap.h"

#include <poll.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>

static int global = 1;

TEST(returns_twice)
{
	volatile int local = 10;
	pid_t me = getpid(), pid;
	int *seen = shared_page();

	pid = fork();
	REQUIRE(pid >= 0);
	if (pid == 0) {
		seen[0] = getpid();
		seen[1] = getppid();
		local++;
		global++;
		CHECK_EQ(local, 11);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(seen[0], pid);
	CHECK_EQ(seen[1], me);
	CHECK_EQ(local, 10);
	CHECK_EQ(global, 1);
}

TEST(registers_survive)
{
	register long a = getpid() * 3, b = getpid() * 5, c = getpid() * 7;
	double d = getpid() / 3.0, e = getpid() / 7.0;
	pid_t parent = getpid(), pid = fork();

	/* Integer and floating-point state is the same on both sides. */
	CHECK_EQ(a, parent * 3);
	CHECK_EQ(b, parent * 5);
	CHECK_EQ(c, parent * 7);
	CHECK(d * 3.0 > parent - 0.5 && d * 3.0 < parent + 0.5);
	CHECK(e * 7.0 > parent - 0.5 && e * 7.0 < parent + 0.5);
	if (pid == 0)
		finish();
	expect_exit(pid, 0);
}

TEST(memory_is_private)
{
	size_t size = 64 * 4096;
	char *heap = malloc(size);
	char *map = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	pid_t pid;
	size_t i;

	memset(heap, 'h', size);
	memset(map, 'm', size);
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < size; i += 4096) {
			CHECK_EQ(heap[i], 'h');
			CHECK_EQ(map[i], 'm');
			heap[i] = map[i] = 'c';
		}
		finish();
	}
	expect_exit(pid, 0);
	for (i = 0; i < size; i += 4096)
		if (heap[i] != 'h' || map[i] != 'm')
			break;
	CHECK_EQ(i, size);
}

TEST(file_offset_is_shared)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600);
	pid_t pid;

	CHECK_EQ(write(fd, "0123456789", 10), 10);
	CHECK_EQ(lseek(fd, 2, SEEK_SET), 2);
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(lseek(fd, 3, SEEK_CUR), 5);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 5);
}

TEST(descriptor_table_is_copied)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), child;
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
		close(fd);
		child = open("/dev/zero", O_RDONLY);
		CHECK_EQ(child, fd);
		dup2(child, 100);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_ERR(fcntl(100, F_GETFD), EBADF);
}

TEST(pipe_eof_when_child_exits)
{
	int fd[2];
	char byte;
	pid_t pid;

	REQUIRE(pipe(fd) == 0);
	pid = fork();
	if (pid == 0) {
		write(fd[1], "x", 1);
		finish();
	}
	close(fd[1]);
	CHECK_EQ(read(fd[0], &byte, 1), 1);
	CHECK_EQ(read(fd[0], &byte, 1), 0);
	expect_exit(pid, 0);
}

static void ignore_it(int sig)
{
	(void)sig;
}

TEST(signals)
{
	struct sigaction act;
	sigset_t set;
	pid_t pid;

	set_handler(SIGUSR1, ignore_it, SA_RESTART);
	signal(SIGUSR2, SIG_IGN);
	block_signal(SIGTERM);
	raise(SIGTERM);
	pid = fork();
	if (pid == 0) {
		sigaction(SIGUSR1, NULL, &act);
		CHECK(act.sa_handler == ignore_it && act.sa_flags & SA_RESTART);
		sigaction(SIGUSR2, NULL, &act);
		CHECK(act.sa_handler == SIG_IGN);
		sigprocmask(SIG_BLOCK, NULL, &set);
		CHECK(sigismember(&set, SIGTERM) == 1);
		sigpending(&set);
		CHECK(sigismember(&set, SIGTERM) == 0);	/* pending signals stay with the parent */
		finish();
	}
	expect_exit(pid, 0);
	sigpending(&set);
	CHECK(sigismember(&set, SIGTERM) == 1);
}

TEST(timers_are_not_inherited)
{
	struct itimerval it = { .it_value = { 20, 0 } }, got;
	pid_t pid;

	setitimer(ITIMER_REAL, &it, NULL);
	pid = fork();
	if (pid == 0) {
		getitimer(ITIMER_REAL, &got);
		CHECK_EQ(got.it_value.tv_sec, 0);
		CHECK_EQ(got.it_value.tv_usec, 0);
		CHECK_EQ(alarm(0), 0);
		finish();
	}
	expect_exit(pid, 0);
	getitimer(ITIMER_REAL, &got);
	CHECK(got.it_value.tv_sec >= 15);
	alarm(0);
}

TEST(process_attributes)
{
	struct rlimit lim = { 77, 99 }, got;
	char cwd[256];
	pid_t pid;

	mkdir("d", 0755);
	CHECK_OK(chdir("d"));
	umask(027);
	setrlimit(RLIMIT_NOFILE, &lim);
	CHECK_OK(setpriority(PRIO_PROCESS, 0, 5));
	pid = fork();
	if (pid == 0) {
		CHECK(getcwd(cwd, sizeof(cwd)) && strcmp(strrchr(cwd, '/'), "/d") == 0);
		CHECK_EQ(umask(0), 027);
		getrlimit(RLIMIT_NOFILE, &got);
		CHECK(got.rlim_cur == 77 && got.rlim_max == 99);
		CHECK_EQ(getpriority(PRIO_PROCESS, 0), 5);
		CHECK_EQ(getpgrp(), getppid());
		CHECK_OK(chdir(".."));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(umask(0), 027);
	CHECK(getcwd(cwd, sizeof(cwd)) && strcmp(strrchr(cwd, '/'), "/d") == 0);
}

TEST(cpu_times_start_at_zero)
{
	struct tms tms;
	struct rusage usage;
	long long end = now_ms() + 1000;
	pid_t pid;

	while (now_ms() < end)
		;
	pid = fork();
	if (pid == 0) {
		getrusage(RUSAGE_SELF, &usage);
		CHECK(usage.ru_utime.tv_sec == 0 && usage.ru_utime.tv_usec < 500000);
		times(&tms);
		CHECK(tms.tms_cutime == 0 && tms.tms_cstime == 0);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(many_children)
{
	enum { CHILDREN = 100 };
	pid_t pids[CHILDREN];
	int i, ws;

	for (i = 0; i < CHILDREN; i++) {
		pids[i] = fork();
		if (pids[i] == 0)
			_exit(i);
		REQUIRE(pids[i] > 0);
	}
	for (i = 0; i < CHILDREN; i++) {
		CHECK_EQ(waitpid(pids[i], &ws, 0), pids[i]);
		CHECK(WIFEXITED(ws) && WEXITSTATUS(ws) == i);
	}
	CHECK_ERR(wait(NULL), ECHILD);
}

static int depth_of_tree(int depth)
{
	pid_t pid;
	int ws, deepest = 0, i;

	if (depth == 0)
		return 1;
	for (i = 0; i < 2; i++) {
		pid = fork();
		if (pid == 0)
			_exit(depth_of_tree(depth - 1));
		waitpid(pid, &ws, 0);
		if (WIFEXITED(ws))
			deepest += WEXITSTATUS(ws);
	}
	return deepest;
}

TEST(tree)
{
	CHECK_EQ(depth_of_tree(5), 32);
}

TEST(nproc_limit)
{
	struct rlimit lim = { 3, 3 };
	pid_t pid = fork(), kids[8];
	int i, made = 0;

	if (pid == 0) {
		become_user();
		setrlimit(RLIMIT_NPROC, &lim);
		for (i = 0; i < 8; i++) {
			kids[made] = fork();
			if (kids[made] == 0) {
				pause();
				_exit(0);
			}
			if (kids[made] < 0)
				break;
			made++;
		}
		CHECK_EQ(made, 2);
		CHECK_EQ(errno, EAGAIN);
		while (made-- > 0) {
			kill(kids[made], SIGKILL);
			expect_signal(kids[made], SIGKILL);
		}
		/* And with the room back it works again. */
		pid = fork();
		if (pid == 0)
			_exit(3);
		expect_exit(pid, 3);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(nproc_does_not_bind_root)
{
	struct rlimit lim = { 1, 1 };
	pid_t pid;

	setrlimit(RLIMIT_NPROC, &lim);
	pid = fork();
	if (pid == 0)
		_exit(0);
	expect_exit(pid, 0);
}

TEST(loop)
{
	int i, ws, bad = 0;
	pid_t pid;

	for (i = 0; i < 300; i++) {
		pid = fork();
		if (pid == 0)
			_exit(7);
		if (waitpid(pid, &ws, 0) != pid || ws != 7 << 8)
			bad++;
	}
	CHECK_EQ(bad, 0);
}

static volatile int ticks;

static void count_tick(int sig)
{
	(void)sig;
	ticks++;
}

/* fork restarts by itself when a signal comes: the caller never sees EINTR. */
TEST(not_interrupted)
{
	struct itimerval it = { { 0, 2000 }, { 0, 2000 } }, off = { 0 };
	int i, bad = 0;
	pid_t pid;

	set_handler(SIGALRM, count_tick, 0);
	setitimer(ITIMER_REAL, &it, NULL);
	for (i = 0; i < 100; i++) {
		pid = fork();
		if (pid == 0)
			_exit(0);
		if (pid < 0) {
			bad++;
			continue;
		}
		while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	setitimer(ITIMER_REAL, &off, NULL);
	CHECK_EQ(bad, 0);
	CHECK(ticks > 0);
}
