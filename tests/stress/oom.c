// SPDX-License-Identifier: GPL-2.0-only
/*
 * oom.c: map more memory than the machine has and touch it, in a child. Exits 0 if the child died by
 * SIGKILL (the out-of-memory killer) or was refused the mapping, and we live to say so.
 */
#include <signal.h>
#include <stdio.h>
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

int main(void)
{
	int ws = 0;
	pid_t pid = fork();

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
