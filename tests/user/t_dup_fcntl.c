// SPDX-License-Identifier: GPL-2.0-only
/* t_dup_fcntl.c: dup, dup2, dup3 and fcntl's descriptor and status flags, owner, pipe size. */
#include "tap.h"

#include <poll.h>
#include <pthread.h>

#define F_GETOWNER_UIDS_ 17	/* <linux/fcntl.h> does not go with <fcntl.h> */

TEST(dup)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC), other = dup(fd);

	CHECK_EQ(other, fd + 1);
	CHECK_EQ(fcntl(other, F_GETFD), 0);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_ERR(dup(99), EBADF);
}

TEST(dup2)
{
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	CHECK_EQ(dup2(fd, 50), 50);
	CHECK_EQ(fcntl(50, F_GETFD), 0);
	CHECK_EQ(dup2(fd, fd), fd);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_ERR(dup2(99, 51), EBADF);
	CHECK_ERR(dup2(99, 99), EBADF);
	CHECK_ERR(dup2(fd, -1), EBADF);
	CHECK_ERR(fcntl(51, F_GETFD), EBADF);
}

TEST(dup2_closes_the_target)
{
	int p[2];
	char byte;

	pipe(p);
	CHECK_EQ(dup2(0, p[1]), p[1]);		/* the only write end goes: end of file */
	CHECK_EQ(read(p[0], &byte, 1), 0);
}

TEST(dup3)
{
	CHECK_EQ(dup3(0, 50, O_CLOEXEC), 50);
	CHECK_EQ(fcntl(50, F_GETFD), FD_CLOEXEC);
	CHECK_ERR(dup3(0, 0, 0), EINVAL);
	CHECK_ERR(dup3(0, 51, O_APPEND), EINVAL);
}

