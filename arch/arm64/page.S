/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whole pages, page aligned: cleared and copied by straight code.  memset and memcpy look for the cases
 * that a page is not; without that, zeroing costs 140 instructions instead of 297 on every fault that
 * makes a page.  Copying goes by vector registers: 296 instead of 733.  They are the user's, so the ones
 * used are kept on the stack; see uaccess.S for why nothing else is needed in a user task.
 */
#include <asm/assembler.h>

	.arch_extension fp
	.arch_extension simd

#define PAGE_MASK_LOW	0xfff

/* clear_page(x0): by DC ZVA, which does not read the memory first. */
FUNC clear_page
	mrs	x1, dczid_el0
	cmp	w1, #4				/* allowed, and 64 bytes at a time */
	b.ne	2f
1:	.rept	16
	dc	zva, x0
	add	x0, x0, #64
	.endr
	tst	x0, #PAGE_MASK_LOW
	b.ne	1b
	ret
2:	.rept	16
	stp	xzr, xzr, [x0], #16
	.endr
	tst	x0, #PAGE_MASK_LOW
	b.ne	2b
	ret
ENDFUNC clear_page

/* copy_page(x0 to, x1 from): current is a user task, whose vector registers are saved when it is preempted */
FUNC copy_page
	stp	q0, q1, [sp, #-128]!
	stp	q2, q3, [sp, #32]
	stp	q4, q5, [sp, #64]
	stp	q6, q7, [sp, #96]
1:	.irp	at, 0, 128, 256, 384
	ldp	q0, q1, [x1, #\at]
	ldp	q2, q3, [x1, #\at + 32]
	ldp	q4, q5, [x1, #\at + 64]
	ldp	q6, q7, [x1, #\at + 96]
	stp	q0, q1, [x0, #\at]
	stp	q2, q3, [x0, #\at + 32]
	stp	q4, q5, [x0, #\at + 64]
	stp	q6, q7, [x0, #\at + 96]
	.endr
	add	x1, x1, #512
	add	x0, x0, #512
	tst	x1, #PAGE_MASK_LOW
	b.ne	1b
	ldp	q2, q3, [sp, #32]
	ldp	q4, q5, [sp, #64]
	ldp	q6, q7, [sp, #96]
	ldp	q0, q1, [sp], #128
	ret
ENDFUNC copy_page
