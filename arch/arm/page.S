/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whole pages, page aligned: cleared and copied by straight code, 128 bytes per instruction where the
 * vector registers can be used, else 32: zeroing a page costs 70 or 154 instructions (memset: 400),
 * copying 90 or 290.
 *
 * The vector registers are the user's: they are kept on the stack meanwhile, and saved and restored with
 * the task when it is preempted.  A kernel thread's are not saved, so it must not use them.
 */
#include <generated/asm-offsets.h>

	.fpu	neon-vfpv4
	.syntax unified
	.text
	.arm

/* Continue at @no if this task may not use vector registers, or there are none (or not known yet). */
	.macro	need_vregs, no
	mrc	p15, 0, ip, c13, c0, 4		/* current */
	ldr	ip, [ip, #TSK_PF_FLAGS]
	tst	ip, #PF_KTHREAD
	bne	\no
	movw	ip, #:lower16:fpu_nr_regs
	movt	ip, #:upper16:fpu_nr_regs
	ldr	ip, [ip]
	cmp	ip, #0
	beq	\no
	.endm

/* clear_page(r0) */
	.globl	clear_page
clear_page:
	need_vregs clear_by_words
	vpush	{d0-d15}
	mov	r1, #0
	mov	r2, #0
	.irp	reg, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	vmov	d\reg, r1, r2
	.endr
	.rept	32
	vstmia	r0!, {d0-d15}
	.endr
	vpop	{d0-d15}
	bx	lr

clear_by_words:
	push	{r4-r8, lr}
	mov	r1, #0
	mov	r2, #0
	mov	r3, #0
	mov	r4, #0
	mov	r5, #0
	mov	r6, #0
	mov	r7, #0
	mov	r8, #0
1:	.rept	16
	stmia	r0!, {r1-r8}
	.endr
	lsls	ip, r0, #20			/* end of the page? */
	bne	1b
	pop	{r4-r8, pc}

/* copy_page(r0 to, r1 from) */
	.globl	copy_page
copy_page:
	need_vregs copy_by_words
	vpush	{d0-d15}
1:	.rept	8
	vldmia	r1!, {d0-d15}
	vstmia	r0!, {d0-d15}
	.endr
	lsls	ip, r1, #20
	bne	1b
	vpop	{d0-d15}
	bx	lr

copy_by_words:
	push	{r4-r9, lr}
1:	.rept	16
	ldmia	r1!, {r2-r9}
	stmia	r0!, {r2-r9}
	.endr
	lsls	ip, r1, #20
	bne	1b
	pop	{r4-r9, pc}
