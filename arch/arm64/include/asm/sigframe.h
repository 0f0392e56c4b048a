/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The signal frame as user space (libc's ucontext_t, unwinders) sees it, lowest address first: siginfo,
 * ucontext with mcontext and its __reserved records, then a frame record {x29, x30} that makes the
 * handler look called from the interrupted code.
 */
#pragma once

#include <kernel/uapi.h>

/* As <asm/ucontext.h>, whose sigset_t is hidden by <kernel/uapi.h>. */
struct user_ucontext {
	unsigned long		uc_flags;
	struct user_ucontext	*uc_link;
	stack_t			uc_stack;
	u64			uc_sigmask;
	u8			unused[1024 / 8 - sizeof(u64)];
	struct sigcontext	uc_mcontext;	/* 16-byte aligned, last */
};

struct rt_sigframe {
	siginfo_t		info;
	struct user_ucontext	uc;
};

struct frame_record {
	u64 fp;
	u64 lr;
};

_Static_assert(sizeof(siginfo_t) == 128, "ABI");
_Static_assert(__builtin_offsetof(struct user_ucontext, uc_mcontext) == 176, "ABI");
_Static_assert(__builtin_offsetof(struct rt_sigframe, uc.uc_mcontext.__reserved) == 128 + 176 + 288, "ABI");
