// SPDX-License-Identifier: GPL-2.0-only
/* t_pipe.c: pipes: order, blocking, atomicity, non-blocking, packet mode, closing. */
#include "tap.h"

#include <limits.h>
#include <poll.h>
#include <sys/ioctl.h>

static int p[2];
static char big[200000];

TEST(basic)
{
	char buf[16] = "";

	CHECK_OK(pipe(p));
	CHECK_EQ(write(p[1], "hello", 5), 5);
	CHECK_EQ(write(p[1], "world", 5), 5);
	CHECK_EQ(read(p[0], buf, 7), 7);
	CHECK_STR(buf, "hellowo");
	CHECK_EQ(read(p[0], buf, 16), 3);	/* what is there, not what was asked */
	CHECK_ERR(write(p[0], "x", 1), EBADF);
	CHECK_ERR(read(p[1], buf, 1), EBADF);
	close(p[1]);
	CHECK_EQ(read(p[0], buf, 1), 0);
	CHECK_EQ(read(p[0], buf, 1), 0);
}

TEST(pipe2_flags)
{
	CHECK_OK(pipe2(p, O_CLOEXEC | O_NONBLOCK));
	CHECK_EQ(fcntl(p[0], F_GETFD), FD_CLOEXEC);
	CHECK(fcntl(p[1], F_GETFL) & O_NONBLOCK);
	CHECK_ERR(read(p[0], big, 1), EAGAIN);
	CHECK_ERR(pipe2(p, O_APPEND), EINVAL);
	CHECK_ERR(pipe((int *)8), EFAULT);
}

TEST(capacity)
{
	int n = 0, avail;

	pipe2(p, O_NONBLOCK);
	while (write(p[1], big, 4096) == 4096)
		n++;
	CHECK_EQ(errno, EAGAIN);
	CHECK_EQ(n, 16);
	CHECK_OK(ioctl(p[0], FIONREAD, &avail));
	CHECK_EQ(avail, 65536);
	CHECK_EQ(read(p[0], big, 1), 1);
	CHECK_ERR(write(p[1], big, 4096), EAGAIN);	/* no whole page free yet */
	CHECK_EQ(read(p[0], big, 4095), 4095);
	CHECK_EQ(write(p[1], big, 4096), 4096);
	CHECK_EQ(read(p[0], big, 100000), 65536);
}

TEST(blocked_reader_wakes)
{
	char byte;
	pid_t pid;

	pipe(p);
	pid = fork();
	if (pid == 0) {
		wait_state(getppid(), 'S');
		write(p[1], "w", 1);
		finish();
	}
	CHECK_EQ(read(p[0], &byte, 1), 1);
	expect_exit(pid, 0);
}

TEST(blocked_writer_wakes)
{
	size_t total = 0;
	ssize_t n;
	pid_t pid;

	pipe(p);
	pid = fork();
	if (pid == 0) {
		close(p[0]);
		CHECK_EQ(write(p[1], big, sizeof(big)), sizeof(big));
		finish();
	}
	close(p[1]);
	while ((n = read(p[0], big, 777)) > 0)
		total += n;
	CHECK_EQ(total, sizeof(big));
	expect_exit(pid, 0);
}

TEST(content)
{
	unsigned int i, value, bad = 0;
	pid_t pid;
	FILE *in;

	pipe(p);
	pid = fork();
	if (pid == 0) {
		FILE *out = fdopen(p[1], "w");

		close(p[0]);
		for (i = 0; i < 100000; i++)
			fwrite(&i, sizeof(i), 1, out);
		fclose(out);
		finish();
	}
	close(p[1]);
	in = fdopen(p[0], "r");
	for (i = 0; fread(&value, sizeof(value), 1, in) == 1; i++)
		bad += value != i;
	CHECK_EQ(i, 100000);
	CHECK_EQ(bad, 0);
	expect_exit(pid, 0);
}

/* Writes of up to PIPE_BUF bytes never mix. */
TEST(atomic_writes)
{
	enum { WRITERS = 4, RECORDS = 100, SIZE = 512 };
	char record[SIZE];
	int i, n, bad = 0, count = 0;
	pid_t pids[WRITERS];

	pipe(p);
	for (i = 0; i < WRITERS; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			memset(record, 'a' + i, SIZE);
			for (n = 0; n < RECORDS; n++)
				CHECK_EQ(write(p[1], record, SIZE), SIZE);
			finish();
		}
	}
	close(p[1]);
	for (;;) {
		size_t got = 0;
		ssize_t k;

		while (got < SIZE && (k = read(p[0], record + got, SIZE - got)) > 0)
			got += k;
		if (got < SIZE)
			break;
		count++;
		for (i = 1; i < SIZE; i++)
			bad += record[i] != record[0];
	}
	CHECK_EQ(count, WRITERS * RECORDS);
	CHECK_EQ(bad, 0);
	for (i = 0; i < WRITERS; i++)
		expect_exit(pids[i], 0);
}

