// SPDX-License-Identifier: GPL-2.0-only
/* t_locks.c: flock, POSIX record locks, open-file-description locks. */
#include "tap.h"

#include <sys/file.h>

static int fd;

static void open_file(void)
{
	fd = open("f", O_RDWR | O_CREAT, 0600);
	REQUIRE(fd >= 0);
}

static int lock_on(int file, int cmd, int type, off_t start, off_t len)
{
	struct flock fl = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

	return fcntl(file, cmd, &fl);
}

static int set(int type, off_t start, off_t len)
{
	return lock_on(fd, F_SETLK, type, start, len);
}

/* What a child sees of a write lock on this range: the type and range in the way. */
static struct flock seen_by_child(off_t start, off_t len)
{
	struct flock *shared = shared_page(), result;
	pid_t pid = fork();

	if (pid == 0) {
		*shared = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET,
					  .l_start = start, .l_len = len };
		CHECK_OK(fcntl(fd, F_GETLK, shared));
		finish();
	}
	expect_exit(pid, 0);
	result = *shared;
	munmap(shared, 4096);
	return result;
}

TEST(flock_between_opens)
{
	int other;

	open_file();
	other = open("f", O_RDWR);
	CHECK_OK(flock(fd, LOCK_SH));
	CHECK_OK(flock(other, LOCK_SH | LOCK_NB));
	CHECK_ERR(flock(other, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	CHECK_OK(flock(fd, LOCK_UN));
	CHECK_OK(flock(other, LOCK_EX | LOCK_NB));
	CHECK_ERR(flock(fd, LOCK_SH | LOCK_NB), EWOULDBLOCK);
	close(other);
	CHECK_OK(flock(fd, LOCK_EX | LOCK_NB));
	CHECK_ERR(flock(fd, 77), EINVAL);
	CHECK_ERR(flock(250, LOCK_SH), EBADF);
}

TEST(flock_belongs_to_the_open_file)
{
	int copy, other;
	pid_t pid;

	open_file();
	copy = dup(fd);
	other = open("f", O_RDWR);
	flock(fd, LOCK_EX);
	CHECK_OK(flock(copy, LOCK_EX | LOCK_NB));
	pid = fork();
	if (pid == 0) {
		CHECK_OK(flock(fd, LOCK_EX | LOCK_NB));
		CHECK_ERR(flock(other, LOCK_EX | LOCK_NB), EWOULDBLOCK);
		finish();
	}
	expect_exit(pid, 0);
	close(fd);
	CHECK_ERR(flock(other, LOCK_EX | LOCK_NB), EWOULDBLOCK);
	close(copy);
	CHECK_OK(flock(other, LOCK_EX | LOCK_NB));
}

TEST(flock_waits)
{
	int other;
	pid_t pid;

	open_file();
	flock(fd, LOCK_EX);
	pid = fork();
	if (pid == 0) {
		other = open("f", O_RDWR);
		CHECK_OK(flock(other, LOCK_EX));
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	flock(fd, LOCK_UN);
	expect_exit(pid, 0);
}

TEST(posix_conflicts)
{
	struct flock fl;

	open_file();
	CHECK_OK(set(F_WRLCK, 10, 10));
	fl = seen_by_child(15, 1);
	CHECK_EQ(fl.l_type, F_WRLCK);
	CHECK_EQ(fl.l_start, 10);
	CHECK_EQ(fl.l_len, 10);
	CHECK_EQ(fl.l_pid, getpid());
	CHECK_EQ(seen_by_child(0, 10).l_type, F_UNLCK);
	CHECK_EQ(seen_by_child(20, 5).l_type, F_UNLCK);
	CHECK_EQ(seen_by_child(0, 0).l_type, F_WRLCK);
	CHECK_OK(set(F_RDLCK, 10, 10));
	CHECK_EQ(seen_by_child(10, 10).l_type, F_RDLCK);
}

TEST(posix_child_is_refused)
{
	pid_t pid;

	open_file();
	CHECK_OK(set(F_WRLCK, 0, 0));
	pid = fork();
	if (pid == 0) {
		/* Not inherited by fork: the child is a stranger. */
		CHECK(lock_on(fd, F_SETLK, F_RDLCK, 0, 1) == -1 &&
		      (errno == EAGAIN || errno == EACCES));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(posix_split_and_merge)
{
	struct flock fl;

	open_file();
	CHECK_OK(set(F_WRLCK, 0, 30));
	CHECK_OK(set(F_UNLCK, 10, 10));
	fl = seen_by_child(0, 30);
	CHECK(fl.l_start == 0 && fl.l_len == 10);
	fl = seen_by_child(10, 20);
	CHECK(fl.l_start == 20 && fl.l_len == 10);
	CHECK_OK(set(F_RDLCK, 22, 2));
	fl = seen_by_child(22, 1);
	CHECK(fl.l_type == F_RDLCK && fl.l_start == 22 && fl.l_len == 2);
	fl = seen_by_child(24, 1);
	CHECK(fl.l_type == F_WRLCK && fl.l_start == 24 && fl.l_len == 6);
	CHECK_OK(set(F_WRLCK, 0, 100));
	fl = seen_by_child(50, 1);
	CHECK(fl.l_start == 0 && fl.l_len == 100);
	CHECK_OK(set(F_UNLCK, 0, 0));
	CHECK_EQ(seen_by_child(0, 0).l_type, F_UNLCK);
}

TEST(posix_goes_with_any_close)
{
	open_file();
	set(F_WRLCK, 0, 0);
	close(open("f", O_RDONLY));		/* the old trap: any descriptor of the file */
	CHECK_EQ(seen_by_child(0, 0).l_type, F_UNLCK);
}

TEST(posix_goes_with_exit)
{
	pid_t pid;

	open_file();
	pid = fork();
	if (pid == 0) {
		CHECK_OK(set(F_WRLCK, 0, 0));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(set(F_WRLCK, 0, 0));
}

TEST(posix_waits)
{
	pid_t pid;

	open_file();
	set(F_WRLCK, 0, 10);
	pid = fork();
	if (pid == 0) {
		CHECK_OK(lock_on(fd, F_SETLKW, F_WRLCK, 5, 10));
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	set(F_UNLCK, 0, 10);
	expect_exit(pid, 0);
}

static void on_signal(int sig)
{
	(void)sig;
}

TEST(posix_wait_is_interruptible)
{
	pid_t pid;

	open_file();
	set(F_WRLCK, 0, 10);
	pid = fork();
	if (pid == 0) {
		set_handler(SIGUSR1, on_signal, 0);
		CHECK_ERR(lock_on(fd, F_SETLKW, F_WRLCK, 0, 1), EINTR);
		finish();
	}
	CHECK(wait_state(pid, 'S'));
	kill(pid, SIGUSR1);
	expect_exit(pid, 0);
}

TEST(deadlock)
{
	struct gate gate;
	pid_t pid;

	open_file();
	gate_init(&gate);
	CHECK_OK(set(F_WRLCK, 0, 1));
	pid = fork();
	if (pid == 0) {
		CHECK_OK(lock_on(fd, F_SETLKW, F_WRLCK, 1, 1));	/* our parent may be looking just now */
		close(gate.fd[1]);
		gate_wait(&gate);
		CHECK_OK(lock_on(fd, F_SETLKW, F_WRLCK, 0, 1));
		finish();
	}
	/* The child holds byte 1 once it is refused to us. */
	while (set(F_WRLCK, 1, 1) == 0) {
		set(F_UNLCK, 1, 1);
		sleep_ms(1);
	}
	gate_open(&gate);
	CHECK(wait_state(pid, 'S'));
	sleep_ms(10);
	CHECK_ERR(lock_on(fd, F_SETLKW, F_WRLCK, 1, 1), EDEADLK);
	set(F_UNLCK, 0, 0);
	expect_exit(pid, 0);
}

TEST(posix_refusals)
{
	struct flock fl = { .l_type = F_WRLCK, .l_whence = 9 };
	int ro;

	open_file();
	ro = open("f", O_RDONLY);
	CHECK_ERR(fcntl(fd, F_SETLK, &fl), EINVAL);
	CHECK_ERR(set(F_WRLCK, -1, 1), EINVAL);
	CHECK_ERR(set(99, 0, 1), EINVAL);
	CHECK_ERR(lock_on(ro, F_SETLK, F_WRLCK, 0, 1), EBADF);
	CHECK_ERR(fcntl(fd, F_SETLK, (void *)8), EFAULT);
	fl = (struct flock){ .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = -5 };
	CHECK_OK(fcntl(fd, F_SETLK, &fl));	/* backwards: bytes 5 to 9 */
	CHECK_EQ(seen_by_child(5, 5).l_start, 5);
	CHECK_EQ(seen_by_child(10, 1).l_type, F_UNLCK);
}

TEST(ofd)
{
	int other, copy;

	open_file();
	other = open("f", O_RDWR);
	copy = dup(fd);
	CHECK_OK(lock_on(fd, F_OFD_SETLK, F_WRLCK, 0, 10));
	CHECK_OK(lock_on(copy, F_OFD_SETLK, F_WRLCK, 0, 10));
	CHECK_ERR(lock_on(other, F_OFD_SETLK, F_RDLCK, 5, 1), EAGAIN);
	CHECK_OK(lock_on(other, F_OFD_SETLK, F_WRLCK, 10, 1));
	CHECK_ERR(lock_on(fd, F_SETLK, F_WRLCK, 0, 1), EAGAIN);	/* also against POSIX locks */
	close(fd);
	CHECK_ERR(lock_on(other, F_OFD_SETLK, F_RDLCK, 5, 1), EAGAIN);
	close(copy);
	CHECK_OK(lock_on(other, F_OFD_SETLK, F_RDLCK, 5, 1));
}

TEST(flock_and_posix_do_not_meet)
{
	int other;

	open_file();
	other = open("f", O_RDWR);
	CHECK_OK(flock(fd, LOCK_EX));
	CHECK_OK(lock_on(other, F_SETLK, F_WRLCK, 0, 0));
}
