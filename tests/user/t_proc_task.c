// SPDX-License-Identifier: GPL-2.0-only
/* t_proc_task.c: /proc/<pid>/{timers,map_files,sched,attr}, /proc/sys/kernel/seccomp. */
#include "tap.h"

#include <dirent.h>
#include <pthread.h>

#define PAGE	4096UL
#define RW	(PROT_READ | PROT_WRITE)

static char text[8192];

static const char *slurp(const char *path)
{
	ssize_t n = read_file(path, text, sizeof(text));

	REQUIRE(n >= 0);
	return text;
}

static int read_errno(const char *path)
{
	char buf[64];
	int fd = open(path, O_RDONLY), err = 0;

	if (fd < 0)
		return errno;
	if (read(fd, buf, sizeof(buf)) < 0)
		err = errno;
	close(fd);
	return err;
}

/* ---- timers ------------------------------------------------------------------------------- */

/* The C library would make its own of these: the kernel's structure and call. */
struct event {
	void	*value;
	int	signo, notify, tid;
	char	rest[64];
};

TEST(timers)
{
	struct event none = { (void *)0x1234, 0, SIGEV_NONE, 0, "" };
	struct event thread = { (void *)0xabcd, SIGUSR1, SIGEV_THREAD_ID, syscall(SYS_gettid), "" };
	int id[3], width = is_compat() || kernel_is_64bit() ? 16 : 8;
	char want[600];

	CHECK_STR(slurp("/proc/self/timers"), "");
	CHECK_OK(syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &id[0]));
	CHECK_OK(syscall(SYS_timer_create, CLOCK_REALTIME, &none, &id[1]));
	CHECK_OK(syscall(SYS_timer_create, CLOCK_BOOTTIME, &thread, &id[2]));
	/* The newest is the first. */
	snprintf(want, sizeof(want),
		 "ID: %d\nsignal: %d/%0*x\nnotify: signal/tid.%d\nClockID: 7\n"
		 "ID: %d\nsignal: 0/%0*x\nnotify: none/pid.%d\nClockID: 0\n"
		 "ID: %d\nsignal: %d/%0*x\nnotify: signal/pid.%d\nClockID: 1\n",
		 id[2], SIGUSR1, width, 0xabcd, thread.tid, id[1], width, 0x1234, getpid(),
		 id[0], SIGALRM, width, id[0], getpid());
	CHECK_STR(slurp("/proc/self/timers"), want);
	CHECK_OK(syscall(SYS_timer_delete, id[2]));
	CHECK_OK(syscall(SYS_timer_delete, id[1]));
	CHECK_OK(syscall(SYS_timer_delete, id[0]));
	CHECK_STR(slurp("/proc/self/timers"), "");
	CHECK_ERR(open("/proc/thread-self/timers", O_RDONLY), ENOENT);
}

/* ---- map_files ---------------------------------------------------------------------------- */

static char link_name[100];

static const char *map_name(const char *who, const char *p, size_t len)
{
	snprintf(link_name, sizeof(link_name), "/proc/%s/map_files/%lx-%lx", who, (unsigned long)p,
		 (unsigned long)p + len);
	return link_name;
}

static char *map_of(const char *file, size_t pages, int mode, int prot, int flags)
{
	int fd = open(file, mode | O_CREAT, 0600);
	char *p;

	CHECK_OK(fd);
	if (mode != O_RDONLY)
		CHECK_OK(ftruncate(fd, pages * PAGE));
	p = mmap(NULL, pages * PAGE, prot, flags, fd, 0);
	REQUIRE(p != MAP_FAILED);
	close(fd);
	return p;
}

