// SPDX-License-Identifier: GPL-2.0-only
/* t_pidns.c: pid namespaces: numbers, init, its signals, its end, procfs. pid_namespaces(7) */
#include "tap.h"

#include <dirent.h>
#include <linux/nsfs.h>
#include <linux/sched.h>
#include <sched.h>
#include <sys/resource.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <linux/reboot.h>

static pid_t clone_ns(unsigned long flags)
{
	return syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
}

/* getpid(2) is not cached by any C library of ours, but make sure. */
static pid_t my_pid(void)
{
	return syscall(SYS_getpid);
}

TEST(init_is_one)
{
	pid_t pid = clone_ns(CLONE_NEWPID), child;

	if (pid == 0) {
		CHECK_EQ(my_pid(), 1);
		CHECK_EQ(syscall(SYS_gettid), 1);
		CHECK_EQ(getppid(), 0);
		CHECK_EQ(getpgid(0), 0);	/* of the parent: no number here */
		CHECK_EQ(getsid(0), 0);
		child = fork();
		if (child == 0) {
			CHECK_EQ(my_pid(), 2);
			CHECK_EQ(getppid(), 1);
			finish();
		}
		CHECK_EQ(child, 2);
		expect_exit(child, 0);
		CHECK_EQ(setsid(), 1);
		CHECK_EQ(getpgid(0), 1);
		finish();
	}
	CHECK(pid > 1);
	expect_exit(pid, 0);
}

TEST(unshare_is_for_children)
{
	pid_t pid = fork(), child;

	if (pid == 0) {
		pid_t before = my_pid();
		char text[64];

		CHECK_OK(unshare(CLONE_NEWPID));
		CHECK_EQ(my_pid(), before);
		CHECK_ERR(readlink("/proc/self/ns/pid_for_children", text, sizeof(text)), ENOENT);
		CHECK_ERR(unshare(CLONE_NEWPID), EINVAL);	/* not before the first is entered */
		child = fork();
		if (child == 0) {
			CHECK_EQ(my_pid(), 1);
			finish();
		}
		CHECK(child > 1);
		CHECK_OK(readlink("/proc/self/ns/pid_for_children", text, sizeof(text)));
		expect_exit(child, 0);
		CHECK_ERR(fork(), ENOMEM);	/* its init is dead */
		finish();
	}
	expect_exit(pid, 0);
}

static int nothing(void *arg)
{
	(void)arg;
	return 0;
}

TEST(flag_refusals)
{
	static char stack[16384] __attribute__((aligned(16)));
	const int thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
	pid_t pid = fork();

	if (pid == 0) {
		CHECK_ERR(clone_ns(thread | CLONE_NEWPID), EINVAL);
		CHECK_OK(unshare(CLONE_NEWPID));
		CHECK_ERR(clone(nothing, stack + sizeof(stack), thread, NULL), EINVAL);
		finish();
	}
	expect_exit(pid, 0);
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		CHECK_ERR(clone_ns(CLONE_PARENT), EINVAL);	/* init's sibling */
		finish();
	}
	expect_exit(pid, 0);
}

