// SPDX-License-Identifier: GPL-2.0-only
/* t_pid.c: process, group and session numbers: getpid, setpgid, setsid, allocation of numbers. */
#include "tap.h"

#include <sched.h>
#include <sys/prctl.h>

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

TEST(identity)
{
	CHECK(getpid() > 1);
	CHECK_EQ(syscall(SYS_gettid), getpid());
	CHECK(getppid() > 0);
	CHECK_EQ(getpgrp(), getpid());	/* the harness puts each test in a group of its own */
	CHECK_EQ(getpgid(0), getpgrp());
	CHECK_EQ(getpgid(getpid()), getpgrp());
	CHECK_EQ(getsid(0), getsid(getppid()));
}

TEST(not_found)
{
	CHECK_ERR(getpgid(999999), ESRCH);
	CHECK_ERR(getsid(999999), ESRCH);
	CHECK_ERR(getpgid(-1), ESRCH);
	CHECK_ERR(setpgid(999999, 0), ESRCH);
	CHECK_ERR(setpgid(getppid(), 0), ESRCH);	/* not a child */
	CHECK_ERR(setpgid(0, -1), EINVAL);
	CHECK_ERR(kill(999999, 0), ESRCH);
	CHECK_ERR(kill(-999999, 0), ESRCH);
	CHECK_ERR(kill(getpid(), 65), EINVAL);
	CHECK_ERR(kill(getpid(), -1), EINVAL);
}

TEST(setpgid_of_child)
{
	pid_t a = sleeper(), b = sleeper();

	CHECK_EQ(getpgid(a), getpgrp());
	CHECK_OK(setpgid(a, 0));
	CHECK_EQ(getpgid(a), a);
	CHECK_OK(setpgid(b, a));
	CHECK_EQ(getpgid(b), a);
	CHECK_OK(setpgid(b, getpgrp()));
	CHECK_EQ(getpgid(b), getpgrp());
	CHECK_ERR(setpgid(b, 999999), EPERM);	/* no such group in the session */
	stop(a);
	stop(b);
}

TEST(setpgid_after_exec)
{
	char *args[] = { "x", "@t_pid.sleep", NULL };
	int fd[2];
	pid_t pid;
	char byte;

	REQUIRE(pipe2(fd, O_CLOEXEC) == 0);
	pid = fork();
	if (pid == 0) {
		execv(self_path, args);
		_exit(126);
	}
	/* Our end of the pipe sees its end closed on exec. */
	close(fd[1]);
	CHECK_EQ(read(fd[0], &byte, 1), 0);
	CHECK_ERR(setpgid(pid, pid), EACCES);
	stop(pid);
}

HELPER(sleep)
{
	for (;;)
		pause();
	return 0;
}

TEST(setsid)
{
	int *page = shared_page();
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_EQ(setsid(), getpid());
		CHECK_EQ(getsid(0), getpid());
		CHECK_EQ(getpgrp(), getpid());
		CHECK_ERR(setsid(), EPERM);
		CHECK_ERR(setpgid(0, 0), EPERM);	/* a session leader stays */
		page[1] = open("/dev/tty", O_RDWR) < 0 ? errno : 0;
		page[0] = 1;
		while (page[0] != 2)
			sleep_ms(1);
		finish();
	}
	CHECK(wait_flag(page));
	CHECK_EQ(getsid(pid), pid);
	CHECK_EQ(page[1], ENXIO);		/* no controlling terminal */
	CHECK_ERR(setpgid(pid, getpgrp()), EPERM);
	page[0] = 2;
	expect_exit(pid, 0);
	CHECK_ERR(setsid(), EPERM);		/* we lead a group */
}

TEST(group_outlives_leader)
{
	pid_t leader = sleeper(), member = sleeper();

	CHECK_OK(setpgid(leader, leader));
	CHECK_OK(setpgid(member, leader));
	stop(leader);
	CHECK_EQ(getpgid(member), leader);
	CHECK_OK(kill(-leader, 0));
	CHECK_OK(kill(-leader, SIGKILL));
	expect_signal(member, SIGKILL);
	CHECK_ERR(kill(-leader, 0), ESRCH);
}

TEST(numbers_are_not_reused_at_once)
{
	pid_t last = 0, pid;
	int i, repeats = 0;

	for (i = 0; i < 50; i++) {
		pid = fork();
		if (pid == 0)
			_exit(0);
		repeats += pid == last;
		last = pid;
		expect_exit(pid, 0);
	}
	CHECK_EQ(repeats, 0);
}

TEST(kill_group)
{
	pid_t a = sleeper(), b = sleeper();

	CHECK_OK(setpgid(a, a));
	CHECK_OK(setpgid(b, a));
	CHECK_OK(killpg(a, SIGTERM));
	expect_signal(a, SIGTERM);
	expect_signal(b, SIGTERM);
}

TEST(kill_permission)
{
	pid_t victim = sleeper(), pid = fork();

	if (pid == 0) {
		become_user();
		CHECK_ERR(kill(victim, 0), EPERM);
		CHECK_ERR(kill(victim, SIGTERM), EPERM);
		CHECK_ERR(kill(1, SIGTERM), EPERM);
		CHECK_OK(kill(getpid(), 0));
		finish();
	}
	expect_exit(pid, 0);
	stop(victim);
}

TEST(sigcont_within_session)
{
	pid_t victim = sleeper(), pid;

	kill(victim, SIGSTOP);
	CHECK_EQ(waitpid(victim, NULL, WUNTRACED), victim);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_OK(kill(victim, SIGCONT));	/* the one signal a session may always send */
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(waitpid(victim, NULL, WCONTINUED), victim);
	stop(victim);
}

TEST(tgkill)
{
	CHECK_OK(syscall(SYS_tgkill, getpid(), getpid(), 0));
	CHECK_OK(syscall(SYS_tkill, getpid(), 0));
	CHECK_ERR(syscall(SYS_tgkill, getppid(), getpid(), 0), ESRCH);
	CHECK_ERR(syscall(SYS_tgkill, getpid(), 999999, 0), ESRCH);
	CHECK_ERR(syscall(SYS_tgkill, 0, getpid(), 0), EINVAL);
	CHECK_ERR(syscall(SYS_tgkill, getpid(), -1, 0), EINVAL);
	CHECK_ERR(syscall(SYS_tkill, 0, 0), EINVAL);
}

/* getppid follows the parent: init or a subreaper takes over, and a new pid namespace sees nobody above. */
TEST(parent_changes)
{
	volatile pid_t *seen = shared_page();
	pid_t pid, me = getpid();

	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	if (pid == 0) {
		pid = fork();
		if (pid == 0) {
			seen[0] = getppid();
			while (getppid() == seen[0])
				sleep_ms(1);
			seen[1] = getppid();
			_exit(0);
		}
		while (!seen[0])
			sleep_ms(1);
		_exit(0);
	}
	expect_exit(pid, 0);
	while (waitpid(-1, NULL, 0) > 0)
		;
	CHECK_EQ(seen[0], pid);
	CHECK_EQ(seen[1], me);
	pid = syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
	if (pid == 0) {
		CHECK_EQ(getppid(), 0);
		pid = fork();
		if (pid == 0) {
			CHECK_EQ(getppid(), 1);
			finish();
		}
		expect_exit(pid, 0);
		finish();
	}
	if (pid > 0)
		expect_exit(pid, 0);
}
