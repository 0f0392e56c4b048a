// SPDX-License-Identifier: GPL-2.0-only
/* t_lease.c: F_SETLEASE: who may have one, what breaks it, who is told and who waits. */
#include "tap.h"

#include <poll.h>

static int fd;

static void open_file(int flags)
{
	fd = open("f", flags | O_CREAT, 0644);
	REQUIRE(fd >= 0);
}

static void set_sysctl(const char *name, const char *value)
{
	char path[80];

	snprintf(path, sizeof(path), "/proc/sys/fs/%s", name);
	write_file(path, value);
}

/* The signal that is queued for us, waiting for it at most 5 s; 0: none. */
static int take_signal(int sig, siginfo_t *info)
{
	struct timespec limit = { 5, 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, sig);
	return sigtimedwait(&set, info, &limit) == sig ? sig : 0;
}

/* "f" is open, with a lease of this type, whose signal waits to be taken. */
static void hold_lease(int type)
{
	block_signal(SIGIO);
	open_file(O_RDONLY);
	CHECK_OK(fcntl(fd, F_SETLEASE, type));
}

/* In a child: open or truncate; it ends with 0, or the errno. */
static pid_t child_opens(int flags)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(open("f", flags) >= 0 ? 0 : errno);
	return pid;
}

static pid_t child_truncates(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		close(fd);
		_exit(truncate("f", 3) == 0 ? 0 : errno);
	}
	return pid;
}

TEST(read_lease)
{
	open_file(O_RDONLY);
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_UNLCK);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_RDLCK));
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_RDLCK);
	CHECK_EQ(fcntl(dup(fd), F_GETLEASE), F_RDLCK);	/* it is the open file's */
	CHECK_EQ(fcntl(open("f", O_RDONLY), F_GETLEASE), F_UNLCK);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_UNLCK));
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_UNLCK);
	CHECK_ERR(fcntl(fd, F_SETLEASE, F_UNLCK), EAGAIN);
}

TEST(writers_are_in_the_way_of_a_read_lease)
{
	int writer;

	open_file(O_RDONLY);
	writer = open("f", O_WRONLY);
	CHECK_ERR(fcntl(fd, F_SETLEASE, F_RDLCK), EAGAIN);
	CHECK_ERR(fcntl(writer, F_SETLEASE, F_RDLCK), EAGAIN);
	close(writer);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_RDLCK));
}

TEST(anybody_is_in_the_way_of_a_write_lease)
{
	int other;

	open_file(O_RDWR);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_WRLCK));
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_WRLCK);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_UNLCK));
	other = open("f", O_RDONLY);
	CHECK_ERR(fcntl(fd, F_SETLEASE, F_WRLCK), EAGAIN);
	CHECK_ERR(fcntl(other, F_SETLEASE, F_WRLCK), EAGAIN);
	close(fd);
	CHECK_OK(fcntl(other, F_SETLEASE, F_WRLCK));	/* read-only, but nobody else has it */
	CHECK_OK(link("f", "g"));
	CHECK_OK(fcntl(other, F_SETLEASE, F_WRLCK));
	CHECK_OK(unlink("f"));
	CHECK_OK(fcntl(other, F_SETLEASE, F_RDLCK));
	CHECK_EQ(fcntl(other, F_GETLEASE), F_RDLCK);
}

TEST(who_may)
{
	int p[2], dir = open(".", O_RDONLY);

	pipe(p);
	open_file(O_RDONLY);
	CHECK_ERR(fcntl(fd, F_SETLEASE, 3), EINVAL);
	CHECK_ERR(fcntl(fd, F_SETLEASE, -1), EINVAL);
	CHECK_ERR(fcntl(p[0], F_SETLEASE, F_RDLCK), EINVAL);
	CHECK_ERR(fcntl(dir, F_SETLEASE, F_RDLCK), EINVAL);
	CHECK_EQ(fcntl(dir, F_GETLEASE), F_UNLCK);
	CHECK_ERR(fcntl(open("f", O_PATH), F_SETLEASE, F_RDLCK), EBADF);
	CHECK_ERR(fcntl(99, F_GETLEASE), EBADF);
	become_user();
	CHECK_ERR(fcntl(fd, F_SETLEASE, F_RDLCK), EACCES);
	CHECK_ERR(fcntl(fd, F_SETLEASE, F_UNLCK), EACCES);
	CHECK_ERR(fcntl(dir, F_SETLEASE, F_RDLCK), EACCES);
	CHECK_ERR(fcntl(fd, F_SETLEASE, 3), EINVAL);
}