TEST(needs_privilege)
{
	pid_t pid = fork();

	if (pid == 0) {
		become_user();
		CHECK_ERR(clone_ns(CLONE_NEWPID), EPERM);
		CHECK_ERR(unshare(CLONE_NEWPID), EPERM);
		pid = clone_ns(CLONE_NEWPID | CLONE_NEWUSER);
		if (pid == 0)
			_exit(my_pid() == 1 ? 0 : 1);
		expect_exit(pid, 0);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(nesting)
{
	int *depth = shared_page(), level;
	pid_t pid = 0;

	for (level = 0; level < 40; level++) {
		pid = clone_ns(CLONE_NEWPID);
		if (pid != 0)
			break;
		depth[0] = level + 1;
	}
	if (level && pid < 0) {
		depth[1] = errno;
		_exit(0);
	}
	if (level) {
		waitpid(pid, NULL, 0);
		_exit(0);
	}
	expect_exit(pid, 0);
	CHECK_EQ(depth[0], 32);
	CHECK_EQ(depth[1], ENOSPC);
}

static volatile int usr1s;

static void on_usr1(int sig)
{
	(void)sig;
	usr1s++;
}

TEST(init_and_signals_from_inside)
{
	pid_t pid = clone_ns(CLONE_NEWPID), child;

	if (pid == 0) {
		set_handler(SIGUSR1, on_usr1, SA_RESTART);
		child = fork();
		if (child == 0) {
			CHECK_OK(kill(1, SIGTERM));
			CHECK_OK(kill(1, SIGKILL));
			CHECK_OK(kill(1, SIGSTOP));
			CHECK_OK(kill(1, SIGUSR1));
			finish();
		}
		expect_exit(child, 0);
		CHECK_OK(kill(1, SIGKILL));
		CHECK_EQ(usr1s, 1);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(init_and_signals_from_above)
{
	struct gate ready;
	int ws;
	pid_t pid;

	gate_init(&ready);
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		gate_open(&ready);
		for (;;)
			pause();
	}
	gate_wait(&ready);
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(kill(pid, SIGTERM));		/* not handled: ignored */
	CHECK_OK(kill(pid, SIGINT));
	CHECK_OK(kill(pid, SIGSTOP));
	CHECK_EQ(waitpid(pid, &ws, WUNTRACED), pid);
	CHECK(WIFSTOPPED(ws));
	CHECK_OK(kill(pid, SIGCONT));
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(kill(pid, SIGKILL));
	expect_signal(pid, SIGKILL);
}

static volatile pid_t *seen;

static void on_info(int sig, siginfo_t *info, void *context)
{
	(void)sig;
	(void)context;
	seen[0] = info->si_pid;
	seen[1] = info->si_code;
}

TEST(si_pid)
{
	struct sigaction act = { .sa_sigaction = on_info, .sa_flags = SA_SIGINFO };
	struct gate ready;
	pid_t pid;

	seen = shared_page();
	seen[0] = 77;
	gate_init(&ready);
	sigaction(SIGUSR1, &act, NULL);
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		gate_open(&ready);
		pause();
		CHECK_EQ(seen[0], 0);		/* from where there is no number for it */
		CHECK_EQ(seen[1], SI_USER);
		if (fork() == 0) {
			CHECK_OK(kill(1, SIGUSR1));
			finish();
		}
		while (wait(NULL) < 0)
			;
		CHECK_EQ(seen[0], 2);
		finish();
	}
	gate_wait(&ready);
	CHECK(wait_state(pid, 'S'));
	CHECK_OK(kill(pid, SIGUSR1));
	expect_exit(pid, 0);
}

TEST(its_end_is_the_end_of_all)
{
	struct gate alive;
	char byte;
	pid_t pid;
	int i;

	gate_init(&alive);
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		close(alive.fd[0]);
		for (i = 0; i < 20; i++)
			if (fork() == 0) {
				if (i % 2)
					signal(SIGTERM, SIG_IGN);
				if (i % 3 == 0 && fork() == 0)
					setsid();
				for (;;)
					pause();
			}
		_exit(3);
	}
	close(alive.fd[1]);
	expect_exit(pid, 3);
	/* All of them are gone by the time that init can be waited for. */
	CHECK_EQ(read(alive.fd[0], &byte, 1), 0);
}

TEST(orphans_go_to_its_init)
{
	pid_t pid = clone_ns(CLONE_NEWPID), child, ws;

	if (pid == 0) {
		child = fork();
		if (child == 0) {
			if (fork() == 0) {
				while (getppid() != 1)
					sched_yield();
				_exit(7);
			}
			_exit(0);
		}
		expect_exit(child, 0);
		child = wait(&ws);
		CHECK_EQ(child, 3);
		CHECK_EQ(WEXITSTATUS(ws), 7);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(kill_all)
{
	struct gate ready;
	pid_t outside = fork(), pid;

	if (outside == 0) {
		pause();
		_exit(0);
	}
	gate_init(&ready);
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		if (fork() == 0) {
			for (;;)
				pause();
		}
		CHECK_OK(kill(-1, SIGKILL));
		expect_signal(2, SIGKILL);
		CHECK_ERR(kill(-1, 0), ESRCH);
		CHECK_ERR(kill(outside, 0), ESRCH);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(waitpid(outside, NULL, WNOHANG), 0);
	kill(outside, SIGKILL);
	expect_signal(outside, SIGKILL);
}

static int count_pids(const char *proc)
{
	DIR *dir = opendir(proc);
	struct dirent *d;
	int n = 0;

	if (!dir)
		return -1;
	while ((d = readdir(dir)))
		n += d->d_name[0] >= '0' && d->d_name[0] <= '9';
	closedir(dir);
	return n;
}

TEST(procfs)
{
	pid_t pid, child;
	char text[64];

	CHECK_OK(unshare(CLONE_NEWNS));
	CHECK_OK(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	CHECK_OK(mkdir("proc", 0755));
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		CHECK(readlink("/proc/self", text, sizeof(text)) > 1);	/* its number in the parent's */
		CHECK_OK(mount("proc", "proc", "proc", 0, NULL));
		CHECK_EQ(count_pids("proc"), 1);
		child = fork();
		if (child == 0) {
			CHECK_EQ(count_pids("proc"), 2);
			CHECK_EQ(readlink("proc/self", text, sizeof(text)), 1);
			CHECK_EQ(text[0], '2');
			CHECK_EQ(readlink("proc/thread-self", text, sizeof(text)), 8);
			CHECK(!memcmp(text, "2/task/2", 8));
			CHECK(file_has("proc/self/status", "Pid:\t2\nPPid:\t1\n"));
			CHECK(file_has("proc/self/status", "NSpid:\t2\n"));
			CHECK(file_has("proc/1/status", "PPid:\t0\n"));
			CHECK(file_has("proc/2/stat", "2 ("));
			CHECK_OK(access("proc/2/task/2", F_OK));
			CHECK_ERR(access("proc/3", F_OK), ENOENT);
			finish();
		}
		expect_exit(child, 0);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(numbers_of_all_levels)
{
	struct gate ready, go;
	char path[64], want[64];
	pid_t pid;

	gate_init(&ready);
	gate_init(&go);
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		setsid();
		gate_open(&ready);
		gate_wait(&go);
		finish();
	}
	gate_wait(&ready);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	snprintf(want, sizeof(want), "NStgid:\t%d\t1\nNSpid:\t%d\t1\nNSpgid:\t%d\t1\nNSsid:\t%d\t1\n", pid, pid,
		 pid, pid);
	CHECK(file_has(path, want));
	gate_open(&go);
	expect_exit(pid, 0);
}

TEST(setns_and_relations)
{
	struct gate ready, go;
	char path[64];
	struct stat st, st2;
	pid_t pid, child;
	int fd, parent;

	gate_init(&ready);
	gate_init(&go);
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		gate_open(&ready);
		gate_wait(&go);
		CHECK(wait(NULL) < 0);		/* who joins is not our child */
		finish();
	}
	gate_wait(&ready);
	snprintf(path, sizeof(path), "/proc/%d/ns/pid", pid);
	fd = CHECK_OK(open(path, O_RDONLY));
	/* Linux 6.1 has none of nsfs's ioctls for 32-bit programs. */
	parent = CHECK_OK(is_compat() ? open("/proc/self/ns/pid", O_RDONLY) : ioctl(fd, NS_GET_PARENT));
	CHECK_OK(fstat(parent, &st));
	CHECK_OK(stat("/proc/self/ns/pid", &st2));
	CHECK_EQ(st.st_ino, st2.st_ino);
	child = fork();
	if (child == 0) {
		CHECK_OK(syscall(SYS_setns, fd, CLONE_NEWPID));
		child = fork();
		if (child == 0) {
			CHECK_EQ(my_pid(), 2);
			CHECK_EQ(getppid(), 0);
			if (!is_compat())
				CHECK_ERR(ioctl(fd, NS_GET_PARENT), EPERM);
			CHECK_ERR(syscall(SYS_setns, parent, CLONE_NEWPID), EINVAL);	/* not up */
			finish();
		}
		expect_exit(child, 0);
		CHECK_OK(syscall(SYS_setns, parent, CLONE_NEWPID));	/* back */
		finish();
	}
	expect_exit(child, 0);
	gate_open(&go);
	expect_exit(pid, 0);
}

static pid_t clone3_tid(pid_t *tids, size_t n, unsigned long long flags)
{
	struct clone_args args = {
		.flags = flags, .exit_signal = SIGCHLD, .set_tid = (uintptr_t)tids, .set_tid_size = n,
	};

	return syscall(SYS_clone3, &args, sizeof(args));
}

TEST(set_tid)
{
	pid_t tids[3] = { 1, 31000, 0 }, pid;

	pid = clone3_tid(tids, 2, CLONE_NEWPID);
	if (pid == 0) {
		pid_t own[2] = { 42, 31001 }, child;

		CHECK_EQ(my_pid(), 1);
		child = clone3_tid(own, 2, 0);
		if (child == 0) {
			CHECK_EQ(my_pid(), 42);
			finish();
		}
		CHECK_EQ(child, 42);
		CHECK_ERR(clone3_tid(own, 1, 0), EEXIST);
		expect_exit(child, 0);
		own[0] = 43;
		CHECK_ERR(clone3_tid(own, 3, 0), EINVAL);	/* deeper than we are */
		finish();
	}
	CHECK_EQ(pid, 31000);
	expect_exit(pid, 0);
	tids[0] = 2;
	CHECK_ERR(clone3_tid(tids, 2, CLONE_NEWPID), EINVAL);	/* the first must be 1 */
	/* All or none: the inner number is free again when the outer one is taken. */
	tids[0] = 1;
	tids[1] = getpid();
	CHECK_ERR(clone3_tid(tids, 2, CLONE_NEWPID), EEXIST);
}

TEST(last_pid)
{
	pid_t pid = clone_ns(CLONE_NEWPID), child;

	if (pid == 0) {
		write_file("/proc/sys/kernel/ns_last_pid", "999");
		child = fork();
		if (child == 0)
			_exit(my_pid() == 1000 ? 0 : 1);
		CHECK_EQ(child, 1000);
		expect_exit(child, 0);
		CHECK(file_has("/proc/sys/kernel/ns_last_pid", "1000\n"));
		finish();
	}
	expect_exit(pid, 0);
}

TEST(locks_and_owners)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_len = 1 };
	int fd = CHECK_OK(open("file", O_RDWR | O_CREAT, 0644));
	pid_t pid;

	CHECK_OK(fcntl(fd, F_SETLK, &lock));
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		CHECK_OK(fcntl(fd, F_GETLK, &lock));
		CHECK_EQ(lock.l_type, F_WRLCK);
		CHECK_EQ(lock.l_pid, 0);
		finish();
	}
	expect_exit(pid, 0);
}

