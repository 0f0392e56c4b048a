// SPDX-License-Identifier: GPL-2.0-only
/* t_process_madvise.c: process_madvise, process_mrelease: another process's memory by its pidfd. */
#include "tap.h"

#include <sys/uio.h>

#define SYS_MADVISE	440
#define SYS_MRELEASE	448
#define PIDFD_OPEN	434
#define PAGE		4096UL
#define RW		(PROT_READ | PROT_WRITE)

#ifndef MADV_COLD
#define MADV_COLD	20
#define MADV_PAGEOUT	21
#endif

static long advise(int pidfd, const struct iovec *vec, size_t n, int advice, unsigned int flags)
{
	return syscall(SYS_MADVISE, pidfd, vec, n, advice, flags);
}

static long release(int pidfd, unsigned int flags)
{
	return syscall(SYS_MRELEASE, pidfd, flags);
}

static char *anon(size_t pages)
{
	char *p = mmap(NULL, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(p != MAP_FAILED);
	memset(p, 'a', pages * PAGE);
	return p;
}

/* A child that sleeps until it is killed. */
static pid_t sleeper(int *pidfd)
{
	pid_t pid = fork();

	if (!pid)
		for (;;)
			pause();
	*pidfd = syscall(PIDFD_OPEN, pid, 0);
	REQUIRE(*pidfd >= 0);
	return pid;
}

static void kill_and_reap(pid_t pid)
{
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

TEST(advice_is_taken)
{
	static const int advice[] = { MADV_COLD, MADV_PAGEOUT, MADV_WILLNEED };
	char *p = anon(4);
	struct iovec vec[3] = { { p, PAGE }, { p + 2 * PAGE, 0 }, { p + 2 * PAGE, 2 * PAGE - 1 } };
	int pidfd;
	pid_t pid = sleeper(&pidfd);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(advice); i++) {
		CHECK_EQ(advise(pidfd, vec, 3, advice[i], 0), 3 * PAGE - 1);
		CHECK_EQ(advise(pidfd, vec, 0, advice[i], 0), 0);
		CHECK_EQ(advise(pidfd, vec + 1, 1, advice[i], 0), 0);
	}
	kill_and_reap(pid);
	CHECK(p[0] == 'a' && p[4 * PAGE - 1] == 'a');
}

TEST(to_oneself)
{
	int pidfd = syscall(PIDFD_OPEN, getpid(), 0);
	char *p = anon(1);
	struct iovec vec = { p, PAGE };

	CHECK_EQ(advise(pidfd, &vec, 1, MADV_COLD, 0), PAGE);
	/* Only what can do no harm, even so. */
	CHECK_ERR(advise(pidfd, &vec, 1, MADV_DONTNEED, 0), EINVAL);
	CHECK_EQ(p[0], 'a');
}

TEST(holes_end_it)
{
	char *p = anon(4);
	struct iovec vec[3] = { { p, PAGE }, { p + PAGE, 2 * PAGE }, { p + 3 * PAGE, PAGE } };
	int pidfd;
	pid_t pid;

	munmap(p + PAGE, PAGE);
	pid = sleeper(&pidfd);
	CHECK_EQ(advise(pidfd, vec, 3, MADV_COLD, 0), PAGE);
	CHECK_ERR(advise(pidfd, vec + 1, 2, MADV_COLD, 0), ENOMEM);
	vec[0].iov_base = p + 1;
	CHECK_ERR(advise(pidfd, vec, 1, MADV_COLD, 0), EINVAL);
	kill_and_reap(pid);
}

TEST(locked_memory)
{
	char *p = anon(1);
	struct iovec vec = { p, PAGE };
	int pidfd = syscall(PIDFD_OPEN, getpid(), 0);

	REQUIRE(!mlock(p, PAGE));
	CHECK_ERR(advise(pidfd, &vec, 1, MADV_COLD, 0), EINVAL);
	CHECK_ERR(advise(pidfd, &vec, 1, MADV_PAGEOUT, 0), EINVAL);
	CHECK_EQ(advise(pidfd, &vec, 1, MADV_WILLNEED, 0), PAGE);
}

TEST(refusals_in_order)
{
	static const int harmful[] = { MADV_NORMAL, MADV_DONTNEED, MADV_FREE, MADV_REMOVE, MADV_DONTFORK, 22, 99, -1 };
	char *p = anon(1);
	struct iovec vec = { p, PAGE }, bad = { p, ~0UL };
	int pidfd, file = open("/dev/null", O_RDONLY);
	pid_t pid = sleeper(&pidfd);
	size_t i;

	CHECK_ERR(advise(-1, (void *)16, 1, 99, 1), EINVAL);
	CHECK_ERR(advise(-1, (void *)16, 1, 99, 0), EFAULT);
	CHECK_ERR(advise(-1, &vec, 1025, 99, 0), EINVAL);
	CHECK_ERR(advise(-1, &bad, 1, 99, 0), EINVAL);
	CHECK_ERR(advise(-1, &vec, 1, 99, 0), EBADF);
	CHECK_ERR(advise(file, &vec, 1, 99, 0), EBADF);
	for (i = 0; i < ARRAY_SIZE(harmful); i++)
		CHECK_ERR(advise(pidfd, &vec, 1, harmful[i], 0), EINVAL);
	kill(pid, SIGKILL);
	CHECK(wait_state(pid, 'Z'));
	CHECK_ERR(advise(pidfd, &vec, 1, 99, 0), EINVAL);
	CHECK_ERR(advise(pidfd, &vec, 1, MADV_COLD, 0), ESRCH);
	expect_signal(pid, SIGKILL);
	CHECK_ERR(advise(pidfd, &vec, 1, 99, 0), ESRCH);
}

static int victim;

static void without_privilege(void)
{
	char *p = anon(1);
	struct iovec vec = { p, PAGE };

	become_user();
	CHECK_ERR(advise(victim, &vec, 1, 99, 0), EINVAL);
	CHECK_ERR(advise(victim, &vec, 1, MADV_COLD, 0), EACCES);
	/* One's own process, but without CAP_SYS_NICE. */
	CHECK_ERR(advise(syscall(PIDFD_OPEN, getpid(), 0), &vec, 1, MADV_COLD, 0), EPERM);
	CHECK_ERR(release(victim, 0), EINVAL);
}

TEST(privilege)
{
	pid_t pid = sleeper(&victim);

	in_child(without_privilege);
	kill_and_reap(pid);
}

/* ---- process_mrelease --------------------------------------------------------------------- */

TEST(mrelease_refusals)
{
	int pidfd, file = open("/dev/null", O_RDONLY);
	pid_t pid = sleeper(&pidfd);

	CHECK_ERR(release(-1, 1), EINVAL);
	CHECK_ERR(release(-1, 0), EBADF);
	CHECK_ERR(release(file, 0), EBADF);
	CHECK_ERR(release(pidfd, 0), EINVAL);		/* it is alive */
	kill(pid, SIGKILL);
	CHECK(wait_state(pid, 'Z'));
	CHECK_ERR(release(pidfd, 0), ESRCH);
	expect_signal(pid, SIGKILL);
	CHECK_ERR(release(pidfd, 0), ESRCH);
}

/* While it dies: sooner or later it is gone, and the answers on the way are few. */
TEST(mrelease_of_the_dying)
{
	int round, pidfd, err;
	pid_t pid;

	for (round = 0; round < 20; round++) {
		char *p = anon(256);

		pid = sleeper(&pidfd);
		memset(p, 'p', 256 * PAGE);
		kill(pid, SIGKILL);
		do {
			errno = 0;
			err = release(pidfd, 0) ? errno : 0;
			CHECK(err == 0 || err == ESRCH || err == EAGAIN);
		} while (err != ESRCH);
		expect_signal(pid, SIGKILL);
		CHECK(p[0] == 'p' && p[256 * PAGE - 1] == 'p');
		munmap(p, 256 * PAGE);
		close(pidfd);
	}
}

TEST(nothing_to_read_is_nobody_to_ask)
{
	struct iovec local = { &(int){ 0 }, 4 }, none = { NULL, 0 };

	CHECK_EQ(process_vm_readv(999999, &local, 1, &none, 1, 0), 0);
	CHECK_EQ(process_vm_writev(999999, &local, 1, &none, 1, 0), 0);
	CHECK_ERR(process_vm_readv(999999, &local, 1, &local, 1, 0), ESRCH);
}
