/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signal frames as user space (libc's ucontext_t, unwinders) sees them, lowest address first:
 * for SA_SIGINFO a siginfo and then a ucontext, else a ucontext alone; then the two instructions of
 * the old trampoline, which only unwinders still look at.  The VFP registers are a record in
 * uc_regspace.
 */
#pragma once

#include <kernel/uapi.h>

#define VFP_MAGIC	0x56465001

struct vfp_sigframe {
	u32 magic;
	u32 size;
	u64 fpregs[32];
	u32 fpscr, padding;
	u32 fpexc, fpinst, fpinst2;	/* the exception state; ours never traps */
	u32 padding2;
} __attribute__((__aligned__(8)));

struct user_ucontext {
	unsigned long		uc_flags;
	struct user_ucontext	*uc_link;
	stack_t			uc_stack;
	struct sigcontext	uc_mcontext;
	u64			uc_sigmask __attribute__((__packed__, __aligned__(4)));
	u8			unused[128 - sizeof(u64)];
	unsigned long		uc_regspace[128] __attribute__((__aligned__(8)));
};

struct sigframe {
	struct user_ucontext	uc;
	unsigned long		retcode[4];
};

struct rt_sigframe {
	siginfo_t		info;
	struct sigframe		sig;
};

_Static_assert(sizeof(siginfo_t) == 128, "ABI");
_Static_assert(__builtin_offsetof(struct user_ucontext, uc_mcontext) == 20, "ABI");
_Static_assert(__builtin_offsetof(struct user_ucontext, uc_sigmask) == 104, "ABI");
_Static_assert(__builtin_offsetof(struct user_ucontext, uc_regspace) == 232, "ABI");
_Static_assert(sizeof(struct user_ucontext) == 744, "ABI");
_Static_assert(sizeof(struct vfp_sigframe) == 288, "ABI");
