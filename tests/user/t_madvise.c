// SPDX-License-Identifier: GPL-2.0-only
/* t_madvise.c: madvise, mincore, mlock family, msync. */
#include "tap.h"

#include <sys/resource.h>

#define PAGE	4096UL
#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif
#define RW	(PROT_READ | PROT_WRITE)

static char *anon(size_t pages)
{
	char *p = mmap(NULL, pages * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(p != MAP_FAILED);
	return p;
}

static void touch(void *arg)
{
	*(volatile char *)arg;
}

TEST(dontneed)
{
	char *p = anon(4);

	memset(p, 'd', 4 * PAGE);
	CHECK_OK(madvise(p + PAGE, 2 * PAGE, MADV_DONTNEED));
	CHECK(p[0] == 'd' && p[PAGE] == 0 && p[2 * PAGE] == 0 && p[3 * PAGE] == 'd');
}

TEST(dontneed_private_file)
{
	int fd;
	char *p;

	write_file("f", "original");
	fd = open("f", O_RDONLY);
	p = mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0);
	p[0] = 'X';
	CHECK_OK(madvise(p, PAGE, MADV_DONTNEED));
	CHECK_EQ(p[0], 'o');
}

TEST(dontfork)
{
	char *p = anon(2);
	pid_t pid;

	p[0] = 1;
	CHECK_OK(madvise(p, PAGE, MADV_DONTFORK));
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(fault_of(touch, p, NULL), SIGSEGV);
		CHECK_EQ(fault_of(touch, p + PAGE, NULL), 0);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(madvise(p, PAGE, MADV_DOFORK));
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(p[0], 1);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(wipeonfork)
{
	char *p = anon(1);
	pid_t pid;

	p[0] = 9;
	CHECK_OK(madvise(p, PAGE, MADV_WIPEONFORK));
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(p[0], 0);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(p[0], 9);
	CHECK_OK(madvise(p, PAGE, MADV_KEEPONFORK));
}

TEST(hints_are_accepted)
{
	static const int hints[] = { MADV_NORMAL, MADV_RANDOM, MADV_SEQUENTIAL, MADV_WILLNEED,
				     MADV_FREE, MADV_DONTDUMP, MADV_DODUMP };
	char *p = anon(4);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(hints); i++)
		CHECK_OK(madvise(p, 4 * PAGE, hints[i]));
}

TEST(madvise_refusals)
{
	char *p = anon(3);

	CHECK_ERR(madvise(p + 1, PAGE, MADV_DONTNEED), EINVAL);
	CHECK_ERR(madvise(p, PAGE, 12345), EINVAL);
	CHECK_OK(madvise(p, 0, MADV_DONTNEED));
	munmap(p + PAGE, PAGE);
	CHECK_ERR(madvise(p, 3 * PAGE, MADV_DONTNEED), ENOMEM);
}

