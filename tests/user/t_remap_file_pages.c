// SPDX-License-Identifier: GPL-2.0-only
/* t_remap_file_pages.c: remap_file_pages, and the calls about memory that Debian's kernel answers with ENOSYS. */
#include "tap.h"

#define PAGE		4096UL
#define RW		(PROT_READ | PROT_WRITE)
#define NR		8

#ifdef __aarch64__
enum { PKEY_MPROTECT = 288, PKEY_ALLOC, PKEY_FREE };
#else
enum { PKEY_MPROTECT = 394, PKEY_ALLOC, PKEY_FREE };
#endif
#define MEMFD_SECRET	447

static long remap(void *addr, size_t size, int prot, size_t pgoff, int flags)
{
	return syscall(SYS_remap_file_pages, addr, size, prot, pgoff, flags);
}

/* A file whose pages begin with 'a', 'b', 'c' ..., mapped. */
static char *mapped_file(int *fd, int prot, int flags)
{
	char letter[2] = "a", *p;
	int i;

	*fd = open("file", O_RDWR | O_CREAT, 0600);
	for (i = 0; i < NR; i++, letter[0]++)
		CHECK_EQ(pwrite(*fd, letter, 1, i * PAGE), 1);
	CHECK_OK(ftruncate(*fd, NR * PAGE));
	p = mmap(NULL, NR * PAGE, prot, flags, *fd, 0);
	REQUIRE(p != MAP_FAILED);
	return p;
}

static void check_pages(const char *p, const char *want)
{
	int i;

	for (i = 0; want[i]; i++)
		CHECK_EQ(p[i * PAGE], want[i]);
}

TEST(any_order)
{
	int fd, i;
	char *p = mapped_file(&fd, RW, MAP_SHARED);

	for (i = 0; i < NR; i++)
		CHECK_OK(remap(p + i * PAGE, PAGE, 0, NR - 1 - i, 0));
	check_pages(p, "hgfedcba");
	p[0] = 'X';
	CHECK_EQ(pread(fd, p + PAGE, 1, 7 * PAGE), 1);
	check_pages(p, "XXfed");
	/* Over several that are no longer one mapping. */
	CHECK_OK(remap(p + PAGE, 6 * PAGE, 0, 1, 0));
	check_pages(p, "XbcdefXa");
}

TEST(rounded_down)
{
	int fd;
	char *p = mapped_file(&fd, RW, MAP_SHARED);

	CHECK_OK(remap(p + PAGE + 17, 2 * PAGE - 1, 0, 5, MAP_NONBLOCK));
	check_pages(p, "afcd");
	CHECK_ERR(remap(p, PAGE - 1, 0, 5, 0), EINVAL);
	check_pages(p, "afcd");
}

/* The protection stays. */
TEST(read_only)
{
	int fd, mode;
	char *p = mapped_file(&fd, PROT_READ, MAP_SHARED);

	CHECK_OK(remap(p, 2 * PAGE, 0, 3, 0));
	check_pages(p, "decd");
	mode = fcntl(fd, F_GETFL) & O_ACCMODE;
	CHECK_EQ(mode, O_RDWR);
	CHECK_OK(mprotect(p, NR * PAGE, RW));
	CHECK_OK(remap(p, PAGE, 0, 0, 0));
	p[0] = 'A';
	CHECK_OK(pread(fd, p + 7 * PAGE, 1, 0));
	CHECK_EQ(p[7 * PAGE], 'A');
}

TEST(refusals)
{
	int fd;
	char *p = mapped_file(&fd, RW, MAP_SHARED);
	char *private = mmap(NULL, PAGE, RW, MAP_PRIVATE, fd, 0);
	char *anon = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK_ERR(remap(p, PAGE, PROT_READ, 1, 0), EINVAL);
	CHECK_ERR(remap(p, 0, 0, 1, 0), EINVAL);
	CHECK_ERR(remap(p, 0UL - PAGE, 0, 1, 0), EINVAL);
	if (!is_compat())	/* it does not wrap there */
		CHECK_ERR(remap(p, PAGE, 0, ~0UL, 0), EINVAL);
	CHECK_ERR(remap(private, PAGE, 0, 1, 0), EINVAL);
	CHECK_ERR(remap(anon, PAGE, 0, 0, 0), EINVAL);
	CHECK_OK(munmap(p + 2 * PAGE, PAGE));
	CHECK_ERR(remap(p + 2 * PAGE, PAGE, 0, 0, 0), EINVAL);
	CHECK_ERR(remap(p, 4 * PAGE, 0, 1, 0), EINVAL);
	CHECK_OK(mprotect(p + 5 * PAGE, PAGE, PROT_READ));
	CHECK_ERR(remap(p + 4 * PAGE, 2 * PAGE, 0, 1, 0), EINVAL);
	check_pages(p, "ab");
	check_pages(p + 3 * PAGE, "defgh");
	/* Behind the file's end there is nothing, but it can be mapped. */
	CHECK_OK(remap(p, PAGE, 0, 100, 0));
}

TEST(shared_anonymous)
{
	char *p = mmap(NULL, 4 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int i;

	REQUIRE(p != MAP_FAILED);
	for (i = 0; i < 4; i++)
		p[i * PAGE] = 'a' + i;
	CHECK_OK(remap(p, 2 * PAGE, 0, 2, 0));
	check_pages(p, "cdcd");
}

TEST(locked)
{
	int fd;
	char *p = mapped_file(&fd, RW, MAP_SHARED);
	unsigned char there[NR] = { 0 };

	CHECK_OK(mlock(p, 2 * PAGE));
	CHECK_OK(remap(p, PAGE, 0, 4, MAP_NONBLOCK));
	CHECK_OK(mincore(p, 2 * PAGE, there));
	CHECK((there[0] & 1) && (there[1] & 1));
	CHECK(file_has("/proc/self/status", "VmLck:	       8 kB"));
}

/* secretmem.enable=0 is Debian's default, and no Arm CPU of its kernel has keys. */
TEST(not_there)
{
	char *p = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK_ERR(syscall(MEMFD_SECRET, 0), ENOSYS);
	CHECK_ERR(syscall(MEMFD_SECRET, 1), ENOSYS);
	CHECK_ERR(syscall(PKEY_ALLOC, 0, 0), ENOSYS);
	CHECK_ERR(syscall(PKEY_ALLOC, 1, 0), ENOSYS);
	CHECK_ERR(syscall(PKEY_FREE, 0), ENOSYS);
	CHECK_ERR(syscall(PKEY_MPROTECT, p, PAGE, PROT_READ, -1), ENOSYS);
	*p = 1;
}
