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

HELPER(personality)
{
	return personality(0xffffffff) != (int)strtol(argv[1], NULL, 16);
}

/* exec lets nobody inherit that all memory is executable; 32-bit kernels say that addresses have 32 bits. */
TEST(at_exec)
{
	static const struct {
		int		before;
		const char	*after64, *after32;
	} cases[] = {
		{ 0, "0", "800000" },
		{ PER_LINUX32, "8", "800000" },
		{ READ_IMPLIES_EXEC, "0", "c00000" },
		{ ADDR_NO_RANDOMIZE | SHORT_INODE, "1040000", "1840000" },
	};
	unsigned int i;

	if (is_compat())
		skip("nothing is changed there");
	for (i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *after = sizeof(long) == 8 ? cases[i].after64 : cases[i].after32;
		pid_t pid = fork();

		if (pid == 0) {
			personality(cases[i].before);
			execl(self_path, self_path, "@t_personality.personality", after, NULL);
			_exit(2);
		}
		expect_exit(pid, 0);
	}
}

TEST(version_2_6)
{
	struct utsname plain, old;

	CHECK_OK(uname(&plain));
	CHECK(personality(UNAME26) >= 0);
	CHECK_OK(uname(&old));
	CHECK_EQ(strncmp(old.release, "2.6.", 4), 0);
	CHECK_STR(old.release + strcspn(old.release, "-"), plain.release + strcspn(plain.release, "-"));
	CHECK(personality(0) >= 0);
	CHECK_OK(uname(&old));
	CHECK_STR(old.release, plain.release);
}
