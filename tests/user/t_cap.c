// SPDX-License-Identifier: GPL-2.0-only
/* t_cap.c: capget and capset, securebits and their locks, ambient and bounding set, what set*id and exec do. */
#include "tap.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <sys/fsuid.h>
#include <sys/prctl.h>

#define BIT(cap)	(1ULL << (cap))
#define LAST_CAP	40
#define FULL		(BIT(LAST_CAP + 1) - 1)

struct sets {
	uint64_t	effective, permitted, inheritable;
};

static struct sets get_sets(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];

	REQUIRE(syscall(SYS_capget, &head, d) == 0);
	return (struct sets){
		(uint64_t)d[1].effective << 32 | d[0].effective, (uint64_t)d[1].permitted << 32 | d[0].permitted,
		(uint64_t)d[1].inheritable << 32 | d[0].inheritable,
	};
}

static int set_sets(struct sets s)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2] = {
		{ s.effective, s.permitted, s.inheritable },
		{ s.effective >> 32, s.permitted >> 32, s.inheritable >> 32 },
	};

	return syscall(SYS_capset, &head, d);
}

static int ambient(int op, int cap)
{
	return prctl(PR_CAP_AMBIENT, op, cap, 0, 0);
}

/* ---- capget -------------------------------------------------------------------------------------- */

TEST(versions)
{
	struct __user_cap_header_struct head = { 0, 0 };
	struct __user_cap_data_struct d[2];

	CHECK_OK(syscall(SYS_capget, &head, NULL));		/* which version have you? */
	CHECK_EQ(head.version, _LINUX_CAPABILITY_VERSION_3);
	head.version = 0x19980331;
	CHECK_ERR(syscall(SYS_capget, &head, d), EINVAL);
	CHECK_EQ(head.version, _LINUX_CAPABILITY_VERSION_3);
	head.version = 1;
	CHECK_ERR(syscall(SYS_capset, &head, d), EINVAL);
	CHECK_EQ(head.version, _LINUX_CAPABILITY_VERSION_3);
	head.version = _LINUX_CAPABILITY_VERSION_1;
	memset(d, 0xee, sizeof(d));
	CHECK_OK(syscall(SYS_capget, &head, d));
	CHECK_EQ(d[0].permitted, 0xffffffff);
	CHECK_EQ(d[1].permitted, 0xeeeeeeee);			/* one word only */
	head.version = _LINUX_CAPABILITY_VERSION_2;
	CHECK_OK(syscall(SYS_capget, &head, d));
	CHECK_EQ(d[1].permitted, FULL >> 32);
}

TEST(get_errors)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];

	CHECK_ERR(syscall(SYS_capget, (void *)8, d), EFAULT);
	CHECK_ERR(syscall(SYS_capget, &head, (void *)8), EFAULT);
	CHECK_ERR(syscall(SYS_capget, (void *)8, NULL), EFAULT);
	head.pid = -1;
	CHECK_ERR(syscall(SYS_capget, &head, d), EINVAL);
	CHECK_OK(syscall(SYS_capget, &head, NULL));
	head.pid = 0x7ffffff0;
	CHECK_ERR(syscall(SYS_capget, &head, d), ESRCH);
}

TEST(get_of_another)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];
	struct gate ready, go;
	pid_t pid;

	gate_init(&ready);
	gate_init(&go);
	pid = fork();
	if (pid == 0) {
		become_user();
		gate_open(&ready);
		gate_wait(&go);
		_exit(0);
	}
	gate_wait(&ready);
	head.pid = pid;
	CHECK_OK(syscall(SYS_capget, &head, d));
	CHECK(d[0].permitted == 0 && d[1].effective == 0);
	CHECK_ERR(syscall(SYS_capset, &head, d), EPERM);	/* only to itself */
	head.pid = getpid();
	CHECK_OK(syscall(SYS_capget, &head, d));
	CHECK_OK(syscall(SYS_capset, &head, d));
	gate_open(&go);
	expect_exit(pid, 0);
}

/* ---- capset -------------------------------------------------------------------------------------- */

