// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_failnth.c: every allocation and every copy from or to user space inside a call is made to fail in turn, by
 * /proc/<pid>/fail-nth; after that, nothing may be lost: objects of any slab cache, page tables, kernel stacks,
 * threads. A kernel without fault injection (a release build, Debian's) skips this.
 *
 * A piece of work runs in a child per N, from 1 until N was more than there is to fail. What it does with its
 * error is its affair (a handler that cannot be called is a death by SIGSEGV), but without a fault it must succeed.
 */
#include "tap.h"

#include <linux/aio_abi.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sched.h>
#include <mqueue.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ipc.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/msg.h>
#include <sys/ptrace.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <sys/un.h>

enum { MAX_NTH = 5000, MAX_ROUNDS = 8, WAITS = 40, MAX_COUNTERS = 300 };

/* True if all went well. It leaves nothing that the end of the process does not take away. */
typedef bool work(void);

/* ---- what may not grow ------------------------------------------------------------------------- */

struct counters {
	unsigned int	n;
	struct {
		char	name[40];
		long	value;
	} c[MAX_COUNTERS];
};

static char text[128 * 1024];

static void count(struct counters *all, const char *name, long value)
{
	REQUIRE(all->n < MAX_COUNTERS);
	snprintf(all->c[all->n].name, sizeof(all->c[0].name), "%s", name);
	all->c[all->n++].value = value;
}

static void measure(struct counters *all)
{
	static const char *const fields[] = { "AnonPages:", "PageTables:", "KernelStack:", "Shmem:" };
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY);
	char name[64], *line, *save;
	long value;

	if (fd >= 0 && write(fd, "2", 1) == 1)
		close(fd);
	all->n = 0;
	read_file("/proc/slabinfo", text, sizeof(text));
	for (line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (sscanf(line, "%60s %ld", name, &value) == 2)
			count(all, name, value);
	read_file("/proc/meminfo", text, sizeof(text));
	for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
		line = strstr(text, fields[i]);
		if (line && sscanf(line, "%60s %ld", name, &value) == 2)
			count(all, name, value);
	}
	read_file("/proc/loadavg", text, sizeof(text));
	if (sscanf(text, "%*s %*s %*s %*d/%ld", &value) == 1)
		count(all, "threads", value);
}

/* What has more now; tells which, if asked to. */
static int growth(const struct counters *before, const struct counters *after, bool tell)
{
	int grown = 0;

	for (unsigned int i = 0; i < after->n; i++)
		for (unsigned int k = 0; k < before->n; k++)
			if (!strcmp(before->c[k].name, after->c[i].name) && after->c[i].value > before->c[k].value) {
				grown++;
				if (tell)
					note("%s: %ld, then %ld", after->c[i].name, before->c[k].value,
					     after->c[i].value);
			}
	return grown;
}

/* ---- a sweep -------------------------------------------------------------------------------- */

static int fail_fd(void)
{
	return open("/proc/thread-self/fail-nth", O_RDWR);
}

enum outcome { INJECTED = 10, DONE, UNREASONABLE, NOT_BUILT };

/* In a child. */
static enum outcome fail_nth(work *run, int nth)
{
	char number[16];
	int fd = fail_fd();
	ssize_t n;
	bool good;

	dup2(open("/dev/null", O_WRONLY), 1);
	dup2(1, 2);				/* libc's last words */
	snprintf(number, sizeof(number), "%d", nth);
	if (fd < 0 || write(fd, number, strlen(number)) < 0)
		return UNREASONABLE;
	good = run();
	n = pread(fd, number, sizeof(number) - 1, 0);	/* may be the one that fails */
	while (pwrite(fd, "0", 1, 0) < 0)
		;
	number[n < 0 ? 0 : n] = '\0';
	if (n >= 0 && atoi(number) == 0)
		return INJECTED;
	return good ? DONE : UNREASONABLE;
}

/* How many things there are to fail in it; -1: it fails by itself. */
static int sweep(work *run)
{
	int nth, ws;

	for (nth = 1; nth < MAX_NTH; nth++) {
		pid_t pid = fork();

		REQUIRE(pid >= 0);
		if (pid == 0)
			_exit(fail_nth(run, nth));
		REQUIRE(waitpid(pid, &ws, 0) == pid);
		if (WIFEXITED(ws) && WEXITSTATUS(ws) == DONE)
			return nth - 1;
		if (WIFEXITED(ws) && WEXITSTATUS(ws) == UNREASONABLE) {
			note("at %d", nth);
			return -1;
		}
	}
	note("no end");
	return -1;
}

