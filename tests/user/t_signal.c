// SPDX-License-Identifier: GPL-2.0-only
/* t_signal.c: dispositions, masks, delivery, restart, waiting for signals, handlers' context. */
#include "tap.h"

#include <poll.h>
#include <sys/time.h>
#include <ucontext.h>

static volatile int count;
static volatile siginfo_t last;

static void on_signal(int sig)
{
	(void)sig;
	count++;
}

static void on_siginfo(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	count++;
	last = *info;
}

static void catch_info(int sig, int flags)
{
	struct sigaction act = { .sa_sigaction = on_siginfo, .sa_flags = SA_SIGINFO | flags };

	REQUIRE(sigaction(sig, &act, NULL) == 0);
}

/* A child that sends us sig once we sleep. */
static pid_t signal_me(int sig)
{
	pid_t me = getpid(), pid = fork();

	if (pid == 0) {
		wait_state(me, 'S');
		sleep_ms(5);
		kill(me, sig);
		_exit(0);
	}
	return pid;
}

TEST(handler_runs)
{
	set_handler(SIGUSR1, on_signal, 0);
	CHECK_OK(raise(SIGUSR1));
	CHECK_EQ(count, 1);
	CHECK_OK(kill(getpid(), SIGUSR1));
	CHECK_EQ(count, 2);
}

TEST(sigaction_refusals)
{
	struct sigaction act = { .sa_handler = on_signal }, old;

	CHECK_ERR(sigaction(SIGKILL, &act, NULL), EINVAL);
	CHECK_ERR(sigaction(SIGSTOP, &act, NULL), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigaction, 0, NULL, NULL, 8), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigaction, 65, NULL, NULL, 8), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4), EINVAL);
	CHECK_OK(sigaction(SIGKILL, NULL, &old));
	CHECK_OK(syscall(SYS_rt_sigaction, 64, NULL, NULL, 8));
}

TEST(old_action_comes_back)
{
	struct sigaction act = { .sa_handler = on_signal, .sa_flags = SA_RESTART | SA_NODEFER }, old;

	sigaddset(&act.sa_mask, SIGHUP);
	CHECK_OK(sigaction(SIGUSR1, &act, NULL));
	CHECK_OK(sigaction(SIGUSR1, NULL, &old));
	CHECK(old.sa_handler == on_signal);
	CHECK((old.sa_flags & (SA_RESTART | SA_NODEFER)) == (SA_RESTART | SA_NODEFER));
	CHECK(sigismember(&old.sa_mask, SIGHUP) == 1);
	CHECK(sigismember(&old.sa_mask, SIGTERM) == 0);
}

TEST(blocked_stays_pending)
{
	sigset_t set, pending;

	set_handler(SIGUSR1, on_signal, 0);
	block_signal(SIGUSR1);
	raise(SIGUSR1);
	raise(SIGUSR1);
	CHECK_EQ(count, 0);
	sigpending(&pending);
	CHECK(sigismember(&pending, SIGUSR1) == 1);
	CHECK(sigismember(&pending, SIGUSR2) == 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK_OK(sigprocmask(SIG_UNBLOCK, &set, NULL));
	CHECK_EQ(count, 1);	/* not queued twice */
	sigpending(&pending);
	CHECK(sigismember(&pending, SIGUSR1) == 0);
}

TEST(kill_and_stop_cannot_be_blocked)
{
	sigset_t set, old;

	sigfillset(&set);
	CHECK_OK(sigprocmask(SIG_SETMASK, &set, NULL));
	CHECK_OK(sigprocmask(SIG_SETMASK, NULL, &old));
	CHECK(sigismember(&old, SIGKILL) == 0);
	CHECK(sigismember(&old, SIGSTOP) == 0);
	CHECK(sigismember(&old, SIGTERM) == 1);
	CHECK_ERR(syscall(SYS_rt_sigprocmask, 7, &set, NULL, 8), EINVAL);
	CHECK_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, &set, NULL, 16), EINVAL);
}

static volatile int depth, deepest;

static void nesting_handler(int sig)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (count++ == 0)
		raise(sig);
	depth--;
}

