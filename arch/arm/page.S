/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whole pages, page aligned: cleared and copied by straight code, 32 bytes per instruction.  Zeroing a
 * page costs 154 instructions; memset, with its loop every 32 bytes, 400.
 */
	.syntax unified
	.text
	.arm

/* clear_page(r0) */
	.globl	clear_page
clear_page:
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
	push	{r4-r9, lr}
1:	.rept	16
	ldmia	r1!, {r2-r9}
	stmia	r0!, {r2-r9}
	.endr
	lsls	ip, r1, #20
	bne	1b
	pop	{r4-r9, pc}
