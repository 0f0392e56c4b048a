// SPDX-License-Identifier: GPL-2.0-only
/*
 * compat/arm.c: the 32-bit side of t_compat.c.  Built for arm whatever the other programs are; each command prints
 * what the test asks for on descriptor 1, or acts and exits with the status that says how it went.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

static int cmd_hello(char **argv)
{
	printf("hello %zu %s\n", sizeof(long), argv[0] ? argv[0] : "nobody");
	return 0;
}

static int cmd_exec(char **argv)
{
	execv(argv[0], argv);
	return 1;
}

static int cmd_uname(char **argv)
{
	struct utsname uts;

	uname(&uts);
	printf("%s %#x\n", uts.machine, personality(0xffffffff));
	return 0;
}

static int cmd_auxv(char **argv)
{
	printf("%s %lu %lu %#lx\n", (char *)getauxval(AT_PLATFORM), getauxval(AT_PAGESZ), getauxval(AT_PHENT),
	       getauxval(AT_HWCAP));
	return 0;
}

static int cmd_sleep(char **argv)
{
	static volatile uint32_t marker = 0x12345678;

	printf("%p\n", (void *)&marker);
	fflush(stdout);
	return pause();
}

static void on_signal(int sig, siginfo_t *info, void *context)
{
	dprintf(1, "%d %d %d %#x\n", sig, info->si_code, info->si_pid == getppid(), info->si_value.sival_int);
}

static int cmd_sigqueue(char **argv)
{
	struct sigaction sa = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO };
	sigset_t none, usr1;

	sigemptyset(&none);
	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	sigprocmask(SIG_BLOCK, &usr1, NULL);
	sigaction(SIGUSR1, &sa, NULL);
	dprintf(1, "ready\n");
	sigsuspend(&none);
	return 0;
}

/* Take a descriptor from socket 9 and write into it. */
static int cmd_rights(char **argv)
{
	union { struct cmsghdr head; char room[64]; } control;
	char byte;
	struct iovec iov = { &byte, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = 64 };
	struct cmsghdr *cmsg;

	if (recvmsg(9, &msg, 0) != 1)
		return 1;
	cmsg = CMSG_FIRSTHDR(&msg);
	if (!cmsg || cmsg->cmsg_len != CMSG_LEN(sizeof(int)) || cmsg->cmsg_type != SCM_RIGHTS)
		return 2;
	return write(*(int *)CMSG_DATA(cmsg), "from arm", 8) == 8 ? 0 : 3;
}

/* Structures whose size differs are filled exactly: what lies behind them stays. */
static int cmd_sizes(char **argv)
{
	struct { unsigned long rlim[2], behind; } limit = { .behind = 0x5a5a5a5a };
	struct { unsigned long words[18], behind; } usage = { .behind = 0x5a5a5a5a };
	struct { struct stat st; unsigned long behind; } st = { .behind = 0x5a5a5a5a };

	if (syscall(SYS_ugetrlimit, 3, &limit) || syscall(SYS_getrusage, 0, &usage) || fstat(0, &st.st))
		return 1;
	return limit.behind != 0x5a5a5a5a || usage.behind != 0x5a5a5a5a || st.behind != 0x5a5a5a5a ? 2 : 0;
}

/* Stop for the tracer, then make a call whose number and arguments it looks at. */
static int cmd_traced(char **argv)
{
	ptrace(PTRACE_TRACEME, 0, 0, 0);
	raise(SIGSTOP);
	return syscall(SYS_getpid, 1, 2, 3) == getpid() ? 7 : 8;
}

static int cmd_getppid(char **argv)
{
	return syscall(SYS_getppid) == -1 ? errno : 0;
}

static const struct {
	const char	*name;
	int		(*run)(char **argv);
} commands[] = {
	{ "hello", cmd_hello }, { "exec", cmd_exec }, { "uname", cmd_uname }, { "auxv", cmd_auxv },
	{ "sleep", cmd_sleep }, { "sigqueue", cmd_sigqueue }, { "rights", cmd_rights }, { "sizes", cmd_sizes },
	{ "traced", cmd_traced }, { "getppid", cmd_getppid },
};

int main(int argc, char **argv)
{
	for (size_t i = 0; argc > 1 && i < sizeof(commands) / sizeof(commands[0]); i++)
		if (!strcmp(argv[1], commands[i].name))
			return commands[i].run(argv + 2);
	return 99;
}
