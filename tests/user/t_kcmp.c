// SPDX-License-Identifier: GPL-2.0-only
/* t_kcmp.c: kcmp(2): what parent and child, and two threads, share; order; errors. */
#include "tap.h"

#include <linux/kcmp.h>
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>

static long kcmp(pid_t a, pid_t b, int type, unsigned long x, unsigned long y)
{
	return syscall(SYS_kcmp, a, b, type, x, y);
}

#define CHECK_DIFFERS(pid, type) CHECK(kcmp(getpid(), pid, type, 0, 0) > 0)
#define CHECK_SAME(pid, type) CHECK_EQ(kcmp(getpid(), pid, type, 0, 0), 0)

static pid_t sleeper(unsigned long flags)
{
	pid_t pid = syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);

	if (pid == 0) {
		pause();
		_exit(0);
	}
	REQUIRE(pid > 0);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

TEST(fork_shares_nothing)
{
	pid_t pid = sleeper(0);

	CHECK_DIFFERS(pid, KCMP_VM);
	CHECK_DIFFERS(pid, KCMP_FILES);
	CHECK_DIFFERS(pid, KCMP_FS);
	CHECK_DIFFERS(pid, KCMP_SIGHAND);
	CHECK_SAME(getpid(), KCMP_VM);
	CHECK_SAME(pid, KCMP_SYSVSEM);		/* neither has any */
	end(pid);
}

TEST(clone_shares_what_it_is_told)
{
	pid_t pid = sleeper(CLONE_FILES | CLONE_FS);

	CHECK_DIFFERS(pid, KCMP_VM);
	CHECK_SAME(pid, KCMP_FILES);
	CHECK_SAME(pid, KCMP_FS);
	CHECK_DIFFERS(pid, KCMP_SIGHAND);
	end(pid);
}

#define IDLE_IO (3 << 13)

TEST(io_contexts)
{
	pid_t pid;

	CHECK_OK(syscall(SYS_ioprio_set, 1, 0, IDLE_IO));
	pid = sleeper(0);
	CHECK_DIFFERS(pid, KCMP_IO);
	end(pid);
	pid = sleeper(CLONE_IO);
	CHECK_SAME(pid, KCMP_IO);
	end(pid);
}

TEST(files)
{
	int a, b, c;
	pid_t pid;

	a = CHECK_OK(open("/dev/null", O_RDONLY));
	b = CHECK_OK(dup(a));
	c = CHECK_OK(open("/dev/null", O_RDONLY));
	pid = sleeper(0);
	CHECK_EQ(kcmp(getpid(), pid, KCMP_FILE, a, b), 0);
	CHECK(kcmp(getpid(), pid, KCMP_FILE, a, c) > 0);
	/* One is less, the other greater, whoever is asked first. */
	CHECK_EQ(kcmp(getpid(), pid, KCMP_FILE, a, c) + kcmp(getpid(), pid, KCMP_FILE, c, a), 3);
	CHECK_ERR(kcmp(getpid(), pid, KCMP_FILE, 99, a), EBADF);
	CHECK_ERR(kcmp(getpid(), pid, KCMP_FILE, a, 99), EBADF);
	end(pid);
}

TEST(epoll_targets)
{
	struct epoll_event event = { .events = EPOLLIN };
	struct kcmp_epoll_slot slot = { 0 };
	int p[2], q[2], ep, copy;
	unsigned long arg = (unsigned long)&slot;

	CHECK_OK(pipe(p));
	CHECK_OK(pipe(q));
	ep = CHECK_OK(epoll_create1(0));
	CHECK_OK(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &event));
	slot.efd = ep;
	slot.tfd = p[0];
	CHECK_EQ(kcmp(getpid(), getpid(), KCMP_EPOLL_TFD, p[0], arg), 0);
	CHECK(kcmp(getpid(), getpid(), KCMP_EPOLL_TFD, q[0], arg) > 0);
	slot.toff = 1;
	CHECK_ERR(kcmp(getpid(), getpid(), KCMP_EPOLL_TFD, p[0], arg), ENOENT);
	/* The same number once more, of another file: the second place. */
	copy = CHECK_OK(dup(p[0]));
	CHECK_OK(dup2(q[0], p[0]));
	CHECK_OK(epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &event));
	CHECK_EQ((kcmp(getpid(), getpid(), KCMP_EPOLL_TFD, copy, arg) == 0) +
		 (kcmp(getpid(), getpid(), KCMP_EPOLL_TFD, q[0], arg) == 0), 1);
	slot.toff = 0;
	slot.tfd = 77;
	CHECK_ERR(kcmp(getpid(), getpid(), KCMP_EPOLL_TFD, copy, arg), ENOENT);
	slot.efd = p[1];
	CHECK_ERR(kcmp(getpid(), getpid(), KCMP_EPOLL_TFD, copy, arg), EINVAL);
	slot.efd = 99;
	CHECK_ERR(kcmp(getpid(), getpid(), KCMP_EPOLL_TFD, copy, arg), EBADF);
	slot.efd = ep;
	CHECK_ERR(kcmp(getpid(), getpid(), KCMP_EPOLL_TFD, 99, arg), EBADF);
	CHECK_ERR(kcmp(getpid(), getpid(), KCMP_EPOLL_TFD, copy, 8), EFAULT);
}

static void *compare_with_leader(void *arg)
{
	pid_t me = gettid();
	int type;

	(void)arg;
	for (type = KCMP_VM; type <= KCMP_SIGHAND; type++)
		CHECK_EQ(kcmp(getpid(), me, type, 0, 0), 0);
	return NULL;
}

TEST(threads_share_all)
{
	pthread_t thread;

	REQUIRE(pthread_create(&thread, NULL, compare_with_leader, NULL) == 0);
	pthread_join(thread, NULL);
}

TEST(errors)
{
	pid_t pid = sleeper(0);

	CHECK_ERR(kcmp(getpid(), pid, KCMP_TYPES, 0, 0), EINVAL);
	CHECK_ERR(kcmp(getpid(), pid, -1, 0, 0), EINVAL);
	CHECK_ERR(kcmp(0x3fffffff, pid, KCMP_VM, 0, 0), ESRCH);
	CHECK_ERR(kcmp(getpid(), 0, KCMP_VM, 0, 0), ESRCH);
	REQUIRE(setresuid(1000, 1000, 0) == 0);
	CHECK_ERR(kcmp(getpid(), pid, KCMP_VM, 0, 0), EPERM);
	REQUIRE(setresuid(0, 0, 0) == 0);
	end(pid);
}
