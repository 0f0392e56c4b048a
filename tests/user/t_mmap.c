// SPDX-License-Identifier: GPL-2.0-only
/* t_mmap.c: mmap and munmap: anonymous and file mappings, placement, refusals, partial unmaps. */
#include "tap.h"

#include <limits.h>

#include <sys/resource.h>
#include <sys/vfs.h>

#define PAGE	4096UL
#define RW	(PROT_READ | PROT_WRITE)
#define ANON	(MAP_PRIVATE | MAP_ANONYMOUS)

static void touch(void *arg)
{
	*(volatile char *)arg;
}

static void poke(void *arg)
{
	*(volatile char *)arg = 1;
}

static bool readable(void *p)
{
	return fault_of(touch, p, NULL) == 0;
}

static bool writable(void *p)
{
	return fault_of(poke, p, NULL) == 0;
}

static char *anon(size_t pages)
{
	char *p = mmap(NULL, pages * PAGE, RW, ANON, -1, 0);

	REQUIRE(p != MAP_FAILED);
	return p;
}

static int file_of(size_t bytes)
{
	int fd = open("file", O_RDWR | O_CREAT | O_TRUNC, 0600);
	char block[PAGE];
	size_t i;

	REQUIRE(fd >= 0);
	for (i = 0; i * PAGE < bytes; i++) {
		memset(block, 'a' + i, PAGE);
		write(fd, block, PAGE);
	}
	REQUIRE(ftruncate(fd, bytes) == 0);
	return fd;
}

TEST(anonymous_is_zero)
{
	char *p = anon(64);
	size_t i;

	for (i = 0; i < 64 * PAGE && p[i] == 0; i++)
		;
	CHECK_EQ(i, 64 * PAGE);
	memset(p, 0x5a, 64 * PAGE);
	CHECK_EQ(p[63 * PAGE + 17], 0x5a);
	CHECK_OK(munmap(p, 64 * PAGE));
	CHECK(!readable(p));
	CHECK(!readable(p + 63 * PAGE));
}

TEST(refusals)
{
	int fd = file_of(PAGE), ro = open("file", O_RDONLY), wo = open("file", O_WRONLY);

	CHECK_ERR(mmap(NULL, 0, RW, ANON, -1, 0), EINVAL);
	CHECK_ERR(mmap(NULL, PAGE, RW, MAP_ANONYMOUS, -1, 0), EINVAL);	/* neither kind */
	CHECK_ERR(mmap(NULL, PAGE, RW, MAP_PRIVATE, -1, 0), EBADF);
	CHECK_ERR(mmap(NULL, PAGE, RW, MAP_PRIVATE, 250, 0), EBADF);
	CHECK_ERR(mmap(NULL, PAGE, RW, MAP_SHARED, ro, 0), EACCES);
	CHECK_ERR(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, wo, 0), EACCES);
	CHECK(mmap(NULL, PAGE, RW, MAP_PRIVATE, ro, 0) != MAP_FAILED);
	CHECK_ERR(mmap((void *)(PAGE + 1), PAGE, RW, ANON | MAP_FIXED, -1, 0), EINVAL);
	CHECK_ERR(mmap(NULL, (size_t)-1, RW, ANON, -1, 0), ENOMEM);
	CHECK_ERR(mmap(NULL, (size_t)-PAGE, RW, ANON, -1, 0), ENOMEM);
	CHECK_ERR(mmap((void *)-PAGE, 2 * PAGE, RW, ANON | MAP_FIXED, -1, 0), ENOMEM);
	CHECK_ERR(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, open(".", O_RDONLY), 0), ENODEV);
	CHECK_ERR(munmap((void *)(PAGE + 1), PAGE), EINVAL);
	CHECK_ERR(munmap((void *)PAGE, 0), EINVAL);
	CHECK_ERR(munmap((void *)-PAGE, 2 * PAGE), EINVAL);
	CHECK_OK(munmap((void *)(16 * PAGE), PAGE));	/* nothing there is no error */
	close(fd);
}

TEST(hint_and_fixed)
{
	char *p = anon(8), *q;

	munmap(p, 8 * PAGE);
	q = mmap(p, PAGE, RW, ANON, -1, 0);
	CHECK(q == p);
	q = mmap(p, PAGE, RW, ANON, -1, 0);		/* taken: goes elsewhere */
	CHECK(q != p && q != MAP_FAILED);
	p[0] = 1;
	q = mmap(p, PAGE, RW, ANON | MAP_FIXED, -1, 0);	/* replaces */
	CHECK(q == p && p[0] == 0);
	CHECK_ERR(mmap(p, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0), EEXIST);
	CHECK(mmap(p + 4 * PAGE, PAGE, RW, ANON | MAP_FIXED_NOREPLACE, -1, 0) == p + 4 * PAGE);
}

