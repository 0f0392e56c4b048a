// SPDX-License-Identifier: GPL-2.0-only
/* t_brk.c: the program break. */
#include "tap.h"

#include <sys/resource.h>

#define PAGE	4096UL

static void touch(void *arg)
{
	*(volatile char *)arg;
}

static char *page_up(char *p)
{
	return (char *)(((uintptr_t)p + PAGE - 1) & ~(PAGE - 1));
}

static char *raw_brk(void *p)
{
	return (char *)syscall(SYS_brk, p);
}

TEST(grow_and_shrink)
{
	char *start = raw_brk(NULL), *end = page_up(start) + 16 * PAGE;
	size_t i;

	CHECK(raw_brk(end) == end);
	for (i = 0; start + i < end && start[i] == 0; i++)
		;
	CHECK(start + i == end);
	memset(page_up(start), 'b', 16 * PAGE);
	CHECK(raw_brk(end - 8 * PAGE) == end - 8 * PAGE);
	CHECK(fault_of(touch, end - PAGE, NULL) == SIGSEGV);
	CHECK(fault_of(touch, end - 9 * PAGE, NULL) == 0);
	CHECK(raw_brk(end) == end);
	CHECK_EQ(end[-1], 0);		/* given back means zero again */
	CHECK(raw_brk(start) == start);
}

TEST(within_a_page)
{
	char *start = raw_brk(NULL), *end = page_up(start) + PAGE + 100;

	CHECK(raw_brk(end) == end);
	CHECK(raw_brk(NULL) == end);
	end[-1] = 1;
	CHECK(raw_brk(end + 50) == end + 50);
	CHECK_EQ(end[-1], 1);
	raw_brk(start);
}

TEST(refusals_leave_it)
{
	char *start = raw_brk(NULL);
	struct rlimit lim = { 1 << 20, 1 << 20 };

	CHECK(raw_brk((void *)1) == start);		/* below the heap's start */
	CHECK(raw_brk((void *)-PAGE) == start);
	setrlimit(RLIMIT_DATA, &lim);
	CHECK(raw_brk(start + (64 << 20)) == start);
	CHECK_ERR(sbrk(64 << 20), ENOMEM);
}

TEST(blocked_by_a_mapping)
{
	char *start = raw_brk(NULL), *wall = page_up(start) + 64 * PAGE;

	CHECK(mmap(wall, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == wall);
	CHECK(raw_brk(wall + PAGE) == start);
	CHECK(raw_brk(start + PAGE) == start + PAGE);
	CHECK_OK(munmap(wall, PAGE));
}

TEST(fork_copies)
{
	char *start = sbrk(2 * PAGE);
	pid_t pid;

	start[0] = 'p';
	pid = fork();
	if (pid == 0) {
		CHECK(sbrk(0) == start + 2 * PAGE);
		CHECK_EQ(start[0], 'p');
		sbrk(4 * PAGE);
		start[0] = 'c';
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(start[0], 'p');
	CHECK(sbrk(0) == start + 2 * PAGE);
}

TEST(heap_in_maps)
{
	char *p = malloc(100);

	CHECK(p != NULL);
	CHECK(file_has("/proc/self/maps", "[heap]"));
	CHECK(file_has("/proc/self/maps", "[stack]"));
}

/* Nothing but brk is refused under a soft limit of 0, as long as the hard one is kept. */
TEST(soft_data_limit_of_nothing)
{
	struct rlimit lim = { 0, 1 << 30 };
	char *p;

	CHECK_OK(setrlimit(RLIMIT_DATA, &lim));
	CHECK_ERR(sbrk(4096), ENOMEM);
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	lim.rlim_cur = 1;
	CHECK_OK(setrlimit(RLIMIT_DATA, &lim));
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p == MAP_FAILED && errno == ENOMEM);
	lim.rlim_cur = lim.rlim_max = 0;
	CHECK_OK(setrlimit(RLIMIT_DATA, &lim));
	p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p == MAP_FAILED && errno == ENOMEM);
}
