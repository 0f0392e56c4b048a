// SPDX-License-Identifier: GPL-2.0-only
/*
 * t_efault.c: wild pointers: every pointer argument of every system call in the list below is given
 * addresses that are unmapped, without rights, or the kernel's; each must end in EFAULT.
 *
 * In a line WILD is the argument under test and the others are good. Where Linux looks at the
 * pointer only under conditions, the line brings them about. Add a line with every new call.
 */
#include "tap.h"

#include <linux/futex.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

#define PAGE	4096

/* Descriptors at fixed numbers, opened by setup(). */
enum { F_ZERO = 60, F_FILE, F_PIPE_R, F_PIPE_W, F_EPOLL, F_SOCK, F_PEER, F_DIR, F_EVENT, F_TIMER,
       F_INOTIFY, F_TTY };

#define WILD	0x5a5a5a5aL

static char good[PAGE] __attribute__((aligned(PAGE)));	/* zeroed: good for any structure */
static char path[] = "file";
static char link_path[] = "link";
static char fresh[] = "fresh";
static int length = 16;
static long signal_set[32], word, timespec0[4];

#define G	((long)good)
#define PATH	((long)path)
#define LINK	((long)link_path)
#define FRESH	((long)fresh)

struct line {
	const char	*name;
	long		nr;
	long		arg[6];
};

#ifndef SYS_futex_waitv
#define SYS_futex_waitv	449
#endif
#ifndef SYS_process_madvise
#define SYS_process_madvise 440
#endif

#define L(call, ...)	{ #call, SYS_##call, { __VA_ARGS__ } }