TEST(hole_in_the_middle)
{
	char *p = anon(5);

	memset(p, 'x', 5 * PAGE);
	CHECK_OK(munmap(p + 2 * PAGE, PAGE));
	CHECK(readable(p + PAGE) && p[2 * PAGE - 1] == 'x');
	CHECK(!readable(p + 2 * PAGE));
	CHECK(readable(p + 3 * PAGE) && p[3 * PAGE] == 'x');
	CHECK(mmap(p + 2 * PAGE, PAGE, RW, ANON | MAP_FIXED, -1, 0) == p + 2 * PAGE);
	CHECK_EQ(p[2 * PAGE], 0);
	CHECK_OK(munmap(p, 5 * PAGE));
	CHECK(!readable(p) && !readable(p + 4 * PAGE));
}

TEST(unmap_across_several)
{
	char *p = anon(6);

	mmap(p + 2 * PAGE, PAGE, PROT_READ, ANON | MAP_FIXED, -1, 0);
	munmap(p + 4 * PAGE, PAGE);
	CHECK_OK(munmap(p + PAGE, 4 * PAGE));
	CHECK(readable(p));
	CHECK(!readable(p + PAGE) && !readable(p + 2 * PAGE) && !readable(p + 3 * PAGE));
	CHECK(readable(p + 5 * PAGE));
}

TEST(protections)
{
	char *ro = mmap(NULL, PAGE, PROT_READ, ANON, -1, 0);
	char *none = mmap(NULL, PAGE, PROT_NONE, ANON, -1, 0);

	CHECK(readable(ro) && !writable(ro));
	CHECK(!readable(none) && !writable(none));
}

TEST(file_private)
{
	int fd = file_of(3 * PAGE);
	char *p = mmap(NULL, 3 * PAGE, RW, MAP_PRIVATE, fd, 0), byte;

	CHECK(p[0] == 'a' && p[PAGE] == 'b' && p[3 * PAGE - 1] == 'c');
	p[PAGE] = 'X';
	CHECK_EQ(pread(fd, &byte, 1, PAGE), 1);
	CHECK_EQ(byte, 'b');
	/* The page not yet copied still shows the file's changes. */
	pwrite(fd, "Z", 1, 0);
	CHECK_EQ(p[0], 'Z');
	pwrite(fd, "Y", 1, PAGE);
	CHECK_EQ(p[PAGE], 'X');
	close(fd);
	CHECK_EQ(p[2 * PAGE], 'c');	/* lives on without its descriptor */
}

TEST(file_shared)
{
	int fd = file_of(2 * PAGE);
	char *p = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, fd, 0);
	char *q = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, PAGE);
	char byte;
	pid_t pid;

	p[PAGE + 5] = 'S';
	CHECK_EQ(q[5], 'S');
	CHECK_EQ(pread(fd, &byte, 1, PAGE + 5), 1);
	CHECK_EQ(byte, 'S');
	pwrite(fd, "W", 1, 7);
	CHECK_EQ(p[7], 'W');
	pid = fork();
	if (pid == 0) {
		p[9] = 'C';
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(p[9], 'C');
	CHECK_OK(msync(p, 2 * PAGE, MS_SYNC));
}

TEST(beyond_end_of_file)
{
	int fd = file_of(PAGE + 100);
	char *p = mmap(NULL, 4 * PAGE, RW, MAP_SHARED, fd, 0);
	siginfo_t info;

	CHECK_EQ(p[PAGE + 99], 'b');
	CHECK_EQ(p[PAGE + 100], 0);		/* the rest of the last page is zero */
	CHECK_EQ(fault_of(touch, p + 2 * PAGE, &info), SIGBUS);
	CHECK_EQ(info.si_code, BUS_ADRERR);
	CHECK(info.si_addr == p + 2 * PAGE);
	REQUIRE(ftruncate(fd, 3 * PAGE) == 0);
	CHECK(readable(p + 2 * PAGE));
	p[2 * PAGE] = 'n';
	REQUIRE(ftruncate(fd, PAGE) == 0);
	CHECK_EQ(fault_of(touch, p + 2 * PAGE, NULL), SIGBUS);
	CHECK_EQ(fault_of(touch, p + PAGE, NULL), SIGBUS);
	REQUIRE(ftruncate(fd, 3 * PAGE) == 0);
	CHECK_EQ(p[2 * PAGE], 0);		/* what was cut off does not come back */
}

