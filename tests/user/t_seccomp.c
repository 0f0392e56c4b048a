// SPDX-License-Identifier: GPL-2.0-only
/* t_seccomp.c: seccomp(2): strict mode, filters and their check, each action, threads, inheritance. */
#include "traced.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/ptrace.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <ucontext.h>

#define NR_OFFSET	offsetof(struct seccomp_data, nr)
#define ARRAY_LEN(a)	(sizeof(a) / sizeof((a)[0]))

#ifdef __aarch64__
#define ARCH_NR		AUDIT_ARCH_AARCH64
#else
#define ARCH_NR		AUDIT_ARCH_ARM
#endif

static long seccomp(unsigned int op, unsigned int flags, void *args)
{
	return syscall(SYS_seccomp, op, flags, args);
}

static long install(struct sock_filter *insns, unsigned short len, unsigned int flags)
{
	struct sock_fprog prog = { len, insns };

	return seccomp(SECCOMP_SET_MODE_FILTER, flags, &prog);
}

/* Answer call nr with ret, allow all others. */
static long filter_call(int nr, unsigned int ret, unsigned int flags)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, nr, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, ret),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	return install(insns, ARRAY_LEN(insns), flags);
}

static void no_new_privs(void)
{
	CHECK_OK(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
}

TEST(strict)
{
	pid_t pid = fork();

	if (!pid) {
		if (prctl(PR_GET_SECCOMP) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT))
			_exit(1);
		write(-1, "", 0);
		syscall(SYS_exit, 5);
	}
	expect_exit(pid, 5);
	pid = fork();
	if (!pid) {
		if (seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL))
			_exit(1);
		syscall(SYS_getpid);
		syscall(SYS_exit, 5);
	}
	expect_signal(pid, SIGKILL);
}

TEST(refused)
{
	struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	struct sock_fprog prog = { 1, &allow };

	CHECK_ERR(seccomp(99, 0, NULL), EINVAL);
	CHECK_ERR(seccomp(SECCOMP_SET_MODE_STRICT, 1, NULL), EINVAL);
	CHECK_ERR(seccomp(SECCOMP_SET_MODE_STRICT, 0, &prog), EINVAL);
	CHECK_ERR(seccomp(SECCOMP_SET_MODE_FILTER, 0x8000, &prog), EINVAL);
	CHECK_ERR(seccomp(SECCOMP_SET_MODE_FILTER, 0, (void *)16), EFAULT);
	CHECK_ERR(install(&allow, 0, 0), EINVAL);
	CHECK_ERR(install(&allow, 4097, 0), EINVAL);
	CHECK_ERR(install((void *)16, 1, 0), EFAULT);
	CHECK_ERR(prctl(PR_SET_SECCOMP, 7, 0), EINVAL);
	become_user();
	CHECK_ERR(install(&allow, 1, 0), EACCES);
	no_new_privs();
	CHECK_OK(install(&allow, 1, 0));
	CHECK_EQ(prctl(PR_GET_SECCOMP), 2);
	CHECK_ERR(seccomp(SECCOMP_SET_MODE_STRICT, 0, NULL), EINVAL);
}

TEST(action_avail)
{
	static const unsigned int actions[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, SECCOMP_RET_TRAP, SECCOMP_RET_ERRNO,
		SECCOMP_RET_TRACE, SECCOMP_RET_LOG, SECCOMP_RET_ALLOW,
	};
	unsigned int unknown = 0x12340000;
	unsigned short sizes[3];

	for (size_t i = 0; i < ARRAY_LEN(actions); i++)
		CHECK_OK(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, (void *)&actions[i]));
	CHECK_ERR(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, &unknown), EOPNOTSUPP);
	CHECK_ERR(seccomp(SECCOMP_GET_ACTION_AVAIL, 1, &unknown), EINVAL);
	CHECK_ERR(seccomp(SECCOMP_GET_ACTION_AVAIL, 0, (void *)16), EFAULT);
	CHECK_OK(seccomp(SECCOMP_GET_NOTIF_SIZES, 0, sizes));
	CHECK_EQ(sizes[0], sizeof(struct seccomp_notif));
	CHECK_EQ(sizes[2], sizeof(struct seccomp_data));
}

