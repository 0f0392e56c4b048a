// SPDX-License-Identifier: GPL-2.0-only
/* t_rseq.c: rseq(2): registration, the CPU's number, sequences that preemption and signals restart, bad ones. */
#include "tap.h"

#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <sys/ptrace.h>

/* The structures as Linux 6.1 has them; glibc's thread has one registered, which is taken away first. */
struct area {
	uint32_t cpu_id_start, cpu_id;
	uint64_t cs;
	uint32_t flags;
} __attribute__((aligned(32)));

struct sequence {
	uint32_t version, flags;
	uint64_t start, length, abort;
} __attribute__((aligned(32)));

#define SIG		0x53053053
#define UNREGISTER	1
#define LEN		32

#ifndef PTRACE_GET_RSEQ_CONFIGURATION
#define PTRACE_GET_RSEQ_CONFIGURATION 0x420f
#endif

extern const ptrdiff_t __rseq_offset __attribute__((weak));
extern const unsigned int __rseq_size __attribute__((weak));

static struct area area __attribute__((aligned(4096)));

static long rseq(void *p, uint32_t len, int flags, uint32_t sig)
{
	return syscall(SYS_rseq, p, len, flags, sig);
}

/* glibc's signature is the architecture's. */
static void drop_libc_area(void)
{
#ifdef __aarch64__
	uint32_t sig = 0xd428bc00;
#else
	uint32_t sig = 0xe7f5def3;
#endif
	if (&__rseq_size && __rseq_size)
		CHECK_OK(rseq((char *)__builtin_thread_pointer() + __rseq_offset, LEN, UNREGISTER, sig));
}

static void register_area(void)
{
	drop_libc_area();
	memset(&area, 0, sizeof(area));
	area.cpu_id = -1;
	REQUIRE(!rseq(&area, LEN, 0, SIG));
}

/* ---- registration ------------------------------------------------------------------------------ */

TEST(libc_has_one)
{
	uint32_t *cpu = (uint32_t *)((char *)__builtin_thread_pointer() + __rseq_offset) + 1;

	CHECK(__rseq_size >= 20);
	CHECK(*cpu < 8);
}

TEST(errors)
{
	char *p = (char *)&area;

	drop_libc_area();
	CHECK_ERR(rseq(p, LEN, 2, SIG), EINVAL);
	CHECK_ERR(rseq(p, LEN, UNREGISTER | 2, SIG), EINVAL);
	CHECK_ERR(rseq(p, LEN, UNREGISTER, SIG), EINVAL);
	CHECK_ERR(rseq(p, LEN - 1, 0, SIG), EINVAL);
	CHECK_ERR(rseq(p, LEN + 32, 0, SIG), EINVAL);
	CHECK_ERR(rseq(p + 16, LEN, 0, SIG), EINVAL);
	CHECK_ERR(rseq((void *)-32L, LEN, 0, SIG), EFAULT);
	CHECK_OK(rseq(p, LEN, 0, SIG));
	CHECK_ERR(rseq(p, LEN, 0, SIG), EBUSY);
	CHECK_ERR(rseq(p, LEN, 0, SIG + 1), EPERM);
	CHECK_ERR(rseq(p + 32, LEN, 0, SIG), EINVAL);
	CHECK_ERR(rseq(p, LEN + 1, 0, SIG), EINVAL);
	CHECK_ERR(rseq(p + 32, LEN, UNREGISTER, SIG), EINVAL);
	CHECK_ERR(rseq(p, LEN + 1, UNREGISTER, SIG), EINVAL);
	CHECK_ERR(rseq(p, LEN, UNREGISTER, SIG + 1), EPERM);
	CHECK_OK(rseq(p, LEN, UNREGISTER, SIG));
	CHECK_EQ(area.cpu_id, (uint32_t)-1);
	CHECK_EQ(area.cpu_id_start, 0);
}

static void die_in_child(void (*fn)(void))
{
	pid_t pid = fork();

	if (!pid) {
		fn();
		_exit(0);
	}
	expect_signal(pid, SIGSEGV);
}

TEST(unmapped)
{
	drop_libc_area();
	CHECK_ERR(rseq((void *)0x8000, LEN, 0, SIG), EFAULT);
	area.cs = 64;				/* rubbish of an earlier thread's */
	CHECK_OK(rseq(&area, LEN, 0, SIG));
	CHECK_EQ(area.cs, 0);
}

static void nothing(int sig)
{
	(void)sig;
}

static void unmap_area(void)
{
	register_area();
	set_handler(SIGUSR1, nothing, 0);
	munmap(&area, 4096);
	raise(SIGUSR1);
}

TEST(unmapped_later_kills)
{
	die_in_child(unmap_area);
}

/* ---- the CPU's number -------------------------------------------------------------------------- */

