// SPDX-License-Identifier: GPL-2.0-only
/* t_rw.c: read, write, pread, pwrite, readv, writev, lseek, truncate, fallocate, copy_file_range. */
#include "tap.h"

#include <sys/resource.h>
#include <sys/uio.h>

static int fresh(const char *text)
{
	int fd;

	write_file("f", text);
	fd = open("f", O_RDWR);
	REQUIRE(fd >= 0);
	return fd;
}

static bool content_is(const char *want)
{
	char buf[256];

	read_file("f", buf, sizeof(buf));
	if (strcmp(buf, want))
		note("content \"%s\", want \"%s\"", buf, want);
	return strcmp(buf, want) == 0;
}

TEST(sequence)
{
	int fd = fresh("");
	char buf[16] = "";

	CHECK_EQ(write(fd, "hello ", 6), 6);
	CHECK_EQ(write(fd, "world", 5), 5);
	CHECK_EQ(read(fd, buf, 4), 0);
	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	CHECK_EQ(read(fd, buf, 8), 8);
	CHECK(memcmp(buf, "hello wo", 8) == 0);
	CHECK_EQ(read(fd, buf, 8), 3);
	CHECK_EQ(read(fd, buf, 8), 0);
	CHECK_EQ(read(fd, buf, 0), 0);
	CHECK_EQ(write(fd, buf, 0), 0);
}

TEST(lseek)
{
	int fd = fresh("0123456789"), p[2];

	CHECK_EQ(lseek(fd, 3, SEEK_SET), 3);
	CHECK_EQ(lseek(fd, 2, SEEK_CUR), 5);
	CHECK_EQ(lseek(fd, -1, SEEK_END), 9);
	CHECK_EQ(lseek(fd, 100, SEEK_SET), 100);
	CHECK_ERR(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_ERR(lseek(fd, -200, SEEK_CUR), EINVAL);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 100);
	CHECK_ERR(lseek(fd, 0, 99), EINVAL);
	CHECK_ERR(lseek(99, 0, SEEK_SET), EBADF);
	pipe(p);
	CHECK_ERR(lseek(p[0], 0, SEEK_CUR), ESPIPE);
	CHECK_EQ(lseek(fd, 0, SEEK_DATA), 0);
	CHECK_EQ(lseek(fd, 0, SEEK_HOLE), 10);
	CHECK_ERR(lseek(fd, 10, SEEK_DATA), ENXIO);
}

TEST(hole)
{
	int fd = fresh("ab");
	char buf[10];
	struct stat st;

	CHECK_EQ(pwrite(fd, "z", 1, 9), 1);
	CHECK_EQ(pread(fd, buf, 10, 0), 10);
	CHECK(memcmp(buf, "ab\0\0\0\0\0\0\0z", 10) == 0);
	CHECK_EQ(pwrite(fd, "far", 3, 1 << 24), 3);
	fstat(fd, &st);
	CHECK_EQ(st.st_size, (1 << 24) + 3);
	CHECK(st.st_blocks * 512 < 1 << 20);
	CHECK_EQ(pread(fd, buf, 10, 5 << 20), 10);
	CHECK_EQ(buf[0] + buf[9], 0);
}

TEST(positioned)
{
	int fd = fresh("0123456789");
	char buf[4] = "";

	CHECK_EQ(pread(fd, buf, 3, 4), 3);
	CHECK_STR(buf, "456");
	CHECK_EQ(pwrite(fd, "XY", 2, 8), 2);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 0);
	CHECK(content_is("01234567XY"));
	CHECK_EQ(pread(fd, buf, 3, 10), 0);
	CHECK_ERR(pread(fd, buf, 3, -1), EINVAL);
	CHECK_ERR(pwrite(fd, buf, 3, -1), EINVAL);
}

