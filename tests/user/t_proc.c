// SPDX-License-Identifier: GPL-2.0-only
/* t_proc.c: /proc: the files that ps, top, free and friends read, their formats, their guards. */
#include "tap.h"

#include <dirent.h>
#include <limits.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>

static char buf[65536];

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

static void stop(pid_t pid)
{
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

static const char *slurp(const char *path)
{
	if (read_file(path, buf, sizeof(buf)) < 0) {
		note("%s: %s", path, strerror(errno));
		buf[0] = '\0';
	}
	return buf;
}

/* The value behind "Name:" in a file of such lines, or -1. */
static long field(const char *path, const char *name)
{
	char *p = strstr(slurp(path), name);

	return p ? strtol(p + strlen(name), NULL, 10) : -1;
}

TEST(stat)
{
	int pid, ppid, pgrp, session, tty;
	char comm[32], state;
	long n = 0;
	char *p;

	prctl(PR_SET_NAME, "odd) name (x");
	slurp("/proc/self/stat");
	CHECK_EQ(sscanf(buf, "%d (%31[^\n]", &pid, comm), 2);
	CHECK_EQ(pid, getpid());
	CHECK(strncmp(strchr(buf, '('), "(odd) name (x) ", 15) == 0);
	p = strrchr(buf, ')') + 2;
	CHECK_EQ(sscanf(p, "%c %d %d %d %d", &state, &ppid, &pgrp, &session, &tty), 5);
	CHECK_EQ(state, 'R');
	CHECK_EQ(ppid, getppid());
	CHECK_EQ(pgrp, getpgrp());
	CHECK_EQ(session, getsid(0));
	for (; p; p = strchr(p + 1, ' '))
		n++;
	CHECK_EQ(n, 50);			/* 52 fields, less pid and comm */
	CHECK(buf[strlen(buf) - 1] == '\n');
}

TEST(statm)
{
	unsigned long size, resident, shared, text, lib, data, dt;

	CHECK_EQ(sscanf(slurp("/proc/self/statm"), "%lu %lu %lu %lu %lu %lu %lu", &size, &resident,
			&shared, &text, &lib, &data, &dt), 7);
	CHECK(size > resident && resident > 0 && resident >= shared);
	CHECK(text > 0 && text < size);
	CHECK(data > 0);
}

TEST(status)
{
	CHECK_EQ(field("/proc/self/status", "\nPid:"), getpid());
	CHECK_EQ(field("/proc/self/status", "\nPPid:"), getppid());
	CHECK_EQ(field("/proc/self/status", "\nTgid:"), getpid());
	CHECK_EQ(field("/proc/self/status", "\nThreads:"), 1);
	CHECK(field("/proc/self/status", "\nVmSize:") > 100);
	CHECK(field("/proc/self/status", "\nVmRSS:") > 10);
	CHECK(strstr(slurp("/proc/self/status"), "State:\tR (running)\n"));
	CHECK(strstr(buf, "Umask:\t0022\n"));
	CHECK(strstr(buf, "SigBlk:\t0000000000000000\n"));
	CHECK(strstr(buf, "Cpus_allowed:"));
	signal(SIGUSR1, SIG_IGN);
	block_signal(SIGUSR2);
	slurp("/proc/self/status");
	CHECK(strstr(buf, "SigIgn:\t0000000000000200\n"));
	CHECK(strstr(buf, "SigBlk:\t0000000000000800\n"));
}

/* Two pages touched in every 4 MiB: a table of 4 KiB for each, or two. */
TEST(tables_in_status)
{
	enum { STEP = 4 << 20, TABLES = 16 };
	long before = field("/proc/self/status", "\nVmPTE:");
	char *p = mmap(NULL, TABLES * STEP, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int i;

	CHECK(before >= 8);
	REQUIRE(p != MAP_FAILED);
	for (i = 0; i < TABLES; i++)
		p[i * STEP] = p[i * STEP + STEP / 2] = 1;
	CHECK(field("/proc/self/status", "\nVmPTE:") >= before + (TABLES - 1) * 4);
	CHECK_OK(munmap(p, TABLES * STEP));
	/* A table that was there for a neighbour may have grown (arm has small ones). */
	CHECK(field("/proc/self/status", "\nVmPTE:") <= before + 4);
}

TEST(of_another_process)
{
	char path[64];
	pid_t pid = sleeper();

	CHECK(wait_state(pid, 'S'));
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	CHECK(strstr(slurp(path), "State:\tS (sleeping)\n"));
	CHECK_EQ(field(path, "\nPPid:"), getpid());
	kill(pid, SIGSTOP);
	CHECK(wait_state(pid, 'T'));
	CHECK(strstr(slurp(path), "State:\tT (stopped)\n"));
	kill(pid, SIGKILL);
	CHECK(wait_state(pid, 'Z'));
	CHECK(strstr(slurp(path), "State:\tZ (zombie)\n"));
	expect_signal(pid, SIGKILL);
	CHECK_ERR(open(path, O_RDONLY), ENOENT);
}

TEST(descriptor_of_a_dead_process)
{
	char path[64];
	pid_t pid = sleeper();
	int fd, dir;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY);
	snprintf(path, sizeof(path), "/proc/%d", pid);
	dir = open(path, O_RDONLY | O_DIRECTORY);
	stop(pid);
	CHECK_ERR(read(fd, buf, 100), ESRCH);
	CHECK_ERR(openat(dir, "stat", O_RDONLY), ESRCH);
}

HELPER(wait)
{
	for (;;)
		pause();
	return 0;
}

TEST(cmdline_and_environ)
{
	char *args[] = { "the name", "@t_proc.wait", "two words", "", NULL };
	char *env[] = { "ONE=1", "TWO=2", NULL };
	char path[64];
	ssize_t n;
	pid_t pid = fork();

	if (pid == 0) {
		execve(self_path, args, env);
		_exit(126);
	}
	wait_state(pid, 'S');
	snprintf(path, sizeof(path), "/proc/%d/cmdline", pid);
	do {
		n = read_file(path, buf, sizeof(buf));
	} while (n > 0 && memcmp(buf, "the name", 9));
	CHECK_EQ(n, 9 + 13 + 10 + 1);
	CHECK(memcmp(buf, "the name\0@t_proc.wait\0two words\0", 33) == 0);
	snprintf(path, sizeof(path), "/proc/%d/environ", pid);
	CHECK_EQ(read_file(path, buf, sizeof(buf)), 12);
	CHECK(memcmp(buf, "ONE=1\0TWO=2", 12) == 0);
	stop(pid);
}

TEST(links)
{
	char target[PATH_MAX], cwd[PATH_MAX];
	ssize_t n;

	n = readlink("/proc/self", target, sizeof(target));
	target[n > 0 ? n : 0] = '\0';
	CHECK_EQ(atoi(target), getpid());
	n = readlink("/proc/self/exe", target, sizeof(target));
	target[n > 0 ? n : 0] = '\0';
	CHECK_STR(target, self_path);
	n = readlink("/proc/self/cwd", target, sizeof(target));
	target[n > 0 ? n : 0] = '\0';
	CHECK_STR(target, getcwd(cwd, sizeof(cwd)));
	n = readlink("/proc/self/root", target, sizeof(target));
	target[n > 0 ? n : 0] = '\0';
	CHECK_STR(target, "/");
	n = readlink("/proc/thread-self", target, sizeof(target));
	target[n > 0 ? n : 0] = '\0';
	CHECK(strstr(target, "/task/"));
}

TEST(fd_directory)
{
	char path[64], target[256];
	struct stat st;
	struct dirent *entry;
	int fd, found = 0;
	DIR *dir;
	ssize_t n;

	fd = open("/dev/null", O_WRONLY);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	n = readlink(path, target, sizeof(target));
	target[n > 0 ? n : 0] = '\0';
	CHECK_STR(target, "/dev/null");
	CHECK_OK(lstat(path, &st));
	CHECK_EQ(st.st_mode & 0777, 0300);
	CHECK_OK(stat(path, &st));
	CHECK_EQ(st.st_rdev, makedev(1, 3));
	dir = opendir("/proc/self/fd");
	while ((entry = readdir(dir)))
		found += atoi(entry->d_name) == fd && entry->d_name[0] != '.';
	closedir(dir);
	CHECK_EQ(found, 1);
	close(fd);
	CHECK_ERR(readlink(path, target, sizeof(target)), ENOENT);
	fd = open("/dev/zero", O_RDWR | O_APPEND | O_CLOEXEC);
	lseek(fd, 0, SEEK_SET);
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	slurp(path);
	CHECK(strstr(buf, "pos:\t0\n"));
	CHECK(strstr(buf, "flags:\t0"));
}

TEST(maps)
{
	char *p = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *q, want[64], *line;
	int fd;

	mprotect(p + 4096, 4096, PROT_READ | PROT_EXEC);
	snprintf(want, sizeof(want), "%08lx-%08lx r-xp 00000000 00:00 0", (long)p + 4096,
		 (long)p + 8192);
	CHECK(strstr(slurp("/proc/self/maps"), want));
	CHECK(strstr(buf, "[stack]\n"));
	CHECK(strstr(buf, self_path));
	write_file("mapped", "x");
	fd = open("mapped", O_RDWR);
	q = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	slurp("/proc/self/maps");
	snprintf(want, sizeof(want), "%08lx-", (long)q);
	line = strstr(buf, want);
	REQUIRE(line);
	CHECK(strncmp(strchr(line, ' '), " rw-s 00000000 ", 15) == 0);
	*strchr(line, '\n') = '\0';
	CHECK(strstr(line, "/mapped"));
	/* The path stands in column 74 (64-bit kernel) or 50 (32-bit), as tools expect. */
	CHECK_EQ(strchr(line, '/') - line, kernel_is_64bit() ? 73 : 49);
}

TEST(smaps)
{
	char *p = mmap(NULL, 10 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(p, 1, 3 * 4096);
	slurp("/proc/self/smaps");
	CHECK(strstr(buf, "Rss:                  12 kB"));
	CHECK(strstr(buf, "Size:                 40 kB"));
	CHECK(strstr(buf, "VmFlags: rd wr"));
	CHECK(field("/proc/self/smaps_rollup", "Rss:") > 20);
}

TEST(mem)
{
	char *p = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("/proc/self/mem", O_RDWR);
	char got[8] = "";

	REQUIRE(fd >= 0);
	strcpy(p, "memory");
	CHECK_EQ(pread(fd, got, 6, (uintptr_t)p), 6);
	CHECK_STR(got, "memory");
	CHECK_EQ(pwrite(fd, "M", 1, (uintptr_t)p), 1);
	CHECK_EQ(p[0], 'M');
	munmap(p, 4096);
	CHECK_ERR(pread(fd, got, 6, (uintptr_t)p), EIO);
}

TEST(meminfo)
{
	long total = field("/proc/meminfo", "MemTotal:"), free = field("/proc/meminfo", "MemFree:");

	CHECK(total > 10000);
	CHECK(free > 1000 && free < total);
	CHECK(field("/proc/meminfo", "MemAvailable:") > 1000);
	CHECK(field("/proc/meminfo", "\nBuffers:") >= 0);
	CHECK(field("/proc/meminfo", "\nCached:") >= 0);
	CHECK_EQ(field("/proc/meminfo", "SwapTotal:"), 0);
	CHECK(field("/proc/meminfo", "\nSlab:") > 0);
	CHECK(strncmp(slurp("/proc/meminfo"), "MemTotal:       ", 16) == 0);
}

TEST(system_files)
{
	double a, b;
	int running, total, last;
	double load;

	CHECK_EQ(sscanf(slurp("/proc/uptime"), "%lf %lf\n", &a, &b), 2);
	CHECK(a > 0 && b >= 0);
	CHECK_EQ(sscanf(slurp("/proc/loadavg"), "%lf %*f %*f %d/%d %d\n", &load, &running, &total,
			&last), 4);
	CHECK(load >= 0 && running >= 1 && total > running && last >= getpid());
	CHECK(strncmp(slurp("/proc/version"), "Linux version 6.1.", 18) == 0);
	CHECK(strncmp(slurp("/proc/stat"), "cpu  ", 5) == 0);
	CHECK(strstr(buf, "\ncpu0 "));
	CHECK(strstr(buf, "\nintr ") && strstr(buf, "\nctxt ") && strstr(buf, "\nbtime "));
	CHECK(strstr(buf, "\nprocesses ") && strstr(buf, "\nprocs_running "));
	CHECK(strstr(slurp("/proc/cpuinfo"), "processor\t: 0\n"));
	CHECK(strstr(buf, "Features\t: "));
	CHECK(strstr(slurp("/proc/filesystems"), "nodev\ttmpfs\n"));
	CHECK(strstr(buf, "nodev\tproc\n"));
	CHECK(strstr(slurp("/proc/interrupts"), "CPU0"));
	CHECK(slurp("/proc/cmdline")[0] != '\0');
	CHECK(strstr(slurp("/proc/devices"), "Character devices:\n"));
	CHECK_OK(access("/proc/partitions", R_OK));
}

TEST(cpu_lines_add_up)
{
	unsigned long long sum[4] = { 0 }, v[4], total[4];
	char *line;
	int i;

	slurp("/proc/stat");
	sscanf(buf, "cpu %llu %llu %llu %llu", &total[0], &total[1], &total[2], &total[3]);
	for (line = strstr(buf, "\ncpu"); line; line = strstr(line + 1, "\ncpu")) {
		sscanf(line, "\ncpu%*d %llu %llu %llu %llu", &v[0], &v[1], &v[2], &v[3]);
		for (i = 0; i < 4; i++)
			sum[i] += v[i];
	}
	for (i = 0; i < 4; i++)
		CHECK(llabs((long long)(sum[i] - total[i])) < 20);
}

TEST(mounts)
{
	CHECK(strstr(slurp("/proc/self/mounts"), " / "));
	CHECK(strstr(buf, "proc /proc proc rw"));
	CHECK(strstr(slurp("/proc/mounts"), " /tmp tmpfs rw"));
	CHECK(strstr(slurp("/proc/self/mountinfo"), " / /proc rw"));
	CHECK(strstr(buf, " - proc proc rw\n"));
}

TEST(sysctl)
{
	CHECK(atol(slurp("/proc/sys/kernel/pid_max")) >= 32768);
	CHECK_STR(slurp("/proc/sys/kernel/ostype"), "Linux\n");
	CHECK(strncmp(slurp("/proc/sys/kernel/osrelease"), "6.1.", 4) == 0);
	CHECK(atol(slurp("/proc/sys/fs/file-max")) > 100);
	CHECK(slurp("/proc/sys/vm/overcommit_memory")[0] >= '0');
	CHECK_ERR(open("/proc/sys/kernel/ostype", O_WRONLY), EACCES);
	write_file("/proc/sys/kernel/pid_max", "30000\n");
	CHECK_STR(slurp("/proc/sys/kernel/pid_max"), "30000\n");
	write_file("/proc/sys/kernel/pid_max", "32768");
	{
		int fd = open("/proc/sys/kernel/pid_max", O_WRONLY);

		CHECK_ERR(write(fd, "1", 1), EINVAL);
		CHECK_ERR(write(fd, "abc", 3), EINVAL);
	}
}

TEST(directory_lists_processes)
{
	pid_t pid = sleeper();
	struct dirent *entry;
	DIR *dir = opendir("/proc");
	bool me = false, child = false, one = false, self = false;

	while ((entry = readdir(dir))) {
		me |= atoi(entry->d_name) == getpid();
		child |= atoi(entry->d_name) == pid;
		one |= strcmp(entry->d_name, "1") == 0;
		self |= strcmp(entry->d_name, "self") == 0;
	}
	closedir(dir);
	CHECK(me && child && one && self);
	stop(pid);
}

TEST(guards)
{
	pid_t pid;

	CHECK_ERR(mkdir("/proc/x", 0755), ENOENT);
	CHECK_ERR(unlink("/proc/version"), EPERM);
	CHECK_ERR(open("/proc/x", O_WRONLY | O_CREAT, 0644), ENOENT);
	CHECK_ERR(open("/proc/999999", O_RDONLY), ENOENT);
	CHECK_ERR(open("/proc/01", O_RDONLY), ENOENT);
	pid = fork();
	if (pid == 0) {
		become_user();
		CHECK_ERR(readlink("/proc/1/exe", buf, 100), EACCES);
		CHECK_ERR(open("/proc/1/environ", O_RDONLY), EACCES);
		CHECK_ERR(open("/proc/1/mem", O_RDONLY), EACCES);
		CHECK_ERR(open("/proc/1/fd", O_RDONLY), EACCES);
		CHECK_OK(open("/proc/1/stat", O_RDONLY));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(read_in_pieces)
{
	char whole[4096], pieces[4096];
	int fd = open("/proc/version", O_RDONLY);
	ssize_t n, done = 0;

	n = read_file("/proc/version", whole, sizeof(whole));
	while (read(fd, pieces + done, 1) == 1)
		done++;
	pieces[done] = '\0';
	CHECK_EQ(done, n);
	CHECK_STR(pieces, whole);
	CHECK_EQ(lseek(fd, 6, SEEK_SET), 6);
	CHECK_EQ(read(fd, pieces, 7), 7);
	CHECK(memcmp(pieces, "version", 7) == 0);
}

TEST(oom_score_adj)
{
	CHECK_STR(slurp("/proc/self/oom_score_adj"), "0\n");
	write_file("/proc/self/oom_score_adj", "500");
	CHECK_STR(slurp("/proc/self/oom_score_adj"), "500\n");
	{
		int fd = open("/proc/self/oom_score_adj", O_WRONLY);

		CHECK_ERR(write(fd, "1001", 4), EINVAL);
	}
}

TEST(status_of_memory_and_speculation)
{
	bool wide = kernel_is_64bit();

	CHECK(file_has("/proc/self/status", "\nHugetlbPages:\t       0 kB\nCoreDumping:\t0\nTHP_enabled:\t1\n"
		       "Threads:"));
	CHECK_OK(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0));
	CHECK(file_has("/proc/self/status", "\nTHP_enabled:\t0\n"));
	CHECK(file_has("/proc/self/status", "\nSpeculation_Store_Bypass:\t"));
	CHECK(file_has("/proc/self/status", wide ? "\nSpeculationIndirectBranch:\tunknown\nCpus_allowed:" :
		       "\nSpeculationIndirectBranch:\tunsupported\nCpus_allowed:"));
	CHECK(file_has("/proc/self/status", wide ? "\nMems_allowed:\t0001\nMems_allowed_list:\t0\n" :
		       "\nMems_allowed:\t1\nMems_allowed_list:\t0\n"));
}