TEST(dupfd)
{
	CHECK_EQ(fcntl(0, F_DUPFD, 40), 40);
	CHECK_EQ(fcntl(0, F_DUPFD, 40), 41);
	CHECK_EQ(fcntl(0, F_DUPFD_CLOEXEC, 40), 42);
	CHECK_EQ(fcntl(42, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(fcntl(41, F_GETFD), 0);
	CHECK_ERR(fcntl(0, F_DUPFD, -1), EINVAL);
	CHECK_ERR(fcntl(99, F_DUPFD, 0), EBADF);
}

TEST(descriptor_flags)
{
	int fd = open("/dev/null", O_RDONLY);

	CHECK_OK(fcntl(fd, F_SETFD, FD_CLOEXEC));
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_OK(fcntl(fd, F_SETFD, 0));
	CHECK_EQ(fcntl(fd, F_GETFD), 0);
	CHECK_ERR(fcntl(fd, 99999), EINVAL);
}

TEST(status_flags)
{
	int fd = open("f", O_RDWR | O_CREAT | O_APPEND, 0600), other = dup(fd);

	CHECK_EQ(fcntl(fd, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK), O_RDWR | O_APPEND);
	CHECK_OK(fcntl(fd, F_SETFL, O_NONBLOCK));
	/* Status flags belong to the open file: seen through every descriptor of it. */
	CHECK_EQ(fcntl(other, F_GETFL) & (O_ACCMODE | O_APPEND | O_NONBLOCK), O_RDWR | O_NONBLOCK);
	CHECK_OK(fcntl(fd, F_SETFL, O_RDONLY));	/* the access mode does not change */
	CHECK_EQ(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDWR);
	CHECK_EQ(fcntl(fd, F_GETFL) & (O_CREAT | O_EXCL | O_TRUNC), 0);
}

TEST(pipe_size)
{
	int p[2];

	pipe(p);
	CHECK_EQ(fcntl(p[0], F_GETPIPE_SZ), 65536);
	CHECK_EQ(fcntl(p[1], F_SETPIPE_SZ, 5000), 8192);
	CHECK_EQ(fcntl(p[0], F_GETPIPE_SZ), 8192);
	CHECK_ERR(fcntl(0, F_GETPIPE_SZ), EBADF);
}

static volatile int sigios;

static void on_sigio(int sig)
{
	(void)sig;
	sigios++;
}

TEST(owner)
{
	int p[2];
	struct f_owner_ex owner;

	pipe(p);
	CHECK_EQ(fcntl(p[0], F_GETOWN), 0);
	CHECK_OK(fcntl(p[0], F_SETOWN, getpid()));
	CHECK_EQ(fcntl(p[0], F_GETOWN), getpid());
	CHECK_OK(fcntl(p[0], F_GETOWN_EX, &owner));
	CHECK(owner.type == F_OWNER_PID && owner.pid == getpid());
	CHECK_ERR(fcntl(p[0], F_SETSIG, 99), EINVAL);
	CHECK_OK(fcntl(p[0], F_SETSIG, SIGUSR1));
	CHECK_EQ(fcntl(p[0], F_GETSIG), SIGUSR1);
}

TEST(sigio)
{
	int p[2];

	set_handler(SIGIO, on_sigio, 0);
	pipe(p);
	CHECK_OK(fcntl(p[0], F_SETOWN, getpid()));
	CHECK_OK(fcntl(p[0], F_SETFL, O_NONBLOCK | O_ASYNC));
	write(p[1], "x", 1);
	CHECK(wait_flag(&sigios));
}

/* A signal that has codes of its own does not get those of poll. */
TEST(chosen_signal)
{
	static const struct {
		int	sig, code;
	} cases[] = { { SIGCHLD, SI_SIGIO }, { SIGSYS, SI_SIGIO }, { SIGUSR1, POLL_IN }, { SIGIO, POLL_IN } };
	char byte;
	int p[2];

	pipe(p);
	CHECK_OK(fcntl(p[0], F_SETOWN, getpid()));
	CHECK_OK(fcntl(p[0], F_SETFL, O_NONBLOCK | O_ASYNC));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct timespec limit = { 5, 0 };
		siginfo_t info;
		sigset_t set;

		block_signal(cases[i].sig);
		CHECK_OK(fcntl(p[0], F_SETSIG, cases[i].sig));
		write(p[1], "x", 1);
		sigemptyset(&set);
		sigaddset(&set, cases[i].sig);
		CHECK_EQ(sigtimedwait(&set, &info, &limit), cases[i].sig);
		CHECK_EQ(info.si_code, cases[i].code);
		CHECK_EQ(info.si_fd, p[0]);
		read(p[0], &byte, 1);
	}
}

TEST(owner_uids)
{
	uid_t ids[2];
	int p[2];

	pipe(p);
	CHECK_OK(fcntl(p[0], F_GETOWNER_UIDS_, ids));
	CHECK(ids[0] == 0 && ids[1] == 0);
	CHECK_OK(seteuid(1000));
	CHECK_OK(fcntl(p[0], F_SETOWN, getpid()));
	CHECK_OK(seteuid(0));
	CHECK_OK(fcntl(p[0], F_GETOWNER_UIDS_, ids));
	CHECK(ids[0] == 0 && ids[1] == 1000);
	CHECK_ERR(fcntl(p[0], F_GETOWNER_UIDS_, 8), EFAULT);
}

TEST(write_life_hint)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600), other = open("f", O_RDONLY);
	uint64_t hint = 9;

	CHECK_OK(fcntl(fd, F_GET_RW_HINT, &hint));
	CHECK_EQ(hint, RWH_WRITE_LIFE_NOT_SET);
	hint = RWH_WRITE_LIFE_LONG;
	CHECK_OK(fcntl(fd, F_SET_RW_HINT, &hint));
	hint = 0;
	CHECK_OK(fcntl(other, F_GET_RW_HINT, &hint));	/* the file's, not the open file's */
	CHECK_EQ(hint, RWH_WRITE_LIFE_LONG);
	hint = 6;
	CHECK_ERR(fcntl(fd, F_SET_RW_HINT, &hint), EINVAL);
	hint = 1ULL << 32;
	CHECK_ERR(fcntl(fd, F_SET_RW_HINT, &hint), EINVAL);
	CHECK_ERR(fcntl(fd, F_GET_RW_HINT, 8), EFAULT);
	CHECK_ERR(fcntl(fd, F_SET_RW_HINT, 8), EFAULT);
	CHECK_ERR(fcntl(fd, F_GET_FILE_RW_HINT, &hint), EINVAL);
}