static bool injectable(void)
{
	int fd = fail_fd();

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

/* Sweeps until one leaves nothing behind: the first ones fill caches. A leak is there in every one. */
static void sweep_and_compare(work *run)
{
	static struct counters before, after;
	cpu_set_t one;
	int points = 0, round, grown = 1;

	if (!injectable())
		skip("no fault injection");
	/* What other CPUs keep in stock, or free a moment later, would be growth. */
	CPU_ZERO(&one);
	CPU_SET(0, &one);
	CHECK_OK(sched_setaffinity(0, sizeof(one), &one));
	CHECK_OK(prctl(PR_SET_CHILD_SUBREAPER, 1));
	for (round = 0; round < MAX_ROUNDS && grown; round++) {
		measure(&before);
		points = sweep(run);
		REQUIRE(points > 0);
		for (int wait = 0; wait < WAITS && grown; wait++) {
			while (waitpid(-1, NULL, WNOHANG) > 0)
				;		/* orphans of those who died of a fault */
			measure(&after);
			grown = growth(&before, &after, wait == WAITS - 1);
			if (grown)
				usleep(25000);
		}
	}
	CHECK_EQ(grown, 0);
	note("%d points, %d rounds", points, round);
}

#define SWEEP(ident)								\
	static bool work_##ident(void);						\
	SLOW_TEST(ident)			/* hundreds of rounds */	\
	{									\
		sweep_and_compare(work_##ident);				\
	}									\
	static bool work_##ident(void)

TEST(proc_files)
{
	char buf[16];
	int fd;

	if (!injectable())
		skip("no fault injection");
	fd = fail_fd();
	CHECK_EQ(pwrite(fd, "12\n", 3, 0), 3);
	CHECK(pread(fd, buf, sizeof(buf), 0) > 0 && atoi(buf) > 0 && atoi(buf) <= 12);
	while (pwrite(fd, "0", 1, 0) < 0)
		;
	CHECK_ERR(pwrite(fd, "x", 1, 0), EINVAL);
	CHECK_ERR(pwrite(fd, "-1", 2, 0), EINVAL);
	fd = open("/proc/self/make-it-fail", O_RDWR);
	CHECK_ERR(pwrite(fd, "2", 1, 0), EINVAL);
	CHECK_EQ(pwrite(fd, "1", 1, 0), 1);
	CHECK(pread(fd, buf, sizeof(buf), 0) == 2 && buf[0] == '1');	/* no chance is set: nothing fails */
	REQUIRE(setresuid(1000, 1000, 1000) == 0);
	CHECK_ERR(pwrite(fd, "0", 1, 0), EPERM);
}

/* ---- processes ------------------------------------------------------------------------------ */

static bool reap(pid_t pid)
{
	int ws;

	return pid > 0 && waitpid(pid, &ws, 0) == pid && ws == 0;
}

SWEEP(fork)
{
	pid_t pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return reap(pid);
}

SWEEP(vfork)
{
	pid_t pid = vfork();

	if (pid == 0)
		_exit(0);
	return reap(pid);
}

static void *thread_main(void *arg)
{
	return arg;
}

SWEEP(thread)
{
	pthread_t thread;

	return pthread_create(&thread, NULL, thread_main, NULL) == 0 && pthread_join(thread, NULL) == 0;
}

SWEEP(clone3_pidfd)
{
	int pidfd = -1;
	pid_t tid = 0, pid;
	struct clone_args args = {
		.flags = CLONE_PIDFD | CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID | CLONE_CLEAR_SIGHAND,
		.pidfd = (uintptr_t)&pidfd, .parent_tid = (uintptr_t)&tid, .child_tid = (uintptr_t)&tid,
		.exit_signal = SIGCHLD,
	};

	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid == 0)
		_exit(0);
	return reap(pid);
}

/* A kind of namespace that is not built: EINVAL whatever fails. */
static bool built(int flag)
{
	pid_t pid = fork();
	int ws;

	if (pid == 0) {
		pid = syscall(SYS_clone, SIGCHLD | flag, 0, 0, 0, 0);
		_exit(pid < 0 && errno == EINVAL);
	}
	return waitpid(pid, &ws, 0) == pid && ws == 0;
}

static const int namespaces[] = {
	CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET, CLONE_NEWCGROUP,
};
static int this_flag;

static bool clone_into_namespace(void)
{
	pid_t pid = syscall(SYS_clone, SIGCHLD | this_flag, 0, 0, 0, 0);

	if (pid == 0)
		_exit(0);
	return reap(pid);
}

static bool unshare_namespace(void)
{
	return unshare(this_flag) == 0;
}

/* One context ends by io_destroy, one, with a request that waits, by the end of the process. */
SWEEP(aio)
{
	struct iovec segs[20] = { { text, 1 } };
	struct iocb poll = { .aio_lio_opcode = IOCB_CMD_POLL, .aio_buf = POLLIN },
		    readv = { .aio_lio_opcode = IOCB_CMD_PREADV, .aio_buf = (unsigned long)segs, .aio_nbytes = 20 };
	struct iocb *list[] = { &poll, &readv };
	struct timespec none = { 0, 0 };
	aio_context_t ctx = 0, left = 0;
	struct io_event events[2];
	int p[2];
	bool good;

	if (pipe(p) < 0)
		return false;
	poll.aio_fildes = p[0];
	poll.aio_flags = IOCB_FLAG_RESFD;
	poll.aio_resfd = eventfd(0, 0);
	readv.aio_fildes = open("/proc/self/exe", O_RDONLY);
	good = syscall(SYS_io_setup, 300, &ctx) == 0;
	good &= syscall(SYS_io_setup, 1, &left) == 0;
	good &= syscall(SYS_io_submit, left, 1, list) == 1;
	good &= syscall(SYS_io_submit, ctx, 2, list) == 2;
	good &= syscall(SYS_io_getevents, ctx, 1, 2, events, &none) == 1;
	syscall(SYS_io_cancel, ctx, &poll, events);
	good &= syscall(SYS_io_destroy, ctx) == 0;
	return good;
}

TEST(clone_namespaces)
{
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++) {
		this_flag = namespaces[i];
		if (built(this_flag))
			sweep_and_compare(clone_into_namespace);
	}
}

