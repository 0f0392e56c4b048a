// SPDX-License-Identifier: GPL-2.0-only
/* t_hwbreak.c: hardware breakpoints and watchpoints, as a debugger sets them on its tracee. */
#include "tap.h"

#include <elf.h>
#include <linux/ptrace.h>
#include <sched.h>
#include <sys/uio.h>

#ifndef TRAP_HWBKPT
#define TRAP_HWBKPT 4
#endif

static volatile uint64_t watched[4] __attribute__((aligned(64)));

static long pt(long request, pid_t pid, unsigned long addr, unsigned long data)
{
	return syscall(SYS_ptrace, request, pid, addr, data);
}

static void expect_stop(pid_t pid, int sig)
{
	int status = -1;

	CHECK_EQ(waitpid(pid, &status, __WALL), pid);
	if (!CHECK_EQ(status, sig << 8 | 0x7f))
		note("status %#x", status);
}

/* The same few lines for both ports: breakpoint and watchpoint n of pid. type: 0 execution, 1 load, 2 store. */
#ifdef __aarch64__

struct debug_state {
	uint32_t info, pad;
	struct {
		uint64_t addr;
		uint32_t ctrl, pad;
	} regs[16];
};

static int note_of(bool watch)
{
	return watch ? NT_ARM_HW_WATCH : NT_ARM_HW_BREAK;
}

static long get_state(pid_t pid, bool watch, struct debug_state *state)
{
	struct iovec iov = { state, sizeof(*state) };

	return pt(PTRACE_GETREGSET, pid, note_of(watch), (unsigned long)&iov);
}

static long set_state(pid_t pid, bool watch, struct debug_state *state, size_t size)
{
	struct iovec iov = { state, size };

	return pt(PTRACE_SETREGSET, pid, note_of(watch), (unsigned long)&iov);
}

static int slots(pid_t pid, bool watch)
{
	struct debug_state state;

	return get_state(pid, watch, &state) ? 0 : state.info & 0xff;
}

static long set_point(pid_t pid, bool watch, int n, unsigned long addr, unsigned int bytes, int type, bool on)
{
	struct debug_state state;

	if (get_state(pid, watch, &state))
		return -1;
	state.regs[n].addr = addr;
	state.regs[n].ctrl = bytes << 5 | type << 3 | on;
	return set_state(pid, watch, &state, offsetof(struct debug_state, regs) + 16 * (n + 1));
}

#else

#define GETHBPREGS	29
#define SETHBPREGS	30

static int slots(pid_t pid, bool watch)
{
	unsigned long info = 0;

	pt(GETHBPREGS, pid, 0, (unsigned long)&info);
	return info >> (watch ? 8 : 0) & 0xff;
}

static long set_hbp(pid_t pid, long num, unsigned long val)
{
	return pt(SETHBPREGS, pid, num, (unsigned long)&val);
}

static long get_hbp(pid_t pid, long num)
{
	unsigned long val = 0;

	CHECK_OK(pt(GETHBPREGS, pid, num, (unsigned long)&val));
	return val;
}

static long set_point(pid_t pid, bool watch, int n, unsigned long addr, unsigned int bytes, int type, bool on)
{
	long num = watch ? -(2 * n + 1) : 2 * n + 1;

	/* In this order: the address must suit the number of bytes. */
	if (set_hbp(pid, watch ? num - 1 : num + 1, bytes << 5 | type << 3 | on))
		return -1;
	return set_hbp(pid, num, addr);
}

#endif

static void need_slots(pid_t pid)
{
	if (!slots(pid, false) || !slots(pid, true)) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
		skip("the CPU has no debug registers");
	}
}

static pid_t traced_child(void (*fn)(void))
{
	pid_t pid = fork();

	if (!pid) {
		pt(PTRACE_TRACEME, 0, 0, 0);
		raise(SIGSTOP);
		fn();
		_exit(7);
	}
	expect_stop(pid, SIGSTOP);
	need_slots(pid);
	return pid;
}