TEST(set_errors)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct d[2];

	CHECK_ERR(syscall(SYS_capset, (void *)8, d), EFAULT);
	CHECK_ERR(syscall(SYS_capset, &head, (void *)8), EFAULT);
	CHECK_ERR(syscall(SYS_capset, &head, NULL), EFAULT);
	head.pid = 1;
	if (getpid() != 1)
		CHECK_ERR(syscall(SYS_capset, &head, (void *)8), EPERM);
	head.pid = -1;
	CHECK_ERR(syscall(SYS_capset, &head, d), EPERM);
}

static void set_rules(void)
{
	struct sets s = get_sets();

	CHECK_EQ(s.permitted, FULL);
	s.effective = ~0ULL;				/* bits that are none are ignored */
	s.permitted = ~0ULL;
	CHECK_OK(set_sets(s));
	CHECK_EQ(get_sets().permitted, FULL);
	s.permitted = BIT(CAP_KILL);
	s.effective = BIT(CAP_KILL) | BIT(CAP_CHOWN);
	CHECK_ERR(set_sets(s), EPERM);			/* effective beyond permitted */
	s.effective = 0;
	s.inheritable = BIT(CAP_KILL) | BIT(CAP_SYSLOG);
	CHECK_OK(set_sets(s));
	CHECK_EQ(get_sets().inheritable, BIT(CAP_KILL) | BIT(CAP_SYSLOG));
	s.permitted |= BIT(CAP_CHOWN);
	CHECK_ERR(set_sets(s), EPERM);			/* permitted never grows */
	s.permitted = BIT(CAP_KILL);
	s.inheritable |= BIT(CAP_CHOWN);
	CHECK_ERR(set_sets(s), EPERM);			/* without CAP_SETPCAP only what is permitted */
	s.inheritable = 0;
	CHECK_OK(set_sets(s));
	s.inheritable = BIT(CAP_KILL);
	CHECK_OK(set_sets(s));
	s.inheritable = s.permitted = 0;
	CHECK_OK(set_sets(s));
	CHECK_EQ(get_sets().permitted, 0);
}
TEST(set_rules) { in_child(set_rules); }

static void inheritable_and_bounding(void)
{
	struct sets s = get_sets();

	s.inheritable = BIT(CAP_NET_RAW);
	CHECK_OK(set_sets(s));
	CHECK_OK(prctl(PR_CAPBSET_DROP, CAP_NET_RAW));
	CHECK_OK(prctl(PR_CAPBSET_DROP, CAP_KILL));
	CHECK_OK(set_sets(s));				/* what is there may stay */
	s.inheritable |= BIT(CAP_KILL);
	CHECK_ERR(set_sets(s), EPERM);			/* but not come, even with CAP_SETPCAP */
	CHECK(get_sets().permitted & BIT(CAP_KILL));	/* permitted is not touched */
}
TEST(inheritable_and_bounding) { in_child(inheritable_and_bounding); }

/* Version 1 knows 32 capabilities: the others go. */
static void version_1_clears(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_1, 0 };
	struct __user_cap_data_struct d = { ~0U, ~0U, 0 };

	CHECK_OK(syscall(SYS_capset, &head, &d));
	CHECK_EQ(get_sets().permitted, 0xffffffff);
}
TEST(version_1_clears) { in_child(version_1_clears); }

/* ---- bounding set -------------------------------------------------------------------------------- */

static void bounding(void)
{
	struct sets s = get_sets();

	CHECK_ERR(prctl(PR_CAPBSET_READ, LAST_CAP + 1), EINVAL);
	CHECK_ERR(prctl(PR_CAPBSET_READ, -1), EINVAL);
	CHECK_EQ(prctl(PR_CAPBSET_READ, LAST_CAP), 1);
	CHECK_ERR(prctl(PR_CAPBSET_DROP, LAST_CAP + 1), EINVAL);
	CHECK_OK(prctl(PR_CAPBSET_DROP, CAP_KILL));
	CHECK_OK(prctl(PR_CAPBSET_DROP, CAP_KILL));
	CHECK_EQ(prctl(PR_CAPBSET_READ, CAP_KILL), 0);
	s.effective &= ~BIT(CAP_SETPCAP);
	CHECK_OK(set_sets(s));
	CHECK_ERR(prctl(PR_CAPBSET_DROP, CAP_CHOWN), EPERM);
	CHECK_ERR(prctl(PR_CAPBSET_DROP, LAST_CAP + 1), EPERM);	/* permission first */
}
TEST(bounding) { in_child(bounding); }

