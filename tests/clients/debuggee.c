// SPDX-License-Identifier: GPL-2.0-only
/* debuggee.c: what test_clients.py looks at with gdb: a child that counts, or with an argument a bad pointer. */
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

volatile int counter;

static int add(int n)
{
	counter += n;
	return counter;
}

static int child_work(int first)
{
	add(first);
	add(30);
	return counter;
}

static void crash(volatile int *p)
{
	*p = counter;
}

int main(int argc, char **argv)
{
	int status;

	if (argc > 1) {
		add(17);
		crash((volatile int *)16);
	}
	if (fork() == 0)
		_exit(child_work(12));
	wait(&status);
	printf("%s: child said %d\n", argv[0], WEXITSTATUS(status));
	return 0;
}
