// SPDX-License-Identifier: GPL-2.0-only
/* t_cred.c: user and group ids: the set*id family, groups, saved ids, inheritance. */
#include "tap.h"

#include <grp.h>
#include <sys/fsuid.h>

static bool uids_are(int real, int effective, int saved)
{
	uid_t r, e, s;

	REQUIRE(getresuid(&r, &e, &s) == 0);
	if ((int)r != real || (int)e != effective || (int)s != saved)
		note("uids %d %d %d", r, e, s);
	return (int)r == real && (int)e == effective && (int)s == saved;
}

static bool gids_are(int real, int effective, int saved)
{
	gid_t r, e, s;

	REQUIRE(getresgid(&r, &e, &s) == 0);
	return (int)r == real && (int)e == effective && (int)s == saved;
}

static void root_setuid(void)
{
	CHECK(uids_are(0, 0, 0));
	CHECK_OK(setuid(1000));			/* root: all three, for good */
	CHECK(uids_are(1000, 1000, 1000));
	CHECK_ERR(setuid(0), EPERM);
	CHECK_ERR(seteuid(0), EPERM);
	CHECK_OK(setuid(1000));
	CHECK_EQ(getuid(), 1000);
	CHECK_EQ(geteuid(), 1000);
}

static void temporary_drop(void)
{
	CHECK_OK(seteuid(1000));
	CHECK(uids_are(0, 1000, 0));
	CHECK_ERR(setuid(1000), EPERM);		/* only to the real or the saved id now */
	CHECK_OK(setuid(0));
	CHECK(uids_are(0, 0, 0));
	CHECK_OK(seteuid(1000));
	CHECK_OK(seteuid(0));
	CHECK(uids_are(0, 0, 0));
}

static void reuid(void)
{
	CHECK_OK(setreuid(1000, 1001));
	CHECK(uids_are(1000, 1001, 1001));
	CHECK_OK(setreuid(1001, 1000));
	CHECK(uids_are(1001, 1000, 1000));
	CHECK_ERR(setreuid(0, -1), EPERM);
	CHECK_ERR(setreuid(-1, 0), EPERM);
	CHECK_OK(setreuid(-1, -1));
}

static void resuid(void)
{
	CHECK_OK(setresuid(1000, 1001, 1002));
	CHECK(uids_are(1000, 1001, 1002));
	CHECK_OK(setresuid(-1, 1002, -1));
	CHECK(uids_are(1000, 1002, 1002));
	CHECK_OK(setresuid(1002, 1000, 1000));
	CHECK_ERR(setresuid(0, -1, -1), EPERM);
	CHECK_ERR(setresuid(-1, 1003, -1), EPERM);
}

static void groups(void)
{
	gid_t set[] = { 10, 20, 30 }, got[8] = { 0 };

	CHECK_OK(setgid(1000));
	CHECK(gids_are(1000, 1000, 1000));
	CHECK_OK(setgid(0));			/* the user is still root */
	CHECK_OK(setresgid(1, 2, 3));
	CHECK(gids_are(1, 2, 3));
	CHECK_OK(setgroups(3, set));
	CHECK_EQ(getgroups(8, got), 3);
	CHECK(got[0] == 10 && got[1] == 20 && got[2] == 30);
	CHECK_EQ(getgroups(0, NULL), 3);
	CHECK_ERR(getgroups(2, got), EINVAL);
	CHECK_ERR(setgroups(65537, set), EINVAL);
	CHECK_OK(setuid(1000));
	CHECK_ERR(setgroups(0, NULL), EPERM);
	CHECK_ERR(setgid(0), EPERM);
	CHECK_OK(setgid(3));
	CHECK(gids_are(1, 3, 3));
}

static void fsuid(void)
{
	close(open("roots", O_CREAT | O_WRONLY, 0600));
	CHECK_EQ(setfsuid(1000), 0);
	CHECK_EQ(setfsuid(-1), 1000);
	CHECK_ERR(open("roots", O_RDONLY), EACCES);
	CHECK_EQ(setfsuid(0), 1000);
	CHECK_OK(open("roots", O_RDONLY));
	CHECK_EQ(setfsgid(5), 0);
	CHECK_EQ(setfsgid(-1), 5);
}

static void inherited(void)
{
	CHECK_OK(setresuid(1, 2, 3));
	in_child(finish);
	CHECK(uids_are(1, 2, 3));
}

static void files_get_effective_ids(void)
{
	struct stat st;

	CHECK_OK(setresgid(0, 1001, 0));
	CHECK_OK(setresuid(0, 1000, 0));
	CHECK_OK(mkdir("d", 0755));
	stat("d", &st);
	CHECK(st.st_uid == 1000 && st.st_gid == 1001);
}

TEST(setuid_by_root) { in_child(root_setuid); }
TEST(temporary_drop) { in_child(temporary_drop); }
TEST(setreuid) { in_child(reuid); }
TEST(setresuid) { in_child(resuid); }
TEST(groups) { in_child(groups); }
TEST(fsuid) { in_child(fsuid); }
TEST(inherited) { in_child(inherited); }
TEST(new_files) { in_child(files_get_effective_ids); }

