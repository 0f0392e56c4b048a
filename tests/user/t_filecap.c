// SPDX-License-Identifier: GPL-2.0-only
/* t_filecap.c: file capabilities: the attribute and its rules, what exec makes of it, what takes it away. */
#include "tap.h"

#include <linux/capability.h>
#include <sys/auxv.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/xattr.h>

#define ATTR "security.capability"
#define BIT(cap) (1U << (cap))

static struct vfs_ns_cap_data value;

/* A value of this revision in `value`; its size. */
static size_t make_value(uint32_t magic, uint32_t permitted, uint32_t inheritable, uint32_t rootid)
{
	memset(&value, 0, sizeof(value));
	value.magic_etc = magic;
	value.data[0].permitted = permitted;
	value.data[0].inheritable = inheritable;
	value.rootid = rootid;
	return magic >= VFS_CAP_REVISION_3 ? XATTR_CAPS_SZ_3 : XATTR_CAPS_SZ_2;
}

static int set_caps(const char *path, uint32_t magic, uint32_t permitted, uint32_t inheritable)
{
	size_t size = make_value(magic, permitted, inheritable, 0);

	return setxattr(path, ATTR, &value, size, 0);
}

#define EFFECTIVE (VFS_CAP_REVISION_2 | VFS_CAP_FLAGS_EFFECTIVE)
#define PLAIN VFS_CAP_REVISION_2

static bool has_caps(const char *path)
{
	return getxattr(path, ATTR, NULL, 0) > 0;
}

TEST(set_and_get)
{
	struct vfs_ns_cap_data got;

	write_file("f", "x");
	CHECK_ERR(getxattr("f", ATTR, &got, sizeof(got)), ENODATA);
	CHECK_OK(set_caps("f", EFFECTIVE, BIT(CAP_NET_RAW), BIT(CAP_KILL)));
	CHECK_EQ(getxattr("f", ATTR, NULL, 0), XATTR_CAPS_SZ_2);
	CHECK_EQ(getxattr("f", ATTR, &got, sizeof(got)), XATTR_CAPS_SZ_2);
	CHECK(memcmp(&got, &value, XATTR_CAPS_SZ_2) == 0);
	CHECK_ERR(getxattr("f", ATTR, &got, XATTR_CAPS_SZ_2 - 1), ERANGE);
	CHECK_ERR(setxattr("f", ATTR, &value, XATTR_CAPS_SZ_2, XATTR_CREATE), EEXIST);
	CHECK_OK(removexattr("f", ATTR));
	CHECK_ERR(removexattr("f", ATTR), ENODATA);
	CHECK_ERR(setxattr("f", ATTR, &value, XATTR_CAPS_SZ_2, XATTR_REPLACE), ENODATA);
	CHECK_ERR(getxattr("f", ATTR, &got, sizeof(got)), ENODATA);
}

/* Version 3 of the first root reads as version 2; of another user as it is. */
TEST(version_3)
{
	struct vfs_ns_cap_data got;

	write_file("f", "x");
	CHECK_OK(set_caps("f", VFS_CAP_REVISION_3, BIT(CAP_NET_RAW), 0));
	CHECK_EQ(getxattr("f", ATTR, NULL, 0), XATTR_CAPS_SZ_2);
	CHECK_EQ(getxattr("f", ATTR, &got, sizeof(got)), XATTR_CAPS_SZ_2);
	CHECK_EQ(got.magic_etc, VFS_CAP_REVISION_2);
	CHECK_EQ(got.data[0].permitted, BIT(CAP_NET_RAW));
	make_value(VFS_CAP_REVISION_3 | VFS_CAP_FLAGS_EFFECTIVE, BIT(CAP_NET_RAW), 0, 1000);
	CHECK_OK(setxattr("f", ATTR, &value, XATTR_CAPS_SZ_3, 0));
	CHECK_EQ(getxattr("f", ATTR, &got, sizeof(got)), XATTR_CAPS_SZ_3);
	CHECK(memcmp(&got, &value, XATTR_CAPS_SZ_3) == 0);
}

static void set_bad(uint32_t magic, size_t size)
{
	make_value(magic, 1, 0, 0);
	CHECK_ERR(setxattr("f", ATTR, &value, size, 0), EINVAL);
}

