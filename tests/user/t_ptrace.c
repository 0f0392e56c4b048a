// SPDX-License-Identifier: GPL-2.0-only
/* t_ptrace.c: ptrace(2): attaching, stops, events, registers, memory, who may and what is refused. */
#include "traced.h"

#include <elf.h>
#include <linux/ptrace.h>
#include <pthread.h>
#include <sys/uio.h>
#include <sys/user.h>

#ifdef __aarch64__
typedef struct user_regs_struct regs_t;
#define REG_PC(r)	((r).pc)
#define REG_RET(r)	((r).regs[0])
#define REG_ARG0(r)	((r).regs[0])
#define ARCH_NR		0xc00000b7
#else
typedef struct user_regs regs_t;
#define REG_PC(r)	((r).uregs[15])
#define REG_RET(r)	((r).uregs[0])
#define REG_ARG0(r)	((r).uregs[0])
#define ARCH_NR		0x40000028
#endif

static long get_regs(pid_t pid, regs_t *regs)
{
	struct iovec iov = { regs, sizeof(*regs) };

	return pt(PTRACE_GETREGSET, pid, NT_PRSTATUS, (unsigned long)&iov);
}

static long set_regs(pid_t pid, regs_t *regs)
{
	struct iovec iov = { regs, sizeof(*regs) };

	return pt(PTRACE_SETREGSET, pid, NT_PRSTATUS, (unsigned long)&iov);
}

static unsigned long event_message(pid_t pid)
{
	unsigned long msg = 0;

	CHECK_OK(pt(PTRACE_GETEVENTMSG, pid, 0, (unsigned long)&msg));
	return msg;
}

static pid_t sleeping_child(void)
{
	pid_t pid = fork();

	if (!pid) {
		for (;;)
			pause();
	}
	return pid;
}

static void kill_and_reap(pid_t pid)
{
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

static int exit_7(void)
{
	return 7;
}

TEST(traceme)
{
	pid_t pid = traced_child(exit_7);

	CHECK(wait_state(pid, 't'));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 7);
}

TEST(traceme_twice)
{
	pid_t pid = fork();

	if (!pid) {
		CHECK_OK(pt(PTRACE_TRACEME, 0, 0, 0));
		CHECK_ERR(pt(PTRACE_TRACEME, 0, 0, 0), EPERM);
		finish();
	}
	expect_exit(pid, 0);
}

static int raise_usr1(void)
{
	raise(SIGUSR1);
	return 3;
}

/* Nothing sees the signal but the tracer, which throws it away, changes it, or lets it through. */
TEST(signal_delivery_stop)
{
	static const struct { int give, dies; } cases[] = { { 0, 0 }, { SIGUSR1, SIGUSR1 }, { SIGTERM, SIGTERM } };

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		pid_t pid = traced_child(raise_usr1);
		siginfo_t info;

		CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
		expect_stop(pid, SIGUSR1, 0);
		CHECK_OK(pt(PTRACE_GETSIGINFO, pid, 0, (unsigned long)&info));
		CHECK_EQ(info.si_signo, SIGUSR1);
		CHECK_EQ(info.si_code, SI_TKILL);
		CHECK_EQ(info.si_pid, pid);
		CHECK_OK(pt(PTRACE_CONT, pid, 0, cases[i].give));
		if (cases[i].dies)
			expect_signal(pid, cases[i].dies);
		else
			expect_exit(pid, 3);
	}
}

static int raise_ignored(void)
{
	signal(SIGUSR2, SIG_IGN);
	raise(SIGUSR2);
	raise(SIGCHLD);
	return 0;
}

TEST(ignored_signals_are_reported)
{
	pid_t pid = traced_child(raise_ignored);

	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGUSR2, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, SIGUSR2));
	expect_stop(pid, SIGCHLD, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, SIGCHLD));
	expect_exit(pid, 0);
}

static volatile int seen_value;