static void expect_hit(pid_t pid, unsigned long addr, int number)
{
	siginfo_t info;

	expect_stop(pid, SIGTRAP);
	CHECK_OK(pt(PTRACE_GETSIGINFO, pid, 0, (unsigned long)&info));
	CHECK_EQ(info.si_code, TRAP_HWBKPT);
	CHECK_EQ((unsigned long)info.si_addr, addr);
#ifdef __arm__
	CHECK_EQ(info.si_errno, number);
#else
	(void)number;
#endif
}

static void go_on(pid_t pid)
{
	CHECK_OK(pt(PTRACE_CONT, pid, 0, 0));
}

static void end(pid_t pid)
{
	go_on(pid);
	expect_exit(pid, 7);
}

/* ---- hits -------------------------------------------------------------------------------------- */

/* Not Thumb code, whose instructions begin at any halfword. */
#ifdef __arm__
#define FOUR_BYTES	__attribute__((target("arm")))
#else
#define FOUR_BYTES
#endif

static void FOUR_BYTES __attribute__((noinline)) target(void)
{
	watched[3]++;
}

static void call_target(void)
{
	target();
}

TEST(breakpoint)
{
	pid_t pid = traced_child(call_target);

	CHECK_OK(set_point(pid, false, 0, (unsigned long)target, 0xf, 0, true));
	go_on(pid);
	expect_hit(pid, (unsigned long)target, 1);
	/* It is before the instruction, and stays there until the breakpoint goes. */
	go_on(pid);
	expect_hit(pid, (unsigned long)target, 1);
	CHECK_OK(set_point(pid, false, 0, (unsigned long)target, 0xf, 0, false));
	end(pid);
}

static void store(void)
{
	watched[0] = 1;
	watched[1] = 2;
}

static void load(void)
{
	if (watched[1] == 99)
		_exit(1);
}

TEST(watch_stores)
{
	pid_t pid = traced_child(store);
	long value;

	CHECK_OK(set_point(pid, true, 0, (unsigned long)&watched[1], 0xf, 2, true));
	go_on(pid);
	expect_hit(pid, (unsigned long)&watched[1], -1);
	value = pt(PTRACE_PEEKDATA, pid, (unsigned long)&watched[1], (unsigned long)&value) ? -1 : value;
	CHECK_EQ(value, 0);
	CHECK_OK(set_point(pid, true, 0, (unsigned long)&watched[1], 0xf, 2, false));
	end(pid);
}

TEST(watch_loads)
{
	pid_t pid = traced_child(load);

	CHECK_OK(set_point(pid, true, 0, (unsigned long)&watched[1], 0xf, 1, true));
	go_on(pid);
	expect_hit(pid, (unsigned long)&watched[1], -1);
	CHECK_OK(set_point(pid, true, 0, (unsigned long)&watched[1], 0xf, 1, false));
	end(pid);
}

TEST(stores_do_not_read)
{
	pid_t pid = traced_child(load);

	CHECK_OK(set_point(pid, true, 0, (unsigned long)&watched[1], 0xf, 2, true));
	end(pid);
}

TEST(others_are_not_watched)
{
	pid_t pid = traced_child(store);

	CHECK_OK(set_point(pid, true, 0, (unsigned long)&watched[2], 0xf, 3, true));
	end(pid);
}

static void store_byte(void)
{
	((volatile char *)watched)[5] = 1;
}

TEST(single_bytes)
{
	pid_t pid = traced_child(store_byte);
	unsigned long byte = (unsigned long)watched + 5;

	CHECK_OK(set_point(pid, true, 0, byte - 1, 1, 2, true));
	CHECK_OK(set_point(pid, true, 1, byte, 1, 2, true));
	go_on(pid);
	expect_hit(pid, byte, -3);
	CHECK_OK(set_point(pid, true, 1, byte, 1, 2, false));
	end(pid);
}

/* The kernel's accesses on the program's behalf do not count. */
static void read_by_kernel(void)
{
	int fd = open("/dev/zero", O_RDONLY);

	read(fd, (void *)watched, sizeof(watched));
}

TEST(kernel_does_not_hit)
{
	pid_t pid = traced_child(read_by_kernel);

	CHECK_OK(set_point(pid, true, 0, (unsigned long)watched, 0xf, 3, true));
	end(pid);
}

