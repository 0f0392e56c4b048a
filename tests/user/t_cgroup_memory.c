// SPDX-License-Identifier: GPL-2.0-only
/* The memory controller: what is counted, memory.max and OOM, memory.high, reclaim. Linux counts in batches. */
#include "cgroup.h"

#include <poll.h>

#define MIB	(1L << 20)
#define SLACK	(2 * MIB)	/* batches of two CPUs, page tables, slabs */

static void fill(size_t size)
{
	char *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(p, 1, size);
}

/* A child in @group that has filled @size, and stays. */
static pid_t filler(const char *group, size_t size)
{
	volatile int *done = shared_page();
	pid_t pid = fork();

	if (!pid) {
		CHECK_EQ(cg_write(group, "cgroup.procs", "0"), 0);
		fill(size);
		*done = 1;
		for (;;)
			pause();
	}
	CHECK(wait_flag(done));
	return pid;
}

TEST(limit_files)
{
	static const char *const files[] = { "memory.min", "memory.low", "memory.high", "memory.max" };
	unsigned int i;

	cg_begin("memory");
	for (i = 0; i < ARRAY_SIZE(files); i++) {
		CHECK_STR(cg_read("t", files[i]), i < 2 ? "0\n" : "max\n");
		CHECK_EQ(cg_write("t", files[i], "x"), EINVAL);
		CHECK_EQ(cg_write("t", files[i], "8Mx"), EINVAL);
		CHECK_EQ(cg_write("t", files[i], "8M"), 0);
		CHECK_STR(cg_read("t", files[i]), "8388608\n");
		CHECK_EQ(cg_write("t", files[i], "8388609"), 0);	/* whole pages */
		CHECK_STR(cg_read("t", files[i]), "8388608\n");
		CHECK_EQ(cg_write("t", files[i], "max"), 0);
		CHECK_STR(cg_read("t", files[i]), "max\n");
		CHECK_EQ(cg_read_errno("", files[i]), ENOENT);
	}
	CHECK_STR(cg_read("t", "memory.oom.group"), "0\n");
	CHECK_EQ(cg_write("t", "memory.oom.group", "2"), EINVAL);
	CHECK_EQ(cg_write("t", "memory.oom.group", "1"), 0);
	CHECK_STR(cg_read("t", "memory.oom.group"), "1\n");
	CHECK_STR(cg_read("t", "memory.events"), "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n");
	CHECK_STR(cg_read("t", "memory.current"), "0\n");
	cg_end();
}

TEST(anon)
{
	long long current;
	pid_t pid;

	cg_begin("memory");
	pid = filler("t", 8 * MIB);
	current = cg_number("t", "memory.current");
	CHECK(current >= 8 * MIB && current < 8 * MIB + SLACK);
	CHECK(cg_number("t", "memory.peak") >= current);
	cg_kill(pid);
	CHECK(cg_number("t", "memory.current") < SLACK);
	CHECK(cg_number("t", "memory.peak") >= 8 * MIB);
	cg_end();
}

TEST(stat)
{
	long long anon;
	int i;
	pid_t pid;

	cg_begin("memory");
	pid = filler("t", 8 * MIB);
	for (i = 0; i < 300 && cg_value("t", "memory.stat", "anon") < 7 * MIB; i++)
		sleep_ms(10);			/* Linux sums up every two seconds */
	anon = cg_value("t", "memory.stat", "anon");
	CHECK(anon >= 7 * MIB && anon < 9 * MIB);
	CHECK(cg_value("t", "memory.stat", "file") >= 0);
	CHECK(cg_value("t", "memory.stat", "kernel") >= 0);
	cg_kill(pid);
	cg_end();
}

