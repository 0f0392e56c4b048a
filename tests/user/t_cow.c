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
