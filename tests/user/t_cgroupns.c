// SPDX-License-Identifier: GPL-2.0-only
/* cgroup_namespaces(7): what is seen from inside, and what may be done there. */
#include "cgroup.h"

#include <linux/sched.h>

static void enter_t_and_unshare(void)
{
	REQUIRE(cg_write("t", "cgroup.procs", "0") == 0);
	REQUIRE(unshare(CLONE_NEWCGROUP) == 0);
}

static unsigned long long ns_number(const char *link)
{
	char text[64] = "";

	readlink(link, text, sizeof(text) - 1);
	return strncmp(text, "cgroup:[", 8) ? 0 : strtoull(text + 8, NULL, 10);
}

TEST(proc_self_cgroup)
{
	char path[64];
	pid_t pid, sibling, below;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("u"), 0);
	sibling = cg_sleeper("u");
	below = cg_sleeper("t/a");
	pid = fork();
	if (!pid) {
		enter_t_and_unshare();
		CHECK(file_has("/proc/self/cgroup", "0::/\n"));
		snprintf(path, sizeof(path), "/proc/%d/cgroup", sibling);
		CHECK(file_has(path, "0::/../u\n"));
		snprintf(path, sizeof(path), "/proc/%d/cgroup", below);
		CHECK(file_has(path, "0::/a\n"));
		CHECK(file_has("/proc/1/cgroup", "0::/..\n"));
		/* The view is the namespace's; where we are is another matter. */
		CHECK_EQ(cg_write("u", "cgroup.procs", "0"), 0);
		CHECK(file_has("/proc/self/cgroup", "0::/../u\n"));
		finish();
	}
	expect_exit(pid, 0);
	cg_kill(sibling);
	cg_kill(below);
	cg_remove("t/a");
	cg_remove("u");
	cg_end();
}

TEST(mounts)
{
	struct stat st;
	pid_t pid;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	pid = fork();
	if (!pid) {
		enter_t_and_unshare();
		CHECK(file_has("/proc/self/mountinfo", " /.. "));	/* the mount made outside */
		unshare(CLONE_NEWNS);
		mkdir("in", 0755);
		CHECK_OK(mount("none", "in", "cgroup2", 0, NULL));
		CHECK_OK(access("in/a/cgroup.procs", F_OK));
		CHECK_OK(access("in/cgroup.type", F_OK));		/* it is not the root */
		CHECK_OK(stat("in", &st));
		CHECK(st.st_ino != 1);
		CHECK(file_has("/proc/self/mountinfo", "/in rw"));
		CHECK_OK(umount("in"));
		/* Options count from the first namespace only. */
		CHECK_OK(mount("none", "in", "cgroup2", 0, "nsdelegate"));
		CHECK(!file_has("/proc/self/mountinfo", "nsdelegate"));
		finish();
	}
	expect_exit(pid, 0);
	cg_remove("t/a");
	cg_end();
}

TEST(setns)
{
	unsigned long long first = ns_number("/proc/self/ns/cgroup");
	int old;
	pid_t pid;

	cg_begin(NULL);
	CHECK_EQ(first, 4026531835);
	old = open("/proc/self/ns/cgroup", O_RDONLY);
	pid = fork();
	if (!pid) {
		int own;

		enter_t_and_unshare();
		CHECK(ns_number("/proc/self/ns/cgroup") != first);
		own = open("/proc/self/ns/cgroup", O_RDONLY);
		CHECK_OK(setns(old, CLONE_NEWCGROUP));
		CHECK_EQ(ns_number("/proc/self/ns/cgroup"), first);
		CHECK(file_has("/proc/self/cgroup", "0::/t\n"));
		CHECK_OK(setns(own, 0));
		CHECK(file_has("/proc/self/cgroup", "0::/\n"));
		CHECK_ERR(setns(own, CLONE_NEWUTS), EINVAL);
		become_user();
		CHECK_ERR(setns(own, CLONE_NEWCGROUP), EPERM);
		CHECK_ERR(unshare(CLONE_NEWCGROUP), EPERM);
		finish();
	}
	expect_exit(pid, 0);
	close(old);
	cg_end();
}

TEST(clone)
{
	struct clone_args args = { .flags = CLONE_NEWCGROUP, .exit_signal = SIGCHLD };
	pid_t pid, child;

	cg_begin(NULL);
	pid = fork();
	if (!pid) {
		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		child = syscall(SYS_clone3, &args, sizeof(args));
		if (!child) {
			CHECK(file_has("/proc/self/cgroup", "0::/\n"));
			finish();
		}
		CHECK(child > 0);
		expect_exit(child, 0);
		CHECK(file_has("/proc/self/cgroup", "0::/t\n"));
		finish();
	}
	expect_exit(pid, 0);
	cg_end();
}

/* The namespace keeps the group's name, though the group has gone. */
TEST(root_removed)
{
	pid_t pid;

	cg_begin(NULL);
	CHECK_EQ(cg_mkdir("t/a"), 0);
	pid = fork();
	if (!pid) {
		CHECK_EQ(cg_write("t/a", "cgroup.procs", "0"), 0);
		CHECK_OK(unshare(CLONE_NEWCGROUP));
		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		CHECK_EQ(cg_rmdir("t/a"), 0);
		CHECK(file_has("/proc/self/cgroup", "0::/..\n"));
		finish();
	}
	expect_exit(pid, 0);
	cg_end();
}

TEST(nsdelegate)
{
	pid_t pid, out;

	cg_begin("pids");
	CHECK_OK(mount("none", "cg", "cgroup2", MS_REMOUNT, "nsdelegate"));
	CHECK_EQ(cg_mkdir("t/a"), 0);
	CHECK_EQ(cg_mkdir("t/b"), 0);
	out = cg_sleeper("");
	pid = fork();
	if (!pid) {
		enter_t_and_unshare();
		CHECK_EQ(cg_write("t", "pids.max", "5"), EPERM);	/* the outside's */
		CHECK_EQ(cg_write("t", "cgroup.freeze", "0"), EPERM);
		CHECK_EQ(cg_write("t", "cgroup.procs", "0"), 0);
		CHECK_EQ(cg_write("t/a", "cgroup.freeze", "0"), 0);
		CHECK_EQ(cg_write("t/a", "cgroup.procs", "0"), 0);
		CHECK_EQ(cg_write("t", "cgroup.subtree_control", "+pids"), 0);
		CHECK_EQ(cg_write("t/a", "pids.max", "5"), 0);
		CHECK_EQ(cg_write("", "cgroup.procs", "0"), ENOENT);	/* out */
		CHECK_EQ(cg_write_number("t/a", "cgroup.procs", out), ENOENT);	/* in */
		CHECK_EQ(cg_write("t", "cgroup.subtree_control", "-pids"), 0);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(mount("none", "cg", "cgroup2", MS_REMOUNT, ""));
	cg_kill(out);
	cg_remove("t/a");
	cg_remove("t/b");
	cg_end();
}
