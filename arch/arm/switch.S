/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * struct task_struct *cpu_switch_to(prev, next): exchange the callee-saved registers, the stack and
 * current; returns prev, in next's context.  A user's exclusive monitor does not survive.
 */
#include <generated/asm-offsets.h>

	.syntax unified
	.text
	.arm
	.globl	cpu_switch_to
cpu_switch_to:
	add	r2, r0, #TSK_CONTEXT
	add	r3, r1, #TSK_CONTEXT
	stmia	r2, {r4-r9, sl, fp, sp, lr}
	mcr	p15, 0, r1, c13, c0, 4		/* TPIDRPRW: current */
	clrex
	ldmia	r3, {r4-r9, sl, fp, sp, pc}