TEST(invalid_values)
{
	write_file("f", "x");
	set_bad(VFS_CAP_REVISION_1, XATTR_CAPS_SZ_1);
	set_bad(VFS_CAP_REVISION_1, XATTR_CAPS_SZ_2);
	set_bad(VFS_CAP_REVISION_2, XATTR_CAPS_SZ_1);
	set_bad(VFS_CAP_REVISION_2, XATTR_CAPS_SZ_2 - 1);
	set_bad(VFS_CAP_REVISION_2, XATTR_CAPS_SZ_3);
	set_bad(VFS_CAP_REVISION_2 | 2, XATTR_CAPS_SZ_2);
	set_bad(VFS_CAP_REVISION_3, XATTR_CAPS_SZ_2);
	set_bad(VFS_CAP_REVISION_3 | 0x100, XATTR_CAPS_SZ_3);
	set_bad(0x04000000, XATTR_CAPS_SZ_3);
	set_bad(0, 1);
	set_bad(0, XATTR_CAPS_SZ_2);
	make_value(VFS_CAP_REVISION_3, 1, 0, -1);
	CHECK_ERR(setxattr("f", ATTR, &value, XATTR_CAPS_SZ_3, 0), EINVAL);
	CHECK(!has_caps("f"));
}

TEST(needs_setfcap)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[2];
	pid_t pid;

	write_file("f", "x");
	CHECK_OK(set_caps("f", PLAIN, BIT(CAP_KILL), 0));
	chown("f", 1000, 1000);
	CHECK(!has_caps("f"));			/* chown took them */
	CHECK_OK(set_caps("f", PLAIN, BIT(CAP_KILL), 0));
	pid = fork();
	if (pid == 0) {
		become_user();			/* the owner is not enough */
		CHECK_ERR(set_caps("f", PLAIN, BIT(CAP_KILL), 0), EPERM);
		set_bad(0, 4);
		CHECK(has_caps("f"));	/* no removexattr: Debian's LSMs let it through */
		finish();
	}
	expect_exit(pid, 0);
	pid = fork();
	if (pid == 0) {
		syscall(SYS_capget, &head, caps);
		caps[0].effective &= ~BIT(CAP_SYS_ADMIN);
		CHECK_OK(syscall(SYS_capset, &head, caps));
		CHECK_OK(set_caps("f", PLAIN, BIT(CAP_KILL), 0));
		caps[0].effective = ~0U & ~(1U << (CAP_SETFCAP & 31));
		caps[0].effective &= caps[0].permitted;
		caps[0].effective &= ~(1U << 31);
		CHECK_OK(syscall(SYS_capset, &head, caps));
		CHECK_ERR(set_caps("f", PLAIN, BIT(CAP_KILL), 0), EPERM);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(removexattr("f", ATTR));
}

TEST(listed)
{
	char list[256];
	ssize_t n;

	write_file("f", "x");
	CHECK_OK(set_caps("f", PLAIN, BIT(CAP_KILL), 0));
	n = CHECK_OK(listxattr("f", list, sizeof(list)));
	CHECK(n > 0 && memmem(list, n, ATTR, sizeof(ATTR)) != NULL);
}

/* ---- what takes it away ------------------------------------------------------------------------- */

static void fresh(void)
{
	unlink("f");
	write_file("f", "hello");
	REQUIRE(set_caps("f", PLAIN, BIT(CAP_KILL), 0) == 0);
}

TEST(lost_by_changes)
{
	int fd, in, p[2];

	fresh();
	fd = open("f", O_RDWR);			/* root loses them too */
	CHECK(has_caps("f"));
	CHECK_OK(write(fd, "y", 1));
	CHECK(!has_caps("f"));
	fresh();
	CHECK_OK(truncate("f", 2));
	CHECK(!has_caps("f"));
	fresh();
	CHECK_OK(truncate("f", 5));		/* to the same size, too */
	CHECK(!has_caps("f"));
	fresh();
	close(open("f", O_WRONLY | O_TRUNC));
	CHECK(!has_caps("f"));
	fresh();
	CHECK_OK(chown("f", -1, -1));
	CHECK(!has_caps("f"));
	fresh();
	in = open(self_path, O_RDONLY);
	fd = open("f", O_WRONLY);
	CHECK_EQ(sendfile(fd, in, NULL, 10), 10);
	CHECK(!has_caps("f"));
	fresh();
	REQUIRE(pipe(p) == 0);
	write(p[1], "abc", 3);
	fd = open("f", O_WRONLY);
	CHECK_EQ(splice(p[0], NULL, fd, NULL, 3, 0), 3);
	CHECK(!has_caps("f"));
}

