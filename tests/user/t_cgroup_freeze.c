// SPDX-License-Identifier: GPL-2.0-only
/* cgroup.freeze: who stands still, who goes on, who may still die. */
#include "cgroup.h"

#include <poll.h>
#include <pthread.h>
#include <sys/inotify.h>
#include <sys/ptrace.h>

/* A child in @group that counts. */
static pid_t counter(const char *group, volatile long *count)
{
	pid_t pid = fork();

	if (!pid) {
		for (;;)
			++*count;
	}
	CHECK_EQ(cg_write_number(group, "cgroup.procs", pid), 0);
	return pid;
}

static bool stands_still(volatile long *count)
{
	long before = *count;

	sleep_ms(30);
	return *count == before;
}

static bool goes_on(volatile long *count)
{
	long before = *count;
	long long end = now_ms() + 5000;

	while (*count == before && now_ms() < end)
		sleep_ms(1);
	return *count != before;
}

TEST(file)
{
	cg_begin(NULL);
	CHECK_STR(cg_read("t", "cgroup.freeze"), "0\n");
	CHECK_EQ(cg_read_errno("", "cgroup.freeze"), ENOENT);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "2"), ERANGE);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "-1"), ERANGE);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "x"), EINVAL);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK_STR(cg_read("t", "cgroup.freeze"), "1\n");
	CHECK_EQ(cg_value("t", "cgroup.events", "frozen"), 1);	/* there is nobody */
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_STR(cg_read("t/a", "cgroup.freeze"), "0\n");
	CHECK_EQ(cg_value("t/a", "cgroup.events", "frozen"), 1);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), 0);
	CHECK_EQ(cg_value("t", "cgroup.events", "frozen"), 0);
	CHECK_EQ(cg_value("t/a", "cgroup.events", "frozen"), 0);
	cg_remove("t/a");
	cg_end();
}

TEST(freeze_and_thaw)
{
	volatile long *count = shared_page();
	struct pollfd p = { .events = POLLPRI };
	char text[64];
	pid_t pid, sleeper;

	cg_begin(NULL);
	pid = counter("t", count);
	sleeper = cg_sleeper("t");
	CHECK(goes_on(count));
	p.fd = open("cg/t/cgroup.events", O_RDONLY);
	CHECK(read(p.fd, text, sizeof(text)) > 0);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK_EQ(poll(&p, 1, 5000), 1);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK(stands_still(count));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 0));
	CHECK(goes_on(count));
	close(p.fd);
	cg_kill(pid);
	cg_kill(sleeper);
	cg_end();
}

TEST(kill_frozen)
{
	volatile long *count = shared_page();
	pid_t pid;

	cg_begin(NULL);
	pid = counter("t", count);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	cg_kill(pid);
	CHECK_EQ(cg_value("t", "cgroup.events", "populated"), 0);
	CHECK_EQ(cg_value("t", "cgroup.events", "frozen"), 1);
	pid = cg_sleeper("t");
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK_EQ(cg_write("t", "cgroup.kill", "1"), 0);
	expect_signal(pid, SIGKILL);
	cg_end();
}

static volatile sig_atomic_t usr1;

static void on_usr1(int sig)
{
	(void)sig;
	usr1++;
}

/* Signals but SIGKILL wait for the thaw. */
TEST(signals_wait)
{
	volatile long *count = shared_page();
	pid_t pid;

	cg_begin(NULL);
	pid = fork();
	if (!pid) {
		set_handler(SIGUSR1, on_usr1, 0);
		count[1] = 1;
		for (;;)
			count[0] = usr1;
	}
	CHECK_EQ(cg_write_number("t", "cgroup.procs", pid), 0);
	CHECK(wait_flag((volatile int *)&count[1]));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK_OK(kill(pid, SIGUSR1));
	sleep_ms(30);
	CHECK_EQ(count[0], 0);
	CHECK_EQ(cg_value("t", "cgroup.events", "frozen"), 1);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), 0);
	CHECK(wait_flag((volatile int *)&count[0]));
	cg_kill(pid);
	cg_end();
}

/* The sleeper's call goes on as if nothing had been. */
TEST(interrupted_calls)
{
	volatile long *result = shared_page();
	pid_t pid;

	cg_begin(NULL);
	pid = fork();
	if (!pid) {
		struct timespec t = { .tv_nsec = 200 * 1000 * 1000 };

		result[0] = 1;
		CHECK_OK(nanosleep(&t, NULL));
		finish();
	}
	CHECK_EQ(cg_write_number("t", "cgroup.procs", pid), 0);
	CHECK(wait_flag((volatile int *)result));
	sleep_ms(10);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), 0);
	expect_exit(pid, 0);
	cg_end();
}

TEST(hierarchy)
{
	volatile long *count = shared_page();
	pid_t pid;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	pid = counter("t/a", count);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK_EQ(cg_value("t/a", "cgroup.events", "frozen"), 1);
	CHECK(stands_still(count));
	/* Twice frozen; once thawed is not enough. */
	CHECK_EQ(cg_write("t/a", "cgroup.freeze", "1"), 0);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), 0);
	CHECK_EQ(cg_value("t", "cgroup.events", "frozen"), 0);
	CHECK_EQ(cg_value("t/a", "cgroup.events", "frozen"), 1);
	CHECK(stands_still(count));
	CHECK_EQ(cg_write("t/a", "cgroup.freeze", "0"), 0);
	CHECK(goes_on(count));
	cg_kill(pid);
	cg_remove("t/a");
	cg_end();
}