TEST(offset)
{
	int fd = file_of(4 * PAGE);
	char *p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 2 * PAGE);

	CHECK_EQ(p[0], 'c');
	CHECK_EQ(p[PAGE - 1], 'c');
}

TEST(dev_zero)
{
	int fd = open("/dev/zero", O_RDWR);
	char *p = mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE, fd, 0), *q;

	REQUIRE(p != MAP_FAILED);
	CHECK_EQ(p[PAGE], 0);
	p[0] = 1;
	q = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	REQUIRE(q != MAP_FAILED);
	q[0] = 2;
	CHECK_EQ(q[0], 2);
}

TEST(populate)
{
	unsigned char vec[4] = { 0 };
	char *p = mmap(NULL, 4 * PAGE, RW, ANON | MAP_POPULATE, -1, 0);

	CHECK_OK(mincore(p, 4 * PAGE, vec));
	CHECK(vec[0] & vec[1] & vec[2] & vec[3] & 1);
}

TEST(large_sparse)
{
	size_t size = sizeof(void *) == 8 ? 1UL << 36 : 1UL << 30;
	char *p = mmap(NULL, size, RW, ANON | MAP_NORESERVE, -1, 0);

	REQUIRE(p != MAP_FAILED);
	p[0] = 1;
	p[size / 2] = 2;
	p[size - 1] = 3;
	CHECK(p[0] + p[size / 2] + p[size - 1] == 6);
	CHECK_OK(munmap(p, size));
}

TEST(address_space_limit)
{
	struct rlimit lim = { 64 << 20, 64 << 20 };
	char *p;

	setrlimit(RLIMIT_AS, &lim);
	CHECK_ERR(mmap(NULL, 128 << 20, RW, ANON, -1, 0), ENOMEM);
	p = mmap(NULL, 1 << 20, RW, ANON, -1, 0);
	CHECK(p != MAP_FAILED);
}

TEST(many_mappings)
{
	enum { COUNT = 500 };
	char *p = anon(2 * COUNT);
	int i, bad = 0;

	/* Every second page made read-only: COUNT separate areas. */
	for (i = 0; i < COUNT; i++)
		bad += mprotect(p + 2 * i * PAGE, PAGE, PROT_READ) != 0;
	CHECK_EQ(bad, 0);
	for (i = 0; i < COUNT; i++)
		p[(2 * i + 1) * PAGE] = i;
	for (i = 0; i < COUNT; i++)
		bad += p[(2 * i + 1) * PAGE] != (char)i || p[2 * i * PAGE] != 0;
	CHECK_EQ(bad, 0);
	CHECK(!writable(p + 2 * PAGE));
	CHECK_OK(munmap(p, 2 * COUNT * PAGE));
}

TEST(low_addresses_need_privilege)
{
	pid_t pid = fork();

	if (pid == 0) {
		become_user();
		/* 32-bit ARM has its vectors there and says EINVAL. */
		CHECK(mmap(NULL, PAGE, RW, ANON | MAP_FIXED, -1, 0) == MAP_FAILED);
		CHECK(errno == EPERM || (sizeof(long) == 4 && errno == EINVAL));
		CHECK(mmap((void *)1, PAGE, RW, ANON, -1, 0) > (void *)1);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(executable_page)
{
	/* "return 42" for either architecture. */
#if defined(__aarch64__)
	static const unsigned int code[] = { 0x52800540, 0xd65f03c0 };
#else
	static const unsigned int code[] = { 0xe3a0002a, 0xe12fff1e };
#endif
	char *p = anon(1);

	memcpy(p, code, sizeof(code));
	CHECK(fault_of((void (*)(void *))p, NULL, NULL) == SIGSEGV);
	CHECK_OK(mprotect(p, PAGE, PROT_READ | PROT_EXEC));
	__builtin___clear_cache(p, p + sizeof(code));
	CHECK_EQ(((int (*)(void))p)(), 42);
}

TEST(deleted_file)
{
	int fd = file_of(PAGE);
	char *p = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);

	unlink("file");
	close(fd);
	CHECK_EQ(p[0], 'a');
	p[0] = 'D';
	CHECK_EQ(p[0], 'D');
	CHECK(file_has("/proc/self/maps", "file (deleted)"));
}

TEST(not_behind_the_largest_file)
{
	int fd = file_of(PAGE);

	if (sizeof(long) == 4)
		skip("a 32-bit offset cannot be so large");
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, LONG_MAX - 2 * PAGE + 1) != MAP_FAILED);
	CHECK(mmap(NULL, 2 * PAGE, PROT_READ, MAP_PRIVATE, fd, LONG_MAX - 2 * PAGE + 1) == MAP_FAILED);
	CHECK_EQ(errno, EOVERFLOW);
	CHECK(mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, LONG_MIN) == MAP_FAILED);
	CHECK_EQ(errno, EOVERFLOW);
}

