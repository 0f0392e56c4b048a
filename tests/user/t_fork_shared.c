// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_fork_shared.c: what parent and child may do to memory whose page tables they might share after a
 * fork: change part of what one table maps, in every way there is, and see nothing of each other.
 */
#include "tap.h"

#include <pthread.h>
#include <sys/uio.h>

#define PAGE	4096UL
#define RW	(PROT_READ | PROT_WRITE)
#define SPAN	(4UL << 20)		/* a leaf table maps 2 or 4 MiB */
#define AREA	(2 * SPAN)
#define PAGES	(AREA / PAGE)

/* Two whole tables of private memory, every page with a value of its own. */
static unsigned int *area;

static unsigned int *page(size_t n)
{
	return (unsigned int *)((char *)area + n * PAGE);
}

static void fill(unsigned int tag)
{
	for (size_t i = 0; i < PAGES; i++)
		*page(i) = tag + i;
}

static bool holds(size_t lo, size_t hi, unsigned int tag)
{
	for (size_t i = lo; i < hi; i++)
		if (*page(i) != (unsigned int)(tag + i))
			return false;
	return true;
}

static bool zero(size_t lo, size_t hi)
{
	for (size_t i = lo; i < hi; i++)
		if (*page(i))
			return false;
	return true;
}

static void make_area(void)
{
	char *p = mmap(NULL, AREA + SPAN, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uintptr_t start = ((uintptr_t)p + SPAN - 1) & ~(SPAN - 1);

	REQUIRE(p != MAP_FAILED);
	area = (unsigned int *)start;
	fill(1000);
}

/* Runs @body in a child while the parent waits; then the parent must have what it had, and may write. */
static void beside_parent(void (*body)(void))
{
	in_child(body);
	CHECK(holds(0, PAGES, 1000));
	fill(3000);
	CHECK(holds(0, PAGES, 3000));
}

/* Runs @body in the parent while a child looks on; the child must see what was at the fork. */
static void in_parent(void (*body)(void))
{
	struct gate gate;
	pid_t pid;

	gate_init(&gate);
	pid = fork();
	if (pid == 0) {
		gate_wait(&gate);
		CHECK(holds(0, PAGES, 1000));
		fill(2000);
		CHECK(holds(0, PAGES, 2000));
		finish();
	}
	body();
	gate_open(&gate);
	expect_exit(pid, 0);
}

#define BOTH(name, body)						\
	TEST(name##_child) { make_area(); beside_parent(body); }		\
	TEST(name##_parent) { make_area(); in_parent(body); }

static void do_write(void)
{
	for (size_t i = 0; i < PAGES; i += 3)
		*page(i) = i;
	for (size_t i = 0; i < PAGES; i++)
		CHECK_EQ(*page(i), i % 3 ? 1000 + i : i);
}
BOTH(write, do_write)

static void do_munmap(void)
{
	CHECK_OK(munmap(page(100), 300 * PAGE));
	CHECK(holds(0, 100, 1000) && holds(400, PAGES, 1000));
	CHECK_ERR(msync(page(100), PAGE, MS_ASYNC), ENOMEM);
	CHECK_OK(munmap(page(1000), 1048 * PAGE));
	CHECK(holds(400, 1000, 1000));
}
BOTH(munmap, do_munmap)

static void do_map_fixed(void)
{
	REQUIRE(mmap(page(10), 1100 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page(10));
	CHECK(holds(0, 10, 1000) && zero(10, 1110) && holds(1110, PAGES, 1000));
	*page(20) = 5;
	CHECK(zero(10, 20) && zero(21, 1110));
}
BOTH(map_fixed, do_map_fixed)

static void do_dontneed(void)
{
	CHECK_OK(madvise(page(0), 700 * PAGE, MADV_DONTNEED));
	CHECK(zero(0, 700) && holds(700, PAGES, 1000));
	CHECK_OK(madvise(page(1024), 1024 * PAGE, MADV_DONTNEED));
	CHECK(zero(1024, PAGES) && holds(700, 1024, 1000));
}
BOTH(dontneed, do_dontneed)

static void do_mprotect(void)
{
	int p[2];

	REQUIRE(pipe(p) == 0);
	CHECK_OK(mprotect(page(5), 1500 * PAGE, PROT_READ));
	CHECK(holds(0, PAGES, 1000));
	CHECK_EQ(write(p[1], "abcd", 4), 4);
	CHECK_ERR(read(p[0], page(6), 4), EFAULT);
	CHECK_ERR(read(p[0], page(1504), 4), EFAULT);
	CHECK_EQ(read(p[0], page(1505), 4), 4);
	*page(1505) = 2505;
	CHECK_OK(mprotect(page(5), 1500 * PAGE, PROT_NONE));
	CHECK_ERR(write(p[1], page(700), 4), EFAULT);
	CHECK_OK(mprotect(page(5), 1500 * PAGE, RW));
	CHECK(holds(0, PAGES, 1000));
	*page(700) = 1;
	CHECK(holds(0, 700, 1000) && holds(701, PAGES, 1000));
}
BOTH(mprotect, do_mprotect)

static void do_mremap(void)
{
	unsigned int *to = mmap(NULL, AREA, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	bool good = true;

	REQUIRE(to != MAP_FAILED);
	REQUIRE(mremap(page(300), 1200 * PAGE, 1200 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, to) == to);
	for (size_t i = 0; i < 1200; i++)
		good &= to[i * PAGE / sizeof(*to)] == 1300 + i;
	CHECK(good);
	CHECK(holds(0, 300, 1000) && holds(1500, PAGES, 1000));
	to[0] = 7;
	CHECK_ERR(msync(page(300), PAGE, MS_ASYNC), ENOMEM);
	REQUIRE(mremap(to, 100 * PAGE, 100 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(300)) == page(300));
	CHECK(*page(300) == 7 && holds(301, 400, 1000));
}
BOTH(mremap, do_mremap)

static void do_mlock(void)
{
	CHECK_OK(mlock(page(3), 8 * PAGE));
	CHECK(holds(0, PAGES, 1000));
	CHECK_ERR(madvise(page(3), PAGE, MADV_DONTNEED), EINVAL);
	*page(4) = 9;
	CHECK_OK(munlock(page(3), 8 * PAGE));
	CHECK(*page(4) == 9 && holds(5, PAGES, 1000));
}
BOTH(mlock, do_mlock)

/* The kernel writes into it. */
static void do_read(void)
{
	int p[2];

	REQUIRE(pipe(p) == 0);
	for (size_t i = 0; i < PAGES; i += 97) {
		CHECK_EQ(write(p[1], "wxyz", 4), 4);
		CHECK_EQ(read(p[0], page(i), 4), 4);
		CHECK(memcmp(page(i), "wxyz", 4) == 0);
	}
}
BOTH(kernel_writes, do_read)

/* Pages in a pipe by reference while both sides write. */
static void do_vmsplice(void)
{
	struct iovec iov = { page(8), 2 * PAGE };
	static char buf[2 * PAGE];
	int p[2];
	pid_t pid;

	REQUIRE(pipe(p) == 0);
	REQUIRE(vmsplice(p[1], &iov, 1, 0) == 2 * PAGE);
	pid = fork();
	if (pid == 0) {
		*page(8) = 1;
		CHECK_EQ(*page(9), 1009);
		finish();
	}
	expect_exit(pid, 0);
	CHECK(holds(0, PAGES, 1000));
	CHECK_EQ(read(p[0], buf, sizeof(buf)), (long)sizeof(buf));
	CHECK_EQ(*(unsigned int *)buf, 1008);
	CHECK_EQ(*(unsigned int *)(buf + PAGE), 1009);
}
BOTH(vmsplice, do_vmsplice)

TEST(brk_shrinks)
{
	unsigned int *p = sbrk(3 * SPAN);
	pid_t pid;

	REQUIRE(p != (void *)-1);
	memset(p, 7, 3 * SPAN);
	pid = fork();
	if (pid == 0) {
		CHECK(sbrk(-(2 * SPAN + PAGE)) != (void *)-1);
		CHECK(sbrk(2 * SPAN + PAGE) != (void *)-1);
		CHECK_EQ(p[0], 0x07070707);
		CHECK_EQ(p[3 * SPAN / 4 - 1], 0);
		finish();
	}
	expect_exit(pid, 0);
	CHECK(p[0] == 0x07070707 && p[3 * SPAN / 4 - 1] == 0x07070707);
}

/* A neighbour below the same table that the child must not have, or have empty. */
TEST(left_out_of_the_child)
{
	pid_t pid;

	make_area();
	CHECK_OK(madvise(page(10), 4 * PAGE, MADV_DONTFORK));
	CHECK_OK(madvise(page(1100), 2 * PAGE, MADV_WIPEONFORK));
	pid = fork();
	if (pid == 0) {
		CHECK_ERR(msync(page(10), 4 * PAGE, MS_ASYNC), ENOMEM);
		CHECK(zero(1100, 1102));
		CHECK(holds(0, 10, 1000) && holds(14, 1100, 1000) && holds(1102, PAGES, 1000));
		*page(0) = *page(20) = *page(2000) = *page(1100) = 1;
		finish();
	}
	expect_exit(pid, 0);
	CHECK(holds(0, PAGES, 1000));
	fill(0);
}

/* The parent goes first; its grandchild goes on with the tables. */
TEST(parent_exits_first)
{
	int p[2];
	char c;
	pid_t pid;

	make_area();
	REQUIRE(pipe(p) == 0);
	pid = fork();
	if (pid == 0) {
		*page(1) = 1;
		if (fork() == 0) {
			usleep(100000);		/* the parent is gone, or will be */
			*page(2) = 2;
			c = *page(1) == 1 && *page(2) == 2 && holds(3, PAGES, 1000) ? 'y' : 'n';
			_exit(write(p[1], &c, 1) != 1);
		}
		_exit(0);
	}
	expect_exit(pid, 0);
	fill(5000);
	CHECK_EQ(read(p[0], &c, 1), 1);
	CHECK_EQ(c, 'y');
	CHECK(holds(0, PAGES, 5000));
}

static unsigned int expected[PAGES];

static bool as_expected(void)
{
	for (size_t i = 0; i < PAGES; i++)
		if (*page(i) != expected[i])
			return false;
	return true;
}

static void scribble(unsigned int *seed, int writes)
{
	while (writes--) {
		unsigned int i = (*seed = *seed * 1103515245 + 12345) >> 8;

		*page(i % PAGES) = expected[i % PAGES] = i;
	}
}

/* Each generation writes here and there before and after it has children, and checks every page. */
static void generation(int depth, unsigned int seed)
{
	pid_t pid[2];

	scribble(&seed, 40);
	for (int i = 0; depth && i < 2; i++) {
		pid[i] = fork();
		if (pid[i] == 0) {
			CHECK(as_expected());
			generation(depth - 1, seed + i * 77);
			finish();
		}
		scribble(&seed, 25);
	}
	CHECK(as_expected());
	for (int i = 0; depth && i < 2; i++)
		expect_exit(pid[i], 0);
	scribble(&seed, 25);
	CHECK(as_expected());
}

TEST(grandchildren)
{
	make_area();
	for (size_t i = 0; i < PAGES; i++)
		expected[i] = *page(i);
	generation(4, 42);
}

/* ---- threads write while their process forks --------------------------------------------- */

enum { WRITERS = 4, FORKS = 30 };
static volatile int stop;

/* Two pages in different tables: the first is never behind the second, nor more than one ahead. */
static void *writer(void *arg)
{
	size_t n = (size_t)arg;
	volatile unsigned int *a = page(n), *b = page(PAGES - 1 - n);

	for (unsigned int i = 1; !stop; i++) {
		__atomic_store_n(a, i, __ATOMIC_SEQ_CST);
		__atomic_store_n(b, i, __ATOMIC_SEQ_CST);
	}
	return NULL;
}

static void check_snapshot(void)
{
	unsigned int a[WRITERS], b[WRITERS];

	for (int n = 0; n < WRITERS; n++) {
		a[n] = *page(n);
		b[n] = *page(PAGES - 1 - n);
		CHECK(a[n] == b[n] || a[n] == b[n] + 1);
	}
	usleep(2000);
	*page(64) = 1;			/* an own table from here on */
	for (int n = 0; n < WRITERS; n++)
		CHECK(*page(n) == a[n] && *page(PAGES - 1 - n) == b[n]);
}

TEST(fork_under_write_load)
{
	pthread_t t[WRITERS];

	make_area();
	fill(0);
	for (size_t n = 0; n < WRITERS; n++) {
		*page(n) = *page(PAGES - 1 - n) = 0;
		REQUIRE(pthread_create(&t[n], NULL, writer, (void *)n) == 0);
	}
	for (int i = 0; i < FORKS; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			check_snapshot();
			finish();
		}
		expect_exit(pid, 0);
	}
	stop = 1;
	for (int n = 0; n < WRITERS; n++)
		pthread_join(t[n], NULL);
	CHECK(*page(0) == *page(PAGES - 1));
}

/* ---- another process's memory -------------------------------------------------------------- */

TEST(process_vm_writev_to_the_child)
{
	unsigned int value = 77;
	struct iovec local = { &value, sizeof(value) }, remote;
	struct gate gate;
	pid_t pid;

	make_area();
	gate_init(&gate);
	pid = fork();
	if (pid == 0) {
		gate_wait(&gate);
		CHECK_EQ(*page(50), 77);
		CHECK(holds(0, 50, 1000) && holds(51, PAGES, 1000));
		finish();
	}
	remote = (struct iovec){ page(50), sizeof(value) };
	CHECK_EQ(process_vm_writev(pid, &local, 1, &remote, 1, 0), (long)sizeof(value));
	CHECK(holds(0, PAGES, 1000));
	gate_open(&gate);
	expect_exit(pid, 0);
	CHECK(holds(0, PAGES, 1000));
}

/* ---- files below a shared table ------------------------------------------------------------ */

static int map_file(int flags, int prot)
{
	static char buf[64 * PAGE];
	int fd = open("f", O_RDWR | O_CREAT, 0600);

	REQUIRE(fd >= 0);
	memset(buf, 'f', sizeof(buf));
	REQUIRE(write(fd, buf, sizeof(buf)) == (long)sizeof(buf));
	REQUIRE(mmap(page(200), 64 * PAGE, prot, flags | MAP_FIXED, fd, 0) == page(200));
	for (int i = 0; i < 64; i++)
		CHECK_EQ(*page(200 + i), 0x66666666);
	return fd;
}

TEST(shared_file_stays_shared)
{
	struct gate gate;
	unsigned int v;
	pid_t pid;
	int fd;

	make_area();
	fd = map_file(MAP_SHARED, RW);
	*page(200) = 1;
	gate_init(&gate);
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(*page(200), 1);
		*page(201) = 2;
		*page(10) = 0;
		*page(202) = 3;
		gate_wait(&gate);
		CHECK_EQ(*page(203), 4);
		finish();
	}
	*page(203) = 4;
	gate_open(&gate);
	expect_exit(pid, 0);
	CHECK(*page(201) == 2 && *page(202) == 3 && *page(203) == 4 && *page(10) == 1010);
	CHECK_OK(msync(page(200), 64 * PAGE, MS_SYNC));
	for (int i = 0; i < 4; i++) {
		CHECK_EQ(pread(fd, &v, sizeof(v), i * PAGE), (long)sizeof(v));
		CHECK_EQ(v, i + 1);
	}
}

/* Truncation and holes take pages out of tables that two processes share. */
static void file_shrinks(int flags)
{
	struct gate gate;
	int p[2], fd;
	pid_t pid;

	make_area();
	fd = map_file(flags, PROT_READ);
	gate_init(&gate);
	REQUIRE(pipe(p) == 0);
	pid = fork();
	if (pid == 0) {
		gate_wait(&gate);
		CHECK_ERR(write(p[1], page(240), 4), EFAULT);
		CHECK_EQ(*page(205), 0);
		CHECK_EQ(*page(206), 0x66666666);
		CHECK(holds(0, 200, 1000) && holds(264, PAGES, 1000));
		finish();
	}
	CHECK_OK(fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 5 * PAGE, PAGE));
	CHECK_OK(ftruncate(fd, 32 * PAGE));
	CHECK_ERR(write(p[1], page(240), 4), EFAULT);
	CHECK_EQ(*page(205), 0);
	CHECK_EQ(*page(204), 0x66666666);
	gate_open(&gate);
	expect_exit(pid, 0);
	CHECK(holds(0, 200, 1000) && holds(264, PAGES, 1000));
}

TEST(shared_file_shrinks)
{
	file_shrinks(MAP_SHARED);
}

TEST(private_file_shrinks)
{
	file_shrinks(MAP_PRIVATE);
}

/* ---- what the kernel says about it ----------------------------------------------------------- */

static long smaps_kib(const char *key)
{
	char line[256], head[64];
	bool here = false;
	long kib = -1;
	FILE *f = fopen("/proc/self/smaps", "r");

	REQUIRE(f != NULL);
	snprintf(head, sizeof(head), "%lx-%lx ", (unsigned long)page(0), (unsigned long)page(PAGES));
	while (fgets(line, sizeof(line), f)) {
		if (strncmp(line, head, strlen(head)) == 0)
			here = true;
		else if (here && strncmp(line, key, strlen(key)) == 0 && sscanf(line + strlen(key), "%ld", &kib) == 1)
			break;
	}
	fclose(f);
	return kib;
}

/* ---- tables that begin small ------------------------------------------------------------ */

#define MIB	(1UL << 20)

/* Address space for two tables, nothing in it yet. */
static void make_empty_area(void)
{
	char *p = mmap(NULL, AREA + SPAN, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	REQUIRE(p != MAP_FAILED);
	area = (unsigned int *)(((uintptr_t)p + SPAN - 1) & ~(SPAN - 1));
}

static size_t mib(size_t n)
{
	return n * (MIB / PAGE);
}

static void touch_all(unsigned int tag, size_t lo, size_t hi)
{
	for (size_t i = lo; i < hi; i++)
		*page(i) = tag + i;
}

/* The third MiB first, then a page before it and one behind it, each after a fork: nothing is lost, and nothing
 * of it is the child's. */
TEST(table_grows)
{
	pid_t pid;

	make_empty_area();
	touch_all(1000, mib(2), mib(2) + 5);
	pid = fork();
	if (pid == 0) {
		*page(0) = 1000;
		touch_all(2000, mib(3), mib(4));
		CHECK(holds(mib(2), mib(2) + 5, 1000) && zero(1, mib(2)) && zero(mib(2) + 5, mib(3)));
		CHECK(holds(mib(3), mib(4), 2000));
		CHECK_OK(munmap(page(mib(2)), MIB));
		CHECK(holds(mib(3), mib(4), 2000) && *page(0) == 1000);
		finish();
	}
	touch_all(1000, mib(4) - 1, mib(4));
	expect_exit(pid, 0);
	CHECK(holds(mib(2), mib(2) + 5, 1000) && holds(mib(4) - 1, mib(4), 1000));
	CHECK(zero(0, mib(2)) && zero(mib(2) + 5, mib(4) - 1));
}

/* One MiB filled to its last page, forked at every 64th; the copies go their ways. */
TEST(table_fills)
{
	make_empty_area();
	for (size_t n = 0; n <= mib(1); n++) {
		pid_t pid;

		if (n < mib(1))
			*page(n) = 1000 + n;
		if (n % 64)
			continue;
		pid = fork();
		if (pid == 0) {
			CHECK(holds(0, n, 1000));
			touch_all(5000, 0, n);
			CHECK(holds(0, n, 5000) && zero(mib(1), mib(2)));
			finish();
		}
		expect_exit(pid, 0);
		CHECK(holds(0, n, 1000));
	}
}

static void move_ten(size_t from, size_t to)
{
	CHECK(mremap(page(from), 10 * PAGE, 10 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, page(to)) == page(to));
}

/* What is moved from one MiB to another, with both tables about to change. */
TEST(table_grows_by_mremap)
{
	make_empty_area();
	touch_all(1000, 0, 10);
	move_ten(0, mib(1) + 3);
	CHECK(holds(mib(1) + 3, mib(1) + 13, 1000 - (unsigned int)mib(1) - 3));
	move_ten(mib(1) + 3, mib(6));
	CHECK(holds(mib(6), mib(6) + 10, 1000 - (unsigned int)mib(6)));
	CHECK(zero(mib(7), mib(8)));
	CHECK(holds(mib(6), mib(6) + 10, 1000 - (unsigned int)mib(6)));
}

/* A thread that counts up in a page, and must never see another value there than its own. */
static void *count_up(void *arg)
{
	volatile unsigned int *p = arg;
	unsigned int n = *p;

	while (!stop) {
		if (*p != n)
			return (void *)1;
		*p = ++n;
	}
	return NULL;
}

static void nothing_else_there(void)
{
	CHECK(zero(mib(2), mib(4)));
}

/* The table of a page in use is replaced by a bigger one, again and again, while others run in it and a child is
 * made now and then. */
TEST(table_grows_under_threads)
{
	pthread_t threads[2];
	void *bad;

	make_empty_area();
	for (int round = 0; round < 40; round++) {
		stop = 0;
		for (size_t i = 0; i < 2; i++)
			CHECK_EQ(pthread_create(&threads[i], NULL, count_up, page(mib(1) + i)), 0);
		for (volatile int spin = 0; *(volatile unsigned int *)page(mib(1)) < 100 && spin < 100000; spin++)
			sched_yield();
		if (round % 4 == 0)
			in_child(nothing_else_there);
		touch_all(1000, mib(2), mib(2) + 3);
		*page(0) = round;
		stop = 1;
		for (size_t i = 0; i < 2; i++) {
			CHECK_EQ(pthread_join(threads[i], &bad), 0);
			CHECK(!bad);
		}
		CHECK(holds(mib(2), mib(2) + 3, 1000) && *page(0) == (unsigned int)round);
		CHECK_OK(madvise(page(0), SPAN, MADV_DONTNEED));
		REQUIRE(mmap(page(0), SPAN, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == page(0));
	}
}

/* Linux has the child fault its program in, and statm lags behind there by some pages per thread. */
#define SLACK	500

static long resident_pages(void)
{
	long total, rss = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	REQUIRE(f != NULL);
	CHECK_EQ(fscanf(f, "%ld %ld", &total, &rss), 2);
	fclose(f);
	return rss;
}

TEST(resident_size)
{
	static unsigned char vec[PAGES];
	pid_t pid;
	long rss;

	make_area();
	/* A VMA of its own, so that smaps has a line for it. */
	CHECK_OK(mprotect(page(0), AREA, PROT_READ | PROT_WRITE | PROT_EXEC));
	pid = fork();
	if (pid == 0) {
		rss = resident_pages();
		CHECK(rss >= (long)PAGES);
		CHECK_EQ(smaps_kib("Rss:"), AREA >> 10);
		CHECK_EQ(smaps_kib("Pss:"), AREA >> 11);
		CHECK_EQ(smaps_kib("Shared_Dirty:"), AREA >> 10);
		CHECK_EQ(smaps_kib("Private_Dirty:"), 0);
		CHECK_OK(mincore(page(0), AREA, vec));
		for (size_t i = 0; i < PAGES; i++)
			CHECK(vec[i] & 1);
		for (size_t i = 0; i < 512; i++)
			*page(i) = 1;
		CHECK_EQ(smaps_kib("Rss:"), AREA >> 10);
		CHECK_EQ(smaps_kib("Private_Dirty:"), 512 * PAGE >> 10);
		CHECK(labs(resident_pages() - rss) < SLACK);
		CHECK_OK(munmap(page(0), AREA / 2));
		CHECK(labs(resident_pages() - (rss - (long)PAGES / 2)) < SLACK);
		CHECK_OK(munmap(page(PAGES / 2), AREA / 2));
		CHECK(labs(resident_pages() - (rss - (long)PAGES)) < SLACK);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(smaps_kib("Rss:"), AREA >> 10);
	CHECK_EQ(smaps_kib("Private_Dirty:"), AREA >> 10);
	CHECK(resident_pages() >= (long)PAGES);
}
