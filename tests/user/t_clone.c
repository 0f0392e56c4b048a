// SPDX-License-Identifier: GPL-2.0-only
/* t_clone.c: clone, clone3 and their refusals; sharing by flag; pidfd, tids, exit signals. */
#include "tap.h"

#include <linux/sched.h>
#include <poll.h>
#include <sched.h>

enum { STACK = 65536 };

static char stack[STACK] __attribute__((aligned(16)));
static volatile int shared;

static pid_t clone_fn(int (*fn)(void *), int flags, void *arg)
{
	return clone(fn, stack + STACK, flags, arg);
}

static int exit_with(void *arg)
{
	return (long)arg;
}

static int set_shared(void *arg)
{
	shared = (long)arg;
	return 0;
}

TEST(plain)
{
	expect_exit(clone_fn(exit_with, SIGCHLD, (void *)5L), 5);
}

TEST(memory_shared_with_clone_vm)
{
	expect_exit(clone_fn(set_shared, CLONE_VM | SIGCHLD, (void *)7L), 0);
	CHECK_EQ(shared, 7);
	expect_exit(clone_fn(set_shared, SIGCHLD, (void *)9L), 0);
	CHECK_EQ(shared, 7);
}

static int close_it(void *arg)
{
	close((long)arg);
	return 0;
}

TEST(files_shared_with_clone_files)
{
	long fd = dup(0);

	expect_exit(clone_fn(close_it, SIGCHLD, (void *)fd), 0);
	CHECK_OK(fcntl(fd, F_GETFD));
	expect_exit(clone_fn(close_it, CLONE_FILES | SIGCHLD, (void *)fd), 0);
	CHECK_ERR(fcntl(fd, F_GETFD), EBADF);
}

static int chdir_root(void *arg)
{
	(void)arg;
	umask(077);
	return chdir("/") != 0;
}

TEST(fs_shared_with_clone_fs)
{
	char cwd[256];

	expect_exit(clone_fn(chdir_root, SIGCHLD, NULL), 0);
	CHECK(getcwd(cwd, sizeof(cwd)) && strcmp(cwd, "/") != 0);
	expect_exit(clone_fn(chdir_root, CLONE_FS | SIGCHLD, NULL), 0);
	CHECK(getcwd(cwd, sizeof(cwd)) && strcmp(cwd, "/") == 0);
	CHECK_EQ(umask(0), 077);
}

static void handler(int sig)
{
	(void)sig;
}

static int install_handler(void *arg)
{
	(void)arg;
	set_handler(SIGUSR1, handler, 0);
	return 0;
}

TEST(handlers_shared_with_clone_sighand)
{
	struct sigaction act;

	expect_exit(clone_fn(install_handler, CLONE_VM | SIGCHLD, NULL), 0);
	sigaction(SIGUSR1, NULL, &act);
	CHECK(act.sa_handler == SIG_DFL);
	expect_exit(clone_fn(install_handler, CLONE_VM | CLONE_SIGHAND | SIGCHLD, NULL), 0);
	sigaction(SIGUSR1, NULL, &act);
	CHECK(act.sa_handler == handler);
}

static int report_ppid(void *arg)
{
	*(pid_t *)arg = getppid();
	return 0;
}

TEST(clone_parent)
{
	pid_t *page = shared_page(), pid = fork();

	if (pid == 0) {
		page[1] = clone_fn(report_ppid, CLONE_PARENT | SIGCHLD, page);
		CHECK_ERR(waitpid(page[1], NULL, 0), ECHILD);
		finish();
	}
	expect_exit(pid, 0);
	expect_exit(page[1], 0);
	CHECK_EQ(page[0], getpid());
}

TEST(tids)
{
	pid_t *page = shared_page(), pid;

	pid = clone(exit_with, stack + STACK, CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | SIGCHLD,
		    NULL, &page[0], NULL, &page[1]);
	CHECK_EQ(page[0], pid);
	expect_exit(pid, 0);
	CHECK_EQ(page[1], pid);
	page[2] = 77;
	pid = clone(exit_with, stack + STACK, CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, NULL,
		    NULL, NULL, &page[2]);
	expect_exit(pid, 0);
	CHECK_EQ(page[2], 0);
}

static volatile int usr1s;

static void on_usr1(int sig)
{
	(void)sig;
	usr1s++;
}

TEST(exit_signal)
{
	int ws;
	pid_t pid;

	set_handler(SIGUSR1, on_usr1, 0);
	pid = clone_fn(exit_with, SIGUSR1, (void *)3L);
	CHECK_ERR(waitpid(pid, &ws, WNOHANG), ECHILD);	/* not a SIGCHLD child */
	while (waitpid(pid, &ws, __WCLONE) < 0 && errno == EINTR)
		;
	CHECK(WIFEXITED(ws) && WEXITSTATUS(ws) == 3);
	CHECK_EQ(usr1s, 1);

	pid = clone_fn(exit_with, 0, (void *)4L);
	CHECK_EQ(waitpid(pid, &ws, __WALL), pid);
	CHECK(WIFEXITED(ws) && WEXITSTATUS(ws) == 4);
}