TEST(madv_remove)
{
	char *p = mmap(NULL, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	memset(p, 'r', 2 * PAGE);
	CHECK_OK(madvise(p, PAGE, MADV_REMOVE));
	CHECK(p[0] == 0 && p[PAGE] == 'r');
}

TEST(mincore)
{
	unsigned char vec[4] = { 9, 9, 9, 9 };
	char *p = anon(4);

	p[0] = p[2 * PAGE] = 1;
	CHECK_OK(mincore(p, 4 * PAGE, vec));
	CHECK_EQ(vec[0] & 1, 1);
	CHECK_EQ(vec[1] & 1, 0);
	CHECK_EQ(vec[2] & 1, 1);
	CHECK_EQ(vec[3] & 1, 0);
	CHECK_ERR(mincore(p + 1, PAGE, vec), EINVAL);
	CHECK_ERR(mincore(p, PAGE, (unsigned char *)8), EFAULT);
	munmap(p + PAGE, PAGE);
	CHECK_ERR(mincore(p, 4 * PAGE, vec), ENOMEM);
}

TEST(mlock)
{
	unsigned char vec[4] = { 0 };
	char *p = anon(4);

	CHECK_OK(mlock(p + 10, 2 * PAGE));	/* rounded out to whole pages: 0 to 2 */
	CHECK_OK(mincore(p, 4 * PAGE, vec));
	CHECK_EQ((vec[0] & vec[1] & vec[2]) & 1, 1);
	CHECK_EQ(vec[3] & 1, 0);
	CHECK(file_has("/proc/self/status", "VmLck:\t      12 kB"));
	CHECK_OK(munlock(p, 4 * PAGE));
	CHECK(file_has("/proc/self/status", "VmLck:\t       0 kB"));
	munmap(p + PAGE, PAGE);
	CHECK_ERR(mlock(p, 4 * PAGE), ENOMEM);
}

TEST(mlock_limit)
{
	struct rlimit lim = { 8 * PAGE, 8 * PAGE };
	char *p = anon(16);
	pid_t pid = fork();

	if (pid == 0) {
		setrlimit(RLIMIT_MEMLOCK, &lim);
		become_user();
		CHECK_OK(mlock(p, 8 * PAGE));
		CHECK_ERR(mlock(p + 8 * PAGE, PAGE), ENOMEM);
		CHECK_OK(munlock(p, PAGE));
		CHECK_OK(mlock(p + 8 * PAGE, PAGE));
		CHECK_ERR(mlockall(MCL_CURRENT), ENOMEM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(mlock_is_not_inherited)
{
	char *p = anon(4);
	pid_t pid;

	mlock(p, 4 * PAGE);
	pid = fork();
	if (pid == 0) {
		CHECK(file_has("/proc/self/status", "VmLck:\t       0 kB"));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(mlockall)
{
	unsigned char vec[4] = { 0 };
	char *p;

	CHECK_ERR(mlockall(0), EINVAL);
	CHECK_ERR(mlockall(0x80), EINVAL);
	CHECK_OK(mlockall(MCL_CURRENT | MCL_FUTURE));
	p = anon(4);
	CHECK_OK(mincore(p, 4 * PAGE, vec));
	CHECK_EQ((vec[0] & vec[3]) & 1, 1);
	CHECK_OK(munlockall());
}

TEST(msync)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600);
	char *p;

	ftruncate(fd, 2 * PAGE);
	p = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, fd, 0);
	p[0] = 'm';
	CHECK_OK(msync(p, 2 * PAGE, MS_SYNC));
	CHECK_OK(msync(p, PAGE, MS_ASYNC | MS_INVALIDATE));
	CHECK_ERR(msync(p, PAGE, MS_SYNC | MS_ASYNC), EINVAL);
	CHECK_ERR(msync(p, PAGE, 0x100), EINVAL);
	CHECK_ERR(msync(p + 1, PAGE, MS_SYNC), EINVAL);
	if (!is_compat())
		CHECK_OK(msync(p, -1, MS_SYNC));	/* rounded up it is nothing */
	munmap(p + PAGE, PAGE);
	CHECK_ERR(msync(p, 2 * PAGE, MS_SYNC), ENOMEM);
}

/* Does VmFlags of the mapping at @page have @flag? */
static bool vma_has(const char *page, const char *flag)
{
	FILE *f = fopen("/proc/self/smaps", "r");
	unsigned long start, end;
	bool here = false, has = false;
	char line[512];

	while (fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%lx-%lx ", &start, &end) == 2)
			here = (uintptr_t)page >= start && (uintptr_t)page < end;
		else if (here && !strncmp(line, "VmFlags:", 8))
			has = strstr(line, flag);
	}
	fclose(f);
	return has;
}

TEST(merging_and_huge_pages_are_hints)
{
	char *p = anon(3), *shared = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK_OK(madvise(p + PAGE, PAGE, MADV_MERGEABLE));
	CHECK(vma_has(p + PAGE, " mg") && !vma_has(p, " mg"));
	CHECK_OK(madvise(p, 3 * PAGE, MADV_UNMERGEABLE));
	CHECK(!vma_has(p + PAGE, " mg"));
	CHECK_OK(madvise(shared, PAGE, MADV_MERGEABLE));	/* not for such */
	CHECK(!vma_has(shared, " mg"));
	CHECK_OK(madvise(p, PAGE, MADV_HUGEPAGE));
	CHECK(vma_has(p, " hg") && !vma_has(p, " nh"));
	CHECK_OK(madvise(p, PAGE, MADV_NOHUGEPAGE));
	CHECK(!vma_has(p, " hg") && vma_has(p, " nh"));
	CHECK_OK(madvise(p, 0, MADV_COLLAPSE));
	CHECK_ERR(madvise(p, PAGE, MADV_COLLAPSE), EINVAL);	/* smaller than a huge page */
	munmap(p, 3 * PAGE);
	CHECK_ERR(madvise(p, PAGE, MADV_COLLAPSE), ENOMEM);
	CHECK_ERR(madvise(p, PAGE, MADV_HUGEPAGE), ENOMEM);
}

/* The limit comes first: a range that wraps around is too much. */
TEST(mlock_of_all_there_is)
{
	char *p = anon(1);

	if (!is_compat())		/* there it ends above all memory of the program */
		CHECK_ERR(mlock(p, -PAGE), EINVAL);
	become_user();
	CHECK_ERR(mlock(p, -PAGE), ENOMEM);
	CHECK_ERR(mlock2(p, -PAGE, MLOCK_ONFAULT), ENOMEM);
}
