// SPDX-License-Identifier: GPL-2.0-only
/* t_yama.c: kernel.yama.ptrace_scope and PR_SET_PTRACER: who may attach to whom. */
#include "tap.h"

#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

#ifndef PR_SET_PTRACER
#define PR_SET_PTRACER		0x59616d61
#define PR_SET_PTRACER_ANY	((unsigned long)-1)
#endif

#define SCOPE "/proc/sys/kernel/yama/ptrace_scope"

static void set_scope(const char *scope)
{
	write_file(SCOPE, scope);
}

/* A child of user 1000 that can be traced by its user, says who, and sleeps. */
static pid_t victim(unsigned long ptracer)
{
	volatile int *ready = shared_page();
	pid_t pid = fork();

	if (!pid) {
		become_user();
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		if (ptracer && prctl(PR_SET_PTRACER, ptracer, 0, 0, 0))
			_exit(9);
		*ready = 1;
		for (;;)
			pause();
	}
	CHECK(wait_flag(ready));
	return pid;
}

static void reap(pid_t pid)
{
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

/* As user 1000 who is not its parent: the errno of attaching to pid, or 0. */
static int attach_as_stranger(pid_t pid)
{
	volatile int *result = shared_page();
	pid_t child = fork();
	int status;

	if (!child) {
		become_user();
		*result = ptrace(PTRACE_ATTACH, pid, 0, 0) ? errno : 0;
		if (!*result) {
			waitpid(pid, &status, __WALL);
			ptrace(PTRACE_DETACH, pid, 0, 0);
		}
		_exit(0);
	}
	expect_exit(child, 0);
	return *result;
}

static int read_as_stranger(pid_t pid)
{
	volatile int *result = shared_page();
	static char word[4];
	char to[4];
	struct iovec local = { to, 4 }, remote = { word, 4 };
	pid_t child = fork();

	if (!child) {
		become_user();
		*result = process_vm_readv(pid, &local, 1, &remote, 1, 0) == 4 ? 0 : errno;
		_exit(0);
	}
	expect_exit(child, 0);
	return *result;
}

TEST(off_by_default)
{
	pid_t pid = victim(0);

	CHECK(file_has(SCOPE, "0"));
	CHECK_EQ(attach_as_stranger(pid), 0);
	CHECK_EQ(read_as_stranger(pid), 0);
	reap(pid);
}

TEST(strangers)
{
	pid_t pid = victim(0);

	set_scope("1");
	CHECK_EQ(attach_as_stranger(pid), EPERM);
	CHECK_EQ(read_as_stranger(pid), EPERM);
	set_scope("0");
	reap(pid);
}

/* A parent without privileges still traces its child, and its grandchild. */
TEST(descendants)
{
	pid_t pid, child, *grandchild = shared_page();
	int status;

	set_scope("1");
	pid = fork();
	if (!pid) {
		become_user();
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		child = fork();
		if (!child) {
			pid_t other = fork();

			if (!other)
				for (;;)
					pause();
			*grandchild = other;
			for (;;)
				pause();
		}
		CHECK(wait_flag(grandchild));
		CHECK_OK(ptrace(PTRACE_ATTACH, child, 0, 0));
		CHECK_EQ(waitpid(child, &status, 0), child);
		CHECK_OK(ptrace(PTRACE_ATTACH, *grandchild, 0, 0));
		CHECK_EQ(waitpid(*grandchild, &status, __WALL), *grandchild);
		/* Up the tree it does not go. */
		CHECK_ERR(ptrace(PTRACE_ATTACH, getppid(), 0, 0), EPERM);
		kill(*grandchild, SIGKILL);
		CHECK_EQ(waitpid(*grandchild, &status, __WALL), *grandchild);
		kill(child, SIGKILL);
		expect_signal(child, SIGKILL);
		finish();
	}
	expect_exit(pid, 0);
	set_scope("0");
}

TEST(anybody)
{
	pid_t pid = victim(PR_SET_PTRACER_ANY);

	set_scope("1");
	CHECK_EQ(attach_as_stranger(pid), 0);
	set_scope("0");
	reap(pid);
}

/* A named process, and its descendants. */
TEST(named)
{
	pid_t pid = victim(getpid());

	set_scope("1");
	CHECK_EQ(attach_as_stranger(pid), 0);		/* our child */
	set_scope("0");
	reap(pid);
	pid = victim(1);				/* nearly everybody's ancestor */
	set_scope("1");
	CHECK_EQ(attach_as_stranger(pid), 0);
	set_scope("0");
	reap(pid);
}

TEST(named_other)
{
	pid_t other = victim(0), pid = victim(other);

	set_scope("1");
	CHECK_EQ(attach_as_stranger(pid), EPERM);
	reap(other);
	CHECK_EQ(attach_as_stranger(pid), EPERM);
	set_scope("0");
	reap(pid);
}

static pid_t withdrawing_victim(void)
{
	volatile int *ready = shared_page();
	pid_t pid = fork();

	if (!pid) {
		become_user();
		prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);
		if (prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0) || prctl(PR_SET_PTRACER, 0, 0, 0, 0))
			_exit(9);
		*ready = 1;
		for (;;)
			pause();
	}
	CHECK(wait_flag(ready));
	return pid;
}

TEST(taken_back)
{
	pid_t pid = withdrawing_victim();

	set_scope("1");
	CHECK_EQ(attach_as_stranger(pid), EPERM);
	set_scope("0");
	reap(pid);
}

TEST(prctl_errors)
{
	CHECK_ERR(prctl(PR_SET_PTRACER, 0x7ffffff0, 0, 0, 0), EINVAL);
	CHECK_OK(prctl(PR_SET_PTRACER, 0, 0, 0, 0));
	CHECK_OK(prctl(PR_SET_PTRACER, getpid(), 0, 0, 0));
}

static void traceme_fails(bool privileged, int want)
{
	pid_t pid = fork();

	if (!pid) {
		if (!privileged)
			become_user();
		pid = fork();
		if (!pid) {
			if (want)
				CHECK_ERR(ptrace(PTRACE_TRACEME, 0, 0, 0), want);
			else
				CHECK_OK(ptrace(PTRACE_TRACEME, 0, 0, 0));
			finish();
		}
		expect_exit(pid, 0);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(only_with_capability)
{
	pid_t pid = victim(PR_SET_PTRACER_ANY);
	int status;

	set_scope("2");
	CHECK_EQ(attach_as_stranger(pid), EPERM);
	CHECK_OK(ptrace(PTRACE_ATTACH, pid, 0, 0));	/* root */
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_OK(ptrace(PTRACE_DETACH, pid, 0, 0));
	traceme_fails(true, 0);
	traceme_fails(false, EPERM);
	set_scope("1");
	traceme_fails(false, 0);
	set_scope("0");
	reap(pid);
}

TEST(values)
{
	int fd = open(SCOPE, O_WRONLY);

	CHECK_ERR(write(fd, "4", 1), EINVAL);
	CHECK_ERR(write(fd, "-1", 2), EINVAL);
	CHECK(file_has(SCOPE, "0"));
}
