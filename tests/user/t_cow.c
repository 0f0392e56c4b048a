// SPDX-License-Identifier: GPL-2.0-only
/* t_cow.c: copy-on-write after fork: every kind of write, every kind of page, both sides. */
#include "tap.h"

#include <pthread.h>

#define PAGE	4096UL
#define RW	(PROT_READ | PROT_WRITE)

static char data_page[PAGE] __attribute__((aligned(4096))) = { 'D' };
static char bss_page[PAGE] __attribute__((aligned(4096)));

static char *anon(size_t pages)
{
	char *p = mmap(NULL, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(p != MAP_FAILED);
	return p;
}

TEST(child_writes)
{
	char *p = anon(1);
	pid_t pid;

	p[0] = data_page[0] = bss_page[0] = 'p';
	pid = fork();
	if (pid == 0) {
		p[0] = data_page[0] = bss_page[0] = 'c';
		CHECK(p[0] == 'c' && data_page[0] == 'c' && bss_page[0] == 'c');
		finish();
	}
	expect_exit(pid, 0);
	CHECK(p[0] == 'p' && data_page[0] == 'p' && bss_page[0] == 'p');
}

TEST(parent_writes)
{
	char *p = anon(1);
	struct gate gate;
	pid_t pid;

	gate_init(&gate);
	p[0] = data_page[0] = bss_page[0] = 'p';
	pid = fork();
	if (pid == 0) {
		gate_wait(&gate);
		CHECK(p[0] == 'p' && data_page[0] == 'p' && bss_page[0] == 'p');
		finish();
	}
	p[0] = data_page[0] = bss_page[0] = 'n';
	gate_open(&gate);
	expect_exit(pid, 0);
	CHECK_EQ(p[0], 'n');
}

/* The kernel's own write into a shared page (read, getrandom...) copies too. */
TEST(kernel_writes)
{
	char *p = anon(2);
	int fd;
	pid_t pid;

	write_file("f", "kernel");
	fd = open("f", O_RDONLY);
	memset(p, 'p', 2 * PAGE);
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(read(fd, p + PAGE - 3, 6), 6);
		CHECK(memcmp(p + PAGE - 3, "kernel", 6) == 0);
		finish();
	}
	expect_exit(pid, 0);
	CHECK(p[PAGE - 3] == 'p' && p[PAGE] == 'p');
}