/* ---- securebits ---------------------------------------------------------------------------------- */

static void securebits(void)
{
	CHECK_EQ(prctl(PR_GET_SECUREBITS), 0);
	CHECK_OK(prctl(PR_SET_SECUREBITS, SECURE_ALL_BITS));
	CHECK_EQ(prctl(PR_GET_SECUREBITS), SECURE_ALL_BITS);
	CHECK_ERR(prctl(PR_SET_SECUREBITS, 0x100), EPERM);	/* no such bit */
	CHECK_ERR(prctl(PR_SET_SECUREBITS, -1), EPERM);
	CHECK_OK(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED));
	CHECK_ERR(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT_LOCKED), EPERM);	/* locked as it is */
	CHECK_ERR(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT), EPERM);		/* the lock, too */
	CHECK_OK(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_KEEP_CAPS));
	CHECK_EQ(prctl(PR_GET_KEEPCAPS), 1);
	CHECK_OK(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_KEEP_CAPS_LOCKED));
	CHECK_ERR(prctl(PR_SET_KEEPCAPS, 1), EPERM);
	CHECK_ERR(prctl(PR_SET_KEEPCAPS, 2), EINVAL);
	CHECK_ERR(prctl(PR_SET_KEEPCAPS, 0), EPERM);
}
TEST(securebits) { in_child(securebits); }

static void securebits_without_setpcap(void)
{
	struct sets s = get_sets();

	s.effective &= ~BIT(CAP_SETPCAP);
	CHECK_OK(set_sets(s));
	CHECK_ERR(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT), EPERM);
	CHECK_ERR(prctl(PR_SET_SECUREBITS, 0), EPERM);
	CHECK_OK(prctl(PR_SET_KEEPCAPS, 1));
	CHECK_EQ(prctl(PR_GET_SECUREBITS), SECBIT_KEEP_CAPS);
}
TEST(securebits_without_setpcap) { in_child(securebits_without_setpcap); }

HELPER(status)
{
	char line[64];
	int i;

	for (i = 1; i < argc; i++) {
		snprintf(line, sizeof(line), "%s\n", argv[i]);
		CHECK(file_has("/proc/self/status", line));
	}
	CHECK_EQ(prctl(PR_GET_KEEPCAPS), 0);
	finish();
}

static void exec_status(const char *one, const char *two)
{
	char *args[] = { "x", "@t_cap.status", (char *)one, (char *)two, NULL };

	execv(self_path, args);
	_exit(126);
}

static void noroot_exec(void)
{
	CHECK_OK(prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_KEEP_CAPS));
	exec_status("CapPrm:\t0000000000000000", "CapEff:\t0000000000000000");
}
TEST(noroot_exec) { in_child(noroot_exec); }

static void real_root_exec(void)
{
	CHECK_OK(setresuid(0, 1000, 1000));
	CHECK_EQ(get_sets().effective, 0);
	exec_status("CapPrm:\t000001ffffffffff", "CapEff:\t0000000000000000");
}
TEST(real_root_exec) { in_child(real_root_exec); }

static void bounded_root_exec(void)
{
	struct sets s = get_sets();

	s.inheritable = BIT(CAP_KILL);
	CHECK_OK(set_sets(s));
	CHECK_OK(prctl(PR_CAPBSET_DROP, CAP_KILL));
	CHECK_OK(prctl(PR_CAPBSET_DROP, CAP_CHOWN));
	exec_status("CapPrm:\t000001fffffffffe", "CapBnd:\t000001ffffffffde");
}
TEST(bounded_root_exec) { in_child(bounded_root_exec); }

/* ---- set*id ---------------------------------------------------------------------------------------- */

static void keep_caps(void)
{
	CHECK_OK(prctl(PR_SET_KEEPCAPS, 1));
	CHECK_OK(setresuid(1000, 1000, 1000));
	CHECK_EQ(get_sets().permitted, FULL);
	CHECK_EQ(get_sets().effective, 0);
	exec_status("CapPrm:\t0000000000000000", "CapEff:\t0000000000000000");
}
TEST(keep_caps) { in_child(keep_caps); }

