// SPDX-License-Identifier: GPL-2.0-only
/*
 * forkbomb.c [LIMIT]: fork without end, every child too, as an unprivileged user with a limit of
 * LIMIT processes (default 200), for a second. Prints how many forks there were, how many were
 * refused with EAGAIN, and exits 0 if the limit held and everything could be killed and reaped.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct counts {
	int	forks, refused, odd, running;
	int	stop;
};

static struct counts *counts;

static void bomb(void)
{
	while (!__atomic_load_n(&counts->stop, __ATOMIC_RELAXED)) {
		pid_t pid = fork();

		if (pid >= 0) {
			if (pid == 0)
				__atomic_add_fetch(&counts->forks, 1, __ATOMIC_RELAXED);
		} else if (errno == EAGAIN) {
			__atomic_add_fetch(&counts->refused, 1, __ATOMIC_RELAXED);
			sched_yield();
		} else {
			__atomic_add_fetch(&counts->odd, 1, __ATOMIC_RELAXED);
		}
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	rlim_t limit = argc > 1 ? atoi(argv[1]) : 200;
	struct rlimit lim = { limit, limit };
	struct timespec second = { 1, 0 };
	pid_t pid;

	counts = mmap(NULL, sizeof(*counts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		      -1, 0);
	pid = fork();
	if (pid == 0) {
		setpgid(0, 0);
		if (setrlimit(RLIMIT_NPROC, &lim) || setgid(1000) || setuid(1000))
			_exit(1);
		bomb();
	}
	nanosleep(&second, NULL);
	counts->stop = 1;
	nanosleep(&second, NULL);
	kill(-pid, SIGKILL);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	while (kill(-pid, SIGKILL) == 0)	/* until the last of the group is reaped */
		nanosleep(&(struct timespec){ 0, 10000000 }, NULL);
	printf("forkbomb: %d forks, %d refused, %d odd errors\n", counts->forks, counts->refused,
	       counts->odd);
	return counts->forks > 0 && counts->refused > 0 && counts->odd == 0 ? 0 : 1;
}
