/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memcpy and memmove.  Up to 64 bytes: loads from both ends, which overlap, before any store.  Above:
 * 64-byte blocks, forwards, or backwards when the destination begins inside the source.  Normal memory
 * takes any alignment.
 */
#include <asm/assembler.h>

/* memcpy(x0 dst, x1 src, x2 n): all loads of a short copy come first, so it is memmove as well. */
FUNC memcpy
	.globl	memmove
	.type	memmove, %function
memmove:
	add	x4, x1, x2			/* ends */
	add	x5, x0, x2
	cmp	x2, #16
	b.ls	.Lto16
	cmp	x2, #64
	b.hi	.Llong
	ldp	x6, x7, [x1]			/* 17..64 */
	ldp	x12, x13, [x4, #-16]
	cmp	x2, #32
	b.ls	1f
	ldp	x8, x9, [x1, #16]
	ldp	x10, x11, [x4, #-32]
	stp	x8, x9, [x0, #16]
	stp	x10, x11, [x5, #-32]
1:	stp	x6, x7, [x0]
	stp	x12, x13, [x5, #-16]
	ret

.Lto16:	cmp	x2, #8
	b.lo	2f
	ldr	x6, [x1]
	ldr	x7, [x4, #-8]
	str	x6, [x0]
	str	x7, [x5, #-8]
	ret
2:	tbz	x2, #2, 3f
	ldr	w6, [x1]
	ldr	w7, [x4, #-4]
	str	w6, [x0]
	str	w7, [x5, #-4]
	ret
3:	cbz	x2, 5f
	lsr	x8, x2, #1			/* 1..3: first, middle, last */
	ldrb	w6, [x1]
	ldrb	w7, [x4, #-1]
	ldrb	w9, [x1, x8]
	strb	w6, [x0]
	strb	w9, [x0, x8]
	strb	w7, [x5, #-1]
5:	ret

.Llong:	sub	x6, x0, x1
	cmp	x6, x2
	b.lo	.Lbackwards			/* dst inside [src, src + n): also dst == src */
	mov	x3, x0
	ldp	x14, x15, [x4, #-64]		/* the last 64 bytes, stored last */
	ldp	x16, x17, [x4, #-48]
	stp	x19, x20, [sp, #-32]!
	stp	x21, x22, [sp, #16]
	ldp	x19, x20, [x4, #-32]
	ldp	x21, x22, [x4, #-16]
	sub	x2, x2, #64
6:	ldp	x6, x7, [x1]
	ldp	x8, x9, [x1, #16]
	ldp	x10, x11, [x1, #32]
	ldp	x12, x13, [x1, #48]
	add	x1, x1, #64
	stp	x8, x9, [x3, #16]
	stp	x10, x11, [x3, #32]
	stp	x12, x13, [x3, #48]
	stp	x6, x7, [x3], #64
	subs	x2, x2, #64
	b.hi	6b
	b	.Ltail

	/* The first 64 bytes are loaded first and stored last. */
.Lbackwards:
	cbz	x6, 5b
	mov	x3, x5
	mov	x5, x0
	add	x5, x5, #64
	ldp	x14, x15, [x1]
	ldp	x16, x17, [x1, #16]
	stp	x19, x20, [sp, #-32]!
	stp	x21, x22, [sp, #16]
	ldp	x19, x20, [x1, #32]
	ldp	x21, x22, [x1, #48]
	sub	x2, x2, #64
8:	ldp	x6, x7, [x4, #-64]
	ldp	x8, x9, [x4, #-48]
	ldp	x10, x11, [x4, #-32]
	ldp	x12, x13, [x4, #-16]
	sub	x4, x4, #64
	stp	x8, x9, [x3, #-48]
	stp	x10, x11, [x3, #-32]
	stp	x12, x13, [x3, #-16]
	stp	x6, x7, [x3, #-64]!
	subs	x2, x2, #64
	b.hi	8b
.Ltail:	stp	x14, x15, [x5, #-64]
	stp	x16, x17, [x5, #-48]
	stp	x19, x20, [x5, #-32]
	stp	x21, x22, [x5, #-16]
	ldp	x21, x22, [sp, #16]
	ldp	x19, x20, [sp], #32
	ret
ENDFUNC memcpy