static void effective_follows_euid(void)
{
	CHECK_OK(seteuid(1000));
	CHECK_EQ(get_sets().effective, 0);
	CHECK_EQ(get_sets().permitted, FULL);
	CHECK_OK(seteuid(0));
	CHECK_EQ(get_sets().effective, FULL);
	CHECK_OK(setresuid(1000, 1000, 0));
	CHECK_EQ(get_sets().permitted, FULL);		/* one of the three is still root */
	CHECK_OK(setresuid(1000, 1000, 1000));
	CHECK_EQ(get_sets().permitted, 0);
}
TEST(effective_follows_euid) { in_child(effective_follows_euid); }

static void no_fixup(void)
{
	CHECK_OK(prctl(PR_SET_SECUREBITS, SECBIT_NO_SETUID_FIXUP));
	CHECK_OK(setresuid(1000, 1000, 1000));
	CHECK_EQ(get_sets().permitted, FULL);
	CHECK_EQ(get_sets().effective, FULL);
	CHECK_OK(setfsuid(0));
	CHECK_OK(setuid(0));
}
TEST(no_fixup) { in_child(no_fixup); }

static void fsuid(void)
{
	uint64_t fs = BIT(CAP_CHOWN) | BIT(CAP_DAC_OVERRIDE) | BIT(CAP_DAC_READ_SEARCH) | BIT(CAP_FOWNER) |
		      BIT(CAP_FSETID) | BIT(CAP_LINUX_IMMUTABLE) | BIT(CAP_MKNOD) | BIT(CAP_MAC_OVERRIDE);

	setfsuid(1000);
	CHECK_EQ(get_sets().effective, FULL & ~fs);
	setfsuid(0);
	CHECK_EQ(get_sets().effective, FULL);
}
TEST(fsuid) { in_child(fsuid); }

/* ---- ambient --------------------------------------------------------------------------------------- */

static void ambient_rules(void)
{
	struct sets s = get_sets();

	CHECK_ERR(ambient(PR_CAP_AMBIENT_RAISE, CAP_KILL), EPERM);	/* not inheritable */
	s.inheritable = BIT(CAP_KILL) | BIT(CAP_CHOWN);
	CHECK_OK(set_sets(s));
	CHECK_OK(ambient(PR_CAP_AMBIENT_RAISE, CAP_KILL));
	CHECK_EQ(ambient(PR_CAP_AMBIENT_IS_SET, CAP_KILL), 1);
	CHECK_EQ(ambient(PR_CAP_AMBIENT_IS_SET, CAP_CHOWN), 0);
	CHECK_OK(ambient(PR_CAP_AMBIENT_LOWER, CAP_KILL));
	CHECK_OK(ambient(PR_CAP_AMBIENT_LOWER, CAP_KILL));
	CHECK_EQ(ambient(PR_CAP_AMBIENT_IS_SET, CAP_KILL), 0);
	CHECK_OK(ambient(PR_CAP_AMBIENT_RAISE, CAP_KILL));
	CHECK_OK(ambient(PR_CAP_AMBIENT_RAISE, CAP_CHOWN));
	s.inheritable = BIT(CAP_KILL);
	CHECK_OK(set_sets(s));
	CHECK_EQ(ambient(PR_CAP_AMBIENT_IS_SET, CAP_CHOWN), 0);		/* follows inheritable */
	s.permitted = s.effective = FULL & ~BIT(CAP_KILL);
	CHECK_OK(set_sets(s));
	CHECK_EQ(ambient(PR_CAP_AMBIENT_IS_SET, CAP_KILL), 0);		/* and permitted */
	CHECK_ERR(ambient(PR_CAP_AMBIENT_RAISE, CAP_KILL), EPERM);
}
TEST(ambient_rules) { in_child(ambient_rules); }

