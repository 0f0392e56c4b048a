// SPDX-License-Identifier: GPL-2.0-only
/*
 * hello.c: a dynamically linked program: constructor, dlopen, thread-local storage, a thread.
 * Prints one line; t_dyn checks it.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static int constructed;
static __thread int local = 7;

__attribute__((constructor)) static void construct(void)
{
	constructed = 1;
}

static void *thread_main(void *arg)
{
	local++;
	*(int *)arg = local;
	return arg;
}

int main(int argc, char **argv)
{
	int (*answer)(int) = NULL;
	int seen = 0;
	pthread_t thread;
	void *lib;

	lib = argc > 1 ? dlopen(argv[1], RTLD_NOW) : NULL;
	if (lib)
		answer = (int (*)(int))dlsym(lib, "dyn_answer");
	pthread_create(&thread, NULL, thread_main, &seen);
	pthread_join(thread, NULL);
	printf("hello constructed=%d answer=%d thread=%d main=%d\n", constructed,
	       answer ? answer(2) : -1, seen, local);
	return fflush(stdout) ? 1 : 0;
}