static const struct line lines[] = {
#ifdef __aarch64__
	/* NUMA: on arm they are not there */
	L(set_mempolicy, 2, WILD, 17),
	L(get_mempolicy, WILD, 0, 0, 0, 0),
	L(get_mempolicy, 0, WILD, 65, 0, 0),
	L(mbind, G, PAGE, 2, WILD, 17, 0),
	L(migrate_pages, 0, 17, WILD, G),
	L(migrate_pages, 0, 17, G, WILD),
	L(move_pages, 0, 1, WILD, 0, G, 0),
	L(move_pages, 0, 1, G, WILD, G, 0),
	L(move_pages, 0, 1, G, 0, WILD, 0),
#endif
	/* files */
	L(read, F_ZERO, WILD, 16),
	L(write, F_FILE, WILD, 16),
	L(pread64, F_ZERO, WILD, 16, 0, 0, 0),
	L(pwrite64, F_FILE, WILD, 16, 0, 0, 0),
	L(readv, F_ZERO, WILD, 1),
	L(writev, F_FILE, WILD, 1),
	L(preadv, F_ZERO, WILD, 1, 0, 0),
	L(pwritev, F_FILE, WILD, 1, 0, 0),
	L(openat, AT_FDCWD, WILD, O_RDONLY, 0),
	L(openat2, AT_FDCWD, WILD, (long)timespec0, 24),
	L(openat2, AT_FDCWD, PATH, WILD, 24),
	L(mkdirat, AT_FDCWD, WILD, 0755),
	L(mknodat, AT_FDCWD, WILD, 0644, 0),
	L(unlinkat, AT_FDCWD, WILD, 0),
	L(symlinkat, WILD, AT_FDCWD, FRESH),
	L(symlinkat, PATH, AT_FDCWD, WILD),
	L(linkat, AT_FDCWD, WILD, AT_FDCWD, FRESH, 0),
	L(linkat, AT_FDCWD, PATH, AT_FDCWD, WILD, 0),
	L(renameat2, AT_FDCWD, WILD, AT_FDCWD, FRESH, 0),
	L(renameat2, AT_FDCWD, PATH, AT_FDCWD, WILD, 0),
	L(readlinkat, AT_FDCWD, WILD, G, 64),
	L(readlinkat, AT_FDCWD, LINK, WILD, 64),
	L(chdir, WILD),
	L(chroot, WILD),
	L(fchmodat, AT_FDCWD, WILD, 0644),
	L(fchownat, AT_FDCWD, WILD, 0, 0, 0),
	L(faccessat, AT_FDCWD, WILD, 0),
	L(faccessat2, AT_FDCWD, WILD, 0, 0),
	L(utimensat, AT_FDCWD, WILD, 0, 0),
	L(utimensat, AT_FDCWD, PATH, WILD, 0),
	L(getcwd, WILD, 256),
	L(statx, AT_FDCWD, WILD, 0, 0x7ff, G),
	L(statx, AT_FDCWD, PATH, 0, 0x7ff, WILD),
	L(fstat, F_FILE, WILD),
	L(getdents64, F_DIR, WILD, 1024),
	L(setxattr, WILD, (long)"trusted.x", G, 1, 0),
	L(setxattr, PATH, WILD, G, 1, 0),
	L(setxattr, PATH, (long)"trusted.x", WILD, 1, 0),
	L(getxattr, WILD, (long)"trusted.seen", G, 16),
	L(getxattr, PATH, WILD, G, 16),
	L(getxattr, PATH, (long)"trusted.seen", WILD, 16),
	L(listxattr, WILD, G, 64),
	L(listxattr, PATH, WILD, 64),
	L(removexattr, WILD, (long)"trusted.x"),
	L(removexattr, PATH, WILD),
	L(execve, WILD, (long)timespec0, (long)timespec0),
	L(execve, PATH, WILD, (long)timespec0),
	L(execve, PATH, (long)timespec0, WILD),
	L(mount, PATH, WILD, (long)"tmpfs", 0, 0),
	L(mount, PATH, (long)".", WILD, 0, 0),
	L(umount2, WILD, 0),
	L(copy_file_range, F_FILE, WILD, F_FILE, 0, 1, 0),
	L(splice, F_FILE, WILD, F_PIPE_W, 0, 1, 0),
	L(vmsplice, F_PIPE_W, WILD, 1, 0),
	L(fcntl, F_FILE, 5 /* F_GETLK */, WILD),
	L(fcntl, F_FILE, 6 /* F_SETLK */, WILD),
	L(fcntl, F_FILE, 16 /* F_GETOWN_EX */, WILD),
	L(ioctl, F_PIPE_R, 0x541b /* FIONREAD */, WILD),
	L(ioctl, F_PIPE_R, 0x5421 /* FIONBIO */, WILD),
	L(ioctl, F_TTY, 0x5401 /* TCGETS */, WILD),
	L(ioctl, F_TTY, 0x5402 /* TCSETS */, WILD),
	L(ioctl, F_TTY, 0x5413 /* TIOCGWINSZ */, WILD),
	L(ioctl, F_TTY, 0x5414 /* TIOCSWINSZ */, WILD),

	/* descriptors that are not files */
	L(pipe2, WILD, 0),
	L(ppoll, WILD, 1, (long)timespec0, 0, 8),
	L(ppoll, 0, 0, WILD, 0, 8),
	L(ppoll, 0, 0, (long)timespec0, WILD, 8),
	L(pselect6, 8, WILD, 0, 0, (long)timespec0, 0),
	L(pselect6, 8, 0, WILD, 0, (long)timespec0, 0),
	L(pselect6, 8, 0, 0, WILD, (long)timespec0, 0),
	L(pselect6, 0, 0, 0, 0, WILD, 0),
	L(pselect6, 0, 0, 0, 0, (long)timespec0, WILD),
	L(epoll_ctl, F_EPOLL, EPOLL_CTL_ADD, F_PIPE_R, WILD),
	L(epoll_pwait, F_EPOLL, WILD, 1, 0, 0, 8),
	L(epoll_pwait, F_EPOLL, G, 1, 0, WILD, 8),
	L(write, F_EVENT, WILD, 8),
	L(timerfd_settime, F_TIMER, 0, WILD, 0),
	L(timerfd_settime, F_TIMER, 0, (long)timespec0, WILD),
	L(timerfd_gettime, F_TIMER, WILD),
	L(signalfd4, -1, WILD, 8, 0),
	L(inotify_add_watch, F_INOTIFY, WILD, IN_CREATE),
	L(memfd_create, WILD, 0),

	/* sockets */
	L(socketpair, AF_UNIX, SOCK_STREAM, 0, WILD),
	L(bind, F_SOCK, WILD, 16),
	L(connect, F_SOCK, WILD, 16),
	L(getsockname, F_SOCK, WILD, (long)&length),
	L(getsockname, F_SOCK, G, WILD),
	L(getsockopt, F_SOCK, SOL_SOCKET, SO_TYPE, WILD, (long)&length),
	L(getsockopt, F_SOCK, SOL_SOCKET, SO_TYPE, G, WILD),
	L(setsockopt, F_SOCK, SOL_SOCKET, SO_PASSCRED, WILD, 4),
	L(sendto, F_PEER, WILD, 16, 0, 0, 0),
	L(recvfrom, F_PEER, WILD, 16, MSG_DONTWAIT | MSG_PEEK, 0, 0),
	L(sendmsg, F_PEER, WILD, 0),
	L(recvmsg, F_PEER, WILD, MSG_DONTWAIT | MSG_PEEK),

	/* signals */
	L(rt_sigaction, SIGUSR1, WILD, 0, 8),
	L(rt_sigaction, SIGUSR1, 0, WILD, 8),
	L(rt_sigprocmask, SIG_BLOCK, WILD, 0, 8),
	L(rt_sigprocmask, SIG_BLOCK, 0, WILD, 8),
	L(rt_sigpending, WILD, 8),
	L(rt_sigtimedwait, WILD, 0, (long)timespec0, 8),
	L(rt_sigtimedwait, (long)signal_set, 0, WILD, 8),
	L(rt_sigsuspend, WILD, 8),
	L(rt_sigqueueinfo, 1, SIGUSR1, WILD),
	L(sigaltstack, WILD, 0),
	L(sigaltstack, 0, WILD),

	/* processes */
	L(clone3, WILD, 64),
	L(get_robust_list, 0, WILD, G),
	L(get_robust_list, 0, G, WILD),
	L(futex, WILD, FUTEX_WAIT, 0, 0, 0, 0),
	L(futex, WILD, FUTEX_WAKE, 1, 0, 0, 0),
	L(futex, (long)&word, FUTEX_WAIT, 0, WILD, 0, 0),
	L(process_madvise, 0, WILD, 1, 20, 0),
	L(futex_waitv, WILD, 1, 0, 0, 0),
	L(futex_waitv, G, 1, 0, WILD, 1),
	L(sched_setparam, 0, WILD),
	L(sched_getparam, 0, WILD),
	L(sched_setscheduler, 0, 0, WILD),
	L(sched_setaffinity, 0, 8, WILD),
	L(sched_getaffinity, 0, 128, WILD),
	L(sched_rr_get_interval, 0, WILD),
	L(sched_setattr, 0, WILD, 0),
	L(sched_getattr, 0, WILD, 48, 0),
	L(setrlimit, RLIMIT_CORE, WILD),
	L(prlimit64, 0, RLIMIT_CORE, WILD, 0),
	L(prlimit64, 0, RLIMIT_CORE, 0, WILD),
	L(getrusage, 0, WILD),
	L(getresuid, WILD, G, G),
	L(getresuid, G, WILD, G),
	L(getresuid, G, G, WILD),
	L(getresgid, WILD, G, G),
	L(setgroups, 2, WILD),
	L(capget, WILD, G),
	L(capset, WILD, G),
	L(prctl, 15 /* PR_SET_NAME */, WILD),
	L(prctl, 16 /* PR_GET_NAME */, WILD),
	L(prctl, 2 /* PR_GET_PDEATHSIG */, WILD),
	L(times, WILD),
	L(waitid, 0, 0, WILD, 5 | 0x01000000, 0),

	/* time */
	L(clock_gettime, 0, WILD),
	L(clock_gettime, 1, WILD),
	L(clock_getres, 0, WILD),
	L(clock_settime, 0, WILD),
	L(clock_nanosleep, 0, 0, WILD, 0),
	L(nanosleep, WILD, 0),
	L(gettimeofday, WILD, 0),
	L(gettimeofday, 0, WILD),
	L(settimeofday, WILD, 0),
	L(getitimer, 0, WILD),
	L(setitimer, 0, WILD, 0),
	L(setitimer, 0, (long)timespec0, WILD),
	L(timer_create, 1, WILD, G),

	/* system */
	L(uname, WILD),
	L(sysinfo, WILD),
	L(sethostname, WILD, 4),
	L(setdomainname, WILD, 4),
	L(syslog, 3, WILD, 1 << 16),
	L(getrandom, WILD, 16, 0),
	L(getcpu, WILD, 0, 0),
	L(getcpu, 0, WILD, 0),

	/* memory */
	L(mincore, (long)good, PAGE, WILD),

#if defined(__aarch64__)
	L(getrlimit, RLIMIT_CORE, WILD),
	L(newfstatat, AT_FDCWD, WILD, G, 0),
	L(newfstatat, AT_FDCWD, PATH, WILD, 0),
	L(statfs, WILD, G),
	L(statfs, PATH, WILD),
	L(fstatfs, F_FILE, WILD),
	L(truncate, WILD, 0),
	L(sendfile, F_PIPE_W, F_FILE, WILD, 1),
	L(renameat, AT_FDCWD, WILD, AT_FDCWD, FRESH),
	L(getgroups, 16, WILD),
#else
	L(open, WILD, O_RDONLY, 0),
	L(creat, WILD, 0644),
	L(stat64, WILD, G),
	L(stat64, PATH, WILD),
	L(lstat64, PATH, WILD),
	L(fstat64, F_FILE, WILD),
	L(fstatat64, AT_FDCWD, WILD, G, 0),
	L(fstatat64, AT_FDCWD, PATH, WILD, 0),
	L(statfs64, WILD, 88, G),
	L(statfs64, PATH, 88, WILD),
	L(fstatfs64, F_FILE, 88, WILD),
	L(truncate64, WILD, 0, 0, 0),
	L(_llseek, F_FILE, 0, 0, WILD, 0),
	L(sendfile64, F_PIPE_W, F_FILE, WILD, 1),
	L(getdents, F_DIR, WILD, 1024),
	L(poll, WILD, 1, 0),
	L(_newselect, 8, WILD, 0, 0, (long)timespec0),
	L(pipe, WILD),
	L(mkdir, WILD, 0755),
	L(rmdir, WILD),
	L(unlink, WILD),
	L(rename, WILD, FRESH),
	L(link, PATH, WILD),
	L(symlink, PATH, WILD),
	L(readlink, LINK, WILD, 64),
	L(access, WILD, 0),
	L(chmod, WILD, 0644),
	L(chown32, WILD, 0, 0),
	L(fcntl64, F_FILE, 12 /* F_GETLK64 */, WILD),
	L(clock_gettime64, 1, WILD),
	L(clock_settime64, 0, WILD),
	L(clock_getres_time64, 1, WILD),
	L(clock_nanosleep_time64, 1, 0, WILD, 0),
	L(utimensat_time64, AT_FDCWD, PATH, WILD, 0),
	L(futex_time64, (long)&word, FUTEX_WAIT, 0, WILD, 0, 0),
	L(ppoll_time64, 0, 0, WILD, 0, 8),
	L(pselect6_time64, 0, 0, 0, 0, WILD, 0),
	L(timerfd_settime64, F_TIMER, 0, WILD, 0),
	L(timerfd_gettime64, F_TIMER, WILD),
	L(rt_sigtimedwait_time64, (long)signal_set, 0, WILD, 8),
	L(sigaction, SIGUSR1, WILD, 0),
	L(sigprocmask, 0, WILD, 0),
	L(sigpending, WILD),
	L(ugetrlimit, RLIMIT_CORE, WILD),
	L(getgroups32, 16, WILD),
	L(setgroups32, 2, WILD),
	L(getresuid32, WILD, G, G),
	L(getresgid32, G, G, WILD),
#endif
	L(read, F_ZERO, WILD, 1 << 20),
};

