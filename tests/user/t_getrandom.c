// SPDX-License-Identifier: GPL-2.0-only
/* t_getrandom.c: getrandom, /dev/random and /dev/urandom. */
#include "tap.h"

#include <sys/random.h>

/* Random enough for a test: all byte values occur, no two calls agree. */
static void look_random(const unsigned char *a, const unsigned char *b, size_t size)
{
	int seen[256] = { 0 }, values = 0;
	size_t i;

	for (i = 0; i < size; i++)
		values += !seen[a[i]]++;
	CHECK(values > 240);
	CHECK(memcmp(a, b, size) != 0);
	CHECK(memcmp(a, a + size / 2, size / 2) != 0);
}

TEST(getrandom)
{
	static unsigned char a[4096], b[4096];

	CHECK_EQ(getrandom(a, sizeof(a), 0), sizeof(a));
	CHECK_EQ(getrandom(b, sizeof(b), 0), sizeof(b));
	look_random(a, b, sizeof(a));
	CHECK_EQ(getrandom(a, 16, GRND_NONBLOCK), 16);
	CHECK_EQ(getrandom(a, 16, GRND_RANDOM), 16);
	CHECK_EQ(getrandom(a, 0, 0), 0);
	CHECK_ERR(getrandom(a, 16, 0x80), EINVAL);
	CHECK_ERR(getrandom((void *)8, 16, 0), EFAULT);
}

/* Each length is filled to its last byte and no further, and no call repeats another one's. */
TEST(short_lengths)
{
	unsigned char all[70][80], zero[80] = { 0 };

	for (size_t len = 8; len < 70; len++) {
		memset(all[len], 0, sizeof(all[len]));
		CHECK_EQ(getrandom(all[len], len, 0), (ssize_t)len);
		CHECK(memcmp(all[len] + len - 8, zero, 8) != 0);
		CHECK(memcmp(all[len] + len, zero, sizeof(zero) - len) == 0);
		for (size_t other = 8; other < len; other++)
			CHECK(memcmp(all[len], all[other], 8) != 0);
	}
}

/* Up to the edge of a mapping, and beyond. */
TEST(edge)
{
	char *p = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(p + 4096, 4096);
	CHECK_EQ(getrandom(p + 4096 - 8, 8, 0), 8);
	CHECK_ERR(getrandom(p + 4096, 16, 0), EFAULT);
	CHECK_ERR(getrandom(p + 4096, 100, 0), EFAULT);
}

TEST(devices)
{
	static unsigned char a[4096], b[4096];
	int fd = open("/dev/urandom", O_RDONLY), other = open("/dev/random", O_RDONLY);

	CHECK_EQ(read(fd, a, sizeof(a)), sizeof(a));
	CHECK_EQ(read(other, b, sizeof(b)), sizeof(b));
	look_random(a, b, sizeof(a));
	fd = open("/dev/urandom", O_WRONLY);
	CHECK_EQ(write(fd, a, 100), 100);	/* stirs the pool */
}

TEST(child_differs)
{
	unsigned char *page = shared_page(), mine[32];
	pid_t pid = fork();

	if (pid == 0) {
		getrandom(page, 32, 0);
		finish();
	}
	getrandom(mine, 32, 0);
	expect_exit(pid, 0);
	CHECK(memcmp(page, mine, 32) != 0);
}

TEST(large)
{
	size_t size = 3 << 20;
	unsigned char *p = calloc(1, size);

	CHECK_EQ(getrandom(p, size, 0), (ssize_t)size);
	CHECK(p[size - 1] | p[size - 2] | p[size - 3] | p[size - 4] | p[size - 5]);
}

TEST(uuid_in_proc)
{
	char a[64], b[64];

	CHECK_EQ(read_file("/proc/sys/kernel/random/uuid", a, sizeof(a)), 37);
	read_file("/proc/sys/kernel/random/uuid", b, sizeof(b));
	CHECK(strcmp(a, b) != 0);
	read_file("/proc/sys/kernel/random/boot_id", a, sizeof(a));
	read_file("/proc/sys/kernel/random/boot_id", b, sizeof(b));
	CHECK_STR(a, b);
}
