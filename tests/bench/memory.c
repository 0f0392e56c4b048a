// SPDX-License-Identifier: GPL-2.0-only
/* memory.c: page faults and mappings. */

#include "bench.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define RW	(PROT_READ | PROT_WRITE)

static uint64_t first_write_batch(unsigned int ops)
{
	char *area = need_map(ops * PAGE, RW);
	uint64_t time = ticks();

	touch(area, ops * PAGE);
	time = ticks() - time;
	munmap(area, ops * PAGE);
	return time;
}

/* Every page is shared with a child that sleeps: each write here copies. */
static uint64_t cow_batch(unsigned int ops)
{
	char *area = need_map(ops * PAGE, RW);
	int child;
	uint64_t time;

	touch(area, ops * PAGE);
	child = need(fork(), "fork");
	if (child == 0) {
		pause();
		_exit(0);
	}
	time = ticks();
	touch(area, ops * PAGE);
	time = ticks() - time;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	munmap(area, ops * PAGE);
	return time;
}

static uint64_t map_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++)
		munmap(need_map(PAGE, RW), PAGE);
	return ticks() - start;
}

static uint64_t map_touch_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++) {
		char *area = need_map(16 * PAGE, RW);

		touch(area, 16 * PAGE);
		munmap(area, 16 * PAGE);
	}
	return ticks() - start;
}

static uint64_t protect_batch(unsigned int ops)
{
	char *area = need_map(16 * PAGE, RW);
	uint64_t time;

	touch(area, 16 * PAGE);
	time = ticks();
	for (unsigned int i = 0; i < ops; i += 2) {
		mprotect(area + 4 * PAGE, 4 * PAGE, PROT_READ);
		mprotect(area + 4 * PAGE, 4 * PAGE, RW);
	}
	time = ticks() - time;
	munmap(area, 16 * PAGE);
	return time;
}

/* ops counts pages of a cached file, mapped and read in order. */
static uint64_t file_fault_batch(unsigned int ops)
{
	int fd = need(open("/bench/bench", O_RDONLY), "open");
	volatile char *area;
	uint64_t time;
	char sum = 0;

	area = mmap(NULL, ops * PAGE, PROT_READ, MAP_PRIVATE, fd, 0);
	need(area == MAP_FAILED ? -1 : 0, "mmap");
	time = ticks();
	for (unsigned int i = 0; i < ops; i++)
		sum += area[i * PAGE];
	time = ticks() - time;
	munmap((void *)area, ops * PAGE);
	close(fd);
	return time + (sum & 0);
}

const struct row memory_rows[] = {
	{ "first_write", "first write to an anonymous page", .ops = 4096, .batches = 7, .warm = 1,
	  .batch = first_write_batch },
	{ "cow_fault", "write to a page shared by fork", .ops = 2048, .batches = 7, .warm = 1,
	  .batch = cow_batch },
	{ "mmap_munmap_4k", "mmap + munmap 4 KiB, untouched", .ops = 800, .batches = 7, .warm = 1,
	  .batch = map_batch },
	{ "mmap_touch_munmap_64k", "mmap, touch, munmap 64 KiB", .ops = 120, .batches = 7, .warm = 1,
	  .batch = map_touch_batch },
	{ "mprotect_16k", "mprotect of 4 pages amid a mapping", .ops = 800, .batches = 7, .warm = 1,
	  .batch = protect_batch },
	{ "file_read_4k", "read a mapped cached file, per page", .ops = 100, .batches = 15, .warm = 3,
	  .batch = file_fault_batch },
	{ }
};