TEST(a_writer_tells_the_holder_and_waits)
{
	siginfo_t info;
	pid_t pid;

	hold_lease(F_RDLCK);
	CHECK_EQ(fcntl(fd, F_GETOWN), getpid());
	CHECK(fcntl(fd, F_GETFL) & O_ASYNC);
	expect_exit(child_opens(O_RDONLY), 0);
	pid = child_opens(O_WRONLY);
	CHECK_EQ(take_signal(SIGIO, &info), SIGIO);
	CHECK(wait_state(pid, 'S'));
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_UNLCK);	/* what it is to be */
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_UNLCK));
	expect_exit(pid, 0);
	CHECK_EQ(fcntl(fd, F_GETOWN), 0);
	CHECK(!(fcntl(fd, F_GETFL) & O_ASYNC));
}

TEST(a_reader_wants_a_write_lease_to_become_a_read_lease)
{
	siginfo_t info;
	pid_t pid;

	hold_lease(F_WRLCK);
	pid = child_opens(O_RDONLY);
	CHECK_EQ(take_signal(SIGIO, &info), SIGIO);
	CHECK(wait_state(pid, 'S'));
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_RDLCK);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_RDLCK));
	expect_exit(pid, 0);
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_RDLCK);
}

TEST(chosen_signal_says_which_descriptor)
{
	siginfo_t info;

	block_signal(SIGRTMIN);
	open_file(O_RDONLY);
	CHECK_OK(fcntl(fd, F_SETSIG, SIGRTMIN));
	CHECK_OK(fcntl(fd, F_SETLEASE, F_RDLCK));
	expect_exit(child_opens(O_WRONLY | O_NONBLOCK), EWOULDBLOCK);
	CHECK_EQ(take_signal(SIGRTMIN, &info), SIGRTMIN);
	CHECK_EQ(info.si_code, POLL_MSG);
	CHECK_EQ(info.si_fd, fd);
	CHECK_EQ(info.si_band, POLLIN | POLLRDNORM | POLLMSG);
	/* It is told once. */
	expect_exit(child_opens(O_RDWR | O_NONBLOCK), EWOULDBLOCK);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_UNLCK));
	CHECK_EQ(fcntl(fd, F_GETSIG), 0);
	CHECK_EQ(sigtimedwait(&(sigset_t){ { 1UL << (SIGRTMIN - 1) } }, &info, &(struct timespec){ 0 }), -1);
}

TEST(truncate_breaks)
{
	siginfo_t info;
	pid_t pid;

	hold_lease(F_RDLCK);
	pid = child_truncates();
	CHECK_EQ(take_signal(SIGIO, &info), SIGIO);
	CHECK(wait_state(pid, 'S'));
	close(fd);		/* the lease goes with its file */
	expect_exit(pid, 0);
}

TEST(names_and_modes_do_not_break)
{
	open_file(O_RDONLY);
	set_handler(SIGIO, SIG_DFL, 0);		/* it would kill us */
	CHECK_OK(fcntl(fd, F_SETLEASE, F_WRLCK));
	CHECK_OK(chmod("f", 0600));
	CHECK_OK(link("f", "g"));
	CHECK_OK(rename("g", "h"));
	CHECK_OK(unlink("h"));
	CHECK_OK(utimensat(AT_FDCWD, "f", NULL, 0));
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_WRLCK);
}