static void note_value(int sig __attribute__((unused)), siginfo_t *info, void *uc __attribute__((unused)))
{
	seen_value = info->si_value.sival_int;
}

static int wait_for_value(void)
{
	struct sigaction sa = { .sa_sigaction = note_value, .sa_flags = SA_SIGINFO };

	sigaction(SIGUSR1, &sa, NULL);
	sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = 1 });
	return seen_value;
}

TEST(setsiginfo)
{
	pid_t pid = traced_child(wait_for_value);
	siginfo_t info;

	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGUSR1, 0);
	CHECK_OK(pt(PTRACE_GETSIGINFO, pid, 0, (unsigned long)&info));
	CHECK_EQ(info.si_value.sival_int, 1);
	info.si_value.sival_int = 42;
	CHECK_OK(pt(PTRACE_SETSIGINFO, pid, 0, (unsigned long)&info));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, SIGUSR1));
	expect_exit(pid, 42);
}

static long poked_word = 0x1234567;

static int poked_is_good(void)
{
	return poked_word == (long)0xdeadbee ? 0 : 1;
}

/* After fork the pages are shared: what the tracer writes must not show in the parent. */
TEST(peek_poke_private)
{
	pid_t pid = traced_child(poked_is_good);
	long word = 0;

	CHECK_OK(pt(PTRACE_PEEKDATA, pid, (unsigned long)&poked_word, (unsigned long)&word));
	CHECK_EQ(word, 0x1234567);
	CHECK_OK(pt(PTRACE_POKEDATA, pid, (unsigned long)&poked_word, 0xdeadbee));
	CHECK_EQ(poked_word, 0x1234567);
	CHECK_OK(pt(PTRACE_PEEKDATA, pid, (unsigned long)&poked_word, (unsigned long)&word));
	CHECK_EQ(word, 0xdeadbee);
	CHECK_ERR(pt(PTRACE_PEEKDATA, pid, 16, (unsigned long)&word), EIO);
	CHECK_ERR(pt(PTRACE_POKEDATA, pid, 16, 1), EIO);
	CHECK_ERR(pt(PTRACE_PEEKDATA, pid, (unsigned long)&poked_word, 16), EFAULT);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 0);
}

__attribute__((noinline)) static int answer(void)
{
	return 1;
}

static int call_answer(void)
{
	return ((int (*volatile)(void))answer)();
}

/* A breakpoint in read-only text: a private copy, invisible to everybody else. */
TEST(poke_text)
{
	pid_t pid = traced_child(call_answer);
	unsigned long at = (unsigned long)answer & ~1UL, aligned = at & ~(sizeof(long) - 1);
	long word = 0, old = *(long *)aligned, trap;
	bool thumb = (unsigned long)answer & 1;
	regs_t regs;
	siginfo_t info;

	memcpy(&trap, &old, sizeof(trap));
	if (sizeof(long) == 8)
		memcpy((char *)&trap + (at - aligned), &(uint32_t){ 0xd4200000 }, 4);
	else if (thumb)
		memcpy((char *)&trap + (at - aligned), &(uint16_t){ 0xde01 }, 2);
	else
		memcpy((char *)&trap + (at - aligned), &(uint32_t){ 0xe7f001f0 }, 4);
	CHECK_OK(pt(PTRACE_PEEKTEXT, pid, aligned, (unsigned long)&word));
	CHECK_EQ(word, old);
	CHECK_OK(pt(PTRACE_POKETEXT, pid, aligned, trap));
	CHECK_EQ(*(long *)aligned, old);
	CHECK_EQ(answer(), 1);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGTRAP, 0);
	CHECK_OK(pt(PTRACE_GETSIGINFO, pid, 0, (unsigned long)&info));
	CHECK_EQ(info.si_code, TRAP_BRKPT);
	CHECK_OK(get_regs(pid, &regs));
	CHECK_EQ(REG_PC(regs), at);
	CHECK_OK(pt(PTRACE_POKETEXT, pid, aligned, old));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 1);
}