TEST(stack_page)
{
	volatile char big[3 * PAGE];
	pid_t pid;

	big[0] = big[PAGE] = big[2 * PAGE] = 's';
	pid = fork();
	if (pid == 0) {
		big[PAGE] = 'c';
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(big[PAGE], 's');
}

/* The zero page: read first, then written on either side of a fork. */
TEST(zero_page)
{
	char *p = anon(4);
	pid_t pid;

	CHECK_EQ(p[0] + p[PAGE] + p[2 * PAGE], 0);
	pid = fork();
	if (pid == 0) {
		p[0] = 1;
		CHECK_EQ(p[PAGE], 0);
		finish();
	}
	p[PAGE] = 2;
	expect_exit(pid, 0);
	CHECK_EQ(p[0], 0);
	CHECK_EQ(p[PAGE], 2);
	CHECK_EQ(p[3 * PAGE], 0);
}

/* Grandchildren: three generations share a page; each write is its writer's alone. */
TEST(generations)
{
	char *p = anon(1);
	pid_t pid, grand;

	p[0] = 'a';
	pid = fork();
	if (pid == 0) {
		grand = fork();
		if (grand == 0) {
			CHECK_EQ(p[0], 'a');
			p[0] = 'g';
			grand = fork();
			if (grand == 0) {
				CHECK_EQ(p[0], 'g');
				p[0] = 'x';
				finish();
			}
			expect_exit(grand, 0);
			CHECK_EQ(p[0], 'g');
			finish();
		}
		p[0] = 'c';
		expect_exit(grand, 0);
		CHECK_EQ(p[0], 'c');
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(p[0], 'a');
}

TEST(last_owner_writes_in_place)
{
	char *p = anon(8);
	pid_t pid;
	size_t i;

	memset(p, 'o', 8 * PAGE);
	pid = fork();
	if (pid == 0)
		_exit(0);
	expect_exit(pid, 0);
	for (i = 0; i < 8; i++)
		p[i * PAGE] = i;
	for (i = 0; i < 8; i++)
		CHECK(p[i * PAGE] == (char)i && p[i * PAGE + 1] == 'o');
}

TEST(unmap_and_remap_in_child)
{
	char *p = anon(4);
	pid_t pid;

	memset(p, 'k', 4 * PAGE);
	pid = fork();
	if (pid == 0) {
		munmap(p, 2 * PAGE);
		mmap(p, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
		CHECK_EQ(p[0], 0);
		p[0] = p[2 * PAGE] = 'z';
		finish();
	}
	expect_exit(pid, 0);
	CHECK(p[0] == 'k' && p[PAGE] == 'k' && p[2 * PAGE] == 'k');
}

TEST(private_file_pages)
{
	int fd;
	char *p, byte;
	pid_t pid;

	write_file("f", "file");
	fd = open("f", O_RDONLY);
	p = mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0);
	p[0] = 'P';
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(p[0], 'P');
		p[1] = 'C';
		finish();
	}
	expect_exit(pid, 0);
	CHECK(p[0] == 'P' && p[1] == 'i');
	pread(fd, &byte, 1, 0);
	CHECK_EQ(byte, 'f');
}

static volatile int stop_writing;

static void *keep_writing(void *arg)
{
	volatile long *words = arg;
	long n = 0;
	size_t i;

	while (!stop_writing) {
		n++;
		for (i = 0; i < 16; i++)
			words[i * PAGE / sizeof(long)] = n;
	}
	return (void *)n;
}

/* Another thread goes on writing while we fork: no write of the parent may reach the child. */
TEST(fork_under_a_writing_thread)
{
	volatile long *words = (volatile long *)anon(16);
	pthread_t thread;
	void *final;
	int round;
	size_t i;
	pid_t pid;

	pthread_create(&thread, NULL, keep_writing, (void *)words);
	for (round = 0; round < 30; round++) {
		pid = fork();
		if (pid == 0) {
			long seen[16], bad = 0;

			for (i = 0; i < 16; i++)
				seen[i] = words[i * PAGE / sizeof(long)];
			sleep_ms(1);
			for (i = 0; i < 16; i++)
				bad += seen[i] != words[i * PAGE / sizeof(long)];
			_exit(bad != 0);
		}
		expect_exit(pid, 0);
	}
	stop_writing = 1;
	pthread_join(thread, &final);
	for (i = 0; i < 16; i++)
		CHECK_EQ(words[i * PAGE / sizeof(long)], (long)final);
}

TEST(large_and_sparse)
{
	size_t pages = 2048, i;
	char *p = anon(pages);
	pid_t pid;

	for (i = 0; i < pages; i += 3)
		p[i * PAGE] = i;
	pid = fork();
	if (pid == 0) {
		for (i = 0; i < pages; i += 7)
			p[i * PAGE] = ~i;
		for (i = 0; i < pages; i++)
			if (p[i * PAGE] != (char)(i % 7 == 0 ? ~i : i % 3 == 0 ? i : 0))
				break;
		CHECK_EQ(i, pages);
		finish();
	}
	for (i = 0; i < pages; i += 5)
		p[i * PAGE] = i + 1;
	expect_exit(pid, 0);
	for (i = 0; i < pages; i++)
		if (p[i * PAGE] != (char)(i % 5 == 0 ? i + 1 : i % 3 == 0 ? i : 0))
			break;
	CHECK_EQ(i, pages);
}

/* Load sixteen doublewords into vector registers, write one byte, store them again. */
static void write_with_vectors(const uint64_t in[16], uint64_t out[16], char *byte)
{
#ifdef __aarch64__
	asm volatile("ldp q0, q1, [%0]\n\tldp q2, q3, [%0, #32]\n\t"
		     "ldp q4, q5, [%0, #64]\n\tldp q6, q7, [%0, #96]\n\t"
		     "strb wzr, [%2]\n\t"
		     "stp q0, q1, [%1]\n\tstp q2, q3, [%1, #32]\n\t"
		     "stp q4, q5, [%1, #64]\n\tstp q6, q7, [%1, #96]"
		     : : "r" (in), "r" (out), "r" (byte)
		     : "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "memory");
#else
	asm volatile("vldmia %0, {d0-d15}\n\tstrb %2, [%2]\n\tvstmia %1, {d0-d15}"
		     : : "r" (in), "r" (out), "r" (byte)
		     : "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9", "d10",
		       "d11", "d12", "d13", "d14", "d15", "memory");
#endif
}

/* A fault must not show in registers, whatever the kernel copies pages with; nor in the copies, if
 * several processes do it at the same time and take the CPU from each other. */
TEST(vector_registers_survive_faults)
{
	enum { PAGES = 64, COPIES = 3 };
	char *p = anon(PAGES), *fresh;
	uint64_t in[16], out[16];
	pid_t pids[COPIES];

	memset(p, 'p', PAGES * PAGE);
	for (int c = 0; c < COPIES; c++) {
		pids[c] = fork();
		if (pids[c])
			continue;
		for (int round = 0; round < 4; round++) {
			fresh = anon(PAGES);
			for (int i = 0; i < 2 * PAGES; i++) {
				char *page = i < PAGES ? p + i * PAGE : fresh + (i - PAGES) * PAGE;
				char want = i < PAGES ? 'p' : 0;

				for (int r = 0; r < 16; r++)
					in[r] = 0x0101010101010101ULL * (c * 16 + r) + i;
				write_with_vectors(in, out, page + 8);
				CHECK(memcmp(in, out, sizeof(in)) == 0);
				CHECK(page[0] == want && page[PAGE - 1] == want);
			}
			munmap(fresh, PAGES * PAGE);
		}
		finish();
	}
	for (int c = 0; c < COPIES; c++)
		expect_exit(pids[c], 0);
}