TEST(kept_by_others)
{
	int fd;

	fresh();
	CHECK_OK(chmod("f", 0700));
	CHECK_OK(rename("f", "g"));
	CHECK_OK(link("g", "f"));
	CHECK_OK(utimensat(AT_FDCWD, "f", NULL, 0));
	fd = open("f", O_RDWR);
	CHECK_EQ(write(fd, "", 0), 0);
	CHECK(has_caps("f"));
	CHECK_OK(mkdir("d", 0755));
	CHECK_OK(set_caps("d", PLAIN, BIT(CAP_KILL), 0));
	CHECK_OK(chown("d", 1, 1));		/* of directories chown takes nothing */
	CHECK(has_caps("d"));
}

/* ---- exec ------------------------------------------------------------------------------------ */

/* Shows itself: argv[1..5] are permitted, effective, inheritable, AT_SECURE and dumpable, "-" unchecked. */
HELPER(show)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[2];
	unsigned long got[5];
	int i;

	syscall(SYS_capget, &head, caps);
	got[0] = caps[0].permitted;
	got[1] = caps[0].effective;
	got[2] = caps[0].inheritable;
	got[3] = getauxval(AT_SECURE);
	got[4] = prctl(PR_GET_DUMPABLE);
	for (i = 0; i < 5 && i + 1 < argc; i++)
		if (argv[i + 1][0] != '-')
			CHECK_EQ(got[i], strtoul(argv[i + 1], NULL, 16));
	finish();
}

static void copy_self(const char *to)
{
	int in = open(self_path, O_RDONLY), out = open(to, O_CREAT | O_EXCL | O_WRONLY, 0755);
	struct stat st;

	REQUIRE(in >= 0 && out >= 0 && fstat(in, &st) == 0);
	while (sendfile(out, in, NULL, st.st_size) > 0)
		;
	close(in);
	close(out);
}

struct expectation {
	unsigned long	permitted, effective, inheritable;
	int		secure, dumpable;
};

static void exec_show(const char *path, const struct expectation *e)
{
	char text[5][20], *args[] = { "x", "@t_filecap.show", text[0], text[1], text[2], text[3], text[4], NULL };

	snprintf(text[0], 20, "%lx", e->permitted);
	snprintf(text[1], 20, "%lx", e->effective);
	snprintf(text[2], 20, "%lx", e->inheritable);
	snprintf(text[3], 20, "%d", e->secure);
	snprintf(text[4], 20, "%d", e->dumpable);
	execv(path, args);
	_exit(100 + errno);
}

static void set_inheritable(uint32_t set)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[2];

	syscall(SYS_capget, &head, caps);
	caps[0].inheritable = set;
	caps[1].inheritable = 0;
	REQUIRE(syscall(SYS_capset, &head, caps) == 0);
}

/* What an unprivileged user's exec of a program with these capabilities makes of him. */
static void user_exec(uint32_t inheritable, const struct expectation *e)
{
	pid_t pid = fork();

	if (pid == 0) {
		set_inheritable(inheritable);
		become_user();
		exec_show("prog", e);
	}
	expect_exit(pid, 0);
}

TEST(exec_gives)
{
	struct expectation e = { .permitted = BIT(CAP_KILL), .secure = 1 };

	copy_self("prog");
	CHECK_OK(set_caps("prog", PLAIN, BIT(CAP_KILL), 0));
	user_exec(0, &e);
	CHECK_OK(set_caps("prog", EFFECTIVE, BIT(CAP_KILL), 0));
	e.effective = BIT(CAP_KILL);
	user_exec(0, &e);
	CHECK_OK(set_caps("prog", VFS_CAP_REVISION_3 | VFS_CAP_FLAGS_EFFECTIVE, BIT(CAP_KILL), 0));
	user_exec(0, &e);
	CHECK_OK(removexattr("prog", ATTR));
	e = (struct expectation){ .dumpable = 1 };
	user_exec(0, &e);
}

