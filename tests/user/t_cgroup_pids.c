// SPDX-License-Identifier: GPL-2.0-only
/* The pids controller: cgroups(7), pids.max and its relatives. */
#include "cgroup.h"

#include <linux/sched.h>
#include <poll.h>
#include <pthread.h>

TEST(files)
{
	pid_t pid;

	cg_begin("pids");
	CHECK_STR(cg_read("t", "pids.max"), "max\n");
	CHECK_STR(cg_read("t", "pids.current"), "0\n");
	CHECK_STR(cg_read("t", "pids.events"), "max 0\n");
	CHECK_EQ(cg_read_errno("", "pids.max"), ENOENT);
	CHECK_EQ(cg_write("t", "pids.max", "-1"), EINVAL);
	CHECK_EQ(cg_write("t", "pids.max", "x"), EINVAL);
	CHECK_EQ(cg_write("t", "pids.max", "9999999999"), EINVAL);
	CHECK_EQ(cg_write("t", "pids.max", "12"), 0);
	CHECK_STR(cg_read("t", "pids.max"), "12\n");
	CHECK_EQ(cg_write("t", "pids.max", "max\n"), 0);
	pid = cg_sleeper("t");
	CHECK_STR(cg_read("t", "pids.current"), "1\n");
	CHECK_STR(cg_read("t", "pids.peak"), "1\n");
	kill(pid, SIGKILL);
	CHECK(wait_state(pid, 'Z'));
	CHECK_STR(cg_read("t", "pids.current"), "1\n");	/* until it is reaped */
	expect_signal(pid, SIGKILL);
	CHECK_STR(cg_read("t", "pids.current"), "0\n");
	CHECK_STR(cg_read("t", "pids.peak"), "1\n");
	cg_end();
}

TEST(fork_refused)
{
	struct pollfd p = { .events = POLLPRI };
	char text[64];
	pid_t pid;

	cg_begin("pids");
	p.fd = open("cg/t/pids.events", O_RDONLY);
	CHECK(read(p.fd, text, sizeof(text)) > 0);
	CHECK_EQ(cg_write("t", "pids.max", "2"), 0);
	pid = fork();
	if (!pid) {
		pthread_t thread;
		pid_t child;

		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		child = fork();
		if (!child)
			pause();
		CHECK_ERR(fork(), EAGAIN);
		CHECK_EQ(pthread_create(&thread, NULL, NULL, NULL), EAGAIN);	/* threads count */
		cg_kill(child);
		child = fork();			/* there is room again */
		if (!child)
			finish();
		expect_exit(child, 0);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(cg_value("t", "pids.events", "max"), 2);
	CHECK_EQ(poll(&p, 1, 0), 1);
	close(p.fd);
	cg_end();
}

/* The limit holds for all below; who is moved in is not refused. */
TEST(hierarchy)
{
	pid_t a, b, pid;

	cg_begin("pids");
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+pids"), 0);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/b"), 0);
	CHECK_EQ(cg_write("t", "pids.max", "1"), 0);
	a = cg_sleeper("t/a");
	b = cg_sleeper("t/b");
	CHECK_STR(cg_read("t", "pids.current"), "2\n");
	CHECK_STR(cg_read("t/a", "pids.current"), "1\n");
	pid = fork();
	if (!pid) {
		CHECK_EQ(cg_write("t/a", "cgroup.procs", "0"), 0);
		CHECK_ERR(fork(), EAGAIN);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(cg_value("t/a", "pids.events", "max"), 1);
	CHECK_EQ(cg_value("t/b", "pids.events", "max"), 0);
	cg_kill(a);
	cg_kill(b);
	cg_remove("t/a");
	cg_remove("t/b");
	cg_end();
}

/* Zero: nobody may fork, but who is there goes on. */
TEST(zero)
{
	pid_t pid;

	cg_begin("pids");
	CHECK_EQ(cg_write("t", "pids.max", "0"), 0);
	pid = fork();
	if (!pid) {
		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		CHECK_ERR(fork(), EAGAIN);
		finish();
	}
	expect_exit(pid, 0);
	cg_end();
}

TEST(clone_into_full_group)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP, .exit_signal = SIGCHLD };

	cg_begin("pids");
	CHECK_EQ(cg_write("t", "pids.max", "0"), 0);
	args.cgroup = open("cg/t", O_RDONLY);
	CHECK_ERR(syscall(SYS_clone3, &args, sizeof(args)), EAGAIN);
	CHECK_STR(cg_read("t", "pids.current"), "0\n");
	close(args.cgroup);
	cg_end();
}

TEST(fork_bomb)
{
	pid_t pid;
	int i;

	cg_begin("pids");
	signal(SIGCHLD, SIG_IGN);
	CHECK_EQ(cg_write("t", "pids.max", "40"), 0);
	pid = fork();
	if (!pid) {
		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		for (;;)
			if (fork() < 0)
				sched_yield();
	}
	for (i = 0; i < 20 || (i < 1000 && !cg_value("t", "pids.events", "max")); i++) {
		CHECK(cg_number("t", "pids.current") <= 40);
		sleep_ms(5);
	}
	CHECK(cg_value("t", "pids.events", "max") > 0);
	CHECK_EQ(cg_write("t", "cgroup.kill", "1"), 0);
	CHECK(cg_wait("t", "cgroup.events", "populated", 0));
	while (waitpid(-1, NULL, 0) > 0)
		;
	cg_end();
}