TEST(registers)
{
	char buf[1024];
	struct iovec iov = { buf, sizeof(buf) };
	pid_t pid = traced_child(exit_7);
	regs_t regs, again;

	CHECK_OK(get_regs(pid, &regs));
	CHECK(REG_PC(regs) != 0);
	CHECK_OK(set_regs(pid, &regs));
	CHECK_OK(get_regs(pid, &again));
	CHECK(!memcmp(&regs, &again, sizeof(regs)));
	CHECK_OK(pt(PTRACE_GETREGSET, pid, NT_PRSTATUS, (unsigned long)&iov));
	CHECK_EQ(iov.iov_len, sizeof(regs));
	iov.iov_len = sizeof(long);
	CHECK_OK(pt(PTRACE_GETREGSET, pid, NT_PRSTATUS, (unsigned long)&iov));
	CHECK_EQ(iov.iov_len, sizeof(long));
	iov.iov_len = sizeof(long) + 1;
	CHECK_ERR(pt(PTRACE_GETREGSET, pid, NT_PRSTATUS, (unsigned long)&iov), EINVAL);
	iov.iov_len = sizeof(buf);
	CHECK_ERR(pt(PTRACE_GETREGSET, pid, 0x7777, (unsigned long)&iov), EINVAL);
	CHECK_ERR(pt(PTRACE_GETREGSET, pid, NT_PRSTATUS, 16), EFAULT);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 7);
}

static int many_calls(void)
{
	syscall(SYS_getppid);
	syscall(SYS_close, -5);
	return 0;
}

static void get_info(pid_t pid, struct ptrace_syscall_info *info, size_t size)
{
	memset(info, 0, sizeof(*info));
	CHECK_EQ(pt(PTRACE_GET_SYSCALL_INFO, pid, sizeof(*info), (unsigned long)info), size);
	CHECK_EQ(info->arch, ARCH_NR);
}

/* Run to the entry of call nr and show it. */
static void run_to_entry(pid_t pid, long nr, struct ptrace_syscall_info *info)
{
	do {
		CHECK_OK(pt(PTRACE_SYSCALL, pid, 0, 0));
		expect_stop(pid, SIGTRAP | 0x80, 0);
		memset(info, 0, sizeof(*info));
		if (pt(PTRACE_GET_SYSCALL_INFO, pid, sizeof(*info), (unsigned long)info) < 0)
			return;
	} while (info->op != 1 || (long)info->entry.nr != nr);
}

TEST(syscall_stops)
{
	pid_t pid = traced_child(many_calls);
	struct ptrace_syscall_info info;

	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD));
	get_info(pid, &info, offsetof(struct ptrace_syscall_info, entry));
	CHECK_EQ(info.op, 0);
	run_to_entry(pid, SYS_getppid, &info);
	CHECK_OK(pt(PTRACE_SYSCALL, pid, 0, 0));
	expect_stop(pid, SIGTRAP | 0x80, 0);
	get_info(pid, &info, offsetof(struct ptrace_syscall_info, exit.is_error) + 1);
	CHECK_EQ(info.op, 2);
	CHECK_EQ(info.exit.rval, getpid());
	CHECK_EQ(info.exit.is_error, 0);
	run_to_entry(pid, SYS_close, &info);
	CHECK_EQ((int)info.entry.args[0], -5);
	CHECK_OK(pt(PTRACE_SYSCALL, pid, 0, 0));
	expect_stop(pid, SIGTRAP | 0x80, 0);
	get_info(pid, &info, offsetof(struct ptrace_syscall_info, exit.is_error) + 1);
	CHECK_EQ(info.exit.rval, -EBADF);
	CHECK_EQ(info.exit.is_error, 1);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 0);
}

static int getppid_is_77(void)
{
	return syscall(SYS_getppid) == 77 ? 0 : 1;
}