TEST(vectors)
{
	int fd = fresh("");
	char a[3] = "", b[5] = "", c[10] = "";
	struct iovec out[] = { { "one", 3 }, { NULL, 0 }, { "two", 3 }, { "three", 5 } };
	struct iovec in[] = { { a, 2 }, { b, 4 }, { c, 9 } };
	struct iovec bad[] = { { a, (size_t)-1 }, { b, 4 } };

	CHECK_EQ(writev(fd, out, 4), 11);
	lseek(fd, 0, SEEK_SET);
	CHECK_EQ(readv(fd, in, 3), 11);
	CHECK_STR(a, "on");
	CHECK_STR(b, "etwo");
	CHECK_STR(c, "three");
	CHECK_EQ(writev(fd, out, 0), 0);
	CHECK_ERR(writev(fd, out, -1), EINVAL);
	CHECK_ERR(writev(fd, out, 1025), EINVAL);
	CHECK_ERR(readv(fd, bad, 2), EINVAL);
	CHECK_EQ(pwritev(fd, out, 1, 3), 3);
	CHECK_EQ(preadv(fd, in, 2, 1), 6);
	CHECK(memcmp(a, "ne", 2) == 0 && memcmp(b, "onet", 4) == 0);
	CHECK_EQ(preadv2(fd, in, 1, 0, 0), 2);
	CHECK_ERR(preadv2(fd, in, 1, 0, 0x4000), EOPNOTSUPP);
}

TEST(partial_fault)
{
	long page = sysconf(_SC_PAGESIZE);
	char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = fresh("0123456789"), pipes[2];
	ssize_t n;

	munmap(p + page, page);
	/* What lies before the bad page is transferred; nothing at all gives EFAULT. */
	n = read(fd, p + page - 4, 10);
	CHECK(n == 4 || (n == -1 && errno == EFAULT));
	CHECK_ERR(read(fd, p + page, 4), EFAULT);
	pipe(pipes);
	CHECK_ERR(write(pipes[1], p + page, 4), EFAULT);
	CHECK_ERR(write(fd, p + page, 4), EFAULT);
	CHECK(content_is("0123456789"));
}

TEST(truncate)
{
	int fd = fresh("0123456789"), ro = open("f", O_RDONLY);
	struct stat st;

	CHECK_OK(ftruncate(fd, 4));
	CHECK(content_is("0123"));
	CHECK_OK(truncate("f", 6));
	fstat(fd, &st);
	CHECK_EQ(st.st_size, 6);
	CHECK_EQ(pread(fd, (char[2]){ 0 }, 2, 4), 2);
	CHECK_ERR(ftruncate(ro, 1), EINVAL);
	CHECK_ERR(ftruncate(fd, -1), EINVAL);
	CHECK_ERR(truncate("missing", 1), ENOENT);
	CHECK_ERR(truncate(".", 1), EISDIR);
	/* A grown file shows zeros where the old content was cut off. */
	ftruncate(fd, 2);
	ftruncate(fd, 8);
	{
		char buf[8];

		CHECK_EQ(pread(fd, buf, 8, 0), 8);
		CHECK(memcmp(buf, "01\0\0\0\0\0\0", 8) == 0);
	}
}

TEST(file_size_limit)
{
	struct rlimit lim = { 100, RLIM_INFINITY };
	int fd = fresh("");
	char buf[200];
	pid_t pid;

	memset(buf, 'L', sizeof(buf));
	setrlimit(RLIMIT_FSIZE, &lim);
	CHECK_EQ(write(fd, buf, 200), 100);	/* up to the limit */
	pid = fork();
	if (pid == 0) {
		write(fd, buf, 1);
		_exit(0);
	}
	expect_signal(pid, SIGXFSZ);
	signal(SIGXFSZ, SIG_IGN);
	CHECK_ERR(write(fd, buf, 1), EFBIG);
	CHECK_ERR(ftruncate(fd, 101), EFBIG);
}