TEST(last_reader_gone)
{
	signal(SIGPIPE, SIG_IGN);
	pipe(p);
	write(p[1], "x", 1);
	close(p[0]);
	CHECK_ERR(write(p[1], "x", 1), EPIPE);
}

TEST(blocked_writer_sees_reader_go)
{
	pid_t pid;

	pipe(p);
	pid = fork();
	if (pid == 0) {
		signal(SIGPIPE, SIG_IGN);
		close(p[0]);
		for (;;)
			if (write(p[1], big, 4096) < 0) {
				CHECK_EQ(errno, EPIPE);
				finish();
			}
	}
	CHECK(wait_state(pid, 'S'));
	close(p[0]);
	expect_exit(pid, 0);
}

TEST(poll_states)
{
	struct pollfd r, w;

	pipe(p);
	r = (struct pollfd){ p[0], POLLIN, 0 };
	w = (struct pollfd){ p[1], POLLOUT, 0 };
	CHECK_EQ(poll(&r, 1, 0), 0);
	CHECK_EQ(poll(&w, 1, 0), 1);
	CHECK_EQ(w.revents, POLLOUT);
	write(p[1], "x", 1);
	CHECK_EQ(poll(&r, 1, 0), 1);
	CHECK_EQ(r.revents, POLLIN);
	close(p[1]);
	CHECK_EQ(poll(&r, 1, 0), 1);
	CHECK_EQ(r.revents, POLLIN | POLLHUP);
	read(p[0], big, 1);
	poll(&r, 1, 0);
	CHECK_EQ(r.revents, POLLHUP);
	pipe(p);
	close(p[0]);
	w.fd = p[1];
	poll(&w, 1, 0);
	CHECK_EQ(w.revents, POLLOUT | POLLERR);
}

TEST(packet_mode)
{
	CHECK_OK(pipe2(p, O_DIRECT));
	CHECK_EQ(write(p[1], "one", 3), 3);
	CHECK_EQ(write(p[1], "three", 5), 5);
	CHECK_EQ(read(p[0], big, 100), 3);
	CHECK_EQ(read(p[0], big, 2), 2);	/* the rest of the packet is dropped */
	fcntl(p[0], F_SETFL, O_NONBLOCK);
	CHECK_ERR(read(p[0], big, 100), EAGAIN);
}

TEST(reopen_through_proc)
{
	char path[40];
	int fd;

	pipe(p);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p[1]);
	fd = open(path, O_WRONLY);
	CHECK_OK(fd);
	close(p[1]);
	CHECK_EQ(write(fd, "via", 3), 3);
	CHECK_EQ(read(p[0], big, 10), 3);
	close(fd);
	CHECK_EQ(read(p[0], big, 10), 0);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", p[0]);
	memset(big, 0, 64);
	CHECK(readlink(path, big, 64) > 0);
	CHECK(strncmp(big, "pipe:[", 6) == 0);
}

static void on_signal(int sig)
{
	(void)sig;
}

TEST(signal_during_large_write)
{
	ssize_t n;
	pid_t me = getpid(), pid;

	set_handler(SIGUSR1, on_signal, 0);
	pipe(p);
	pid = fork();
	if (pid == 0) {
		wait_state(me, 'S');
		kill(me, SIGUSR1);
		_exit(0);
	}
	/* Interrupted after part of it: the count so far, not EINTR. */
	n = write(p[1], big, sizeof(big));
	CHECK_EQ(n, 65536);
	expect_exit(pid, 0);
}

/* More waiters than a kernel wakes in one go, readers and pollers mixed: the end reaches each. */
TEST(crowd_sees_the_end)
{
	enum { CROWD = 200 };
	static pid_t pids[CROWD];
	int i;

	pipe(p);
	for (i = 0; i < CROWD; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			struct pollfd pfd = { .fd = p[0], .events = POLLIN };

			close(p[1]);
			if (i & 1)
				CHECK_EQ(poll(&pfd, 1, -1), 1);
			CHECK_EQ(read(p[0], big, 1), 0);
			finish();
		}
	}
	for (i = 0; i < CROWD; i++)
		wait_state(pids[i], 'S');
	close(p[1]);
	for (i = 0; i < CROWD; i++)
		expect_exit(pids[i], 0);
}

TEST(no_notification_queue)
{
	int p[2];

	CHECK_ERR(pipe2(p, O_EXCL), ENOPKG);
	CHECK_ERR(pipe2(p, O_EXCL | O_APPEND), EINVAL);
}