/* P'(permitted) = (F(inheritable) & P(inheritable)) | (F(permitted) & bounding). */
TEST(exec_inheritable)
{
	struct expectation e = {
		.permitted = BIT(CAP_KILL) | BIT(CAP_NET_RAW), .effective = BIT(CAP_KILL) | BIT(CAP_NET_RAW),
		.inheritable = BIT(CAP_KILL) | BIT(CAP_CHOWN), .secure = 1,
	};

	copy_self("prog");
	CHECK_OK(set_caps("prog", EFFECTIVE, BIT(CAP_NET_RAW), BIT(CAP_KILL) | BIT(CAP_FOWNER)));
	user_exec(BIT(CAP_KILL) | BIT(CAP_CHOWN), &e);
	CHECK_OK(set_caps("prog", EFFECTIVE, 0, BIT(CAP_FOWNER)));
	e.permitted = e.effective = 0;
	e.dumpable = 1;
	user_exec(BIT(CAP_KILL) | BIT(CAP_CHOWN), &e);
}

TEST(exec_bounding_set)
{
	struct expectation e = { .permitted = BIT(CAP_KILL), .secure = 1 };
	char *args[] = { "x", "@t_filecap.show", NULL };
	pid_t pid;

	copy_self("prog");
	REQUIRE(prctl(PR_CAPBSET_DROP, CAP_NET_RAW) == 0);
	CHECK_OK(set_caps("prog", PLAIN, BIT(CAP_KILL) | BIT(CAP_NET_RAW), 0));
	user_exec(0, &e);
	/* With the effective bit a program that would miss one is refused. */
	CHECK_OK(set_caps("prog", EFFECTIVE, BIT(CAP_KILL) | BIT(CAP_NET_RAW), 0));
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(execv("prog", args), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(exec_of_another_root)
{
	struct expectation e = { .dumpable = 1 };

	copy_self("prog");
	make_value(VFS_CAP_REVISION_3 | VFS_CAP_FLAGS_EFFECTIVE, BIT(CAP_KILL), 0, 1000);
	CHECK_OK(setxattr("prog", ATTR, &value, XATTR_CAPS_SZ_3, 0));
	user_exec(0, &e);
}

TEST(exec_no_new_privs)
{
	struct expectation e = { .secure = 1, .dumpable = 1 };
	pid_t pid;

	copy_self("prog");
	CHECK_OK(set_caps("prog", EFFECTIVE, BIT(CAP_KILL), 0));
	pid = fork();
	if (pid == 0) {
		become_user();
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		exec_show("prog", &e);
	}
	expect_exit(pid, 0);
}

TEST(exec_nosuid)
{
	struct expectation e = { .dumpable = 1 };

	mkdir("m", 0755);
	if (mount("none", "m", "tmpfs", MS_NOSUID, "mode=755"))
		skip("no mount");
	REQUIRE(chdir("m") == 0);
	copy_self("prog");
	CHECK_OK(set_caps("prog", EFFECTIVE, BIT(CAP_KILL), 0));
	user_exec(0, &e);
	CHECK_OK(chdir(".."));
	CHECK_OK(umount("m"));
}

/* A script's own capabilities count for nothing. */
TEST(exec_script)
{
	char *args[] = { "x", "-", "-", NULL }, text[300];
	pid_t pid;

	snprintf(text, sizeof(text), "#!%s @t_filecap.none\n", self_path);
	write_file("script", text);
	chmod("script", 0755);
	CHECK_OK(set_caps("script", EFFECTIVE, BIT(CAP_KILL), 0));
	pid = fork();
	if (pid == 0) {
		become_user();
		execv("script", args);
		_exit(126);
	}
	expect_exit(pid, 0);
}

HELPER(none)
{
	CHECK(file_has("/proc/self/status", "CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"));
	CHECK_EQ(getauxval(AT_SECURE), 0);
	finish();
}

/* Ambient capabilities are for programs without any of their own. */
TEST(exec_ambient)
{
	struct expectation e = {
		.permitted = BIT(CAP_CHOWN), .effective = BIT(CAP_CHOWN), .inheritable = BIT(CAP_CHOWN), .dumpable = 1,
	};
	int i;

	for (i = 0; i < 2; i++) {
		pid_t pid = fork();

		if (pid == 0) {
			set_inheritable(BIT(CAP_CHOWN));
			prctl(PR_SET_KEEPCAPS, 1);
			setresgid(1000, 1000, 1000);
			setresuid(1000, 1000, 1000);
			REQUIRE(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_CHOWN, 0, 0) == 0);
			exec_show(i ? "prog" : self_path, &e);
		}
		expect_exit(pid, 0);
		if (i == 0) {
			copy_self("prog");
			CHECK_OK(set_caps("prog", PLAIN, BIT(CAP_KILL), 0));
			e.permitted = BIT(CAP_KILL);
			e.effective = 0;
			e.secure = 1;
			e.dumpable = 1;		/* the permitted set of before had it already */
		}
	}
}

/* A set-user-id-root program with capabilities has those alone, run by a user. */
TEST(exec_set_user_id_root)
{
	struct expectation e = { .permitted = BIT(CAP_KILL), .effective = BIT(CAP_KILL), .secure = 1 };

	copy_self("prog");
	chmod("prog", 04755);
	CHECK_OK(set_caps("prog", EFFECTIVE, BIT(CAP_KILL), 0));
	user_exec(0, &e);
}

/* root's sets are as without them; a root that grew is not dumpable. */
TEST(exec_by_root)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct caps[2];
	struct expectation e = { .dumpable = 1 };
	pid_t pid;

	copy_self("prog");
	CHECK_OK(set_caps("prog", PLAIN, BIT(CAP_KILL), 0));
	syscall(SYS_capget, &head, caps);
	e.permitted = e.effective = caps[0].permitted;
	pid = fork();
	if (pid == 0)
		exec_show("prog", &e);
	expect_exit(pid, 0);
	pid = fork();
	if (pid == 0) {
		caps[0].permitted = caps[0].effective = BIT(CAP_KILL);
		REQUIRE(syscall(SYS_capset, &head, caps) == 0);
		e.dumpable = 0;
		exec_show(self_path, &e);
	}
	expect_exit(pid, 0);
}