/* Without TRACESYSGOOD it is a plain SIGTRAP; the result is the tracer's to change. */
TEST(syscall_result_changed)
{
	pid_t pid = traced_child(getppid_is_77);
	struct ptrace_syscall_info info;
	regs_t regs;

	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD));
	run_to_entry(pid, SYS_getppid, &info);
	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, 0));
	CHECK_OK(pt(PTRACE_SYSCALL, pid, 0, 0));
	expect_stop(pid, SIGTRAP, 0);
	CHECK_OK(get_regs(pid, &regs));
	REG_RET(regs) = 77;
	CHECK_OK(set_regs(pid, &regs));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 0);
}

static int fork_once(void)
{
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(5);
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

TEST(event_fork_and_exit)
{
	pid_t pid = traced_child(fork_once), child;

	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEFORK | PTRACE_O_TRACEEXIT));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_FORK);
	child = event_message(pid);
	expect_stop(child, SIGSTOP, 0);			/* traced like its parent */
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	CHECK_OK(pt(PTRACE_CONT, child, 0, 0));
	expect_stop(child, SIGTRAP, PTRACE_EVENT_EXIT);
	CHECK_EQ(event_message(child), 5 << 8);
	CHECK_OK(pt(PTRACE_CONT, child, 0, 0));
	expect_exit(child, 5);				/* first the tracer, then the parent */
	expect_stop(pid, SIGCHLD, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, SIGCHLD));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_EXIT);
	CHECK_EQ(event_message(pid), 5 << 8);
	CHECK_OK(pt(PTRACE_DETACH, pid, 0, 0));
	expect_exit(pid, 5);
}

static int vfork_once(void)
{
	int status;
	pid_t pid = vfork();

	if (!pid)
		_exit(6);
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}

TEST(event_vfork)
{
	pid_t pid = traced_child(vfork_once), child;

	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEVFORK | PTRACE_O_TRACEVFORKDONE));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_VFORK);
	child = event_message(pid);
	expect_stop(child, SIGSTOP, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	CHECK_OK(pt(PTRACE_DETACH, child, 0, 0));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_VFORK_DONE);
	CHECK_EQ(event_message(pid), child);
	CHECK_OK(pt(PTRACE_DETACH, pid, 0, 0));
	expect_exit(pid, 6);
}

static void *thread_main(void *arg)
{
	return arg;
}

static int one_thread(void)
{
	pthread_t th;

	pthread_create(&th, NULL, thread_main, NULL);
	pthread_join(th, NULL);
	return 0;
}

TEST(event_clone)
{
	pid_t pid = traced_child(one_thread), tid;

	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACECLONE));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_CLONE);
	tid = event_message(pid);
	expect_stop(tid, SIGSTOP, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	CHECK_OK(pt(PTRACE_CONT, tid, 0, 0));
	expect_exit(tid, 0);				/* a thread's end is the tracer's to see */
	expect_exit(pid, 0);
}

HELPER(exits_9)
{
	return 9;
}

static int exec_helper(void)
{
	char *argv[] = { (char *)self_path, "@t_ptrace.exits_9", NULL };

	execv(self_path, argv);
	return 1;
}

TEST(event_exec)
{
	pid_t pid = traced_child(exec_helper);

	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGTRAP, 0);			/* without the option: a SIGTRAP of its own */
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 9);

	pid = traced_child(exec_helper);
	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACEEXEC));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_EXEC);
	CHECK_EQ(event_message(pid), pid);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 9);
}

static void *exec_in_thread(void *arg)
{
	exec_helper();
	return arg;
}

static int exec_by_thread(void)
{
	pthread_t th;

	pthread_create(&th, NULL, exec_in_thread, NULL);
	pause();
	return 1;
}

/* The thread takes the leader's number; the leader vanishes without a report. */
TEST(exec_by_a_thread)
{
	pid_t pid = traced_child(exec_by_thread), tid;

	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_CLONE);
	tid = event_message(pid);
	expect_stop(tid, SIGSTOP, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	CHECK_OK(pt(PTRACE_CONT, tid, 0, 0));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_EXEC);
	CHECK_EQ(event_message(pid), tid);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 9);
}

