// SPDX-License-Identifier: GPL-2.0-only
/* t_ioprio.c: ioprio_set, ioprio_get: classes, whom they mean, who may, and what fork and clone do with them. */
#include "tap.h"

#include <linux/ioprio.h>
#include <sched.h>
#include <sys/resource.h>

#define BE(level)	IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, level)
#define RT(level)	IOPRIO_PRIO_VALUE(IOPRIO_CLASS_RT, level)
#define IDLE(level)	IOPRIO_PRIO_VALUE(IOPRIO_CLASS_IDLE, level)

static long set(int which, int who, int ioprio)
{
	return syscall(SYS_ioprio_set, which, who, ioprio);
}

static long get(int which, int who)
{
	return syscall(SYS_ioprio_get, which, who);
}

TEST(one_process)
{
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), 0);	/* never set */
	CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, BE(3)));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), BE(3));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, getpid()), BE(3));
	CHECK_OK(set(IOPRIO_WHO_PROCESS, getpid(), RT(7)));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), RT(7));
	CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, IDLE(7)));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), IDLE(7));
	CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, IDLE(100)));	/* the level means nothing */
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), IDLE(100));
	CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, 0));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), 0);
}

TEST(refusals)
{
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, 0, BE(8)), EINVAL);
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, 0, RT(8)), EINVAL);
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, 0, 1), EINVAL);
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(4, 0)), EINVAL);
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, 0, -1), EINVAL);
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, 99999999, BE(8)), EINVAL);
	CHECK_ERR(set(0, 0, BE(4)), EINVAL);
	CHECK_ERR(set(4, 0, BE(4)), EINVAL);
	CHECK_ERR(get(0, 0), EINVAL);
	CHECK_ERR(get(4, 0), EINVAL);
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, 99999999, BE(4)), ESRCH);
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, -1, BE(4)), ESRCH);
	CHECK_ERR(get(IOPRIO_WHO_PROCESS, 99999999), ESRCH);
	CHECK_ERR(set(IOPRIO_WHO_PGRP, 99999999, BE(4)), ESRCH);
	CHECK_ERR(get(IOPRIO_WHO_PGRP, 99999999), ESRCH);
	CHECK_ERR(set(IOPRIO_WHO_USER, 4242, BE(4)), ESRCH);
	CHECK_ERR(get(IOPRIO_WHO_USER, 4242), ESRCH);
	CHECK_ERR(get(IOPRIO_WHO_USER, -1), ESRCH);
}

TEST(groups)
{
	struct gate go;
	pid_t pid;

	CHECK_OK(setpgid(0, 0));
	CHECK_EQ(get(IOPRIO_WHO_PGRP, 0), BE(4));	/* what the niceness means */
	CHECK_OK(setpriority(PRIO_PROCESS, 0, 19));
	CHECK_EQ(get(IOPRIO_WHO_PGRP, 0), BE(7));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), 0);
	gate_init(&go);
	pid = fork();
	if (pid == 0) {
		char c;

		close(go.fd[1]);
		(void)!read(go.fd[0], &c, 1);
		CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), BE(6));
		finish();
	}
	CHECK_OK(set(IOPRIO_WHO_PROCESS, pid, BE(2)));
	CHECK_EQ(get(IOPRIO_WHO_PGRP, 0), BE(2));
	CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, RT(5)));
	CHECK_EQ(get(IOPRIO_WHO_PGRP, getpgrp()), RT(5));
	CHECK_OK(set(IOPRIO_WHO_PGRP, 0, BE(6)));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), BE(6));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, pid), BE(6));
	close(go.fd[1]);
	expect_exit(pid, 0);
}

TEST(niceness_and_policy)
{
	struct sched_param none = { 0 }, fifo = { .sched_priority = 1 };

	CHECK_OK(setpgid(0, 0));
	CHECK_OK(setpriority(PRIO_PROCESS, 0, -20));
	CHECK_EQ(get(IOPRIO_WHO_PGRP, 0), BE(0));
	CHECK_OK(sched_setscheduler(0, SCHED_IDLE, &none));
	CHECK_EQ(IOPRIO_PRIO_CLASS(get(IOPRIO_WHO_PGRP, 0)), IOPRIO_CLASS_IDLE);
	CHECK_OK(sched_setscheduler(0, SCHED_FIFO, &fifo));
	CHECK_EQ(IOPRIO_PRIO_CLASS(get(IOPRIO_WHO_PGRP, 0)), IOPRIO_CLASS_RT);
}

TEST(users)
{
	pid_t pid;

	become_user();
	CHECK_EQ(get(IOPRIO_WHO_USER, 1000), BE(4));
	CHECK_OK(set(IOPRIO_WHO_USER, 1000, BE(1)));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), BE(1));
	CHECK_EQ(get(IOPRIO_WHO_USER, 1000), BE(1));
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, 0, RT(4)), EPERM);
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, 0, RT(8)), EPERM);
	CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, IDLE(0)));
	CHECK_ERR(set(IOPRIO_WHO_PROCESS, 1, BE(4)), EPERM);
	CHECK_ERR(set(IOPRIO_WHO_USER, 0, BE(4)), EPERM);
	CHECK(get(IOPRIO_WHO_PROCESS, 1) >= 0);
	pid = fork();
	if (pid == 0)
		pause();
	CHECK_OK(set(IOPRIO_WHO_PROCESS, pid, BE(5)));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, pid), BE(5));
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

HELPER(tell)
{
	return get(IOPRIO_WHO_PROCESS, 0) == BE(2) ? 0 : 1;
}

TEST(fork_and_exec)
{
	char *argv[] = { (char *)self_path, "@t_ioprio.tell", NULL };
	pid_t pid;

	CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, BE(2)));
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), BE(2));
		CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, BE(3)));
		CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, BE(2)));
		execv(self_path, argv);
		_exit(99);
	}
	expect_exit(pid, 0);
	pid = fork();
	if (pid == 0) {
		CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, BE(5)));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), BE(2));
}

TEST(clone_io)
{
	pid_t pid;

	CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, BE(2)));
	pid = syscall(SYS_clone, CLONE_IO | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0) {
		CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, BE(5)));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, 0), BE(5));	/* one for both */
}

TEST(zombies)
{
	siginfo_t info;
	pid_t pid;

	CHECK_OK(set(IOPRIO_WHO_PROCESS, 0, BE(2)));
	pid = fork();
	if (pid == 0)
		_exit(0);
	CHECK_OK(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, pid), 0);
	CHECK_OK(set(IOPRIO_WHO_PROCESS, pid, BE(2)));	/* and nothing comes of it */
	CHECK_EQ(get(IOPRIO_WHO_PROCESS, pid), 0);
	expect_exit(pid, 0);
}