/* None are reserved. A size that there is not is another matter, and so is a file. */
TEST(huge_pages)
{
	int fd = file_of(PAGE), anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
	int sizes = 31 << MAP_HUGE_SHIFT;

	CHECK(mmap(NULL, PAGE, RW, anonymous | MAP_HUGETLB, -1, 0) == MAP_FAILED);
	CHECK_EQ(errno, ENOMEM);
	CHECK(mmap(NULL, PAGE, RW, anonymous | MAP_HUGETLB | 21 << MAP_HUGE_SHIFT, -1, 0) == MAP_FAILED);
	CHECK_EQ(errno, ENOMEM);
	CHECK(mmap(NULL, PAGE, RW, anonymous | MAP_HUGETLB | 20 << MAP_HUGE_SHIFT, -1, 0) == MAP_FAILED);
	CHECK_EQ(errno, EINVAL);
	CHECK(mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_HUGETLB, fd, 0) == MAP_FAILED);
	CHECK_EQ(errno, EINVAL);
	CHECK(mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_HUGETLB, -1, 0) == MAP_FAILED);
	CHECK_EQ(errno, EBADF);
	CHECK(mmap(NULL, PAGE, RW, MAP_SHARED_VALIDATE | sizes, fd, 0) != MAP_FAILED);
	CHECK(mmap(NULL, PAGE, RW, MAP_SHARED_VALIDATE | 1 << 31, fd, 0) == MAP_FAILED);
	CHECK_EQ(errno, EOPNOTSUPP);
}

TEST(low_addresses)
{
	CHECK(mmap((void *)0x2000, PAGE, RW, ANON, -1, 0) != (void *)0x2000);	/* a wish is rounded up */
	munmap((void *)0x8000, PAGE);
	CHECK(mmap((void *)0x2000, PAGE, RW, ANON | MAP_FIXED, -1, 0) == (void *)0x2000);
	if (kernel_is_64bit()) {
		CHECK(mremap((void *)0x2000, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, NULL) == NULL);
		CHECK_OK(munmap(NULL, PAGE));
	}
	become_user();
	CHECK(mmap((void *)0x2000, PAGE, RW, ANON | MAP_FIXED, -1, 0) == (void *)0x2000);
	CHECK(mmap(NULL, PAGE, RW, ANON | MAP_FIXED, -1, 0) == MAP_FAILED);
	CHECK_EQ(errno, kernel_is_64bit() ? EPERM : EINVAL);	/* there nobody may */
	CHECK(mremap((void *)0x2000, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, NULL) == MAP_FAILED);
	CHECK_EQ(errno, kernel_is_64bit() ? EPERM : EINVAL);
}

/* The commit limit is a share of all memory, or so much: what was written last. */
TEST(commit_limit)
{
	unsigned long admin, user;
	char buf[64];

	CHECK_EQ(try_write("/proc/sys/vm/overcommit_kbytes", "200000"), 0);
	CHECK(file_has("/proc/meminfo", "\nCommitLimit:      200000 kB\n"));
	CHECK(file_has("/proc/sys/vm/overcommit_ratio", "0\n"));
	CHECK_EQ(try_write("/proc/sys/vm/overcommit_ratio", "50"), 0);
	CHECK(file_has("/proc/sys/vm/overcommit_kbytes", "0\n"));
	REQUIRE(read_file("/proc/sys/vm/admin_reserve_kbytes", buf, sizeof(buf)) > 0);
	admin = strtoul(buf, NULL, 10);
	REQUIRE(read_file("/proc/sys/vm/user_reserve_kbytes", buf, sizeof(buf)) > 0);
	user = strtoul(buf, NULL, 10);
	CHECK(admin && admin <= 8192 && user >= admin && user <= 131072);
}

HELPER(two_maps)
{
	char *first = mmap(NULL, PAGE, PROT_NONE, ANON, -1, 0), *second = mmap(NULL, 2 * PAGE, PROT_READ, ANON, -1, 0);

	return second > first;
}

/* Bottom-up for who is executed while it is so. */
TEST(legacy_va_layout)
{
	char *args[] = { (char *)self_path, "@t_mmap.two_maps", NULL };
	int legacy;

	for (legacy = 1; legacy >= 0; legacy--) {
		pid_t pid;

		CHECK_EQ(try_write("/proc/sys/vm/legacy_va_layout", legacy ? "1" : "0"), 0);
		pid = fork();
		if (pid == 0) {
			execv(self_path, args);
			_exit(2);
		}
		expect_exit(pid, legacy);
	}
}