static long raw_clone(unsigned long flags)
{
	long pid = syscall(SYS_clone, flags, NULL, NULL, NULL, NULL);

	if (pid == 0)
		_exit(0);
	return pid;
}

TEST(flag_refusals)
{
	static const unsigned long bad[] = {
		CLONE_NEWNS | CLONE_FS,
		CLONE_THREAD,
		CLONE_THREAD | CLONE_VM,
		CLONE_SIGHAND,
		CLONE_SIGHAND | CLONE_THREAD,
		CLONE_PIDFD | CLONE_DETACHED,
		CLONE_PIDFD | CLONE_PARENT_SETTID,
		CLONE_NEWUSER | CLONE_FS,
		CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_NEWPID,
		CLONE_VM | CLONE_SIGHAND | CLONE_THREAD | CLONE_NEWUSER,
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		if (raw_clone(bad[i] | SIGCHLD) != -1 || errno != EINVAL) {
			note("flags %#lx: errno %d", bad[i], errno);
			CHECK(!"refused with EINVAL");
		}
	CHECK_ERR(wait(NULL), ECHILD);
}

TEST(namespaces_need_privilege)
{
	static const unsigned long flags[] = { CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC,
					       CLONE_NEWPID, CLONE_NEWNET };
	pid_t pid = fork();
	size_t i;

	if (pid == 0) {
		become_user();
		for (i = 0; i < ARRAY_SIZE(flags); i++)
			CHECK_ERR(raw_clone(flags[i] | SIGCHLD), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

static long clone3(struct clone_args *args, size_t size)
{
	return syscall(SYS_clone3, args, size);
}

TEST(clone3_basic)
{
	struct clone_args args = { .exit_signal = SIGCHLD };
	pid_t pid = clone3(&args, sizeof(args));

	if (pid == 0)
		_exit(6);
	expect_exit(pid, 6);
	pid = clone3(&args, CLONE_ARGS_SIZE_VER0);
	if (pid == 0)
		_exit(8);
	expect_exit(pid, 8);
}

TEST(clone3_refusals)
{
	struct {
		struct clone_args args;
		char more[64];
	} big = { .args.exit_signal = SIGCHLD };
	struct clone_args args = { .exit_signal = SIGCHLD };

	CHECK_ERR(clone3(&args, CLONE_ARGS_SIZE_VER0 - 1), EINVAL);
	CHECK_ERR(clone3(&args, 0), EINVAL);
	CHECK_ERR(clone3(&args, 8192), E2BIG);
	CHECK_ERR(clone3(NULL, sizeof(args)), EFAULT);
	big.more[10] = 1;
	CHECK_ERR(clone3(&big.args, sizeof(big)), E2BIG);
	args.flags = 1ULL << 50;
	CHECK_ERR(clone3(&args, sizeof(args)), EINVAL);
	args.flags = 1;				/* the low byte is no place for a signal here */
	CHECK_ERR(clone3(&args, sizeof(args)), EINVAL);
	args.flags = 0;
	args.exit_signal = 65;
	CHECK_ERR(clone3(&args, sizeof(args)), EINVAL);
	args.exit_signal = SIGCHLD;
	args.stack = (uintptr_t)stack;
	CHECK_ERR(clone3(&args, sizeof(args)), EINVAL);
	args.stack = 0;
	args.stack_size = STACK;
	CHECK_ERR(clone3(&args, sizeof(args)), EINVAL);
	args.stack_size = 0;
	args.flags = CLONE_SIGHAND | CLONE_VM | CLONE_CLEAR_SIGHAND;
	CHECK_ERR(clone3(&args, sizeof(args)), EINVAL);
	args.flags = CLONE_THREAD | CLONE_SIGHAND | CLONE_VM;
	CHECK_ERR(clone3(&args, sizeof(args)), EINVAL);	/* a thread has no exit signal */
	args.flags = 0;
	args.set_tid = (uintptr_t)stack;
	CHECK_ERR(clone3(&args, sizeof(args)), EINVAL);
	args.set_tid_size = 33;
	CHECK_ERR(clone3(&args, sizeof(args)), EINVAL);
	CHECK_ERR(wait(NULL), ECHILD);
}

TEST(clear_sighand)
{
	struct clone_args args = { .exit_signal = SIGCHLD, .flags = CLONE_CLEAR_SIGHAND };
	struct sigaction act;
	pid_t pid;

	set_handler(SIGUSR1, handler, 0);
	signal(SIGUSR2, SIG_IGN);
	pid = clone3(&args, sizeof(args));
	if (pid == 0) {
		sigaction(SIGUSR1, NULL, &act);
		CHECK(act.sa_handler == SIG_DFL);
		sigaction(SIGUSR2, NULL, &act);
		CHECK(act.sa_handler == SIG_IGN);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(set_tid)
{
	pid_t want = 30123;
	struct clone_args args = { .exit_signal = SIGCHLD, .set_tid = (uintptr_t)&want,
				   .set_tid_size = 1 };
	pid_t pid = clone3(&args, sizeof(args));

	if (pid == 0)
		_exit(getpid() == want ? 0 : 1);
	CHECK_EQ(pid, want);
	CHECK_ERR(clone3(&args, sizeof(args)), EEXIST);
	expect_exit(pid, 0);
	want = -1;
	CHECK_ERR(clone3(&args, sizeof(args)), EINVAL);
}

TEST(pidfd)
{
	int fd = -1;
	struct clone_args args = { .exit_signal = SIGCHLD, .flags = CLONE_PIDFD,
				   .pidfd = (uintptr_t)&fd };
	struct pollfd poller = { .events = POLLIN };
	pid_t pid = clone3(&args, sizeof(args));

	if (pid == 0) {
		pause();
		_exit(0);
	}
	CHECK(fd >= 0);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	poller.fd = fd;
	CHECK_EQ(poll(&poller, 1, 0), 0);
	CHECK_OK(syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0));
	CHECK_EQ(poll(&poller, 1, 5000), 1);
	expect_signal(pid, SIGTERM);
	CHECK_ERR(syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0), ESRCH);
}

TEST(proc_directory_takes_signals)
{
	siginfo_t info;
	int dir, task, status, gone;
	char name[64];
	pid_t pid = fork();

	if (pid == 0) {
		pause();
		_exit(0);
	}
	snprintf(name, sizeof(name), "/proc/%d", pid);
	dir = open(name, O_RDONLY | O_DIRECTORY);
	gone = open(name, O_PATH);
	snprintf(name, sizeof(name), "/proc/%d/task/%d", pid, pid);
	task = open(name, O_RDONLY | O_DIRECTORY);
	snprintf(name, sizeof(name), "/proc/%d/status", pid);
	status = open(name, O_RDONLY);
	REQUIRE(dir >= 0 && task >= 0 && status >= 0 && gone >= 0);
	CHECK_OK(syscall(SYS_pidfd_send_signal, dir, 0, NULL, 0));
	CHECK_ERR(syscall(SYS_pidfd_send_signal, gone, 0, NULL, 0), EBADF);
	CHECK_ERR(syscall(SYS_pidfd_send_signal, task, 0, NULL, 0), EBADF);
	CHECK_ERR(syscall(SYS_pidfd_send_signal, status, 0, NULL, 0), EBADF);
	CHECK_ERR(syscall(SYS_pidfd_getfd, dir, 0, 0), EBADF);		/* nothing else takes it */
	CHECK_ERR(syscall(SYS_waitid, P_PIDFD, dir, &info, WEXITED | WNOHANG, NULL), EBADF);
	CHECK_OK(syscall(SYS_pidfd_send_signal, dir, SIGTERM, NULL, 0));
	expect_signal(pid, SIGTERM);
	CHECK_ERR(syscall(SYS_pidfd_send_signal, dir, SIGTERM, NULL, 0), ESRCH);
}

TEST(pidfd_of_a_zombie)
{
	siginfo_t info;
	pid_t pid = fork();
	int fd;

	if (pid == 0)
		_exit(4);
	CHECK_OK(syscall(SYS_waitid, P_PID, pid, &info, WEXITED | WNOWAIT, NULL));
	fd = CHECK_OK(syscall(SYS_pidfd_open, pid, 0));
	CHECK_ERR(syscall(SYS_pidfd_getfd, fd, 0, 0), ESRCH);
	CHECK_OK(syscall(SYS_pidfd_send_signal, fd, SIGTERM, NULL, 0));
	CHECK_ERR(lseek(fd, 0, SEEK_SET), ESPIPE);
	expect_exit(pid, 4);
}

TEST(bad_tid_pointers_are_harmless)
{
	/* A parent tid that cannot be written does not undo the fork. */
	pid_t pid = syscall(SYS_clone, CLONE_PARENT_SETTID | SIGCHLD, NULL, (void *)8, NULL, NULL);

	if (pid == 0)
		_exit(2);
	expect_exit(pid, 2);
}

static volatile uintptr_t tls_seen;

static int read_tls(void *arg)
{
	(void)arg;
	tls_seen = (uintptr_t)__builtin_thread_pointer();
	syscall(SYS_exit, 0);
	return 0;
}

TEST(settls)
{
	static char block[4096] __attribute__((aligned(16)));
	pid_t pid = clone(read_tls, stack + STACK, CLONE_VM | CLONE_SETTLS | SIGCHLD, NULL, NULL,
			  block + 2048, NULL);

	expect_exit(pid, 0);
	CHECK_EQ(tls_seen, (uintptr_t)(block + 2048));
}


TEST(unshare_files)
{
	int fd = dup(0);
	pid_t pid = clone_fn(exit_with, SIGCHLD, NULL);

	expect_exit(pid, 0);
	CHECK_OK(unshare(CLONE_FILES));
	CHECK_OK(unshare(CLONE_FS));
	CHECK_OK(fcntl(fd, F_GETFD));
	CHECK_ERR(unshare(0x40), EINVAL);
}
