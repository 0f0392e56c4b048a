// SPDX-License-Identifier: GPL-2.0-only
/* t_ptrace_calls.c: ptrace(2) and system calls: emulation, seccomp filters of a tracee, what is reported when. */
#include "traced.h"

#include <elf.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/ptrace.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/user.h>

#ifndef PTRACE_SYSEMU
#define PTRACE_SYSEMU			31
#define PTRACE_SYSEMU_SINGLESTEP	32
#endif
#define OLDSETOPTIONS			21

#ifdef __aarch64__
typedef struct user_regs_struct regs_t;
#define REG_RET(r)	((r).regs[0])
#define REG_NR(r)	((r).regs[8])
#else
typedef struct user_regs regs_t;
#define REG_RET(r)	((r).uregs[0])
#define REG_NR(r)	((r).uregs[7])
#endif

static regs_t get_regs(pid_t pid)
{
	regs_t regs = { 0 };
	struct iovec iov = { &regs, sizeof(regs) };

	CHECK_OK(pt(PTRACE_GETREGSET, pid, NT_PRSTATUS, (unsigned long)&iov));
	return regs;
}

#define SYSTEM_CALL	(SIGTRAP | 0x80)

static int op_of(pid_t pid)
{
	struct ptrace_syscall_info info;

	memset(&info, 0, sizeof(info));
	CHECK_OK(pt(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), (unsigned long)&info));
	return info.op;
}

/* ---- emulation --------------------------------------------------------------------------------- */

static int ask_for_pid(void)
{
	return syscall(SYS_getpid);
}

#ifdef __aarch64__
static void set_result(pid_t pid, long ret)
{
	regs_t regs = get_regs(pid);
	struct iovec iov = { &regs, sizeof(regs) };

	REG_RET(regs) = ret;
	CHECK_OK(pt(PTRACE_SETREGSET, pid, NT_PRSTATUS, (unsigned long)&iov));
}
#endif

TEST(sysemu)
{
	pid_t pid = traced_child(ask_for_pid);

#ifdef __aarch64__
	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD));
	CHECK_OK(pt(PTRACE_SYSEMU, pid, 0, 0));
	/* raise() ends with a call that restores the mask */
	expect_stop(pid, SYSTEM_CALL, 0);
	while (REG_NR(get_regs(pid)) != SYS_getpid) {
		CHECK_OK(pt(PTRACE_SYSEMU, pid, 0, 0));
		expect_stop(pid, SYSTEM_CALL, 0);
	}
	CHECK_EQ(op_of(pid), PTRACE_SYSCALL_INFO_ENTRY);
	set_result(pid, 77);
	/* The call was not made, there is no end of it; _exit's is not emulated. */
	CHECK_OK(pt(PTRACE_SYSEMU, pid, 0, 0));
	expect_stop(pid, SYSTEM_CALL, 0);
	CHECK_EQ(op_of(pid), PTRACE_SYSCALL_INFO_ENTRY);
	CHECK_EQ(REG_NR(get_regs(pid)), SYS_exit_group);
	CHECK_EQ(REG_RET(get_regs(pid)), 77);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
#else
	if (!is_compat()) {
		CHECK_ERR(pt(PTRACE_SYSEMU, pid, 0, 0), EIO);
		CHECK_ERR(pt(PTRACE_SYSEMU_SINGLESTEP, pid, 0, 0), EIO);
	}
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
#endif
}

#ifdef __aarch64__
TEST(sysemu_step)
{
	pid_t pid = traced_child(ask_for_pid);
	int steps = 0, status;

	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD));
	do {
		CHECK_OK(pt(PTRACE_SYSEMU_SINGLESTEP, pid, 0, 0));
		CHECK_EQ(waitpid(pid, &status, __WALL), pid);
		steps++;
	} while (status == (SIGTRAP << 8 | 0x7f) && steps < 1000);
	CHECK_EQ(status, SYSTEM_CALL << 8 | 0x7f);
	CHECK(steps > 1);
	CHECK_ERR(pt(PTRACE_SYSEMU, pid, 0, 65), EIO);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}
