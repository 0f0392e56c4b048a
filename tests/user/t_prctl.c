// SPDX-License-Identifier: GPL-2.0-only
/* t_prctl.c: prctl: names, dumpable, no_new_privs, timer slack, capabilities, securebits. */
#include "tap.h"

#include <linux/capability.h>
#include <pthread.h>
#include <sys/prctl.h>

TEST(name)
{
	char buf[17] = "";

	CHECK_OK(prctl(PR_SET_NAME, "a-name-that-is-too-long"));
	CHECK_OK(prctl(PR_GET_NAME, buf));
	CHECK_STR(buf, "a-name-that-is-");
	CHECK(file_has("/proc/self/comm", "a-name-that-is-\n"));
	CHECK(file_has("/proc/self/status", "Name:\ta-name-that-is-\n"));
	write_file("/proc/self/comm", "other");
	prctl(PR_GET_NAME, buf);
	CHECK_STR(buf, "other");
}

static void *rename_thread(void *arg)
{
	prctl(PR_SET_NAME, "worker");
	return arg;
}

TEST(name_is_per_thread)
{
	char buf[17] = "";
	pthread_t thread;

	prctl(PR_SET_NAME, "main");
	pthread_create(&thread, NULL, rename_thread, NULL);
	pthread_join(thread, NULL);
	prctl(PR_GET_NAME, buf);
	CHECK_STR(buf, "main");
}

TEST(dumpable)
{
	CHECK_EQ(prctl(PR_GET_DUMPABLE), 1);
	CHECK_OK(prctl(PR_SET_DUMPABLE, 0));
	CHECK_EQ(prctl(PR_GET_DUMPABLE), 0);
	CHECK_ERR(prctl(PR_SET_DUMPABLE, 2), EINVAL);
	CHECK_OK(prctl(PR_SET_DUMPABLE, 1));
}

TEST(pdeathsig)
{
	int sig = 99;

	CHECK_OK(prctl(PR_GET_PDEATHSIG, &sig));
	CHECK_EQ(sig, 0);
	CHECK_OK(prctl(PR_SET_PDEATHSIG, SIGUSR1));
	prctl(PR_GET_PDEATHSIG, &sig);
	CHECK_EQ(sig, SIGUSR1);
	CHECK_ERR(prctl(PR_SET_PDEATHSIG, 99), EINVAL);
}

TEST(subreaper)
{
	int value = 9;

	CHECK_OK(prctl(PR_GET_CHILD_SUBREAPER, &value));
	CHECK_EQ(value, 0);
	CHECK_OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
	prctl(PR_GET_CHILD_SUBREAPER, &value);
	CHECK_EQ(value, 1);
}

TEST(no_new_privs)
{
	pid_t pid;

	CHECK_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	CHECK_ERR(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0), EINVAL);
	CHECK_OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	CHECK_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
	CHECK(file_has("/proc/self/status", "NoNewPrivs:\t1"));
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 1);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(timer_slack)
{
	CHECK_EQ(prctl(PR_GET_TIMERSLACK), 50000);
	CHECK_OK(prctl(PR_SET_TIMERSLACK, 1234));
	CHECK_EQ(prctl(PR_GET_TIMERSLACK), 1234);
	CHECK_OK(prctl(PR_SET_TIMERSLACK, 0));
	CHECK_EQ(prctl(PR_GET_TIMERSLACK), 50000);
}

TEST(keepcaps_and_securebits)
{
	CHECK_EQ(prctl(PR_GET_KEEPCAPS), 0);
	CHECK_OK(prctl(PR_SET_KEEPCAPS, 1));
	CHECK_EQ(prctl(PR_GET_KEEPCAPS), 1);
	CHECK_ERR(prctl(PR_SET_KEEPCAPS, 2), EINVAL);
	CHECK_EQ(prctl(PR_GET_SECUREBITS), 16);
}

TEST(capability_bounding_set)
{
	CHECK_EQ(prctl(PR_CAPBSET_READ, CAP_SYS_ADMIN), 1);
	CHECK_ERR(prctl(PR_CAPBSET_READ, 63), EINVAL);
	CHECK_OK(prctl(PR_CAPBSET_DROP, CAP_NET_RAW));
	CHECK_EQ(prctl(PR_CAPBSET_READ, CAP_NET_RAW), 0);
}

static struct __user_cap_data_struct caps[2];

static int get_caps(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return syscall(SYS_capget, &head, caps);
}

static int set_caps(void)
{
	struct __user_cap_header_struct head = { _LINUX_CAPABILITY_VERSION_3, 0 };

	return syscall(SYS_capset, &head, caps);
}

TEST(capabilities)
{
	struct __user_cap_header_struct bad = { 0x1234, 0 };
	pid_t pid;

	CHECK_OK(get_caps());
	CHECK(caps[0].effective & 1U << CAP_KILL);
	caps[0].effective &= ~(1U << CAP_KILL);
	CHECK_OK(set_caps());
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_OK(get_caps());
		CHECK(caps[0].effective == 0 && caps[0].permitted == 0);
		caps[0].permitted = 1;
		CHECK_ERR(set_caps(), EPERM);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(get_caps());
	caps[0].effective |= 1U << CAP_KILL;	/* still permitted: may come back */
	CHECK_OK(set_caps());
	CHECK_ERR(syscall(SYS_capget, &bad, caps), EINVAL);
	CHECK_EQ(bad.version, _LINUX_CAPABILITY_VERSION_3);
}

/* A root without CAP_DAC_OVERRIDE is bound by permissions like anybody. */
TEST(capability_decides_not_uid)
{
	pid_t pid;

	write_file("f", "x");
	chown("f", 1000, 1000);
	chmod("f", 0600);
	pid = fork();
	if (pid == 0) {
		get_caps();
		caps[0].effective &= ~(1U << CAP_DAC_OVERRIDE | 1U << CAP_DAC_READ_SEARCH);
		CHECK_OK(set_caps());
		CHECK_ERR(open("f", O_RDONLY), EACCES);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_OK(open("f", O_RDONLY));
}

TEST(unknown)
{
	CHECK_ERR(prctl(0x12345678, 0, 0, 0, 0), EINVAL);
}
