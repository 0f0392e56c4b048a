/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * memcpy and memmove for normal memory: 32 bytes at a time while both sides are word aligned, else
 * words that may be unaligned, which the hardware does.
 */
	.syntax unified
	.text
	.arm

	.globl	memmove
memmove:
	sub	r3, r0, r1
	cmp	r3, r2				/* unsigned: to inside [from, from + n)? */
	blo	backwards
	/* fall through */

	.globl	memcpy
memcpy:
	mov	ip, r0
	subs	r2, r2, #16
	blo	4f
	push	{r4-r10, lr}
	orr	r3, r0, r1
	tst	r3, #3
	bne	3f
	subs	r2, r2, #16
	blo	2f
1:	ldmia	r1!, {r3-r10}
	subs	r2, r2, #32
	stmia	ip!, {r3-r10}
	bhs	1b
2:	adds	r2, r2, #16
	blo	31f
	ldmia	r1!, {r3-r6}
	stmia	ip!, {r3-r6}
	sub	r2, r2, #16
	b	31f
3:	ldr	r3, [r1], #4
	ldr	r4, [r1], #4
	ldr	r5, [r1], #4
	ldr	r6, [r1], #4
	str	r3, [ip], #4
	str	r4, [ip], #4
	str	r5, [ip], #4
	str	r6, [ip], #4
	subs	r2, r2, #16
	bhs	3b
31:	pop	{r4-r10, lr}
4:	adds	r2, r2, #12			/* words while 4 or more are left */
	blo	6f
5:	ldr	r3, [r1], #4
	subs	r2, r2, #4
	str	r3, [ip], #4
	bhs	5b
6:	adds	r2, r2, #4
	bxeq	lr
7:	ldrb	r3, [r1], #1
	subs	r2, r2, #1
	strb	r3, [ip], #1
	bne	7b
	bx	lr

backwards:
	cmp	r3, #0
	bxeq	lr
	add	ip, r0, r2
	add	r1, r1, r2
	subs	r2, r2, #32
	blo	3f
	orr	r3, ip, r1
	tst	r3, #3
	bne	3f
	push	{r4-r10, lr}
1:	ldmdb	r1!, {r3-r10}
	subs	r2, r2, #32
	stmdb	ip!, {r3-r10}
	bhs	1b
	pop	{r4-r10, lr}
3:	add	r2, r2, #32
	subs	r2, r2, #4			/* words while 4 or more are left */
	blo	5f
4:	ldr	r3, [r1, #-4]!
	subs	r2, r2, #4
	str	r3, [ip, #-4]!
	bhs	4b
5:	adds	r2, r2, #4
	bxeq	lr
6:	ldrb	r3, [r1, #-1]!
	subs	r2, r2, #1
	strb	r3, [ip, #-1]!
	bne	6b
	bx	lr