#endif

TEST(old_setoptions)
{
	pid_t pid = traced_child(ask_for_pid);

	if (kernel_is_64bit()) {
		CHECK_ERR(pt(OLDSETOPTIONS, pid, 0, PTRACE_O_EXITKILL), EIO);
	} else {
		CHECK_OK(pt(OLDSETOPTIONS, pid, 0, PTRACE_O_EXITKILL));
		CHECK_ERR(pt(OLDSETOPTIONS, pid, 0, 0x10000000), EINVAL);
	}
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

/* ---- the end of a call whose beginning nobody asked for ------------------------------------------ */

static void need_end_of_call(void)
{
	if (sizeof(long) == 4)
		skip("Linux on arm does not tell of it");
}

static int fork_once(void)
{
	pid_t pid = syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);

	if (!pid)
		_exit(0);
	while (waitpid(pid, NULL, 0) != pid)
		;
	return 0;
}

TEST(end_of_fork)
{
	unsigned long child;
	pid_t pid;

	need_end_of_call();
	pid = traced_child(fork_once);
	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEFORK));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_FORK);
	CHECK_OK(pt(PTRACE_GETEVENTMSG, pid, 0, (unsigned long)&child));
	CHECK_OK(pt(PTRACE_SYSCALL, pid, 0, 0));
	expect_stop(pid, SYSTEM_CALL, 0);
	CHECK_EQ(op_of(pid), PTRACE_SYSCALL_INFO_EXIT);
	CHECK_EQ(REG_RET(get_regs(pid)), child);
	/* The next one is whole. */
	CHECK_OK(pt(PTRACE_SYSCALL, pid, 0, 0));
	expect_stop(pid, SYSTEM_CALL, 0);
	CHECK_EQ(op_of(pid), PTRACE_SYSCALL_INFO_ENTRY);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
	kill(child, SIGKILL);
	waitpid(child, NULL, __WALL);
}

HELPER(nothing)
{
	return 0;
}

static int exec_nothing(void)
{
	execl(self_path, self_path, "@t_ptrace_calls.nothing", NULL);
	return 1;
}

TEST(end_of_exec)
{
	pid_t pid;

	need_end_of_call();
	pid = traced_child(exec_nothing);
	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGTRAP, PTRACE_EVENT_EXEC);
	CHECK_OK(pt(PTRACE_SYSCALL, pid, 0, 0));
	expect_stop(pid, SYSTEM_CALL, 0);
	CHECK_EQ(op_of(pid), PTRACE_SYSCALL_INFO_EXIT);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 0);
}

/* Both ends were asked for, though not the event's: still one end only. */
TEST(one_end_only)
{
	pid_t pid = traced_child(exec_nothing);
	int status;

	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC));
	do {
		CHECK_OK(pt(PTRACE_SYSCALL, pid, 0, 0));
		CHECK_EQ(waitpid(pid, &status, 0), pid);
	} while (status >> 8 == SYSTEM_CALL);
	CHECK_EQ(status >> 8, SIGTRAP | PTRACE_EVENT_EXEC << 8);
	CHECK_OK(pt(PTRACE_SYSCALL, pid, 0, 0));
	expect_stop(pid, SYSTEM_CALL, 0);
	CHECK_EQ(op_of(pid), PTRACE_SYSCALL_INFO_EXIT);
	CHECK_OK(pt(PTRACE_SYSCALL, pid, 0, 0));
	expect_stop(pid, SYSTEM_CALL, 0);
	CHECK_EQ(op_of(pid), PTRACE_SYSCALL_INFO_ENTRY);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

/* ---- seccomp ------------------------------------------------------------------------------------- */

#define EPERM_FOR(call)							\
	BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),	\
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1),				\
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),			\
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)

static struct sock_filter first[] = { EPERM_FOR(SYS_getppid) };
static struct sock_filter second[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };

static void install(struct sock_filter *insns, unsigned int n, unsigned int flags)
{
	struct sock_fprog prog = { n, insns };

	CHECK_OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
	CHECK_OK(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &prog));
}