TEST(proc_status)
{
	pid_t pid = fork();

	if (pid == 0) {
		setresgid(4, 5, 6);
		setresuid(1, 2, 3);
		CHECK(file_has("/proc/self/status", "Uid:\t1\t2\t3\t2\n"));
		CHECK(file_has("/proc/self/status", "Gid:\t4\t5\t6\t5\n"));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(high_ids)
{
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_OK(setresgid(100000, 100000, 100000));
		CHECK_OK(setresuid(4000000000U, 4000000000U, 4000000000U));
		CHECK_EQ(getuid(), 4000000000U);
		CHECK_EQ(getegid(), 100000);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_ERR(setuid(-1), EINVAL);
	CHECK_ERR(setgid(-1), EINVAL);
}

HELPER(dropped)
{
	CHECK(uids_are(1000, 1000, 1000));
	CHECK_ERR(setuid(0), EPERM);
	finish();
}

/* exec makes the saved id a copy of the effective one: what was dropped stays dropped. */
TEST(exec_copies_effective_to_saved)
{
	char *args[] = { "x", "@t_cred.dropped", NULL };
	pid_t pid = fork();

	if (pid == 0) {
		setresuid(1000, 1000, 0);
		execv(self_path, args);
		_exit(126);
	}
	expect_exit(pid, 0);
}

/* ---- limits and errors --------------------------------------------------------------------------- */

TEST(group_limits)
{
	static gid_t list[65537];
	int i;

	for (i = 0; i < 65536; i++)
		list[i] = 65536 - i;
	CHECK_OK(setgroups(65536, list));
	CHECK_EQ(getgroups(0, NULL), 65536);
	CHECK_ERR(getgroups(65535, list), EINVAL);
	CHECK_EQ(getgroups(65536, list), 65536);
	CHECK(list[0] == 1 && list[65535] == 65536);	/* sorted */
	CHECK_ERR(getgroups(-1, list), EINVAL);
	CHECK_ERR(setgroups(65537, list), EINVAL);
	CHECK_ERR(syscall(SYS_setgroups, -1, list), EINVAL);
	CHECK_ERR(setgroups(2, (gid_t *)8), EFAULT);
	CHECK_ERR(getgroups(65536, (gid_t *)8), EFAULT);
	list[0] = -1;
	CHECK_ERR(syscall(SYS_setgroups, 1, list), EINVAL);
	CHECK_OK(setgroups(0, NULL));
	CHECK_EQ(getgroups(0, (gid_t *)8), 0);
	CHECK_EQ(getgroups(10, (gid_t *)8), 0);
}

TEST(no_id)
{
	CHECK_ERR(setuid(-1), EINVAL);
	CHECK_ERR(setgid(-1), EINVAL);
	CHECK_ERR(seteuid(-1), EINVAL);		/* glibc's */
	CHECK_OK(setreuid(-1, -1));
	CHECK_OK(setresgid(-1, -1, -1));
	CHECK_EQ(setfsgid(-1), 0);
}

TEST(get_faults)
{
	uid_t a, b;

	CHECK_ERR(syscall(SYS_getresuid, 8, &a, &b), EFAULT);
	CHECK_ERR(syscall(SYS_getresuid, &a, 8, &b), EFAULT);
	CHECK_ERR(syscall(SYS_getresgid, &a, &b, 8), EFAULT);
}

static void regid(void)
{
	CHECK_OK(setresgid(1, 2, 3));
	CHECK_OK(setuid(1000));
	CHECK_ERR(setregid(4, -1), EPERM);
	CHECK_ERR(setregid(3, -1), EPERM);		/* the real id only from real and effective */
	CHECK_ERR(setregid(-1, 4), EPERM);
	CHECK_OK(setregid(-1, 3));
	CHECK(gids_are(1, 3, 3));
	CHECK_OK(setregid(3, 1));
	CHECK(gids_are(3, 1, 1));
	CHECK_ERR(setresgid(-1, -1, 4), EPERM);
	CHECK_OK(setresgid(1, 3, 3));
	CHECK_EQ(setfsgid(9), 3);
	CHECK_EQ(setfsgid(-1), 3);			/* refused without a word */
	CHECK_EQ(setfsgid(1), 3);
	CHECK_EQ(setfsgid(-1), 1);
}
TEST(regid) { in_child(regid); }

static void setuid_of_fsuid(void)
{
	CHECK_OK(setresuid(1000, 1001, 1002));
	CHECK_EQ(setfsuid(1003), 1001);
	CHECK_EQ(setfsuid(1002), 1001);
	CHECK_EQ(setfsuid(1000), 1002);
	CHECK_EQ(setfsuid(-1), 1000);
	CHECK_ERR(setuid(1001), EPERM);			/* effective is not among what setuid may choose */
	CHECK_OK(setuid(1002));
	CHECK(uids_are(1000, 1002, 1002));
	CHECK_EQ(setfsuid(-1), 1002);			/* follows the effective one */
}
TEST(fsuid_rules) { in_child(setuid_of_fsuid); }
