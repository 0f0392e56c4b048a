// SPDX-License-Identifier: GPL-2.0-only
/* t_exit_wait.c: exit, wait4, waitid: statuses, options, zombies, orphans, who may wait for whom. */
#include "tap.h"

#include <poll.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static pid_t child_exits(int status)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(status);
	return pid;
}

static pid_t child_sleeps(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

TEST(status_is_low_byte)
{
	int ws;

	expect_exit(child_exits(0), 0);
	expect_exit(child_exits(255), 255);
	expect_exit(child_exits(256 + 7), 7);
	CHECK(waitpid(child_exits(-1), &ws, 0) > 0);
	CHECK_EQ(ws, 0xff00);
}

TEST(death_by_signal)
{
	static const int sigs[] = { SIGHUP, SIGINT, SIGKILL, SIGTERM, SIGUSR1, SIGPIPE, SIGALRM };
	size_t i;
	pid_t pid;

	for (i = 0; i < ARRAY_SIZE(sigs); i++) {
		pid = child_sleeps();
		CHECK_OK(kill(pid, sigs[i]));
		expect_signal(pid, sigs[i]);
	}
}

TEST(abort_and_self_kill)
{
	struct rlimit none = { 0, 0 };
	pid_t pid;

	setrlimit(RLIMIT_CORE, &none);
	pid = fork();
	if (pid == 0)
		abort();
	expect_signal(pid, SIGABRT);
	pid = fork();
	if (pid == 0) {
		kill(getpid(), SIGKILL);
		_exit(0);
	}
	expect_signal(pid, SIGKILL);
}

TEST(no_children)
{
	siginfo_t info;

	CHECK_ERR(wait(NULL), ECHILD);
	CHECK_ERR(waitpid(-1, NULL, WNOHANG), ECHILD);
	CHECK_ERR(waitpid(1, NULL, 0), ECHILD);
	CHECK_ERR(waitpid(getpid(), NULL, 0), ECHILD);
	CHECK_ERR(waitid(P_ALL, 0, &info, WEXITED), ECHILD);
	CHECK_ERR(waitid(P_PID, 999999, &info, WEXITED), ECHILD);
}

TEST(bad_arguments)
{
	siginfo_t info;

	CHECK_ERR(waitpid(-1, NULL, 0x40000000 | 0x100), EINVAL);
	CHECK_ERR(waitid(P_ALL, 0, &info, 0), EINVAL);
	CHECK_ERR(waitid(77, 0, &info, WEXITED), EINVAL);
	CHECK_ERR(waitid(P_PID, 0, &info, WEXITED), EINVAL);
	CHECK_ERR(waitid(P_PID, -5, &info, WEXITED), EINVAL);
	/* The result is written, all zero, whatever the error. */
	CHECK_ERR(waitid(P_ALL, 0, (void *)8, -1), EFAULT);
	info.si_signo = info.si_pid = 7;
	CHECK_ERR(waitid(P_ALL, 0, &info, 0), EINVAL);
	CHECK_EQ(info.si_signo, 0);
	CHECK_EQ(info.si_pid, 0);
	CHECK_ERR(waitpid(-2147483647 - 1, NULL, WNOHANG), ESRCH);
}

TEST(wnohang)
{
	struct gate gate;
	pid_t pid;
	siginfo_t info;
	int ws = 1234;

	gate_init(&gate);
	pid = fork();
	if (pid == 0) {
		gate_wait(&gate);
		_exit(5);
	}
	CHECK_EQ(waitpid(pid, &ws, WNOHANG), 0);
	CHECK_EQ(ws, 1234);
	info.si_pid = 99;
	CHECK_EQ(waitid(P_PID, pid, &info, WEXITED | WNOHANG), 0);
	CHECK_EQ(info.si_pid, 0);
	gate_open(&gate);
	expect_exit(pid, 5);
}

TEST(waitid_fields)
{
	siginfo_t info;
	pid_t pid = child_exits(42);

	memset(&info, 0xff, sizeof(info));
	CHECK_OK(waitid(P_PID, pid, &info, WEXITED));
	CHECK_EQ(info.si_signo, SIGCHLD);
	CHECK_EQ(info.si_code, CLD_EXITED);
	CHECK_EQ(info.si_status, 42);
	CHECK_EQ(info.si_pid, pid);
	CHECK_EQ(info.si_uid, 0);
	CHECK_EQ(info.si_errno, 0);

	pid = child_sleeps();
	kill(pid, SIGTERM);
	CHECK_OK(waitid(P_PID, pid, &info, WEXITED));
	CHECK_EQ(info.si_code, CLD_KILLED);
	CHECK_EQ(info.si_status, SIGTERM);
}

TEST(wnowait_leaves_the_zombie)
{
	siginfo_t info;
	pid_t pid = child_exits(3);

	CHECK_OK(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
	CHECK_OK(waitid(P_ALL, 0, &info, WEXITED | WNOWAIT));
	CHECK_EQ(info.si_pid, pid);
	CHECK_OK(kill(pid, 0));
	expect_exit(pid, 3);
	CHECK_ERR(kill(pid, 0), ESRCH);
}

TEST(stop_and_continue)
{
	pid_t pid = child_sleeps();
	siginfo_t info;
	int ws;

	CHECK_OK(kill(pid, SIGSTOP));
	CHECK_EQ(waitpid(pid, &ws, WUNTRACED), pid);
	CHECK(WIFSTOPPED(ws) && WSTOPSIG(ws) == SIGSTOP);
	/* Reported once. */
	CHECK_EQ(waitpid(pid, &ws, WUNTRACED | WNOHANG), 0);
	CHECK_OK(kill(pid, SIGCONT));
	CHECK_EQ(waitpid(pid, &ws, WCONTINUED), pid);
	CHECK(WIFCONTINUED(ws));
	CHECK_EQ(waitpid(pid, &ws, WCONTINUED | WNOHANG), 0);

	CHECK_OK(kill(pid, SIGTSTP));
	CHECK_OK(waitid(P_PID, pid, &info, WSTOPPED));
	CHECK_EQ(info.si_code, CLD_STOPPED);
	CHECK_EQ(info.si_status, SIGTSTP);
	CHECK_OK(kill(pid, SIGCONT));
	CHECK_OK(waitid(P_PID, pid, &info, WCONTINUED));
	CHECK_EQ(info.si_code, CLD_CONTINUED);
	CHECK_EQ(info.si_status, SIGCONT);

	/* SIGKILL ends a stopped process; a stopped one is not reported without WUNTRACED. */
	kill(pid, SIGSTOP);
	CHECK(wait_state(pid, 'T'));
	CHECK_EQ(waitpid(pid, &ws, WNOHANG), 0);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

TEST(by_process_group)
{
	pid_t a = child_sleeps(), b, ws_pid;
	int ws;

	CHECK_OK(setpgid(a, a));
	b = child_sleeps();
	CHECK_OK(setpgid(b, a));
	CHECK_EQ(waitpid(-a, &ws, WNOHANG), 0);
	CHECK_EQ(waitpid(0, &ws, WNOHANG), -1);	/* none left in our own group */
	CHECK_EQ(errno, ECHILD);
	kill(-a, SIGKILL);
	ws_pid = waitpid(-a, &ws, 0);
	CHECK(ws_pid == a || ws_pid == b);
	ws_pid = waitpid(-a, &ws, 0);
	CHECK(ws_pid == a || ws_pid == b);
	CHECK_ERR(waitpid(-a, &ws, 0), ECHILD);
}

static volatile int chld_count;
static volatile pid_t chld_pid;
static volatile int chld_code, chld_status;

static void on_chld(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	chld_count++;
	chld_pid = info->si_pid;
	chld_code = info->si_code;
	chld_status = info->si_status;
}

static void catch_chld(int flags)
{
	struct sigaction act = { .sa_sigaction = on_chld, .sa_flags = SA_SIGINFO | flags };

	REQUIRE(sigaction(SIGCHLD, &act, NULL) == 0);
}

TEST(sigchld)
{
	pid_t pid;

	catch_chld(SA_RESTART);
	pid = child_exits(9);
	CHECK(wait_flag(&chld_count));
	CHECK_EQ(chld_count, 1);
	CHECK_EQ(chld_pid, pid);
	CHECK_EQ(chld_code, CLD_EXITED);
	CHECK_EQ(chld_status, 9);
	expect_exit(pid, 9);

	pid = child_sleeps();
	chld_count = 0;
	kill(pid, SIGSTOP);
	CHECK(wait_flag(&chld_count));
	CHECK_EQ(chld_code, CLD_STOPPED);
	chld_count = 0;
	kill(pid, SIGKILL);
	CHECK(wait_flag(&chld_count));
	CHECK_EQ(chld_code, CLD_KILLED);
	expect_signal(pid, SIGKILL);
}

TEST(nocldstop)
{
	pid_t pid;

	catch_chld(SA_RESTART | SA_NOCLDSTOP);
	pid = child_sleeps();
	kill(pid, SIGSTOP);
	CHECK_EQ(waitpid(pid, NULL, WUNTRACED), pid);
	kill(pid, SIGCONT);
	CHECK_EQ(waitpid(pid, NULL, WCONTINUED), pid);
	CHECK_EQ(chld_count, 0);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
	CHECK_EQ(chld_count, 1);
}

TEST(ignored_sigchld_reaps)
{
	pid_t pid;
	int tries;

	signal(SIGCHLD, SIG_IGN);
	pid = child_exits(1);
	/* wait blocks until the last child is gone, then there is none. */
	CHECK_ERR(waitpid(pid, NULL, 0), ECHILD);
	for (tries = 0; kill(pid, 0) == 0 && tries < 1000; tries++)
		sleep_ms(1);
	CHECK_ERR(kill(pid, 0), ESRCH);
}

TEST(nocldwait_reaps)
{
	pid_t pid;

	catch_chld(SA_NOCLDWAIT | SA_RESTART);
	pid = child_exits(1);
	CHECK_ERR(waitpid(pid, NULL, 0), ECHILD);
	CHECK_EQ(chld_count, 1);
}

TEST(zombie_in_proc)
{
	pid_t pid = child_exits(0);

	CHECK(wait_state(pid, 'Z'));
	CHECK_OK(kill(pid, SIGTERM));	/* a zombie can still be named */
	expect_exit(pid, 0);
}

TEST(orphan_goes_to_subreaper)
{
	struct gate gate;
	int *page = shared_page();
	pid_t pid, got;
	int ws;

	CHECK_OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
	gate_init(&gate);
	pid = fork();
	if (pid == 0) {
		pid = fork();
		if (pid == 0) {
			gate_wait(&gate);
			page[1] = getppid();
			_exit(12);
		}
		page[0] = pid;
		_exit(0);
	}
	expect_exit(pid, 0);
	gate_open(&gate);
	got = wait(&ws);
	CHECK_EQ(got, page[0]);
	CHECK(WIFEXITED(ws) && WEXITSTATUS(ws) == 12);
	CHECK_EQ(page[1], getpid());
}

TEST(pdeathsig)
{
	int *page = shared_page();
	pid_t pid;
	int ws;

	CHECK_OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
	pid = fork();
	if (pid == 0) {
		pid = fork();
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGUSR1);
			page[1] = 1;
			for (;;)
				pause();
		}
		page[0] = pid;
		wait_flag(&page[1]);
		_exit(0);
	}
	expect_exit(pid, 0);
	CHECK_EQ(waitpid(page[0], &ws, 0), page[0]);
	CHECK(WIFSIGNALED(ws) && WTERMSIG(ws) == SIGUSR1);
}

TEST(rusage_of_child)
{
	struct rusage usage;
	pid_t pid = fork();
	long long end;
	int ws;

	if (pid == 0) {
		end = now_ms() + 100;
		while (now_ms() < end)
			;
		_exit(0);
	}
	memset(&usage, 0, sizeof(usage));
	CHECK_EQ(wait4(pid, &ws, 0, &usage), pid);
	CHECK(usage.ru_utime.tv_sec * 1000 + usage.ru_utime.tv_usec / 1000 +
	      usage.ru_stime.tv_sec * 1000 + usage.ru_stime.tv_usec / 1000 >= 20);
	CHECK(usage.ru_maxrss > 0);
	getrusage(RUSAGE_CHILDREN, &usage);
	CHECK(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec >= 20000);
}

static void on_usr1(int sig)
{
	(void)sig;
}

TEST(eintr)
{
	pid_t pid = child_sleeps(), killer, me = getpid();

	set_handler(SIGUSR1, on_usr1, 0);
	killer = fork();
	if (killer == 0) {
		wait_state(me, 'S');
		kill(me, SIGUSR1);
		_exit(0);
	}
	CHECK_ERR(waitpid(pid, NULL, 0), EINTR);
	expect_exit(killer, 0);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

static void *exit_group_thread(void *arg)
{
	(void)arg;
	_exit(21);
}

static void *sleep_thread(void *arg)
{
	for (;;)
		pause();
	return arg;
}

TEST(exit_group_takes_threads)
{
	pthread_t thread;
	pid_t pid = fork();

	if (pid == 0) {
		pthread_create(&thread, NULL, sleep_thread, NULL);
		pthread_create(&thread, NULL, exit_group_thread, NULL);
		for (;;)
			pause();
	}
	expect_exit(pid, 21);
}

static void *late_thread(void *arg)
{
	sleep_ms(50);
	(void)arg;
	_exit(33);
}

/* The main thread may end by exit(2) while others live on; the process ends with the last one. */
TEST(leader_exits_first)
{
	pthread_t thread;
	pid_t pid = fork();

	if (pid == 0) {
		pthread_create(&thread, NULL, late_thread, NULL);
		syscall(SYS_exit, 5);
	}
	expect_exit(pid, 33);
}

TEST(pidfd_wait)
{
	struct gate gate;
	struct pollfd poller = { .events = POLLIN };
	siginfo_t info;
	pid_t pid;
	int fd;

	gate_init(&gate);
	pid = fork();
	if (pid == 0) {
		gate_wait(&gate);
		_exit(17);
	}
	fd = CHECK_OK(syscall(SYS_pidfd_open, pid, 0));
	poller.fd = fd;
	CHECK_EQ(poll(&poller, 1, 0), 0);
	gate_open(&gate);
	CHECK_EQ(poll(&poller, 1, 5000), 1);
	CHECK_OK(waitid(P_PIDFD, fd, &info, WEXITED));
	CHECK_EQ(info.si_status, 17);
	CHECK_ERR(waitid(P_PIDFD, fd, &info, WEXITED), ECHILD);
	CHECK_ERR(syscall(SYS_pidfd_send_signal, fd, 0, NULL, 0), ESRCH);
	close(fd);
	CHECK_ERR(syscall(SYS_pidfd_open, -1, 0), EINVAL);
	CHECK_ERR(syscall(SYS_pidfd_open, getpid(), 0x40000), EINVAL);
}

static void *waiter_thread(void *arg)
{
	int ws;

	return (void *)(long)(waitpid(*(pid_t *)arg, &ws, 0) == *(pid_t *)arg && ws == 4 << 8);
}

TEST(any_thread_may_wait)
{
	pthread_t thread;
	pid_t pid = child_exits(4);
	void *result = NULL;

	pthread_create(&thread, NULL, waiter_thread, &pid);
	pthread_join(thread, &result);
	CHECK(result != NULL);
	CHECK_ERR(waitpid(pid, NULL, 0), ECHILD);
}

static void *forker_thread(void *arg)
{
	*(pid_t *)arg = child_exits(6);
	return NULL;
}

/* A child belongs to the process, not to the thread that made it, which may be gone. */
TEST(child_of_a_gone_thread)
{
	pthread_t thread;
	pid_t pid = 0;

	pthread_create(&thread, NULL, forker_thread, &pid);
	pthread_join(thread, NULL);
	expect_exit(pid, 6);
}

/* A child that has ended, but is still to be waited for. */
static pid_t zombie(int status)
{
	pid_t pid = child_exits(status);
	siginfo_t info;

	CHECK_OK(waitid(P_PID, pid, &info, WEXITED | WNOWAIT));
	return pid;
}

/* Zombies between children that live: each is found once, and then that there are no more. */
TEST(zombies_among_the_living)
{
	pid_t dead[3], alive[3];
	int status, found = 0;

	for (int i = 0; i < 3; i++) {
		alive[i] = child_sleeps();
		dead[i] = zombie(i + 1);
	}
	for (int i = 0; i < 3; i++) {
		pid_t pid = waitpid(-1, &status, WNOHANG);

		for (int k = 0; k < 3; k++)
			if (pid == dead[k] && WEXITSTATUS(status) == k + 1)
				found |= 1 << k;
	}
	CHECK_EQ(found, 7);
	CHECK_EQ(waitpid(-1, &status, WNOHANG), 0);
	CHECK_ERR(waitpid(dead[1], &status, WNOHANG), ECHILD);
	CHECK_EQ(waitpid(alive[1], &status, WNOHANG), 0);
	kill(alive[2], SIGSTOP);		/* behind the others, and not dead */
	CHECK_EQ(waitpid(-1, &status, WUNTRACED), alive[2]);
	CHECK(WIFSTOPPED(status));
	for (int i = 0; i < 3; i++) {
		kill(alive[i], SIGKILL);
		CHECK_EQ(waitpid(-1, &status, 0), alive[i]);
	}
	CHECK_ERR(waitpid(-1, &status, WNOHANG), ECHILD);
}

/* The same among children that come to a subreaper, some of them as zombies. */
TEST(zombies_come_to_a_subreaper)
{
	int status, dead = 0, killed = 0, fd[2];
	pid_t child, pid, alive[2];

	CHECK_OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
	CHECK_OK(pipe(fd));
	child = fork();
	if (!child) {
		for (int i = 0; i < 2; i++) {
			alive[i] = child_sleeps();
			zombie(42);
		}
		write(fd[1], alive, sizeof(alive));
		_exit(0);
	}
	CHECK_EQ(read(fd[0], alive, sizeof(alive)), sizeof(alive));
	CHECK_EQ(waitpid(child, &status, 0), child);
	for (int i = 0; i < 2; i++) {
		CHECK(waitpid(-1, &status, 0) > 0);
		dead += WIFEXITED(status) && WEXITSTATUS(status) == 42;
	}
	CHECK_EQ(dead, 2);
	CHECK_EQ(waitpid(-1, &status, WNOHANG), 0);
	kill(alive[0], SIGKILL);
	kill(alive[1], SIGKILL);
	while ((pid = waitpid(-1, &status, 0)) > 0)
		killed += WIFSIGNALED(status) && (pid == alive[0] || pid == alive[1]);
	CHECK_EQ(killed, 2);
	CHECK_EQ(errno, ECHILD);
}
