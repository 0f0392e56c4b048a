// SPDX-License-Identifier: GPL-2.0-only
/* t_shm_anon.c: MAP_SHARED|MAP_ANONYMOUS and memfd: one memory for many. */
#include "tap.h"
#include <sys/ipc.h>
#include <sys/shm.h>

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

/* Committed_AS, in MiB. */
static long committed(void)
{
	char buf[4096], *line;

	REQUIRE(read_file("/proc/meminfo", buf, sizeof(buf)) > 0);
	line = strstr(buf, "Committed_AS:");
	return (strtol(line + 13, NULL, 10) + 512) / 1024;
}

/* The memory of such objects is promised with them; that of a file of tmpfs page by page. */
TEST(is_committed)
{
	long was = committed();
	char *p = shared(4096);
	int id, fd;

	CHECK_EQ(committed() - was, 16);
	memset(p, 1, 1024 * PAGE);
	CHECK_EQ(committed() - was, 16);
	munmap(p, 4096 * PAGE);
	CHECK_EQ(committed() - was, 0);
	p = mmap(NULL, 4096 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	CHECK_EQ(committed() - was, 0);
	memset(p, 1, 1024 * PAGE);
	CHECK_EQ(committed() - was, 4);
	munmap(p, 4096 * PAGE);
	id = shmget(IPC_PRIVATE, 4096 * PAGE, 0600);
	CHECK_EQ(committed() - was, 16);
	CHECK_OK(shmctl(id, IPC_RMID, NULL));
	CHECK_EQ(committed() - was, 0);
	fd = memfd_create("x", 0);
	ftruncate(fd, 4096 * PAGE);
	CHECK_EQ(committed() - was, 0);
	CHECK_OK(fallocate(fd, 0, 0, 1024 * PAGE));
	CHECK_EQ(committed() - was, 4);
	ftruncate(fd, 0);
	CHECK_EQ(committed() - was, 0);
}

/* vm.overcommit_memory 2, and the limit as it is: everything has been promised. */
TEST(has_a_limit)
{
	CHECK_EQ(try_write("/proc/sys/vm/overcommit_ratio", "0"), 0);
	CHECK_EQ(try_write("/proc/sys/vm/overcommit_memory", "2"), 0);
	CHECK(mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED);
	CHECK_EQ(errno, ENOMEM);
	CHECK_ERR(shmget(IPC_PRIVATE, PAGE, 0600 | SHM_NORESERVE), ENOMEM);
	CHECK_EQ(try_write("/proc/sys/vm/overcommit_memory", "0"), 0);
	CHECK_EQ(try_write("/proc/sys/vm/overcommit_ratio", "50"), 0);
}