TEST(unshare_namespaces)
{
	for (size_t i = 0; i < ARRAY_SIZE(namespaces); i++) {
		this_flag = namespaces[i];
		if (built(this_flag))
			sweep_and_compare(unshare_namespace);
	}
}

SWEEP(time_namespace)
{
	struct timespec ts;
	int fd, err;
	pid_t pid;

	if (unshare(0x80))		/* CLONE_NEWTIME, which clone(2) cannot ask for */
		return false;
	fd = open("/proc/self/timens_offsets", O_WRONLY);
	if (fd < 0 || write(fd, "1 1 0\n", 6) != 6)
		return false;
	close(fd);
	pid = fork();
	if (pid == 0)
		_exit(clock_gettime(CLOCK_MONOTONIC, &ts));
	if (!reap(pid))
		return false;
	fd = open("/proc/self/ns/time_for_children", O_RDONLY);
	err = fd < 0 || setns(fd, 0);
	return !err;
}

/* A child that waits for its end, and ends with us: a fault may be our death. */
static pid_t clone_sleeper(unsigned long flags)
{
	pid_t me = getpid(), pid = syscall(SYS_clone, SIGCHLD | flags, 0, 0, 0, 0);

	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() == me)
			pause();
		_exit(0);
	}
	return pid;
}

SWEEP(unshare_files_and_fs)
{
	pid_t pid = clone_sleeper(CLONE_FILES | CLONE_FS);
	bool good;

	if (pid < 0)
		return false;
	good = unshare(CLONE_FILES | CLONE_FS) == 0;
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return good;
}

SWEEP(setns)
{
	int fd = open("/proc/self/ns/uts", O_RDONLY);

	return fd >= 0 && unshare(CLONE_NEWUTS) == 0 && setns(fd, 0) == 0;
}

/* ---- exec ----------------------------------------------------------------------------------- */

HELPER(nothing)
{
	return 0;
}