TEST(own_signal_is_masked_in_handler)
{
	set_handler(SIGUSR1, nesting_handler, 0);
	raise(SIGUSR1);
	CHECK_EQ(count, 2);
	CHECK_EQ(deepest, 1);
}

TEST(nodefer_nests)
{
	set_handler(SIGUSR1, nesting_handler, SA_NODEFER);
	raise(SIGUSR1);
	CHECK_EQ(count, 2);
	CHECK_EQ(deepest, 2);
}

TEST(resethand)
{
	struct sigaction old;
	pid_t pid = fork();

	if (pid == 0) {
		set_handler(SIGUSR1, on_signal, SA_RESETHAND);
		raise(SIGUSR1);
		CHECK_EQ(count, 1);
		sigaction(SIGUSR1, NULL, &old);
		CHECK(old.sa_handler == SIG_DFL);
		raise(SIGUSR1);
		_exit(0);
	}
	expect_signal(pid, SIGUSR1);
}

static volatile int saw_hup_inside;

static void masked_handler(int sig)
{
	(void)sig;
	raise(SIGHUP);
	saw_hup_inside = count;
}

TEST(sa_mask)
{
	struct sigaction act = { .sa_handler = masked_handler };

	set_handler(SIGHUP, on_signal, 0);
	sigaddset(&act.sa_mask, SIGHUP);
	sigaction(SIGUSR1, &act, NULL);
	raise(SIGUSR1);
	CHECK_EQ(saw_hup_inside, 0);
	CHECK_EQ(count, 1);
}

TEST(siginfo_of_kill)
{
	catch_info(SIGUSR1, 0);
	kill(getpid(), SIGUSR1);
	CHECK_EQ(last.si_signo, SIGUSR1);
	CHECK_EQ(last.si_code, SI_USER);
	CHECK_EQ(last.si_pid, getpid());
	CHECK_EQ(last.si_uid, 0);
	syscall(SYS_tgkill, getpid(), getpid(), SIGUSR1);
	CHECK_EQ(last.si_code, SI_TKILL);
	CHECK_EQ(last.si_pid, getpid());
}

TEST(default_actions)
{
	static const int ignored[] = { SIGCHLD, SIGURG, SIGWINCH, SIGCONT };
	static const int fatal[] = { SIGHUP, SIGINT, SIGPIPE, SIGALRM, SIGTERM, SIGUSR1, SIGUSR2,
				     SIGPOLL, SIGPROF, SIGVTALRM, SIGSTKFLT, SIGPWR, 34, 64 };
	size_t i;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(ignored); i++) {
		pid = fork();
		if (pid == 0) {
			raise(ignored[i]);
			_exit(0);
		}
		expect_exit(pid, 0);
	}
	for (i = 0; i < ARRAY_SIZE(fatal); i++) {
		pid = fork();
		if (pid == 0) {
			syscall(SYS_kill, getpid(), fatal[i]);
			_exit(0);
		}
		expect_signal(pid, fatal[i]);
	}
}

TEST(core_signals_kill)
{
	static const int sigs[] = { SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV,
				    SIGXCPU, SIGXFSZ, SIGSYS };
	size_t i;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(sigs); i++) {
		pid = fork();
		if (pid == 0) {
			kill(getpid(), sigs[i]);
			_exit(0);
		}
		expect_signal(pid, sigs[i]);
	}
}

TEST(ignored_pending_is_dropped)
{
	sigset_t pending;

	set_handler(SIGUSR1, on_signal, 0);
	block_signal(SIGUSR1);
	raise(SIGUSR1);
	signal(SIGUSR1, SIG_IGN);
	sigpending(&pending);
	CHECK(sigismember(&pending, SIGUSR1) == 0);
}

TEST(sigcont_discards_stops)
{
	sigset_t pending;

	block_signal(SIGTSTP);
	block_signal(SIGCONT);
	raise(SIGTSTP);
	sigpending(&pending);
	CHECK(sigismember(&pending, SIGTSTP) == 1);
	raise(SIGCONT);
	sigpending(&pending);
	CHECK(sigismember(&pending, SIGTSTP) == 0);
	CHECK(sigismember(&pending, SIGCONT) == 1);
	raise(SIGTSTP);
	sigpending(&pending);
	CHECK(sigismember(&pending, SIGCONT) == 0);
}