TEST(map_files)
{
	char *p = map_of("file", 3, O_RDWR, RW, MAP_SHARED), where[200], got[200] = "";
	char *anon = mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct stat st, by_link;
	int fd;

	REQUIRE(getcwd(where, sizeof(where) - 5));
	strcat(where, "/file");
	CHECK_EQ(readlink(map_name("self", p, 3 * PAGE), got, sizeof(got)), strlen(where));
	CHECK_STR(got, where);
	CHECK_OK(lstat(link_name, &st));
	CHECK_EQ(st.st_mode, S_IFLNK | 0600);
	CHECK_EQ(st.st_size, 64);
	CHECK_OK(stat("file", &st));
	CHECK_OK(stat(link_name, &by_link));
	CHECK_EQ(st.st_ino, by_link.st_ino);
	/* It leads there even when the name is gone. */
	CHECK_OK(unlink("file"));
	fd = open(link_name, O_RDWR);
	CHECK_OK(fd);
	CHECK_EQ(pwrite(fd, "x", 1, PAGE), 1);
	CHECK_EQ(p[PAGE], 'x');
	strcat(where, " (deleted)");
	memset(got, 0, sizeof(got));
	CHECK_EQ(readlink(link_name, got, sizeof(got)), strlen(where));
	CHECK_STR(got, where);
	/* Only whole mappings of files, under exactly their name. */
	CHECK_ERR(lstat(map_name("self", p, 2 * PAGE), &st), ENOENT);
	CHECK_ERR(lstat(map_name("self", p + PAGE, 2 * PAGE), &st), ENOENT);
	CHECK_ERR(lstat(map_name("self", anon, PAGE), &st), ENOENT);
	CHECK_ERR(lstat("/proc/self/map_files/x", &st), ENOENT);
	CHECK_ERR(lstat("/proc/self/map_files/0400000-500000", &st), ENOENT);
	CHECK_OK(munmap(p, 3 * PAGE));
	CHECK_ERR(lstat(map_name("self", p, 3 * PAGE), &st), ENOENT);
	CHECK_ERR(open("/proc/thread-self/map_files", O_RDONLY), ENOENT);
}

TEST(map_files_modes)
{
	struct stat st;
	char *p;

	CHECK_OK(stat("/proc/self/map_files", &st));
	CHECK_EQ(st.st_mode, S_IFDIR | 0500);
	CHECK_OK(close(open("file", O_RDWR | O_CREAT, 0600)));
	CHECK_OK(truncate("file", PAGE));
	p = map_of("file", 1, O_RDONLY, PROT_READ, MAP_PRIVATE);
	CHECK_OK(lstat(map_name("self", p, PAGE), &st));
	CHECK_EQ(st.st_mode, S_IFLNK | 0400);
}

/* The directory lists what maps has names of files for, in order. */
TEST(map_files_list)
{
	struct dirent *e;
	int here = 0, i;
	char *p[4];
	DIR *dir;

	for (i = 0; i < 4; i++) {
		char name[8];

		snprintf(name, sizeof(name), "f%d", i);
		p[i] = map_of(name, 1 + i, O_RDWR, RW, i & 1 ? MAP_SHARED : MAP_PRIVATE);
	}
	dir = opendir("/proc/self/map_files");
	REQUIRE(dir);
	while ((e = readdir(dir))) {
		if (e->d_name[0] == '.')
			continue;
		CHECK_EQ(e->d_type, DT_LNK);
		snprintf(text, sizeof(text), "/proc/self/map_files/%s", e->d_name);
		for (i = 0; i < 4; i++)
			here += !strcmp(text, map_name("self", p[i], (1 + i) * PAGE));
	}
	CHECK_EQ(here, 4);
	closedir(dir);
}

static char other_name[100], other_dir[40];

static void look_at_other(void)
{
	char got[200];

	become_user();
	CHECK_ERR(readlink(other_name, got, sizeof(got)), EACCES);
	CHECK_ERR(open(other_dir, O_RDONLY), EACCES);
}

static void follow_own(void)
{
	char *p = map_of("own", 1, O_RDWR, RW, MAP_SHARED), got[200];

	CHECK_OK(chmod("own", 0666));
	CHECK_OK(chmod(".", 0777));
	become_user();
	CHECK(readlink(map_name("self", p, PAGE), got, sizeof(got)) > 0);
	CHECK_ERR(open(link_name, O_RDONLY), EPERM);
}

TEST(map_files_permission)
{
	char *p = map_of("file", 1, O_RDWR, RW, MAP_SHARED), pid[16];

	snprintf(pid, sizeof(pid), "%d", getpid());
	strcpy(other_name, map_name(pid, p, PAGE));
	snprintf(other_dir, sizeof(other_dir), "/proc/%s/map_files", pid);
	in_child(look_at_other);
	in_child(follow_own);
}

/* ---- sched -------------------------------------------------------------------------------- */

static double value_of(const char *name)
{
	const char *line = strstr(text, name);

	REQUIRE(line && strchr(line, ':'));
	return atof(strchr(line, ':') + 1);
}