TEST(a_signal_ends_the_wait)
{
	siginfo_t info;
	pid_t pid;

	hold_lease(F_RDLCK);
	pid = child_opens(O_WRONLY);
	take_signal(SIGIO, &info);
	CHECK(wait_state(pid, 'S'));
	kill(pid, SIGTERM);
	expect_signal(pid, SIGTERM);
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_UNLCK);
}

/* The variables are of the whole system: put back what was there. */
TEST(time_is_over)
{
	siginfo_t info;

	block_signal(SIGIO);
	set_sysctl("lease-break-time", "1");
	open_file(O_RDONLY);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_WRLCK));
	expect_exit(child_opens(O_RDONLY), 0);
	CHECK_EQ(take_signal(SIGIO, &info), SIGIO);
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_RDLCK);
	expect_exit(child_opens(O_WRONLY), 0);
	CHECK_EQ(take_signal(SIGIO, &info), SIGIO);
	CHECK_EQ(fcntl(fd, F_GETLEASE), F_UNLCK);
	CHECK_ERR(fcntl(fd, F_SETLEASE, F_UNLCK), EAGAIN);
	set_sysctl("lease-break-time", "45");
	CHECK(file_has("/proc/sys/fs/lease-break-time", "45\n"));
}

TEST(switched_off)
{
	open_file(O_RDONLY);
	set_sysctl("leases-enable", "0");
	CHECK_ERR(fcntl(fd, F_SETLEASE, F_RDLCK), EINVAL);
	set_sysctl("leases-enable", "1");
	CHECK_OK(fcntl(fd, F_SETLEASE, F_RDLCK));
}

static void expect_line(const char *kind, pid_t pid, const char *rest)
{
	char want[80], buf[8192];

	snprintf(want, sizeof(want), "%s %d %s", kind, pid, rest);
	read_file("/proc/locks", buf, sizeof(buf));
	if (!CHECK(strstr(buf, want) != NULL))
		note("no %s in %s", want, buf);
}

TEST(proc_locks)
{
	char where[64];
	siginfo_t info;
	struct stat st;
	pid_t pid;

	block_signal(SIGIO);
	open_file(O_RDONLY);
	fstat(fd, &st);
	snprintf(where, sizeof(where), "%02x:%02x:%llu 0 EOF\n", (int)(st.st_dev >> 8) & 0xfff, (int)st.st_dev & 0xff,
		 (unsigned long long)st.st_ino);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_WRLCK));
	expect_line(": LEASE  ACTIVE    WRITE", getpid(), where);
	pid = child_opens(O_RDONLY);
	take_signal(SIGIO, &info);
	CHECK(wait_state(pid, 'S'));
	expect_line(": LEASE  BREAKING  READ", getpid(), where);
	expect_line(": -> LEASE  BREAKER   READ", pid, "<none>:0 0 EOF\n");
	CHECK_OK(fcntl(fd, F_SETLEASE, F_RDLCK));
	expect_exit(pid, 0);
	expect_line(": LEASE  ACTIVE    READ", getpid(), where);
}

/* Whoever opens while leases come and go: never both at once, nobody sleeps for ever. */
TEST(storm)
{
	volatile int *over = shared_page();
	pid_t opener[2];
	long long end = now_ms() + 500;
	int i, got = 0;

	set_handler(SIGIO, SIG_IGN, 0);
	open_file(O_RDONLY);
	for (i = 0; i < 2; i++) {
		opener[i] = fork();
		if (opener[i] == 0) {
			while (!*over)
				close(open("f", i ? O_RDWR : O_RDONLY));
			_exit(0);
		}
	}
	for (i = 0; i < 4 || now_ms() < end; i++) {
		if (fcntl(fd, F_SETLEASE, i & 1 ? F_WRLCK : F_RDLCK) == 0) {
			got++;
			CHECK_OK(fcntl(fd, F_SETLEASE, F_UNLCK));
		} else {
			CHECK_EQ(errno, EAGAIN);
		}
	}
	*over = 1;
	expect_exit(opener[0], 0);
	expect_exit(opener[1], 0);
	CHECK_OK(fcntl(fd, F_SETLEASE, F_WRLCK));
	note("%d leases of %d", got, i);
}
