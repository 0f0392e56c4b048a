// SPDX-License-Identifier: GPL-2.0-only
/* t_shm_anon.c: MAP_SHARED|MAP_ANONYMOUS and memfd: one memory for many. */
#include "tap.h"

#define PAGE	4096UL
#define RW	(PROT_READ | PROT_WRITE)

static char *shared(size_t pages)
{
	char *p = mmap(NULL, pages * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	REQUIRE(p != MAP_FAILED);
	return p;
}

TEST(both_ways)
{
	char *p = shared(4);
	pid_t pid;

	p[0] = 'p';
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(p[0], 'p');
		p[0] = 'c';
		p[3 * PAGE] = 'n';	/* a page nobody had touched before the fork */
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(p[0], 'c');
	CHECK_EQ(p[3 * PAGE], 'n');
}

TEST(partial_unmap_in_child)
{
	char *p = shared(3);
	pid_t pid;

	memset(p, 's', 3 * PAGE);
	pid = fork();
	if (pid == 0) {
		munmap(p, PAGE);
		p[PAGE] = 'c';
		finish();
	}
	expect_exit(pid, 0);
	CHECK(p[0] == 's' && p[PAGE] == 'c' && p[2 * PAGE] == 's');
}

TEST(concurrent_increments)
{
	enum { PROCESSES = 4, TIMES = 5000 };
	int *counter = shared_page(), i, n;
	pid_t pids[PROCESSES];

	for (i = 0; i < PROCESSES; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			for (n = 0; n < TIMES; n++)
				__atomic_add_fetch(counter, 1, __ATOMIC_SEQ_CST);
			_exit(0);
		}
	}
	for (i = 0; i < PROCESSES; i++)
		expect_exit(pids[i], 0);
	CHECK_EQ(*counter, PROCESSES * TIMES);
}

TEST(protection_is_per_process)
{
	char *p = shared(1);
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_OK(mprotect(p, PAGE, PROT_READ));
		finish();
	}
	expect_exit(pid, 0);
	p[0] = 1;
	CHECK_EQ(p[0], 1);
}

TEST(outlives_its_maker)
{
	char *p = shared(1);
	int fd[2];
	char byte = 0;
	pid_t pid, grand;

	REQUIRE(pipe(fd) == 0);
	pid = fork();
	if (pid == 0) {
		p[0] = 'm';
		grand = fork();
		if (grand == 0) {
			sleep_ms(20);
			write(fd[1], p, 1);
			_exit(0);
		}
		munmap(p, PAGE);
		expect_exit(grand, 0);
		finish();
	}
	munmap(p, PAGE);
	CHECK_EQ(read(fd[0], &byte, 1), 1);
	CHECK_EQ(byte, 'm');
	expect_exit(pid, 0);
}

TEST(dev_shm)
{
	int fd = open("/dev/shm/t_shm_anon", O_RDWR | O_CREAT | O_EXCL, 0600);
	char *p, *q;

	REQUIRE(fd >= 0);
	unlink("/dev/shm/t_shm_anon");
	ftruncate(fd, PAGE);
	p = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	q = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	REQUIRE(p != MAP_FAILED && q != MAP_FAILED && p != q);
	p[17] = 'v';
	CHECK_EQ(q[17], 'v');
}
