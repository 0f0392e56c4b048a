// SPDX-License-Identifier: GPL-2.0-only
/* t_pac.c: pointer authentication (arm64): whose keys they are, when they change, who may look at them. */
#include "tap.h"

#include <elf.h>
#include <pthread.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/uio.h>

extern char **environ;

#define HWCAP_PACA_BIT	(1UL << 30)
#define ALL_KEYS	0xfUL		/* of addresses */
#define RESET		54		/* PR_PAC_* */
#define SET_ENABLED	60
#define GET_ENABLED	61
#define PAC_MASK	0x007f000000000000UL

#ifndef NT_ARM_PAC_MASK
#define NT_ARM_PAC_MASK	0x406
#endif
#ifndef NT_ARM_PACA_KEYS
#define NT_ARM_PACA_KEYS 0x407
#define NT_ARM_PACG_KEYS 0x408
#endif
#ifndef NT_ARM_PAC_ENABLED_KEYS
#define NT_ARM_PAC_ENABLED_KEYS 0x40a
#endif

static bool have_pac(void)
{
	return sizeof(long) == 8 && (getauxval(AT_HWCAP) & HWCAP_PACA_BIT);
}

static void need_pac(void)
{
	if (!have_pac())
		skip("no pointer authentication");
}

#ifdef __aarch64__
/* A pointer with its code, by each of the keys; the generic one makes a number of its own. */
static unsigned long sign(int key, unsigned long p)
{
	register unsigned long x0 asm("x0") = p;
	register unsigned long x1 asm("x1") = 7;

	switch (key) {
	case 0: asm volatile(".arch armv8.3-a\n\tpacia x0, x1" : "+r" (x0) : "r" (x1)); break;
	case 1: asm volatile(".arch armv8.3-a\n\tpacib x0, x1" : "+r" (x0) : "r" (x1)); break;
	case 2: asm volatile(".arch armv8.3-a\n\tpacda x0, x1" : "+r" (x0) : "r" (x1)); break;
	case 3: asm volatile(".arch armv8.3-a\n\tpacdb x0, x1" : "+r" (x0) : "r" (x1)); break;
	default: asm volatile(".arch armv8.3-a\n\tpacga x0, x0, x1" : "+r" (x0) : "r" (x1));
	}
	return x0;
}

static unsigned long authenticate(unsigned long p)
{
	register unsigned long x0 asm("x0") = p;
	register unsigned long x1 asm("x1") = 7;

	asm volatile(".arch armv8.3-a\n\tautia x0, x1" : "+r" (x0) : "r" (x1));
	return x0;
}

static unsigned long id_register(int which)
{
	unsigned long val;

	if (which == 1)
		asm volatile("mrs %0, id_aa64isar1_el1" : "=r" (val));
	else
		asm volatile("mrs %0, S3_0_C0_C6_2" : "=r" (val));
	return val;
}
#else
static unsigned long sign(int key, unsigned long p)
{
	return p + key;
}

static unsigned long authenticate(unsigned long p)
{
	return p;
}

static unsigned long id_register(int which)
{
	return which;
}
#endif

#define POINTERS	16

/* Codes of several pointers: that two keys agree on all of them does not happen. */
struct codes {
	unsigned long	by_key[5][POINTERS];
};

static void sign_all(struct codes *c)
{
	int key, i;

	for (key = 0; key < 5; key++)
		for (i = 0; i < POINTERS; i++)
			c->by_key[key][i] = sign(key, 0x400000UL + 0x1230UL * i);
}

/* Which keys are others now. */
static unsigned int changed(const struct codes *a)
{
	unsigned int mask = 0;
	struct codes b;
	int key;

	sign_all(&b);
	for (key = 0; key < 5; key++)
		if (memcmp(a->by_key[key], b.by_key[key], sizeof(b.by_key[key])))
			mask |= 1 << key;
	return mask;
}

TEST(what_the_cpu_has)
{
	unsigned long p = 0x456780UL, s;
	int i;

	need_pac();
	CHECK_EQ(getauxval(AT_HWCAP) >> 30 & 3, 3);
	CHECK(id_register(1) & 0xff0 || id_register(2) & 0xf000);
	CHECK(id_register(1) & 0xff000000 || id_register(2) & 0xf00);
	CHECK(file_has("/proc/cpuinfo", " paca pacg"));
	for (i = 0; i < 4; i++)
		CHECK_EQ(sign(i, p) & ~PAC_MASK, p);
	s = sign(0, p);
	CHECK_EQ(authenticate(s), p);
	CHECK(authenticate(s ^ (unsigned long)(1ULL << 50)) != p);
}

