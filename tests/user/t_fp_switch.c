// SPDX-License-Identifier: GPL-2.0-only
/*
 * Floating-point and SIMD registers belong to their thread: across switches between threads and
 * processes, moves to another CPU, signal handlers that use them, and fork.
 *
 * Each worker fills all registers with a pattern of its own, stays in one piece of assembly while
 * it calls the kernel or spins, and compares what is in the registers then.
 */
#include "tap.h"

#include <pthread.h>
#include <sched.h>
#include <sys/time.h>

#ifdef __aarch64__
#define FP_WORDS	64		/* q0..q31 */
#else
#define FP_WORDS	32		/* d0..d31 */
#endif

struct fp {
	uint64_t word[FP_WORDS];
} __attribute__((aligned(16)));

static void fp_fill(struct fp *fp, uint64_t seed)
{
	for (unsigned int i = 0; i < FP_WORDS; i++)
		fp->word[i] = seed * 0x9e3779b97f4a7c15ULL + i * 0x0101010101010101ULL;
}

/* Registers from @in; system call @nr(@a0, 0, 0, 0, 0); registers to @out. */
static long fp_call(const struct fp *in, struct fp *out, long nr, long a0)
{
#ifdef __aarch64__
	register long x0 asm("x0") = a0, x1 asm("x1") = 0, x2 asm("x2") = 0, x3 asm("x3") = 0,
		      x4 asm("x4") = 0, x8 asm("x8") = nr;

	asm volatile(".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
		     "ldr q\\n, [%[in], #16 * \\n]\n.endr\n"
		     ".irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
		     "ldr q\\n, [%[in], #16 * \\n]\n.endr\n"
		     "svc #0\n"
		     ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
		     "str q\\n, [%[out], #16 * \\n]\n.endr\n"
		     ".irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
		     "str q\\n, [%[out], #16 * \\n]\n.endr\n"
		     : "+r" (x0)
		     : [in] "r" (in), [out] "r" (out), "r" (x1), "r" (x2), "r" (x3), "r" (x4),
		       "r" (x8)
		     : "memory", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10",
		       "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20", "v21",
		       "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31");
	return x0;
#else
	register long r0 asm("r0") = a0, r1 asm("r1") = 0, r2 asm("r2") = 0, r3 asm("r3") = 0,
		      r4 asm("r4") = 0;

	asm volatile(".fpu neon\n"
		     "push {r7}\n"
		     "mov r7, %[nr]\n"
		     "mov ip, %[in]\n"
		     "vldmia ip!, {d0-d15}\nvldmia ip, {d16-d31}\n"
		     "svc #0\n"
		     "mov ip, %[out]\n"
		     "vstmia ip!, {d0-d15}\nvstmia ip, {d16-d31}\n"
		     "pop {r7}\n"
		     : "+r" (r0)
		     : [in] "r" (in), [out] "r" (out), [nr] "r" (nr), "r" (r1), "r" (r2), "r" (r3),
		       "r" (r4)
		     : "memory", "ip", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8", "d9",
		       "d10", "d11", "d12", "d13", "d14", "d15");
	return r0;
#endif
}

/* Registers from @in; @turns of a loop; registers to @out. */
static void fp_spin(const struct fp *in, struct fp *out, unsigned long turns)
{
#ifdef __aarch64__
	asm volatile(".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
		     "ldr q\\n, [%[in], #16 * \\n]\n.endr\n"
		     ".irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
		     "ldr q\\n, [%[in], #16 * \\n]\n.endr\n"
		     "1: subs %[turns], %[turns], #1\n"
		     "b.ne 1b\n"
		     ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n"
		     "str q\\n, [%[out], #16 * \\n]\n.endr\n"
		     ".irp n,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31\n"
		     "str q\\n, [%[out], #16 * \\n]\n.endr\n"
		     : [turns] "+r" (turns) : [in] "r" (in), [out] "r" (out)
		     : "memory", "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9",
		       "v10", "v11", "v12", "v13", "v14", "v15", "v16", "v17", "v18", "v19", "v20",
		       "v21", "v22", "v23", "v24", "v25", "v26", "v27", "v28", "v29", "v30", "v31");
#else
	asm volatile(".fpu neon\n"
		     "mov ip, %[in]\n"
		     "vldmia ip!, {d0-d15}\nvldmia ip, {d16-d31}\n"
		     "1: subs %[turns], %[turns], #1\n"
		     "bne 1b\n"
		     "mov ip, %[out]\n"
		     "vstmia ip!, {d0-d15}\nvstmia ip, {d16-d31}\n"
		     : [turns] "+r" (turns) : [in] "r" (in), [out] "r" (out)
		     : "memory", "cc", "ip", "d0", "d1", "d2", "d3", "d4", "d5", "d6", "d7", "d8",
		       "d9", "d10", "d11", "d12", "d13", "d14", "d15");
#endif
}

