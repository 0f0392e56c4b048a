// SPDX-License-Identifier: GPL-2.0-only
/*
 * grind.c [SECONDS|CALLSc [SEED]]: random system calls with random arguments, from several processes as an
 * unprivileged user, in a directory of their own. Any result will do as long as the machine lives:
 * each process is expected to die now and then and is replaced, and so is one that does not get on. Prints the
 * number of calls and the seed with which to run the same again. "2000000c" instead of seconds: so many calls.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS = 4, CALLS_PER_LIFE = 3000, TICK_MS = 20, PATIENCE = 50 /* ticks */ };

static long *total, *mine;		/* calls: of all, and of a worker with its children */
static uint64_t state;
static char buffer[65536];

static uint32_t rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state >> 16;
}

/* An argument of the kind that is likely to be taken seriously. */
static long argument(void)
{
	static char *const names[] = { "/", ".", "a", "b", "a/b", "/proc/self/stat", "/dev/null",
				       "/dev/zero", "c", "/proc/self/fd/3", "" };

	switch (rnd() % 12) {
	case 0:		return 0;
	case 1:		return -1;
	case 2:		return rnd() % 8;		/* a descriptor */
	case 3:		return rnd() % 64;
	case 4:		return 1L << (rnd() % (8 * sizeof(long)));
	case 5:		return (long)names[rnd() % (sizeof(names) / sizeof(names[0]))];
	case 6:
	case 7:		return (long)(buffer + (rnd() % 60000 & ~7));
	case 8:		return 4096L * (rnd() % 64);
	case 9:		return (long)((uintptr_t)buffer & ~4095UL);
	case 10:	return getpid();
	default:	return (long)((uint64_t)rnd() << 32 | rnd());
	}
}

/* What would end the run instead of testing anything. */
static int is_excluded(long nr)
{
	static const long excluded[] = {
		SYS_exit, SYS_exit_group, SYS_reboot, SYS_rt_sigreturn, SYS_kill, SYS_tkill,
		SYS_tgkill, SYS_pidfd_send_signal, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo,
		SYS_clone, SYS_clone3, SYS_setrlimit, SYS_prlimit64, SYS_rt_sigsuspend,
		SYS_setsid, SYS_vhangup,
#ifdef SYS_fork
		SYS_fork, SYS_vfork, SYS_pause, SYS_sigsuspend, SYS_sigreturn,
#endif
	};
	size_t i;

	for (i = 0; i < sizeof(excluded) / sizeof(excluded[0]); i++)
		if (nr == excluded[i])
			return 1;
	return 0;
}

static void live(void)
{
	int i;

	for (i = 0; i < CALLS_PER_LIFE; i++) {
		long nr = rnd() % 450;

		if (is_excluded(nr))
			continue;
		if (rnd() % 200 == 0 && fork() == 0)
			alarm(3);		/* the child goes on beside us, with its own limit */
		syscall(nr, argument(), argument(), argument(), argument(), argument(),
			argument());
		__atomic_add_fetch(total, 1, __ATOMIC_RELAXED);
		__atomic_add_fetch(mine, 1, __ATOMIC_RELAXED);
	}
	_exit(0);
}

static void on_tick(int sig)
{
	(void)sig;
}

/* What blocks is interrupted soon. */
static void start_ticking(void)
{
	struct itimerval often = { { 0, 5000 }, { 0, 5000 } };
	struct sigaction act = { .sa_handler = on_tick };

	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
}

static pid_t start_worker(int i, uint64_t seed)
{
	struct rlimit procs = { 40, 40 }, memory = { 128 << 20, 128 << 20 }, files = { 64, 64 };
	pid_t pid = fork();
	int fd;

	if (pid)
		return pid;
	state = seed * 0x9e3779b97f4a7c15ULL | 1;
	mine = total + 1 + i;
	setpgid(0, 0);
	setrlimit(RLIMIT_NPROC, &procs);
	setrlimit(RLIMIT_AS, &memory);
	setrlimit(RLIMIT_NOFILE, &files);
	if (setgid(1000) || setuid(1000))
		_exit(1);
	/* Nothing may reach the terminal, which descriptor 0 could write to as well. */
	for (fd = 0; fd < 3; fd++)
		dup2(open("/dev/null", O_RDWR), fd);
	start_ticking();
	live();
	return 0;
}

/* Whoever is left, wherever random calls have taken him: all processes of our user. */
static void kill_leftovers(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (setuid(1000) == 0)
			kill(-1, SIGKILL);
		_exit(0);
	}
	waitpid(pid, NULL, 0);
}

int main(int argc, char **argv)
{
	long amount = argc > 1 ? atol(argv[1]) : 10;
	int by_calls = argc > 1 && argv[1][strlen(argv[1]) - 1] == 'c';
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : (uint64_t)time(NULL), next = seed;
	int by_then[WORKERS] = { 0 }, i;
	long seen[WORKERS] = { 0 };
	pid_t workers[WORKERS], pid;
	time_t end = time(NULL) + amount;

	mkdirat(AT_FDCWD, "/tmp/grind", 0777);
	if (chdir("/tmp/grind") || chmod(".", 0777))
		return 1;
	unshare(CLONE_NEWIPC);			/* segments, semaphores and queues outlive who made them */
	total = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (i = 0; i < WORKERS; i++)
		workers[i] = start_worker(i, next++);
	while (by_calls ? __atomic_load_n(total, __ATOMIC_RELAXED) < amount : time(NULL) < end) {
		struct timespec ts = { 0, TICK_MS * 1000000 };

		nanosleep(&ts, NULL);
		for (i = 0; i < WORKERS; i++) {
			long calls = __atomic_load_n(total + 1 + i, __ATOMIC_RELAXED);

			by_then[i] = calls == seen[i] ? by_then[i] + 1 : 0;
			seen[i] = calls;
			if (by_then[i] == PATIENCE)	/* it has blocked the tick */
				kill(-workers[i], SIGKILL);
		}
		while ((pid = waitpid(-1, NULL, WNOHANG)) > 0)
			for (i = 0; i < WORKERS; i++)
				if (workers[i] == pid) {
					kill(-pid, SIGKILL);	/* what it left behind */
					by_then[i] = 0;
					workers[i] = start_worker(i, next++);
				}
	}
	for (i = 0; i < WORKERS; i++) {
		kill(-workers[i], SIGKILL);
		kill(workers[i], SIGKILL);
		waitpid(workers[i], NULL, 0);
	}
	kill_leftovers();
	if (chdir("/") || system("rm -rf /tmp/grind"))
		fprintf(stderr, "grind: cannot remove /tmp/grind\n");
	printf("grind: %ld calls, %d lives, seed %llu\n", *total, (int)(next - seed),
	       (unsigned long long)seed);
	return *total > 0 ? 0 : 1;
}
