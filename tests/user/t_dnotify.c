// SPDX-License-Identifier: GPL-2.0-only
/* t_dnotify.c: F_NOTIFY: signals when something happens in a directory. */
#include "tap.h"

#include <poll.h>

static int dir;

/* Directory d with file d/f, and its notification by a queued signal. */
static void start(void)
{
	block_signal(SIGRTMIN);
	mkdir("d", 0755);
	write_file("d/f", "x");
	dir = open("d", O_RDONLY | O_DIRECTORY);
	REQUIRE(dir >= 0);
	CHECK_OK(fcntl(dir, F_SETSIG, SIGRTMIN));
}

/* How many signals are queued; each says that it is of dir. */
static int signals(void)
{
	struct timespec now = { 0 };
	siginfo_t info;
	sigset_t set;
	int n = 0;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	while (sigtimedwait(&set, &info, &now) == SIGRTMIN) {
		CHECK_EQ(info.si_code, POLL_MSG);
		CHECK_EQ(info.si_fd, dir);
		CHECK_EQ(info.si_band, POLLIN | POLLRDNORM | POLLMSG);
		n++;
	}
	return n;
}

static void want(unsigned int events)
{
	CHECK_OK(fcntl(dir, F_NOTIFY, 0));
	CHECK_OK(fcntl(dir, F_NOTIFY, events | DN_MULTISHOT));
}

static void read_one(const char *path)
{
	char c;
	int fd = open(path, O_RDONLY);

	read(fd, &c, 1);
	close(fd);
}

TEST(each_event)
{
	int fd;

	start();
	want(DN_ACCESS);
	write_file("d/f", "y");
	CHECK_EQ(signals(), 0);
	read_one("d/f");
	CHECK_EQ(signals(), 1);

	want(DN_MODIFY);
	read_one("d/f");
	CHECK_EQ(signals(), 0);
	fd = open("d/f", O_WRONLY);
	CHECK_EQ(signals(), 0);
	write(fd, "z", 1);
	CHECK_EQ(signals(), 1);
	ftruncate(fd, 0);
	CHECK_EQ(signals(), 1);
	close(fd);
	CHECK_EQ(signals(), 0);

	want(DN_CREATE);
	close(open("d/g", O_WRONLY | O_CREAT, 0644));
	mkdir("d/sub", 0755);
	symlink("x", "d/s");
	link("d/g", "d/h");
	CHECK_EQ(signals(), 4);
	rename("d/h", "out");
	CHECK_EQ(signals(), 0);
	rename("out", "d/h");
	CHECK_EQ(signals(), 1);

	want(DN_DELETE);
	unlink("d/g");
	rmdir("d/sub");
	rename("d/h", "out");
	CHECK_EQ(signals(), 3);

	want(DN_ATTRIB);
	chmod("d/f", 0600);
	CHECK_EQ(signals(), 1);
	chmod("d", 0700);		/* the directory itself */
	CHECK_EQ(signals(), 1);
}

TEST(rename_inside)
{
	start();
	want(DN_RENAME);
	CHECK_OK(rename("d/f", "d/g"));
	CHECK_EQ(signals(), 1);
	CHECK_OK(rename("d/g", "out"));
	CHECK_OK(rename("out", "d/f"));
	CHECK_EQ(signals(), 0);
	want(DN_CREATE | DN_DELETE | DN_RENAME);
	CHECK_OK(rename("d/f", "d/g"));
	CHECK_EQ(signals(), 3);
}

TEST(once)
{
	start();
	CHECK_OK(fcntl(dir, F_NOTIFY, DN_CREATE));
	mkdir("d/1", 0755);
	mkdir("d/2", 0755);
	CHECK_EQ(signals(), 1);
	/* What is asked for twice adds up, and goes together. */
	CHECK_OK(fcntl(dir, F_NOTIFY, DN_CREATE));
	CHECK_OK(fcntl(dir, F_NOTIFY, DN_DELETE));
	rmdir("d/1");
	mkdir("d/1", 0755);
	CHECK_EQ(signals(), 1);
}

TEST(ends)
{
	int other;

	start();
	want(DN_CREATE);
	CHECK_OK(fcntl(dir, F_NOTIFY, DN_MULTISHOT));	/* no events: no more */
	mkdir("d/1", 0755);
	CHECK_EQ(signals(), 0);
	want(DN_CREATE);
	other = dup(dir);
	close(other);		/* one descriptor of the open file is enough */
	mkdir("d/2", 0755);
	CHECK_EQ(signals(), 0);
	want(DN_CREATE);
	other = open("d", O_RDONLY);
	close(other);
	mkdir("d/3", 0755);
	CHECK_EQ(signals(), 1);
	close(dir);
	mkdir("d/4", 0755);
	CHECK_EQ(signals(), 0);
}

static void child_closes(void)
{
	close(dir);
	finish();
}

TEST(of_a_process)
{
	start();
	CHECK_EQ(fcntl(dir, F_GETOWN), 0);
	want(DN_CREATE);
	CHECK_EQ(fcntl(dir, F_GETOWN), getpid());
	CHECK(!(fcntl(dir, F_GETFL) & O_ASYNC));
	in_child(child_closes);
	mkdir("d/1", 0755);
	CHECK_EQ(signals(), 1);
}

TEST(errors)
{
	int p[2];

	start();
	pipe(p);
	CHECK_ERR(fcntl(open("d/f", O_RDONLY), F_NOTIFY, DN_CREATE), ENOTDIR);
	CHECK_ERR(fcntl(p[0], F_NOTIFY, DN_CREATE), ENOTDIR);
	CHECK_OK(fcntl(p[0], F_NOTIFY, 0));
	CHECK_ERR(fcntl(open("d", O_PATH), F_NOTIFY, DN_CREATE), EBADF);
	CHECK_ERR(fcntl(99, F_NOTIFY, DN_CREATE), EBADF);
	write_file("/proc/sys/fs/dir-notify-enable", "0");
	CHECK_ERR(fcntl(dir, F_NOTIFY, DN_CREATE), EINVAL);
	write_file("/proc/sys/fs/dir-notify-enable", "1");
	CHECK_OK(fcntl(dir, F_NOTIFY, DN_CREATE));
}

/* No signal was chosen: SIGIO, which says nothing. */
TEST(sigio)
{
	struct timespec limit = { 5, 0 };
	siginfo_t info;
	sigset_t set;

	start();
	block_signal(SIGIO);
	CHECK_OK(fcntl(dir, F_SETSIG, 0));
	want(DN_CREATE);
	mkdir("d/1", 0755);
	sigemptyset(&set);
	sigaddset(&set, SIGIO);
	CHECK_EQ(sigtimedwait(&set, &info, &limit), SIGIO);
	CHECK_EQ(info.si_code, SI_KERNEL);
}

/* Directories change while descriptors of them come and go. */
TEST(storm)
{
	long long end = now_ms() + 500;
	volatile int *over = shared_page();
	pid_t maker;
	int i;

	start();
	maker = fork();
	if (maker == 0) {
		while (!*over) {
			mkdir("d/x", 0755);
			rmdir("d/x");
		}
		_exit(0);
	}
	for (i = 0; i < 4 || now_ms() < end; i++) {
		int fd = open("d", O_RDONLY);

		CHECK_OK(fcntl(fd, F_SETSIG, SIGRTMIN));
		CHECK_OK(fcntl(fd, F_NOTIFY, DN_CREATE | DN_DELETE | (i & 1 ? DN_MULTISHOT : 0)));
		close(fd);
	}
	*over = 1;
	expect_exit(maker, 0);
}