/* Programs that the check refuses. */
TEST(bad_programs)
{
	static struct sock_filter bad[][4] = {
		{ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 64), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 2), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_LD | BPF_H | BPF_ABS, 0), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 0), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_LD | BPF_W | BPF_IND, 0), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_LDX | BPF_B | BPF_MSH, 0), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 0), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_ALU | BPF_MOD | BPF_K, 3), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 32), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_ST, 16), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_LD | BPF_MEM, 3), BPF_STMT(BPF_RET | BPF_K, 0) },	/* never written */
		{ BPF_STMT(BPF_JMP | BPF_JA, 1), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_JMP | BPF_JA, 0xffffffff), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 0, 1), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ BPF_STMT(BPF_RET | BPF_K, 0), BPF_STMT(BPF_LD | BPF_IMM, 0) },
		{ BPF_STMT(BPF_RET | BPF_X, 0), BPF_STMT(BPF_RET | BPF_K, 0) },
		{ { 0xffff, 0, 0, 0 }, BPF_STMT(BPF_RET | BPF_K, 0) },
	};

	no_new_privs();
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		if (CHECK_ERR(install(bad[i], 2, 0), EINVAL) != -1)
			note("program %zu", i);
}

/* M written on one path only may not be read; written on both it may. */
TEST(memory_paths)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 1, 1, 0),
		BPF_STMT(BPF_ST, 2),
		BPF_STMT(BPF_LD | BPF_MEM, 2),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};

	no_new_privs();
	CHECK_ERR(install(insns, ARRAY_LEN(insns), 0), EINVAL);
	insns[1].jt = 0;
	CHECK_OK(install(insns, ARRAY_LEN(insns), 0));
}

/* Every operation once: getppid's errno is what the program computes. */
TEST(arithmetic)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_LD | BPF_IMM, 100),		/* 100 */
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_K, 23),	/* 123 */
		BPF_STMT(BPF_ALU | BPF_SUB | BPF_K, 3),		/* 120 */
		BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 3),		/* 360 */
		BPF_STMT(BPF_ALU | BPF_DIV | BPF_K, 7),		/* 51 */
		BPF_STMT(BPF_ST, 5),
		BPF_STMT(BPF_LDX | BPF_MEM, 5),			/* X 51 */
		BPF_STMT(BPF_ALU | BPF_LSH | BPF_K, 4),		/* 816 */
		BPF_STMT(BPF_ALU | BPF_OR | BPF_X, 0),		/* 816 | 51 = 819 */
		BPF_STMT(BPF_ALU | BPF_XOR | BPF_K, 0xff),	/* 972 */
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0x3f0),	/* 960 */
		BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 1),		/* 480 */
		BPF_STMT(BPF_ALU | BPF_NEG, 0),
		BPF_STMT(BPF_MISC | BPF_TAX, 0),
		BPF_STMT(BPF_LD | BPF_IMM, 0),
		BPF_STMT(BPF_ALU | BPF_SUB | BPF_X, 0),		/* 480 */
		BPF_STMT(BPF_LDX | BPF_W | BPF_LEN, 0),		/* X 64 */
		BPF_STMT(BPF_ALU | BPF_ADD | BPF_X, 0),		/* 544 */
		BPF_JUMP(BPF_JMP | BPF_JGT | BPF_X, 0, 0, 3),
		BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 544, 0, 2),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x20, 0, 1),
		BPF_STMT(BPF_JMP | BPF_JA, 1),
		BPF_STMT(BPF_LD | BPF_IMM, 1),
		BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};

	no_new_privs();
	CHECK_OK(install(insns, ARRAY_LEN(insns), 0));
	CHECK_ERR(syscall(SYS_getppid), 544);
}

TEST(arch_and_arguments)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NR_OFFSET),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_close, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, arch)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH_NR, 1, 0),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, args[0])),
		BPF_STMT(BPF_ALU | BPF_AND | BPF_K, 0xfff),
		BPF_STMT(BPF_ALU | BPF_OR | BPF_K, SECCOMP_RET_ERRNO),
		BPF_STMT(BPF_RET | BPF_A, 0),
	};

	no_new_privs();
	CHECK_OK(install(insns, ARRAY_LEN(insns), 0));
	CHECK_ERR(syscall(SYS_close, 77), 77);
	CHECK_ERR(syscall(SYS_close, 1234), 1234);
	CHECK_EQ(syscall(SYS_close, 0x1000), 0);		/* errno 0: it "succeeds" */
}