TEST(which_error_first)
{
	int dir = open(".", O_RDONLY), fd = open("f", O_RDONLY | O_CREAT, 0600), p[2];
	struct flock64 fl = { .l_type = F_WRLCK, .l_pid = 5 };

	pipe(p);
	CHECK_ERR(fcntl(fd, F_ADD_SEALS, 0x100), EPERM);
	CHECK_ERR(fcntl(p[1], F_ADD_SEALS, 0), EINVAL);
	CHECK_ERR(fcntl(dir, F_SETFL, O_DIRECT), EINVAL);
	CHECK_OK(fcntl(p[1], F_SETFL, O_DIRECT));
	CHECK_ERR(fcntl(fd, F_OFD_SETLK, &fl), EBADF);
	fl.l_type = F_RDLCK;
	CHECK_ERR(fcntl(fd, F_OFD_SETLK, &fl), EINVAL);
	fl.l_start = 2;
	fl.l_len = INT64_MAX;
	CHECK_ERR(fcntl(fd, F_OFD_SETLK, &fl), EOVERFLOW);
	CHECK_ERR(fcntl(fd, F_OFD_GETLK, &fl), EOVERFLOW);
	fl.l_type = 7;
	CHECK_ERR(fcntl(fd, F_OFD_SETLK, &fl), EOVERFLOW);
	CHECK_ERR(fcntl(fd, F_OFD_GETLK, &fl), EINVAL);
}

TEST(fionbio_and_fioclex)
{
	int p[2], on = 1;

	pipe(p);
	CHECK_OK(syscall(SYS_ioctl, p[0], 0x5421 /* FIONBIO */, &on));
	CHECK(fcntl(p[0], F_GETFL) & O_NONBLOCK);
	CHECK_OK(syscall(SYS_ioctl, p[0], 0x5451 /* FIOCLEX */));
	CHECK_EQ(fcntl(p[0], F_GETFD), FD_CLOEXEC);
	CHECK_ERR(syscall(SYS_ioctl, p[0], 0x12345678), ENOTTY);
	CHECK_ERR(syscall(SYS_ioctl, 99, 0x5421, &on), EBADF);
}

TEST(many_descriptors)
{
	int i, bad = 0;

	/* Past the first table sizes: the table grows, nothing gets lost. */
	for (i = 100; i < 1000; i += 9)
		bad += dup2(0, i) != i;
	for (i = 100; i < 1000; i += 9)
		bad += fcntl(i, F_GETFD) != 0;
	CHECK_EQ(bad, 0);
	CHECK_ERR(fcntl(101, F_GETFD), EBADF);
}

/* ---- one descriptor, many threads ------------------------------------------------------------ */

enum { CONTESTED = 50 };

static volatile int storm_over;
static int ends[2][2];
static ino_t inos[2];

static void *replacer(void *arg)
{
	long turn = 0;

	(void)arg;
	while (!storm_over)
		CHECK_EQ(dup2(ends[turn++ & 1][0], CONTESTED), CONTESTED);
	return NULL;
}

static void *closer(void *arg)
{
	(void)arg;
	while (!storm_over)
		CHECK(close(CONTESTED) == 0 || errno == EBADF);
	return NULL;
}

static void *user(void *arg)
{
	struct pollfd pfd;
	struct stat st;
	char c;

	(void)arg;
	while (!storm_over) {
		if (fstat(CONTESTED, &st) == 0)
			CHECK(st.st_ino == inos[0] || st.st_ino == inos[1]);
		else
			CHECK_EQ(errno, EBADF);
		CHECK(read(CONTESTED, &c, 1) < 0 && (errno == EBADF || errno == EAGAIN));
		pfd = (struct pollfd){ CONTESTED, POLLIN, 0 };
		if (poll(&pfd, 1, 0) != 0)
			CHECK_EQ(pfd.revents, POLLNVAL);
	}
	return NULL;
}

static void *forker(void *arg)
{
	struct stat st;
	pid_t pid;

	(void)arg;
	while (!storm_over) {
		pid = fork();
		if (pid == 0) {		/* alone with a copy of the table: nobody changes it now */
			int open = fstat(CONTESTED, &st) == 0;

			_exit(open != (fcntl(CONTESTED, F_GETFD) >= 0) ||
			      (open && st.st_ino != inos[0] && st.st_ino != inos[1]));
		}
		expect_exit(pid, 0);
	}
	return NULL;
}

TEST(storm_of_threads)
{
	void *(*const fn[])(void *) = { replacer, closer, user, user, forker };
	pthread_t threads[ARRAY_SIZE(fn)];
	struct stat st;
	size_t i;

	for (i = 0; i < 2; i++) {
		REQUIRE(pipe2(ends[i], O_NONBLOCK) == 0);
		fstat(ends[i][0], &st);
		inos[i] = st.st_ino;
	}
	for (i = 0; i < ARRAY_SIZE(fn); i++)
		REQUIRE(pthread_create(&threads[i], NULL, fn[i], NULL) == 0);
	sleep_ms(700);
	storm_over = 1;
	for (i = 0; i < ARRAY_SIZE(fn); i++)
		pthread_join(threads[i], NULL);
}