TEST(without_it)
{
	if (have_pac())
		skip("there is pointer authentication");
	CHECK_ERR(prctl(RESET, 0, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(SET_ENABLED, 1, 1, 0, 0), EINVAL);
	CHECK_ERR(prctl(GET_ENABLED, 0, 0, 0, 0), EINVAL);
}

static struct codes before;

static void *same_keys(void *arg)
{
	(void)arg;
	CHECK_EQ(changed(&before), 0);
	return NULL;
}

TEST(kept_over_switches_fork_and_threads)
{
	pthread_t thread;
	pid_t pid;
	int i;

	need_pac();
	sign_all(&before);
	for (i = 0; i < 20; i++) {
		usleep(1000);
		CHECK_EQ(changed(&before), 0);
	}
	pid = fork();
	if (pid == 0) {
		CHECK_EQ(changed(&before), 0);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(pthread_create(&thread, NULL, same_keys, NULL), 0);
	pthread_join(thread, NULL);
	CHECK_EQ(changed(&before), 0);
}

HELPER(codes)
{
	struct codes c;

	sign_all(&c);
	write(atoi(argv[1]), &c, sizeof(c));
	finish();
}

TEST(new_at_exec)
{
	char *args[] = { "x", "@t_pac.codes", "55", NULL };
	struct codes other;
	int fds[2], key;
	pid_t pid;

	need_pac();
	sign_all(&before);
	REQUIRE(pipe(fds) == 0);
	dup2(fds[1], 55);
	pid = fork();
	if (pid == 0) {
		prctl(SET_ENABLED, 1, 0, 0, 0);		/* all are on again afterwards */
		execve(self_path, args, environ);
		_exit(126);
	}
	CHECK_EQ(read(fds[0], &other, sizeof(other)), sizeof(other));
	expect_exit(pid, 0);
	for (key = 0; key < 5; key++)
		CHECK(memcmp(before.by_key[key], other.by_key[key], sizeof(other.by_key[key])));
	for (key = 0; key < 4; key++)
		CHECK(other.by_key[key][3] != 0x403690UL || other.by_key[key][4] != 0x4048c0UL);
}

TEST(reset_keys)
{
	pid_t pid;
	int key;

	need_pac();
	for (key = 0; key < 5; key++) {
		sign_all(&before);
		CHECK_OK(prctl(RESET, 1 << key, 0, 0, 0));
		CHECK_EQ(changed(&before), 1 << key);
	}
	sign_all(&before);
	pid = fork();
	if (pid == 0) {
		CHECK_OK(prctl(RESET, 0x12, 0, 0, 0));
		CHECK_EQ(changed(&before), 0x12);
		CHECK_OK(prctl(RESET, 0, 0, 0, 0));
		CHECK_EQ(changed(&before), 0x1f);
		finish();
	}
	expect_exit(pid, 0);
	CHECK_EQ(changed(&before), 0);
	CHECK_ERR(prctl(RESET, 0x20, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(RESET, -1L, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(RESET, 1, 1, 0, 0), EINVAL);
	CHECK_ERR(prctl(RESET, 1, 0, 1, 0), EINVAL);
	CHECK_ERR(prctl(RESET, 1, 0, 0, 1), EINVAL);
	CHECK_EQ(changed(&before), 0);
}

/* Inherited. */
static void only_one_enabled(void)
{
	long keys = prctl(GET_ENABLED, 0, 0, 0, 0);

	CHECK(keys == 1 || keys == 2 || keys == 4 || keys == 8);
}

TEST(enabled_keys)
{
	int key, i;

	need_pac();
	CHECK_EQ(prctl(GET_ENABLED, 0, 0, 0, 0), ALL_KEYS);
	for (key = 0; key < 4; key++) {
		CHECK_OK(prctl(SET_ENABLED, 1 << key, 0, 0, 0));
		CHECK_EQ(prctl(GET_ENABLED, 0, 0, 0, 0), ALL_KEYS & ~(1UL << key));
		usleep(1000);
		for (i = 0; i < 4; i++)		/* nothing is done to the pointer */
			CHECK_EQ(sign(key, 0x400000UL + i * 16), 0x400000UL + i * 16);
		CHECK_OK(prctl(SET_ENABLED, ALL_KEYS, 1 << key, 0, 0));
		CHECK_EQ(prctl(GET_ENABLED, 0, 0, 0, 0), 1 << key);
		in_child(only_one_enabled);
		CHECK_OK(prctl(SET_ENABLED, ALL_KEYS, ALL_KEYS, 0, 0));
	}
	CHECK_ERR(prctl(SET_ENABLED, 0x10, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(SET_ENABLED, 1, 2, 0, 0), EINVAL);
	CHECK_ERR(prctl(SET_ENABLED, 1, 1, 1, 0), EINVAL);
	CHECK_ERR(prctl(SET_ENABLED, 1, 1, 0, 1), EINVAL);
	CHECK_ERR(prctl(GET_ENABLED, 1, 0, 0, 0), EINVAL);
	CHECK_ERR(prctl(GET_ENABLED, 0, 0, 0, 1), EINVAL);
	CHECK_EQ(prctl(GET_ENABLED, 0, 0, 0, 0), ALL_KEYS);
}

static long get_set(pid_t pid, int type, void *buf, size_t size)
{
	struct iovec iov = { buf, size };

	return ptrace(PTRACE_GETREGSET, pid, type, &iov) ? -1 : (long)iov.iov_len;
}

static long set_set(pid_t pid, int type, void *buf, size_t size)
{
	struct iovec iov = { buf, size };

	return ptrace(PTRACE_SETREGSET, pid, type, &iov);
}

TEST(register_sets)
{
	unsigned long mask[2], enabled = 0, keys[8], generic[2], again[8];
	struct codes *theirs = shared_page();
	int status;
	pid_t pid;

	need_pac();
	_Static_assert(sizeof(struct codes) <= 4096, "one page");
	pid = fork();
	if (pid == 0) {
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		sign_all(theirs);
		CHECK_EQ(prctl(GET_ENABLED, 0, 0, 0, 0), 0xf);
		finish();
	}
	waitpid(pid, &status, 0);
	CHECK_EQ(get_set(pid, NT_ARM_PAC_MASK, mask, sizeof(mask)), 16);
	CHECK_EQ(mask[0], PAC_MASK);
	CHECK_EQ(mask[1], PAC_MASK);
	CHECK_ERR(set_set(pid, NT_ARM_PAC_MASK, mask, sizeof(mask)), EOPNOTSUPP);
	CHECK_EQ(get_set(pid, NT_ARM_PAC_ENABLED_KEYS, &enabled, 8), 8);
	CHECK_EQ(enabled, ALL_KEYS);
	enabled = 0x10;
	CHECK_ERR(set_set(pid, NT_ARM_PAC_ENABLED_KEYS, &enabled, 8), EINVAL);
	enabled = 5;
	CHECK_OK(set_set(pid, NT_ARM_PAC_ENABLED_KEYS, &enabled, 8));
	CHECK_EQ(get_set(pid, NT_ARM_PAC_ENABLED_KEYS, &enabled, 8), 8);
	CHECK_EQ(enabled, 5);
	enabled = 0xf;
	CHECK_OK(set_set(pid, NT_ARM_PAC_ENABLED_KEYS, &enabled, 8));
	CHECK_ERR(get_set(pid, NT_ARM_PACA_KEYS, keys, 8), EINVAL);
	CHECK_EQ(get_set(pid, NT_ARM_PACA_KEYS, keys, sizeof(keys) + 16), sizeof(keys));
	CHECK_EQ(get_set(pid, NT_ARM_PACG_KEYS, generic, sizeof(generic)), 16);
	keys[2] ^= 1;					/* APIB */
	CHECK_OK(set_set(pid, NT_ARM_PACA_KEYS, keys, sizeof(keys)));
	generic[1] ^= 1;
	CHECK_OK(set_set(pid, NT_ARM_PACG_KEYS, generic, sizeof(generic)));
	get_set(pid, NT_ARM_PACA_KEYS, again, sizeof(again));
	CHECK(!memcmp(keys, again, sizeof(keys)));
	ptrace(PTRACE_CONT, pid, 0, 0);
	expect_exit(pid, 0);
	CHECK_EQ(changed(theirs), 1 << 1 | 1 << 4);	/* ours are what its were before */
}
