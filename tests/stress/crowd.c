// SPDX-License-Identifier: GPL-2.0-only
/*
 * crowd.c SECONDS [WORKERS [STORM]]: whole groups of processes that end at once while they multiply: a pid namespace
 * whose init is killed, a control group that is killed, one whose limit of pids a fork bomb runs against, threads of
 * which one execs or ends all.
 * crowd.c -n TASKS: that many tasks alive at a time, in processes of 500 threads.
 *
 * Each member of a group holds the write end of a pipe: end of file says that nobody is left. Exits 0 if nothing wrong
 * was seen.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIDS_MAX = 24, THREADS = 500, STACK = 16384 };

static const char *self;
static const char *cgroups = "/tmp/crowd.cg";
static int worker;

/* A storm runs once per call and says whether what it saw was right. */
typedef bool storm(void);

static void short_sleep(void)
{
	nanosleep(&(struct timespec){ 0, 1000 * (rand() % 5000) }, NULL);
}

/* A member: two generations of children, for ever. */
static void multiply(void)
{
	for (;;) {
		if (fork() == 0) {
			fork();
			_exit(0);
		}
		while (waitpid(-1, NULL, rand() & 1 ? WNOHANG : 0) > 0)
			;
	}
}

/* @pid was killed; and nobody of those who had the pipe's other end is there any more. */
static bool all_dead(pid_t pid, int read_end)
{
	char c;
	int ws;

	if (waitpid(pid, &ws, 0) != pid || !WIFSIGNALED(ws) || WTERMSIG(ws) != SIGKILL)
		return false;
	return read(read_end, &c, 1) == 0;
}

static bool killed_init(void)
{
	bool good;
	int fd[2];
	pid_t pid;

	if (pipe(fd) || unshare(CLONE_NEWPID))
		return false;
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		for (int i = 0; i < 3; i++)
			if (fork() == 0)
				multiply();
		multiply();
	}
	close(fd[1]);
	short_sleep();
	kill(pid, SIGKILL);
	good = all_dead(pid, fd[0]);
	close(fd[0]);
	return good;
}

static bool write_to(const char *group, const char *file, const char *text)
{
	char path[100];
	bool good;
	int fd;

	snprintf(path, sizeof(path), "%s/%s/%s", cgroups, group, file);
	fd = open(path, O_WRONLY);
	good = fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return good;
}

static long read_from(const char *group, const char *file)
{
	char path[100], text[20] = "";
	int fd;

	snprintf(path, sizeof(path), "%s/%s/%s", cgroups, group, file);
	fd = open(path, O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		text[0] = '-';
	close(fd);
	return atol(text);
}

/* A group of @limit pids (NULL: no limit) in which processes multiply, then killed as a whole. */
static bool killed_group(const char *limit)
{
	char name[20], path[60];
	bool good = true;
	int fd[2];
	pid_t pid;

	snprintf(name, sizeof(name), "w%d", worker);
	snprintf(path, sizeof(path), "%s/%s", cgroups, name);
	if (pipe(fd) || mkdir(path, 0755))
		return false;
	if (limit)
		good = write_to(name, "pids.max", limit);
	pid = fork();
	if (pid == 0) {
		close(fd[0]);
		if (!write_to(name, "cgroup.procs", "0"))
			_exit(1);
		for (int i = 0; i < 3; i++)
			if (fork() == 0)
				multiply();
		multiply();
	}
	close(fd[1]);
	while (!read_from(name, "pids.current"))
		short_sleep();
	for (int i = 0; limit && i < 20; i++) {
		good &= read_from(name, "pids.current") <= PIDS_MAX;
		short_sleep();
	}
	good &= write_to(name, "cgroup.kill", "1") && all_dead(pid, fd[0]);
	close(fd[0]);
	while (rmdir(path) && errno == EBUSY)	/* a zombie that init has not reaped yet */
		short_sleep();
	return good;
}

static bool killed_cgroup(void)
{
	return killed_group(NULL);
}

static bool bomb_in_cgroup(void)
{
	char limit[10];

	snprintf(limit, sizeof(limit), "%d", PIDS_MAX);
	return killed_group(limit);
}

/* ---- threads --------------------------------------------------------------------------------- */

enum end { EXEC, EXIT_GROUP, FORK };

static void *one_of_many(void *arg)
{
	enum end end = (long)arg;

	short_sleep();
	if (end == EXEC)
		execl(self, self, "exit", "42", NULL);
	if (end == EXIT_GROUP)
		exit(42);
	for (;;)
		if (fork() == 0)
			_exit(0);
		else
			while (waitpid(-1, NULL, WNOHANG) > 0)
				;
	return NULL;
}

/* Threads of which some start others, some fork, and two want to end all of this in the same way. */
static bool ended_by(enum end end)
{
	pthread_attr_t attr;
	pid_t pid = fork();
	int ws;

	if (pid)
		return waitpid(pid, &ws, 0) == pid && ws == 42 << 8;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, 65536);
	for (int i = 0; ; i++) {
		pthread_t thread;

		if (!pthread_create(&thread, &attr, one_of_many, (void *)(long)(i == 3 || i == 5 ? end : FORK)))
			pthread_detach(thread);
		if (i > 12)
			short_sleep();
	}
}