TEST(credentials_of_messages)
{
	char control[64], byte = 'x';
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control),
	};
	struct ucred cred;
	int fds[2], on = 1;
	pid_t pid;

	CHECK_OK(socketpair(AF_UNIX, SOCK_DGRAM, 0, fds));
	CHECK_OK(setsockopt(fds[0], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)));
	CHECK_OK(setsockopt(fds[1], SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)));
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		CHECK_OK(write(fds[1], "x", 1));
		CHECK_OK(recvmsg(fds[1], &msg, 0));
		memcpy(&cred, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(cred));
		CHECK_EQ(cred.pid, 0);
		finish();
	}
	CHECK_OK(recvmsg(fds[0], &msg, 0));
	memcpy(&cred, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(cred));
	CHECK_EQ(cred.pid, pid);
	CHECK_OK(write(fds[0], "x", 1));
	expect_exit(pid, 0);
}

TEST(pidfds)
{
	int outside = CHECK_OK(syscall(SYS_pidfd_open, getpid(), 0));
	pid_t pid = clone_ns(CLONE_NEWPID);

	if (pid == 0) {
		int own = CHECK_OK(syscall(SYS_pidfd_open, 1, 0));

		CHECK_OK(syscall(SYS_pidfd_send_signal, own, 0, NULL, 0));
		CHECK_ERR(syscall(SYS_pidfd_send_signal, outside, 0, NULL, 0), EINVAL);
		finish();
	}
	expect_exit(pid, 0);
}

