// SPDX-License-Identifier: GPL-2.0-only
/* t_mprotect.c: mprotect: effect, splitting and merging of areas, refusals. */
#include "tap.h"

#define PAGE	4096UL
#define RW	(PROT_READ | PROT_WRITE)

static void touch(void *arg)
{
	*(volatile char *)arg;
}

static void poke(void *arg)
{
	*(volatile char *)arg = 1;
}

static char *anon(size_t pages)
{
	char *p = mmap(NULL, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(p != MAP_FAILED);
	memset(p, 'm', pages * PAGE);
	return p;
}

static int areas_in(char *start, size_t pages)
{
	static char maps[32768];
	unsigned long lo, hi;
	char *line;
	int count = 0;

	read_file("/proc/self/maps", maps, sizeof(maps));
	for (line = strtok(maps, "\n"); line; line = strtok(NULL, "\n"))
		if (sscanf(line, "%lx-%lx", &lo, &hi) == 2 && hi > (uintptr_t)start &&
		    lo < (uintptr_t)start + pages * PAGE)
			count++;
	return count;
}

TEST(read_only_and_back)
{
	char *p = anon(3);
	siginfo_t info;

	CHECK_OK(mprotect(p + PAGE, PAGE, PROT_READ));
	CHECK_EQ(p[PAGE], 'm');
	CHECK_EQ(fault_of(poke, p + PAGE + 5, &info), SIGSEGV);
	CHECK_EQ(info.si_code, SEGV_ACCERR);
	CHECK(info.si_addr == p + PAGE + 5);
	p[0] = p[2 * PAGE] = 'w';
	CHECK_OK(mprotect(p + PAGE, PAGE, RW));
	p[PAGE] = 'b';
	CHECK_EQ(p[PAGE], 'b');
	CHECK_EQ(p[PAGE + 1], 'm');
}

TEST(none_keeps_content)
{
	char *p = anon(2);

	CHECK_OK(mprotect(p, 2 * PAGE, PROT_NONE));
	CHECK_EQ(fault_of(touch, p, NULL), SIGSEGV);
	CHECK_EQ(fault_of(poke, p + PAGE, NULL), SIGSEGV);
	CHECK_OK(mprotect(p, 2 * PAGE, PROT_READ));
	CHECK(p[0] == 'm' && p[2 * PAGE - 1] == 'm');
}

TEST(split_and_merge)
{
	char *p = mmap(NULL, 8 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	p += PAGE;	/* a margin, so that neighbours do not merge with it */
	CHECK_OK(mprotect(p, 6 * PAGE, RW));
	CHECK_EQ(areas_in(p, 6), 1);
	CHECK_OK(mprotect(p + 2 * PAGE, PAGE, PROT_READ));
	CHECK_EQ(areas_in(p, 6), 3);
	CHECK_OK(mprotect(p + 3 * PAGE, PAGE, PROT_READ));
	CHECK_EQ(areas_in(p, 6), 3);
	CHECK_OK(mprotect(p, 6 * PAGE, PROT_READ));
	CHECK_EQ(areas_in(p, 6), 1);
	CHECK_OK(mprotect(p + 5 * PAGE, PAGE, RW));
	CHECK_EQ(areas_in(p, 6), 2);
	CHECK_OK(mprotect(p, 6 * PAGE, RW));
	CHECK_EQ(areas_in(p, 6), 1);
}

TEST(refusals)
{
	char *p = anon(4);
	int fd = open("f", O_RDWR | O_CREAT, 0600), ro = open("f", O_RDONLY);
	char *shared;

	write(fd, "x", 1);
	CHECK_ERR(mprotect(p + 1, PAGE, PROT_READ), EINVAL);
	CHECK_OK(mprotect(p, 0, PROT_READ));
	CHECK_ERR(mprotect(p, PAGE, 0x40), EINVAL);
	munmap(p + 2 * PAGE, PAGE);
	CHECK_ERR(mprotect(p, 4 * PAGE, PROT_READ), ENOMEM);
	/* What came before the hole has been changed. */
	CHECK_EQ(fault_of(poke, p, NULL), SIGSEGV);
	CHECK_EQ(fault_of(poke, p + 3 * PAGE, NULL), 0);
	CHECK_ERR(mprotect((void *)-PAGE, PAGE, PROT_READ), ENOMEM);
	shared = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, ro, 0);
	CHECK_ERR(mprotect(shared, PAGE, RW), EACCES);
	close(fd);
}

TEST(private_file_may_become_writable)
{
	int ro;
	char *p, byte;

	write_file("f", "file content");
	ro = open("f", O_RDONLY);
	p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, ro, 0);
	CHECK_OK(mprotect(p, PAGE, RW));
	p[0] = 'X';
	pread(ro, &byte, 1, 0);
	CHECK_EQ(byte, 'f');
}

TEST(after_fork)
{
	char *p = anon(2);
	pid_t pid;

	CHECK_OK(mprotect(p, PAGE, PROT_READ));
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(fault_of(poke, p, NULL), SIGSEGV);
		CHECK_OK(mprotect(p, PAGE, RW));
		p[0] = 'c';
		CHECK_OK(mprotect(p + PAGE, PAGE, PROT_READ));
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(p[0], 'm');
	p[PAGE] = 'p';
	/* Read-only made writable after fork must still copy, not write to the shared page. */
	pid = fork();
	if (pid == 0) {
		sleep_ms(10);
		CHECK_EQ(p[1], 'm');
		finish();
	}
	CHECK_OK(mprotect(p, PAGE, RW));
	p[1] = 'q';
	expect_exit(pid, 0);
}

TEST(kernel_respects_it)
{
	char *p = anon(1);
	int fd = open("/dev/zero", O_RDONLY), null = open("/dev/null", O_WRONLY);

	mprotect(p, PAGE, PROT_READ);
	CHECK_ERR(read(fd, p, 10), EFAULT);
	CHECK_EQ(write(null, p, 10), 10);
	mprotect(p, PAGE, PROT_NONE);
	CHECK_ERR(read(fd, p, 10), EFAULT);
	fd = open("f", O_RDWR | O_CREAT, 0600);
	CHECK_ERR(write(fd, p, 10), EFAULT);
}
