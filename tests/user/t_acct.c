// SPDX-License-Identifier: GPL-2.0-only
/* t_acct.c: acct: what is refused, what is written of a process that ends, where, and when not. */
#include "tap.h"

#include <linux/acct.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

/* The record of process pid in file; false: there is none. Records of others are not looked at. */
static bool find(const char *file, pid_t pid, struct acct_v3 *ac)
{
	int fd = open(file, O_RDONLY);
	bool found = false;

	while (!found && read(fd, ac, sizeof(*ac)) == sizeof(*ac))
		found = (pid_t)ac->ac_pid == pid;
	close(fd);
	return found;
}

static int count(const char *file, pid_t pid)
{
	struct acct_v3 ac;
	int fd = open(file, O_RDONLY), n = 0;

	while (read(fd, &ac, sizeof(ac)) == sizeof(ac))
		n += (pid_t)ac.ac_pid == pid;
	close(fd);
	return n;
}

static unsigned long long expand(comp_t c)
{
	return (unsigned long long)(c & 0x1fff) << 3 * (c >> 13);
}

static void make_file(const char *name)
{
	close(creat(name, 0600));
}

/* Run fn in a child while there is accounting, and give its record. */
static bool record_of(void (*fn)(void), struct acct_v3 *ac)
{
	pid_t pid;

	make_file("acct");
	CHECK_OK(acct("acct"));
	pid = fork();
	if (!pid) {
		fn();
		_exit(0);
	}
	waitpid(pid, NULL, 0);
	CHECK_OK(acct(NULL));
	return find("acct", pid, ac);
}

TEST(refusals)
{
	static char name[5000];

	make_file("f");
	mkdir("d", 0700);
	symlink("loop", "loop");
	CHECK_ERR(acct("d"), EISDIR);
	CHECK_ERR(acct("loop"), ELOOP);
	CHECK_ERR(acct("none"), ENOENT);
	CHECK_ERR(acct(""), ENOENT);
	CHECK_ERR(acct("f/x"), ENOTDIR);
	CHECK_ERR(acct((char *)-1), EFAULT);
	CHECK_ERR(acct("/dev/null"), EACCES);
	CHECK_ERR(acct("/proc/self/comm"), EINVAL);
	CHECK_ERR(acct("/proc/sys/kernel/hostname"), EINVAL);
	CHECK_ERR(acct(self_path), ETXTBSY);
	memset(name, 'x', 300);
	CHECK_ERR(acct(name), ENAMETOOLONG);
	memset(name, 'x', sizeof(name) - 1);
	CHECK_ERR(acct(name), ENAMETOOLONG);
	snprintf(name, sizeof(name), "/proc/self/fd/%d", memfd_create("x", 0));
	CHECK_ERR(acct(name), EINVAL);
	CHECK_OK(acct(NULL));
	become_user();
	CHECK_ERR(acct(NULL), EPERM);
	CHECK_ERR(acct("none"), EPERM);
	CHECK_ERR(acct((char *)-1), EPERM);
}

TEST(read_only)
{
	own_mounts();
	mkdir("m", 0700);
	REQUIRE(mount("none", "m", "tmpfs", 0, NULL) == 0);
	make_file("m/f");
	REQUIRE(mount("none", "m", "tmpfs", MS_REMOUNT | MS_RDONLY, NULL) == 0);
	CHECK_ERR(acct("m/f"), EROFS);
}

static void exit_7(void)
{
	_exit(7);
}

TEST(exit_record)
{
	struct acct_v3 ac;
	time_t now = time(NULL);

	REQUIRE(record_of(exit_7, &ac));
	CHECK_EQ(ac.ac_flag, AFORK);
	CHECK_EQ(ac.ac_version, 3);
	CHECK_EQ(ac.ac_exitcode, 7 << 8);
	CHECK_EQ(ac.ac_tty, 0);
	CHECK_EQ(ac.ac_uid, 0);
	CHECK_EQ(ac.ac_gid, 0);
	CHECK_EQ(ac.ac_ppid, getpid());
	CHECK((time_t)ac.ac_btime >= now - 1 && (time_t)ac.ac_btime <= time(NULL));
	CHECK(ac.ac_etime >= 0 && ac.ac_etime <= (now_ms() + 10) / 10);
	CHECK(expand(ac.ac_minflt) > 0);
	CHECK_EQ(ac.ac_io, 0);
	CHECK_EQ(ac.ac_rw, 0);
	CHECK_EQ(ac.ac_swaps, 0);
	CHECK_STR(ac.ac_comm, "run");
}

static void as_user(void)
{
	become_user();
	raise(SIGTERM);
}

