// SPDX-License-Identifier: GPL-2.0-only
/* t_fault.c: faults of user code become the right signal with si_code and si_addr. */
#include "tap.h"

#include <ucontext.h>

#define PAGE	4096UL

static siginfo_t info;

static void touch(void *arg)
{
	*(volatile char *)arg;
}

static void poke(void *arg)
{
	*(volatile char *)arg = 1;
}

static void jump(void *arg)
{
	((void (*)(void))arg)();
}

TEST(unmapped_read_and_write)
{
	char *p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	munmap(p, PAGE);
	CHECK_EQ(fault_of(touch, p + 123, &info), SIGSEGV);
	CHECK_EQ(info.si_code, SEGV_MAPERR);
	CHECK(info.si_addr == p + 123);
	CHECK_EQ(fault_of(poke, p + 5, &info), SIGSEGV);
	CHECK_EQ(info.si_code, SEGV_MAPERR);
	CHECK(info.si_addr == p + 5);
}

TEST(null_pointer)
{
	CHECK_EQ(fault_of(touch, NULL, &info), SIGSEGV);
	CHECK_EQ(info.si_code, SEGV_MAPERR);
	CHECK(info.si_addr == NULL);
	CHECK_EQ(fault_of(poke, (void *)64, &info), SIGSEGV);
	CHECK(info.si_addr == (void *)64);
}

TEST(protection)
{
	char *p = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK_EQ(fault_of(poke, p + 9, &info), SIGSEGV);
	CHECK_EQ(info.si_code, SEGV_ACCERR);
	CHECK(info.si_addr == p + 9);
	CHECK_EQ(fault_of(touch, p, NULL), 0);
	CHECK_EQ(fault_of(poke, p, &info), SIGSEGV);	/* also when the page is there */
	CHECK_EQ(info.si_code, SEGV_ACCERR);
}

TEST(kernel_addresses)
{
#if defined(__aarch64__)
	static const uintptr_t addresses[] = { 0xffff000000000000UL, 0xffff800008000000UL,
					       0xfffffffffffff000UL, 0x0001000000000000UL };
#else
	static const uintptr_t addresses[] = { 0xc0000000UL, 0xc0008000UL, 0xfffff000UL };
#endif
	size_t i;

	for (i = 0; i < ARRAY_SIZE(addresses); i++) {
		CHECK_EQ(fault_of(touch, (void *)addresses[i], &info), SIGSEGV);
		CHECK_EQ(fault_of(poke, (void *)addresses[i], &info), SIGSEGV);
		CHECK_EQ(fault_of(jump, (void *)addresses[i], &info), SIGSEGV);
	}
}

TEST(jump_to_nowhere)
{
	char *p = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK_EQ(fault_of(jump, (void *)64, &info), SIGSEGV);
	CHECK(info.si_addr == (void *)64);
	CHECK_EQ(fault_of(jump, p, &info), SIGSEGV);
	CHECK_EQ(info.si_code, SEGV_ACCERR);
	CHECK(info.si_addr == p);
}

#if defined(__aarch64__)
static void undefined(void *arg)
{
	asm volatile(".inst 0x00000000");
	(void)arg;
}

static void breakpoint(void *arg)
{
	asm volatile("brk #0");
	(void)arg;
}

static void privileged(void *arg)
{
	unsigned long x;

	asm volatile("mrs %0, sctlr_el1" : "=r"(x));
	(void)arg;
}

static void unaligned_pc(void *arg)
{
	asm volatile("br %0" :: "r"((uintptr_t)undefined + 2));
	(void)arg;
}
#else
__attribute__((target("arm"), noinline)) static void undefined(void *arg)
{
	asm volatile(".inst 0xe7f000f0");
	(void)arg;
}

static void privileged(void *arg)
{
	asm volatile("mrc p15, 0, r0, c1, c0, 0" ::: "r0");
	(void)arg;
}
#endif

TEST(illegal_instruction)
{
	CHECK_EQ(fault_of(undefined, NULL, &info), SIGILL);
	CHECK_EQ(info.si_code, ILL_ILLOPC);
	CHECK(info.si_addr != NULL);
	CHECK_EQ(fault_of(privileged, NULL, &info), SIGILL);
}