static int filtered(void)
{
	install(first, ARRAY_SIZE(first), 0);
	install(second, ARRAY_SIZE(second), SECCOMP_FILTER_FLAG_LOG);
	raise(SIGSTOP);
	return syscall(SYS_getppid) == -1 && errno == EPERM ? 1 : 2;
}

static pid_t filtered_child(void)
{
	pid_t pid = traced_child(filtered);

	CHECK_ERR(pt(PTRACE_SECCOMP_GET_FILTER, pid, 0, 0), EINVAL);	/* it has none yet */
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_stop(pid, SIGSTOP, 0);
	return pid;
}

TEST(get_filter)
{
	struct sock_filter insns[8];
	pid_t pid = filtered_child();

	memset(insns, 0, sizeof(insns));
	CHECK_EQ(pt(PTRACE_SECCOMP_GET_FILTER, pid, 0, 0), ARRAY_SIZE(first));
	CHECK_EQ(pt(PTRACE_SECCOMP_GET_FILTER, pid, 0, (unsigned long)insns), ARRAY_SIZE(first));
	CHECK(!memcmp(insns, first, sizeof(first)));
	CHECK_EQ(pt(PTRACE_SECCOMP_GET_FILTER, pid, 1, (unsigned long)insns), ARRAY_SIZE(second));
	CHECK(!memcmp(insns, second, sizeof(second)));
	CHECK_ERR(pt(PTRACE_SECCOMP_GET_FILTER, pid, 2, 0), ENOENT);
	CHECK_ERR(pt(PTRACE_SECCOMP_GET_FILTER, pid, 0, 8), EFAULT);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 1);
}

TEST(get_metadata)
{
	struct seccomp_metadata meta = { 0, 99 };
	pid_t pid = filtered_child();

	CHECK_EQ(pt(PTRACE_SECCOMP_GET_METADATA, pid, sizeof(meta), (unsigned long)&meta), sizeof(meta));
	CHECK_EQ(meta.flags, 0);
	meta.filter_off = 1;
	CHECK_EQ(pt(PTRACE_SECCOMP_GET_METADATA, pid, 100, (unsigned long)&meta), sizeof(meta));
	CHECK_EQ(meta.flags, SECCOMP_FILTER_FLAG_LOG);
	CHECK_EQ(pt(PTRACE_SECCOMP_GET_METADATA, pid, 8, (unsigned long)&meta), 8);
	CHECK_ERR(pt(PTRACE_SECCOMP_GET_METADATA, pid, 7, (unsigned long)&meta), EINVAL);
	CHECK_ERR(pt(PTRACE_SECCOMP_GET_METADATA, pid, 16, 8), EFAULT);
	meta.filter_off = 2;
	CHECK_ERR(pt(PTRACE_SECCOMP_GET_METADATA, pid, 16, (unsigned long)&meta), ENOENT);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 1);
}

TEST(suspend_seccomp)
{
	pid_t pid = filtered_child();

	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_SUSPEND_SECCOMP));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 2);
}

/* Who is not privileged, or confined itself, gets neither. */
static void refused_to_tracer(void (*become)(void))
{
	pid_t outer = fork();

	if (!outer) {
		pid_t pid;

		become();
		pid = traced_child(ask_for_pid);
		CHECK_ERR(pt(PTRACE_SECCOMP_GET_FILTER, pid, 0, 0), EACCES);
		CHECK_ERR(pt(PTRACE_SECCOMP_GET_METADATA, pid, 1, 0), EACCES);
		CHECK_ERR(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_SUSPEND_SECCOMP), EPERM);
		kill(pid, SIGKILL);
		expect_signal(pid, SIGKILL);
		finish();
	}
	expect_exit(outer, 0);
}

static void become_filtered(void)
{
	install(second, ARRAY_SIZE(second), 0);
}

TEST(refused)
{
	refused_to_tracer(become_user);
	refused_to_tracer(become_filtered);
}