/* ---- Debian's tools ---------------------------------------------------------------------------- */

static int shell(const char *command)
{
	char *args[] = { "bash", "-c", (char *)command, NULL };
	int ws = -1;
	pid_t pid = fork();

	if (pid == 0) {
		setenv("PATH", "/dyn:/bin", 1);
		execv("/dyn/bash", args);
		_exit(126);
	}
	waitpid(pid, &ws, 0);
	return WIFEXITED(ws) ? WEXITSTATUS(ws) : -ws;
}

TEST(getcap_and_setcap)
{
	if (access("/dyn/setcap", X_OK))
		skip("not in this initramfs");
	copy_self("prog");
	CHECK_EQ(shell("setcap cap_net_raw,cap_kill=ep prog"), 0);
	CHECK_EQ(shell("test \"$(getcap prog)\" = 'prog cap_kill,cap_net_raw=ep'"), 0);
	CHECK_EQ(shell("setcap -q -v cap_net_raw,cap_kill=ep prog"), 0);
	CHECK_EQ(shell("setcap -n 1000 cap_chown=ei prog"), 0);
	CHECK_EQ(shell("test \"$(getcap -n prog)\" = 'prog cap_chown=ei [rootid=1000]'"), 0);
	CHECK_EQ(shell("setcap -r prog && test -z \"$(getcap prog)\""), 0);
}

TEST(capsh)
{
	if (access("/dyn/capsh", X_OK))
		skip("not in this initramfs");
	setenv("C", "capsh --shell=/bin/sh", 1);
	CHECK_EQ(shell("$C --drop=cap_net_raw -- -c 'grep -q CapBnd:.000001ffffffdfff /proc/self/status'"), 0);
	CHECK_EQ(shell("$C --keep=1 --user=nobody --inh=cap_kill --addamb=cap_kill -- -c "
		       "'grep -q CapEff:.0000000000000020 /proc/self/status'"), 0);
	CHECK_EQ(shell("$C --mode=NOPRIV -- -c 'grep -q CapPrm:.0000000000000000 /proc/self/status'"), 0);
	CHECK_EQ(shell("$C --has-p=cap_kill --no-new-privs --has-no-new-privs --secbits=0x2f --print > /dev/null"),
		 0);
}

TEST(setpriv)
{
	if (access("/dyn/setpriv", X_OK))
		skip("not in this initramfs");
	CHECK_EQ(shell("setpriv --reuid=1000 --regid=1000 --clear-groups --inh-caps=+kill --ambient-caps=+kill "
		       "grep -q CapAmb:.0000000000000020 /proc/self/status"), 0);
	CHECK_EQ(shell("setpriv --bounding-set=-net_raw --securebits=+noroot,+noroot_locked --no-new-privs "
		       "setpriv -d | grep -q 'no_new_privs: 1'"), 0);
	CHECK_EQ(shell("setpriv --ruid=1 --euid=0 --groups=1,2,3 id -G | grep -q '1 2 3'"), 0);
}