/* Pages of files stay with the group of whoever was first, and keep it when it is removed. */
TEST(shmem)
{
	static char buf[MIB];
	long long before;
	pid_t pid;
	int fd, i;

	cg_begin("memory");
	pid = fork();
	if (!pid) {
		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		fd = open("file", O_CREAT | O_RDWR, 0600);
		for (i = 0; i < 4; i++)
			CHECK_EQ(write(fd, buf, sizeof(buf)), (ssize_t)sizeof(buf));
		finish();
	}
	expect_exit(pid, 0);
	before = cg_number("t", "memory.current");
	CHECK(before >= 4 * MIB && before < 4 * MIB + SLACK);
	CHECK_OK(truncate("file", 0));
	CHECK(cg_number("t", "memory.current") < SLACK);
	unlink("file");
	cg_end();
}

TEST(max_kills)
{
	struct pollfd p = { .events = POLLPRI };
	char text[256];
	pid_t pid;

	cg_begin("memory");
	CHECK_EQ(cg_write("t", "memory.swap.max", "0") & ~ENOENT, 0);
	CHECK_EQ(cg_write("t", "memory.max", "8M"), 0);
	p.fd = open("cg/t/memory.events", O_RDONLY);
	CHECK(read(p.fd, text, sizeof(text)) > 0);
	pid = fork();
	if (!pid) {
		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		fill(4 * MIB);
		fill(20 * MIB);
		finish();
	}
	expect_signal(pid, SIGKILL);
	CHECK(cg_number("t", "memory.peak") < 8 * MIB + SLACK);
	CHECK(cg_value("t", "memory.events", "max") > 0);
	CHECK(cg_value("t", "memory.events", "oom") > 0);
	CHECK_EQ(cg_value("t", "memory.events", "oom_kill"), 1);
	CHECK_EQ(cg_value("t", "memory.events.local", "oom_kill"), 1);
	CHECK_EQ(cg_value("t", "memory.events", "oom_group_kill"), 0);
	CHECK_EQ(poll(&p, 1, 0), 1);
	close(p.fd);
	cg_end();
}

/* A write(2) that needs more: the same. */
TEST(max_kills_in_system_call)
{
	static char buf[MIB];
	pid_t pid;
	int i;

	cg_begin("memory");
	CHECK_EQ(cg_write("t", "memory.swap.max", "0") & ~ENOENT, 0);
	CHECK_EQ(cg_write("t", "memory.max", "4M"), 0);
	pid = fork();
	if (!pid) {
		int fd = open("file", O_CREAT | O_RDWR, 0600);

		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		for (i = 0; i < 16; i++)
			write(fd, buf, sizeof(buf));
		finish();
	}
	expect_signal(pid, SIGKILL);
	unlink("file");
	cg_end();
}

/* The limit of a group holds for all below it, and who is outside is left alone. */
TEST(max_hierarchy)
{
	pid_t pid, other, outside;

	cg_begin("memory");
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+memory"), 0);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/b"), 0);
	CHECK_EQ(cg_write("t", "memory.swap.max", "0") & ~ENOENT, 0);
	CHECK_EQ(cg_write("t", "memory.max", "16M"), 0);
	outside = filler("", 24 * MIB);
	other = filler("t/b", 2 * MIB);
	pid = fork();
	if (!pid) {
		CHECK_EQ(cg_write("t/a", "cgroup.procs", "0"), 0);
		fill(32 * MIB);
		finish();
	}
	expect_signal(pid, SIGKILL);
	CHECK_EQ(cg_value("t/a", "memory.events", "oom_kill"), 1);
	CHECK_EQ(cg_value("t", "memory.events", "oom_kill"), 1);
	CHECK_EQ(cg_value("t", "memory.events.local", "oom_kill"), 0);
	CHECK(cg_value("t", "memory.events.local", "oom") > 0);
	CHECK_EQ(cg_value("t/b", "memory.events", "oom_kill"), 0);
	CHECK(cg_number("t/b", "memory.current") >= 2 * MIB);
	CHECK_EQ(waitpid(other, NULL, WNOHANG), 0);
	CHECK_EQ(waitpid(outside, NULL, WNOHANG), 0);
	cg_kill(other);
	cg_kill(outside);
	cg_remove("t/a");
	cg_remove("t/b");
	cg_write("t", "cgroup.subtree_control", "-memory");
	cg_end();
}

