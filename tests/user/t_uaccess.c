// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_uaccess.c: copies between kernel and user memory: every size and alignment, faults in the middle, and that
 * the program's floating-point registers survive them.
 */
#include "tap.h"

#include <sys/uio.h>

enum { PAGE = 4096 };

static unsigned char pattern(size_t i)
{
	return i * 7 + (i >> 8) * 13 + 1;
}

/* Sizes around those where the copies change their way, at unlike alignments of both sides. */
TEST(sizes)
{
	static unsigned char src[3 * PAGE], dst[3 * PAGE];
	static const unsigned short sizes[] = { 1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 63, 64, 65, 127, 128, 129,
		255, 256, 257, 300, 319, 320, 383, 384, 385, 447, 511, 512, 513, 1000, 4095, 4096, 4097, 8190 };
	int fd = open("f", O_CREAT | O_RDWR, 0600);
	size_t i, s, from, to, n;

	for (i = 0; i < sizeof(src); i++)
		src[i] = pattern(i);
	for (s = 0; s < ARRAY_SIZE(sizes); s++) {
		for (from = 0; from < 4; from++) {
			n = sizes[s];
			to = (from * 5 + s) % 9;
			REQUIRE(pwrite(fd, src + from, n, from * 3) == (ssize_t)n);
			memset(dst, 0xee, n + 32);
			REQUIRE(pread(fd, dst + to, n, from * 3) == (ssize_t)n);
			CHECK(!memcmp(dst + to, src + from, n));
			CHECK(dst[to + n] == 0xee && (!to || dst[to - 1] == 0xee));
		}
	}
}

/* The end of the memory cuts a transfer off at the byte. */
TEST(fault_in_the_middle)
{
	unsigned char *mem = mmap(NULL, 3 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	static unsigned char back[2 * PAGE];
	size_t before;
	int p[2];

	munmap(mem + PAGE, PAGE);
	for (size_t i = 0; i < PAGE; i++)
		mem[i] = pattern(i);
	for (before = 1; before < PAGE; before = before * 2 + 3) {
		struct iovec v = { mem + PAGE - before, PAGE };
		ssize_t n;

		pipe(p);
		/* All or nothing of a page for a pipe: only that no wrong byte comes through. */
		n = write(p[1], v.iov_base, PAGE);
		CHECK((n == -1 && errno == EFAULT) || n == (ssize_t)before);
		if (n > 0)
			CHECK(read(p[0], back, sizeof(back)) == n && !memcmp(back, v.iov_base, n));
		memset(back, 0x5a, PAGE);
		write(p[1], back, PAGE);
		n = read(p[0], v.iov_base, PAGE);
		CHECK((n == -1 && errno == EFAULT) || n == (ssize_t)before);
		CHECK_EQ(mem[PAGE - 1], 0x5a);
		mem[PAGE - 1] = pattern(PAGE - 1);
		close(p[0]);
		close(p[1]);
	}
}

TEST(zeros)
{
	unsigned char *mem = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("/dev/zero", O_RDONLY);
	static const unsigned short sizes[] = { 1, 63, 64, 300, 319, 320, 321, 383, 384, 400, 512, 1000, 4096, 5000 };
	struct iovec v[2];
	size_t s, i, at;
	ssize_t n;
	char c = 1;

	for (s = 0; s < ARRAY_SIZE(sizes); s++) {
		for (at = 1; at < 70; at += 17) {
			memset(mem, 0xaa, 2 * PAGE);
			REQUIRE(read(fd, mem + at, sizes[s]) == sizes[s]);
			CHECK(mem[at - 1] == 0xaa && mem[at + sizes[s]] == 0xaa);
			for (i = 0; i < sizes[s]; i++)
				c |= mem[at + i];
			CHECK_EQ(c, 1);
		}
	}
	CHECK_EQ(read(fd, mem, 0), 0);
	v[0] = (struct iovec){ mem, 10 };
	v[1] = (struct iovec){ mem + PAGE, 20 };
	memset(mem, 0xaa, 2 * PAGE);
	CHECK_EQ(readv(fd, v, 2), 30);
	CHECK(!mem[9] && mem[10] == 0xaa && !mem[PAGE + 19] && mem[PAGE + 20] == 0xaa);
	CHECK_EQ(pread(fd, mem, 100, 12345), 100);
	munmap(mem + 2 * PAGE, PAGE);
	memset(mem + PAGE, 0xaa, PAGE);
	n = read(fd, mem + 2 * PAGE - 700, PAGE);
	if (n < 0 && sizeof(long) == 4)
		CHECK_EQ(errno, EFAULT);	/* Linux on arm counts what came before the fault as nothing */
	else
		CHECK(n > 0 && n <= 700 && !mem[2 * PAGE - 701 + n]);	/* and on arm64 in words */
	CHECK(!mem[2 * PAGE - 700] && mem[2 * PAGE - 701] == 0xaa);
	CHECK_ERR(read(fd, mem + 2 * PAGE, 10), EFAULT);
	CHECK_ERR(read(fd, (void *)-4096L, 10), EFAULT);
}

/* ---- the program's registers ----------------------------------------------------------------- */

#ifdef __aarch64__
enum { FP_BYTES = 128 };
#define LOAD_FP(buf)	asm volatile("ldp q0, q1, [%0]\n\tldp q2, q3, [%0, #32]\n\tldp q4, q5, [%0, #64]\n\t" \
				     "ldp q6, q7, [%0, #96]" : : "r" (buf) \
				     : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "memory")