TEST(cpu_number)
{
	unsigned int cpu;
	cpu_set_t set;

	register_area();
	CHECK_EQ(area.cpu_id, area.cpu_id_start);
	for (int n = 0; n < sysconf(_SC_NPROCESSORS_ONLN); n++) {
		CPU_ZERO(&set);
		CPU_SET(n, &set);
		CHECK_OK(sched_setaffinity(0, sizeof(set), &set));
		CHECK_EQ(area.cpu_id, n);
		CHECK_EQ(area.cpu_id_start, n);
		syscall(SYS_getcpu, &cpu, NULL, NULL);
		CHECK_EQ(cpu, n);
	}
}

/* After a sleep, from which one may come back elsewhere. */
TEST(number_after_sleep)
{
	unsigned int cpu;

	register_area();
	for (int i = 0; i < 50; i++) {
		uint32_t before, after;

		sleep_ms(1);
		before = *(volatile uint32_t *)&area.cpu_id;
		syscall(SYS_getcpu, &cpu, NULL, NULL);
		after = *(volatile uint32_t *)&area.cpu_id;
		CHECK(cpu == before || cpu == after);
	}
}

TEST(forked_child_has_it)
{
	pid_t pid;

	register_area();
	pid = fork();
	if (!pid) {
		CHECK_ERR(rseq(&area, LEN, 0, SIG), EBUSY);
		CHECK(area.cpu_id < 8);
		finish();
	}
	expect_exit(pid, 0);
}

static volatile int thread_result;

static int bare_thread(void *arg)
{
	thread_result = rseq(arg, LEN, UNREGISTER, SIG) ? errno : 0;
	return 0;
}

TEST(thread_has_none)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid;

	register_area();
	pid = clone(bare_thread, stack + sizeof(stack), CLONE_VM | SIGCHLD, &area);
	expect_exit(pid, 0);
	CHECK_EQ(thread_result, EINVAL);
}

HELPER(after_exec)
{
	drop_libc_area();		/* glibc's, not the one before */
	return rseq(&area, LEN, 0, SIG) ? 1 : 0;
}

TEST(exec_drops_it)
{
	pid_t pid = fork();

	if (!pid) {
		register_area();
		execl(self_path, self_path, "@t_rseq.after_exec", NULL);
		_exit(9);
	}
	expect_exit(pid, 0);
}

/* ---- sequences --------------------------------------------------------------------------------- */

/*
 * Run a sequence that spins until *go is not 0: 0 if it came to its end, 1 if it was aborted. The signature lies
 * in front of the abort address.
 */
extern const char seq_start[], seq_end[], seq_abort[];
long run_sequence(uint64_t *slot, struct sequence *seq, volatile int *go);

#ifdef __aarch64__
asm("	.text\n"
    "	.global run_sequence, seq_start, seq_end, seq_abort\n"
    "run_sequence:\n"
    "	str	x1, [x0]\n"
    "seq_start:\n"
    "1:	ldr	w3, [x2]\n"
    "	cbz	w3, 1b\n"
    "seq_end:\n"
    "	mov	x0, #0\n"
    "	ret\n"
    "	.inst	0x53053053\n"
    "seq_abort:\n"
    "	mov	x0, #1\n"
    "	ret\n");
#else
asm("	.text\n"
    "	.arm\n"
    "	.balign	4\n"
    "	.global run_sequence, seq_start, seq_end, seq_abort\n"
    "	.type	run_sequence, %function\n"
    "run_sequence:\n"
    "	str	r1, [r0]\n"
    "seq_start:\n"
    "1:	ldr	r3, [r2]\n"
    "	cmp	r3, #0\n"
    "	beq	1b\n"
    "seq_end:\n"
    "	mov	r0, #0\n"
    "	bx	lr\n"
    "	.inst	0x53053053\n"
    "seq_abort:\n"
    "	mov	r0, #1\n"
    "	bx	lr\n"
    "	.thumb\n");
#endif

static struct sequence good_sequence(void)
{
	return (struct sequence){ .start = (unsigned long)seq_start, .length = seq_end - seq_start,
				  .abort = (unsigned long)seq_abort };
}

static struct sequence seq;
static volatile int go;

TEST(undisturbed)
{
	register_area();
	seq = good_sequence();
	go = 1;
	CHECK_EQ(run_sequence(&area.cs, &seq, &go), 0);
}

static void let_go(int sig)
{
	(void)sig;
	go = 1;
}

TEST(signal_restarts)
{
	register_area();
	seq = good_sequence();
	set_handler(SIGALRM, let_go, 0);
	ualarm(20000, 0);
	CHECK_EQ(run_sequence(&area.cs, &seq, &go), 1);
	CHECK_EQ(area.cs, 0);
}