static bool thread_execs(void)
{
	return ended_by(EXEC);
}

static bool thread_exits(void)
{
	return ended_by(EXIT_GROUP);
}

/* ---- many at a time -------------------------------------------------------------------------- */

static int wait_here(void *read_end)
{
	char c;

	return read(*(int *)read_end, &c, 1) != 0;
}

/* This process and as many threads; a byte to @ready when all are there. Until @read_end's writers have gone. */
static void part_of_crowd(int threads, int ready, int read_end)
{
	char *stacks = mmap(NULL, (size_t)threads * STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;

	for (int i = 0; i < threads; i++)
		if (clone(wait_here, stacks + (size_t)(i + 1) * STACK, flags, &read_end) < 0)
			_exit(1);
	if (write(ready, "", 1) != 1)
		_exit(2);
	close(ready);
	_exit(wait_here(&read_end));
}

static long tasks_alive(void)
{
	FILE *f = fopen("/proc/loadavg", "r");
	long all = 0;

	if (f && fscanf(f, "%*s %*s %*s %*d/%ld", &all) != 1)
		all = 0;
	if (f)
		fclose(f);
	return all;
}

static int crowd(int tasks)
{
	FILE *limit = fopen("/proc/sys/kernel/threads-max", "w");
	int ready[2], hold[2], ws, bad = 0, processes = tasks / THREADS, i;
	long before = tasks_alive(), most;
	char c;

	if (!limit || fprintf(limit, "%d", 2 * tasks) < 0 || fclose(limit) || pipe(ready) || pipe(hold))
		return 1;
	for (i = 0; i < processes; i++) {
		if (fork() == 0) {
			close(hold[1]);
			close(ready[0]);
			part_of_crowd(THREADS - 1, ready[1], hold[0]);
		}
	}
	close(ready[1]);
	for (i = 0; i < processes && read(ready[0], &c, 1) == 1; i++)
		;
	most = tasks_alive() - before;
	close(hold[1]);
	while (wait(&ws) > 0)
		bad += ws != 0;
	printf("crowd: %ld tasks at a time, %d bad\n", most, bad);
	return bad || most < tasks;
}

/* ---- main ------------------------------------------------------------------------------------ */

static storm *const storms[] = { killed_init, killed_cgroup, bomb_in_cgroup, thread_execs, thread_exits };
static const char *const names[] = { "killed_init", "killed_cgroup", "bomb_in_cgroup", "thread_execs", "thread_exits" };

/* In a process of its own: unshare(CLONE_NEWPID) is for all children that follow. */
static bool try(int i)
{
	pid_t pid = fork();
	int ws;

	if (pid == 0) {
		alarm(120);
		_exit(!storms[i]());
	}
	return waitpid(pid, &ws, 0) == pid && ws == 0;
}

static int work(time_t end, const char *only)
{
	int bad = 0;

	srand(getpid());
	while (time(NULL) < end) {
		int i = rand() % (sizeof(storms) / sizeof(storms[0]));

		if (only && strcmp(names[i], only))
			continue;
		if (!try(i)) {
			printf("crowd: worker %d: %s saw a wrong result\n", worker, names[i]);
			fflush(stdout);
			bad++;
		}
	}
	return bad != 0;
}

int main(int argc, char **argv)
{
	int seconds = argc > 1 ? atoi(argv[1]) : 10, workers = argc > 2 ? atoi(argv[2]) : 4, ws, bad = 0;
	time_t end = time(NULL) + seconds;

	self = argv[0];
	if (argc > 2 && strcmp(argv[1], "exit") == 0)
		return atoi(argv[2]);
	if (argc > 2 && strcmp(argv[1], "-n") == 0)
		return crowd(atoi(argv[2]));
	mkdir(cgroups, 0755);
	if (mount("none", cgroups, "cgroup2", 0, NULL) || !write_to("", "cgroup.subtree_control", "+pids"))
		bad++;
	for (worker = 0; worker < workers; worker++)
		if (fork() == 0)
			_exit(work(end, argc > 3 ? argv[3] : NULL));
	while (wait(&ws) > 0)
		bad += ws != 0;
	write_to("", "cgroup.subtree_control", "-pids");
	bad += umount(cgroups) || rmdir(cgroups);
	printf("crowd: %d workers, %d bad\n", workers, bad);
	return bad != 0;
}
