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

/* ---- hints ------------------------------------------------------------------------------------- */

TEST(perf_events)
{
	CHECK_OK(prctl(PR_TASK_PERF_EVENTS_DISABLE, 1, 1, 1, 1));
	CHECK_OK(prctl(PR_TASK_PERF_EVENTS_ENABLE, 0, 0, 0, 0));
}

TEST(mce_kill)
{
	CHECK_EQ(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0), PR_MCE_KILL_DEFAULT);
	CHECK_OK(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_EARLY, 0, 0));
	CHECK_EQ(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0), PR_MCE_KILL_EARLY);
	CHECK_OK(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, PR_MCE_KILL_LATE, 0, 0));
	CHECK_EQ(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0), PR_MCE_KILL_LATE);
	CHECK_OK(prctl(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 0, 0, 0));
	CHECK_EQ(prctl(PR_MCE_KILL_GET, 0, 0, 0, 0), PR_MCE_KILL_DEFAULT);
	CHECK_ERR(prctl(PR_MCE_KILL, PR_MCE_KILL_CLEAR, 1, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, 3, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_MCE_KILL, PR_MCE_KILL_SET, 1, 1, 0), EINVAL);
	CHECK_ERR(prctl(PR_MCE_KILL, 2, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_MCE_KILL_GET, 1, 0, 0, 0), EINVAL);
}

TEST(thp_disable)
{
	CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 0);
	CHECK_OK(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
	CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 1);
	CHECK_OK(prctl(PR_SET_THP_DISABLE, 0, 0, 0, 0));
	CHECK_EQ(prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0), 0);
	CHECK_ERR(prctl(PR_SET_THP_DISABLE, 1, 1, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_GET_THP_DISABLE, 1, 0, 0, 0), EINVAL);
}

