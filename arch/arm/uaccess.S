/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Copies to and from user memory; <asm/uaccess.h> has the prototypes and has checked the ranges, so
 * plain accesses do: a page that the user may not touch denies them to the kernel as well.
 *
 * The fast loops move words.  When one faults, the bytes from there are done singly, until the very
 * byte that faults; so the counts are exact.  Unaligned words are left to the hardware.
 */
#include <kernel/extable.h>
#include <asm/pgtable-bits.h>

	.syntax unified
	.text
	.arm

	.macro	open_user, tmp
	mov	\tmp, #DACR_UACCESS
	write_dacr \tmp
	isb
	.endm

	.macro	close_user, tmp
	mov	\tmp, #DACR_KERNEL
	write_dacr \tmp
	.endm

/* r0 to, r1 from, r2 bytes -> r0 bytes not done.  ld, st: `user' on the user's side.
 * \rewind: bytes by which r1 is ahead when the store of a block faults. */
	.macro	user_copy, name, ld, st, rewind
	.globl	\name
\name:
	push	{r4-r10, lr}
	open_user r3
	subs	r2, r2, #16
	blo	.Lbytes_\name
	orr	r3, r0, r1
	tst	r3, #3
	bne	.Lwords_\name
	subs	r2, r2, #16
	blo	.Lless32_\name
.Lblock_\name:
	\ld	.Lblock_ld_\name, ldmia r1!, {r3-r10}
	\st	.Lblock_st_\name, stmia r0!, {r3-r10}
	subs	r2, r2, #32
	bhs	.Lblock_\name
.Lless32_\name:
	adds	r2, r2, #16
	blo	.Lbytes_\name
.Lwords_\name:
	\ld	.Lbytes_\name, ldr r3, [r1]
	\ld	.Lbytes_\name, ldr r4, [r1, #4]
	\ld	.Lbytes_\name, ldr r5, [r1, #8]
	\ld	.Lbytes_\name, ldr r6, [r1, #12]
	\st	.Lbytes_\name, str r3, [r0]
	\st	.Lbytes_\name, str r4, [r0, #4]
	\st	.Lbytes_\name, str r5, [r0, #8]
	\st	.Lbytes_\name, str r6, [r0, #12]
	add	r1, r1, #16
	add	r0, r0, #16
	subs	r2, r2, #16
	bhs	.Lwords_\name
.Lbytes_\name:
	adds	r2, r2, #16
	beq	2f
1:	\ld	.Lfault_\name, ldrb r3, [r1], #1
	\st	.Lfault_\name, strb r3, [r0], #1
	subs	r2, r2, #1
	bne	1b
2:	close_user r3
	mov	r0, r2
	pop	{r4-r10, pc}

.Lblock_st_\name:
	sub	r1, r1, #\rewind
.Lblock_ld_\name:
	add	r2, r2, #16
	b	.Lbytes_\name
	.endm

	.macro	kernel_side fixup, insn:vararg
	\insn
	.endm

	user_copy __copy_from_user, user, kernel_side, 0
	/* The rest of the kernel's buffer must not keep what was there. */
.Lfault___copy_from_user:
	close_user r3
	mov	r4, r2
	mov	r3, #0
1:	strb	r3, [r0], #1
	subs	r2, r2, #1
	bne	1b
	mov	r0, r4
	pop	{r4-r10, pc}

	user_copy __copy_to_user, kernel_side, user, 32
.Lfault___copy_to_user:
	close_user r3
	mov	r0, r2
	pop	{r4-r10, pc}

/* r0 to, r1 bytes -> r0 bytes not done */
	.globl	__clear_user
__clear_user:
	push	{r4-r6, lr}
	open_user r3
	mov	r3, #0
	mov	r4, #0
	mov	r5, #0
	mov	r6, #0
	tst	r0, #3
	bne	3f
	subs	r1, r1, #16
	blo	2f
1:	user	2f, stmia r0!, {r3-r6}
	subs	r1, r1, #16
	bhs	1b
2:	add	r1, r1, #16
3:	cmp	r1, #0
	beq	5f
4:	user	5f, strb r3, [r0], #1
	subs	r1, r1, #1
	bne	4b
5:	close_user r3
	mov	r0, r1
	pop	{r4-r6, pc}

/* r0 to, r1 from, r2 max -> length, max or -EFAULT.  A word w has a zero byte if w - 0x01010101 and
 * ~w have a 0x80 in common. */
	.globl	__strncpy_from_user
__strncpy_from_user:
	push	{r4-r7, lr}
	open_user r3
	mov	r4, r0
	ldr	r6, =0x01010101
	add	r5, r0, r2			/* end */
1:	tst	r1, #3
	bne	2f
	sub	r7, r5, r0
	cmp	r7, #4
	blo	2f
	user	2f, ldrt r3, [r1]
	sub	r7, r3, r6
	bic	r7, r7, r3
	tst	r7, r6, lsl #7
	bne	2f
	str	r3, [r0], #4
	add	r1, r1, #4
	b	1b
2:	cmp	r0, r5
	beq	3f
	user	4f, ldrbt r3, [r1], #1
	strb	r3, [r0]
	cmp	r3, #0
	beq	3f
	add	r0, r0, #1
	b	1b
3:	close_user r3
	sub	r0, r0, r4
	pop	{r4-r7, pc}
4:	close_user r3
	mvn	r0, #13				/* -EFAULT */
	pop	{r4-r7, pc}

/* r0 string, r1 max -> length with NUL, more than max if there is none, 0 on a fault */
	.globl	__strnlen_user
__strnlen_user:
	push	{r4, lr}
	open_user r3
	ldr	r4, =0x01010101
	mov	r2, r0
	add	r1, r0, r1			/* end */
1:	tst	r2, #3
	bne	2f
	sub	ip, r1, r2
	cmp	ip, #4
	blo	2f
	user	2f, ldrt r3, [r2]
	sub	ip, r3, r4
	bic	ip, ip, r3
	tst	ip, r4, lsl #7
	bne	2f
	add	r2, r2, #4
	b	1b
2:	cmp	r2, r1
	addeq	r2, r2, #1
	beq	3f
	user	4f, ldrbt r3, [r2], #1
	cmp	r3, #0
	bne	1b
3:	close_user r3
	sub	r0, r2, r0
	pop	{r4, pc}
4:	close_user r3
	mov	r0, #0
	pop	{r4, pc}

	.ltorg
