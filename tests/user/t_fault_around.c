// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_fault_around.c: pages of a file are mapped in groups, and pages are recycled: neither must ever show
 * beyond the end of the file, stale contents, somebody else's memory, or lose a private copy.
 */
#include "tap.h"

#define PAGE	4096UL
#define PAGES	16
#define RW	(PROT_READ | PROT_WRITE)

static void touch(void *arg)
{
	*(volatile char *)arg;
}

static int file_of(size_t bytes)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char block[PAGE];

	REQUIRE(fd >= 0);
	for (size_t i = 0; i * PAGE < bytes; i++) {
		memset(block, 'a' + i, PAGE);
		REQUIRE(write(fd, block, PAGE) == (ssize_t)PAGE);
	}
	REQUIRE(ftruncate(fd, bytes) == 0);
	return fd;
}

static char *map_file(int fd, size_t pages, int flags)
{
	char *p = mmap(NULL, pages * PAGE, RW, flags, fd, 0);

	REQUIRE(p != MAP_FAILED);
	return p;
}

TEST(neighbours_end_with_the_file)
{
	static const int kinds[] = { MAP_PRIVATE, MAP_SHARED };

	for (size_t k = 0; k < ARRAY_SIZE(kinds); k++) {
		int fd = file_of(5 * PAGE + 100);
		char *p = map_file(fd, PAGES, kinds[k]);

		CHECK_EQ(p[0], 'a');		/* brings what is around */
		CHECK_EQ(p[5 * PAGE + 99], 'f');
		CHECK_EQ(p[5 * PAGE + 100], 0);
		CHECK_EQ(fault_of(touch, p + 6 * PAGE, NULL), SIGBUS);
		CHECK_EQ(fault_of(touch, p + 15 * PAGE, NULL), SIGBUS);
		REQUIRE(ftruncate(fd, 8 * PAGE) == 0);
		CHECK_EQ(p[6 * PAGE], 0);
		CHECK_EQ(p[7 * PAGE + PAGE - 1], 0);
		CHECK_EQ(fault_of(touch, p + 8 * PAGE, NULL), SIGBUS);
		munmap(p, PAGES * PAGE);
		close(fd);
	}
}

TEST(mapping_from_the_middle)
{
	int fd = file_of(12 * PAGE);
	char *p = mmap(NULL, 3 * PAGE, PROT_READ, MAP_PRIVATE, fd, 7 * PAGE);

	REQUIRE(p != MAP_FAILED);
	CHECK_EQ(p[2 * PAGE], 'j');
	CHECK_EQ(p[0], 'h');
	CHECK_EQ(p[PAGE], 'i');
}

TEST(private_copies_stay)
{
	int fd = file_of(PAGES * PAGE);
	char *p = map_file(fd, PAGES, MAP_PRIVATE), c;

	p[3 * PAGE] = 'X';
	CHECK_EQ(p[0], 'a');
	CHECK_EQ(p[3 * PAGE], 'X');
	CHECK_EQ(p[3 * PAGE + 1], 'd');
	p[4 * PAGE] = 'Y';			/* mapped read-only with the others */
	CHECK_EQ(p[4 * PAGE], 'Y');
	CHECK_EQ(pread(fd, &c, 1, 3 * PAGE), 1);
	CHECK_EQ(c, 'd');
	CHECK_EQ(pread(fd, &c, 1, 4 * PAGE), 1);
	CHECK_EQ(c, 'e');
	c = 'n';				/* the pages that were only read show what is written */
	CHECK_EQ(pwrite(fd, &c, 1, 5 * PAGE), 1);
	CHECK_EQ(p[5 * PAGE], 'n');
}

/* Fault pages in, without end. */
static void read_for_ever(char *p, volatile int *stop)
{
	while (!*stop)
		for (int i = 0; i < PAGES; i++)
			fault_of(touch, p + i * PAGE, NULL);
	finish();
}