/* All that there are, at once. */
static void store_some(void)
{
	for (int i = 0; i < 4; i++)
		((volatile uint32_t *)watched)[i] = i;
}

TEST(several)
{
	pid_t pid = traced_child(store_some);
	int n = slots(pid, true) < 4 ? slots(pid, true) : 4;

	for (int i = 0; i < n; i++)
		CHECK_OK(set_point(pid, true, i, (unsigned long)watched + 4 * i, 0xf, 2, true));
	for (int i = 0; i < n; i++) {
		go_on(pid);
		expect_hit(pid, (unsigned long)watched + 4 * i, -2 * i - 1);
		CHECK_OK(set_point(pid, true, i, (unsigned long)watched + 4 * i, 0xf, 2, false));
	}
	end(pid);
}

/* ---- whose ------------------------------------------------------------------------------------- */

static void fork_and_store(void)
{
	pid_t pid = fork();

	if (!pid) {
		watched[1] = 1;
		_exit(0);
	}
	expect_exit(pid, 0);
}

TEST(not_the_childs)
{
	pid_t pid = traced_child(fork_and_store);

	CHECK_OK(set_point(pid, true, 0, (unsigned long)&watched[1], 0xf, 2, true));
	go_on(pid);
	expect_stop(pid, SIGCHLD);
	end(pid);
}

HELPER(store)
{
	store();
	return 7;
}

static void exec_store(void)
{
	execl(self_path, self_path, "@t_hwbreak.store", NULL);
}

TEST(gone_after_exec)
{
	pid_t pid = traced_child(exec_store);

	CHECK_OK(set_point(pid, true, 0, (unsigned long)&watched[1], 0xf, 2, true));
	go_on(pid);
	expect_stop(pid, SIGTRAP);		/* exec's */
	end(pid);
}

/* On one CPU with others that store there: theirs are not watched, ours is still when it comes back. */
static void yield_and_store(void)
{
	for (int i = 0; i < 100; i++)
		sched_yield();
	watched[1] = 5;
}

TEST(switched_with_its_task)
{
	cpu_set_t one;
	pid_t pid, other;

	CPU_ZERO(&one);
	CPU_SET(0, &one);
	CHECK_OK(sched_setaffinity(0, sizeof(one), &one));
	other = fork();
	if (!other)
		for (;;) {
			watched[1] = 1;
			sched_yield();
		}
	pid = traced_child(yield_and_store);
	CHECK_OK(set_point(pid, true, 0, (unsigned long)&watched[1], 0xf, 2, true));
	watched[1] = 3;
	go_on(pid);
	expect_hit(pid, (unsigned long)&watched[1], -1);
	CHECK_OK(set_point(pid, true, 0, (unsigned long)&watched[1], 0xf, 2, false));
	end(pid);
	kill(other, SIGKILL);
	expect_signal(other, SIGKILL);
}

/* ---- what is refused --------------------------------------------------------------------------- */

static void nothing(void)
{
}

TEST(as_many_as_there_are)
{
	pid_t pid = traced_child(nothing);

	for (int watch = 0; watch < 2; watch++) {
		int n = slots(pid, watch);

		CHECK(n >= 1 && n <= 16);
		for (int i = 0; i < n; i++)
			CHECK_OK(set_point(pid, watch, i, (unsigned long)watched, 0xf, watch ? 3 : 0, true));
		if (n < 16)
			CHECK_ERR(set_point(pid, watch, n, (unsigned long)watched, 0xf, watch ? 3 : 0, true), ENOSPC);
		for (int i = 0; i < n; i++)
			CHECK_OK(set_point(pid, watch, i, 0, 0xf, watch ? 3 : 0, false));
	}
	end(pid);
}

