/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct pt_regs: the user registers at the top of a kernel stack, or what an exception in kernel
 * mode interrupted.  Its first 72 bytes are the ABI of ptrace and core dumps (NT_PRSTATUS): r0-r15,
 * cpsr, orig_r0; ARM_*, PSR_* and the PTRACE_* requests come from the UAPI header of the same name.
 */
#pragma once

#define pt_regs uapi_pt_regs
#include_next <asm/ptrace.h>
#undef pt_regs

/* syscallno when the entry was not a system call */
#define NO_SYSCALL	(-1)
/* The same; and before going to user mode run restart_syscall(2), for r7 must stay as it is. */
#define RESTART_SYSCALL	(-2)

#ifndef __ASSEMBLY__
#include <kernel/lib/types.h>

struct pt_regs {
	unsigned long uregs[18];
	s32 syscallno;
	u32 dacr;		/* of interrupted kernel code: was it inside a user access? */
};
_Static_assert(sizeof(struct pt_regs) == 80, "entry.S; the stack pointer stays 8-byte aligned");

#define USER_REGS_SIZE	(18 * sizeof(unsigned long))
#endif