TEST(errno_is_capped)
{
	no_new_privs();
	CHECK_OK(filter_call(SYS_getppid, SECCOMP_RET_ERRNO | 0xffff, 0));
	CHECK_ERR(syscall(SYS_getppid), 4095);
}

/* The most restrictive answer of all filters, and of equal ones the newest's. */
TEST(chain)
{
	no_new_privs();
	CHECK_OK(filter_call(SYS_getppid, SECCOMP_RET_ERRNO | 11, 0));
	CHECK_OK(filter_call(SYS_getppid, SECCOMP_RET_ERRNO | 12, 0));
	CHECK_ERR(syscall(SYS_getppid), 12);
	CHECK_OK(filter_call(SYS_getppid, SECCOMP_RET_LOG, 0));
	CHECK_ERR(syscall(SYS_getppid), 12);
	CHECK(file_has("/proc/self/status", "Seccomp:\t2\n"));
	CHECK(file_has("/proc/self/status", "Seccomp_filters:\t3\n"));
}

TEST(chain_limit)
{
	static struct sock_filter insns[4096];
	int i;

	for (i = 0; i < 4096; i++)
		insns[i] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
	no_new_privs();
	for (i = 0; i < 10 && !install(insns, 4096, 0); i++)
		;
	CHECK(i >= 3 && i < 8);		/* Linux counts the instructions that it translates them to */
	CHECK_ERR(install(insns, 4096, 0), ENOMEM);
}

TEST(kill)
{
	static const unsigned int actions[] = {
		SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD, 0x00010000,
	};

	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		pid_t pid = fork();

		if (!pid) {
			signal(SIGSYS, SIG_IGN);
			no_new_privs();
			filter_call(SYS_getppid, actions[i], 0);
			syscall(SYS_getppid);
			_exit(1);
		}
		expect_signal(pid, SIGSYS);		/* unknown actions kill, too */
	}
}

static void *call_getppid(void *arg)
{
	syscall(SYS_getppid);
	return arg;
}

/* KILL_THREAD leaves the other threads alone. */
TEST(kill_thread)
{
	pid_t pid = fork();

	if (!pid) {
		pthread_t th;

		no_new_privs();
		CHECK_OK(filter_call(SYS_getppid, SECCOMP_RET_KILL_THREAD, 0));
		pthread_create(&th, NULL, call_getppid, NULL);
		pthread_join(th, NULL);
		finish();
	}
	expect_exit(pid, 0);
	pid = fork();
	if (!pid) {
		pthread_t th;

		no_new_privs();
		filter_call(SYS_getppid, SECCOMP_RET_KILL_PROCESS, 0);
		pthread_create(&th, NULL, call_getppid, NULL);
		pthread_join(th, NULL);
		_exit(1);
	}
	expect_signal(pid, SIGSYS);
}

static siginfo_t trapped;

static void on_sigsys(int sig __attribute__((unused)), siginfo_t *info, void *ucp)
{
	ucontext_t *uc = ucp;

	trapped = *info;
#ifdef __aarch64__
	uc->uc_mcontext.regs[0] = 4321;
#else
	uc->uc_mcontext.arm_r0 = 4321;
#endif
}

/* The handler may emulate the call: it sets the result. */
TEST(trap)
{
	struct sigaction sa = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };

	sigaction(SIGSYS, &sa, NULL);
	no_new_privs();
	CHECK_OK(filter_call(SYS_getppid, SECCOMP_RET_TRAP | 99, 0));
	CHECK_EQ(syscall(SYS_getppid), 4321);
	CHECK_EQ(trapped.si_signo, SIGSYS);
	CHECK_EQ(trapped.si_code, 1);			/* SYS_SECCOMP */
	CHECK_EQ(trapped.si_errno, 99);
	CHECK_EQ(trapped.si_syscall, SYS_getppid);
	CHECK_EQ(trapped.si_arch, ARCH_NR);
	CHECK(trapped.si_call_addr);
}