TEST(sched)
{
	char head[60];
	double before;

	slurp("/proc/self/sched");
	snprintf(head, sizeof(head), "run (%d, #threads: 1)\n------", getpid());
	CHECK(!strncmp(text, head, strlen(head)));
	before = value_of("\nse.sum_exec_runtime  ");
	CHECK(value_of("\nse.exec_start  ") > 0);
	CHECK_EQ(value_of("\nnr_switches  "), value_of("\nnr_voluntary_switches  ") +
		 value_of("\nnr_involuntary_switches  "));
	CHECK_EQ(value_of("\nse.load.weight  "), kernel_is_64bit() ? 1048576 : 1024);
	CHECK_EQ(value_of("\npolicy  "), 0);
	CHECK_EQ(value_of("\nprio  "), 120);
	sleep_ms(20);
	CHECK_EQ(nice(5), 5);
	slurp("/proc/thread-self/sched");
	CHECK(value_of("\nse.sum_exec_runtime  ") > before);
	CHECK(value_of("\nnr_voluntary_switches  ") >= 1);
	CHECK_EQ(value_of("\nprio  "), 125);
	CHECK_EQ(try_write("/proc/self/sched", "0"), 0);
}

/* ---- attr --------------------------------------------------------------------------------- */

static void *other_thread(void *arg)
{
	snprintf(text, sizeof(text), "/proc/self/task/%d/attr/current", *(int *)arg);
	CHECK_EQ(try_write(text, "exec x"), EACCES);
	return NULL;
}

TEST(attr)
{
	static const char *const unset[] = { "prev", "exec", "fscreate", "keycreate", "sockcreate", "apparmor/prev",
					     "apparmor/exec" };
	char path[60];
	int pid = getpid();
	pthread_t thread;
	size_t i;

	CHECK_STR(slurp("/proc/self/attr/current"), "unconfined\n");
	CHECK_STR(slurp("/proc/thread-self/attr/current"), "unconfined\n");
	CHECK_STR(slurp("/proc/1/attr/apparmor/current"), "unconfined\n");
	for (i = 0; i < ARRAY_SIZE(unset); i++) {
		snprintf(path, sizeof(path), "/proc/self/attr/%s", unset[i]);
		CHECK_EQ(read_errno(path), EINVAL);
	}
	CHECK_EQ(try_write("/proc/self/attr/current", "x"), EINVAL);
	CHECK_EQ(try_write("/proc/self/attr/exec", "x"), EINVAL);
	CHECK_EQ(try_write("/proc/self/attr/fscreate", "x"), EINVAL);
	CHECK_EQ(try_write("/proc/1/attr/current", "x"), EPERM);
	pthread_create(&thread, NULL, other_thread, &pid);
	pthread_join(thread, NULL);
	CHECK_ERR(open("/proc/self/attr/apparmor/fscreate", O_RDONLY), ENOENT);
}

/* ---- seccomp's variables ------------------------------------------------------------------ */

#define LOGGED "/proc/sys/kernel/seccomp/actions_logged"

TEST(seccomp_actions)
{
	static const char all[] = "kill_process kill_thread trap errno user_notif trace log";
	struct stat st;

	CHECK_STR(slurp("/proc/sys/kernel/seccomp/actions_avail"),
		  "kill_process kill_thread trap errno user_notif trace log allow\n");
	CHECK_OK(stat("/proc/sys/kernel/seccomp/actions_avail", &st));
	CHECK_EQ(st.st_mode, S_IFREG | 0444);
	snprintf(text, sizeof(text), "%s\n", all);
	CHECK(file_has(LOGGED, text));
	CHECK_EQ(try_write(LOGGED, "log trap\n"), 0);
	CHECK_STR(slurp(LOGGED), "trap log\n");
	CHECK_EQ(try_write(LOGGED, "log allow"), EINVAL);
	CHECK_EQ(try_write(LOGGED, "log nonsense"), EINVAL);
	CHECK_STR(slurp(LOGGED), "trap log\n");
	CHECK_EQ(try_write(LOGGED, "\n"), 0);
	CHECK_STR(slurp(LOGGED), "\n");
	CHECK_EQ(try_write(LOGGED, all), 0);
	CHECK_STR(slurp(LOGGED), "kill_process kill_thread trap errno user_notif trace log\n");
}