static void setup(void)
{
	int p[2], sv[2], n = -1, zero = 0, master;

	write_file(path, "0123456789");
	chmod(path, 0755);
	symlink("target", link_path);
	syscall(SYS_setxattr, path, "trusted.seen", "v", 1, 0);
	dup2(open("/dev/zero", O_RDWR), F_ZERO);
	dup2(open(path, O_RDWR), F_FILE);
	REQUIRE(pipe2(p, O_NONBLOCK) == 0);
	dup2(p[0], F_PIPE_R);
	dup2(p[1], F_PIPE_W);
	dup2(epoll_create1(0), F_EPOLL);
	dup2(eventfd(1, EFD_NONBLOCK), F_EVENT);
	epoll_ctl(F_EPOLL, EPOLL_CTL_ADD, F_EVENT, &(struct epoll_event){ .events = EPOLLIN });
	dup2(socket(AF_UNIX, SOCK_STREAM, 0), F_SOCK);
	REQUIRE(socketpair(AF_UNIX, SOCK_STREAM, 0, sv) == 0);
	dup2(sv[0], F_PEER);
	write(sv[1], "x", 1);
	dup2(open(".", O_RDONLY), F_DIR);
	dup2(timerfd_create(CLOCK_MONOTONIC, 0), F_TIMER);
	dup2(inotify_init1(0), F_INOTIFY);
	master = open("/dev/ptmx", O_RDWR | O_NOCTTY);
	syscall(SYS_ioctl, master, 0x40045431 /* TIOCSPTLCK */, &zero);
	syscall(SYS_ioctl, master, 0x80045430 /* TIOCGPTN */, &n);
	dup2(master, F_TTY);
	CHECK_EQ(syscall(SYS_setgroups, 2, good), 0);
}