TEST(migration)
{
	volatile long *count = shared_page();
	pid_t pid;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/cold"), 0);
	CHECK_EQ(cg_mkdir("t/warm"), 0);
	CHECK_EQ(cg_write("t/cold", "cgroup.freeze", "1"), 0);
	pid = counter("t/warm", count);
	CHECK_EQ(cg_write_number("t/cold", "cgroup.procs", pid), 0);
	CHECK(cg_wait("t/cold", "cgroup.events", "frozen", 1));
	CHECK(stands_still(count));
	CHECK_EQ(cg_write_number("t/warm", "cgroup.procs", pid), 0);
	CHECK(goes_on(count));
	CHECK_EQ(cg_value("t/cold", "cgroup.events", "frozen"), 1);
	CHECK_EQ(cg_write_number("t/cold", "cgroup.procs", pid), 0);
	CHECK(cg_wait("t/cold", "cgroup.events", "frozen", 1));
	CHECK_EQ(cg_write_number("", "cgroup.procs", pid), 0);
	CHECK(goes_on(count));
	cg_kill(pid);
	cg_remove("t/cold");
	cg_remove("t/warm");
	cg_end();
}

/* Stopped processes count as frozen, and SIGCONT does not thaw them. */
TEST(stopped)
{
	volatile long *count = shared_page();
	pid_t pid;

	cg_begin(NULL);
	pid = counter("t", count);
	CHECK_OK(kill(pid, SIGSTOP));
	CHECK(wait_state(pid, 'T'));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK_OK(kill(pid, SIGCONT));
	sleep_ms(20);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK(stands_still(count));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), 0);
	CHECK(goes_on(count));
	cg_kill(pid);
	cg_end();
}

/* Stopped in the root, then moved into a frozen group. */
TEST(stopped_comes_in)
{
	volatile long *count = shared_page();
	pid_t pid;

	cg_begin(NULL);
	pid = counter("", count);
	CHECK_OK(kill(pid, SIGSTOP));
	CHECK(wait_state(pid, 'T'));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK_EQ(cg_write_number("t", "cgroup.procs", pid), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), 0);
	CHECK_OK(kill(pid, SIGCONT));
	CHECK(goes_on(count));
	cg_kill(pid);
	cg_end();
}

TEST(traced)
{
	pid_t pid;
	int status;

	cg_begin(NULL);
	pid = cg_sleeper("t");
	CHECK_OK(ptrace(PTRACE_SEIZE, pid, 0, 0));
	CHECK_OK(ptrace(PTRACE_INTERRUPT, pid, 0, 0));
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK_OK(ptrace(PTRACE_CONT, pid, 0, 0));
	sleep_ms(20);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK_OK(ptrace(PTRACE_INTERRUPT, pid, 0, 0));		/* a frozen one stops for its tracer */
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK(WIFSTOPPED(status));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), 0);
	CHECK_OK(ptrace(PTRACE_DETACH, pid, 0, 0));
	cg_kill(pid);
	cg_end();
}

/* The parent waits for a child that does not run: frozen all the same. */
TEST(vfork)
{
	volatile long *count = shared_page();
	pid_t pid;

	cg_begin(NULL);
	pid = fork();
	if (!pid) {
		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		pid = vfork();
		if (!pid) {
			count[0] = 1;
			pause();
			_exit(0);
		}
		finish();
	}
	CHECK(wait_flag((volatile int *)count));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 0));
	CHECK_EQ(cg_write("t", "cgroup.kill", "1"), 0);
	expect_signal(pid, SIGKILL);
	CHECK(cg_wait("t", "cgroup.events", "populated", 0));
	cg_end();
}

static void *spin(void *count)
{
	for (;;)
		++*(volatile long *)count;
	return NULL;
}

TEST(threads)
{
	volatile long *count = shared_page();
	pthread_t thread;
	pid_t pid;

	cg_begin(NULL);
	pid = fork();
	if (!pid) {
		pthread_create(&thread, NULL, spin, (void *)&count[0]);
		pthread_create(&thread, NULL, spin, (void *)&count[1]);
		pause();
	}
	CHECK(goes_on(&count[0]));
	CHECK(goes_on(&count[1]));
	CHECK_EQ(cg_write_number("t", "cgroup.procs", pid), 0);
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK(stands_still(&count[0]));
	CHECK(stands_still(&count[1]));
	CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), 0);
	CHECK(goes_on(&count[0]));
	CHECK(goes_on(&count[1]));
	cg_kill(pid);
	cg_end();
}

/* Freeze and thaw a group whose processes fork, exit, sleep and send signals. */
TEST(storm)
{
	long long end = now_ms() + 2500;
	pid_t pid[3];
	int i;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	for (i = 0; i < 3; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			CHECK_EQ(cg_write(i ? "t/a" : "t", "cgroup.procs", "0"), 0);
			for (;;) {
				pid_t child = i == 1 ? vfork() : fork();

				if (!child)
					_exit(0);
				kill(child, SIGSTOP);
				kill(child, SIGCONT);
				waitpid(child, NULL, 0);
			}
		}
	}
	for (i = 0; now_ms() < end; i++) {
		const char *group = i & 2 ? "t/a" : "t";

		CHECK_EQ(cg_write(group, "cgroup.freeze", "1"), 0);
		if (i % 3 == 0)
			CHECK(cg_wait(group, "cgroup.events", "frozen", 1));
		CHECK_EQ(cg_write(group, "cgroup.freeze", "0"), 0);
	}
	CHECK_EQ(cg_write("t", "cgroup.freeze", "1"), 0);
	CHECK(cg_wait("t", "cgroup.events", "frozen", 1));
	CHECK_EQ(cg_write("t", "cgroup.kill", "1"), 0);
	for (i = 0; i < 3; i++)
		expect_signal(pid[i], SIGKILL);
	CHECK(cg_wait("t", "cgroup.events", "populated", 0));
	cg_remove("t/a");
	cg_end();
}