static void rename_self(void)
{
	write_file("/proc/self/comm", "fifteen_letters_and_more");
	_exit(0);
}

static void dump_core(void)
{
	struct rlimit core = { 1 << 20, 1 << 20 };

	setrlimit(RLIMIT_CORE, &core);
	abort();
}

TEST(flags)
{
	struct acct_v3 ac;

	REQUIRE(record_of(as_user, &ac));
	CHECK_EQ(ac.ac_flag, AFORK | ASU | AXSIG);
	CHECK_EQ(ac.ac_exitcode, SIGTERM);
	CHECK_EQ(ac.ac_uid, 1000);
	CHECK_EQ(ac.ac_gid, 1000);
	REQUIRE(record_of(dump_core, &ac));
	CHECK_EQ(ac.ac_flag, AFORK | ACORE | AXSIG);
	CHECK_EQ(ac.ac_exitcode, SIGABRT | 0x80);
	REQUIRE(record_of(rename_self, &ac));
	CHECK_STR(ac.ac_comm, "fifteen_letters");
}

HELPER(sleeper)
{
	usleep(200000);
	return 0;
}

static void exec_sleeper(void)
{
	char *args[] = { "renamed", "@t_acct.sleeper", NULL };

	execv(self_path, args);
}

TEST(exec_and_time)
{
	struct acct_v3 ac;
	long long start = now_ms();

	REQUIRE(record_of(exec_sleeper, &ac));
	CHECK_EQ(ac.ac_flag, 0);
	CHECK(ac.ac_etime >= 19 && ac.ac_etime <= (now_ms() - start) / 10 + 1);
}

static void use_cpu(void)
{
	struct rusage ru;

	do {
		getrusage(RUSAGE_SELF, &ru);
	} while (ru.ru_utime.tv_sec * 1000000LL + ru.ru_utime.tv_usec + ru.ru_stime.tv_sec * 1000000LL +
		 ru.ru_stime.tv_usec < 300000);
}

TEST(cpu_time)
{
	struct acct_v3 ac;

	REQUIRE(record_of(use_cpu, &ac));
	CHECK(expand(ac.ac_utime) + expand(ac.ac_stime) > 0);	/* ticks: a busy host loses some */
	CHECK(expand(ac.ac_utime) + expand(ac.ac_stime) <= ac.ac_etime + 2);
}