/* In a child of its own, whose fail-nth is looked up when it is a zombie. */
static bool exec_it(const char *path, char **argv)
{
	char name[64], number[16] = "";
	int fd = fail_fd(), ws;
	siginfo_t info;
	pid_t pid;

	if (pread(fd, number, sizeof(number) - 1, 0) <= 0)
		return true;
	while (pwrite(fd, "0", 1, 0) < 0)
		;
	pid = fork();
	if (pid == 0) {
		if (write(fail_fd(), number, strlen(number)) < 0)
			_exit(1);
		execv(path, argv);
		_exit(1);
	}
	waitid(P_PID, pid, &info, WEXITED | WNOWAIT);
	snprintf(name, sizeof(name), "/proc/%d/fail-nth", pid);
	read_file(name, number, sizeof(number));
	if (waitpid(pid, &ws, 0) == pid && atoi(number) > 0) {
		while (pwrite(fd, number, strlen(number), 0) < 0)
			;
		return ws == 0;
	}
	return true;
}

SWEEP(exec_static)
{
	return exec_it(self_path, (char *[]){ (char *)self_path, "@t_failnth.nothing", NULL });
}

SWEEP(exec_script)
{
	int fd = open("script", O_CREAT | O_WRONLY | O_TRUNC, 0755);

	if (fd < 0)
		return false;
	dprintf(fd, "#!%s @t_failnth.nothing\n", self_path);
	close(fd);
	return exec_it("script", (char *[]){ "script", NULL });
}

SWEEP(exec_dynamic)
{
	return exec_it("/dyn/ls", (char *[]){ "ls", "-d", "/", NULL });
}

/* ---- signals, ptrace ------------------------------------------------------------------------ */

static volatile int handled;

static void on_signal(int sig, siginfo_t *info __attribute__((unused)), void *context __attribute__((unused)))
{
	handled = sig;
}

SWEEP(signals)
{
	struct sigaction act = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	sigset_t set;
	siginfo_t info;

	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN);
	if (sigaction(SIGUSR1, &act, NULL) || sigprocmask(SIG_BLOCK, &set, NULL))
		return false;
	return kill(getpid(), SIGUSR1) == 0 && handled == SIGUSR1 &&
	       sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = 1 }) == 0 &&
	       sigwaitinfo(&set, &info) == SIGRTMIN;
}

SWEEP(ptrace)
{
	unsigned char regs[1024];
	struct iovec iov = { regs, sizeof(regs) };
	pid_t pid = clone_sleeper(0);
	int ws;
	bool good;

	if (pid < 0)
		return false;
	good = ptrace(PTRACE_SEIZE, pid, 0, 0) == 0 && ptrace(PTRACE_INTERRUPT, pid, 0, 0) == 0 &&
	       waitpid(pid, &ws, 0) == pid && ptrace(PTRACE_GETREGSET, pid, 1, &iov) == 0 &&
	       ptrace(PTRACE_SETREGSET, pid, 1, &iov) == 0 && ptrace(PTRACE_DETACH, pid, 0, 0) == 0;
	kill(pid, SIGKILL);
	while (waitpid(pid, &ws, 0) == pid && !WIFSIGNALED(ws))
		;
	return good;
}

/* ---- the rest -------------------------------------------------------------------------------- */

SWEEP(files)
{
	char buf[5000] = "x";
	int fd = open("a", O_CREAT | O_RDWR | O_TRUNC, 0600);
	bool good = fd >= 0 && write(fd, buf, sizeof(buf)) == sizeof(buf) && pread(fd, buf, 100, 0) == 100 &&
		    link("a", "b") == 0 && rename("b", "c") == 0 && symlink("c", "d") == 0 && mkdir("e", 0700) == 0 &&
		    access("d", R_OK) == 0 && truncate("a", 1) == 0;

	unlink("a");
	unlink("b");
	unlink("c");
	unlink("d");
	rmdir("e");
	return good;
}

SWEEP(descriptors)
{
	struct epoll_event event = { .events = EPOLLIN };
	int p[2] = { -1, -1 }, efd = eventfd(0, 0), tfd = timerfd_create(CLOCK_MONOTONIC, 0), ep = epoll_create1(0);
	char byte = 1;

	return efd >= 0 && tfd >= 0 && ep >= 0 && pipe(p) == 0 && epoll_ctl(ep, EPOLL_CTL_ADD, p[0], &event) == 0 &&
	       write(p[1], &byte, 1) == 1 && epoll_wait(ep, &event, 1, 0) == 1 && read(p[0], &byte, 1) == 1 &&
	       dup2(p[0], 700) == 700;
}