TEST(fallocate)
{
	int fd = fresh("0123456789");
	struct stat st;
	char buf[10];

	CHECK_OK(fallocate(fd, 0, 0, 20000));
	fstat(fd, &st);
	CHECK_EQ(st.st_size, 20000);
	CHECK_OK(fallocate(fd, FALLOC_FL_KEEP_SIZE, 0, 40000));
	fstat(fd, &st);
	CHECK_EQ(st.st_size, 20000);
	CHECK_OK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 2, 4));
	pread(fd, buf, 10, 0);
	CHECK(memcmp(buf, "01\0\0\0\0006789", 10) == 0);
	CHECK_ERR(fallocate(fd, 0, 0, 0), EINVAL);
	CHECK_ERR(fallocate(fd, 0, -1, 5), EINVAL);
	CHECK_ERR(fallocate(fd, FALLOC_FL_PUNCH_HOLE, 0, 5), EOPNOTSUPP);
	CHECK_ERR(fallocate(open("f", O_RDONLY), 0, 0, 5), EBADF);
}

TEST(copy_file_range)
{
	int in = fresh("0123456789"), out = open("g", O_RDWR | O_CREAT, 0600);
	loff_t off = 3;
	char buf[16] = "";

	CHECK_EQ(copy_file_range(in, &off, out, NULL, 4, 0), 4);
	CHECK_EQ(off, 7);
	CHECK_EQ(lseek(in, 0, SEEK_CUR), 0);
	CHECK_EQ(copy_file_range(in, NULL, out, NULL, 2, 0), 2);
	CHECK_EQ(pread(out, buf, 15, 0), 6);
	CHECK_STR(buf, "345601");
	CHECK_ERR(copy_file_range(in, NULL, out, NULL, 2, 1), EINVAL);
}

TEST(big_file)
{
	int fd = fresh("");
	unsigned int *block = malloc(65536), i, n;

	for (n = 0; n < 64; n++) {
		for (i = 0; i < 16384; i++)
			block[i] = n * 16384 + i;
		CHECK_EQ(write(fd, block, 65536), 65536);
	}
	for (n = 0; n < 64; n++) {
		CHECK_EQ(pread(fd, block, 65536, n * 65536), 65536);
		for (i = 0; i < 16384 && block[i] == n * 16384 + i; i++)
			;
		REQUIRE(i == 16384);
	}
	CHECK_EQ(pread(fd, block, 10, 4 << 20), 0);
}

TEST(shared_offset_after_dup)
{
	int fd = fresh("0123456789"), other = dup(fd), own = open("f", O_RDONLY);
	char byte;

	lseek(fd, 5, SEEK_SET);
	CHECK_EQ(read(other, &byte, 1), 1);
	CHECK_EQ(byte, '5');
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 6);
	CHECK_EQ(read(own, &byte, 1), 1);
	CHECK_EQ(byte, '0');
}

TEST(sync_calls)
{
	int fd = fresh("s"), p[2];

	CHECK_OK(fsync(fd));
	CHECK_OK(fdatasync(fd));
	CHECK_OK(syncfs(fd));
	sync();
	pipe(p);
	CHECK_ERR(fsync(p[0]), EINVAL);
	CHECK_ERR(fsync(99), EBADF);
	CHECK_OK(posix_fadvise(fd, 0, 0, POSIX_FADV_WILLNEED));
	CHECK_EQ(posix_fadvise(p[0], 0, 0, POSIX_FADV_NORMAL), ESPIPE);
	CHECK_OK(readahead(fd, 0, 1));
}

TEST(write_past_2g)
{
	int fd = fresh("");
	loff_t far = 5LL << 30;
	char byte = 0;
	struct stat st;

	CHECK_EQ(pwrite(fd, "G", 1, far), 1);
	CHECK_EQ(lseek(fd, -1, SEEK_END), far);
	CHECK_EQ(read(fd, &byte, 1), 1);
	CHECK_EQ(byte, 'G');
	fstat(fd, &st);
	CHECK_EQ(st.st_size, far + 1);
}

TEST(checks_of_vectors)
{
	struct iovec one = { .iov_base = (char[1]){ 0 }, .iov_len = 1 };
	int rd = open("f", O_CREAT | O_RDONLY, 0644), wr = open("f", O_WRONLY), dir = open(".", O_RDONLY);

	/* The segments are looked at before the mode. */
	CHECK_ERR(readv(wr, (struct iovec *)8, 1), EFAULT);
	CHECK_ERR(writev(rd, &one, 1025), EINVAL);
	CHECK_ERR(readv(wr, &one, 1), EBADF);
	CHECK_ERR(readv(dir, &one, 1), EISDIR);
	CHECK_EQ(readv(dir, &one, 0), 0);
	if (!is_compat())		/* a 32-bit program may name any address */
		CHECK_ERR(read(dir, (char *)-4096L, 8), EFAULT);
}

