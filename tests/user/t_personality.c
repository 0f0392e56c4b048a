// SPDX-License-Identifier: GPL-2.0-only
/* t_personality.c: personality: asking, setting, inheriting; address randomisation off. */
#include "tap.h"

#include <sys/personality.h>
#include <sys/utsname.h>

TEST(query)
{
	int old = personality(0xffffffff);

	CHECK_EQ(old & 0xff, PER_LINUX);
	CHECK_EQ(personality(ADDR_NO_RANDOMIZE), old);
	CHECK_EQ(personality(0xffffffff), ADDR_NO_RANDOMIZE);
	CHECK_EQ(personality(old), ADDR_NO_RANDOMIZE);
}

TEST(inherited)
{
	pid_t pid;

	personality(ADDR_NO_RANDOMIZE);
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(personality(0xffffffff), ADDR_NO_RANDOMIZE);
		finish();
	}
	expect_exit(pid, 0);
}

HELPER(addresses)
{
	printf("%p %p\n", (void *)argv, sbrk(0));
	fflush(stdout);
	return 0;
}

static void run_once(char *out, size_t size)
{
	char *args[] = { "x", "@t_personality.addresses", NULL };
	int fd[2];
	ssize_t n;
	pid_t pid;

	pipe(fd);
	pid = fork();
	if (pid == 0) {
		dup2(fd[1], 1);
		execv(self_path, args);
		_exit(126);
	}
	close(fd[1]);
	n = read(fd[0], out, size - 1);
	out[n > 0 ? n : 0] = '\0';
	close(fd[0]);
	expect_exit(pid, 0);
}

TEST(no_randomize)
{
	char a[100], b[100];

	personality(ADDR_NO_RANDOMIZE);
	run_once(a, sizeof(a));
	run_once(b, sizeof(b));
	CHECK_STR(a, b);
	personality(0);
	run_once(b, sizeof(b));
	CHECK(strcmp(a, b) != 0);
}

TEST(read_implies_exec)
{
	char *p;

	personality(READ_IMPLIES_EXEC);
	p = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(p != MAP_FAILED);
	CHECK(file_has("/proc/self/maps", "r-xp 00000000 00:00 0"));
}