static void reboot_with(unsigned int cmd, int sig)
{
	pid_t pid = clone_ns(CLONE_NEWPID);

	if (pid == 0) {
		if (fork() == 0) {
			syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, cmd, NULL);
			_exit(9);
		}
		for (;;)
			pause();
	}
	expect_signal(pid, sig);
}

TEST(reboot_ends_it)
{
	pid_t pid;

	reboot_with(LINUX_REBOOT_CMD_RESTART, SIGHUP);
	reboot_with(LINUX_REBOOT_CMD_HALT, SIGINT);
	reboot_with(LINUX_REBOOT_CMD_POWER_OFF, SIGINT);
	pid = clone_ns(CLONE_NEWPID);
	if (pid == 0) {
		CHECK_ERR(syscall(SYS_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_CAD_ON, NULL),
			  EINVAL);
		CHECK_ERR(syscall(SYS_reboot, 1, 2, LINUX_REBOOT_CMD_HALT, NULL), EINVAL);
		finish();
	}
	expect_exit(pid, 0);
}

static int exit_thread(void *arg)
{
	(void)arg;
	for (;;)
		pause();
	return 0;
}

TEST(init_with_threads)
{
	static char stack[16384] __attribute__((aligned(16)));
	pid_t pid = clone_ns(CLONE_NEWPID);

	if (pid == 0) {
		CHECK_OK(clone(exit_thread, stack + sizeof(stack), CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, NULL));
		if (fork() == 0)
			for (;;)
				pause();
		_exit(5);
	}
	expect_exit(pid, 5);
}

TEST(storm)
{
	int round, i;

	for (round = 0; round < 30; round++) {
		pid_t pid = clone_ns(CLONE_NEWPID);

		if (pid == 0) {
			for (i = 0; i < 8; i++)
				if (fork() == 0)
					for (;;)
						if (fork() == 0)
							_exit(0);
			sched_yield();
			_exit(0);
		}
		expect_exit(pid, 0);
	}
}

static int alone(void *arg __attribute__((unused)))
{
	CHECK_OK(setpriority(PRIO_PROCESS, 0, 7));
	CHECK_EQ(getpriority(PRIO_USER, 0), 7);		/* the others of this user are not visible */
	CHECK_OK(setpriority(PRIO_USER, 0, 9));
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 9);
	finish();
}

TEST(priority_of_a_user)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid = clone(alone, stack + sizeof(stack), CLONE_NEWPID | SIGCHLD, NULL);

	REQUIRE(pid > 0);
	expect_exit(pid, 0);
	CHECK_EQ(getpriority(PRIO_PROCESS, 0), 0);
}