TEST(sigsuspend)
{
	sigset_t none, now;
	pid_t pid;

	set_handler(SIGUSR1, on_signal, 0);
	block_signal(SIGUSR1);
	pid = signal_me(SIGUSR1);
	sigemptyset(&none);
	CHECK_ERR(sigsuspend(&none), EINTR);
	CHECK_EQ(count, 1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	CHECK(sigismember(&now, SIGUSR1) == 1);	/* the old mask is back */
	expect_exit(pid, 0);
}

TEST(pause_returns)
{
	pid_t pid;

	set_handler(SIGUSR1, on_signal, SA_RESTART);
	pid = signal_me(SIGUSR1);
	CHECK_ERR(pause(), EINTR);
	CHECK_EQ(count, 1);
	expect_exit(pid, 0);
}

TEST(read_restarts)
{
	int fd[2];
	char byte = 0;
	pid_t pid, me = getpid();

	REQUIRE(pipe(fd) == 0);
	set_handler(SIGUSR1, on_signal, SA_RESTART);
	pid = fork();
	if (pid == 0) {
		wait_state(me, 'S');
		kill(me, SIGUSR1);
		sleep_ms(20);
		write(fd[1], "r", 1);
		_exit(0);
	}
	CHECK_EQ(read(fd[0], &byte, 1), 1);
	CHECK_EQ(byte, 'r');
	CHECK_EQ(count, 1);
	expect_exit(pid, 0);
}

TEST(read_is_interrupted)
{
	int fd[2];
	char byte;
	pid_t pid;

	REQUIRE(pipe(fd) == 0);
	set_handler(SIGUSR1, on_signal, 0);
	pid = signal_me(SIGUSR1);
	CHECK_ERR(read(fd[0], &byte, 1), EINTR);
	CHECK_EQ(count, 1);
	expect_exit(pid, 0);
}

TEST(ignored_signal_does_not_interrupt)
{
	struct timespec ts = { 0, 60000000 };
	pid_t pid;

	signal(SIGUSR1, SIG_IGN);
	pid = signal_me(SIGUSR1);
	CHECK_OK(nanosleep(&ts, &ts));
	expect_exit(pid, 0);
}

TEST(poll_never_restarts)
{
	pid_t pid;

	set_handler(SIGUSR1, on_signal, SA_RESTART);
	pid = signal_me(SIGUSR1);
	CHECK_ERR(poll(NULL, 0, 10000), EINTR);
	expect_exit(pid, 0);
}

TEST(stop_and_continue_is_transparent)
{
	struct timespec ts = { 0, 50000000 };
	int *page = shared_page();
	pid_t pid = fork();

	if (pid == 0) {
		page[0] = 1;
		CHECK_OK(nanosleep(&ts, NULL));	/* restarted by the kernel, no EINTR */
		finish();
	}
	wait_flag(page);
	wait_state(pid, 'S');
	kill(pid, SIGSTOP);
	waitpid(pid, NULL, WUNTRACED);
	sleep_ms(10);
	kill(pid, SIGCONT);
	expect_exit(pid, 0);
}

TEST(sigtimedwait)
{
	struct timespec zero = { 0, 0 }, some = { 0, 20000000 };
	siginfo_t info;
	sigset_t set;
	long long start;
	pid_t pid;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	CHECK_ERR(sigtimedwait(&set, &info, &zero), EAGAIN);
	start = now_ms();
	CHECK_ERR(sigtimedwait(&set, &info, &some), EAGAIN);
	CHECK(now_ms() - start >= 19);
	raise(SIGUSR2);
	kill(getpid(), SIGUSR1);
	CHECK_EQ(sigtimedwait(&set, &info, &zero), SIGUSR2);	/* the thread's own come first */
	CHECK_EQ(sigtimedwait(&set, &info, &zero), SIGUSR1);
	CHECK_EQ(info.si_signo, SIGUSR1);
	CHECK_EQ(info.si_pid, getpid());
	pid = signal_me(SIGUSR1);
	CHECK_EQ(sigwaitinfo(&set, &info), SIGUSR1);
	CHECK_EQ(info.si_pid, pid);
	some.tv_nsec = -1;
	CHECK_ERR(sigtimedwait(&set, &info, &some), EINVAL);
	expect_exit(pid, 0);
}

TEST(sigtimedwait_interrupted_by_other)
{
	struct timespec ts = { 10, 0 };
	sigset_t set;
	pid_t pid;

	set_handler(SIGTERM, on_signal, SA_RESTART);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	pid = signal_me(SIGTERM);
	CHECK_ERR(sigtimedwait(&set, NULL, &ts), EINTR);
	CHECK_EQ(count, 1);
	expect_exit(pid, 0);
}

static void change_mask(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)info;
	sigaddset(&((ucontext_t *)context)->uc_sigmask, SIGUSR2);
	count++;
}