TEST(nowait)
{
	struct iovec one = { .iov_base = (char[1]){ 'x' }, .iov_len = 1 };
	int fd = open("f", O_CREAT | O_RDWR, 0644), p[2];

	REQUIRE(!pipe(p));
	CHECK_ERR(pwritev2(fd, &one, 1, 0, RWF_NOWAIT), EOPNOTSUPP);
	CHECK_ERR(pwritev2(p[1], &one, 1, -1, RWF_NOWAIT), EOPNOTSUPP);
	CHECK_EQ(pwritev2(open("/dev/null", O_WRONLY), &one, 1, 0, RWF_NOWAIT), 1);
	CHECK_EQ(pwritev2(fd, &one, 1, 0, RWF_DSYNC | RWF_HIPRI), 1);
	CHECK_ERR(pwritev2(fd, &one, 1, 0, 1 << 10), EOPNOTSUPP);
}

TEST(fallocate_size_limit)
{
	struct rlimit limit = { 1000, 1000 };
	int fd = open("f", O_CREAT | O_RDWR, 0644);

	signal(SIGXFSZ, SIG_IGN);
	CHECK_OK(setrlimit(RLIMIT_FSIZE, &limit));
	CHECK_OK(fallocate(fd, 0, 0, 1000));
	CHECK_ERR(fallocate(fd, 0, 0, 1001), EFBIG);
	CHECK_ERR(fallocate(fd, FALLOC_FL_KEEP_SIZE, 900, 101), EFBIG);
	CHECK_EQ(lseek(fd, 0, SEEK_END), 1000);
}

TEST(hints)
{
	int fd = open("f", O_CREAT | O_RDWR, 0644), wr = open("f", O_WRONLY), dir = open(".", O_RDONLY);

	CHECK_ERR(readahead(wr, 0, 0), EBADF);
	CHECK_ERR(readahead(dir, 0, 10), EINVAL);
	if (sizeof(long) == 8)			/* a length of 32 bits is never negative */
		CHECK_ERR(readahead(fd, 0, -1), EINVAL);
	else
		CHECK_OK(readahead(fd, 0, -1));
	CHECK_OK(readahead(open("/proc/self/status", O_RDONLY), 0, 10));
	CHECK_ERR(sync_file_range(999, -1, 0, 8), EBADF);
}

static void fallocate_as_user(void)
{
	struct stat st;
	int fd;

	become_user();
	fd = open("f", O_RDWR);
	CHECK_OK(chmod("f", 06755));
	CHECK_OK(fallocate(fd, 0, 0, 10));
	CHECK_OK(stat("f", &st));
	CHECK_EQ(st.st_mode & 07777, 0755);
	CHECK_OK(chmod("f", 06755));
	CHECK_OK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, 10));
	CHECK_OK(stat("f", &st));
	CHECK_EQ(st.st_mode & 07777, 0755);
}

TEST(fallocate_takes_set_id_bits)
{
	write_file("f", "x");
	CHECK_OK(chown("f", 1000, 1000));
	in_child(fallocate_as_user);
}

TEST(copy_file_range_bounds)
{
	int from = open("a", O_CREAT | O_RDWR, 0644), to = open("b", O_CREAT | O_RDWR, 0644);
	loff_t minus = -1, end = 0x7ffffffffffffff0LL, zero = 0;

	CHECK_EQ(write(from, "0123456789", 10), 10);
	CHECK_ERR(copy_file_range(from, &minus, to, NULL, 3, 0), EOVERFLOW);
	CHECK_ERR(copy_file_range(from, &zero, to, &minus, 3, 0), EOVERFLOW);
	CHECK_EQ(copy_file_range(from, &end, to, NULL, 100, 0), 0);
	CHECK_EQ(copy_file_range(from, &zero, to, NULL, 100, 0), 10);
}
