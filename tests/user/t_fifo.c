// SPDX-License-Identifier: GPL-2.0-only
/* t_fifo.c: named pipes: how opens meet, non-blocking opens, reopening. */
#include "tap.h"

#include <poll.h>

TEST(opens_meet)
{
	char buf[8] = "";
	pid_t pid;
	int fd;

	CHECK_OK(mkfifo("p", 0600));
	CHECK_ERR(mkfifo("p", 0600), EEXIST);
	pid = fork();
	if (pid == 0) {
		fd = open("p", O_WRONLY);
		CHECK_OK(fd);
		write(fd, "fifo", 4);
		finish();
	}
	fd = open("p", O_RDONLY);
	CHECK_OK(fd);
	CHECK_EQ(read(fd, buf, 8), 4);
	CHECK_STR(buf, "fifo");
	CHECK_EQ(read(fd, buf, 8), 0);
	expect_exit(pid, 0);
}

TEST(nonblocking)
{
	char byte;
	int r, w;

	mkfifo("p", 0600);
	CHECK_ERR(open("p", O_WRONLY | O_NONBLOCK), ENXIO);
	r = open("p", O_RDONLY | O_NONBLOCK);
	CHECK_OK(r);
	CHECK_EQ(read(r, &byte, 1), 0);		/* no writer: end of file, not EAGAIN */
	w = open("p", O_WRONLY | O_NONBLOCK);
	CHECK_OK(w);
	CHECK_ERR(read(r, &byte, 1), EAGAIN);
	CHECK_EQ(write(w, "x", 1), 1);
	close(w);
	CHECK_EQ(read(r, &byte, 1), 1);
	CHECK_EQ(read(r, &byte, 1), 0);
}

TEST(read_write_never_blocks)
{
	char byte;
	int fd;

	mkfifo("p", 0600);
	fd = open("p", O_RDWR);
	CHECK_OK(fd);
	CHECK_EQ(write(fd, "s", 1), 1);
	CHECK_EQ(read(fd, &byte, 1), 1);
}

TEST(data_goes_with_last_close)
{
	char byte;
	int fd;

	mkfifo("p", 0600);
	fd = open("p", O_RDWR);
	write(fd, "lost", 4);
	close(fd);
	fd = open("p", O_RDONLY | O_NONBLOCK);
	CHECK_EQ(read(fd, &byte, 1), 0);
}

static void on_signal(int sig)
{
	(void)sig;
}

TEST(waiting_open_is_interruptible)
{
	pid_t me = getpid(), pid;

	mkfifo("p", 0600);
	set_handler(SIGUSR1, on_signal, 0);
	pid = fork();
	if (pid == 0) {
		wait_state(me, 'S');
		kill(me, SIGUSR1);
		_exit(0);
	}
	CHECK_ERR(open("p", O_RDONLY), EINTR);
	expect_exit(pid, 0);
}

TEST(unlink_while_open)
{
	char byte;
	int fd, other;

	mkfifo("p", 0600);
	fd = open("p", O_RDWR);
	unlink("p");
	mkfifo("p", 0600);
	other = open("p", O_RDWR | O_NONBLOCK);
	write(fd, "1", 1);
	CHECK_ERR(read(other, &byte, 1), EAGAIN);	/* a different FIFO of the same name */
	CHECK_EQ(read(fd, &byte, 1), 1);
}

TEST(poll)
{
	struct pollfd poller;
	int r, w;

	mkfifo("p", 0600);
	r = open("p", O_RDONLY | O_NONBLOCK);
	poller = (struct pollfd){ r, POLLIN, 0 };
	CHECK_EQ(poll(&poller, 1, 0), 0);	/* nobody has written yet: no hang-up */
	w = open("p", O_WRONLY);
	write(w, "x", 1);
	CHECK_EQ(poll(&poller, 1, 0), 1);
	CHECK_EQ(poller.revents, POLLIN);
	close(w);
	poll(&poller, 1, 0);
	CHECK_EQ(poller.revents, POLLIN | POLLHUP);
}