TEST(truncation_against_faults)
{
	volatile int *stop = mmap(NULL, PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int fd = file_of(PAGES * PAGE);
	char *p = map_file(fd, PAGES, MAP_SHARED), block[PAGE];
	long long start = now_ms();
	pid_t readers[2];

	for (size_t i = 0; i < ARRAY_SIZE(readers); i++) {
		readers[i] = fork();
		if (readers[i] == 0)
			read_for_ever(p, stop);
	}
	memset(block, 'z', PAGE);
	/* By the clock: a machine with few CPUs gives them to the readers. */
	for (int round = 0; round < 300 && now_ms() - start < 2000; round++) {
		CHECK_EQ(ftruncate(fd, PAGE), 0);
		/* Cut off is cut off, whatever the readers had mapped at that moment. */
		CHECK_EQ(fault_of(touch, p + (1 + round % (PAGES - 1)) * PAGE, NULL), SIGBUS);
		CHECK_EQ(ftruncate(fd, PAGES * PAGE), 0);
		CHECK_EQ(p[(1 + round % (PAGES - 1)) * PAGE], 0);
		for (int i = 1; i < PAGES; i++)
			CHECK_EQ(pwrite(fd, block, PAGE, i * PAGE), (ssize_t)PAGE);
		CHECK_EQ(p[(PAGES - 1) * PAGE], 'z');
	}
	*stop = 1;
	for (size_t i = 0; i < ARRAY_SIZE(readers); i++)
		expect_exit(readers[i], 0);
}

TEST(recycled_memory_is_zero)
{
	static const size_t sizes[] = { 1, 3, 16, 200, 700 };

	for (int round = 0; round < 20; round++) {
		size_t bytes = sizes[round % ARRAY_SIZE(sizes)] * PAGE;
		unsigned long *p = mmap(NULL, bytes, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), sum = 0;

		REQUIRE(p != MAP_FAILED);
		for (size_t i = 0; i < bytes / sizeof(*p); i++) {
			sum |= p[i];
			p[i] = ~0UL;
		}
		CHECK_EQ(sum, 0);
		munmap(p, bytes);
	}
}

TEST(resident_is_what_was_touched)
{
	unsigned char vec[PAGES];
	char *p = mmap(NULL, PAGES * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(p != MAP_FAILED);
	madvise(p, PAGES * PAGE, MADV_NOHUGEPAGE);
	p[2 * PAGE] = 1;
	p[9 * PAGE] = 1;
	CHECK_EQ(mincore(p, PAGES * PAGE, vec), 0);
	for (int i = 0; i < PAGES; i++)
		CHECK_EQ(vec[i] & 1, i == 2 || i == 9);
}

HELPER(answer)
{
	return 42;
}

static int run_copy(void)
{
	char *argv[] = { "./copy", "@t_fault_around.answer", NULL };
	int status;
	pid_t pid = vfork();

	if (pid == 0) {
		execv(argv[0], argv);
		_exit(errno == ENOEXEC ? 101 : errno == ETXTBSY ? 102 : 103);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return -1;
	return WEXITSTATUS(status);
}

/* Nothing of a program may be remembered that its file does not say any more. */
TEST(rewritten_program)
{
	static char block[65536];
	int from = open(self_path, O_RDONLY), to = open("copy", O_RDWR | O_CREAT, 0755);
	ssize_t n;
	char machine[2], wrong[2] = { 3, 0 };

	REQUIRE(from >= 0 && to >= 0);
	while ((n = read(from, block, sizeof(block))) > 0)
		REQUIRE(write(to, block, n) == n);
	CHECK_EQ(run_copy(), 102);		/* open for writing */
	for (int round = 0; round < 3; round++) {
		close(to);
		CHECK_EQ(run_copy(), 42);
		to = open("copy", O_RDWR);
		REQUIRE(to >= 0);
		CHECK_EQ(pread(to, machine, 2, 18), 2);
		CHECK_EQ(pwrite(to, wrong, 2, 18), 2);
		close(to);
		CHECK_EQ(run_copy(), 101);
		to = open("copy", O_RDWR);
		CHECK_EQ(pwrite(to, machine, 2, 18), 2);
	}
	close(to);
	CHECK_EQ(truncate("copy", 100), 0);
	CHECK_EQ(run_copy(), 101);
}