static void ambient_errors(void)
{
	struct sets s = get_sets();

	CHECK_ERR(ambient(0, 0), EINVAL);
	CHECK_ERR(ambient(5, 0), EINVAL);
	CHECK_ERR(ambient(PR_CAP_AMBIENT_RAISE, LAST_CAP + 1), EINVAL);
	CHECK_ERR(ambient(PR_CAP_AMBIENT_IS_SET, -1), EINVAL);
	CHECK_ERR(ambient(PR_CAP_AMBIENT_CLEAR_ALL, 1), EINVAL);
	CHECK_ERR(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 1, 0), EINVAL);
	CHECK_ERR(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, 0, 0, 1), EINVAL);
	s.inheritable = FULL;
	CHECK_OK(set_sets(s));
	CHECK_OK(ambient(PR_CAP_AMBIENT_RAISE, CAP_KILL));
	CHECK_OK(prctl(PR_SET_SECUREBITS, SECBIT_NO_CAP_AMBIENT_RAISE));
	CHECK_ERR(ambient(PR_CAP_AMBIENT_RAISE, CAP_CHOWN), EPERM);
	CHECK_EQ(ambient(PR_CAP_AMBIENT_IS_SET, CAP_KILL), 1);
	CHECK_OK(ambient(PR_CAP_AMBIENT_CLEAR_ALL, 0));
	CHECK_EQ(ambient(PR_CAP_AMBIENT_IS_SET, CAP_KILL), 0);
}
TEST(ambient_errors) { in_child(ambient_errors); }

static void ambient_lost(void)
{
	struct sets s = get_sets();

	s.inheritable = FULL;
	CHECK_OK(set_sets(s));
	CHECK_OK(ambient(PR_CAP_AMBIENT_RAISE, CAP_KILL));
	CHECK_OK(prctl(PR_SET_KEEPCAPS, 1));
	CHECK_OK(setresuid(1000, 1000, 1000));
	CHECK_EQ(ambient(PR_CAP_AMBIENT_IS_SET, CAP_KILL), 0);	/* leaving root clears, with KEEP_CAPS, too */
	CHECK_OK(ambient(PR_CAP_AMBIENT_RAISE, CAP_KILL));
	exec_status("CapPrm:\t0000000000000020", "CapAmb:\t0000000000000020");
}
TEST(ambient_lost) { in_child(ambient_lost); }

/* ---- dumpable -------------------------------------------------------------------------------------- */

static void dumpable_kept(void)
{
	struct sets s = get_sets();

	CHECK_EQ(prctl(PR_GET_DUMPABLE), 1);
	CHECK_OK(setgroups(0, NULL));
	s.effective = 0;
	CHECK_OK(set_sets(s));
	CHECK_EQ(prctl(PR_GET_DUMPABLE), 1);		/* nothing gained, no id changed */
}

static void dumpable_euid(void)
{
	CHECK_OK(prctl(PR_SET_PDEATHSIG, SIGTERM));
	CHECK_OK(seteuid(1000));
	CHECK_EQ(prctl(PR_GET_DUMPABLE), 0);
	CHECK_OK(prctl(PR_SET_DUMPABLE, 1));
	setfsuid(0);
	CHECK_EQ(prctl(PR_GET_DUMPABLE), 0);
}

static void dumpable_gid(void)
{
	CHECK_OK(setresgid(5, -1, 5));
	CHECK_EQ(prctl(PR_GET_DUMPABLE), 1);		/* real and saved ids count for nothing */
	CHECK_OK(setegid(5));
	CHECK_EQ(prctl(PR_GET_DUMPABLE), 0);
}

static void dumpable_owner(void)
{
	struct stat st;

	CHECK_OK(setresuid(1000, 1000, 1000));
	stat("/proc/self/stat", &st);
	CHECK_EQ(st.st_uid, 0);
	CHECK_OK(prctl(PR_SET_DUMPABLE, 1));
	stat("/proc/self/stat", &st);
	CHECK_EQ(st.st_uid, 1000);
}

TEST(dumpable)
{
	in_child(dumpable_kept);
	in_child(dumpable_euid);
	in_child(dumpable_gid);
	in_child(dumpable_owner);
}

TEST(in_proc)
{
	CHECK(file_has("/proc/self/status", "CapEff:\t000001ffffffffff\nCapBnd:\t000001ffffffffff\n"));
	CHECK(file_has("/proc/self/status", "CapAmb:\t0000000000000000\n"));
	CHECK(file_has("/proc/sys/kernel/cap_last_cap", "40\n"));
}
