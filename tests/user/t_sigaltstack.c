// SPDX-License-Identifier: GPL-2.0-only
/* t_sigaltstack.c: alternate signal stacks. */
#include "tap.h"

#include <pthread.h>
#include <sys/auxv.h>
#include <sys/resource.h>

enum { SIZE = 65536 };

static char area[SIZE];
static volatile bool on_alt;
static volatile int flags_inside, set_inside, error_inside, count;

static bool in_area(void *p)
{
	return (char *)p >= area && (char *)p < area + SIZE;
}

static void handler(int sig)
{
	stack_t now, other = { .ss_sp = area, .ss_size = SIZE };

	(void)sig;
	on_alt = in_area(__builtin_frame_address(0));
	sigaltstack(NULL, &now);
	flags_inside = now.ss_flags;
	set_inside = sigaltstack(&other, NULL);
	error_inside = errno;
	count++;
}

static void use_area(int extra)
{
	stack_t alt = { .ss_sp = area, .ss_size = SIZE, .ss_flags = extra };

	CHECK_OK(sigaltstack(&alt, NULL));
}

TEST(query_and_set)
{
	stack_t now;

	CHECK_OK(sigaltstack(NULL, &now));
	CHECK(now.ss_flags & SS_DISABLE);
	use_area(0);
	CHECK_OK(sigaltstack(NULL, &now));
	CHECK(now.ss_sp == area && now.ss_size == SIZE && now.ss_flags == 0);
	now.ss_flags = SS_DISABLE;
	CHECK_OK(sigaltstack(&now, NULL));
	CHECK_OK(sigaltstack(NULL, &now));
	CHECK(now.ss_flags & SS_DISABLE);
}

TEST(refusals)
{
	stack_t alt = { .ss_sp = area, .ss_size = 100 };

	CHECK_ERR(sigaltstack(&alt, NULL), ENOMEM);
	alt.ss_size = SIZE;
	alt.ss_flags = 0x100;
	CHECK_ERR(sigaltstack(&alt, NULL), EINVAL);
	CHECK_ERR(sigaltstack((stack_t *)8, NULL), EFAULT);
}

TEST(handler_runs_on_it)
{
	use_area(0);
	set_handler(SIGUSR1, handler, SA_ONSTACK);
	raise(SIGUSR1);
	CHECK(on_alt);
	CHECK_EQ(flags_inside, SS_ONSTACK);
	CHECK_EQ(set_inside, -1);
	CHECK_EQ(error_inside, EPERM);
	set_handler(SIGUSR1, handler, 0);
	raise(SIGUSR1);
	CHECK(!on_alt);
	CHECK_EQ(count, 2);
}

TEST(autodisarm)
{
	stack_t now;

	use_area(1U << 31);
	set_handler(SIGUSR1, handler, SA_ONSTACK);
	raise(SIGUSR1);
	CHECK(on_alt);
	CHECK_EQ(set_inside, 0);	/* disarmed: may be set again in the handler */
	CHECK_OK(sigaltstack(NULL, &now));
	CHECK(now.ss_sp == area);	/* and armed again after it */
}

TEST(minimum_size_in_auxv)
{
	CHECK(getauxval(51 /* AT_MINSIGSTKSZ */) > 0 || sizeof(void *) == 4);
}

static void *thread(void *arg)
{
	stack_t now;

	sigaltstack(NULL, &now);
	*(int *)arg = now.ss_flags;
	return NULL;
}

TEST(per_thread_and_fork)
{
	pthread_t tid;
	stack_t now;
	pid_t pid;
	int flags = 0;

	use_area(0);
	pthread_create(&tid, NULL, thread, &flags);
	pthread_join(tid, NULL);
	CHECK(flags & SS_DISABLE);
	pid = fork();
	if (pid == 0) {
		sigaltstack(NULL, &now);
		CHECK(now.ss_sp == area && now.ss_flags == 0);
		finish();
	}
	expect_exit(pid, 0);
}

static int recurse(int n)
{
	volatile char frame[1024];

	frame[0] = n;
	return recurse(n + 1) + frame[0];
}

static void overflow_handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	_exit(sig == SIGSEGV && info->si_addr && in_area(&sig) ? 11 : 12);
}

TEST(stack_overflow_is_caught)
{
	struct sigaction act = { .sa_sigaction = overflow_handler,
				 .sa_flags = SA_SIGINFO | SA_ONSTACK };
	struct rlimit lim = { 1 << 20, 1 << 20 };
	pid_t pid;

	setrlimit(RLIMIT_STACK, &lim);
	pid = fork();
	if (pid == 0) {
		use_area(0);
		sigaction(SIGSEGV, &act, NULL);
		_exit(recurse(0) & 1);
	}
	expect_exit(pid, 11);
}

/* Without an alternate stack there is no room for the frame: the process dies. */
TEST(stack_overflow_without_it_kills)
{
	struct sigaction act = { .sa_sigaction = overflow_handler, .sa_flags = SA_SIGINFO };
	struct rlimit lim = { 1 << 20, 1 << 20 };
	pid_t pid;

	setrlimit(RLIMIT_STACK, &lim);
	pid = fork();
	if (pid == 0) {
		sigaction(SIGSEGV, &act, NULL);
		_exit(recurse(0) & 1);
	}
	expect_signal(pid, SIGSEGV);
}

TEST(too_small_stack_kills)
{
	long page = getpagesize();
	char *map = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t alt = { .ss_sp = map, .ss_size = 2 * page };
	pid_t pid = fork();

	if (pid == 0) {
		sigaltstack(&alt, NULL);
		munmap(map, 2 * page);
		set_handler(SIGUSR1, handler, SA_ONSTACK);
		raise(SIGUSR1);
		_exit(0);
	}
	expect_signal(pid, SIGSEGV);
}