TEST(io_flusher)
{
	pid_t pid;

	CHECK_EQ(prctl(PR_GET_IO_FLUSHER, 0, 0, 0, 0), 0);
	CHECK_OK(prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0));
	CHECK_EQ(prctl(PR_GET_IO_FLUSHER, 0, 0, 0, 0), 1);
	CHECK_OK(prctl(PR_SET_IO_FLUSHER, 0, 0, 0, 0));
	CHECK_ERR(prctl(PR_SET_IO_FLUSHER, 2, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_IO_FLUSHER, 1, 1, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_GET_IO_FLUSHER, 1, 0, 0, 0), EINVAL);
	pid = fork();
	if (!pid) {
		become_user();
		CHECK_ERR(prctl(PR_SET_IO_FLUSHER, 1, 0, 0, 0), EPERM);
		CHECK_ERR(prctl(PR_GET_IO_FLUSHER, 0, 0, 0, 0), EPERM);
		CHECK_ERR(prctl(PR_SET_IO_FLUSHER, 1, 1, 0, 0), EPERM);	/* whatever the rest */
		CHECK_ERR(prctl(PR_GET_IO_FLUSHER, 1, 0, 0, 0), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(speculation)
{
	if (!kernel_is_64bit()) {
		CHECK_ERR(prctl(PR_GET_SPECULATION_CTRL, 0, 0, 0, 0), EINVAL);
		CHECK_ERR(prctl(PR_SET_SPECULATION_CTRL, 0, PR_SPEC_ENABLE, 0, 0), EINVAL);
		return;
	}
	CHECK(prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, 0, 0, 0) >= 0);
	CHECK_ERR(prctl(PR_GET_SPECULATION_CTRL, PR_SPEC_INDIRECT_BRANCH, 0, 0, 0), ENODEV);
	CHECK_ERR(prctl(PR_GET_SPECULATION_CTRL, 0, 1, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, 0, 0, 0), ERANGE);
	CHECK_OK(prctl(PR_SET_SPECULATION_CTRL, PR_SPEC_STORE_BYPASS, PR_SPEC_DISABLE_NOEXEC, 0, 0));
	CHECK_ERR(prctl(PR_SET_SPECULATION_CTRL, PR_SPEC_L1D_FLUSH, PR_SPEC_ENABLE, 0, 0), ENODEV);
	CHECK_ERR(prctl(PR_SET_SPECULATION_CTRL, 0, PR_SPEC_ENABLE, 1, 0), EINVAL);
}

/* What Debian's kernel is built without, and what the ports do not have. */
TEST(not_there)
{
	static const int options[] = { 5, 6, 9, 10, 11, 12, 17, 18, 19, 20, 25, 43, 44, 45, 46, 48, 49, 59, 62,
				       PR_SET_VMA, 65, 66 };

	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		CHECK_ERR(prctl(options[i], 0, 0, 0, 0), EINVAL);
}

/* ---- PR_SET_MM --------------------------------------------------------------------------------- */

static void get_map(struct prctl_mm_map *map)
{
	static char text[4096];
	char *p, *field;
	unsigned long long v[52] = { 0 };

	read_file("/proc/self/stat", text, sizeof(text));
	p = strrchr(text, ')') + 2;
	for (int i = 3; i < 52 && (field = strsep(&p, " ")); i++)
		v[i] = strtoull(field, NULL, 10);
	*map = (struct prctl_mm_map){
		.start_code = v[26], .end_code = v[27], .start_stack = v[28], .start_data = v[45], .end_data = v[46],
		.start_brk = v[47], .brk = (unsigned long)sbrk(0), .arg_start = v[48], .arg_end = v[49],
		.env_start = v[50], .env_end = v[51], .exe_fd = -1,
	};
}

TEST(mm_arguments)
{
	static char args[14];
	char text[64] = "";
	ssize_t n;

	memcpy(args, "new\0arguments", sizeof(args));
	CHECK_OK(prctl(PR_SET_MM, PR_SET_MM_ARG_START, args, 0, 0));
	CHECK_OK(prctl(PR_SET_MM, PR_SET_MM_ARG_END, args + sizeof(args), 0, 0));
	n = read_file("/proc/self/cmdline", text, sizeof(text));
	CHECK_EQ(n, sizeof(args));
	CHECK(!memcmp(text, args, sizeof(args)));
}

TEST(mm_errors)
{
	static char page[64];
	unsigned int size = 0;
	pid_t pid;

	CHECK_ERR(prctl(PR_SET_MM, 0, page, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_MM, 16, page, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_START_CODE, page, 1, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_START_CODE, page, 0, 1), EINVAL);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_ARG_START, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_ARG_START, -1L, 0, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_BRK, 0x10000, 0, 0), EINVAL);	/* below its start */
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_AUXV, page, 4096, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_AUXV, 0, 16, 0), EFAULT);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, 999, 0, 0), EBADF);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, open("/", O_RDONLY), 0, 0), EACCES);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, open(self_path, O_RDONLY), 0, 0), EBUSY);
	CHECK_OK(prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, &size, 0, 0));
	CHECK_EQ(size, sizeof(struct prctl_mm_map));
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_MAP_SIZE, 8, 0, 0), EFAULT);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_MAP, page, 8, 0), EINVAL);
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_MAP, 8, size, 0), EFAULT);
	pid = fork();
	if (!pid) {
		become_user();
		CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_ARG_START, page, 0, 0), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(mm_map)
{
	unsigned long auxv[4] = { 99, 1, 0, 0 }, got[4];
	struct prctl_mm_map map, bad;
	int fd;

	if (is_compat())
		skip("its structure is that of 64-bit programs");
	get_map(&map);
	CHECK_OK(prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0));
	map.auxv = (void *)auxv;
	map.auxv_size = sizeof(auxv);
	CHECK_OK(prctl(PR_SET_MM, PR_SET_MM_MAP, &map, sizeof(map), 0));
	fd = open("/proc/self/auxv", O_RDONLY);
	CHECK(read(fd, got, sizeof(got)) >= (ssize_t)(2 * sizeof(long)));
	CHECK_EQ(got[0], 99);
	bad = map;
	bad.auxv = NULL;
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_MAP, &bad, sizeof(bad), 0), EINVAL);
	bad = map;
	bad.end_code = bad.start_code;
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_MAP, &bad, sizeof(bad), 0), EINVAL);
	bad = map;
	bad.env_end = 0;
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_MAP, &bad, sizeof(bad), 0), EINVAL);
	bad = map;
	bad.exe_fd = 999;
	CHECK_ERR(prctl(PR_SET_MM, PR_SET_MM_MAP, &bad, sizeof(bad), 0), EBADF);
}