/* Two processes on one CPU, neither of which sleeps: one preempts the other. */
TEST(preemption_restarts)
{
	cpu_set_t one;
	pid_t pid;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	CHECK_OK(sched_setaffinity(0, sizeof(one), &one));
	register_area();
	seq = good_sequence();
	pid = fork();
	if (!pid)
		for (;;)
			;
	CHECK_EQ(run_sequence(&area.cs, &seq, &go), 1);
	CHECK_EQ(area.cs, 0);
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

/* A pointer that is left over does not matter: it is taken away. */
TEST(left_over)
{
	register_area();
	seq = good_sequence();
	area.cs = (unsigned long)&seq;
	set_handler(SIGUSR1, let_go, 0);
	raise(SIGUSR1);
	CHECK_EQ(area.cs, 0);
}

static void run_bad(void)
{
	register_area();
	ualarm(20000, 0);
	set_handler(SIGALRM, let_go, 0);
	run_sequence(&area.cs, &seq, &go);
}

TEST(bad_ones_kill)
{
	seq = good_sequence();
	seq.version = 1;
	die_in_child(run_bad);
	seq = good_sequence();
	seq.flags = 1;
	die_in_child(run_bad);
	seq = good_sequence();
	seq.flags = 8;
	die_in_child(run_bad);
	seq = good_sequence();
	seq.abort = seq.start + 4;		/* inside */
	die_in_child(run_bad);
	seq = good_sequence();
	seq.abort += 4;				/* no signature in front */
	die_in_child(run_bad);
	seq = good_sequence();
	seq.abort = -4096UL;
	die_in_child(run_bad);
	seq = good_sequence();
	seq.length = -1ULL;
	die_in_child(run_bad);
}

static void run_with_flags(void)
{
	register_area();
	area.flags = 1;
	seq = good_sequence();
	ualarm(20000, 0);
	set_handler(SIGALRM, let_go, 0);
	run_sequence(&area.cs, &seq, &go);
}

static void bad_pointer(void)
{
	register_area();
	area.cs = 64;
	raise(SIGUSR1);
}

TEST(bad_area_kills)
{
	set_handler(SIGUSR1, let_go, 0);
	die_in_child(run_with_flags);
	die_in_child(bad_pointer);
}

/* ---- membarrier -------------------------------------------------------------------------------- */

static long membarrier(int cmd, unsigned int flags, int cpu)
{
	return syscall(SYS_membarrier, cmd, flags, cpu);
}

static volatile long restarted = -1;

static void *spin(void *arg)
{
	drop_libc_area();
	area.cpu_id = -1;
	if (!rseq(&area, LEN, 0, SIG))
		restarted = run_sequence(&area.cs, &seq, &go);
	return arg;
}

TEST(membarrier_restarts)
{
	pthread_t thread;

	CHECK(membarrier(MEMBARRIER_CMD_QUERY, 0, 0) & MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ);
	CHECK(membarrier(MEMBARRIER_CMD_QUERY, 0, 0) & MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ);
	CHECK_ERR(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 0, 0), EPERM);
	CHECK_ERR(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 1, 0), EINVAL);
	CHECK_OK(membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED_RSEQ, 0, 0));
	CHECK_ERR(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 2, 0), EINVAL);
	CHECK_OK(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_FLAG_CPU, 1000));
	CHECK_OK(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, MEMBARRIER_CMD_FLAG_CPU, -1));
	if (sysconf(_SC_NPROCESSORS_ONLN) < 2)
		finish();
	seq = good_sequence();
	CHECK_EQ(pthread_create(&thread, NULL, spin, NULL), 0);
	while (!*(volatile uint64_t *)&area.cs && restarted < 0)
		;
	for (int i = 0; i < 1000 && restarted < 0; i++)
		CHECK_OK(membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED_RSEQ, 0, 0));
	go = 1;
	CHECK_EQ(pthread_join(thread, NULL), 0);
	CHECK_EQ(restarted, 1);
}

/* ---- seen from outside ------------------------------------------------------------------------- */

TEST(configuration)
{
	struct {
		uint64_t pointer;
		uint32_t size, signature, flags, pad;
	} conf;
	int status;
	pid_t pid = fork();

	if (!pid) {
		register_area();
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		_exit(0);
	}
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(syscall(SYS_ptrace, PTRACE_GET_RSEQ_CONFIGURATION, pid, sizeof(conf), &conf), sizeof(conf));
	CHECK_EQ(conf.pointer, (unsigned long)&area);
	CHECK_EQ(conf.size, LEN);
	CHECK_EQ(conf.signature, SIG);
	CHECK_EQ(syscall(SYS_ptrace, PTRACE_GET_RSEQ_CONFIGURATION, pid, 8, &conf), sizeof(conf));
	CHECK_ERR(syscall(SYS_ptrace, PTRACE_GET_RSEQ_CONFIGURATION, pid, 24, 8), EFAULT);
	CHECK_OK(ptrace(PTRACE_CONT, pid, 0, 0));
	expect_exit(pid, 0);
}