#define STORE_FP(buf)	asm volatile("stp q0, q1, [%0]\n\tstp q2, q3, [%0, #32]\n\tstp q4, q5, [%0, #64]\n\t" \
				     "stp q6, q7, [%0, #96]" : : "r" (buf) : "memory")
#define RAW_CALL(nr, a, b, c, result) do {					\
	register long x8 asm("x8") = (nr);					\
	register long x0 asm("x0") = (long)(a);					\
	register long x1 asm("x1") = (long)(b);					\
	register long x2 asm("x2") = (long)(c);					\
	asm volatile("svc #0" : "+r" (x0) : "r" (x8), "r" (x1), "r" (x2) : "memory"); \
	(result) = x0;								\
} while (0)
#else
enum { FP_BYTES = 64 };
#define LOAD_FP(buf)	asm volatile("vldmia %0, {d0-d7}" : : "r" (buf) \
				     : "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "memory")
#define STORE_FP(buf)	asm volatile("vstmia %0, {d0-d7}" : : "r" (buf) : "memory")
#define RAW_CALL(nr, a, b, c, result)	((result) = syscall((nr), (a), (b), (c)))
#endif

/* Transfers that fault pages in, so that the kernel sleeps or is preempted in the middle of some. */
static void transfer_with_registers(int seed)
{
	unsigned char before[FP_BYTES], after[FP_BYTES];
	size_t size = 64 * PAGE;
	unsigned char *mem;
	int fd = open("f", O_CREAT | O_RDWR, 0600), round;
	long n;

	for (round = 0; round < 15; round++) {
		mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		for (size_t i = 0; i < sizeof(before); i++)
			before[i] = pattern(i + seed + round);
		LOAD_FP(before);
		RAW_CALL(SYS_write, fd, mem, size, n);
		STORE_FP(after);
		CHECK_EQ(n, (long)size);
		CHECK(!memcmp(before, after, sizeof(before)));
		munmap(mem, size);
		mem = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		lseek(fd, 0, SEEK_SET);
		LOAD_FP(before);
		RAW_CALL(SYS_read, fd, mem, size, n);
		STORE_FP(after);
		CHECK_EQ(n, (long)size);
		CHECK(!memcmp(before, after, sizeof(before)));
		munmap(mem + size / 2, PAGE);		/* one that fails half-way */
		lseek(fd, 0, SEEK_SET);
		LOAD_FP(before);
		RAW_CALL(SYS_read, fd, mem, size, n);
		STORE_FP(after);
		CHECK_EQ(n, (long)size / 2);
		CHECK(!memcmp(before, after, sizeof(before)));
		munmap(mem, size);
		lseek(fd, 0, SEEK_SET);
	}
	close(fd);
}

TEST(registers_kept)
{
	pid_t pids[6];
	int i;

	for (i = 0; i < 6; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			char dir[8];

			snprintf(dir, sizeof(dir), "%d", i);
			mkdir(dir, 0700);
			chdir(dir);
			transfer_with_registers(i * 31);
			finish();
		}
	}
	for (i = 0; i < 6; i++)
		expect_exit(pids[i], 0);
}