TEST(attach_detach)
{
	pid_t pid = sleeping_child();
	char path[64];

	CHECK(wait_state(pid, 'S'));
	CHECK_ERR(pt(PTRACE_CONT, pid, 0, 0), ESRCH);	/* not ours yet */
	CHECK_OK(pt(PTRACE_ATTACH, pid, 0, 0));
	expect_stop(pid, SIGSTOP, 0);
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	char text[32];
	snprintf(text, sizeof(text), "TracerPid:\t%d\n", getpid());
	CHECK(file_has(path, text));
	CHECK_ERR(pt(PTRACE_ATTACH, pid, 0, 0), EPERM);	/* one tracer only */
	CHECK_OK(pt(PTRACE_DETACH, pid, 0, 0));
	CHECK(wait_state(pid, 'S'));
	CHECK(file_has(path, "TracerPid:\t0\n"));
	kill_and_reap(pid);
}

TEST(attach_to_stopped)
{
	pid_t pid = sleeping_child();
	int status;

	kill(pid, SIGSTOP);
	CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
	CHECK_OK(pt(PTRACE_ATTACH, pid, 0, 0));
	expect_stop(pid, SIGSTOP, 0);
	CHECK(wait_state(pid, 't'));
	CHECK_OK(pt(PTRACE_DETACH, pid, 0, 0));
	CHECK(wait_state(pid, 'T'));			/* the group stop is still in effect */
	kill(pid, SIGCONT);
	CHECK(wait_state(pid, 'S'));
	kill_and_reap(pid);
}

TEST(refused)
{
	pid_t pid = sleeping_child();
	pid_t other;

	CHECK_ERR(pt(PTRACE_ATTACH, getpid(), 0, 0), EPERM);
	CHECK_ERR(pt(PTRACE_ATTACH, 0x3ffffff, 0, 0), ESRCH);
	CHECK_ERR(pt(PTRACE_SEIZE, pid, 1, 0), EIO);
	CHECK_ERR(pt(PTRACE_SEIZE, pid, 0, 0x40000000), EIO);
	CHECK_OK(pt(PTRACE_ATTACH, pid, 0, 0));
	expect_stop(pid, SIGSTOP, 0);
	CHECK_ERR(pt(PTRACE_SETOPTIONS, pid, 0, 0x40000000), EINVAL);
	CHECK_ERR(pt(PTRACE_CONT, pid, 0, 65), EIO);
	CHECK_ERR(pt(PTRACE_DETACH, pid, 0, 65), EIO);
	CHECK_ERR(pt(PTRACE_INTERRUPT, pid, 0, 0), EIO);	/* not seized */
	CHECK_ERR(pt(PTRACE_LISTEN, pid, 0, 0), EIO);
	CHECK_ERR(pt(0x5555, pid, 0, 0), EIO);
	other = fork();
	if (!other) {				/* somebody else is not its tracer */
		CHECK_ERR(pt(PTRACE_CONT, pid, 0, 0), ESRCH);
		CHECK_ERR(pt(PTRACE_ATTACH, pid, 0, 0), EPERM);
		finish();
	}
	expect_exit(other, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	CHECK_ERR(pt(PTRACE_CONT, pid, 0, 0), ESRCH);	/* it runs */
	kill_and_reap(pid);
}

/* Another user's process may not be traced, nor may one's own that is not dumpable. */
TEST(permission)
{
	pid_t pid = sleeping_child(), other = fork();

	if (!other) {
		become_user();
		CHECK_ERR(pt(PTRACE_ATTACH, pid, 0, 0), EPERM);
		CHECK_ERR(pt(PTRACE_SEIZE, pid, 0, 0), EPERM);
		finish();
	}
	expect_exit(other, 0);
	kill_and_reap(pid);
}

TEST(seize_interrupt_listen)
{
	pid_t pid = sleeping_child();
	siginfo_t info;

	CHECK_OK(pt(PTRACE_SEIZE, pid, 0, PTRACE_O_TRACEEXIT));
	CHECK_EQ(waitpid(pid, NULL, WNOHANG | __WALL), 0);	/* seizing does not stop it */
	CHECK_OK(pt(PTRACE_INTERRUPT, pid, 0, 0));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_STOP);
	CHECK_OK(pt(PTRACE_GETSIGINFO, pid, 0, (unsigned long)&info));
	CHECK_EQ(info.si_code, SIGTRAP | PTRACE_EVENT_STOP << 8);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	/* group stop: first the signal, then the stop, in which we let it stay */
	kill(pid, SIGSTOP);
	expect_stop(pid, SIGSTOP, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, SIGSTOP));
	expect_stop(pid, SIGSTOP, PTRACE_EVENT_STOP);
	CHECK_OK(pt(PTRACE_LISTEN, pid, 0, 0));
	CHECK_EQ(waitpid(pid, NULL, WNOHANG | __WALL), 0);
	CHECK_ERR(pt(PTRACE_GETSIGINFO, pid, 0, (unsigned long)&info), ESRCH);
	kill(pid, SIGCONT);
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_STOP);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGCONT, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, SIGCONT));
	kill(pid, SIGTERM);
	expect_stop(pid, SIGTERM, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, SIGTERM));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_EXIT);
	CHECK_EQ(event_message(pid), SIGTERM);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_signal(pid, SIGTERM);
}

