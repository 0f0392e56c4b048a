// SPDX-License-Identifier: GPL-2.0-only
/* t_stack.c: the main stack: growth, limit, guard gap, infinite recursion. */
#include "tap.h"

#include <sys/resource.h>

#define PAGE	4096UL

static int use_stack(int pages)
{
	volatile char frame[PAGE];

	frame[0] = pages;
	frame[PAGE - 1] = 1;
	return pages ? use_stack(pages - 1) + frame[PAGE - 1] : 0;
}

static int recurse(int n)
{
	volatile char frame[512];

	frame[0] = n;
	return recurse(n + 1) + frame[0];
}

TEST(grows)
{
	CHECK_EQ(use_stack(1000), 1000);	/* about 4 MiB of the usual 8 */
}

TEST(far_jump)
{
	/* A first touch far below, in one go, but within the limit. */
	volatile char big[1 << 20];

	big[0] = 1;
	CHECK_EQ(big[0], 1);
}

HELPER(deep)
{
	return use_stack(atoi(argv[1])) == atoi(argv[1]) ? 0 : 1;
}

static pid_t with_limit(unsigned long bytes, char *pages)
{
	char *args[] = { "x", "@t_stack.deep", pages, NULL };
	struct rlimit lim = { bytes, bytes };
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_STACK, &lim);
		execv(self_path, args);
		_exit(126);
	}
	return pid;
}

TEST(limit)
{
	expect_exit(with_limit(1 << 20, "150"), 0);
	expect_signal(with_limit(1 << 20, "300"), SIGSEGV);
	expect_exit(with_limit(32 << 20, "6000"), 0);
}

TEST(infinite_recursion)
{
	struct rlimit lim = { 2 << 20, 2 << 20 };
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_STACK, &lim);
		_exit(recurse(0) & 1);
	}
	expect_signal(pid, SIGSEGV);
}

static uintptr_t stack_low(void)
{
	static char maps[32768];
	unsigned long lo = 0;
	char *line;

	read_file("/proc/self/maps", maps, sizeof(maps));
	for (line = strtok(maps, "\n"); line; line = strtok(NULL, "\n"))
		if (strstr(line, "[stack]"))
			sscanf(line, "%lx", &lo);
	return lo;
}

/* Growth keeps its distance from what lies below: no write may run from the stack into a mapping. */
TEST(gap_to_other_mappings)
{
	uintptr_t low = stack_low();
	char *below = (char *)(low - 64 * PAGE);
	pid_t pid;

	REQUIRE(low);
	REQUIRE(mmap(below, PAGE, PROT_READ | PROT_WRITE,
		     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == below);
	below[0] = 'b';
	pid = fork();
	if (pid == 0)
		_exit(recurse(0) & 1);
	expect_signal(pid, SIGSEGV);
	CHECK_EQ(below[0], 'b');
}

TEST(not_executable)
{
	CHECK(file_has("/proc/self/maps", "[stack]"));
	CHECK(!file_has("/proc/self/maps", "rwxp"));
}

TEST(kernel_copies_grow_it)
{
	/* The first touch of a far stack page comes from the kernel: it must grow, not fail. */
	volatile char big[300000];
	int fd = open("/dev/zero", O_RDONLY);

	CHECK_EQ(read(fd, (char *)big, 10), 10);
}
