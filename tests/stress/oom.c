// SPDX-License-Identifier: GPL-2.0-only
/*
 * oom.c: map more memory than the machine has and touch it, in a child. Exits 0 if the child died by
 * SIGKILL (the out-of-memory killer) or was refused the mapping, and we live to say so.
 *
 * oom.c family: children write all over what they share with us, until there is no memory for the copies. Exits 0
 * if some were killed, no other saw a wrong byte, and we still have ours.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <unistd.h>

static void touch_everything(void)
{
	struct sysinfo info;
	unsigned long size, offset;
	char *p;

	sysinfo(&info);
	size = info.totalram * info.mem_unit;
	size += size / 4;
	p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
		 -1, 0);
	if (p == MAP_FAILED)
		_exit(2);
	for (offset = 0; offset < size; offset += 4096)
		p[offset] = 1;
	_exit(1);
}

static int write_everywhere(unsigned long *p, unsigned long pages, unsigned long mark)
{
	const unsigned long words = 4096 / sizeof(long);
	unsigned long i;

	for (i = 0; i < pages; i++) {
		if (p[i * words] != i)
			return 0;
		p[i * words] = i ^ mark;
	}
	for (i = 0; i < pages; i++)
		if (p[i * words] != (i ^ mark))
			return 0;
	return 1;
}

static int set_oom_score_adj(const char *value)
{
	int fd = open("/proc/self/oom_score_adj", O_WRONLY);
	ssize_t len = strlen(value), n = write(fd, value, len);

	close(fd);
	return n == len;
}

/* A third of memory, and six children that want as much each. */
static int family(void)
{
	const unsigned long words = 4096 / sizeof(long);
	unsigned long pages, i, *p;
	struct sysinfo info;
	int ws, killed = 0, wrong = 0;

	sysinfo(&info);
	pages = info.totalram / 4096 * info.mem_unit / 3;
	p = mmap(NULL, pages * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		return 1;
	for (i = 0; i < pages; i++)
		p[i * words] = i;
	if (!set_oom_score_adj("-1000"))
		return 1;
	for (i = 1; i <= 6; i++)
		if (fork() == 0)
			_exit(!set_oom_score_adj("500") || !write_everywhere(p, pages, i << 24));
	while (wait(&ws) > 0) {
		killed += WIFSIGNALED(ws) && WTERMSIG(ws) == SIGKILL;
		wrong += !WIFSIGNALED(ws) ? ws != 0 : WTERMSIG(ws) != SIGKILL;
	}
	if (!write_everywhere(p, pages, 1UL << 30))
		wrong++;
	printf("oom: %d of 6 children were killed, %d wrong\n", killed, wrong);
	return !killed || wrong;
}

int main(int argc, char **argv)
{
	int ws = 0;
	pid_t pid;

	if (argc > 1 && strcmp(argv[1], "family") == 0)
		return family();
	pid = fork();
	if (pid == 0)
		touch_everything();
	waitpid(pid, &ws, 0);
	if (WIFSIGNALED(ws) && WTERMSIG(ws) == SIGKILL) {
		printf("oom: child %d was killed\n", pid);
		return 0;
	}
	printf("oom: child %d: wait status %#x\n", pid, ws);
	return WIFEXITED(ws) && WEXITSTATUS(ws) == 2 ? 0 : 1;
}
