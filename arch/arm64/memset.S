/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memset.  Zeroing of large areas goes by DC ZVA where the CPU allows it (a block is then made in the
 * cache without being read); the memory is normal, cacheable memory, as all of the kernel's is.
 */
#include <asm/assembler.h>

/* memset(x0 dst, w1 c, x2 n) */
FUNC memset
	and	w1, w1, #0xff
	orr	w1, w1, w1, lsl #8
	orr	w1, w1, w1, lsl #16
	orr	x1, x1, x1, lsl #32
	add	x4, x0, x2			/* end */
	cmp	x2, #16
	b.hs	1f
	tbz	x2, #3, 2f			/* 8..15 */
	str	x1, [x0]
	str	x1, [x4, #-8]
	ret
2:	tbz	x2, #2, 3f
	str	w1, [x0]
	str	w1, [x4, #-4]
	ret
3:	cbz	x2, 4f
	strb	w1, [x0]
	tbz	x2, #1, 4f
	strh	w1, [x4, #-2]
4:	ret

1:	stp	x1, x1, [x0]			/* the unaligned ends, then aligned in between */
	stp	x1, x1, [x4, #-16]
	add	x3, x0, #16
	bic	x3, x3, #15
	sub	x2, x4, x3
	cbnz	x1, 6f
	cmp	x2, #256
	b.lo	6f
	mrs	x5, dczid_el0
	tbnz	x5, #4, 6f			/* prohibited */
	and	x5, x5, #0xf
	mov	x6, #4
	lsl	x6, x6, x5			/* block size */
	sub	x7, x6, #1
5:	tst	x3, x7				/* up to a block boundary */
	b.eq	8f
	stp	x1, x1, [x3], #16
	b	5b
8:	sub	x2, x4, x3
	subs	x2, x2, x6
	b.lo	10f
9:	dc	zva, x3
	add	x3, x3, x6
	subs	x2, x2, x6
	b.hs	9b
10:	sub	x2, x4, x3

6:	subs	x2, x2, #64
	b.lo	7f
11:	stp	x1, x1, [x3]
	stp	x1, x1, [x3, #16]
	stp	x1, x1, [x3, #32]
	stp	x1, x1, [x3, #48]
	add	x3, x3, #64
	subs	x2, x2, #64
	b.hs	11b
7:	tbz	x2, #5, 12f
	stp	x1, x1, [x3]
	stp	x1, x1, [x3, #16]
	add	x3, x3, #32
12:	tbz	x2, #4, 13f
	stp	x1, x1, [x3]
13:	ret					/* below 16: the last pair has covered it */
ENDFUNC memset