TEST(mask_in_ucontext_is_restored)
{
	struct sigaction act = { .sa_sigaction = change_mask, .sa_flags = SA_SIGINFO };
	sigset_t now;

	sigaction(SIGUSR1, &act, NULL);
	raise(SIGUSR1);
	sigprocmask(SIG_BLOCK, NULL, &now);
	CHECK(sigismember(&now, SIGUSR2) == 1);
	CHECK(sigismember(&now, SIGUSR1) == 0);
}

static sigjmp_buf jump;

static void jump_out(int sig)
{
	siglongjmp(jump, sig);
}

TEST(siglongjmp_out_of_handler)
{
	sigset_t now;
	volatile int i;

	for (i = 0; i < 3; i++) {
		set_handler(SIGUSR1, jump_out, 0);
		if (sigsetjmp(jump, 1) == 0) {
			raise(SIGUSR1);
			CHECK(!"raise came back");
		}
	}
	sigprocmask(SIG_BLOCK, NULL, &now);
	CHECK(sigismember(&now, SIGUSR1) == 0);
}

/* Registers, flags and floating point are as they were after a handler that spoils them all. */
static volatile double spoiler = 1.5;

static void spoil(int sig)
{
	double a = spoiler * sig, b = a * a, c = b / 3;

	(void)sig;
	spoiler = a + b + c > 0 ? 1.5 : 2.5;
	count++;
}

TEST(registers_survive_handlers)
{
	struct itimerval it = { { 0, 1000 }, { 0, 1000 } }, off = { 0 };
	long a = 1, b = 2, c = 3, i, bad = 0;
	double x = 0.5, y = 0.25;

	set_handler(SIGALRM, spoil, SA_RESTART);
	setitimer(ITIMER_REAL, &it, NULL);
	for (i = 0; i < 100000000 && count < 50; i++) {
		x = x * 2 - 0.5;	/* stays 0.5 */
		y = y * 4 - 0.75;	/* stays 0.25 */
		a ^= b;
		b ^= a;
		a ^= b;
		c += a - b;
		if (x != 0.5 || y != 0.25 || a + b != 3)
			bad++;
	}
	setitimer(ITIMER_REAL, &off, NULL);
	CHECK_EQ(bad, 0);
	CHECK(count > 5);
	CHECK(c != -1);
}

TEST(kill_all_spares_self)
{
	/* kill(-1) spares the caller, and does not count those it may not signal. */
	pid_t pid = fork();

	if (pid == 0) {
		become_user();
		setresuid(4321, 4321, 4321);
		CHECK_OK(kill(-1, SIGTERM));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(sigpipe)
{
	int fd[2];
	pid_t pid;

	REQUIRE(pipe(fd) == 0);
	close(fd[0]);
	pid = fork();
	if (pid == 0) {
		write(fd[1], "x", 1);
		_exit(0);
	}
	expect_signal(pid, SIGPIPE);
	signal(SIGPIPE, SIG_IGN);
	CHECK_ERR(write(fd[1], "x", 1), EPIPE);
}

TEST(all_pending_are_delivered)
{
	sigset_t set;

	/* Several pending signals are all delivered by one unblock. */
	set_handler(SIGUSR1, on_signal, 0);
	set_handler(SIGUSR2, on_signal, 0);
	set_handler(SIGHUP, on_signal, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGUSR1);
	raise(SIGUSR2);
	raise(SIGHUP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	CHECK_EQ(count, 3);
}
