// SPDX-License-Identifier: GPL-2.0-only
/* files.c: names, descriptors, pipes and cached files. */

#include "bench.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define FILE_NAME	"/tmp/bench-file"
#define DEEP		"/tmp/one/two/three/four/file"
#define PIECE		(64 * 1024)
#define FILE_SIZE	(1024 * 1024)

static char piece[PIECE];
static int fd;

static void make_file(const char *name, size_t bytes)
{
	int file = need(open(name, O_CREAT | O_TRUNC | O_WRONLY, 0644), "create");

	memset(piece, 'x', PIECE);
	for (size_t done = 0; done < bytes; done += PIECE)
		need(write(file, piece, PIECE), "write");
	close(file);
}

static void file_setup(void)
{
	make_file(FILE_NAME, PIECE);
}

static uint64_t open_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++) {
		int file = open(FILE_NAME, O_RDONLY);

		if (file < 0)
			row_failed("open");
		close(file);
	}
	return ticks() - start;
}

static void deep_setup(void)
{
	mkdir("/tmp/one", 0755);
	mkdir("/tmp/one/two", 0755);
	mkdir("/tmp/one/two/three", 0755);
	mkdir("/tmp/one/two/three/four", 0755);
	make_file(DEEP, PIECE);
}

static uint64_t stat_batch(unsigned int ops)
{
	uint64_t start = ticks();
	struct stat st;

	for (unsigned int i = 0; i < ops; i++)
		if (stat(DEEP, &st) != 0)
			row_failed("stat");
	return ticks() - start;
}

static uint64_t pipe_batch(unsigned int ops)
{
	uint64_t start = ticks();
	int ends[2];

	for (unsigned int i = 0; i < ops; i++) {
		if (pipe(ends) != 0)
			row_failed("pipe");
		close(ends[0]);
		close(ends[1]);
	}
	return ticks() - start;
}

static uint64_t create_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++) {
		int file = open("/tmp/bench-new", O_CREAT | O_EXCL | O_WRONLY, 0600);

		if (file < 0)
			row_failed("create");
		close(file);
		unlink("/tmp/bench-new");
	}
	return ticks() - start;
}

static void cached_setup(void)
{
	make_file(FILE_NAME, FILE_SIZE);
	fd = need(open(FILE_NAME, O_RDONLY), "open");
}

/* ops counts pages of 4 KiB; the file is read again and again. */
static uint64_t cached_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i += PIECE / PAGE) {
		ssize_t got = read(fd, piece, PIECE);

		if (got == 0) {
			lseek(fd, 0, SEEK_SET);
			got = read(fd, piece, PIECE);
		}
		if (got != PIECE)
			row_failed("read");
	}
	return ticks() - start;
}

/* ops counts KiB; a child writes, this process reads, both in 64 KiB pieces. */
static uint64_t bandwidth_batch(unsigned int ops)
{
	size_t left = (size_t)ops * 1024;
	uint64_t time;
	int ends[2];
	int child;
	char byte;

	need(pipe(ends), "pipe");
	child = need(fork(), "fork");
	if (child == 0) {
		for (size_t i = 0; i <= left; i += PIECE)
			if (write(ends[1], piece, i == 0 ? 1 : PIECE) < 0)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	need(read(ends[0], &byte, 1), "read");		/* the child has started */
	time = ticks();
	while (left) {
		ssize_t got = read(ends[0], piece, PIECE);

		if (got <= 0)
			row_failed("read of a pipe");
		left -= got;
	}
	time = ticks() - time;
	close(ends[0]);
	reap(child);
	return time;
}

#define ENTRIES	100

static void directory_setup(void)
{
	char name[64];

	mkdir("/tmp/hundred", 0755);
	for (int i = 0; i < ENTRIES; i++) {
		snprintf(name, sizeof name, "/tmp/hundred/file-%d", i);
		close(need(open(name, O_CREAT | O_WRONLY, 0644), "create"));
	}
}

static uint64_t readdir_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i++) {
		DIR *dir = opendir("/tmp/hundred");
		int seen = 0;

		if (!dir)
			row_failed("opendir");
		while (readdir(dir))
			seen++;
		closedir(dir);
		if (seen < ENTRIES)
			row_failed("readdir");
	}
	return ticks() - start;
}

static uint64_t rename_batch(unsigned int ops)
{
	uint64_t start = ticks();

	for (unsigned int i = 0; i < ops; i += 2) {
		if (rename(FILE_NAME, FILE_NAME "-2") != 0 || rename(FILE_NAME "-2", FILE_NAME) != 0)
			row_failed("rename");
	}
	return ticks() - start;
}

const struct row file_rows[] = {
	{ "open_close", "open + close of a file in /tmp", .ops = 1200, .batches = 7, .warm = 1,
	  .setup = file_setup, .batch = open_batch },
	{ "stat6", "stat, 6 path components", .ops = 1500, .batches = 7, .warm = 1,
	  .setup = deep_setup, .batch = stat_batch },
	{ "pipe_close", "pipe + close both ends", .ops = 800, .batches = 7, .warm = 1,
	  .batch = pipe_batch },
	{ "create_unlink", "create + close + unlink in /tmp", .ops = 500, .batches = 7, .warm = 1,
	  .batch = create_batch },
	{ "read_cached_4k", "read a cached file, per 4 KiB, in 64 KiB pieces", .ops = 4096,
	  .batches = 7, .warm = 1, .setup = cached_setup, .batch = cached_batch },
	{ "pipe_bandwidth_kib", "pipe between two processes, per KiB, in 64 KiB pieces",
	  .ops = 8192, .batches = 7, .warm = 1, .batch = bandwidth_batch },
	{ "rename", "rename within /tmp", .ops = 800, .batches = 7, .warm = 1, .setup = file_setup,
	  .batch = rename_batch },
	{ "readdir_100", "opendir, readdir of 100 entries, closedir", .ops = 100, .batches = 7,
	  .warm = 1, .setup = directory_setup, .batch = readdir_batch },
	{ }
};