TEST(refused)
{
	pid_t pid = traced_child(nothing);
	unsigned long addr = (unsigned long)watched;

	CHECK_ERR(set_point(pid, true, 0, addr, 0, 3, true), EINVAL);		/* no byte */
	CHECK_ERR(set_point(pid, true, 0, addr, 5, 3, true), EINVAL);		/* not one run */
	CHECK_ERR(set_point(pid, true, 0, addr, 0xf, 0, true), EINVAL);		/* execution */
	CHECK_ERR(set_point(pid, false, 0, addr, 0xf, 3, true), EINVAL);	/* data */
#ifdef __aarch64__
	CHECK_ERR(set_point(pid, true, 0, 0xffff000000001000, 0xf, 3, true), EINVAL);
	CHECK_ERR(set_point(pid, false, 0, 0xffff000000001000, 0xf, 0, true), EINVAL);
#else
	if (!is_compat())
		CHECK_ERR(set_point(pid, true, 0, 0xffff1000, 0xf, 3, true), EINVAL);
	CHECK_ERR(set_point(pid, true, 0, addr + 1, 0xf, 3, true), EINVAL);
	CHECK_ERR(set_hbp(pid, 65, 0), EINVAL);
	CHECK_ERR(set_hbp(pid, -33, 0), EINVAL);
	CHECK_ERR(pt(SETHBPREGS, pid, 1, 8), EFAULT);
	CHECK_OK(set_hbp(pid, 0, 0));
#endif
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}

TEST(read_back)
{
	pid_t pid = traced_child(nothing);
#ifdef __aarch64__
	struct debug_state state;

	CHECK_OK(get_state(pid, true, &state));
	CHECK((state.info >> 8 & 0xff) >= 6);	/* Debug architecture Armv8.0 and later */
	CHECK_EQ(state.regs[0].addr, 0);
	CHECK_EQ(state.regs[0].ctrl, 0);
	state.regs[0].addr = 0x1004;
	CHECK_OK(set_state(pid, true, &state, 16));		/* an address alone */
	CHECK_OK(get_state(pid, true, &state));
	CHECK_EQ(state.regs[0].addr, 0x1000);
	CHECK_EQ(state.regs[0].ctrl, 0xf0 << 5 | 3 << 3 | 2 << 1);
	CHECK_OK(set_point(pid, true, 0, 0x1000, 6, 1, true));
	CHECK_OK(get_state(pid, true, &state));
	CHECK_EQ(state.regs[0].addr, 0x1000);
	CHECK_EQ(state.regs[0].ctrl, 6 << 5 | 1 << 3 | 2 << 1 | 1);
	CHECK_OK(set_point(pid, false, 0, 0x1000, 0xff, 0, true));
	CHECK_OK(get_state(pid, false, &state));
	CHECK_EQ(state.regs[0].addr, 0x1000);
	CHECK_EQ(state.regs[0].ctrl, 0xf << 5 | 2 << 1 | 1);
	CHECK_ERR(set_state(pid, true, &state, 12), EINVAL);
	CHECK_OK(set_state(pid, true, &state, 8));
	CHECK_OK(set_state(pid, true, &state, 4));
#else
	CHECK_EQ(get_hbp(pid, 0) >> 24, is_compat() ? 6 : 5);
	CHECK_EQ(get_hbp(pid, 0) >> 16 & 0xff, 8);
	CHECK_EQ(get_hbp(pid, 1), 0);
	CHECK_OK(set_hbp(pid, -1, 0x1000));
	CHECK_EQ(get_hbp(pid, -1), 0x1000);
	CHECK_EQ(get_hbp(pid, -2), 0xf << 5 | 3 << 3 | 2 << 1);
	CHECK_OK(set_point(pid, true, 0, 0x1000, 3, 1, true));
	CHECK_OK(set_hbp(pid, -1, 0x1002));
	/* A 64-bit kernel tells the aligned address and the bytes from there. */
	CHECK_EQ(get_hbp(pid, -1), is_compat() ? 0x1000 : 0x1002);
	CHECK_EQ(get_hbp(pid, -2), (is_compat() ? 0xc : 3) << 5 | 1 << 3 | 2 << 1 | 1);
	CHECK_OK(set_point(pid, false, 0, 0x1000, 0xf, 0, true));
	CHECK_EQ(get_hbp(pid, 1), 0x1000);
	CHECK_EQ(get_hbp(pid, 2), 0xf << 5 | 2 << 1 | 1);
#endif
	kill(pid, SIGKILL);
	expect_signal(pid, SIGKILL);
}