TEST(trace_without_tracer)
{
	no_new_privs();
	CHECK_OK(filter_call(SYS_getppid, SECCOMP_RET_TRACE | 7, 0));
	CHECK_ERR(syscall(SYS_getppid), ENOSYS);
}

TEST(trace)
{
	struct ptrace_syscall_info info;
	unsigned long msg = 0;
	int status;
	pid_t pid = fork();

	if (!pid) {
		pt(PTRACE_TRACEME, 0, 0, 0);
		prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
		filter_call(SYS_getppid, SECCOMP_RET_TRACE | 0x77, 0);
		raise(SIGSTOP);
		_exit(syscall(SYS_getppid) == getpid() ? 1 : 3);
	}
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_OK(pt(PTRACE_SETOPTIONS, pid, 0, PTRACE_O_TRACESECCOMP));
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status >> 8, SIGTRAP | PTRACE_EVENT_SECCOMP << 8);
	CHECK_OK(pt(PTRACE_GETEVENTMSG, pid, 0, (unsigned long)&msg));
	CHECK_EQ(msg, 0x77);
	CHECK_EQ(pt(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), (unsigned long)&info),
		 offsetof(struct ptrace_syscall_info, seccomp.ret_data) + 4);
	CHECK_EQ(info.op, PTRACE_SYSCALL_INFO_SECCOMP);
	CHECK_EQ(info.seccomp.nr, SYS_getppid);
	CHECK_EQ(info.seccomp.ret_data, 0x77);
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 3);
}

HELPER(getppid_is_refused)
{
	return syscall(SYS_getppid) == -1 && errno == 33 ? 8 : 9;
}

/* Children and programs that are executed are as confined as their parent. */
TEST(inherited)
{
	pid_t pid = fork();

	if (!pid) {
		char *argv[] = { (char *)self_path, "@t_seccomp.getppid_is_refused", NULL };

		no_new_privs();
		filter_call(SYS_getppid, SECCOMP_RET_ERRNO | 33, 0);
		pid = fork();
		if (!pid) {
			execv(self_path, argv);
			_exit(1);
		}
		expect_exit(pid, 8);
		finish();
	}
	expect_exit(pid, 0);
}

static volatile int thread_ready, thread_go;
static volatile long thread_result, thread_nnp, thread_tid;

static void *wait_and_call(void *own_filter)
{
	thread_tid = syscall(SYS_gettid);
	if (own_filter)
		CHECK_OK(filter_call(SYS_getpgid, SECCOMP_RET_ERRNO | 1, 0));
	thread_ready = 1;
	wait_flag(&thread_go);
	thread_result = syscall(SYS_getppid);
	thread_nnp = prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0);
	return NULL;
}

TEST(tsync)
{
	pthread_t th;

	pthread_create(&th, NULL, wait_and_call, NULL);
	wait_flag(&thread_ready);
	no_new_privs();
	CHECK_OK(filter_call(SYS_getppid, SECCOMP_RET_ERRNO | 55, SECCOMP_FILTER_FLAG_TSYNC));
	thread_go = 1;
	pthread_join(th, NULL);
	CHECK_EQ(thread_result, -1);
	CHECK_EQ(thread_nnp, 1);
}

/* A thread with a filter of its own cannot follow: its number is the answer, and nothing changes. */
TEST(tsync_fails)
{
	pthread_t th;

	no_new_privs();
	pthread_create(&th, NULL, wait_and_call, (void *)1);
	wait_flag(&thread_ready);
	CHECK_EQ(filter_call(SYS_getppid, SECCOMP_RET_ERRNO | 55, SECCOMP_FILTER_FLAG_TSYNC), thread_tid);
	CHECK_ERR(filter_call(SYS_getppid, SECCOMP_RET_ERRNO | 55,
			      SECCOMP_FILTER_FLAG_TSYNC | SECCOMP_FILTER_FLAG_TSYNC_ESRCH), ESRCH);
	CHECK_EQ(syscall(SYS_getppid), getppid());
	thread_go = 1;
	pthread_join(th, NULL);
	CHECK(thread_result > 0);
}