TEST(oom_group)
{
	pid_t pid, other;

	cg_begin("memory");
	CHECK_EQ(cg_write("t", "memory.swap.max", "0") & ~ENOENT, 0);
	CHECK_EQ(cg_write("t", "memory.max", "12M"), 0);
	CHECK_EQ(cg_write("t", "memory.oom.group", "1"), 0);
	other = filler("t", MIB);
	pid = fork();
	if (!pid) {
		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		fill(32 * MIB);
		finish();
	}
	expect_signal(pid, SIGKILL);
	expect_signal(other, SIGKILL);
	CHECK_EQ(cg_value("t", "memory.events", "oom_group_kill"), 1);
	CHECK(cg_value("t", "memory.events", "oom_kill") >= 2);
	cg_end();
}

TEST(lower_max)
{
	pid_t pid;

	cg_begin("memory");
	CHECK_EQ(cg_write("t", "memory.swap.max", "0") & ~ENOENT, 0);
	pid = filler("t", 8 * MIB);
	CHECK_EQ(cg_write("t", "memory.max", "2M"), 0);
	expect_signal(pid, SIGKILL);
	CHECK(cg_value("t", "memory.events", "oom_kill") >= 1);
	cg_end();
}

/* Above memory.high one goes on, slowly. */
TEST(high)
{
	pid_t pid;

	cg_begin("memory");
	CHECK_EQ(cg_write("t", "memory.swap.max", "0") & ~ENOENT, 0);
	CHECK_EQ(cg_write("t", "memory.high", "8M"), 0);
	pid = filler("t", 8 * MIB + MIB / 2);
	CHECK(cg_value("t", "memory.events", "high") > 0);
	CHECK_EQ(cg_value("t", "memory.events", "oom_kill"), 0);
	CHECK(cg_number("t", "memory.current") > 8 * MIB);
	cg_kill(pid);
	cg_end();
}

TEST(reclaim)
{
	pid_t pid;

	cg_begin("memory");
	CHECK_EQ(cg_write("t", "memory.reclaim", "x"), EINVAL);
	CHECK_EQ(cg_write("t", "memory.reclaim", "0"), 0);
	pid = filler("t", 4 * MIB);
	CHECK_EQ(cg_write("t", "memory.reclaim", "64M"), EAGAIN);	/* there is no swap */
	cg_kill(pid);
	cg_end();
}

/* Memory stays where it was charged when its process moves on. */
TEST(migration)
{
	pid_t pid;

	cg_begin("memory");
	CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+memory"), 0);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/b"), 0);
	pid = filler("t/a", 4 * MIB);
	CHECK_EQ(cg_write_number("t/b", "cgroup.procs", pid), 0);
	CHECK(cg_number("t/a", "memory.current") >= 4 * MIB);
	CHECK(cg_number("t/b", "memory.current") < SLACK);
	CHECK_EQ(cg_rmdir("t/a"), 0);			/* with its pages */
	CHECK(cg_number("t", "memory.current") >= 4 * MIB);
	cg_kill(pid);
	CHECK(cg_number("t", "memory.current") < SLACK);
	cg_remove("t/b");
	cg_end();
}

/* Several processes at the limit at once, again and again. */
TEST(oom_storm)
{
	long long end = now_ms() + 3000;
	pid_t pid[4];
	int i;

	cg_begin("memory");
	CHECK_EQ(cg_write("t", "memory.swap.max", "0") & ~ENOENT, 0);
	CHECK_EQ(cg_write("t", "memory.max", "6M"), 0);
	while (now_ms() < end) {
		for (i = 0; i < 4; i++) {
			pid[i] = fork();
			if (!pid[i]) {
				cg_write("t", "cgroup.procs", "0");
				fill(3 * MIB);
				_exit(0);
			}
		}
		for (i = 0; i < 4; i++)
			waitpid(pid[i], NULL, 0);
	}
	CHECK(cg_number("t", "memory.current") < SLACK);
	cg_end();
}
