/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signal frames of 32-bit programs, as arch/arm's <asm/sigframe.h> has them: for SA_SIGINFO a siginfo and then
 * a ucontext, else a ucontext alone; then room for the old trampoline, unused.  The VFP registers are a record in
 * uc_regspace.
 */
#pragma once

#include <kernel/compat_signal.h>
#include <asm/compat.h>

#define VFP_MAGIC	0x56465001

struct compat_vfp_frame {
	u32 magic;
	u32 size;
	u64 fpregs[32];
	u32 fpscr, padding;
	u32 fpexc, fpinst, fpinst2;	/* the exception state; AArch64 has none */
	u32 padding2;
};

struct compat_sigcontext {
	u32 trap_no, error_code, oldmask;
	u32 regs[17];			/* r0..r15, cpsr */
	u32 fault_address;
};

struct compat_ucontext {
	u32				uc_flags;
	compat_uptr_t			uc_link;
	struct compat_stack		uc_stack;
	struct compat_sigcontext	uc_mcontext;
	u32				uc_sigmask[2];
	u8				unused[128 - sizeof(u64)];
	u32				uc_regspace[128] __attribute__((__aligned__(8)));
};

struct compat_sigframe {
	struct compat_ucontext	uc;
	u32			retcode[2];
};

struct compat_rt_sigframe {
	struct compat_siginfo	info;
	struct compat_sigframe	sig;
};

_Static_assert(sizeof(struct compat_siginfo) == 128, "ABI");
_Static_assert(__builtin_offsetof(struct compat_ucontext, uc_mcontext) == 20, "ABI");
_Static_assert(__builtin_offsetof(struct compat_ucontext, uc_sigmask) == 104, "ABI");
_Static_assert(__builtin_offsetof(struct compat_ucontext, uc_regspace) == 232, "ABI");
_Static_assert(sizeof(struct compat_ucontext) == 744, "ABI");
_Static_assert(sizeof(struct compat_vfp_frame) == 288, "ABI");