#if defined(__aarch64__)
TEST(breakpoint)
{
	CHECK_EQ(fault_of(breakpoint, NULL, &info), SIGTRAP);
	CHECK_EQ(info.si_code, TRAP_BRKPT);
}

TEST(alignment)
{
	CHECK_EQ(fault_of(unaligned_pc, NULL, &info), SIGBUS);
	CHECK_EQ(info.si_code, BUS_ADRALN);
}
#endif

TEST(unaligned_access_works)
{
	char buf[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	volatile uint32_t *word = (volatile uint32_t *)(buf + 1);

	CHECK_EQ(*word, 0x05040302);
	*word = 0x0a0b0c0d;
	CHECK_EQ(buf[1], 0x0d);
}

TEST(default_kills)
{
	pid_t pid = fork();

	if (pid == 0) {
		poke((void *)8);
		_exit(0);
	}
	expect_signal(pid, SIGSEGV);
	pid = fork();
	if (pid == 0) {
		undefined(NULL);
		_exit(0);
	}
	expect_signal(pid, SIGILL);
}

/* A blocked or ignored fault signal cannot be ignored: the process dies of it. */
TEST(blocked_fault_kills)
{
	pid_t pid = fork();

	if (pid == 0) {
		block_signal(SIGSEGV);
		set_handler(SIGSEGV, (void (*)(int))_exit, 0);
		poke((void *)8);
		_exit(0);
	}
	expect_signal(pid, SIGSEGV);
	pid = fork();
	if (pid == 0) {
		signal(SIGSEGV, SIG_IGN);
		poke((void *)8);
		_exit(0);
	}
	expect_signal(pid, SIGSEGV);
}

static char *fixable;

static void map_it(int sig, siginfo_t *si, void *context)
{
	(void)sig;
	(void)si;
	(void)context;
	mprotect(fixable, PAGE, PROT_READ | PROT_WRITE);
}

TEST(handler_may_repair_and_retry)
{
	struct sigaction act = { .sa_sigaction = map_it, .sa_flags = SA_SIGINFO };

	fixable = mmap(NULL, PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	sigaction(SIGSEGV, &act, NULL);
	fixable[7] = 'r';
	CHECK_EQ(fixable[7], 'r');
}

static void skip_instruction(int sig, siginfo_t *si, void *context)
{
	ucontext_t *uc = context;

	(void)sig;
	(void)si;
#if defined(__aarch64__)
	uc->uc_mcontext.pc += 4;
	uc->uc_mcontext.regs[0] = 99;
#else
	uc->uc_mcontext.arm_pc += 4;
	uc->uc_mcontext.arm_r0 = 99;
#endif
}

TEST(handler_may_change_registers)
{
	struct sigaction act = { .sa_sigaction = skip_instruction, .sa_flags = SA_SIGINFO };
	long result;

	sigaction(SIGILL, &act, NULL);
#if defined(__aarch64__)
	asm volatile("mov x0, #1\n .inst 0x00000000\n mov %0, x0" : "=r"(result) :: "x0");
#else
	asm volatile("mov r0, #1\n udf.w #0x123\n mov %0, r0" : "=r"(result) :: "r0");
#endif
	CHECK_EQ(result, 99);
}

TEST(division_by_zero_gives_no_signal)
{
	volatile int zero = 0, one = 1;
	volatile double fzero = 0, fone = 1;

#if defined(__aarch64__)
	CHECK_EQ(one / zero, 0);	/* AArch64 divides to 0 */
#endif
	(void)one;
	(void)zero;
	CHECK(fone / fzero > 1e300);
}

TEST(fault_address_in_ucontext)
{
	CHECK_EQ(fault_of(touch, (void *)0x1234, &info), SIGSEGV);
	CHECK_EQ((uintptr_t)info.si_addr, 0x1234);
	CHECK_EQ(info.si_signo, SIGSEGV);
	CHECK_EQ(info.si_errno, 0);
}