/* The old way: a group stop is a second stop without siginfo. */
TEST(group_stop_of_attached)
{
	pid_t pid = traced_child(exit_7);
	siginfo_t info;

	CHECK_OK(pt(PTRACE_CONT, pid, 0, SIGSTOP));
	expect_stop(pid, SIGSTOP, 0);
	CHECK_ERR(pt(PTRACE_GETSIGINFO, pid, 0, (unsigned long)&info), EINVAL);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 7);
}

TEST(tracer_exits)
{
	pid_t pid = sleeping_child(), tracer;
	int kind;

	for (kind = 0; kind < 2; kind++) {
		tracer = fork();
		if (!tracer) {
			CHECK_OK(pt(PTRACE_SEIZE, pid, 0, kind ? PTRACE_O_EXITKILL : 0));
			CHECK_OK(pt(PTRACE_INTERRUPT, pid, 0, 0));
			expect_stop(pid, SIGTRAP, PTRACE_EVENT_STOP);
			finish();
		}
		expect_exit(tracer, 0);
		if (kind)
			expect_signal(pid, SIGKILL);
		else
			CHECK(wait_state(pid, 'S'));
	}
}

/* A tracer that is not the parent reaps first; the parent then gets its child, too. */
TEST(both_wait)
{
	struct gate ready;
	pid_t pid = sleeping_child(), tracer;

	gate_init(&ready);
	tracer = fork();
	if (!tracer) {
		CHECK_OK(pt(PTRACE_SEIZE, pid, 0, 0));
		gate_open(&ready);
		expect_signal(pid, SIGKILL);
		finish();
	}
	gate_wait(&ready);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
	expect_exit(tracer, 0);
}

TEST(killed_in_stop)
{
	pid_t pid = traced_child(exit_7);

	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
	pid = traced_child(exit_7);
	CHECK_OK(pt(PTRACE_KILL, pid, 0, 0));
	expect_signal(pid, SIGKILL);
}

