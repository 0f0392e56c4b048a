// SPDX-License-Identifier: GPL-2.0-only
/* t_mremap.c: mremap: grow, shrink, move, fixed, refusals. */
#include "tap.h"

#define PAGE	4096UL
#define RW	(PROT_READ | PROT_WRITE)

static void touch(void *arg)
{
	*(volatile char *)arg;
}

static bool readable(void *p)
{
	return fault_of(touch, p, NULL) == 0;
}

/* n pages filled with 'a', 'b', ... inside a larger hole, so that growth in place has room. */
static char *filled(size_t n, size_t room)
{
	char *p = mmap(NULL, (n + room) * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t i;

	REQUIRE(p != MAP_FAILED);
	for (i = 0; i < n; i++)
		memset(p + i * PAGE, 'a' + i, PAGE);
	munmap(p + n * PAGE, room * PAGE);
	return p;
}

TEST(shrink)
{
	char *p = filled(4, 0);

	CHECK(mremap(p, 4 * PAGE, 2 * PAGE, 0) == p);
	CHECK_EQ(p[PAGE], 'b');
	CHECK(!readable(p + 2 * PAGE) && !readable(p + 3 * PAGE));
}

TEST(grow_in_place)
{
	char *p = filled(2, 4);

	CHECK(mremap(p, 2 * PAGE, 4 * PAGE, 0) == p);
	CHECK(p[0] == 'a' && p[PAGE] == 'b' && p[2 * PAGE] == 0 && p[4 * PAGE - 1] == 0);
}

TEST(grow_needs_to_move)
{
	char *p = filled(4, 0), *q;

	/* Page 2 is in the way of pages 0 and 1. */
	mprotect(p + 2 * PAGE, PAGE, PROT_READ);
	CHECK_ERR(mremap(p, 2 * PAGE, 4 * PAGE, 0), ENOMEM);
	q = mremap(p, 2 * PAGE, 5 * PAGE, MREMAP_MAYMOVE);
	REQUIRE(q != MAP_FAILED && q != p);
	CHECK(q[0] == 'a' && q[PAGE] == 'b' && q[2 * PAGE] == 0);
	CHECK(!readable(p) && !readable(p + PAGE));
	CHECK_EQ(p[2 * PAGE], 'c');
}

TEST(fixed)
{
	char *p = filled(2, 0), *target = filled(6, 0);

	CHECK(mremap(p, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, target + PAGE) ==
	      target + PAGE);
	CHECK_EQ(target[0], 'a');
	CHECK_EQ(target[PAGE], 'a');
	CHECK_EQ(target[2 * PAGE], 'b');
	CHECK_EQ(target[3 * PAGE], 0);
	CHECK_EQ(target[4 * PAGE], 'e');
	CHECK(!readable(p));
}

TEST(dontunmap)
{
	char *p = filled(2, 0), *q = mremap(p, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | 4);

	REQUIRE(q != MAP_FAILED && q != p);
	CHECK(q[0] == 'a' && q[PAGE] == 'b');
	CHECK(readable(p) && p[0] == 0);
}

TEST(part_of_an_area)
{
	char *p = filled(5, 0), *q = mremap(p + PAGE, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE);

	CHECK(q == p + PAGE);	/* same size: nothing to do */
	q = mremap(p + PAGE, 2 * PAGE, 3 * PAGE, MREMAP_MAYMOVE);
	REQUIRE(q != MAP_FAILED && q != p + PAGE);
	CHECK(q[0] == 'b' && q[PAGE] == 'c' && q[2 * PAGE] == 0);
	CHECK(p[0] == 'a' && p[3 * PAGE] == 'd');
	CHECK(!readable(p + PAGE));
}

TEST(shared_duplicate)
{
	char *p = mmap(NULL, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0), *q;

	p[0] = 's';
	/* Old size 0: a second mapping of the same shared pages. */
	q = mremap(p, 0, 2 * PAGE, MREMAP_MAYMOVE);
	REQUIRE(q != MAP_FAILED);
	CHECK_EQ(q[0], 's');
	q[1] = 't';
	CHECK_EQ(p[1], 't');
}

TEST(file_mapping)
{
	int fd = open("f", O_RDWR | O_CREAT, 0600);
	char *p, *q;

	ftruncate(fd, 3 * PAGE);
	pwrite(fd, "Z", 1, 2 * PAGE);
	p = mmap(NULL, PAGE, RW, MAP_SHARED, fd, 0);
	p[0] = 'A';
	q = mremap(p, PAGE, 3 * PAGE, MREMAP_MAYMOVE);
	REQUIRE(q != MAP_FAILED);
	CHECK(q[0] == 'A' && q[2 * PAGE] == 'Z');
}

TEST(refusals)
{
	char *p = filled(4, 0);

	CHECK_ERR(mremap(p + 1, PAGE, PAGE, 0), EINVAL);
	CHECK_ERR(mremap(p, PAGE, 0, 0), EINVAL);
	CHECK_ERR(mremap(p, PAGE, PAGE, 0x80), EINVAL);
	CHECK_ERR(mremap(p, PAGE, PAGE, MREMAP_FIXED, p + PAGE), EINVAL);
	CHECK_ERR(mremap(p, 2 * PAGE, 2 * PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + PAGE), EINVAL);
	CHECK_ERR(mremap(p, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED, p + 2 * PAGE + 1), EINVAL);
	munmap(p + 3 * PAGE, PAGE);
	CHECK_ERR(mremap(p + 3 * PAGE, PAGE, 2 * PAGE, MREMAP_MAYMOVE), EFAULT);
	CHECK_ERR(mremap(p, 4 * PAGE, 5 * PAGE, MREMAP_MAYMOVE), EFAULT);
}

TEST(realloc_large)
{
	size_t size = 1 << 20;
	char *p = malloc(size);
	size_t i;

	/* glibc grows large blocks by mremap. */
	for (i = 0; i < size; i += PAGE)
		p[i] = i >> 12;
	p = realloc(p, 8 * size);
	REQUIRE(p);
	for (i = 0; i < size; i += PAGE)
		if (p[i] != (char)(i >> 12))
			break;
	CHECK_EQ(i, size);
	free(p);
}
