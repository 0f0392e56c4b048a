/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct pt_regs: the user registers at the top of a kernel stack, or what an exception in kernel
 * mode interrupted.  Its first 272 bytes are the ABI of ptrace and core dumps (NT_PRSTATUS); PSR_*
 * bits come from the UAPI header of the same name.
 */
#pragma once

#include_next <asm/ptrace.h>

/* syscallno when the entry was not a system call */
#define NO_SYSCALL	(-1)

#ifndef __ASSEMBLY__
#include <kernel/lib/types.h>

struct pt_regs {
	union {
		struct user_pt_regs user_regs;
		struct {
			u64 regs[31];
			u64 sp;
			u64 pc;
			u64 pstate;
		};
	};
	u64 orig_x0;
	s32 syscallno;
	u32 unused;
	u64 stackframe[2];	/* x29, pc: what the frame-pointer chain finds here */
};
_Static_assert(sizeof(struct pt_regs) % 16 == 0, "the stack pointer stays 16-byte aligned");
#endif