SWEEP(sockets)
{
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
			      .msg_controllen = sizeof(control) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	int sv[2];

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memset(CMSG_DATA(cmsg), 0, sizeof(int));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, sv))
		return false;
	if (sendmsg(sv[0], &msg, 0) != 1)
		return false;
	iov.iov_base = &(char){ 0 };
	msg.msg_controllen = sizeof(control);
	return recvmsg(sv[1], &msg, 0) == 1 && msg.msg_controllen == CMSG_SPACE(sizeof(int));
}

/* A network of one's own, its device brought up, and the answer read. */
SWEEP(netlink)
{
	struct {
		struct nlmsghdr h;
		struct ifinfomsg ifi;
	} up = {
		{ .nlmsg_len = sizeof(up), .nlmsg_type = RTM_NEWLINK, .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		{ .ifi_index = 1, .ifi_flags = 1, .ifi_change = 1 },
	};
	char answer[64];
	int s;

	if (unshare(CLONE_NEWNET))
		return false;
	s = socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
	return s >= 0 && send(s, &up, sizeof(up), 0) == sizeof(up) && recv(s, answer, sizeof(answer), 0) == 36;
}

SWEEP(mappings)
{
	enum { LEN = 64 * 4096 };
	char *p = mmap(NULL, LEN, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0), *q;

	if (p == MAP_FAILED)
		return false;
	p[0] = p[LEN - 1] = 1;
	if (mprotect(p + LEN / 4, LEN / 4, PROT_READ) || munmap(p + LEN / 2, 4096))
		return false;
	q = mremap(p, LEN / 4, LEN, MREMAP_MAYMOVE);
	return q != MAP_FAILED && q[0] == 1 && madvise(q, LEN, MADV_DONTNEED) == 0;
}

SWEEP(mounts)
{
	bool good = mkdir("m", 0755) == 0 && mount("none", "m", "tmpfs", 0, "size=1m") == 0 &&
		    close(creat("m/f", 0600)) == 0;

	umount2("m", MNT_DETACH);
	rmdir("m");
	return good;
}

/* All of it goes with the namespace. */
SWEEP(sysv_ipc)
{
	struct {
		long	type;
		char	text[32];
	} m = { .type = 1 };
	struct sembuf op = { .sem_op = 1, .sem_flg = SEM_UNDO };
	int msg, sem, shm;
	char *p;

	if (unshare(CLONE_NEWIPC))
		return false;
	msg = msgget(1, IPC_CREAT | 0600);
	sem = semget(1, 100, IPC_CREAT | 0600);
	shm = shmget(1, 20000, IPC_CREAT | 0600);
	if (msg < 0 || sem < 0 || shm < 0)
		return false;
	if (msgsnd(msg, &m, 32, 0) || msgsnd(msg, &m, 5, 0) || msgrcv(msg, &m, 32, 0, 0) != 32 || semop(sem, &op, 1))
		return false;
	p = shmat(shm, NULL, 0);
	if (p == (void *)-1)
		return false;
	p[0] = p[10000] = 1;
	return mprotect(p + 4096, 4096, PROT_READ) == 0 && shmctl(shm, IPC_RMID, NULL) == 0;
}

SWEEP(message_queue)
{
	struct mq_attr attr = { .mq_maxmsg = 4, .mq_msgsize = 100 };
	struct sigevent ev = { .sigev_notify = SIGEV_NONE };
	char buf[100] = "x";
	mqd_t q;

	if (unshare(CLONE_NEWIPC))
		return false;
	q = mq_open("/queue", O_CREAT | O_RDWR, 0600, &attr);
	return q >= 0 && mq_notify(q, &ev) == 0 && mq_send(q, buf, 100, 1) == 0 && mq_send(q, buf, 1, 2) == 0 &&
	       mq_receive(q, buf, 100, NULL) == 1 && close(mq_open("/queue", O_RDONLY)) == 0 &&
	       mq_unlink("/queue") == 0;
}