/* The wild addresses: nothing mapped low and high, no rights, the kernel's, the very last. */
static size_t wild_addresses(long *out)
{
	char *none = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *gone = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t n = 0;

	munmap(gone, PAGE);
	out[n++] = 16;
	out[n++] = (long)none;
	out[n++] = (long)gone;
#if defined(__aarch64__)
	out[n++] = 0xffff000000000000L;
	out[n++] = 0xffff800008000000L;
	out[n++] = 0x0001000000000000L;
#else
	out[n++] = (long)0xc0008000UL;
#endif
	out[n++] = -16;
	return n;
}

TEST(every_pointer)
{
	long wild[8], args[6];
	size_t i, w, wilds, a, bad = 0;
	long result;

	setup();
	wilds = wild_addresses(wild);
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		const struct line *line = &lines[i];

		for (w = 0; w < wilds; w++) {
			for (a = 0; a < 6; a++)
				args[a] = line->arg[a] == WILD ? wild[w] : line->arg[a];
			errno = 0;
			result = syscall(line->nr, args[0], args[1], args[2], args[3], args[4],
					 args[5]);
			if (result != -1 || errno != EFAULT) {
				note("line %zu: %s with %#lx: result %ld, errno %d", i, line->name,
				     wild[w], result, errno);
				bad++;
			}
		}
	}
	CHECK_EQ(bad, 0);
	note("%zu pointers, %zu addresses each", ARRAY_SIZE(lines), wilds);
}

