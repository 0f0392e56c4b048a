// SPDX-License-Identifier: GPL-2.0-only
/* t_splice_sendfile.c: sendfile, splice, tee, vmsplice. */
#include "tap.h"

#include <sys/eventfd.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>

static int p[2];

static int file_with(const char *name, const char *text)
{
	int fd;

	write_file(name, text);
	fd = open(name, O_RDWR);
	REQUIRE(fd >= 0);
	return fd;
}

TEST(sendfile_to_file)
{
	int in = file_with("a", "0123456789"), out = open("b", O_RDWR | O_CREAT, 0600);
	off_t off = 4;
	char buf[32];

	CHECK_EQ(sendfile(out, in, NULL, 3), 3);
	CHECK_EQ(lseek(in, 0, SEEK_CUR), 3);
	CHECK_EQ(sendfile(out, in, &off, 100), 6);
	CHECK_EQ(off, 10);
	CHECK_EQ(lseek(in, 0, SEEK_CUR), 3);
	CHECK_EQ(sendfile(out, in, &off, 100), 0);
	read_file("b", buf, sizeof(buf));
	CHECK_STR(buf, "012456789");
}

TEST(sendfile_to_pipe)
{
	int in = file_with("a", "through the pipe");
	char buf[32] = "";

	pipe(p);
	CHECK_EQ(sendfile(p[1], in, NULL, 100), 16);
	CHECK_EQ(read(p[0], buf, 31), 16);
	CHECK_STR(buf, "through the pipe");
}

TEST(sendfile_refusals)
{
	int in = file_with("a", "x"), ro = open("a", O_RDONLY), wo = open("b", O_WRONLY | O_CREAT, 0600);
	off_t off = -1;

	pipe(p);
	CHECK_ERR(sendfile(ro, in, NULL, 1), EBADF);
	CHECK_ERR(sendfile(wo, wo, NULL, 1), EBADF);
	CHECK_ERR(sendfile(250, in, NULL, 1), EBADF);
	CHECK_ERR(sendfile(wo, in, &off, 1), EINVAL);
	off = 0;
	CHECK_ERR(sendfile(wo, p[0], &off, 1), ESPIPE);
}

TEST(splice_file_to_pipe_and_back)
{
	int in = file_with("a", "0123456789"), out = open("b", O_RDWR | O_CREAT, 0600);
	loff_t off = 2;
	char buf[16];

	pipe(p);
	CHECK_EQ(splice(in, &off, p[1], NULL, 5, 0), 5);
	CHECK_EQ(off, 7);
	off = 3;
	CHECK_EQ(splice(p[0], NULL, out, &off, 5, SPLICE_F_MOVE), 5);
	CHECK_EQ(pread(out, buf, 8, 0), 8);
	CHECK(memcmp(buf, "\0\0\00023456", 8) == 0);
}

TEST(splice_pipe_to_pipe)
{
	int q[2];
	char buf[8] = "";

	pipe(p);
	pipe(q);
	write(p[1], "abcdef", 6);
	CHECK_EQ(splice(p[0], NULL, q[1], NULL, 4, 0), 4);
	CHECK_EQ(read(q[0], buf, 8), 4);
	CHECK_STR(buf, "abcd");
	CHECK_EQ(read(p[0], buf, 8), 2);
}

TEST(splice_refusals)
{
	int in = file_with("a", "x"), out = open("b", O_RDWR | O_CREAT, 0600);
	loff_t off = 0;

	pipe(p);
	CHECK_ERR(splice(in, NULL, out, NULL, 1, 0), EINVAL);
	CHECK_ERR(splice(p[0], &off, out, NULL, 1, 0), ESPIPE);
	CHECK_ERR(splice(p[0], NULL, p[1], NULL, 1, 0), EINVAL);
	CHECK_ERR(splice(p[1], NULL, out, NULL, 1, 0), EBADF);
	CHECK_ERR(splice(in, NULL, p[1], NULL, 1, 0x100), EINVAL);
	CHECK_ERR(splice(p[0], NULL, out, NULL, 1, SPLICE_F_NONBLOCK), EAGAIN);
	CHECK_EQ(splice(p[0], NULL, out, NULL, 0, 0), 0);
}

TEST(tee)
{
	int q[2];
	char buf[8] = "";

	pipe(p);
	pipe(q);
	write(p[1], "twice", 5);
	CHECK_EQ(tee(p[0], q[1], 100, 0), 5);
	CHECK_EQ(read(q[0], buf, 8), 5);
	CHECK_STR(buf, "twice");
	CHECK_EQ(read(p[0], buf, 8), 5);	/* still there */
	CHECK_ERR(tee(p[0], q[1], 1, SPLICE_F_NONBLOCK), EAGAIN);
	CHECK_ERR(tee(p[0], 0, 1, 0), EINVAL);
}

TEST(vmsplice)
{
	char buf[16] = "";
	struct iovec iov[] = { { "from ", 5 }, { "memory", 6 } };

	pipe(p);
	CHECK_EQ(vmsplice(p[1], iov, 2, 0), 11);
	CHECK_EQ(read(p[0], buf, 15), 11);
	CHECK_STR(buf, "from memory");
	CHECK_ERR(vmsplice(open("/dev/null", O_WRONLY), iov, 2, 0), EBADF);
}

TEST(large)
{
	enum { SIZE = 300000 };
	static char data[SIZE], back[SIZE];
	int in = open("a", O_RDWR | O_CREAT, 0600), i;
	size_t total = 0;
	ssize_t n;
	pid_t pid;

	for (i = 0; i < SIZE; i++)
		data[i] = i * 7 + i / 251;
	write(in, data, SIZE);
	pipe(p);
	pid = fork();
	if (pid == 0) {
		off_t off = 0;

		close(p[0]);
		while (off < SIZE)
			REQUIRE(sendfile(p[1], in, &off, SIZE) > 0);
		finish();
	}
	close(p[1]);
	while ((n = read(p[0], back + total, SIZE - total)) > 0)
		total += n;
	CHECK_EQ(total, SIZE);
	CHECK(memcmp(data, back, SIZE) == 0);
	expect_exit(pid, 0);
}

TEST(sockets_and_pipes)
{
	int s[2], p[2], e = eventfd(1, 0), f = open("f", O_CREAT | O_RDWR, 0644);
	loff_t zero = 0;
	char buf[8] = "";

	REQUIRE(!socketpair(AF_UNIX, SOCK_STREAM, 0, s));
	REQUIRE(!pipe(p));
	CHECK_EQ(write(s[0], "hello", 5), 5);
	CHECK_EQ(splice(s[1], NULL, p[1], NULL, 5, 0), 5);
	CHECK_EQ(splice(p[0], NULL, s[0], NULL, 5, 0), 5);
	CHECK_EQ(read(s[1], buf, sizeof(buf)), 5);
	CHECK_STR(buf, "hello");
	CHECK_ERR(splice(s[1], &zero, p[1], NULL, 5, SPLICE_F_NONBLOCK), EINVAL);
	CHECK_ERR(splice(p[1], &zero, f, NULL, 5, 0), ESPIPE);
	CHECK_ERR(splice(e, NULL, p[1], NULL, 8, 0), EINVAL);
	CHECK_EQ(write(p[1], "12345678", 8), 8);
	CHECK_ERR(splice(p[0], NULL, e, NULL, 8, 0), EINVAL);
	CHECK_EQ(pwrite(f, "12345678", 8, 0), 8);
	CHECK_ERR(sendfile(e, f, NULL, 8), EINVAL);
}
