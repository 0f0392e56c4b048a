// SPDX-License-Identifier: GPL-2.0-only
/* t_sigqueue_rt.c: queued real-time signals: order, values, limits, who may forge what. */
#include "tap.h"

#include <sys/resource.h>

static volatile int order[64], values[64], n;
static volatile int codes[64];

static void record(int sig, siginfo_t *info, void *context)
{
	(void)context;
	if (n < 64) {
		order[n] = sig;
		values[n] = info->si_value.sival_int;
		codes[n] = info->si_code;
		n++;
	}
}

static void catch(int sig)
{
	struct sigaction act = { .sa_sigaction = record, .sa_flags = SA_SIGINFO };

	sigfillset(&act.sa_mask);
	REQUIRE(sigaction(sig, &act, NULL) == 0);
}

static void send(int sig, int value)
{
	union sigval v = { .sival_int = value };

	CHECK_OK(sigqueue(getpid(), sig, v));
}

static void block_all(int how)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(how, &all, NULL);
}

TEST(value_arrives)
{
	catch(SIGUSR1);
	send(SIGUSR1, 0x12345678);
	CHECK_EQ(n, 1);
	CHECK_EQ(values[0], 0x12345678);
	CHECK_EQ(codes[0], SI_QUEUE);
}

TEST(queued_in_order)
{
	int i;

	catch(SIGRTMIN);
	block_all(SIG_BLOCK);
	for (i = 0; i < 10; i++)
		send(SIGRTMIN, i);
	block_all(SIG_UNBLOCK);
	CHECK_EQ(n, 10);
	for (i = 0; i < 10; i++)
		CHECK_EQ(values[i], i);
}

TEST(lowest_first)
{
	catch(SIGRTMIN);
	catch(SIGRTMIN + 1);
	catch(SIGRTMIN + 5);
	catch(SIGUSR1);
	block_all(SIG_BLOCK);
	send(SIGRTMIN + 5, 1);
	send(SIGRTMIN + 1, 2);
	send(SIGRTMIN, 3);
	send(SIGUSR1, 4);
	{
		/* sigtimedwait takes them one by one: the lower number first. */
		struct timespec zero = { 0, 0 };
		siginfo_t info;
		sigset_t all;

		sigfillset(&all);
		CHECK_EQ(sigtimedwait(&all, &info, &zero), SIGUSR1);
		CHECK_EQ(sigtimedwait(&all, &info, &zero), SIGRTMIN);
		CHECK_EQ(info.si_value.sival_int, 3);
		CHECK_EQ(sigtimedwait(&all, &info, &zero), SIGRTMIN + 1);
		CHECK_EQ(sigtimedwait(&all, &info, &zero), SIGRTMIN + 5);
		CHECK_ERR(sigtimedwait(&all, &info, &zero), EAGAIN);
	}
}

TEST(standard_signals_do_not_queue)
{
	catch(SIGUSR1);
	block_all(SIG_BLOCK);
	send(SIGUSR1, 1);
	send(SIGUSR1, 2);
	block_all(SIG_UNBLOCK);
	CHECK_EQ(n, 1);
	CHECK_EQ(values[0], 1);
}

TEST(limit)
{
	struct rlimit lim = { 5, 5 };
	union sigval v = { .sival_int = 1 };
	int i, sent = 0;
	pid_t pid = fork();

	if (pid == 0) {
		become_user();
		setrlimit(RLIMIT_SIGPENDING, &lim);
		catch(SIGRTMIN);
		block_all(SIG_BLOCK);
		for (i = 0; i < 20; i++)
			sent += sigqueue(getpid(), SIGRTMIN, v) == 0;
		CHECK_EQ(sent, 5);
		CHECK_EQ(errno, EAGAIN);
		/* kill is never refused for want of room. */
		CHECK_OK(kill(getpid(), SIGUSR1));
		catch(SIGUSR1);
		block_all(SIG_UNBLOCK);
		CHECK_EQ(n, 6);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(refusals)
{
	union sigval v = { .sival_int = 0 };
	siginfo_t info;
	pid_t pid;

	CHECK_ERR(sigqueue(getpid(), 65, v), EINVAL);
	CHECK_ERR(sigqueue(getpid(), -1, v), EINVAL);
	CHECK_ERR(sigqueue(999999, 0, v), ESRCH);
	CHECK_OK(sigqueue(getpid(), 0, v));
	/* Only to oneself may one claim that the kernel or kill sent it. */
	pid = fork();
	if (pid == 0) {
		pause();
		_exit(0);
	}
	memset(&info, 0, sizeof(info));
	info.si_code = SI_USER;
	CHECK_ERR(syscall(SYS_rt_sigqueueinfo, pid, SIGUSR1, &info), EPERM);
	info.si_code = SI_TKILL;
	CHECK_ERR(syscall(SYS_rt_sigqueueinfo, pid, SIGUSR1, &info), EPERM);
	CHECK_ERR(syscall(SYS_rt_tgsigqueueinfo, pid, pid, SIGUSR1, &info), EPERM);
	info.si_code = SI_QUEUE;
	CHECK_OK(syscall(SYS_rt_sigqueueinfo, pid, SIGTERM, &info));
	expect_signal(pid, SIGTERM);
}

TEST(tgsigqueueinfo)
{
	siginfo_t info;

	catch(SIGRTMIN);
	memset(&info, 0, sizeof(info));
	info.si_code = SI_QUEUE;
	info.si_value.sival_int = 55;
	CHECK_OK(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGRTMIN, &info));
	CHECK_EQ(n, 1);
	CHECK_EQ(values[0], 55);
}

/* What comes with a code that nobody knows must be zero where nobody knows what it is. */
TEST(unknown_codes)
{
	siginfo_t info = { .si_code = 7 };
	char *last = (char *)&info + sizeof(info) - 1;

	if (is_compat())
		skip("not asked of 32-bit programs");
	set_handler(SIGCHLD, SIG_IGN, 0);
	CHECK_OK(syscall(SYS_rt_sigqueueinfo, getpid(), SIGCHLD, &info));
	*last = 1;
	CHECK_ERR(syscall(SYS_rt_sigqueueinfo, getpid(), SIGCHLD, &info), E2BIG);
	CHECK_ERR(syscall(SYS_rt_tgsigqueueinfo, getpid(), getpid(), SIGCHLD, &info), E2BIG);
	info.si_code = 6;
	CHECK_OK(syscall(SYS_rt_sigqueueinfo, getpid(), SIGCHLD, &info));
}
