/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests of control groups share.  cg_begin() mounts the hierarchy at "cg" in a mount namespace of the test's
 * own and makes the group "cg/t"; cg_end() removes that group, which must be empty by then.
 */
#pragma once

#include "tap.h"

#include <sched.h>
#include <sys/mount.h>

static inline char *cg_file(const char *group, const char *file)
{
	static char path[4][256];
	static int n;

	n = (n + 1) % 4;
	snprintf(path[n], sizeof(path[n]), "cg/%s/%s", group, file);
	return path[n];
}

/* Write, and the errno of it or 0. */
static inline int cg_write(const char *group, const char *file, const char *text)
{
	return try_write(cg_file(group, file), text);
}

static inline int cg_write_number(const char *group, const char *file, long number)
{
	char text[32];

	snprintf(text, sizeof(text), "%ld", number);
	return cg_write(group, file, text);
}

/* The whole text; empty with errno set where it cannot be read. */
static inline const char *cg_read(const char *group, const char *file)
{
	static char text[4][4096];
	static int n;
	int fd = open(cg_file(group, file), O_RDONLY);
	ssize_t len;

	n = (n + 1) % 4;
	errno = fd < 0 ? errno : 0;
	len = fd < 0 ? -1 : read(fd, text[n], sizeof(text[n]) - 1);
	text[n][len < 0 ? 0 : len] = '\0';
	if (fd >= 0) {
		int err = errno;

		close(fd);
		errno = err;
	}
	return text[n];
}

static inline int cg_read_errno(const char *group, const char *file)
{
	cg_read(group, file);
	return errno;
}

/* "key value" among lines; -1: no such key. */
static inline long long cg_value(const char *group, const char *file, const char *key)
{
	const char *line = cg_read(group, file);
	size_t len = strlen(key);

	for (; line && *line; line = strchr(line, '\n'), line = line ? line + 1 : NULL)
		if (!strncmp(line, key, len) && line[len] == ' ')
			return atoll(line + len + 1);
	return -1;
}

static inline long long cg_number(const char *group, const char *file)
{
	return atoll(cg_read(group, file));
}

/* Until "key value" holds; false after 5 s. */
static inline bool cg_wait(const char *group, const char *file, const char *key, long long value)
{
	long long end = now_ms() + 5000;

	while (cg_value(group, file, key) != value) {
		if (now_ms() > end)
			return false;
		sleep_ms(2);
	}
	return true;
}

static inline int cg_mkdir(const char *group)
{
	return mkdir(cg_file(group, ""), 0755) ? errno : 0;
}

static inline int cg_rmdir(const char *group)
{
	return rmdir(cg_file(group, "")) ? errno : 0;
}

/* Empty it, then remove it. */
static inline void cg_remove(const char *group)
{
	long long end = now_ms() + 5000;

	while (rmdir(cg_file(group, "")) && errno == EBUSY && now_ms() < end)
		sleep_ms(2);
}

static inline bool cg_has_controller(const char *name)
{
	char list[256], *word, *rest = list;

	snprintf(list, sizeof(list), "%s", cg_read("", "cgroup.controllers"));
	while ((word = strsep(&rest, " \n")))
		if (!strcmp(word, name))
			return true;
	return false;
}

/* @controller: what cg/t must have; the test is skipped where the kernel lacks it. NULL: none. */
/* A test that ran out of time has left its groups. */
static inline void cg_clear_leftovers(void)
{
	if (access("cg/t", F_OK))
		return;
	cg_write("t", "cgroup.kill", "1");
	for (int i = 0; i < 200 && access("cg/t", F_OK) == 0; i++) {
		rmdir("cg/t/a");
		rmdir("cg/t/b");
		rmdir("cg/t");
		sleep_ms(10);
	}
}

static inline void cg_begin(const char *controller)
{
	char enable[64];

	if (unshare(CLONE_NEWNS))
		skip("no mount namespaces");
	mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
	mkdir("cg", 0755);
	if (mount("none", "cg", "cgroup2", 0, NULL))
		skip("no cgroup2");
	if (controller && !cg_has_controller(controller))
		skip("no such controller");
	if (controller) {
		snprintf(enable, sizeof(enable), "+%s", controller);
		CHECK_EQ(cg_write("", "cgroup.subtree_control", enable), 0);
	}
	cg_clear_leftovers();
	REQUIRE(cg_mkdir("t") == 0);
}

static inline void cg_end(void)
{
	cg_remove("t");
	CHECK_ERR(access("cg/t", F_OK), ENOENT);
	cg_write("", "cgroup.subtree_control", "-cpu");
	cg_write("", "cgroup.subtree_control", "-memory");
	cg_write("", "cgroup.subtree_control", "-pids");
	umount2("cg", MNT_DETACH);
}

/* A child in @group that sleeps until it is killed. */
static inline pid_t cg_sleeper(const char *group)
{
	pid_t pid = fork();

	if (!pid) {
		for (;;)
			pause();
	}
	CHECK_EQ(cg_write_number(group, "cgroup.procs", pid), 0);
	return pid;
}

static inline void cg_kill(pid_t pid)
{
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}
