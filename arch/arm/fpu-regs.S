/* SPDX-License-Identifier: GPL-2.0-only */
/* void fpu_save_regs(struct fp_state *, unsigned int regs), void fpu_load_regs(ditto). */
#include <generated/asm-offsets.h>

	.fpu	neon-vfpv4
	.syntax unified
	.text
	.arm
	.globl	fpu_save_regs
fpu_save_regs:
	vmrs	r2, fpscr
	str	r2, [r0, #FP_STATE_FPSCR]
	vstmia	r0!, {d0-d15}
	cmp	r1, #32
	vstmiaeq r0!, {d16-d31}
	bx	lr

	.globl	fpu_load_regs
fpu_load_regs:
	ldr	r2, [r0, #FP_STATE_FPSCR]
	vmsr	fpscr, r2
	vldmia	r0!, {d0-d15}
	cmp	r1, #32
	vldmiaeq r0!, {d16-d31}
	bx	lr