/* A structure that begins in a good page and runs into a bad one. */
TEST(straddling)
{
	char *two = mmap(NULL, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char *edge = two + PAGE - 4;

	munmap(two + PAGE, PAGE);
	setup();
	CHECK_ERR(syscall(SYS_uname, edge), EFAULT);
	CHECK_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, edge, 8), EFAULT);
	CHECK_ERR(syscall(SYS_rt_sigprocmask, SIG_BLOCK, edge, NULL, 8), EFAULT);
	CHECK_ERR(syscall(SYS_statx, AT_FDCWD, path, 0, 0x7ff, edge), EFAULT);
	CHECK_ERR(syscall(SYS_sysinfo, edge), EFAULT);
	CHECK_ERR(syscall(SYS_pipe2, edge, 0), EFAULT);
	memset(edge, 'a', 4);			/* a path without an end */
	CHECK_ERR(open(edge, O_RDONLY), EFAULT);
	edge[3] = '\0';				/* and one that ends with the page */
	CHECK_ERR(open(edge, O_RDONLY), ENOENT);
	CHECK_EQ(write(F_FILE, two + PAGE - 64, 128), 64);
}

/* A call that fails on its result pointer leaves no descriptors behind. */
TEST(nothing_leaks)
{
	int before = open_fds(), i;

	for (i = 0; i < 20; i++) {
		CHECK_ERR(syscall(SYS_pipe2, 16, 0), EFAULT);
		CHECK_ERR(syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, 16), EFAULT);
		CHECK_ERR(syscall(SYS_signalfd4, -1, 16, 8, 0), EFAULT);
	}
	CHECK_EQ(open_fds(), before);
}

TEST(vectors)
{
	struct { void *base; size_t len; } iov[2] = { { (void *)16, 5 }, { good, 5 } };

	setup();
	CHECK_ERR(syscall(SYS_writev, F_FILE, iov, 2), EFAULT);
	iov[0].base = good;
	iov[1].base = (void *)16;
	CHECK_EQ(syscall(SYS_writev, F_FILE, iov, 2), 5);
	CHECK_EQ(syscall(SYS_readv, F_ZERO, iov, 2), 5);
}