TEST(sigmask_and_queue)
{
	struct ptrace_peeksiginfo_args args = { .off = 0, .flags = 1, .nr = 4 };
	pid_t pid = traced_child(exit_7);
	siginfo_t infos[4];
	uint64_t mask = 0;

	CHECK_OK(pt(PTRACE_GETSIGMASK, pid, 8, (unsigned long)&mask));
	CHECK_EQ(mask & 1ULL << (SIGUSR1 - 1), 0);
	CHECK_ERR(pt(PTRACE_GETSIGMASK, pid, 4, (unsigned long)&mask), EINVAL);
	mask = ~0ULL;
	CHECK_OK(pt(PTRACE_SETSIGMASK, pid, 8, (unsigned long)&mask));
	CHECK_OK(pt(PTRACE_GETSIGMASK, pid, 8, (unsigned long)&mask));
	CHECK_EQ(mask, ~(1ULL << (SIGKILL - 1) | 1ULL << (SIGSTOP - 1)));
	sigqueue(pid, SIGUSR1, (union sigval){ .sival_int = 11 });
	sigqueue(pid, SIGRTMIN, (union sigval){ .sival_int = 12 });
	CHECK_EQ(pt(PTRACE_PEEKSIGINFO, pid, (unsigned long)&args, (unsigned long)infos), 2);
	CHECK_EQ(infos[0].si_value.sival_int, 11);
	CHECK_EQ(infos[1].si_value.sival_int, 12);
	args.off = 1;
	CHECK_EQ(pt(PTRACE_PEEKSIGINFO, pid, (unsigned long)&args, (unsigned long)infos), 1);
	CHECK_EQ(infos[0].si_signo, SIGRTMIN);
	args.flags = 2;
	CHECK_ERR(pt(PTRACE_PEEKSIGINFO, pid, (unsigned long)&args, (unsigned long)infos), EINVAL);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 7);
}

static int read_is_restarted(void)
{
	int fds[2];
	char c;

	pipe(fds);
	if (!syscall(SYS_clone, 0, 0, 0, 0, 0)) {	/* its end sends no signal */
		sleep_ms(300);
		write(fds[1], "x", 1);
		_exit(0);
	}
	return read(fds[0], &c, 1) == 1 && c == 'x' ? 0 : 1;
}

/* A signal that the tracer throws away does not show in an interrupted call. */
TEST(restart_unseen)
{
	pid_t pid = traced_child(read_is_restarted);

	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	sleep_ms(100);
	kill(pid, SIGUSR1);
	expect_stop(pid, SIGUSR1, 0);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 0);
}

static int long_way(void)
{
	for (volatile int i = 0; i < 1000; i++)
		;
	return 7;
}

TEST(singlestep)
{
	pid_t pid = traced_child(long_way);
	unsigned long last = 0;
	siginfo_t info;
	regs_t regs;
	int i;

	if (!kernel_is_64bit()) {		/* ARMv7 cannot */
		CHECK_ERR(pt(PTRACE_SINGLESTEP, pid, 0, 0), EIO);
		kill_and_reap(pid);
		return;
	}
	for (i = 0; i < 50; i++) {
		CHECK_OK(pt(PTRACE_SINGLESTEP, pid, 0, 0));
		expect_stop(pid, SIGTRAP, 0);
		CHECK_OK(pt(PTRACE_GETSIGINFO, pid, 0, (unsigned long)&info));
		CHECK_EQ(info.si_code, TRAP_TRACE);
		CHECK_OK(get_regs(pid, &regs));
		CHECK(REG_PC(regs) != last);
		last = REG_PC(regs);
	}
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 7);
}

TEST(waitid_codes)
{
	pid_t pid = traced_child(exit_7);
	siginfo_t info;

	CHECK_OK(pt(PTRACE_CONT, pid, 0, SIGSTOP));
	CHECK_OK(waitid(P_PID, pid, &info, WSTOPPED | WNOWAIT));
	CHECK_EQ(info.si_code, CLD_TRAPPED);
	CHECK_EQ(info.si_status, SIGSTOP);
	CHECK_OK(waitid(P_PID, pid, &info, WSTOPPED));
	CHECK_EQ(info.si_code, CLD_TRAPPED);
	info.si_pid = 1;
	CHECK_OK(waitid(P_PID, pid, &info, WSTOPPED | WNOHANG));
	CHECK_EQ(info.si_pid, 0);				/* reported once */
	kill_and_reap(pid);
}
