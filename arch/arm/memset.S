/* SPDX-License-Identifier: GPL-2.0-only */
/* memset: 32 bytes at a time once the address is word aligned. */
	.syntax unified
	.text
	.arm

	.globl	memset
memset:
	mov	ip, r0
	and	r1, r1, #255
	orr	r1, r1, r1, lsl #8
	orr	r1, r1, r1, lsl #16
	cmp	r2, #16
	blo	5f
1:	tst	ip, #3
	beq	2f
	strb	r1, [ip], #1
	sub	r2, r2, #1
	b	1b
2:	push	{r4-r9, lr}
	mov	r3, r1
	mov	r4, r1
	mov	r5, r1
	mov	r6, r1
	mov	r7, r1
	mov	r8, r1
	mov	r9, r1
	subs	r2, r2, #32
	blo	4f
3:	stmia	ip!, {r1, r3-r9}
	subs	r2, r2, #32
	bhs	3b
4:	pop	{r4-r9, lr}
	add	r2, r2, #32
5:	subs	r2, r2, #4
	blo	7f
6:	str	r1, [ip], #4
	subs	r2, r2, #4
	bhs	6b
7:	adds	r2, r2, #4
	bxeq	lr
8:	strb	r1, [ip], #1
	subs	r2, r2, #1
	bne	8b
	bx	lr
