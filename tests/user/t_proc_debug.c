// SPDX-License-Identifier: GPL-2.0-only
/* t_proc_debug.c: files of /proc/<pid> for debuggers: syscall, stack, children, timerslack_ns, pagemap, clear_refs. */
#include "tap.h"

#include <sys/prctl.h>

static void path_of(char *path, size_t size, pid_t pid, const char *name)
{
	snprintf(path, size, "/proc/%d/%s", pid, name);
}

static pid_t sleeper(void)
{
	pid_t pid = fork();

	if (!pid) {
		syscall(SYS_ppoll, 0, 0, 0, 0, 0);
		_exit(0);
	}
	CHECK(wait_state(pid, 'S'));
	return pid;
}

static void reap(pid_t pid)
{
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

TEST(syscall)
{
	char path[64], text[256], want[32];
	unsigned long sp, pc;
	pid_t pid = sleeper();

	path_of(path, sizeof(path), pid, "syscall");
	read_file(path, text, sizeof(text));
	snprintf(want, sizeof(want), "%d 0x0 0x0 0x0 0x0 0x0 0x", (int)SYS_ppoll);
	CHECK(!strncmp(text, want, strlen(want)));
	CHECK_EQ(sscanf(text, "%*d %*x %*x %*x %*x %*x %*x %lx %lx", &sp, &pc), 2);
	CHECK(sp && pc);
	reap(pid);
	/* Ourselves: in read. */
	read_file("/proc/self/syscall", text, sizeof(text));
	CHECK_EQ(atoi(text), SYS_read);
	pid = fork();
	if (!pid)
		for (;;)
			;
	sleep_ms(20);
	path_of(path, sizeof(path), pid, "syscall");
	read_file(path, text, sizeof(text));
	CHECK(!strcmp(text, "running\n") || !strncmp(text, "-1 0x", 5));
	reap(pid);
}

TEST(stack)
{
	char path[64], text[4096];
	pid_t pid = sleeper();

	path_of(path, sizeof(path), pid, "stack");
	CHECK(read_file(path, text, sizeof(text)) >= 0);
#ifdef __aarch64__			/* Linux cannot tell where others sleep on arm */
	CHECK(!strncmp(text, "[<0>] ", 6));
	CHECK(strstr(text, "poll"));
#endif
	reap(pid);
}

TEST(who_may)
{
	char path[64];
	pid_t pid = sleeper(), child = fork();

	if (!child) {
		become_user();
		path_of(path, sizeof(path), pid, "syscall");
		CHECK_ERR(open(path, O_RDONLY), EACCES);
		path_of(path, sizeof(path), pid, "stack");
		CHECK_ERR(open(path, O_RDONLY), EACCES);
		path_of(path, sizeof(path), pid, "pagemap");
		CHECK_ERR(open(path, O_RDONLY), EACCES);
		path_of(path, sizeof(path), pid, "clear_refs");
		CHECK_ERR(open(path, O_WRONLY), EACCES);
		finish();
	}
	expect_exit(child, 0);
	reap(pid);
}

TEST(children)
{
	char path[64], text[128], want[64];
	pid_t a = sleeper(), b = sleeper();

	snprintf(path, sizeof(path), "/proc/self/task/%d/children", getpid());
	snprintf(want, sizeof(want), "%d %d ", a, b);
	read_file(path, text, sizeof(text));
	CHECK_STR(text, want);
	reap(a);
	snprintf(want, sizeof(want), "%d ", b);
	read_file(path, text, sizeof(text));
	CHECK_STR(text, want);
	reap(b);
	CHECK_EQ(read_file(path, text, sizeof(text)), 0);
}

TEST(timerslack)
{
	char path[64];
	pid_t pid = sleeper();

	CHECK(file_has("/proc/self/timerslack_ns", "50000\n"));
	write_file("/proc/self/timerslack_ns", "1234");
	CHECK_EQ(prctl(PR_GET_TIMERSLACK), 1234);
	write_file("/proc/self/timerslack_ns", "0");
	CHECK_EQ(prctl(PR_GET_TIMERSLACK), 50000);
	path_of(path, sizeof(path), pid, "timerslack_ns");
	write_file(path, "777");
	CHECK(file_has(path, "777\n"));
	CHECK_ERR(write(open(path, O_WRONLY), "x", 1), EINVAL);
	reap(pid);
}

static uint64_t entry_of(int fd, void *addr)
{
	uint64_t entry = 0;

	CHECK_EQ(pread(fd, &entry, 8, (unsigned long)addr / 4096 * 8), 8);
	return entry;
}

TEST(pagemap)
{
	char *anon = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *file;
	int fd = open("/proc/self/pagemap", O_RDONLY), data = open("data", O_RDWR | O_CREAT, 0600);
	uint64_t entry, two[2];

	anon[4096] = 1;
	entry = entry_of(fd, anon + 4096);
	CHECK(entry >> 63 & 1);				/* present */
	CHECK(!(entry >> 61 & 1));			/* no file's */
	CHECK(entry >> 56 & 1);				/* ours alone */
	CHECK(entry & ((1ULL << 55) - 1));		/* root sees where */
	CHECK_EQ(entry_of(fd, anon), 0);
	CHECK_EQ(pread(fd, two, 16, (unsigned long)anon / 4096 * 8 + 8), 16);
	CHECK(two[0] && !two[1]);
	CHECK_OK(ftruncate(data, 4096));
	file = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, data, 0);
	file[0] = 1;
	entry = entry_of(fd, file);
	CHECK(entry >> 63 & 1);
	CHECK(entry >> 61 & 1);
	CHECK_ERR(pread(fd, two, 7, 0), EINVAL);
	CHECK_ERR(pread(fd, two, 8, 4), EINVAL);
	CHECK_EQ(pread(fd, two, 0, 0), 0);
}

static int referenced_kb(void *addr)
{
	static char text[1 << 18];
	char start[32], *p;
	int kb = -1;

	read_file("/proc/self/smaps", text, sizeof(text));
	snprintf(start, sizeof(start), "\n%lx-", (unsigned long)addr);
	p = strstr(text, start);
	p = p ? strstr(p, "Referenced:") : NULL;
	if (p)
		sscanf(p, "Referenced: %d", &kb);
	return kb;
}

TEST(clear_refs)
{
	char *p = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	memset(p, 1, 65536);
	CHECK_EQ(referenced_kb(p), 64);
	write_file("/proc/self/clear_refs", "1");
	CHECK_EQ(referenced_kb(p), 0);
#ifdef __aarch64__			/* on arm Linux does not notice this */
	*(volatile char *)p = 2;
	CHECK_EQ(referenced_kb(p), 4);
#endif
	write_file("/proc/self/clear_refs", "4");
	write_file("/proc/self/clear_refs", "5");
	CHECK_ERR(write(open("/proc/self/clear_refs", O_WRONLY), "6", 1), EINVAL);
	CHECK_ERR(write(open("/proc/self/clear_refs", O_WRONLY), "0", 1), EINVAL);
	CHECK_ERR(write(open("/proc/self/clear_refs", O_WRONLY), "x", 1), EINVAL);
}