static void map_much(void)
{
	mmap(NULL, 64 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static void touch_much(void)
{
	char *p = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(p, 4 << 20, MADV_NOHUGEPAGE);
	for (int i = 0; i < 1000; i++)
		p[i * 4096] = 1;
}

static void nothing(void)
{
}

TEST(memory)
{
	struct acct_v3 small, ac;
	long long more;

	REQUIRE(record_of(nothing, &small));
	REQUIRE(record_of(map_much, &ac));
	more = expand(ac.ac_mem) - expand(small.ac_mem);
	CHECK(more >= 65536 - 64 && more <= 65536 + 64);
	REQUIRE(record_of(touch_much, &ac));
	more = expand(ac.ac_minflt) - expand(small.ac_minflt);
	CHECK(more >= 900 && more <= 1100);
}

/* ---- threads --------------------------------------------------------------------------------- */

static bool leader_is_zombie(void)
{
	char line[200], name[40];

	snprintf(name, sizeof(name), "/proc/self/task/%d/stat", getpid());
	return read_file(name, line, sizeof(line)) > 0 && strstr(line, ") Z ");
}

static void *exit_after_leader(void *arg __attribute__((unused)))
{
	while (!leader_is_zombie())
		usleep(1000);
	syscall(SYS_exit, 5);
	return NULL;
}

static void leader_first(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, exit_after_leader, NULL);
	syscall(SYS_exit, 4);
}

static void *use_privilege(void *arg __attribute__((unused)))
{
	setpriority(PRIO_PROCESS, 0, -3);
	return NULL;
}

static void privileged_thread(void)
{
	pthread_t thread;

	pthread_create(&thread, NULL, use_privilege, NULL);
	pthread_join(thread, NULL);
}

TEST(threads)
{
	struct acct_v3 ac;

	REQUIRE(record_of(leader_first, &ac));
	CHECK_EQ(ac.ac_exitcode, 4 << 8);
	CHECK_EQ(ac.ac_flag, AFORK);
	CHECK_EQ(count("acct", ac.ac_pid), 1);
	REQUIRE(record_of(privileged_thread, &ac));
	CHECK_EQ(ac.ac_flag, AFORK | ASU);
	CHECK_EQ(count("acct", ac.ac_pid), 1);
}

/* ---- which file ------------------------------------------------------------------------------ */

static pid_t run_child(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(0);
	waitpid(pid, NULL, 0);
	return pid;
}

TEST(files)
{
	struct acct_v3 ac;
	struct stat st;
	pid_t pid;

	make_file("a");
	write_file("b", "abc");
	CHECK_OK(acct("a"));
	pid = run_child();
	CHECK_EQ(count("a", pid), 1);
	CHECK_OK(acct("b"));
	CHECK(find("a", getpid(), &ac));	/* who changes it leaves a record, with little in it */
	CHECK_EQ(ac.ac_flag, 0);
	CHECK_EQ(ac.ac_exitcode, 0);
	CHECK_EQ(ac.ac_mem, 0);
	CHECK_EQ(ac.ac_minflt, 0);
	pid = run_child();
	CHECK_EQ(count("a", pid), 0);
	stat("b", &st);
	CHECK_EQ((st.st_size - 3) % sizeof(ac), 0);	/* appended */
	CHECK(st.st_size >= 3 + (off_t)sizeof(ac));
	CHECK_OK(acct("a"));
	CHECK_OK(acct(NULL));
	CHECK_EQ(count("a", getpid()), 2);
	stat("a", &st);
	pid = run_child();
	CHECK_EQ(count("a", pid), 0);
	CHECK_OK(acct(NULL));
	CHECK_EQ(count("a", getpid()), 2);
}

TEST(file_size_limit)
{
	struct rlimit none = { 0, RLIM_INFINITY };
	struct acct_v3 ac;

	make_file("a");
	CHECK_OK(acct("a"));
	setrlimit(RLIMIT_FSIZE, &none);
	CHECK_EQ(count("a", run_child()), 1);
	CHECK_OK(acct(NULL));
	CHECK(find("a", getpid(), &ac));
	getrlimit(RLIMIT_FSIZE, &none);
	CHECK_EQ(none.rlim_cur, 0);
}

TEST(full)
{
	static char page[4096];
	char was[100];
	pid_t pid;
	int fd;

	own_mounts();
	mkdir("m", 0700);
	REQUIRE(mount("none", "m", "tmpfs", 0, "size=1m") == 0);
	make_file("m/f");
	fd = open("m/fill", O_WRONLY | O_CREAT, 0600);
	for (int i = 0; i < 252; i++)
		write(fd, page, sizeof(page));
	read_file("/proc/sys/kernel/acct", was, sizeof(was));
	CHECK_STR(was, "4\t2\t30\n");
	write_file("/proc/sys/kernel/acct", "4 2 0");	/* look each time */
	CHECK_OK(acct("m/f"));
	pid = run_child();
	CHECK_EQ(count("m/f", pid), 0);
	ftruncate(fd, 0);
	pid = run_child();
	CHECK_EQ(count("m/f", pid), 1);
	for (int i = 0; i < 252; i++)
		write(fd, page, sizeof(page));
	pid = run_child();
	CHECK_EQ(count("m/f", pid), 0);
	CHECK_OK(acct(NULL));
	write_file("/proc/sys/kernel/acct", was);
}

static int first_of_namespace(void *arg __attribute__((unused)))
{
	pid_t pid;

	make_file("inner");
	CHECK_OK(acct("inner"));
	pid = run_child();
	CHECK_EQ(pid, 2);
	_exit(3);
}

TEST(pid_namespaces)
{
	static char stack[65536] __attribute__((aligned(16)));
	struct acct_v3 ac;
	pid_t pid;

	make_file("outer");
	CHECK_OK(acct("outer"));
	pid = clone(first_of_namespace, stack + sizeof(stack), CLONE_NEWPID | SIGCHLD, NULL);
	REQUIRE(pid > 0);
	expect_exit(pid, 3);
	REQUIRE(find("outer", pid, &ac));	/* those of the namespace are in both, each with its numbers */
	CHECK_EQ(ac.ac_ppid, getpid());
	CHECK_EQ(count("outer", pid), 1);
	CHECK_EQ(count("outer", 2), 0);
	REQUIRE(find("inner", 2, &ac));
	CHECK_EQ(ac.ac_ppid, 1);
	REQUIRE(find("inner", 1, &ac));
	CHECK_EQ(ac.ac_ppid, 0);
	CHECK_EQ(ac.ac_exitcode, 3 << 8);
	CHECK_EQ(count("inner", 1), 2);		/* as a process, and as who ended accounting */
	CHECK_EQ(count("inner", getpid()), 0);
	pid = run_child();
	CHECK_EQ(count("outer", pid), 1);
	CHECK_OK(acct(NULL));
}
