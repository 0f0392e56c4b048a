// SPDX-License-Identifier: GPL-2.0-only
/* t_enosys.c: numbers that are no system call give ENOSYS and harm nothing. */
#include "tap.h"

TEST(far_numbers)
{
	static const long numbers[] = { 600, 1000, 4095, 4096, 65536, 0x7fffffff, -1, -2, -1000,
					0x10000000 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		/* Above 0xf0000 are ARM's private calls, and beyond them instructions undefined. */
		if (sizeof(long) == 4 && (unsigned long)numbers[i] >= 0xf0000)
			continue;
		CHECK_ERR(syscall(numbers[i], 0, 0, 0, 0, 0, 0), ENOSYS);
	}
}

TEST(holes)
{
	/* Numbers 244 to 259 of the generic table are for architectures, and arm64 has none. */
#if defined(__aarch64__)
	long n;

	for (n = 244; n < 260; n++)
		CHECK_ERR(syscall(n, 0, 0, 0, 0, 0, 0), ENOSYS);
	for (n = 295; n < 403; n++)
		CHECK_ERR(syscall(n, 0, 0, 0, 0, 0, 0), ENOSYS);
#else
	static const long holes[] = { 17, 18, 28, 31, 32, 35, 44, 53, 56, 58, 59, 68, 69, 84, 98,
				      109, 110, 112, 127, 130, 137, 166, 188, 189, 222, 223 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(holes); i++)
		CHECK_ERR(syscall(holes[i], 0, 0, 0, 0, 0, 0), ENOSYS);
#endif
}

TEST(many_times)
{
	int i, bad = 0;

	/* Whatever is logged about it must be limited, not one line each. */
	for (i = 0; i < 5000; i++)
		bad += syscall(700) != -1 || errno != ENOSYS;
	CHECK_EQ(bad, 0);
}

TEST(registers_survive)
{
#if defined(__aarch64__)
	long result;
	bool good;
	register long x8 asm("x8") = 1000;
	register long x0 asm("x0") = 1;
	register long x1 asm("x1") = 11, x2 asm("x2") = 12, x3 asm("x3") = 13;
	register long x4 asm("x4") = 14, x5 asm("x5") = 15, x9 asm("x9") = 19, x18 asm("x18") = 28;

	asm volatile("svc #0" : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5),
		     "+r"(x8), "+r"(x9), "+r"(x18) :: "memory");
	/* Before any call, which may use these registers. */
	good = x1 == 11 && x2 == 12 && x3 == 13 && x4 == 14 && x5 == 15 &&
	       x8 == 1000 && x9 == 19 && x18 == 28;
	result = x0;
	CHECK_EQ(result, -ENOSYS);
	CHECK(good);
#else
	long result, spoiled;

	asm volatile("push {r7}\n"
		     "mov r7, #0x1000\n"
		     "mov r0, #1\n mov r1, #11\n mov r2, #12\n mov r3, #13\n"
		     "mov r4, #14\n mov r5, #15\n mov r12, #19\n"
		     "svc #0\n"
		     "mov %0, r0\n"
		     "sub r1, #11\n sub r2, #12\n sub r3, #13\n sub r4, #14\n sub r5, #15\n"
		     "sub r12, #19\n"
		     "orr r1, r2\n orr r1, r3\n orr r1, r4\n orr r1, r5\n orr r1, r12\n"
		     "mov %1, r1\n"
		     "pop {r7}\n"
		     : "=&r"(result), "=&r"(spoiled)
		     :: "r0", "r1", "r2", "r3", "r4", "r5", "r12", "memory", "cc");
	CHECK_EQ(result, -ENOSYS);
	CHECK_EQ(spoiled, 0);
#endif
}

#if defined(__arm__)
TEST(old_abi)
{
	pid_t pid = fork();

	/* A number in the instruction is the old ABI: ENOSYS or death, never another call. */
	if (pid == 0) {
		asm volatile("push {r7}\n mov r7, #1\n mov r0, #0\n svc #1\n pop {r7}"
			     ::: "r0", "memory");
		_exit(3);
	}
	CHECK(waitpid(pid, NULL, 0) == pid);
}

TEST(arm_private_calls)
{
	CHECK_OK(syscall(0xf0002, (long)self_path, (long)self_path + 16, 0));	/* cacheflush */
	CHECK_ERR(syscall(0xf0002, 0x10000000, 0, 0), EINVAL);
	if (!kernel_is_64bit())							/* get_tls */
		CHECK_EQ(syscall(0xf0006), (long)__builtin_thread_pointer());
	CHECK_ERR(syscall(0xf07ff, 0), ENOSYS);
}

TEST(kuser_helpers)
{
	int (*cmpxchg)(int, int, volatile int *) = (void *)0xffff0fc0;
	void (*barrier)(void) = (void *)0xffff0fa0;
	void *(*get_tls)(void) = (void *)0xffff0fe0;
	int version = *(volatile int *)0xffff0ffc;
	volatile int word = 5;

	CHECK(version >= 5);
	CHECK_EQ(cmpxchg(5, 9, &word), 0);
	CHECK_EQ(word, 9);
	CHECK(cmpxchg(5, 7, &word) != 0);
	CHECK_EQ(word, 9);
	barrier();
	CHECK(get_tls() == __builtin_thread_pointer());
	CHECK(file_has("/proc/self/maps", "[vectors]"));
	CHECK(file_has("/proc/self/smaps", "[vectors]"));
}
#endif