/* Rounds of yielding and spinning with a pattern; how many came back wrong. */
static long work(uint64_t seed, unsigned int rounds)
{
	struct fp in, out;
	long wrong = 0;

	for (unsigned int i = 0; i < rounds; i++) {
		fp_fill(&in, seed * 1000 + i);
		memset(&out, 0, sizeof(out));
		if (i % 4)
			fp_call(&in, &out, SYS_sched_yield, 0);
		else
			fp_spin(&in, &out, 20000);
		wrong += memcmp(&in, &out, sizeof(in)) != 0;
	}
	return wrong;
}

static void *worker(void *seed)
{
	return (void *)work((uintptr_t)seed, 200);
}

static long threads(unsigned int n, uintptr_t seed)
{
	pthread_t t[8];
	void *wrong;
	long sum = 0;

	for (unsigned int i = 0; i < n; i++)
		REQUIRE(!pthread_create(&t[i], NULL, worker, (void *)(seed + i)));
	for (unsigned int i = 0; i < n; i++) {
		pthread_join(t[i], &wrong);
		sum += (long)wrong;
	}
	return sum;
}

TEST(threads_of_several_processes)
{
	pid_t pid[4];

	for (unsigned int i = 0; i < 4; i++) {
		pid[i] = fork();
		if (!pid[i]) {
			CHECK_EQ(threads(3, 10 * i + 1), 0);
			finish();
		}
	}
	for (unsigned int i = 0; i < 4; i++)
		expect_exit(pid[i], 0);
}

static volatile sig_atomic_t ticks;

static void use_registers(int sig)
{
	struct fp in, out;

	(void)sig;
	fp_fill(&in, 777 + ticks++);
	fp_call(&in, &out, SYS_getppid, 0);
	if (memcmp(&in, &out, sizeof(in)))
		ticks = -1000000;
}

TEST(a_handler_uses_them)
{
	struct itimerval often = { { 0, 2000 }, { 0, 2000 } };
	struct fp in, out;

	signal(SIGALRM, use_registers);
	REQUIRE(!setitimer(ITIMER_REAL, &often, NULL));
	for (unsigned int i = 0; i < 5000 && ticks >= 0 && ticks < 20; i++) {
		fp_fill(&in, i);
		fp_spin(&in, &out, 200000);
		CHECK(!memcmp(&in, &out, sizeof(in)));
	}
	CHECK(ticks >= 20);
}

TEST(fork_copies_them)
{
	struct fp in, out;

	for (unsigned int i = 0; i < 20; i++) {
		long pid;

		fp_fill(&in, i + 1);
		memset(&out, 0, sizeof(out));
		pid = fp_call(&in, &out, SYS_clone, SIGCHLD);
		CHECK(!memcmp(&in, &out, sizeof(in)));
		if (!pid)
			finish();
		REQUIRE(pid > 0);
		expect_exit(pid, 0);
	}
}

static volatile bool stop_moving;

static void *spinner(void *seed)
{
	struct fp in, out;
	long wrong = 0;

	for (unsigned int i = 0; !stop_moving; i++) {
		fp_fill(&in, (uintptr_t)seed + i);
		fp_spin(&in, &out, 100000);
		wrong += memcmp(&in, &out, sizeof(in)) != 0;
	}
	return (void *)wrong;
}

/* Two that spin are moved round the CPUs meanwhile. With one CPU they only preempt each other. */
TEST(another_cpu)
{
	cpu_set_t all, one;
	pthread_t t[2];
	void *wrong;

	REQUIRE(!sched_getaffinity(0, sizeof(all), &all));
	for (uintptr_t i = 0; i < 2; i++)
		REQUIRE(!pthread_create(&t[i], NULL, spinner, (void *)(i * 1000003)));
	for (unsigned int i = 0; i < 100; i++) {
		unsigned int cpu = i % 8;

		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		if (CPU_ISSET(cpu, &all))
			CHECK(!pthread_setaffinity_np(t[i / 8 % 2], sizeof(one), &one));
		usleep(2000);
	}
	stop_moving = true;
	for (unsigned int i = 0; i < 2; i++) {
		pthread_join(t[i], &wrong);
		CHECK_EQ((long)wrong, 0);
	}
}
