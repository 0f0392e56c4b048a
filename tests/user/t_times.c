// SPDX-License-Identifier: GPL-2.0-only
/* t_times.c: file times: utimensat and friends, what updates which time. */
#include "tap.h"

#include <sys/time.h>
#include <utime.h>

static struct stat before, after;

static void snap(const char *path, struct stat *st)
{
	REQUIRE(lstat(path, st) == 0);
}

static bool later(struct timespec a, struct timespec b)
{
	return a.tv_sec > b.tv_sec || (a.tv_sec == b.tv_sec && a.tv_nsec > b.tv_nsec);
}

static bool same(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

TEST(utimensat)
{
	struct timespec t[2] = { { 1000000000, 123456789 }, { 1100000000, 987654321 } };

	write_file("f", "");
	CHECK_OK(utimensat(AT_FDCWD, "f", t, 0));
	snap("f", &after);
	CHECK(same(after.st_atim, t[0]) && same(after.st_mtim, t[1]));
	CHECK(llabs(after.st_ctim.tv_sec - time(NULL)) < 5);
	t[0].tv_nsec = UTIME_OMIT;
	t[1].tv_nsec = UTIME_NOW;
	CHECK_OK(utimensat(AT_FDCWD, "f", t, 0));
	snap("f", &after);
	CHECK_EQ(after.st_atim.tv_sec, 1000000000);
	CHECK(llabs(after.st_mtim.tv_sec - time(NULL)) < 5);
	CHECK_OK(utimensat(AT_FDCWD, "f", NULL, 0));
	snap("f", &after);
	CHECK(llabs(after.st_atim.tv_sec - time(NULL)) < 5);
	t[0].tv_nsec = 1000000000;
	CHECK_ERR(utimensat(AT_FDCWD, "f", t, 0), EINVAL);
	CHECK_ERR(utimensat(AT_FDCWD, "missing", NULL, 0), ENOENT);
	CHECK_ERR(utimensat(AT_FDCWD, "f", NULL, 0x4000), EINVAL);
}

TEST(by_descriptor_and_link)
{
	struct timespec t[2] = { { 5, 0 }, { 6, 0 } };
	struct timeval tv[2] = { { 7, 1000 }, { 8, 2000 } };
	struct utimbuf old = { 9, 10 };

	write_file("f", "");
	symlink("f", "l");
	CHECK_OK(futimens(open("f", O_RDONLY), t));
	snap("f", &after);
	CHECK(after.st_atim.tv_sec == 5 && after.st_mtim.tv_sec == 6);
	CHECK_OK(utimensat(AT_FDCWD, "l", t, AT_SYMLINK_NOFOLLOW));
	snap("l", &after);
	CHECK_EQ(after.st_mtim.tv_sec, 6);
	CHECK_OK(utimes("f", tv));
	snap("f", &after);
	CHECK(after.st_atim.tv_nsec == 1000000 && after.st_mtim.tv_nsec == 2000000);
	CHECK_OK(utime("f", &old));
	snap("f", &after);
	CHECK(after.st_atim.tv_sec == 9 && after.st_mtim.tv_sec == 10);
}

TEST(write_updates_mtime)
{
	int fd;

	write_file("f", "x");
	snap("f", &before);
	sleep_ms(20);
	fd = open("f", O_RDWR);
	snap("f", &after);
	CHECK(same(before.st_mtim, after.st_mtim));
	write(fd, "y", 1);
	snap("f", &after);
	CHECK(later(after.st_mtim, before.st_mtim));
	CHECK(later(after.st_ctim, before.st_ctim));
	before = after;
	sleep_ms(20);
	CHECK_OK(ftruncate(fd, 0));
	snap("f", &after);
	CHECK(later(after.st_mtim, before.st_mtim));
	before = after;
	sleep_ms(20);
	CHECK_EQ(write(fd, "", 0), 0);
	snap("f", &after);
	CHECK(same(after.st_mtim, before.st_mtim));
}

TEST(chmod_updates_only_ctime)
{
	write_file("f", "x");
	snap("f", &before);
	sleep_ms(20);
	chmod("f", 0600);
	snap("f", &after);
	CHECK(same(after.st_mtim, before.st_mtim));
	CHECK(later(after.st_ctim, before.st_ctim));
	before = after;
	sleep_ms(20);
	link("f", "g");
	snap("f", &after);
	CHECK(later(after.st_ctim, before.st_ctim));
}

TEST(directory_times)
{
	mkdir("d", 0755);
	snap("d", &before);
	sleep_ms(20);
	write_file("d/f", "");
	snap("d", &after);
	CHECK(later(after.st_mtim, before.st_mtim));
	before = after;
	sleep_ms(20);
	unlink("d/f");
	snap("d", &after);
	CHECK(later(after.st_mtim, before.st_mtim));
}

TEST(read_updates_atime)
{
	struct timespec old[2] = { { 1, 0 }, { 2, 0 } };
	int fd;
	char byte;

	write_file("f", "x");
	/* With relatime the access time moves when it is older than the change. */
	utimensat(AT_FDCWD, "f", old, 0);
	fd = open("f", O_RDONLY);
	read(fd, &byte, 1);
	snap("f", &after);
	CHECK(after.st_atim.tv_sec > 1);
	utimensat(AT_FDCWD, "f", old, 0);
	fd = open("f", O_RDONLY | O_NOATIME);
	read(fd, &byte, 1);
	snap("f", &after);
	CHECK_EQ(after.st_atim.tv_sec, 1);
}

TEST(rights)
{
	struct timespec t[2] = { { 1, 0 }, { 1, 0 } };
	pid_t pid;

	write_file("roots", "");
	chmod("roots", 0666);
	write_file("closed", "");
	write_file("mine", "");
	chown("mine", 1000, 1000);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_OK(utimensat(AT_FDCWD, "mine", t, 0));
		CHECK_ERR(utimensat(AT_FDCWD, "roots", t, 0), EPERM);
		CHECK_OK(utimensat(AT_FDCWD, "roots", NULL, 0));	/* "now" needs only write */
		CHECK_ERR(utimensat(AT_FDCWD, "closed", NULL, 0), EACCES);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(far_dates)
{
	struct timespec t[2] = { { 4000000000LL, 0 }, { -1, 0 } };

	if (sizeof(time_t) == 4)
		skip("32-bit time_t");
	write_file("f", "");
	CHECK_OK(utimensat(AT_FDCWD, "f", t, 0));
	snap("f", &after);
	CHECK_EQ(after.st_atim.tv_sec, 4000000000LL);
	CHECK_EQ(after.st_mtim.tv_sec, -1);
}
